"""How a handler answers: in the topic it was asked in, in groups as a reply, in private just so."""

import logging

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, CallbackQuery, LinkPreviewOptions, Message, ReplyParameters
from aiogram.types.reply_markup_union import ReplyMarkupUnion

from bot.cards import Card
from bot.job import Job
from bot.keyboard import keyboard

logger = logging.getLogger(__name__)

ALERT_UNITS = 200
"""Telegram's limit for the answer to a press."""


async def answer(message: Message, card: Card, *, markup: ReplyMarkupUnion | None = None) -> None:
    """Answer a message."""
    reply = None
    if message.chat.type != "private":
        reply = ReplyParameters(message_id=message.message_id, allow_sending_without_reply=True)
    await message.answer(
        card.text,
        reply_parameters=reply,
        reply_markup=markup or keyboard(card),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )


async def answer_press(query: CallbackQuery, text: str, *, alert: bool = False) -> None:
    """Answer a press; one that is too old for an answer was still a press."""
    try:
        await query.answer(text[:ALERT_UNITS], show_alert=alert)
    except TelegramBadRequest as error:
        logger.info("A press is too old to be answered: %s", error.message)


async def send_file(bot: Bot, job: Job, name: str, content: bytes | str, card: Card) -> str | None:
    """Send a file about a job into its chat, in reply to the list; give Telegram's name of it.

    Args:
        bot: Who sends.
        job: What it is about.
        name: The file's name.
        content: Its bytes, or Telegram's name of a file sent before.
        card: The caption and its buttons.
    """
    sent = await bot.send_document(
        job.chat_id,
        content if isinstance(content, str) else BufferedInputFile(content, name),
        caption=card.text,
        message_thread_id=job.thread_id,
        reply_parameters=ReplyParameters(message_id=job.list_message_id, allow_sending_without_reply=True),
        reply_markup=keyboard(card),
    )
    return sent.document.file_id if sent.document else None
