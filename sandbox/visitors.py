"""Who may ask a server on loopback: programs of this machine and the page itself, but no other site in a browser.

A site that somebody looks at can make their browser send requests to 127.0.0.1, and with a name of its own that leads
there (DNS rebinding) it could even read the answers. Both show in the headers, which no site can forge.
"""

import ipaddress
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

FROM_ELSEWHERE = frozenset({"cross-site", "same-site"})


def is_foreign(request: web.Request) -> bool:
    """Whether another site than this server's own page is behind the request."""
    if not _is_loopback(request.host):
        return True
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin != f"http://{request.host}"
    if request.headers.get("Sec-Fetch-Site") not in FROM_ELSEWHERE:
        return False
    # A link that leads here is followed: it opens the page and does nothing.
    return not (request.path == "/" and request.headers.get("Sec-Fetch-Mode") == "navigate")


@web.middleware
async def turn_away_foreigners(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site sends."""
    if is_foreign(request):
        return web.json_response({"error": "The sandbox answers this machine and its own page only."}, status=403)
    return await handler(request)


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
