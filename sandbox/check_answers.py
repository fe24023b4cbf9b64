"""The ordinary answers of the checking API, and the loud ones."""

import json
from typing import Any

from aiohttp import web

from sandbox.checking import Checking
from sandbox.ledger import Refusal

PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>{1}</p></body></html>\n"


def answer(status: int, body: Any) -> web.Response:
    """Make a JSON answer."""
    return web.Response(status=status, text=json.dumps(body), content_type="application/json")


def page(status: int, title: str, sentence: str) -> web.Response:
    """Make the HTML page that a storage host shows instead of a file."""
    return web.Response(status=status, text=PAGE.format(title, sentence), content_type="text/html")


def refuse(checking: Checking, request: web.Request, status: int, error: str, message: str) -> web.Response:
    """Say no to what the client should never have asked, and keep it for all to see."""
    checking.note(Refusal(checking.clock.now(), request.method, checking.hide(request.path), status, message))
    return answer(status, {"error": error, "message": message})
