"""Who is there: accounts, the chats they are in, and their standing in them."""

import itertools
from collections.abc import Sequence
from typing import Any

from sandbox.chats import PRESENT, Chat, Member, Person, Topic
from sandbox.state import State


class NotPossibleError(Exception):
    """No client would let a person do this."""


class People:
    """The people of one server and the chats they make."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._person_ids = itertools.count(5_000_001)
        self._group_ids = itertools.count(4_000_001)

    def add_person(
        self,
        first_name: str,
        *,
        id: int | None = None,  # noqa: A002 - Telegram's word
        username: str | None = None,
        language_code: str | None = "en",
        is_bot: bool = False,
    ) -> Person:
        """Let somebody have an account."""
        person = Person(next(self._person_ids) if id is None else id, first_name, username, language_code, is_bot)
        self.state.people[person.id] = person
        return person

    def private_chat(self, person: Person) -> int:
        """Let the person start the bot; give the chat's id, which is the person's."""
        chat = self.state.chats.setdefault(person.id, Chat(person.id, "private", person=person))
        chat.members[person.id] = Member(person)
        chat.members[self.state.bot.id] = Member(self.state.bot)
        return chat.id

    def add_group(  # noqa: PLR0913 - a group has these properties
        self,
        title: str,
        members: Sequence[Person] = (),
        *,
        supergroup: bool = False,
        forum: bool = False,
        channel: bool = False,
        privacy: bool = True,
        bot: str | None = "member",
        announce: bool = False,
    ) -> int:
        """Make a group whose creator is the first member; the bot is in it with the status ``bot``, or not (None).

        ``announce`` queues the updates a bot is given when somebody adds it.
        """
        kind = "channel" if channel else "supergroup" if supergroup or forum else "group"
        number = next(self._group_ids)
        chat = Chat(-number if kind == "group" else -(10**12) - number, kind, title, forum=forum, privacy=privacy)
        self.state.chats[chat.id] = chat
        for place, person in enumerate(members):
            chat.members[person.id] = Member(person, "member" if place else "creator")
        chat.members[self.state.bot.id] = Member(self.state.bot, "left")
        if bot is not None:
            if announce and members:
                self.set_member(chat.id, self.state.bot, bot, by=members[0])
            else:
                chat.members[self.state.bot.id].status = bot
        return chat.id

    def add_topic(self, person: Person, chat_id: int, name: str) -> int:
        """Open a topic in a forum; give its thread id."""
        chat = self.state.chats[chat_id]
        if not chat.forum:
            raise NotPossibleError("only a forum has topics")
        content = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        message = self.state.put(chat, person, content, service=True)
        message.thread_id = message.message_id
        chat.topics[message.message_id] = Topic(message.message_id, name)
        self.state.give(message)
        return message.message_id

    def delete_topic(self, chat_id: int, thread_id: int) -> None:
        """Take a topic away with all that is in it."""
        chat = self.state.chats[chat_id]
        del chat.topics[thread_id]
        for message in chat.messages.values():
            message.deleted = message.deleted or message.thread_id == thread_id

    def close_topic(self, chat_id: int, thread_id: int, *, closed: bool = True) -> None:
        """Let the group's owner close a topic, or open it again."""
        chat = self.state.chats[chat_id]
        chat.topics[thread_id].closed = closed
        content: dict[str, Any] = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
        self.state.give(self.state.put(chat, _creator(chat), content, service=True, thread_id=thread_id))

    def set_member(self, chat_id: int, person: Person, status: str, *, by: Person | None = None, **rights: Any) -> None:
        """Give an account (the bot too) another standing in a chat, and tell the bot as Telegram would."""
        chat = self.state.chats[chat_id]
        old = chat.members.get(person.id, Member(person, "left"))
        new = chat.members[person.id] = Member(person, status, rights)
        change = {
            "chat": chat.as_chat(),
            "from": (by or chat.person or person).as_user(),
            "date": self.state.now(),
            "old_chat_member": old.as_chat_member(),
            "new_chat_member": new.as_chat_member(),
        }
        mine = person is self.state.bot
        if mine:
            self.state.updates.add("my_chat_member", change)
        elif chat.status_of(self.state.bot.id) == "administrator":
            self.state.updates.add("chat_member", change)
        self.state.changes.tell("member", chat_id=chat_id, person_id=person.id, status=status)
        told: dict[str, Any] = {}
        if old.status in {"left", "kicked"} and status == "member":
            told = {"new_chat_members": [person.as_user()]}
        elif old.status in PRESENT and status in {"left", "kicked"}:
            told = {"left_chat_member": person.as_user()}
        if told and chat.type in {"group", "supergroup"}:
            self.state.give(self.state.put(chat, by or person, told, service=True))

    def block(self, person: Person) -> None:
        """Let the person stop the bot."""
        self.set_member(person.id, self.state.bot, "kicked", by=person)

    def unblock(self, person: Person) -> None:
        """Let the person start it again."""
        self.set_member(person.id, self.state.bot, "member", by=person)

    def delete_account(self, person: Person) -> None:
        """Let an account be gone for good."""
        person.deleted = True

    def forbid_writing(self, chat_id: int, *, forbidden: bool = True) -> None:
        """Let the server refuse whatever the bot sends there with CHAT_WRITE_FORBIDDEN, or no longer."""
        self.state.chats[chat_id].write_forbidden = forbidden

    def delete_group(self, chat_id: int) -> None:
        """Let a group's owner delete it for everybody."""
        chat = self.state.chats[chat_id]
        self.set_member(chat_id, self.state.bot, "left", by=_creator(chat))
        chat.deleted = True

    def discuss(self, channel_id: int, group_id: int) -> None:
        """Let a channel's posts be forwarded to a group by themselves from now on."""
        self.state.chats[channel_id].discussion = group_id

    def migrate(self, chat_id: int) -> int:
        """Let a group become a supergroup; give the new id. The old one is dead from now on."""
        old = self.state.chats[chat_id]
        if old.type != "group" or old.migrated_to is not None:
            raise NotPossibleError("only a group becomes a supergroup")
        new = Chat(-(10**12) - next(self._group_ids), "supergroup", old.title, privacy=old.privacy)
        new.members = dict(old.members)
        self.state.chats[new.id] = new
        creator = _creator(old)
        gone = self.state.put(old, creator, {"migrate_to_chat_id": new.id}, service=True)
        self.state.give(gone)
        old.migrated_to = new.id
        self.state.give(self.state.put(new, creator, {"migrate_from_chat_id": old.id}, service=True))
        return new.id


def _creator(chat: Chat) -> Person | None:
    return next((member.person for member in chat.members.values() if member.status == "creator"), None)
