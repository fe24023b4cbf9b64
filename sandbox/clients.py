"""What people do with their Telegram: write, send files, edit, take away, press buttons."""

import re
from dataclasses import dataclass
from typing import Any

from sandbox.chats import SEES_ALL, Chat, Message, Person
from sandbox.entities import find_entities, trimmed, utf16_length
from sandbox.files import Upload
from sandbox.formatting import TEXT_LIMIT
from sandbox.keyboards import buttons_of
from sandbox.people import NotPossibleError, People
from sandbox.senders import origin_of
from sandbox.state import Query

LARGEST_VCARD = 2048
"""In bytes (https://core.telegram.org/bots/api#contact)."""


@dataclass(frozen=True)
class PressAnswer:
    """What a person sees after a press; ``answered`` is False when the spinner ran out."""

    text: str = ""
    show_alert: bool = False
    url: str | None = None
    answered: bool = True


@dataclass(frozen=True)
class _How:
    """To what a message replies, in which topic it stands, and which channel signs it."""

    reply_to: int | None = None
    thread_id: int | None = None
    as_channel: int | None = None


class Clients(People):
    """The people of one server and the clients in their hands."""

    async def send_text(  # noqa: PLR0913 - a person chooses all of this
        self,
        person: Person,
        chat_id: int,
        text: str,
        *,
        reply_to: int | None = None,
        thread_id: int | None = None,
        entities: list[dict[str, Any]] | None = None,
        as_channel: int | None = None,
    ) -> int:
        """Write; give the message's id. Entities are found as a server finds them.

        ``as_channel`` is a channel of the person's own that signs it; an anonymous admin's group signs by itself.
        """
        text, entities = trimmed(text, entities or [])
        if not text or utf16_length(text) > TEXT_LIMIT:
            raise NotPossibleError("a message has 1 to 4096 characters; a longer paste is cut by the client")
        found = find_entities(text, entities)
        content = {"text": text, "entities": found} if found else {"text": text}
        return self._sent(person, chat_id, content, _How(reply_to, thread_id, as_channel))

    async def paste(
        self, person: Person, chat_id: int, text: str, *, reply_to: int | None = None, thread_id: int | None = None
    ) -> list[int]:
        """Write a text of any length: the client cuts it, at the end of a line where there is one; give the ids."""
        ids: list[int] = []
        while text.strip():
            piece = text if utf16_length(text) <= TEXT_LIMIT else text[: TEXT_LIMIT // 2]
            if piece is not text and utf16_length(text[:TEXT_LIMIT]) == TEXT_LIMIT:
                piece = text[:TEXT_LIMIT]
            if piece is not text and "\n" in piece:
                piece = piece[: piece.rindex("\n") + 1]
            text = text[len(piece) :]
            if piece.strip():
                reply = None if ids else reply_to
                ids.append(await self.send_text(person, chat_id, piece, reply_to=reply, thread_id=thread_id))
        return ids

    async def send_document(  # noqa: PLR0913 - a person chooses all of this
        self,
        person: Person,
        chat_id: int,
        file_name: str,
        data: bytes,
        *,
        caption: str | None = None,
        reply_to: int | None = None,
        thread_id: int | None = None,
        media_group_id: str | None = None,
        mime_type: str | None = None,
        size: int | None = None,
        as_channel: int | None = None,
    ) -> int:
        """Send a file; give the message's id. ``size`` may claim more than the data holds."""
        if not data and not size:
            raise NotPossibleError("no client sends an empty file")
        stored = self.state.files.keep(Upload(file_name, data, mime_type), size=size)
        content: dict[str, Any] = {"document": stored.as_document()}
        if caption:
            content["caption"] = caption
            found = find_entities(caption)
            if found:
                content["caption_entities"] = found
        if media_group_id:
            content["media_group_id"] = media_group_id
        return self._sent(person, chat_id, content, _How(reply_to, thread_id, as_channel), data)

    async def send_contact(  # noqa: PLR0913 - a person chooses all of this
        self,
        person: Person,
        chat_id: int,
        phone_number: str,
        first_name: str,
        *,
        last_name: str | None = None,
        vcard: str | None = None,
        user_id: int | None = None,
        reply_to: int | None = None,
        thread_id: int | None = None,
    ) -> int:
        """Share a contact; give the message's id. Of somebody who has an account a client adds the ``user_id``."""
        if not phone_number or not first_name:
            raise NotPossibleError("a contact has a phone number and a first name")
        if vcard is not None and len(vcard.encode()) > LARGEST_VCARD:
            raise NotPossibleError(f"a vCard has up to {LARGEST_VCARD} bytes")
        # Telegram gives the number of an account in digits alone.
        given = re.sub(r"\D", "", phone_number) if user_id is not None else phone_number
        optional = {"last_name": last_name, "vcard": vcard, "user_id": user_id}
        contact: dict[str, Any] = {"phone_number": given, "first_name": first_name}
        contact |= {word: value for word, value in optional.items() if value is not None}
        return self._sent(person, chat_id, {"contact": contact}, _How(reply_to, thread_id))

    async def forward(
        self, person: Person, from_chat_id: int, message_id: int, to_chat_id: int, *, thread_id: int | None = None
    ) -> int:
        """Send somebody's message on, with its author's name; give the id of the new one."""
        original = self._chat_of(person, from_chat_id).live_message(message_id)
        if original is None or original.service:
            raise NotPossibleError("there is no such message to forward")
        content = {**original.content, "forward_origin": origin_of(original)}
        return self._sent(person, to_chat_id, content, _How(thread_id=thread_id), original.data)

    async def open_link(self, person: Person, url: str) -> int:
        """Follow a link to the bot and press "Start"; give the id of what that says in the private chat."""
        link = re.fullmatch(r"https://t\.me/(\w+)\?start=([A-Za-z0-9_-]{1,64})", url)
        if link is None or link[1] != self.state.bot.username:
            raise NotPossibleError(f"{url!r} leads nowhere")
        return await self.send_text(person, self.private_chat(person), f"/start {link[2]}")

    def _sent(
        self, person: Person, chat_id: int, content: dict[str, Any], how: "_How", data: bytes | None = None
    ) -> int:
        chat = self._chat_of(person, chat_id)
        replied = None
        if how.reply_to is not None:
            replied = chat.live_message(how.reply_to)
            if replied is None:
                raise NotPossibleError("there is no such message to reply to")
        self._check_rights(person, chat, how.thread_id)
        signs = self._signs(person, chat, how.as_channel)
        message = self.state.put(
            chat, person, content, reply_to=replied, thread_id=how.thread_id, data=data, sender_chat=signs
        )
        self.state.give(message)
        if chat.discussion is not None:
            more = {"forward_origin": origin_of(message), "is_automatic_forward": True}
            group = self.state.chats[chat.discussion]
            self.state.give(self.state.put(group, person, {**content, **more}, data=data, sender_chat=chat))
        return message.message_id

    def _check_rights(self, person: Person, chat: Chat, thread_id: int | None) -> None:
        if not chat.members[person.id].may("can_send_messages"):
            raise NotPossibleError("this person may not write there")
        if thread_id is None:
            return
        if thread_id not in chat.topics:
            raise NotPossibleError("there is no such topic")
        if chat.topics[thread_id].closed and chat.status_of(person.id) not in SEES_ALL:
            raise NotPossibleError("the topic is closed")

    def _signs(self, person: Person, chat: Chat, channel_id: int | None) -> Chat | None:
        """The chat that signs what a person writes; None where they sign it themselves."""
        if channel_id is not None:
            channel = self.state.chats[channel_id]
            if channel.type != "channel" or channel.status_of(person.id) != "creator":
                raise NotPossibleError("a person writes as a channel of their own only")
            return channel
        is_anonymous = chat.members[person.id].rights.get("is_anonymous", False)
        return chat if is_anonymous and chat.status_of(person.id) in SEES_ALL else None

    def _chat_of(self, person: Person, chat_id: int) -> Chat:
        chat = self.state.chats.get(chat_id)
        gone = chat is None or chat.deleted or chat.migrated_to is not None
        if chat is None or gone or chat.status_of(person.id) in {"left", "kicked"}:
            raise NotPossibleError("this person is not in this chat")
        if chat.type == "private" and chat.status_of(self.state.bot.id) == "kicked":
            raise NotPossibleError("this person has blocked the bot")
        return chat

    async def edit_text(self, person: Person, chat_id: int, message_id: int, text: str) -> None:
        """Change one's own message (its caption where it is a file)."""
        message = self._chat_of(person, chat_id).live_message(message_id)
        if message is None or message.sender is not person:
            raise NotPossibleError("a person edits own messages only")
        word, marks = ("text", "entities") if "text" in message.content else ("caption", "caption_entities")
        message.remember(self.state.clock.now())
        message.content = {key: value for key, value in message.content.items() if key not in {word, marks}}
        message.content[word] = text
        found = find_entities(text)
        if found:
            message.content[marks] = found
        message.edit_date = self.state.now()
        self.state.changes.tell("edited", chat_id=chat_id, message=message.as_event())
        self.state.give(message, edited=True)

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message away; the bot is not told, as nothing tells a bot."""
        self.state.chats[chat_id].messages[message_id].deleted = True
        self.state.changes.tell("deleted", chat_id=chat_id, message_id=message_id)

    async def press(
        self,
        person: Person,
        chat_id: int,
        message_id: int,
        label_or_data: str,
        *,
        timeout: float = 60.0,  # noqa: ASYNC109 - how long the person looks at the spinner
    ) -> PressAnswer:
        """Press a button by what stands on it now, and wait for the answer for so many real seconds (0: do not wait).

        A word that stands on no button is sent as raw data, as a forged client would. What looks like a label (it has
        a blank, or stood there once) is not: that is ``forge``, so that a test that missed its button is told so.
        """
        message = self.state.chats[chat_id].messages[message_id]
        return await self._called_back(person, message, _data(message, label_or_data), timeout)

    async def press_data(
        self,
        person: Person,
        chat_id: int,
        message_id: int,
        data: str,
        *,
        timeout: float = 60.0,  # noqa: ASYNC109 - as in press
    ) -> PressAnswer:
        """Press a button by its data, as a client does; also one that an edit has taken away in this moment."""
        message = self._chat_of(person, chat_id).messages[message_id]
        return await self._called_back(person, message, data, timeout)

    async def forge(self, person: Person, chat_id: int, message_id: int, data: str) -> None:
        """Send any data as if a button under this message held it, also where the message is gone; do not wait."""
        await self._called_back(person, self.state.chats[chat_id].messages[message_id], data, 0)

    async def _called_back(
        self,
        person: Person,
        message: Message,
        data: str,
        timeout: float,  # noqa: ASYNC109 - as in press
    ) -> PressAnswer:
        query = Query(self.state.new_id(), person, message, data, self.state.clock.now())
        self.state.queries[query.query_id] = query
        self.state.updates.add(
            "callback_query",
            {
                "id": query.query_id,
                "from": person.as_user(),
                "message": _accessible(message),
                "chat_instance": str(10**17 + abs(message.chat.id) * 7919),
                "data": query.data,
            },
        )
        self.state.changes.tell("pressed", chat_id=message.chat.id, person_id=person.id, data=query.data)
        if timeout:
            try:
                await self.state.changes.wait_for(lambda: query.answer, timeout)
            except TimeoutError:
                return PressAnswer(answered=False)
        if query.answer is None:
            return PressAnswer(answered=False)
        return PressAnswer(query.answer["text"], query.answer["show_alert"], query.answer["url"])


def _data(message: Message, label_or_data: str) -> str:
    for button in buttons_of(message.markup):
        if button["text"] == label_or_data:
            if "callback_data" not in button:
                raise NotPossibleError(f"the button {label_or_data!r} calls nobody back")
            return str(button["callback_data"])
    earlier = {button["text"] for version in message.versions for button in buttons_of(version["markup"])}
    if " " in label_or_data or label_or_data in earlier:
        raise NotPossibleError(f"there is no button {label_or_data!r}, there are {message.labels}")
    return label_or_data


def _accessible(message: Message) -> dict[str, Any]:
    if message.deleted:
        return {"chat": message.chat.as_chat(), "message_id": message.message_id, "date": 0}
    return message.as_message()
