"""What many ask at the same time is asked at once, and each gets its own answer."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from storage.database import Database, DatabaseUnavailableError
from storage.together import Gatherer, together


class Times:
    """Answers many at once: ten times what each asked."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.broken: set[int] = set()
        self.unavailable = False

    async def many(self, _: object, asked: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(asked))
        await asyncio.sleep(0)
        if self.unavailable:
            raise DatabaseUnavailableError("SQLITE_FULL")
        if self.broken & set(asked):
            raise ValueError
        return [one * 10 for one in asked]


NO_DATABASE = cast("Database", None)


def asking(times: Times, *, apart: float = 0.0) -> Any:
    gatherer = Gatherer(times.many, apart)
    return lambda one: gatherer.ask(NO_DATABASE, one)


async def test_who_is_alone_is_answered_at_once_and_who_comes_meanwhile_with_the_others() -> None:
    times = Times()
    ask = asking(times)
    assert await ask(9) == 90
    assert await asyncio.gather(*map(ask, range(50))) == [at * 10 for at in range(50)]
    assert times.batches == [[9], [0], [*range(1, 50)]]


async def test_in_a_crowd_transactions_are_apart_and_who_comes_between_is_taken_along() -> None:
    times = Times()
    ask = asking(times, apart=0.05)
    async with asyncio.TaskGroup() as group:
        for at in range(5):
            group.create_task(ask(at))
        await asyncio.sleep(0.01)
        group.create_task(ask(5))
    assert times.batches == [[0], [*range(1, 6)]]


async def test_one_that_fails_fails_alone() -> None:
    times = Times()
    times.broken = {3}
    answers = await asyncio.gather(*map(asking(times), range(5)), return_exceptions=True)
    assert isinstance(answers.pop(3), ValueError)
    assert answers == [0, 10, 20, 40]


async def test_a_database_that_takes_nothing_is_told_to_all_and_not_asked_for_each() -> None:
    times = Times()
    times.unavailable = True
    ask = asking(times)
    answers = await asyncio.gather(*map(ask, range(5)), return_exceptions=True)
    assert [type(one) for one in answers] == [DatabaseUnavailableError] * 5
    assert len(times.batches) <= 2
    times.unavailable = False
    assert await ask(7) == 70


async def test_who_is_cancelled_takes_nobody_along() -> None:
    times = Times()
    ask = asking(times)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(one)) for one in range(4)]
        await asyncio.sleep(0)
        tasks[0].cancel()  # it asks for all
        tasks[2].cancel()  # it waits
    assert [tasks[at].result() for at in (1, 3)] == [10, 30]
    assert 2 not in times.batches[-1]
    for at in (0, 2):
        with pytest.raises(asyncio.CancelledError):
            tasks[at].result()


async def _first(database: Database, asked: Sequence[int]) -> Sequence[tuple[int, int]]:
    await asyncio.sleep(0)
    return [(id(database), one) for one in asked]


async def test_each_database_gathers_its_own() -> None:
    one, other = Database(cast("Any", 1)), Database(cast("Any", 2))
    answers = await asyncio.gather(together(one, _first, 1), together(other, _first, 2), together(one, _first, 3))
    assert list(answers) == [(id(one), 1), (id(other), 2), (id(one), 3)]
