"""The way of a list through a bot's own process: given, shown, pressed, exported, and its document in the chat.

A million numbers beside openpyxl reading and writing the same rows, counted from the API's word "exported" until
Telegram has the whole document; then what everybody else notices of it meanwhile: ticks of the bot's loop, and how long
an answer to /help takes.
"""

import asyncio
import contextlib
import math
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Final

from tests.bench.measuring import ROOT, by_turns, peak_mib, run
from tests.bench.results import MILLION, Made
from tests.bench.row import Row
from tests.bench.servers import PEOPLE, Servers

CHILD_MIB: Final = 350.0
TICK_MS: Final = 20.0
ASKED: Final = 120
ASK_SECONDS: Final = 0.05
"""How long it is quiet between two who ask for /help: all chats together are answered 22 times a second."""
DONE: Final = "The result is below"
"""In the last line of a list's message."""
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
        yield from _noticed(million, there, quick=quick)


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


def _noticed(made: Made, folder: Path, *, quick: bool) -> Iterator[Row]:
    """Say what the rest of the bot notices of a large list, from its coming in until all is remembered."""
    result = made.as_workbook()
    told = []
    for at in range(1 if quick else 3):
        there = folder / f"noticed-{at}"
        there.mkdir()
        told.append(asyncio.run(_watched_way(there, made, result, 10 if quick else ASKED)))
    idle = median(one.late["idle"] for one in told)
    for phase in told[0].late:
        if phase != "idle":
            late = median(one.late[phase] for one in told)
            yield Row(
                f"tick of 10 ms in the bot's process, {made.count:,} numbers {phase}",
                f"{1000 * late:.1f} ms late at worst",
                f"idle {1000 * idle:.1f} ms",
                wanted=f"under {TICK_MS:g} ms",
                is_kept=1000 * late < TICK_MS,
            )
    meanwhile, at_rest = (median(getattr(one, name) for one in told) for name in ("asked_meanwhile", "asked_idle"))
    yield Row(
        f"/help while {made.count:,} numbers are read, p99",
        f"{1000 * meanwhile:.0f} ms",
        f"idle {1000 * at_rest:.0f} ms",
        at_rest / meanwhile,
        "under twice idle",
        meanwhile < 2 * at_rest,
    )


@dataclass(slots=True)
class Noticed:
    """What was noticed of one large list."""

    late: dict[str, float]
    """The worst delay of a tick by what was going on."""
    asked_idle: float
    """The slowest but one in a hundred answers to /help, in seconds."""
    asked_meanwhile: float


async def _watched_way(folder: Path, made: Made, result: Path, asked: int) -> Noticed:
    content = "".join(f"{number}\n" for number in made.numbers).encode()
    async with Servers(folder) as servers, bot_process(servers, "tests.bench.ticking_bot", TICKS=str(folder / "ticks")):
        telegram, checker = servers.telegram, servers.checker
        checker.result = result
        people = iter(PEOPLE[1:])
        await telegram.ask(next(people), "/help")
        await telegram.ask(next(people), "+79121234567\n+4915112345678")
        marks = {"idle": time.monotonic()}
        idle = [await _asked(servers, next(people)) for _ in range(asked)]
        marks["read"] = time.monotonic()
        await telegram.send("million.txt", content)
        shown = asyncio.ensure_future(telegram.until(lambda: telegram.button("Check") is not None))  # noqa: TID251
        meanwhile = []
        while not shown.done():
            meanwhile.append(await _asked(servers, next(people)))
        marks["sent"] = time.monotonic()
        await telegram.press(telegram.button("Check") or 0, "Check")
        await telegram.until(lambda: bool(checker.exported))
        marks["fetched and delivered"] = checker.exported[0]
        await telegram.until(lambda: bool(telegram.arrived))
        marks["remembered"] = time.monotonic()
        await telegram.hears(DONE)
        marks["end"] = time.monotonic()
    return Noticed(worst_delays(folder / "ticks", marks), p99(idle), p99(meanwhile))


async def _asked(servers: Servers, person_id: int) -> float:
    taken = await servers.telegram.ask(person_id, "/help")
    await asyncio.sleep(ASK_SECONDS)
    return taken


def p99(seconds: Sequence[float]) -> float:
    """Give the time within which 99 of 100 are done."""
    return sorted(seconds)[max(0, math.ceil(0.99 * len(seconds)) - 1)]


def worst_delays(ticks: Path, marks: Mapping[str, float]) -> dict[str, float]:
    """Give the worst delay of a tick between each mark and the next, by the name of the first."""
    seen = [tuple(map(float, line.split())) for line in ticks.read_text(encoding="ascii").splitlines()]
    stretches = pairwise(marks.items())
    return {
        phase: max((late for came, late in seen if begin <= came < end), default=0.0)
        for (phase, begin), (_, end) in stretches
    }


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
        await telegram.until(lambda: telegram.button("Check") is not None)
        await telegram.press(telegram.button("Check") or 0, "Check")
        await telegram.until(lambda: bool(telegram.arrived))
        return Way(telegram.arrived[0][0] - checker.exported[0], at_rest, bot.peak_mib, bot.child_mib)


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
