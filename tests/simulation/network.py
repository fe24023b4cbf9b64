"""Connections between two objects in memory, as asyncio's transports are: in order, some time under way, and broken in
every way in which connections break."""

import asyncio
import os
import socket
import struct
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.simulation.loop import Life, SimulatedLoop

FIRST_PORT = 20_000
UNDER_WAY_SECONDS = (0.0, 0.0, 0.001, 0.004, 0.03)
"""How long what is sent may be under way."""
SILENT_SECONDS = 3600.0
"""How long a connection is waited for that nobody answers; the client loses patience before."""


@cache
def quiet_file() -> int:
    """Give a file from which nothing ever comes: what a client asks whether a kept connection was closed meanwhile."""
    return os.pipe()[0]


@dataclass(eq=False)
class Socket:
    """As much of a socket as is asked for."""

    mine: tuple[str, int]
    theirs: tuple[str, int]
    family: int = socket.AF_INET
    type: int = socket.SOCK_STREAM
    proto: int = 6
    resets: bool = False
    is_open: bool = True

    def getsockname(self) -> tuple[str, int]:
        return self.mine

    def getpeername(self) -> tuple[str, int]:
        return self.theirs

    def setsockopt(self, level: int, option: int, value: Any = None, *_: Any) -> None:
        if (level, option) == (socket.SOL_SOCKET, socket.SO_LINGER):
            self.resets = value == struct.pack("ii", 1, 0)

    def fileno(self) -> int:
        return quiet_file() if self.is_open else -1


@dataclass(eq=False)
class Listener:
    """Who takes connections at a port."""

    factory: Callable[[], Any]
    host: str
    port: int
    context: Context


@dataclass(eq=False)
class Server:
    """What asyncio gives for a listener."""

    network: "Network"
    listener: Listener
    sockets: tuple[Socket, ...]

    def close(self) -> None:
        """Take no more connections."""
        self.network.listeners.pop(self.listener.port, None)

    async def wait_closed(self) -> None:
        """Nothing is left to wait for."""


class Transport(asyncio.Transport):
    """One end. What is written arrives at the other end some time later, in order."""

    def __init__(self, network: "Network", mine: Socket, context: Context, life: "Life | None") -> None:
        super().__init__({"socket": mine, "sockname": mine.mine, "peername": mine.theirs})
        self.network, self.socket, self.context, self.life = network, mine, context, life
        self.protocol: Any = None
        self.peer: Transport = self
        self.is_closed = False
        self.is_paused = False
        self.under_way: deque[bytes | Exception | None] = deque()
        self.arrived: deque[bytes | Exception | None] = deque()
        """What was not read yet; None is the end, an error a reset."""
        self.last_at = 0.0

    # what its protocol asks for

    def set_protocol(self, protocol: Any) -> None:
        self.protocol = protocol

    def get_protocol(self) -> Any:
        return self.protocol

    def is_closing(self) -> bool:
        return self.is_closed

    def is_reading(self) -> bool:
        return not self.is_paused

    def pause_reading(self) -> None:
        self.is_paused = True

    def resume_reading(self) -> None:
        self.is_paused = False
        if self.arrived:
            self.network.loop.call_soon(self._read, context=self.context)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Whatever is written is on its way at once."""

    def get_write_buffer_size(self) -> int:
        return 0

    def can_write_eof(self) -> bool:
        return False

    def write(self, data: Any) -> None:
        if self.is_closed or not data or (self.life is not None and not self.life.passes("before sending")):
            return
        self.peer.arrive(bytes(data))
        if self.life is not None:
            self.life.passes("after sending")

    def writelines(self, list_of_data: Any) -> None:
        self.write(b"".join(list_of_data))

    def close(self) -> None:
        self._close(None)

    def abort(self) -> None:
        self._close(None)

    # what happens to it

    def arrive(self, data: bytes | Exception | None) -> None:
        """Have something on the way here; None is the end, an error a reset."""
        at = max(self.last_at, self.network.loop.now + self.network.random.choice(UNDER_WAY_SECONDS))
        self.last_at = at
        self.under_way.append(data)
        self.network.loop.call_at(at, self._take, context=self.context)

    def break_off(self) -> None:
        """The process at this end is gone, and the system closes the connection."""
        if not self.is_closed:
            self.is_closed = True
            self.socket.is_open = False
            self.peer.arrive(None)

    def _take(self) -> None:
        data = self.under_way.popleft()  # timers of the same moment go off in any order
        if not self.is_closed:
            self.arrived.append(data)
            self._read()

    def _read(self) -> None:
        while self.arrived and not self.is_paused and not self.is_closed:
            data = self.arrived.popleft()
            if isinstance(data, bytes):
                self.protocol.data_received(data)
            elif data is not None:
                self._close(data)
            else:
                self.socket.is_open = False
                if not self.protocol.eof_received():
                    self._close(None)

    def _close(self, error: Exception | None) -> None:
        if self.is_closed:
            return
        self.is_closed = True
        self.socket.is_open = False
        if self.life is not None:
            self.life.connections.pop(self, None)
        self.network.loop.call_soon(self.protocol.connection_lost, error, context=self.context)
        self.peer.arrive(ConnectionResetError("Connection reset by peer") if self.socket.resets else None)


@dataclass(eq=False)
class Network:
    """Who listens where, and which ports cannot be reached now."""

    loop: "SimulatedLoop"
    random: Random
    listeners: dict[int, Listener] = field(default_factory=dict)
    refusing: set[int] = field(default_factory=set)
    silent: set[int] = field(default_factory=set)
    next_port: int = FIRST_PORT

    def listen(self, listener: Listener) -> Server:
        """Let somebody take connections; port 0 takes a free one."""
        if not listener.port:
            self.next_port += 1
            listener.port = self.next_port
        self.listeners[listener.port] = listener
        address = (listener.host, listener.port)
        return Server(self, listener, (Socket(address, address),))

    async def reach(self, port: int) -> None:
        """Knock at a port.

        Raises:
            ConnectionRefusedError: Nobody listens.
        """
        if port in self.silent:
            await asyncio.sleep(SILENT_SECONDS)
        if port in self.refusing or port not in self.listeners:
            raise ConnectionRefusedError(111, f"Connect call failed (port {port})")

    def connect(self, factory: Callable[[], Any], host: str, port: int, life: "Life | None") -> tuple[Transport, Any]:
        """Make a connection."""
        listener = self.listeners.get(port)
        if listener is None:
            raise ConnectionRefusedError(111, f"Connect call failed (port {port})")
        self.next_port += 1
        here, there = ("127.0.0.1", self.next_port), (host, port)
        client = Transport(self, Socket(here, there), copy_context(), life)
        server = Transport(self, Socket(there, here), listener.context, None)
        client.peer, server.peer = server, client
        client.protocol, server.protocol = factory(), listener.context.copy().run(listener.factory)
        if life is not None:
            life.connections[client] = None
        self.loop.call_soon(server.protocol.connection_made, server, context=server.context)
        client.protocol.connection_made(client)
        return client, client.protocol
