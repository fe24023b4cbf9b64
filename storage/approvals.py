"""Lists so large that an admin has to say yes too: who asked, which admins were asked, and who decided.

The job stays ``confirming`` meanwhile, and nothing is reserved for it: the quota is looked at when somebody asks, so
that admins are not asked in vain, and again when one says yes.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.approvals import Approval, Decision
from bot.job import Job, JobState
from bot.quotas import NO_QUOTAS, Quotas
from storage.database import Database
from storage.moves import queue, unchanged
from storage.quotas import reserve
from storage.schema import jobs
from storage.team_schema import approval_cards, approvals

IS_OPEN = approvals.c.decision.is_(None)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants a list checked."""

    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Approvals:
    """Questions about approvals. ``of_token`` is of all chats: it is for the bot's admins only."""

    database: Database
    quotas: Quotas = NO_QUOTAS

    async def ask(
        self, job: Job, revision: int, asker: Asker, now: float, *, only_new: bool = False
    ) -> tuple[Approval, bool] | None:
        """Ask the admins about a list as it was shown; None where it has changed since, or waits for no press.

        What is asked is whether all of it may be checked, or only the new numbers: one question at a time.

        Give the question, and whether somebody is (still, or once more) to be asked because of this.

        Raises:
            QuotaReachedError: The list does not fit into what is left of a quota.
        """
        async with self.database.write() as connection:
            fitting = await _fitting(connection, job.id, revision)
            if fitting is None:
                return None
            mine = (approvals.c.job_id == job.id, IS_OPEN)
            known = _approval(await _one(connection, *mine))
            if known is not None and known.revision == revision and known.only_new == only_new:
                again = await _forget_unreached(connection, approval_cards.c.approval_id == known.id)
                await _make_due(connection, now, jobs.c.id == job.id)
                return known, again
            await reserve(
                connection,
                self.quotas,
                wanted=fitting.new if only_new else fitting.valid,
                chat_id=fitting.chat_id,
                person_id=asker.person_id,
                now=now,
            )
            ended = update(approvals).where(*mine).values(decision=Decision.CHANGED, decided_at=now)
            await connection.execute(ended)
            row = {
                "token": secrets.token_urlsafe(12),
                "job_id": job.id,
                "revision": revision,
                "numbers": fitting.new if only_new else fitting.valid,
                "only_new": only_new,
                "asked_by": asker.person_id,
                "asked_by_name": asker.name,
                "asked_at": now,
            }
            made = (await connection.execute(insert(approvals).values(row).returning(*approvals.c))).mappings().one()
            await _make_due(connection, now, jobs.c.id == job.id, adding_until=None, adding_by=None)
            approval = _approval(made)
            return None if approval is None else (approval, True)

    async def approve(
        self, job_id: int, revision: int, admin: Asker, now: float, *, only_new: bool = False
    ) -> Job | None:
        """An admin says yes to what is asked about this list: it is queued for who asked (edge c), once.

        None where nobody asks just this about this revision (any more), or the list waits for no press.

        Raises:
            QuotaReachedError: The list does not fit into what is left of a quota of who asked.
        """
        this = (approvals.c.job_id == job_id, approvals.c.revision == revision)
        asked = (*this, approvals.c.only_new.is_(only_new), IS_OPEN)
        async with self.database.write() as connection:
            fitting = await _fitting(connection, job_id, revision)
            approval = _approval(await _one(connection, *asked))
            if fitting is None or approval is None:
                return None
            queued = await queue(connection, self.quotas, job_id, revision, approval.asked_by, now, only_new=only_new)
            if queued is not None:
                await _decide(connection, approval, Decision.APPROVED, now, by=admin)
            return queued

    async def decline(self, approval: Approval, admin: Asker, now: float) -> bool:
        """An admin says no: the preview waits for a press as before. False where it was decided, or is over."""
        async with self.database.write() as connection:
            if await _fitting(connection, approval.job_id, approval.revision) is None:
                return False
            declined = await _decide(connection, approval, Decision.DECLINED, now, by=admin)
            if declined:
                await _make_due(connection, now, jobs.c.id == approval.job_id)
            return declined

    async def end(self, approval: Approval, decision: Decision, now: float) -> bool:
        """End a question that nobody has to answer any more."""
        async with self.database.write() as connection:
            return await _decide(connection, approval, decision, now)

    async def of_token(self, token: str) -> Approval | None:
        """Give the question whose buttons carry this token."""
        async with self.database.read() as connection:
            return _approval(await _one(connection, approvals.c.token == token))

    async def latest(self, job_id: int) -> Approval | None:
        """Give the last question about a job."""
        async with self.database.read() as connection:
            return _approval(await _one(connection, approvals.c.job_id == job_id))

    async def unsettled(self, job_id: int) -> tuple[Approval, ...]:
        """Give the questions about a job that somebody has to be asked, or told the end of; oldest first."""
        which = (approvals.c.job_id == job_id, _unsettled())
        async with self.database.read() as connection:
            rows = await connection.execute(select(approvals).where(*which).order_by(approvals.c.id))
            return tuple(one for one in map(_approval, rows.mappings()) if one is not None)

    async def any_unsettled(self) -> bool:
        """Say whether there is such a question about any job."""
        async with self.database.read() as connection:
            return bool(await connection.scalar(select(exists().where(_unsettled()))))

    async def cards(self, approval: Approval) -> dict[int, int | None]:
        """Give the messages by which admins were asked, by admin; None where an admin cannot be reached."""
        asked = select(approval_cards).where(approval_cards.c.approval_id == approval.id)
        async with self.database.read() as connection:
            return {row.admin_id: row.message_id for row in await connection.execute(asked)}

    async def note_card(self, approval: Approval, admin_id: int, message_id: int | None) -> None:
        """Remember by which message an admin was asked, or that they cannot be reached."""
        said = {"message_id": message_id}
        row = {"approval_id": approval.id, "admin_id": admin_id} | said
        statement = self.database.insert(approval_cards).values(row)
        async with self.database.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["approval_id", "admin_id"], set_=said)
            )

    async def drop_card(self, approval: Approval, admin_id: int) -> None:
        """Note that nothing is left to be said to this admin."""
        mine = approval_cards.c.approval_id == approval.id, approval_cards.c.admin_id == admin_id
        async with self.database.write() as connection:
            await connection.execute(delete(approval_cards).where(*mine))

    async def note_told(self, approval: Approval, now: float) -> None:
        """Remember that the chat of the list has heard the no."""
        async with self.database.write() as connection:
            await connection.execute(update(approvals).where(approvals.c.id == approval.id).values(told_at=now))

    async def reachable(self, admin_id: int, now: float) -> bool:
        """Let an admin who opens a private chat be asked what waits for an answer; say whether anything does."""
        asked = select(approvals.c.id).where(IS_OPEN)
        waiting = select(approvals.c.job_id).where(IS_OPEN)
        async with self.database.write() as connection:
            unreached = approval_cards.c.approval_id.in_(asked), approval_cards.c.admin_id == admin_id
            if not await _forget_unreached(connection, *unreached):
                return False
            await _make_due(connection, now, jobs.c.id.in_(waiting))
            return True


def _unsettled() -> ColumnElement[bool]:
    card = exists().where(approval_cards.c.approval_id == approvals.c.id)
    untold = and_(approvals.c.decision == Decision.DECLINED, approvals.c.told_at.is_(None))
    return or_(IS_OPEN, card, untold)


async def _one(connection: AsyncConnection, *conditions: ColumnElement[bool]) -> Any:  # noqa: ANN401  (a row)
    statement = select(approvals).where(*conditions).order_by(approvals.c.id.desc()).limit(1)
    return (await connection.execute(statement)).mappings().one_or_none()


def _approval(row: Any) -> Approval | None:  # noqa: ANN401  (a row)
    if row is None:
        return None
    values = {name: row[name] for name in Approval.__slots__}
    return Approval(**(values | {"decision": Decision(row["decision"]) if row["decision"] else None}))


async def _fitting(connection: AsyncConnection, job_id: int, revision: int) -> Any:  # noqa: ANN401  (a row)
    """Give chat and sizes of a list that waits for its press and has not changed since; nobody moves it meanwhile."""
    waiting = (jobs.c.id == job_id, jobs.c.state == JobState.CONFIRMING, *unchanged(revision))
    held = select(jobs.c.chat_id, jobs.c.valid, (jobs.c.valid - jobs.c.known).label("new"))
    held = held.where(*waiting).with_for_update()
    return (await connection.execute(held)).one_or_none()


async def _decide(
    connection: AsyncConnection, approval: Approval, decision: Decision, now: float, *, by: Asker | None = None
) -> bool:
    """End a question that is open still."""
    who = {} if by is None else {"decided_by": by.person_id, "decided_by_name": by.name}
    ended = update(approvals).where(approvals.c.id == approval.id, IS_OPEN)
    changed = await connection.execute(ended.values(decision=decision, decided_at=now, **who))
    return changed.rowcount == 1


async def _forget_unreached(connection: AsyncConnection, *which: ColumnElement[bool]) -> bool:
    """Let admins be asked who could not be; say whether there are any."""
    unreached = delete(approval_cards).where(*which, approval_cards.c.message_id.is_(None))
    return (await connection.execute(unreached)).rowcount > 0


async def _make_due(connection: AsyncConnection, now: float, which: ColumnElement[bool], **values: Any) -> None:  # noqa: ANN401  (SQL)
    """Let the worker talk: to the admins, and by the preview."""
    asked = update(jobs).where(which, jobs.c.state == JobState.CONFIRMING)
    await connection.execute(asked.values(due_at=now, lease=None, **values))
