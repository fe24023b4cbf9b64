"""Pausing all submits while the account has no money, the key is refused, or the API's address is wrong.

The API is asked once in a while whether it takes lists again: for its balance where it tells, else with the oldest job.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bot.cards import Card
from bot.check_api import CheckApi
from bot.job import Job, Waiting
from bot.limits import Importance
from bot.messenger import LaterError, Messenger, PerhapsSentError, Place, RefusedError, UnreachableChatError
from bot.outcomes import ApiUnavailable, BadKey, Cause
from bot.preview import titled
from bot.showing import Showing
from bot.texts import language_of
from storage.chats import Chats
from storage.facts import Fact, Facts
from storage.jobs import Jobs

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 15 * 60.0
"""How often the API is asked during a pause whether it takes lists again."""
TRY_SECONDS = 3600.0
"""How often a list is tried although there is no more money than before: the API may have said so by mistake, and then
no top-up would ever come. Such a try costs nothing."""
PAUSING = {Cause.NO_MONEY: Waiting.MONEY, Cause.BAD_KEY: Waiting.KEY, Cause.REDIRECTED: Waiting.ADDRESS}
"""What stops all submits, not only one."""


@dataclass(frozen=True, slots=True)
class Pausing:
    """Begins and ends the pause, lets one job try, and tells those who wait."""

    jobs: Jobs
    facts: Facts
    chats: Chats
    api: CheckApi
    messenger: Messenger
    showing: Showing
    clock: Callable[[], float] = time.time
    deciding: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Of the jobs that are due when the API is asked again only one may try: the one that has waited longest."""
    telling: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Of the jobs of a chat only one may tell it."""

    async def until(self, job: Job) -> float | None:
        """Say until when this job waits for the pause to end, and let its chat know; None where it may be submitted."""
        if await self.facts.get(Fact.STOPPED, self.clock()) is not None:
            await self.say_it_waits(job, Waiting.PAUSED)
            return self.clock() + PAUSE_SECONDS  # the admin who lets it go on wakes it
        async with self.deciding:
            now = self.clock()
            pause = await self.facts.get(Fact.PAUSE, now)
            if pause is None:
                return None
            if not now < pause["ask_at"] <= now + PAUSE_SECONDS:  # later only where the clock was set back
                first = await self.jobs.wake_longest_queued(now) if await self._is_to_be_tried(pause) else None
                tried_at = pause.get("tried_at", pause["since"]) if first is None else now
                pause = pause | {"ask_at": now + PAUSE_SECONDS, "trying": first, "tried_at": tried_at}
                await self.facts.keep(Fact.PAUSE, pause)
            if pause["trying"] == job.id:
                await self.facts.keep(Fact.PAUSE, pause | {"trying": None})
                return None
            pause = await self._tell_admins(pause)
        await self.say_it_waits(job, Waiting(pause["waiting"]))
        return float(pause["ask_at"])

    async def begin(self, waiting: Waiting) -> None:
        """Stop all submits, and tell the admins unless they know."""
        async with self.deciding:
            now = self.clock()
            before = await self.facts.get(Fact.PAUSE, now)
            balance = await self._balance() if waiting is Waiting.MONEY else None
            known = before is not None and before["waiting"] == waiting and not _grew(before["balance"], balance)
            pause = {
                "waiting": waiting,
                "since": before["since"] if known else now,
                "ask_at": now + PAUSE_SECONDS,
                "balance": None if balance is None else str(balance),
                "told": before["told"] if known else [],
                "trying": None,
                "tried_at": now,
            }
            await self.facts.keep(Fact.PAUSE, pause)
            if not known:
                logger.error("Submits are paused: %s", waiting)
            await self._tell_admins(pause)

    async def end(self, began_at: float, *, paid: bool) -> None:
        """End the pause, if the answer to a submit that began then proves that its cause is gone.

        Args:
            began_at: When the submit began; one that was under way when the pause began proves nothing.
            paid: Whether it was charged; without that nobody knows whether there is money again.
        """
        async with self.deciding:
            now = self.clock()
            pause = await self.facts.get(Fact.PAUSE, now)
            if pause is None or (pause["waiting"] == Waiting.MONEY and not paid):
                return
            if began_at < pause["since"] <= now:  # a pause that began later than now is from before the clock was set
                return
            logger.info("Submits go on")
            await self._forget(now)

    async def forget_at_start(self) -> None:
        """Forget a pause that only a person could end: the settings may be other ones now."""
        now = self.clock()
        pause = await self.facts.get(Fact.PAUSE, now)
        if pause is not None and pause["waiting"] != Waiting.MONEY:
            await self._forget(now)

    async def _forget(self, now: float) -> None:
        """Let what waited go on at once."""
        await self.facts.forget(Fact.PAUSE)
        await self.jobs.wake_waiting(now)

    async def _is_to_be_tried(self, pause: dict[str, Any]) -> bool:
        """Say whether a list should be submitted to see whether the API takes it."""
        untried = self.clock() - pause.get("tried_at", pause["since"])
        if pause["waiting"] != Waiting.MONEY or not 0 <= untried < TRY_SECONDS:
            return True
        try:
            balance = await self.api.balance()
        except BadKey:
            return True  # the submit will say so too, and that is another pause
        except ApiUnavailable as error:
            logger.info("The balance is not told now (%s)", error.detail)
            return False
        return balance is None or pause["balance"] is None or _grew(pause["balance"], balance)

    async def _balance(self) -> Decimal | None:
        """Ask what is on the account; None where the API does not tell."""
        try:
            return await self.api.balance()
        except (ApiUnavailable, BadKey) as error:
            logger.info("The balance is not told now (%s)", type(error).__name__)
            return None

    async def _tell_admins(self, pause: dict[str, Any]) -> dict[str, Any]:
        """Tell the admins that have not heard of the pause, and note who has."""
        told = set(pause["told"])
        for admin_id in sorted(self.showing.settings.admin_ids - told):
            texts = self.showing.texts[await self.chats.language(admin_id) or language_of(None)]
            card = Card(texts.say(f"admin-paused-{pause['waiting']}"))
            try:
                await self.messenger.send(Place(admin_id), card, Importance.QUESTION)
            except (UnreachableChatError, RefusedError):
                logger.warning("An admin cannot be told: chat=%s", admin_id)
            except (LaterError, PerhapsSentError):
                continue
            told.add(admin_id)
        if told != set(pause["told"]):
            pause = pause | {"told": sorted(told)}
            await self.facts.keep(Fact.PAUSE, pause)
        return pause

    async def say_it_waits(self, job: Job, waiting: Waiting) -> None:
        """Show what the job waits for; for money each chat is told once by a message of its own."""
        if job.waiting is not waiting:
            noted = await self.jobs.note_waiting(job.id, waiting)
            if noted is None:
                return
            job = noted
        await self.showing.show(job)
        async with self.telling:
            if waiting is Waiting.MONEY and not await self.jobs.was_told_of_waiting(job.chat_id, waiting):
                texts = self.showing.texts_of(job)
                await self.showing.tell(job, Card(texts.say("money-waits", name=titled(job, texts))))
                await self.jobs.note_told(job, self.clock())


def _grew(before: str | None, now: Decimal | None) -> bool:
    return before is not None and now is not None and now > Decimal(before)
