"""Telegram's limits, kept by one request middleware that every call of ours passes.

About 30 messages a second in all, 1 a second in one chat, 20 a minute in a group; edits count as sends
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). They are not fixed numbers, so
``retry_after`` is obeyed for the chat it was said of. Where several wait for one chat, the more important goes first.
What a newer state replaces never waits here and leaves at an even pace, so that the burst a chat allows stays free for
answers: a progress is dropped, a preview comes again with what is true by then.
"""

import asyncio
import heapq
import itertools
import logging
from collections import deque
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.windows import ALL, GROUP, PRIVATE, Way, Window

logger = logging.getLogger(__name__)

COUNTED = frozenset(
    {
        "sendMessage",
        "sendDocument",
        "sendPhoto",
        "copyMessage",
        "forwardMessage",
        "editMessageText",
        "editMessageCaption",
        "editMessageReplyMarkup",
    },
)
"""The methods that the limits are about."""


class Importance(IntEnum):
    """Who goes first where a chat's budget is short?"""

    RESULT = 0
    QUESTION = 1
    ANSWER = 2
    CARD = 3
    """A job's own message where it has to get there: when it is new, and as it ends."""
    PREVIEW = 4
    """An edit of a preview: a newer one replaces it, but the newest has to get there."""
    PROGRESS = 5


PATIENCE = {
    Importance.RESULT: 6.0,
    Importance.QUESTION: 6.0,
    Importance.ANSWER: 65.0,
    Importance.CARD: 6.0,
    Importance.PREVIEW: 0.0,
    Importance.PROGRESS: 0.0,
}
"""How many seconds a call waits here for its turn before its caller is told to come again later.

The worker's wait no longer than until a burst has passed: each takes one of its places, and a busy group would hold up
all other chats. The answers of handlers wait in the lane of their chat.
"""
COMING_SECONDS = 2.0
"""How long a place is kept for a result that was told to come again; looking for what is due takes the worker a second.
"""
REPLACEABLE = frozenset({Importance.PREVIEW, Importance.PROGRESS})

speaking: ContextVar[Importance] = ContextVar("speaking", default=Importance.ANSWER)
"""How important the calls made in this context are."""


class HeldBackError(Exception):
    """The limits leave no room for this call now."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        """When to come again."""


PASSING = (
    HeldBackError,
    TelegramRetryAfter,
    TelegramNetworkError,
    TelegramServerError,
    ClientDecodeError,
)
"""Failures of a call that may pass: the same call may succeed later."""


LEAVING_SECONDS = 0.1
"""When to look again where all room is taken by calls that are about to leave."""


@dataclass(slots=True)
class Gate:
    """One budget, and those who wait for it: the more important first, then the longer waiting."""

    window: Window
    spent: deque[float] = field(default_factory=deque)
    """When the latest calls left."""
    passing: int = 0
    """Calls that have their turn here and have not left yet."""
    held_until: float = 0.0
    kept_until: float = 0.0
    """Until then results and questions come that were told to: what is less important than an answer is not let by."""
    waiting: list[tuple[Importance, int, asyncio.Future[None]]] = field(default_factory=list)
    order: "itertools.count[int]" = field(default_factory=itertools.count)
    timer: asyncio.TimerHandle | None = None
    callers: int = 0
    """Calls that wait here or are being made."""

    def delay(self, now: float) -> float:
        """Give the seconds until the next call may pass."""
        while self.spent and self.spent[0] <= now - self.window.seconds:
            self.spent.popleft()
        full = self._full_for(now, self.window)
        if self.window.burst is not None:
            full = max(full, self._full_for(now, self.window.burst))
        return max(full, self.held_until - now, 0.0)

    def _full_for(self, now: float, window: Window) -> float:
        too_many = len(self.spent) + self.passing - window.most
        if too_many < 0:
            return 0.0
        return self.spent[too_many] + window.seconds - now if too_many < len(self.spent) else LEAVING_SECONDS

    def hold(self, now: float, seconds: float) -> None:
        """Let nothing pass for so long: Telegram said so."""
        self.held_until = max(self.held_until, now + seconds)

    def is_idle(self, now: float) -> bool:
        """Say whether nothing is known here that a new gate would not know."""
        return self.delay(now) <= 0 and not self.spent and not self.callers

    def leave(self, now: float) -> None:
        """Take down that a call that had its turn leaves now."""
        self.passing -= 1
        self.spent.append(now)
        if self.waiting:
            self._wind(asyncio.get_running_loop())

    def give_back(self) -> None:
        """Take down that a call that had its turn is not made."""
        self.passing -= 1

    async def enter(self, importance: Importance) -> None:
        """Wait for the turn; ``leave`` or ``give_back`` ends it.

        Raises:
            HeldBackError: The turn does not come within the patience of this importance.
        """
        loop = asyncio.get_running_loop()
        delay = self._delay_of(importance, loop.time())
        if delay <= 0 and not self.waiting:
            self.passing += 1
            return
        if delay > PATIENCE[importance]:
            raise self._told_to_come(importance, loop.time(), delay)
        turn: asyncio.Future[None] = loop.create_future()
        heapq.heappush(self.waiting, (importance, next(self.order), turn))
        if self.waiting[0][2] is turn:
            self._wind(loop)
        try:
            async with asyncio.timeout(PATIENCE[importance]):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self.give_back()  # the turn came in the very moment in which nobody waited for it any more
            if not isinstance(error, TimeoutError):
                raise
            raise self._told_to_come(importance, loop.time(), max(self.delay(loop.time()), 1.0)) from None

    def has_room(self, importance: Importance, now: float) -> bool:
        """Say whether a call of this importance would pass at once."""
        return self._delay_of(importance, now) <= 0

    def _told_to_come(self, importance: Importance, now: float, delay: float) -> HeldBackError:
        """Keep a place for whoever must not lose it to what waits meanwhile, or comes at the same time."""
        if importance < Importance.ANSWER:
            self.kept_until = max(self.kept_until, now + delay + COMING_SECONDS)
        return HeldBackError(delay)

    def _delay_of(self, importance: Importance, now: float) -> float:
        """Give the seconds until a call of this importance may pass, as far as that can be said."""
        delay = self._delay_when_first(importance, now)
        if importance not in REPLACEABLE:
            return delay
        latest = now if self.passing else self.spent[-1] if self.spent else -self.window.apart
        delay = max(delay, latest + self.window.apart - now)
        crowded = importance is Importance.PROGRESS and len(self.spent) >= self.window.most / 2
        return max(delay, 1.0) if crowded or self.waiting else delay

    def _delay_when_first(self, importance: Importance, now: float) -> float:
        """Give the seconds until a call of this importance may pass that is the first of those who wait."""
        delay = self.delay(now)
        return max(delay, self.kept_until - now) if importance > Importance.ANSWER else delay

    def _wind(self, loop: asyncio.AbstractEventLoop) -> None:
        """See to it that the first of those who wait passes in time."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        if self.waiting:
            delay = self._delay_when_first(self.waiting[0][0], loop.time())
            self.timer = loop.call_later(delay, self._let_pass, loop)

    def _let_pass(self, loop: asyncio.AbstractEventLoop) -> None:
        while self.waiting and self._delay_when_first(self.waiting[0][0], loop.time()) <= 0:
            _, _, turn = heapq.heappop(self.waiting)
            if not turn.done():
                self.passing += 1
                turn.set_result(None)
        self._wind(loop)


class Limits(BaseRequestMiddleware):
    """The middleware. One for each bot."""

    def __init__(self, *, private: Window = PRIVATE, group: Window = GROUP, everything: Window = ALL) -> None:
        self._private = private
        self._group = group
        self._everything = everything
        self._way = Way()
        self._all = Gate(self._way.stretched(everything))
        self._chats: dict[int, Gate] = {}

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Let a call pass when its chat and all chats together have room; keep the others out."""
        chat_id: Any = getattr(method, "chat_id", None)
        if method.__api_method__ not in COUNTED or not isinstance(chat_id, int):
            return await make_request(bot, method)
        importance = speaking.get()
        chat = self._chat(chat_id)
        chat.callers += 1
        try:
            while True:
                await self._enter(chat, importance)
                left_at = asyncio.get_running_loop().time()
                try:
                    answer = await make_request(bot, method)
                except TelegramRetryAfter as error:
                    chat.hold(asyncio.get_running_loop().time(), error.retry_after)
                    logger.warning("Telegram asks for a pause of %s s: chat=%s", error.retry_after, chat_id)
                    if error.retry_after > PATIENCE[importance]:
                        raise HeldBackError(error.retry_after) from error
                else:
                    self._way.took(method.__api_method__, asyncio.get_running_loop().time() - left_at)
                    self._all.window = self._way.stretched(self._everything)
                    return answer
        finally:
            chat.callers -= 1

    async def _enter(self, chat: Gate, importance: Importance) -> None:
        """Wait until the chat, and then all chats together, have room."""
        await chat.enter(importance)
        try:
            await self._all.enter(importance)
        except BaseException:
            chat.give_back()
            raise
        for gate in (chat, self._all):
            gate.leave(asyncio.get_running_loop().time())

    def has_room_for_progress(self, chat_id: int) -> bool:
        """Say whether a progress would pass now: where none would, it need not be drawn."""
        now = asyncio.get_running_loop().time()
        gates = self._all, self._chats.get(chat_id)
        return all(gate is None or gate.has_room(Importance.PROGRESS, now) for gate in gates)

    def _chat(self, chat_id: int) -> Gate:
        gate = self._chats.get(chat_id)
        if gate is None:
            self._forget_idle()
            gate = self._chats[chat_id] = Gate(self._group if chat_id < 0 else self._private)
        return gate

    def _forget_idle(self) -> None:
        """Drop the gates of chats that are quiet, so that many chats over many days do not add up."""
        if len(self._chats) < 1000:  # noqa: PLR2004  (a thousand gates are a few hundred kilobytes)
            return
        now = asyncio.get_running_loop().time()
        idle = [chat_id for chat_id, gate in self._chats.items() if gate.is_idle(now)]
        for chat_id in idle:
            del self._chats[chat_id]
