"""The bot's database without threads: SQLAlchemy and SQLite are the real ones, what is asynchronous is not.

A statement is done at once; a BEGIN and a COMMIT take a turn of their own, so others come in before a transaction and
before its end. A life may end around a COMMIT, and a BEGIN waits for whoever writes. That is also most of what makes a
simulation fast.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from tests.simulation.loop import LIFE

LOCKED_SECONDS = 10.0
"""How long a transaction waits for somebody else's write, as in ``storage.database.BUSY_MS``."""
LOOK_AGAIN_SECONDS = 0.1
CONNECTIONS = 8
PRAGMAS = ("busy_timeout=0", "journal_mode=WAL", "synchronous=OFF", "foreign_keys=ON")
OPENED: list[sqlite3.Connection] = []
"""The connection that SQLAlchemy is about to be given."""


@cache
def _engine() -> Engine:
    """Give the engine of all lives: what was compiled for one is known to the next."""
    return create_engine("sqlite://", creator=OPENED.pop, poolclass=NullPool, hide_parameters=True)


@dataclass(eq=False)
class Statements:
    """A connection in a transaction, as the storage knows it."""

    sync: Connection
    raw: sqlite3.Connection

    @property
    def dialect(self) -> Dialect:
        """Say that it is SQLite."""
        return self.sync.dialect

    async def execute(self, *statement: Any) -> Any:
        """Do one statement."""
        return self.sync.execute(*statement)

    async def scalar(self, *statement: Any) -> Any:
        """Do one, and give the first value of its first row."""
        return self.sync.scalar(*statement)

    async def scalars(self, *statement: Any) -> Any:
        """Do one, and give the first value of each row."""
        return self.sync.scalars(*statement)

    async def exec_driver_sql(self, statement: str, *rows: Any) -> Any:
        """Do one in SQLite's own words, once or for each row."""
        return self.sync.exec_driver_sql(statement, *rows)

    async def run_sync(self, function: Callable[[Connection], Any]) -> Any:
        """Let a function have the connection."""
        return function(self.sync)


@dataclass(eq=False)
class Disk:
    """What stands where the storage has its asynchronous engine."""

    url: URL
    word: str = "BEGIN IMMEDIATE"
    free: list[Statements] = field(default_factory=list)
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONNECTIONS))

    @property
    def dialect(self) -> Dialect:
        """Say that it is SQLite."""
        return _engine().dialect

    def execution_options(self, *, begin: str) -> "Disk":
        """Give the same with another kind of transaction."""
        return replace(self, word=begin)

    def begin(self) -> AbstractAsyncContextManager[Statements]:
        """Begin a transaction that commits at its end."""
        return self._transaction(commits=True)

    def connect(self) -> AbstractAsyncContextManager[Statements]:
        """Begin one that does not."""
        return self._transaction(commits=False)

    async def dispose(self) -> None:
        """Close what is open."""
        for one in self.free:
            one.raw.close()
        self.free.clear()

    @asynccontextmanager
    async def _transaction(self, *, commits: bool) -> AsyncIterator[Statements]:
        async with self.places:
            connection = self.free.pop() if self.free else self._open()
            try:
                await _begin(connection.raw, self.word)
                yield connection
                if commits:
                    await _commit(connection.raw)
            finally:
                connection.raw.rollback()
                self.free.append(connection)

    def _open(self) -> Statements:
        try:
            raw = sqlite3.connect(self.url.database or "", isolation_level=None, timeout=0)
        except sqlite3.OperationalError as error:
            raise OperationalError("connect", None, error) from error
        for pragma in PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")
        if (life := LIFE.get()) is not None:
            life.files += [raw.rollback, raw.close]
        OPENED.append(raw)
        connection = _engine().connect()
        connection.detach()
        return Statements(connection, raw)


async def _begin(raw: sqlite3.Connection, word: str) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + LOCKED_SECONDS
    await asyncio.sleep(0)
    while word:
        try:
            raw.execute(word)
        except sqlite3.OperationalError as error:
            if loop.time() > until or not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise OperationalError(word, None, error) from error
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        else:
            return


async def _commit(raw: sqlite3.Connection) -> None:
    await asyncio.sleep(0)
    life = LIFE.get()
    if life is not None and not life.passes("before a commit"):
        await asyncio.get_running_loop().create_future()  # the dead wait for ever
    try:
        raw.commit()
    except sqlite3.OperationalError as error:
        raise OperationalError("COMMIT", None, error) from error
    if life is not None and not life.passes("after a commit"):
        await asyncio.get_running_loop().create_future()


def open_disk(url: URL, **_: Any) -> Disk:
    """Open a database as ``create_async_engine`` does."""
    return Disk(url)
