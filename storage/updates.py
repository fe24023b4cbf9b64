"""The update inbox: what Telegram gave, until it was acted on, refused or put aside."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, select, update

from storage.database import Database
from storage.schema import updates
from storage.together import together

RAW_UPDATES_SECONDS = 48 * 3600
"""Telegram gives an update again within 24 hours at the most; twice that is kept to tell repetitions."""


class UpdateState(StrEnum):
    """What became of an update?"""

    WAITING = "waiting"
    ACTED = "acted"
    REFUSED = "refused"
    """Answered with a refusal: a stranger's."""
    QUARANTINED = "quarantined"
    """It cannot be decoded, or handling it failed for good."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update as it came, before anything looked into it."""

    key: str
    """Kind and ids: the same message twice is one row, whatever its ``update_id``."""
    lane: int
    """Updates of one lane (a chat) are handled in order."""
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """A row of the inbox."""

    id: int
    lane: int
    tries: int
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Inbox:
    """Questions about updates."""

    database: Database

    async def store(self, incoming: Iterable[Incoming], now: float) -> tuple[StoredUpdate, ...]:
        """Store updates in one transaction and give those that were not there before, in order."""
        given: dict[str, Incoming] = {}
        for one in incoming:
            given.setdefault(one.key, one)
        rows = [
            {
                "key": one.key,
                "lane": one.lane,
                "raw": json.dumps(one.raw),  # in ASCII: no database takes half of a surrogate pair
                "state": UpdateState.WAITING,
                "received_at": now,
            }
            for one in given.values()
        ]
        if not rows:
            return ()
        statement = self.database.insert(updates).on_conflict_do_nothing(index_elements=["key"])
        async with self.database.write(ahead=True) as connection:
            new = (await connection.execute(statement.returning(updates.c.id, updates.c.key), rows)).all()
        return tuple(StoredUpdate(row.id, given[row.key].lane, 0, given[row.key].raw) for row in sorted(new))

    async def waiting(self, *, after: int = 0, most: int = 1000) -> tuple[StoredUpdate, ...]:
        """Give what is stored and not finished, oldest first.

        Args:
            after: The last row that is known already; 0 from the beginning.
            most: Not more than so many.
        """
        return await self._waiting(updates.c.id > after, most)

    async def waiting_in(self, lane: int, *, until: int, most: int) -> tuple[StoredUpdate, ...]:
        """Give what is not finished of one lane, oldest first, up to this row."""
        return await self._waiting(and_(updates.c.lane == lane, updates.c.id <= until), most)

    async def _waiting(self, which: ColumnElement[bool], most: int) -> tuple[StoredUpdate, ...]:
        waits = updates.c.state == UpdateState.WAITING
        columns = updates.c.id, updates.c.lane, updates.c.tries, updates.c.raw
        statement = select(*columns).where(waits, which).order_by(updates.c.id).limit(most)
        async with self.database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return tuple(StoredUpdate(row.id, row.lane, row.tries, json.loads(row.raw)) for row in rows)

    async def finish(self, update_id: int, state: UpdateState, now: float, cause: str | None = None) -> None:
        """Say what became of an update. Of one that was refused only its number is kept: it is no business of ours."""
        await together(self.database, _finish, (update_id, state, now, cause))

    async def note_try(self, update_id: int, cause: str) -> None:
        """Count a failure that may pass."""
        statement = (
            update(updates)
            .where(updates.c.id == update_id, updates.c.state == UpdateState.WAITING)
            .values(tries=updates.c.tries + 1, cause=cause)
        )
        async with self.database.write() as connection:
            await connection.execute(statement)

    async def quarantine(self, key: str, raw: str, now: float, cause: str) -> None:
        """Put aside what is no update at all."""
        statement = self.database.insert(updates).values(
            key=key,
            lane=0,
            raw=raw,
            state=UpdateState.QUARANTINED,
            received_at=now,
            finished_at=now,
            cause=cause,
        )
        async with self.database.write() as connection:
            await connection.execute(statement.on_conflict_do_nothing(index_elements=["key"]))

    async def purge(self, before: float) -> int:
        """Delete finished updates received before then; give how many."""
        statement = delete(updates).where(updates.c.state != UpdateState.WAITING, updates.c.received_at < before)
        async with self.database.write() as connection:
            gone = (await connection.execute(statement)).rowcount
        if gone:
            await self.database.empty_log()
        return gone


async def _finish(database: Database, ended: Sequence[tuple[int, UpdateState, float, str | None]]) -> Sequence[None]:
    """Say what became of updates that ended at the same time; see ``Inbox.finish``."""
    waits = updates.c.id == bindparam("row"), updates.c.state == UpdateState.WAITING
    statement = update(updates).where(*waits)
    said: dict[str, Any] = {"state": bindparam("end"), "finished_at": bindparam("at"), "cause": bindparam("why")}
    rows = [{"row": row, "end": state, "at": now, "why": cause} for row, state, now, cause in ended]
    refused = [row for row, state, _, _ in ended if state is UpdateState.REFUSED]
    async with database.write() as connection:
        if refused:
            held = select(updates.c.id, updates.c.raw).where(
                updates.c.id.in_(refused), updates.c.state == UpdateState.WAITING
            )
            numbers = [
                {"row": row.id, "number": json.dumps({"update_id": json.loads(row.raw).get("update_id")})}
                for row in await connection.execute(held)
            ]
            if numbers:
                await connection.execute(statement.values(raw=bindparam("number")), numbers)
        await connection.execute(statement.values(said), rows)
    return [None] * len(ended)
