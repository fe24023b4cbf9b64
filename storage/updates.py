"""The update inbox: what Telegram gave, until it was acted on, refused or put aside."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, update

from storage.database import Database
from storage.schema import updates

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
        stored = []
        async with self.database.write() as connection:
            for one in incoming:
                statement = (
                    self.database.insert(updates)
                    .values(
                        key=one.key,
                        lane=one.lane,
                        raw=json.dumps(one.raw),  # in ASCII: no database takes half of a surrogate pair
                        state=UpdateState.WAITING,
                        received_at=now,
                    )
                    .on_conflict_do_nothing(index_elements=["key"])
                    .returning(updates.c.id)
                )
                row_id = await connection.scalar(statement)
                if row_id is not None:
                    stored.append(StoredUpdate(row_id, one.lane, 0, one.raw))
        return tuple(stored)

    async def waiting(self) -> tuple[StoredUpdate, ...]:
        """Give what an earlier run stored and did not finish, oldest first."""
        statement = select(updates).where(updates.c.state == UpdateState.WAITING).order_by(updates.c.id)
        async with self.database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return tuple(StoredUpdate(row.id, row.lane, row.tries, json.loads(row.raw)) for row in rows)

    async def finish(self, update_id: int, state: UpdateState, now: float, cause: str | None = None) -> None:
        """Say what became of an update. Of one that was refused only its number is kept: it is no business of ours."""
        waits = updates.c.id == update_id, updates.c.state == UpdateState.WAITING
        said: dict[str, Any] = {"state": state, "finished_at": now, "cause": cause}
        async with self.database.write() as connection:
            if state is UpdateState.REFUSED:
                raw = await connection.scalar(select(updates.c.raw).where(*waits))
                said["raw"] = json.dumps({"update_id": json.loads(raw or "{}").get("update_id")})
            await connection.execute(update(updates).where(*waits).values(said))

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
