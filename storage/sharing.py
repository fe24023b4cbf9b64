"""One transaction for writes that come at the same time: SQLite has one writer, and each commit waits for the disk.

Whoever writes while others wait to write hands the open transaction on to the next; the last one commits for all.
Nobody goes on before that commit, so what was written is as durable for each as if it had a transaction of its own.
What fails is rolled back alone, to a savepoint; where the transaction itself is lost, all who share it hear that
nothing was written.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

MOST = 64
"""So many writes share a transaction at the most."""
LONGEST_SECONDS = 0.05
"""After this nobody else joins: those who are done wait for the commit."""


class CutOffError(Exception):
    """The transaction was lost: who shared it was cut off, or the database gave it up."""


@dataclass(slots=True)
class _Open:
    """A transaction that is open."""

    connection: AsyncConnection
    transaction: AsyncExitStack
    """Commits as it closes."""
    began_at: float
    over: "asyncio.Future[None]"
    """Done when it is committed; its exception says why it is not."""
    members: int = 0


@dataclass(slots=True)
class Sharing:
    """Opens transactions, and lets those share one who come while it is open."""

    engine: AsyncEngine
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    open: _Open | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection in a transaction that is committed when this ends, or rolled back on any error.

        Raises:
            CutOffError: Nothing was written, through no fault of the caller's.
        """
        self.waiting += 1
        try:
            await self.turn.acquire()
        finally:
            self.waiting -= 1
        try:
            mine = self.open or await self._begin()
            async with self._member(mine):
                yield mine.connection
            await self._end_or_hand_on(mine)
        finally:
            self.turn.release()
        await asyncio.shield(mine.over)

    async def _begin(self) -> _Open:
        transaction = AsyncExitStack()
        connection = await transaction.enter_async_context(self.engine.begin())
        loop = asyncio.get_running_loop()
        self.open = _Open(connection, transaction, loop.time(), loop.create_future())
        return self.open

    @asynccontextmanager
    async def _member(self, mine: _Open) -> AsyncIterator[None]:
        """Let one write; the first needs no savepoint, since nothing else would be lost with it."""
        is_first, mine.members = mine.members == 0, mine.members + 1
        try:
            if is_first:
                yield
            else:
                async with _savepoint(mine.connection):
                    yield
        except Exception as error:
            if is_first or _may_have_lost_all(error):
                await self._lose(mine)
            else:
                await self._end_or_hand_on(mine)
            raise
        except BaseException:
            await self._lose(mine)
            raise

    async def _end_or_hand_on(self, mine: _Open) -> None:
        age = asyncio.get_running_loop().time() - mine.began_at
        if self.waiting and mine.members < MOST and age < LONGEST_SECONDS:
            return
        self.open = None
        await _finished(mine, _commit(mine))

    async def _lose(self, mine: _Open) -> None:
        self.open = None
        await _finished(mine, _roll_back(mine))


async def _finished(mine: _Open, ending: Coroutine[Any, Any, None]) -> None:
    """End a transaction; whoever is cancelled in the midst of it lets it end first."""
    try:
        await asyncio.shield(ending)
    except asyncio.CancelledError:
        await asyncio.wait([mine.over])
        raise


@asynccontextmanager
async def _savepoint(connection: AsyncConnection) -> AsyncIterator[None]:
    await connection.exec_driver_sql("SAVEPOINT mine")
    try:
        yield
    except Exception as error:
        if not _may_have_lost_all(error):
            await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT mine")
        raise
    await connection.exec_driver_sql("RELEASE SAVEPOINT mine")


def _may_have_lost_all(error: Exception) -> bool:
    """Say whether it is an error, a full disk for one, after which SQLite may have rolled back all there was."""
    return isinstance(error, DBAPIError) and not isinstance(error, IntegrityError)


async def _commit(mine: _Open) -> None:
    try:
        await mine.transaction.aclose()
    except BaseException as error:  # noqa: BLE001 - all who share it hear it
        mine.over.set_exception(error if isinstance(error, Exception) else CutOffError())
        mine.over.exception()  # perhaps nobody else shares it
    else:
        mine.over.set_result(None)


async def _roll_back(mine: _Open) -> None:
    try:
        with suppress(CutOffError):
            async with mine.transaction:
                raise CutOffError
    finally:
        mine.over.set_exception(CutOffError())
        mine.over.exception()  # the same
