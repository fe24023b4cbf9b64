"""Lists that begin by themselves: when, and why one waits for its press all the same.

A chat has said that lists of up to so many numbers are not asked about (chat_settings.py). What a preview promises is
stored before it is shown, and looked at again in the transaction that queues the list.
"""

from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.job import Asks, Beginning, Job, JobState
from bot.quotas import NO_QUOTAS, Quotas
from storage.database import Database, alone
from storage.jobs import change
from storage.moves import queue, unchanged
from storage.same_lists import CHECKED, UNDER_WAY
from storage.schema import jobs
from storage.team_schema import beginnings, chat_settings


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Questions about lists that begin by themselves."""

    database: Database
    quotas: Quotas = NO_QUOTAS

    async def of(self, job_id: int) -> Beginning | None:
        """Give how this list stands; None where nobody has looked at it since it was read, or nothing is promised."""
        async with self.database.read() as connection:
            return await _of(connection, job_id)

    async def plan(self, job: Job, at: float) -> Beginning | None:
        """Promise that the list begins then, unless it has changed or is to be asked about; give what holds now."""
        async with self.database.write() as connection:
            before = await _of(connection, job.id)
            if await _is_as_shown(connection, job) and (before is None or before.asks is None):
                await _keep(self.database, connection, job.id, Beginning(begins_at=at))
            return await _of(connection, job.id)

    async def ask(self, job: Job, why: Asks) -> Beginning | None:
        """Let the list wait for its press, unless it has changed; give what holds now."""
        async with self.database.write() as connection:
            before = await _of(connection, job.id)
            if await _is_as_shown(connection, job) and (before is None or before.asks is None):
                await _keep(self.database, connection, job.id, Beginning(asks=why))
            return await _of(connection, job.id)

    async def wait(self, job_id: int, why: Asks, now: float) -> Job | None:
        """Let the list wait for its press whatever becomes of it; None where it waits for none any more."""
        async with self.database.write() as connection:
            waiting = jobs.c.state.in_((JobState.READING, JobState.CONFIRMING))
            job = await change(connection, jobs.c.id == job_id, waiting, due_at=now, lease=None)
            if job is not None:
                await _keep(self.database, connection, job_id, Beginning(asks=why))
            return job

    async def begin(self, job: Job, now: float) -> Job | None:
        """Queue the list as it was shown, as if its starter had pressed (edge c).

        None where it has changed, is to be asked about by now, or its numbers were or are being checked.

        Raises:
            QuotaReachedError: The list does not fit into what is left of a quota.
        """
        promised = exists().where(beginnings.c.job_id == job.id, beginnings.c.begins_at <= now)
        consented = exists().where(
            chat_settings.c.chat_id == job.chat_id,
            chat_settings.c.ask_above >= jobs.c.valid,
            chat_settings.c.set_at <= jobs.c.created_at,
        )
        other = jobs.alias("other")
        same = exists().where(
            other.c.chat_id == job.chat_id,
            other.c.list_digest == job.list_digest,
            other.c.id != job.id,
            other.c.state.in_((*UNDER_WAY, *CHECKED)),
        )
        compared = jobs.c.known_revision == jobs.c.memory_revision  # another check of the chat may just have ended
        # What it has found is remembered when its result has arrived.
        learning = exists().where(other.c.chat_id == job.chat_id, other.c.state == JobState.DELIVERING)
        unknown = jobs.c.attempts == 0, jobs.c.known == 0, compared, ~same, ~learning
        conditions = (jobs.c.chat_id == job.chat_id, *unknown, promised, consented)
        async with self.database.write() as connection:
            await alone(connection, "beginnings")
            begun = await queue(connection, self.quotas, job.id, job.read_revision, job.starter_id, now, *conditions)
            if begun is not None:
                await connection.execute(delete(beginnings).where(beginnings.c.job_id == job.id))
            return begun


async def _of(connection: AsyncConnection, job_id: int) -> Beginning | None:
    row = (await connection.execute(select(beginnings).where(beginnings.c.job_id == job_id))).one_or_none()
    return None if row is None else Beginning(row.begins_at, None if row.asks is None else Asks(row.asks))


async def _is_as_shown(connection: AsyncConnection, job: Job) -> bool:
    waiting = jobs.c.id == job.id, jobs.c.state == JobState.CONFIRMING, *unchanged(job.read_revision)
    held = select(jobs.c.id).where(*waiting).with_for_update()
    return (await connection.execute(held)).one_or_none() is not None


async def _keep(database: Database, connection: AsyncConnection, job_id: int, beginning: Beginning) -> None:
    said = {"begins_at": beginning.begins_at, "asks": beginning.asks}
    statement = database.insert(beginnings).values(job_id=job_id, **said)
    await connection.execute(statement.on_conflict_do_update(index_elements=["job_id"], set_=said))
