"""The steps of a job that is paid and being checked: ask how far it is, fetch the result, read it, store it."""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.cards import Card
from bot.check_api import CheckApi
from bot.composing import Composing
from bot.downloading import ResultUnavailable
from bot.job import Failure, Job, Waiting
from bot.outcomes import ApiUnavailable, BadKey, Task, TaskStatus, TaskUnknown
from bot.pace import STALLED_SECONDS, pace_of, seconds_left, stood_still
from bot.preview import Terms, titled
from bot.progress import RESULT_LATE_SECONDS
from bot.results import ResultNotUnderstood
from bot.showing import Showing
from bot.spreading import Spreading
from bot.workshop import ReadingFailed, own_folder
from storage.facts import Fact, Facts
from storage.jobs import Jobs
from storage.lists import StoredResult
from storage.tasks import Tasks
from storage.unsure import Unsure

logger = logging.getLogger(__name__)

SOONEST_SECONDS = 1.0
LATEST_SECONDS = 30.0
SHARE_OF_TIME_LEFT = 6
SHARE_OF_TIME_SO_FAR = 0.05
"""A task that ends unexpectedly is noticed within this part of its time."""
STALLED_POLL_SECONDS = 600.0
"""How often a task is asked about that stands still: read word for word the contract charges for a poll."""
GIVE_UP_SECONDS = 7 * 24 * 3600
"""A task that has not moved for so long has failed."""
UNKNOWN_SECONDS = (30.0, 120.0, 450.0, 1200.0)
"""When to ask again after each answer that the API does not know the task. Five over half an hour: then it is lost."""
LONGEST_BACKOFF_SECONDS = 60.0
LONGEST_RETRY_AFTER_SECONDS = 600.0
MOST_RAW_BYTES = 24 << 20
"""So large a file of the API that cannot be understood is handed over as it is. A million rows have about as much.

It goes through the memory whole, and while it is stored it is there three times: for a moment it takes 72 MiB.
"""
RESULTS_AT_ONCE = 12
"""So many results are fetched at the same time: more of them would come faster than Telegram lets them go."""
PACE_NUMBERS = 100
"""Smaller tasks say nothing about the API's pace."""


@dataclass(frozen=True, slots=True)
class Checking:
    """Steps of jobs whose task is at the API."""

    jobs: Jobs
    tasks: Tasks
    facts: Facts
    api: CheckApi
    showing: Showing
    composing: Composing
    clock: Callable[[], float] = time.time
    spreading: Spreading = field(default_factory=Spreading)
    fetching: set[int] = field(default_factory=set)
    """Jobs whose result is being fetched, or waits for that."""
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(RESULTS_AT_ONCE))

    async def step(self, job: Job) -> float | None:
        """Ask once how far the task is and act on it; give the time of the next question."""
        now = self.clock()
        await self.composing.expect(job)
        try:
            task = await self.api.status(job.task_id or "")
        except TaskUnknown:
            return await self._not_known(job, now)
        except (ApiUnavailable, BadKey) as error:
            return await self._no_word(job, error, now)
        if task.status is TaskStatus.EXPORTED and job.waiting is Waiting.RESULT:
            # Its result could not be had before; keep counting how long and how often.
            return await self._fetch(job, task, now)
        amount = None if task.amount is None else f"{task.amount.amount} {task.amount.currency}"
        status, done = task.status.value, processed(task, job)
        pace = pace_of(job, done, now)
        noted = await self.tasks.note_progress(job, status=status, done=done, amount=amount, pace=pace, now=now)
        if noted is None:
            return None
        if task.status is TaskStatus.FAILED:
            await self.tasks.fail(noted, Failure.TASK_FAILED, task.message, now)
            return None
        if task.status is TaskStatus.EXPORTED:
            await self._learn_pace(job, now)
            return await self._fetch(noted, task, now)
        await self.showing.show(noted)
        if (given_up := await self._given_up(noted, now)) is not None:
            return given_up
        return self.spreading.place(next_question(noted, await self.showing.usual.get(), now), now)

    async def _not_known(self, job: Job, now: float) -> float | None:
        noted = await self.tasks.note_unknown_answer(job)
        if noted is None:
            return None
        if noted.unknown_answers > len(UNKNOWN_SECONDS):
            logger.error("The API does not know a task any more: job=%s task=%s", job.id, job.task_id)
            await self.tasks.fail(noted, Failure.TASK_UNKNOWN, None, now)
            return None
        return now + UNKNOWN_SECONDS[noted.unknown_answers - 1]

    async def _no_word(self, job: Job, error: ApiUnavailable | BadKey, now: float) -> float | None:
        """Ask again later: what keeps the API from answering never fails a job."""
        logger.info("No word of a task (%s): job=%s task=%s", type(error).__name__, job.id, job.task_id)
        noted = await self.tasks.note_hitch(job, job.waiting)
        if noted is None:
            return None
        await self.showing.show(noted)
        named = error.retry_after if isinstance(error, ApiUnavailable) else None
        return now + max(backoff(job.tries), min(named or 0.0, LONGEST_RETRY_AFTER_SECONDS))

    async def _learn_pace(self, job: Job, now: float) -> None:
        """Measure the API's pace where the end of a task was seen as it came, not after the bot was away."""
        seen_lately = now - (job.moved_at or job.state_since) <= 2 * LATEST_SECONDS
        if job.to_check >= PACE_NUMBERS and job.submitted_at is not None and seen_lately:
            await self.facts.keep(Fact.PACE, job.to_check / max(now - job.submitted_at, 1.0))

    async def _given_up(self, job: Job, now: float) -> float | None:
        """End a task that has not moved for a week."""
        if now - (job.moved_at or job.state_since) < GIVE_UP_SECONDS:
            return None
        logger.error("A task has not moved for a week: job=%s task=%s", job.id, job.task_id)
        await self.tasks.fail(job, Failure.TASK_STALLED, None, now)
        return now

    async def _fetch(self, job: Job, task: Task, now: float) -> float | None:
        """Fetch, read and store the result; where that does not work, say when to try again."""
        late = now - (job.moved_at or job.state_since) >= RESULT_LATE_SECONDS
        self.fetching.add(job.id)
        try:
            async with self.turn, own_folder(self.composing.work_dir) as folder:
                return await self._fetch_into(folder / "result", job, task, now, late=late)
        except OSError as error:
            return await self._result_hitch(job, f"the disk does not take it: {error.strerror}", now, late=late)
        finally:
            self.fetching.discard(job.id)

    async def _fetch_into(self, path: Path, job: Job, task: Task, now: float, *, late: bool) -> float | None:
        try:
            if task.result_url is None:
                raise ResultUnavailable("the task is exported and has no result_url")
            await self.api.download(task.result_url, path, job.to_check)
        except ResultUnavailable as error:
            return await self._result_hitch(job, str(error), now, late=late)
        try:
            composed = await self.composing.compose(path, job)
        except (ResultNotUnderstood, ReadingFailed) as error:
            if not late:
                return await self._result_hitch(job, str(error), now, late=False)
            if await asyncio.to_thread(_size_of, path) > MOST_RAW_BYTES:
                return await self._result_hitch(job, f"{error} It is too large to be handed over.", now, late=True)
            if await Unsure(self.jobs.database).was_named(job):
                # Whoever named it may have taken another chat's: what cannot be understood is shown to nobody then.
                logger.error("The result of a task that was named is not one of its list: job=%s (%s)", job.id, error)
                await self.tasks.fail(job, Failure.TASK_OF_ANOTHER_LIST, None, now)
                return None
            logger.error("A result cannot be understood and is handed over as it is: job=%s (%s)", job.id, error)
            raw = StoredResult(None, None, await asyncio.to_thread(path.read_bytes))
            await self.tasks.keep_result(job, raw, None, self.clock())
            return None
        result, now, found = composed.result, self.clock(), composed.found
        await self.tasks.keep_result(job, result, composed.verdicts, now, changes=composed.changes, found=found)
        return None

    async def _result_hitch(self, job: Job, cause: str, now: float, *, late: bool) -> float | None:
        logger.warning("A result cannot be had yet (%s): job=%s task=%s", cause, job.id, job.task_id)
        noted = await self.tasks.note_hitch(job, Waiting.RESULT)
        if noted is None:
            return None
        if (given_up := await self._given_up(noted, now)) is not None:
            return given_up
        await self.showing.show(noted)
        if late and job.told_at is None:
            texts = self.showing.texts_of(job)
            told = Card(texts.say("result-late", name=titled(job, texts), task=job.task_id))
            await self.showing.tell(noted, told)
            await self.jobs.note_told(noted, now)
        return now + backoff(job.tries)


def processed(task: Task, job: Job) -> int:
    """Say how many numbers the API has processed.

    ``total`` counts what is processed in one form of the answer and the whole list in the other; in that one it stands
    there from the beginning, so a full ``total`` counts only at the end.
    """
    if task.success + task.failure > 0:
        return min(task.success + task.failure, job.to_check)
    if task.status is TaskStatus.EXPORTED:
        return job.to_check
    return task.total if 0 < task.total < job.to_check else 0


def next_question(job: Job, terms: Terms, now: float) -> float:
    """Choose the time of the next question.

    That is a sixth of what seems left as long as each answer brings news. Where one brings none no estimate holds, and
    only the time that is over tells; a task that has said nothing yet is thought to take at least a sixth of the usual.
    """
    still = stood_still(job, now)
    if still >= STALLED_SECONDS:
        return now + STALLED_POLL_SECONDS
    over = now - (job.submitted_at or job.state_since)
    left = seconds_left(job, terms.pace, now)
    if left is None:
        wait = min(still / SHARE_OF_TIME_LEFT, over * SHARE_OF_TIME_SO_FAR)
    elif job.pace is None:
        wait = max(left / SHARE_OF_TIME_LEFT - over, over * SHARE_OF_TIME_SO_FAR)
    else:
        wait = left / SHARE_OF_TIME_LEFT if still <= 0 else over * SHARE_OF_TIME_SO_FAR
    return now + min(max(wait, SOONEST_SECONDS), LATEST_SECONDS)


def backoff(tries: int) -> float:
    """Wait a second after the first failure, twice as long after each, a minute at the most, and not all at once."""
    wait = min(2.0 ** min(tries, 10), LONGEST_BACKOFF_SECONDS)
    return wait * random.uniform(0.8, 1.2)  # noqa: S311  (spreading calls needs no secret)


def _size_of(path: Path) -> int:
    return path.stat().st_size
