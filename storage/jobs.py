"""Every question the program asks about jobs. Moves are in moves.py, submits.py and tasks.py, lists in lists.py."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    RowMapping,
    Select,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.job import TERMINAL, Asks, Failure, Job, JobState, Waiting
from storage.database import Database
from storage.schema import job_messages, jobs
from storage.team_schema import beginnings
from storage.together import together

CROWD_SECONDS = 0.05
"""Where many steps of jobs end at once, what they say is stored so many times a second at the most."""
OPEN_LIST = (JobState.READING, JobState.CONFIRMING)
"""The states in which a list may still grow and change."""


def job_of(row: RowMapping | None) -> Job | None:
    """Turn a row of ``jobs`` into a Job; None stays None."""
    if row is None:
        return None
    values: dict[str, Any] = {name: row[name] for name in Job.__slots__}
    values["state"] = JobState(row["state"])
    values["failure"] = Failure(row["failure"]) if row["failure"] else None
    values["waiting"] = Waiting(row["waiting"]) if row["waiting"] else None
    return Job(**values)


def jobs_of(rows: Sequence[RowMapping]) -> tuple[Job, ...]:
    """Turn rows into Jobs."""
    return tuple(job for job in map(job_of, rows) if job is not None)


async def change(connection: AsyncConnection, *conditions: Any, **values: Any) -> Job | None:  # noqa: ANN401  (SQL)
    """Change the one job that meets the conditions; None where none does any more."""
    statement = update(jobs).where(*conditions).values(**values).returning(*jobs.c)
    return job_of((await connection.execute(statement)).mappings().one_or_none())


async def change_with_others(database: Database, *conditions: Any, **values: Any) -> Job | None:  # noqa: ANN401  (SQL)
    """Change one job as ``change`` does, in one transaction with all that are changed so at this time."""
    return await together(database, _change_each, (conditions, values), apart=CROWD_SECONDS)


async def promise_anew(connection: AsyncConnection, job_id: int) -> None:
    """Let what was promised of a list's beginning hold no more, now that it says something else.

    What a person has said of it does.
    """
    promised = beginnings.c.asks.is_(None) | beginnings.c.asks.not_in((Asks.PRESSED, Asks.EDITED))
    await connection.execute(delete(beginnings).where(beginnings.c.job_id == job_id, promised))


def same_messages(job: Job) -> tuple[ColumnElement[bool], ...]:
    """Choose all jobs that were made of the same messages, one after the other."""
    first = job.first_job_id or job.id
    return jobs.c.chat_id == job.chat_id, or_(jobs.c.id == first, jobs.c.first_job_id == first)


def _longest_due(now: float, busy: Collection[int], most: int, *conditions: ColumnElement[bool]) -> Select[tuple[int]]:
    return (
        select(jobs.c.id)
        .where(jobs.c.due_at <= now, jobs.c.id.not_in(busy), *conditions)
        .order_by(jobs.c.due_at, jobs.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )


@dataclass(frozen=True, slots=True)
class Jobs:
    """Questions about jobs."""

    database: Database

    async def get(self, job_id: int) -> Job | None:
        """Give the job with this id."""
        return await self._one(jobs.c.id == job_id)

    async def by_token(self, token: str, chat_id: int) -> Job | None:
        """Give the job whose buttons carry this token, if it belongs to this chat."""
        return await self._one(jobs.c.token == token, jobs.c.chat_id == chat_id)

    async def in_any_chat(self, token: str) -> Job | None:
        """Give the job with this token, whichever chat it belongs to: whoever asks proves their right."""
        return await self._one(jobs.c.token == token)

    async def of_message(self, chat_id: int, message_id: int) -> Job | None:
        """Give the job that this message of a person belongs to."""
        mine = select(job_messages.c.job_id).where(
            job_messages.c.chat_id == chat_id,
            job_messages.c.message_id == message_id,
        )
        return await self._one(jobs.c.id.in_(mine.scalar_subquery()))

    async def of_card(self, chat_id: int, message_id: int) -> Job | None:
        """Give the job whose preview or progress this message of the bot is."""
        return await self._one(jobs.c.chat_id == chat_id, jobs.c.card_message_id == message_id)

    async def pasted_just_before(
        self, chat_id: int, thread_id: int | None, person_id: int, *, since: float
    ) -> Job | None:
        """Give the list that this person is still pasting here: not pressed yet, its last text not older.

        That may be a file's list, or somebody else's, to which they have just added the beginning of what they paste.
        """
        last = select(job_messages.c.job_id).where(
            job_messages.c.chat_id == chat_id, job_messages.c.sent_at >= since, job_messages.c.file_id.is_(None)
        )
        return await self._one(
            jobs.c.chat_id == chat_id,
            jobs.c.thread_id.is_not_distinct_from(thread_id),
            or_(jobs.c.starter_id == person_id, jobs.c.adding_by == person_id),
            jobs.c.state.in_(OPEN_LIST),
            jobs.c.id.in_(last.scalar_subquery()),
        )

    async def adding(self, chat_id: int, thread_id: int | None, person_id: int, *, now: float) -> Job | None:
        """Give the list here that waits for this person to add numbers to it."""
        return await self._one(
            jobs.c.chat_id == chat_id,
            jobs.c.thread_id.is_not_distinct_from(thread_id),
            jobs.c.adding_by == person_id,
            jobs.c.adding_until > now,
            jobs.c.state.in_(OPEN_LIST),
            first=jobs.c.adding_until.desc(),  # the one they pressed last
        )

    async def unfinished(self, chat_id: int) -> tuple[Job, ...]:
        """Give this chat's jobs that have not ended, newest first."""
        mine = (jobs.c.chat_id == chat_id, jobs.c.state.not_in(TERMINAL))
        statement = select(jobs).where(*mine).order_by(jobs.c.id.desc())
        async with self.database.read() as connection:
            return jobs_of((await connection.execute(statement)).mappings().all())

    async def not_pressed(self, chat_id: int) -> tuple[Job, ...]:
        """Give this chat's lists that are being read or wait for their press: naming a country reads them again."""
        statement = select(jobs).where(jobs.c.chat_id == chat_id, jobs.c.state.in_(OPEN_LIST))
        async with self.database.read() as connection:
            return jobs_of((await connection.execute(statement)).mappings().all())

    async def take_due(
        self,
        now: float,
        *,
        lease: str,
        until: float,
        most: int | Mapping[Collection[JobState], int],
        busy: Collection[int] = (),
    ) -> tuple[Job, ...]:
        """Take jobs that are due by moving their clock forward; nobody else gets them until then.

        Args:
            now: Jobs due by then are taken, the longest due first.
            lease: A name for this taking; ``settle`` needs it.
            until: When the jobs become due again if nothing is heard of them.
            most: How many at the most; or of those in these states and in those, each beside the others.
            busy: Jobs that a step is being done for; they are left alone.
        """
        first: Select[tuple[int]] | CompoundSelect[tuple[int]]
        if isinstance(most, int):
            first = _longest_due(now, busy, most)
        else:
            kinds = [
                _longest_due(now, busy, count, jobs.c.state.in_(states)).subquery() for states, count in most.items()
            ]
            first = union_all(*(select(kind.c.id) for kind in kinds))
        statement = (
            update(jobs)
            .where(jobs.c.id.in_(first), jobs.c.due_at <= now)
            .values(due_at=until, lease=lease)
            .returning(*jobs.c)
        )
        async with self.database.write() as connection:
            return jobs_of((await connection.execute(statement)).mappings().all())

    async def settle(self, job_id: int, *, lease: str, due_at: float | None) -> None:
        """Say when a taken job is due next, unless somebody changed it meanwhile and it is due by their word."""
        await together(self.database, _settle, (job_id, lease, due_at), apart=CROWD_SECONDS)

    async def release_leases(self, now: float) -> None:
        """Make what a dead predecessor had taken due at once. Only for the process that holds the lock."""
        async with self.database.write() as connection:
            await connection.execute(update(jobs).where(jobs.c.lease.is_not(None)).values(due_at=now, lease=None))

    async def spread_tasks(self, now: float, *, a_second: float) -> None:
        """Let tasks be due no more than so many in a second from now on, in the order in which they are due.

        What fell due while no bot ran would all be asked about in the same moment. Only for the process that holds the
        lock.
        """
        checking = jobs.c.state == JobState.CHECKING
        place = (func.row_number().over(order_by=(jobs.c.due_at, jobs.c.id)) - 1).label("place")
        places = select(jobs.c.id, place).where(checking).subquery()
        room_at = now + places.c.place / a_second
        late = jobs.c.id == places.c.id, checking, jobs.c.due_at < room_at
        async with self.database.write() as connection:
            await connection.execute(update(jobs).where(*late).values(due_at=room_at))

    async def next_due(self, busy: Collection[int] = (), among: Collection[JobState] | None = None) -> float | None:
        """Give the time at which the next job is due, leaving those alone that a step is being done for.

        Args:
            busy: Those that a step is being done for.
            among: Only jobs in these states are looked at; None for all.
        """
        waiting: list[ColumnElement[bool]] = [jobs.c.due_at.is_not(None), jobs.c.id.not_in(busy)]
        if among is not None:
            waiting.append(jobs.c.state.in_(among))
        statement = select(jobs.c.due_at).where(*waiting).order_by(jobs.c.due_at).limit(1)
        async with self.database.read() as connection:
            return (await connection.execute(statement)).scalar_one_or_none()

    async def note_shown(self, job: Job, *, message_id: int | None, shown: str | None) -> None:
        """Remember which message shows the job and what it says now, unless its chat has moved meanwhile."""
        mine = jobs.c.id == job.id, jobs.c.chat_id == job.chat_id
        await change_with_others(self.database, *mine, card_message_id=message_id, shown=shown)

    async def note_told(self, job: Job, now: float) -> None:
        """Remember that the chat has heard how it stands with a job, unless that is something else by now."""
        await change_with_others(
            self.database,
            jobs.c.id == job.id,
            jobs.c.state == job.state,
            jobs.c.chat_id == job.chat_id,
            jobs.c.forgotten_at.is_not_distinct_from(job.forgotten_at),
            told_at=now,
        )

    async def note_waiting(self, job_id: int, waiting: Waiting) -> Job | None:
        """Remember what holds a queued job up."""
        async with self.database.write() as connection:
            return await change(connection, jobs.c.id == job_id, jobs.c.state == JobState.QUEUED, waiting=waiting)

    async def queued(self) -> int:
        """Count the queued jobs of all chats."""
        statement = select(func.count()).select_from(jobs).where(jobs.c.state == JobState.QUEUED)
        async with self.database.read() as connection:
            return (await connection.execute(statement)).scalar_one()

    async def queued_before(self, job: Job) -> int:
        """Count the lists of the same chat that were queued before this one and are queued still."""
        since = job.queued_at or job.state_since
        earlier = or_(jobs.c.queued_at < since, and_(jobs.c.queued_at == since, jobs.c.id < job.id))
        mine = (jobs.c.chat_id == job.chat_id, jobs.c.state == JobState.QUEUED, earlier)
        async with self.database.read() as connection:
            return (await connection.execute(select(func.count()).select_from(jobs).where(*mine))).scalar_one()

    async def wake_waiting(self, now: float) -> None:
        """Let every queued job that waits for something try at once."""
        held_up = (jobs.c.state == JobState.QUEUED, jobs.c.waiting.is_not(None))
        async with self.database.write() as connection:
            await connection.execute(update(jobs).where(*held_up).values(due_at=now, lease=None))

    async def wake_longest_queued(self, now: float) -> int | None:
        """Let the job that was queued before all others try at once; give its id, None where none is queued."""
        queued = select(jobs.c.id).where(jobs.c.state == JobState.QUEUED)
        first = queued.order_by(jobs.c.queued_at, jobs.c.id).limit(1).scalar_subquery()
        async with self.database.write() as connection:
            woken = await change(connection, jobs.c.id == first, due_at=now, lease=None)
        return None if woken is None else woken.id

    async def was_told_of_waiting(self, chat_id: int, waiting: Waiting) -> bool:
        """Say whether this chat was told that its lists wait for this."""
        told = await self._one(
            jobs.c.chat_id == chat_id,
            jobs.c.state == JobState.QUEUED,
            jobs.c.waiting == waiting,
            jobs.c.told_at.is_not(None),
        )
        return told is not None

    async def _one(self, *conditions: Any, first: Any = None) -> Job | None:  # noqa: ANN401  (SQL)
        order = [jobs.c.id.desc()] if first is None else [first, jobs.c.id.desc()]
        statement = select(jobs).where(and_(*conditions)).order_by(*order).limit(1)
        async with self.database.read() as connection:
            return job_of((await connection.execute(statement)).mappings().one_or_none())


async def _change_each(
    database: Database, changes: Sequence[tuple[tuple[Any, ...], dict[str, Any]]]
) -> Sequence[Job | None]:
    async with database.write() as connection:
        return [await change(connection, *conditions, **values) for conditions, values in changes]


async def _settle(database: Database, settled: Sequence[tuple[int, str, float | None]]) -> Sequence[None]:
    """Say when jobs are due next whose steps ended at the same time."""
    statement = (
        update(jobs)
        .where(jobs.c.id == bindparam("job"), jobs.c.lease == bindparam("taken_by"))
        .values(due_at=bindparam("next_due_at"), lease=None)
    )
    rows = [{"job": job_id, "taken_by": lease, "next_due_at": due_at} for job_id, lease, due_at in settled]
    async with database.write() as connection:
        await connection.execute(statement, rows)
    return [None] * len(settled)
