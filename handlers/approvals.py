"""Presses that may spend: what the quotas say, whose list is so large that an admin has to say yes, and their yes.

Whoever presses on a large list asks the admins; they are asked in private, and the first of them to press decides.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery

from bot.approvals import Approval, Decision
from bot.cards import Action, Press
from bot.job import Job, JobState
from bot.quotas import Quotas, quota_reached
from bot.settings import Settings
from bot.texts import Texts
from handlers.answers import answer_press
from handlers.audience import Audience
from storage.approvals import Approvals, Asker
from storage.chats import Chats
from storage.jobs import Jobs
from storage.moves import Moves
from storage.quotas import QuotaReachedError
from storage.submits import Submits

MAY_SPEND = frozenset({JobState.CONFIRMING, JobState.UNSURE})
OURS = frozenset({Action.APPROVE, Action.NOT_NOW})


@dataclass(frozen=True, slots=True)
class Approver:
    """What becomes of a press that may spend. Each verb gives the answer that the person sees.

    Any of them may raise QuotaReachedError; then nothing was changed.
    """

    jobs: Jobs
    moves: Moves
    submits: Submits
    approvals: Approvals
    chats: Chats
    admin_ids: frozenset[int]
    above: int | None
    """A list of more numbers than this needs an admin's yes; None is never."""

    async def check(
        self, job: Job, revision: int, asker: Asker, title: str | None, now: float, *, only_new: bool = False
    ) -> str | None:
        """Queue a list as it was shown (edge c), or ask the admins; None where it has changed or waits for no press.

        Args:
            job: The job.
            revision: What of it was shown.
            asker: Who presses.
            title: What the group is called that they press in.
            now: The time.
            only_new: Only the numbers that the chat does not know yet are to be checked.
        """
        await self._note(job, asker, title)
        is_admin = asker.person_id in self.admin_ids
        if is_admin and await self.approvals.approve(job.id, revision, asker, now, only_new=only_new):
            return "press-approved"
        most = None if is_admin else self.above
        pressed = await self.moves.press(job, revision, asker.person_id, now, most=most, only_new=only_new)
        if pressed is not None:
            return "press-queued" if pressed.to_check else "press-known"
        if is_admin or not self._is_large(job.new if only_new else job.valid):
            return None
        asked = await self.approvals.ask(job, revision, asker, now, only_new=only_new)
        if asked is None:
            return None
        return "press-admin-asked" if asked[1] else "press-admin-asked-already"

    async def send_again(self, job: Job, attempts: int, asker: Asker, title: str | None, now: float) -> str | None:
        """Submit a list once more (edge o): a large one at an admin's word only. They all have the same question."""
        if self._is_large(job.to_check) and asker.person_id not in self.admin_ids:
            return "press-again-admins"
        await self._note(job, asker, title)
        sent = await self.submits.send_again(job, attempts, asker.person_id, now)
        return "press-sending-again" if sent else None

    async def approve(self, approval: Approval, admin: Asker, now: float) -> str:
        """Say yes (edge c)."""
        only_new = approval.only_new
        queued = await self.approvals.approve(approval.job_id, approval.revision, admin, now, only_new=only_new)
        return "press-approved" if queued else await self._why_not(approval)

    async def decline(self, approval: Approval, admin: Asker, now: float) -> str:
        """Say no: the preview waits as before."""
        declined = await self.approvals.decline(approval, admin, now)
        return "press-not-now" if declined else await self._why_not(approval)

    async def _why_not(self, approval: Approval) -> str:
        """Say why there is nothing to decide any more."""
        now, job = await self.approvals.of_token(approval.token), await self.jobs.get(approval.job_id)
        if now is None or job is None:
            return "press-stale"
        if now.decision in {Decision.APPROVED, Decision.DECLINED}:
            return "press-approval-decided"
        changed = now.decision is Decision.CHANGED or job.list_revision != approval.revision
        return "press-approval-changed" if changed else "press-approval-over"

    def _is_large(self, numbers: int) -> bool:
        return self.above is not None and numbers > self.above

    async def _note(self, job: Job, asker: Asker, title: str | None) -> None:
        """Remember the names for those who ask later what was spent by whom."""
        if job.state not in MAY_SPEND:
            return
        await self.chats.note_name(asker.person_id, asker.name)
        if title is not None:
            await self.chats.note_title(job.chat_id, title)


def quotas_of(settings: Settings) -> Quotas:
    """Give the quotas that the settings name."""
    return Quotas(
        person_day=settings.quota_person_day,
        person_month=settings.quota_person_month,
        chat_day=settings.quota_chat_day,
        chat_month=settings.quota_chat_month,
        day=settings.quota_day,
        month=settings.quota_month,
    )


def asker_of(query: CallbackQuery) -> Asker:
    """Give who presses."""
    return Asker(query.from_user.id, query.from_user.full_name)


def title_of(query: CallbackQuery, job: Job) -> str | None:
    """Give what the chat of the list is called, where it is pressed there."""
    chat = query.message.chat if query.message else None
    return chat.title if chat is not None and chat.id == job.chat_id else None


@dataclass(frozen=True, slots=True)
class ApprovalPress(Filter):
    """A press of a button that only admins have."""

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Hand over what was pressed."""
        press = Press.unpack(query.data)
        return {"press": press} if press is not None and press.action in OURS else False


def build_router() -> Router:
    """Stand before the other buttons."""
    router = Router(name="approvals")
    router.callback_query.register(on_press, ApprovalPress())
    return router


async def on_press(
    query: CallbackQuery,
    press: Press,
    texts: Texts,
    audience: Audience,
    approver: Approver,
    wake: Callable[[], None],
) -> None:
    """Decide about a large list."""
    approval = await approver.approvals.of_token(press.token)
    if approval is None or query.message is None:
        await answer_press(query, texts.plain("press-stale"))
        return
    if query.from_user.id not in audience.admin_ids or query.message.chat.id != query.from_user.id:
        await answer_press(query, texts.plain("press-admins-only"), alert=True)
        return
    decide = approver.approve if press.action is Action.APPROVE else approver.decline
    try:
        said = await decide(approval, asker_of(query), time.time())
    except QuotaReachedError as error:
        await answer_press(query, quota_reached(error.reached, texts), alert=True)
        return
    wake()
    await answer_press(query, texts.plain(said), alert=said not in {"press-approved", "press-not-now"})
