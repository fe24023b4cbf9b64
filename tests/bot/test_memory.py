"""A process is no larger after many large blocks than before."""

import gc
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.memory import give_back_large_blocks, look_no_more_at_what_is_loaded

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


def test_large_blocks_are_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", GROWTH], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert re.fullmatch(r"-?\d+\n", done.stdout)
    assert int(done.stdout) < 4096


def test_where_the_c_library_knows_nothing_of_it_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.memory.ctypes.CDLL", lambda _: object())
    give_back_large_blocks()


class _Ring:
    def __init__(self) -> None:
        self.itself = self


def test_only_what_comes_later_is_looked_through() -> None:
    before, later = _Ring(), None
    try:
        look_no_more_at_what_is_loaded()
        later = _Ring()
        seen = {id(one) for one in gc.get_objects()}
        assert id(later) in seen
        assert id(before) not in seen
    finally:
        gc.unfreeze()
