"""What people know of unsure jobs: who was asked, what was on the account, and which task an admin names."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, and_, exists, func, or_, select, update

from bot.job import Job, JobState, Receipt
from bot.unsure import Compared
from storage.database import Database
from storage.jobs import job_of, jobs_of
from storage.moves import move
from storage.schema import attempts, awaited_tasks, jobs, unsure_questions


class TaskTakenError(Exception):
    """Another job has this task already."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """An admin has said that they know a job's task, and is asked for its id."""

    job: Job
    is_open: bool
    """The job is still unsure about the same attempt."""
    offered: str | None
    """The id they were warned about."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Questions about unsure jobs. Some are of all chats: they are for the bot's admins only."""

    database: Database

    async def of_all_chats(self) -> tuple[Job, ...]:
        """Give the unsure jobs of all chats, oldest first."""
        statement = select(jobs).where(jobs.c.state == JobState.UNSURE).order_by(jobs.c.state_since, jobs.c.id)
        async with self.database.read() as connection:
            return jobs_of((await connection.execute(statement)).mappings().all())

    async def in_any_chat(self, token: str) -> Job | None:
        """Give the unsure job whose buttons carry this token, whichever chat it belongs to."""
        statement = select(jobs).where(jobs.c.token == token, jobs.c.state == JobState.UNSURE)
        async with self.database.read() as connection:
            return job_of((await connection.execute(statement)).mappings().one_or_none())

    async def was_asked(self, job: Job, chat_id: int) -> bool:
        """Say whether this chat was asked about the job's last attempt."""
        asked = exists().where(
            unsure_questions.c.job_id == job.id,
            unsure_questions.c.attempt == job.attempts,
            unsure_questions.c.chat_id == chat_id,
        )
        async with self.database.read() as connection:
            return bool(await connection.scalar(select(asked)))

    async def note_asked(self, job: Job, chat_id: int, now: float) -> None:
        """Remember that this chat was asked about the job's last attempt."""
        row = {"job_id": job.id, "attempt": job.attempts, "chat_id": chat_id, "asked_at": now}
        statement = self.database.insert(unsure_questions).values(row).on_conflict_do_nothing()
        async with self.database.write() as connection:
            await connection.execute(statement)

    async def lacks_balance_after(self, job: Job) -> bool:
        """Say whether only the balance after the job's last attempt is missing for a comparison."""
        attempt = await self._last_attempt(job)
        return attempt is not None and attempt.balance_before is not None and attempt.balance_after is None

    async def keep_balance_after(self, job: Job, amount: Decimal, now: float) -> None:
        """Keep what was on the account after the job's last attempt."""
        attempt = await self._last_attempt(job)
        if attempt is None:
            return
        this_one = attempts.c.attempt_id == attempt.attempt_id
        async with self.database.write() as connection:
            await connection.execute(
                update(attempts).where(this_one).values(balance_after=str(amount), balance_after_at=now)
            )

    async def balances(self, job: Job) -> Compared | None:
        """Give what was on the account before and after the job's last attempt.

        None where it is not known, and where another submit between the two may have been charged.
        """
        attempt = await self._last_attempt(job)
        if attempt is None or attempt.balance_before is None or attempt.balance_after is None:
            return None
        between = (
            attempts.c.attempt_id != attempt.attempt_id,
            or_(attempts.c.outcome.is_(None), attempts.c.outcome.in_(("accepted", "unknown"))),
            attempts.c.begun_at <= attempt.balance_after_at,
            or_(attempts.c.ended_at.is_(None), attempts.c.ended_at >= attempt.balance_before_at),
        )
        async with self.database.read() as connection:
            if await connection.scalar(select(exists().where(*between))):
                return None
        return Compared(Decimal(attempt.balance_before), Decimal(attempt.balance_after))

    async def await_task(self, person_id: int, job: Job, now: float) -> None:
        """Remember that this admin is asked for the id of the job's task."""
        asked = {"attempt": job.attempts, "asked_at": now, "prompt_id": None, "offered": None}
        statement = self.database.insert(awaited_tasks).values(person_id=person_id, job_id=job.id, **asked)
        async with self.database.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["person_id", "job_id"], set_=asked)
            )

    async def note_prompt(self, person_id: int, job: Job, message_id: int) -> None:
        """Remember by which message they were asked; a reply to it is the id."""
        await self._note(person_id, job, prompt_id=message_id)

    async def note_offered(self, person_id: int, job: Job, task_id: str) -> None:
        """Remember the id that they were warned about."""
        await self._note(person_id, job, offered=task_id)

    async def awaited_by_prompt(self, person_id: int, message_id: int) -> Awaited | None:
        """Give what this message asked this admin for."""
        return await self._awaited(awaited_tasks.c.person_id == person_id, awaited_tasks.c.prompt_id == message_id)

    async def awaited_of_job(self, person_id: int, token: str) -> Awaited | None:
        """Give what this admin is asked for about the job whose buttons carry this token."""
        return await self._awaited(awaited_tasks.c.person_id == person_id, jobs.c.token == token)

    async def awaited_last(self, person_id: int) -> Awaited | None:
        """Give what this admin was asked for last, as long as the job is unsure."""
        open_one = and_(jobs.c.state == JobState.UNSURE, jobs.c.attempts == awaited_tasks.c.attempt)
        return await self._awaited(awaited_tasks.c.person_id == person_id, open_one)

    async def task_known(
        self, job: Job, task_id: str, person_id: int, now: float, write_down: Callable[[Receipt], Awaitable[None]]
    ) -> Job | None:
        """A person knows the task that a submit made: the job goes on with it (edge n).

        Args:
            job: The unsure job, as the person saw it.
            task_id: The task at the API.
            person_id: Who says so.
            now: The time.
            write_down: Called with the receipt of the task once nothing speaks against it, and before that is stored
                here: what the API was paid for is written outside the database first.

        Raises:
            TaskTakenError: Another job has this task.
        """
        async with self.database.write() as connection:
            elsewhere = or_(
                exists().where(jobs.c.task_id == task_id, jobs.c.id != job.id),
                exists().where(attempts.c.task_id == task_id, attempts.c.job_id != job.id),
            )
            if await connection.scalar(select(elsewhere)):
                raise TaskTakenError
            last = await connection.scalar(_last_attempt_of(job.id, attempts.c.attempt_id))
            checking = await move(
                connection,
                job.id,
                JobState.UNSURE,
                JobState.CHECKING,
                now,
                jobs.c.attempts == job.attempts,
                moved_at=now,
                task_id=task_id,
                failure=None,
            )
            if checking is not None and last is not None:
                await write_down(Receipt(last, job.token, task_id, job.submitted_at or now, named_by=person_id))
                await connection.execute(
                    update(attempts)
                    .where(attempts.c.attempt_id == last)
                    .values(outcome="accepted", ended_at=now, task_id=task_id, named_by=person_id)
                )
            return checking

    async def was_named(self, job: Job) -> bool:
        """Say whether the job's task was named by a person, so that nobody has seen the API accept the list."""
        named = exists().where(
            attempts.c.job_id == job.id, attempts.c.task_id == job.task_id, attempts.c.named_by.is_not(None)
        )
        async with self.database.read() as connection:
            return bool(await connection.scalar(select(named)))

    async def _last_attempt(self, job: Job) -> Row[Any] | None:
        async with self.database.read() as connection:
            return (await connection.execute(_last_attempt_of(job.id, *attempts.c))).one_or_none()

    async def _note(self, person_id: int, job: Job, **values: Any) -> None:  # noqa: ANN401  (SQL)
        mine = awaited_tasks.c.person_id == person_id, awaited_tasks.c.job_id == job.id
        async with self.database.write() as connection:
            await connection.execute(update(awaited_tasks).where(*mine).values(**values))

    async def _awaited(self, *conditions: Any) -> Awaited | None:  # noqa: ANN401  (SQL)
        statement = (
            select(jobs, awaited_tasks.c.attempt.label("awaited_attempt"), awaited_tasks.c.offered)
            .join(awaited_tasks, awaited_tasks.c.job_id == jobs.c.id)
            .where(*conditions)
            .order_by(awaited_tasks.c.asked_at.desc())
            .limit(1)
        )
        async with self.database.read() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        job = job_of(row)
        if job is None or row is None:
            return None
        is_open = job.state is JobState.UNSURE and job.attempts == row["awaited_attempt"]
        return Awaited(job, is_open, row["offered"])


def _last_attempt_of(job_id: int, *columns: Any) -> Any:  # noqa: ANN401  (SQL)
    """Choose the last attempt of a job. Clocks may be set back, so one that was surely not charged comes last."""
    settled = func.coalesce(attempts.c.outcome, "unknown").in_(("not-charged", "refused"))
    mine = select(*columns).where(attempts.c.job_id == job_id)
    return mine.order_by(settled, attempts.c.begun_at.desc()).limit(1)
