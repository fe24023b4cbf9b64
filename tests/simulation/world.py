"""One simulated world: a Telegram, a checking API, a folder, and the bot, which lives, is killed, and lives again."""

import asyncio
import logging
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from aiogram.exceptions import TelegramEntityTooLarge

from bot.__main__ import _live
from bot.settings import Settings
from sandbox.check_api import CheckServer
from sandbox.clock import Clock
from sandbox.telegram_api import TelegramServer
from storage.backups import back_up, restore
from storage.database import DatabaseUnavailableError
from tests.chaos.weather import Weather
from tests.running import API_KEY, TOKEN
from tests.simulation.loop import LIFE, Life, SimulatedLoop
from tests.simulation.stage import fresh_database, memory_folder, on_stage

BEGINS_AT = 1_790_000_000.0
UP_SECONDS = 2.0
STOP_SECONDS = 20.0
"""What the settings promise."""
LEAP_SECONDS = 60.0
"""Longer stretches of time are leapt over, from one due job to the next."""
MOST_LEAPS = 25


class Broken(AssertionError):
    """A promise was broken."""


class Errors(logging.Handler):
    """Keeps what was logged with a traceback: nothing here may go wrong in a way that nobody has thought of."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.tracebacks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and not isinstance(record.exc_info[1], TelegramEntityTooLarge):
            self.tracebacks.append(f"{record.name}: {logging.Formatter().format(record)[-4000:]}")


@dataclass
class World:
    """Everything there is. ``told`` is what happened, in words."""

    loop: SimulatedLoop
    clock: Clock
    weather: Weather
    telegram: TelegramServer
    checker: CheckServer
    folder: Path
    settings: Settings
    errors: Errors
    told: list[str] = field(default_factory=list)
    life: Life | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    running: "asyncio.Task[None] | None" = None
    ended: "list[asyncio.Task[None]]" = field(default_factory=list)
    """What is left of lives that were ended; it is looked after when the world is."""
    lives: int = 0
    kills: list[float] = field(default_factory=list)
    clock_error: float = 0.0
    """How many seconds the bot's clock is ahead of the servers'."""
    era: int = 0
    """How often a backup was put back."""
    saved: Path | None = None
    database: sqlite3.Connection | None = None
    """Ours, to look into it."""
    is_locked: bool = False

    def now(self) -> float:
        """The servers' time, in Unix seconds."""
        return self.clock.now()

    def tell(self, words: str) -> None:
        """Write down what happens."""
        self.told.append(f"{self.now() - BEGINS_AT:12.3f}  {words}")

    # the bot

    def start(self, *, dies_at: int | None = None) -> None:
        """Let the bot live, until a point where one is named."""
        self.lives += 1
        self.life = Life(self.lives, dies_at=dies_at)
        context = copy_context()
        context.run(LIFE.set, self.life)

        def begin() -> None:
            self.stopping = asyncio.Event()
            self.running = self.loop.create_task(_live(self.settings, self.stopping), context=context)

        self.loop.call(lambda: context.run(begin))
        self.loop.run_for(UP_SECONDS)

    def revive(self) -> None:
        """Start the bot again where it is not alive, as whatever keeps it running does."""
        for _ in range(50):
            if self.life is not None and not self.life.is_over and not self._has_ended(self.life):
                return
            if self.life is not None and self.life.died_at is not None:
                self.tell(f"(the bot was killed {self.life.died_at})")
            self._bury()
            self.start()
        raise Broken("the bot does not start")

    def _has_ended(self, life: Life) -> bool:
        """Say whether it ended by itself; it may do that only where it cannot open its database."""
        if self.running is None or not self.running.done():
            return False
        error = self.running.exception()
        if error is not None and not isinstance(error, DatabaseUnavailableError):
            raise Broken(f"the bot ended by itself: {error!r}") from error
        life.end()
        return True

    def kill(self) -> None:
        """End the bot as a power cut does."""
        if self.life is not None and not self.life.is_over:
            self.life.end()
        self._bury()

    def _bury(self) -> None:
        if self.life is not None and self.running is not None:
            self.kills.append(self.now())
            self.ended.append(self.running)
            self.life = self.running = None

    def stop(self) -> None:
        """Ask the bot to stop, and kill it where it has not stopped in time: then it has broken a promise."""
        running, life = self.running, self.life
        if running is None or life is None:
            return
        self.loop.call(self.stopping.set)
        until = self.loop.now + STOP_SECONDS
        while not running.done() and not life.is_over and self.loop.now < until:
            self.loop.run_for(0.5)
        if not life.is_over:
            late = not running.done()
            self._has_ended(life)
            if late and not self.is_locked:
                raise Broken("the bot does not stop")
        self.kill()

    # its files

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the bot's database as it is on the disk."""
        if self.database is None:
            self.database = sqlite3.connect(self.settings.database_path, isolation_level=None, timeout=0)
        return self.database.execute(question, values).fetchall()

    def back_up(self) -> None:
        """Make a backup while the bot runs."""
        self.saved = self.folder / "backup.db"
        self.saved.unlink(missing_ok=True)
        back_up(self.settings.database_path, self.saved)

    def restore(self) -> None:
        """Put the backup back, the bot stopped."""
        assert self.saved is not None
        if self.database is not None:
            self.database.close()
            self.database = None
        restore(self.saved, self.settings.database_path, self.now() + self.clock_error)
        self.era += 1

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the database as another program may."""
        database = sqlite3.connect(self.settings.database_path, isolation_level=None, timeout=0)
        try:
            database.execute("BEGIN IMMEDIATE")
            self.is_locked = True
            yield
        finally:
            self.is_locked = False
            database.close()

    # time

    def wait(self, seconds: float) -> None:
        """Let time pass: long stretches in leaps from one due job to the next, as for a machine that sleeps."""
        end = self.now() + seconds
        self.loop.run_for(min(seconds, LEAP_SECONDS))
        for _ in range(MOST_LEAPS):
            left = end - self.now()
            if left <= 0:
                return
            due_in = self.due_in()
            if due_in is None or due_in >= left:
                break
            self.clock.advance(min(max(due_in - 1.0, 0.0), left))
            self.loop.run_for(min(7.0, max(end - self.now(), 0.0)))
            self.revive()
        self.clock.advance(max(end - self.now(), 0.0))
        self.loop.run_for(6.0)

    def due_in(self) -> float | None:
        """Say in how many seconds the next job is due; None where none is."""
        due_at = self.rows("SELECT min(due_at) FROM jobs")[0][0]
        return None if due_at is None else float(str(due_at)) - self.now() - self.clock_error


@contextmanager
def open_world(seed: int) -> Iterator[World]:
    """Open a world; the bot is not started yet."""
    random = Random(seed)
    loop = SimulatedLoop(Random(random.random()))
    folder = Path(tempfile.mkdtemp(prefix="world-", dir=memory_folder()))
    shutil.copy(fresh_database(), folder / "bot.db")
    errors, level = Errors(), logging.root.level
    logging.root.addHandler(errors)
    logging.root.setLevel(logging.ERROR)
    world: World | None = None

    def wall() -> float:
        return BEGINS_AT if world is None else world.now() + world.clock_error

    try:
        with on_stage(loop, wall, random):
            world = loop.finish(_open(loop, folder, errors, Random(random.random())))
            yield world
    finally:
        if world is not None and world.database is not None:
            world.database.close()
        logging.root.removeHandler(errors)
        logging.root.setLevel(level)
        shutil.rmtree(folder, ignore_errors=True)


async def _open(loop: SimulatedLoop, folder: Path, errors: Errors, random: Random) -> World:
    clock, weather = Clock(start=BEGINS_AT), Weather(random=random)
    telegram = TelegramServer(TOKEN, weather, clock=clock)
    checker = CheckServer(API_KEY, weather, clock=clock, result_form="csv", numbers_per_second=3.0)
    await telegram.__aenter__()
    await checker.__aenter__()
    return World(loop, clock, weather, telegram, checker, folder, _settings(folder, telegram.url, checker.url), errors)


def _settings(folder: Path, telegram: str, checker: str) -> Settings:
    return Settings.from_environment(
        {
            "BOT_TOKEN": TOKEN,
            "CHECKER_API_KEY": API_KEY,
            "CHECKER_API_URL": checker,
            "TELEGRAM_API_URL": telegram,
            "DATABASE_URL": f"sqlite:///{folder / 'bot.db'}",
            "DATA_DIR": str(folder),
            "ADMIN_IDS": str(ADMIN_ID),
            "ALLOWED_IDS": ",".join(map(str, TEAM)),
        }
    )


ADMIN_ID = 77
TEAM = (5_000_001, 5_000_002)
"""The ids that the sandbox gives the first people."""
