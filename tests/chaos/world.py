"""One world: a Telegram, a checking API, a folder, and the bot's process, which is started and killed."""

import asyncio
import json
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sandbox.check_api import CheckServer
from sandbox.telegram_api import TelegramServer
from tests.chaos.weather import Weather
from tests.nursery import ROOT, born
from tests.running import API_KEY, TOKEN

START_SECONDS = 90
STOP_SECONDS = 20
TEAM = range(5_000_001, 5_000_201)
"""The ids that the sandbox gives people; all of them may use the bot."""


class DoesNotStart(Exception):
    """The bot does not come up, or ends by itself."""


@dataclass
class World:
    """Both servers and the bot; ``kills`` are the times at which it was killed."""

    telegram: TelegramServer
    checker: CheckServer
    weather: Weather
    folder: Path
    pid: int | None = None
    cold: asyncio.subprocess.Process | None = None
    starts: list[float] = field(default_factory=list)
    kills: list[float] = field(default_factory=list)
    deaths: list[str] = field(default_factory=list)
    """The ends of the log where the bot ended though nobody had killed it."""

    @property
    def log(self) -> str:
        """All that the bot's processes have written."""
        path = self.folder / "bot.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def now(self) -> float:
        """The sandbox's time, which is the machine's."""
        return self.telegram.clock.now()

    def environment(self, more: dict[str, str] | None = None) -> dict[str, str]:
        """The settings of the bot."""
        return {
            "PATH": os.environ["PATH"],
            "BOT_TOKEN": TOKEN,
            "CHECKER_API_KEY": API_KEY,
            "CHECKER_API_URL": self.checker.url,
            "TELEGRAM_API_URL": self.telegram.url,
            "DATABASE_URL": f"sqlite:///{self.folder / 'bot.db'}",
            "DATA_DIR": str(self.folder / "data"),
            "ALLOWED_IDS": ",".join(map(str, TEAM)),
            "LOG_LEVEL": "INFO",
            **(more or {}),
        }

    async def spawn(self, *, module: str = "bot", cold: bool = False, more: dict[str, str] | None = None) -> None:
        """Start a process of the bot: forked, or ``cold``, as ``python -m bot`` is."""
        self.starts.append(self.now())
        path = self.folder / "bot.log"
        if not cold:
            self.pid = (await born(module, self.environment(more), path, self.folder / "end")).pid
            return
        with path.open("ab") as log:
            self.cold = await asyncio.create_subprocess_exec(
                sys.executable, "-m", module, cwd=ROOT, env=self.environment(more), stdout=log, stderr=log
            )
        self.pid = self.cold.pid

    async def until_up(self) -> bool:
        """Wait until it has asked for updates; False where it ended before."""
        before = self.telegram.updates.poll
        deadline = self.now() + START_SECONDS
        while self.telegram.updates.poll == before:
            if not self.is_alive():
                return False
            if self.now() > deadline:
                raise DoesNotStart(self.log[-3000:])
            with suppress(TimeoutError):
                await self.telegram.wait_for(lambda server: server.updates.poll > before or None, 0.25)
        return True

    def is_alive(self) -> bool:
        """Say whether the process is there."""
        if self.cold is not None:
            return self.cold.returncode is None
        if self.pid is None:
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    async def kill(self) -> None:
        """End the bot as a power cut does."""
        if self.is_alive():
            self.kills.append(self.now())
        else:
            self.deaths.append(self.log[-3000:])
        await self._end(signal.SIGKILL)

    async def interrupt(self, seconds: float) -> None:
        """Ask the bot to stop, and kill it where it has not stopped after so long."""
        self.kills.append(self.now())
        with suppress(TimeoutError):
            await self._end(signal.SIGTERM, seconds)
        await self._end(signal.SIGKILL)

    async def stop(self) -> bool:
        """Ask the bot to stop; say whether it did in time."""
        try:
            await self._end(signal.SIGTERM)
        except TimeoutError:
            await self._end(signal.SIGKILL)
            return False
        return True

    async def _end(self, number: signal.Signals, seconds: float = STOP_SECONDS) -> None:
        """Send a signal, and wait until the process is not there any more."""
        if self.pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)
        async with asyncio.timeout(seconds):
            if self.cold is not None:
                await self.cold.wait()
            while self.is_alive():  # noqa: ASYNC110  (the process is the nursery's child, so nobody tells us)
                await asyncio.sleep(0.005)
        self.pid = self.cold = None

    def rows(self, question: str) -> list[tuple[object, ...]]:
        """Ask the bot's database; only for what can be seen nowhere else."""
        with closing(sqlite3.connect(self.folder / "bot.db", timeout=10)) as database:
            return database.execute(question).fetchall()

    def lost_updates(self) -> list[dict[str, object]]:
        """Give the updates that Telegram will never give again and that are not in the inbox (invariant 3)."""
        stored = {_content(json.loads(str(raw))) for (raw,) in self.rows("SELECT raw FROM updates")}
        return [one for one in self.telegram.updates.confirmed if _content(one) not in stored]


def _content(update: dict[str, object]) -> str:
    """An update without its number: the same one may come under two."""
    return json.dumps({key: value for key, value in update.items() if key != "update_id"}, sort_keys=True)


@asynccontextmanager
async def open_world(folder: Path, random: Random) -> AsyncIterator[World]:
    """Open both servers; the bot is not started yet, and dead at the end."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240  (nothing else runs yet)
    weather = Weather(random=random)
    checker = CheckServer(
        API_KEY, weather, ledger_file=folder / "ledger.jsonl", numbers_per_second=2000.0, pending_seconds=0.2
    )
    async with TelegramServer(TOKEN, weather) as telegram, checker:
        world = World(telegram, checker, weather, folder)
        try:
            yield world
        finally:
            await world._end(signal.SIGKILL)
