"""Changes of several callers in one transaction."""

import asyncio
from collections.abc import Sequence

import pytest

from storage.database import DatabaseUnavailableError
from storage.together import Together


class Writer:
    def __init__(self) -> None:
        self.written: list[list[int]] = []
        self.broken: set[int] = set()
        self.unavailable = False

    async def write(self, changes: Sequence[int]) -> Sequence[int]:
        await asyncio.sleep(0)
        if self.unavailable:
            raise DatabaseUnavailableError("SQLITE_FULL")
        if self.broken & set(changes):
            raise ValueError
        self.written.append(list(changes))
        return [change * 10 for change in changes]


async def test_who_is_alone_writes_at_once_and_who_comes_meanwhile_writes_together() -> None:
    writer = Writer()
    together = Together(writer.write)
    assert await asyncio.gather(*(together.do(change) for change in range(50))) == [at * 10 for at in range(50)]
    assert sum(map(len, writer.written)) == 50
    assert len(writer.written) <= 2


async def test_one_that_fails_fails_alone() -> None:
    writer = Writer()
    writer.broken = {3}
    together = Together(writer.write)
    outcomes = await asyncio.gather(*(together.do(change) for change in range(5)), return_exceptions=True)
    assert isinstance(outcomes.pop(3), ValueError)
    assert outcomes == [0, 10, 20, 40]


async def test_a_database_that_takes_nothing_is_told_to_all_and_not_asked_for_each() -> None:
    writer = Writer()
    writer.unavailable = True
    together = Together(writer.write)
    outcomes = await asyncio.gather(*(together.do(change) for change in range(5)), return_exceptions=True)
    assert [type(one) for one in outcomes] == [DatabaseUnavailableError] * 5
    writer.unavailable = False
    assert await together.do(7) == 70


async def test_who_is_cancelled_takes_nobody_along() -> None:
    writer = Writer()
    together = Together(writer.write)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(together.do(change)) for change in range(4)]
        await asyncio.sleep(0)
        tasks[0].cancel()  # it is writing
        tasks[2].cancel()  # it waits
    assert [tasks[at].result() for at in (1, 3)] == [10, 30]
    assert 2 not in [change for changes in writer.written for change in changes]
    with pytest.raises(asyncio.CancelledError):
        tasks[0].result()
