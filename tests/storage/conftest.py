"""A real SQLite file for each test."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

import storage.database
from storage.database import Database, open_database
from tests.storage.building import Store


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Where an empty, migrated database lies once there is one: copying it is faster than migrating for each test."""
    return [tmp_path_factory.mktemp("migrated") / "bot.db"]


@pytest.fixture
async def path(migrated: list[Path], tmp_path: Path) -> Path:
    if not migrated[0].exists():
        async with open_database(f"sqlite:///{migrated[0]}"):
            pass
    return Path(shutil.copy(migrated[0], tmp_path / "bot.db"))


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    async with open_database(f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


@pytest.fixture
async def second(path: Path) -> AsyncIterator[Store]:
    """Another worker on the same file."""
    async with open_database(f"sqlite:///{path}") as opened:
        yield Store(opened)


@pytest.fixture
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """The file itself, past the program."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        yield connection


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits ten seconds for a lock here."""
    monkeypatch.setattr(storage.database, "BUSY_MS", 50)
    monkeypatch.setattr(storage.database, "PRAGMAS", ("busy_timeout=50", *storage.database.PRAGMAS[1:]))
