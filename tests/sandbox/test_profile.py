from typing import Any

import pytest

from tests.sandbox.telegram_bot import Bot

CHECK = [{"command": "check", "description": "Check a list"}]


async def test_commands_are_kept_by_scope_and_language(bot: Bot) -> None:
    await bot.call("setMyCommands", commands=CHECK)
    await bot.call("setMyCommands", commands=[], language_code="ru")
    chat = {"type": "chat_member", "chat_id": 5, "user_id": 7}
    await bot.call("setMyCommands", commands=CHECK * 2, scope=chat)
    assert await bot.call("getMyCommands") == CHECK
    assert await bot.call("getMyCommands", language_code="ru") == []
    assert await bot.call("getMyCommands", scope=chat) == CHECK * 2
    await bot.call("deleteMyCommands")
    assert await bot.call("getMyCommands", scope={"type": "default"}) == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"commands": [{"command": "Check", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "/check", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "check", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "check", "description": "x" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "check", "help": "x"}]}, "BotCommand"),
        ({"commands": CHECK * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": CHECK, "scope": {"type": "everybody"}}, "BotCommandScope"),
        ({"commands": CHECK, "scope": {"type": "chat"}}, "chat_id"),
        ({"commands": CHECK, "language_code": "russian"}, "language code"),
    ],
)
async def test_commands_that_telegram_does_not_take(bot: Bot, wrong: dict[str, Any], sentence: str) -> None:
    assert sentence in await bot.refusal("setMyCommands", **wrong)


@pytest.mark.parametrize(
    ("method", "word", "most"),
    [("Name", "name", 64), ("Description", "description", 512), ("ShortDescription", "short_description", 120)],
)
async def test_name_and_descriptions_are_kept_by_language(bot: Bot, method: str, word: str, most: int) -> None:
    await bot.call(f"setMy{method}", **{word: "Lists"})
    await bot.call(f"setMy{method}", **{word: "Списки", "language_code": "ru"})
    assert await bot.call(f"getMy{method}", language_code="ru") == {word: "Списки"}
    assert await bot.call(f"getMy{method}", language_code="kk") == {word: "Lists"}
    assert "too long" in await bot.refusal(f"setMy{method}", **{word: "x" * (most + 1)})


async def test_the_menu_button_is_kept_by_chat(bot: Bot) -> None:
    await bot.call("setChatMenuButton", menu_button={"type": "commands"})
    await bot.call("setChatMenuButton", chat_id=5, menu_button={"type": "default"})
    assert await bot.call("getChatMenuButton", chat_id=5) == {"type": "default"}
    assert await bot.call("getChatMenuButton") == {"type": "commands"}
    assert "menu buttons" in await bot.refusal("setChatMenuButton", menu_button={"type": "web_app"})
