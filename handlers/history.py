"""/jobs: the lists of a chat in pages, found by name or date; each one's card with all its buttons.

The message is edited by presses, and where a person is in it stands in its buttons.
"""

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware, Router
from aiogram.filters import CommandObject, Filter
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message, TelegramObject

from bot.cards import Action, Card, Press
from bot.history import PAGE_JOBS, Seen, Spot, ask_to_forget, job_card, page
from bot.job import Job, JobState
from bot.preview import Terms
from bot.searching import Search, search_for
from bot.settings import Settings
from bot.texts import Texts
from handlers.answers import answer, answer_press, redraw
from handlers.audience import Audience
from handlers.privacy import OF_THE_HISTORY, Shredder, forget_pressed
from handlers.roles import Roles
from handlers.said import Word
from storage.facts import Fact, Facts
from storage.history import History
from storage.unsure import Unsure

CHANGES = frozenset({Action.CANCEL, Action.OPEN_AGAIN, Action.SEND_AGAIN, Action.CLOSE})
"""What may be pressed on a card, and makes it say something else."""
_ID = re.compile("[0-9a-f]{1,15}")


@dataclass(frozen=True, slots=True)
class Archive:
    """Draws pages and cards of a chat's lists."""

    history: History
    unsure: Unsure
    facts: Facts
    roles: Roles
    settings: Settings

    async def page(self, chat_id: int, spot: Spot, texts: Texts) -> Card:
        """Draw a page."""
        found = await self.history.page(chat_id, spot.search, first=spot.first, most=PAGE_JOBS)
        return page(found.jobs, spot, texts, in_group=chat_id < 0, newer=found.newer, older=found.older)

    async def card(self, job: Job, spot: Spot, texts: Texts, *, in_admins_chat: bool) -> Card:
        """Draw the card of a list as it is now."""
        now = time.time()
        terms = Terms(
            self.settings.price_per_1000,
            self.settings.currency,
            pace=await self.facts.get(Fact.PACE, now) or 1.0,  # only a task that moves is given an estimate
            minimum=None,
        )
        seen = Seen(
            await self.history.kept(job),
            terms,
            now,
            named=job.state is JobState.FAILED and await self.unsure.was_named(job),
            private_files=await self.roles.are_private(job),
            in_admins_chat=in_admins_chat,
        )
        return job_card(job, spot, seen, texts)


@dataclass(frozen=True, slots=True)
class HistoryPress(Filter):
    """A press of a button of the history."""

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Hand over what was pressed."""
        press = Press.unpack(query.data)
        return {"press": press} if press is not None and press.action in OF_THE_HISTORY else False


class Redrawing(BaseMiddleware):
    """After a press on a list's card in the history, lets the card say how the list stands now."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:  # noqa: ANN401  (whatever the handler gives)
        """Let the press do what it does; the job's own message is the worker's."""
        done = await handler(event, data)
        query = event if isinstance(event, CallbackQuery) else None
        press = Press.unpack(query.data) if query is not None else None
        shown = query.message if query is not None else None
        if press is None or press.action not in CHANGES or not isinstance(shown, Message):
            return done
        spot = _spot_of(shown)
        job = await data["jobs"].by_token(press.token, shown.chat.id) if spot is not None else None
        if spot is not None and job is not None:
            in_admins_chat = shown.chat.id in data["audience"].admin_ids
            await redraw(shown, await data["archive"].card(job, spot, data["texts"], in_admins_chat=in_admins_chat))
        return done


def build_router() -> Router:
    """Stand before the other presses and commands."""
    router = Router(name="history")
    router.message.register(show_jobs, Word("jobs"))
    router.callback_query.register(on_press, HistoryPress())
    return router


async def show_jobs(message: Message, command: CommandObject, archive: Archive, texts: Texts) -> None:
    """List this chat's latest lists, or those that are looked for."""
    spot = Spot(search_for(command.args or "", time.time()))
    await answer(message, await archive.page(message.chat.id, spot, texts))


async def on_press(
    query: CallbackQuery,
    press: Press,
    archive: Archive,
    shredder: Shredder,
    roles: Roles,
    audience: Audience,
    texts: Texts,
) -> None:
    """Turn the page, open a list's card, or act on it. All the world can press on what a public group says."""
    message = query.message
    found = _read(press)
    if not isinstance(message, Message) or found is None:
        await answer_press(query, texts.plain("press-stale"))
        return
    chat_id, (job_id, spot) = message.chat.id, found
    if not await roles.is_here(query.from_user.id, chat_id):
        await answer_press(query, texts.plain("press-not-here"), alert=True)
        return
    if press.action is Action.LISTS:
        await answer_press(query, "")
        await redraw(message, await archive.page(chat_id, spot, texts))
        return
    job = await archive.history.one(chat_id, job_id)
    if job is None:
        await answer_press(query, texts.plain("press-stale"))
        return
    if press.action is Action.FORGET_LISTED:
        await forget_pressed(query, job, shredder, roles, texts)
        job = await archive.history.one(chat_id, job_id) or job
    else:
        await answer_press(query, "")
    if press.action is Action.SHOW and job.state is JobState.CONFIRMING:
        await answer(message, Card(texts.say("check-waits")), beside=job.card_message_id)
    elif press.action is Action.ASK_FORGET:
        await redraw(message, ask_to_forget(job, spot, texts))
    else:
        await redraw(message, await archive.card(job, spot, texts, in_admins_chat=chat_id in audience.admin_ids))


def _read(press: Press) -> tuple[int, Spot] | None:
    """Give the list that a button is about, 0 for a page, and where in the history it stands."""
    job_id, _, first = press.token.rpartition("-")
    if not _ID.fullmatch(first) or bool(job_id) is (press.action is Action.LISTS):
        return None
    if job_id and not _ID.fullmatch(job_id):
        return None
    search = search_for(press.word, time.time()) if press.word else Search()
    return int(job_id or "0", 16), Spot(search, int(first, 16))


def _spot_of(shown: Message) -> Spot | None:
    """Give where in the history a card stands, by its button that leads back; None for any other message."""
    if not isinstance(shown.reply_markup, InlineKeyboardMarkup):
        return None
    presses = (Press.unpack(button.callback_data) for row in shown.reply_markup.inline_keyboard for button in row)
    back = next((press for press in presses if press is not None and press.action is Action.LISTS), None)
    found = _read(back) if back is not None else None
    return found[1] if found is not None else None
