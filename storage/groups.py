"""What a group has set: who may start checks there, where results go, and whether files are taken unasked."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, exists, select

from storage.database import Database
from storage.team_schema import group_settings, spenders


class WhoSpends(StrEnum):
    """Who may start checks in a group?"""

    EVERYONE = "everyone"
    NAMED = "named"
    """Admins, and the members they have named."""
    ADMINS = "admins"


class ResultsTo(StrEnum):
    """Where does the file of a result go?"""

    GROUP = "group"
    STARTER = "starter"
    """To the private chat of who started the check; the group gets the counts."""


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """What a group has set, or what holds where it has set nothing."""

    who_spends: WhoSpends = WhoSpends.EVERYONE
    results_to: ResultsTo = ResultsTo.GROUP
    takes_files: bool = False
    """A ``.txt`` file is meant for the bot there, whatever it says."""


@dataclass(frozen=True, slots=True)
class Spender:
    """A member whom the admins have named."""

    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Groups:
    """Questions about groups."""

    database: Database

    async def settings(self, chat_id: int) -> GroupSettings:
        """Give what this chat has set. A private chat has the settings of a group that has set nothing."""
        statement = select(group_settings).where(group_settings.c.chat_id == chat_id)
        async with self.database.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            return GroupSettings()
        return GroupSettings(WhoSpends(row.who_spends), ResultsTo(row.results_to), row.takes_files)

    async def set_who_spends(self, chat_id: int, who: WhoSpends) -> None:
        """Keep who may start checks in the group."""
        await self._set(chat_id, who_spends=who)

    async def set_results_to(self, chat_id: int, results_to: ResultsTo) -> None:
        """Keep where the group's results go."""
        await self._set(chat_id, results_to=results_to)

    async def set_takes_files(self, chat_id: int, *, takes: bool) -> None:
        """Keep whether files are taken unasked."""
        await self._set(chat_id, takes_files=takes)

    async def spenders(self, chat_id: int) -> tuple[Spender, ...]:
        """Give the members whom the group's admins have named, by their names."""
        mine = select(spenders).where(spenders.c.chat_id == chat_id)
        async with self.database.read() as connection:
            rows = (await connection.execute(mine.order_by(spenders.c.name, spenders.c.person_id))).all()
        return tuple(Spender(row.person_id, row.name) for row in rows)

    async def is_spender(self, chat_id: int, person_id: int) -> bool:
        """Say whether the group's admins have named this member."""
        named = exists().where(spenders.c.chat_id == chat_id, spenders.c.person_id == person_id)
        async with self.database.read() as connection:
            return bool(await connection.scalar(select(named)))

    async def allow(self, chat_id: int, person_id: int, name: str) -> None:
        """Name a member who may start checks. Twice the same keeps the newer name."""
        statement = self.database.insert(spenders).values(chat_id=chat_id, person_id=person_id, name=name)
        async with self.database.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["chat_id", "person_id"], set_={"name": name})
            )

    async def disallow(self, chat_id: int, person_id: int) -> bool:
        """Take a named member's name off the list; False where it is not on it."""
        named = spenders.c.chat_id == chat_id, spenders.c.person_id == person_id
        async with self.database.write() as connection:
            return (await connection.execute(delete(spenders).where(*named))).rowcount > 0

    async def _set(self, chat_id: int, **values: Any) -> None:  # noqa: ANN401  (SQL)
        statement = self.database.insert(group_settings).values(chat_id=chat_id, **values)
        async with self.database.write() as connection:
            await connection.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=values))
