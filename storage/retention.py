"""What is kept for a time only: numbers, messages, results, what checks have found. A chat may have chosen less."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.job import TERMINAL
from storage.database import Database
from storage.memory import forget_found, memory_changed
from storage.memory_schema import job_known, known_numbers
from storage.schema import attempts, job_messages, job_numbers, job_results, jobs
from storage.team_schema import chat_settings

DAY_SECONDS = 86_400
JOBS_AT_ONCE = 50
"""What so many jobs have kept is deleted in one transaction: whoever wants to write meanwhile waits for that long."""
KEEPING = (job_messages, job_numbers, job_results)


@dataclass(frozen=True, slots=True)
class Retention:
    """Deletes what has been kept for long enough."""

    database: Database

    async def purge(self, now: float, seconds: float) -> int:
        """Delete the numbers, messages and results of jobs that ended so long ago; the counts stay. Give how many.

        A chat may have chosen a shorter time. The API's own words go too, for they may quote the list, and so does what
        their checks have found.
        """
        gone = 0
        while True:
            async with self.database.write() as connection:
                jobs_purged, rows = await _bite(connection, now, seconds)
            gone += rows
            if jobs_purged < JOBS_AT_ONCE:
                break
        if gone:
            await self.database.empty_log()
        return gone


async def _bite(connection: AsyncConnection, now: float, seconds: float) -> tuple[int, int]:
    """Delete what some jobs have kept; give how many jobs those were, and how many rows they had."""
    ago = now - chat_settings.c.retention_days * DAY_SECONDS
    mine = chat_settings.c.chat_id == jobs.c.chat_id
    long_ago = or_(jobs.c.state_since < now - seconds, exists().where(mine, jobs.c.state_since < ago))
    old = jobs.c.state.in_(TERMINAL), jobs.c.due_at.is_(None), long_ago
    ids = (await connection.scalars(select(jobs.c.id).where(*old, _keeps_something()).limit(JOBS_AT_ONCE))).all()
    if not ids:
        return 0, 0
    these = (jobs.c.id.in_(ids),)
    found = select(known_numbers.c.job_id).where(known_numbers.c.job_id == jobs.c.id).exists()
    for chat_id in (await connection.scalars(select(jobs.c.chat_id).where(*these, found).distinct())).all():
        await memory_changed(connection, chat_id, now)
    await forget_found(connection, *these)
    gone = 0
    for table in KEEPING:
        gone += (await connection.execute(delete(table).where(table.c.job_id.in_(ids)))).rowcount
    await connection.execute(update(attempts).where(attempts.c.job_id.in_(ids)).values(evidence=None))
    await connection.execute(
        update(jobs).where(*these).values(reading=None, result_file_id=None, detail=None, list_digest=None)
    )
    return len(ids), gone


def _keeps_something() -> ColumnElement[bool]:
    """Choose jobs of which anything is kept that is kept for a time only."""
    rows = [exists().where(table.c.job_id == jobs.c.id) for table in (*KEEPING, known_numbers, job_known)]
    evidence = exists().where(attempts.c.job_id == jobs.c.id, attempts.c.evidence.is_not(None))
    columns = (jobs.c.reading, jobs.c.result_file_id, jobs.c.detail, jobs.c.list_digest)
    return or_(*(column.is_not(None) for column in columns), evidence, *rows)
