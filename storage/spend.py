"""What was spent in a month: every submit that was charged or may have been."""

from dataclasses import dataclass

from sqlalchemy import case, func, select

from bot.quotas import Span, ends
from bot.spend import Charge
from storage.database import Database
from storage.quotas import is_spent
from storage.schema import attempts, chats, jobs, people


@dataclass(frozen=True, slots=True)
class Spent:
    """Questions about what was spent. Without a chat they are of all chats: for the bot's admins only."""

    database: Database

    async def in_month(self, month: float, *, chat_id: int | None) -> tuple[Charge, ...]:
        """Give what was spent in the month (UTC) that began then, oldest first."""
        own_list = case((jobs.c.starter_id == attempts.c.asked_by, jobs.c.starter_name))
        statement = (
            select(
                jobs.c.chat_id,
                chats.c.title,
                attempts.c.asked_by,
                func.coalesce(people.c.name, own_list).label("name"),
                attempts.c.numbers,
                attempts.c.outcome,
                jobs.c.amount,
            )
            .join_from(attempts, jobs)
            .outerjoin(chats, chats.c.chat_id == jobs.c.chat_id)
            .outerjoin(people, people.c.person_id == attempts.c.asked_by)
            .where(attempts.c.begun_at >= month, attempts.c.begun_at < ends(Span.MONTH, month), is_spent())
            .order_by(attempts.c.begun_at)
        )
        if chat_id is not None:
            statement = statement.where(jobs.c.chat_id == chat_id)
        async with self.database.read() as connection:
            return tuple(
                Charge(
                    chat_id=row.chat_id,
                    title=row.title,
                    person_id=row.asked_by,
                    name=row.name,
                    numbers=row.numbers,
                    is_sure=row.outcome == "accepted",
                    amount=row.amount,
                )
                for row in await connection.execute(statement)
            )
