"""A process with a time of its own, which stands still while anything is being done and else jumps to what comes next.

So minutes of waiting pass in a moment, and how long something takes in this time says nothing about the machine: the
database and whatever is done in threads are infinitely fast, and only what waits on purpose takes any time. Child
processes are not known here.

    python -m tests.own_time MODULE ARGUMENT...      run the module's ``main`` with these arguments
"""

import asyncio
import functools
import importlib
import selectors
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any, cast

STUCK_SECONDS = 120.0
"""Real ones: nothing that is done for the stories takes so long."""
LONG_JUMP = 0.5
QUIET = 1 / 50
"""For this part of a long jump it is really quiet before it: what was sent may not have got through the system yet."""
_real_time = time.time


class _Now:
    """What time it is, and how much is being done outside the event loop."""

    ahead = 0.0
    under_way = 0


def main() -> None:
    """Let the clocks show this time, and only then import the program: much of it keeps a clock from its import on."""
    started = _real_time()
    time.time = lambda: started + _Now.ahead
    time.monotonic = lambda: _Now.ahead
    _hurry_the_database()
    program = importlib.import_module(sys.argv[1])
    with asyncio.Runner(loop_factory=_Loop) as runner:
        runner.run(program.main(*sys.argv[2:]))


class _Selector(selectors.DefaultSelector):
    """Waits for what is under way; where nothing is, the next timer's time has come."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if found or (timeout is not None and timeout <= 0):
            return found
        if _Now.under_way or timeout is None:
            found = super().select(STUCK_SECONDS)
            if not found:
                raise RuntimeError("nothing happens any more, and nothing is waited for")
            return found
        found = super().select(timeout * QUIET if timeout > LONG_JUMP else 0.0)
        if not found:
            _Now.ahead += timeout
        return found


class _Loop(asyncio.SelectorEventLoop):
    """Counts what threads do."""

    def __init__(self) -> None:
        super().__init__(_Selector())

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]
        future = super().run_in_executor(executor, func, *args)
        _Now.under_way += 1
        future.add_done_callback(_done)
        return future


def _done(*_: object) -> None:
    _Now.under_way -= 1


def _hurry_the_database() -> None:
    """Do statements on the spot: only who waits for the lock still has to wait for it in the connection's thread.

    A job takes a thousand calls of the driver, and two thirds of their time is handing them over.
    """
    import sqlite3  # noqa: PLC0415

    from aiosqlite import Connection  # noqa: PLC0415  (after the clock)

    from storage.one_step import OneStepConnection  # noqa: PLC0415  (after the clock)

    connect: Any = sqlite3.connect
    in_thread: Callable[..., Coroutine[Any, Any, Any]] = Connection._execute

    async def execute(self: Connection, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        if "BEGIN IMMEDIATE" not in args:
            return function(*args, **options)
        return await _counted(in_thread(self, function, *args, **options))

    def end_reading(self: OneStepConnection) -> None:
        cast("Any", self).driver_connection._conn.rollback()

    opened = Connection._connect

    async def open_it(self: Connection) -> Connection:
        return cast("Connection", await _counted(opened(self)))

    sqlite3.connect = functools.partial(connect, check_same_thread=False)
    OneStepConnection._end_reading = end_reading  # type: ignore[method-assign]
    Connection._execute = execute  # type: ignore[method-assign,assignment]
    Connection._connect = open_it  # type: ignore[method-assign]


async def _counted(work: Coroutine[Any, Any, Any]) -> Any:
    _Now.under_way += 1
    try:
        return await work
    finally:
        _done()


if __name__ == "__main__":
    main()
