"""What the checks of a chat have found, by keyed hashes of the numbers, and what was known of a list when it was read.

Nothing here knows a number. Rows belong to the job that found them: they go with its list, by the retention or by
/forget.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, delete, insert, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.job import Job, JobState
from bot.known import Known
from storage.database import Database
from storage.jobs import change, job_of, promise_anew
from storage.memory_schema import job_known, known_numbers
from storage.schema import jobs

VERDICTS = {"y": "yes", "n": "no", "u": "undetermined"}
CODES = {verdict: code for code, verdict in VERDICTS.items()}
DELIVERING: ColumnElement[bool] = jobs.c.state == literal_column("'delivering'")
"""As the index has it."""
IS_OPEN = jobs.c.state.in_((JobState.READING, JobState.CONFIRMING))


@dataclass(frozen=True, slots=True)
class Found:
    """What a chat knows of one number."""

    verdict: str
    """yes, no or undetermined."""
    checked_at: float
    job: Job
    """Whose check has found it."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Questions about what is remembered. Each names the chat: nothing of another one is seen."""

    database: Database

    async def holds_any(self, chat_id: int, *, since: float) -> bool:
        """Say whether anything was found here since then."""
        mine = known_numbers.c.chat_id == chat_id, known_numbers.c.checked_at >= since
        async with self.database.read() as connection:
            return (await connection.execute(select(known_numbers.c.job_id).where(*mine).limit(1))).first() is not None

    async def is_told_more(self, chat_id: int, *, above: int) -> bool:
        """Say whether a result of more than so many numbers was sent here, or is being sent, and not remembered yet."""
        large = jobs.c.chat_id == chat_id, DELIVERING, jobs.c.to_check > above
        statement = select(jobs.c.id).where(*large, or_(jobs.c.sending, jobs.c.result_file_id.is_not(None)))
        async with self.database.read() as connection:
            return (await connection.execute(statement.limit(1))).first() is not None

    async def recall(self, chat_id: int, names: Sequence[bytes], *, since: float) -> dict[bytes, tuple[str, float]]:
        """Give the code (y, n, u) and the time of those of these numbers that were found here since then.

        Args:
            chat_id: The chat.
            names: Some thousand names; each is a parameter of one statement.
            since: The time.
        """
        mine = known_numbers.c.chat_id == chat_id, known_numbers.c.checked_at >= since
        columns = known_numbers.c.number_hash, known_numbers.c.verdict, known_numbers.c.checked_at
        async with self.database.read() as connection:
            rows = await connection.execute(select(*columns).where(*mine, known_numbers.c.number_hash.in_(names)))
            return {row.number_hash: (CODES[row.verdict], row.checked_at) for row in rows}

    async def find(self, chat_id: int, name: bytes, *, since: float) -> Found | None:
        """Give what this chat knows of one number, if it was found since then."""
        this = known_numbers.c.chat_id == chat_id, known_numbers.c.number_hash == name
        statement = select(known_numbers.c.verdict, known_numbers.c.checked_at, *jobs.c).join_from(known_numbers, jobs)
        async with self.database.read() as connection:
            row = (await connection.execute(statement.where(*this, known_numbers.c.checked_at >= since))).mappings()
            found = row.one_or_none()
        job = job_of(found)
        return None if found is None or job is None else Found(found["verdict"], found["checked_at"], job)

    async def remember(self, job: Job, found: Sequence[tuple[bytes, str]]) -> None:
        """Keep what a job's check has found, by name and code, before its delivery ends.

        It comes block by block, and twice is once: whoever dies in the middle begins anew. The newest answer
        replaces an older one; "undetermined" replaces no clear one. The chat is the one that the job has by now, and
        the time that at which its result was stored.

        Args:
            job: A job in ``delivering``. Any other finds nothing: it may have been forgotten.
            found: A block of it.
        """
        this = jobs.c.id == job.id, jobs.c.state == JobState.DELIVERING
        delivering = select(jobs.c.chat_id, jobs.c.finished_at).where(*this).with_for_update()
        async with self.database.write() as connection:
            found_by = (await connection.execute(delivering)).one_or_none()
            if found_by is not None:
                await keep_found(self.database, connection, job.id, *found_by, found)

    async def known(self, job_id: int) -> Known | None:
        """Give what was known of a list when it was read; None for nothing."""
        async with self.database.read() as connection:
            row = (await connection.execute(select(job_known).where(job_known.c.job_id == job_id))).one_or_none()
        return None if row is None else await asyncio.to_thread(Known.unpack, row.codes, row.days)

    async def keep_again(self, job: Job, known: Known | None, now: float, *, differs: bool) -> Job | None:
        """Keep what the chat knows of a list by now, as of the job's ``memory_revision``; None where it was pressed.

        Where it differs the preview shows something else: its revision changes, so no older press counts.
        """
        more = 1 if differs else 0
        same = (
            jobs.c.id == job.id,
            jobs.c.state == JobState.CONFIRMING,
            jobs.c.list_revision == job.list_revision,
            jobs.c.read_revision == job.list_revision,
        )
        async with self.database.write() as connection:
            kept = await change(
                connection,
                *same,
                known=0 if known is None else known.count,
                known_revision=job.memory_revision,
                list_revision=jobs.c.list_revision + more,
                read_revision=jobs.c.read_revision + more,
                due_at=now,
                lease=None,
            )
            if kept is not None and differs:
                await keep_known(connection, job.id, known)
                await promise_anew(connection, job.id)
            return kept

    async def forget_number(self, name: bytes, now: float) -> None:
        """Forget one number in every chat: only for what an admin asks."""
        this = known_numbers.c.number_hash == name
        async with self.database.write() as connection:
            for chat_id in (await connection.scalars(select(known_numbers.c.chat_id).where(this))).all():
                await memory_changed(connection, chat_id, now)
            await connection.execute(delete(known_numbers).where(this))


async def keep_found(
    database: Database,
    connection: AsyncConnection,
    job_id: int,
    chat_id: int,
    found_at: float,
    found: Sequence[tuple[bytes, str]],
) -> None:
    """Keep what a job's check has found, by name and code, where it is better or newer than what is there."""
    statement = database.insert(known_numbers)
    new = statement.excluded
    undetermined: ColumnElement[str] = literal_column("'undetermined'")
    better = or_(new.verdict != undetermined, known_numbers.c.verdict == undetermined)
    statement = statement.on_conflict_do_update(
        index_elements=["chat_id", "number_hash"],
        set_={"verdict": new.verdict, "checked_at": new.checked_at, "job_id": new.job_id},
        where=better & (known_numbers.c.checked_at <= new.checked_at),
    )
    rows = [(chat_id, name, VERDICTS[code], found_at, job_id) for name, code in found]
    if rows:
        # As the driver takes it: SQLAlchemy looks at each row, which takes longer than to write it.
        columns = dict.fromkeys(("chat_id", "number_hash", "verdict", "checked_at", "job_id"))
        await connection.exec_driver_sql(str(statement.values(columns).compile(dialect=connection.dialect)), rows)


async def keep_known(connection: AsyncConnection, job_id: int, known: Known | None) -> None:
    """Keep the snapshot of a list in place of an older one; nothing for one that says nothing."""
    await connection.execute(delete(job_known).where(job_known.c.job_id == job_id))
    if known is not None:
        codes, days = await asyncio.to_thread(known.pack)
        await connection.execute(insert(job_known), {"job_id": job_id, "codes": codes, "days": days})


async def memory_changed(connection: AsyncConnection, chat_id: int, now: float) -> None:
    """Let every list of this chat that is not pressed yet be compared anew with what is remembered."""
    mine = update(jobs).where(jobs.c.chat_id == chat_id)
    await connection.execute(mine.where(IS_OPEN).values(memory_revision=jobs.c.memory_revision + 1))
    await connection.execute(mine.where(jobs.c.state == JobState.CONFIRMING).values(due_at=now, lease=None))


async def forget_found(connection: AsyncConnection, *which: ColumnElement[bool]) -> None:
    """Forget what the jobs that are chosen so have found, and what was known of their lists."""
    these = select(jobs.c.id).where(*which)
    for table in (known_numbers, job_known):
        await connection.execute(delete(table).where(table.c.job_id.in_(these)))


async def move_memory(connection: AsyncConnection, old: int, new: int, now: float) -> None:
    """Let what a group remembers belong to its new id; of two answers about one number the newer one stays."""
    theirs = known_numbers.alias("theirs")
    ours = known_numbers
    rivals: Select[tuple[int]] = select(literal_column("1")).where(theirs.c.number_hash == ours.c.number_hash)
    beaten = rivals.where(theirs.c.chat_id == new, theirs.c.checked_at >= ours.c.checked_at).exists()
    older = rivals.where(theirs.c.chat_id == old, theirs.c.checked_at > ours.c.checked_at).exists()
    await connection.execute(delete(ours).where(ours.c.chat_id == old, beaten))
    await connection.execute(delete(ours).where(ours.c.chat_id == new, older))
    await connection.execute(update(ours).where(ours.c.chat_id == old).values(chat_id=new))
    await memory_changed(connection, new, now)
