"""Stored times after somebody has set the clock.

Times are stored by the wall clock, since no other means anything after a restart. Set back, it leaves what was stored
before in the future: nothing would be due until it has caught up with itself. Set ahead, it looks like a machine that
has slept.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select, update

from bot.job import JobState
from storage.database import Database
from storage.memory_schema import known_numbers
from storage.moves import CONFIRM_SECONDS
from storage.schema import attempts, jobs, updates
from storage.team_schema import beginnings, chat_settings

HAPPENED = {
    jobs: (
        *(jobs.c.created_at, jobs.c.state_since, jobs.c.queued_at, jobs.c.submitted_at),
        *(jobs.c.moved_at, jobs.c.finished_at),
    ),
    attempts: (
        *(attempts.c.begun_at, attempts.c.ended_at),
        *(attempts.c.balance_before_at, attempts.c.balance_after_at),
    ),
    updates: (updates.c.received_at, updates.c.finished_at),
    chat_settings: (chat_settings.c.set_at,),
}
"""Times of what has happened, by table: never later than now."""
LONGEST_WAIT = case((jobs.c.state == JobState.CONFIRMING, CONFIRM_SECONDS), else_=3600)
"""How many seconds ahead a job can be due: a preview expires after three days, all else is looked at once an hour."""

LONGEST_BEGINNING = 60
"""How many seconds ahead a list can be promised to begin by itself."""


@dataclass(frozen=True, slots=True)
class Times:
    """What is put right where the clock was set."""

    database: Database

    async def set_back(self, now: float, seconds: float = 0.0) -> None:
        """Let nothing have happened later than now, and nothing wait for longer than it would have.

        Args:
            now: What the clock shows.
            seconds: By how much it was set back since these times were stored; 0 where nobody has seen it, as at the
                start. What then waits for longer than anything can is due at once.
        """
        later: dict[ColumnElement[Any], ColumnElement[Any]] = {
            jobs.c.due_at: _moved(jobs.c.due_at, now, seconds, now + LONGEST_WAIT),
            jobs.c.adding_until: _moved(jobs.c.adding_until, now, seconds, now + LONGEST_WAIT),
        }
        # What checks found in that time are the numbers of few jobs; to look at all there are would take seconds.
        found_in = select(jobs.c.id).where(jobs.c.finished_at > now)
        found_at = known_numbers.c.checked_at
        async with self.database.write() as connection:
            found = update(known_numbers).where(found_at > now, known_numbers.c.job_id.in_(found_in))
            await connection.execute(found.values(checked_at=_moved(found_at, now, seconds, now)))
            for table, columns in HAPPENED.items():
                moved: dict[ColumnElement[Any], ColumnElement[Any]]
                moved = {column: _moved(column, now, seconds, now) for column in columns}
                if table is jobs:
                    moved |= later
                wrong = or_(*(column.is_distinct_from(right) for column, right in moved.items()))
                await connection.execute(update(table).where(wrong).values(moved))
            begins_at = beginnings.c.begins_at
            sooner = _moved(begins_at, now, seconds, now + LONGEST_BEGINNING)
            await connection.execute(update(beginnings).where(begins_at > now).values(begins_at=sooner))

    async def slept(self, now: float) -> None:
        """Let no task count as standing still for a time in which nobody has looked at it, nor as running fast."""
        async with self.database.write() as connection:
            checking = update(jobs).where(jobs.c.state == JobState.CHECKING)
            await connection.execute(checking.values(moved_at=now, pace=None))


def _moved(column: ColumnElement[Any], now: float, seconds: float, latest: Any) -> ColumnElement[Any]:  # noqa: ANN401  (SQL)
    """Move a time that lies ahead back with the clock; one that is too late even so was stored by no clock of ours."""
    return case((column - seconds > latest, now), (column > now, column - seconds), else_=column)
