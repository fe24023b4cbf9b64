"""Questions to the admins whether somebody is let in: asked once, decided once."""

import secrets
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.job import STAND_INS
from storage.access import AccessState, Entry, keep, state_of
from storage.database import Database
from storage.team_schema import access_requests, kept_lists

MOST_KEPT = 20
"""So many files are kept for one request."""
AGAIN_SECONDS = 3600.0
"""A request that the admins were not shown may come before them when its asker writes again, so much later."""
MOST_A_DAY = 3
"""So often in a day the admins are asked about one chat, or at the word of one person."""
DAY = 86_400.0
AT_ONCE = 50

is_open = access_requests.c.decision.is_(None)


class Decision(StrEnum):
    """How did a request end?"""

    APPROVED = "approved"
    DENIED = "denied"
    BLOCKED = "blocked"
    LEFT = "left"
    """Nobody answered, or the group has put us out meanwhile."""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """Who asks, and for which chat."""

    chat_id: int
    chat_title: str | None
    """None for a private chat."""
    person_id: int
    person_name: str
    username: str | None
    language: str
    leave_at: float | None = None
    """When the group that we were added to is left if nobody answers."""


@dataclass(frozen=True, slots=True)
class Request(NewRequest):
    """A row of ``access_requests``."""

    id: int = 0
    token: str = ""
    members: int | None = None
    asked_at: float = 0.0
    answered_at: float | None = None
    """When the asker was last told that an admin was asked."""
    carded_at: float | None = None
    """When the admins were asked."""
    held_at: float | None = None
    """Since when it is in the admins' list only, because too many ask."""
    decision: Decision | None = None
    decided_by: int | None = None
    decided_by_name: str | None = None
    decided_at: float | None = None
    told_at: float | None = None
    """When whoever asked heard of the decision."""

    @property
    def is_group(self) -> bool:
        """Say whether a group is to be let in, rather than a person."""
        return self.chat_id < 0

    @property
    def name(self) -> str:
        """Give the name of who is to be let in."""
        return (self.chat_title or "") if self.is_group else self.person_name

    @property
    def is_their_own(self) -> bool:
        """Say whether the asker, who may use the bot, has let the group in: the admins are told, not asked."""
        return self.decided_by is not None and self.decided_by == self.person_id


@dataclass(frozen=True, slots=True)
class KeptList:
    """A file that came with a request. Nobody has looked into it."""

    chat_id: int
    message_id: int
    thread_id: int | None
    person_id: int
    person_name: str
    language: str
    name: str
    file_id: str
    file_size: int | None
    sent_at: float


@dataclass(frozen=True, slots=True)
class AccessRequests:
    """Questions about requests. Those of all chats are for the bot's admins only."""

    database: Database

    async def ask(self, new: NewRequest, kept: KeptList | None, now: float) -> Request | None:
        """Ask the admins about a chat, unless they are being asked already; keep the file that came with it.

        None where they have decided about that chat meanwhile.
        """
        async with self.database.write() as connection:
            state = await state_of(connection, new.chat_id)
            if state is not None and not (state is AccessState.DENIED and new.leave_at is not None):
                return None  # a group that was kept out is asked about again only where somebody adds us to it again
            request = await _open(connection, new.chat_id)
            if request is None:
                request = await self._new(connection, new, now) or await _open(connection, new.chat_id)
            elif request.held_at is not None and request.held_at <= now - AGAIN_SECONDS:
                await change(connection, request.id, held_at=await _held_at(connection, new, now))
            if kept is not None and request is not None:
                await self._keep(connection, request.id, kept)
            return request

    async def edit_kept(self, chat_id: int, message_id: int, file_id: str, name: str, file_size: int | None) -> None:
        """Keep the file that an edited message has now, where its first one is kept."""
        mine = kept_lists.c.chat_id == chat_id, kept_lists.c.message_id == message_id
        async with self.database.write() as connection:
            await connection.execute(
                update(kept_lists).where(*mine).values(file_id=file_id, name=name, file_size=file_size)
            )

    async def note_answered(self, request_id: int, now: float) -> None:
        """Remember that the asker was told."""
        async with self.database.write() as connection:
            await change(connection, request_id, answered_at=now)

    async def decide(
        self, token: str, decision: Decision, by: tuple[int, str], now: float
    ) -> tuple[Request, bool] | None:
        """Answer a request; only the first answer counts.

        Give the request as it is then, and whether this was the answer. None where there is no such request.
        """
        mine = access_requests.c.token == token
        async with self.database.write() as connection:
            decided = await decide(connection, mine, decision, by, now)
            if decided is None:
                row = (await connection.execute(select(access_requests).where(mine))).mappings().one_or_none()
                return None if row is None else (request_of(row), False)
            state = AccessState(decision.value)
            await keep(self.database, connection, Entry(decided.chat_id, decided.name, state, by[0], now))
            return decided, True

    async def admit(self, new: NewRequest, now: float, *, tell: bool) -> None:
        """Let a group in at the word of whoever has added us to it; what was asked about it is answered by that.

        Args:
            new: The group, and who has added us.
            now: The time.
            tell: Whether the admins are to hear of it.
        """
        by = (new.person_id, new.person_name)
        async with self.database.write() as connection:
            known = await state_of(connection, new.chat_id)
            await keep(
                self.database,
                connection,
                Entry(new.chat_id, new.chat_title or "", AccessState.APPROVED, new.person_id, now),
            )
            here = access_requests.c.chat_id == new.chat_id
            decided = await decide(connection, here, Decision.APPROVED, by, now, told_at=now)
            if tell and decided is None and known is not AccessState.APPROVED:
                held_at = await _held_at(connection, new, now)
                await self._new(connection, new, now, held_at=held_at, told_at=now, **_approved(by, now))

    async def let_in_again(self, entry: Entry, language: str, by: tuple[int, str], now: float) -> bool:
        """Let in who was kept out, and have them told; False where they are not kept out any more."""
        async with self.database.write() as connection:
            if await state_of(connection, entry.id) in {None, AccessState.APPROVED}:
                return False
            await keep(self.database, connection, Entry(entry.id, entry.name, AccessState.APPROVED, by[0], now))
            asked = await decide(connection, access_requests.c.chat_id == entry.id, Decision.APPROVED, by, now)
            if asked is None:
                title, name = (entry.name, "") if entry.id < 0 else (None, entry.name)
                new = NewRequest(entry.id, title, entry.id, name, None, language)
                await self._new(connection, new, now, held_at=None, carded_at=now, **_approved(by, now))
            return True

    async def no_longer_there(self, chat_id: int, now: float) -> None:
        """We are not in the group any more: nothing is to be decided about it, and nobody there can be told."""
        here = access_requests.c.chat_id == chat_id
        async with self.database.write() as connection:
            await decide(connection, here, Decision.LEFT, None, now, told_at=now)
            untold = update(access_requests).where(here, ~is_open, access_requests.c.told_at.is_(None))
            await connection.execute(untold.values(told_at=now))

    async def get(self, token: str) -> Request | None:
        """Give the request whose buttons carry this token."""
        return next(iter(await requests_where(self.database, access_requests.c.token == token)), None)

    async def open_ones(self, *, skip: int, most: int) -> tuple[Request, ...]:
        """Give the requests of all chats that nobody has answered, oldest first."""
        return await requests_where(self.database, is_open, skip=skip, most=most)

    async def count_open(self) -> int:
        """Count the requests of all chats that nobody has answered."""
        statement = select(func.count()).select_from(access_requests).where(is_open)
        async with self.database.read() as connection:
            return (await connection.execute(statement)).scalar_one()

    async def purge(self, before: float) -> int:
        """Forget requests, with all that came with them, that were asked before then and wait for nothing."""
        over = or_(access_requests.c.told_at.is_not(None), and_(is_open, access_requests.c.leave_at.is_(None)))
        async with self.database.write() as connection:
            statement = delete(access_requests).where(access_requests.c.asked_at < before, over)
            return (await connection.execute(statement)).rowcount

    async def _new(self, connection: AsyncConnection, new: NewRequest, now: float, **more: Any) -> Request | None:  # noqa: ANN401  (SQL)
        """Write a request down; None where another one of this chat was quicker."""
        row = {one.name: getattr(new, one.name) for one in fields(NewRequest)}
        held = more if "held_at" in more else {"held_at": await _held_at(connection, new, now)}
        statement = self.database.insert(access_requests).values(
            token=secrets.token_urlsafe(12), asked_at=now, **row, **(more | held)
        )
        mine = statement.on_conflict_do_nothing(index_elements=["chat_id"], index_where=is_open)
        told = (await connection.execute(mine.returning(*access_requests.c))).mappings().one_or_none()
        return None if told is None else request_of(told)

    async def _keep(self, connection: AsyncConnection, request_id: int, kept: KeptList) -> None:
        mine = select(func.count()).select_from(kept_lists).where(kept_lists.c.request_id == request_id)
        if (await connection.execute(mine)).scalar_one() >= MOST_KEPT:
            return
        row = {one.name: getattr(kept, one.name) for one in fields(KeptList)}
        statement = self.database.insert(kept_lists).values(request_id=request_id, **row)
        await connection.execute(statement.on_conflict_do_nothing(index_elements=["chat_id", "message_id"]))


async def requests_where(
    database: Database, *conditions: ColumnElement[bool], skip: int = 0, most: int = AT_ONCE
) -> tuple[Request, ...]:
    """Give the requests that meet the conditions, oldest first."""
    statement = select(access_requests).where(*conditions).order_by(access_requests.c.id).offset(skip).limit(most)
    async with database.read() as connection:
        return tuple(map(request_of, (await connection.execute(statement)).mappings().all()))


async def change(connection: AsyncConnection, request_id: int, **values: Any) -> None:  # noqa: ANN401  (SQL)
    """Change one request."""
    await connection.execute(update(access_requests).where(access_requests.c.id == request_id).values(**values))


async def decide(
    connection: AsyncConnection,
    which: ColumnElement[bool],
    decision: Decision,
    by: tuple[int, str] | None,
    now: float,
    **more: Any,  # noqa: ANN401  (SQL)
) -> Request | None:
    """Answer the one open request that is meant; where the answer is no, the files that came with it are forgotten."""
    person_id, name = by or (None, None)
    said = {"decision": decision, "decided_by": person_id, "decided_by_name": name, "decided_at": now, "leave_at": None}
    statement = update(access_requests).where(which, is_open).values(**said, **more).returning(*access_requests.c)
    row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        return None
    if decision is not Decision.APPROVED:
        await connection.execute(delete(kept_lists).where(kept_lists.c.request_id == row["id"]))
    return request_of(row)


async def move_requests(connection: AsyncConnection, old: int, new: int, now: float) -> None:
    """Let what is asked about a group that became a supergroup be asked about its new id.

    Files that wait stay messages of the old group, and with a negative number nothing replies to them: a supergroup
    numbers its messages anew. Part of the one transaction that moves a group, after what was said of the group.
    """
    here, there = access_requests.c.chat_id == old, access_requests.c.chat_id == new
    waiting = kept_lists.c.chat_id == old, kept_lists.c.message_id > 0
    await connection.execute(update(kept_lists).where(*waiting).values(message_id=-kept_lists.c.message_id))
    if await connection.scalar(select(exists().where(there, is_open))):
        await decide(connection, here, Decision.LEFT, None, now, told_at=now)
    await connection.execute(update(access_requests).where(here).values(chat_id=new))
    if await state_of(connection, new) is AccessState.APPROVED:
        # We were taken for added to an unknown group before its new id was known.
        await decide(connection, there, Decision.APPROVED, (0, ""), now, told_at=now)


def request_of(row: RowMapping) -> Request:
    """Turn a row into a request."""
    values: dict[str, Any] = {one.name: row[one.name] for one in fields(Request)}
    values["decision"] = None if row["decision"] is None else Decision(row["decision"])
    return Request(**values)


async def _open(connection: AsyncConnection, chat_id: int) -> Request | None:
    statement = select(access_requests).where(access_requests.c.chat_id == chat_id, is_open)
    row = (await connection.execute(statement)).mappings().one_or_none()
    return None if row is None else request_of(row)


async def _held_at(connection: AsyncConnection, new: NewRequest, now: float) -> float | None:
    """Give since when it is in the admins' list only: they were asked often about this chat, or by this person."""
    same = access_requests.c.chat_id == new.chat_id
    if new.person_id not in STAND_INS:
        same = or_(same, access_requests.c.person_id == new.person_id)
    statement = select(func.count()).select_from(access_requests).where(same, access_requests.c.carded_at > now - DAY)
    return now if (await connection.execute(statement)).scalar_one() >= MOST_A_DAY else None


def _approved(by: tuple[int, str], now: float) -> dict[str, Any]:
    return {"decision": Decision.APPROVED, "decided_by": by[0], "decided_by_name": by[1], "decided_at": now}
