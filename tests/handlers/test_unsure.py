"""What admins do about unsure lists, and that nobody else can."""

import base64
from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import ForceReply

from bot.cards import Press
from bot.job import Job, JobState
from bot.receipts import Receipts
from bot.task_ids import short_name
from tests.fakes import ADMIN, ANNA, NOW, OURSELVES, TEAM, Stage, labels

STALE = "This button no longer does anything. /jobs shows how the lists stand."
ADMINS_ONLY = "Only the bot’s admins can press this."
USED = "Noted. I am asking the checking service for that task; the result will come to the chat of the list."


def task_id(at: float = NOW, rest: bytes = bytes(8)) -> str:
    """An id of a task that began then."""
    return base64.b32hexencode(int(at).to_bytes(4, "big") + rest).decode().lower().rstrip("=")


async def unsure(team: Stage, **place: Any) -> Job:
    job = await team.preview(**place)
    await team.moves.press(job, 1, ANNA["id"], NOW)
    attempt = await team.submits.begin_submit(job, NOW)
    assert attempt is not None
    moved = await team.submits.unsure(attempt, "the connection broke", NOW)
    assert moved is not None
    team.woken.clear()
    return moved


async def asked(team: Stage, job: Job) -> dict[str, Any]:
    """Press "I have the task id"; give the message that asks for it."""
    await team.presses(f"task:{job.token}:{job.attempts}", person=ADMIN)
    return prompt(team)


def prompt(team: Stage) -> dict[str, Any]:
    """The bot's last message, as an admin's client quotes it in a reply."""
    return team.message(team.said[-1], person=OURSELVES, chat={"id": ADMIN["id"], "type": "private"}) | {
        "message_id": team.telegram.last_message_id
    }


async def test_unsure_lists_all_lists_of_all_chats_to_an_admin(team: Stage) -> None:
    one, two = await unsure(team), await unsure(team, chat=TEAM)
    await team.says("/unsure", person=ADMIN)

    said = team.said[-1]
    assert said.startswith("<b>2 lists wait for a decision.</b>")
    assert f"<code>{one.chat_id}</code>" in said
    assert f"<code>{two.chat_id}</code>" in said
    assert "+7" not in said
    assert labels(team.of(SendMessage)[-1].reply_markup) == ["1 · 2 numbers", "2 · 2 numbers"]


async def test_unsure_without_any_says_so(team: Stage) -> None:
    await team.says("/unsure", person=ADMIN)

    assert team.said[-1] == "There is no list whose charge is unknown."


async def test_unsure_is_for_admins_and_not_shown_in_groups(team: Stage) -> None:
    job = await unsure(team, chat=TEAM)
    await team.says("/unsure", person=ANNA)
    assert team.said[-1] == "Only the bot’s admins can do that."
    await team.says("/unsure", person=ADMIN, chat=TEAM)
    assert "private chat only" in team.said[-1]
    assert str(job.chat_id) not in team.said[-1]


async def test_a_listed_list_shows_its_question_with_all_its_buttons(team: Stage) -> None:
    job = await unsure(team, chat=TEAM)
    assert await team.presses(f"decide:{job.token}:", person=ADMIN) == ""

    assert "may have been charged" in team.said[-1]
    assert labels(team.of(SendMessage)[-1].reply_markup) == [
        "I have the task id",
        "Send again: may be charged twice",
        "Close",
    ]


async def test_an_admin_sends_again_or_closes_a_list_of_another_chat(team: Stage) -> None:
    one, two = await unsure(team, chat=TEAM), await unsure(team, chat=TEAM)
    assert await team.presses(f"again:{one.token}:1", person=ADMIN) == "Sending it again."
    now = await team.now(one)
    assert (now.state, now.asked_by) == (JobState.QUEUED, ADMIN["id"])
    assert await team.presses(f"close:{two.token}:", person=ADMIN) == "Closed."
    assert await team.state(two) is JobState.CLOSED


async def test_nobody_else_decides_about_a_list_of_another_chat(team: Stage) -> None:
    job = await unsure(team, chat=TEAM)
    for data in (f"again:{job.token}:1", f"close:{job.token}:"):
        assert await team.presses(data, person=ANNA) == STALE
    for data in (f"task:{job.token}:1", f"use:{job.token}:x", f"decide:{job.token}:"):
        assert await team.presses(data, person=ANNA) == ADMINS_ONLY
        assert team.of(AnswerCallbackQuery)[-1].show_alert
    assert await team.state(job) is JobState.UNSURE


async def test_an_admin_reaches_only_what_is_unsure_in_other_chats(team: Stage) -> None:
    job = await team.preview(chat=TEAM)
    for action in ("check", "cancel", "again", "close", "task", "decide", "use"):
        assert await team.presses(f"{action}:{job.token}:1", person=ADMIN) == STALE
    assert await team.state(job) is JobState.CONFIRMING


async def test_the_bot_asks_for_the_id_and_takes_the_reply(team: Stage) -> None:
    job = await unsure(team, chat=TEAM)
    question = await asked(team, job)
    sent = team.of(SendMessage)[-1]
    assert isinstance(sent.reply_markup, ForceReply)
    assert "2 numbers" in sent.text
    await team.says(f" {task_id()} ", person=ADMIN, reply_to_message=question)

    assert team.said[-1] == USED
    now = await team.now(job)
    assert (now.state, now.task_id) == (JobState.CHECKING, task_id())
    assert team.woken


async def test_an_id_without_a_reply_is_taken_where_one_is_awaited(team: Stage) -> None:
    job = await unsure(team, chat=TEAM)
    await team.says(task_id(), person=ADMIN)
    assert await team.state(job) is JobState.UNSURE
    await asked(team, job)
    await team.says(task_id(), person=ADMIN)
    assert await team.state(job) is JobState.CHECKING


async def test_an_id_of_another_time_is_warned_about_and_used_only_if_told_so(team: Stage) -> None:
    job = await unsure(team, chat=TEAM)
    odd = task_id(NOW - 3600)
    await team.says(odd, person=ADMIN, reply_to_message=await asked(team, job))

    assert "It may belong to another list." in team.said[-1]
    assert await team.state(job) is JobState.UNSURE
    markup = team.of(SendMessage)[-1].reply_markup
    assert labels(markup) == ["Use it anyway"]
    data = markup.inline_keyboard[0][0].callback_data  # type: ignore[union-attr]
    assert await team.presses(f"use:{job.token}:other", person=ADMIN) == STALE
    assert await team.presses(data, person=ADMIN) == "Noted. I am asking the checking service for that task."
    assert (await team.now(job)).task_id == odd
    assert await team.presses(data, person=ADMIN) == STALE


async def test_another_id_may_be_named_in_reply_to_the_warning(team: Stage) -> None:
    job = await unsure(team, chat=TEAM)
    await team.says(task_id(NOW - 3600), person=ADMIN, reply_to_message=await asked(team, job))
    await team.says(task_id(), person=ADMIN, reply_to_message=prompt(team))

    assert (await team.now(job)).task_id == task_id()


async def test_an_id_of_another_kind_is_warned_about(team: Stage) -> None:
    job = await unsure(team, chat=TEAM)
    await team.says("1234567", person=ADMIN, reply_to_message=await asked(team, job))
    assert "does not look like an id" in team.said[-1]
    press = Press.unpack(f"use:{job.token}:{short_name('1234567')}")
    assert press is not None
    await team.presses(press.pack(), person=ADMIN)
    assert (await team.now(job)).task_id == "1234567"


async def test_what_is_no_id_is_asked_for_again(team: Stage) -> None:
    job = await unsure(team, chat=TEAM)
    await team.says("I cannot find it", person=ADMIN, reply_to_message=await asked(team, job))
    assert team.said[-1].startswith("That is no task id")
    await team.says(task_id(), person=ADMIN, reply_to_message=prompt(team))
    assert await team.state(job) is JobState.CHECKING


async def test_a_task_of_another_list_is_refused(team: Stage) -> None:
    one, two = await unsure(team, chat=TEAM), await unsure(team, chat=TEAM)
    await team.says(task_id(), person=ADMIN, reply_to_message=await asked(team, one))
    await team.says(task_id(), person=ADMIN, reply_to_message=await asked(team, two))
    assert team.said[-1].startswith("Another list already has that task")
    assert await team.state(two) is JobState.UNSURE


async def test_a_doubtful_task_of_another_list_is_refused(team: Stage) -> None:
    one, two = await unsure(team, chat=TEAM), await unsure(team, chat=TEAM)
    for job in (one, two):
        await team.says("odd", person=ADMIN, reply_to_message=await asked(team, job))
    await team.presses(f"use:{one.token}:{short_name('odd')}", person=ADMIN)
    said = await team.presses(f"use:{two.token}:{short_name('odd')}", person=ADMIN)
    assert said == "Another list already has that task. Nothing was changed."
    assert await team.state(two) is JobState.UNSURE


async def test_an_id_for_a_list_that_was_decided_meanwhile_changes_nothing(team: Stage) -> None:
    job = await unsure(team, chat=TEAM)
    question = await asked(team, job)
    await team.submits.close(job, NOW)
    await team.says(task_id(), person=ADMIN, reply_to_message=question)
    assert team.said[-1] == "That list no longer waits for a decision. Nothing was changed."
    assert await team.state(job) is JobState.CLOSED


async def test_a_button_of_an_earlier_attempt_asks_for_nothing(team: Stage) -> None:
    job = await unsure(team, chat=TEAM)
    assert await team.presses(f"task:{job.token}:0", person=ADMIN) == STALE
    assert await team.unsure.awaited_last(ADMIN["id"]) is None


async def test_nobody_elses_reply_is_taken_for_an_id(team: Stage) -> None:
    job = await unsure(team, chat=TEAM)
    question = await asked(team, job)
    await team.says(task_id(), person=ANNA, reply_to_message=question)
    await team.says(task_id(), person=ADMIN, chat=TEAM, reply_to_message=question)
    assert await team.state(job) is JobState.UNSURE


async def test_a_list_in_reply_to_another_message_is_a_list(team: Stage) -> None:
    job = await unsure(team, chat=TEAM)
    await asked(team, job)
    message = await team.says("+79123456789", person=ADMIN)
    assert await team.has_job(message)


async def test_a_reply_that_was_put_right_by_an_edit_is_taken(team: Stage) -> None:
    job = await unsure(team, chat=TEAM)
    question = await asked(team, job)
    wrong = team.message("which one", person=ADMIN, reply_to_message=question)
    await team.feed("message", wrong)
    await team.feed("edited_message", wrong | {"text": task_id(), "reply_to_message": prompt(team)})
    assert await team.state(job) is JobState.CHECKING


@pytest.mark.parametrize("doubtful", [False, True])
async def test_a_named_task_is_in_the_journal_like_any_other(team: Stage, tmp_path: Path, *, doubtful: bool) -> None:
    job, named = await unsure(team, chat=TEAM), "odd" if doubtful else task_id()
    await team.says(named, person=ADMIN, reply_to_message=await asked(team, job))
    if doubtful:
        assert Receipts(tmp_path).read() == ()
        await team.presses(f"use:{job.token}:{short_name(named)}", person=ADMIN)
    (receipt,) = Receipts(tmp_path).read()
    assert (receipt.job_token, receipt.task_id, receipt.named_by) == (job.token, named, ADMIN["id"])


async def test_a_named_task_that_is_not_used_is_not_in_the_journal(team: Stage, tmp_path: Path) -> None:
    one, two = await unsure(team, chat=TEAM), await unsure(team, chat=TEAM)
    for job in (one, two):
        await team.says(task_id(), person=ADMIN, reply_to_message=await asked(team, job))
    assert [receipt.job_token for receipt in Receipts(tmp_path).read()] == [one.token]
