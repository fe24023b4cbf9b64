"""Submits whose connection breaks or times out, and answers that come in strange ways."""

import asyncio
import contextlib
import gzip
import json

import pytest

from bot.check_api import (
    Accepted,
    Bounds,
    Cause,
    NotCharged,
    Refused,
    Unknown,
)
from tests.bot.api_on_the_wire import (
    BROKEN,
    NUMBERS,
    QUICK,
    TASK,
    api_at,
    hangs,
    resets,
    submit_to,
)
from tests.bot.raw_server import Behaviour, RawServer, Visit, http

# The connection breaks or times out after the request has begun.


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
async def test_a_connection_that_breaks_or_times_out_after_the_request_has_begun_is_unknown(
    answer: bytes | Behaviour,
) -> None:
    assert isinstance(await submit_to(answer, QUICK), Unknown)


async def test_a_connection_that_breaks_in_the_middle_of_the_upload_is_unknown() -> None:
    async with RawServer(resets, read_body=False) as server, api_at(server.url) as api:
        assert isinstance(await api.submit(NUMBERS * 50_000), Unknown)
        assert server.connections == 1


async def test_an_upload_that_nobody_reads_is_unknown() -> None:
    bounds = Bounds(submit=0.4, slowest_upload=2**40)
    async with RawServer(hangs, read_body=False) as server, api_at(server.url, bounds) as api:
        assert isinstance(await api.submit(NUMBERS * 50_000), Unknown)


async def test_a_long_list_is_given_more_time() -> None:
    async def takes_its_time(visit: Visit) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(visit.hang(), 0.3)
        await visit.send(http(200, json.dumps(TASK)))

    bounds = Bounds(submit=0.1, slowest_upload=len(NUMBERS))
    async with RawServer(takes_its_time) as server, api_at(server.url, bounds) as api:
        assert isinstance(await api.submit(NUMBERS), Accepted)


async def test_a_no_before_the_upload_has_ended_is_heard() -> None:
    async def refuses_at_once(visit: Visit) -> None:
        await visit.send(http(413, '{"error": "file too large"}', "Connection: close"))
        visit.writer.write_eof()
        while await visit.reader.read(2**20):
            pass

    async with RawServer(refuses_at_once, read_body=False) as server, api_at(server.url) as api:
        assert await api.submit(NUMBERS * 50_000) == Refused(413, "file too large")


async def test_a_known_status_counts_even_if_its_body_breaks_off() -> None:
    half = b'HTTP/1.1 402 Payment Required\r\nContent-Length: 400\r\n\r\n{"error": "insuff'
    outcome = await submit_to(half)
    assert isinstance(outcome, NotCharged)
    assert outcome.cause is Cause.NO_MONEY


async def test_a_known_status_counts_even_if_its_body_cannot_be_unpacked() -> None:
    outcome = await submit_to(http(402, b"no gzip at all", "Content-Encoding: gzip"))
    assert isinstance(outcome, NotCharged)
    assert outcome.cause is Cause.NO_MONEY


async def test_a_known_status_counts_even_if_its_body_never_ends() -> None:
    async def drips(visit: Visit) -> None:
        await visit.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 100000\r\n\r\n")
        await visit.drip(b" ")

    assert await submit_to(drips, Bounds(submit=1)) == Refused(400, "Bad Request")


async def test_a_task_id_counts_even_if_the_length_was_a_lie() -> None:
    body = json.dumps(TASK).encode()
    outcome = await submit_to(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + body)
    assert outcome == Accepted("cs9viu7i61pkfs4oavvg")


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.0 200 OK\r\n\r\n",
        b"HTTP/1.1 200\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 202 Accepted\r\n\r\n",
    ],
    ids=["HTTP/1.0", "no words", "two answers before"],
)
async def test_an_unusual_but_lawful_answer_is_understood(head: bytes) -> None:
    assert await submit_to(head + json.dumps(TASK).encode()) == Accepted("cs9viu7i61pkfs4oavvg")


async def test_an_answer_that_was_compressed_unasked_is_understood() -> None:
    answer = http(200, gzip.compress(json.dumps(TASK).encode()), "Content-Encoding: gzip")
    assert await submit_to(answer) == Accepted("cs9viu7i61pkfs4oavvg")


async def test_an_endless_body_is_read_to_a_limit_only() -> None:
    sent = 0

    async def never_ends(visit: Visit) -> None:
        nonlocal sent
        await visit.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            await visit.send(b" " * 65536)
            sent += 65536

    outcome = await submit_to(never_ends)
    assert isinstance(outcome, Unknown)
    assert outcome.evidence == " " * 4096
    assert sent < 20 * 2**20


async def test_a_cancelled_submit_stays_cancelled() -> None:
    arrived = asyncio.Event()

    async def arrives(visit: Visit) -> None:
        arrived.set()
        await visit.hang()

    async with RawServer(arrives) as server, api_at(server.url) as api, asyncio.TaskGroup() as tasks:
        submitting = tasks.create_task(api.submit(NUMBERS))
        await arrived.wait()
        submitting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await submitting
