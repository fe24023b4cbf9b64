"""The way of a list through a bot's own process: given, shown, pressed, exported, and its document in the chat.

A million numbers beside openpyxl reading and writing the same rows, counted from the API's word "exported" until
Telegram has the whole document; then what everybody else notices of it meanwhile: ticks of the bot's loop, and how long
an answer to /help takes.
"""

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.measuring import ROOT, by_turns, peak_mib, run
from tests.bench.results import MILLION, Made
from tests.bench.row import Row
from tests.bench.servers import PEOPLE, Servers

CHILD_MIB: Final = 350.0
LOOK_SECONDS: Final = 0.01
STOP_SECONDS: Final = 30.0


def rows(quick: bool) -> Iterator[Row]:  # noqa: FBT001  (as all benches)
    """Measure the whole way of a million rows and of 20,000."""
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        million = Made(there / "million", MILLION // (200 if quick else 1))
        yield from _beside(million, rounds=1 if quick else 2, wanted=8)
        small = Made(there / "small", 2_000 if quick else 20_000)
        yield from _beside(small, rounds=1 if quick else 5, wanted=5)


def _beside(made: Made, *, rounds: int, wanted: float) -> Iterator[Row]:
    result, told = made.as_workbook(), []

    def ours() -> float:
        with tempfile.TemporaryDirectory(dir=made.folder) as folder:
            told.append(asyncio.run(_way(Path(folder), made, result)))
        return told[-1].seconds

    def theirs() -> float:
        return run("tests.bench.result_scripts", "openpyxl", str(result), str(made.folder / "theirs.xlsx")).seconds

    took = by_turns(rounds, {"ours": ours, "theirs": theirs})
    ratio = took["theirs"] / took["ours"]
    yield Row(
        f"result of {made.count:,} rows: from exported to the document in the chat",
        f"{took['ours']:.2f} s",
        f"openpyxl {took['theirs']:.2f} s",
        ratio,
        f"at least {wanted:g}",
        ratio >= wanted,
    )
    child = max(one.child_mib for one in told)
    yield Row("  its children", f"{child:.0f} MiB", wanted=f"under {CHILD_MIB:g} MiB", is_kept=child < CHILD_MIB)
    at_rest, most = max((one.at_rest_mib, one.bot_mib) for one in told)
    yield Row("  the bot's process, at rest and at its most", f"{at_rest:.0f} and {most:.0f} MiB")


@dataclass(slots=True)
class Way:
    """What was seen of one list's way."""

    seconds: float
    """From exported to the document in the chat."""
    at_rest_mib: float
    bot_mib: float
    child_mib: float


async def _way(folder: Path, made: Made, result: Path) -> Way:
    content = "".join(f"{number}\n" for number in made.numbers).encode()
    async with Servers(folder) as servers, bot_process(servers) as bot:
        telegram, checker = servers.telegram, servers.checker
        checker.result = result
        await telegram.ask(PEOPLE[1], "/help")
        at_rest = bot.peak_mib
        await telegram.send("million.txt", content)
        await telegram.until(lambda: button(servers, "Check") is not None)
        await telegram.press(button(servers, "Check") or 0, "Check")
        await telegram.until(lambda: bool(telegram.arrived))
        return Way(telegram.arrived[0][0] - checker.exported[0], at_rest, bot.peak_mib, bot.child_mib)


def button(servers: Servers, label: str) -> int | None:
    """Give the newest message with a button whose label begins so."""
    for number, message in reversed(servers.telegram.said.items()):
        keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
        if any(one["text"].startswith(label) for row in keyboard for one in row):
            return number
    return None


@dataclass(slots=True)
class BotProcess:
    """A running bot, and the most memory that it and each of its children have had."""

    process_id: int
    peak_mib: float = 0.0
    child_mib: float = 0.0

    async def watch(self) -> None:
        """Look again and again."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Look once. A child that is not yet what it will be has the memory of the bot."""
        self.peak_mib = max(self.peak_mib, peak_mib(self.process_id))
        listed = Path(f"/proc/{self.process_id}/task/{self.process_id}/children")
        with contextlib.suppress(OSError):
            for child in listed.read_text(encoding="ascii").split():
                if b"bot.reading" in Path(f"/proc/{child}/cmdline").read_bytes():
                    self.child_mib = max(self.child_mib, peak_mib(child))


@asynccontextmanager
async def bot_process(servers: Servers, module: str = "bot", **more: str) -> AsyncIterator[BotProcess]:
    """Run a bot against the servers until the end of the block."""
    environment = {"PATH": os.environ["PATH"], **servers.environment, **more}
    with (servers.folder / "bot.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    bot = BotProcess(process.pid)
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(bot.watch())
        try:
            yield bot
        finally:
            watching.cancel()
            process.terminate()
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
