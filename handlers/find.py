"""/find says what a chat's checks have found about a number, for free."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from bot.cards import Card, lines
from bot.known import DAY_SECONDS, days_known
from bot.masking import mask_piece
from bot.numbers import read_numbers
from bot.preview import name_of, starter_of
from bot.settings import Settings
from bot.texts import Html, Texts
from handlers.answers import answer
from handlers.roles import Roles, is_anonymous_admin
from handlers.said import Word
from storage.chat_settings import ChatSettings
from storage.chats import Chats
from storage.memory import Memory

MOST = 10
"""So many numbers are asked about at once; more are a list."""


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks numbers up by the names under which they are remembered."""

    memory: Memory
    chats: Chats
    chosen: ChatSettings
    name: Callable[[bytes], bytes]
    retention_days: int

    async def tell(self, chat_id: int, e164: str, texts: Texts) -> tuple[Html, bool]:
        """Say what this chat knows of a number, and whether it knows it."""
        shown = mask_piece(e164) if chat_id < 0 else e164
        days = days_known((await self.chosen.of(chat_id)).days(self.retention_days))
        since = time.time() - days * DAY_SECONDS
        found = await self.memory.find(chat_id, self.name(e164.encode()), since=since)
        if found is None:
            return texts.say("find-unknown", number=shown, days=days), False
        day, job = texts.day_there(found.checked_at), found.job
        where = texts.say("find-where", date=day, starter=starter_of(job), name=name_of(job, texts))
        return lines(texts.say(f"find-{found.verdict}", number=shown), where), True


def build_router() -> Router:
    """One command."""
    router = Router(name="find")
    router.message.register(find, Word("find"))
    return router


async def find(
    message: Message, command: CommandObject, finder: Finder, roles: Roles, settings: Settings, texts: Texts
) -> None:
    """Answer from memory, to who is here; a group's numbers are hidden as everywhere in it."""
    chat_id, person = message.chat.id, message.from_user
    if not is_anonymous_admin(message) and (person is None or not await roles.is_here(person.id, chat_id)):
        await answer(message, Card(texts.say("find-not-here")))
        return
    region = await finder.chats.region(chat_id) or settings.default_region
    numbers = (await asyncio.to_thread(read_numbers, command.args or "", region=region)).valid
    if not 0 < len(numbers) <= MOST:
        await answer(message, Card(texts.say("find-how", most=MOST)))
        return
    told = [await finder.tell(chat_id, number.e164, texts) for number in numbers]
    all_known = all(is_known for _, is_known in told)
    hint = None if all_known else texts.say("find-to-check")
    await answer(message, Card(Html("\n\n".join([*(said for said, _ in told), *([hint] if hint else [])]))))
