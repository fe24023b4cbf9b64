"""What the bot has learned that belongs to no job: the API's minimum and pace, and why submits are paused."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select

from storage.database import Database
from storage.schema import facts


class Fact(StrEnum):
    """What is it that was learned?"""

    MINIMUM = "minimum"
    """How many numbers the API takes at least. Its word changes, so it is forgotten after a week."""
    PACE = "pace"
    """Numbers a second, measured on the last finished task."""
    PAUSE = "pause"
    """Why nothing is submitted: ``{"waiting": ..., "since": ..., "ask_at": ...}``."""
    STOPPED = "stopped"
    """An admin has stopped all submits: ``{"by": ..., "at": ...}``. No answer of the API ends that."""
    BALANCE = "balance"
    """What was last heard of the account: ``{"amount": ... or null, "at": ..., "ask_at": ...}``."""
    MANY_ASK = "many-ask"
    """The admins were told that more ask to use the bot than they are shown: ``{"at": ...}``."""
    PROFILE = "profile"
    """Digest of the commands and descriptions that Telegram was told."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Questions about what was learned. Values are anything JSON can say."""

    database: Database

    async def get(self, name: Fact, now: float) -> Any:  # noqa: ANN401  (JSON)
        """Give what was learned, None where nothing was or it is too old."""
        return (await self.several((name,), now)).get(name)

    async def several(self, names: Collection[Fact], now: float) -> dict[Fact, Any]:
        """Give what was learned of some things; what was not, or is too old, is left out."""
        asked = select(facts).where(facts.c.name.in_(names))
        async with self.database.read() as connection:
            rows = (await connection.execute(asked)).all()
        return {Fact(row.name): json.loads(row.value) for row in rows if row.until is None or row.until >= now}

    async def keep(self, name: Fact, value: Any, until: float | None = None) -> None:  # noqa: ANN401  (JSON)
        """Keep what was learned, until then."""
        changed = {"value": json.dumps(value), "until": until}
        statement = self.database.insert(facts).values(name=name, **changed)
        async with self.database.write() as connection:
            await connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changed))

    async def forget(self, name: Fact) -> None:
        """Forget it."""
        async with self.database.write() as connection:
            await connection.execute(delete(facts).where(facts.c.name == name))
