"""A copy while the bot runs, and putting one back."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.job import Asks, Beginning, Failure, JobState
from storage.backups import BackupError, back_up, jobs_in, restore
from storage.chat_settings import Consent
from storage.database import open_database
from tests.storage.building import ANNA, CHAT, NOW, Store, in_state

STATES = (JobState.CONFIRMING, JobState.QUEUED, JobState.SUBMITTING, JobState.CHECKING, JobState.DONE)


async def some_jobs(store: Store) -> None:
    for state in STATES:
        await in_state(store, state)


def rows(path: Path, columns: str = "state") -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT {columns} FROM jobs ORDER BY id").fetchall()  # noqa: S608  (ours)


async def test_a_backup_of_an_open_database_holds_what_was_committed(store: Store, path: Path, tmp_path: Path) -> None:
    await some_jobs(store)
    copy = tmp_path / "copy.db"
    assert back_up(path, copy) == len(STATES)
    assert rows(copy) == [(state.value,) for state in STATES]


async def test_a_backup_is_for_its_owner_only(store: Store, path: Path, tmp_path: Path) -> None:
    await some_jobs(store)
    back_up(path, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_mode & 0o077 == 0


async def test_a_backup_never_replaces_a_file(store: Store, path: Path, tmp_path: Path) -> None:
    await some_jobs(store)
    taken = tmp_path / "copy.db"
    taken.write_text("something dear")
    with pytest.raises(BackupError, match="exists already"):
        back_up(path, taken)
    assert taken.read_text() == "something dear"


async def test_after_a_restore_what_was_queued_asks_again_and_all_else_is_as_it_was(
    store: Store, path: Path, tmp_path: Path
) -> None:
    await some_jobs(store)
    copy, target = tmp_path / "copy.db", tmp_path / "restored.db"
    back_up(path, copy)
    assert restore(copy, target, NOW + 5) == 1
    expected = [JobState.CONFIRMING if state is JobState.QUEUED else state for state in STATES]
    assert rows(target) == [(state.value,) for state in expected]
    assert rows(target, "failure, due_at, waiting")[1] == (Failure.RESTORED.value, NOW + 5, None)


async def test_after_a_restore_no_list_begins_by_itself_for_it_may_have_done_so_since(
    store: Store, path: Path, tmp_path: Path
) -> None:
    await store.chat_settings.consent(CHAT, Consent(100, ANNA, "Anna", NOW))
    planned, unread = await in_state(store, JobState.CONFIRMING), await in_state(store, JobState.READING)
    await store.beginnings.plan(planned.job, NOW + 5)
    copy, target = tmp_path / "copy.db", tmp_path / "restored.db"
    back_up(path, copy)
    restore(copy, target, NOW)
    async with open_database(f"sqlite:///{target}") as database:
        restored = Store(database)
        for case in (planned, unread):
            assert await restored.beginnings.of(case.job.id) == Beginning(asks=Asks.PRESSED)


async def test_a_restored_database_opens_and_the_list_can_be_pressed_again(
    store: Store, path: Path, tmp_path: Path
) -> None:
    case = await in_state(store, JobState.QUEUED)
    copy, target = tmp_path / "copy.db", tmp_path / "restored.db"
    back_up(path, copy)
    restore(copy, target, NOW)
    async with open_database(f"sqlite:///{target}") as database:
        restored = Store(database)
        job = await restored.job(case.job.id)
        assert await restored.moves.press(job, job.read_revision, job.starter_id, NOW)


async def test_a_restore_keeps_the_database_that_was_there(store: Store, path: Path, tmp_path: Path) -> None:
    await some_jobs(store)
    copy, target = tmp_path / "copy.db", tmp_path / "restored.db"
    back_up(path, copy)
    restore(copy, target, NOW)
    with closing(sqlite3.connect(target)) as connection, connection:
        connection.execute("DELETE FROM jobs")
    restore(copy, target, NOW)
    assert len(rows(target)) == len(STATES)
    assert rows(target.with_name("restored.db.before-restore")) == []


def names_in(folder: Path, pattern: str) -> list[str]:
    return sorted(file.name for file in folder.glob(pattern))


def broken(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"rubbish" * 4000)


def no_database(path: Path) -> None:
    path.write_text("a letter to a friend")


def another_programs(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE jobs (id INTEGER)")


def missing(path: Path) -> None:
    path.unlink(missing_ok=True)


@pytest.mark.parametrize("make", [broken, no_database, another_programs, missing])
async def test_what_is_no_backup_of_ours_changes_nothing(
    make: Callable[[Path], None], store: Store, path: Path, tmp_path: Path
) -> None:
    await some_jobs(store)
    copy, target = tmp_path / "copy.db", tmp_path / "restored.db"
    back_up(path, target)
    before = target.read_bytes()
    make(copy)
    with pytest.raises(BackupError):
        restore(copy, target, NOW)
    assert target.read_bytes() == before
    assert names_in(tmp_path, "restored*") == ["restored.db"]


@pytest.mark.parametrize("make", [broken, no_database, another_programs, missing])
def test_only_a_sound_database_of_ours_is_called_so(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "file.db")
    with pytest.raises(BackupError):
        jobs_in(tmp_path / "file.db")


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no database"):
        back_up(tmp_path / "bot.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []
