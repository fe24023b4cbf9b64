"""The bots of a benchmark as processes of their own: ours with the settings it needs, and the bare ones beside it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench.local_telegram import FIRST_CHAT, TOKEN
from tests.bench.measuring import ROOT

PEOPLE = 10_000
OURS = "bot"
LIFTED = "tests.bench.lifted_bot"
AIOGRAM = "tests.bench.echo_aiogram"
TELEGRAM_BOT = "tests.bench.echo_ptb"


@asynccontextmanager
async def running(module: str, url: str, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a bot against a server until the block ends; the echo bots take the server as an argument.

    Args:
        module: One of those above.
        url: The Bot API server.
        folder: Where ours keeps its data.
    """
    is_ours = module in {OURS, LIFTED}
    environment = {"PATH": os.environ["PATH"], **(_settings(url, folder) if is_ours else {})}
    arguments = [] if is_ours else [url, TOKEN]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, cwd=ROOT, env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _settings(url: str, folder: Path) -> dict[str, str]:
    allowed = folder / "allowed"
    allowed.write_text(",".join(map(str, range(FIRST_CHAT, FIRST_CHAT + PEOPLE))), encoding="ascii")
    return {
        "BOT_TOKEN": TOKEN,
        "CHECKER_API_KEY": "key-of-the-benchmark-that-nobody-asks-for",
        "CHECKER_API_URL": "http://127.0.0.1:9/v1",
        "TELEGRAM_API_URL": url,
        "DATABASE_URL": f"sqlite:///{folder / 'bot.db'}",
        "DATA_DIR": str(folder / "data"),
        "ALLOWED_IDS_FILE": str(allowed),
        "LOG_LEVEL": "WARNING",
    }
