"""Questions to the checking API: the processor time of one small POST, by aiohttp as the bot asks and by httpx.

python -m tests.bench.questions aiohttp URL COUNT     asks so often, and prints the seconds that one takes
"""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import aiohttp
import httpx

from tests.bench.measuring import by_turns, run
from tests.bench.row import Row

AT_ONCE: Final = 8
"""So many connections; with more of them httpx becomes slower still."""
ANSWER: Final = json.dumps({"task_id": "cs9viu7i61pkfs4oavvg", "status": "processing", "total": 5000}).encode()
ASKED: Final = {"task_id": "cs9viu7i61pkfs4oavvg"}

Ask = Callable[[], Awaitable[object]]


def rows(quick: bool) -> Iterator[Row]:  # noqa: FBT001  (as all benchmarks are called)
    """Measure both sides by turns."""
    count, rounds = (50, 1) if quick else (2000, 3)
    with _server() as url:
        sides = {name: partial(_asked, name, url, count) for name in WAYS}
        took = by_turns(rounds, sides)
    ours, theirs = took["aiohttp"] * 1000, took["httpx"] * 1000
    yield Row("a question to the API, processor time", f"{ours:.2f} ms", f"httpx {theirs:.2f} ms", theirs / ours)


def _asked(name: str, url: str, count: int) -> float:
    return float(run("tests.bench.questions", name, url, str(count)).said)


async def _aiohttp(url: str, count: int) -> float:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:

        async def ask() -> bytes:
            async with session.post(url, data=ASKED, allow_redirects=False) as answer:
                return await answer.read()

        return await _each(ask, count)


async def _httpx(url: str, count: int) -> float:
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    async with httpx.AsyncClient(trust_env=False, limits=limits) as client:
        return await _each(lambda: client.post(url, data=ASKED), count)


async def _each(ask: Ask, count: int) -> float:
    """Give the seconds of the processor that one question takes."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def in_turn() -> None:
        async with turn:
            await ask()

    began = time.process_time()
    await asyncio.gather(*(in_turn() for _ in range(count)))
    return (time.process_time() - began) / count


WAYS: Final = {"aiohttp": _aiohttp, "httpx": _httpx}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together, as from any real server

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/gettasks"
        finally:
            server.shutdown()


if __name__ == "__main__":
    _, way, address, times = sys.argv
    sys.stdout.write(str(asyncio.run(WAYS[way](address, int(times)))))
