"""A process is no larger after many large blocks than before, and what it has loaded is not looked through."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.memory import give_back_large_blocks

ROOT = Path(__file__).resolve().parents[2]
GROWTH = """
from bot.memory import give_back_large_blocks
give_back_large_blocks()

def kilobytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))

before, small = kilobytes(), []
for megabytes in range(2, 40):
    block = b"x" * (megabytes << 20)
    small.append(b"y" * 5000)
    del block
print(kilobytes() - before)
"""
SEEN = """
import gc
from bot.memory import look_no_more_at_what_is_loaded

before = []
look_no_more_at_what_is_loaded()
later = []
seen = {id(one) for one in gc.get_objects()}
print(id(before) in seen, id(later) in seen)
"""


def _run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    return done.stdout


def test_large_blocks_are_given_back() -> None:
    said = _run(GROWTH)
    assert re.fullmatch(r"-?\d+\n", said)
    assert int(said) < 4096


def test_where_the_c_library_knows_nothing_of_it_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.memory.ctypes.CDLL", lambda _: object())
    give_back_large_blocks()


def test_only_what_comes_later_is_looked_through() -> None:
    """Elsewhere: what the simulation's lives leave behind would be kept here, and complain in some other test."""
    assert _run(SEEN) == "False True\n"
