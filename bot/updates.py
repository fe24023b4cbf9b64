"""Taking updates in: ask Telegram, store, confirm, hand to the lanes in which they are handled.

aiogram's own polling confirms updates before their handlers have finished and loses them on a kill. Here raw updates
are stored in one transaction, and only then is the next offset asked for, which is what confirms them
(https://core.telegram.org/bots/api#getupdates).
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from bot.clock import elapsed
from bot.lanes import WANTED, Lanes
from bot.update_names import digest, has_id, key_of, lane_of
from storage.database import DatabaseUnavailableError
from storage.updates import Inbox, Incoming

logger = logging.getLogger(__name__)

POLL_SECONDS = 50
"""Telegram's own upper bound for a long poll."""
CONFLICT_SECONDS = 60
"""A second poller is normal for a moment after a restart; past this it is another bot with our token."""
CONFLICT_PAUSE_SECONDS = 3.0
CONFLICT_OVER_SECONDS = 10.0
"""Two pollers end each other's calls every few seconds, and one of them may get an answer in between."""
REVOKED_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 30.0
DRAIN_SECONDS = 5


class GetRawUpdates(TelegramMethod[list[Any]]):
    """``getUpdates`` without looking into the updates: aiogram's own rejects the whole batch for one it cannot read."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int = POLL_SECONDS
    allowed_updates: list[str] = WANTED


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else asks for our updates: when we first and when we last heard of it, by the clock that nobody sets."""

    first: float
    last: float

    @property
    def is_lasting(self) -> bool:
        """Say whether it is more than the end of our own predecessor."""
        return self.last - self.first > CONFLICT_SECONDS


class Updates:
    """The entrance. One for each bot."""

    def __init__(  # noqa: PLR0913  (two of them are clocks)
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        inbox: Inbox,
        is_meant_for_us: Callable[[dict[str, Any]], bool],
        *,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = elapsed,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._inbox = inbox
        self._is_meant_for_us = is_meant_for_us
        self._clock = clock
        self._steady = steady
        self._sleep = sleep
        self._lanes = Lanes(bot, dispatcher, inbox, clock=clock, sleep=sleep)
        self._stopping = asyncio.Event()
        self._conflict: Conflict | None = None
        self._revoked = False

    @property
    def trouble(self) -> str | None:
        """Say why no new paid work may be begun: somebody else polls with our token, or it was revoked."""
        if self._revoked:
            return "the token is not accepted any more"
        if self._conflict is not None and self._conflict.is_lasting:
            return "another program asks for this bot's updates"
        return None

    def stop(self) -> None:
        """Ask for no more updates, let the handlers finish what they are at."""
        self._stopping.set()

    async def run(self) -> None:
        """Take updates in until ``stop``. What is not handled by then waits in the inbox for the next start."""
        async with asyncio.TaskGroup() as group:
            entering = [group.create_task(self._lanes.run(group)), group.create_task(self._poll())]
            await self._stopping.wait()
            for task in entering:
                task.cancel()
            await self._lanes.drain(DRAIN_SECONDS)

    async def _poll(self) -> None:
        """Ask, store, and only then ask for what comes after; however much waits to be handled."""
        offset: int | None = None
        pause = 0.0
        while True:
            await self._sleep(pause)
            try:
                batch = await self._bot(GetRawUpdates(offset=offset), request_timeout=POLL_SECONDS + 15)
                self._all_is_well()
                await self._take_in(batch)
            except (TelegramAPIError, ClientDecodeError, DatabaseUnavailableError) as error:
                pause = self._pause_after(error, pause)
                continue
            ids = [one["update_id"] for one in batch if has_id(one)]
            # What has no id cannot be confirmed and comes again until something after it is.
            pause = 0.0 if ids or not batch else _longer(pause)
            # An empty answer to an offset has confirmed all before it. From then on none is named: after a quiet week
            # Telegram's ids may begin anew, below it.
            offset = max(ids) + 1 if ids else (offset if batch else None)

    async def _take_in(self, batch: Sequence[Any]) -> None:
        """Store what is meant for us and let the lanes know; put aside, each alone, what is no update."""
        incoming: list[Incoming] = []
        broken: list[object] = []
        for one in batch:
            try:
                if not has_id(one):
                    broken.append(one)
                elif self._is_meant_for_us(one):
                    incoming.append(Incoming(key_of(one), lane_of(one), one))
            except Exception as error:  # noqa: BLE001  (a shape that nobody knows must not hold up the others)
                logger.warning("An update of an unknown shape (%s)", type(error).__name__)
                broken.append(one)
        if await self._inbox.store(incoming, self._clock()):
            self._lanes.look()
        for one in broken:
            logger.warning("What is no update was put aside")
            raw = json.dumps(one)
            await self._inbox.quarantine(f"broken:{digest(raw)}", raw, self._clock(), "it is no update")

    def _pause_after(self, error: Exception, pause: float) -> float:
        """Say when to ask again after a failure."""
        if isinstance(error, TelegramConflictError):
            return self._note_conflict()
        if isinstance(error, TelegramUnauthorizedError):
            if not self._revoked:
                logger.error("Telegram does not accept BOT_TOKEN any more: no new work is taken")
            self._revoked = True
            return REVOKED_SECONDS
        if isinstance(error, TelegramRetryAfter):
            return float(error.retry_after)
        longer = _longer(pause)
        logger.warning("No updates (%s), asking again in %d s", type(error).__name__, longer)
        return longer

    def _all_is_well(self) -> None:
        if self._conflict is not None and self._steady() - self._conflict.last >= CONFLICT_OVER_SECONDS:
            self._conflict = None
            logger.info("Nobody else asks for this bot's updates any more")
        if self._revoked:
            self._revoked = False
            logger.info("Telegram accepts the token again")

    def _note_conflict(self) -> float:
        now = self._steady()
        if self._conflict is None:
            self._conflict = Conflict(now, now)
            logger.warning("Another program asks for this bot's updates; normal for a moment after a restart")
            return CONFLICT_PAUSE_SECONDS
        was_lasting = self._conflict.is_lasting
        self._conflict = Conflict(self._conflict.first, now)
        if self._conflict.is_lasting and not was_lasting:
            logger.error("Another program still asks for this bot's updates: no list is submitted until it stops")
        return CONFLICT_PAUSE_SECONDS


def _longer(pause: float) -> float:
    return min(max(1.0, pause * 2), LONGEST_PAUSE_SECONDS)
