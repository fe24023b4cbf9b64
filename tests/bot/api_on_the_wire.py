"""The checking API opened on a server of bytes, and what such a server may do wrong."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from bot.check_api import Bounds, CheckApi, SubmitOutcome, open_check_api
from tests.bot.raw_server import Behaviour, RawServer, Visit, certificates

KEY = "key-of-the-test-8f2c"
NUMBERS = b"".join(b"+7999%07d\n" % number for number in range(20))
QUICK = Bounds(connect=0.3, submit=0.4, question=0.4)
"""For what shall time out; everything else may take as long as a busy machine needs."""
TASK = {"task_id": "cs9viu7i61pkfs4oavvg", "status": "pending", "total": 0, "success": 0, "failure": 0}
PAGE = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@contextlib.asynccontextmanager
async def api_at(url: str, bounds: Bounds | None = None, **options: Any) -> AsyncIterator[CheckApi]:
    async with open_check_api(
        base_url=url, api_key=KEY, task_type="tg", bounds=bounds, tls=certificates(), **options
    ) as api:
        yield api


async def submit_to(answer: bytes | Behaviour, bounds: Bounds | None = None) -> SubmitOutcome:
    """Submit once to a server that answers so; there must never be a second request."""
    async with RawServer(answer) as server, api_at(server.url, bounds) as api:
        outcome = await api.submit(NUMBERS)
        assert len(server.visits) == 1
        assert server.connections == 1
    return outcome


async def ask_at(answer: bytes | Behaviour, bounds: Bounds | None = None) -> Any:
    async with RawServer(answer) as server, api_at(server.url, bounds) as api:
        return await api.status("cs9viu7i61pkfs4oavvg")


async def closes(_: Visit) -> None:
    return


async def resets(visit: Visit) -> None:
    visit.reset()


async def hangs(visit: Visit) -> None:
    await visit.hang()


async def drips_its_head(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    await visit.drip(b"x")


async def drips_its_body(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    await visit.drip(b" ")


BROKEN: dict[str, bytes | Behaviour] = {
    "closed": closes,
    "reset": resets,
    "timed out": hangs,
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Ty",
    "garbage": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "binary": bytes(range(256)) * 4,
    "endless head": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
    "a switch to another protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
    "dripping head": drips_its_head,
    "dripping body": drips_its_body,
    "half a body": b'HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{"task_id": "cs9v',
    "broken chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
}
