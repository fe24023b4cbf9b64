"""Starting the bot: what is wrong with the settings is said at once, one line each; what it talks to is logged."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from tests.running import API_KEY, ROOT, TOKEN, rehearsal

SOON = 5.0
"""Seconds; it takes a fraction of one on a machine with nothing else to do."""
RIGHT = {"BOT_TOKEN": TOKEN, "CHECKER_API_KEY": API_KEY}


async def started(settings: dict[str, str], folder: Path) -> tuple[int, list[str]]:
    """Run the bot with these settings until it ends; give its exit code and the lines on standard error."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot"),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 120)
    assert time.monotonic() - began < SOON
    assert out == b""
    assert TOKEN.encode() not in err
    assert API_KEY.encode() not in err
    return process.returncode or 0, err.decode().splitlines()


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, ["BOT_TOKEN is missing", "CHECKER_API_KEY is missing"]),
        ({"BOT_TOKEN": TOKEN}, ["CHECKER_API_KEY is missing"]),
        ({**RIGHT, "BOT_TOKEN": "hello"}, ["BOT_TOKEN does not look like a bot token"]),
        ({**RIGHT, "CHECKER_API_KEY": TOKEN}, ["BOT_TOKEN and CHECKER_API_KEY are the same"]),
        ({**RIGHT, "BOT_TOKEN_FILE": "/run/token"}, ["BOT_TOKEN and BOT_TOKEN_FILE are both set"]),
        (
            {**RIGHT, "TELEGRAM_API_URL": "https://a.example", "CHECKER_API_URL": "https://a.example"},
            ["TELEGRAM_API_URL and CHECKER_API_URL are the same"],
        ),
        (
            {**RIGHT, "ADMIN_IDS": "@anna", "DEFAULT_REGION": "UK", "PRICE_PER_1000": "0,15", "LOG_FORMAT": "xml"},
            ["ADMIN_IDS has a name", "DEFAULT_REGION is", "PRICE_PER_1000 is", "LOG_FORMAT is"],
        ),
        ({**RIGHT, "DATABASE_URL": "mysql://x/y"}, ["DATABASE_URL is not a database"]),
        ({**RIGHT, "DATABASE_URL": "sqlite:///same", "DATA_DIR": "same"}, ["DATABASE_URL and DATA_DIR name the same"]),
        ({**RIGHT, "ALOWED_IDS": "5000001"}, ["ALOWED_IDS is not a variable of this bot: did you mean ALLOWED_IDS?"]),
    ],
)
async def test_what_is_wrong_is_said_in_one_line_each(
    tmp_path: Path, settings: dict[str, str], named: list[str]
) -> None:
    code, lines = await started(settings, tmp_path)

    assert code == 2
    assert len(lines) == len(named)
    assert all(line.startswith(beginning) for line, beginning in zip(sorted(lines), sorted(named), strict=True))
    assert os.listdir(tmp_path) == []  # noqa: PTH208  (pathlib has no listing that lint lets an async test use)


@pytest.mark.skipif(
    os.geteuid() == 0 and not Path("/proc/version").exists(), reason="no place that nobody can write to"
)
@pytest.mark.parametrize("variable", ["DATA_DIR", "DATABASE_URL"])
async def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, variable: str) -> None:
    nowhere = {"DATA_DIR": "/proc/bot", "DATABASE_URL": "sqlite:////proc/bot/bot.db"}[variable]
    code, lines = await started({**RIGHT, variable: nowhere}, tmp_path)

    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith(f"{variable}: the folder /proc/bot cannot be used")


async def test_a_file_that_is_no_database_is_said_and_left_alone(tmp_path: Path) -> None:
    letter = b"this is somebody's letter, and no database\n" * 100
    path = tmp_path / "letter.txt"
    path.write_bytes(letter)
    async with rehearsal(tmp_path, settings={"DATABASE_URL": f"sqlite:///{path}", "LOG_LEVEL": "WARNING"}) as run:
        process = await run.spawn()
        code = await asyncio.wait_for(process.wait(), 120)

    assert code == 1
    assert [line for line in run.log.splitlines() if f"{path} is not a database" in line] == run.log.splitlines()
    assert path.read_bytes() == letter


async def test_a_token_that_telegram_does_not_know_is_said(tmp_path: Path) -> None:
    wrong = "424242:AAE-another-token-of-nobody-0123456789"
    async with rehearsal(tmp_path, settings={"BOT_TOKEN": wrong}) as run:
        run.expected_refusals.add("Unauthorized")
        process = await run.spawn()
        code = await asyncio.wait_for(process.wait(), 120)

    assert code == 2
    assert "BOT_TOKEN is not accepted by Telegram" in run.log.splitlines()[-1]
    assert wrong not in run.log


async def test_secrets_come_from_files_too_and_the_start_says_what_it_talks_to(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    (tmp_path / "key").write_text(f"{API_KEY}\r\n")
    settings = {"BOT_TOKEN": "", "CHECKER_API_KEY": ""}
    settings |= {"BOT_TOKEN_FILE": str(tmp_path / "token"), "CHECKER_API_KEY_FILE": str(tmp_path / "key")}
    async with rehearsal(tmp_path, settings=settings | {"LOG_LEVEL": "INFO"}) as run:
        await run.start()
        assert await run.stop() == 0
        lines = run.log.splitlines()

    assert any(line.endswith(f"Telegram: {run.telegram.url}") for line in lines)
    assert any(line.endswith(f"Checking API: {run.checker.url}") for line in lines)
    assert any(line.endswith("Ready: @number_check_bot") for line in lines)
    assert lines[-1].endswith("Stopped")


async def test_telegram_that_does_not_answer_yet_is_asked_again(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as run:
        run.telegram.faults.arm("bad_gateway", method="getMe")
        run.telegram.faults.arm("cut_before", method="deleteWebhook")
        await run.start()
        assert await run.stop() == 0
