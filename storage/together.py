"""One transaction for what many ask at the same time: a commit is a wait for the disk, whether it holds one or forty.

While one transaction is under way, those who come are gathered for the next, which one of them makes for all; who comes
alone waits for nobody. A transaction begins after the question was put, so what was committed before is seen. Each is
answered as if it were alone: what fails fails alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar, cast

from storage.database import Database, DatabaseUnavailableError

A = TypeVar("A")
"""What is asked about."""
G = TypeVar("G")
"""What is given for it."""


async def together(
    database: Database, many: Callable[[Database, Sequence[A]], Awaitable[Sequence[G]]], one: A, *, apart: float = 0.0
) -> G:
    """Have one answered in the same transaction with all who ask the same at this time.

    Args:
        database: Whose transaction it is.
        many: Answers several, in the same order, in one transaction. Not a closure: by it the kind is told.
        one: What is asked about.
        apart: Where several come at once, their transactions begin at least so many seconds after the end of the last.
    """
    gatherer = database.gatherers.get(many)
    if gatherer is None:
        gatherer = database.gatherers[many] = Gatherer(many, apart)
    return cast("G", await gatherer.ask(database, one))


class Gatherer(Generic[A, G]):
    """Those who ask the same; see ``together``."""

    def __init__(self, many: Callable[[Any, Sequence[A]], Awaitable[Sequence[G]]], apart: float = 0.0) -> None:
        self._many = many
        self._apart = apart
        self._waiting: dict[asyncio.Future[G], A] = {}
        self._turn = asyncio.Lock()
        self._ended_at = float("-inf")

    async def ask(self, database: Database, one: A) -> G:
        """Have one answered, alone at once, or with others; what it raises is what asking for it alone raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[G] = loop.create_future()
        self._waiting[future] = one
        try:
            async with self._turn:
                if not future.done():
                    if len(self._waiting) > 1:
                        await asyncio.sleep(self._ended_at + self._apart - loop.time())
                    await self._ask_for_all(database)
                    self._ended_at = loop.time()
        finally:
            self._waiting.pop(future, None)  # where whoever asked was cancelled before anybody began
        return future.result()

    async def _ask_for_all(self, database: Database) -> None:
        taken, self._waiting = self._waiting, {}
        try:
            await self._answer(database, [(one, future) for future, one in taken.items()])
        except BaseException:
            # Who asked for all was cancelled, and the transaction is rolled back: the next in turn asks for the others.
            self._waiting = {future: one for future, one in taken.items() if not future.done()} | self._waiting
            raise

    async def _answer(self, database: Database, taken: Sequence[tuple[A, "asyncio.Future[G]"]]) -> None:
        try:
            answers = await self._many(database, [one for one, _ in taken])
        except DatabaseUnavailableError as error:
            for _, future in taken:  # it would take nothing from each of them either, and let each wait for it
                _fail(future, DatabaseUnavailableError(*error.args))
        except Exception as error:  # noqa: BLE001  (it belongs to whoever asked)
            if len(taken) == 1:
                _fail(taken[0][1], error)
                return
            for one in taken:
                await self._answer(database, [one])
        else:
            for (_, future), answer in zip(taken, answers, strict=True):
                if not future.done():
                    future.set_result(answer)


def _fail(future: "asyncio.Future[G]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
        future.exception()  # who was cancelled meanwhile does not ask, and need not be complained about
