"""Opening the database: engine, pragmas, migrations, close."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Table, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.one_step import READS, take_one_step

MIGRATIONS = Path(__file__).parent / "migrations"
KEPT_STATEMENTS = 64
"""So many statements a connection need not prepare anew, which takes longer than to do most of them."""
BUSY_MS = 10_000
"""How long a write waits for another connection's write. Every transaction here is short."""
PRAGMAS = (
    f"busy_timeout={BUSY_MS}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "wal_autocheckpoint=16384",
)
"""What SQLite keeps per connection. ``secure_delete``: numbers that were deleted are not left in the file. Whoever
commits copies the log into the database only where nobody else has done it for 64 MiB: see ``Database.copy_log``."""


class DatabaseTooNewError(Exception):
    """The database was written by a newer version of this program."""


class DatabaseUnavailableError(Exception):
    """The database takes nothing now: it is locked for long, the disk is full, or the file cannot be opened."""


class DatabaseBrokenError(Exception):
    """The file is not a database, or it is damaged: only a backup helps."""


BROKEN = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
OUR_MISTAKE = "SQLITE_ERROR"
"""A statement that SQLite does not understand: no waiting helps, it has to be seen."""


@dataclass(frozen=True, slots=True)
class Database:
    """The open database. A transaction has a connection of its own, so one's rollback never undoes another's write."""

    engine: AsyncEngine
    gatherers: dict[Any, Any] = field(default_factory=dict, compare=False)
    """Those who wait for a transaction with others; see ``storage.together``."""
    _line: asyncio.Lock = field(default_factory=asyncio.Lock, compare=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, compare=False)

    @asynccontextmanager
    async def write(self, *, ahead: bool = False) -> AsyncIterator[AsyncConnection]:
        """Give a connection in a transaction that commits at the end, or rolls back on any error.

        SQLite has one writer at a time. Whoever waits for it there looks again after pauses that grow, and keeps one of
        the few connections meanwhile, which those who read have to wait for then: so those of this program wait here.

        Args:
            ahead: Whether it is let in before all who wait in the line.
        """
        waits = (self._turn,) if ahead else (self._line, self._turn)
        async with AsyncExitStack() as ending:
            if self.engine.dialect.name == "sqlite":
                try:
                    async with asyncio.timeout(BUSY_MS / 1000):
                        for lock in waits:
                            await ending.enter_async_context(lock)
                except TimeoutError:
                    raise DatabaseUnavailableError("it is written without end") from None
            with _translated():
                async with self.engine.begin() as connection:
                    yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection whose statements see one state of the database and that holds up no writer."""
        reader = self.engine.execution_options(begin=READS)
        with _translated():
            async with reader.connect() as connection:
                yield connection

    async def copy_log(self) -> None:
        """Copy what was committed out of SQLite's write-ahead log, beside all who read and write.

        Else whoever commits has to do that, while everybody waits who wants to write.
        """
        if self.engine.dialect.name == "sqlite":
            await self._checkpoint("PASSIVE")

    async def empty_log(self) -> None:
        """Let nothing that was deleted stay in SQLite's write-ahead log; other databases keep none of the kind.

        Readers that are under way are waited for. Where one goes on, the log is emptied some time later by itself.
        """
        if self.engine.dialect.name == "sqlite":
            await self._checkpoint("TRUNCATE")

    async def _checkpoint(self, how: str) -> None:
        alone = self.engine.execution_options(begin="")  # in a transaction there is no checkpoint
        with _translated():
            async with alone.connect() as connection:
                (await connection.exec_driver_sql(f"PRAGMA wal_checkpoint({how})")).all()

    def insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """Begin an INSERT that knows ON CONFLICT, in the words of the database that is open."""
        if self.engine.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)


async def alone(connection: AsyncConnection, name: str) -> None:
    """Let no other transaction get past this name until this one ends.

    SQLite has one writer at a time anyway (BEGIN IMMEDIATE); PostgreSQL is asked for a lock that ends by itself.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except NoConnectionFreeError as error:
        raise DatabaseUnavailableError("no connection is free") from error
    except DBAPIError as error:
        name = getattr(error.orig, "sqlite_errorname", type(error.orig).__name__)
        if name.startswith(BROKEN):
            raise DatabaseBrokenError(name) from error
        if isinstance(error, OperationalError) and name != OUR_MISTAKE:
            raise DatabaseUnavailableError(name) from error
        raise


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Open the database, bring its tables up to date, and close it at the end.

    Args:
        url: ``sqlite:///path``, the path as it is: nothing in it is decoded.

    Raises:
        DatabaseTooNewError: The tables are of a newer version than this program.
        DatabaseBrokenError: The file is not a database, or it is damaged.
        DatabaseUnavailableError: The file cannot be opened or written, or another program holds it.
    """
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=url.removeprefix("sqlite:///")),
        pool_size=8,
        max_overflow=0,
        connect_args={"timeout": BUSY_MS / 1000, "cached_statements": KEPT_STATEMENTS},
        hide_parameters=True,  # an error that is logged must not hold what is on a list
    )
    _prepare_sqlite(engine)
    try:
        path = engine.url.database
        if path:
            await asyncio.to_thread(Path(path).parent.mkdir, parents=True, exist_ok=True)
        with _translated():
            async with engine.connect() as connection:
                await connection.run_sync(_migrate)
        yield Database(engine)
    finally:
        # aiosqlite's threads keep the process alive otherwise, also when the close is cancelled.
        await asyncio.shield(engine.dispose())


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """Set what SQLite keeps per connection, and begin transactions ourselves.

    Python's sqlite3 begins a transaction late and not at all before DDL, which breaks both SERIALIZABLE and migrations:
    https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable. IMMEDIATE takes the write lock at
    the start: a transaction that reads first and writes later could not wait for it.
    """
    take_one_step(engine)

    @event.listens_for(engine.sync_engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401  (the driver's own class)
        try:
            connection.isolation_level = None
            cursor = connection.cursor()
            for pragma in PRAGMAS:
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()
        except BaseException:
            connection.close()  # the pool does not know it yet, and its thread would keep the process alive
            raise

    @event.listens_for(engine.sync_engine, "invalidate")
    def give_up_the_lock(connection: Any, _record: object, _error: object) -> None:  # noqa: ANN401  (the driver's class)
        # What was cancelled is closed, but SQLite closes nothing while a statement of it is not done with, and that may
        # be kept by a traceback for long: until then nobody else could write.
        connection.rollback()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        opened: Any = connection.connection.dbapi_connection
        opened.begin(connection.get_execution_options().get("begin", "BEGIN IMMEDIATE"))


def _migrate(connection: Connection) -> None:
    """Bring the tables up to date. Each migration is one transaction: a kill leaves the one before or the one after."""
    known, newest = _revisions(MIGRATIONS)
    current = set(MigrationContext.configure(connection).get_current_heads())
    connection.rollback()
    if not current <= known:
        raise DatabaseTooNewError
    if current == newest:
        return
    config = _config(MIGRATIONS)
    config.attributes["connection"] = connection
    with _without_foreign_keys(connection):
        command.upgrade(config, "head")
        connection.commit()


def _config(folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


@cache
def _revisions(folder: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Give all revisions there are, and the newest; to know them every migration is loaded, so it is done once."""
    scripts = ScriptDirectory.from_config(_config(folder))
    return frozenset(script.revision for script in scripts.walk_revisions()), frozenset(scripts.get_heads())


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let a table be built anew without what refers to it (https://www.sqlite.org/lang_altertable.html, section 7).

    SQLite heeds this between transactions only.
    """
    for switch in ("OFF", "ON"):
        if connection.dialect.name == "sqlite":
            connection.execution_options(begin="")
            connection.exec_driver_sql(f"PRAGMA foreign_keys={switch}")
            connection.rollback()
            connection.execution_options(begin="BEGIN IMMEDIATE")
        if switch == "OFF":
            yield
