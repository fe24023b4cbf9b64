"""An event loop in simulated time: where nothing is left to do, it goes to the next timer at once.

Everything runs in one thread and in the order in which it was scheduled: a thread's job is done in a turn of its own,
a connection is two objects in memory (``network.py``). So the same start gives the same run.

What belongs to a *life* (one run of the bot, told by its context) can be ended as ``kill -9`` ends a process: from then
on nothing of it is run, neither what it waited for nor any ``finally``, and nothing that it does reaches anybody.
"""

import asyncio
import heapq
import socket
import sqlite3
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from tests.simulation.network import Listener, Network, Server, Transport

LIFE: "ContextVar[Life | None]" = ContextVar("life", default=None)
"""Whose work is being done; None: the world's."""
TURN_SECONDS = 0.00001
"""How long a turn takes, so that nothing waits for a time too short to be told from none."""
MOST_TURNS = 20_000
"""So many turns without a pause are a spin."""


class SpinError(AssertionError):
    """Something is done again and again without a pause."""


@dataclass(eq=False)
class Life:
    """One run of the bot. What it does that can be seen from outside is a point, at which it may be made to end."""

    number: int
    points: int = 0
    dies_at: int | None = None
    died_at: str | None = None
    is_over: bool = False
    connections: dict[Transport, None] = field(default_factory=dict)
    files: list[Callable[[], object]] = field(default_factory=list)
    """How the system closes what a process had open."""

    def end(self) -> None:
        """Kill it: its connections break, its files close, and nothing more is done."""
        self.is_over = True
        for connection in list(self.connections):
            connection.break_off()
        for close in self.files:
            with suppress(sqlite3.ProgrammingError):  # it was closed already
                close()
        self.files.clear()

    def passes(self, point: str) -> bool:
        """Pass a point; say whether it is alive afterwards."""
        if self.is_over:
            return False
        self.points += 1
        if self.points == self.dies_at:
            self.died_at = point
            self.end()
        return not self.is_over


class _NoSockets:
    """What stands where a loop of the system asks its sockets."""

    def close(self) -> None:
        """Nothing is open."""


class SimulatedLoop(asyncio.BaseEventLoop):
    """The loop; ``now`` is its time, in seconds. ``random`` says how long what is sent is under way."""

    _scheduled: list[Any]
    _ready: deque[Any]

    def __init__(self, random: Random) -> None:
        super().__init__()
        self._selector = _NoSockets()
        self.now = 1000.0
        self.errors: list[dict[str, Any]] = []
        """What nobody caught."""
        self.set_exception_handler(lambda _, context: self.errors.append(context))
        self.network = Network(self, random)
        self._addresses: dict[socket.socket, tuple[str, int]] = {}

    def time(self) -> float:
        return self.now

    # running

    def run_for(self, seconds: float) -> None:
        """Let so much time pass, with everything that is due in it; 0: do what can be done at this moment."""
        end = self.now + seconds
        self._run_while(lambda: True, end)
        self.now = max(end, self.now)

    def finish(self, work: Coroutine[Any, Any, Any], seconds: float = 60.0) -> Any:
        """Run until this is done, and give its result."""
        task = self.create_task(work)
        self._run_while(lambda: not task.done(), self.now + seconds)
        if not task.done():
            raise TimeoutError
        return task.result()

    def call(self, function: Callable[[], Any]) -> Any:
        """Call something that needs a running loop."""
        self._enter()
        try:
            return function()
        finally:
            self._leave()

    def _enter(self) -> None:
        asyncio._set_running_loop(self)
        self._thread_id = 1

    def _leave(self) -> None:
        self._thread_id = None  # type: ignore[assignment]  # asyncio's own does the same
        asyncio._set_running_loop(None)

    def _run_while(self, is_so: Callable[[], bool], end: float) -> None:
        self._enter()
        turns = 0
        try:
            while is_so():
                since = self.now
                if not self._turn(end):
                    break
                turns = turns + 1 if self.now - since < 2 * TURN_SECONDS else 0
                if turns > MOST_TURNS:
                    raise SpinError
        finally:
            self._leave()

    def _turn(self, end: float) -> bool:
        """Do what is ready; where nothing is, go to the next timer. False where that is later than ``end``."""
        scheduled, ready = self._scheduled, self._ready
        while scheduled and (scheduled[0]._cancelled or _is_over(scheduled[0])):
            heapq.heappop(scheduled)._scheduled = False
        if not ready:
            if not scheduled or scheduled[0]._when > end:
                return False
            self.now = max(self.now, scheduled[0]._when)
        self.now += TURN_SECONDS
        while scheduled and scheduled[0]._when <= self.now:
            handle = heapq.heappop(scheduled)
            handle._scheduled = False
            ready.append(handle)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle._cancelled and not _is_over(handle):
                handle._run()
        return True

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """A cancelled timer goes when its time comes."""

    # threads

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> "asyncio.Future[Any]":  # type: ignore[override]  # asyncio's own says it is a coroutine
        """Do a thread's job in a turn of its own. A life may end before and after it."""
        future = self.create_future()
        self.call_soon(self._do, future, partial(func, *args))
        return future

    def _do(self, future: "asyncio.Future[Any]", job: Callable[[], Any]) -> None:
        life = LIFE.get()
        if life is not None and not life.passes("before a thread's job"):
            return
        try:
            result, error = job(), None
        except Exception as raised:  # noqa: BLE001 - it is for whoever asked
            result, error = None, raised
        if (life is not None and not life.passes("after a thread's job")) or future.cancelled():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - asyncio's name
        """There are no threads."""

    # the network

    async def getaddrinfo(self, host: Any, port: Any, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (str(host), int(port)))]

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        await self.network.reach(address[1])
        self._addresses[sock] = (address[0], address[1])

    async def create_connection(self, protocol_factory: Any, host: Any = None, port: Any = None, **options: Any) -> Any:
        if (sock := options.get("sock")) is not None:
            host, port = self._addresses.pop(sock)
            sock.close()
        else:
            await self.network.reach(int(port))
        return self.network.connect(protocol_factory, str(host), int(port), LIFE.get())

    async def create_server(self, protocol_factory: Any, host: Any = None, port: Any = None, **_: Any) -> Server:  # type: ignore[override]  # a server of ours
        return self.network.listen(Listener(protocol_factory, str(host), int(port), copy_context()))


def _is_over(handle: asyncio.Handle) -> bool:
    context: Context = handle._context  # type: ignore[attr-defined]  # whose work it is
    life = context.get(LIFE)
    return life is not None and life.is_over
