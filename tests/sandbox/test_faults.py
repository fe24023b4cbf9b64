import asyncio
import re
from pathlib import Path

import httpx
import pytest

import sandbox
from sandbox.faults import CHECK_FAULTS, TELEGRAM_FAULTS, Faults, UnknownFaultError
from tests.sandbox.check_client import Client, some_numbers

# the named faults themselves


def test_an_unknown_fault_cannot_be_armed() -> None:
    with pytest.raises(UnknownFaultError):
        Faults().arm("sunshine")


def test_a_fault_strikes_as_often_as_it_was_armed_first_armed_first_taken() -> None:
    faults = Faults()
    faults.arm("status_answer", status=500)
    faults.arm("status_answer", times=2, status=429)
    taken = [faults.take("status_answer") for _ in range(4)]
    assert taken == [{"status": 500}, {"status": 429}, {"status": 429}, None]
    assert [name for name, _ in faults.struck] == ["status_answer"] * 3


def test_a_fault_with_a_place_waits_until_that_place_is_passed() -> None:
    faults = Faults()
    faults.arm("status_cut", task_id="b")
    assert faults.take("status_cut", task_id="a") is None
    assert faults.take("status_cut", task_id="b") == {"task_id": "b"}


def test_a_fault_taken_back_does_not_strike() -> None:
    faults = Faults()
    faults.arm("flood", times=3)
    faults.disarm("flood")
    faults.disarm("slow")
    assert faults.take("flood") is None
    assert faults.struck == []


def test_no_name_stands_for_a_fault_of_both_servers() -> None:
    assert not set(TELEGRAM_FAULTS) & set(CHECK_FAULTS)


def test_every_fault_of_the_checking_api_is_taken_somewhere() -> None:
    folder = Path(next(iter(sandbox.__path__)))
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    taken = set(re.findall(r'take\(\s*"(\w+)"', source))
    assert set(CHECK_FAULTS) <= taken


# a submit


async def charged(client: Client) -> int:
    """How often money was taken, and nothing that the client did was held against it."""
    assert client.checker.refused == []
    return len(client.checker.ledger)


@pytest.mark.parametrize(
    ("fault", "times_charged"),
    [("submit_cut_during", 0), ("submit_cut_before", 0), ("submit_cut_after", 1), ("submit_half_answer", 1)],
)
@pytest.mark.parametrize("reset", [False, True])
async def test_a_submit_whose_connection_breaks(client: Client, fault: str, times_charged: int, reset: bool) -> None:  # noqa: FBT001 - a parameter of the table
    client.checker.faults.arm(fault, reset=reset)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteError)):
        await client.submit(some_numbers(2000))
    assert await charged(client) == times_charged
    assert [charge.form for charge in client.checker.ledger] == [fault] * times_charged
    [submit] = client.checker.submits
    assert submit.status is None
    assert submit.charged == bool(times_charged)
    assert (await client.submit(some_numbers(1))).status_code == 200


@pytest.mark.parametrize("times_charged", [0, 1])
async def test_a_submit_may_be_answered_with_anything_charged_or_not(client: Client, times_charged: int) -> None:
    client.checker.faults.arm(
        "submit_answer", status=502, body="<h1>Bad Gateway</h1>", headers={"Retry-After": "7"}, charged=times_charged
    )
    answer = await client.submit(some_numbers(3))
    assert (answer.status_code, answer.text) == (502, "<h1>Bad Gateway</h1>")
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.headers["Retry-After"] == "7"
    assert await charged(client) == times_charged
    assert client.checker.submits[0].answer == answer.text


async def test_an_odd_answer_may_name_the_task_that_it_created(client: Client) -> None:
    client.checker.faults.arm("submit_answer", status=200, body='{"id": "{task_id}"}', charged=True)
    answer = await client.submit(some_numbers(3))
    assert answer.json() == {"id": client.checker.ledger[0].task_id}
    assert (await client.status(answer.json()["id"])).status_code == 200


async def test_an_answer_that_is_an_object_is_sent_as_json(client: Client) -> None:
    client.checker.faults.arm("submit_answer", status=500, body={"error": "internal"})
    answer = await client.submit(some_numbers(3))
    assert answer.json() == {"error": "internal"}
    assert answer.headers["Content-Type"] == "application/json"


async def test_an_answer_of_bytes_is_sent_as_it_is(client: Client) -> None:
    client.checker.faults.arm("submit_answer", status=200, body=b"\xff\xfe{", content_type="application/json")
    assert (await client.submit(some_numbers(3))).content == b"\xff\xfe{"


async def test_a_submit_may_be_answered_before_its_file_was_read(client: Client) -> None:
    client.checker.faults.arm("submit_answer_early", status=413, body="<h1>Too large</h1>")
    answer = await client.submit(some_numbers(10))
    assert answer.status_code == 413
    assert await charged(client) == 0
    assert client.checker.submits[0].count == 0


@pytest.mark.parametrize(("is_charged", "status"), [(True, 200), (False, 503)])
async def test_a_held_submit_is_answered_when_it_is_let_go(client: Client, is_charged: bool, status: int) -> None:  # noqa: FBT001 - a parameter of the table
    client.checker.faults.arm("submit_hang", charged=is_charged)
    async with asyncio.TaskGroup() as group:
        held = group.create_task(client.submit(some_numbers(2)))
        await client.checker.wait_for(lambda checker: checker.submits)
        assert await charged(client) == is_charged
        assert not held.done()
        await client.checker.wait_for(lambda checker: len(checker.held) == 1)
        assert client.checker.held.let_go() == 1
    assert held.result().status_code == status


async def test_a_held_submit_is_answered_when_its_time_is_up(client: Client) -> None:
    client.checker.faults.arm("submit_hang", seconds=0.01)
    assert (await client.submit(some_numbers(2))).status_code == 200


async def test_a_client_that_gives_up_on_a_held_submit_was_charged_all_the_same(client: Client) -> None:
    client.checker.faults.arm("submit_hang")
    with pytest.raises(httpx.ReadTimeout):
        await client.submit(some_numbers(2), timeout=httpx.Timeout(5, read=0.05))
    assert await charged(client) == 1


# a status question


async def test_a_status_question_may_be_answered_with_anything(client: Client) -> None:
    task_id = await client.created(some_numbers(1))
    client.checker.faults.arm("status_answer", status=429, body={"error": "slow down"}, headers={"Retry-After": "3"})
    answer = await client.status(task_id)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert (await client.status(task_id)).status_code == 200
    assert client.checker.polls[task_id] == 2


@pytest.mark.parametrize("fault", ["status_cut", "status_half_answer"])
async def test_a_status_question_whose_connection_breaks_is_counted(client: Client, fault: str) -> None:
    task_id = await client.created(some_numbers(1))
    client.checker.faults.arm(fault, task_id=task_id)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await client.status(task_id)
    assert client.checker.polls[task_id] == 1
    assert client.checker.poll_log[0].status is None


async def test_a_status_question_may_be_held_back(client: Client) -> None:
    task_id = await client.created(some_numbers(1))
    client.checker.faults.arm("status_hang", seconds=0.01)
    assert (await client.status(task_id)).json()["status"] == "pending"
    client.checker.faults.arm("status_hang")
    with pytest.raises(httpx.ReadTimeout):
        await client.http.post(
            f"{client.checker.url}/gettasks", data={"task_id": task_id}, headers=client.key, timeout=0.05
        )


@pytest.mark.parametrize("size", [1000, 3_000_001])
async def test_an_answer_may_be_of_any_size_and_is_json_all_the_same(client: Client, size: int) -> None:
    client.checker.faults.arm("submit_large", size=size)
    submitted = await client.submit(some_numbers(1))
    task_id = submitted.json()["task_id"]
    client.checker.faults.arm("status_large", task_id=task_id, size=size)
    asked = await client.status(task_id)
    assert [len(answer.content) for answer in (submitted, asked)] == [size] * 2
    assert (asked.status_code, asked.json()["status"]) == (200, "pending")
    assert await charged(client) == 1
    assert client.checker.ledger[0].form == "submit_large"
    assert client.checker.submits[0].task_id == task_id
    assert client.checker.polls[task_id] == 1


async def test_a_status_may_come_a_byte_at_a_time(client: Client) -> None:
    task_id = await client.created(some_numbers(1))
    client.checker.faults.arm("status_drip", seconds=0.0)
    assert (await client.status(task_id)).json()["status"] == "pending"
    client.checker.faults.arm("status_drip")
    with pytest.raises(httpx.ReadTimeout):
        await client.http.post(
            f"{client.checker.url}/gettasks", data={"task_id": task_id}, headers=client.key, timeout=0.05
        )
    assert [poll.status for poll in client.checker.poll_log] == [None, None]


async def test_a_task_may_end_as_failed_with_a_message(client: Client) -> None:
    task_id = await client.created(some_numbers(100))
    client.checker.faults.arm("task_fails", at=0.5, message="the worker was lost")
    assert (await client.status(task_id)).json()["status"] == "pending"
    client.checker.clock.advance(client.checker.seconds_left(task_id))
    for _ in range(2):
        answer = (await client.status(task_id)).json()
        assert (answer["status"], answer["message"], answer["total"]) == ("failed", "the worker was lost", 50)
        assert "result_url" not in answer
    assert await charged(client) == 1


async def test_a_fault_armed_after_a_task_was_told_to_be_ready_strikes_the_next_task(client: Client) -> None:
    first = await client.created(some_numbers(10))
    await client.link(first)
    client.checker.faults.arm("task_fails")
    assert (await client.status(first)).json()["status"] == "exported"
    second = await client.created(some_numbers(10))
    client.checker.clock.advance(client.checker.seconds_left(second))
    assert (await client.status(second)).json()["status"] == "failed"


async def test_a_stalled_task_stands_until_it_is_released_and_then_goes_on_from_there(client: Client) -> None:
    client.checker.change(numbers_per_second=10, pending_seconds=0)
    task_id = await client.created(some_numbers(100))
    client.checker.faults.arm("task_stalls", at=0.5)
    await client.status(task_id)
    client.checker.clock.advance(3600)
    answer = (await client.status(task_id)).json()
    assert (answer["status"], answer["total"]) == ("processing", 50)
    assert client.checker.seconds_left(task_id) == float("inf")
    assert client.checker.release(task_id)
    assert not client.checker.release(task_id)
    assert (await client.status(task_id)).json()["total"] == 50
    client.checker.clock.advance(2)
    assert (await client.status(task_id)).json()["total"] == 70
    assert await client.link(task_id)


async def test_a_task_may_stall_where_it_is(client: Client) -> None:
    client.checker.change(numbers_per_second=10, pending_seconds=0)
    task_id = await client.created(some_numbers(100))
    client.checker.clock.advance(2)
    client.checker.faults.arm("task_stalls", task_id=task_id)
    assert (await client.status(task_id)).json()["total"] == 20
    client.checker.clock.advance(100)
    assert (await client.status(task_id)).json()["total"] == 20


async def test_a_forgotten_task_stays_forgotten(client: Client) -> None:
    task_id = await client.created(some_numbers(1))
    client.checker.faults.arm("task_forgotten", task_id=task_id)
    for _ in range(3):
        answer = await client.status(task_id)
        assert (answer.status_code, answer.json()["error"]) == (404, "task_not_found")
    assert await charged(client) == 1


async def test_a_status_may_be_a_word_nobody_knows(client: Client) -> None:
    task_id = await client.created(some_numbers(1))
    client.checker.faults.arm("unknown_status", word="reticulating")
    assert (await client.status(task_id)).json()["status"] == "reticulating"
    assert (await client.status(task_id)).json()["status"] == "pending"


async def test_the_balance_may_be_anything(client: Client) -> None:
    client.checker.faults.arm("balance_answer", status=200, body='"plenty"')
    assert (await client.balance()).json() == "plenty"
    assert (await client.balance()).json() == {"balance": 1_000_000}
