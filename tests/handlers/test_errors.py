import logging

import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import AnswerCallbackQuery, SendDocument, SendMessage

from storage.database import DatabaseBrokenError
from storage.history import History
from storage.updates import UpdateState
from tests.fakes import ANNA, QUARANTINED, TEAM, Stage

CALM = "Something went wrong on my side, and it has been noted."


async def test_an_unknown_failure_is_noted_told_calmly_and_put_aside(
    team: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    team.telegram.fail(SendMessage, BugError)
    outcome = await team.feed("message", team.message("/jobs"))

    assert outcome is QUARANTINED
    assert team.said[-1].startswith(CALM)
    assert [record.levelno for record in caplog.records if record.name == "handlers.errors"] == [logging.ERROR]


async def test_a_press_that_fails_is_answered_with_the_same_sentence(team: Stage) -> None:
    job = await team.preview()
    team.telegram.fail(AnswerCallbackQuery, BugError)
    answer = await team.presses(f"check:{job.token}:1")

    assert answer is not None
    assert answer.startswith(CALM)
    assert team.of(AnswerCallbackQuery)[-1].show_alert


async def test_who_was_promised_a_file_that_cannot_be_sent_hears_it_by_a_message(team: Stage) -> None:
    job = await team.preview("+79123456789\n12345678")
    team.telegram.fail(SendDocument, TelegramBadRequest, message="Bad Request: something new")
    # The press is answered already, so that Telegram takes no second answer.
    first = len(team.of(AnswerCallbackQuery))
    query = {
        "id": "1",
        "from": ANNA,
        "chat_instance": "c",
        "message": team.message("card") | {"message_id": 5000},
        "data": f"rejected:{job.token}:",
    }
    original = team.telegram.make_request

    async def answered_once(bot: object, method: object, timeout: int | None = None) -> object:  # noqa: ASYNC109 (aiogram's signature)
        if isinstance(method, AnswerCallbackQuery) and len(team.of(AnswerCallbackQuery)) > first:
            team.telegram.fail(AnswerCallbackQuery, TelegramBadRequest, message="Bad Request: query is too old")
        return await original(bot, method, timeout)  # type: ignore[arg-type]

    team.telegram.make_request = answered_once  # type: ignore[method-assign]
    await team.feed("callback_query", query)

    assert team.said[-1].startswith(CALM)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TelegramRetryAfter, {"message": "Too Many Requests", "retry_after": 3}),
        (TelegramNetworkError, {"message": "the connection broke"}),
        (TelegramServerError, {"message": "Bad Gateway"}),
    ],
)
async def test_what_may_pass_is_raised_for_another_try(
    team: Stage, error: type[Exception], words: dict[str, object]
) -> None:
    team.telegram.fail(SendMessage, error, **words)
    with pytest.raises(error):
        await team.feed("message", team.message("/jobs"))
    assert len(team.said) == 1


async def test_a_proxys_html_is_raised_for_another_try(team: Stage) -> None:
    team.telegram.fail(SendMessage, Garbled)
    with pytest.raises(ClientDecodeError):
        await team.feed("message", team.message("/jobs"))


async def test_what_is_too_large_is_tried_once_more_as_a_zip(team: Stage) -> None:
    job = await team.preview("+79123456789\n12345678")
    for _ in range(2):
        team.telegram.fail(SendDocument, TelegramEntityTooLarge, message="Request Entity Too Large")
    await team.presses(f"rejected:{job.token}:")

    assert [one.document.filename.endswith(".zip") for one in team.files] == [False, True]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TelegramForbiddenError, "Forbidden: bot was blocked by the user"),
        (TelegramBadRequest, "Bad Request: not enough rights to send text messages to the chat"),
        (TelegramBadRequest, "Bad Request: CHAT_WRITE_FORBIDDEN"),
    ],
)
async def test_where_we_may_not_write_nothing_is_wrong(
    team: Stage, error: type[Exception], words: str, caplog: pytest.LogCaptureFixture
) -> None:
    team.telegram.fail(SendMessage, error, message=words)
    outcome = await team.feed("message", team.message("/jobs", chat=TEAM))

    assert outcome is UpdateState.ACTED
    assert len(team.said) == 1
    assert all(record.levelno < logging.ERROR for record in caplog.records)


async def test_a_failure_to_tell_is_not_raised(team: Stage) -> None:
    team.telegram.fail(SendMessage, BugError)
    team.telegram.fail(SendMessage, TelegramForbiddenError, message="Forbidden: bot was kicked")

    assert await team.feed("message", team.message("/jobs")) is QUARANTINED


async def test_a_failure_about_a_membership_is_put_aside(team: Stage) -> None:
    team.telegram.fail(SendMessage, BugError)
    member = {"user": {"id": 424242, "is_bot": True, "first_name": "Check"}}
    event = {
        "chat": TEAM,
        "from": ANNA,
        "date": 1,
        "old_chat_member": member | {"status": "left"},
        "new_chat_member": member | {"status": "member"},
    }

    assert await team.feed("my_chat_member", event) is QUARANTINED


class BugError(Exception):
    """A bug."""

    def __init__(self, method: object) -> None:
        super().__init__("a bug")


class Garbled(ClientDecodeError):
    """HTML in place of JSON."""

    def __init__(self, method: object) -> None:
        super().__init__("Failed to decode object", ValueError(), "<html>")


async def test_a_damaged_database_is_left_to_whoever_ends_the_process(
    team: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def damaged(*_arguments: object, **_words: object) -> None:
        raise DatabaseBrokenError("SQLITE_CORRUPT")

    monkeypatch.setattr(History, "page", damaged)
    with pytest.raises(DatabaseBrokenError):
        await team.feed("message", team.message("/jobs"))
    assert team.said == []
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []
