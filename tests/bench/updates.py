"""Updates: how many a second beside bots that store nothing, a burst, and /help while a long list is read.

Telegram's limits, 30 messages a second, would be all that is seen of the first: they are lifted (``lifted_bot``).
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from tests.bench.local_telegram import FIRST_CHAT, Told, local_telegram
from tests.bench.measuring import by_turns, peak_mib
from tests.bench.our_bot import AIOGRAM, LIFTED, OURS, PEOPLE, TELEGRAM_BOT, running
from tests.bench.row import Row

PER_SECOND: Final = 30
"""So many messages Telegram takes: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this."""
PATIENCE: Final = 1.5
"""So many times what Telegram's limits need at the least is waited for the answers to a burst."""


def rows(quick: bool) -> Iterable[Row]:  # noqa: FBT001  (what the frame calls)
    """Measure each in turn."""
    yield from _rates(300 if quick else 3000, 1 if quick else 3)
    yield from asyncio.run(_burst(150 if quick else PEOPLE))
    yield asyncio.run(_help_meanwhile(20_000 if quick else 1_000_000, 30 if quick else 300, lists=1 if quick else 3))


def _rates(count: int, rounds: int) -> Iterable[Row]:
    sides = {one: partial(_rate, one, count) for one in (LIFTED, AIOGRAM, TELEGRAM_BOT)}
    rates = by_turns(rounds, sides)
    ours, aiogram, other = (rates[one] for one in sides)
    what, said = "/help a second from as many new people, stored and answered", f"{ours:.0f}"
    yield Row(what, said, f"aiogram echo {aiogram:.0f}", ours / aiogram, "at least 0.7", ours >= 0.7 * aiogram)
    yield Row(what, said, f"python-telegram-bot echo {other:.0f}", ours / other)


def _rate(module: str, count: int) -> float:
    """Say how many of so many people's /help a bot answers in a second."""

    async def measure() -> float:
        with tempfile.TemporaryDirectory() as folder:
            async with local_telegram() as telegram, running(module, telegram.url, Path(folder)):
                await telegram.do("asked")
                await telegram.do("burst", count=20, text="/help", seconds=60)  # what is done once only
                seen = await telegram.do("burst", count=count, text="/help", seconds=300)
        return float(seen["answers"] / seen["answered"])

    return asyncio.run(measure())


async def _burst(count: int) -> list[Row]:
    """Let so many people paste one number each at the same time; each is answered by a preview."""
    least = count / PER_SECOND
    with tempfile.TemporaryDirectory() as folder:
        async with local_telegram() as telegram, running(OURS, telegram.url, Path(folder)) as process:
            await telegram.do("asked")
            seen = await telegram.do("burst", count=count, text="+7912{}", seconds=10 + PATIENCE * least)
            peak = peak_mib(process.pid)
        with closing(sqlite3.connect(Path(folder) / "bot.db")) as database:
            (kept,) = database.execute("SELECT count(*) FROM updates WHERE key LIKE 'message:%'").fetchone()
    what = f"{count:,} pastes at once"
    stored, lost = seen["confirmed"], count - kept
    return [
        Row(f"{what}: stored after", f"{stored:.1f} s", wanted="within 10 s", is_kept=stored <= 10),
        Row(f"{what}: lost", str(lost), wanted="none", is_kept=lost == 0),
        Row(
            f"{what}: {seen['answers']:,} answered after",
            f"{seen['answered']:.0f} s",
            f"Telegram's limits {least:.0f} s",
            least / max(seen["answered"], 0.001),
            "all, within 1.1 times",
            seen["answers"] == count and seen["answered"] <= 1.1 * least,
        ),
        Row(f"{what}: memory", f"{peak:.0f} MiB", wanted="under 300 MiB", is_kept=peak < 300),
    ]


async def _help_meanwhile(lines: int, least: int, *, lists: int) -> Row:
    """Ask for help, one after another, while nothing else happens and while a long list is read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.txt"
        path.write_text("".join(f"+79{place:09d}\n" for place in range(lines)), encoding="ascii")
        async with local_telegram() as telegram, running(LIFTED, telegram.url, Path(folder)):
            await telegram.do("asked")
            await _delays(telegram, least, 0)
            idle = await _delays(telegram, least, 0)
            busy: list[float] = []
            for reader in range(FIRST_CHAT + PEOPLE - lists, FIRST_CHAT + PEOPLE):  # one list after another
                await telegram.do("file", chat=reader, path=str(path))
                busy += await _delays(telegram, least // lists, reader)
    quiet, loud = _p99(idle), _p99(busy)
    return Row(
        f"/help while {lines:,} lines are read, p99 of {len(busy)}",
        f"{loud:.1f} ms (median {1000 * median(busy):.1f})",
        f"idle {quiet:.1f} ms (median {1000 * median(idle):.1f})",
        quiet / loud,
        "under twice idle",
        loud < 2 * quiet,
    )


async def _delays(telegram: Told, least: int, reader: int) -> list[float]:
    """Ask so often, and on as long as somebody waits for a list, 0 for nobody; give the seconds of each."""
    seen = await telegram.do("one_by_one", least=least, text="/help", every=0.02, reader=reader)
    return list(seen["delays"])


def _p99(delays: list[float]) -> float:
    """Give the milliseconds within which 99 of 100 are answered."""
    return 1000 * quantiles(delays, n=100)[98]
