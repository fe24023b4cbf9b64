"""Asking the chat and the admins about an unsure job; telling the admins what a chat cannot be told."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.balances import Balances
from bot.cards import Action, Button, Card, Press
from bot.job import Job
from bot.limits import Importance
from bot.messenger import LaterError, Messenger, PerhapsSentError, Place, RefusedError, UnreachableChatError
from bot.showing import Showing
from bot.texts import language_of
from bot.unsure import Compared, unsure, unsure_for_admin
from storage.chats import Chats
from storage.unsure import Unsure

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """Puts the open question to those who may know the answer, once to each."""

    unsure: Unsure
    chats: Chats
    balances: Balances
    messenger: Messenger
    showing: Showing
    clock: Callable[[], float] = time.time

    async def ask(self, job: Job) -> None:
        """Ask everybody who was not asked yet.

        Raises:
            LaterError: Somebody cannot be asked now; the others were.
            PerhapsSentError: Nobody knows whether the chat of the list has the question.
        """
        if await self.unsure.lacks_balance_after(job):
            amount = await self.balances.now()
            if amount is not None:
                await self.unsure.keep_balance_after(job, amount, self.clock())
        compared = await self.unsure.balances(job)
        await self._ask_chat(job, compared)
        await self._ask_admins(job, compared)

    async def _ask_chat(self, job: Job, compared: Compared | None) -> None:
        if await self.unsure.was_asked(job, job.chat_id):
            return
        terms, texts = await self.showing.terms(), self.showing.texts_of(job)
        in_admins_chat = job.chat_id in self.showing.settings.admin_ids
        await self.showing.tell(job, unsure(job, terms, texts, compared, in_admins_chat=in_admins_chat))
        await self.unsure.note_asked(job, job.chat_id, self.clock())

    async def _ask_admins(self, job: Job, compared: Compared | None) -> None:
        terms = await self.showing.terms()
        held: LaterError | None = None
        for admin_id in sorted(self.showing.settings.admin_ids - {job.chat_id}):
            if await self.unsure.was_asked(job, admin_id):
                continue
            texts = self.showing.texts[await self.chats.language(admin_id) or language_of(None)]
            try:
                card = unsure_for_admin(job, terms, texts, compared)
                await self.messenger.send(Place(admin_id), card, Importance.QUESTION)
            except (UnreachableChatError, RefusedError):
                logger.warning("An admin cannot be told of an unsure job: job=%s chat=%s", job.id, admin_id)
            except PerhapsSentError:
                logger.info("An admin may not have heard of an unsure job: job=%s chat=%s", job.id, admin_id)
            except LaterError as error:
                held = error
                continue
            await self.unsure.note_asked(job, admin_id, self.clock())
        if held is not None:
            raise held

    async def tell_undeliverable(self, job: Job) -> None:
        """Tell the admins, as far as they can be reached, of a paid result that its chat cannot be given.

        A group may be gone for good, and its file is an admin's as well: the button gives it. A person's is theirs.
        """
        take = Press(Action.FILE, job.token).pack()
        for admin_id in sorted(self.showing.settings.admin_ids - {job.chat_id}):
            texts = self.showing.texts[await self.chats.language(admin_id) or language_of(None)]
            rows = ((Button(texts.plain("button-file-private"), take),),) if job.chat_id < 0 else ()
            card = Card(texts.say("admin-undeliverable", count=job.valid, chat=str(job.chat_id)), rows)
            try:
                await self.messenger.send(Place(admin_id), card, Importance.QUESTION)
            except (UnreachableChatError, RefusedError, LaterError, PerhapsSentError):
                logger.warning("An admin is not told of an undeliverable result: job=%s chat=%s", job.id, admin_id)
