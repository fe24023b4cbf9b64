"""Presses on previews, progress and results. Each is checked for chat, person and the job's state, and answered.

A press changes the job and wakes the worker, which then edits the message: the second press of a button finds the job
moved on and is harmless.
"""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.cards import Action, Card, Press
from bot.job import Asks, Failure, Job, JobState
from bot.quotas import quota_reached
from bot.settings import Settings
from bot.texts import Texts
from handlers.answers import answer, answer_press
from handlers.approvals import Approver, asker_of, title_of
from handlers.audience import Audience
from handlers.columns import ColumnPresses
from handlers.commands import choose_region, find_region
from handlers.roles import Roles
from storage.beginnings import Beginnings
from storage.chats import Chats
from storage.column_choices import ColumnChoices
from storage.jobs import Jobs
from storage.lists import Lists
from storage.moves import Moves
from storage.quotas import QuotaReachedError
from storage.submits import Submits
from storage.unsure import Unsure

ADDING_SECONDS = 600
"""How long what a person sends after "Add numbers" joins the list."""
ON_ITS_WAY = frozenset({JobState.QUEUED, JobState.SUBMITTING, JobState.CHECKING, JobState.DELIVERING})
ADMINS_DECIDE = frozenset({Action.SEND_AGAIN, Action.CLOSE})
"""What an admin may decide about an unsure list of any chat."""
TOO_LATE = {
    JobState.SUBMITTING: "press-submitting",
    JobState.UNSURE: "press-unsure",
    JobState.CHECKING: "press-too-late",
    JobState.DELIVERING: "press-too-late",
}
"""The truth for somebody who cancels after the submit."""
SPENDING = frozenset({Action.CHECK, Action.CHECK_NEW, Action.CHECK_AGAIN, Action.SEND_AGAIN})
"""What costs money, or leads there: a group says who may."""
OPENING = frozenset({Action.OPEN_AGAIN, Action.CHECK_AGAIN})
CHECKED = frozenset({JobState.DONE, JobState.UNDELIVERABLE})
"""Lists with a result can be checked again."""


@dataclass(frozen=True, slots=True)
class Presses:
    """What a press does. Each verb gives the answer that the person sees."""

    jobs: Jobs
    lists: Lists
    moves: Moves
    submits: Submits
    chats: Chats
    beginnings: Beginnings
    wake: Callable[[], None]
    approver: Approver

    async def check(self, job: Job, word: str, query: CallbackQuery) -> str:
        """Queue the list as it was shown (edge c), or ask the admins whether it may be.

        Raises:
            QuotaReachedError: It does not fit into what is left of a quota.
        """
        return await self._check(job, word, query, only_new=False)

    async def check_new(self, job: Job, word: str, query: CallbackQuery) -> str:
        """Queue what is new of the list (edge c), or ask the admins; where nothing is, the result is free.

        Raises:
            QuotaReachedError: It does not fit into what is left of a quota.
        """
        return await self._check(job, word, query, only_new=True)

    async def _check(self, job: Job, word: str, query: CallbackQuery, *, only_new: bool) -> str:
        revision, asker, title = _number(word), asker_of(query), title_of(query, job)
        done = await self.approver.check(job, revision, asker, title, time.time(), only_new=only_new)
        if done is not None:
            return done
        now = await self.jobs.get(job.id) or job
        if now.state is JobState.CONFIRMING:
            return "press-changed" if now.valid else "press-nothing-to-check"
        return "press-queued-already" if now.state in ON_ITS_WAY else "press-stale"

    async def cancel(self, job: Job, _word: str, _person_id: int) -> str:
        """End the job where nothing was spent (edges d and g)."""
        if await self.moves.cancel(job, time.time()):
            return "press-cancelled"
        now = await self.jobs.get(job.id) or job
        return TOO_LATE.get(now.state, "press-stale")

    async def wait(self, job: Job, _word: str, _person_id: int) -> str:
        """Let a list that was about to begin by itself wait for its press."""
        if job.state is JobState.CONFIRMING and await self.beginnings.wait(job.id, Asks.PRESSED, time.time()):
            return "press-waits"
        now = await self.jobs.get(job.id) or job
        return "press-queued-already" if now.state in ON_ITS_WAY else "press-stale"

    async def open_again(self, job: Job, action: Action, person: tuple[int, str], language: str) -> str:
        """Make a new job of the same list: nothing is charged before its preview is pressed."""
        ended = job.state is JobState.EXPIRED or job.failure is Failure.REFUSED_BY_API
        if not (ended if action is Action.OPEN_AGAIN else job.state in CHECKED):
            # The file is in the chat a moment before that is noted.
            return "press-moment" if job.state is JobState.DELIVERING else "press-stale"
        opened = await self.lists.open_again(job, time.time(), language=language, person=person)
        return "press-opened" if opened else "press-list-gone"

    async def send_again(self, job: Job, word: str, query: CallbackQuery) -> str:
        """Submit once more, knowing that it may be charged twice (edge o).

        Raises:
            QuotaReachedError: It does not fit into what is left of a quota.
        """
        attempts, asker, title = _number(word), asker_of(query), title_of(query, job)
        return await self.approver.send_again(job, attempts, asker, title, time.time()) or "press-stale"

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
    def spending(self) -> Mapping[Action, Callable[[Job, str, CallbackQuery], Awaitable[str]]]:
        """Give the verb for each action that may spend."""
        return {Action.CHECK: self.check, Action.CHECK_NEW: self.check_new, Action.SEND_AGAIN: self.send_again}

    @property
    def verbs(self) -> Mapping[Action, Callable[[Job, str, int], Awaitable[str | None]]]:
        """Give the verb for each action that changes a job and needs no more than who pressed."""
        columns = ColumnPresses(ColumnChoices(self.lists.database))
        return {
            Action.CANCEL: self.cancel,
            Action.WAIT: self.wait,
            Action.CLOSE: self.close,
            Action.ADD: self.add,
            Action.MORE_COUNTRIES: self.more_countries,
            Action.FEWER_COUNTRIES: self.fewer_countries,
            Action.LEAVE_OUT: self.leave_out,
            Action.OTHER_COLUMNS: columns.others,
            Action.COLUMN: columns.choose,
        }


def _number(word: str) -> int:
    """Read the number that a button carries; -1 for what none of ours does."""
    return int(word) if re.fullmatch("[0-9]{1,9}", word) else -1


def build_router() -> Router:
    """All presses come through one door."""
    router = Router(name="buttons")
    router.callback_query.register(on_press)
    return router


async def on_press(
    query: CallbackQuery,
    presses: Presses,
    roles: Roles,
    audience: Audience,
    unsure: Unsure,
    settings: Settings,
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
        await choose_country(query, press.token, presses, roles, settings, texts)
        return
    job = await presses.jobs.by_token(press.token, chat_id)
    if job is None and press.action in ADMINS_DECIDE and chat_id in audience.admin_ids:
        job = await unsure.in_any_chat(press.token)  # pressed in the private chat of an admin
    if job is None:
        await answer_press(query, texts.plain("press-stale"))
    elif (no := await _why_not(query, job, press, roles, texts)) is not None:
        await answer_press(query, no, alert=True)
    else:
        await _decide(query, presses, job, press, texts, language)


async def _why_not(query: CallbackQuery, job: Job, press: Press, roles: Roles, texts: Texts) -> str | None:
    """Say why this person may not press this; None where they may."""
    person_id = query.from_user.id
    roles.note_press(query, job)
    anybodys = press.action is Action.CHECK_AGAIN and not await roles.are_private(job)
    if not anybodys and not await roles.may_decide(person_id, job):
        return await roles.why_not(person_id, job, texts)
    if press.action in SPENDING and not await roles.may_spend(person_id, job.chat_id):
        return await roles.why_not_spend(person_id, job.chat_id, texts)
    return None


async def _decide(query: CallbackQuery, presses: Presses, job: Job, press: Press, texts: Texts, language: str) -> None:
    words: dict[str, object] = {}
    said: str | None
    if press.action is Action.REGION:
        said = await _read_in(presses, job, press.word, texts)
        words = {"country": texts.flagged(press.word)} if said == "press-country" else {}
    elif press.action in OPENING:
        said = await presses.open_again(job, press.action, (query.from_user.id, query.from_user.full_name), language)
    elif press.action in presses.spending:
        try:
            said = await presses.spending[press.action](job, press.word, query)
        except QuotaReachedError as error:
            await answer_press(query, quota_reached(error.reached, texts), alert=True)
            return
    else:
        said = await presses.verbs[press.action](job, press.word, query.from_user.id)
    presses.wake()
    await answer_press(query, texts.plain(said, **words) if said else "", alert=said in ALERTS)


ALERTS = frozenset(
    {
        *("press-changed", "press-list-gone", "press-nothing-to-check"),
        *("press-admin-asked", "press-admin-asked-already", "press-again-admins"),
        *TOO_LATE.values(),
    }
)
"""Answers that a person should not miss."""


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


async def choose_country(
    query: CallbackQuery, wanted: str, presses: Presses, roles: Roles, settings: Settings, texts: Texts
) -> None:
    """Keep the chat's country, or that it is asked each time. All the world can press on what a public group says."""
    region = find_region(wanted, texts) if wanted else None
    asks_each_time = not wanted and settings.default_region is None
    if query.message is None or (region != wanted and not asks_each_time):
        await answer_press(query, texts.plain("press-stale"))
        return
    if not await roles.is_here(query.from_user.id, query.message.chat.id):
        await answer_press(query, texts.plain("press-not-here"), alert=True)
        return
    await choose_region(query.message.chat.id, region, presses.chats, presses.lists, presses.jobs)
    presses.wake()
    said = texts.say("country-set", country=texts.flagged(region)) if region else texts.say("country-unset")
    await answer_press(query, "")
    if isinstance(query.message, Message):
        await answer(query.message, Card(said))
