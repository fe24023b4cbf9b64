"""Changes of several callers in one transaction: a hundred of them cost little more than one.

Each is written as if it were alone: whoever asks waits until theirs is committed, and one that fails fails alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from storage.database import DatabaseUnavailableError

Change = TypeVar("Change")
Outcome = TypeVar("Outcome")

APART_SECONDS = 0.1
"""Where several come at once, transactions are so far apart: what comes meanwhile joins the next."""


class Together(Generic[Change, Outcome]):
    """Gathers changes of one kind.

    Args:
        write: Writes some changes in one transaction and gives their outcomes in the same order.
    """

    def __init__(self, write: Callable[[Sequence[Change]], Awaitable[Sequence[Outcome]]]) -> None:
        self._write = write
        self._waiting: list[tuple[Change, asyncio.Future[Outcome]]] = []
        self._turn = asyncio.Lock()
        self._wrote_at = float("-inf")

    async def do(self, change: Change) -> Outcome:
        """Write a change, alone at once, or with those of others; what it raises is what writing it alone raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        mine = change, future
        self._waiting.append(mine)
        try:
            async with self._turn:
                if not future.done():
                    if len(self._waiting) > 1:
                        await asyncio.sleep(self._wrote_at + APART_SECONDS - loop.time())
                    await self._write_waiting()
                    self._wrote_at = loop.time()
        finally:
            if mine in self._waiting:  # whoever asked was cancelled before anybody began to write it
                self._waiting.remove(mine)
        return future.result()

    async def _write_waiting(self) -> None:
        taken, self._waiting = self._waiting, []
        try:
            await self._write_all(taken)
        except BaseException:
            # The writer was cancelled, and its transaction is rolled back: the next in turn writes for the others.
            self._waiting = [one for one in taken if not one[1].done()] + self._waiting
            raise

    async def _write_all(self, taken: Sequence[tuple[Change, "asyncio.Future[Outcome]"]]) -> None:
        try:
            outcomes = await self._write([change for change, _ in taken])
        except DatabaseUnavailableError as error:
            for _, future in taken:
                _fail(future, DatabaseUnavailableError(*error.args))
        except Exception as error:  # noqa: BLE001 - whoever asked hears it, whatever it is
            if len(taken) == 1:
                _fail(taken[0][1], error)
                return
            for one in taken:
                await self._write_all([one])
        else:
            for (_, future), outcome in zip(taken, outcomes, strict=True):
                if not future.done():
                    future.set_result(outcome)


def _fail(future: "asyncio.Future[Outcome]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
        future.exception()  # who was cancelled meanwhile does not ask, and need not be complained about
