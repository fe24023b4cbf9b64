"""How the process begins, and how it ends where its database turns out to be damaged while it runs."""

import asyncio
import logging
from pathlib import Path

import pytest

from bot import __main__ as program
from storage.database import DatabaseBrokenError
from tests.fakes import settings


async def test_a_database_that_is_damaged_while_the_bot_runs_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def live(*_given: object) -> None:
        async def worker() -> None:
            raise DatabaseBrokenError("SQLITE_CORRUPT")

        async with asyncio.TaskGroup() as group, asyncio.TaskGroup() as inner:
            group.create_task(asyncio.sleep(60))
            inner.create_task(worker())

    monkeypatch.setattr(program, "_live", live)
    assert await program._run(settings(tmp_path)) == 1
    [told] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert told.levelno == logging.CRITICAL
    assert str(tmp_path / "bot.db") in told.message
    assert "the file is kept" in told.message
    assert "python -m bot restore FILE" in told.message
    assert not told.exc_info


async def test_what_else_broke_at_the_same_time_is_not_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def live(*_given: object) -> None:
        raise ExceptionGroup("both", [DatabaseBrokenError("SQLITE_CORRUPT"), RuntimeError("a bug")])

    monkeypatch.setattr(program, "_live", live)
    assert await program._run(settings(tmp_path)) == 1
    assert "a bug" in caplog.text


async def test_any_other_end_is_not_taken_for_a_damaged_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def live(*_given: object) -> None:
        raise ExceptionGroup("a bug", [RuntimeError("a bug")])

    monkeypatch.setattr(program, "_live", live)
    with pytest.raises(ExceptionGroup):
        await program._run(settings(tmp_path))


def test_what_a_killed_bot_was_working_on_is_gone_at_the_next_start(tmp_path: Path) -> None:
    left = tmp_path / "work" / "abc"
    left.mkdir(parents=True)
    (left / "0.numbers").write_text("+79123000001\n", encoding="ascii")
    assert list(program._empty_folder(tmp_path / "work").iterdir()) == []
