"""The time a sandbox server lives in: real, faster, or moved by hand."""

import time


class Clock:
    """Unix seconds that pass ``speed`` times as fast as real ones; at speed 0 they move by ``advance`` alone."""

    def __init__(self, speed: float = 1.0, start: float | None = None) -> None:
        self._speed = speed
        self._since = time.monotonic()
        self._then = time.time() if start is None else start

    @property
    def speed(self) -> float:
        """Sandbox seconds in one real second."""
        return self._speed

    def now(self) -> float:
        """Unix seconds in the sandbox."""
        return self._then + (time.monotonic() - self._since) * self._speed

    def advance(self, seconds: float) -> None:
        """Jump ahead; tests do this instead of sleeping."""
        self._then += seconds

    def run(self, speed: float) -> None:
        """Go on from now at another speed."""
        self._then, self._since, self._speed = self.now(), time.monotonic(), speed
