"""How a job goes from one state to the next: one guarded statement a move.

Each method gives the job as it is afterwards, or None where somebody else moved it first: then the step is dropped.
The letters are those of ``bot.job.MOVES`` and of the picture in ARCHITECTURE.md. Here are the moves before any money is
spent; those of a submit are in submits.py, those of a task that is paid in tasks.py.
"""

import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.job import MOVES, Failure, Job, JobState
from bot.known import Known
from bot.numbers import PackedList, Reading
from bot.quotas import NO_QUOTAS, Quotas
from storage.database import Database
from storage.jobs import change, promise_anew
from storage.lists import empty_messages
from storage.memory import keep_known
from storage.quotas import reserve
from storage.schema import job_numbers, jobs

logger = logging.getLogger(__name__)

CONFIRM_SECONDS = 72 * 3600
"""How long a preview waits for its press."""


@dataclass(frozen=True, slots=True)
class Moves:
    """The moves of a job before anything is spent."""

    database: Database
    quotas: Quotas = NO_QUOTAS

    async def read(
        self,
        job: Job,
        packed: PackedList,
        reading: Reading,
        now: float,
        *,
        digest: str | None = None,
        known: Known | None = None,
    ) -> Job | None:
        """Keep what was read, unless the list has changed meanwhile (edge a; a list that was read before stays).

        Args:
            job: The job as it was when its list was read.
            packed: Its numbers.
            reading: What the preview says of them.
            now: The time.
            digest: Names the set of the numbers.
            known: What this chat knows of them; None for nothing.
        """
        conditions = (
            jobs.c.id == job.id,
            jobs.c.state == job.state,
            jobs.c.state.in_((JobState.READING, JobState.CONFIRMING)),
            jobs.c.list_revision == job.list_revision,
        )
        values: dict[str, Any] = {
            "state": JobState.CONFIRMING,
            "read_revision": job.list_revision,
            "reading": reading.to_json(),
            "list_digest": digest,
            "valid": reading.valid,
            "repeated": reading.repeated,
            "rejected": reading.rejected,
            "known": 0 if known is None else known.count,
            "known_revision": job.memory_revision,
            "to_check": 0,
            "tries": 0,
            "failure": None,
            "detail": None,
            "told_at": None,
            "state_since": now,
            "due_at": now,
            "lease": None,
        }
        async with self.database.write() as connection:
            moved = await change(connection, *conditions, **values)
            if moved is not None:
                await keep_known(connection, job.id, known)
                await promise_anew(connection, job.id)
                await connection.execute(delete(job_numbers).where(job_numbers.c.job_id == job.id))
                await connection.execute(
                    insert(job_numbers),
                    # Beside the statement: SQLAlchemy keeps the first one of its kind for ever, with all that is in it.
                    {
                        "job_id": job.id,
                        "numbers": packed.numbers,
                        "details": packed.details,
                        "rejected": packed.rejected,
                    },
                )
            return moved

    async def refuse_list(self, job: Job, failure: Failure, detail: str | None, now: float) -> Job | None:
        """End a job whose list is none; nothing of it is kept (edge b)."""
        async with self.database.write() as connection:
            unchanged = jobs.c.list_revision == job.list_revision
            refused = await move(
                connection, job.id, JobState.READING, JobState.REFUSED, now, unchanged, failure=failure, detail=detail
            )
            if refused is not None:
                await empty_messages(connection, job.id)
            return refused

    async def press(
        self,
        job: Job,
        revision: int,
        person_id: int,
        now: float,
        *,
        most: int | None = None,
        only_new: bool = False,
    ) -> Job | None:
        """Queue the list as it was shown: not one that has changed since (edge c).

        Args:
            job: The job.
            revision: What the preview showed.
            person_id: Who pressed; it is their quota.
            now: The time.
            most: How many numbers this person may have checked without an admin's yes; None is any number.
            only_new: Check only those that this chat does not know yet; none where it knows all.

        Raises:
            QuotaReachedError: The list does not fit into what is left of a quota.
        """
        small = () if most is None else (asked_of(only_new=only_new) <= most,)
        async with self.database.write() as connection:
            return await queue(connection, self.quotas, job.id, revision, person_id, now, *small, only_new=only_new)

    async def cancel(self, job: Job, now: float) -> Job | None:
        """End a job before anything was spent (edges d and g)."""
        async with self.database.write() as connection:
            for state in (JobState.CONFIRMING, JobState.QUEUED):
                cancelled = await move(connection, job.id, state, JobState.CANCELLED, now)
                if cancelled is not None:
                    return cancelled
            return None

    async def expire(self, job: Job, now: float) -> Job | None:
        """End a preview that nobody pressed (edge e)."""
        async with self.database.write() as connection:
            return await move(
                connection,
                job.id,
                JobState.CONFIRMING,
                JobState.EXPIRED,
                now,
                jobs.c.state_since <= now - CONFIRM_SECONDS,
            )

    async def ask_after_waiting(self, job: Job, now: float) -> Job | None:
        """Ask the person again: the moment has passed (edge h)."""
        async with self.database.write() as connection:
            return await move(
                connection,
                job.id,
                JobState.QUEUED,
                JobState.CONFIRMING,
                now,
                failure=Failure.WAITED_TOO_LONG,
                **ASKED_AGAIN,
            )


ASKED_AGAIN: dict[str, Any] = {
    "queued_at": None,
    "to_check": 0,
    "memory_revision": jobs.c.memory_revision + 1,
}
"""What holds of a job that asks its person once more: while it was queued nobody noted what the chat has learnt."""


async def queue(  # noqa: PLR0913  (what is pressed, by whom, and what must hold for it)
    connection: AsyncConnection,
    quotas: Quotas,
    job_id: int,
    revision: int,
    person_id: int,
    now: float,
    *conditions: Any,  # noqa: ANN401  (SQL)
    only_new: bool = False,
) -> Job | None:
    """Queue a list that has not changed since this revision, where it fits into the quotas (edge c).

    Other previews in its chat of the same numbers are due at once, to say that these are being checked.

    Raises:
        QuotaReachedError: It does not fit.
    """
    shown = (*unchanged(revision), *conditions)
    wanted = asked_of(only_new=only_new)
    pressed = select(jobs.c.chat_id, wanted.label("wanted"))
    mine = jobs.c.id == job_id, jobs.c.state == JobState.CONFIRMING
    fitting = (await connection.execute(pressed.where(*mine, *shown).with_for_update())).one_or_none()
    if fitting is None:
        return None
    if fitting.wanted:  # what is known already is free, also where a quota is used up
        await reserve(connection, quotas, wanted=fitting.wanted, chat_id=fitting.chat_id, person_id=person_id, now=now)
    queued = await move(
        connection,
        job_id,
        JobState.CONFIRMING,
        JobState.QUEUED,
        now,
        *shown,
        asked_by=person_id,
        queued_at=now,
        to_check=wanted,
        failure=None,
        detail=None,
        adding_until=None,
        adding_by=None,
    )
    if queued is not None and queued.list_digest is not None:
        same = jobs.c.chat_id == queued.chat_id, jobs.c.list_digest == queued.list_digest
        asked = update(jobs).where(*same, jobs.c.state == JobState.CONFIRMING)
        await connection.execute(asked.values(due_at=now, lease=None))
    return queued


def asked_of(*, only_new: bool) -> ColumnElement[int]:
    """Give how many numbers of a list the API is asked about."""
    return jobs.c.valid - jobs.c.known if only_new else jobs.c.valid


def unchanged(revision: int) -> tuple[ColumnElement[bool], ...]:
    """Choose a list that was read, holds a number, and says what it said at this revision."""
    return (jobs.c.read_revision == revision, jobs.c.list_revision == revision, jobs.c.valid > 0)


async def move(
    connection: AsyncConnection,
    job_id: int,
    old: JobState,
    new: JobState,
    now: float,
    *conditions: Any,  # noqa: ANN401  (SQL)
    keep_tries: bool = False,
    **values: Any,  # noqa: ANN401  (SQL)
) -> Job | None:
    """Move one job if it is still in ``old``. It is due at once, and the chat has not heard of the new state."""
    assert (old, new) in MOVES, f"no move from {old} to {new}"  # noqa: S101  (a bug here must not reach the table)
    settled: dict[str, Any] = {
        "state": new,
        "state_since": now,
        "told_at": None,
        "due_at": now,
        "lease": None,
        "waiting": None,
    }
    if not keep_tries:
        settled["tries"] = 0
    moved = await change(connection, jobs.c.id == job_id, jobs.c.state == old, *conditions, **(settled | values))
    if moved is not None:
        logger.info("job=%s chat=%s: %s -> %s (edge %s)", moved.id, moved.chat_id, old, new, MOVES[old, new])
    return moved
