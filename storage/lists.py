"""What is on a list: the messages it came in, the numbers that were read from them, and the results."""

import asyncio
import secrets
import zlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.job import TERMINAL, Job, JobState
from bot.numbers import PackedList
from bot.searching import folded_name
from storage.database import Database
from storage.jobs import OPEN_LIST, change, job_of, same_messages
from storage.schema import job_messages, job_numbers, job_results, jobs

NOTHING = b""
"""What is left of a message whose list was none. Even an empty text has a few bytes once it is compressed."""


@dataclass(frozen=True, slots=True)
class ListMessage:
    """One message of a list: a text, or a file (whose bytes are in ListFiles once they were fetched)."""

    chat_id: int
    message_id: int
    sent_at: float
    content: bytes | None = None
    """The text in UTF-8; None for a file."""
    file_id: str | None = None
    file_size: int | None = None
    file_ending: str = ""
    """Of the file's name, where it says what the file is: ``.csv``."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """What is known of a job when its first message comes."""

    chat_id: int
    thread_id: int | None
    starter_id: int
    starter_name: str
    language: str
    name: str | None
    region: str | None
    column_choice: str | None = None


@dataclass(frozen=True, slots=True)
class StoredResult:
    """What the API found: the verdicts and the workbook, or the API's own file where it could not be understood."""

    verdicts: str | None
    workbook: bytes | None
    raw: bytes | None


@dataclass(frozen=True, slots=True)
class Lists:
    """Questions about what is on a list."""

    database: Database

    async def open(self, new: NewJob, message: ListMessage, now: float) -> Job:
        """Make a job of a message, due at once. A message that has a job already leads to that job."""
        async with self.database.write() as connection:
            known = await _job_of_message(connection, message.chat_id, message.message_id)
            return known or await _open(connection, new, message, now)

    async def open_changed(self, refused: Job, new: NewJob, message: ListMessage, now: float) -> Job:
        """Make a new job of a message that was edited after its first job was refused. Twice the same is one job."""
        async with self.database.write() as connection:
            known = await _job_of_message(connection, message.chat_id, message.message_id)
            if known is not None and (known.id != refused.id or known.state is not JobState.REFUSED):
                return known
            mine = job_messages.c.chat_id == message.chat_id, job_messages.c.message_id == message.message_id
            await connection.execute(delete(job_messages).where(*mine))
            return await _open(connection, new, message, now)

    async def open_again(self, old: Job, now: float, *, language: str, person: tuple[int, str]) -> Job | None:
        """Make a new job of an ended job's list, its messages go over to it; None where the list is gone.

        Where it was opened again before, the latest job has its messages; one that has not ended yet is given as it is.
        """
        latest = select(jobs).where(*same_messages(old)).order_by(jobs.c.id.desc()).limit(1)
        kept = or_(job_messages.c.file_id.is_not(None), job_messages.c.content != NOTHING)
        async with self.database.write() as connection:
            ended = job_of((await connection.execute(latest.with_for_update())).mappings().one_or_none())
            if ended is None or ended.state not in TERMINAL:
                return None if ended is None or ended.id == old.id else ended
            mine = job_messages.c.job_id == ended.id
            if (await connection.execute(select(job_messages.c.id).where(mine, kept).limit(1))).first() is None:
                return None
            new = NewJob(
                ended.chat_id, ended.thread_id, *person, language, ended.name, ended.region, ended.column_choice
            )
            again = {"first_job_id": ended.first_job_id or ended.id, "left_out": ended.left_out}
            job = await _insert_job(connection, new, ended.list_message_id, now, **again)
            await connection.execute(update(job_messages).where(mine).values(job_id=job.id))
            return job

    async def join(self, job_id: int, message: ListMessage, now: float) -> Job | None:
        """Add a message to a list that may still grow; None where it may not. Twice the same changes nothing."""
        async with self.database.write() as connection:
            known = await _job_of_message(connection, message.chat_id, message.message_id)
            if known is not None:
                return known
            job = await _changed(connection, job_id, now)
            if job is not None:
                await _add(connection, job.id, message)
            return job

    async def edit(self, message: ListMessage, edited_at: float, now: float) -> Job | None:
        """Replace what an edited message says in a list that may still change; None where it has no such list.

        An edit that is older than the one that is known changes nothing, nor does one that says the same: a file's
        caption was edited, or the update is handled a second time.
        """
        content = _pressed(message.content)
        mine = job_messages.c.chat_id == message.chat_id, job_messages.c.message_id == message.message_id
        newer = func.coalesce(job_messages.c.edited_at, 0) <= edited_at
        dated = update(job_messages).where(*mine, newer).values(edited_at=edited_at).returning(*job_messages.c)
        says = update(job_messages).where(*mine)
        async with self.database.write() as connection:
            known = await _job_of_message(connection, message.chat_id, message.message_id)
            if known is None or known.state not in OPEN_LIST:
                return None
            before = (await connection.execute(dated)).one_or_none()
            if before is None or (before.file_id == message.file_id and (before.file_id or before.content == content)):
                return known
            file = {
                "file_id": message.file_id,
                "file_size": message.file_size,
                "file_ending": message.file_ending or None,
            }
            await connection.execute(says.values(content=content, **file))
            return await _changed(connection, known.id, now)

    async def messages(self, job_id: int) -> tuple[ListMessage, ...]:
        """Give the messages of the list in the order they were sent; what is in their files is asked of ListFiles."""
        text = case((job_messages.c.file_id.is_(None), job_messages.c.content)).label("text")
        said = (
            job_messages.c[name] for name in ("chat_id", "message_id", "sent_at", "file_id", "file_size", "file_ending")
        )
        statement = (
            select(*said, text)
            .where(job_messages.c.job_id == job_id)
            .order_by(job_messages.c.sent_at, job_messages.c.message_id)
        )
        async with self.database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return tuple(
            ListMessage(
                chat_id=row["chat_id"],
                message_id=row["message_id"],
                sent_at=row["sent_at"],
                content=_unpressed(row["text"]),
                file_id=row["file_id"],
                file_size=row["file_size"],
                file_ending=row["file_ending"] or "",
            )
            for row in rows
        )

    async def drop_message(self, job: Job, message: ListMessage, now: float) -> None:
        """Take a message out of a list that is not pressed yet; the list is read again."""
        async with self.database.write() as connection:
            if await _changed(connection, job.id, now) is not None:
                mine = job_messages.c.chat_id == message.chat_id, job_messages.c.message_id == message.message_id
                await connection.execute(delete(job_messages).where(job_messages.c.job_id == job.id, *mine))

    async def numbers(self, job_id: int) -> PackedList | None:
        """Give the numbers as they were read; None where there are none (any more)."""
        async with self.database.read() as connection:
            row = (await connection.execute(select(job_numbers).where(job_numbers.c.job_id == job_id))).one_or_none()
        return None if row is None else PackedList(row.numbers, row.details, row.rejected)

    async def result(self, job_id: int) -> StoredResult | None:
        """Give what the API found; None where it is not known (any more)."""
        async with self.database.read() as connection:
            row = (await connection.execute(select(job_results).where(job_results.c.job_id == job_id))).one_or_none()
        if row is None:
            return None
        return StoredResult(await _verdicts(row.verdicts), row.workbook, row.raw)

    async def verdicts(self, job_id: int) -> str | None:
        """Give only the verdicts of what the API found; None where they are not known (any more)."""
        statement = select(job_results.c.verdicts).where(job_results.c.job_id == job_id)
        async with self.database.read() as connection:
            packed = await connection.scalar(statement)
        return await _verdicts(packed)

    async def set_region(self, job_id: int, region: str, now: float) -> Job | None:
        """Name the country of a list that is not pressed yet; it is read again, also where it is being read now."""
        changed: dict[str, Any] = {"region": region, "left_out": False, "list_revision": jobs.c.list_revision + 1}
        return await self._change_list(job_id, now, changed, OPEN_LIST)

    async def leave_out(self, job_id: int, now: float) -> Job | None:
        """Leave the numbers without a country code out of a list that is not pressed yet."""
        return await self._change_list(job_id, now, {"left_out": True})

    async def choose_country(self, job_id: int, *, more: bool, now: float) -> Job | None:
        """Show more countries than the likely ones, or go back."""
        return await self._change_list(job_id, now, {"choosing_country": more})

    async def await_more(self, job_id: int, person_id: int, until: float, now: float) -> Job | None:
        """Let what this person sends until then join the list."""
        return await self._change_list(job_id, now, {"adding_by": person_id, "adding_until": until})

    async def _change_list(
        self, job_id: int, now: float, values: dict[str, Any], states: tuple[JobState, ...] = (JobState.CONFIRMING,)
    ) -> Job | None:
        changed = {"choosing_country": False, "choosing_column": False, "due_at": now, "lease": None} | values
        async with self.database.write() as connection:
            return await change(connection, jobs.c.id == job_id, jobs.c.state.in_(states), **changed)


async def _verdicts(packed: bytes | None) -> str | None:
    return None if packed is None else (await asyncio.to_thread(zlib.decompress, packed)).decode("ascii")


async def empty_messages(connection: AsyncConnection, job_id: int) -> None:
    """Keep nothing of what the messages of a job said; that they were seen is kept."""
    mine = update(job_messages).where(job_messages.c.job_id == job_id)
    await connection.execute(mine.values(content=NOTHING, file_id=None, file_size=None, file_ending=None))


async def _job_of_message(connection: AsyncConnection, chat_id: int, message_id: int) -> Job | None:
    statement = (
        select(jobs)
        .join(job_messages, job_messages.c.job_id == jobs.c.id)
        .where(job_messages.c.chat_id == chat_id, job_messages.c.message_id == message_id)
    )
    return job_of((await connection.execute(statement)).mappings().one_or_none())


async def _open(connection: AsyncConnection, new: NewJob, message: ListMessage, now: float) -> Job:
    job = await _insert_job(connection, new, message.message_id, now)
    await _add(connection, job.id, message)
    return job


async def _insert_job(
    connection: AsyncConnection,
    new: NewJob,
    list_message_id: int | None,
    now: float,
    **more: Any,  # noqa: ANN401  (SQL)
) -> Job:
    statement = (
        insert(jobs)
        .values(
            token=secrets.token_urlsafe(12),
            state=JobState.READING,
            state_since=now,
            created_at=now,
            due_at=now,
            chat_id=new.chat_id,
            thread_id=new.thread_id,
            starter_id=new.starter_id,
            starter_name=new.starter_name,
            language=new.language,
            name=new.name,
            name_folded=folded_name(new.name, new.chat_id),
            list_message_id=list_message_id,
            region=new.region,
            **more,
            column_choice=new.column_choice,
        )
        .returning(*jobs.c)
    )
    job = job_of((await connection.execute(statement)).mappings().one())
    assert job is not None  # noqa: S101  (one() raises where there is no row)
    return job


async def _add(connection: AsyncConnection, job_id: int, message: ListMessage) -> None:
    await connection.execute(
        insert(job_messages).values(
            job_id=job_id,
            chat_id=message.chat_id,
            message_id=message.message_id,
            sent_at=message.sent_at,
            file_id=message.file_id,
            file_size=message.file_size,
            file_ending=message.file_ending or None,
            content=_pressed(message.content),
        ),
    )


async def _changed(connection: AsyncConnection, job_id: int, now: float) -> Job | None:
    """Note that the list says something new: it has to be read again before anybody can press."""
    return await change(
        connection,
        jobs.c.id == job_id,
        jobs.c.state.in_(OPEN_LIST),
        list_revision=jobs.c.list_revision + 1,
        # Who was adding may be in the middle of a long paste: they stay known by name.
        adding_until=case((jobs.c.adding_until > now, now), else_=jobs.c.adding_until),
        due_at=now,
        lease=None,
    )


def _pressed(content: bytes | None) -> bytes | None:
    return None if content is None else zlib.compress(content)


def _unpressed(content: bytes | None) -> bytes | None:
    return zlib.decompress(content) if content else content
