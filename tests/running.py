"""The real bot as a child process against both sandbox servers, as the story tests use it."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.check_api import CheckServer
from sandbox.chats import Person
from sandbox.faults import Faults
from sandbox.telegram_api import TelegramServer

TOKEN = "424242:AAE-sandbox-token-of-the-tests-0123456"
API_KEY = "key-of-the-tests-that-must-not-be-logged"
ROOT = Path(__file__).parent.parent


@dataclass
class Rehearsal:
    """Both servers, a person who may use the bot, and the bot's process, which can be stopped and started again."""

    telegram: TelegramServer
    checker: CheckServer
    folder: Path
    anna: Person
    settings: dict[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The settings contract, and nothing of the machine's own environment that could change what the bot does."""
        return {
            "PATH": os.environ["PATH"],
            "BOT_TOKEN": TOKEN,
            "CHECKER_API_KEY": API_KEY,
            "CHECKER_API_URL": self.checker.url,
            "TELEGRAM_API_URL": self.telegram.url,
            "DATABASE_URL": f"sqlite:///{self.folder / 'bot.db'}",
            "DATA_DIR": str(self.folder / "data"),
            "ALLOWED_IDS": str(self.anna.id),
            "LOG_LEVEL": "DEBUG",
            **self.settings,
        }

    @property
    def log(self) -> str:
        """All that the bot's processes have written so far."""
        path = self.folder / "bot.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    async def start(self) -> None:
        """Start the bot and wait until it asks for updates."""
        with (self.folder / "bot.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        asked = len(self.telegram.calls_of("getMe"))
        await self.telegram.wait_for(
            lambda server: (server.polling and len(server.calls_of("getMe")) > asked) or None, timeout=30
        )

    async def kill(self) -> None:
        """End the bot as a power cut does."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Ask the bot to stop, and give its exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        if self.process is None:
            return 0
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        async with asyncio.timeout(25):
            code = await self.process.wait()
        self.process = None
        return code


@asynccontextmanager
async def rehearsal(folder: Path, *, settings: dict[str, str] | None = None, **options: object) -> AsyncIterator[Rehearsal]:
    """Open both servers; ``options`` are the checking API's."""
    faults = Faults()
    checker = CheckServer(API_KEY, faults, **({"numbers_per_second": 2000.0, "pending_seconds": 0.2} | options))
    async with TelegramServer(TOKEN, faults) as telegram, checker:
        anna = telegram.add_person("Anna", language_code="en")
        telegram.private_chat(anna)
        run = Rehearsal(telegram, checker, folder, anna, settings or {})
        try:
            yield run
        finally:
            if run.process is not None:
                await run.kill()
