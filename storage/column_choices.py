"""Which columns of a list's tables are read: what a person chooses before the press."""

from dataclasses import dataclass

from bot.job import Job, JobState
from storage.database import Database
from storage.jobs import change
from storage.schema import jobs


@dataclass(frozen=True, slots=True)
class ColumnChoices:
    """What is asked and said about the columns of a list that is not pressed yet."""

    database: Database

    async def show(self, job: Job, *, others: bool, now: float) -> Job | None:
        """Let the preview show the columns that may hold the numbers, or go back."""
        async with self.database.write() as connection:
            return await change(
                connection,
                jobs.c.id == job.id,
                jobs.c.state == JobState.CONFIRMING,
                choosing_column=others,
                choosing_country=False,
                due_at=now,
                lease=None,
            )

    async def choose(self, job: Job, choice: str, now: float) -> Job | None:
        """Read other columns, unless the list has changed since these were shown; it is read again."""
        async with self.database.write() as connection:
            return await change(
                connection,
                jobs.c.id == job.id,
                jobs.c.state == JobState.CONFIRMING,
                jobs.c.list_revision == job.list_revision,
                column_choice=choice,
                choosing_column=False,
                choosing_country=False,
                left_out=False,
                list_revision=job.list_revision + 1,
                due_at=now,
                lease=None,
            )
