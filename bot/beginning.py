"""Lists that begin by themselves: short ones, in a chat that has said so, a moment after their preview.

Whoever sent the list is taken at the word that the chat's settings hold (docs/decisions/0012). Where anything about the
list is to be seen first, or its starter may not spend, it waits for its press as any other.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.column_cards import other_columns
from bot.job import Asks, Beginning, Job
from bot.packing import Reading
from bot.preview import asks_country
from bot.showing import Showing
from storage.beginnings import Beginnings
from storage.chat_settings import ChatSettings
from storage.facts import Fact
from storage.quotas import QuotaReachedError

logger = logging.getLogger(__name__)

CANCEL_SECONDS = 5.0
"""How long the preview stands there before the check begins."""
PASTE_SECONDS = 3.0
"""What is pasted, or shared one contact at a time, may go on for so long."""
LATE_SECONDS = 3600.0
"""Where nobody could begin it for so long, as when the bot was off, the moment has passed."""

Step = Callable[[Job], Awaitable[float | None]]


@dataclass(frozen=True, slots=True)
class BeginningByItself:
    """Does edge c as if the starter had pressed."""

    beginnings: Beginnings
    chosen: ChatSettings
    showing: Showing
    may_begin: Callable[[Job], Awaitable[bool]]
    """Says whether the list's starter may use the bot and spend there, as far as that is known now."""
    clock: Callable[[], float] = time.time

    def with_step(self, step: Step) -> Step:
        """Let the step that shows a preview also promise that its check begins, and begin it."""

        async def both(job: Job) -> float | None:
            if job.read_revision != job.list_revision:
                return await step(job)
            planned = await self._stand(job)
            due_at = await step(job)
            if planned is None or planned.begins_at is None or due_at is None:
                return due_at
            if self.clock() < planned.begins_at:
                return min(due_at, planned.begins_at)
            return await self._begin(job)

        return both

    async def _stand(self, job: Job) -> Beginning | None:
        """Promise that the list begins by itself, or see why not, once for each time that it was read."""
        now, known = self.clock(), await self.beginnings.of(job.id)
        if known is not None:
            if known.begins_at is not None and now - known.begins_at > LATE_SECONDS:
                return await self.beginnings.ask(job, Asks.LATE)
            return known
        consent = (await self.chosen.of(job.chat_id)).consent
        if consent is None or not 0 < job.valid <= consent.numbers or job.created_at < consent.at:
            return None
        if asks_country(job, Reading.from_json(job.reading or "{}")) or self._is_growing(job):
            return None
        why = await self._why_ask(job)
        if why is not None:
            return await self.beginnings.ask(job, why)
        return await self.beginnings.plan(job, now + CANCEL_SECONDS + (0.0 if job.is_file else PASTE_SECONDS))

    async def _begin(self, job: Job) -> float:
        """Begin a list whose preview has stood there; give when to look again."""
        now, shown = self.clock(), await self.showing.jobs.get(job.id)
        if job.shown is None or shown is None or shown.shown != job.shown:
            await self.beginnings.plan(job, now + CANCEL_SECONDS)  # it says so only since now
            return now + CANCEL_SECONDS
        why = Asks.PRESSED if self._is_growing(job) else await self._why_ask(job)
        if why is None:
            try:
                if await self.beginnings.begin(job, now):
                    logger.info("A list begins by itself: job=%s chat=%s", job.id, job.chat_id)
                    return now
                if await self._is_to_be_compared(job):
                    return now
                why = Asks.KNOWN
            except QuotaReachedError:
                why = Asks.QUOTA
        await self.beginnings.ask(job, why)
        return now

    async def _is_to_be_compared(self, job: Job) -> bool:
        """Say whether its chat has learnt something since the list was looked at; then that comes first."""
        left = await self.showing.jobs.get(job.id)
        return left is not None and left.known_revision != left.memory_revision

    async def _why_ask(self, job: Job) -> Asks | None:
        """Say why a person has to press, by what is known now."""
        now, facts = self.clock(), self.showing.facts
        if await facts.get(Fact.STOPPED, now) is not None or await facts.get(Fact.PAUSE, now) is not None:
            return Asks.STOPPED
        same, terms = await self.showing.same(job), await self.showing.terms()
        above = self.showing.settings.approve_above
        to_see = (
            job.failure is not None or job.attempts > 0,
            same.checked is not None or same.under_way is not None,
            job.known > 0,  # whether only the new ones are checked is for a person to say
            terms.minimum is not None and job.valid < terms.minimum,
            above is not None and job.valid > above,
            bool(other_columns(Reading.from_json(job.reading or "{}"))),  # another column may be the one that is meant
        )
        if any(to_see):
            return Asks.KNOWN
        return None if await self.may_begin(job) else Asks.RIGHT

    def _is_growing(self, job: Job) -> bool:
        return job.adding_until is not None and job.adding_until > self.clock()
