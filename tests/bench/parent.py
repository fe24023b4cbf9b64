"""A process like the bot's that has a list read: prints what it notices of it.

    python -m tests.bench.parent PATH

It prints the worst delay of a tick of 10 ms while the list was read, the same for as long without a list (both in
milliseconds), and by how much the process has grown (MiB).
"""

import asyncio
import sys
import time
from pathlib import Path

from bot.memory import give_back_large_blocks
from bot.workshop import read_list
from tests.bench.measuring import peak_mib

TICK_SECONDS = 0.01
OWN = "self"


async def main(path: Path) -> None:
    """Have a list read beside a ticking clock."""
    give_back_large_blocks()
    before = peak_mib(OWN)
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        clock = group.create_task(_worst_delay())
        await read_list([path])
        clock.cancel()
    seconds, delay = time.perf_counter() - began, _seen[0]
    _seen[0] = 0.0
    async with asyncio.TaskGroup() as group:
        clock = group.create_task(_worst_delay())
        await asyncio.sleep(min(seconds, 5.0))
        clock.cancel()
    sys.stdout.write(f"{1000 * delay} {1000 * _seen[0]} {peak_mib(OWN) - before}\n")


_seen = [0.0]


async def _worst_delay() -> None:
    while True:
        due = time.perf_counter() + TICK_SECONDS
        await asyncio.sleep(TICK_SECONDS)
        _seen[0] = max(_seen[0], time.perf_counter() - due)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
