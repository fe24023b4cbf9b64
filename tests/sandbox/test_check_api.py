import asyncio
import time
from typing import Any

import httpx
import pytest

from sandbox.check_api import CheckServer, NotLoopbackError
from tests.sandbox.check_client import KEY, Client, rows_of, some_numbers

# status


async def test_a_task_waits_then_grows_then_is_exported(client: Client) -> None:
    client.checker.change(numbers_per_second=10, pending_seconds=5)
    task_id = await client.created(some_numbers(100))
    seen = []
    for seconds in (0, 4, 1, 1, 4, 5):
        client.checker.clock.advance(seconds)
        answer = (await client.status(task_id)).json()
        seen.append((answer["status"], answer["total"], answer["success"], answer["failure"]))
        assert ("result_url" in answer) == (answer["status"] == "exported")
    assert seen == [
        ("pending", 0, 0, 0),
        ("pending", 0, 0, 0),
        ("processing", 0, 0, 0),
        ("processing", 10, 10, 0),
        ("processing", 50, 50, 0),
        ("exported", 100, 100, 0),
    ]
    assert client.checker.polls == {task_id: 6}
    assert [poll.told for poll in client.checker.poll_log][-2:] == ["processing", "exported"]


async def test_undetermined_numbers_are_counted_as_failures(client: Client) -> None:
    client.checker.change(share_undetermined=0.3)
    numbers = some_numbers(200)
    task_id = await client.created(numbers)
    client.checker.clock.advance(client.checker.seconds_left(task_id))
    answer = (await client.status(task_id)).json()
    undetermined = sum(client.checker.verdict_of(number) == "undetermined" for number in numbers)
    assert 30 < undetermined < 90
    assert (answer["success"], answer["failure"]) == (200 - undetermined, undetermined)


async def test_an_unknown_task_is_404_and_kept(client: Client) -> None:
    answer = await client.status("cs9viu7i61pkfs4oavvg")
    assert answer.status_code == 404
    assert answer.json() == {"error": "task_not_found", "message": "task not found"}
    assert client.checker.refused[0].why == "task not found"
    assert client.checker.polls["cs9viu7i61pkfs4oavvg"] == 1


async def test_a_status_question_may_be_multipart_too(client: Client) -> None:
    task_id = await client.created(some_numbers(1))
    address = f"{client.checker.url}/gettasks"
    answer = await client.http.post(address, files={"task_id": (None, task_id)}, headers=client.key)
    assert answer.json()["task_id"] == task_id


@pytest.mark.parametrize("form", [{}, {"id": "x"}, {"task_id": "x", "more": "y"}, {"task_id": ["x", "y"]}])
async def test_a_status_question_with_other_fields_is_refused(client: Client, form: dict[str, Any]) -> None:
    answer = await client.http.post(f"{client.checker.url}/gettasks", data=form, headers=client.key)
    assert answer.status_code == 400
    assert len(client.checker.refused) == 1


async def test_amounts_are_told_when_they_are_switched_on(client: Client) -> None:
    client.checker.change(amounts=True)
    task_id = await client.created(some_numbers(10))
    assert set((await client.status(task_id)).json()) & {"estimated_amount", "actual_amount"} == {"estimated_amount"}
    client.checker.clock.advance(client.checker.seconds_left(task_id))
    assert (await client.status(task_id)).json()["actual_amount"] == {"amount": "0.0015", "currency": "USD"}


# balance


@pytest.mark.parametrize(
    ("shape", "expected"),
    [("balance", {"balance": 20.08}), ("number", 20.08)],
)
async def test_the_balance_has_several_shapes(client: Client, shape: str, expected: Any) -> None:
    client.checker.change(balance="20.08", balance_shape=shape)
    assert (await client.balance()).json() == expected


async def test_the_shape_with_credit_tells_the_day_too(client: Client) -> None:
    client.checker.change(balance="20.08", balance_shape="credit")
    answer = (await client.balance()).json()
    assert set(answer) == {"credit", "used_today", "daily_limit", "reset_time"}
    assert answer["credit"] == 20.08


async def test_an_api_without_a_balance_route_answers_404(client: Client) -> None:
    client.checker.change(balance_shape="off")
    assert (await client.balance()).status_code == 404
    assert client.checker.refused == []


# what it does not know


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/tasks", 405),
        ("PUT", "/v1/tasks", 405),
        ("GET", "/v1/gettasks", 405),
        ("POST", "/v1/balance", 405),
        ("HEAD", "/v1/balance", 405),
        ("GET", "/v1/tasks/cs9viu7i61pkfs4oavvg", 404),
        ("DELETE", "/v1/nothing", 404),
        ("GET", "/v1/balance?currency=USD", 400),
    ],
)
async def test_what_is_unknown_is_refused_and_kept(client: Client, method: str, path: str, status: int) -> None:
    answer = await client.http.request(method, client.checker.url.removesuffix("/v1") + path, headers=client.key)
    assert answer.status_code == status
    assert [refusal.status for refusal in client.checker.refused] == [status]


async def test_it_listens_on_a_loopback_address_only() -> None:
    for host in ("0.0.0.0", "192.168.1.5", "::", "example.org", ""):  # noqa: S104 - that is what has to be refused
        with pytest.raises(NotLoopbackError):
            CheckServer(KEY, host=host)
    assert CheckServer(KEY, host="::1").url.startswith("http://[::1]:")
    assert CheckServer(KEY, host="localhost").url.startswith("http://127.0.0.1:")


# lifetime


async def test_after_a_stop_it_comes_back_on_the_same_port_and_remembers(client: Client) -> None:
    task_id = await client.created(some_numbers(1))
    address = client.checker.url
    async with client.checker.away():
        with pytest.raises(httpx.ConnectError):
            await client.status(task_id)
    assert client.checker.url == address
    assert (await client.status(task_id)).json()["task_id"] == task_id


async def test_a_stop_does_not_wait_for_what_is_held(client: Client) -> None:
    client.checker.faults.arm("submit_hang")
    async with asyncio.TaskGroup() as group:
        held = group.create_task(_broken(client.submit(some_numbers(1))))
        await client.checker.wait_for(lambda checker: checker.submits)
        begun = time.monotonic()
        await client.checker.stop()
        assert time.monotonic() - begun < 1
    assert isinstance(held.result(), httpx.TransportError)


async def _broken(call: Any) -> httpx.TransportError:
    with pytest.raises(httpx.TransportError) as raised:
        await call
    return raised.value


async def test_waiting_for_what_never_comes_ends(client: Client) -> None:
    with pytest.raises(TimeoutError):
        await client.checker.wait_for(lambda checker: checker.leaks, timeout=0.01)


# results


async def test_the_result_is_a_workbook_with_a_verdict_for_each_number(client: Client) -> None:
    numbers = some_numbers(50)
    answer = await client.http.get(await client.exported(numbers))
    assert answer.status_code == 200
    header, *rows = rows_of(answer.content)
    assert header == ("Number", "telegram")
    assert [row[0] for row in rows] == list(numbers)
    assert [row[1] for row in rows] == [client.checker.verdict_of(number) for number in numbers]
    assert {row[1] for row in rows} == {"yes", "no"}
