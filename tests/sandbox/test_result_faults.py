import asyncio
import logging
from typing import Any

import httpx
import pytest

from tests.sandbox.check_client import Client, rows_of, some_numbers


async def test_a_download_may_be_answered_with_anything(client: Client) -> None:
    link = await client.exported(some_numbers(5))
    client.checker.faults.arm("result_answer", status=410, body="<h1>Gone</h1>")
    assert (await client.http.get(link)).status_code == 410
    assert (await client.http.get(link)).status_code == 200
    assert [download.status for download in client.checker.downloads] == [410, 200]


async def test_a_link_that_has_expired_early_is_mended_by_a_fresh_one(client: Client) -> None:
    task_id = await client.created(some_numbers(5))
    link = await client.link(task_id)
    client.checker.faults.arm("result_expired")
    answer = await client.http.get(link)
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (403, "text/html")
    assert (await client.http.get(link)).status_code == 403
    assert (await client.http.get(await client.link(task_id))).status_code == 200


async def test_a_link_may_lead_to_another_link(client: Client) -> None:
    link = await client.exported(some_numbers(5))
    client.checker.faults.arm("result_moved")
    answer = await client.http.get(link, follow_redirects=True)
    assert answer.status_code == 200
    assert [first.status_code for first in answer.history] == [302]
    client.checker.faults.arm("result_moved", location="http://169.254.0.1/secret")
    assert (await client.http.get(link)).headers["Location"] == "http://169.254.0.1/secret"


@pytest.mark.parametrize("reset", [False, True])
async def test_a_download_may_break_in_the_middle(client: Client, reset: bool) -> None:  # noqa: FBT001 - a parameter of the table
    link = await client.exported(some_numbers(5))
    client.checker.faults.arm("result_cut", reset=reset)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await client.http.get(link)
    assert (await client.http.get(link)).status_code == 200
    assert client.checker.downloads[0].status is None


async def test_a_download_may_end_early_as_if_it_were_complete(client: Client) -> None:
    link = await client.exported(some_numbers(5))
    client.checker.faults.arm("result_truncated")
    client.checker.faults.arm("result_truncated", after=0)
    short, empty, whole = [(await client.http.get(link)).content for _ in range(3)]
    assert short == whole[: len(whole) // 2]
    assert empty == b""


@pytest.mark.parametrize("after", [0, 100])
async def test_a_download_may_be_held_back(client: Client, after: int) -> None:
    link = await client.exported(some_numbers(5))
    client.checker.faults.arm("result_hang", seconds=0.01, after=after)
    assert len(rows_of((await client.http.get(link)).content)) == 6
    client.checker.faults.arm("result_hang", after=after)
    with pytest.raises(httpx.ReadTimeout):
        await client.http.get(link, timeout=0.05)


async def test_a_download_that_was_held_goes_on_when_it_is_let_go(client: Client) -> None:
    link = await client.exported(some_numbers(5))
    client.checker.faults.arm("result_hang", after=10)
    async with asyncio.TaskGroup() as group:
        held = group.create_task(client.http.get(link))
        await client.checker.wait_for(lambda checker: len(checker.held) == 1)
        client.checker.held.let_go()
    assert len(rows_of(held.result().content)) == 6


async def test_a_download_may_come_a_byte_at_a_time(client: Client) -> None:
    link = await client.exported(some_numbers(5))
    client.checker.faults.arm("result_drip", seconds=0.0, after=10)
    async with client.http.stream("GET", link) as answer:
        first, *more = [block async for block in answer.aiter_raw()]
    assert len(rows_of(first + b"".join(more))) == 6
    assert int(answer.headers["Content-Length"]) == len(first) + len(b"".join(more))
    assert len(more) > 1000


async def test_a_download_that_drips_ends_with_the_server(client: Client) -> None:
    link = await client.exported(some_numbers(5))
    client.checker.faults.arm("result_drip", after=10)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):  # noqa: PT012 - it has to break while it is read
        async with client.http.stream("GET", link) as answer:
            async for _ in answer.aiter_raw():
                client.checker.held.close()


@pytest.mark.parametrize("told", [True, False])
async def test_a_download_may_be_of_any_size_whether_or_not_its_head_says_so(client: Client, told: bool) -> None:  # noqa: FBT001 - a parameter of the table
    link = await client.exported(some_numbers(5))
    size = 3_000_001
    client.checker.faults.arm("result_large", size=size, told=told)
    async with client.http.stream("GET", link) as answer:
        came = b"".join([block async for block in answer.aiter_raw()])
    assert len(came) == size
    assert came.startswith(b"PK")
    assert came.endswith(bytes(1_000_000))
    assert answer.headers.get("Content-Length") == (str(size) if told else None)
    assert [(download.status, download.sent) for download in client.checker.downloads] == [(200, size)]


async def test_a_download_that_never_ends_ends_with_the_server(client: Client) -> None:
    link = await client.exported(some_numbers(5))
    client.checker.faults.arm("result_endless")
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):  # noqa: PT012 - it has to break while it is read
        async with client.http.stream("GET", link) as answer:
            async for _ in answer.aiter_raw():
                client.checker.held.close()


async def test_a_download_may_never_end(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    link = await client.exported(some_numbers(5))
    client.checker.faults.arm("result_endless")
    received = 0
    with caplog.at_level(logging.WARNING):
        async with client.http.stream("GET", link) as answer:
            async for block in answer.aiter_raw():
                received += len(block)
                if received > 1_000_000:
                    break
        await client.checker.stop()
    assert received > 1_000_000
    assert caplog.records == []


@pytest.mark.parametrize(
    "options", [{"data": b"not a workbook"}, {"data": "not a workbook"}, {"data_base64": "bm90IGEgd29ya2Jvb2s="}]
)
async def test_a_result_may_be_any_bytes(client: Client, options: dict[str, Any]) -> None:
    link = await client.exported(some_numbers(5))
    client.checker.faults.arm("result_file", **options)
    assert (await client.http.get(link)).content == b"not a workbook"
    assert len(rows_of((await client.http.get(link)).content)) == 6


async def test_numbers_may_not_come_back(client: Client) -> None:
    numbers = some_numbers(200)
    client.checker.faults.arm("result_missing", share=0.25)
    link = await client.exported(numbers)
    came = [row[0] for row in rows_of((await client.http.get(link)).content)[1:]]
    assert 110 < len(came) < 190
    assert set(came) < set(numbers)
    [charge] = client.checker.ledger
    found = client.checker.findings(charge.task_id)
    assert [finding.number for finding in found if finding.word is not None] == came
    assert {finding.verdict for finding in found if finding.word is None} == {"undetermined"}
    assert rows_of((await client.http.get(link)).content)[1:][0][0] == came[0]


async def test_numbers_may_come_back_with_another_verdict(client: Client) -> None:
    client.checker.faults.arm("result_unclear", share=0.5, word="FLOOD_WAIT")
    link = await client.exported(some_numbers(100))
    words = [row[1] for row in rows_of((await client.http.get(link)).content)[1:]]
    assert len(words) == 100
    assert 25 < words.count("FLOOD_WAIT") < 75


@pytest.mark.parametrize("contradicting", [False, True])
async def test_numbers_may_come_back_twice(client: Client, contradicting: bool) -> None:  # noqa: FBT001 - a parameter of the table
    client.checker.faults.arm("result_repeated", share=1.0, contradicting=contradicting)
    link = await client.exported(some_numbers(50))
    rows = rows_of((await client.http.get(link)).content)[1:]
    assert len(rows) == 100
    assert all((first == second) != contradicting for first, second in zip(rows[:50], rows[50:], strict=True))


async def test_numbers_may_come_back_that_were_not_sent(client: Client) -> None:
    numbers = some_numbers(10)
    client.checker.faults.arm("result_foreign", rows=3)
    link = await client.exported(numbers)
    came = {row[0] for row in rows_of((await client.http.get(link)).content)[1:]}
    assert len(came - set(numbers)) == 3
    assert set(numbers) < came
