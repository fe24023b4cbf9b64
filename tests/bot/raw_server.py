"""A server of bytes: it answers with exactly what a test says, however wrong that is on the wire."""

import asyncio
import contextlib
import functools
import re
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable, Iterator
from typing import Self

import httpx

Behaviour = Callable[["Visit"], Awaitable[None]]


class Visit:
    """One request and the connection it came on."""

    def __init__(self, server: "RawServer", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server = server
        self.reader = reader
        self.writer = writer
        self.request = b""

    @property
    def path(self) -> str:
        return self.request.split(b" ")[1].decode()

    def header(self, name: str) -> str | None:
        head = self.request.split(b"\r\n\r\n")[0]
        found = re.search(rb"(?im)^" + name.encode() + rb": *(.*?)\r?$", head)
        return found[1].decode() if found else None

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def hang(self) -> None:
        await self.server.closing.wait()

    async def drip(self, data: bytes, every: float = 0.01) -> None:
        """Send one byte after the other, and begin again, until the server closes."""
        while data and not self.server.closing.is_set():
            for place in range(len(data)):
                await self.send(data[place : place + 1])
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.server.closing.wait(), every)
                    return


class RawServer:
    """Answers every request with the same bytes, or lets a function do what it likes with the connection."""

    def __init__(self, answer: bytes | Behaviour, *, keep_alive: bool = False, read_body: bool = True) -> None:
        self.answer = answer
        self.keep_alive = keep_alive
        self.read_body = read_body
        self.visits: list[Visit] = []
        self.connections = 0
        self.closing = asyncio.Event()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[object]] = set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**24)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.closing.set()
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while not self.closing.is_set():
                    visit = Visit(self, reader, writer)
                    await self._visit(visit)
                    if not self.keep_alive:
                        break
        except asyncio.CancelledError:
            pass  # the streams of Python 3.11 log a handler that was cancelled as an error
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _visit(self, visit: Visit) -> None:
        visit.request = await visit.reader.readuntil(b"\r\n\r\n")
        self.visits.append(visit)
        if self.read_body:
            visit.request += await visit.reader.readexactly(int(visit.header("content-length") or 0))
        if isinstance(self.answer, bytes):
            await visit.send(self.answer)
        else:
            await self.answer(visit)


def http(status: int, body: bytes | str = b"", *headers: str, kind: str = "application/json") -> bytes:
    """Make a whole and correct answer."""
    data = body.encode() if isinstance(body, str) else body
    head = [f"HTTP/1.1 {status} Status", f"Content-Type: {kind}", f"Content-Length: {len(data)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + data


@functools.cache
def certificates() -> ssl.SSLContext:
    """Give what a client believes; reading it takes longer than most tests."""
    return httpx.create_ssl_context()


@contextlib.contextmanager
def closed_port() -> Iterator[int]:
    """Give a port on which nobody listens and nobody else can listen meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@contextlib.contextmanager
def deaf_port() -> Iterator[int]:
    """Give a port that answers no attempt to connect: its queue is full."""
    with socket.socket() as listening, contextlib.ExitStack() as waiting:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            queued = waiting.enter_context(socket.socket())
            queued.settimeout(0)
            queued.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]
