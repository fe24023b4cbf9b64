"""Speaking to chats outside a handler: what Telegram answers is turned into what the worker has to decide."""

import html
import logging
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import aiohttp
from aiogram import Bot
from aiogram.enums import ChatAction, ParseMode
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import BufferedInputFile, LinkPreviewOptions, Message, ReplyParameters

from bot.cards import Card
from bot.keyboard import keyboard
from bot.limits import HeldBackError, Importance, Limits, speaking

logger = logging.getLogger(__name__)

SERVER_ERROR_SECONDS = 5.0
"""When to come again after an answer that says nothing: 429 without a time, 5xx, HTML."""


class UnreachableChatError(Exception):
    """The chat cannot be reached: blocked, kicked, deleted, or no right to write."""


class LaterError(Exception):
    """Telegram takes nothing now; the call surely had no effect."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


class PerhapsSentError(Exception):
    """The connection broke or the answer could not be read: the call may have had its effect."""


class MessageGoneError(Exception):
    """The message to edit is not there any more, or cannot be edited."""


class RefusedError(Exception):
    """Telegram refuses this call, surely without effect, and will refuse it again: mostly a mistake of ours."""


class TooLargeError(Exception):
    """Telegram takes no file of this size."""


class MovedChatError(Exception):
    """The group has become a supergroup and has a new id."""

    def __init__(self, chat_id: int) -> None:
        super().__init__()
        self.chat_id = chat_id


class TokenRevokedError(Exception):
    """Telegram does not accept the bot's token any more."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to speak: a chat, its topic if it has any, and the message to reply to."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None


Call = Callable[[Place, str, ParseMode | None], Awaitable[Message]]
"""One way to say a text at a place: as HTML, or plain."""


@dataclass(frozen=True, slots=True)
class Messenger:
    """Speaks for the worker."""

    bot: Bot
    limits: Limits | None = None

    def has_room(self, chat_id: int) -> bool:
        """Say whether a progress would get through now."""
        return self.limits is None or self.limits.has_room_for_progress(chat_id)

    async def send(self, place: Place, card: Card, importance: Importance) -> int:
        """Send a new message and give its id."""

        async def call(where: Place, text: str, mode: ParseMode | None) -> Message:
            return await self.bot.send_message(
                where.chat_id,
                text,
                parse_mode=mode,
                message_thread_id=where.thread_id,
                reply_parameters=_reply(where),
                reply_markup=keyboard(card),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )

        with _translated(place.chat_id, importance):
            return (await _as_allowed(call, place, card)).message_id

    async def edit(self, place: Place, message_id: int, card: Card, importance: Importance) -> None:
        """Let a message of ours say something else.

        Raises:
            MessageGoneError: It is not there any more.
        """

        async def call(where: Place, text: str, mode: ParseMode | None) -> Message:
            edited = await self.bot.edit_message_text(
                text,
                chat_id=where.chat_id,
                message_id=message_id,
                parse_mode=mode,
                reply_markup=keyboard(card),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
            assert isinstance(edited, Message)  # noqa: S101  (True is the answer for inline messages only)
            return edited

        with _translated(place.chat_id, importance):
            try:
                await _as_allowed(call, Place(place.chat_id), card)
            except TelegramBadRequest as error:
                if _is_topic_gone(error):
                    raise MessageGoneError from error
                if not _is_not_modified(error):
                    raise

    async def send_document(self, place: Place, name: str, content: bytes, card: Card) -> str | None:
        """Send a file with the card as its caption and give Telegram's name of the file.

        Raises:
            PerhapsSentError: It may have arrived.
        """
        send = partial(self.bot.send_document, document=BufferedInputFile(content, name), request_timeout=300)
        sent = await self._send_under(send, place, card, Importance.RESULT)
        return sent.document.file_id if sent.document else None

    async def send_photo(self, place: Place, content: bytes, card: Card) -> None:
        """Send a picture, a PNG, with the card as its caption; what is more important goes first."""
        send = partial(self.bot.send_photo, photo=BufferedInputFile(content, "result.png"), request_timeout=30)
        await self._send_under(send, place, card, Importance.CARD)

    async def _send_under(
        self, send: Callable[..., Awaitable[Message]], place: Place, card: Card, importance: Importance
    ) -> Message:
        async def call(where: Place, text: str, mode: ParseMode | None) -> Message:
            return await send(
                chat_id=where.chat_id,
                caption=text,
                parse_mode=mode,
                message_thread_id=where.thread_id,
                reply_parameters=_reply(where),
                reply_markup=keyboard(card),
            )

        with _translated(place.chat_id, importance):
            return await _as_allowed(call, place, card)

    async def link(self, payload: str) -> str:
        """Give the address that opens our private chat and says ``/start payload`` there."""
        return f"https://t.me/{(await self.bot.me()).username}?start={payload}"

    async def leave(self, chat_id: int) -> None:
        """Go out of a group."""
        with _translated(chat_id, Importance.ANSWER):
            await self.bot.leave_chat(chat_id)

    async def count_members(self, chat_id: int) -> int | None:
        """Give how many are in a group; None where Telegram does not say."""
        try:
            return await self.bot.get_chat_member_count(chat_id)
        except (HeldBackError, TelegramAPIError, ClientDecodeError):
            return None

    async def show_reading(self, place: Place) -> None:
        """Show for a few seconds that the bot is at work; that it does not show is no failure."""
        try:
            await self.bot.send_chat_action(place.chat_id, ChatAction.TYPING, message_thread_id=place.thread_id)
        except (TelegramAPIError, ClientDecodeError):
            logger.debug("No chat action: chat=%s", place.chat_id)


async def _as_allowed(call: Call, place: Place, card: Card) -> Message:
    """Say it as it was meant, else as Telegram lets us: outside a closed topic, or plain where our HTML is broken."""
    text: str = card.text
    mode: ParseMode | None = ParseMode.HTML
    while True:
        try:
            return await call(place, text, mode)
        except TelegramBadRequest as error:
            if _is_topic_gone(error) and place.thread_id is not None:
                place = replace(place, thread_id=None)
            elif _is_topic_gone(error) and place.reply_to is not None:
                place = replace(place, reply_to=None)  # a reply goes to the topic of what it replies to
            elif _is_bad_html(error) and mode is not None:
                # Telegram's words quote the text, so they are not logged.
                logger.error("A message of ours is no valid HTML: chat=%s", place.chat_id)
                text, mode = _unmarked(text), None
            else:
                raise


def _reply(place: Place) -> ReplyParameters | None:
    if place.reply_to is None:
        return None
    return ReplyParameters(message_id=place.reply_to, allow_sending_without_reply=True)


@contextmanager
def _translated(chat_id: int, importance: Importance) -> Iterator[None]:
    """Speak with this importance, and turn errors into what the worker decides by."""
    token = speaking.set(importance)
    try:
        yield
    except ClientDecodeError:
        # A proxy's page in place of an answer. The error holds it, or all that was said: it goes no further.
        raise PerhapsSentError from None
    except (HeldBackError, TelegramAPIError) as error:
        meaning = _meaning(error)
        if isinstance(meaning, RefusedError):
            logger.error("Telegram refuses a call: chat=%s (%s)", chat_id, type(error).__name__)
        raise meaning from error
    finally:
        speaking.reset(token)


def _meaning(error: HeldBackError | TelegramAPIError) -> Exception:
    """Say what an error of Telegram's means for the worker."""
    match error:
        case HeldBackError():
            return LaterError(error.seconds)
        case TelegramRetryAfter():
            return LaterError(error.retry_after)
        case TelegramMigrateToChat():
            return MovedChatError(error.migrate_to_chat_id)
        case TelegramUnauthorizedError():
            return TokenRevokedError()
        case TelegramForbiddenError():
            return UnreachableChatError(_words(error))
        case TelegramEntityTooLarge():
            return TooLargeError()
        case TelegramNetworkError():
            return LaterError(SERVER_ERROR_SECONDS) if _never_begun(error) else PerhapsSentError()
        case TelegramBadRequest():
            if is_unreachable(error) or _is_topic_gone(error):
                return UnreachableChatError(_words(error))
            return MessageGoneError() if _is_message_gone(error) else RefusedError(_words(error))
        case _:
            # 429 without a time, and 5xx with Telegram's own JSON: it did not do it.
            return LaterError(SERVER_ERROR_SECONDS)


UNREACHABLE = (
    "chat not found",
    "group chat was deactivated",
    "user is deactivated",
    "peer_id_invalid",
    "not enough rights",
    "have no rights",
    "need administrator",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_send_",  # and what may not be sent there: docs, plain
)
"""How Telegram says with a 400 that a chat cannot be written to."""


def is_unreachable(error: TelegramBadRequest) -> bool:
    """Say whether this refusal means that the chat cannot be written to."""
    words = _words(error)
    return any(sign in words for sign in UNREACHABLE)


def _is_not_modified(error: TelegramBadRequest) -> bool:
    return "message is not modified" in _words(error)


def _is_message_gone(error: TelegramBadRequest) -> bool:
    words = _words(error)
    return "message to edit not found" in words or "message can't be edited" in words or "message_id_invalid" in words


def _is_topic_gone(error: TelegramBadRequest) -> bool:
    words = _words(error)
    return "topic_closed" in words or "thread not found" in words or "topic_deleted" in words


def _is_bad_html(error: TelegramBadRequest) -> bool:
    return "can't parse entities" in _words(error)


def _never_begun(error: TelegramNetworkError) -> bool:
    """Say whether no connection was made, so that nothing can have been sent."""
    return isinstance(error.__cause__, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError))


def _words(error: TelegramAPIError) -> str:
    return (error.message or "").lower()


def _unmarked(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", text))
