"""The step that spends money: hand a list to the checking API, once, and take down what came of it."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from bot.cards import Card
from bot.check_api import CheckApi
from bot.job import Failure, Job, JobState, Waiting
from bot.limits import Importance
from bot.messenger import LaterError, Messenger, PerhapsSentError, Place, UnreachableChatError
from bot.outcomes import Accepted, ApiUnavailable, BadKey, Cause, NotCharged, Refused, Unknown
from bot.packing import submission
from bot.preview import name_of
from bot.showing import Showing
from bot.texts import language_of
from storage.chats import Chats
from storage.facts import Fact, Facts
from storage.jobs import Jobs
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
PAUSE_SECONDS = 15 * 60.0
"""How often the API is asked during a pause whether it takes lists again."""
MINIMUM_SECONDS = 7 * 24 * 3600
TROUBLE_SECONDS = 10.0
PAUSING = {Cause.NO_MONEY: Waiting.MONEY, Cause.BAD_KEY: Waiting.KEY, Cause.REDIRECTED: Waiting.ADDRESS}
"""What stops all submits, not only this one."""


@dataclass(frozen=True, slots=True)
class Submitting:
    """Steps of jobs that are queued or being submitted."""

    jobs: Jobs
    lists: Lists
    moves: Moves
    submits: Submits
    facts: Facts
    chats: Chats
    api: CheckApi
    messenger: Messenger
    showing: Showing
    trouble: Callable[[], str | None]
    """Why no paid work may be begun now, as far as Telegram is concerned."""

    async def step(self, job: Job) -> float | None:
        """Submit the list if nothing speaks against it; else say when to look again."""
        now = time.time()
        if job.state is JobState.SUBMITTING:
            await self.submits.unsure_after_stop(now, due_by=now)
            return None
        if now - (job.queued_at or now) >= QUEUE_SECONDS:
            await self.moves.ask_after_waiting(job, now)
            return None
        if (reason := self.trouble()) is not None:
            logger.warning("Nothing is submitted while %s: job=%s", reason, job.id)
            return now + TROUBLE_SECONDS
        if (until := await self._paused_until(job, now)) is not None:
            return until
        packed = await self.lists.numbers(job.id)
        attempt = await self.submits.begin_submit(job, now) if packed else None
        if packed is None or attempt is None:
            return None
        outcome = await self.api.submit(submission(packed))
        await self._take_down(attempt, outcome)
        return None

    async def forget_pause(self) -> None:
        """At the start: a pause that a person had to end may have been ended by new settings."""
        pause = await self.facts.get(Fact.PAUSE, time.time())
        if pause is not None and pause["waiting"] != Waiting.MONEY:
            await self.facts.forget(Fact.PAUSE)

    async def _take_down(self, attempt: Attempt, outcome: Accepted | NotCharged | Refused | Unknown) -> None:
        now = time.time()
        match outcome:
            case Accepted(task_id=task_id, amount=amount):
                said = None if amount is None else f"{amount.amount} {amount.currency}"
                await self.submits.accepted(attempt, task_id, said, now, now + FIRST_POLL_SECONDS)
                await self._resume(now)
            case Refused(detail=detail):
                await self.submits.refused_by_api(attempt, detail, now)
            case Unknown(what=what, evidence=evidence):
                logger.warning("Nobody knows whether a submit was charged (%s): job=%s", what, attempt.job.id)
                await self.submits.unsure(attempt, f"{what}\n{evidence}", now)
            case NotCharged():
                await self._not_charged(attempt, outcome, now)

    async def _not_charged(self, attempt: Attempt, outcome: NotCharged, now: float) -> None:
        job, detail = attempt.job, outcome.detail
        if outcome.cause is Cause.TOO_SMALL:
            if outcome.minimum is not None:
                await self.facts.keep(Fact.MINIMUM, outcome.minimum, until=now + MINIMUM_SECONDS)
            await self.submits.ask_after_submit(attempt, Failure.TOO_SMALL, detail, now)
        elif outcome.cause is Cause.INTERNAL:
            if job.tries >= len(INTERNAL_ERROR_SECONDS):
                await self.submits.ask_after_submit(attempt, Failure.TRIES_USED_UP, detail, now)
                return
            due_at = now + INTERNAL_ERROR_SECONDS[job.tries]
            await self.submits.submit_later(attempt, Waiting.BUSY, detail, now, due_at=due_at, count=True)
        elif outcome.cause in PAUSING:
            waiting = PAUSING[outcome.cause]
            due_at = now + PAUSE_SECONDS
            queued = await self.submits.submit_later(attempt, waiting, detail, now, due_at=due_at, count=False)
            await self._pause(waiting, now)
            await self._say_it_waits(queued or job)
        elif outcome.cause is Cause.UNREACHABLE:
            due_at = now + (outcome.retry_after or UNREACHABLE_SECONDS)
            queued = await self.submits.submit_later(
                attempt, Waiting.UNREACHABLE, detail, now, due_at=due_at, count=False
            )
            await self.showing.show(queued or job)
        else:
            due_at = now + (outcome.retry_after if outcome.retry_after is not None else BUSY_SECONDS)
            queued = await self.submits.submit_later(attempt, Waiting.BUSY, detail, now, due_at=due_at, count=False)
            await self.showing.show(queued or job)

    async def _paused_until(self, job: Job, now: float) -> float | None:
        """Say until when this job waits for the pause to end; None where it may be submitted.

        During a pause the API is asked once in a while: for its balance where it tells, else with the oldest job.
        """
        pause = await self.facts.get(Fact.PAUSE, now)
        if pause is None:
            return None
        if now < pause["ask_at"]:
            waiting = Waiting(pause["waiting"])
            if job.waiting is not waiting:
                job = await self.jobs.note_waiting(job.id, waiting) or job
                await self._say_it_waits(job)
            return float(pause["ask_at"])
        await self.facts.keep(Fact.PAUSE, {**pause, "ask_at": now + PAUSE_SECONDS})
        if pause["waiting"] != Waiting.MONEY:
            return None
        balance = await self._balance()
        if balance is None:
            return None
        if pause["balance"] is not None and str(balance) == pause["balance"]:
            return now + PAUSE_SECONDS
        await self._resume(now)
        return None

    async def _balance(self) -> Decimal | None:
        """Ask what is on the account; None where the API does not tell."""
        try:
            return await self.api.balance()
        except (ApiUnavailable, BadKey) as error:
            logger.info("The balance is not told now (%s)", type(error).__name__)
            return None

    async def _resume(self, now: float) -> None:
        """End a pause, and let what waited for it go on at once."""
        if await self.facts.get(Fact.PAUSE, now) is not None:
            logger.info("Submits go on")
            await self.facts.forget(Fact.PAUSE)
            await self.jobs.wake_waiting(now)

    async def _pause(self, waiting: Waiting, now: float) -> None:
        """Stop all submits, and tell the admins if nothing was stopped before."""
        before = await self.facts.get(Fact.PAUSE, now)
        balance = await self._balance() if waiting is Waiting.MONEY else None
        await self.facts.keep(
            Fact.PAUSE,
            {"waiting": waiting, "ask_at": now + PAUSE_SECONDS, "balance": None if balance is None else str(balance)},
        )
        if before is not None and before["waiting"] == waiting:
            return
        logger.error("Submits are paused: %s", waiting)
        for admin_id in sorted(self.showing.settings.admin_ids):
            texts = self.showing.texts[await self.chats.language(admin_id) or language_of(None)]
            card = Card(texts.say(f"admin-paused-{waiting}"))
            try:
                await self.messenger.send(Place(admin_id), card, Importance.QUESTION)
            except (UnreachableChatError, LaterError, PerhapsSentError):
                logger.warning("An admin cannot be told: chat=%s", admin_id)

    async def _say_it_waits(self, job: Job) -> None:
        """Show what the job waits for; for money each chat is told once by a message of its own."""
        await self.showing.show(job)
        if job.waiting is Waiting.MONEY and not await self.jobs.was_told_of_waiting(job.chat_id, Waiting.MONEY):
            texts = self.showing.texts_of(job)
            await self.showing.tell(job, Card(texts.say("money-waits", name=name_of(job, texts))))
            await self.jobs.note_told(job.id, JobState.QUEUED, time.time())
