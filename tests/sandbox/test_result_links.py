import httpx
import pytest

from sandbox.check_api import CheckServer
from sandbox.clock import Clock
from tests.sandbox.check_client import KEY, Client, some_numbers

PAGE = "text/html; charset=utf-8"


async def test_a_link_needs_no_key_and_may_be_used_again(client: Client) -> None:
    link = await client.exported(some_numbers(3))
    first, second = await client.http.get(link), await client.http.get(link)
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    assert [download.sent for download in client.checker.downloads] == [len(first.content)] * 2
    assert client.checker.leaks == []


async def test_the_key_sent_to_a_link_is_kept_as_a_leak_and_answered_400(client: Client) -> None:
    link = await client.exported(some_numbers(3))
    for headers in ({"X-API-Key": KEY}, {"x-api-key": "another"}, {"Authorization": f"Bearer {KEY}"}):
        assert (await client.http.get(link, headers=headers)).status_code == 400
    assert (await client.http.get(f"{link}?key={KEY}")).status_code == 400
    assert [leak.where.lower() for leak in client.checker.leaks] == [
        "x-api-key",
        "x-api-key",
        "authorization",
        "the address",
    ]
    assert KEY not in repr(client.checker.leaks)


async def test_the_key_sent_to_a_place_nobody_knows_is_a_leak_too(client: Client) -> None:
    address = client.checker.url.removesuffix("/v1")
    await client.http.get(f"{address}/elsewhere", headers=client.key)
    await client.http.get(f"{address}/{KEY}")
    assert len(client.checker.leaks) == 2
    assert KEY not in repr(client.checker.leaks)


async def test_an_expired_link_is_a_page_that_says_403_and_a_fresh_one_works(client: Client) -> None:
    client.checker.change(link_seconds=60)
    task_id = await client.created(some_numbers(3))
    link = await client.link(task_id)
    client.checker.clock.advance(59)
    assert (await client.http.get(link)).status_code == 200
    client.checker.clock.advance(1)
    answer = await client.http.get(link)
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, PAGE)
    fresh = await client.link(task_id)
    assert fresh != link
    assert (await client.http.get(fresh)).status_code == 200
    assert client.checker.refused == []


async def test_a_signature_nobody_made_is_refused_loudly(client: Client) -> None:
    answer = await client.http.get(f"{client.checker.results_url}/results/{'0' * 64}.xlsx")
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, PAGE)
    assert [refusal.why for refusal in client.checker.refused] == ["no such link"]


async def test_on_a_second_port_there_are_results_and_nothing_else(client: Client) -> None:
    client.checker.change(results_at="port")
    link = httpx.URL(await client.exported(some_numbers(3)))
    assert link.port == client.checker.results_port != client.checker.port
    assert (await client.http.get(link)).status_code == 200
    assert (await client.http.get(link.copy_with(port=client.checker.port))).status_code == 404
    address = f"http://127.0.0.1:{client.checker.results_port}"
    assert (await client.http.get(f"{address}/v1/balance", headers=client.key)).status_code == 404
    assert (await client.http.get(f"{address}/sandbox/ledger")).status_code == 404
    assert [refusal.why for refusal in client.checker.refused] == ["this is another host"] * 3


async def test_results_may_be_at_another_host_name(client: Client) -> None:
    client.checker.change(results_at="localhost")
    link = httpx.URL(await client.exported(some_numbers(3)))
    assert link.host == "localhost"
    assert (await client.http.get(link)).status_code == 200


@pytest.mark.parametrize("form", ["xlsx", "csv", "zip_csv"])
async def test_whatever_it_is_it_is_served_as_xlsx(client: Client, form: str) -> None:
    client.checker.change(result_form=form)
    link = await client.exported(some_numbers(3))
    answer = await client.http.get(link)
    assert link.endswith(".xlsx")
    assert answer.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.content.startswith(b"number," if form == "csv" else b"PK")


async def test_two_servers_do_not_know_each_others_links(client: Client) -> None:
    link = httpx.URL(await client.exported(some_numbers(3)))
    async with CheckServer(KEY, clock=Clock(speed=0)) as other:
        assert (await client.http.get(link.copy_with(port=other.port))).status_code == 403
