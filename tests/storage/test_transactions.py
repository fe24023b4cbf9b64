"""What a transaction promises, and what is said when it cannot be had."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import IntegrityError, OperationalError

import storage.database
from bot.job import JobState
from storage import one_step
from storage.database import Database, DatabaseUnavailableError, open_database
from storage.facts import Fact
from storage.lists import StoredResult
from tests.storage.building import ANNA, NOW, VERDICTS, Store, in_state, new_job, text_message
from tests.storage.files import dump


async def test_writes_take_the_lock_at_once_and_reads_take_none(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, begun = one_step._step, []

    def noted(connection: sqlite3.Connection, begin: str, *rest: Any) -> Any:
        begun.append(begin)
        return step(connection, begin, *rest)

    monkeypatch.setattr(one_step, "_step", noted)
    store = Store(database)
    await store.facts.get(Fact.PACE, NOW)
    await store.facts.forget(Fact.PACE)
    assert [word for word in begun if word] == ["BEGIN", "BEGIN IMMEDIATE"]


async def test_an_error_undoes_all_of_its_transaction_and_nothing_of_anothers(store: Store) -> None:
    writing = asyncio.Event()

    async def fail() -> None:
        async with store.database.write() as connection:
            await connection.execute(text("INSERT INTO facts (name, value) VALUES ('lost', '1')"))
            writing.set()
            await asyncio.sleep(0)  # the others are waiting for the lock by now
            raise ZeroDivisionError

    async def succeed(fact: Fact) -> None:
        await writing.wait()
        await store.facts.keep(fact, 1)

    failed, *others = await asyncio.gather(fail(), succeed(Fact.PACE), succeed(Fact.MINIMUM), return_exceptions=True)
    assert isinstance(failed, ZeroDivisionError)
    assert others == [None, None]
    async with store.database.read() as connection:
        names = set((await connection.scalars(text("SELECT name FROM facts"))).all())
    assert names == {"pace", "minimum"}


async def test_many_coroutines_write_and_read_at_once(store: Store) -> None:
    async with asyncio.TaskGroup() as group:
        opened = [group.create_task(store.lists.open(new_job(), text_message(n), NOW)) for n in range(40)]
    found = [await store.jobs.get(task.result().id) for task in opened]
    assert found == [task.result() for task in opened]


async def test_a_reader_is_not_held_up_by_a_writer_and_sees_nothing_half_written(store: Store, second: Store) -> None:
    async with store.database.write() as connection:
        await connection.execute(text("INSERT INTO facts (name, value) VALUES ('pace', '1')"))
        assert await second.facts.get(Fact.PACE, NOW) is None
    assert await second.facts.get(Fact.PACE, NOW) == 1


async def test_a_reader_sees_one_state_however_long_it_reads(store: Store, second: Store) -> None:
    count = text("SELECT count(*) FROM facts")
    async with store.database.read() as connection:
        assert await connection.scalar(count) == 0
        await second.facts.keep(Fact.PACE, 1)
        assert await connection.scalar(count) == 0


async def _open(store: Store) -> object:
    return await store.lists.open(new_job(), text_message(900), NOW)


async def _open_again(store: Store) -> object:
    return await store.lists.open_again(await store.job(1), NOW, language="en", person=(ANNA, "Anna"))


async def _begin_submit(store: Store) -> object:
    return await store.submits.begin_submit(await store.job(2), NOW)


@contextmanager
def heard(engine: Engine, **events: Callable[..., None]) -> Iterator[None]:
    for name, hear in events.items():
        event.listen(engine, name, hear)
    yield
    for name, hear in events.items():
        event.remove(engine, name, hear)


@pytest.mark.parametrize("write", [_open, _open_again, _begin_submit])
@pytest.mark.parametrize("at", [0, 1, 2, 3, "COMMIT"])
async def test_a_write_that_is_cancelled_is_done_or_not_and_holds_no_lock(
    store: Store, path: Path, write: Callable[[Store], Coroutine[None, None, object]], at: int | str
) -> None:
    for state in (JobState.EXPIRED, JobState.QUEUED):
        await in_state(store, state)
    before = dump(path)
    said: list[str] = []

    def note(_connection: Connection, _cursor: object = None, statement: str = "BEGIN IMMEDIATE", *_: object) -> None:
        if said or statement == "BEGIN IMMEDIATE":
            said.append(statement)
            if len(said) - 1 == at:
                task.cancel()

    def cancel_commit(_connection: object) -> None:
        if said and at == "COMMIT":
            task.cancel()

    engine = store.database.engine.sync_engine
    with heard(engine, begin=note, before_cursor_execute=note, commit=cancel_commit):
        async with asyncio.TaskGroup() as group:
            task = group.create_task(write(store))
    if at in {0, 1, 2, "COMMIT"}:
        assert task.cancelled()
    # The cancelled connection closes in its thread, which takes a moment; a lock that is held would take for ever.
    with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        changed = other.execute("SELECT count(*) FROM jobs WHERE state = 'submitting' OR id = 3").fetchone()
        fitting = other.execute(
            "SELECT (SELECT count(*) FROM attempts) + (SELECT count(*) FROM job_messages WHERE job_id = 3)"
        ).fetchone()
        other.execute("ROLLBACK")
    assert changed == fitting
    if task.cancelled() and at != "COMMIT":
        assert dump(path) == before
    if changed == (0,):
        assert await write(store)
    assert "Current Checked out connections: 0" in store.database.engine.pool.status()


@pytest.mark.usefixtures("impatient")
async def test_a_write_that_cannot_get_the_lock_says_that_the_database_is_not_available(path: Path) -> None:
    async with open_database(f"sqlite:///{path}") as opened:
        store = Store(opened)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseUnavailableError, match="SQLITE_BUSY"):
                await store.facts.keep(Fact.PACE, 1)
            assert await store.facts.get(Fact.PACE, NOW) is None
        await store.facts.keep(Fact.PACE, 1)


async def test_a_full_disk_says_that_the_database_is_not_available_and_undoes_the_write(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.database, "PRAGMAS", (*storage.database.PRAGMAS, "max_page_count=60"))
    async with open_database(f"sqlite:///{path}") as opened:
        store = Store(opened)
        with pytest.raises(DatabaseUnavailableError, match="SQLITE_FULL"):
            await store.lists.open(new_job(), text_message(1, os.urandom(1_000_000)), NOW)
        assert await store.jobs.get(1) is None
        await store.lists.open(new_job(), text_message(1), NOW)


async def test_where_no_connection_is_free_the_database_is_not_available(store: Store) -> None:
    store.database.engine.pool._timeout = 0.01  # type: ignore[attr-defined]
    async with asyncio.TaskGroup() as group:
        held, done = asyncio.Semaphore(0), asyncio.Event()

        async def hold() -> None:
            async with store.database.read():
                held.release()
                await done.wait()

        for _ in range(8):
            group.create_task(hold())
        for _ in range(8):
            await held.acquire()
        with pytest.raises(DatabaseUnavailableError):
            await store.facts.get(Fact.PACE, NOW)
        done.set()


async def test_a_mistake_of_ours_is_not_taken_for_a_passing_trouble(database: Database) -> None:
    with pytest.raises(OperationalError):
        async with database.read() as connection:
            await connection.execute(text("SELECT nothing FROM nowhere"))


async def test_an_error_does_not_say_what_was_to_be_stored(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught:
        async with database.write() as connection:
            await connection.execute(
                text("INSERT INTO facts (name, value) VALUES (:name, NULL)"), {"name": "+79123456789"}
            )
    assert "79123456789" not in str(caught.value)


def size_of(path: Path) -> int:
    return path.stat().st_size


async def test_the_log_is_copied_by_itself_and_not_by_who_commits(store: Store, path: Path) -> None:
    case = await in_state(store, JobState.CHECKING)
    await store.database.empty_log()
    before, large = size_of(path), os.urandom(5 << 20)
    async with store.database.read() as reading:
        await reading.execute(text("SELECT count(*) FROM facts"))
        kept = await store.tasks.keep_result(case.job, StoredResult("yn", large, None), VERDICTS, NOW)
        assert kept is not None
        assert size_of(path) == before
    async with store.database.write() as writing:
        await writing.execute(text("INSERT INTO facts (name, value) VALUES ('pace', '1')"))
        await store.database.copy_log()  # neither waits for the other
    assert size_of(path) >= before + len(large)
