"""The step that spends money: hand a list to the checking API, once, and take down what came of it."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.balances import Balances
from bot.check_api import CheckApi
from bot.composing import Composing
from bot.job import Failure, Job, JobState, Receipt, Waiting
from bot.outcomes import Accepted, Cause, NotCharged, Refused, SubmitOutcome, Unknown
from bot.packing import PackedList
from bot.pausing import PAUSING, Pausing
from bot.receipts import Receipts
from bot.showing import Showing
from bot.uploads import Upload, upload_of
from storage.database import DatabaseUnavailableError
from storage.facts import Fact, Facts
from storage.lists import Lists
from storage.moves import Moves
from storage.submits import Attempt, Submits

logger = logging.getLogger(__name__)

FIRST_POLL_SECONDS = 1.0
QUEUE_SECONDS = 12 * 3600
"""After so long in the queue the moment has passed: a person is asked again."""
INTERNAL_ERROR_SECONDS = (2.0, 8.0, 30.0, 120.0, 600.0)
"""When to try again after each internal error of the API; then a person is asked."""
UNREACHABLE_SECONDS = 15.0
BUSY_SECONDS = 30.0
MINIMUM_SECONDS = 7 * 24 * 3600
TROUBLE_SECONDS = 10.0
STORING_SECONDS = (1.0, 5.0, 15.0, 30.0)
"""When to write again what came of a submit where the database did not take it, the last of them again and again: it
may be worth money."""


@dataclass(frozen=True, slots=True)
class Submitting:
    """Steps of jobs that are queued or being submitted."""

    lists: Lists
    moves: Moves
    submits: Submits
    facts: Facts
    api: CheckApi
    pausing: Pausing
    balances: Balances
    showing: Showing
    composing: Composing
    receipts: Receipts
    trouble: Callable[[], str | None]
    """Why no paid work may be begun now, as far as Telegram is concerned."""
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def step(self, job: Job) -> float | None:
        """Submit the list if nothing speaks against it; else say when to look again."""
        now = self.clock()
        if job.state is JobState.SUBMITTING:
            await self.submits.unsure_after_stop(now, due_by=now)
            return None
        if now - (job.queued_at or now) >= QUEUE_SECONDS:
            await self.moves.ask_after_waiting(job, now)
            return None
        if job.to_check == 0:
            await self.composing.deliver_known(job)
            return None
        if (again_at := await self._held_up(job, now)) is not None:
            return again_at
        packed = await self.lists.numbers(job.id)
        if packed is None:
            logger.error("The numbers of a queued list are gone: job=%s", job.id)
            return None
        numbers = await self._sent(job, packed)
        if numbers is None:
            logger.error("What was known of a queued list is gone: job=%s", job.id)
            return None
        await self.balances.refresh()
        await self.showing.show(job)  # before the submit: while it lasts, a death of this process costs money
        attempt = await self.submits.begin_submit(job, self.clock())
        if attempt is None:
            return None
        outcome = await self.api.submit(numbers)
        moved = await self._take_down(attempt, outcome)
        if moved is not None:
            await self._follow_up(moved, attempt, outcome)
        return None

    async def _held_up(self, job: Job, now: float) -> float | None:
        """Give the time to look again, where something speaks against submitting now."""
        if (reason := self.trouble()) is not None:
            logger.info("Nothing is submitted while %s: job=%s", reason, job.id)
            return now + TROUBLE_SECONDS
        if await self._disk_is_full(job):
            return now + TROUBLE_SECONDS
        if (until := await self.pausing.until(job)) is not None:
            return min(until, _asked_again_at(job, now))
        return None

    async def _sent(self, job: Job, packed: PackedList) -> Upload | None:
        """Give what is sent: the whole list, or its new numbers as they were shown. Sent again it is the same."""
        if not job.only_new:
            return await asyncio.to_thread(upload_of, packed.numbers, None)
        known = await self.composing.remembering.memory.known(job.id)
        if known is None or len(known.codes) - known.count != job.to_check:
            return None
        return await asyncio.to_thread(upload_of, packed.numbers, known)

    async def _disk_is_full(self, job: Job) -> bool:
        """Look whether what comes of a submit could be kept; where not, say that the list waits for that."""
        reason = self.receipts.trouble
        if reason is None:
            try:
                await asyncio.to_thread(self.receipts.keep_reserve)  # given up the last time that the disk was full
            except OSError as error:
                reason = f"the disk takes no reserve ({error.strerror})"
        if reason is not None:
            logger.error("Nothing is submitted while %s: job=%s", reason, job.id)
            await self.pausing.say_it_waits(job, Waiting.DISK)
        return reason is not None

    async def _take_down(self, attempt: Attempt, outcome: SubmitOutcome) -> Job | None:
        """Store what came of a submit, however long the database makes us wait: a task id lost is money lost."""
        if isinstance(outcome, Accepted):
            await self._keep_receipt(attempt, outcome.task_id)
        pauses = iter(STORING_SECONDS)
        while True:
            try:
                return await self._move(attempt, outcome)
            except DatabaseUnavailableError as error:
                logger.error("What came of a submit cannot be stored (%s): job=%s", error, attempt.job.id)
                await self.sleep(next(pauses, STORING_SECONDS[-1]))

    async def _keep_receipt(self, attempt: Attempt, task_id: str) -> None:
        receipt = Receipt(attempt.attempt_id, attempt.job.token, task_id, self.clock(), numbers=attempt.job.to_check)
        await self.receipts.write_down(receipt)

    async def _move(self, attempt: Attempt, outcome: SubmitOutcome) -> Job | None:
        now = self.clock()
        match outcome:
            case Accepted(task_id=task_id, amount=amount):
                said = None if amount is None else f"{amount.amount} {amount.currency}"
                return await self.submits.accepted(attempt, task_id, said, now, now + FIRST_POLL_SECONDS)
            case Refused(detail=detail):
                return await self.submits.refused_by_api(attempt, detail, now)
            case Unknown(what=what, evidence=evidence):
                logger.warning("Nobody knows whether a submit was charged (%s): job=%s", what, attempt.job.id)
                return await self.submits.unsure(attempt, f"{what}\n{evidence}", now)
            case NotCharged(cause=Cause.TOO_SMALL, detail=detail, minimum=minimum):
                if minimum is not None:
                    await self.facts.keep(Fact.MINIMUM, minimum, until=now + MINIMUM_SECONDS)
                return await self.submits.ask_after_submit(attempt, Failure.TOO_SMALL, detail, now)
            case NotCharged(cause=Cause.INTERNAL, detail=detail) if attempt.job.tries >= len(INTERNAL_ERROR_SECONDS):
                return await self.submits.ask_after_submit(attempt, Failure.TRIES_USED_UP, detail, now)
            case NotCharged():
                return await self._queue_again(attempt, outcome, now)

    async def _queue_again(self, attempt: Attempt, outcome: NotCharged, now: float) -> Job | None:
        job, cause = attempt.job, outcome.cause
        waiting = PAUSING.get(cause, Waiting.UNREACHABLE if cause is Cause.UNREACHABLE else Waiting.BUSY)
        if cause in PAUSING:
            wait = 0.0  # to look at the pause, and to tell the chat
        elif cause is Cause.INTERNAL:
            wait = INTERNAL_ERROR_SECONDS[job.tries]
        else:
            usual = UNREACHABLE_SECONDS if cause is Cause.UNREACHABLE else BUSY_SECONDS
            wait = usual if outcome.retry_after is None else max(outcome.retry_after, 1.0)
        due_at = min(now + wait, _asked_again_at(job, now))
        count = cause is Cause.INTERNAL
        return await self.submits.submit_later(attempt, waiting, outcome.detail, now, due_at=due_at, count=count)

    async def _follow_up(self, moved: Job, attempt: Attempt, outcome: SubmitOutcome) -> None:
        """Draw the conclusions for the other lists."""
        began_at = attempt.job.state_since
        match outcome:
            case Accepted():
                await self.composing.expect(moved)
                await self.pausing.end(began_at, paid=True)
                minimum = await self.facts.get(Fact.MINIMUM, self.clock())
                if minimum is not None and moved.to_check < minimum:
                    await self.facts.forget(Fact.MINIMUM)
            case Refused() | NotCharged(cause=Cause.TOO_SMALL):
                await self.pausing.end(began_at, paid=False)
            case NotCharged(cause=cause) if cause in PAUSING:
                await self.pausing.begin(PAUSING[cause])
            case NotCharged() if moved.state is JobState.QUEUED:
                await self.showing.show(moved)


def _asked_again_at(job: Job, now: float) -> float:
    return (job.queued_at or now) + QUEUE_SECONDS
