"""A task of the checking API: how far it is at a given time, and what it is called."""

import base64
import itertools
import math
import os
from bisect import bisect_left
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.check_options import CheckOptions
from sandbox.result_files import UNDETERMINED, Finding, Spoiling, verdict_of

MACHINE = b"sbx"
SLACK = 0.001  # seconds; a float of today's Unix time is exact to a quarter of a microsecond


class TaskIds:
    """Names of tasks, shaped like xids: four bytes of time, three of machine, two of process, three that count."""

    def __init__(self) -> None:
        self._counter = itertools.count(int.from_bytes(os.urandom(2)))

    def next(self, now: float) -> str:
        """Give 20 characters of base32hex; later ones sort behind earlier ones."""
        count = next(self._counter) % 2**24
        raw = int(now).to_bytes(4) + MACHINE + (os.getpid() % 2**16).to_bytes(2) + count.to_bytes(3)
        return base64.b32hexencode(raw).decode().rstrip("=").lower()


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a task stands; ``changed`` is when that last changed, in Unix seconds."""

    status: str
    total: int
    success: int
    failure: int
    changed: float


@dataclass(slots=True)
class Task:
    """One list that was charged. Its pace and its undetermined numbers are those of the options at its creation."""

    task_id: str
    numbers: tuple[str, ...] = field(repr=False)
    created: float
    amount: Decimal
    options: CheckOptions = field(repr=False)
    ended: bool = False
    forgotten: bool = False
    failure_message: str | None = None
    fails_at: int | None = None
    stands_at: float | None = None
    lost: float = 0.0
    findings: list[Finding] | None = field(default=None, repr=False)
    spoiling: Spoiling | None = field(default=None, repr=False)
    _unclear: list[int] | None = field(default=None, repr=False)

    def _elapsed(self, now: float) -> float:
        elapsed = now - self.created - self.lost
        return elapsed if self.stands_at is None else min(elapsed, self.stands_at)

    def progress(self, now: float) -> Progress:
        """Say how far the task is; nothing is stored, so it can be asked for any time."""
        worked = self._elapsed(now) - self.options.pending_seconds
        if worked < 0:
            return Progress("pending", 0, 0, 0, self.created)
        done = min(len(self.numbers), int(worked * self.options.numbers_per_second + 1e-6))
        if self.fails_at is not None and done >= self.fails_at:
            return self._counted("failed", self.fails_at, now)
        return self._counted("exported" if done == len(self.numbers) else "processing", done, now)

    def _counted(self, status: str, done: int, now: float) -> Progress:
        failure = bisect_left(self._unclear_places(), done)
        reached = self.created + self.lost + self.options.pending_seconds + done / self.options.numbers_per_second
        return Progress(status, done, done - failure, failure, min(reached, now))

    def _unclear_places(self) -> list[int]:
        if self._unclear is None:
            shares = self.options.share_yes, self.options.share_undetermined
            self._unclear = (
                [place for place, number in enumerate(self.numbers) if verdict_of(number, *shares) == UNDETERMINED]
                if self.options.share_undetermined
                else []
            )
        return self._unclear

    def fail(self, message: str, at: float = 1.0) -> None:
        """Let the task end as failed after this share of its numbers."""
        self.failure_message = message
        self.fails_at = int(len(self.numbers) * at)

    def stall(self, now: float, at: float | None = None) -> None:
        """Let the task stand still: now, or after this share of its numbers."""
        if at is None:
            self.stands_at = self._elapsed(now)
        else:
            seconds = len(self.numbers) * at / self.options.numbers_per_second
            self.stands_at = self.options.pending_seconds + seconds

    def seconds_left(self, now: float) -> float:
        """Say in how many seconds a status question will find it ready; infinity while it stands still."""
        if self.stands_at is not None:
            return math.inf
        seconds = self.options.pending_seconds + len(self.numbers) / self.options.numbers_per_second
        return max(0.0, seconds + SLACK - self._elapsed(now))

    def release(self, now: float) -> bool:
        """Let a stalled task go on from where it stood; False where it did not stand."""
        if self.stands_at is None:
            return False
        self.lost += max(0.0, now - self.created - self.lost - self.stands_at)
        self.stands_at = None
        return True
