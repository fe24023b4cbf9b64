"""What the tests of the worker's steps share."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import open_database
from tests.bot.bench import Bench, open_bench
from tests.bot.door import Door


@pytest.fixture(scope="session")
def fresh_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that was migrated once, to be copied: migrating takes most of the time a test takes."""
    path = tmp_path_factory.mktemp("fresh") / "bot.db"

    async def migrate() -> None:
        async with open_database(f"sqlite:///{path}"):
            pass

    asyncio.run(migrate())
    return path


@pytest.fixture
async def bench(tmp_path: Path, fresh_database: Path) -> AsyncIterator[Bench]:
    shutil.copy(fresh_database, tmp_path / "bot.db")
    async with open_bench(tmp_path) as opened:
        yield opened


@pytest.fixture
async def door(bench: Bench) -> Door:
    return Door(bench)
