"""Everything the local Telegram knows, and the rules about who is given what and who may write where."""

import itertools
import uuid
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sandbox.changes import Changes
from sandbox.chats import PRESENT, SEES_ALL, Chat, Message, Person
from sandbox.clock import Clock
from sandbox.entities import utf16_length
from sandbox.faults import Faults
from sandbox.files import FileStore
from sandbox.flood import FloodLimits
from sandbox.refusals import Refusal, bad_request, forbidden
from sandbox.update_queue import UpdateQueue

QUERY_LIVES_SECONDS = 15.0
RIGHT_TO_SEND = {
    "text messages": "can_send_messages",
    "documents": "can_send_documents",
    "photos": "can_send_photos",
}


@dataclass
class Query:
    """One press of a button: who, under which message, when, and what the bot answered to it."""

    query_id: str
    person: Person
    message: Message
    data: str
    at: float
    answer: dict[str, Any] | None = None


@dataclass
class State:
    """The world of one server."""

    bot: Person
    faults: Faults
    clock: Clock
    flood: FloodLimits
    changes: Changes
    updates: UpdateQueue
    files: FileStore
    people: dict[int, Person] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    webhook: str = ""
    profile: dict[tuple[str, str], Any] = field(default_factory=dict)
    _shared_ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(101))
    _own_ids: dict[int, int] = field(default_factory=dict)
    random: Random = field(default_factory=lambda: Random(7))
    opened: str = field(default_factory=lambda: uuid.uuid4().hex)
    """Tells this world from the one before it, which may have had the same address."""

    def now(self) -> int:
        """The time as Telegram writes it."""
        return int(self.clock.now())

    def next_message_id(self, chat: Chat) -> int:
        """Private chats and groups share one row of numbers, as with Telegram; a supergroup has its own from 1."""
        if chat.type in {"private", "group"}:
            return next(self._shared_ids)
        self._own_ids[chat.id] = self._own_ids.get(chat.id, 0) + 1
        return self._own_ids[chat.id]

    def chat(self, chat_id: int | str) -> Chat:
        """The chat a bot means.

        Raises:
            Refusal: chat not found.
        """
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            known = self.people.get(chat_id) if isinstance(chat_id, int) else None
            if known is not None:
                raise forbidden("bot can't initiate conversation with a user")
            raise bad_request("chat not found")
        return chat

    def reachable_chat(self, chat_id: int | str) -> Chat:
        """The chat, if the bot is in it.

        Raises:
            Refusal: not found, upgraded, deleted, blocked, kicked, left.
        """
        chat = self.chat(chat_id)
        if chat.migrated_to is not None:
            sentence = "group chat was upgraded to a supergroup chat"
            raise bad_request(sentence, migrate_to_chat_id=chat.migrated_to)
        status = chat.status_of(self.bot.id)
        if chat.deleted:
            raise forbidden("the group chat was deleted")
        if chat.person is not None:
            if chat.person.deleted:
                raise forbidden("user is deactivated")
            if status == "kicked":
                raise forbidden("bot was blocked by the user")
        elif status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        elif status not in PRESENT:
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat

    def writable_chat(self, chat_id: int | str, what: str, thread_id: int | None = None) -> Chat:
        """The chat, if the bot may send this kind of thing there (and into this thread).

        Raises:
            Refusal: as for a reachable chat, and no rights, no such thread, thread closed.
        """
        chat = self.reachable_chat(chat_id)
        if chat.write_forbidden:
            raise bad_request("CHAT_WRITE_FORBIDDEN")
        member = chat.members[self.bot.id]
        if chat.type == "channel" and member.status not in SEES_ALL:
            raise bad_request("need administrator rights in the channel chat")
        if not member.may(RIGHT_TO_SEND[what]):
            raise bad_request(f"not enough rights to send {what} to the chat")
        if thread_id is not None:
            self._check_thread(chat, thread_id)
        return chat

    def _check_thread(self, chat: Chat, thread_id: int) -> None:
        topic = chat.topics.get(thread_id)
        if topic is None and (chat.forum or chat.type != "supergroup" or chat.live_message(thread_id) is None):
            raise bad_request("message thread not found")
        if topic is not None and topic.closed and chat.status_of(self.bot.id) not in SEES_ALL:
            raise bad_request("TOPIC_CLOSED")

    def check_reply_thread(self, reply_to: Message | None) -> None:
        """A reply goes to the topic of what it replies to: refuse it where that topic is closed."""
        if reply_to is not None and reply_to.thread_id is not None and reply_to.chat.forum:
            self._check_thread(reply_to.chat, reply_to.thread_id)

    def put(self, chat: Chat, sender: Person | None, content: dict[str, Any], **more: Any) -> Message:
        """Write a message into a chat; nobody is told yet."""
        message = Message(chat, self.next_message_id(chat), sender, self.now(), content, **more)
        if message.thread_id is None and message.reply_to is not None:
            message.thread_id = message.reply_to.thread_id
            if message.thread_id is None and chat.type == "supergroup" and not chat.forum:
                message.thread_id = message.reply_to.message_id
        chat.messages[message.message_id] = message
        if message.from_bot and sender is not None:
            chat.last_bot = sender.id
        self.changes.tell("message", chat_id=chat.id, message=message.as_event())
        return message

    def bot_sees(self, message: Message) -> bool:
        """Whether this message of somebody else is given to the bot (group privacy)."""
        chat = message.chat
        status = chat.status_of(self.bot.id)
        if message.from_bot or status not in PRESENT or chat.migrated_to is not None:
            return False
        if message.service or chat.type in {"private", "channel"} or status in SEES_ALL or not chat.privacy:
            return True
        if message.reply_to is not None and message.reply_to.sender is self.bot:
            return True
        return self._is_command_for_bot(message)

    def _is_command_for_bot(self, message: Message) -> bool:
        first = message.entities[0] if message.entities else None
        if first is None or first["type"] != "bot_command" or first["offset"] != 0:
            return False
        command = message.text.encode("utf-16-le")[: first["length"] * 2].decode("utf-16-le")
        _, at, name = command.partition("@")
        if at:
            return name.lower() == str(self.bot.username).lower()
        return message.chat.last_bot == self.bot.id

    def give(self, message: Message, *, edited: bool = False) -> None:
        """Queue a person's message for the bot, if the bot is to see it."""
        if self.bot_sees(message):
            kind = "channel_post" if message.chat.type == "channel" else "message"
            self.updates.add(f"edited_{kind}" if edited else kind, message.as_message())

    def query(self, query_id: str) -> Query:
        """The press that waits for an answer.

        Raises:
            Refusal: there is none, it was answered, or it is too old.
        """
        query = self.queries.get(query_id)
        if query is None or query.answer is not None or self.clock.now() - query.at > QUERY_LIVES_SECONDS:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return query

    def new_id(self) -> str:
        """An id as callback queries have them."""
        return str(self.random.randrange(10**17, 10**18))


def check_length(text: str, most: int, what: str) -> None:
    """Refuse a text that is too long once its entities are read; ``what`` is "message" or "message caption"."""
    if utf16_length(text) > most:
        raise Refusal(400, f"Bad Request: {what} is too long")
