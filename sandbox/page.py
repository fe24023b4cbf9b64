"""The chat page: a simple Telegram for the browser, made of the plain files in ``sandbox/browser``.

    GET /                      the page; ?person=ID&chat=ID&thread=ID&theme=dark&lang=ru choose what it shows
    GET /page/{name}           its scripts and its style
    GET /page/sample           the sample list
    *   /checker/sandbox/...   the control routes of the checking API, so that the page talks to one server only

The page does nothing but what the control routes do (see telegram_control.py), and loads nothing from anywhere else.
"""

import asyncio
import socket
from pathlib import Path

from aiohttp import web

HOST = "127.0.0.1"
PORT = 8471
ADDRESS = f"http://{HOST}:{PORT}/"
"""Where the page is, unless somebody else has the port."""
FOLDER = Path(__file__).parent / "browser"
SAMPLE = Path(__file__).parent / "sample_list.txt"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".txt": "text/plain"}
POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def free_port() -> int:
    """Give the page's usual port, or 0 (any) where it is taken."""
    try:
        with socket.create_server((HOST, PORT)):
            return PORT
    except OSError:
        return 0


def add_page(app: web.Application) -> None:
    """Hang the page into a server's application."""

    async def index(_: web.Request) -> web.Response:
        return await _file(FOLDER / "index.html")

    async def part(request: web.Request) -> web.Response:
        known = {path.name: path for path in await asyncio.to_thread(lambda: list(FOLDER.iterdir()))}
        path = known.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return await _file(path)

    async def sample(_: web.Request) -> web.Response:
        return await _file(SAMPLE)

    app.router.add_get("/", index)
    app.router.add_get("/page/sample", sample)
    app.router.add_get("/page/{name}", part)


async def _file(path: Path) -> web.Response:
    data = await asyncio.to_thread(path.read_bytes)
    headers = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return web.Response(body=data, content_type=TYPES[path.suffix], charset="utf-8", headers=headers)
