"""A group becomes a supergroup and has a new id: everything that is kept of it goes over, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Table, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.job import JobState
from storage.access import AccessState, Entry, keep, move_access, state_of
from storage.access_requests import move_requests
from storage.database import Database
from storage.memory import move_memory
from storage.schema import chats, job_results, jobs
from storage.team_schema import chat_settings, group_settings, spenders

ONE_A_CHAT: Sequence[tuple[Table, Column[int], Sequence[Column[int]]]] = (
    (chats, chats.c.chat_id, ()),
    (group_settings, group_settings.c.chat_id, ()),
    (chat_settings, chat_settings.c.chat_id, ()),
    (spenders, spenders.c.chat_id, (spenders.c.person_id,)),
)
"""Tables with one row for a chat, or for a chat and something in it."""


@dataclass(frozen=True, slots=True)
class Supergroups:
    """Moves what is kept of a group to its new id."""

    database: Database
    allowed_ids: frozenset[int] = frozenset()
    """The chats that the settings let in; they name a group by the id it had when they were written."""

    async def take_over(self, old: int, new: int, now: float) -> None:
        """Let everything of a group belong to the new id. Twice the same changes nothing.

        A supergroup numbers its messages anew. So the messages of a list stay those of the old group, else a new
        message with the same number would be taken for one of them; nothing more is said in reply to them; and each job
        gets a new card, those not pressed yet at once. An open question is asked anew: its buttons have stayed behind.
        What could not be delivered may have failed for no other reason than the move, and is tried again (edge u).
        """
        async with self.database.write() as connection:
            await _move_jobs(connection, old, new)
            for table, chat_id, more in ONE_A_CHAT:
                await _move(connection, table, chat_id, more, old, new)
            await move_memory(connection, old, new, now)
            await move_access(connection, old, new)
            if old in self.allowed_ids and await state_of(connection, new) is None:
                # Nobody may change the settings for days, and the group is the same.
                await keep(self.database, connection, Entry(new, str(new), AccessState.APPROVED, 0, now))
            await move_requests(connection, old, new, now)


async def _move_jobs(connection: AsyncConnection, old: int, new: int) -> None:
    mine = update(jobs).where(jobs.c.chat_id == old)
    asked = jobs.c.state.in_((JobState.CONFIRMING, JobState.UNSURE))
    again = {"due_at": jobs.c.state_since, "lease": None, "told_at": None}
    await connection.execute(mine.where(asked).values(again))
    is_kept = jobs.c.id.in_(select(job_results.c.job_id))
    undelivered = and_(jobs.c.state == JobState.UNDELIVERABLE, is_kept)
    await connection.execute(mine.where(undelivered).values(again | {"state": JobState.DELIVERING, "tries": 0}))
    await connection.execute(mine.values(chat_id=new, list_message_id=None, card_message_id=None, shown=None))


async def _move(
    connection: AsyncConnection, table: Table, chat_id: Column[int], more: Sequence[Column[int]], old: int, new: int
) -> None:
    """Let the old id's rows of a table belong to the new id; where it has one of its own, only what that lacks."""
    ours = (await connection.execute(select(table).where(chat_id == old))).mappings().all()
    theirs = (await connection.execute(select(table).where(chat_id == new))).mappings().all()
    known = {tuple(row[column.name] for column in more): row for row in theirs}
    for row in ours:
        which = tuple(row[column.name] for column in more)
        if which not in known:
            await connection.execute(insert(table).values({**row, chat_id.name: new}))
        elif lacking := {name: row[name] for name, value in known[which].items() if value is None}:
            same = (column == value for column, value in zip(more, which, strict=True))
            await connection.execute(update(table).where(chat_id == new, *same).values(lacking))
    await connection.execute(delete(table).where(chat_id == old))
