"""A connection to SQLite that does a statement in one step of its thread: the cursor, the statement, and all its rows.

SQLAlchemy's own cursor for aiosqlite goes to the thread and back for each of them, and for BEGIN and ROLLBACK. A step
takes longer than most of the statements here. So a transaction begins in the step of its first statement, and the end
of one that has only read is not waited for: whoever has the connection next comes after it.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from sqlalchemy import event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util.concurrency import await_

LARGE_BYTES: Final = 1 << 16
"""A statement that is kept for the next time keeps what was bound to it; so much is not to be kept."""
BOUND: Final = (bytes, str, memoryview)
READS: Final = "BEGIN"
"""Begins a transaction that holds up no writer."""

_Method: TypeAlias = Callable[[sqlite3.Cursor, str, Any], object]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a statement, under the names of PEP 249."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: deque[Any] = field(default_factory=deque)
    """Those that nobody has asked for yet."""


@dataclass(slots=True)
class OneStepCursor:
    """What SQLAlchemy uses of a cursor (PEP 249); it is open only within a statement."""

    connection: "OneStepConnection"
    done: Done = field(default_factory=Done)
    arraysize: int = 1

    @property
    def description(self) -> Any:  # noqa: ANN401  (the driver's own)
        """Say which columns there are; None where nothing was asked."""
        return self.done.description

    @property
    def rowcount(self) -> int:
        """Say how many rows were changed."""
        return self.done.rowcount

    @property
    def lastrowid(self) -> int | None:
        """Name the row that was inserted last."""
        return self.done.lastrowid

    def execute(self, operation: str, parameters: Sequence[Any] = ()) -> None:
        """Do a statement."""
        self.done = self.connection.do(sqlite3.Cursor.execute, operation, parameters, parameters)

    def executemany(self, operation: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Do a statement for each of these."""
        last = parameters[-1] if parameters else ()
        self.done = self.connection.do(sqlite3.Cursor.executemany, operation, parameters, last)

    @property
    def rows(self) -> deque[Any]:
        """Give the rows that are left."""
        return self.done.rows

    def fetchone(self) -> Any:  # noqa: ANN401  (a row)
        """Give the next row; None where there is none."""
        return self.rows.popleft() if self.rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Give the next rows."""
        return [self.rows.popleft() for _ in range(min(size or self.arraysize, len(self.rows)))]

    def fetchall(self) -> list[Any]:
        """Give all rows that are left."""
        rest = list(self.rows)
        self.rows.clear()
        return rest

    def __iter__(self) -> Iterator[Any]:
        """Give row after row."""
        while self.rows:
            yield self.rows.popleft()

    def close(self) -> None:
        """Forget what was not asked for."""
        self.rows.clear()

    async def _async_soft_close(self) -> None:
        """Have nothing to close."""


class OneStepConnection(AsyncAdapt_aiosqlite_connection):
    """SQLAlchemy's connection with such cursors."""

    __slots__ = ("_begun", "_word", "holds_much")

    def __init__(self, opened: AsyncAdapt_aiosqlite_connection) -> None:
        super().__init__(opened.dbapi, opened.driver_connection)
        self._word = self._begun = ""
        self.holds_much = False
        """Whether one of its statements keeps something large."""

    def cursor(self, server_side: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002  (as SQLAlchemy has it)
        """Give a cursor."""
        return super().cursor(server_side) if server_side else OneStepCursor(self)

    def begin(self, word: str) -> None:
        """Begin a transaction with this word before the next statement."""
        self._word = word

    def do(self, method: _Method, operation: str, parameters: Sequence[Any], last: Sequence[Any]) -> Done:
        """Do a statement, and give what came of it.

        Args:
            method: Of sqlite3's cursor.
            operation: In SQL.
            parameters: For the method.
            last: What stays bound to the statement.
        """
        self.holds_much |= any(isinstance(one, BOUND) and len(one) > LARGE_BYTES for one in last)
        word, self._word = self._word, ""
        self._begun = word or self._begun
        try:
            driver: Any = self._connection
            done: Done = await_(driver._execute(_step, driver._conn, word, method, operation, parameters))  # noqa: SLF001  (aiosqlite gives no other way into its thread)
        except Exception as error:  # noqa: BLE001  (as SQLAlchemy does)
            self._handle_exception(error)
        return done

    def rollback(self) -> None:
        """Undo the transaction, if there is one; end one that has only read."""
        begun, self._word, self._begun = self._begun, "", ""
        if begun == READS:
            self._end_reading()
        elif begun:
            super().rollback()

    def _end_reading(self) -> None:
        driver: Any = self._connection
        if driver._connection:  # noqa: SLF001  (as SQLAlchemy looks)
            driver._tx.put_nowait((None, driver._conn.rollback))  # noqa: SLF001  (as SQLAlchemy uses its thread)

    def commit(self) -> None:
        """Keep what was done in the transaction, if there is one."""
        self._word = ""
        if self._begun:
            super().commit()
            self._begun = ""


def take_one_step(engine: AsyncEngine) -> None:
    """Have an engine open such connections, and close those that would keep something large in memory."""

    @event.listens_for(engine.sync_engine, "do_connect")
    def connect(dialect: Any, _record: object, given: list[Any], options: dict[str, Any]) -> OneStepConnection:  # noqa: ANN401  (SQLAlchemy's)
        return OneStepConnection(dialect.dbapi.connect(*given, **options))

    @event.listens_for(engine.sync_engine, "checkin")
    def let_go(connection: OneStepConnection | None, record: Any) -> None:  # noqa: ANN401  (the pool's own class)
        if connection is not None and connection.holds_much:
            record.invalidate()


def _step(connection: sqlite3.Connection, word: str, method: _Method, operation: str, given: Sequence[Any]) -> Done:
    cursor = connection.cursor()
    try:
        if word:
            cursor.execute(word)
        method(cursor, operation, given)
        rows = deque(cursor.fetchall() if cursor.description else ())
        return Done(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
    finally:
        cursor.close()
