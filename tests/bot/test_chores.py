"""Work that belongs to no job: begun when it is due or when somebody wakes it, never twice at once, never spinning."""

import asyncio
import time

import pytest
from sqlalchemy import event

from bot import worker as loop
from bot.chores import AT_LEAST_SECONDS, COPY_SECONDS, Chores, copy_log
from bot.messenger import LaterError, PerhapsSentError, TokenRevokedError
from sandbox.clock import Clock
from storage.database import DatabaseUnavailableError
from tests.bot.bench import Bench


class Still(Clock):
    """A clock that stands still, and knows where it began."""

    def __init__(self) -> None:
        super().__init__(speed=0)
        self.start = self.now()


class Recorder:
    """A chore that notes when it is done, and ends as it is told."""

    def __init__(self, clock: Still, *ends: Exception | float | None) -> None:
        self.clock = clock
        self.ends = list(ends)
        self.done: list[float] = []
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def __call__(self) -> float | None:
        self.done.append(round(self.clock.now() - self.clock.start, 3))
        await self.may_end.wait()
        end = self.ends.pop(0) if self.ends else None
        if isinstance(end, Exception):
            raise end
        return None if end is None else self.clock.now() + end


async def turn(chores: Chores) -> None:
    async with asyncio.TaskGroup() as group:
        chores.start_due(group, lambda: None)


async def pass_time(chores: Chores, clock: Still, seconds: float, step: float) -> None:
    for _ in range(round(seconds / step)):
        await turn(chores)
        clock.advance(step)


async def test_a_chore_is_done_at_the_start_and_then_when_it_said() -> None:
    clock = Still()
    chore = Recorder(clock, 10.0, None)
    await pass_time(Chores([chore], clock=clock.now), clock, AT_LEAST_SECONDS + 20, 5)
    assert chore.done == [0, 10, 10 + AT_LEAST_SECONDS]


async def test_a_chore_that_expects_nothing_for_days_is_done_once_an_hour_all_the_same() -> None:
    clock = Still()
    chore = Recorder(clock, 90_000.0)
    await pass_time(Chores([chore], clock=clock.now), clock, AT_LEAST_SECONDS + 10, 5)
    assert chore.done == [0, AT_LEAST_SECONDS]


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (LaterError(7.0), [7, 14]),
        (DatabaseUnavailableError(), [1, 2]),
        (PerhapsSentError(), [5, 15]),
        (TokenRevokedError(), [5, 15]),
        (RuntimeError("a bug"), [5, 15]),
    ],
    ids=["later", "database", "perhaps sent", "revoked", "a bug"],
)
async def test_a_failure_moves_the_clock(error: Exception, again: list[int]) -> None:
    clock = Still()
    chore = Recorder(clock, error, error)
    await pass_time(Chores([chore], clock=clock.now), clock, 60, 1)
    assert chore.done == [0, *again]


async def test_what_goes_well_forgets_the_failures_before_it() -> None:
    clock = Still()
    chore = Recorder(clock, RuntimeError(), 1.0, RuntimeError())
    await pass_time(Chores([chore], clock=clock.now), clock, 30, 1)
    assert chore.done == [0, 5, 6, 11]


async def test_one_chore_holds_up_no_other() -> None:
    clock = Still()
    slow, quick = Recorder(clock), Recorder(clock, 1.0, 1.0, None)
    slow.may_end.clear()
    chores = Chores([slow, quick], clock=clock.now)
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            chores.start_due(group, lambda: None)
            await asyncio.sleep(0)
            clock.advance(1)
        assert len(chores.running) == 1
        slow.may_end.set()
    assert (slow.done, quick.done) == ([0], [0, 1, 2])
    assert chores.running == []


async def test_a_chore_that_was_woken_while_it_ran_is_done_once_more() -> None:
    clock = Still()
    chore = Recorder(clock)
    chore.may_end.clear()
    chores = Chores([chore], clock=clock.now)
    async with asyncio.TaskGroup() as group:
        chores.start_due(group, lambda: None)
        await asyncio.sleep(0)
        chores.wake()
        chores.start_due(group, lambda: None)
        await asyncio.sleep(0)
        assert chore.done == [0]
        chore.may_end.set()
    await turn(chores)
    await turn(chores)
    assert chore.done == [0, 0]


async def test_what_is_done_by_the_clock_is_not_woken() -> None:
    clock = Still()
    chore, timed = Recorder(clock), Recorder(clock)
    chores = Chores([chore], [timed], clock.now)
    await turn(chores)
    chores.wake()
    await turn(chores)
    assert (chore.done, timed.done) == ([0, 0], [0])


async def test_it_is_told_when_a_chore_is_done() -> None:
    clock, ends = Still(), []
    chores = Chores([Recorder(clock, RuntimeError())], clock=clock.now)
    async with asyncio.TaskGroup() as group:
        chores.start_due(group, lambda: ends.append(True))
    assert ends == [True]


async def test_the_worker_does_a_chore_at_once_when_it_is_woken_and_stops_with_it_under_way(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "OTHERS_SECONDS", 0.05)
    begun = asyncio.Event()
    done: list[int] = []

    async def chore() -> float | None:
        done.append(len(done))
        begun.set()
        if len(done) > 1:
            await asyncio.Event().wait()
        return None

    worker = bench.new_worker(chores=[chore])
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(worker.run())
        await begun.wait()
        begun.clear()
        worker.wake()
        await begun.wait()
        worker.stop()
    assert done == [0, 1]


async def test_the_log_is_copied_about_every_second(bench: Bench) -> None:
    copied: list[str] = []
    event.listen(
        bench.store.database.engine.sync_engine, "before_cursor_execute", lambda *given: copied.append(given[2])
    )
    due_at = await copy_log(bench.store.database)
    assert copied == ["PRAGMA wal_checkpoint(PASSIVE)"]
    assert 0 < due_at - time.time() <= COPY_SECONDS
