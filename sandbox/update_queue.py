"""The updates that wait for the bot, as getUpdates and its offset know them."""

import copy
from dataclasses import dataclass, field
from typing import Any

from sandbox.changes import Changes
from sandbox.clock import Clock
from sandbox.faults import Faults

KEPT_SECONDS = 24 * 3600
FIRST_UPDATE_ID = 700_000_001
UPDATE_KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
        "subscription",
        "stopped_message_generation",
    }
)
ONLY_WHEN_NAMED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass
class Waiting:
    """One update and when it came."""

    update: dict[str, Any]
    at: float

    @property
    def update_id(self) -> int:
        """Its number."""
        number: int = self.update["update_id"]
        return number


@dataclass
class UpdateQueue:
    """What waits, what was ever given, and what the bot confirmed.

    ``confirmed`` is the oracle of tests: what stands there, Telegram will never give again.
    """

    clock: Clock
    changes: Changes
    faults: Faults
    allowed: frozenset[str] | None = None
    waiting: list[Waiting] = field(default_factory=list)
    confirmed: list[dict[str, Any]] = field(default_factory=list)
    expired: list[dict[str, Any]] = field(default_factory=list)
    next_id: int = FIRST_UPDATE_ID
    poll: int = 0
    pollers: int = 0

    def wants(self, kind: str) -> bool:
        """Whether the bot is given updates of this kind."""
        return kind in self.allowed if self.allowed else kind not in ONLY_WHEN_NAMED

    def add(self, kind: str, payload: dict[str, Any]) -> None:
        """Queue an update, unless the bot does not want its kind."""
        if not self.wants(kind):
            return
        bad = self.faults.take("bad_update")
        if bad is not None:
            self.push(bad.get("update", {"message": {"message_id": "one", "chat": None}}))
        self.push({kind: payload})
        if self.faults.take("duplicate_update") is not None:
            self.push({kind: payload})

    def push(self, update: dict[str, Any]) -> int:
        """Queue an update as it is, with the next number; give the number."""
        update = {"update_id": self.next_id, **copy.deepcopy(update)}
        update["update_id"] = self.next_id
        self.next_id += 1
        self.waiting.append(Waiting(update, self.clock.now()))
        self.changes.tell()
        return self.next_id - 1

    def confirm(self, offset: int) -> None:
        """Forget what the offset confirms: all before it, or all but the last so many where it is negative."""
        self._expire()
        if offset < 0:
            keep = self.waiting[offset:]
            done = self.waiting[: len(self.waiting) - len(keep)]
        else:
            done = [one for one in self.waiting if one.update_id < offset]
            keep = self.waiting[len(done) :]
        self.confirmed.extend(one.update for one in done)
        self.waiting = keep
        if done:
            self.changes.tell()

    def first(self, limit: int) -> list[dict[str, Any]]:
        """The oldest updates that wait."""
        self._expire()
        return [one.update for one in self.waiting[:limit]]

    def drop(self) -> None:
        """Throw away all that waits, as drop_pending_updates does."""
        self.expired.extend(one.update for one in self.waiting)
        self.waiting = []

    def _expire(self) -> None:
        oldest = self.clock.now() - KEPT_SECONDS
        self.expired.extend(one.update for one in self.waiting if one.at < oldest)
        self.waiting = [one for one in self.waiting if one.at >= oldest]
