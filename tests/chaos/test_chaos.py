"""The verdict itself: each broken promise is seen, and what is in order is not called broken."""

from pathlib import Path
from random import Random

import pytest

from sandbox.telegram_api import TelegramServer
from tests.chaos.crowd import Crowd
from tests.chaos.gathering import gather
from tests.chaos.hearing import heard
from tests.chaos.story import Event, Story, What
from tests.chaos.verdict import Fault, faults_of, judge
from tests.chaos.weather import Weather
from tests.chaos.world import open_world
from tests.talking import words

SENT = (Event(0, What.SENT), Event(1, What.PREVIEW))
PRESSED = (*SENT, Event(2, What.CHECK, "check:t:1"))
CHARGED = (*PRESSED, Event(3, What.SUBMIT, "200 task"), Event(3, What.CHARGE, "task answered"))
CUT = (*PRESSED, Event(3, What.SUBMIT, "cut task"), Event(3, What.CHARGE, "task submit_cut_after"))
ASKED = (*CUT, Event(5, What.QUESTION, "again:t:1"))
AGAIN = (*ASKED, Event(6, What.AGAIN, "again:t:1"))


def story(*events: Event) -> Story:
    return Story("a list", frozenset({"+79250000001"}), list(events))


def faults(*events: Event, kills: tuple[float, ...] = ()) -> list[Fault]:
    return faults_of(story(*events), list(kills))


@pytest.mark.parametrize(
    "events",
    [
        SENT,
        (*CHARGED, Event(9, What.RESULT)),
        (*CHARGED, Event(9, What.REPEAT)),
        (*CHARGED, Event(9, What.RESULT), Event(11, What.REPEAT)),
        (*CHARGED, Event(9, What.TOLD, "failed")),
        (*PRESSED, Event(9, What.TOLD, "refused")),
        ASKED,
        (*ASKED, Event(6, What.CLOSE, "again:t:1"), Event(7, What.TOLD, "closed")),
        (*AGAIN, Event(7, What.CHARGE, "other answered"), Event(9, What.RESULT)),
        (*AGAIN, Event(7, What.CHARGE, "other answered"), Event(9, What.QUESTION, "again:t:2")),
        (*SENT, Event(2, What.CANCEL), Event(3, What.TOLD, "cancelled")),
    ],
)
def test_what_is_in_order_is_not_called_broken(events: tuple[Event, ...]) -> None:
    assert faults(*events) == []


@pytest.mark.parametrize(
    ("fault", "events"),
    [
        (Fault.DOUBLE, (*CHARGED, Event(4, What.CHARGE, "other answered"), Event(9, What.RESULT))),
        (Fault.DOUBLE, (*SENT, Event(4, What.CHARGE, "task answered"), Event(9, What.RESULT))),
        (
            Fault.DOUBLE,  # two presses of one button ask for one submit
            (*AGAIN, Event(6, What.AGAIN, "again:t:1"), *CUT[-1:], *CUT[-1:], Event(9, What.RESULT)),
        ),
        (Fault.LOST, PRESSED),
        (Fault.SILENT, CHARGED),
        (Fault.SILENT, AGAIN),
        (Fault.UNMARKED, (*CHARGED, Event(9, What.RESULT), Event(11, What.RESULT))),
        (Fault.UNMARKED, (*CHARGED, Event(9, What.REPEAT), Event(11, What.RESULT))),
        (Fault.UNANSWERED, SENT[:1]),
        (Fault.UNHEARD, (*SENT, Event(2, What.CANCEL))),
        (Fault.GROUNDLESS, (*CHARGED, Event(5, What.QUESTION, "again:t:1"))),
        (Fault.WRONG, (*CHARGED, Event(9, What.RESULT), Event(9, What.WRONG, "other numbers"))),
    ],
)
def test_a_broken_promise_is_seen(fault: Fault, events: tuple[Event, ...]) -> None:
    assert faults(*events) == [fault]


def test_a_decision_to_close_that_nothing_followed_is_seen() -> None:
    assert faults(*ASKED, Event(6, What.CLOSE, "again:t:1")) == [Fault.SILENT, Fault.UNHEARD]


@pytest.mark.parametrize(("kill", "expected"), [(1.0, [Fault.GROUNDLESS]), (4.0, []), (6.0, [Fault.GROUNDLESS])])
def test_a_kill_between_the_press_and_the_question_is_a_ground_to_ask(kill: float, expected: list[Fault]) -> None:
    assert faults(*CHARGED, Event(5, What.QUESTION, "again:t:1"), kills=(kill,)) == expected


def test_the_sums_count_lists_charges_and_offences() -> None:
    verdict = judge([story(*CHARGED, Event(9, What.RESULT)), story(*PRESSED), story(*ASKED)], [])
    sums = verdict.sums

    assert (sums["lists"], sums["charges"], sums["asked"], sums["asked_without_kill"]) == (3, 2, 1, 1)
    assert (sums["lost"], sums["double"]) == (1, 0)
    assert "pressed Check" in verdict.offences[0].story.told([2.5])
    assert "kill -9" in verdict.offences[0].story.told([2.5])


async def test_stories_are_told_from_the_ledger_and_the_chats(tmp_path: Path) -> None:
    async with open_world(tmp_path, Random(1)) as world:
        crowd = Crowd(world.telegram, Random(1))
        person, chat_id = crowd.places[0]
        one, other = [await crowd.hand_in(person, chat_id, count=2, file=True) for _ in range(2)]
        one.done.append(Event(world.now(), What.CHECK, "check:t:1"))
        say(world.telegram, chat_id, min(one.messages), "2 numbers", "check:t:1")
        say(world.telegram, chat_id, min(one.messages), words("final-closed", name=one.name))
        for numbers in (one.numbers, one.numbers, (*one.numbers, other.numbers[0])):
            world.checker.charge(numbers)
        stories = gather(world, crowd)

    first = stories[0]
    assert [event.words for event in first.of(What.TOLD)] == ["closed"]
    assert len(first.of(What.CHARGE)) == 3
    assert faults_of(first, []) == [Fault.DOUBLE, Fault.WRONG]
    assert faults_of(stories[1], []) == [Fault.DOUBLE, Fault.UNANSWERED, Fault.WRONG]


async def test_what_its_chat_was_told_before_is_not_to_be_charged(tmp_path: Path) -> None:
    async with open_world(tmp_path, Random(1)) as world:
        crowd = Crowd(world.telegram, Random(1))
        person, chat_id = crowd.places[0]
        one = await crowd.hand_in(person, chat_id, count=2, file=True)
        known = frozenset(one.numbers)
        fine, wrong = [await crowd.hand_in(person, chat_id, count=1, file=True, known=known) for _ in range(2)]
        for numbers in (one.numbers, tuple(fine.fresh), wrong.numbers):
            world.checker.charge(numbers)
        stories = gather(world, crowd)

    assert [story.has(What.WRONG) for story in stories] == [True, False, True]
    assert [len(story.of(What.CHARGE)) for story in stories] == [2, 1, 1]


async def test_what_the_chat_was_told_is_read_in_both_languages(tmp_path: Path) -> None:
    async with open_world(tmp_path, Random(1)) as world:
        crowd = Crowd(world.telegram, Random(1))
        person, chat_id = crowd.places[0]
        asked = await world.telegram.send_text(person, chat_id, "+79250000001")
        say(world.telegram, chat_id, asked, words("failed-task", "ru", name="x"))
        say(world.telegram, chat_id, asked, words("final-cancelled", "en", name="x"))
        say(world.telegram, chat_id, asked, "?", "again:t:1")
        found = heard(world.telegram.messages(chat_id), {asked})

    assert set(found.told) == {"failed", "cancelled"}
    assert len(found.questions) == 1


def test_bad_weather_strikes_a_tenth_and_calms_down() -> None:
    weather = Weather(random=Random(3), is_bad=True)
    methods = ("cut_before", "flood", "flood_bare", "server_error", "bad_gateway", "not_json", "cut_after", "slow")
    struck = sum(any(weather.take(name, method="sendMessage") for name in methods) for _ in range(2000))
    weather.is_bad = False

    assert 120 < struck < 280
    assert weather.take("cut_before", method="sendMessage") is None


def say(telegram: TelegramServer, chat_id: int, reply_to: int, text: str, data: str | None = None) -> None:
    """Let the bot say something, with a button where there is data."""
    chat = telegram.state.chats[chat_id]
    markup = {"inline_keyboard": [[{"text": "button", "callback_data": data}]]} if data else None
    telegram.state.put(chat, telegram.bot, {"text": text}, reply_to=chat.messages[reply_to], markup=markup)
