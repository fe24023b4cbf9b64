"""What is still to be said of requests: cards to the admins, the decision to who asked, and files that wait for it."""

from dataclasses import dataclass, fields

from sqlalchemy import delete, exists, func, or_, select, update

from storage.access_requests import Decision, KeptList, Request, change, decide, is_open, requests_where
from storage.database import Database
from storage.team_schema import access_cards, access_requests, kept_lists


@dataclass(frozen=True, slots=True)
class AccessCards:
    """Questions about what is to be said. All are of all chats: for the worker only."""

    database: Database

    async def to_show(self) -> tuple[Request, ...]:
        """Give the requests that the admins have not been shown, and should be, oldest first."""
        own = access_requests.c.decided_by == access_requests.c.person_id
        new = access_requests.c.carded_at.is_(None), access_requests.c.held_at.is_(None)
        return await requests_where(self.database, or_(is_open, own), *new)

    async def shown_since(self, since: float) -> int:
        """Count the requests that the admins were shown since then."""
        statement = select(func.count()).select_from(access_requests).where(access_requests.c.carded_at >= since)
        async with self.database.read() as connection:
            return (await connection.execute(statement)).scalar_one()

    async def hold(self, now: float) -> None:
        """Let all that no admin has been shown stand in their list only."""
        shown = exists().where(access_cards.c.request_id == access_requests.c.id)
        new = access_requests.c.carded_at.is_(None), access_requests.c.held_at.is_(None), ~shown
        async with self.database.write() as connection:
            await connection.execute(update(access_requests).where(*new).values(held_at=now))

    async def note_shown(self, request_id: int, members: int | None, now: float) -> None:
        """Remember that the admins were asked, and how many were in the group then."""
        async with self.database.write() as connection:
            await change(connection, request_id, carded_at=now, members=members)

    async def note_card(self, request_id: int, admin_id: int, message_id: int | None) -> None:
        """Remember by which message this admin was asked; None where they cannot be reached."""
        card = {"request_id": request_id, "admin_id": admin_id, "message_id": message_id}
        statement = self.database.insert(access_cards).values(card)
        async with self.database.write() as connection:
            await connection.execute(statement.on_conflict_do_nothing())

    async def cards(self, request_id: int) -> dict[int, int | None]:
        """Give by which message each admin was asked."""
        statement = select(access_cards).where(access_cards.c.request_id == request_id)
        async with self.database.read() as connection:
            return {row.admin_id: row.message_id for row in await connection.execute(statement)}

    async def drop_card(self, request_id: int, admin_id: int) -> None:
        """Forget a card that says how it ended."""
        mine = access_cards.c.request_id == request_id, access_cards.c.admin_id == admin_id
        async with self.database.write() as connection:
            await connection.execute(delete(access_cards).where(*mine))

    async def can_be_reached(self, admin_id: int) -> bool:
        """An admin who could not be reached writes to us; say whether what they were not asked is still open."""
        missed = access_cards.c.admin_id == admin_id, access_cards.c.message_id.is_(None)
        async with self.database.read() as connection:
            if not await connection.scalar(select(exists().where(*missed))):
                return False
        async with self.database.write() as connection:
            dropped = await connection.execute(delete(access_cards).where(*missed).returning(access_cards.c.request_id))
            ids = [*dropped.scalars()]
            waiting = select(exists().where(access_requests.c.id.in_(ids), is_open))
            return bool(await connection.scalar(waiting))

    async def unfinished(self) -> tuple[Request, ...]:
        """Give decided requests of which somebody has not heard, or whose files wait to be read, oldest first."""
        mine = access_cards.c.request_id == access_requests.c.id, access_cards.c.message_id.is_not(None)
        file = exists().where(kept_lists.c.request_id == access_requests.c.id)
        waits = or_(access_requests.c.told_at.is_(None), exists().where(*mine), file)
        return await requests_where(self.database, ~is_open, waits)

    async def note_told(self, request_id: int, now: float) -> None:
        """Remember that whoever asked has heard of the decision."""
        async with self.database.write() as connection:
            await change(connection, request_id, told_at=now)

    async def to_leave(self, now: float) -> tuple[Request, ...]:
        """Give the open requests whose group is to be left by now."""
        return await requests_where(self.database, is_open, access_requests.c.leave_at <= now)

    async def next_leave(self) -> float | None:
        """Give the time at which the next group is to be left."""
        statement = select(func.min(access_requests.c.leave_at)).where(is_open)
        async with self.database.read() as connection:
            earliest: float | None = await connection.scalar(statement)
        return earliest

    async def is_over(self, request: Request, now: float) -> None:
        """Nobody has answered in time; who asked is to be told."""
        async with self.database.write() as connection:
            await decide(connection, access_requests.c.id == request.id, Decision.LEFT, None, now)

    async def leave_later(self, request: Request, leave_at: float | None) -> None:
        """Put off leaving the group; None stays in it."""
        async with self.database.write() as connection:
            await change(connection, request.id, leave_at=leave_at)

    async def kept(self, request_id: int) -> tuple[KeptList, ...]:
        """Give the files that came with a request, oldest first."""
        names = [kept_lists.c[one.name] for one in fields(KeptList)]
        statement = select(*names).where(kept_lists.c.request_id == request_id).order_by(kept_lists.c.id)
        async with self.database.read() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return tuple(KeptList(**row) for row in rows)

    async def drop_kept(self, kept: KeptList) -> None:
        """Forget a file that has become a job."""
        mine = kept_lists.c.chat_id == kept.chat_id, kept_lists.c.message_id == kept.message_id
        async with self.database.write() as connection:
            await connection.execute(delete(kept_lists).where(*mine))
