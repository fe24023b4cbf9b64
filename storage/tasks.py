"""The moves of a job that is paid: its task at the API, its result, and the delivery."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.job import STAND_INS, Failure, Job, JobState, Waiting
from storage.database import Database
from storage.groups import ResultsTo
from storage.jobs import CROWD_SECONDS, change, change_with_others, jobs_of
from storage.lists import StoredResult
from storage.memory import keep_found, memory_changed
from storage.moves import move
from storage.schema import job_results, jobs
from storage.team_schema import group_settings
from storage.together import together


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the API has said of a task."""

    job: Job
    """As it was before."""
    status: str
    done: int
    amount: str | None
    pace: float | None
    """Numbers a second."""
    now: float

    @property
    def values(self) -> dict[str, Any]:
        """Give what changes about the job."""
        moved_on = self.done != self.job.done or self.status != self.job.task_status
        return {
            "task_status": self.status,
            "done": self.done,
            "amount": self.amount or self.job.amount,
            "moved_at": self.now if moved_on else self.job.moved_at,
            "pace": self.pace,
            "tries": 0,
            "unknown_answers": 0,
            "waiting": None,
        }


@dataclass(frozen=True, slots=True)
class _Found:
    """A result that is to be kept."""

    job: Job
    state: JobState
    """In which the job has to be."""
    result: StoredResult
    packed_verdicts: bytes | None
    now: float
    changes: tuple[int, int] = (0, 0)
    found: Sequence[tuple[bytes, str]] = ()


@dataclass(frozen=True, slots=True)
class Tasks:
    """The moves of a paid job."""

    database: Database

    async def note_progress(
        self, job: Job, *, status: str, done: int, amount: str | None, pace: float | None, now: float
    ) -> Job | None:
        """Note how far the task is, and how fast it is of late (numbers a second)."""
        answer = _Answer(job, status, done, amount, pace, now)
        return await together(self.database, _note, answer, apart=CROWD_SECONDS)

    async def note_unknown_answer(self, job: Job) -> Job | None:
        """Count one more answer that the API does not know the task."""
        async with self.database.write() as connection:
            return await change(
                connection,
                jobs.c.id == job.id,
                jobs.c.state == JobState.CHECKING,
                unknown_answers=jobs.c.unknown_answers + 1,
            )

    async def note_hitch(self, job: Job, waiting: Waiting | None) -> Job | None:
        """Count one more failure of the present step."""
        async with self.database.write() as connection:
            return await change(
                connection,
                jobs.c.id == job.id,
                jobs.c.state == job.state,
                tries=jobs.c.tries + 1,
                waiting=waiting,
            )

    async def fail(self, job: Job, failure: Failure, detail: str | None, now: float) -> Job | None:
        """End a job whose task came to nothing (edge r)."""
        async with self.database.write() as connection:
            return await move(
                connection,
                job.id,
                JobState.CHECKING,
                JobState.FAILED,
                now,
                failure=failure,
                detail=detail,
            )

    async def keep_result(
        self,
        job: Job,
        result: StoredResult,
        packed_verdicts: bytes | None,
        now: float,
        *,
        changes: tuple[int, int] = (0, 0),
        found: Sequence[tuple[bytes, str]] = (),
    ) -> Job | None:
        """Store the result, so that it can be delivered as often as it takes (edge q).

        Args:
            job: A job in ``checking``.
            result: What was found about the whole list.
            packed_verdicts: Its verdicts, compressed.
            now: The time.
            changes: How many known numbers turned to yes, and to no, where all were checked again.
            found: What is remembered of it in the same transaction, by name and code: a thousand numbers at the most.
        """
        result_of = _Found(job, JobState.CHECKING, result, packed_verdicts, now, changes, found)
        return await together(self.database, _keep_each, result_of, apart=CROWD_SECONDS)

    async def keep_known(self, job: Job, result: StoredResult, packed_verdicts: bytes, now: float) -> Job | None:
        """Store the result of a list of which nothing is new: it costs nothing (edge v)."""
        result_of = _Found(job, JobState.QUEUED, result, packed_verdicts, now)
        return await together(self.database, _keep_each, result_of, apart=CROWD_SECONDS)

    async def begin_sending(self, job: Job) -> Job | None:
        """Note that the document, or its counts, may be on its way, before it is sent."""
        return await self._on_the_way(job, sending=True)

    async def not_sent(self, job: Job) -> Job | None:
        """Note that it surely did not arrive."""
        return await self._on_the_way(job, sending=False)

    async def handed_over(self, job: Job, file_id: str | None, person_id: int) -> Job | None:
        """Note that the file is in this person's private chat; the group has not heard of it yet."""
        return await self._on_the_way(job, sending=False, result_file_id=file_id, delivered_to=person_id)

    async def counted(self, job: Job, now: float) -> Job | None:
        """Note that the group has the counts of a result whose file goes to a person."""
        return await self._on_the_way(job, sending=False, counted_at=now)

    async def arrived(self, job: Job, file_id: str | None) -> Job | None:
        """Note that the file is in the chat: it is not sent again, whatever happens before the job is done.

        A file of which Telegram gave no name may come twice, marked: nothing else says that it has arrived.
        """
        return await self._on_the_way(job, sending=file_id is None, result_file_id=file_id)

    async def delivered(self, job: Job, now: float) -> Job | None:
        """The result is in the chat, and what was found is remembered (edge s)."""
        return await self._end(job, JobState.DONE, now, sending=False)

    async def undeliverable(self, job: Job, detail: str, now: float) -> Job | None:
        """The chat cannot be reached; the result is kept (edge t), and so is that an earlier try may have arrived.

        This try surely did not: what the job said of it before, as it was taken, is what counts. What was found is
        remembered as it is of a result that has arrived. A chat that was heard of since the job was taken can be
        reached by now: then the job is tried again, and None is given.
        """
        return await self._end(job, JobState.UNDELIVERABLE, now, sending=job.sending, detail=detail)

    async def fetched(self, job: Job, person_id: int, now: float) -> Job | None:
        """A person has taken the file that could not be sent (edge u); what is left is to say so."""
        async with self.database.write() as connection:
            return await move(
                connection,
                job.id,
                JobState.UNDELIVERABLE,
                JobState.DELIVERING,
                now,
                delivered_to=person_id,
            )

    async def reachable_again(self, chat_id: int, now: float) -> tuple[Job, ...]:
        """Deliver what waited for this chat, now that it was heard of, where it is kept still (edge u).

        For a private chat that is also what its person is to get of a group's lists. What is being refused in this very
        moment is tried once more: see ``undeliverable``.
        """
        to_starters = select(group_settings.c.chat_id).where(group_settings.c.results_to == ResultsTo.STARTER)
        theirs = or_(jobs.c.chat_id == chat_id, and_(_is_for(chat_id), jobs.c.chat_id.in_(to_starters)))
        again = update(jobs).values(state=JobState.DELIVERING, state_since=now, due_at=now, lease=None)
        waited = jobs.c.state == JobState.UNDELIVERABLE, jobs.c.id.in_(select(job_results.c.job_id))
        statement = again.where(theirs, *waited).values(tries=0, told_at=None).returning(*jobs.c)
        async with self.database.write() as connection:
            await connection.execute(again.where(theirs, jobs.c.state == JobState.DELIVERING))
            return jobs_of((await connection.execute(statement)).mappings().all())

    async def _end(self, job: Job, state: JobState, now: float, **values: Any) -> Job | None:  # noqa: ANN401  (SQL)
        """End the delivery. All that was found is remembered by now: the previews of the chat are due, to say so."""
        return await together(self.database, _end_each, (job, state, now, values), apart=CROWD_SECONDS)

    async def _on_the_way(self, job: Job, **values: Any) -> Job | None:  # noqa: ANN401  (SQL)
        mine = jobs.c.id == job.id, jobs.c.state == JobState.DELIVERING
        return await change_with_others(self.database, *mine, **values)


async def _note(database: Database, answers: Sequence[_Answer]) -> Sequence[Job | None]:
    """Note what the API has said of several tasks; give the jobs as they are now, None where one is checked no more."""
    theirs = [{"job": one.job.id} | {f"new_{name}": value for name, value in one.values.items()} for one in answers]
    statement = update(jobs).where(jobs.c.id == bindparam("job"), jobs.c.state == JobState.CHECKING)
    changed = statement.values({name: bindparam(f"new_{name}") for name in answers[0].values})
    now_there = select(jobs).where(jobs.c.id.in_([one.job.id for one in answers]), jobs.c.state == JobState.CHECKING)
    async with database.write() as connection:
        await connection.execute(changed, theirs)
        noted = {job.id: job for job in jobs_of((await connection.execute(now_there)).mappings().all())}
    return [noted.get(one.job.id) for one in answers]


async def _keep_each(database: Database, found: Sequence[_Found]) -> Sequence[Job | None]:
    async with database.write() as connection:
        return [await _keep(database, connection, one) for one in found]


async def _keep(database: Database, connection: AsyncConnection, found: _Found) -> Job | None:
    codes = found.result.verdicts or ""
    free = (jobs.c.to_check == 0,) if found.state is JobState.QUEUED else ()
    moved = await move(
        connection,
        found.job.id,
        found.state,
        JobState.DELIVERING,
        found.now,
        *free,
        finished_at=found.now,
        yes=codes.count("y"),
        no=codes.count("n"),
        undetermined=codes.count("u"),
        newly=found.changes[0],
        gone=found.changes[1],
    )
    if moved is None:
        return None
    await connection.execute(
        insert(job_results),
        # Beside the statement: SQLAlchemy keeps the first one of its kind for ever, with all that is in it.
        {
            "job_id": moved.id,
            "verdicts": found.packed_verdicts,
            "workbook": found.result.workbook,
            "raw": found.result.raw,
        },
    )
    await keep_found(database, connection, moved.id, moved.chat_id, found.now, found.found)
    return moved


async def _end_each(
    database: Database, ended: Sequence[tuple[Job, JobState, float, dict[str, Any]]]
) -> Sequence[Job | None]:
    given = []
    async with database.write() as connection:
        for job, state, now, values in ended:
            as_taken = (jobs.c.state_since == job.state_since,) if state is JobState.UNDELIVERABLE else ()
            moved = await move(connection, job.id, JobState.DELIVERING, state, now, *as_taken, **values)
            if moved is not None and moved.to_check:
                await memory_changed(connection, moved.chat_id, now)
            given.append(moved)
    return given


def _is_for(person_id: int) -> ColumnElement[bool]:
    """Choose jobs by ``Job.recipient_id``."""
    nameless = jobs.c.starter_id.in_(STAND_INS)
    return or_(and_(~nameless, jobs.c.starter_id == person_id), and_(nameless, jobs.c.asked_by == person_id))
