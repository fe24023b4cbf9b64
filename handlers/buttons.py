"""Presses on previews, progress and results. Each is checked for chat, person and the job's state, and answered.

A press changes the job and wakes the worker, which then edits the message: the second press of a button finds the job
moved on and is harmless.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiogram import Bot, Router
from aiogram.types import CallbackQuery, Message

from bot.cards import Action, Card, Press
from bot.job import Job, JobState
from bot.texts import Texts
from handlers.answers import answer, answer_press
from handlers.audience import Audience
from handlers.commands import choose_region, find_region
from handlers.files import ResultFiles
from storage.chats import Chats
from storage.jobs import Jobs
from storage.lists import Lists
from storage.moves import Moves
from storage.submits import Submits

ADDING_SECONDS = 600
"""How long what a person sends after "Add numbers" joins the list."""
PAID = frozenset({JobState.SUBMITTING, JobState.CHECKING, JobState.DELIVERING, JobState.DONE})


@dataclass(frozen=True, slots=True)
class Presses:
    """What a press does. Each verb gives the answer that the person sees."""

    jobs: Jobs
    lists: Lists
    moves: Moves
    submits: Submits
    chats: Chats
    wake: Callable[[], None]

    async def check(self, job: Job, word: str, person_id: int) -> str:
        """Queue the list as it was shown (edge c)."""
        revision = int(word) if word.isdecimal() else -1
        if await self.moves.press(job, revision, person_id, time.time()):
            return "press-queued"
        if job.state is not JobState.CONFIRMING:
            return "press-queued-already" if job.asked_by is not None else "press-stale"
        return "press-changed" if job.valid else "press-nothing-to-check"

    async def cancel(self, job: Job, _word: str, _person_id: int) -> str:
        """End the job where nothing was spent (edges d and g)."""
        if await self.moves.cancel(job, time.time()):
            return "press-cancelled"
        return "press-too-late" if job.state in PAID else "press-stale"

    async def open_again(self, job: Job, person: tuple[int, str], language: str) -> str:
        """Make a new job of the same list."""
        if job.state not in {JobState.EXPIRED, JobState.REFUSED}:
            return "press-stale"
        opened = await self.lists.open_again(job, time.time(), language=language, person=person)
        return "press-opened" if opened else "press-list-gone"

    async def send_again(self, job: Job, word: str, person_id: int) -> str:
        """Submit once more, knowing that it may be charged twice (edge o)."""
        seen = int(word) if word.isdecimal() else -1
        sent = await self.submits.send_again(job, seen, person_id, time.time())
        return "press-sending-again" if sent else "press-stale"

    async def close(self, job: Job, _word: str, _person_id: int) -> str:
        """Let an unsure job rest (edge p)."""
        return "press-closed" if await self.submits.close(job, time.time()) else "press-stale"

    async def add(self, job: Job, _word: str, person_id: int) -> str:
        """Wait for more numbers for this list."""
        now = time.time()
        waits = await self.lists.await_more(job.id, person_id, now + ADDING_SECONDS, now)
        return "press-adding" if waits else "press-stale"

    async def more_countries(self, job: Job, _word: str, _person_id: int) -> str | None:
        """Show more countries."""
        return None if await self.lists.choose_country(job.id, more=True, now=time.time()) else "press-stale"

    async def fewer_countries(self, job: Job, _word: str, _person_id: int) -> str | None:
        """Go back to the likely countries."""
        return None if await self.lists.choose_country(job.id, more=False, now=time.time()) else "press-stale"

    async def leave_out(self, job: Job, _word: str, _person_id: int) -> str:
        """Leave the numbers without a country code out of this list."""
        return "press-left-out" if await self.lists.leave_out(job.id, time.time()) else "press-stale"

    @property
    def verbs(self) -> Mapping[Action, Callable[[Job, str, int], Awaitable[str | None]]]:
        """Give the verb for each action that changes a job and needs no more than who pressed."""
        return {
            Action.CHECK: self.check,
            Action.CANCEL: self.cancel,
            Action.SEND_AGAIN: self.send_again,
            Action.CLOSE: self.close,
            Action.ADD: self.add,
            Action.MORE_COUNTRIES: self.more_countries,
            Action.FEWER_COUNTRIES: self.fewer_countries,
            Action.LEAVE_OUT: self.leave_out,
        }


def build_router() -> Router:
    """All presses come through one door."""
    router = Router(name="buttons")
    router.callback_query.register(on_press)
    return router


async def on_press(
    query: CallbackQuery,
    bot: Bot,
    presses: Presses,
    result_files: ResultFiles,
    audience: Audience,
    texts: Texts,
    texts_by_language: Mapping[str, Texts],
    language: str,
) -> None:
    """Find out what was pressed, by whom and where; do it; answer."""
    press = Press.unpack(query.data)
    if press is None or query.message is None:
        await answer_press(query, texts.plain("press-stale"))
        return
    chat_id = query.message.chat.id
    if press.action is Action.LANGUAGE:
        await choose_language(query, texts_by_language.get(press.token), presses, texts)
        return
    if press.action is Action.COUNTRY:
        await choose_country(query, press.token, presses, texts)
        return
    job = await presses.jobs.by_token(press.token, chat_id)
    if job is None:
        await answer_press(query, texts.plain("press-stale"))
    elif press.action in result_files.actions:
        await answer_press(query, texts.plain("press-file"))
        await result_files.send(bot, job, press.action, texts)
    elif not may_decide(query, job, audience):
        await answer_press(query, texts.plain("press-not-yours", name=job.starter_name), alert=True)
    else:
        await _decide(query, presses, job, press, texts, language)


async def _decide(query: CallbackQuery, presses: Presses, job: Job, press: Press, texts: Texts, language: str) -> None:
    words: dict[str, object] = {}
    said: str | None
    if press.action is Action.REGION:
        said = await _read_in(presses, job, press.word, texts)
        words = {"country": texts.flagged(press.word)} if said == "press-country" else {}
    elif press.action is Action.OPEN_AGAIN:
        said = await presses.open_again(job, (query.from_user.id, query.from_user.full_name), language)
    else:
        said = await presses.verbs[press.action](job, press.word, query.from_user.id)
    presses.wake()
    await answer_press(query, texts.plain(said, **words) if said else "", alert=said in ALERTS)


ALERTS = frozenset({"press-changed", "press-too-late", "press-list-gone", "press-nothing-to-check"})
"""Answers that a person should not miss."""


def may_decide(query: CallbackQuery, job: Job, audience: Audience) -> bool:
    """Say whether this person may decide about the job: its starter, or an admin of the bot."""
    return query.from_user.id == job.starter_id or query.from_user.id in audience.admin_ids


async def _read_in(presses: Presses, job: Job, region: str, texts: Texts) -> str:
    """Read this list in a country, and keep the country for the chat."""
    if find_region(region, texts) != region or job.state is not JobState.CONFIRMING:
        return "press-stale"
    await presses.lists.set_region(job.id, region, time.time())
    await choose_region(job.chat_id, region, presses.chats, presses.lists, presses.jobs)
    return "press-country"


async def choose_language(query: CallbackQuery, chosen: Texts | None, presses: Presses, texts: Texts) -> None:
    """Keep the person's language and say so in it."""
    if chosen is None:
        await answer_press(query, texts.plain("press-stale"))
        return
    await presses.chats.set_language(query.from_user.id, chosen.language)
    await answer_press(query, chosen.plain("language-set"))


async def choose_country(query: CallbackQuery, wanted: str, presses: Presses, texts: Texts) -> None:
    """Keep the chat's country, or that it is asked each time."""
    region = find_region(wanted, texts) if wanted else None
    if query.message is None or (wanted and region != wanted):
        await answer_press(query, texts.plain("press-stale"))
        return
    await choose_region(query.message.chat.id, region, presses.chats, presses.lists, presses.jobs)
    presses.wake()
    said = texts.say("country-set", country=texts.flagged(region)) if region else texts.say("country-unset")
    await answer_press(query, "")
    if isinstance(query.message, Message):
        await answer(query.message, Card(said))
