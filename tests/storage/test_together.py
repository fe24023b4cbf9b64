"""What many ask at the same time is asked at once, and each gets its own answer."""

import asyncio
from collections.abc import Sequence

import pytest

from storage.together import Together


class Doubling:
    """Answers many at once, when it is let."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.may = asyncio.Event()
        self.errors: list[Exception] = []

    async def many(self, _: object, asked: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(asked))
        await self.may.wait()
        if self.errors:
            raise self.errors.pop()
        return [2 * one for one in asked]


async def passes() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_comes_meanwhile_is_asked_about_together() -> None:
    together, doubling = Together(), Doubling()
    many = doubling.many
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(together.ask(many, None, one)) for one in range(5)]
        await passes()
        doubling.may.set()
    assert [one.result() for one in asked] == [0, 2, 4, 6, 8]
    assert doubling.batches == [[0], [1, 2, 3, 4]]
    assert await together.ask(many, None, 9) == 18


async def test_what_goes_wrong_goes_wrong_for_those_of_one_transaction_only() -> None:
    together, doubling = Together(), Doubling()
    many = doubling.many
    asked = asyncio.gather(*(together.ask(many, None, one) for one in range(3)), return_exceptions=True)
    await passes()
    doubling.errors.append(ValueError("no"))
    doubling.may.set()
    first, *others = await asked
    assert isinstance(first, ValueError)
    assert others == [2, 4]


async def test_who_is_cancelled_leaves_it_to_the_others() -> None:
    together, doubling = Together(), Doubling()
    many = doubling.many
    async with asyncio.TaskGroup() as group:
        leading = group.create_task(together.ask(many, None, 1))
        await passes()
        asked = [group.create_task(together.ask(many, None, one)) for one in (2, 3)]
        await passes()
        leading.cancel()
        await passes()
        doubling.may.set()
    assert [one.result() for one in asked] == [4, 6]
    with pytest.raises(asyncio.CancelledError):
        leading.result()
