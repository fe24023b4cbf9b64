"""Taking updates in: ask Telegram, store, confirm, hand to the handlers.

aiogram's own polling confirms updates before their handlers have finished and loses them on a kill. Here raw updates
are stored in one transaction, and only then is the next offset asked for, which is what confirms them
(https://core.telegram.org/bots/api#getupdates). Handlers run at least once for each; what they store is unique by chat
and message, so a second run changes nothing.
"""

import asyncio
import hashlib
import json
import logging
import time
from collections import deque
from collections.abc import Callable
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
from aiogram.types import Update
from pydantic import ValidationError

from bot.limits import PASSING
from storage.database import DatabaseUnavailableError
from storage.updates import Inbox, Incoming, StoredUpdate, UpdateState

logger = logging.getLogger(__name__)

WANTED = ["message", "edited_message", "callback_query", "my_chat_member"]
POLL_SECONDS = 50
"""Telegram's own upper bound for a long poll."""
AT_ONCE = 16
"""How many chats' updates are handled at the same time."""
HELD_AT_MOST = 1000
"""No more is asked for while so many stored updates wait for their handlers."""
TRIES = 5
CONFLICT_SECONDS = 60
"""A second poller is normal for a moment after a restart; past this it is another bot with our token."""
CONFLICT_PAUSE_SECONDS = 3.0
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


class Updates:
    """The entrance. One for each bot."""

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        inbox: Inbox,
        is_meant_for_us: Callable[[dict[str, Any]], bool],
    ) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._inbox = inbox
        self._is_meant_for_us = is_meant_for_us
        self._lanes: dict[int, deque[StoredUpdate]] = {}
        self._handling: set[asyncio.Task[None]] = set()
        self._held = 0
        self._room = asyncio.Event()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._stopping = asyncio.Event()
        self._conflict_since: float | None = None
        self._revoked = False

    @property
    def trouble(self) -> str | None:
        """Say why no new paid work may be begun: somebody else polls with our token, or it was revoked."""
        if self._revoked:
            return "the token is not accepted any more"
        if self._conflict_since is not None and time.monotonic() - self._conflict_since > CONFLICT_SECONDS:
            return "another program asks for this bot's updates"
        return None

    def stop(self) -> None:
        """Ask for no more updates, let the handlers finish what they are at."""
        self._stopping.set()

    async def run(self) -> None:
        """Take updates in until ``stop``. What is not handled by then waits in the inbox for the next start."""
        async with asyncio.TaskGroup() as group:
            for stored in await self._inbox.waiting():
                self._line_up(group, stored)
            polling = group.create_task(self._poll(group))
            await self._stopping.wait()
            polling.cancel()
            try:
                async with asyncio.timeout(DRAIN_SECONDS):
                    while self._lanes:
                        self._room.clear()
                        await self._room.wait()
            except TimeoutError:
                logger.info("%s updates wait for the next start", self._held)
            for handling in self._handling:
                handling.cancel()  # its row is still waiting, so it runs again

    async def _poll(self, handling: asyncio.TaskGroup) -> None:
        """Ask, store, and only then ask for what comes after."""
        offset: int | None = None
        pause = 0.0
        while True:
            await asyncio.sleep(pause)
            try:
                batch = await self._bot(GetRawUpdates(offset=offset), request_timeout=POLL_SECONDS + 15)
                self._all_is_well()
                stored = await self._inbox.store(self._incoming(batch), time.time())
                for broken in (one for one in batch if not _has_id(one)):
                    await self._quarantine(broken)
            except (TelegramAPIError, ClientDecodeError, DatabaseUnavailableError) as error:
                pause = self._pause_after(error, pause)
                continue
            pause = 0.0
            offset = max([one["update_id"] + 1 for one in batch if _has_id(one)], default=offset)
            for one in stored:
                self._line_up(handling, one)
            while self._held >= HELD_AT_MOST:
                self._room.clear()
                await self._room.wait()

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
        longer = min(max(1.0, pause * 2), LONGEST_PAUSE_SECONDS)
        logger.warning("No updates (%s), asking again in %d s", type(error).__name__, longer)
        return longer

    def _incoming(self, batch: list[Any]) -> list[Incoming]:
        return [
            Incoming(key_of(one), lane_of(one), one) for one in batch if _has_id(one) and self._is_meant_for_us(one)
        ]

    async def _quarantine(self, broken: object) -> None:
        raw = json.dumps(broken, default=repr)
        logger.warning("An update without an id was put aside")
        await self._inbox.quarantine(f"broken:{_digest(raw)}", raw, time.time(), "it has no update_id")

    def _all_is_well(self) -> None:
        if self._conflict_since is not None or self._revoked:
            logger.info("Updates come in again")
        self._conflict_since = None
        self._revoked = False

    def _note_conflict(self) -> float:
        now = time.monotonic()
        if self._conflict_since is None:
            self._conflict_since = now
            logger.warning("Another program asks for this bot's updates; normal for a moment after a restart")
        elif now - self._conflict_since > CONFLICT_SECONDS:
            logger.error("Another program still asks for this bot's updates: no list is submitted until it stops")
        return CONFLICT_PAUSE_SECONDS

    def _line_up(self, handling: asyncio.TaskGroup, stored: StoredUpdate) -> None:
        self._held += 1
        lane = self._lanes.get(stored.lane)
        if lane is not None:
            lane.append(stored)
            return
        self._lanes[stored.lane] = deque([stored])
        work = handling.create_task(self._work(stored.lane))
        self._handling.add(work)
        work.add_done_callback(self._handling.discard)

    async def _work(self, lane_id: int) -> None:
        """Handle the updates of one lane in order until there are none."""
        lane = self._lanes[lane_id]
        while lane and not self._stopping.is_set():
            async with self._places:
                await self._handle(lane[0])
            lane.popleft()
            self._held -= 1
            self._room.set()
        del self._lanes[lane_id]
        self._room.set()

    async def _put_aside(self, stored: StoredUpdate, cause: str) -> None:
        logger.warning("An update is put aside (%s): update=%s", cause, stored.id)
        await self._inbox.finish(stored.id, UpdateState.QUARANTINED, time.time(), cause)

    async def _handle(self, stored: StoredUpdate) -> None:
        """Run the handlers for one update, again while the failure may pass, and say what became of it."""
        try:
            update = Update.model_validate(stored.raw, context={"bot": self._bot})
        except ValidationError as error:
            await self._put_aside(stored, f"it cannot be decoded: {error.error_count()} errors")
            return
        if not any(getattr(update, kind, None) for kind in WANTED):
            await self._put_aside(stored, "its kind is not known")
            return
        for tries in range(stored.tries, TRIES):
            try:
                outcome = await self._dispatcher.feed_update(self._bot, update)
            except (*PASSING, DatabaseUnavailableError) as error:
                logger.warning("Handling fails for now (%s): update=%s", type(error).__name__, stored.id)
                await self._inbox.note_try(stored.id, type(error).__name__)
                await asyncio.sleep(min(2.0**tries, 30.0))
            except Exception:
                logger.exception("Handling failed: update=%s", stored.id)
                await self._put_aside(stored, "handling failed")
                return
            else:
                state = outcome if isinstance(outcome, UpdateState) else UpdateState.ACTED
                await self._inbox.finish(stored.id, state, time.time())
                return
        await self._put_aside(stored, "handling failed again and again")


def key_of(raw: dict[str, Any]) -> str:
    """Name an update by kind and ids, so that the same thing told twice is one row."""
    kind = next((name for name in raw if name != "update_id"), "nothing")
    event: dict[str, Any] = raw[kind] if isinstance(raw.get(kind), dict) else {}
    told = event.get("chat")
    chat: dict[str, Any] = told if isinstance(told, dict) else {}
    if kind == "message" and "message_id" in event and "id" in chat:
        return f"message:{chat['id']}:{event['message_id']}"
    if kind == "edited_message" and "message_id" in event and "id" in chat:
        # Two edits within one second have the same date; what they say tells them apart.
        said = _digest(json.dumps([event.get("text"), event.get("caption"), event.get("document")], sort_keys=True))
        return f"edited_message:{chat['id']}:{event['message_id']}:{event.get('edit_date')}:{said}"
    if kind == "callback_query" and "id" in event:
        return f"callback_query:{event['id']}"
    if kind == "my_chat_member":
        return f"my_chat_member:{chat.get('id')}:{event.get('date')}:{_digest(json.dumps(event, sort_keys=True))}"
    return f"{kind}:{raw['update_id']}:{_digest(json.dumps(raw, sort_keys=True))}"


def lane_of(raw: dict[str, Any]) -> int:
    """Give the chat whose updates are handled in order; 0 for what belongs to none."""
    for event in raw.values():
        if isinstance(event, dict):
            within = event.get("message") if isinstance(event.get("message"), dict) else event
            chat = within.get("chat") if isinstance(within, dict) else None
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                return int(chat["id"])
    return 0


def _has_id(raw: object) -> bool:
    return isinstance(raw, dict) and type(raw.get("update_id")) is int


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
