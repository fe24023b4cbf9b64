"""The bot without Telegram's limits, which would be all that a measurement sees: `python -m tests.bench.lifted_bot`.

Its calls still pass the middleware that keeps them; there is room for all of them.
"""

import runpy
import sys
from typing import Any

from bot import limits, windows

ROOM = windows.Window(most=1_000_000, seconds=0.001)


class Lifted(limits.Limits):
    """Limits with room for everything."""

    def __init__(self, **_: Any) -> None:
        super().__init__(private=ROOM, group=ROOM, everything=ROOM)


if __name__ == "__main__":
    setattr(limits, "Limits", Lifted)  # noqa: B010
    sys.argv = ["bot"]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
