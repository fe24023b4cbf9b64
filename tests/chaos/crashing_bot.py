"""The bot, which kills itself with ``kill -9`` at a named point.

A point lies before and after every commit, every call of the checking API's client, every call of Telegram's methods,
every fsync, every file that is fetched or read by a child. Nothing in the bot knows of them: they are put around its
functions here, at the start. ``CRASH_AT`` names the point (``after sendDocument#1``: the first time it is passed);
``CRASH_TRACE`` is a file that is given the name of each point that is passed, one a line.
"""

import os
import runpy
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

PASSED: Counter[str] = Counter()


def point(name: str) -> None:
    """Be at a point: write it down, and die here if this is the one."""
    PASSED[name] += 1
    full = f"{name}#{PASSED[name]}"
    trace = os.open(os.environ["CRASH_TRACE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(trace, f"{full}\n".encode())
    os.close(trace)
    if full == os.environ.get("CRASH_AT"):
        os.kill(os.getpid(), signal.SIGKILL)


def _around(place: Any, function: str, name: Callable[..., str] | None = None) -> None:
    """Put points around a coroutine function; its name is the point's, unless its arguments give a better one."""
    original = getattr(place, function)

    async def passing(*arguments: Any, **options: Any) -> Any:
        called = function if name is None else name(*arguments)
        point(f"before {called}")
        given = await original(*arguments, **options)
        point(f"after {called}")
        return given

    setattr(place, function, passing)


def _around_commits(database: Any) -> None:
    original = database.write

    @asynccontextmanager
    async def write(self: Any, **options: Any) -> AsyncIterator[Any]:
        name = f"commit of {_who_writes()}"
        async with original(self, **options) as connection:
            yield connection
            point(f"before {name}")
        point(f"after {name}")

    database.write = write


def _who_writes() -> str:
    """Give the method of ``storage`` that was called: a coroutine's frame lies on that of whoever waits for it.

    What several ask together is done by the one of them who came first.
    """
    frame, found = sys._getframe(1), "nobody"
    while frame.f_back is not None:
        frame = frame.f_back
        path = Path(frame.f_code.co_filename)
        if path.parent.name == "storage" and path.name != "database.py":
            found = f"{path.stem}.{frame.f_code.co_name}"
    return found


def _around_plain(place: Any, function: str) -> None:
    original = getattr(place, function)

    def passing(*arguments: Any, **options: Any) -> Any:
        point(f"before {function}")
        given = original(*arguments, **options)
        point(f"after {function}")
        return given

    setattr(place, function, passing)


def main() -> None:
    """Put the points where they belong and be the bot."""
    # Imported here: the module is also read by people who only want the names.
    import bot.composing  # noqa: PLC0415
    import bot.confirming  # noqa: PLC0415
    from bot.check_api import CheckApi  # noqa: PLC0415
    from bot.fetching import Files  # noqa: PLC0415
    from bot.telegram import Session  # noqa: PLC0415
    from storage import database  # noqa: PLC0415

    _around_commits(database.Database)
    _around_plain(database, "_migrate")
    _around_plain(os, "fsync")
    for function in ("submit", "status", "download", "balance"):
        _around(CheckApi, function)
    _around(Session, "make_request", lambda _session, _bot, method, *_: method.__api_method__)
    _around(Files, "fetch")
    _around(bot.composing, "read_result")
    _around(bot.confirming, "read_list")
    sys.argv = ["bot"]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
