"""The countries and the picture on buttons: counts for everybody who sees the result, and for nobody else."""

import io
import zlib
from collections.abc import Sequence
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import AnswerCallbackQuery, SendMessage, SendPhoto
from aiogram.types import BufferedInputFile
from PIL import Image

from bot.job import Job
from storage.groups import ResultsTo
from storage.lists import StoredResult
from tests.fakes import ANNA, BORIS, EVE, NOW, TEAM, Stage, private

LIST = "+79123456789\n+79123456780\n+77011234567\n"
GONE = "The result is no longer kept."
BOTH = pytest.mark.parametrize("action", ["regions", "picture"])


async def done(team: Stage, **asked: Any) -> Job:
    """A list whose result was delivered."""
    text = f"/check {LIST}" if asked else LIST
    job = await team.read(await team.job_of(await team.says(text, **asked)), LIST)
    await team.presses(f"check:{job.token}:1", chat=asked.get("chat"))
    attempt = await team.submits.begin_submit(job, NOW)
    assert attempt is not None
    checking = await team.submits.accepted(attempt, "task", None, NOW, NOW)
    assert checking is not None
    found = StoredResult("ynu", b"workbook", None)
    stored = await team.tasks.keep_result(checking, found, zlib.compress(b"ynu"), NOW)
    assert stored is not None
    finished = await team.tasks.delivered(stored, NOW)
    assert finished is not None
    team.telegram.calls.clear()
    return finished


def photo(team: Stage) -> SendPhoto:
    (sent,) = team.of(SendPhoto)
    assert isinstance(sent.photo, BufferedInputFile)
    assert Image.open(io.BytesIO(sent.photo.data)).format == "PNG"
    return sent


def shown(team: Stage) -> Sequence[SendMessage | SendPhoto]:
    return (*team.of(SendMessage), *team.of(SendPhoto))


def said_in(sent: SendMessage | SendPhoto) -> str:
    return sent.text if isinstance(sent, SendMessage) else sent.caption or ""


async def test_the_countries_come_as_a_table_in_reply_to_the_list(team: Stage) -> None:
    job = await done(team)
    assert await team.presses(f"regions:{job.token}:") == ""

    (sent,) = team.of(SendMessage)
    assert sent.text.endswith("<pre>🇷🇺 Russia             2 50\xa0%\n🇰🇿 Kazakhstan         1    —</pre>")
    assert sent.reply_parameters is not None
    assert sent.reply_parameters.message_id == job.list_message_id


async def test_the_picture_comes_in_the_language_of_who_asks(team: Stage) -> None:
    job = await done(team)
    assert await team.presses(f"picture:{job.token}:", person=ANNA | {"language_code": "ru"}) == ""

    sent = photo(team)
    assert sent.caption == "<b>Вставленные номера</b>: в Telegram 33,3\xa0%"
    assert sent.reply_parameters is not None
    assert sent.reply_parameters.message_id == job.list_message_id


@BOTH
async def test_they_are_for_everybody_in_the_group_also_where_files_go_to_persons(team: Stage, action: str) -> None:
    job = await done(team, chat=TEAM, message_thread_id=7, is_topic_message=True)
    await team.groups.set_results_to(TEAM["id"], ResultsTo.STARTER)
    await team.presses(f"{action}:{job.token}:", person=BORIS, chat=TEAM)

    (sent,) = shown(team)
    assert (sent.chat_id, sent.message_thread_id) == (TEAM["id"], 7)
    assert "+7" not in said_in(sent)


@BOTH
async def test_in_private_they_name_the_group_and_are_for_who_may_have_the_file(team: Stage, action: str) -> None:
    team.telegram.members |= {(TEAM["id"], ANNA["id"]): "member", (TEAM["id"], BORIS["id"]): "member"}
    job = await done(team, chat=TEAM)
    await team.groups.set_results_to(TEAM["id"], ResultsTo.STARTER)
    for person in (BORIS, EVE):
        await team.presses(f"{action}:{job.token}:", person=person, chat=private(person))
    assert not shown(team)

    await team.presses(f"{action}:{job.token}:", chat=private(ANNA))
    (sent,) = shown(team)
    assert (sent.chat_id, sent.reply_parameters) == (ANNA["id"], None)
    assert "From the group <b>Team</b>" in said_in(sent)


@BOTH
async def test_there_is_nothing_to_show_of_what_is_not_checked_yet(team: Stage, action: str) -> None:
    job = await team.preview()
    assert await team.presses(f"{action}:{job.token}:") == GONE
    assert team.of(AnswerCallbackQuery)[-1].show_alert


@BOTH
async def test_nor_of_what_is_kept_no_longer(team: Stage, action: str) -> None:
    job = await done(team)
    async with team.database.write() as connection:
        await connection.exec_driver_sql("DELETE FROM job_results")
    assert await team.presses(f"{action}:{job.token}:") == GONE
    assert not shown(team)


@BOTH
async def test_a_button_of_another_chat_does_nothing(team: Stage, action: str) -> None:
    job = await done(team)
    said = await team.presses(f"{action}:{job.token}:", person=BORIS)
    assert said == "Эта кнопка больше не действует. Как обстоят дела со списками, покажет /jobs"


@pytest.mark.parametrize("error", [TelegramBadRequest, TelegramForbiddenError])
async def test_where_telegram_takes_no_pictures_that_is_said_calmly(team: Stage, error: type[Exception]) -> None:
    job = await done(team, chat=TEAM)
    team.telegram.fail(SendPhoto, error, message="Bad Request: not enough rights to send photos to the chat")
    await team.presses(f"picture:{job.token}:", chat=TEAM)

    (sent,) = team.of(SendMessage)
    assert sent.text == "Telegram did not take the picture here. The counts are under the result."
    assert sent.chat_id == TEAM["id"]
