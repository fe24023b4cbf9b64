"""Play many runs of the simulation and see whether the bot keeps its promises.

    SEEDS=500 python -m tests.simulation              so many runs, from a first one that the time chooses
    SEED=7 SEEDS=1 python -m tests.simulation         that run; SHRINK=1 looks for the fewest steps that fail

Exits with 1 where a promise was broken. STEPS (200) is how long a run is, WORKERS (2) how many are played at a time.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.chaos.terminal import say
from tests.simulation.playing import STEPS, Played, tried


def main() -> int:
    """Play them all."""
    seeds = int(os.environ.get("SEEDS") or 200)
    first = int(os.environ.get("SEED") or time.time_ns() % 10**6)
    say(f"SEED={first} SEEDS={seeds}")
    began, failed, seconds = time.monotonic(), list[int](), 0.0
    sums: Counter[str] = Counter()
    for one in _tried(range(first, first + seeds)):
        sums += one.sums
        seconds += one.seconds
        if one.broken is not None:
            failed.append(one.number)
            say(f"--- SEED={one.number}\n{one.broken}")
    say(", ".join(f"{count} {what}" for what, count in sums.items()))
    say(f"{time.monotonic() - began:.0f} s, {seconds / seeds:.2f} s of a processor each; broken: {failed or 'none'}")
    return 1 if failed else 0


def _tried(seeds: range) -> Iterator[Played]:
    steps, shrinks = int(os.environ.get("STEPS") or STEPS), bool(os.environ.get("SHRINK"))
    play = partial(tried, steps=steps, shrinks=shrinks)
    with ProcessPoolExecutor(int(os.environ.get("WORKERS") or 2)) as pool:
        yield from pool.map(play, seeds)


if __name__ == "__main__":
    sys.exit(main())
