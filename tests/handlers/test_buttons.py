import time
from pathlib import Path

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import AnswerCallbackQuery
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Action, Press
from bot.job import STAND_INS, Asks, Beginning, Failure, Job, JobState, Waiting
from bot.number_list import Reason
from bot.numbers import read_numbers
from storage.beginnings import Beginnings
from storage.lists import StoredResult
from storage.retention import Retention
from storage.submits import Attempt
from tests.fakes import ADMIN, ANNA, BORIS, NOW, TEAM, Stage, stage

STALE = "This button no longer does anything. /jobs shows how the lists stand."
NATIONAL = "+79123456789\n9123456780\n9123456781\n"


async def submitting(team: Stage) -> Attempt:
    job = await team.preview()
    await team.presses(f"check:{job.token}:1")
    attempt = await team.submits.begin_submit(job, NOW)
    assert attempt is not None
    return attempt


async def unsure(team: Stage) -> Job:
    job = await team.submits.unsure(await submitting(team), "the connection broke", NOW)
    assert job is not None
    return job


async def test_check_queues_the_list_as_it_was_shown(team: Stage) -> None:
    job = await team.preview()
    team.woken.clear()

    assert await team.presses(f"check:{job.token}:1") == "On its way to the check."
    now = await team.now(job)
    assert (now.state, now.asked_by) == (JobState.QUEUED, ANNA["id"])
    assert team.woken


async def test_the_second_press_is_answered_and_changes_nothing(team: Stage) -> None:
    job = await team.preview()
    await team.presses(f"check:{job.token}:1")
    before = await team.now(job)

    assert await team.presses(f"check:{job.token}:1") == "This list is already on its way."
    assert await team.now(job) == before


async def test_a_press_on_counts_that_have_changed_asks_to_look_again(team: Stage) -> None:
    job = await team.preview()
    await team.says("+79990000001", date=NOW + 1)

    assert await team.presses(f"check:{job.token}:1") == (
        "The list has changed since. Look at the new counts and press again."
    )
    assert await team.state(job) is JobState.CONFIRMING


async def test_there_is_nothing_to_check_without_a_number(team: Stage) -> None:
    job = await team.preview("9123456780")

    assert await team.presses(f"check:{job.token}:1") == "There is no number to check yet."


async def test_a_press_on_what_was_cancelled_does_not_say_that_it_is_on_its_way(team: Stage) -> None:
    job = await team.preview()
    await team.presses(f"check:{job.token}:1")
    assert await team.presses(f"cancel:{job.token}:") == "Cancelled. Nothing was charged."

    assert await team.presses(f"check:{job.token}:1") == STALE
    assert await team.presses(f"cancel:{job.token}:") == STALE
    assert await team.state(job) is JobState.CANCELLED


async def test_somebody_else_in_the_group_cannot_decide_but_an_admin_can(team: Stage) -> None:
    job = await team.preview("/check +79123456789", chat=TEAM)

    for action in ("check", "cancel", "region", "leave", "add", "open", "again", "close"):
        answer = await team.presses(f"{action}:{job.token}:1", person=BORIS, chat=TEAM)
        assert answer == "Список прислали не вы, а Anna. Нажать может отправитель или администратор."
    assert await team.state(job) is JobState.CONFIRMING
    assert await team.presses(f"check:{job.token}:1", person=ADMIN, chat=TEAM) == "On its way to the check."
    assert (await team.now(job)).asked_by == ADMIN["id"]


async def test_a_refusal_with_the_longest_name_still_fits(team: Stage) -> None:
    long = ANNA | {"first_name": "😀" * 64, "last_name": "😀" * 64}
    job = await team.preview("/check +79123456789", chat=TEAM, person=long)

    answer = await team.presses(f"check:{job.token}:1", person=BORIS, chat=TEAM)
    assert answer is not None
    assert len(answer.encode("utf-16-le")) <= 400


@pytest.mark.parametrize("stand_in", sorted(STAND_INS))
async def test_the_list_of_an_anonymous_admin_is_decided_by_the_group(team: Stage, stand_in: int) -> None:
    somebody = {"id": stand_in, "is_bot": True, "first_name": "Group"}
    job = await team.preview("/check +79123456789", chat=TEAM, person=somebody)

    no = "Telegram не говорит мне, что вы в этой группе. Напишите мне здесь один раз и нажмите снова."
    assert await team.presses(f"check:{job.token}:1", person=BORIS, chat=TEAM) == no
    await team.says("/jobs", person=BORIS, chat=TEAM, date=int(time.time()))
    assert await team.presses(f"check:{job.token}:1", person=BORIS, chat=TEAM) == "Отправляю на проверку."


OF_NO_JOB = {
    *(Action.LANGUAGE, Action.COUNTRY, Action.SETTING),
    *(Action.ADMIT, Action.REVOKE, Action.LET_IN, Action.ACCESS),
}
"""What is pressed about a person or a chat."""


async def test_a_button_of_another_chat_does_nothing(team: Stage) -> None:
    job = await team.preview()

    for action in Action:
        if action not in OF_NO_JOB:
            assert await team.presses(f"{action}:{job.token}:1", chat=TEAM) == STALE
    assert await team.state(job) is JobState.CONFIRMING


@pytest.mark.parametrize(
    "data",
    [
        *("", "x", "check", "check:", "check::", "check:unknown:1", ":::", "again::-1", "no:such:action"),
        *("check:a:b:c", "\0", "😀" * 16, "x" * 64, "x" * 5000, "region:'; DROP TABLE jobs; --:RU", "country:XX:"),
        *("country:ru:", "country:Russia:", "lang::", "yes::"),
    ],
)
async def test_forged_data_is_answered_and_harmless(team: Stage, data: str) -> None:
    job = await team.preview()

    assert await team.presses(data) == STALE
    assert await team.state(job) is JobState.CONFIRMING
    assert await team.chats.region(ANNA["id"]) is None


async def test_a_press_without_data_is_answered(team: Stage) -> None:
    assert await team.presses(None) == STALE


@pytest.mark.parametrize("word", ["", "x", "-1", "²", "1" * 40, "٣", "2"])
async def test_a_forged_word_does_not_check(team: Stage, word: str) -> None:
    job = await team.preview()

    assert await team.presses(f"check:{job.token}:{word}")
    assert await team.presses(f"region:{job.token}:{word}") == STALE
    assert await team.presses(f"again:{job.token}:{word}") == STALE
    assert await team.state(job) is JobState.CONFIRMING


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.LANGUAGE, Action.COUNTRY}))
async def test_no_button_moves_a_job_that_has_ended(team: Stage, action: str) -> None:
    job = await team.preview()
    await team.moves.cancel(job, NOW)

    assert await team.presses(f"{action}:{job.token}:1")
    assert await team.state(job) is JobState.CANCELLED
    assert len(await team.jobs.unfinished(ANNA["id"])) == 0


async def test_wait_lets_a_list_wait_that_was_about_to_begin_by_itself(team: Stage) -> None:
    job = await team.preview()
    beginnings = Beginnings(team.database)
    await beginnings.plan(job, NOW + 5.0)
    for _ in range(2):
        assert await team.presses(f"wait:{job.token}:") == "The list waits for its press now."
    assert await beginnings.of(job.id) == Beginning(asks=Asks.PRESSED)
    assert (await team.now(job)).due_at is not None
    await team.presses(f"check:{job.token}:1")
    assert await team.presses(f"wait:{job.token}:") == "This list is already on its way."
    await team.presses(f"cancel:{job.token}:")
    assert await team.presses(f"wait:{job.token}:") == STALE


async def test_cancel_after_the_submit_tells_the_truth(team: Stage) -> None:
    attempt = await submitting(team)
    cancel = f"cancel:{attempt.job.token}:"
    assert await team.presses(cancel) == "Too late to cancel: the list is being handed over to the check right now."
    checking = await team.submits.accepted(attempt, "task", None, NOW, NOW)
    assert checking is not None
    paid = "Too late to cancel: the list is at the check and is paid. The result will come."
    assert await team.presses(cancel) == paid
    stored = await team.tasks.keep_result(checking, StoredResult(None, None, b"raw"), None, NOW)
    assert stored is not None
    assert await team.presses(cancel) == paid
    await team.tasks.delivered(stored, NOW)
    assert await team.presses(cancel) == STALE
    assert await team.state(checking) is JobState.DONE


async def test_cancel_of_an_unsure_list_points_at_the_question(team: Stage) -> None:
    job = await unsure(team)

    assert await team.presses(f"cancel:{job.token}:") == (
        "I do not know whether this list was charged: see my question about it."
    )
    assert await team.state(job) is JobState.UNSURE


async def test_a_country_reads_this_list_again_and_is_kept_for_the_chat(team: Stage) -> None:
    job = await team.preview(NATIONAL)

    assert await team.presses(f"region:{job.token}:RU") == "Read as 🇷🇺 Russia."
    now = await team.now(job)
    assert (now.region, now.list_revision) == ("RU", 2)
    assert await team.chats.region(ANNA["id"]) == "RU"
    assert (await team.read(now, NATIONAL)).valid == 3


async def test_leave_out_keeps_the_sure_numbers(team: Stage) -> None:
    job = await team.preview(NATIONAL)

    assert await team.presses(f"leave:{job.token}:") == "Left out."
    now = await team.now(job)
    assert (now.left_out, now.valid) == (True, 1)
    assert await team.presses(f"check:{job.token}:1") == "On its way to the check."


async def test_more_countries_and_back(team: Stage) -> None:
    job = await team.preview(NATIONAL)

    assert await team.presses(f"countries:{job.token}:") is None or (await team.now(job)).choosing_country
    assert (await team.now(job)).choosing_country
    await team.presses(f"back:{job.token}:")
    assert not (await team.now(job)).choosing_country


async def test_after_add_numbers_the_next_message_joins(team: Stage) -> None:
    job = await team.preview()

    assert await team.presses(f"add:{job.token}:") == "Send more numbers or a file."
    more = await team.says("+79990000001", date=NOW + 300)
    assert (await team.job_of(more)).id == job.id
    assert (await team.job_of(await team.says("+79990000002", date=NOW + 400))).id != job.id


async def test_an_expired_list_opens_again_once(team: Stage) -> None:
    message = await team.says("+79123456789")
    job = await team.read(await team.job_of(message))
    await team.moves.expire(job, NOW + 1e9)

    for _ in range(2):
        assert await team.presses(f"open:{job.token}:") == "Opened again: see the new message."
    (again,) = await team.jobs.unfinished(ANNA["id"])
    assert again.id != job.id
    assert await team.texts_of(again) == ["+79123456789"]
    assert await team.state(job) is JobState.EXPIRED


async def test_a_list_that_is_no_longer_kept_cannot_be_opened_again(team: Stage) -> None:
    job = await team.preview()
    await team.moves.expire(job, NOW + 1e9)
    await team.jobs.settle(job.id, lease="none", due_at=None)
    (taken,) = await team.jobs.take_due(NOW + 2e9, lease="step", until=NOW + 3e9, most=5)
    await team.jobs.settle(taken.id, lease="step", due_at=None)
    await Retention(team.database).purge(NOW + 4e9, 0.0)

    assert await team.presses(f"open:{job.token}:") == "The list is no longer kept. Send it again."


async def test_a_list_that_the_api_refused_opens_again_but_not_one_that_was_none(team: Stage) -> None:
    refused = await team.submits.refused_by_api(await submitting(team), "no", NOW)
    assert refused is not None
    no_list = await team.job_of(await team.sends())
    await team.moves.refuse_list(no_list, Failure.NOT_TEXT, None, NOW)

    assert await team.presses(f"open:{refused.token}:") == "Opened again: see the new message."
    assert await team.presses(f"open:{no_list.token}:") == STALE


async def test_send_again_works_once_for_each_question(team: Stage) -> None:
    job = await unsure(team)

    assert await team.presses(f"again:{job.token}:0") == STALE
    assert await team.presses(f"again:{job.token}:1") == "Sending it again."
    assert await team.presses(f"again:{job.token}:1") == STALE
    assert await team.presses(f"close:{job.token}:") == STALE
    assert await team.state(job) is JobState.QUEUED


async def test_close_lets_an_unsure_list_rest(team: Stage) -> None:
    job = await unsure(team)

    assert await team.presses(f"close:{job.token}:") == "Closed."
    assert await team.presses(f"again:{job.token}:1") == STALE
    assert await team.state(job) is JobState.CLOSED


async def test_a_press_that_is_too_old_for_an_answer_still_counts(team: Stage) -> None:
    job = await team.preview()
    team.telegram.fail(AnswerCallbackQuery, TelegramBadRequest, message="Bad Request: query is too old")
    await team.presses(f"check:{job.token}:1")

    assert await team.state(job) is JobState.QUEUED
    assert team.said == []


async def test_a_press_on_a_message_that_telegram_has_forgotten_still_counts(team: Stage) -> None:
    job = await team.preview()
    query = {
        "id": "1",
        "from": ANNA,
        "chat_instance": "c",
        "message": {"chat": {"id": ANNA["id"], "type": "private"}, "message_id": 5, "date": 0},
        "data": f"check:{job.token}:1",
    }
    await team.feed("callback_query", query)
    await team.feed("callback_query", query | {"data": "country:RU:"})

    assert await team.state(job) is JobState.QUEUED
    assert await team.chats.region(ANNA["id"]) == "RU"


async def test_a_press_of_an_inline_message_is_answered(team: Stage) -> None:
    await team.feed(
        "callback_query",
        {"id": "1", "from": ANNA, "chat_instance": "c", "inline_message_id": "x", "data": "check:a:1"},
    )

    assert team.of(AnswerCallbackQuery)[0].text == STALE


async def test_a_queued_list_that_waits_can_be_cancelled(team: Stage) -> None:
    job = await team.preview()
    await team.presses(f"check:{job.token}:1")
    await team.jobs.note_waiting(job.id, Waiting.MONEY)

    assert await team.presses(f"cancel:{job.token}:") == "Cancelled. Nothing was charged."


async def test_the_country_of_the_settings_is_not_unset_by_an_old_button(tmp_path: Path) -> None:
    async with stage(tmp_path, default_region="RU") as russian:
        assert await russian.presses("country::") == STALE


def test_the_numbers_of_these_tests_are_what_they_say() -> None:
    numbers = read_numbers(NATIONAL)

    assert len(numbers.valid) == 1
    assert {one.reason for one in numbers.rejected} == {Reason.NEEDS_COUNTRY}


@given(
    action=st.sampled_from(Action),
    token=st.from_regex(r"[A-Za-z0-9_-]{16}", fullmatch=True),
    number=st.integers(0, 10**9),
)
def test_what_a_button_carries_comes_back_and_fits(action: Action, token: str, number: int) -> None:
    press = Press(action, token, str(number))

    assert Press.unpack(press.pack()) == press
    assert 1 <= len(press.pack().encode()) <= 64
