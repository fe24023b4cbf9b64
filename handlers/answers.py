"""How a handler answers: in the topic it was asked in, in groups as a reply, in private just so."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramMigrateToChat
from aiogram.types import BufferedInputFile, CallbackQuery, LinkPreviewOptions, Message, ReplyParameters
from aiogram.types.reply_markup_union import ReplyMarkupUnion

from bot.cards import Card, short
from bot.job import Job
from bot.keyboard import keyboard

logger = logging.getLogger(__name__)

ALERT_CHARACTERS = 200
"""Telegram's limit for the answer to a press."""


async def answer(
    message: Message, card: Card, *, markup: ReplyMarkupUnion | None = None, beside: int | None = None
) -> Message:
    """Answer a message; give the answer.

    Args:
        message: The message.
        card: What to say.
        markup: What stands under it in place of the card's buttons.
        beside: Another message of the chat that the answer is about; the answer replies to that one.
    """
    reply = None
    if beside is not None or message.chat.type != "private":
        reply = ReplyParameters(message_id=beside or message.message_id, allow_sending_without_reply=True)

    async def say_to(asked: Message, reply: ReplyParameters | None) -> Message:
        return await asked.answer(
            card.text,
            reply_parameters=reply,
            reply_markup=markup or keyboard(card),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    try:
        return await say_to(message, reply)
    except TelegramMigrateToChat as error:
        # A supergroup numbers its messages anew: a reply would be to somebody else's.
        chat = message.chat.model_copy(update={"id": error.migrate_to_chat_id})
        return await say_to(message.model_copy(update={"chat": chat}).as_(message.bot), None)
    except TelegramBadRequest as error:
        if not message.is_topic_message or not _is_topic_gone(error):
            raise
        return await say_to(message.model_copy(update={"is_topic_message": None}).as_(message.bot), reply)


def _is_topic_gone(error: TelegramBadRequest) -> bool:
    words = error.message.lower()
    return "topic_closed" in words or "thread not found" in words or "topic_deleted" in words


async def answer_press(query: CallbackQuery, text: str, *, alert: bool = False, url: str | None = None) -> bool:
    """Answer a press; False where it is too old for an answer, which changes nothing about what was pressed.

    Args:
        query: The press.
        text: What the person sees.
        alert: They have to close it.
        url: An address of ours that opens instead (Bot API, answerCallbackQuery: ``t.me/us?start=...`` only).
    """
    try:
        await query.answer(short(text, ALERT_CHARACTERS), show_alert=alert, url=url)
    except TelegramBadRequest as error:
        logger.info("A press is too old to be answered: %s", error.message)
        return False
    return True


async def redraw(message: Message, card: Card) -> None:
    """Let a message of ours say something else, as far as it is still there to be edited."""
    try:
        await message.edit_text(
            card.text, reply_markup=keyboard(card), link_preview_options=LinkPreviewOptions(is_disabled=True)
        )
    except TelegramBadRequest as error:
        logger.info("A message is not redrawn: %s", error.message)


async def send_file(
    bot: Bot, job: Job, name: str, content: bytes | str, card: Card, *, person_id: int | None = None
) -> str | None:
    """Send a file about a job into its chat, in reply to the list, or to a person; give Telegram's name of it.

    Args:
        bot: Who sends.
        job: What it is about.
        name: The file's name.
        content: Its bytes, or Telegram's name of a file sent before.
        card: The caption and its buttons.
        person_id: Whose private chat it goes to instead.
    """
    file = content if isinstance(content, str) else BufferedInputFile(content, name)
    sent = await _send_about(job, person_id, partial(bot.send_document, document=file, caption=card.text), card)
    return sent.document.file_id if sent.document else None


async def send_photo(bot: Bot, job: Job, content: bytes, card: Card, *, person_id: int | None = None) -> None:
    """Send a picture about a job, a PNG, to where ``send_file`` sends files."""
    photo = BufferedInputFile(content, "result.png")
    await _send_about(job, person_id, partial(bot.send_photo, photo=photo, caption=card.text), card)


async def send_card(bot: Bot, job: Job, card: Card, *, person_id: int | None = None) -> None:
    """Send a text about a job to where ``send_file`` sends files."""
    await _send_about(job, person_id, partial(bot.send_message, text=card.text), card)


async def _send_about(job: Job, person_id: int | None, send: Callable[..., Awaitable[Message]], card: Card) -> Message:
    chat_id = person_id or job.chat_id
    thread_id, reply_to = (job.thread_id, job.list_message_id) if person_id is None else (None, None)
    while True:
        reply = ReplyParameters(message_id=reply_to, allow_sending_without_reply=True) if reply_to else None
        try:
            return await send(
                chat_id=chat_id, message_thread_id=thread_id, reply_parameters=reply, reply_markup=keyboard(card)
            )
        except TelegramMigrateToChat as error:
            chat_id, reply_to = error.migrate_to_chat_id, None  # a supergroup numbers its messages anew
        except TelegramBadRequest as error:
            if not _is_topic_gone(error) or (thread_id is None and reply_to is None):
                raise
            # Outside a topic that is closed or gone; a reply goes to the topic of what it replies to.
            thread_id, reply_to = None, reply_to if thread_id is not None else None
