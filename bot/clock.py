"""The clock that nobody sets, and how it tells that somebody has set the other one."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

JUMP_SECONDS = 10.0
"""Two clocks that run on one machine part by less than this; by more only where the wall clock was set, or the machine
has slept."""


def elapsed() -> float:
    """Give the seconds since some moment, by a clock that only goes forward."""
    return time.monotonic()


@dataclass(slots=True)
class Jumps:
    """Notices that the wall clock was set."""

    wall: Callable[[], float]
    steady: Callable[[], float] = elapsed
    seen: float = field(init=False)
    """How far the wall clock was ahead of the steady one when they were last found right."""

    def __post_init__(self) -> None:
        self.seen = self.ahead()

    def ahead(self) -> float:
        """Give how far the wall clock is ahead of the steady one: it changes only where one of them jumps."""
        return self.wall() - self.steady()

    def since(self, ahead: float) -> float:
        """Say by how many seconds the wall clock has jumped since it was so far ahead; below 0 it was set back."""
        by = self.ahead() - ahead
        return by if abs(by) >= JUMP_SECONDS else 0.0
