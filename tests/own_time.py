"""A process with a time of its own, which stands still while anything is being done and else jumps to what comes next.

So minutes of waiting pass in a moment, and how long something takes in this time says nothing about the machine: the
database and whatever is done in threads are infinitely fast, and only what waits on purpose takes any time. Child
processes are not known here.
"""

import asyncio
import functools
import selectors
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
STUCK_SECONDS = 120.0
"""Real ones: nothing that is done for the stories takes so long."""
LONG_JUMP = 0.5
LONG_QUIET = 0.05
"""Before a jump that is long, it is really quiet for so long: what was sent may not have got through the system yet."""
_real_time = time.time


class _Now:
    """What time it is, and how much is being done outside the event loop."""

    ahead = 0.0
    under_way = 0


def begin() -> None:
    """Let the clocks of this process show its own time; whatever keeps a clock must be imported later."""
    started = _real_time()
    time.time = lambda: started + _Now.ahead
    time.monotonic = lambda: _Now.ahead


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a program in this time; ``begin`` was called before its modules were imported."""
    _count_statements()
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(main)


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
        found = super().select(LONG_QUIET if timeout > LONG_JUMP else 0.0)
        if not found:
            _Now.ahead += timeout
        return found


class _Loop(asyncio.SelectorEventLoop):
    """Counts what threads do."""

    def __init__(self) -> None:
        super().__init__(_Selector())

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:
        future = super().run_in_executor(executor, func, *args)
        _Now.under_way += 1
        future.add_done_callback(_done)
        return future


def _done(*_: object) -> None:
    _Now.under_way -= 1


def _count_statements() -> None:
    """Count what the threads of the database do: aiosqlite has them of its own."""
    from aiosqlite import Connection  # noqa: PLC0415  (after the clock)

    for name in ("_connect", "_execute"):
        setattr(Connection, name, _counted(getattr(Connection, name)))


def _counted(original: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Coroutine[Any, Any, Any]]:
    @functools.wraps(original)
    async def counted(*args: Any, **options: Any) -> Any:
        _Now.under_way += 1
        try:
            return await original(*args, **options)
        finally:
            _done()

    return counted
