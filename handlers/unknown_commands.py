"""Commands that there are none of: mistyped ones, and in a group those of other bots.

Numbers after one are a list all the same: who mistypes /check means it, and a preview costs nothing.
"""

from typing import Any

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import Message

from bot.cards import Card, short
from bot.masking import mask_piece
from bot.texts import Texts
from handlers.answers import answer
from handlers.audience import GROUPS, OUR_COMMANDS, Audience
from handlers.intake import command_of, holds_list


class UnknownCommand(Filter):
    """A text that begins with a command which is none of ours."""

    async def __call__(self, message: Message, audience: Audience) -> bool | dict[str, Any]:
        """Hand over the command as it was written, and whether a group has addressed it to us."""
        found = command_of(message.text or "")
        if found is None:
            return False
        name, addressee = found
        is_ours = addressee == audience.username.lower()
        if name in OUR_COMMANDS and (is_ours or not addressee):
            return False
        written = (message.text or "").split(maxsplit=1)[0]
        return {"written": written, "for_us": is_ours or message.chat.type not in GROUPS}


class NoList(Filter):
    """A message without numbers after its command."""

    async def __call__(self, message: Message) -> bool:
        """Say whether it is one."""
        return not holds_list(message)


class NotForUs(UnknownCommand):
    """Such a command in a group that does not name us: it is some other bot's, also in reply to us."""

    async def __call__(self, message: Message, audience: Audience) -> bool | dict[str, Any]:
        """Say whether it is one."""
        found = await super().__call__(message, audience)
        return isinstance(found, dict) and not found["for_us"]


def build_router() -> Router:
    """Stand between the commands and the lists."""
    router = Router(name="unknown_commands")
    router.message.register(say_nothing, NotForUs())
    router.edited_message.register(say_nothing, NotForUs())
    router.message.register(say_unknown, UnknownCommand(), NoList())
    return router


async def say_nothing(message: Message) -> None:
    """Leave it to whom it is for."""


async def say_unknown(message: Message, written: str, audience: Audience, texts: Texts) -> None:
    """Say that there is no such command, and which one says what there is."""
    here = "/help" if message.chat.type not in GROUPS else f"/help@{audience.username}"
    await answer(message, Card(texts.say("unknown-command", command=mask_piece(short(written, 40)), help=here)))
