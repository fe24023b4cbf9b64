"""Fetching a task's result from the address the checking API names, without the API's key.

The address is a signed link to a host nobody knows beforehand: it may be stale, lead elsewhere, never end, or point
into the network the bot runs in. So every hop is looked at before it is asked, the connection goes to the very address
that was looked at, and sizes and times have limits. No link and no query ever stands in an error or in the log.
"""

import asyncio
import contextlib
import ipaddress
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

import httpx

from bot.http_client import plain_client, redirect_target

logger = logging.getLogger(__name__)

Resolve = Callable[[str, int], Awaitable[list[str]]]

MOST_HOPS: Final = 5
MOST_AT_ONCE: Final = 4
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_SNIFFED: Final = 1024


class ResultUnavailable(Exception):
    """The result cannot be fetched from this address; a fresh address may do. `detail` is fit for the log."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


async def resolve(host: str, port: int) -> list[str]:
    """Give the IP addresses of a host, best first.

    Raises:
        OSError: the name is not known.
        UnicodeError: it can be no name.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the open internet, also where it carries an IPv4 address inside."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and (found in _NAT64 or int(found) >> 32 == 0):  # the latter: ::a.b.c.d, long deprecated
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local:
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


class Downloader:
    """Fetches results to disk.

    Args:
        client: an HTTP client that knows no key, follows nothing and keeps no connection open.
        own_host: the host of the checking API, the only one that may be private or speak plain http.
        deadline: seconds a whole transfer may take.
        resolve: how a host's addresses are found.
    """

    def __init__(
        self, client: httpx.AsyncClient, *, own_host: str, deadline: float, resolve: Resolve = resolve
    ) -> None:
        self._client = client
        self._own_host = _comparable(own_host)
        self._deadline = deadline
        self._resolve = resolve
        self._turn = asyncio.Semaphore(MOST_AT_ONCE)

    async def download(self, url: str, path: Path, most: int) -> int:
        """Fetch a result; the file appears under its name only when it is whole. Gives its size in bytes.

        Args:
            url: where it is.
            path: where to.
            most: bytes it may have.

        Raises:
            ResultUnavailable: the address is stale, forbidden, slow, too large, or gives something that is no result.
            OSError: the file cannot be written.
        """
        async with self._turn:
            try:
                async with asyncio.timeout(self._deadline):
                    size = await self._fetch(url, path, most)
            except TimeoutError as error:
                raise ResultUnavailable(f"the transfer took longer than {self._deadline:g} s") from error
        logger.info("A result of %d bytes was downloaded", size)
        return size

    async def _fetch(self, url: str, path: Path, most: int) -> int:
        target = _parsed(url)
        for _ in range(MOST_HOPS + 1):
            async with self._open(target) as response:
                if response.status_code in _REDIRECTS:
                    target = _next_hop(target, response)
                    continue
                _check_head(response, most)
                with _appearing_whole(path) as file:
                    return await _save(response, file, most)
        raise ResultUnavailable(f"more than {MOST_HOPS} redirects")

    @contextlib.asynccontextmanager
    async def _open(self, target: httpx.URL) -> AsyncIterator[httpx.Response]:
        """Ask one hop. The connection goes to an address that was looked at; the name is used for TLS and Host only."""
        host = target.raw_host.decode("ascii")
        addresses = await self._allowed_addresses(target)
        request_headers = {"Host": target.netloc.decode("ascii"), "Accept-Encoding": "identity", "Accept": "*/*"}
        for address in addresses:
            request = self._client.build_request(
                "GET",
                target.copy_with(host=address, username=None, password=None, fragment=None),
                headers=request_headers,
                extensions={"sni_hostname": host.strip("[]")},
            )
            try:
                response = await self._client.send(request, stream=True, follow_redirects=False)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if address != addresses[-1]:
                    continue
                raise ResultUnavailable(f"no connection ({type(error).__name__})") from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise ResultUnavailable(f"the connection failed ({type(error).__name__})") from error
            try:
                yield response
            except httpx.HTTPError as error:
                raise ResultUnavailable(f"the transfer broke off ({type(error).__name__})") from error
            finally:
                await response.aclose()
            return

    async def _allowed_addresses(self, target: httpx.URL) -> list[str]:
        own = _comparable(target.raw_host.decode("ascii")) == self._own_host
        if target.scheme != "https" and not (own and target.scheme == "http"):
            raise ResultUnavailable("the address is not https")
        port = target.port or (443 if target.scheme == "https" else 80)
        try:
            addresses = await self._resolve(target.raw_host.decode("ascii").strip("[]"), port)
        except (OSError, UnicodeError) as error:
            raise ResultUnavailable("the host's name is not known") from error
        if not addresses:
            raise ResultUnavailable("the host's name has no address")
        if not own and not all(map(is_public, addresses)):
            raise ResultUnavailable("the host is not on the public internet")
        return addresses


def _check_head(response: httpx.Response, most: int) -> None:
    if response.status_code != httpx.codes.OK:
        raise ResultUnavailable(f"HTTP {response.status_code}")
    encoding = response.headers.get("content-encoding", "identity").strip().casefold()
    if encoding not in {"", "identity"}:
        # A few kilobytes can unpack to gigabytes; we asked for the file as it is.
        raise ResultUnavailable("the file is sent compressed on the way")
    length = response.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > most:
        raise ResultUnavailable(f"larger than {most} bytes")


async def _save(response: httpx.Response, file: BinaryIO, most: int) -> int:
    size = 0
    head = b""
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > most:
            raise ResultUnavailable(f"larger than {most} bytes")
        if len(head) < _SNIFFED:
            head += chunk[:_SNIFFED]
            _check_first_bytes(head)
        # At most 64 KiB at a time, into the page cache: a thread for each would cost more than the write.
        file.write(chunk)
    if not size:
        raise ResultUnavailable("the file is empty")
    return size


def _check_first_bytes(head: bytes) -> None:
    """Refuse what is surely no result: storages and proxies say "expired" in a page, in XML or in JSON, with a 200."""
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if first == b"<":
        raise ResultUnavailable("the answer is a page, not a file")
    if first == b"{":
        raise ResultUnavailable("the answer is JSON, not a file")


@contextlib.contextmanager
def _appearing_whole(path: Path) -> Iterator[BinaryIO]:
    """Write beside the path; only a file that was written to its end takes the name."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _parsed(url: str) -> httpx.URL:
    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        # Without the cause: its words quote the address.
        raise ResultUnavailable("the address is not one") from None


def _next_hop(target: httpx.URL, response: httpx.Response) -> httpx.URL:
    location = redirect_target(response)
    if not location:
        raise ResultUnavailable(f"HTTP {response.status_code} that leads nowhere")
    try:
        return target.join(location)
    except (httpx.InvalidURL, ValueError):
        raise ResultUnavailable("a redirect to no address") from None


def _comparable(host: str) -> str:
    return host.strip("[]").rstrip(".").casefold()


def keyless_client(tls: ssl.SSLContext, *, connect: float, silence: float) -> httpx.AsyncClient:
    """Build the client that fetches results; times in seconds.

    Connections are never kept: they are pooled by address, and one address serves many names.
    """
    return plain_client(
        tls,
        {},
        httpx.Timeout(silence, connect=connect),
        httpx.Limits(max_connections=None, max_keepalive_connections=0),
    )
