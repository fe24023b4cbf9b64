"""The local Bot API server under the library the bot is written with."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendMessage
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReactionTypeEmoji,
    ReplyParameters,
)

from sandbox.chats import Person
from sandbox.telegram_api import TelegramServer
from tests.sandbox.telegram_bot import TOKEN


@pytest.fixture
async def aiobot(telegram: TelegramServer) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.url))
    yield Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    await (await session.create_session()).close()  # session.close() sleeps for a quarter of a second


async def test_a_bot_polls_downloads_answers_edits_and_uploads(
    telegram: TelegramServer, aiobot: Bot, anna: Person
) -> None:
    assert (await aiobot.get_me()).username == "number_check_bot"
    listed = await telegram.send_document(anna, anna.id, "base.txt", b"+79161234567\n", caption="/check")
    updates: list[Any] = await aiobot.get_updates(timeout=5)
    assert updates[0].message.message_id == listed
    assert updates[0].message.caption_entities[0].type == "bot_command"
    stream: Any = await aiobot.download(updates[0].message.document)
    assert stream.read() == b"+79161234567\n"

    button = InlineKeyboardButton(text="Check 1 number", callback_data="check:1", style="primary")
    preview: Any = await aiobot.send_message(
        anna.id,
        "<b>1 number</b>",
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
        reply_parameters=ReplyParameters(message_id=listed, allow_sending_without_reply=True),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert preview.reply_to_message.message_id == listed
    async with asyncio.TaskGroup() as group:
        press = group.create_task(telegram.press(anna, anna.id, preview.message_id, "Check 1 number"))
        query: Any = (await aiobot.get_updates(offset=updates[0].update_id + 1, timeout=5))[0].callback_query
        assert query.data == "check:1"
        await aiobot.answer_callback_query(query.id, text="Started")
    assert press.result().text == "Started"

    edited: Any = await aiobot.edit_message_text("Done", chat_id=anna.id, message_id=preview.message_id)
    assert edited.edit_date
    result: Any = await aiobot.send_document(anna.id, BufferedInputFile(b"xlsx", "result.xlsx"), caption="1 yes")
    assert result.document.file_name == "result.xlsx"
    assert telegram.messages(anna.id)[-1].data == b"xlsx"
    assert telegram.messages(anna.id)[1].texts() == ["1 number", "Done"]
    assert telegram.refused == []


async def test_the_rest_of_what_a_bot_asks_is_understood(telegram: TelegramServer, aiobot: Bot, anna: Person) -> None:
    group = telegram.add_group("Team", [anna], forum=True, bot="administrator")
    telegram.add_topic(anna, group, "Lists")
    assert (await aiobot.get_chat(group)).is_forum
    assert {one.status for one in await aiobot.get_chat_administrators(group)} == {"creator", "administrator"}
    assert (await aiobot.get_chat_member(group, anna.id)).status == "creator"
    assert await aiobot.get_chat_member_count(group) == 2
    commands = [BotCommand(command="check", description="Check a list")]
    await aiobot.set_my_commands(commands, scope=BotCommandScopeAllGroupChats(), language_code="ru")
    (command,) = await aiobot.get_my_commands(scope=BotCommandScopeAllGroupChats(), language_code="ru")
    assert command.command == "check"
    await aiobot.set_my_description("Reads lists")
    assert (await aiobot.get_my_description()).description == "Reads lists"
    sent = await telegram.send_text(anna, group, "hello")
    await aiobot.set_message_reaction(group, sent, reaction=[ReactionTypeEmoji(emoji="👀")])
    await aiobot.send_chat_action(group, "typing")
    await aiobot.delete_webhook(drop_pending_updates=False)
    telegram.set_member(group, telegram.add_person("Boris"), "restricted", by=anna)
    telegram.set_member(group, telegram.bot, "member", by=anna)
    updates = await aiobot.get_updates()
    assert [update.event_type for update in updates] == ["message", "message", "my_chat_member"]
    assert await aiobot.leave_chat(group)
    assert telegram.refused == []


@pytest.mark.parametrize(
    ("fault", "options", "error"),
    [
        ("flood", {"seconds": 7}, TelegramRetryAfter),
        ("bad_gateway", {}, ClientDecodeError),
        ("not_json", {}, ClientDecodeError),
        ("server_error", {}, TelegramServerError),
        ("cut_before", {}, TelegramNetworkError),
        ("cut_after", {}, TelegramNetworkError),
        ("unauthorized", {}, TelegramUnauthorizedError),
        ("too_large", {}, TelegramEntityTooLarge),
        ("refuse", {"code": 403, "description": "Forbidden: bot was blocked by the user"}, TelegramForbiddenError),
        ("refuse", {"description": "Bad Request: x", "parameters": {"migrate_to_chat_id": 5}}, TelegramMigrateToChat),
        ("refuse", {"description": "Bad Request: chat not found"}, TelegramBadRequest),
        ("refuse", {"code": 409, "description": "Conflict: other"}, TelegramConflictError),
    ],
)
async def test_a_fault_reaches_the_bot_as_the_library_s_error(
    telegram: TelegramServer, aiobot: Bot, anna: Person, fault: str, options: dict[str, Any], error: type[Exception]
) -> None:
    telegram.faults.arm(fault, **options)
    with pytest.raises(error):
        await aiobot(SendMessage(chat_id=anna.id, text="x"))
    assert telegram.calls[-1].fault == fault
    assert telegram.refused == []
    assert len(telegram.bot_messages(anna.id)) == (fault == "cut_after")
    await aiobot(SendMessage(chat_id=anna.id, text="x"))
