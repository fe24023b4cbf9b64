from pathlib import Path

import pytest

from sandbox.rehearsal import BotNotReadyError, open_rehearsal


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_the_bot_answers_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    async with open_rehearsal("Anna", "en", minimum=5) as rehearsal:
        await rehearsal.start_bot()
        await rehearsal.telegram.send_text(rehearsal.person, rehearsal.chat_id, "/start")
        answer = await rehearsal.telegram.wait_for(lambda server: server.last(rehearsal.chat_id, "Telegram account"))

        assert answer.text
        assert rehearsal.checker.options.minimum == 5
        assert names_in(tmp_path) == [rehearsal.folder.name]

    assert rehearsal.bot.exit_code == 0
    assert rehearsal.telegram.refused == []
    assert names_in(tmp_path) == []


async def test_a_bot_that_ends_at_once_is_told() -> None:
    async with open_rehearsal("Anna", settings={"BOT_TOKEN": ""}) as rehearsal:
        with pytest.raises(BotNotReadyError, match="exit code 2"):
            await rehearsal.start_bot()
