"""What is kept for a time only: numbers, messages, results, what checks have found. A chat may have chosen less."""

from dataclasses import dataclass

from sqlalchemy import delete, exists, or_, select, update

from bot.job import TERMINAL
from storage.database import Database
from storage.memory import forget_found, memory_changed
from storage.memory_schema import known_numbers
from storage.schema import attempts, job_messages, job_numbers, job_results, jobs
from storage.team_schema import chat_settings

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Retention:
    """Deletes what has been kept for long enough."""

    database: Database

    async def purge(self, now: float, seconds: float) -> int:
        """Delete the numbers, messages and results of jobs that ended so long ago; the counts stay. Give how many.

        A chat may have chosen a shorter time. The API's own words go too, for they may quote the list, and so does what
        their checks have found.
        """
        ago = now - chat_settings.c.retention_days * DAY_SECONDS
        mine = chat_settings.c.chat_id == jobs.c.chat_id
        long_ago = or_(jobs.c.state_since < now - seconds, exists().where(mine, jobs.c.state_since < ago))
        ended = (jobs.c.state.in_(TERMINAL), jobs.c.due_at.is_(None), long_ago)
        old = select(jobs.c.id).where(*ended)
        gone = 0
        async with self.database.write() as connection:
            found = select(known_numbers.c.job_id).where(known_numbers.c.job_id == jobs.c.id).exists()
            for chat_id in (await connection.scalars(select(jobs.c.chat_id).where(*ended, found).distinct())).all():
                await memory_changed(connection, chat_id, now)
            await forget_found(connection, *ended)
            for table in (job_messages, job_numbers, job_results):
                gone += (await connection.execute(delete(table).where(table.c.job_id.in_(old)))).rowcount
            quoting = attempts.c.evidence.is_not(None), attempts.c.job_id.in_(old)
            await connection.execute(update(attempts).where(*quoting).values(evidence=None))
            kept = or_(jobs.c.reading.is_not(None), jobs.c.result_file_id.is_not(None), jobs.c.detail.is_not(None))
            await connection.execute(
                update(jobs)
                .where(*ended, kept)
                .values(reading=None, result_file_id=None, detail=None, list_digest=None)
            )
        if gone:
            await self.database.empty_log()
        return gone
