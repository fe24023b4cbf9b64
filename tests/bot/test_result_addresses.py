"""Where results are fetched from: the public internet, and the API's own host."""

import asyncio
import errno
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.check_api import ResultUnavailable
from bot.downloading import is_public, resolve
from tests.bot.api_on_the_wire import api_at
from tests.bot.raw_server import RawServer, http

FILE = b"PK\x03\x04" + bytes(range(256)) * 1000


def names(**hosts: list[str]) -> Callable[[str, int], Awaitable[list[str]]]:
    """Stand in for the resolver; hosts are written with _ for a dot."""

    async def look_up(host: str, _: int) -> list[str]:
        try:
            return hosts[host.replace(".", "_")]
        except KeyError:
            raise OSError(errno.ENOENT, "no such host") from None

    return look_up


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse, nothing is bound to it
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "fec0::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "2001:db8::1",
        "2001::1",
        "100::1",
        "",
        "localhost",
        "1.2.3",
        "x",
    ],
)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/r",
        "https://2130706433/r",
        "https://0x7f.1/r",
        "https://127.1/r",
        "https://[::ffff:7f00:1]/r",
        "https://0/r",
        "https://localhost/r",
        "https://[fe80::1%25lo]/r",
    ],
)
async def test_every_way_of_writing_a_private_address_is_refused(url: str, tmp_path: Path) -> None:
    async with api_at("https://api.example/v1") as api:
        with pytest.raises(ResultUnavailable):
            await api.download(url, tmp_path / "r")


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["::1"], []])
async def test_a_name_with_a_private_address_is_refused(addresses: list[str], tmp_path: Path) -> None:
    async with api_at("https://api.example/v1", resolve=names(files_example=addresses)) as api:
        with pytest.raises(ResultUnavailable):
            await api.download("https://files.example/r", tmp_path / "r")


@pytest.mark.parametrize(
    "url",
    [
        "http://files.example/r",
        "ftp://files.example/r",
        "//files.example/r",
        "r.xlsx",
        "",
        "https://",
        "http://[",
        "https://a:port/",
    ],
)
async def test_an_address_that_is_not_https_is_refused(url: str, tmp_path: Path) -> None:
    async with api_at("https://api.example/v1", resolve=names(files_example=["93.184.215.14"])) as api:
        with pytest.raises(ResultUnavailable):
            await api.download(url, tmp_path / "r")


async def test_a_name_that_nobody_knows_gives_no_result(tmp_path: Path) -> None:
    async with api_at("https://api.example/v1", resolve=names()) as api:
        with pytest.raises(ResultUnavailable, match="not known"):
            await api.download("https://files.example/r", tmp_path / "r")


async def test_the_host_of_the_api_may_be_private_and_plain_on_any_port(tmp_path: Path) -> None:
    async with (
        RawServer(http(200, FILE)) as server,
        api_at("https://checker.internal:8443/v1", resolve=names(checker_internal=["127.0.0.1"])) as api,
    ):
        await api.download(f"http://Checker.INTERNAL:{server.port}/r", tmp_path / "r")
        assert server.visits[0].header("host") == f"checker.internal:{server.port}"


async def test_another_name_of_the_same_machine_is_not_the_host_of_the_api(tmp_path: Path) -> None:
    async with RawServer(http(200, FILE)) as server, api_at(server.url) as api:
        with pytest.raises(ResultUnavailable):
            await api.download(f"http://localhost:{server.port}/r", tmp_path / "r")
        assert server.connections == 0


async def test_the_next_address_is_tried_when_the_first_does_not_answer(tmp_path: Path) -> None:
    look_up = names(checker_internal=["127.0.0.2", "127.0.0.1"])  # the server listens on the second only
    async with RawServer(http(200, FILE)) as server, api_at("http://checker.internal/v1", resolve=look_up) as api:
        assert await api.download(f"http://checker.internal:{server.port}/r", tmp_path / "r") == len(FILE)


async def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_found(tmp_path: Path) -> None:
    asked: list[str] = []

    async def changes_its_mind(host: str, _: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.99"]

    async with (
        RawServer(http(200, FILE)) as server,
        api_at("http://checker.internal/", resolve=changes_its_mind) as api,
    ):
        await api.download(f"http://checker.internal:{server.port}/r", tmp_path / "r")
    assert asked == ["checker.internal"]


async def test_the_certificate_is_asked_for_the_name_and_not_for_the_address(tmp_path: Path) -> None:
    hello = b""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal hello
        hello = await reader.read(2000)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    look_up = names(checker_internal=["127.0.0.1"])
    async with server, api_at("https://checker.internal/v1", resolve=look_up) as api:
        with pytest.raises(ResultUnavailable):
            await api.download(f"https://checker.internal:{server.sockets[0].getsockname()[1]}/r", tmp_path / "r")
    assert b"checker.internal" in hello


async def test_the_system_knows_addresses() -> None:
    assert "127.0.0.1" in await resolve("127.0.0.1", 80)
