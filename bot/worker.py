"""The background loop: take due jobs, move each one step.

Postpone first, then act: a job is taken by moving its clock forward, so a step that fails, hangs or dies is done again
later and never spins. A step does one thing and either moves the job, which makes it due at once, or says when to look
again.
"""

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from pathlib import Path

from bot.chores import Chore, Chores
from bot.clock import Jumps, elapsed
from bot.job import TERMINAL, Job, JobState
from bot.messenger import LaterError, MovedChatError, PerhapsSentError, TokenRevokedError
from storage.database import DatabaseBrokenError, DatabaseUnavailableError
from storage.jobs import Jobs
from storage.retention import Retention
from storage.submits import Submits
from storage.supergroups import Supergroups
from storage.times import Times
from storage.updates import RAW_UPDATES_SECONDS, Inbox

logger = logging.getLogger(__name__)

Step = Callable[[Job], Awaitable[float | None]]
"""Does one thing for a job; gives the time at which it is due next, None for never."""

AT_ONCE = 24
LISTS_AT_ONCE = 12
"""So many lists are read at the same time, beside all other steps: what has been read is shown before more is read."""
TASKS_AT_ONCE = 512
"""So many tasks are seen to at the same time, beside all other steps: nobody shall wait for them with a list to be
submitted or a result to be delivered. How many of them are asked about at the same time, `bot.questions` says; the
others wait for what was heard to be stored, many in one transaction."""
RESULTS_AT_ONCE = 1000
"""So many jobs whose task has turned out to be finished may wait for their result in memory; each takes some kilobytes.
"""
TOLD_AT_ONCE = 8
"""So many jobs that have ended are seen to at the same time, beside all others: what their messages shall say waits for
the results that are on their way to other chats, and must not hold those up."""
CROWD = 8
"""Where more steps than this are under way, one look at what is due serves many of them."""
CROWD_SECONDS = 0.1
"""How far such looks are apart."""
LEASE_SECONDS = 30 * 60
"""Longer than any step takes: a large result is fetched for ten minutes and read for ten."""
TICK_SECONDS = 1.0
FINISHING = frozenset({JobState.QUEUED, JobState.SUBMITTING, JobState.DELIVERING})
"""The steps that are given time at a stop: a submit's answer is worth money, a document half sent is sent twice."""
FINISH_SECONDS = 15.0
OTHERS_SECONDS = 2.0
RESTING = frozenset({*TERMINAL, JobState.UNSURE})
"""States that need no step once the chat has heard of them."""
ENDED = frozenset(TERMINAL)
TASKS = frozenset({JobState.CHECKING})
LISTS = frozenset({JobState.READING})
OTHERS = frozenset(JobState) - ENDED - TASKS - LISTS
AGAIN_SECONDS = 60.0
PERHAPS_SENT_SECONDS = 2.0
LONGEST_SECONDS = 3600.0
"""However often a step fails, it is tried again once an hour: an update of the program may mend it."""
HOUSEKEEPING_SECONDS = 3600
SLEPT_SECONDS = 3600
"""A clock that was set ahead by so much, or a machine that has slept so long, is given time to think better of it."""
UNTIDY_SECONDS = 600
"""How long then nothing is deleted for its age."""


class Worker:
    """The one worker of this process."""

    def __init__(  # noqa: PLR0913  (what it works on, and what it keeps in order)
        self,
        *,
        steps: Mapping[JobState, Step],
        jobs: Jobs,
        retention: Retention,
        submits: Submits,
        inbox: Inbox,
        supergroups: Supergroups,
        times: Times,
        heartbeat: Path,
        retention_seconds: float,
        chores: Iterable[Chore] = (),
        timed: Iterable[Chore] = (),
        fetching: Collection[int] = (),
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = elapsed,
    ) -> None:
        self._steps = steps
        self._jobs = jobs
        self._retention = retention
        self._submits = submits
        self._inbox = inbox
        self._supergroups = supergroups
        self._times = times
        self._heartbeat = heartbeat
        self._retention_seconds = retention_seconds
        self._clock = clock
        self._jumps = Jumps(clock, steady)
        self._chores = Chores(chores, timed, clock)
        self._fetching = fetching
        """Jobs in ``checking`` whose result is being fetched: nothing is asked about them any more."""
        self._running: dict[int, tuple[Job, asyncio.Task[None]]] = {}
        self._unsettled: list[tuple[int, str, float | None]] = []
        """Steps that were done while the database took nothing."""
        self._failures: dict[int, int] = {}
        """How often in a row a job's step has failed in this process, for the clock only."""
        self._awake = asyncio.Event()
        self._stopping = False
        self._tidied_at = 0.0

    def wake(self) -> None:
        """Look at once whether something is due."""
        self._chores.wake()
        self._awake.set()

    def stop(self) -> None:
        """Begin nothing new; ``run`` returns when the steps under way are done or their time is over."""
        self._stopping = True
        self._awake.set()

    async def run(self) -> None:
        """Work until ``stop``."""
        async with asyncio.TaskGroup() as group:
            while not self._stopping:
                with contextlib.suppress(OSError):  # a full disk is no reason to stop, only to look ill
                    self._heartbeat.touch()
                try:
                    await self._mind_the_clock()
                    await self._settle_late()
                    await self._take(group)
                    self._chores.start_due(group, self._awake.set)
                    await self._tidy(self._clock())
                    pause = await self._pause()
                except DatabaseUnavailableError as error:
                    logger.error("The database takes nothing now (%s)", error)
                    pause = TICK_SECONDS
                if len(self._running) > CROWD:
                    await asyncio.sleep(CROWD_SECONDS)
                try:
                    async with asyncio.timeout(pause):
                        await self._awake.wait()
                except TimeoutError:
                    pass
                self._awake.clear()
            await self._finish()

    async def _mind_the_clock(self) -> None:
        """Put right what was stored, where somebody has set the clock."""
        ahead, now = self._jumps.ahead(), self._clock()
        by = self._jumps.since(self._jumps.seen)
        if by < 0:
            await self._times.set_back(now, -by)
            self._tidied_at = min(self._tidied_at, now)
            logger.warning("The clock was set back by %.0f s: what waits goes back with it", -by)
        elif by > 0:
            if by >= SLEPT_SECONDS:
                await self._times.slept(now)
                self._tidied_at = max(self._tidied_at, now - HOUSEKEEPING_SECONDS + UNTIDY_SECONDS)
            logger.warning("The clock was set ahead by %.0f s, or the machine has slept", by)
        self._jumps.seen = ahead

    async def _take(self, group: asyncio.TaskGroup) -> None:
        now = self._clock()
        free = self._free()
        if not free:
            return
        lease, busy = secrets.token_hex(8), [*self._running]
        taken = await self._jobs.take_due(now, lease=lease, until=now + LEASE_SECONDS, most=free, busy=busy)
        for job in taken:
            self._running[job.id] = (job, group.create_task(self._do(job, lease)))

    def _free(self) -> dict[Collection[JobState], int]:
        """Say how many more steps of each kind may be begun; those are left out of which none may."""
        states = [job.state for job, _ in self._running.values()]
        tasks, fetching, lists = states.count(JobState.CHECKING), len(self._fetching), states.count(JobState.READING)
        ended = sum(state in ENDED for state in states)
        free: dict[Collection[JobState], int] = {
            OTHERS: AT_ONCE - (len(states) - tasks - ended - lists),
            LISTS: LISTS_AT_ONCE - lists,
            ENDED: TOLD_AT_ONCE - ended,
            TASKS: min(TASKS_AT_ONCE - (tasks - fetching), RESULTS_AT_ONCE - fetching),
        }
        return {kind: count for kind, count in free.items() if count > 0}

    async def _pause(self) -> float:
        """Say how long nothing will be due."""
        free = self._free()
        if not free:
            return TICK_SECONDS
        next_due = await self._jobs.next_due([*self._running], [state for kind in free for state in kind])
        return TICK_SECONDS if next_due is None else min(max(next_due - self._clock(), 0.01), TICK_SECONDS)

    async def _do(self, job: Job, lease: str) -> None:
        ahead = self._jumps.ahead()
        try:
            try:
                due_at = await self._guarded(job)
            except DatabaseUnavailableError as error:
                logger.error("The database takes nothing now (%s): job=%s", error, job.id)
                due_at = self._clock() + TICK_SECONDS
            if due_at is None and job.state not in RESTING:
                due_at = self._clock() + AGAIN_SECONDS  # matters only where the step found nothing to move
            if due_at is not None:
                due_at += min(self._jumps.since(ahead), 0.0)  # reckoned by a clock that was set back meanwhile
            await self._settle(job.id, lease, due_at)
        finally:
            del self._running[job.id]
            self._awake.set()

    async def _settle(self, job_id: int, lease: str, due_at: float | None) -> None:
        """Store when a job whose step is done is due next."""
        try:
            await self._jobs.settle(job_id, lease=lease, due_at=due_at)
        except DatabaseUnavailableError:
            self._unsettled.append((job_id, lease, due_at))  # then the loop does it as soon as it goes

    async def _settle_late(self) -> None:
        """Store what the database has not taken before."""
        while self._unsettled:
            job_id, lease, due_at = done = self._unsettled.pop()  # others are added meanwhile
            try:
                await self._jobs.settle(job_id, lease=lease, due_at=due_at)
            except BaseException:
                self._unsettled.append(done)
                raise

    async def _guarded(self, job: Job) -> float | None:
        """Do the job's step; every failure moves the clock, the further the longer it goes on."""
        try:
            due_at = await self._step(job)
        except LaterError as error:
            return self._clock() + error.seconds
        except PerhapsSentError:
            return self._clock() + self._longer(job, PERHAPS_SENT_SECONDS, AGAIN_SECONDS)
        except TokenRevokedError:
            return self._clock() + AGAIN_SECONDS
        except (DatabaseUnavailableError, DatabaseBrokenError):
            raise
        except Exception:
            logger.exception("A step failed: job=%s chat=%s state=%s", job.id, job.chat_id, job.state)
            return self._clock() + self._longer(job, AGAIN_SECONDS, LONGEST_SECONDS)
        self._failures.pop(job.id, None)
        return due_at

    async def _step(self, job: Job) -> float | None:
        try:
            return await self._steps[job.state](job)
        except MovedChatError as error:
            logger.info("A group has become a supergroup: chat=%s is now chat=%s", job.chat_id, error.chat_id)
            await self._supergroups.take_over(job.chat_id, error.chat_id, self._clock())
            return self._clock()

    def _longer(self, job: Job, first: float, longest: float) -> float:
        """Double the wait with each failure in a row."""
        failures = self._failures[job.id] = self._failures.get(job.id, 0) + 1
        return min(first * 2.0 ** min(failures - 1, 20), longest)

    async def _tidy(self, now: float) -> None:
        """At the start and once an hour: delete what is kept no longer, close what nobody has decided about."""
        if now - self._tidied_at < HOUSEKEEPING_SECONDS:
            return
        await self._times.set_back(now)
        for job in await self._submits.close_unanswered(now - self._retention_seconds, now):
            logger.warning("Nobody has decided about an unsure job, it is closed: job=%s", job.id)
        lists = await self._retention.purge(now, self._retention_seconds)
        updates = await self._inbox.purge(now - RAW_UPDATES_SECONDS)
        self._tidied_at = now
        logger.debug("Deleted what is kept no longer: %s rows of lists, %s updates", lists, updates)

    async def _finish(self) -> None:
        """Give the steps under way their time, then cut them off; what they had taken is released at the next start."""
        steps = list(self._running.values())
        worth_waiting = [task for job, task in steps if job.state in FINISHING]
        others = [*self._chores.running, *(task for job, task in steps if job.state not in FINISHING)]
        began = time.monotonic()
        if others:
            _, late = await asyncio.wait(others, timeout=OTHERS_SECONDS)
            for task in late:
                task.cancel()
        if worth_waiting:
            left = FINISH_SECONDS - (time.monotonic() - began)
            _, late = await asyncio.wait(worth_waiting, timeout=left)
            for task in late:
                task.cancel()
