"""Try the fuzz tests again and again, each round with another seed, for as long as there is time.

    SECONDS=3600 python -m tests.fuzz      for an hour instead of a minute
    SEED=71 python -m tests.fuzz           begins with the seed of a round that failed

Exits with 1 where a test failed; what failed and with which seed is printed.
"""

import os
import re
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent
TESTS = (
    *("tests/bot/test_fuzz_numbers.py", "tests/bot/test_fuzz_results.py", "tests/bot/test_fuzz_updates.py"),
    *("tests/bot/test_fuzz_tables.py", "tests/bot/test_sheet_reader.py"),
    *("tests/handlers/test_forged_presses.py", "tests/handlers/test_unrelated_talk.py"),
)
SHARE = "0.3"
"""Each round tries so much of what the suite tries: short rounds end near the time."""

say = partial(print, flush=True)


def main() -> int:
    """Go round until the time is over or a test fails."""
    seconds = float(os.environ.get("SECONDS", "60"))
    seed = int(os.environ.get("SEED") or time.time_ns() % 10**6)
    ends = time.monotonic() + seconds
    total, rounds = 0, 0
    while rounds == 0 or time.monotonic() < ends:
        began = time.monotonic()
        code, output = _round(seed)
        tried = sum(map(int, re.findall(r"(\d+) passing", output)))
        total, rounds = total + tried, rounds + 1
        say(f"SEED={seed}  {tried} examples in {time.monotonic() - began:.0f} s")
        if code:
            say(output[-8000:])
            say(f"\nAgain: SEED={seed} python -m tests.fuzz")
            return 1
        seed += 1
    say(f"{total} examples in {rounds} rounds: nothing was found")
    return 0


def _round(seed: int) -> tuple[int, str]:
    """Run the tests once with this seed; give pytest's exit code and what it said."""
    command = ["-m", "pytest", "-x", "-q", "--hypothesis-show-statistics", f"--hypothesis-seed={seed}", *TESTS]
    environment = {"PATH": os.environ["PATH"], "FUZZ_SHARE": SHARE}
    ended = subprocess.run(  # noqa: S603  (our own tests)
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return ended.returncode, ended.stdout + ended.stderr


if __name__ == "__main__":
    sys.exit(main())
