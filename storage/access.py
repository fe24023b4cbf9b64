"""Who is let in: people and groups that an admin has approved or kept out, and who was seen in which group."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.team_schema import accesses, group_settings, members
from storage.together import together

SEEN_SECONDS = 3600.0
"""How exactly it is kept when somebody was last seen in a group."""
GROUPS_ASKED = 20
"""So many groups at the most are asked whether a person is in one of them."""


class AccessState(StrEnum):
    """What has an admin said of this person or group?"""

    APPROVED = "approved"
    DENIED = "denied"
    BLOCKED = "blocked"


KEPT_OUT = (AccessState.DENIED, AccessState.BLOCKED)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person and of the chat they speak in."""

    person: AccessState | None
    chat: AccessState | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A person or a group that an admin has decided about."""

    id: int
    name: str
    state: AccessState
    decided_by: int
    decided_at: float


@dataclass(frozen=True, slots=True)
class Accesses:
    """Questions about who is let in."""

    database: Database

    async def known(self, person_id: int | None, chat_id: int | None) -> Known:
        """Give what was said of this person and of this chat. A private chat has the id of its person."""
        return await together(self.database, _known, (person_id, chat_id))

    async def let_in(self, access_id: int, name: str, by: int, now: float) -> None:
        """Approve a person or a group, whatever was said of it before."""
        async with self.database.write() as connection:
            await keep(self.database, connection, Entry(access_id, name, AccessState.APPROVED, by, now))

    async def revoke(self, access_id: int, by: int, now: float) -> Entry | None:
        """Keep out who was let in; None where they are not any more."""
        is_in = accesses.c.id == access_id, accesses.c.state == AccessState.APPROVED
        said = {"state": AccessState.DENIED, "decided_by": by, "decided_at": now}
        async with self.database.write() as connection:
            statement = update(accesses).where(*is_in).values(said).returning(*accesses.c)
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else _entry(row)

    async def kept_out(self, access_id: int) -> Entry | None:
        """Give what was said of a person or a group that is kept out; None where it is not."""
        statement = select(accesses).where(accesses.c.id == access_id, accesses.c.state.in_(KEPT_OUT))
        async with self.database.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else _entry(row)

    async def entries(self, *, skip: int, most: int) -> tuple[Entry, ...]:
        """Give everybody who was decided about: groups let in, people let in, then those kept out, the latest first.

        Of all chats: for the bot's admins only.
        """
        order = case((accesses.c.state == AccessState.APPROVED, 0), else_=1), case((accesses.c.id < 0, 0), else_=1)
        statement = select(accesses).order_by(*order, accesses.c.decided_at.desc(), accesses.c.id)
        async with self.database.read() as connection:
            rows = (await connection.execute(statement.offset(skip).limit(most))).all()
        return tuple(map(_entry, rows))

    async def counts(self) -> tuple[int, int, int]:
        """Count the groups that are let in, the people that are, and all who are kept out."""
        is_in = accesses.c.state == AccessState.APPROVED
        sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in _three_kinds(is_in)]
        async with self.database.read() as connection:
            groups, people, out = (await connection.execute(select(*sums))).one()
        return groups, people, out

    async def groups_of(self, person_id: int, allowed: Collection[int]) -> tuple[int, ...]:
        """Give the groups that are let in and may have this person: first those they were seen in.

        Args:
            person_id: Who it is about.
            allowed: The groups that the settings let in.
        """
        others = [one for one in allowed if one < 0]
        approved = select(accesses.c.id).where(accesses.c.id < 0, accesses.c.state == AccessState.APPROVED)
        seen = select(members.c.chat_id).where(members.c.person_id == person_id, _is_let_in(members.c.chat_id, others))
        async with self.database.read() as connection:
            first = (await connection.execute(seen.order_by(members.c.seen_at.desc()).limit(GROUPS_ASKED))).scalars()
            then = (
                await connection.execute(approved.order_by(accesses.c.decided_at.desc()).limit(GROUPS_ASKED))
            ).scalars()
            return tuple(dict.fromkeys([*first, *sorted(others), *then]))[:GROUPS_ASKED]

    async def was_seen(self, chat_id: int, person_id: int, now: float) -> bool:
        """Remember that this person speaks to us in this group; say whether that was worth a note."""
        mine = members.c.chat_id == chat_id, members.c.person_id == person_id
        async with self.database.read() as connection:
            last = await connection.scalar(select(members.c.seen_at).where(*mine))
        if last is not None and last > now - SEEN_SECONDS:
            return False
        statement = self.database.insert(members).values(chat_id=chat_id, person_id=person_id, seen_at=now)
        async with self.database.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["chat_id", "person_id"], set_={"seen_at": now})
            )
        return True

    async def is_gone(self, chat_id: int, person_id: int) -> None:
        """Forget that somebody who has left was ever seen in the group."""
        mine = members.c.chat_id == chat_id, members.c.person_id == person_id
        async with self.database.write() as connection:
            await connection.execute(delete(members).where(*mine))

    async def taking_files(self, allowed: Collection[int]) -> frozenset[int]:
        """Give the groups, of those let in, whose files are taken without being asked."""
        groups = select(group_settings.c.chat_id).where(
            group_settings.c.takes_files.is_(True), _is_let_in(group_settings.c.chat_id, allowed)
        )
        async with self.database.read() as connection:
            return frozenset((await connection.execute(groups)).scalars())

    async def purge(self, before: float) -> int:
        """Forget who was seen in a group before then; give how many."""
        async with self.database.write() as connection:
            return (await connection.execute(delete(members).where(members.c.seen_at < before))).rowcount


async def _known(database: Database, asked: Sequence[tuple[int | None, int | None]]) -> list[Known]:
    """Give what was said of these people in these chats. It is asked of each update."""
    ids = {one for pair in asked for one in pair if one is not None}
    statement = select(accesses.c.id, accesses.c.state).where(accesses.c.id.in_(ids))
    async with database.read() as connection:
        said: dict[int | None, AccessState] = {
            row.id: AccessState(row.state) for row in await connection.execute(statement)
        }
    return [Known(said.get(person_id), said.get(chat_id)) for person_id, chat_id in asked]


async def keep(database: Database, connection: AsyncConnection, entry: Entry) -> None:
    """Write down what was decided about somebody, in place of what was said before."""
    said = {"name": entry.name, "state": entry.state, "decided_by": entry.decided_by, "decided_at": entry.decided_at}
    statement = database.insert(accesses).values(id=entry.id, **said)
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=said))


async def state_of(connection: AsyncConnection, access_id: int) -> AccessState | None:
    """Give what was said of a person or a group."""
    state = await connection.scalar(select(accesses.c.state).where(accesses.c.id == access_id))
    return None if state is None else AccessState(state)


async def move_access(connection: AsyncConnection, old: int, new: int) -> None:
    """Let what was said of a group that became a supergroup be said of its new id, unless something is already.

    Who was seen in it goes over, too. Part of the one transaction that moves a group.
    """
    if await state_of(connection, new) is None:
        await connection.execute(update(accesses).where(accesses.c.id == old).values(id=new))
    await connection.execute(delete(accesses).where(accesses.c.id == old))
    there = select(members.c.person_id).where(members.c.chat_id == new)
    await connection.execute(
        update(members).where(members.c.chat_id == old, members.c.person_id.not_in(there)).values(chat_id=new)
    )
    await connection.execute(delete(members).where(members.c.chat_id == old))


def _is_let_in(chat_id: ColumnElement[int], allowed: Collection[int]) -> ColumnElement[bool]:
    approved = select(accesses.c.id).where(accesses.c.state == AccessState.APPROVED)
    return or_(chat_id.in_(allowed), chat_id.in_(approved))


def _three_kinds(is_in: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return is_in & (accesses.c.id < 0), is_in & (accesses.c.id > 0), ~is_in


def _entry(row: "Row[tuple[object, ...]]") -> Entry:
    return Entry(row.id, row.name, AccessState(row.state), row.decided_by, row.decided_at)
