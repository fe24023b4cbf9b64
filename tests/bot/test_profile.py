"""What people see before they write is told once, and again when it changes."""

import pytest

from bot.profile import COMMANDS, introduce
from storage.database import DatabaseUnavailableError
from storage.facts import Facts
from tests.bot.bench import Bench, load_texts

METHODS = ("setMyCommands", "setMyDescription", "setMyShortDescription", "setMyName")


async def test_both_languages_are_told_and_telegram_takes_them(bench: Bench) -> None:
    await introduce(bench.bot, load_texts(), bench.store.facts)
    for method in METHODS:
        assert [call.params.get("language_code") for call in bench.telegram.calls_of(method)] == [None, "ru"]
    commands = bench.telegram.calls_of("setMyCommands")[0].params["commands"]
    assert [command["command"] for command in commands] == list(COMMANDS)
    assert bench.telegram.refused == []


async def test_it_is_not_told_again_at_the_next_start(bench: Bench) -> None:
    for _ in range(2):
        await introduce(bench.bot, load_texts(), bench.store.facts)
    assert len(bench.calls(*METHODS)) == 8


@pytest.mark.parametrize("fault", ["flood", "bad_gateway", "server_error", "cut_before"])
async def test_what_telegram_does_not_take_now_is_told_at_the_next_start(bench: Bench, fault: str) -> None:
    bench.faults.arm(fault, method="setMyName")
    for _ in range(2):
        await introduce(bench.bot, load_texts(), bench.store.facts)
    assert bench.calls("setMyName")[1:] == ["ok", "ok"]


async def test_a_database_that_takes_nothing_is_no_reason_to_stop(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_arguments: object) -> None:
        raise DatabaseUnavailableError("SQLITE_FULL")

    monkeypatch.setattr(Facts, "keep", full)
    await introduce(bench.bot, load_texts(), bench.store.facts)
