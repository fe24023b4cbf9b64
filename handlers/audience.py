"""Who we are and whom the settings name; is this group message meant for us; which language is spoken."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update, User

from bot.texts import language_of
from storage.chats import Chats, Spoken

GROUPS = frozenset({"group", "supergroup"})
LIST_ENDINGS = (".txt", ".csv", ".tsv", ".xlsx", ".vcf")
"""Of files that a group may have us take without being asked."""
OUR_COMMANDS = frozenset(
    {
        "start",
        "help",
        "check",
        "jobs",
        "find",
        "country",
        "cancel",
        "language",
        "unsure",
        "pause",
        "resume",
        "forget",
        "privacy",
        "access",
        "spend",
        "settings",
        "allow",
    },
)
LISTS = (".txt", ".csv", ".tsv", ".xlsx", ".vcf")
"""How the names of files end that may be lists."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Knows who we are, and who is named in the settings."""

    bot_id: int
    username: str
    admin_ids: frozenset[int]
    allowed_ids: frozenset[int]
    takes_files: Callable[[], frozenset[int]] = frozenset
    """Gives the groups in which a file that may be a list is meant for us, whatever it says."""

    def is_meant_for_us(self, raw: dict[str, Any]) -> bool:
        """Say whether an update, as it came, is any business of ours; all else is dropped before it is stored.

        A group's message is meant for us when it is a command, a reply to a message of ours, a mention, or the notice
        that the group has a new id (https://core.telegram.org/bots/features#privacy-mode); and a file of
        numbers where the group has said so. What cannot be read is kept, to be put aside by whoever fails to read it.
        """
        for kind in ("message", "edited_message"):
            message = raw.get(kind)
            if isinstance(message, dict):
                chat = message.get("chat")
                place = str(chat.get("type")) if isinstance(chat, dict) else ""
                if place not in GROUPS:
                    return place != "channel"
                return self._is_addressed(message) or self._is_file_for_us(chat, message.get("document"))
        return True

    def _is_file_for_us(self, chat: object, document: object) -> bool:
        chat_id = chat.get("id") if isinstance(chat, dict) else None
        name = document.get("file_name") if isinstance(document, dict) else None
        if not isinstance(name, str) or not name.lower().endswith(LIST_ENDINGS):
            return False
        return isinstance(chat_id, int) and chat_id in self.takes_files()

    def _is_addressed(self, message: dict[str, Any]) -> bool:
        if not {"migrate_to_chat_id", "migrate_from_chat_id"}.isdisjoint(message):
            return True
        if self._replies_to_us(message.get("reply_to_message")):
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
    """Finds out which language the person reads: the one they chose, else the one their Telegram speaks.

    What Telegram says of that is kept for all that is said to them later and not as an answer: from the first message
    that somebody writes to us, and whenever it is another than before. A press of somebody who has never written keeps
    nothing. An update that does not say it (the field is optional) leaves what was said before.
    """

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:  # noqa: ANN401  (whatever the handler gives)
        """Hand ``language`` and ``texts`` to the handlers."""
        person: User | None = data.get("event_from_user")
        chats: Chats = data["chats"]
        spoken = Spoken() if person is None else await chats.spoken(person.id)
        if person is not None and person.language_code not in {None, "", spoken.code}:
            if spoken.code is not None or (isinstance(event, Update) and event.message is not None):
                await chats.note_language_code(person.id, str(person.language_code))
            spoken = Spoken(spoken.chosen, person.language_code)
        data["language"] = spoken.language or language_of(None)
        data["texts"] = data["texts_by_language"][data["language"]]
        return await handler(event, data)
