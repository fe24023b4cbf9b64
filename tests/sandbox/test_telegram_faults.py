from typing import Any

import httpx
import pytest

from sandbox.chats import Person
from sandbox.faults import TELEGRAM_FAULTS
from tests.sandbox.telegram_bot import TOKEN, Bot


async def test_a_fault_strikes_its_method_and_chat_alone(bot: Bot, anna: Person) -> None:
    other = bot.telegram.private_chat(bot.telegram.add_person("Boris"))
    bot.telegram.faults.arm("flood", method="sendMessage", chat_id=other, seconds=30)
    await bot.call("getMe")
    await bot.call("sendMessage", chat_id=anna.id, text="x")
    response = await bot.send("sendMessage", chat_id=str(other), text="x")
    assert (response.status_code, response.json()["parameters"]) == (429, {"retry_after": 30})
    assert bot.telegram.calls[-1].fault == "flood"
    await bot.call("sendMessage", chat_id=other, text="x")


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        ("flood_bare", 429, '"description": "Too Many Requests"'),
        ("bad_gateway", 502, "<html>"),
        ("server_error", 500, '"error_code": 500'),
        ("unauthorized", 401, "Unauthorized"),
        ("too_large", 413, "Request Entity Too Large"),
        ("not_json", 200, "it works!"),
        ("refuse", 400, "Bad Request: refused"),
    ],
)
async def test_an_answer_that_was_armed_comes_instead(
    bot: Bot, anna: Person, fault: str, status: int, body: str
) -> None:
    bot.telegram.faults.arm(fault, method="sendMessage")
    response = await bot.send("sendMessage", chat_id=anna.id, text="x")
    assert response.status_code == status
    assert body in response.text
    assert bot.telegram.bot_messages(anna.id) == []
    assert bot.telegram.refused == []


@pytest.mark.parametrize(("fault", "done"), [("cut_before", 0), ("cut_after", 1)])
async def test_the_connection_is_cut_before_or_after_the_call_is_done(
    bot: Bot, anna: Person, fault: str, done: int
) -> None:
    bot.telegram.faults.arm(fault)
    with pytest.raises(httpx.RemoteProtocolError):
        await bot.send("sendMessage", chat_id=anna.id, text="x")
    assert len(bot.telegram.bot_messages(anna.id)) == done


async def test_an_answer_is_held_back_after_the_call_is_done(bot: Bot, anna: Person) -> None:
    bot.telegram.faults.arm("slow", method="sendMessage", seconds=5)
    address, message = f"{bot.telegram.url}/bot{TOKEN}/sendMessage", {"chat_id": anna.id, "text": "x"}
    with pytest.raises(httpx.ReadTimeout):
        await bot.http.post(address, json=message, timeout=0.05)
    assert [one.text for one in bot.telegram.bot_messages(anna.id)] == ["x"]
    assert bot.telegram.calls[-1].ok
    bot.telegram.faults.arm("slow", method="getMe", seconds=0.01)
    await bot.call("getMe")


async def test_updates_can_be_odd_doubled_or_in_conflict(bot: Bot, anna: Person) -> None:
    faults = bot.telegram.faults
    faults.arm("bad_update")
    faults.arm("duplicate_update")
    faults.arm("conflict")
    await bot.telegram.send_text(anna, anna.id, "hello")
    assert (await bot.refusal("getUpdates")).startswith("Conflict: terminated by other getUpdates request")
    bad, good, again = await bot.updates()
    assert bad["message"]["chat"] is None
    assert good["message"] == again["message"]
    assert [bad["update_id"] + 1, bad["update_id"] + 2] == [good["update_id"], again["update_id"]]


async def test_a_file_can_be_out_of_reach(bot: Bot, anna: Person) -> None:
    await bot.telegram.send_document(anna, anna.id, "a.txt", b"1")
    (update,) = await bot.updates()
    path = (await bot.call("getFile", file_id=update["message"]["document"]["file_id"]))["file_path"]
    bot.telegram.faults.arm("file_unreachable", status=502)
    assert (await bot.http.get(f"{bot.telegram.url}/file/bot{TOKEN}/{path}")).status_code == 502
    assert (await bot.http.get(f"{bot.telegram.url}/file/bot{TOKEN}/{path}")).content == b"1"


@pytest.mark.parametrize("fault", TELEGRAM_FAULTS)
async def test_every_fault_strikes_somewhere(bot: Bot, anna: Person, fault: str) -> None:
    options: dict[str, Any] = {"seconds": 0.01} if fault == "slow" else {}
    bot.telegram.faults.arm(fault, **options)
    await bot.telegram.send_document(anna, anna.id, "a.txt", b"1")
    file_id = bot.telegram.messages(anna.id)[0].content["document"]["file_id"]
    for call in (bot.send("getUpdates"), bot.send("getFile", file_id=file_id)):
        try:
            body = (await call).json()
        except (httpx.HTTPError, ValueError):
            body = {}
    await bot.http.get(f"{bot.telegram.url}/file/bot{TOKEN}/{(body.get('result') or {}).get('file_path', 'x')}")
    assert [name for name, _ in bot.telegram.faults.struck] == [fault]
