"""What is forgotten before its time: a list at a person's word, a number at an admin's.

Counts stay, and so does what was paid. Nothing here touches a list that is on its way to the API or at it: its numbers
are what the result is read by.
"""

import asyncio
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.erasing import Erased
from bot.job import TERMINAL, Job, JobState
from bot.known import Known
from bot.list_parts import Part
from bot.numbers import PackedList
from storage.database import Database
from storage.jobs import OPEN_LIST, change, job_of, jobs_of, same_messages
from storage.lists import NOTHING
from storage.memory import forget_found, keep_known, memory_changed
from storage.memory_schema import job_known
from storage.moves import move
from storage.schema import attempts, job_messages, job_numbers, job_results, jobs, updates
from storage.updates import UpdateState

NOT_PAID = (JobState.CONFIRMING, JobState.QUEUED)
"""States from which a list can be cancelled and then forgotten."""
FORGETTABLE = frozenset({*TERMINAL, *NOT_PAID})
ERASABLE = frozenset({*TERMINAL, JobState.CONFIRMING})
"""States in which a number can be taken out of a list."""
CARRIERS = (job_messages, job_numbers, job_results)
AT_ONCE = 500
"""Updates that are blanked with one statement."""


@dataclass(frozen=True, slots=True)
class KeptList:
    """All that is kept of a list but the files that are made of it."""

    job: Job
    parts: tuple[Part, ...]
    """What its messages say, in their order; nothing of those that say nothing any more."""
    packed: PackedList | None
    codes: str | None
    known: Known | None
    """What was known of its numbers when it was read."""
    workbook: bytes | None
    has_raw: bool
    """The API's own file is kept because it could not be understood; nobody can look into it."""
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Questions about what is to be forgotten."""

    database: Database

    async def kept(self, chat_id: int, most: int) -> tuple[Job, ...]:
        """Give this chat's latest lists of which anything is kept, newest first."""
        statement = select(jobs).where(jobs.c.chat_id == chat_id, _is_kept()).order_by(jobs.c.id.desc()).limit(most)
        async with self.database.read() as connection:
            return jobs_of((await connection.execute(statement)).mappings().all())

    async def forget(self, job: Job, now: float) -> Job | None:
        """Delete all of a list but its counts; what was not paid yet is cancelled (edges d and g).

        Where the list was opened again, all its jobs are forgotten. What their checks have found is no longer known.
        None where one of them is on its way to the API or at it, or is being read: then nothing is forgotten.
        """
        async with self.database.write() as connection:
            every = select(jobs).where(*same_messages(job)).order_by(jobs.c.id).with_for_update()
            all_jobs = jobs_of((await connection.execute(every)).mappings().all())
            if any(one.state not in FORGETTABLE for one in all_jobs):
                return None
            await memory_changed(connection, job.chat_id, now)
            forgotten = [await self._forget(connection, one, now) for one in all_jobs]
        await self.database.empty_log()
        return next((one for one in forgotten if one is not None and one.id == job.id), None)

    async def _forget(self, connection: AsyncConnection, job: Job, now: float) -> Job | None:
        if job.forgotten_at is not None:
            return job  # nothing is left, and its chat hears it, or has
        for state in NOT_PAID:
            await move(connection, job.id, state, JobState.CANCELLED, now)
        forgotten = await change(
            connection,
            jobs.c.id == job.id,
            jobs.c.state.in_(TERMINAL),
            **(_NO_WORDS | _NO_NAME | {"forgotten_at": now, "due_at": now, "lease": None, "told_at": None}),
        )
        if forgotten is None:
            return None
        await _blank_updates_of(connection, forgotten)
        await forget_found(connection, jobs.c.id == job.id)
        for table in CARRIERS:
            await connection.execute(delete(table).where(table.c.job_id == job.id))
        await _drop_evidence(connection, job.id)
        return forgotten

    async def all_kept(self) -> tuple[int, ...]:
        """Give the ids of all lists, of every chat, of which anything is kept. Only for what an admin asks."""
        async with self.database.read() as connection:
            return tuple((await connection.execute(select(jobs.c.id).where(_is_kept()).order_by(jobs.c.id))).scalars())

    async def look(self, job_id: int) -> KeptList | None:
        """Give all that is kept of one list."""
        said = _messages(job_messages.c.content, job_messages.c.file_ending, job_id=job_id)
        words = select(attempts.c.evidence).where(attempts.c.job_id == job_id, attempts.c.evidence.is_not(None))
        async with self.database.read() as connection:
            job = job_of((await connection.execute(select(jobs).where(jobs.c.id == job_id))).mappings().one_or_none())
            if job is None:
                return None
            messages = (await connection.execute(said)).all()
            numbers = (
                await connection.execute(select(job_numbers).where(job_numbers.c.job_id == job_id))
            ).one_or_none()
            found = (await connection.execute(select(job_results).where(job_results.c.job_id == job_id))).one_or_none()
            snapshot = (await connection.execute(select(job_known).where(job_known.c.job_id == job_id))).one_or_none()
            evidence = (await connection.execute(words)).scalars().all()
        return KeptList(
            job=job,
            parts=tuple(Part(zlib.decompress(one.content or _EMPTY), one.file_ending or "") for one in messages),
            packed=None if numbers is None else PackedList(numbers.numbers, numbers.details, numbers.rejected),
            codes=None if found is None or found.verdicts is None else zlib.decompress(found.verdicts).decode("ascii"),
            known=None if snapshot is None else Known.unpack(snapshot.codes, snapshot.days),
            workbook=None if found is None else found.workbook,
            has_raw=found is not None and found.raw is not None,
            evidence=tuple(evidence),
        )

    async def replace(
        self, old: KeptList, new: Erased, *, reading: str | None, name: str | None, workbook: bytes | None, now: float
    ) -> bool:
        """Keep what is left of a list without a number; False where it has moved or changed meanwhile.

        Args:
            old: What was looked at.
            new: What is left.
            reading: What the preview shows, as JSON, without the number.
            name: The list's name; None where it is the number itself.
            workbook: The workbook made anew, where there was one.
            now: The time.
        """
        job, again = old.job, old.job.state in OPEN_LIST
        same = (jobs.c.state == job.state, jobs.c.list_revision == job.list_revision)
        values: dict[str, Any] = _NO_WORDS | {"reading": reading, "name": name}
        if name is None:
            values |= _NO_NAME
        if again:  # the preview has other counts now: it is read again before anybody can press
            values |= {"list_revision": jobs.c.list_revision + 1, "due_at": now, "lease": None}
        async with self.database.write() as connection:
            left = await change(connection, jobs.c.id == job.id, *same, **values)
            if left is None:
                return False
            await _blank_updates_of(connection, left)
            await _rewrite_messages(connection, job.id, new.contents)
            await _drop_evidence(connection, job.id)
            if old.packed is not None:
                packed = new.packed
                await connection.execute(
                    update(job_numbers)
                    .where(job_numbers.c.job_id == job.id)
                    .values(numbers=packed.numbers, details=packed.details, rejected=packed.rejected)
                )
            await keep_known(connection, job.id, new.known)
            mine = job_results.c.job_id == job.id
            if new.codes is None or workbook is None:
                await connection.execute(delete(job_results).where(mine))
            else:
                verdicts = zlib.compress(new.codes.encode("ascii"))
                await connection.execute(
                    update(job_results).where(mine).values(verdicts=verdicts, workbook=workbook, raw=None)
                )
            return True

    async def blank_others(self, holds: Callable[[object], bool]) -> None:
        """Blank the updates that are done with, and drop the names of lists, of which this is true."""
        told = select(updates.c.id, updates.c.raw).where(_is_done())
        named = select(jobs.c.id, jobs.c.name).where(jobs.c.name.is_not(None))
        async with self.database.read() as connection:
            rows = (await connection.execute(told)).all()
            names = (await connection.execute(named)).all()
        held, called = await asyncio.to_thread(
            lambda: ([row.id for row in rows if holds(_told(row.raw))], [row.id for row in names if holds(row.name)])
        )
        async with self.database.write() as connection:
            for at in range(0, len(held), AT_ONCE):
                await _blank(connection, updates.c.id.in_(held[at : at + AT_ONCE]))
            for one in called:
                await connection.execute(update(jobs).where(jobs.c.id == one).values(_NO_NAME))
        await self.database.empty_log()

    async def blank_command(self, chat_id: int, message_id: int) -> None:
        """Blank the update of a command that is being answered: it holds what it asks to forget.

        Its row still waits for its end, so this is the last thing to do for it.
        """
        asked = updates.c.key == f"message:{chat_id}:{message_id}"
        async with self.database.write() as connection:
            await _blank(connection, asked)
        await self.database.empty_log()


_EMPTY = zlib.compress(b"")
_NO_WORDS: dict[str, Any] = {"reading": None, "detail": None, "result_file_id": None, "list_digest": None}
"""The columns of a job that quote its list, or lead to it."""
_NO_NAME: dict[str, Any] = {"name": None, "name_folded": None}


def _is_kept() -> ColumnElement[bool]:
    said = or_(job_messages.c.file_id.is_not(None), job_messages.c.content != NOTHING)
    return or_(
        jobs.c.id.in_(select(job_numbers.c.job_id)),
        jobs.c.id.in_(select(job_results.c.job_id)),
        jobs.c.id.in_(select(job_messages.c.job_id).where(said)),
    )


def _is_done() -> ColumnElement[bool]:
    return updates.c.state != UpdateState.WAITING


def _told(raw: str) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        return raw


async def _blank_updates_of(connection: AsyncConnection, job: Job) -> None:
    """Blank the updates that hold a message of the list: itself, its edits, replies to it, presses on its preview."""
    statement = select(job_messages.c.chat_id, job_messages.c.message_id).where(job_messages.c.job_id == job.id)
    named = {(row.chat_id, row.message_id) for row in await connection.execute(statement)}
    named |= {(job.chat_id, one) for one in (job.list_message_id, job.card_message_id) if one is not None}
    for chat_id, message_id in named:
        said = (updates.c.raw.contains(f'"message_id": {message_id}{end}', autoescape=True) for end in ",}")
        await _blank(connection, updates.c.lane == chat_id, _is_done(), or_(*said))


async def _blank(connection: AsyncConnection, *which: ColumnElement[bool]) -> None:
    """Leave nothing of updates but their numbers.

    Their rows stay: the same update told again must not be taken for a new one.
    """
    rows = (await connection.execute(select(updates.c.id, updates.c.raw).where(*which))).all()
    for row in rows:
        told = _told(row.raw)
        left = {"update_id": told["update_id"]} if isinstance(told, dict) and "update_id" in told else {}
        await connection.execute(update(updates).where(updates.c.id == row.id).values(raw=json.dumps(left)))


async def _rewrite_messages(connection: AsyncConnection, job_id: int, contents: tuple[bytes | None, ...]) -> None:
    """Let the messages of a list say what is left of it."""
    ids = (await connection.execute(_messages(job_messages.c.id, job_id=job_id))).scalars().all()
    for one, content in zip_longest(ids, contents[: len(ids)]):
        says = NOTHING if content is None else zlib.compress(content)
        emptied = update(job_messages).where(job_messages.c.id == one)
        await connection.execute(
            emptied.values(content=bindparam("left"), file_id=None, file_size=None), {"left": says}
        )


def _messages(*columns: ColumnElement[Any], job_id: int) -> Select[Any]:
    mine = select(*columns).where(job_messages.c.job_id == job_id)
    return mine.order_by(job_messages.c.sent_at, job_messages.c.message_id)


async def _drop_evidence(connection: AsyncConnection, job_id: int) -> None:
    """The API's own words may quote the list."""
    quoting = attempts.c.job_id == job_id, attempts.c.evidence.is_not(None)
    await connection.execute(update(attempts).where(*quoting).values(evidence=None))
