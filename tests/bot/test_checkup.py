"""`python -m bot check` says what is wrong, line by line, before anybody's list has to."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.checkup import Finding, check_up
from bot.settings import Settings
from sandbox.check_api import CheckServer
from sandbox.faults import Faults
from sandbox.telegram_api import TelegramServer

TOKEN = "424242:AAE-sandbox-token-of-the-tests-0123456"
KEY = "the-key-of-the-tests"


class World:
    def __init__(self, telegram: TelegramServer, checker: CheckServer, folder: Path) -> None:
        self.telegram, self.checker = telegram, checker
        self.environment = {
            "BOT_TOKEN": TOKEN,
            "CHECKER_API_KEY": KEY,
            "TELEGRAM_API_URL": telegram.url,
            "CHECKER_API_URL": checker.url,
            "DATABASE_URL": f"sqlite:///{folder / 'bot.db'}",
            "DATA_DIR": str(folder),
        }

    async def found(self, **changed: str) -> dict[str, Finding]:
        findings = await check_up(Settings.from_environment(self.environment | changed))
        said = "\n".join(map(str, findings))
        assert TOKEN not in said
        assert KEY not in said
        return {finding.subject: finding for finding in findings}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    faults = Faults()
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(TelegramServer(TOKEN, faults))
        checker = await stack.enter_async_context(CheckServer(KEY, faults, balance=20.08))
        yield World(telegram, checker, tmp_path)


async def test_where_all_is_well_each_line_says_what_was_found(world: World) -> None:
    found = await world.found(ADMIN_IDS="1,2", ALLOWED_IDS="-100")
    assert [finding.sound for finding in found.values()] == [True] * 4
    assert found["settings"].words == "complete; 2 admins, 1 other ids may use the bot"
    assert found["Telegram"].words.endswith("the bot is @number_check_bot")
    assert found["checking API"].words.endswith("the balance is 20.08")
    assert found["database"].words.endswith("it is made at the first start")


async def test_the_check_makes_no_database_and_costs_nothing(world: World, tmp_path: Path) -> None:
    await world.found()
    assert not (tmp_path / "bot.db").exists()
    assert world.checker.ledger == []
    assert world.checker.submits == []


async def test_empty_lists_are_pointed_out(world: World) -> None:
    assert "nobody may use the bot" in (await world.found())["settings"].words


async def test_a_refused_token_is_said_without_showing_it(world: World) -> None:
    telegram = (await world.found(BOT_TOKEN="424242:another-token-that-was-revoked-long-ago"))["Telegram"]
    assert not telegram.sound
    assert "BOT_TOKEN is not accepted" in telegram.words


async def test_a_refused_key_is_said(world: World) -> None:
    api = (await world.found(CHECKER_API_KEY="another-key"))["checking API"]
    assert not api.sound
    assert "CHECKER_API_KEY is not accepted" in api.words


async def test_servers_that_cannot_be_reached_are_said(world: World) -> None:
    nowhere = "http://127.0.0.1:9"
    found = await world.found(TELEGRAM_API_URL=nowhere, CHECKER_API_URL=f"{nowhere}/v1")
    assert not found["Telegram"].sound
    assert "cannot be reached" in found["Telegram"].words
    assert not found["checking API"].sound


async def test_another_server_is_not_taken_for_telegram(world: World) -> None:
    telegram = (await world.found(TELEGRAM_API_URL=world.checker.url.removesuffix("/v1")))["Telegram"]
    assert not telegram.sound


async def test_an_api_that_tells_no_balance_is_sound(world: World) -> None:
    world.checker.change(balance_shape="off")
    api = (await world.found())["checking API"]
    assert api.sound
    assert api.words.endswith("does not tell a balance")


async def test_a_damaged_database_is_said_and_kept(world: World, tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_bytes(b"no database at all")
    database = (await world.found())["database"]
    assert not database.sound
    assert "keep the file, and restore a backup" in database.words
    assert (tmp_path / "bot.db").read_bytes() == b"no database at all"
