import asyncio
import base64
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.sandbox.check_client import KEY, Client, as_file, some_numbers


async def test_a_submit_is_answered_as_the_document_says(client: Client) -> None:
    answer = (await client.submit(some_numbers(3))).json()
    assert set(answer) == {
        "created_at", "updated_at", "task_id", "user_id", "status", "total", "success", "failure"
    }  # fmt: skip
    assert answer["status"] == "pending"
    assert answer["created_at"] == answer["updated_at"]
    assert (answer["total"], answer["success"], answer["failure"]) == (0, 0, 0)


async def test_a_submit_is_charged_once_and_the_ledger_knows_the_numbers(client: Client) -> None:
    numbers = some_numbers(10_000)
    task_id = await client.created(numbers)
    [charge] = client.checker.ledger
    assert (charge.task_id, charge.numbers, charge.amount) == (task_id, numbers, Decimal("1.5"))
    assert charge.at == client.checker.clock.now()
    assert charge.form == "answered"
    assert client.checker.spent == Decimal("1.5")


async def test_the_same_list_sent_twice_is_charged_twice_because_there_is_no_idempotency_key(client: Client) -> None:
    first, second = await client.created(some_numbers(3)), await client.created(some_numbers(3))
    assert first != second
    assert [charge.task_id for charge in client.checker.ledger] == [first, second]
    assert len({charge.digest for charge in client.checker.ledger}) == 1


async def test_task_ids_look_like_xids_and_begin_with_the_time(client: Client) -> None:
    task_id = await client.created(some_numbers(1))
    assert len(task_id) == 20
    raw = base64.b32hexdecode(task_id.upper() + "====")
    assert int.from_bytes(raw[:4]) == int(client.checker.clock.now())
    assert await client.created(some_numbers(1)) > task_id


async def test_the_last_line_may_or_may_not_be_ended(client: Client) -> None:
    assert (await client.submit(b"+79161234567\n+79161234568")).status_code == 200
    assert client.checker.ledger[0].numbers == ("+79161234567", "+79161234568")


async def test_a_body_in_chunks_is_taken_like_one_of_known_length(client: Client) -> None:
    boundary = "edge-of-the-parts"

    async def body() -> AsyncIterator[bytes]:
        yield f'--{boundary}\r\nContent-Disposition: form-data; name="task_type"\r\n\r\ntg\r\n'.encode()
        yield f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'.encode()
        yield f"Content-Type: text/plain\r\n\r\n+79161234567\r\n--{boundary}--\r\n".encode()

    headers = client.key | {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = await client.http.post(f"{client.checker.url}/tasks", content=body(), headers=headers)
    assert answer.status_code == 200
    assert client.checker.ledger[0].count == 1


@pytest.mark.parametrize("headers", [{}, {"X-API-Key": "another"}, {"X-API-Key": ""}])
async def test_without_the_right_key_nothing_is_done(client: Client, headers: dict[str, str]) -> None:
    assert (await client.submit(some_numbers(1), headers=headers)).status_code == 401
    assert (await client.http.get(f"{client.checker.url}/balance", headers=headers)).status_code == 401
    assert client.checker.ledger == []
    assert [refusal.status for refusal in client.checker.refused] == [401, 401]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "line 1 of the file is blank"),
        (b"\n", "line 1 of the file is blank"),
        (b"+79161234567\n\n+79161234568\n", "line 2 of the file is blank"),
        (b"+79161234567\n\n", "line 2 of the file is blank"),
        (b"79161234567\n", "line 1 of the file is no E.164 number"),
        (b"+79161234567\r\n", "line 1 of the file is no E.164 number"),
        (b"+79161234567 \n", "line 1 of the file is no E.164 number"),
        (b"+0791612345\n", "line 1 of the file is no E.164 number"),
        (b"+7916123456789012\n", "line 1 of the file is no E.164 number"),
        (b"\xef\xbb\xbf+79161234567\n", "byte 0 of the file is not plain text"),
        (b"+79161234567\n+79161234567\n", "the file has a number twice"),
    ],
)
async def test_a_file_that_is_not_one_number_a_line_is_refused_loudly(client: Client, data: bytes, why: str) -> None:
    answer = await client.submit(data)
    assert answer.status_code == 400
    assert answer.json() == {"error": "invalid_request", "message": why}
    assert [refusal.why for refusal in client.checker.refused] == [why]
    assert client.checker.ledger == []


FILE = ("numbers.txt", b"+79161234567\n", "text/plain")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"data": {}}, "the field task_type is missing"),
        ({"data": {"task_type": "ws"}}, "unknown task_type, this server knows tg"),
        ({"data": {"task_type": "tg", "name": "x"}}, "unknown field name"),
        ({"data": {"task_type": ["tg", "tg"]}}, "the field task_type is given twice"),
        ({"files": {"numbers": FILE}}, "the field file is missing"),
        ({"files": [("file", FILE), ("file", FILE)]}, "the field file is given twice"),
        ({"files": {"file": (None, b"+79161234567\n")}}, "file is a text field, it has to be a file with a name"),
        ({"files": {"file": ("a.xlsx", b"+79161234567\n", "application/zip")}},
            "file is application/zip, it has to be text"),
        ({"files": None}, "the body is application/x-www-form-urlencoded, it has to be multipart/form-data"),
        ({"files": {"file": FILE, "task_type": ("a.txt", b"tg")}, "data": None},
            "task_type is a file, it has to be a text field"),
    ],
)  # fmt: skip
async def test_a_form_with_other_fields_is_refused_loudly(client: Client, changes: dict[str, Any], why: str) -> None:
    answer = await client.submit(some_numbers(1), **changes)
    assert answer.status_code == 400
    assert answer.json()["message"] == why
    assert [refusal.why for refusal in client.checker.refused] == [why]
    assert client.checker.ledger == []


async def test_below_the_minimum_the_list_is_not_taken_and_nothing_is_charged(client: Client) -> None:
    client.checker.change(minimum=500)
    answer = await client.submit(some_numbers(12))
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "invalid_batch_size",
        "message": "only 12 compliant numbers remain for tg, which is less than the minimum 500",
    }
    assert client.checker.ledger == []
    assert client.checker.refused == []
    assert (await client.submit(some_numbers(500))).status_code == 200


async def test_above_the_most_rows_the_list_is_too_large(client: Client) -> None:
    client.checker.change(max_rows=3)
    assert (await client.submit(some_numbers(4))).status_code == 413
    assert (await client.submit(as_file(some_numbers(4)).rstrip())).status_code == 413
    assert client.checker.ledger == []
    assert (await client.submit(some_numbers(3))).status_code == 200


async def test_the_balance_falls_with_every_charge_until_it_is_not_enough(client: Client) -> None:
    client.checker.change(balance="0.02")
    assert (await client.balance()).json() == {"balance": 0.02}
    assert (await client.submit(some_numbers(100))).status_code == 200
    assert (await client.balance()).json() == {"balance": 0.005}
    assert (await client.submit(some_numbers(100))).status_code == 402
    assert len(client.checker.ledger) == 1
    client.checker.change(balance=1)
    assert (await client.submit(some_numbers(100))).status_code == 200


async def test_every_submit_is_kept_with_its_answer_charged_or_not(client: Client) -> None:
    client.checker.change(minimum=2)
    await client.submit(some_numbers(1))
    await client.submit(some_numbers(2))
    await client.submit(b"")
    first, second, third = client.checker.submits
    assert [submit.status for submit in client.checker.submits] == [400, 200, 400]
    assert [submit.charged for submit in client.checker.submits] == [False, True, False]
    assert "invalid_batch_size" in first.answer
    assert (second.task_id, second.count) == (client.checker.ledger[0].task_id, 2)
    assert third.count == 0


async def test_it_is_seen_whether_a_submit_came_on_a_fresh_connection(client: Client) -> None:
    await client.submit(some_numbers(1))
    await client.submit(some_numbers(2))
    async with httpx.AsyncClient(trust_env=False) as http:
        await Client(client.checker, http).submit(some_numbers(3))
    assert [submit.fresh_connection for submit in client.checker.submits] == [True, False, True]


async def test_the_second_shape_of_the_answer_has_a_message_and_the_total_at_once(client: Client) -> None:
    client.checker.change(submit_shape="short", fraction_digits=3, amounts=True)
    answer = await client.submit(some_numbers(1000))
    assert answer.status_code == 202
    shown = answer.json()
    assert set(shown) == {"created_at", "task_id", "status", "message", "total", "estimated_amount"}
    assert shown["total"] == 1000
    assert shown["estimated_amount"] == {"amount": "0.15", "currency": "USD"}
    assert len(shown["created_at"].partition(".")[2]) == len("123Z")


async def test_the_status_of_the_answer_can_be_chosen_apart_from_its_shape(client: Client) -> None:
    client.checker.change(submit_status=202)
    answer = await client.submit(some_numbers(1))
    assert answer.status_code == 202
    assert "user_id" in answer.json()


@pytest.mark.parametrize("digits", range(3, 10))
async def test_timestamps_have_as_many_fraction_digits_as_asked_for(client: Client, digits: int) -> None:
    client.checker.change(fraction_digits=digits)
    created = (await client.submit(some_numbers(1))).json()["created_at"]
    assert len(created) == len("2024-10-19T18:24:56.Z") + digits
    assert created.endswith("Z")


async def test_a_key_given_twice_is_not_the_right_key(client: Client) -> None:
    headers = [("X-API-Key", KEY), ("X-API-Key", KEY)]
    assert (await client.http.get(f"{client.checker.url}/balance", headers=headers)).status_code == 401


BOUNDARY = "edge-of-the-parts"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            f"--{BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\ntg\r\n--{BOUNDARY}--\r\n",
            "a part of the form has no name",
        ),
        ("no parts at all", "the multipart body is broken"),
        ("", "the multipart body is broken"),
    ],
)
async def test_a_broken_form_is_refused(client: Client, body: str, why: str) -> None:
    headers = client.key | {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    answer = await client.http.post(f"{client.checker.url}/tasks", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["message"] == why


@pytest.mark.parametrize("whole", [False, True])
async def test_a_client_that_dies_is_charged_if_its_request_was_complete(client: Client, whole: bool) -> None:  # noqa: FBT001 - a parameter of the table
    request = client.http.build_request(
        "POST",
        f"{client.checker.url}/tasks",
        files={"file": ("numbers.txt", as_file(some_numbers(100)), "text/plain")},
        data={"task_type": "tg"},
        headers=client.key,
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    raw = f"POST /v1/tasks HTTP/1.1\r\n{head}\r\n".encode() + request.read()
    _, writer = await asyncio.open_connection("127.0.0.1", client.checker.port)
    writer.write(raw if whole else raw[:-100])
    await writer.drain()
    writer.close()
    await client.checker.wait_for(lambda checker: checker.submits)
    assert len(client.checker.ledger) == whole
    assert client.checker.submits[0].charged == whole


async def test_lists_that_come_at_once_are_charged_once_each(client: Client) -> None:
    lists = [some_numbers(50, start=50 * place) for place in range(20)]
    async with asyncio.TaskGroup() as group:
        for numbers in lists:
            group.create_task(client.created(numbers))
    assert sorted(charge.numbers for charge in client.checker.ledger) == lists
    assert len({charge.task_id for charge in client.checker.ledger}) == 20
