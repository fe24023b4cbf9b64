"""Bringing a database up to date: each migration whole or not at all, and never one of a newer program."""

import shutil
import zlib
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

import storage.database
from bot.job import JobState
from bot.searching import search_for
from storage.database import MIGRATIONS, DatabaseTooNewError, open_database
from storage.history import History
from storage.schema import jobs, metadata
from tests.storage.building import CHAT, NOW, OTHER_CHAT, Store, in_state
from tests.storage.files import content, dump, open_in_a_process, put, tables

LATEST = max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
NEXT = """
from alembic import op
revision, down_revision = "9001", "the latest"
def upgrade():
    op.execute("CREATE TABLE first (id INTEGER)")
    op.execute("INSERT INTO facts (name, value) VALUES ('second', '1')")
    op.execute("CREATE TABLE last (id INTEGER)")
""".replace("the latest", LATEST)


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The migrations of the next version of the program."""
    folder = tmp_path / "newer migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9001_the_next.py").write_text(NEXT)
    return folder


async def test_migrations_are_found_wherever_the_program_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "50%s off: a folder"
    shutil.copytree(MIGRATIONS, folder)
    monkeypatch.setattr(storage.database, "MIGRATIONS", folder)
    async with open_database(f"sqlite:///{tmp_path}/bot.db"):
        pass
    assert set(metadata.tables) < tables(tmp_path / "bot.db")


@pytest.mark.parametrize("number", ["SIGKILL", "SIGTERM"])
@pytest.mark.parametrize("words", ["CREATE TABLE attempts", "INSERT INTO alembic_version"])
async def test_a_process_that_ends_in_the_middle_of_the_first_migration_leaves_nothing_of_it(
    tmp_path: Path, number: str, words: str
) -> None:
    path = tmp_path / "bot.db"
    returncode, _, _ = await open_in_a_process(path, MIGRATIONS, number, words)
    assert returncode < 0
    assert tables(path) == set()
    async with open_database(f"sqlite:///{path}") as opened:
        await in_state(Store(opened), JobState.DONE)


@pytest.mark.parametrize("words", ["INSERT INTO facts", "CREATE TABLE last", "UPDATE alembic_version"])
async def test_a_process_that_is_killed_in_a_later_migration_leaves_the_one_before(
    path: Path, newer: Path, words: str
) -> None:
    before = dump(path)
    returncode, _, _ = await open_in_a_process(path, newer, "SIGKILL", words)
    assert returncode == -9
    assert dump(path) == before
    async with open_database(f"sqlite:///{path}"):
        pass  # the older program goes on with it


async def test_migrations_that_were_done_before_a_kill_stay_done(path: Path, newer: Path) -> None:
    third = NEXT.replace(f'"9001", "{LATEST}"', '"9002", "9001"').replace("first", "early").replace("last", "late")
    put(newer / "versions" / "9002_the_one_after.py", third.replace("'second'", "'third'").encode())
    returncode, _, _ = await open_in_a_process(path, newer, "SIGKILL", "CREATE TABLE late")
    assert returncode == -9
    assert {"first", "last"} < tables(path)
    assert not {"early", "late"} & tables(path)
    assert await open_in_a_process(path, newer) == (0, "open\n", "")
    assert {"early", "late"} < tables(path)


async def test_an_error_in_a_migration_leaves_the_one_before(
    path: Path, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(path)
    with (newer / "versions" / "9001_the_next.py").open("a") as migration:
        migration.write("    raise ZeroDivisionError\n")
    monkeypatch.setattr(storage.database, "MIGRATIONS", newer)
    with pytest.raises(ZeroDivisionError):
        async with open_database(f"sqlite:///{path}"):
            pass
    assert dump(path) == before


async def test_a_database_of_a_newer_program_is_refused_and_unchanged(
    path: Path, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer_program:
        newer_program.setattr(storage.database, "MIGRATIONS", newer)
        async with open_database(f"sqlite:///{path}"):
            pass
    assert {"first", "last"} < tables(path)
    before = content(path)
    with pytest.raises(DatabaseTooNewError):
        async with open_database(f"sqlite:///{path}"):
            pass
    assert content(path) == before


async def test_an_older_database_is_brought_up_to_date_with_what_it_holds(
    path: Path, newer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_database(f"sqlite:///{path}") as opened:
        case = await in_state(Store(opened), JobState.DONE)
    monkeypatch.setattr(storage.database, "MIGRATIONS", newer)
    for _ in range(2):
        async with open_database(f"sqlite:///{path}") as opened:
            assert await Store(opened).jobs.get(case.job.id) == case.job
    assert {"first", "last"} < tables(path)


async def test_lists_that_were_there_before_the_history_are_found_by_their_names(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with open_database(f"sqlite:///{path}") as opened:
        private = await in_state(Store(opened), JobState.DONE, chat_id=OTHER_CHAT)
        group = await in_state(Store(opened), JobState.DONE)
        folding = import_module("storage.migrations.versions.0006_history")
        async with opened.write() as connection:
            await connection.execute(jobs.update().values(name="База +79123456789.TXT", name_folded=None))
            await connection.run_sync(folding._fold_names)
        found = {
            chat_id: [
                len((await History(opened).page(chat_id, search_for(words, NOW), first=0, most=5)).jobs)
                for words in ("база", "9123456789")
            ]
            for chat_id in (private.job.chat_id, group.job.chat_id)
        }
    assert found == {OTHER_CHAT: [1, 1], CHAT: [1, 0]}


async def test_a_table_that_is_built_anew_keeps_what_belongs_to_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "older migrations"
    shutil.copytree(MIGRATIONS, older, ignore=shutil.ignore_patterns("__pycache__", "000[3-9]*"))
    path = tmp_path / "bot.db"
    with monkeypatch.context() as older_program:
        older_program.setattr(storage.database, "MIGRATIONS", older)
        async with open_database(f"sqlite:///{path}") as opened, opened.write() as connection:
            for statement in OLD_ROWS:
                await connection.exec_driver_sql(statement)
    async with open_database(f"sqlite:///{path}") as opened:
        store = Store(opened)
        checking, waiting = await store.job(1), await store.job(2)
        assert (checking.to_check, checking.known, waiting.to_check) == (3, 0, 0)
        assert [one.content for one in await store.lists.messages(1)] == [b"text"]
        with pytest.raises(IntegrityError):  # foreign keys are heeded again
            async with opened.write() as connection:
                await connection.exec_driver_sql("INSERT INTO job_numbers VALUES (9, x'', x'', x'')")


JOB = (
    "INSERT INTO jobs (id, token, state, state_since, created_at, due_at, chat_id, starter_id, starter_name, language, "
)
OLD_ROWS = (
    f"{JOB} valid, asked_by, attempts, task_id) VALUES (1, 'a', 'checking', 1, 1, 1, 5, 5, 'A', 'en', 3, 5, 1, 't')",
    f"{JOB} valid) VALUES (2, 'b', 'confirming', 1, 1, 1, 5, 5, 'A', 'en', 3)",
    "INSERT INTO job_messages (job_id, chat_id, message_id, sent_at, content) VALUES (1, 5, 7, 1, x'TEXT')".replace(
        "TEXT", zlib.compress(b"text").hex()
    ),
)
