"""Asking the admins whether a large list may be checked, and telling everybody how that ended.

A handler stores the question or the answer and wakes the worker; here it is said, with the steps of the job. What finds
no way out now stays noted, so neither a restart nor a held back message leaves an admin with a button that lies.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.approvals import Approval, Decision, decided, not_now, question
from bot.cards import Card
from bot.job import Job, JobState
from bot.limits import Importance
from bot.messenger import (
    LaterError,
    MessageGoneError,
    Messenger,
    PerhapsSentError,
    Place,
    RefusedError,
    UnreachableChatError,
)
from bot.recent import Recent
from bot.showing import Showing
from bot.texts import Texts, language_of
from storage.approvals import Approvals
from storage.chats import Chats

logger = logging.getLogger(__name__)

PERHAPS_SENT_SECONDS = 30.0
"""When to ask again where nobody knows whether the question arrived: twice is better than never."""

LATELY_SECONDS = 1.0
"""Of lists that were pressed, of which there may be thousands, it is asked no more often what is left to be said."""
PRESSED = frozenset({JobState.CHECKING, JobState.DELIVERING, JobState.DONE})
"""States in which nobody is asked any more: what there may be to say is left over from before."""

Step = Callable[[Job], Awaitable[float | None]]


@dataclass(frozen=True, slots=True)
class Approving:
    """Speaks with the admins about large lists."""

    approvals: Approvals
    chats: Chats
    messenger: Messenger
    showing: Showing
    clock: Callable[[], float] = time.time

    def with_step(self, step: Step) -> Step:
        """Let a step of a job also say what is to be said about its approval.

        Before the preview is drawn, which shows whether anybody could be asked; after all other steps, so that a paid
        one never waits for it.
        """
        any_open = Recent(self.approvals.any_unsettled, LATELY_SECONDS, self.clock)

        async def both(job: Job) -> float | None:
            first = job.state is JobState.CONFIRMING
            held = await self._settle(job.id) if first else None
            due_at = await step(job)
            if job.state in PRESSED and not await any_open.get():
                return due_at
            if not first:
                held = await self._settle(job.id)
            if held is None:
                return due_at
            return held if due_at is None else min(due_at, held)

        return both

    async def _settle(self, job_id: int) -> float | None:
        """Say everything that is still to be said; give the time to go on where something is held back."""
        unsettled = await self.approvals.unsettled(job_id)
        job = await self.showing.jobs.get(job_id) if unsettled else None
        if job is None:
            return None
        held: list[float] = []
        for approval in unsettled:
            if approval.decision is not None:
                held += await self._tell_end(job, approval)
            elif job.state is not JobState.CONFIRMING:
                held += await self._end(job, approval, Decision.OVER)
            elif job.list_revision != approval.revision:
                held += await self._end(job, approval, Decision.CHANGED)
            else:
                held += await self._ask(job, approval)
        return self.clock() + min(held) if held else None

    async def _end(self, job: Job, approval: Approval, decision: Decision) -> list[float]:
        """End a question that nobody has to answer any more."""
        if await self.approvals.end(approval, decision, self.clock()):
            logger.info("Nobody has to approve any more (%s): job=%s", decision, job.id)
        for ended in await self.approvals.unsettled(job.id):
            if ended.id == approval.id:
                return await self._tell_end(job, ended)
        return []

    async def _ask(self, job: Job, approval: Approval) -> list[float]:
        """Ask every admin who was not asked yet; give in how many seconds to go on with those who are held back."""
        terms, title = await self.showing.terms(), await self.chats.title(job.chat_id)
        asked = await self.approvals.cards(approval)
        held: list[float] = []
        for admin_id in sorted(self.showing.settings.admin_ids - asked.keys()):
            card = question(job, approval, terms, await self._texts_of(admin_id), title=title)
            message_id: int | None = None
            try:
                message_id = await self.messenger.send(Place(admin_id), card, Importance.QUESTION)
            except (UnreachableChatError, RefusedError):
                logger.warning("An admin cannot be asked to approve: job=%s chat=%s", job.id, admin_id)
            except (LaterError, PerhapsSentError) as error:
                held.append(_again(error))
                continue
            await self.approvals.note_card(approval, admin_id, message_id)
        return held

    async def _tell_end(self, job: Job, approval: Approval) -> list[float]:
        """Tell the chat of the list that the answer is no; let what the admins see say how it ended."""
        held: list[float] = []
        if approval.decision is Decision.DECLINED and approval.told_at is None:
            held += await self._tell_chat(job, approval)
        title = await self.chats.title(job.chat_id)
        for admin_id, message_id in sorted((await self.approvals.cards(approval)).items()):
            card = decided(job, approval, await self._texts_of(admin_id), title=title)
            try:
                await self._edit(admin_id, message_id, card)
            except (LaterError, PerhapsSentError) as error:
                held.append(_again(error))
                continue
            await self.approvals.drop_card(approval, admin_id)
        return held

    async def _tell_chat(self, job: Job, approval: Approval) -> list[float]:
        if job.state is JobState.CONFIRMING:  # else they went on without the answer
            try:
                await self.showing.tell(job, not_now(job, approval, self.showing.texts_of(job)))
            except (LaterError, PerhapsSentError) as error:
                return [_again(error)]
            except RefusedError:
                logger.error("A chat cannot be told that nobody approves: job=%s chat=%s", job.id, job.chat_id)
        await self.approvals.note_told(approval, self.clock())
        return []

    async def _edit(self, admin_id: int, message_id: int | None, card: Card) -> None:
        if message_id is None:
            return
        try:
            await self.messenger.edit(Place(admin_id), message_id, card, Importance.CARD)
        except (MessageGoneError, UnreachableChatError, RefusedError):
            logger.info("A question about an approval is gone: chat=%s", admin_id)

    async def _texts_of(self, admin_id: int) -> Texts:
        return self.showing.texts[await self.chats.language(admin_id) or language_of(None)]


def _again(error: LaterError | PerhapsSentError) -> float:
    return error.seconds if isinstance(error, LaterError) else PERHAPS_SENT_SECONDS
