"""Handling stored updates: several chats at once, one chat in order, each until it is known what became of it.

Handlers run at least once for each update; what they store is unique by chat and message, so a second run changes
nothing.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramEntityTooLarge, TelegramRetryAfter
from aiogram.types import Update

from bot.limits import PASSING, HeldBackError
from storage.database import DatabaseBrokenError, DatabaseUnavailableError
from storage.updates import Inbox, StoredUpdate, UpdateState

logger = logging.getLogger(__name__)

WANTED = ["message", "edited_message", "callback_query", "my_chat_member", "chat_member"]
AT_ONCE = 48
"""How many chats' updates are handled at the same time. Those that wait for Telegram's limits are among them, and the
more there are, the more share a transaction."""
HELD_AT_MOST = 1000
"""So many updates are in memory at the most; the others wait in the inbox."""
OF_ONE_LANE = 20
"""So many of them are of one lane: a chat that floods us leaves room for the others."""
TRIES = 12
"""How often an update is handled that fails for a reason that may pass: for about four minutes."""
LONGEST_WAIT_SECONDS = 30.0
"""Between two of these tries."""
DATABASE_SECONDS = 1.0
"""When to write again what the database did not take."""


@dataclass(frozen=True, slots=True)
class End:
    """What became of an update, and why where it was put aside."""

    state: UpdateState
    cause: str | None = None


class Lanes:
    """The updates that wait for their handlers, a lane for each chat."""

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        inbox: Inbox,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._inbox = inbox
        self._clock = clock
        self._sleep = sleep
        self._lanes: dict[int, deque[StoredUpdate]] = {}
        self._handling: set[asyncio.Task[Any]] = set()
        self._pausing: set[asyncio.Task[Any]] = set()
        self._held = 0
        self._known = 0
        """The last row of the inbox that was looked at."""
        self._behind: set[int] = set()
        """The lanes of which more is in the inbox than here, up to the row that is known."""
        self._news = asyncio.Event()
        self._changed = asyncio.Event()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._stopping = False

    def look(self) -> None:
        """There is more in the inbox."""
        self._news.set()

    async def run(self, group: asyncio.TaskGroup) -> None:
        """Take what waits in the inbox as room becomes free, in order, and have it handled."""
        while True:
            self._news.clear()
            try:
                has_more = await self._take(group)
            except DatabaseUnavailableError as error:
                logger.error("The database gives nothing now (%s)", error)
                await self._sleep(DATABASE_SECONDS)
                continue
            if not has_more:
                await self._news.wait()

    async def _take(self, group: asyncio.TaskGroup) -> bool:
        """Take as much as there is room for; say whether there is room for more, and more."""
        if not self._lanes and not self._behind:
            self._known = 0  # all is finished; and once old rows are deleted, SQLite gives their numbers again
        for lane in [one for one in self._behind if one not in self._lanes]:
            if self._held > HELD_AT_MOST - OF_ONE_LANE:
                return False
            rest = await self._inbox.waiting_in(lane, until=self._known, most=OF_ONE_LANE)
            if len(rest) < OF_ONE_LANE:
                self._behind.discard(lane)
            for stored in rest:
                self._line_up(group, stored)
        room = HELD_AT_MOST - self._held
        if room <= 0:
            return False
        found = await self._inbox.waiting(after=self._known, most=room)
        for stored in found:
            self._known = stored.id
            if stored.lane in self._behind or len(self._lanes.get(stored.lane, ())) >= OF_ONE_LANE:
                self._behind.add(stored.lane)
            else:
                self._line_up(group, stored)
        return len(found) == room

    def _line_up(self, group: asyncio.TaskGroup, stored: StoredUpdate) -> None:
        """Let an update be handled after those of its chat that came before."""
        self._held += 1
        lane = self._lanes.get(stored.lane)
        if lane is not None:
            lane.append(stored)
            return
        self._lanes[stored.lane] = deque([stored])
        work = group.create_task(self._work(stored.lane))
        self._handling.add(work)
        work.add_done_callback(self._handling.discard)

    async def drain(self, seconds: float) -> None:
        """Begin nothing new, and cut off what is not done in so many seconds: its row waits, so it is done again."""
        self._stopping = True
        for pausing in self._pausing:
            pausing.cancel()
        try:
            async with asyncio.timeout(seconds):
                await self._until(lambda: not self._lanes)
        except TimeoutError:
            logger.info("The handlers of %s chats are cut off", len(self._lanes))
        for handling in self._handling:
            handling.cancel()

    async def _until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self._changed.clear()
            await self._changed.wait()

    async def _work(self, lane_id: int) -> None:
        """Handle the updates of one lane in order until there are none."""
        lane = self._lanes[lane_id]
        try:
            while lane:
                async with self._places:
                    if self._stopping:
                        return
                    end = await self._end_of(lane[0])
                # Its place is free for other chats while it waits, and while its end is written together with theirs.
                wait = await self._note(end, lane)
                if wait is None:
                    self._done_with(lane)
                else:
                    await self._pause(wait)
        finally:
            del self._lanes[lane_id]
            self._held -= len(lane)
            if lane_id in self._behind:
                self._news.set()
            self._changed.set()

    def _done_with(self, lane: deque[StoredUpdate]) -> None:
        lane.popleft()
        self._held -= 1
        if self._held == HELD_AT_MOST // 2:
            self._news.set()

    async def _pause(self, seconds: float) -> None:
        """Wait; ``drain`` ends it."""
        me = asyncio.current_task()
        assert me is not None  # noqa: S101  (a coroutine runs in a task)
        self._pausing.add(me)
        try:
            await self._sleep(seconds)
        finally:
            self._pausing.discard(me)

    async def _note(self, end: End | float | str, lane: deque[StoredUpdate]) -> float | None:
        """Write down what became of a lane's first update; give the seconds after which it may go better."""
        stored = lane[0]
        if isinstance(end, float):
            return end
        if isinstance(end, str):
            stored = lane[0] = replace(stored, tries=stored.tries + 1)
            cause = end
            if stored.tries < TRIES:
                logger.warning("Handling fails for now (%s): update=%s", cause, stored.id)
                await self._written(lambda: self._inbox.note_try(stored.id, cause))
                return min(2.0 ** (stored.tries - 1), LONGEST_WAIT_SECONDS)
            end = End(UpdateState.QUARANTINED, f"handling failed again and again: {cause}")
        if end.state is UpdateState.QUARANTINED:
            logger.warning("An update is put aside (%s): update=%s", end.cause, stored.id)
        state, why = end.state, end.cause
        await self._written(lambda: self._inbox.finish(stored.id, state, self._clock(), why))
        return None

    async def _end_of(self, stored: StoredUpdate) -> End | float | str:
        """Run the handlers; give how it ended, or the seconds after which to try again, or why it may pass."""
        try:
            update = Update.model_validate(stored.raw, context={"bot": self._bot})
        except Exception as error:  # noqa: BLE001  (whatever is wrong with it, it is wrong with this one)
            return End(UpdateState.QUARANTINED, f"it cannot be decoded: {type(error).__name__}")
        if not any(getattr(update, kind, None) for kind in WANTED):
            return End(UpdateState.QUARANTINED, "its kind is not known")
        try:
            outcome = await self._dispatcher.feed_update(self._bot, update)
        except TelegramEntityTooLarge:
            return End(UpdateState.QUARANTINED, "its answer is too large for Telegram")
        except HeldBackError as error:
            return float(error.seconds)
        except TelegramRetryAfter as error:
            return float(error.retry_after)
        except DatabaseUnavailableError as error:
            logger.error("The database takes nothing now (%s): update=%s", error, stored.id)
            return DATABASE_SECONDS
        except DatabaseBrokenError:
            raise  # this process is over
        except PASSING as error:
            return type(error).__name__
        except Exception:
            logger.exception("Handling failed: update=%s", stored.id)
            return End(UpdateState.QUARANTINED, "handling failed")
        return End(outcome if isinstance(outcome, UpdateState) else UpdateState.ACTED)

    async def _written(self, write: Callable[[], Awaitable[None]]) -> None:
        """Write until the database takes it: what was handled must not be handled again because of it."""
        while True:
            try:
                await write()
            except DatabaseUnavailableError as error:
                logger.error("The database takes nothing now (%s)", error)
                await self._sleep(DATABASE_SECONDS)
            else:
                return
