"""What can happen to a submit on the wire, and what it means for the money."""

import asyncio
import json
from decimal import Decimal

import pytest

from bot.check_api import (
    Accepted,
    Bounds,
    Cause,
    Money,
    NotCharged,
    Refused,
    Unknown,
)
from tests.bot.api_on_the_wire import (
    NUMBERS,
    PAGE,
    QUICK,
    TASK,
    api_at,
    submit_to,
)
from tests.bot.raw_server import RawServer, closed_port, deaf_port, http

# The request was never begun.


async def test_a_refused_connection_is_not_charged() -> None:
    with closed_port() as port:
        async with api_at(f"http://127.0.0.1:{port}/v1") as api:
            outcome = await api.submit(NUMBERS)
    assert isinstance(outcome, NotCharged)
    assert outcome.cause is Cause.UNREACHABLE


async def test_a_host_that_nobody_knows_is_not_charged() -> None:
    async with api_at("http://nobody.invalid/v1", Bounds(connect=5)) as api:
        outcome = await api.submit(NUMBERS)
    assert isinstance(outcome, NotCharged)
    assert outcome.cause is Cause.UNREACHABLE


async def test_a_connect_timeout_is_not_charged() -> None:
    with deaf_port() as port:
        async with api_at(f"http://127.0.0.1:{port}/v1", QUICK) as api:
            outcome = await api.submit(NUMBERS)
    assert outcome == NotCharged(Cause.UNREACHABLE, "no connection (ConnectTimeout)")


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.0 400 Bad Request\r\n\r\n"], ids=["closed", "not TLS"])
async def test_a_failed_tls_handshake_is_not_charged(greeting: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(greeting)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, api_at(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1") as api:
        outcome = await api.submit(NUMBERS)
    assert outcome == NotCharged(Cause.UNREACHABLE, "no connection (ConnectError)")


async def test_a_tls_handshake_that_hangs_is_not_charged() -> None:
    hanging = asyncio.Event()

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hanging.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, api_at(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", QUICK) as api:
        outcome = await api.submit(NUMBERS)
        hanging.set()
    assert outcome == NotCharged(Cause.UNREACHABLE, "no connection (ConnectTimeout)")


# Answers.


@pytest.mark.parametrize("status", [200, 202])
async def test_a_200_or_202_with_a_task_id_is_accepted(status: int) -> None:
    assert await submit_to(http(status, json.dumps(TASK))) == Accepted("cs9viu7i61pkfs4oavvg")


async def test_the_second_shape_tells_the_total_and_the_amount() -> None:
    body = {
        "task_id": "cs9viu7i61pkfs4oavvg",
        "status": "pending",
        "message": "Task created",
        "total": 1000,
        "created_at": "2024-10-19T18:24:56.450Z",
        "estimated_amount": {"amount": "0.15", "currency": "USD"},
    }
    outcome = await submit_to(http(202, json.dumps(body)))
    assert outcome == Accepted("cs9viu7i61pkfs4oavvg", 1000, Money(Decimal("0.15"), "USD"))


@pytest.mark.parametrize(
    "body",
    ['{"error": "something"}', "{}", "[]", "null", '"ok"', "", "OK", PAGE, '{"task_id": null}', '{"task_id": ""}'],
)
@pytest.mark.parametrize("status", [200, 202])
async def test_a_200_or_202_without_a_task_id_is_unknown_and_its_body_is_kept(status: int, body: str) -> None:
    outcome = await submit_to(http(status, body))
    assert isinstance(outcome, Unknown)
    assert outcome.evidence == body


async def test_the_first_4_kb_of_a_strange_body_are_kept_as_evidence() -> None:
    outcome = await submit_to(http(200, "x" * 5000))
    assert isinstance(outcome, Unknown)
    assert outcome.evidence == "x" * 4096


async def test_a_400_for_a_list_that_is_too_small_tells_the_minimum_from_its_text() -> None:
    body = {
        "error": "invalid_batch_size",
        "message": "only 12 compliant numbers remain for tg, which is less than the minimum 500",
    }
    outcome = await submit_to(http(400, json.dumps(body)))
    assert isinstance(outcome, NotCharged)
    assert (outcome.cause, outcome.minimum, outcome.remaining) == (Cause.TOO_SMALL, 500, 12)


@pytest.mark.parametrize("status", [400, 404, 405, 413, 415, 422])
async def test_a_400_otherwise_a_404_405_413_415_or_422_is_refused_with_its_reason(status: int) -> None:
    outcome = await submit_to(http(status, '{"error": "bad_file", "message": "the file is not text"}'))
    assert outcome == Refused(status, "bad_file: the file is not text")


@pytest.mark.parametrize("status", [401, 403])
async def test_a_401_or_403_is_not_charged_and_says_that_the_key_is_bad(status: int) -> None:
    outcome = await submit_to(http(status, '{"error": "unauthorized"}'))
    assert outcome == NotCharged(Cause.BAD_KEY, "unauthorized")


async def test_a_402_is_not_charged_and_says_that_there_is_no_money() -> None:
    outcome = await submit_to(http(402, '{"error": "insufficient_balance"}'))
    assert outcome == NotCharged(Cause.NO_MONEY, "insufficient_balance")


@pytest.mark.parametrize("status", [408, 429, 503])
@pytest.mark.parametrize(("header", "seconds"), [((), None), (("Retry-After: 17",), 17.0)])
async def test_a_408_429_or_503_is_not_charged_and_comes_again(
    status: int, header: tuple[str, ...], seconds: float | None
) -> None:
    outcome = await submit_to(http(status, "", *header))
    assert isinstance(outcome, NotCharged)
    assert (outcome.cause, outcome.retry_after) == (Cause.BUSY, seconds)


async def test_a_503_with_a_page_is_unknown_like_every_5xx_with_html() -> None:
    assert await submit_to(http(503, PAGE, kind="text/html")) == Unknown("the answer was HTTP 503", PAGE)


async def test_a_500_with_json_is_not_charged_by_the_contract() -> None:
    outcome = await submit_to(http(500, '{"error": "internal error"}'))
    assert outcome == NotCharged(Cause.INTERNAL, "internal error")


@pytest.mark.parametrize("body", ["", PAGE, "Internal Server Error"])
async def test_a_500_without_json_is_unknown(body: str) -> None:
    assert await submit_to(http(500, body, kind="text/html")) == Unknown("the answer was HTTP 500", body)


@pytest.mark.parametrize("body", [PAGE, '{"error": "bad gateway"}'])
async def test_a_502_is_unknown(body: str) -> None:
    assert await submit_to(http(502, body)) == Unknown("the answer was HTTP 502", body)


@pytest.mark.parametrize("body", [PAGE, '{"error": "gateway timeout"}'])
async def test_a_504_is_unknown(body: str) -> None:
    assert await submit_to(http(504, body)) == Unknown("the answer was HTTP 504", body)


@pytest.mark.parametrize("status", [501, 505, 520, 522, 524, 530, 599])
async def test_any_other_5xx_is_unknown(status: int) -> None:
    assert isinstance(await submit_to(http(status, PAGE, kind="text/html")), Unknown)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_charged_and_never_followed(status: int) -> None:
    async with RawServer(http(200, json.dumps(TASK))) as elsewhere:
        target = f"Location: http://127.0.0.1:{elsewhere.port}/login?next=secret"
        outcome = await submit_to(http(status, "", target))
        assert not elsewhere.connections
    assert isinstance(outcome, NotCharged)
    assert outcome.cause is Cause.REDIRECTED
    assert f"127.0.0.1:{elsewhere.port}/login" in outcome.detail
    assert "secret" not in outcome.detail


@pytest.mark.parametrize("location", ["Location: https://a.example:port/", "Location: http://[", "Location:", "X: y"])
async def test_a_redirect_to_nowhere_is_not_charged(location: str) -> None:
    outcome = await submit_to(http(302, "", location))
    assert isinstance(outcome, NotCharged)
    assert outcome.cause is Cause.REDIRECTED
