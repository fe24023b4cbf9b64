"""A small TCP proxy: stands on a link and lets happen to it what happens to links.

It knows nothing of what passes. A fault is given to the next connections, one each, in the order in which they were
given; connections without one pass as they are. Bytes are counted for each direction by itself, from the request that
the fault is meant for: a connection may be kept open and carry many.
"""

import asyncio
import contextlib
import socket
import struct
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

BLOCK = 64 * 1024


class Way(StrEnum):
    """Which of the two directions?"""

    UP = "up"
    """From whoever connected to the server."""
    DOWN = "down"
    """From the server back."""


class End(StrEnum):
    """What happens at the fault's byte?"""

    CUT = "cut"
    """Both sides find the connection closed."""
    RESET = "reset"
    """Both sides find it reset (RST)."""
    TRUNCATE = "truncate"
    """Whoever receives sees a clean end, as if all had come; the other direction goes on."""
    HALVE = "halve"
    """This direction passes nothing any more, and nobody is told."""
    DELAY = "delay"
    """What follows waits for ``seconds``, then all goes on."""
    DRIP = "drip"
    """What follows comes a byte at a time, ``seconds`` apart."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one connection."""

    end: End
    way: Way = Way.UP
    after: int = 0
    """So many bytes pass in this direction unharmed; the fault strikes when the next one comes."""
    holding: bytes = b""
    """Meant for the next request that has this in its first bytes."""
    seconds: float = 0.0


@dataclass
class Proxy:
    """One link: give its ``url`` in place of the server's."""

    server_url: str
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    waiting: deque[Fault] = field(default_factory=deque)
    struck: Counter[str] = field(default_factory=Counter)
    """How often each end has come, as ``cut up``."""
    connections: int = 0
    _server: asyncio.Server | None = None
    _handling: set[asyncio.Task[None]] = field(default_factory=set)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=BLOCK)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._handling:
            task.cancel()
        await asyncio.gather(*self._handling, return_exceptions=True)

    @property
    def url(self) -> str:
        """The server's address with this link's port in it."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        return urlsplit(self.server_url)._replace(netloc=f"127.0.0.1:{port}").geturl()

    def arm(self, *faults: Fault) -> None:
        """Let these happen to the next connections that they fit."""
        self.waiting.extend(faults)

    async def until_struck(self, times: int, seconds: float = 30.0) -> None:
        """Wait until so many faults have struck."""
        async with asyncio.timeout(seconds):
            while self.struck.total() < times:
                self._changed.clear()
                await self._changed.wait()

    def take(self, first: bytes) -> Fault | None:
        """Give the first fault that is meant for a request that begins so."""
        for fault in self.waiting:
            if fault.holding in first:
                self.waiting.remove(fault)
                return fault
        return None

    def note(self, fault: Fault) -> None:
        """Count a fault that strikes."""
        self.struck[f"{fault.end} {fault.way}"] += 1
        self._changed.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handling.add(task)
        self.connections += 1
        try:
            await self._pass(reader, writer)
        except OSError:
            pass  # a side that is gone is what this proxy is about
        except asyncio.CancelledError:
            # asyncio's own server would log a handler that was cancelled as an error; the proxy is being closed.
            with contextlib.suppress(OSError):
                writer.transport.abort()
        finally:
            self._handling.discard(task)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = urlsplit(self.server_url)
        try:
            server_reader, server_writer = await asyncio.open_connection(target.hostname, target.port, limit=BLOCK)
        except OSError:
            writer.transport.abort()
            return
        link = _Link(self, writer, server_writer)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(link.carry(Way.UP, reader, server_writer))
                group.create_task(link.carry(Way.DOWN, server_reader, writer))
        except* (OSError, _OverError):
            pass
        finally:
            for side in (writer, server_writer):
                side.close()


class _OverError(Exception):
    """The connection has ended as its fault says."""


@dataclass
class _Link:
    """One connection and the one after it."""

    proxy: Proxy
    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    fault: Fault | None = None
    passed: Counter[Way] = field(default_factory=Counter)
    """Bytes in each direction since the request that the fault is meant for."""

    async def carry(self, way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass what comes in one direction, until it ends or its fault strikes."""
        while block := await reader.read(BLOCK):
            if self.fault is None and way is Way.UP:
                self.fault = self.proxy.take(block)
                self.passed.clear()
            fault = self.fault
            if fault is None or fault.way is not way or self.passed[way] + len(block) <= fault.after:
                self.passed[way] += len(block)
                await _send(writer, block)
                continue
            unharmed = fault.after - self.passed[way]
            await _send(writer, block[:unharmed])
            self.proxy.note(fault)
            if not await self._strike(fault, reader, writer, block[unharmed:]):
                return
            self.fault = None
        if writer.can_write_eof():
            writer.write_eof()

    async def _strike(
        self, fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rest: bytes
    ) -> bool:
        """Let the fault happen; say whether this direction goes on afterwards."""
        match fault.end:
            case End.CUT:
                raise _OverError
            case End.RESET:
                for side in (self.client, self.server):
                    _reset(side)
                raise _OverError
            case End.TRUNCATE:
                if writer.can_write_eof():
                    writer.write_eof()
                await _swallow(reader)
                return False
            case End.HALVE:
                await _swallow(reader)
                return False
            case End.DELAY:
                await self.proxy.sleep(fault.seconds)
                await _send(writer, rest)
            case End.DRIP:
                await self._drip(fault, reader, writer, rest)
        return True

    async def _drip(
        self, fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rest: bytes
    ) -> None:
        while rest:
            for byte in rest:
                await _send(writer, bytes([byte]))
                await self.proxy.sleep(fault.seconds)
            rest = await reader.read(BLOCK)


async def _send(writer: asyncio.StreamWriter, block: bytes) -> None:
    if block:
        writer.write(block)
        await writer.drain()


async def _swallow(reader: asyncio.StreamReader) -> None:
    while await reader.read(BLOCK):
        pass


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close at once with RST: that is what a close without lingering does (man 7 socket, SO_LINGER)."""
    connection = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
