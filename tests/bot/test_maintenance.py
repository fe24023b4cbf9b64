"""The commands for the terminal, as the one who runs the bot types them."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.lock import only_one
from bot.maintenance import parsed
from storage.database import open_database

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "data").mkdir()
    return {
        "PATH": os.environ["PATH"],
        "BOT_TOKEN": "424242:AAE-sandbox-token-of-the-tests-0123456",
        "CHECKER_API_KEY": "the-key-of-the-tests",
        "TELEGRAM_API_URL": "http://127.0.0.1:9",
        "CHECKER_API_URL": "http://127.0.0.1:9/v1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'bot.db'}",
        "DATA_DIR": str(tmp_path / "data"),
    }


@pytest.fixture
async def database(environment: dict[str, str]) -> Path:
    async with open_database(environment["DATABASE_URL"]):
        return Path(environment["DATABASE_URL"].removeprefix("sqlite:///"))


def bot(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_without_a_command_the_bot_runs() -> None:
    assert parsed([]).command is None


def test_a_command_that_is_not_known_is_said(environment: dict[str, str]) -> None:
    ended = bot(environment, "fly")
    assert ended.returncode == 2
    assert "invalid choice: 'fly'" in ended.stderr


def test_help_names_the_commands_and_needs_no_settings() -> None:
    ended = bot({"PATH": os.environ["PATH"]}, "--help")
    assert ended.returncode == 0
    assert all(command in ended.stdout for command in ("check", "backup", "restore"))


def test_check_prints_a_line_for_each_and_fails_where_one_is_wrong(environment: dict[str, str]) -> None:
    ended = bot(environment, "check")
    assert ended.returncode == 1
    assert [line.split("  ")[0] for line in ended.stdout.splitlines()] == [
        "settings",
        "Telegram",
        "checking API",
        "database",
    ]
    assert "Traceback" not in ended.stderr


def test_wrong_settings_are_told_before_anything_is_done(environment: dict[str, str], tmp_path: Path) -> None:
    ended = bot(environment | {"RETENTION_DAYS": "soon"}, "backup", str(tmp_path / "copy.db"))
    assert ended.returncode == 2
    assert "RETENTION_DAYS" in ended.stderr
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.usefixtures("database")
def test_backup_and_restore_bring_back_what_was_there(
    environment: dict[str, str], database: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT INTO chats (chat_id, region) VALUES (7, 'RU')")
    copy = tmp_path / "copy.db"
    saved = bot(environment, "backup", str(copy))
    assert (saved.returncode, saved.stderr) == (0, "")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM chats")
    back = bot(environment, "restore", str(copy))
    assert (back.returncode, back.stderr) == (0, "")
    assert "Lists that were queued ask again: 0." in back.stdout
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT chat_id, region FROM chats").fetchall() == [(7, "RU")]


def test_a_failed_backup_is_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    ended = bot(environment, "backup", str(tmp_path / "copy.db"))
    assert ended.returncode == 1
    assert ended.stderr.startswith("No backup was made: there is no database at ")
    assert ended.stderr.count("\n") == 1


def test_nothing_is_restored_under_a_running_bot(environment: dict[str, str], database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    bot(environment, "backup", str(copy))
    before = database.read_bytes()
    with only_one(database.parent):
        ended = bot(environment, "restore", str(copy))
    assert ended.returncode == 1
    assert ended.stderr == "The bot is running: stop it first. Nothing was changed.\n"
    assert database.read_bytes() == before
