"""How much a bot may send: about 30 a second in all, 1 a second in one chat, 20 a minute in a group."""

import math
from collections import deque
from dataclasses import dataclass, field

from sandbox.refusals import too_many_requests

IN_ALL = (30, 1.0)
IN_A_GROUP = (20, 60.0)
BURST = 5  # in one chat so many pass at once; a place comes free each second


@dataclass
class FloodLimits:
    """Counts what was sent. A chat that went over is shut until the time it was told has passed."""

    switched_on: bool = True
    sent: deque[float] = field(default_factory=deque)
    sent_to: dict[int, deque[float]] = field(default_factory=dict)
    shut_until: dict[int, float] = field(default_factory=dict)

    def spend(self, chat_id: int, now: float) -> None:
        """Count one message or edit.

        Raises:
            Refusal: 429; nothing is counted, and the chat stays shut for ``retry_after`` seconds.
        """
        if not self.switched_on:
            return
        wait = self.shut_until.get(chat_id, 0.0) - now
        if wait <= 0:
            wait = max(self._wait_in_all(now), self._wait_in_chat(chat_id, now))
        if wait > 0:
            seconds = math.ceil(wait)
            self.shut_until[chat_id] = max(self.shut_until.get(chat_id, 0.0), now + seconds)
            raise too_many_requests(seconds)
        self.sent.append(now)
        self.sent_to.setdefault(chat_id, deque()).append(now)

    def _wait_in_all(self, now: float) -> float:
        most, seconds = IN_ALL
        return _wait(self.sent, most, seconds, now)

    def _wait_in_chat(self, chat_id: int, now: float) -> float:
        times = self.sent_to.setdefault(chat_id, deque())
        if chat_id < 0:
            most, seconds = IN_A_GROUP
            wait = _wait(times, most, seconds, now)
        else:
            wait = 0.0
            _forget(times, now - BURST)
        return max(wait, times[-BURST] + BURST - now) if len(times) >= BURST else wait


def _wait(times: deque[float], most: int, seconds: float, now: float) -> float:
    """How long until one more fits into a window that slides."""
    _forget(times, now - seconds)
    return times[0] + seconds - now if len(times) >= most else 0.0


def _forget(times: deque[float], until: float) -> None:
    while times and times[0] <= until:
        times.popleft()
