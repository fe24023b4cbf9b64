"""Somebody who may not use the bot writes or presses: they are answered once in a while, and the admins are asked."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Chat, Document, Message, User

from bot.cards import Card, lines
from bot.numbers import looks_like_list
from bot.texts import Html, Texts
from handlers.admission import Access, Admission
from handlers.answers import answer, answer_press
from handlers.audience import GROUPS
from handlers.intake import thread_of
from storage.access_requests import AccessRequests, KeptList, NewRequest
from storage.chats import Chats
from storage.updates import UpdateState

logger = logging.getLogger(__name__)

SILENT_SECONDS = 3600.0
"""A stranger who goes on writing is answered once in so long."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where strangers knock."""

    access: Access
    requests: AccessRequests
    chats: Chats
    wake: Callable[[], None]

    @property
    def has_admins(self) -> bool:
        """Say whether there is anybody to ask."""
        return bool(self.access.audience.admin_ids)

    async def is_to_be_answered(self, person: User, admission: Admission, now: float) -> bool:
        """Say whether somebody who is turned away hears why: once in a while."""
        if admission not in {Admission.STRANGER, Admission.DENIED}:
            return False
        return await self.chats.is_to_be_answered(person.id, now, silent_seconds=SILENT_SECONDS)


class Stranger(Filter):
    """Somebody who may not use the bot here."""

    async def __call__(
        self,
        event: Message | CallbackQuery,
        door: Door,
        event_from_user: User | None = None,
        event_chat: Chat | None = None,
    ) -> bool | dict[str, Any]:
        """Hand over how they stand. An event without a person is a stranger's."""
        admission = await door.access.admission(event_from_user, event_chat)
        if admission is not Admission.ALLOWED:
            return {"admission": admission}
        if isinstance(event, Message) and event_from_user is not None and event.chat.type in GROUPS:
            await door.access.was_seen(event.chat.id, event_from_user)
        return False


def build_router() -> Router:
    """Stand before all other routers: strangers get no further."""
    router = Router(name="strangers")
    router.message.register(turn_away, Stranger())
    router.edited_message.register(turn_away_edit, Stranger())
    router.callback_query.register(turn_away_press, Stranger())
    return router


async def turn_away(message: Message, admission: Admission, door: Door, texts: Texts, language: str) -> UpdateState:
    """Ask the admins about a stranger, and tell them so once in a while; read nothing of what they sent."""
    person, now = message.from_user, time.time()
    if admission is Admission.UNWANTED and message.bot is not None:
        await message.bot.leave_chat(message.chat.id)
    elif admission is Admission.STRANGER and person is not None and door.has_admins:
        await _ask(message, person, door, texts, language)
    elif person is not None and await door.is_to_be_answered(person, admission, now):
        is_denied = admission is Admission.DENIED
        await _say(message, Card(texts.say("access-denied")) if is_denied else stranger(message.chat, person, texts))
        await door.chats.note_turned_away(person.id, now)
    return UpdateState.REFUSED


async def _ask(message: Message, person: User, door: Door, texts: Texts, language: str) -> None:
    kept, now = kept_list(message, language), time.time()
    request = await door.requests.ask(new_request(message.chat, person, language, message.sender_chat), kept, now)
    if request is None:
        # An admin has decided in this very moment.
        if await door.access.admission(person, message.chat) is Admission.ALLOWED:
            raise SkipHandler
        return
    door.wake()
    if request.answered_at is None or request.answered_at <= now - SILENT_SECONDS:
        await _say(message, Card(asked(message, kept, texts)))
        await door.requests.note_answered(request.id, now)


async def _say(message: Message, card: Card) -> None:
    """Answer; who does not let us write to them is not answered."""
    try:
        await answer(message, card)
    except (TelegramForbiddenError, TelegramBadRequest) as error:
        logger.info("A stranger cannot be answered (%s): chat=%s", type(error).__name__, message.chat.id)


async def turn_away_edit(message: Message, admission: Admission, door: Door) -> UpdateState:
    """Leave a stranger's edits alone, but for a file that waits."""
    file = _file_of(message)
    if admission is Admission.STRANGER and file is not None:
        await door.requests.edit_kept(message.chat.id, message.message_id, file.file_id, _name_of(file), file.file_size)
    return UpdateState.REFUSED


async def turn_away_press(query: CallbackQuery, admission: Admission, texts: Texts) -> UpdateState:
    """Answer a stranger's press: nothing happens."""
    is_silent = admission is Admission.IGNORED
    await answer_press(query, "" if is_silent else texts.plain("press-not-allowed"), alert=not is_silent)
    return UpdateState.REFUSED


def new_request(
    chat: Chat, person: User, language: str, sender: Chat | None = None, *, leave_at: float | None = None
) -> NewRequest:
    """Take from a message, or from being added, what the admins are shown."""
    name = sender.title if sender is not None and sender.title else person.full_name
    return NewRequest(
        chat_id=chat.id,
        chat_title=(chat.title or "") if chat.type in GROUPS else None,
        person_id=person.id,
        person_name=name,
        username=None if sender is not None else person.username,
        language=language,
        leave_at=leave_at,
    )


def kept_list(message: Message, language: str) -> KeptList | None:
    """Take from a message what has to be known to read its file later, or the file that it replies to with /check."""
    held, file = message, _file_of(message)
    replied = message.reply_to_message
    if file is None and replied is not None and (message.text or "").lower().startswith("/check"):
        held, file = replied, _file_of(replied)
    if file is None or message.from_user is None:
        return None
    return KeptList(
        chat_id=held.chat.id,
        message_id=held.message_id,
        thread_id=thread_of(message),
        person_id=message.from_user.id,
        person_name=message.from_user.full_name,
        language=language,
        name=_name_of(file),
        file_id=file.file_id,
        file_size=file.file_size,
        sent_at=held.date.timestamp(),
    )


def asked(message: Message, kept: KeptList | None, texts: Texts) -> Html:
    """Say that an admin was asked, and what becomes of a list that came with the question."""
    said = (message.text or "", message.reply_to_message.text or "" if message.reply_to_message else "")
    about_list = None
    if kept is not None:
        about_list = texts.say("access-asked-file")
    elif any(map(looks_like_list, said)):
        about_list = texts.say("access-asked-numbers")
    in_group = message.chat.type in GROUPS
    return lines(texts.say("access-asked-group" if in_group else "access-asked"), about_list)


def stranger(chat: Chat, person: User, texts: Texts) -> Card:
    """Say that the bot is for one team, and which ids its admin needs: for a bot that knows no admin."""
    ids: Mapping[str, str] = {"id": str(person.id), "chat": str(chat.id)}
    how = "stranger-person" if chat.type == "private" else "stranger-chat"
    used = {name: value for name, value in ids.items() if name == "id" or chat.type != "private"}
    return Card(lines(texts.say("stranger"), texts.say(how, **used), texts.say("stranger-list")))


def _file_of(message: Message) -> Document | None:
    """Give the file of a message; Telegram calls an animation a document as well."""
    return message.document if message.animation is None else None


def _name_of(file: Document) -> str:
    return file.file_name or "list.txt"
