import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramMigrateToChat
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, LinkPreviewOptions

from handlers.answers import answer_press
from tests.fakes import ANNA, QUARANTINED, TEAM, Stage

TOPIC = {"message_thread_id": 7, "is_topic_message": True}


async def test_in_private_an_answer_is_no_reply(team: Stage) -> None:
    await team.says("/jobs")

    (sent,) = team.of(SendMessage)
    assert (sent.chat_id, sent.reply_parameters, sent.message_thread_id) == (ANNA["id"], None, None)


async def test_in_a_group_an_answer_is_a_reply_that_does_not_need_the_message(team: Stage) -> None:
    message = await team.says("/jobs", chat=TEAM)

    (sent,) = team.of(SendMessage)
    assert sent.reply_parameters is not None
    assert sent.reply_parameters.message_id == message["message_id"]
    assert sent.reply_parameters.allow_sending_without_reply


async def test_in_a_topic_an_answer_stays_in_it(team: Stage) -> None:
    await team.says("/jobs", chat=TEAM, **TOPIC)

    assert team.of(SendMessage)[0].message_thread_id == 7


@pytest.mark.parametrize("words", ["Bad Request: TOPIC_CLOSED", "Bad Request: message thread not found"])
async def test_where_the_topic_is_closed_the_answer_comes_once_more_as_a_reply(team: Stage, words: str) -> None:
    team.telegram.fail(SendMessage, TelegramBadRequest, message=words)
    message = await team.says("/jobs", chat=TEAM, **TOPIC)

    sent = team.of(SendMessage)[-1]
    assert sent.message_thread_id is None
    assert sent.reply_parameters is not None
    assert sent.reply_parameters.message_id == message["message_id"]
    assert len(team.said) == 2


async def test_outside_topics_a_refusal_is_not_tried_again_without_one(team: Stage) -> None:
    team.telegram.fail(SendMessage, TelegramBadRequest, message="Bad Request: TOPIC_CLOSED")

    assert await team.feed("message", team.message("/jobs", chat=TEAM)) is QUARANTINED


async def test_an_answer_follows_a_group_to_its_new_id(team: Stage) -> None:
    team.telegram.fail(SendMessage, TelegramMigrateToChat, message="upgraded", migrate_to_chat_id=-100777)
    await team.says("/jobs", chat=TEAM)

    assert [sent.chat_id for sent in team.of(SendMessage)] == [TEAM["id"], -100777]


async def test_the_answer_to_a_press_is_cut_to_what_telegram_takes(team: Stage) -> None:
    query = CallbackQuery.model_validate({"id": "1", "from": ANNA, "chat_instance": "c"}, context={"bot": team.bot})

    assert await answer_press(query, "x" * 500)
    assert await answer_press(query, "")
    long, empty = team.of(AnswerCallbackQuery)
    assert long.text is not None
    assert len(long.text) == 200
    assert empty.text == ""


async def test_no_link_in_an_answer_grows_a_preview(team: Stage) -> None:
    await team.says("/help")

    options = team.of(SendMessage)[0].link_preview_options
    assert isinstance(options, LinkPreviewOptions)
    assert options.is_disabled


async def test_in_the_new_chat_of_a_group_an_answer_replies_to_nobody_elses_message(team: Stage) -> None:
    team.telegram.fail(SendMessage, TelegramMigrateToChat, message="upgraded", migrate_to_chat_id=-100777)
    await team.says("/jobs", chat=TEAM)

    old, new = team.of(SendMessage)
    assert old.reply_parameters is not None
    assert new.reply_parameters is None
