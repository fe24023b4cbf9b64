import asyncio
from typing import Any

import pytest

from sandbox.chats import Person
from sandbox.clients import PressAnswer
from sandbox.people import NotPossibleError
from tests.sandbox.telegram_bot import BUTTON, KEYBOARD, Bot

STOP = {"inline_keyboard": [[{"text": "Stop", "callback_data": "stop"}]]}
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
async def preview(bot: Bot, anna: Person) -> int:
    rows = [[BUTTON], [{"text": "Copy", "copy_text": {"text": "12"}}, {"text": "Site", "url": "https://example.org"}]]
    sent = await bot.call("sendMessage", chat_id=anna.id, text="3 numbers", reply_markup={"inline_keyboard": rows})
    return int(sent["message_id"])


async def pressed(bot: Bot, anna: Person, preview: int, label: str = "Check 3 numbers") -> dict[str, Any]:
    """Press and do not wait; give the callback query the bot is given."""
    await bot.telegram.press(anna, anna.id, preview, label, timeout=0)
    query: dict[str, Any] = (await bot.updates(offset=-1))[0]["callback_query"]
    return query


async def test_a_press_waits_for_its_answer(bot: Bot, anna: Person, preview: int) -> None:
    async with asyncio.TaskGroup() as group:
        press = group.create_task(bot.telegram.press(anna, anna.id, preview, "Check 3 numbers"))
        (update,) = await bot.updates(timeout=5)
        query = update["callback_query"]
        assert (query["data"], query["from"]["id"]) == ("check:7", anna.id)
        assert query["message"]["message_id"] == preview
        assert query["message"]["reply_markup"]["inline_keyboard"][0] == [BUTTON]
        assert isinstance(query["chat_instance"], str)
        await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Started", show_alert=True)
    assert press.result() == PressAnswer("Started", show_alert=True)


async def test_a_press_that_nobody_answers_ends_unanswered(bot: Bot, anna: Person, preview: int) -> None:
    answer = await bot.telegram.press(anna, anna.id, preview, "Check 3 numbers", timeout=0.01)
    assert not answer.answered


async def test_an_answer_is_taken_once_and_within_fifteen_seconds(bot: Bot, anna: Person, preview: int) -> None:
    query = await pressed(bot, anna, preview)
    bot.telegram.clock.advance(15)
    await bot.call("answerCallbackQuery", callback_query_id=query["id"])
    assert await bot.refusal("answerCallbackQuery", callback_query_id=query["id"]) == TOO_OLD
    query = await pressed(bot, anna, preview)
    bot.telegram.clock.advance(16)
    assert await bot.refusal("answerCallbackQuery", callback_query_id=query["id"]) == TOO_OLD
    assert await bot.refusal("answerCallbackQuery", callback_query_id="77") == TOO_OLD


async def test_an_answer_of_more_than_200_characters_is_refused(bot: Bot, anna: Person, preview: int) -> None:
    query = await pressed(bot, anna, preview)
    answer = {"callback_query_id": query["id"]}
    assert await bot.refusal("answerCallbackQuery", **answer, text="x" * 201) == "Bad Request: MESSAGE_TOO_LONG"
    assert await bot.refusal("answerCallbackQuery", **answer, url="https://e.org") == "Bad Request: URL_INVALID"
    await bot.call("answerCallbackQuery", **answer, text="x" * 200, url="https://t.me/number_check_bot?start=1")


async def test_only_buttons_that_call_back_can_be_pressed(bot: Bot, anna: Person, preview: int) -> None:
    for label in ("Copy", "Site"):
        with pytest.raises(NotPossibleError, match=label):
            await bot.telegram.press(anna, anna.id, preview, label)


async def test_a_label_that_is_not_there_now_is_not_pressed(bot: Bot, anna: Person, preview: int) -> None:
    await bot.call("editMessageText", chat_id=anna.id, message_id=preview, text="Checking", reply_markup=STOP)
    for label in ("Check 3 numbers", "Copy", "No such button"):
        with pytest.raises(NotPossibleError, match="there are \\['Stop'\\]"):
            await bot.telegram.press(anna, anna.id, preview, label)


async def test_any_data_can_be_forged_even_under_a_message_that_is_gone(bot: Bot, anna: Person, preview: int) -> None:
    assert (await pressed(bot, anna, preview, "check:999"))["data"] == "check:999"
    await bot.call("deleteMessage", chat_id=anna.id, message_id=preview)
    await bot.telegram.forge(anna, anna.id, preview, "any thing")
    query = (await bot.updates(offset=-1))[0]["callback_query"]
    assert query["data"] == "any thing"
    assert query["message"] == {"chat": query["message"]["chat"], "message_id": preview, "date": 0}


async def test_somebody_else_can_press_too(bot: Bot, anna: Person) -> None:
    group = bot.telegram.add_group("Team", [anna, boris := bot.telegram.add_person("Boris")])
    sent = await bot.call("sendMessage", chat_id=group, text="x", reply_markup=KEYBOARD)
    await bot.telegram.press(boris, group, sent["message_id"], "Check 3 numbers", timeout=0)
    (update,) = await bot.updates()
    assert update["callback_query"]["from"]["first_name"] == "Boris"
