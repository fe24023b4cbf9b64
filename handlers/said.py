"""What a message says or holds, as filters that cost little: each message passes a score of them.

None is a magic filter of aiogram's (``F``): those are plain functions, and aiogram runs each in a thread.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.filters import CommandObject, Filter
from aiogram.types import Message, TelegramObject

from handlers.audience import Audience


class Commands(BaseMiddleware):
    """Reads once which command a message begins with."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:  # noqa: ANN401  (whatever the handler gives)
        """Hand ``command`` to the filters and the handlers: None where it is none, or another bot's."""
        audience: Audience = data["audience"]
        data["command"] = our_command(event, audience.username) if isinstance(event, Message) else None
        return await handler(event, data)


def our_command(message: Message, username: str) -> CommandObject | None:
    """Take the command from the beginning of a text or a caption: ``/check@our_bot 49301``."""
    first, *others = (message.text or message.caption or "").split(maxsplit=1) or [""]
    if not first.startswith("/"):
        return None
    word, _, addressee = first[1:].partition("@")
    if addressee and addressee.lower() != username.lower():
        return None
    return CommandObject(command=word.casefold(), mention=addressee or None, args=others[0] if others else None)


class Word(Filter):
    """A message with this command, in whatever case."""

    def __init__(self, word: str) -> None:
        self.word = word

    async def __call__(self, _: Message, command: CommandObject | None) -> bool:
        """Say whether it is this one."""
        return command is not None and command.command == self.word


@dataclass
class OfWord(HandlerObject):
    """A command's handler, passed by with one look where it is not meant: asking a filter costs ten times that."""

    word: str = ""

    async def check(self, *args: Any, **kwargs: Any) -> tuple[bool, dict[str, Any]]:  # noqa: ANN401  (aiogram's)
        """Say whether it is this command, and whether the other filters say so too."""
        command: CommandObject | None = kwargs["command"]
        if command is None or command.command != self.word:
            return False, kwargs
        return await super().check(*args, **kwargs)


def passed_by(handler: HandlerObject) -> HandlerObject:
    """Make a handler whose first filter is a command one that is passed by quickly."""
    first = handler.filters[0].callback if handler.filters else None
    if not handler.filters or not isinstance(first, Word):
        return handler
    return OfWord(handler.callback, handler.filters[1:], handler.flags, first.word)


class Has(Filter):
    """A message that holds one of these: fields of https://core.telegram.org/bots/api#message."""

    def __init__(self, *fields: str) -> None:
        self.fields = fields

    async def __call__(self, message: Message) -> bool:
        """Say whether it does."""
        return any(getattr(message, field) for field in self.fields)
