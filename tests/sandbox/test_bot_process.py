from pathlib import Path

import pytest

from sandbox.bot_process import BotProcess


async def test_a_bot_without_settings_ends_by_itself_and_its_log_says_why(tmp_path: Path) -> None:
    bot = BotProcess({}, tmp_path / "bot.log")
    await bot.start()

    assert await bot.ended() == 2
    assert bot.exit_code == 2
    assert any("BOT_TOKEN" in line for line in bot.last_lines())
    assert await bot.stop() == 2


async def test_a_bot_that_was_never_started_needs_no_stop(tmp_path: Path) -> None:
    bot = BotProcess({}, tmp_path / "bot.log")

    assert await bot.stop() is None
    assert bot.exit_code is None
    assert bot.last_lines() == []
    with pytest.raises(RuntimeError):
        await bot.ended()


def test_the_end_of_the_log_is_given(tmp_path: Path) -> None:
    log = tmp_path / "bot.log"
    log.write_text("one\ntwo\nthree\n", encoding="utf-8")

    assert BotProcess({}, log).last_lines(2) == ["two", "three"]
