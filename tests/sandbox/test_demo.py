import asyncio
import io
import os
import re
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from sandbox.demo import SAMPLE, Story, StoryStoppedError, play
from sandbox.narration import ENGLISH
from sandbox.rehearsal import open_rehearsal
from sandbox.terminal import Terminal, display_width

ROOT = Path(__file__).parent.parent.parent


async def test_the_demo_tells_the_whole_story_and_saves_the_workbook(tmp_path: Path) -> None:
    folder, temporary = tmp_path / "demo", tmp_path / "temporary"
    temporary.mkdir()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--demo", "--folder", str(folder)),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(temporary)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(400):
        output, _ = await process.communicate()
    text = output.decode()

    assert process.returncode == 0, text
    story = [
        "▌ /start",
        "base nov.txt",
        "19 repeated · 33 rejected",
        "damaged by a spreadsheet",
        "44 numbers have no country code",
        "Anna presses [ 🇷🇺 Russia ]",
        "[ Check 260 numbers ]",
        "Anna presses [ Check 260 numbers ]",
        "On its way to the check",
        "▓",
        "of 260 are on Telegram",
        "The result is below",
        "Anna presses [ Only yes",
        "sheet Result",
        "sheet Summary",
        "1 charge, 260 numbers, 0.039 USD",
        "agree with the ledger",
        "The workbook is in",
        "make sandbox, then open",
    ]
    place = 0
    for part in story:
        place = text.find(part, place)
        assert place >= 0, f"{part} is missing, or not in its place:\n{text}"
    assert "\x1b" not in text
    assert max(display_width(line) for line in text.splitlines() if str(tmp_path) not in line) <= 80
    assert len(set(re.findall(r"▌ [▓░]{10} (\d+)", text))) >= 2
    (path,) = folder.iterdir()
    assert re.fullmatch(r"base_nov_checked_\d{4}-\d\d-\d\d\.xlsx", path.name)
    book = load_workbook(path)
    assert book["Result"].max_row == 1 + 260
    assert list(temporary.iterdir()) == []


async def test_a_demo_that_cannot_start_says_why(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert await play(tmp_path / "demo", settings={"BOT_TOKEN": ""}) == 1

    said = capsys.readouterr().out
    assert "The bot ended with exit code 2 before it was ready." in said
    assert "BOT_TOKEN" in said.partition("The last lines of the bot's log:")[2]
    assert not (tmp_path / "demo").exists()


async def test_a_step_that_does_not_come_stops_the_story() -> None:
    async with open_rehearsal("Anna") as rehearsal:
        story = Story(rehearsal, Terminal(io.StringIO()), ENGLISH)
        with pytest.raises(StoryStoppedError, match="did not: an answer to /start"):
            await story._until(lambda: None, "an answer to /start", 0)


async def test_a_bot_that_ends_in_the_middle_stops_the_story() -> None:
    async with open_rehearsal("Anna", settings={"BOT_TOKEN": ""}) as rehearsal:
        await rehearsal.bot.start()
        story = Story(rehearsal, Terminal(io.StringIO()), ENGLISH)
        with pytest.raises(StoryStoppedError, match="exit code 2"):
            await story._until(lambda: None, "an answer to /start")


def test_the_sample_is_a_few_hundred_lines_and_a_readable_text() -> None:
    text = SAMPLE.read_text(encoding="utf-8")

    assert 250 <= len(text.splitlines()) <= 400
    assert "4.41E+11" in text
