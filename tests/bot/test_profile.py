"""What people see before they write is told once, and again when it changes."""

import pytest
from aiogram.types import BotCommandScopeChat

from bot.profile import ADMIN_COMMANDS, COMMANDS, introduce
from bot.texts import load_texts
from handlers.audience import OUR_COMMANDS
from storage.database import DatabaseUnavailableError
from storage.facts import Fact, Facts
from tests.bot.bench import Bench

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


async def test_admins_have_their_own_commands_in_their_menu_in_both_languages(bench: Bench) -> None:
    for _ in range(2):
        await introduce(bench.bot, load_texts(), bench.store.facts, bench.settings.admin_ids)
    for language in ("", "ru"):
        scope = {"type": "chat", "chat_id": 77}
        shown = await bench.bot.get_my_commands(scope=BotCommandScopeChat(chat_id=77), language_code=language or None)
        texts = load_texts()[language or "en"]
        assert [one.command for one in shown] == [*COMMANDS, *ADMIN_COMMANDS], scope
        assert [one.description for one in shown] == [
            texts.plain(f"command-{name}") for name in (*COMMANDS, *ADMIN_COMMANDS)
        ]
    everybody = await bench.bot.get_my_commands()
    assert [one.command for one in everybody] == list(COMMANDS)


async def test_a_chat_that_an_admin_has_never_opened_is_no_reason_to_stop(bench: Bench) -> None:
    bench.faults.arm("refuse", method="setMyCommands", code=400, description="Bad Request: chat not found")
    await introduce(bench.bot, load_texts(), bench.store.facts, {5, 77})
    assert [one.command for one in await bench.bot.get_my_commands(scope=BotCommandScopeChat(chat_id=77))] == [
        *COMMANDS,
        *ADMIN_COMMANDS,
    ]
    assert [one.command for one in await bench.bot.get_my_commands()] == list(COMMANDS)
    assert await bench.store.facts.get(Fact.PROFILE, 0.0) is not None


def test_every_command_of_the_menus_is_answered() -> None:
    in_reply_to_somebody = {"allow"}
    assert {*COMMANDS, *ADMIN_COMMANDS} | {"start"} | in_reply_to_somebody == OUR_COMMANDS
