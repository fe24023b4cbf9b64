"""A statement is one step of the connection's thread, and nothing large stays with a statement that is kept."""

from contextlib import AsyncExitStack
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text

from bot.job import JobState
from storage.database import Database, DatabaseUnavailableError
from storage.facts import Fact
from storage.lists import StoredResult
from storage.one_step import LARGE_BYTES
from tests.storage.building import NOW, VERDICTS, Store, in_state

CONNECTIONS = 8
"""So many a database has at the most."""


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps of all threads that somebody waits for, by the name of what is done in them."""
    taken: list[str] = []
    whole: Any = aiosqlite.Connection._execute

    async def noted(connection: aiosqlite.Connection, function: Any, *given: Any, **named: Any) -> Any:
        taken.append(function.__name__)
        return await whole(connection, function, *given, **named)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", noted)
    return taken


async def test_one_who_reads_waits_for_one_step_and_one_who_writes_for_two(store: Store, steps: list[str]) -> None:
    await store.facts.get(Fact.PACE, NOW)
    assert steps == ["_step"]
    steps.clear()
    await store.facts.keep(Fact.PACE, 7)
    assert steps == ["_step", "commit"]
    steps.clear()
    assert await store.facts.get(Fact.PACE, NOW) == 7
    assert steps == ["_step"]


async def test_a_transaction_in_which_nothing_is_done_takes_no_step(database: Database, steps: list[str]) -> None:
    async with AsyncExitStack() as all_open:
        for _ in range(CONNECTIONS):
            await all_open.enter_async_context(database.read())
    steps.clear()
    async with database.read(), database.write():
        pass
    with pytest.raises(ZeroDivisionError):
        async with database.write():
            raise ZeroDivisionError
    assert steps == []


async def test_who_has_a_connection_next_sees_what_has_become_of_the_database_since(store: Store) -> None:
    for value in range(50):
        assert await store.facts.get(Fact.PACE, NOW) == (value or None)
        await store.facts.keep(Fact.PACE, value + 1)


async def test_rows_are_given_one_by_one_some_at_a_time_or_all(database: Database) -> None:
    count = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT i FROM n")
    async with database.engine.connect() as connection:

        def read(sync: Any) -> list[Any]:
            rows = sync.execute(count)
            assert list(rows.keys()) == ["i"]
            return [rows.fetchone(), rows.fetchmany(2), rows.fetchmany(), rows.fetchall(), rows.fetchone()]

        given = await connection.run_sync(read)
        assert [[one[0] for one in some] for some in (given[1], given[2], given[3])] == [[2, 3], [4], [5, 6, 7, 8, 9]]
        assert (given[0][0], given[4]) == (1, None)
        assert [row.i for row in await connection.execute(count)] == list(range(1, 10))


async def test_a_connection_that_wrote_something_large_is_closed_and_one_that_did_not_stays(store: Store) -> None:
    opened = set()

    async def connections() -> set[Any]:
        async with store.database.engine.connect() as connection:
            return {(await connection.get_raw_connection()).driver_connection}

    for size, stays in ((1, True), (LARGE_BYTES + 1, False)):
        case = await in_state(store, JobState.CHECKING)
        for _ in range(12):
            opened |= await connections()
        before = len(opened)
        await store.tasks.keep_result(case.job, StoredResult("yn", bytes(size), None), VERDICTS, NOW)
        for _ in range(12):
            opened |= await connections()
        assert (len(opened) == before) is stays


async def test_a_connection_that_was_closed_is_said_and_replaced(store: Store) -> None:
    async def close_and_ask() -> None:
        async with store.database.read() as connection:
            await connection.execute(text("SELECT 1"))
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.close()
            await connection.execute(text("SELECT 1"))

    with pytest.raises(DatabaseUnavailableError):
        await close_and_ask()
    for _ in range(2 * CONNECTIONS):
        assert await store.facts.get(Fact.PACE, NOW) is None
