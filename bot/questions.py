"""Questions to the checking API that cost nothing: how far a task is, how much money is left.

They come in masses, one for each task every few seconds. aiohttp asks them for a tenth of the processor time that httpx
takes; a submit stays with httpx, whose errors tell whether a request was begun.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

import aiohttp
from yarl import URL

from bot.account import Account
from bot.answers import Answer
from bot.http_client import USER_AGENT

AT_ONCE: Final = 64
"""Over a way of a tenth of a second these are some hundreds of questions a second."""


class NoAnswer(Exception):
    """No answer came; the text says how, by a name."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Asks the API, a few questions at a time."""

    account: Account
    session: aiohttp.ClientSession
    turn: asyncio.Semaphore

    async def ask(self, method: str, endpoint: str, data: Mapping[str, str] | None = None) -> Answer:
        """Ask once; no redirect is followed and nothing is repeated.

        Raises:
            NoAnswer: none came.
        """
        url = URL(f"{self.account.base_url}/{endpoint}", encoded=True)
        async with self.turn:
            response: aiohttp.ClientResponse | None = None
            body, whole = bytearray(), False
            try:
                async with asyncio.timeout(self.account.bounds.question), contextlib.AsyncExitStack() as closing:
                    asked = self.session.request(method, url, data=data, allow_redirects=False)
                    response = await closing.enter_async_context(asked)
                    whole = await self.account.read_into(body, response.content.iter_any())
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                # Once the status is known it counts, even if the body breaks off or comes too slowly. What aiohttp says
                # quotes the answer, and an API may echo the key: only its name goes on.
                if response is None:
                    raise NoAnswer(type(error).__name__) from None
            return self.account.answer(
                response.status, bytes(body), response.headers, response.headers.get("location"), whole=whole
            )


@contextlib.asynccontextmanager
async def open_questions(account: Account) -> AsyncIterator[Questions]:
    """Open the connections with the key; they heed neither proxies of the environment nor cookies."""
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=AT_ONCE, ssl=account.tls),
        headers={
            "User-Agent": USER_AGENT,
            "X-API-Key": account.api_key,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        },
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=account.bounds.connect),
        auto_decompress=False,
    )
    async with session:
        yield Questions(account, session, asyncio.Semaphore(AT_ONCE))
