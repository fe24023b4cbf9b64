"""Faults as they look on the wire: answers out of order, connections that break, answers that do not come."""

import asyncio
import base64
import json
import math
import socket
import struct
from typing import Any

from aiohttp import web

BLOCK_BYTES = 64 * 1024
LARGE = 200 * 1024 * 1024
"""How large an answer is that is too large, unless a fault says otherwise."""


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
    data = body_of(answer)
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


async def pour(
    request: web.Request,
    answer: web.Response,
    held: Held,
    size: int | None,
    *,
    told: bool = True,
) -> web.StreamResponse:
    """Send an answer that begins well and goes on with zeros; nowhere is all of it in memory.

    Args:
        request: what is answered.
        answer: how it begins.
        held: says when the server is closing, where it ends too.
        size: how many bytes it has in all; None: it never ends.
        told: whether its head says how many bytes are to come.
    """
    data = body_of(answer)[:size]
    stream = await begin(request, answer, data, size if told else None)
    whole = await _fill(stream, math.inf if size is None else size - len(data), b"\0", held)
    return stream if whole else cut(request)


async def pour_json(
    request: web.Request, answer: web.Response, held: Held, fault: dict[str, Any]
) -> web.StreamResponse:
    """Send a JSON object as it is, but for one more field, which makes it as large as the fault says."""
    beginning, end = body_of(answer).rstrip()[:-1] + b', "note": "', b'"}'
    size = max(fault.get("size", LARGE), len(beginning) + len(end))
    stream = await begin(request, answer, beginning, size)
    if not await _fill(stream, size - len(beginning) - len(end), b"x", held):
        return cut(request)
    await stream.write(end)
    return stream


async def _fill(stream: web.StreamResponse, left: float, filler: bytes, held: Held) -> bool:
    """Send so many bytes more; False where the server is closing."""
    block = filler * BLOCK_BYTES
    while left > 0 and not held.closed:
        await stream.write(block[: int(min(left, len(block)))])
        left -= len(block)
        await asyncio.sleep(0)
    return left <= 0


async def drip(request: web.Request, answer: web.Response, held: Held, fault: dict[str, Any]) -> web.StreamResponse:
    """Send the first bytes of an answer, as many as the fault says, and the others one by one."""
    data, after = body_of(answer), fault.get("after", 0)
    stream = await begin(request, answer, data[:after], len(data))
    for place in range(after, len(data)):
        await stream.write(data[place : place + 1])
        if not await held.back(fault.get("seconds", 1.0)):
            return cut(request)
    return stream


def body_of(answer: web.Response) -> bytes:
    """Give the bytes of an answer that was made in one piece."""
    return answer.body if isinstance(answer.body, bytes) else b""
