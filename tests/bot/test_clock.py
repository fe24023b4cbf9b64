"""Whether somebody has set the clock is told from the clock that nobody sets."""

import time

import pytest

from bot.clock import JUMP_SECONDS, Jumps, elapsed

WALL, STEADY = 1_790_000_000.0, 5_000.0


class Clocks:
    """Both clocks of a machine."""

    def __init__(self) -> None:
        self.wall, self.steady = WALL, STEADY
        self.jumps = Jumps(lambda: self.wall, lambda: self.steady)

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.mark.parametrize("by", [-90.0, -7_200.0, 90.0, 864_000.0])
def test_a_jump_is_told_with_its_size_however_much_time_has_passed(by: float) -> None:
    clocks = Clocks()
    clocks.passes(3_600)
    clocks.wall += by
    assert clocks.jumps.since(clocks.jumps.seen) == by


@pytest.mark.parametrize("by", [0.0, JUMP_SECONDS - 0.1, 0.1 - JUMP_SECONDS])
def test_the_small_corrections_of_a_good_clock_are_no_jumps(by: float) -> None:
    clocks = Clocks()
    clocks.passes(86_400)
    clocks.wall += by
    assert clocks.jumps.since(clocks.jumps.seen) == 0


def test_the_steady_clock_only_goes_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    before = elapsed()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert elapsed() >= before
