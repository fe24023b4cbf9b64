"""People, chats and messages, as Telegram keeps them."""

import copy
from dataclasses import dataclass, field
from typing import Any

from sandbox.senders import sender_fields

SEES_ALL = frozenset({"creator", "administrator"})
PRESENT = frozenset({"creator", "administrator", "member", "restricted"})
CONTENT = ("text", "entities", "caption", "caption_entities", "document", "photo", "contact")


@dataclass
class Person:
    """An account: a person, or a bot."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    deleted: bool = False

    def as_user(self) -> dict[str, Any]:
        """The User object."""
        user: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user


@dataclass
class Member:
    """An account's standing in a chat: creator, administrator, member, restricted, left, kicked; and its rights."""

    person: Person
    status: str = "member"
    rights: dict[str, Any] = field(default_factory=dict)

    def may(self, right: str) -> bool:
        """Whether a restricted member may do it; the others may."""
        if self.status == "restricted":
            return bool(self.rights.get(right, False))
        return self.status in PRESENT

    def as_chat_member(self) -> dict[str, Any]:
        """The ChatMember object."""
        member: dict[str, Any] = {"user": self.person.as_user(), "status": self.status}
        if self.status == "creator":
            member["is_anonymous"] = False
        elif self.status == "administrator":
            member |= {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(_ADMIN_RIGHTS, True) | self.rights
        elif self.status == "restricted":
            member |= {"is_member": True, "until_date": 0} | dict.fromkeys(_MEMBER_RIGHTS, False) | self.rights
        elif self.status == "kicked":
            member["until_date"] = 0
        return member


_ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
_MEMBER_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


@dataclass
class Topic:
    """One topic of a forum; its id is the message that opened it."""

    thread_id: int
    name: str
    closed: bool = False


@dataclass
class Message:
    """One message with all it ever was.

    ``content`` holds the fields of Telegram's Message that make it up (text, entities, document, caption, or those of
    a service message); ``versions`` what it was before each edit, oldest first, with ``at`` the time it was written.
    """

    chat: "Chat"
    message_id: int
    sender: Person | None
    date: int
    content: dict[str, Any]
    reply_to: "Message | None" = None
    thread_id: int | None = None
    markup: dict[str, Any] | None = None
    data: bytes | None = None
    edit_date: int | None = None
    deleted: bool = False
    service: bool = False
    silent: bool = False
    sender_chat: "Chat | None" = None
    """The chat that signs it in its sender's place."""
    reactions: list[dict[str, Any]] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def from_bot(self) -> bool:
        """Whether a bot sent it."""
        return self.sender is not None and self.sender.is_bot

    @property
    def text(self) -> str:
        """The text, or the caption, or nothing."""
        return str(self.content.get("text", self.content.get("caption", "")))

    @property
    def entities(self) -> list[dict[str, Any]]:
        """The entities of the text or the caption."""
        found: list[dict[str, Any]] = self.content.get("entities", self.content.get("caption_entities", []))
        return found

    @property
    def document(self) -> dict[str, Any] | None:
        """The Document object; its bytes are in ``data``."""
        return self.content.get("document")

    @property
    def keyboard(self) -> list[list[dict[str, Any]]]:
        """The inline buttons that hang under it now, row by row."""
        rows: list[list[dict[str, Any]]] = (self.markup or {}).get("inline_keyboard", [])
        return rows

    @property
    def labels(self) -> list[str]:
        """What stands on the inline buttons."""
        return [button["text"] for row in self.keyboard for button in row]

    def remember(self, now: float) -> None:
        """Put down what it is, before it becomes something else."""
        self.versions.append({"at": now, "content": copy.deepcopy(self.content), "markup": copy.deepcopy(self.markup)})

    def texts(self) -> list[str]:
        """Every text (or caption) it ever had, oldest first."""
        contents = [one["content"] for one in self.versions] + [self.content]
        return [str(one.get("text", one.get("caption", ""))) for one in contents]

    def as_message(self, *, with_reply: bool = True) -> dict[str, Any]:
        """The Message object as a bot is given it."""
        message: dict[str, Any] = {"message_id": self.message_id, **sender_fields(self)}
        message |= {"chat": self.chat.as_chat(), "date": self.date}
        if self.thread_id is not None:
            message["message_thread_id"] = self.thread_id
            if self.chat.forum:
                message["is_topic_message"] = True
        if self.edit_date is not None:
            message["edit_date"] = self.edit_date
        if with_reply and self.reply_to is not None and not self.reply_to.deleted:
            message["reply_to_message"] = self.reply_to.as_message(with_reply=False)
        message |= copy.deepcopy(self.content)
        if self.keyboard:
            message["reply_markup"] = copy.deepcopy(self.markup)
        return message

    def as_event(self) -> dict[str, Any]:
        """What people see of it now, for the list of events."""
        return {**self.as_message(), "from_bot": self.from_bot, "reply_markup": copy.deepcopy(self.markup)}

    def as_record(self) -> dict[str, Any]:
        """All there is to know, for the control routes."""
        more = {"reactions": self.reactions, "deleted": self.deleted, "versions": self.versions}
        return {**self.as_event(), **copy.deepcopy(more)}


@dataclass
class Chat:
    """A private chat, a group, a supergroup (with or without topics) or a channel."""

    id: int
    type: str
    title: str | None = None
    person: Person | None = None
    forum: bool = False
    privacy: bool = True
    write_forbidden: bool = False
    migrated_to: int | None = None
    deleted: bool = False
    discussion: int | None = None
    """The group that a channel's posts are forwarded to by themselves."""
    last_bot: int | None = None
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)

    def as_chat(self) -> dict[str, Any]:
        """The Chat object."""
        chat: dict[str, Any] = {"id": self.id}
        if self.person is not None:
            user = self.person.as_user()
            chat |= {word: user[word] for word in ("first_name", "username") if word in user}
        else:
            chat["title"] = self.title
        chat["type"] = self.type
        if self.forum:
            chat["is_forum"] = True
        return chat

    def status_of(self, person_id: int) -> str:
        """The standing of an account here."""
        member = self.members.get(person_id)
        return member.status if member else "left"

    def live_message(self, message_id: int) -> Message | None:
        """The message, if it is still there."""
        message = self.messages.get(message_id)
        return None if message is None or message.deleted else message
