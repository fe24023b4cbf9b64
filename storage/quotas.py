"""What is used of the quotas: nothing is counted on the side, so nothing can go adrift.

Spent is what the attempts say: one under way, accepted, or of unknown outcome counts; one that surely was not charged
does not. Reserved are the numbers of queued jobs: they count on whatever day it is, so a list that goes out after
midnight has its place in the new day. A submit turns the one into the other within its own transaction.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quotas import Quota, Quotas, Reached, Scope, Used, began, ends
from storage.database import Database, alone
from storage.schema import attempts, jobs

QUEUED = jobs.c.state == literal_column("'queued'")
"""Written out, since an index of some rows only is not used for a value that is filled in later (ix_jobs_queued)."""


class QuotaReachedError(Exception):
    """The list does not fit into what is left of a quota; nothing was moved."""

    def __init__(self, reached: Reached) -> None:
        super().__init__()
        self.reached = reached


def is_spent() -> ColumnElement[bool]:
    """Choose the attempts that were charged or may have been."""
    return or_(attempts.c.outcome.is_(None), attempts.c.outcome.in_(("accepted", "unknown")))


@dataclass(frozen=True, slots=True)
class UsedQuotas:
    """Questions about what is used."""

    database: Database

    async def of(self, quota: Quota, *, chat_id: int, person_id: int, now: float) -> Used:
        """Give what is used of a quota."""
        async with self.database.read() as connection:
            return await _used(connection, quota, chat_id, person_id, now)


async def reserve(
    connection: AsyncConnection, quotas: Quotas, *, wanted: int, chat_id: int, person_id: int, now: float
) -> None:
    """See that a list fits, before it is queued in the same transaction.

    Args:
        connection: The transaction. Until it ends nobody else gets past here, so two presses at once are one after
            the other.
        quotas: What must not be exceeded.
        wanted: How many numbers the API is to be asked about.
        chat_id: Where it belongs.
        person_id: Who pressed.
        now: The time.

    Raises:
        QuotaReachedError: It does not fit.
    """
    wanting = list(quotas)
    if wanting:
        await alone(connection, "quotas")
    reached = []
    for quota in wanting:
        used = await _used(connection, quota, chat_id, person_id, now)
        if used.numbers + wanted > quota.numbers:
            reached.append(Reached(quota, used, wanted, ends(quota.span, now)))
    if reached:
        # Of several the one that is hardest to get past: what never fits, then a month, then the one with least left.
        raise QuotaReachedError(
            max(reached, key=lambda one: (one.wanted > one.quota.numbers, one.frees_at, -one.left)),
        )


async def _used(connection: AsyncConnection, quota: Quota, chat_id: int, person_id: int, now: float) -> Used:
    since = attempts.c.begun_at >= began(quota.span, now)
    spent = select(func.coalesce(func.sum(attempts.c.numbers), 0)).where(since, is_spent())
    reserved = select(func.coalesce(func.sum(jobs.c.to_check), 0)).where(QUEUED)
    if quota.scope is Scope.CHAT:
        # + 0: by the attempts of the time, not by all jobs that the chat has ever had.
        spent = spent.join_from(attempts, jobs).where(jobs.c.chat_id + 0 == chat_id)
        reserved = reserved.where(jobs.c.chat_id == chat_id)
    if quota.scope is Scope.PERSON:
        spent = spent.where(attempts.c.asked_by == person_id)
        reserved = reserved.where(jobs.c.asked_by == person_id)
    # One statement sees one state of the database: a job that is submitted meanwhile is in one of the two sums.
    both = select(spent.scalar_subquery().label("spent"), reserved.scalar_subquery().label("reserved"))
    found = (await connection.execute(both)).one()
    return Used(int(found.spent), int(found.reserved))
