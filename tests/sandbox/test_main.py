import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.__main__ import main

ROOT = Path(__file__).parent.parent.parent


@contextlib.asynccontextmanager
async def sandbox(folder: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", *arguments),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(folder)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(300):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def read_until(process: asyncio.subprocess.Process, words: str) -> str:
    assert process.stdout is not None
    read = ""
    while words not in read:
        line = await process.stdout.readline()
        assert line, read
        read += line.decode()
    return read


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_it_says_how_to_use_it_and_ends_without_a_trace(tmp_path: Path) -> None:
    async with sandbox(tmp_path) as process:
        said = await read_until(process, "Ctrl-C")
        (bot,) = children(process.pid)
        process.send_signal(signal.SIGINT)
        code = await process.wait()

    assert code == 0
    assert said.index("In a browser   http://127.0.0.1:") < said.index("curl")
    assert "/sandbox/send_document -F file=@sandbox/sample_list.txt" in said
    assert "/sandbox/ledger" in said
    assert not is_alive(bot)
    assert names_in(tmp_path) == []


async def test_a_demo_that_is_stopped_in_the_middle_leaves_no_trace(tmp_path: Path) -> None:
    async with sandbox(tmp_path, "--demo", "--folder", str(tmp_path / "demo")) as process:
        await read_until(process, "/start")
        process.send_signal(signal.SIGTERM)
        code = await process.wait()

    assert code == 128 + signal.SIGTERM
    assert names_in(tmp_path) == []


async def test_a_bot_that_dies_ends_the_sandbox_with_its_last_words(tmp_path: Path) -> None:
    async with sandbox(tmp_path) as process:
        await read_until(process, "Ctrl-C")
        (bot,) = children(process.pid)
        os.kill(bot, signal.SIGKILL)
        said = await read_until(process, "Ready")
        code = await process.wait()

    assert code == 1
    assert "The bot ended with exit code -9." in said
    assert names_in(tmp_path) == []


def test_a_port_that_is_taken_is_told_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["--telegram-port", str(taken.getsockname()[1])]) == 1

    assert capsys.readouterr().err.startswith("The sandbox cannot go on: ")


@pytest.mark.parametrize("arguments", [["--language", "xx"], ["--telegram-port", "99999"], ["--check-port", "one"]])
def test_what_cannot_be_meant_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(arguments)

    assert refused.value.code == 2
    assert arguments[0] in capsys.readouterr().err


async def test_the_bots_settings_can_be_set_from_outside(tmp_path: Path) -> None:
    async with sandbox(tmp_path, "--set", "DEFAULT_REGION=Narnia", "--telegram-port", "0") as process:
        said = await read_until(process, "DEFAULT_REGION")
        code = await process.wait()

    assert code == 1
    assert "exit code 2" in said


def test_a_setting_has_a_name_and_a_value() -> None:
    with pytest.raises(SystemExit):
        main(["--set", "DEFAULT_REGION"])
