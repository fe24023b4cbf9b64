from typing import Any

import httpx
import pytest

from tests.sandbox.check_client import Client, some_numbers


class Control:
    def __init__(self, client: Client) -> None:
        self.client = client

    async def get(self, path: str) -> Any:
        answer = await self.client.http.get(self.client.checker.control_url + path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        answer = await self.client.http.post(self.client.checker.control_url + path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def control(client: Client) -> Control:
    return Control(client)


async def test_the_ledger_is_shown_to_another_process(client: Client, control: Control) -> None:
    numbers = some_numbers(3)
    link = await client.exported(numbers)
    await client.http.get(link)
    await client.http.get(link, headers=client.key)
    await client.submit(b"")
    shown = await control.get("/ledger")
    [charge] = shown["charges"]
    assert charge["count"] == 3
    assert charge["digest"] == client.checker.ledger[0].digest
    assert shown["spent"] == charge["amount"] == "0.00045"
    assert shown["polls"] == {charge["task_id"]: 1}
    assert [submit["status"] for submit in shown["submits"]] == [200, 400]
    assert [poll["told"] for poll in shown["poll_log"]] == ["exported"]
    assert [download["status"] for download in shown["downloads"]] == [200]
    assert [refusal["status"] for refusal in shown["refused"]] == [400]
    assert len(shown["leaks"]) == 1


async def test_numbers_are_shown_only_when_asked_for(client: Client, control: Control) -> None:
    await client.created(some_numbers(2))
    assert "+7916" not in str(await control.get("/ledger"))
    assert (await control.get("/ledger?numbers=1"))["charges"][0]["numbers"] == list(some_numbers(2))


async def test_a_fault_is_armed_and_taken_back_from_another_process(client: Client, control: Control) -> None:
    await control.post("/faults", {"name": "submit_answer", "times": 2, "options": {"status": 503}})
    assert (await client.submit(some_numbers(1))).status_code == 503
    shown = await control.get("/faults")
    assert shown["armed"] == {"submit_answer": [{"status": 503}]}
    assert shown["struck"] == [{"name": "submit_answer", "options": {"status": 503}}]
    assert "submit_cut_after" in shown["faults"]
    await client.http.delete(f"{client.checker.control_url}/faults/submit_answer")
    assert (await client.submit(some_numbers(1))).status_code == 200


async def test_a_fault_whose_bytes_were_armed_in_python_can_be_shown(client: Client, control: Control) -> None:
    client.checker.faults.arm("result_file", data=b"PK")
    assert (await control.get("/faults"))["armed"] == {"result_file": [{"data": "2 bytes"}]}


@pytest.mark.parametrize(
    "body",
    [
        {"name": "sunshine"},
        {"name": "flood"},
        {"name": "status_cut", "times": 0},
        {"name": "status_cut", "options": []},
        {"name": "status_cut", "often": 3},
        ["status_cut"],
    ],
)
async def test_a_fault_that_is_not_understood_is_not_armed(client: Client, control: Control, body: Any) -> None:
    await control.post("/faults", body, status=400)
    assert not any(client.checker.faults.armed.values())


async def test_an_unknown_fault_cannot_be_taken_back(client: Client) -> None:
    answer = await client.http.delete(f"{client.checker.control_url}/faults/sunshine")
    assert answer.status_code == 404


async def test_options_are_shown_and_changed(client: Client, control: Control) -> None:
    assert (await control.get("/options"))["minimum"] == 0
    changed = await control.post("/options", {"minimum": 500, "balance": "12.5", "words": [1, 0]})
    assert (changed["minimum"], changed["balance"], changed["words"]) == (500, "12.5", [1, 0])
    assert (await client.submit(some_numbers(1))).json()["error"] == "invalid_batch_size"


@pytest.mark.parametrize(
    "body", [{"pace": 3}, {"fraction_digits": 12}, {"result_form": "pdf"}, {"minimum": "many"}, {"words": ["yes"]}, 3]
)
async def test_options_that_are_not_understood_change_nothing(client: Client, control: Control, body: Any) -> None:
    before = client.checker.options
    assert "error" in await control.post("/options", body, status=400)
    assert client.checker.options == before


async def test_a_body_that_is_no_json_is_refused(client: Client) -> None:
    for path in ("/options", "/clock", "/faults", "/verdicts"):
        answer = await client.http.post(client.checker.control_url + path, content=b"{")
        assert answer.status_code == 400


async def test_the_clock_is_moved_and_its_speed_set(client: Client, control: Control) -> None:
    before = client.checker.clock.now()
    moved = await control.post("/clock", {"advance": 60})
    assert moved == {"now": before + 60, "speed": 0}
    await control.post("/clock", {"speed": 100})
    assert client.checker.clock.speed == 100
    await control.post("/clock", {"advance": -1}, status=400)


async def test_a_stalled_task_is_seen_and_released(client: Client, control: Control) -> None:
    task_id = await client.created(some_numbers(100))
    client.checker.faults.arm("task_stalls")
    await client.status(task_id)
    client.checker.clock.advance(3600)
    [shown] = (await control.get("/tasks"))["tasks"]
    assert (shown["task_id"], shown["stands"], shown["status"], shown["count"]) == (task_id, True, "pending", 100)
    assert await control.post(f"/tasks/{task_id}/release") == {"released": True}
    assert await control.post(f"/tasks/{task_id}/release") == {"released": False}
    await control.post("/tasks/nobody/release", status=404)


async def test_what_is_held_is_let_go(client: Client, control: Control) -> None:
    client.checker.faults.arm("submit_hang")
    with pytest.raises(httpx.ReadTimeout):
        await client.submit(some_numbers(1), timeout=httpx.Timeout(5, read=0.05))
    assert await control.post("/held/release") == {"released": 1}


async def test_verdicts_can_be_foretold(client: Client, control: Control) -> None:
    numbers = some_numbers(5)
    told = await control.post("/verdicts", {"numbers": numbers})
    assert told == {number: client.checker.verdict_of(number) for number in numbers}
