"""The lists of a chat from the newest to the first, a page at a time, and what is kept of each."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select

from bot.history import Kept
from bot.job import Job
from bot.searching import Search
from storage.database import Database
from storage.jobs import OPEN_LIST, job_of, jobs_of
from storage.lists import NOTHING
from storage.schema import job_messages, job_numbers, job_results, jobs


@dataclass(frozen=True, slots=True)
class Page:
    """Some lists of a chat, newest first."""

    jobs: tuple[Job, ...]
    newer: int | None
    """The id that the page before this one begins with, 0 for the newest list; None where this page is the first."""
    older: int | None
    """The id that the page after this one begins with; None where there is none."""


@dataclass(frozen=True, slots=True)
class History:
    """Questions about the lists of a chat."""

    database: Database

    async def page(self, chat_id: int, search: Search, *, first: int, most: int) -> Page:
        """Give a page of what is found, without lists that never held a number.

        Args:
            chat_id: The chat.
            search: What is looked for.
            first: The id of the newest list that may stand on the page; 0 for whichever is the newest.
            most: So many lists stand on a page.
        """
        found = (jobs.c.chat_id == chat_id, or_(jobs.c.valid > 0, jobs.c.state.in_(OPEN_LIST)), *_meets(search))
        down = select(jobs).where(*found).order_by(jobs.c.id.desc()).limit(most + 1)
        if first:
            down = down.where(jobs.c.id <= first)
        up = select(jobs.c.id).where(*found, jobs.c.id > first).order_by(jobs.c.id).limit(most)
        async with self.database.read() as connection:
            here = jobs_of((await connection.execute(down)).mappings().all())
            above = (await connection.execute(up)).scalars().all() if first else []
        newer = None if not above else above[-1] if len(above) == most else 0
        return Page(here[:most], newer, here[most].id if len(here) > most else None)

    async def one(self, chat_id: int, job_id: int) -> Job | None:
        """Give one list of this chat."""
        statement = select(jobs).where(jobs.c.chat_id == chat_id, jobs.c.id == job_id)
        async with self.database.read() as connection:
            return job_of((await connection.execute(statement)).mappings().one_or_none())

    async def kept(self, job: Job) -> Kept:
        """Say what is kept of a list."""
        said = or_(job_messages.c.file_id.is_not(None), job_messages.c.content != NOTHING)
        result = job_results.c.job_id == job.id
        statement = select(
            exists().where(job_messages.c.job_id == job.id, said),
            exists().where(job_numbers.c.job_id == job.id),
            exists().where(result, job_results.c.verdicts.is_not(None)),
            exists().where(result, job_results.c.raw.is_not(None)),
        )
        async with self.database.read() as connection:
            return Kept(*map(bool, (await connection.execute(statement)).one()))


def _meets(search: Search) -> tuple[ColumnElement[bool], ...]:
    if not search.words:
        return ()
    named = jobs.c.name_folded.contains(search.words, autoescape=True)
    if search.period is None:
        return (named,)
    return (or_(named, and_(jobs.c.created_at >= search.period.begins, jobs.c.created_at < search.period.ends)),)
