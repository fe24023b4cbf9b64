"""The bot as a child process, known by its settings and its log only."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
STOP_SECONDS = 25
"""The bot promises to stop within 20."""


class BotProcess:
    """``python -m bot`` with these settings and nothing else of this machine's environment; its log goes to a file."""

    def __init__(self, settings: Mapping[str, str], log: Path) -> None:
        self.settings = dict(settings)
        self.log = log
        self._process: asyncio.subprocess.Process | None = None

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs, and before it was started."""
        return None if self._process is None else self._process.returncode

    async def start(self) -> None:
        """Start it; it is ready when it asks Telegram for updates."""
        environment = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONUTF8": "1", **self.settings}
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot"),
                cwd=ROOT,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def ended(self) -> int:
        """Wait until it ends by itself; give its exit code."""
        if self._process is None:
            raise RuntimeError("the bot was not started")
        return await self._process.wait()

    async def stop(self) -> int | None:
        """Ask it to stop, and end it if it does not; give its exit code."""
        if self._process is None:
            return None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        finally:
            if self._process.returncode is None:
                self._process.kill()
        return await self._process.wait()

    def last_lines(self, count: int = 20) -> list[str]:
        """Give the end of its log."""
        if not self.log.exists():
            return []
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
