"""Who may speak to the bot here, and is this group message meant for it?"""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware, Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Chat, Message, TelegramObject, User

from bot.cards import Card, lines
from bot.texts import Texts, language_of
from handlers.answers import answer, answer_press
from storage.chats import Chats
from storage.updates import UpdateState

GROUPS = frozenset({"group", "supergroup"})
OUR_COMMANDS = frozenset(
    {
        "start",
        "help",
        "check",
        "jobs",
        "country",
        "cancel",
        "language",
        "unsure",
        "pause",
        "resume",
        "forget",
        "privacy",
    },
)
SILENT_SECONDS = 3600.0
"""A stranger who goes on writing is answered once in so long."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Knows who we are and who may use us. Deny by default."""

    bot_id: int
    username: str
    admin_ids: frozenset[int]
    allowed_ids: frozenset[int]

    def may_use(self, person_id: int | None, chat_id: int | None) -> bool:
        """Say whether this person may use the bot in this chat."""
        if person_id is not None and person_id in self.admin_ids | self.allowed_ids:
            return True
        return chat_id is not None and chat_id in self.allowed_ids

    def is_meant_for_us(self, raw: dict[str, Any]) -> bool:
        """Say whether an update, as it came, is any business of ours; all else is dropped before it is stored.

        A group's message is meant for us when it is a command, a reply to a message of ours, a mention, or the notice
        that the group has a new id (https://core.telegram.org/bots/features#privacy-mode). What cannot be read is
        kept, to be put aside by whoever fails to read it.
        """
        for kind in ("message", "edited_message"):
            message = raw.get(kind)
            if isinstance(message, dict):
                chat = message.get("chat")
                place = str(chat.get("type")) if isinstance(chat, dict) else ""
                return self._is_addressed(message) if place in GROUPS else place != "channel"
        return True

    def _is_addressed(self, message: dict[str, Any]) -> bool:
        if "migrate_to_chat_id" in message or self._replies_to_us(message.get("reply_to_message")):
            return True
        for text, entities in (("text", "entities"), ("caption", "caption_entities")):
            said, marks = message.get(text), message.get(entities)
            known = marks if isinstance(said, str) and isinstance(marks, list) else []
            if any(self._calls_us(str(said), mark) for mark in known if isinstance(mark, dict)):
                return True
        return False

    def _replies_to_us(self, replied: object) -> bool:
        """Say whether the message replied to is ours. In a topic every message replies to the topic's first."""
        if not isinstance(replied, dict) or "forum_topic_created" in replied:
            return False
        author = replied.get("from")
        return isinstance(author, dict) and author.get("id") == self.bot_id

    def _calls_us(self, said: str, mark: dict[str, Any]) -> bool:
        """Say whether an entity is our command at the beginning, or our name anywhere."""
        offset, length = mark.get("offset"), mark.get("length")
        if not isinstance(offset, int) or not isinstance(length, int):
            return False
        # Offsets count UTF-16 units: https://core.telegram.org/bots/api#messageentity.
        units = said.encode("utf-16-le", "surrogatepass")
        word = units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace").lower()
        name = self.username.lower()
        if mark.get("type") == "mention":
            return word == f"@{name}"
        if mark.get("type") == "bot_command" and offset == 0:
            command, _, addressee = word[1:].partition("@")
            return addressee == name if addressee else command in OUR_COMMANDS
        return False


class Languages(BaseMiddleware):
    """Finds out which language the person reads: the one they chose, else the one their Telegram speaks."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:  # noqa: ANN401  (whatever the handler gives)
        """Hand ``language`` and ``texts`` to the handlers."""
        person: User | None = data.get("event_from_user")
        chats: Chats = data["chats"]
        chosen = await chats.language(person.id) if person else None
        data["language"] = chosen or language_of(person.language_code if person else None)
        data["texts"] = data["texts_by_language"][data["language"]]
        return await handler(event, data)


class Stranger(Filter):
    """Somebody who may not use the bot here."""

    async def __call__(
        self,
        _event: TelegramObject,
        audience: Audience,
        event_from_user: User | None = None,
        event_chat: Chat | None = None,
    ) -> bool:
        """Say whether that is so. An event without a person is a stranger's."""
        return not audience.may_use(
            event_from_user.id if event_from_user else None,
            event_chat.id if event_chat else None,
        )


def build_router() -> Router:
    """Stand before all other routers: strangers get no further."""
    router = Router(name="strangers")
    router.message.register(turn_away, Stranger())
    router.edited_message.register(turn_away_silently, Stranger())
    router.callback_query.register(turn_away_press, Stranger())
    return router


async def turn_away(message: Message, texts: Texts, chats: Chats) -> UpdateState:
    """Tell a stranger, once in a while, what to do; read nothing of what they sent."""
    person = message.from_user
    if person is None or person.is_bot:
        return UpdateState.REFUSED
    if await chats.is_to_be_answered(person.id, time.time(), silent_seconds=SILENT_SECONDS):
        await answer(message, stranger(message.chat, person, texts))
        await chats.note_turned_away(person.id, time.time())
    return UpdateState.REFUSED


async def turn_away_silently(_message: Message) -> UpdateState:
    """Leave a stranger's edits alone."""
    return UpdateState.REFUSED


async def turn_away_press(query: CallbackQuery, texts: Texts) -> UpdateState:
    """Answer a stranger's press: nothing happens."""
    await answer_press(query, texts.plain("press-not-allowed"), alert=True)
    return UpdateState.REFUSED


def stranger(chat: Chat, person: User, texts: Texts) -> Card:
    """Say that the bot is for one team, and which ids its admin needs."""
    ids: Mapping[str, str] = {"id": str(person.id), "chat": str(chat.id)}
    how = "stranger-person" if chat.type == "private" else "stranger-chat"
    used = {name: value for name, value in ids.items() if name == "id" or chat.type != "private"}
    return Card(lines(texts.say("stranger"), texts.say(how, **used), texts.say("stranger-list")))
