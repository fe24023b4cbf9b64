"""Who hears what of a request: the admins, the one who asks, the group; once, however often something breaks."""

import asyncio
from dataclasses import dataclass, replace

import pytest

from bot import admitting as said_by
from bot.admitting import CARDS_AN_HOUR, HOUR, LEAVE_LATER_SECONDS, Admitting
from bot.job import JobState
from bot.limits import PATIENCE, Importance
from bot.texts import load_texts
from sandbox.chats import Message, Person
from storage.access import AccessState
from storage.access_requests import DAY, Decision, NewRequest, Request
from tests.bot.bench import Bench, numbers
from tests.storage.building import kept

EN = load_texts()["en"]
ADA, OLGA = 77, 78
BOT = "number_check_bot"
WELCOME = EN.say("welcome", bot=BOT)


@dataclass
class Porch:
    """Strangers, two admins, and what is said between them."""

    bench: Bench
    admitting: Admitting

    async def tend(self) -> float | None:
        """Say what is to be said now; give in how many seconds there is something again."""
        due_at = await self.admitting.tend()
        return None if due_at is None else round(due_at - self.bench.clock.now(), 3)

    async def settle(self, seconds: float = 3600.0) -> None:
        """Go on until nothing is left to say, as far as that comes in so long."""
        for _ in range(60):
            due_in = await self.tend()
            if due_in is None or due_in > seconds:
                return
            self.bench.clock.advance(max(due_in, 0.001))
        raise AssertionError("there is something to say again and again")

    async def knocks(self, person: Person, *, file: int | None = None) -> Request:
        """Let a stranger ask in private, perhaps with a file that they have sent."""
        new = NewRequest(person.id, None, person.id, person.first_name, person.username, "en")
        held = None if file is None else kept(file, person.id)
        return await self._ask(new, held)

    async def added(self, title: str = "Sales", *, people: int = 3, leaves: bool = True) -> Request:
        """Let a stranger add the bot to a group."""
        members = [self.bench.telegram.add_person(f"Member {number}") for number in range(people - 1)]
        chat_id = self.bench.telegram.add_group(title, members, supergroup=True)
        leave_at = self.bench.clock.now() + DAY if leaves else None
        by = members[0]
        return await self._ask(NewRequest(chat_id, title, by.id, by.first_name, None, "en", leave_at), None)

    async def _ask(self, new: NewRequest, held: object) -> Request:
        request = await self.bench.store.requests.ask(new, held, self.bench.clock.now())  # type: ignore[arg-type]
        assert request is not None
        return request

    async def answers(self, request: Request, decision: Decision, by: int = ADA) -> None:
        """Let an admin press."""
        answered = await self.bench.store.requests.decide(request.token, decision, (by, "Ada"), self.bench.clock.now())
        assert answered is not None
        assert answered[1]

    def stranger(self, name: str = "Eve") -> Person:
        """Let somebody who was never let in start the bot."""
        person = self.bench.telegram.add_person(name, username=name.lower())
        self.bench.telegram.private_chat(person)
        return person

    def cards(self, admin: int = ADA) -> list[Message]:
        """What the bot has told an admin, as it reads now."""
        return self.bench.telegram.bot_messages(admin)

    def texts(self, chat_id: int) -> list[str]:
        """What the bot's messages say there now."""
        return [message.text for message in self.bench.telegram.bot_messages(chat_id)]

    def is_in(self, chat_id: int) -> bool:
        """Say whether the bot is still in a group."""
        return self.bench.telegram.state.chats[chat_id].status_of(self.bench.telegram.state.bot.id) == "member"

    async def again(self) -> "Porch":
        """What a process that starts anew knows."""
        return porch_of(self.bench, self.admitting.settings.admin_ids)


def porch_of(bench: Bench, admin_ids: frozenset[int], allowed: frozenset[int] = frozenset()) -> Porch:
    store = bench.store
    return Porch(
        bench,
        Admitting(
            store.accesses,
            store.requests,
            store.access_cards,
            store.jobs,
            store.lists,
            store.chats,
            store.facts,
            store.supergroups,
            bench.messenger,
            load_texts(),
            replace(bench.settings, admin_ids=admin_ids, allowed_ids=allowed),
            BOT,
            bench.clock.now,
        ),
    )


@pytest.fixture
def porch(bench: Bench) -> Porch:
    olga = bench.telegram.add_person("Ольга", id=OLGA, language_code="ru")
    bench.telegram.private_chat(olga)
    return porch_of(bench, frozenset({ADA, OLGA}))


async def test_every_admin_is_asked_once_in_the_language_of_their_telegram(porch: Porch) -> None:
    await porch.bench.store.chats.note_language_code(OLGA, "ru")
    await porch.knocks(porch.stranger())
    for _ in range(3):
        assert await porch.tend() is None
    (card,), (russian,) = porch.cards(), porch.cards(OLGA)
    assert card.labels == ["Approve", "Deny", "Block"]
    assert "Eve" in card.text
    assert "@eve" in card.text
    assert russian.labels == ["Разрешить", "Отказать", "Заблокировать"]


async def test_an_admin_reads_the_language_they_have_chosen_whatever_their_telegram_speaks(porch: Porch) -> None:
    chats = porch.bench.store.chats
    await chats.note_language_code(OLGA, "ru")
    await chats.set_language(OLGA, "en")
    await chats.set_language(ADA, "ru")
    await porch.knocks(porch.stranger())
    await porch.settle()
    assert [porch.cards(one)[0].labels[0] for one in (ADA, OLGA)] == ["Разрешить", "Approve"]


async def test_who_asks_hears_the_answer_in_the_language_of_their_telegram_by_then(porch: Porch) -> None:
    eve = porch.stranger()
    request = await porch.knocks(eve, file=7)
    await porch.bench.store.chats.note_language_code(eve.id, "ru")
    await porch.answers(request, Decision.APPROVED)
    await porch.settle()
    said = load_texts()["ru"]
    assert porch.texts(eve.id) == [f"{said.say('access-let-in')}\n{said.say('access-let-in-files', count=1)}"]
    (job,) = await porch.bench.store.jobs.unfinished(eve.id)
    assert job.language == "ru"


async def test_a_group_is_shown_with_how_many_are_in_it_and_when_it_is_left(porch: Porch) -> None:
    request = await porch.added(people=3)
    assert await porch.tend() == DAY
    (card,) = porch.cards()
    assert "Sales" in card.text
    assert "3 members" in card.text
    assert "Member 0" in card.text
    assert str(request.chat_id) in card.text
    assert "Without an answer I leave on" in card.text


async def test_a_restart_between_two_admins_asks_only_the_second(porch: Porch) -> None:
    await porch.knocks(porch.stranger())
    porch.bench.faults.arm("cut_before", method="sendMessage", times=1)
    assert await porch.tend() is not None
    assert sorted((len(porch.cards()), len(porch.cards(OLGA)))) == [0, 1]
    await (await porch.again()).settle()
    assert (len(porch.cards()), len(porch.cards(OLGA))) == (1, 1)


async def test_a_card_that_may_have_arrived_is_sent_again_rather_than_never(porch: Porch) -> None:
    request = await porch.knocks(porch.stranger())
    porch.bench.faults.arm("cut_after", method="sendMessage", times=1)
    await porch.settle()
    assert sorted((len(porch.cards()), len(porch.cards(OLGA)))) == [1, 2]
    await porch.answers(request, Decision.DENIED)
    await porch.settle()
    assert [card.labels for card in (porch.cards()[-1], porch.cards(OLGA)[-1])] == [[], []]


async def test_an_admin_who_never_wrote_to_the_bot_is_not_asked_for_ever(porch: Porch) -> None:
    porch.admitting = porch_of(porch.bench, frozenset({ADA, 79})).admitting
    porch.bench.telegram.add_person("Zoe", id=79)
    await porch.knocks(porch.stranger())
    assert [await porch.tend() for _ in range(3)] == [None, None, None]
    assert len(porch.cards()) == 1
    assert porch.bench.calls("sendMessage").count("Forbidden: bot can't initiate conversation with a user") == 1


async def test_an_admin_that_is_held_back_holds_up_nobody_else(porch: Porch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PATIENCE, Importance.QUESTION, 0.1)
    porch.bench.faults.arm("flood", chat_id=ADA, seconds=1)
    for name in ("Eve", "Mallory", "Trudy"):
        await porch.knocks(porch.stranger(name))
    assert await porch.tend() is not None
    assert (len(porch.cards()), len(porch.cards(OLGA))) == (0, 3)
    await asyncio.sleep(1.1)  # the limits keep Telegram's pause by the real clock
    await porch.settle()
    assert (len(porch.cards()), len(porch.cards(OLGA))) == (3, 3)


async def test_with_no_admin_nothing_is_asked_and_what_was_decided_is_still_said(porch: Porch) -> None:
    eve = porch.stranger()
    request = await porch.knocks(eve)
    await porch.answers(request, Decision.APPROVED)
    await porch.knocks(porch.stranger("Mallory"))
    await porch_of(porch.bench, frozenset()).settle()
    assert porch.cards() == []
    assert len(porch.texts(eve.id)) == 1


async def test_however_many_ask_the_admins_see_so_many_cards_an_hour_and_one_sentence(porch: Porch) -> None:
    for number in range(CARDS_AN_HOUR + 30):
        await porch.knocks(porch.stranger(f"Stranger{number}"))
    await porch.settle()
    for number in range(30):
        await porch.knocks(porch.stranger(f"Later{number}"))
    await porch.settle()
    texts = porch.texts(ADA)
    assert len(texts) == CARDS_AN_HOUR + 1
    assert f"{CARDS_AN_HOUR + 30} requests wait" in texts[-1]
    assert "/access" in texts[-1]
    porch.bench.clock.advance(HOUR + 1)
    await porch.knocks(porch.stranger("Honest"))
    await porch.settle()
    assert len(porch.cards()) == CARDS_AN_HOUR + 2
    assert "Honest" in porch.texts(ADA)[-1]


async def test_who_was_not_shown_and_asks_again_comes_before_the_admins(porch: Porch) -> None:
    people = [porch.stranger(f"Stranger{number}") for number in range(CARDS_AN_HOUR + 1)]
    for person in people:
        await porch.knocks(person)
    await porch.settle()
    assert not any(people[-1].first_name in text for text in porch.texts(ADA))
    porch.bench.clock.advance(HOUR + 1)
    await porch.settle()
    await porch.knocks(people[-1])
    await porch.settle()
    assert people[-1].first_name in porch.texts(ADA)[-1]


async def test_an_admin_who_cannot_be_told_how_many_ask_is_not_told(porch: Porch) -> None:
    for number in range(CARDS_AN_HOUR + 1):
        await porch.knocks(porch.stranger(f"Stranger{number}"))
    porch.bench.telegram.block(porch.bench.telegram.state.people[ADA])
    await porch.settle()
    assert len(porch.cards(OLGA)) == CARDS_AN_HOUR + 1


@pytest.mark.parametrize("decision", [Decision.APPROVED, Decision.DENIED, Decision.BLOCKED])
async def test_all_admins_see_who_has_decided_and_the_buttons_are_gone(porch: Porch, decision: Decision) -> None:
    request = await porch.knocks(porch.stranger())
    await porch.tend()
    await porch.answers(request, decision)
    assert await porch.tend() is None
    for card in (*porch.cards(), *porch.cards(OLGA)):
        assert card.labels == []
        assert f"{decision.capitalize()} by Ada" in card.text
    assert len(porch.cards()) == 1


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (Decision.APPROVED, [EN.plain("access-let-in")]),
        (Decision.DENIED, [EN.plain("access-denied")]),
        (Decision.BLOCKED, []),
    ],
)
async def test_who_asked_hears_the_answer_once_unless_they_are_blocked(
    porch: Porch, decision: Decision, said: list[str]
) -> None:
    eve = porch.stranger()
    await porch.answers(await porch.knocks(eve), decision)
    for _ in range(3):
        assert await porch.tend() is None
    assert porch.texts(eve.id) == said


async def test_the_files_of_who_is_let_in_become_jobs_by_themselves(porch: Porch) -> None:
    bench, eve = porch.bench, porch.stranger()
    await bench.store.chats.set_region(eve.id, "KZ")
    sent = await bench.telegram.send_document(eve, eve.id, "eve.txt", numbers(3).encode())
    file_id = bench.telegram.state.chats[eve.id].messages[sent].document
    assert file_id is not None
    new = NewRequest(eve.id, None, eve.id, "Eve", None, "en")
    held = replace(kept(sent, eve.id), person_id=eve.id, file_id=file_id["file_id"], name="eve.txt")
    request = await bench.store.requests.ask(new, held, bench.clock.now())
    assert request is not None
    await porch.tend()
    assert "1 file waits unread." in porch.texts(ADA)[-1]
    await porch.answers(request, Decision.APPROVED)
    await porch.settle()
    job = await bench.store.jobs.of_message(eve.id, sent)
    assert job is not None
    assert (job.starter_id, job.starter_name, job.name, job.region, job.chat_id) == (
        *(eve.id, "Eve", "eve.txt", "KZ", eve.id),
    )
    job = await bench.settled(job)
    assert job.state is JobState.CONFIRMING
    (heard, preview) = bench.telegram.bot_messages(eve.id)
    assert heard.text == f"{EN.plain('access-let-in')}\nThe file you sent is being read."
    assert "3 numbers" in preview.text
    assert preview.reply_to is not None
    assert preview.reply_to.message_id == sent


async def test_a_restart_between_the_answer_and_the_files_loses_none_and_makes_none_twice(
    porch: Porch, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, eve = porch.bench, porch.stranger()
    request = await porch.knocks(eve, file=901)
    await porch.knocks(eve, file=902)
    await porch.answers(request, Decision.APPROVED)

    async def die(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as dying:
        dying.setattr(type(bench.store.access_cards), "drop_kept", die)
        with pytest.raises(asyncio.CancelledError):
            await porch.tend()
    await (await porch.again()).settle()
    jobs = [await bench.store.jobs.of_message(eve.id, message_id) for message_id in (901, 902)]
    assert [job and job.list_message_id for job in jobs] == [901, 902]
    assert len(await bench.store.jobs.unfinished(eve.id)) == 2
    assert len(porch.texts(eve.id)) == 1


async def test_files_that_waited_in_a_group_that_became_a_supergroup_are_read_under_its_new_id(porch: Porch) -> None:
    bench = porch.bench
    by = bench.telegram.add_person("Eve")
    old = bench.telegram.add_group("Sales", [by])
    new = NewRequest(old, "Sales", by.id, "Eve", None, "en")
    request = await bench.store.requests.ask(new, kept(905, old), bench.clock.now())
    assert request is not None
    await porch.answers(request, Decision.APPROVED)
    moved = bench.telegram.migrate(old)
    await porch.settle()
    assert porch.texts(moved) == [f"{EN.plain('access-let-in-group')}\n{WELCOME}"]
    (job,) = await bench.store.jobs.unfinished(moved)
    assert job.list_message_id is None


async def test_a_group_that_is_let_in_is_welcomed(porch: Porch) -> None:
    request = await porch.added()
    await porch.answers(request, Decision.APPROVED)
    await porch.settle()
    assert porch.texts(request.chat_id) == [f"{EN.plain('access-let-in-group')}\n{WELCOME}"]
    assert porch.is_in(request.chat_id)


@pytest.mark.parametrize(
    ("decision", "said"), [(Decision.DENIED, [EN.plain("access-denied-group")]), (Decision.BLOCKED, [])]
)
async def test_a_group_that_is_kept_out_is_left_with_a_word_or_without(
    porch: Porch, decision: Decision, said: list[str]
) -> None:
    request = await porch.added()
    await porch.answers(request, decision)
    await porch.settle()
    assert porch.texts(request.chat_id) == said
    assert not porch.is_in(request.chat_id)


async def test_a_group_where_the_bot_may_not_speak_is_left_all_the_same(porch: Porch) -> None:
    request = await porch.added()
    porch.bench.telegram.forbid_writing(request.chat_id)
    await porch.answers(request, Decision.DENIED)
    await porch.settle()
    assert not porch.is_in(request.chat_id)


async def test_a_group_that_has_put_the_bot_out_meanwhile_is_no_trouble(porch: Porch) -> None:
    bench = porch.bench
    for decision in (Decision.APPROVED, Decision.DENIED, Decision.BLOCKED):
        request = await porch.added()
        bench.telegram.set_member(request.chat_id, bench.telegram.state.bot, "kicked")
        await porch.answers(request, decision)
        assert await porch.tend() is None


async def test_a_group_that_nobody_answers_about_is_left_after_a_day_with_a_word(porch: Porch) -> None:
    request = await porch.added()
    assert await porch.tend() == DAY
    porch.bench.clock.advance(DAY - 1)
    assert await porch.tend() == 1
    assert porch.is_in(request.chat_id)
    porch.bench.clock.advance(1)
    assert await porch.tend() is None
    assert porch.texts(request.chat_id) == [EN.plain("access-left-group")]
    assert not porch.is_in(request.chat_id)
    for card in (*porch.cards(), *porch.cards(OLGA)):
        assert card.labels == []
        assert "I have not been in that group since" in card.text
    assert (await porch.bench.store.accesses.known(None, request.chat_id)).chat is None


async def test_a_restart_in_the_middle_of_leaving_goes_on_with_it(porch: Porch) -> None:
    request = await porch.added()
    await porch.tend()
    porch.bench.clock.advance(DAY)
    porch.bench.faults.arm("cut_before", method="leaveChat")
    assert await porch.tend() is not None
    assert porch.is_in(request.chat_id)
    await (await porch.again()).settle()
    assert not porch.is_in(request.chat_id)


async def test_a_group_is_not_left_while_something_paid_is_on_its_way_there(porch: Porch) -> None:
    bench = porch.bench
    request = await porch.added()
    denied = await porch.added("Denied")
    for one in (request, denied):
        bench.telegram.set_member(one.chat_id, bench.anna, "member")
    for job in [await bench.preview(chat_id=one.chat_id) for one in (request, denied)]:
        await bench.press(job)
    await porch.tend()
    await porch.answers(denied, Decision.DENIED)
    bench.clock.advance(DAY)
    assert await porch.tend() == LEAVE_LATER_SECONDS
    assert [porch.is_in(one.chat_id) for one in (request, denied)] == [True, True]
    for one in (request, denied):
        (job,) = await bench.store.jobs.unfinished(one.chat_id)
        await bench.store.moves.cancel(job, bench.clock.now())
    bench.clock.advance(LEAVE_LATER_SECONDS)
    assert await porch.tend() is None
    assert [porch.is_in(one.chat_id) for one in (request, denied)] == [False, False]


async def test_a_group_that_the_settings_let_in_meanwhile_is_not_left(porch: Porch) -> None:
    request = await porch.added()
    porch.bench.clock.advance(DAY)
    later = porch_of(porch.bench, frozenset({ADA}), allowed=frozenset({request.chat_id}))
    assert await later.tend() is None
    assert porch.is_in(request.chat_id)


async def test_the_admins_hear_of_a_group_that_a_member_of_the_team_has_let_in(porch: Porch) -> None:
    new = NewRequest(-100_700, "Marketing", 11, "Anna", None, "en")
    await porch.bench.store.requests.admit(new, porch.bench.clock.now(), tell=True)
    for _ in range(2):
        assert await porch.tend() is None
    (card,) = porch.cards()
    assert "Marketing" in card.text
    assert "Anna" in card.text
    assert card.labels == ["Revoke"]


async def test_who_blocks_the_bot_is_let_in_without_hearing_it(porch: Porch) -> None:
    eve = porch.stranger()
    request = await porch.knocks(eve)
    porch.bench.telegram.block(eve)
    await porch.answers(request, Decision.APPROVED)
    assert await porch.tend() is None
    assert (await porch.bench.store.accesses.known(eve.id, None)).person is AccessState.APPROVED


async def test_a_card_that_an_admin_has_deleted_is_no_trouble(porch: Porch) -> None:
    request = await porch.knocks(porch.stranger())
    await porch.tend()
    for card in porch.cards():
        card.deleted = True
    await porch.answers(request, Decision.APPROVED)
    assert await porch.tend() is None


async def test_what_cannot_be_said_now_is_said_later(porch: Porch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(said_by, "PERHAPS_SENT_SECONDS", 0.5)
    eve = porch.stranger()
    request = await porch.knocks(eve)
    await porch.tend()
    await porch.answers(request, Decision.DENIED)
    porch.bench.faults.arm("server_error", method="sendMessage")
    porch.bench.faults.arm("cut_before", method="editMessageText")
    assert await porch.tend() is not None
    assert porch.texts(eve.id) == []
    await porch.settle()
    assert porch.texts(eve.id) == [EN.plain("access-denied")]
    assert [card.labels for card in (*porch.cards(), *porch.cards(OLGA))] == [[], []]


async def test_what_is_old_is_forgotten_once_an_hour(porch: Porch) -> None:
    bench = porch.bench
    await porch.knocks(porch.stranger())
    await bench.store.accesses.was_seen(-5, ADA, bench.clock.now())
    await bench.store.accesses.was_seen(-5, 5, bench.clock.now())
    for person_id in (5, OLGA):
        await bench.store.chats.note_language_code(person_id, "ru")
    assert await porch.admitting.tidy() == bench.clock.now() + HOUR
    assert await bench.store.requests.count_open() == 1
    assert await bench.store.chats.language(5) == "ru"
    bench.clock.advance(31 * DAY)
    await porch.admitting.tidy()
    assert await bench.store.requests.count_open() == 0
    assert [await bench.store.chats.language(one) for one in (5, OLGA)] == [None, "ru"]
    assert await bench.store.accesses.was_seen(-5, ADA, bench.clock.now())
