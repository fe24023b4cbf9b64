"""When each task is asked about: as soon as is wanted, and never more than so many in a second.

So however many tasks there are, questions come evenly and in time, and each task is asked about as often as that
leaves room for. What a restart finds overdue is spread in the same way.
"""

from dataclasses import dataclass, field

QUESTIONS_A_SECOND = 350
"""Enough for ten thousand tasks, each asked about every half a minute."""


@dataclass(slots=True)
class Spreading:
    """Counts the questions of each second that is still to come."""

    a_second: int = QUESTIONS_A_SECOND
    asked: dict[int, int] = field(default_factory=dict)
    """How many questions fall into each second (since 1970)."""
    seen: int = 0

    def place(self, wanted: float, now: float) -> float:
        """Give the time of a question that is wanted at some time: then, or as soon after it as there is room.

        Args:
            wanted: Seconds since 1970.
            now: The same; what lies before is forgotten.
        """
        self._forget(int(now))
        second = int(wanted)
        while (taken := self.asked.get(second, 0)) >= self.a_second:
            second += 1
        self.asked[second] = taken + 1
        return wanted if second == int(wanted) else second + taken / self.a_second

    def _forget(self, now: int) -> None:
        if now == self.seen:
            return
        self.seen = now
        self.asked = {second: count for second, count in self.asked.items() if second >= now}
