"""The bot with a clock in it that ticks every 10 ms: each tick that comes late is written down.

``TICKS`` is a file that is given a line for each: when it came (``time.monotonic``), and how many seconds late it was.
"""

import asyncio
import os
import runpy
import sys
import time
from typing import Any

TICK_SECONDS = 0.01
LATE_SECONDS = 0.001


async def _tick() -> None:
    file = os.open(os.environ["TICKS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    while True:
        due = time.monotonic() + TICK_SECONDS
        await asyncio.sleep(TICK_SECONDS)
        came = time.monotonic()
        if came - due > LATE_SECONDS:
            os.write(file, f"{came} {came - due}\n".encode())


def main() -> None:
    """Put the clock beside the worker and be the bot."""
    from bot.worker import Worker  # noqa: PLC0415  (takes seconds)

    work = Worker.run

    async def run(worker: Any) -> None:
        ticking = asyncio.ensure_future(_tick())  # noqa: TID251
        try:
            await work(worker)
        finally:
            ticking.cancel()

    Worker.run = run  # type: ignore[method-assign,assignment]
    sys.argv = ["bot"]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
