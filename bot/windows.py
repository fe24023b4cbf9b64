"""How much Telegram takes: so many messages in so many seconds, and how uneven the way there is."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Window:
    """So many calls in any stretch of so many seconds; progress may use only the first half of them."""

    most: int
    seconds: float
    apart: float = 0.0
    """How many seconds after any other call one that a newer state replaces may pass."""
    burst: "Window | None" = None
    """What holds for shorter stretches at the same time."""


PRIVATE = Window(most=5, seconds=5.5, apart=1.0)
GROUP = Window(most=19, seconds=61.0, apart=3.0, burst=PRIVATE)
ALL = Window(most=29, seconds=1.0, burst=Window(most=1, seconds=0.03))
"""One after the other, so that a heap on the way is small; where the way is uneven, the second is a longer one."""
UNEVEN_SECONDS = 0.09
"""How uneven the way is thought to be as long as nothing is known of it."""
EVEN_SECONDS = 0.01
"""So uneven is any way."""
HEAPS = 3.0
"""So many times its mean unevenness a call may be late: then one second's calls meet the next one's at Telegram."""
LATELY = 1 / 16
"""The weight of one call among those of late."""


@dataclass(slots=True)
class Way:
    """How uneven the way to Telegram is, told by how long answers take; as TCP does it (RFC 6298)."""

    uneven: float = UNEVEN_SECONDS
    """The mean difference from the mean, in seconds."""
    usual: dict[str, float] = field(default_factory=dict)
    """The mean time of an answer by method: a document takes longer than an edit."""

    def took(self, method: str, seconds: float) -> None:
        """Take down how long a call took."""
        usual = self.usual.setdefault(method, seconds)
        self.uneven += LATELY * (abs(seconds - usual) - self.uneven)
        self.usual[method] = usual + LATELY * (seconds - usual)

    def stretched(self, window: Window) -> Window:
        """Give a window so much longer that what leaves in two of them does not meet in one second."""
        return replace(window, seconds=window.seconds + HEAPS * max(self.uneven - EVEN_SECONDS, 0.0))
