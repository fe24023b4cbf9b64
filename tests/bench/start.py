"""Start: how long until somebody is answered, and what the bot needs while nothing happens."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final

from tests.bench.local_telegram import local_telegram
from tests.bench.measuring import by_turns, run_command
from tests.bench.our_bot import AIOGRAM, OURS, running
from tests.bench.row import Row

REST_SECONDS: Final = 2.0
"""After so long what a start needs once is over."""


def rows(quick: bool) -> Iterable[Row]:  # noqa: FBT001  (what the frame calls)
    """Measure both, beside a bot that has nothing to open."""
    rounds = 1 if quick else 3
    resident: dict[str, list[float]] = {OURS: [], AIOGRAM: []}
    seconds = by_turns(rounds, {one: partial(_start, one, resident[one]) for one in resident})
    ours, bare = seconds[OURS], seconds[AIOGRAM]
    yield Row("start to the first answer", f"{ours:.2f} s", f"aiogram echo {bare:.2f} s", bare / ours)
    ours, bare = (sorted(held)[len(held) // 2] for held in resident.values())
    yield Row("memory at rest", f"{ours:.0f} MiB", f"aiogram echo {bare:.0f} MiB", bare / ours)
    helped = run_command([sys.executable, "-m", "bot", "--help"], dict(os.environ))
    yield Row("--help", f"{helped.seconds:.2f} s, {helped.peak_mib:.0f} MiB")


def _start(module: str, resident: list[float]) -> float:
    """Start a bot; give the seconds until it has answered a /help, and note what it holds a while later."""

    async def measure() -> float:
        with tempfile.TemporaryDirectory() as folder:
            async with local_telegram() as telegram:
                began = time.monotonic()
                async with running(module, telegram.url, Path(folder)) as process:
                    await telegram.do("asked")
                    await telegram.do("burst", count=1, text="/help", seconds=60)
                    seconds = time.monotonic() - began
                    await asyncio.sleep(REST_SECONDS)
                    resident.append(_resident_mib(process.pid))
        return seconds

    return asyncio.run(measure())


def _resident_mib(process_id: int) -> float:
    status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    return sum(float(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:"))
