"""Lists of the same numbers: what a chat has had checked before, and what is being checked right now."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.job import Job, JobState
from bot.preview import SameList
from storage.database import Database
from storage.jobs import job_of
from storage.schema import job_results, jobs

UNDER_WAY = (JobState.QUEUED, JobState.SUBMITTING, JobState.UNSURE, JobState.CHECKING, JobState.DELIVERING)
"""Until all that was found is remembered: a preview that said so earlier would have to say something else again."""
CHECKED = (JobState.DONE, JobState.UNDELIVERABLE)


@dataclass(frozen=True, slots=True)
class SameLists:
    """Questions about lists whose digests are the same. Each names the chat: another chat's lists are not seen."""

    database: Database

    async def of(self, job: Job, *, since: float) -> SameList:
        """Give what this job's chat knows of the same numbers from other jobs.

        Args:
            job: A job that was read.
            since: A result counts that came since then, for as long as it is kept.
        """
        if job.list_digest is None:
            return SameList()
        kept = select(job_results.c.job_id).where(job_results.c.verdicts.is_not(None))
        return SameList(
            checked=await self._latest(
                job, jobs.c.state.in_(CHECKED), jobs.c.finished_at >= since, jobs.c.id.in_(kept)
            ),
            under_way=await self._latest(job, jobs.c.state.in_(UNDER_WAY)),
        )

    async def _latest(self, job: Job, *conditions: Any) -> Job | None:  # noqa: ANN401  (SQL)
        same = (jobs.c.chat_id == job.chat_id, jobs.c.list_digest == job.list_digest, jobs.c.id != job.id)
        statement = select(jobs).where(*same, *conditions).order_by(jobs.c.id.desc()).limit(1)
        async with self.database.read() as connection:
            return job_of((await connection.execute(statement)).mappings().one_or_none())
