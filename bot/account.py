"""The account at the checking API: where it is, with whose key it is asked, and one request with its answer."""

import asyncio
import contextlib
import logging
import ssl
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import httpx

from bot.answers import Answer, retry_after_seconds
from bot.http_client import plain_client, redirect_target

logger = logging.getLogger(__name__)

LONGEST_ANSWER: Final = 1024 * 1024  # bytes of a JSON answer that are read
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS  # the head tells which, https://docs.python.org/3/library/zlib.html


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long things may take, in seconds, and how large a result may be, in bytes.

    A submit is given `submit` and the time its list takes at `slowest_upload` bytes a second, and never more than
    `longest_submit`: whoever waits for a submit longer than that waits for nothing.

    A result may have `result_of_any` and `result_of_each` for every number of its list, and never more than
    `largest_result`: a row has some 40 bytes, and a file of 200 MB about three numbers says nothing about them.
    """

    connect: float = 10.0
    submit: float = 60.0
    slowest_upload: int = 512 * 1024
    longest_submit: float = 110.0
    question: float = 20.0
    download: float = 600.0
    silence: float = 60.0  # a download that stands still
    largest_result: int = 256 * 1024 * 1024
    result_of_any: int = 16 * 1024 * 1024
    result_of_each: int = 1024

    def result_of(self, count: int) -> int:
        """Say how many bytes the result of a list of so many numbers may have."""
        return min(self.result_of_any + count * self.result_of_each, self.largest_result)


@dataclass(frozen=True, slots=True)
class Account:
    """Where the API is, with whose key it is asked, and how patiently."""

    base_url: str
    api_key: str = field(repr=False)
    task_type: str
    bounds: Bounds
    tls: ssl.SSLContext = field(repr=False)

    def submit_deadline(self, size: int) -> float:
        """Say how many seconds a submit of so many bytes may take in all."""
        bounds = self.bounds
        return min(bounds.submit + size / bounds.slowest_upload, bounds.longest_submit)

    def client(self, *, silence: float) -> httpx.AsyncClient:
        """Build a client with the key; `silence` is how long, in seconds, nothing may move."""
        return plain_client(
            self.tls,
            {"X-API-Key": self.api_key, "Accept": "application/json", "Accept-Encoding": "identity"},
            httpx.Timeout(silence, connect=self.bounds.connect, pool=self.bounds.connect),
            httpx.Limits(max_connections=1),
        )

    async def exchange(self, client: httpx.AsyncClient, request: httpx.Request, deadline: float) -> Answer:
        """Send a request and read its answer, as far as it comes.

        Once the status is known it counts, even if the body breaks off, never ends, or comes too slowly.

        Raises:
            httpx.HTTPError: no answer came.
            TimeoutError: no answer came within the deadline, in seconds.
        """
        response: httpx.Response | None = None
        body, whole = bytearray(), False
        try:
            async with asyncio.timeout(deadline), contextlib.AsyncExitStack() as closing:
                response = await client.send(request, stream=True)
                closing.push_async_callback(response.aclose)
                whole = await self.read_into(body, response.aiter_raw())
        except Exception as error:
            # What has come, has come: a connection that cannot even be closed well changes nothing about it.
            if response is None:
                raise
            logger.info("An answer of HTTP %d broke off (%s)", response.status_code, type(error).__name__)
        return self.answer(response.status_code, bytes(body), response.headers, redirect_target(response), whole=whole)

    async def read_into(self, body: bytearray, chunks: AsyncIterator[bytes]) -> bool:
        """Take what comes of an answer, as far as anybody reads it; say whether that is all."""
        async for chunk in chunks:
            body += chunk
            if len(body) > LONGEST_ANSWER:
                return False
        return True

    def answer(
        self, status: int, body: bytes, headers: Mapping[str, str], location: str | None, *, whole: bool
    ) -> Answer:
        """Put together what came; `location` is where a redirect points."""
        said, whole = _unpacked(body, headers.get("content-encoding", ""), whole=whole)
        return Answer(
            status=status,
            # An API that echoes the key would otherwise bring it into the log or to a person.
            body=said[:LONGEST_ANSWER].replace(self.api_key.encode(), b"[key]"),
            whole=whole,
            retry_after=retry_after_seconds(headers.get("retry-after"), datetime.now(UTC)),
            location=location.split("?")[0][:200] if location else None,
        )


def checked_base(base_url: str) -> httpx.URL:
    """Read the API's base address.

    Raises:
        ValueError: it cannot be one.
    """
    try:
        base = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise ValueError("the address of the checking API is not one") from error
    if base.scheme not in {"http", "https"} or not base.host or base.query or base.fragment:
        raise ValueError("the address of the checking API is not a plain http or https address")
    base.raw_host.decode("ascii").encode("idna")  # what no resolver takes raises UnicodeError, a ValueError
    return base


def check_key(api_key: str) -> None:
    """Look whether a key can stand in a header; otherwise every request would fail, and show it.

    Raises:
        ValueError: it cannot.
    """
    if not api_key or not all("!" <= letter <= "~" for letter in api_key):
        raise ValueError("the key of the checking API has characters that no header takes")


def _unpacked(body: bytes, encoding: str, *, whole: bool) -> tuple[bytes, bool]:
    """Undo a compression that nobody asked for, and say whether all is there.

    A few kilobytes can unpack to gigabytes, so no more is unpacked than is read.
    """
    if encoding.strip().casefold() in {"", "identity"}:
        return body, whole
    for form in (_GZIP_OR_ZLIB, -zlib.MAX_WBITS):
        unpacking = zlib.decompressobj(form)
        with contextlib.suppress(zlib.error):
            return unpacking.decompress(body, LONGEST_ANSWER), whole and unpacking.eof
    return body, False
