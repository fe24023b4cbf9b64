import asyncio
from typing import Any

import pytest

from sandbox.chats import Person
from tests.sandbox.telegram_bot import BUTTON, KEYBOARD, Bot

OTHER = {"inline_keyboard": [[{**BUTTON, "callback_data": "other"}]]}


@pytest.fixture
async def preview(bot: Bot, anna: Person) -> dict[str, Any]:
    sent = await bot.call("sendMessage", chat_id=anna.id, text="3 numbers", reply_markup=KEYBOARD)
    return {"chat_id": anna.id, "message_id": sent["message_id"]}


async def test_a_message_moves_and_all_it_was_is_remembered(bot: Bot, anna: Person, preview: dict[str, Any]) -> None:
    bot.telegram.clock.advance(5)
    edited = await bot.call("editMessageText", **preview, text="<b>1 of 3</b>", parse_mode="HTML")
    assert edited["edit_date"] == edited["date"] + 5
    assert "reply_markup" not in edited
    await bot.call("editMessageText", **preview, text="Done: 1 yes")
    message = bot.telegram.last(anna.id)
    assert message is not None
    assert message.texts() == ["3 numbers", "1 of 3", "Done: 1 yes"]
    assert [version["markup"] for version in message.versions] == [KEYBOARD, None]
    assert message.labels == []


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, preview: dict[str, Any]) -> None:
    refusal = await bot.refusal("editMessageText", **preview, text=" 3 numbers\n", reply_markup=KEYBOARD)
    assert refusal == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as"
        " a current content and reply markup of the message"
    )
    await bot.call("editMessageText", **preview, text="3 numbers", reply_markup=OTHER)
    await bot.call("editMessageText", **preview, text="<i>3</i> numbers", parse_mode="HTML", reply_markup=OTHER)


async def test_buttons_are_changed_alone_and_taken_away(bot: Bot, anna: Person, preview: dict[str, Any]) -> None:
    await bot.call("editMessageReplyMarkup", **preview, reply_markup=OTHER)
    edited = await bot.call("editMessageReplyMarkup", **preview)
    assert (edited["text"], "reply_markup" in edited) == ("3 numbers", False)
    assert (await bot.refusal("editMessageReplyMarkup", **preview)).startswith("Bad Request: message is not modified")


async def test_what_is_gone_or_somebody_else_s_cannot_be_edited(
    bot: Bot, anna: Person, preview: dict[str, Any]
) -> None:
    listed = await bot.telegram.send_text(anna, anna.id, "+79161234567")
    place = {"chat_id": anna.id, "text": "x"}
    assert await bot.refusal("editMessageText", **place, message_id=listed) == "Bad Request: message can't be edited"
    assert await bot.refusal("editMessageText", **place, message_id=9) == "Bad Request: message to edit not found"
    await bot.call("deleteMessage", **preview)
    assert await bot.refusal("editMessageText", **preview, text="x") == "Bad Request: message to edit not found"
    asked = await bot.call("sendMessage", chat_id=anna.id, text="List?", reply_markup={"force_reply": True})
    refusal = await bot.refusal("editMessageText", **place, message_id=asked["message_id"])
    assert refusal == "Bad Request: message can't be edited"


async def test_texts_and_captions_are_edited_by_their_own_methods(
    bot: Bot, anna: Person, preview: dict[str, Any]
) -> None:
    sent = await bot.call("sendDocument", files={"document": ("a.txt", b"1")}, chat_id=anna.id, caption="old")
    place = {"chat_id": anna.id, "message_id": sent["message_id"]}
    assert "there is no text in the message" in await bot.refusal("editMessageText", **place, text="x")
    assert "there is no caption in the message" in await bot.refusal("editMessageCaption", **preview, caption="x")
    edited = await bot.call("editMessageCaption", **place, caption="new", reply_markup=KEYBOARD)
    assert (edited["caption"], edited["document"]["file_name"]) == ("new", "a.txt")
    assert "caption" not in await bot.call("editMessageCaption", **place)


async def test_a_person_who_blocked_the_bot_sees_no_edits(bot: Bot, anna: Person, preview: dict[str, Any]) -> None:
    bot.telegram.block(anna)
    refusal = await bot.refusal("editMessageText", **preview, text="x")
    assert refusal == "Forbidden: bot was blocked by the user"


async def test_messages_are_taken_away_as_far_as_telegram_lets_a_bot(
    bot: Bot, anna: Person, preview: dict[str, Any]
) -> None:
    bot.telegram.clock.advance(48 * 3600 + 1)
    assert await bot.refusal("deleteMessage", **preview) == "Bad Request: message can't be deleted for everyone"
    listed = await bot.telegram.send_text(anna, anna.id, "+79161234567")
    assert await bot.call("deleteMessage", chat_id=anna.id, message_id=listed) is True
    assert await bot.refusal("deleteMessage", chat_id=anna.id, message_id=listed) == (
        "Bad Request: message to delete not found"
    )
    group = bot.telegram.add_group("Team", [anna])
    talk = {"chat_id": group, "message_id": await bot.telegram.send_text(anna, group, "hello")}
    assert await bot.refusal("deleteMessage", **talk) == "Bad Request: message can't be deleted"
    bot.telegram.set_member(group, bot.telegram.bot, "administrator", by=anna)
    await bot.call("deleteMessage", **talk)


async def test_who_watches_a_message_is_woken_by_each_edit(bot: Bot, anna: Person, preview: dict[str, Any]) -> None:
    def done(server: Any) -> Any:
        return server.last(anna.id, "Done")

    async with asyncio.TaskGroup() as group:
        watching = group.create_task(bot.telegram.wait_for(done))
        await bot.call("editMessageText", **preview, text="1 of 3")
        await bot.call("editMessageText", **preview, text="Done")
    assert watching.result().message_id == preview["message_id"]
