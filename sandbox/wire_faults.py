"""Faults as they look on the wire: answers out of order, connections that break, answers that do not come."""

import asyncio
import base64
import json
import socket
import struct
from typing import Any

from aiohttp import web


def any_answer(fault: dict[str, Any], **words: str) -> web.Response:
    """Make the answer that the fault's options describe; a body of text may name ``words`` in braces."""
    body = fault.get("body", "")
    content_type = fault.get("content_type")
    if isinstance(body, str):
        for word, value in words.items():
            body = body.replace(f"{{{word}}}", value)
        data = body.encode()
        content_type = content_type or ("text/html" if body.lstrip().startswith("<") else "application/json")
    elif isinstance(body, bytes):
        data, content_type = body, content_type or "application/octet-stream"
    else:
        data, content_type = json.dumps(body).encode(), content_type or "application/json"
    headers = {"Content-Type": content_type, **fault.get("headers", {})}
    return web.Response(status=fault.get("status", 500), body=data, headers=headers)


def fault_bytes(fault: dict[str, Any]) -> bytes:
    """Give the bytes of a fault that was armed in Python (``data``) or over HTTP (``data_base64``)."""
    if "data_base64" in fault:
        return base64.b64decode(fault["data_base64"], validate=True)
    data = fault.get("data", b"")
    return data if isinstance(data, bytes) else str(data).encode()


def cut(request: web.Request, *, reset: bool = False) -> web.Response:
    """Break the connection: closed without an answer, or reset. The response goes nowhere."""
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        if reset and connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()


async def half(
    request: web.Request, answer: web.Response, after: int | None = None, *, reset: bool = False
) -> web.Response:
    """Send the head and the first bytes of the answer (half of them where ``after`` is None), then break."""
    data = answer.body if isinstance(answer.body, bytes) else b""
    await begin(request, answer, data[: len(data) // 2 if after is None else after], len(data))
    return cut(request, reset=reset)


async def begin(
    request: web.Request, answer: web.Response, data: bytes, length: int | None = None
) -> web.StreamResponse:
    """Send the head of the answer and these bytes; without a length the client cannot know how many are to come."""
    stream = web.StreamResponse(status=answer.status, headers={"Content-Type": answer.headers["Content-Type"]})
    stream.content_length = length
    await stream.prepare(request)
    if data:
        await stream.write(data)
    return stream


class Held:
    """Answers that are held back until their time is up, somebody lets them go, or the server closes."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()
        self.closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    async def back(self, seconds: float | None) -> bool:
        """Wait (real seconds; None: until let go). Gives False when the server is closing: no answer then."""
        event = asyncio.Event()
        if not self.closed:
            self._waiting.add(event)
            try:
                async with asyncio.timeout(seconds):
                    await event.wait()
            except TimeoutError:
                pass
            finally:
                self._waiting.discard(event)
        return not self.closed

    def let_go(self) -> int:
        """Let every answer go that is held now; gives how many there were."""
        for event in self._waiting:
            event.set()
        return len(self._waiting)

    def close(self) -> None:
        """Hold nothing any more."""
        self.closed = True
        self.let_go()

    def open(self) -> None:
        """Hold answers again after a close."""
        self.closed = False
