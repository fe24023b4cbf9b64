"""Opening, migrating and closing the database, and what a transaction promises."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.job import JobState
from storage.database import MIGRATIONS, Database, DatabaseBrokenError, DatabaseUnavailableError, open_database
from storage.facts import Fact
from storage.schema import metadata
from tests.storage.building import NOW, Store, in_state, new_job, text_message
from tests.storage.files import ROOT, content, names_beside, open_in_a_process, put, tables


async def test_each_connection_is_set_up_to_lose_nothing(database: Database) -> None:
    async with database.read() as one, database.read() as other:
        for connection in (one, other):
            found = [
                await connection.scalar(text(f"PRAGMA {name}"))
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
            ]
            assert found == ["wal", 2, 1, 10_000, 1]


@pytest.mark.parametrize(
    "name", ["bot.db", "a new folder/deep/bot.db", "100%.db", "50%25s.db", "a#b.db", "naïve база.db", "a+b&c=d;e.db"]
)
async def test_any_path_is_opened_as_it_is_written(tmp_path: Path, name: str) -> None:
    async with open_database(f"sqlite:///{tmp_path}/{name}") as opened:
        await Store(opened).facts.keep(Fact.PACE, 1)
    assert set(metadata.tables) < tables(tmp_path / name)


async def test_a_relative_path_is_seen_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_database("sqlite:///data/bot.db"):
        pass
    assert (tmp_path / "data" / "bot.db").is_file()


async def test_an_empty_file_is_an_empty_database(tmp_path: Path) -> None:
    (tmp_path / "bot.db").touch()
    async with open_database(f"sqlite:///{tmp_path}/bot.db") as opened:
        await in_state(Store(opened), JobState.DONE)


async def test_what_is_stored_is_there_after_opening_again(path: Path) -> None:
    async with open_database(f"sqlite:///{path}") as opened:
        job = await Store(opened).lists.open(new_job(), text_message(1), NOW)
    async with open_database(f"sqlite:///{path}") as opened:
        assert await Store(opened).jobs.get(job.id) == job


async def test_a_closed_database_leaves_one_file_and_no_thread(tmp_path: Path) -> None:
    returncode, out, _ = await open_in_a_process(tmp_path / "bot.db", MIGRATIONS)
    assert (returncode, out) == (0, "open\n")
    assert names_beside(tmp_path / "bot.db") == ["bot.db"]


@pytest.mark.parametrize("junk", [b"+79123456789\n" * 400, b"\x00" * 5000, b"SQLite format 3\x00" + b"\xff" * 5000])
async def test_a_file_that_is_no_database_is_told_so_and_left_alone(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "bot.db"
    put(path, junk)
    with pytest.raises(DatabaseBrokenError):
        async with open_database(f"sqlite:///{path}"):
            pass
    assert content(path) == junk


async def test_a_damaged_database_is_told_so(path: Path) -> None:
    damaged = bytearray(content(path))
    damaged[100:4096] = b"\xff" * 3996  # the page with the list of tables
    put(path, bytes(damaged))
    with pytest.raises(DatabaseBrokenError, match="SQLITE_CORRUPT"):
        async with open_database(f"sqlite:///{path}"):
            pass


async def test_a_path_that_cannot_be_opened_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailableError, match="SQLITE_CANTOPEN"):
        async with open_database(f"sqlite:///{tmp_path}"):
            pass


@pytest.mark.usefixtures("impatient")
async def test_a_database_that_another_program_holds_is_told_so(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseUnavailableError, match="SQLITE_BUSY"):
            async with open_database(f"sqlite:///{tmp_path}/bot.db"):
                pass


async def test_the_bot_says_in_one_line_that_its_file_is_no_database_and_ends(tmp_path: Path) -> None:
    put(tmp_path / "bot.db", b"+79123456789\n" * 400)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot"),
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "BOT_TOKEN": "424242:AAE-sandbox-token-of-the-tests-0123456",
            "CHECKER_API_KEY": "key-of-the-tests",
            "TELEGRAM_API_URL": "http://127.0.0.1:9",
            "DATABASE_URL": f"sqlite:///{tmp_path}/bot.db",
            "DATA_DIR": str(tmp_path / "data"),
            "ALLOWED_IDS": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    async with asyncio.timeout(120):
        out, _ = await process.communicate()
    assert process.returncode == 1
    last = out.decode().splitlines()[-1]
    assert "is not a database" in last
    assert "restore a backup" in last
    assert "Traceback" not in out.decode()
