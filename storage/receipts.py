"""What the receipt journal knows and the database does not: tasks that are paid for.

That happens when the process ended between the two, and when the database was put back from a backup.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.job import Job, JobState, Receipt
from storage.database import Database
from storage.jobs import job_of
from storage.moves import move
from storage.schema import attempts, jobs

NOT_PAID_YET = (JobState.CONFIRMING, JobState.QUEUED, JobState.SUBMITTING, JobState.UNSURE)


@dataclass(frozen=True, slots=True)
class PaidTasks:
    """The moves that a receipt makes."""

    database: Database

    async def worth_a_look(self, receipts: Sequence[Receipt]) -> tuple[Receipt, ...]:
        """Leave out receipts that the database knows of, and those of jobs that are further already: nearly all."""
        async with self.database.read() as connection:
            known = set(await connection.scalars(select(attempts.c.attempt_id).where(attempts.c.outcome == "accepted")))
            open_jobs = set(await connection.scalars(select(jobs.c.token).where(jobs.c.state.in_(NOT_PAID_YET))))
        return tuple(one for one in receipts if one.attempt_id not in known and one.job_token in open_jobs)

    async def take_over(self, receipt: Receipt, now: float) -> Job | None:
        """Let a job that its receipt shows to be paid go on with its task; None where there is nothing to put right.

        The job takes the way that it took when it was paid, edge by edge: a restored copy may be older than the press
        (edges c and f), a killed process had not stored the answer (edge i), or a person was asked already (edge n).
        """
        async with self.database.write() as connection:
            known = (
                await connection.execute(select(attempts).where(attempts.c.attempt_id == receipt.attempt_id))
            ).one_or_none()
            if known is not None and known.outcome == "accepted":
                return None
            job = job_of(
                (await connection.execute(select(jobs).where(jobs.c.token == receipt.job_token)))
                .mappings()
                .one_or_none(),
            )
            if job is None or job.state not in NOT_PAID_YET or not job.valid:
                return None
            await self._walk_to_submitting(connection, job, receipt)
            if known is None:
                await self._write_attempt(connection, job, receipt)
            await self._end_attempts(connection, job, receipt, now)
            for state in (JobState.SUBMITTING, JobState.UNSURE):
                checking = await move(
                    connection,
                    job.id,
                    state,
                    JobState.CHECKING,
                    now,
                    submitted_at=receipt.at,
                    moved_at=now,
                    task_id=receipt.task_id,
                    failure=None,
                )
                if checking is not None:
                    return checking
            return None

    async def _walk_to_submitting(self, connection: AsyncConnection, job: Job, receipt: Receipt) -> None:
        if job.state is JobState.CONFIRMING:
            asked_by = job.asked_by or job.starter_id
            await move(
                connection,
                job.id,
                JobState.CONFIRMING,
                JobState.QUEUED,
                receipt.at,
                asked_by=asked_by,
                queued_at=receipt.at,
                to_check=_sent(job, receipt),
                adding_until=None,
                adding_by=None,
            )
        if job.state in {JobState.CONFIRMING, JobState.QUEUED}:
            tried = jobs.c.attempts + 1
            await move(connection, job.id, JobState.QUEUED, JobState.SUBMITTING, receipt.at, attempts=tried)

    async def _write_attempt(self, connection: AsyncConnection, job: Job, receipt: Receipt) -> None:
        """Write the attempt that a restored copy has lost."""
        await connection.execute(
            insert(attempts).values(
                attempt_id=receipt.attempt_id,
                job_id=job.id,
                asked_by=job.asked_by or job.starter_id,
                numbers=_sent(job, receipt),
                begun_at=receipt.at,
                ended_at=receipt.at,
                outcome="accepted",
                task_id=receipt.task_id,
                named_by=receipt.named_by,
            ),
        )

    async def _end_attempts(self, connection: AsyncConnection, job: Job, receipt: Receipt, now: float) -> None:
        """Close the attempt that was answered, and leave no other one open."""
        this_one = attempts.c.attempt_id == receipt.attempt_id
        await connection.execute(
            update(attempts)
            .where(this_one)
            .values(outcome="accepted", ended_at=now, task_id=receipt.task_id, named_by=receipt.named_by),
        )
        await connection.execute(
            update(attempts)
            .where(attempts.c.job_id == job.id, attempts.c.outcome.is_(None))
            .values(
                outcome="unknown", ended_at=now, evidence="an earlier submit of the list turned out to be accepted"
            ),
        )


def _sent(job: Job, receipt: Receipt) -> int:
    """Say how many numbers the API was asked about: by the press, or by the receipt where the copy is older."""
    if job.state is not JobState.CONFIRMING:
        return job.to_check
    return job.new if receipt.numbers == job.new else job.valid
