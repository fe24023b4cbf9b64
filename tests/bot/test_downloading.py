"""Fetching results: which addresses are asked, what is refused, and that only whole files appear."""

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from bot.check_api import Bounds, ResultUnavailable
from sandbox.check_api import CheckServer
from sandbox.faults import Faults
from tests.bot.api_on_the_wire import KEY, api_at
from tests.bot.raw_server import RawServer, Visit, closed_port, http

PATIENT = Bounds(largest_result=1_000_000)
QUICK = Bounds(download=1.0, silence=0.5)
"""For what shall time out; everything else may take as long as a busy machine needs."""
FILE = b"PK\x03\x04" + bytes(range(256)) * 1000


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def download(answer: Any, path: Path, bounds: Bounds = PATIENT) -> int:
    """Fetch from a server on the API's own host, which may be private."""
    async with RawServer(answer) as server, api_at(server.url, bounds) as api:
        return await api.download(f"http://127.0.0.1:{server.port}/result.xlsx?signature=x", path)


async def refused(answer: Any, path: Path, bounds: Bounds = PATIENT) -> str:
    """Fetch what cannot be had: nothing is left on the disk, and the reason is given."""
    with pytest.raises(ResultUnavailable) as caught:
        await download(answer, path, bounds)
    assert files_in(path.parent) == []
    return caught.value.detail


# What is fetched.


async def test_a_result_is_streamed_to_its_place(tmp_path: Path) -> None:
    assert await download(http(200, FILE), tmp_path / "result") == len(FILE)
    assert (tmp_path / "result").read_bytes() == FILE
    assert files_in(tmp_path) == ["result"]


async def test_a_result_replaces_an_older_one(tmp_path: Path) -> None:
    (tmp_path / "result").write_bytes(b"old")
    (tmp_path / "result.part").write_bytes(b"left over from a crash, and longer than the file itself" * 10_000)
    await download(http(200, FILE), tmp_path / "result")
    assert (tmp_path / "result").read_bytes() == FILE
    assert not (tmp_path / "result.part").exists()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 200 OK\r\n\r\n" + FILE,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(FILE), FILE),
        http(200, FILE, "Content-Encoding: identity", kind="text/html"),
    ],
    ids=["HTTP/1.0", "chunked", "a file called a page"],
)
async def test_a_result_may_come_in_any_lawful_way(answer: bytes, tmp_path: Path) -> None:
    assert await download(answer, tmp_path / "result") == len(FILE)


async def test_a_download_sends_no_key_no_cookie_and_asks_for_no_compression(tmp_path: Path) -> None:
    async with RawServer(http(200, FILE, "Set-Cookie: a=b; Path=/")) as server, api_at(server.url, PATIENT) as api:
        for _ in range(2):
            await api.download(f"http://name:word@127.0.0.1:{server.port}/r.xlsx?signature=%2Bx/y#z", tmp_path / "r")
        visit = server.visits[1]
        assert visit.request.startswith(b"GET /r.xlsx?signature=%2Bx/y HTTP/1.1\r\n")
        assert visit.header("host") == f"127.0.0.1:{server.port}"
        assert visit.header("accept-encoding") == "identity"
        assert visit.header("user-agent") == "telegram-number-check-bot"
        for name in ("x-api-key", "cookie", "authorization"):
            assert visit.header(name) is None
        assert KEY.encode() not in visit.request


# What is refused.


@pytest.mark.parametrize("status", [201, 204, 206, 304, 400, 403, 404, 410, 416, 429, 500, 503])
async def test_a_403_404_410_or_any_other_status_gives_no_result(status: int, tmp_path: Path) -> None:
    assert await refused(http(status, FILE if status not in {204, 304} else b""), tmp_path / "r") == f"HTTP {status}"


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html>expired</html>",
        "\n  <html>",
        "\ufeff<!doctype html>",
        "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
        '{"error": "expired"}',
        "",
    ],
)
async def test_a_page_is_no_result_whatever_it_is_called(body: str, tmp_path: Path) -> None:
    await refused(http(200, body, kind="application/zip"), tmp_path / "r")


async def test_a_page_that_comes_byte_by_byte_is_no_result(tmp_path: Path) -> None:
    async def drips(visit: Visit) -> None:
        await visit.send(b"HTTP/1.1 200 OK\r\n\r\n")
        await visit.drip(b"\r\n <html>", every=0.001)

    assert await refused(drips, tmp_path / "r") == "the answer is a page, not a file"


async def test_a_result_shorter_than_promised_is_no_result(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n" + FILE
    assert await refused(answer, tmp_path / "r") == "the transfer broke off (RemoteProtocolError)"


async def test_chunks_that_break_off_are_no_result(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s" % (len(FILE) * 2, FILE)
    assert await refused(answer, tmp_path / "r") == "the transfer broke off (RemoteProtocolError)"


async def test_a_connection_that_is_reset_gives_no_result(tmp_path: Path) -> None:
    async def resets(visit: Visit) -> None:
        await visit.send(b"HTTP/1.1 200 OK\r\n\r\nPK")
        visit.reset()

    assert "broke off" in await refused(resets, tmp_path / "r")


@pytest.mark.parametrize("answer", [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\n"])
async def test_a_server_that_does_not_speak_http_gives_no_result(answer: bytes, tmp_path: Path) -> None:
    assert "the connection failed" in await refused(answer, tmp_path / "r")


async def test_a_result_that_says_it_is_too_large_is_not_begun(tmp_path: Path) -> None:
    async def promises(visit: Visit) -> None:
        await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\n")
        await visit.hang()

    assert await refused(promises, tmp_path / "r") == "larger than 1000000 bytes"


async def test_a_result_that_never_ends_is_cut_at_the_limit(tmp_path: Path) -> None:
    async def never_ends(visit: Visit) -> None:
        await visit.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            await visit.send(FILE)

    assert await refused(never_ends, tmp_path / "r") == "larger than 1000000 bytes"


@pytest.mark.parametrize("told", [True, False])
async def test_the_result_of_a_small_list_is_cut_at_a_smaller_limit(tmp_path: Path, *, told: bool) -> None:
    size = 16 * 2**20 + 3 * 1024
    head = b"HTTP/1.1 200 OK\r\n" + (b"Content-Length: %d\r\n" % (size + 1) if told else b"")
    large = head + b"\r\n" + b"PK" + bytes(size - 1)
    async with RawServer(large) as server, api_at(server.url, Bounds()) as api:
        url = f"http://127.0.0.1:{server.port}/r"
        with pytest.raises(ResultUnavailable, match=f"larger than {size} bytes"):
            await api.download(url, tmp_path / "r", 3)
        assert files_in(tmp_path) == []
        assert await api.download(url, tmp_path / "r", 4) == size + 1


def test_a_long_list_has_a_larger_result_but_not_for_ever() -> None:
    assert Bounds().result_of(0) == 16 * 2**20
    assert Bounds().result_of(100_000) == 16 * 2**20 + 100_000 * 1024
    assert Bounds().result_of(10_000_000) == Bounds().largest_result


async def test_a_transfer_that_drips_ends_at_the_deadline(tmp_path: Path) -> None:
    async def drips(visit: Visit) -> None:
        await visit.send(b"HTTP/1.1 200 OK\r\n\r\n")
        await visit.drip(b"PK")

    assert await refused(drips, tmp_path / "r", QUICK) == "the transfer took longer than 1 s"


async def test_a_transfer_that_stands_still_is_given_up(tmp_path: Path) -> None:
    async def stands(visit: Visit) -> None:
        await visit.send(b"HTTP/1.1 200 OK\r\n\r\nPK")
        await visit.hang()

    assert await refused(stands, tmp_path / "r", QUICK) == "the transfer broke off (ReadTimeout)"


async def test_a_file_compressed_on_the_way_is_refused(tmp_path: Path) -> None:
    assert "compressed" in await refused(http(200, FILE, "Content-Encoding: gzip"), tmp_path / "r")


async def test_a_host_that_does_not_answer_gives_no_result(tmp_path: Path) -> None:
    with closed_port() as port:
        async with api_at(f"http://127.0.0.1:{port}/v1") as api:
            with pytest.raises(ResultUnavailable, match="no connection"):
                await api.download(f"http://127.0.0.1:{port}/r", tmp_path / "r")


async def test_a_disk_that_takes_no_file_is_no_fault_of_the_api(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await download(http(200, FILE), tmp_path / "no such folder" / "r")


async def test_a_cancelled_download_leaves_nothing(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def begins(visit: Visit) -> None:
        await visit.send(b"HTTP/1.1 200 OK\r\n\r\n" + FILE)
        begun.set()
        await visit.hang()

    async with RawServer(begins) as server, api_at(server.url, PATIENT) as api, asyncio.TaskGroup() as tasks:
        fetching = tasks.create_task(api.download(f"http://127.0.0.1:{server.port}/r", tmp_path / "r"))
        await begun.wait()
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching
    assert files_in(tmp_path) == []


# Redirects.


async def test_redirects_are_followed_and_every_hop_is_looked_at(tmp_path: Path) -> None:
    async def leads_on(visit: Visit) -> None:
        step = int(visit.path.rpartition("/")[2])
        await visit.send(http(200, FILE) if step == 5 else http(302, "", f"Location: /hop/{step + 1}"))

    async with RawServer(leads_on) as server, api_at(server.url, PATIENT) as api:
        assert await api.download(f"http://127.0.0.1:{server.port}/hop/0", tmp_path / "r") == len(FILE)
        assert len(server.visits) == 6


async def test_a_redirect_too_many_gives_no_result(tmp_path: Path) -> None:
    answer = http(307, "", "Location: /again")
    assert await refused(answer, tmp_path / "r") == "more than 5 redirects"


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("https://10.0.0.1/r", "not on the public internet"),
        ("https://169.254.169.254/latest/meta-data/", "not on the public internet"),
        ("https://[::1]/r", "not on the public internet"),
        ("http://93.184.215.14/r", "not https"),
        ("file:///etc/passwd", "not https"),
        ("ftp://127.0.0.1/r", "not https"),
        ("https://a.example:port/", "no address"),
        ("", "leads nowhere"),
    ],
)
async def test_a_redirect_to_a_forbidden_address_gives_no_result(location: str, why: str, tmp_path: Path) -> None:
    assert why in await refused(http(302, "", f"Location: {location}"), tmp_path / "r")


async def test_no_link_is_logged_or_told(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    told = []
    for answer in (http(200, FILE), http(404), http(302, "", "Location: https://10.0.0.1/?hidden-2c6f"), b""):
        async with RawServer(answer) as server, api_at(server.url, PATIENT) as api:
            try:
                await api.download(f"http://127.0.0.1:{server.port}/r?signature=hidden-2c6f", tmp_path / "r")
            except ResultUnavailable as error:
                told.append(f"{error!r} {error.__cause__!r}")
    assert len(told) == 3
    assert "hidden-2c6f" not in caplog.text + json.dumps(told)


# Against the sandbox.


@pytest.mark.parametrize("fault", ["result_cut", "result_hang"])
async def test_a_download_that_broke_off_succeeds_when_tried_again(fault: str, tmp_path: Path) -> None:
    faults = Faults()
    async with (
        CheckServer(KEY, faults, numbers_per_second=1e9, pending_seconds=0) as server,
        api_at(server.url, QUICK) as api,
    ):
        outcome = await api.submit(b"+79991234567\n")
        task = await api.status(getattr(outcome, "task_id", ""))
        assert task.result_url is not None
        faults.arm(fault)
        with pytest.raises(ResultUnavailable):
            await api.download(task.result_url, tmp_path / "r")
        assert await api.download(task.result_url, tmp_path / "r") == (tmp_path / "r").stat().st_size
        assert not server.leaks
