"""What one person sees of the local Telegram: their chats, who is in them, and what the bot shows of itself there."""

import itertools
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from aiohttp import web

from sandbox.chats import PRESENT, SEES_ALL, Chat, Person
from sandbox.people import NotPossibleError
from sandbox.photos import PNG
from sandbox.state import State


def view_of(state: State, person: Person) -> dict[str, Any]:
    """Everybody there is, and the chats of one person; ``cursor`` is the last event that is in it."""
    return {
        "opened": state.opened,
        "cursor": len(state.changes.events),
        "now": state.now(),
        "bot": state.bot.as_user(),
        "people": [one.as_user() for one in state.people.values() if not one.is_bot and not one.deleted],
        "person": person.as_user(),
        "chats": [_chat(state, chat, person) for chat in _chats_of(state, person)],
    }


def profile_of(state: State, person: Person, chat: Chat | None) -> dict[str, Any]:
    """What the bot shows of itself: its name and descriptions in the person's language, its menu in this chat.

    The menu is the first of the lists that were set, in the order of
    https://core.telegram.org/bots/api#determining-list-of-commands.
    """
    language = (person.language_code or "")[:2]

    def text(word: str) -> str:
        return str(state.profile.get((word, language)) or state.profile.get((word, ""), ""))

    keys = (("commands", f"{scope}:{code}") for scope, code in itertools.product(_scopes(chat, person), (language, "")))
    lists = (state.profile[key] for key in keys if key in state.profile)
    return {
        "name": text("name") or state.bot.first_name,
        "description": text("description"),
        "short_description": text("short_description"),
        "commands": next(lists, []),
    }


def speak(state: State, person: Person, language_code: str | None) -> None:
    """Let the person's Telegram be in another language."""
    if language_code is not None and not 2 <= len(language_code) <= len("zh-hans"):  # noqa: PLR2004 - as in "en"
        raise NotPossibleError(f"{language_code!r} is no language")
    person.language_code = language_code
    state.changes.tell("person", person_id=person.id, language_code=language_code)


def attachment(chat: Chat, message_id: int) -> web.Response:
    """Answer with the file of a message: a picture to be looked at, anything else to be saved.

    Raises:
        KeyError: there is no such message, or no file in it.
    """
    message = chat.messages[message_id]
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    if "photo" in message.content:
        kind = "image/png" if (message.data or b"").startswith(PNG) else "image/jpeg"
        return web.Response(body=message.data, content_type=kind, headers=headers)
    name = quote(message.content["document"]["file_name"], safe="")
    headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return web.Response(body=message.data, content_type="application/octet-stream", headers=headers)


def _chats_of(state: State, person: Person) -> Iterator[Chat]:
    """The private chat first, whether or not it was opened, then the groups, oldest first."""
    yield state.chats.get(person.id) or Chat(person.id, "private", person=person)
    for chat in state.chats.values():
        gone = chat.deleted or chat.migrated_to is not None
        if chat.type != "private" and not gone and chat.status_of(person.id) in PRESENT:
            yield chat


def _chat(state: State, chat: Chat, person: Person) -> dict[str, Any]:
    member = chat.members.get(person.id)
    before = next((one.id for one in state.chats.values() if one.migrated_to == chat.id), None)
    last = next((one for one in reversed(chat.messages.values()) if not one.deleted), None)
    return {
        **chat.as_chat(),
        "status": chat.status_of(person.id),
        "may_write": member is None or member.may("can_send_messages"),
        "bot_status": chat.status_of(state.bot.id),
        "migrated_from": before,
        "privacy": chat.privacy,
        "members": [{**one.person.as_user(), "status": one.status} for one in chat.members.values()],
        "topics": [asdict(topic) for topic in chat.topics.values()],
        "last_message": None if last is None else last.as_event(),
    }


def _scopes(chat: Chat | None, person: Person) -> Iterator[str]:
    private = chat is None or chat.type == "private"
    admin = chat is not None and chat.status_of(person.id) in SEES_ALL
    number = person.id if chat is None else chat.id
    if not private:
        yield f"chat_member:{number}:{person.id}"
        if admin:
            yield f"chat_administrators:{number}"
    yield f"chat:{number}"
    if private:
        yield "all_private_chats"
    else:
        if admin:
            yield "all_chat_administrators"
        yield "all_group_chats"
    yield "default"
