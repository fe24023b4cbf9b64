"""The checking API through its front door, against servers of bytes and against the sandbox."""

import asyncio
import json
import logging
import re
from decimal import Decimal
from pathlib import Path

import pytest

from bot.check_api import (
    Accepted,
    ApiUnavailable,
    BadKey,
    Bounds,
    Cause,
    NotCharged,
    ResultUnavailable,
    TaskStatus,
    TaskUnknown,
    Unknown,
    open_check_api,
)
from bot.questions import AT_ONCE
from sandbox.check_api import CheckServer
from sandbox.faults import Faults
from tests.bot.api_on_the_wire import (
    BROKEN,
    KEY,
    NUMBERS,
    PAGE,
    QUICK,
    TASK,
    api_at,
    ask_at,
    closes,
)
from tests.bot.raw_server import Behaviour, RawServer, closed_port, http


async def test_a_kept_connection_that_the_api_has_closed_is_never_used_for_a_submit() -> None:
    async with RawServer(http(200, json.dumps(TASK)), keep_alive=True) as server, api_at(server.url) as api:
        await api.status(TASK["task_id"])  # type: ignore[arg-type]
        await api.submit(NUMBERS)
        await api.submit(NUMBERS)
        await api.status(TASK["task_id"])  # type: ignore[arg-type]
        assert server.connections == 3


async def test_what_a_submit_sends() -> None:
    async with RawServer(http(200, json.dumps(TASK))) as server, api_at(server.url) as api:
        await api.submit(NUMBERS, name="list.txt")
        request = server.visits[0].request
        head, _, body = request.partition(b"\r\n\r\n")
        assert head.startswith(b"POST /v1/tasks HTTP/1.1\r\n")
        assert server.visits[0].header("x-api-key") == KEY
        assert server.visits[0].header("user-agent") == "telegram-number-check-bot"
        assert server.visits[0].header("content-length") == str(len(body))
        assert server.visits[0].header("transfer-encoding") is None
        boundary = re.search(rb"boundary=(\S+)", head)
        assert boundary is not None
        assert body.split(b"--" + boundary[1]) == [
            b"",
            b'\r\nContent-Disposition: form-data; name="task_type"\r\n\r\ntg\r\n',
            b'\r\nContent-Disposition: form-data; name="file"; filename="list.txt"\r\n'
            b"Content-Type: text/plain\r\n\r\n" + NUMBERS + b"\r\n",
            b"--\r\n",
        ]


# Status.


async def test_a_status_question_is_one_form_field() -> None:
    async with RawServer(http(200, json.dumps(TASK))) as server, api_at(server.url + "/") as api:
        assert (await api.status("cs9viu7i61pkfs4oavvg")).status is TaskStatus.PENDING
        assert server.visits[0].request.startswith(b"POST /v1/gettasks HTTP/1.1\r\n")
        assert server.visits[0].header("content-type") == "application/x-www-form-urlencoded"
        assert server.visits[0].request.endswith(b"\r\n\r\ntask_id=cs9viu7i61pkfs4oavvg")


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
async def test_network_errors_and_garbage_move_the_clock_of_a_status_question(answer: bytes | Behaviour) -> None:
    with pytest.raises(ApiUnavailable):
        await ask_at(answer, QUICK)


@pytest.mark.parametrize("status", [302, 402, 405, 408, 418, 429, 500, 502, 503, 504, 520])
async def test_other_statuses_move_the_clock_of_a_status_question(status: int) -> None:
    with pytest.raises(ApiUnavailable) as caught:
        await ask_at(http(status, '{"error": "later"}', "Retry-After: 9", "Location: /x"))
    assert caught.value.retry_after == 9


async def test_a_status_question_that_cannot_connect_moves_the_clock() -> None:
    with closed_port() as port:
        async with api_at(f"http://127.0.0.1:{port}/v1") as api:
            with pytest.raises(ApiUnavailable, match="ClientConnectorError"):
                await api.status("x")


@pytest.mark.parametrize("status", [401, 403])
async def test_a_bad_key_is_told_apart_at_a_status_question(status: int) -> None:
    with pytest.raises(BadKey):
        await ask_at(http(status, '{"error": "unauthorized"}'))


@pytest.mark.parametrize("status", [400, 404])
async def test_a_400_or_404_for_an_unknown_task_is_told_apart(status: int) -> None:
    with pytest.raises(TaskUnknown):
        await ask_at(http(status, '{"error": "task_not_found"}'))


async def test_many_questions_at_once_are_all_answered() -> None:
    async with RawServer(http(200, json.dumps(TASK)), keep_alive=True) as server, api_at(server.url) as api:
        tasks = await asyncio.gather(*(api.status("cs9viu7i61pkfs4oavvg") for _ in range(3 * AT_ONCE)))
        assert len(tasks) == 3 * AT_ONCE
        assert server.connections <= AT_ONCE


# Balance.


@pytest.mark.parametrize(
    ("body", "balance"),
    [
        ('{"balance": 20.08}', "20.08"),
        ('{"credit": "7.5", "used_today": 3, "daily_limit": 100, "reset_time": "x"}', "7.5"),
        ("12", "12"),
        ('"3.40"', "3.40"),
        ('{"balance": {"amount": "1.50", "currency": "USD"}}', "1.50"),
        ('{"data": {"balance": 0}}', "0"),
        ('{"balance": -2}', "-2"),
    ],
)
async def test_every_form_of_a_balance_is_read(body: str, balance: str) -> None:
    async with RawServer(http(200, body)) as server, api_at(server.url) as api:
        assert await api.balance() == Decimal(balance)
        assert server.visits[0].request.startswith(b"GET /v1/balance HTTP/1.1\r\n")


@pytest.mark.parametrize("answer", [http(404, PAGE), http(405), http(200, PAGE), http(200, "{}"), http(200, "true")])
async def test_an_api_without_a_balance_has_none(answer: bytes) -> None:
    async with RawServer(answer) as server, api_at(server.url) as api:
        assert await api.balance() is None


async def test_a_balance_that_cannot_be_asked_now_is_an_error() -> None:
    for answer, error in ((http(503), ApiUnavailable), (closes, ApiUnavailable), (http(401), BadKey)):
        async with RawServer(answer) as server, api_at(server.url) as api:
            with pytest.raises(error):
                await api.balance()


# Opening, secrets.


async def test_certificates_are_read_and_nothing_is_sent_before_it_is_asked() -> None:
    async with RawServer(http(200, json.dumps(TASK))) as server:
        async with open_check_api(base_url=server.url, api_key=KEY, task_type="tg"):
            pass
        assert not server.connections


@pytest.mark.parametrize(("url", "key"), [("ftp://api.example", KEY), ("https://api.example", "a key")])
async def test_an_address_or_a_key_that_cannot_be_one_is_refused_at_once(url: str, key: str) -> None:
    with pytest.raises(ValueError, match="of the checking API"):
        async with open_check_api(base_url=url, api_key=key, task_type="tg"):
            pass


async def test_neither_key_nor_numbers_nor_queries_are_logged_or_told(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    told = []
    echo = json.dumps({"error": f"bad key {KEY}", "message": "line 3: +79990000003 and 79990000004 are wrong"})
    for status in (200, 302, 400, 401, 402, 429, 500, 502):
        answer = http(status, echo, "Location: https://elsewhere.example/x?signature=hidden-2c6f")
        async with RawServer(answer) as server, api_at(server.url) as api:
            told.append(repr(await api.submit(NUMBERS)))
            with pytest.raises((ApiUnavailable, BadKey, TaskUnknown)) as caught:
                await api.status("x")
            told.append(repr(caught.value))
            with pytest.raises(ResultUnavailable) as missing:
                await api.download(f"http://127.0.0.1:{server.port}/r.xlsx?signature=hidden-2c6f", tmp_path / "r")
            told.append(repr(missing.value))
            assert KEY not in repr(api)
    text = "\n".join([*told, caplog.text])
    assert "bad key [key]" in text
    for secret in (KEY, "hidden-2c6f", "79990000003", "79990000004"):
        assert secret not in text


# Against the sandbox, whose ledger knows what was charged.


@pytest.mark.parametrize("shape", ["full", "short"])
async def test_a_list_is_checked_from_submit_to_result(shape: str, tmp_path: Path) -> None:
    async with (
        CheckServer(KEY, numbers_per_second=1e9, pending_seconds=0, submit_shape=shape, balance=Decimal(5)) as server,
        api_at(server.url) as api,
    ):
        outcome = await api.submit(NUMBERS)
        assert isinstance(outcome, Accepted)
        assert [charge.task_id for charge in server.ledger] == [outcome.task_id]
        assert [charge.count for charge in server.ledger] == [20]
        task = await api.status(outcome.task_id)
        assert (task.status, task.total) == (TaskStatus.EXPORTED, 20)
        assert task.result_url is not None
        size = await api.download(task.result_url, tmp_path / "result")
        assert (tmp_path / "result").read_bytes()[:2] == b"PK"
        assert (tmp_path / "result").stat().st_size == size
        assert await api.balance() == Decimal(5) - server.ledger[0].amount
        with pytest.raises(TaskUnknown):
            await api.status("cs9viu7i61pkfs4oavv0")
        assert not server.leaks


@pytest.mark.parametrize(("fault", "charges"), [("submit_cut_before", 0), ("submit_cut_after", 1), ("submit_hang", 1)])
async def test_only_the_ledger_knows_what_a_broken_submit_cost(fault: str, charges: int) -> None:
    faults = Faults()
    faults.arm(fault)
    async with CheckServer(KEY, faults) as server, api_at(server.url, Bounds(submit=1)) as api:
        assert isinstance(await api.submit(NUMBERS), Unknown)
        assert len(server.ledger) == charges


async def test_a_list_below_the_minimum_of_the_sandbox_is_not_charged() -> None:
    async with CheckServer(KEY, minimum=500) as server, api_at(server.url) as api:
        outcome = await api.submit(NUMBERS)
        assert isinstance(outcome, NotCharged)
        assert (outcome.cause, outcome.minimum, outcome.remaining) == (Cause.TOO_SMALL, 500, 20)
        assert not server.ledger
