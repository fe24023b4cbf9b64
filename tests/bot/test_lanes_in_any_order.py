"""Lanes in whatever order things happen: updates come, handlers end or fail, the database takes nothing, the bot dies.

Whatever happens, an update of a chat is handled after those that came before it, none twice at the same time, none is
lost, and no more of them are in memory than there may be.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast

from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramServerError
from aiogram.methods import GetMe
from aiogram.types import Update
from hypothesis import event, given
from hypothesis import strategies as st

from bot import lanes
from bot.lanes import Lanes
from bot.limits import HeldBackError
from storage.database import DatabaseUnavailableError
from storage.updates import Inbox, StoredUpdate, UpdateState

MOST, OF_ONE, AT_ONCE, CHATS = 6, 2, 3, 5
FAILURES = ("passes", "held back", "database", "bug")


def _failure(what: str) -> Exception:
    """Make an exception; one that is raised again and again would grow."""
    match what:
        case "passes":
            return TelegramServerError(GetMe(), "no")
        case "held back":
            return HeldBackError(40)
        case "database":
            return DatabaseUnavailableError("SQLITE_BUSY")
    return RuntimeError("a bug")


@dataclass
class Row:
    chat: int
    serial: int
    state: UpdateState = UpdateState.WAITING
    tries: int = 0


@dataclass
class World:
    """An inbox like SQLite's, and handlers that do what the plan says."""

    plan: Iterator[str]
    turns: Iterator[int]
    """How many others are let go first, each time that something takes its time."""
    rows: dict[int, Row] = field(default_factory=dict)
    serials: Iterator[int] = field(default_factory=count)
    failing: dict[int, str] = field(default_factory=dict)
    active: Counter[int] = field(default_factory=Counter)
    """How many are being handled of each chat."""
    begun: Counter[int] = field(default_factory=Counter)
    failed: Counter[int] = field(default_factory=Counter)
    ended: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """What has its end, by chat, in order."""
    unavailable: int = 0

    async def pass_time(self, _seconds: float = 0) -> None:
        for _ in range(next(self.turns)):
            await asyncio.sleep(0)

    def store(self, chat: int, many: int) -> None:
        for serial in (next(self.serials) for _ in range(many)):
            self.failing[serial] = next(self.plan)
            self.rows[max(self.rows, default=0) + 1] = Row(chat, serial)

    def purge(self) -> None:
        self.rows = {row_id: row for row_id, row in self.rows.items() if row.state is UpdateState.WAITING}

    @property
    def is_done(self) -> bool:
        return all(row.state is not UpdateState.WAITING for row in self.rows.values())

    async def _answer(self) -> None:
        await self.pass_time()
        if self.unavailable:
            self.unavailable -= 1
            raise DatabaseUnavailableError("SQLITE_BUSY")

    async def waiting(self, *, after: int, most: int) -> tuple[StoredUpdate, ...]:
        await self._answer()
        return self._found(most, lambda row_id, _: row_id > after)

    async def waiting_in(self, lane: int, *, until: int, most: int) -> tuple[StoredUpdate, ...]:
        await self._answer()
        return self._found(most, lambda row_id, row: row.chat == lane and row_id <= until)

    def _found(self, most: int, fits: Any) -> tuple[StoredUpdate, ...]:
        found = [one for one in sorted(self.rows.items()) if one[1].state is UpdateState.WAITING and fits(*one)]
        return tuple(StoredUpdate(row_id, row.chat, row.tries, _raw(row)) for row_id, row in found[:most])

    async def finish(self, row_id: int, state: UpdateState, _now: float, _cause: str | None) -> None:
        await self._answer()
        row = self.rows[row_id]
        if row.state is UpdateState.WAITING:
            row.state = state
            self.ended[row.chat].append(row.serial)
        await self.pass_time()

    async def note_try(self, row_id: int, _cause: str) -> None:
        await self._answer()
        self.rows[row_id].tries += 1

    async def feed_update(self, _bot: Bot, update: Update) -> None:
        assert update.message is not None
        chat, serial = update.message.chat.id, update.update_id
        assert not self.active[chat]
        self.active[chat] += 1
        assert self.active.total() <= AT_ONCE
        assert all(row.state is not UpdateState.WAITING for row in self._before(chat, serial))
        self.begun[serial] += 1
        try:
            await self.pass_time()
            failure = self.failing[serial]
            if failure in FAILURES and self.failed[serial] < 2:
                self.failed[serial] += 1
                raise _failure(failure)
        finally:
            self.active[chat] -= 1

    def _before(self, chat: int, serial: int) -> list[Row]:
        return [row for row in self.rows.values() if row.chat == chat and row.serial < serial]


def _raw(row: Row) -> dict[str, Any]:
    message = {"message_id": row.serial + 1, "date": 1, "chat": {"id": row.chat, "type": "private"}, "text": "x"}
    return {"update_id": row.serial, "message": message}


def check(lanes: Lanes) -> None:
    """What is in memory is bounded, and counted rightly."""
    assert lanes._held == sum(map(len, lanes._lanes.values())) <= MOST
    assert all(len(lane) <= OF_ONE for lane in lanes._lanes.values())


async def live(world: World, deeds: list[tuple[str, int, int]]) -> None:
    """Run the lanes while things happen, begin anew where they are stopped or killed, and let all come to its end."""
    left = [*deeds]
    while left or not world.is_done:
        entrance = Lanes(
            cast("Bot", world),
            cast("Dispatcher", world),
            cast("Inbox", world),
            clock=lambda: 0.0,
            sleep=world.pass_time,
        )
        async with asyncio.TaskGroup() as group:  # which takes no notice of a kill
            group.create_task(_live_once(world, entrance, left))
        world.active.clear()
        check(entrance)


async def _live_once(world: World, entrance: Lanes, left: list[tuple[str, int, int]]) -> None:
    me = asyncio.current_task()
    assert me is not None
    async with asyncio.TaskGroup() as group:
        taking = group.create_task(entrance.run(group))
        for what, chat, many in iter(lambda: left.pop(0) if left else ("wait", 0, 1), None):
            check(entrance)
            if what == "store":
                world.store(chat, many)
                entrance.look()
            elif what == "quiet":
                await _quiet_days(world, entrance)
            elif what == "unavailable":
                world.unavailable += many
            elif what == "kill":
                me.cancel()
            elif what == "stop" or (not left and world.is_done):
                taking.cancel()
                await entrance.drain(60)
                return
            for _ in range(many):
                await asyncio.sleep(0)
                check(entrance)


async def _quiet_days(world: World, entrance: Lanes) -> None:
    """Let all be done with, and two days later nothing of it be left."""
    while entrance._lanes or world.unavailable or not world.is_done:
        await asyncio.sleep(0)
        world.unavailable = 0
    for _ in range(100):
        await asyncio.sleep(0)
    world.purge()


DEEDS = st.tuples(
    st.sampled_from(["store", "store", "store", "store", "wait", "quiet", "unavailable", "stop", "kill"]),
    st.integers(1, CHATS),
    st.sampled_from([1, 2, 3, 9]),
)
NOISE = st.randoms(use_true_random=False)


@given(deeds=st.lists(DEEDS, max_size=25), random=NOISE)
def test_order_is_kept_nothing_is_lost_nothing_doubled_and_memory_is_bounded(
    deeds: list[tuple[str, int, int]], random: Any
) -> None:
    kinds = ["well"] * 4 + [*FAILURES]
    world = World(iter(lambda: random.choice(kinds), None), iter(lambda: random.choice((0, 0, 1, 2, 7)), None))
    patched = {"HELD_AT_MOST": MOST, "OF_ONE_LANE": OF_ONE, "AT_ONCE": AT_ONCE}
    usual = {name: getattr(lanes, name) for name in patched}
    for name, value in patched.items():
        setattr(lanes, name, value)
    try:
        asyncio.run(asyncio.wait_for(live(world, deeds), 20))
    finally:
        for name, value in usual.items():
            setattr(lanes, name, value)
    stored = sum(many for what, _, many in deeds if what == "store")
    assert sum(map(len, world.ended.values())) == stored
    assert all(ended == sorted(ended) for ended in world.ended.values())
    if not {"kill"} & {what for what, _, _ in deeds}:
        event("never killed")
        for serial, begun in world.begun.items():
            assert begun == 1 + (0 if world.failing[serial] == "bug" else world.failed[serial])
