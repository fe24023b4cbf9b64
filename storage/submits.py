"""The moves around a submit, the one step that spends money. Each attempt is stored before its request goes out."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.job import Failure, Job, JobState, Waiting
from bot.quotas import NO_QUOTAS, Quotas
from storage.database import Database
from storage.facts import Fact
from storage.jobs import jobs_of
from storage.moves import ASKED_AGAIN, move
from storage.quotas import reserve
from storage.schema import attempts, facts, jobs

ANSWER_SECONDS = 300
"""A job that is still ``submitting`` after this long has lost its step: nobody will hear the answer.

Longer than any submit may take (``bot.account.Bounds``).
"""
BALANCE_SECONDS = 60
"""A balance that was heard longer before an attempt says nothing about it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The stored intent to submit: it is older than any charge."""

    attempt_id: str
    job: Job


@dataclass(frozen=True, slots=True)
class Submits:
    """The moves into, out of and after a submit."""

    database: Database
    quotas: Quotas = NO_QUOTAS

    async def begin_submit(self, job: Job, now: float) -> Attempt | None:
        """Store the intent, before the request goes out (edge f); not while an admin has stopped all submits.

        Where nothing is new, nothing is submitted (edge v).
        """
        stopped = exists().where(facts.c.name == Fact.STOPPED)
        async with self.database.write() as connection:
            submitting = await move(
                connection,
                job.id,
                JobState.QUEUED,
                JobState.SUBMITTING,
                now,
                ~stopped,
                jobs.c.to_check > 0,
                keep_tries=True,
                attempts=jobs.c.attempts + 1,
                due_at=now + ANSWER_SECONDS,
                waiting=jobs.c.waiting,
                told_at=jobs.c.told_at,
            )
            if submitting is None:
                return None
            attempt_id = secrets.token_hex(16)
            await connection.execute(
                insert(attempts).values(
                    attempt_id=attempt_id,
                    job_id=job.id,
                    asked_by=submitting.asked_by,
                    numbers=submitting.to_check,
                    begun_at=now,
                    **await _balance_before(connection, now),
                ),
            )
            return Attempt(attempt_id, submitting)

    async def accepted(
        self, attempt: Attempt, task_id: str, amount: str | None, now: float, due_at: float
    ) -> Job | None:
        """Note the task id: it is paid (edge i; edge n where the answer came after all, later than it was given up)."""
        async with self.database.write() as connection:
            await _end(connection, attempt, "accepted", now, task_id=task_id)
            for state in (JobState.SUBMITTING, JobState.UNSURE):
                checking = await move(
                    connection,
                    attempt.job.id,
                    state,
                    JobState.CHECKING,
                    now,
                    jobs.c.attempts == attempt.job.attempts,
                    due_at=due_at,
                    submitted_at=attempt.job.state_since,
                    moved_at=now,
                    task_id=task_id,
                    amount=amount,
                    failure=None,
                )
                if checking is not None:
                    return checking
            return None

    async def submit_later(
        self, attempt: Attempt, waiting: Waiting, detail: str, now: float, *, due_at: float, count: bool
    ) -> Job | None:
        """Put a job back into the queue: surely not charged (edge j).

        Args:
            attempt: The attempt that came to nothing.
            waiting: What holds it up.
            detail: The API's words, for the log and for people who run the bot.
            now: The time.
            due_at: When to try again.
            count: Whether this counts as one of the tries that can be used up.
        """
        async with self.database.write() as connection:
            await _end(connection, attempt, "not-charged", now, evidence=detail)
            return await _move_on(
                connection,
                attempt,
                JobState.QUEUED,
                now,
                due_at=due_at,
                keep_tries=True,
                tries=jobs.c.tries + 1 if count else jobs.c.tries,
                waiting=waiting,
                told_at=jobs.c.told_at,
            )

    async def ask_after_submit(self, attempt: Attempt, failure: Failure, detail: str, now: float) -> Job | None:
        """Ask the person again: surely not charged, and something has to change (edge k)."""
        async with self.database.write() as connection:
            await _end(connection, attempt, "not-charged", now, evidence=detail)
            return await _move_on(
                connection, attempt, JobState.CONFIRMING, now, failure=failure, detail=detail, **ASKED_AGAIN
            )

    async def refused_by_api(self, attempt: Attempt, detail: str, now: float) -> Job | None:
        """End a job that the API clearly does not take; the list is kept (edge l)."""
        async with self.database.write() as connection:
            await _end(connection, attempt, "refused", now, evidence=detail)
            return await _move_on(
                connection, attempt, JobState.REFUSED, now, failure=Failure.REFUSED_BY_API, detail=detail
            )

    async def unsure(self, attempt: Attempt, evidence: str, now: float) -> Job | None:
        """Leave it to a person: the request may have been taken (edge m)."""
        async with self.database.write() as connection:
            await _end(connection, attempt, "unknown", now, evidence=evidence)
            return await _move_on(
                connection,
                attempt,
                JobState.UNSURE,
                now,
                failure=Failure.CONNECTION_BROKE,
                submitted_at=attempt.job.state_since,
            )

    async def unsure_after_stop(self, now: float, *, due_by: float | None = None) -> tuple[Job, ...]:
        """Leave to people what was being submitted when its step ended: it may have been taken (edge m).

        At the start that is every job being submitted; later only one whose step was lost: its answer was due by
        ``due_by``. The job's own ``due_at`` does not tell, since taking the job has moved it.
        """
        midway = jobs.c.state == JobState.SUBMITTING
        if due_by is not None:
            midway = and_(midway, jobs.c.state_since <= due_by - ANSWER_SECONDS)
        async with self.database.write() as connection:
            await connection.execute(
                update(attempts)
                .where(attempts.c.outcome.is_(None), attempts.c.job_id.in_(select(jobs.c.id).where(midway)))
                .values(outcome="unknown", ended_at=now, evidence="the process ended before the answer was stored"),
            )
            statement = (
                update(jobs)
                .where(midway)
                .values(
                    state=JobState.UNSURE,
                    submitted_at=jobs.c.state_since,
                    state_since=now,
                    failure=Failure.STOPPED_MIDWAY,
                    tries=0,
                    told_at=None,
                    due_at=now,
                    lease=None,
                )
                .returning(*jobs.c)
            )
            return jobs_of((await connection.execute(statement)).mappings().all())

    async def send_again(self, job: Job, attempts_seen: int, person_id: int, now: float) -> Job | None:
        """A person asks for a second submit, knowing that the first may be paid (edge o).

        The first counts as spent, so the list needs its room in the quotas twice.

        Raises:
            QuotaReachedError: It does not fit into what is left of one.
        """
        this_one = jobs.c.attempts == attempts_seen
        unsure = select(jobs.c.chat_id, jobs.c.to_check).where(jobs.c.id == job.id, jobs.c.state == JobState.UNSURE)
        async with self.database.write() as connection:
            again = (await connection.execute(unsure.where(this_one).with_for_update())).one_or_none()
            if again is None:
                return None
            await reserve(
                connection, self.quotas, wanted=again.to_check, chat_id=again.chat_id, person_id=person_id, now=now
            )
            return await move(
                connection,
                job.id,
                JobState.UNSURE,
                JobState.QUEUED,
                now,
                this_one,
                asked_by=person_id,
                queued_at=now,
                failure=None,
            )

    async def close(self, job: Job, now: float) -> Job | None:
        """A person lets an unsure job rest (edge p)."""
        async with self.database.write() as connection:
            return await move(connection, job.id, JobState.UNSURE, JobState.CLOSED, now)

    async def close_unanswered(self, before: float, now: float) -> tuple[Job, ...]:
        """Close unsure jobs that nobody has decided about since then (edge p).

        Else their numbers would be kept for ever. The chat is told; the numbers of a closed list are kept and deleted
        as those of any list that has ended, so it can still be opened anew for a while.
        """
        forgotten = jobs.c.state == JobState.UNSURE, jobs.c.state_since < before
        async with self.database.write() as connection:
            ids = (await connection.scalars(select(jobs.c.id).where(*forgotten))).all()
            closed = [
                await move(connection, one, JobState.UNSURE, JobState.CLOSED, now, failure=Failure.WAITED_TOO_LONG)
                for one in ids
            ]
            return tuple(job for job in closed if job is not None)


async def _balance_before(connection: AsyncConnection, now: float) -> dict[str, Any]:
    """Give what was on the account just before an attempt, where that is known."""
    known = await connection.scalar(select(facts.c.value).where(facts.c.name == Fact.BALANCE))
    balance: dict[str, Any] = json.loads(known) if known else {"amount": None}
    if balance["amount"] is None or not now - BALANCE_SECONDS <= balance["at"] <= now:
        return {}
    return {"balance_before": balance["amount"], "balance_before_at": balance["at"]}


async def _move_on(
    connection: AsyncConnection,
    attempt: Attempt,
    new: JobState,
    now: float,
    **values: Any,  # noqa: ANN401  (SQL)
) -> Job | None:
    """Move the job whose attempt was answered; not one that is being submitted once more by now."""
    this_one = jobs.c.attempts == attempt.job.attempts
    return await move(connection, attempt.job.id, JobState.SUBMITTING, new, now, this_one, **values)


async def _end(
    connection: AsyncConnection,
    attempt: Attempt,
    outcome: str,
    now: float,
    *,
    task_id: str | None = None,
    evidence: str | None = None,
) -> None:
    """Write down how an attempt ended. An answer that came late says more than "unknown"."""
    await connection.execute(
        update(attempts)
        .where(
            attempts.c.attempt_id == attempt.attempt_id,
            or_(attempts.c.outcome.is_(None), attempts.c.outcome == "unknown"),
        )
        .values(outcome=outcome, ended_at=now, task_id=task_id, evidence=evidence),
    )
