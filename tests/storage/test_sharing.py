"""Writes at the same time share a transaction, and each keeps what it would have had alone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import event, insert, select
from sqlalchemy.exc import IntegrityError

from storage.database import Database, DatabaseUnavailableError, open_database
from storage.schema import chats


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(f"sqlite:///{tmp_path / 'bot.db'}") as opened:
        yield opened


def commits_of(database: Database) -> list[int]:
    counted: list[int] = []
    event.listen(database.engine.sync_engine, "commit", lambda _: counted.append(1))
    return counted


async def write(database: Database, chat_id: int, *, fails: Exception | None = None) -> int:
    async with database.write() as connection:
        await connection.execute(insert(chats).values(chat_id=chat_id))
        if fails is not None:
            raise fails
    return chat_id


async def stored(database: Database) -> set[int]:
    async with database.read() as connection:
        return set((await connection.scalars(select(chats.c.chat_id))).all())


async def test_a_crowd_needs_few_commits_and_nobody_goes_on_before_theirs(database: Database) -> None:
    commits = commits_of(database)

    async def look_after(chat_id: int) -> bool:
        return await write(database, chat_id) in await stored(database)

    assert all(await asyncio.gather(*(look_after(chat_id) for chat_id in range(50))))
    assert 1 <= len(commits) < 25


async def test_who_fails_is_rolled_back_alone(database: Database) -> None:
    tried = (write(database, at, fails=KeyError() if at % 3 == 1 else None) for at in range(12))
    outcomes = await asyncio.gather(*tried, return_exceptions=True)
    assert [at for at, one in enumerate(outcomes) if isinstance(one, KeyError)] == [1, 4, 7, 10]
    assert await stored(database) == {at for at in range(12) if at % 3 != 1}


async def test_a_row_that_may_not_be_is_refused_alone(database: Database) -> None:
    outcomes = await asyncio.gather(*(write(database, at % 4) for at in range(8)), return_exceptions=True)
    assert [isinstance(one, IntegrityError) for one in outcomes] == [False] * 4 + [True] * 4
    assert await stored(database) == {0, 1, 2, 3}


async def test_who_is_cut_off_in_the_middle_leaves_nothing_half_done(database: Database) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with database.write() as connection:
            await connection.execute(insert(chats).values(chat_id=100))
            inside.set()
            await asyncio.Event().wait()

    async def attempt(chat_id: int) -> int | Exception:
        try:
            return await write(database, chat_id)
        except DatabaseUnavailableError as error:
            return error

    async with asyncio.TaskGroup() as group:
        first = [group.create_task(attempt(at)) for at in range(2)]
        hanging = group.create_task(hang())
        await inside.wait()
        hanging.cancel()
        assert await write(database, 5) == 5
    outcomes = [task.result() for task in first]
    assert hanging.cancelled()
    # Whoever shared the transaction was told so, and only they.
    told = {at for at, one in enumerate(outcomes) if isinstance(one, DatabaseUnavailableError)}
    assert await stored(database) == {0, 1, 5} - told


async def test_the_next_writes_go_on_after_a_failure_of_the_first(database: Database) -> None:
    with pytest.raises(KeyError):
        await write(database, 1, fails=KeyError())
    assert await write(database, 2) == 2
    assert await stored(database) == {2}
