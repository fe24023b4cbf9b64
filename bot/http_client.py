"""An HTTP client that follows nothing, repeats nothing, remembers nothing, and says nothing of where it was."""

import logging
import ssl
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Final

import httpx

USER_AGENT: Final = "telegram-number-check-bot"
_ASIDE: Final = "redirect_target"


def plain_client(
    tls: ssl.SSLContext, headers: Mapping[str, str], timeout: httpx.Timeout, limits: httpx.Limits
) -> httpx.AsyncClient:
    """Build a client that heeds neither proxies of the environment nor cookies nor redirects."""
    client = httpx.AsyncClient(
        verify=tls,
        trust_env=False,
        follow_redirects=False,
        headers={"User-Agent": USER_AGENT, **headers},
        timeout=timeout,
        limits=limits,
        event_hooks={"response": [_set_redirect_aside]},
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


def redirect_target(response: httpx.Response) -> str | None:
    """Give where a redirect points, just as the server wrote it."""
    target = response.extensions.get(_ASIDE)
    return target if isinstance(target, str) else None


def silence_http_logs() -> None:
    """Keep whole addresses and headers out of the log: a result's address is as good as a password."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


async def _set_redirect_aside(response: httpx.Response) -> None:
    # httpx prepares the next request even if it shall not follow, and fails on a target that is no address: then an
    # answer that has come, and says that nothing was charged, would be lost.
    response.extensions[_ASIDE] = response.headers.pop("location", None)
