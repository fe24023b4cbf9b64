"""/spend: this month by person and chat. The bot's admins see all chats, in private; a group's admins see the group."""

import asyncio
import io
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import BufferedInputFile, CallbackQuery, Chat, Message, ReplyParameters

from bot.cards import Action, Card, Press
from bot.preview import Terms
from bot.quotas import Quota, Quotas, Scope, Span, Used, began
from bot.settings import Settings
from bot.spend import Line, month_name, month_named, spend_card, sum_up, write_spend
from bot.texts import Texts
from handlers.answers import answer, answer_press
from handlers.roles import Roles, manages
from handlers.said import Word
from storage.quotas import UsedQuotas
from storage.spend import Spent


@dataclass(frozen=True, slots=True)
class Books:
    """Looks up what was spent."""

    spent: Spent
    used: UsedQuotas
    quotas: Quotas
    settings: Settings

    async def lines(self, chat: Chat, month: float) -> tuple[Line, ...]:
        """Sum up what was spent in a month: all of it in an admin's private chat, else what was spent here."""
        charges = await self.spent.in_month(month, chat_id=None if chat.type == "private" else chat.id)
        terms = Terms(self.settings.price_per_1000, self.settings.currency, pace=1.0, minimum=None)
        return sum_up(charges, terms)

    async def in_force(self, chat: Chat, now: float) -> Sequence[tuple[Quota, Used]]:
        """Give the quotas that are about all that is summed up here, and what is used of them now."""
        scope = Scope.ALL if chat.type == "private" else Scope.CHAT
        return [
            (quota, await self.used.of(quota, chat_id=chat.id, person_id=0, now=now))
            for quota in self.quotas
            if quota.scope is scope
        ]


@dataclass(frozen=True, slots=True)
class SpendPress(Filter):
    """A press that asks for the file."""

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Hand over what was pressed."""
        press = Press.unpack(query.data)
        return {"press": press} if press is not None and press.action is Action.SPEND else False


def build_router() -> Router:
    """Stand before the other buttons."""
    router = Router(name="spend")
    router.message.register(show_spend, Word("spend"))
    router.callback_query.register(on_press, SpendPress())
    return router


async def show_spend(message: Message, texts: Texts, books: Books, roles: Roles) -> None:
    """Say what was spent this month."""
    in_private, now = message.chat.type == "private", time.time()
    if not await manages(message, roles):
        await answer(message, Card(texts.say("admins-only" if in_private else "spend-admins-only")))
        return
    month = began(Span.MONTH, now)
    spent, used = await books.lines(message.chat, month), await books.in_force(message.chat, now)
    await answer(message, spend_card(spent, month, texts, used, everywhere=in_private))


async def on_press(query: CallbackQuery, press: Press, texts: Texts, books: Books, roles: Roles) -> None:
    """Send a month as a file, to whoever may read it there now."""
    month, message = month_named(press.token), query.message
    if month is None or not isinstance(message, Message):
        await answer_press(query, texts.plain("press-stale"))
    elif not await roles.may_manage(query.from_user.id, message.chat.id):
        await answer_press(query, texts.plain("press-spend-admins-only"), alert=True)
    else:
        await answer_press(query, texts.plain("press-file"))
        spent = await books.lines(message.chat, month)
        stream = io.BytesIO()
        await asyncio.to_thread(write_spend, stream, spent, month, texts)
        reply = ReplyParameters(message_id=message.message_id, allow_sending_without_reply=True)
        name = f"spend_{month_name(month)}.xlsx"
        await message.answer_document(BufferedInputFile(stream.getvalue(), name), reply_parameters=reply)
