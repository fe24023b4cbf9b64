"""The bot without Telegram's limits, which would be all that a measurement sees: `python -m tests.bench.lifted_bot`.

Its calls still pass the middleware that keeps them; there is room for all of them.
"""

import runpy
import sys
from functools import partial

from bot import limits, telegram, windows

ROOM = windows.Window(most=1_000_000, seconds=0.001)

if __name__ == "__main__":
    setattr(telegram, "Limits", partial(limits.Limits, private=ROOM, group=ROOM, everything=ROOM))  # noqa: B010
    sys.argv = ["bot"]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
