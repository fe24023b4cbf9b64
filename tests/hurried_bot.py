"""The bot, which waits seconds where it would wait minutes; everything else, its limits of size too, is as it is."""

import runpy
import sys
from functools import partial

QUESTION_SECONDS = 1.5
"""How long an answer of the API may take in all."""
DOWNLOAD_SECONDS = 2.0
"""How long a whole transfer may take."""
AGAIN_SECONDS = 0.1
"""The longest wait after a failure; the first ones are shorter in the real bot too."""


def main() -> None:
    """Shorten the waits and be the bot."""
    # Imported here: the module is also read by people who only want the numbers.
    from bot import check_api, checking, submitting  # noqa: PLC0415
    from bot.account import Bounds  # noqa: PLC0415

    check_api.Bounds = partial(Bounds, question=QUESTION_SECONDS, download=DOWNLOAD_SECONDS)  # type: ignore[assignment,misc]
    checking.LONGEST_BACKOFF_SECONDS = AGAIN_SECONDS
    checking.SOONEST_SECONDS = submitting.FIRST_POLL_SECONDS = 0.05
    sys.argv = ["bot"]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
