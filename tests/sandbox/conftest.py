from collections.abc import AsyncIterator

import httpx
import pytest

from sandbox.chats import Person
from sandbox.check_api import CheckServer
from sandbox.clock import Clock
from sandbox.telegram_api import TelegramServer
from tests.sandbox.check_client import KEY, Client
from tests.sandbox.telegram_bot import TOKEN, Bot


@pytest.fixture
async def checker() -> AsyncIterator[CheckServer]:
    async with CheckServer(KEY, clock=Clock(speed=0)) as server:
        yield server


@pytest.fixture
async def client(checker: CheckServer, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Client]:
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        yield Client(checker, http)
    logged = [record for when in ("setup", "call") for record in caplog.get_records(when)]
    assert not [record for record in logged if record.name.startswith(("aiohttp", "asyncio"))], (
        "a fault looks like a bug"
    )


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(TOKEN, clock=Clock(speed=0)) as server:
        yield server


@pytest.fixture
async def bot(telegram: TelegramServer) -> AsyncIterator[Bot]:
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        yield Bot(telegram, http)


@pytest.fixture
def anna(telegram: TelegramServer) -> Person:
    person = telegram.add_person("Anna", username="anna")
    telegram.private_chat(person)
    return person
