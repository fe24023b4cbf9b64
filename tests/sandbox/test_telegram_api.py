import asyncio

import httpx
import pytest

from sandbox.chats import Person
from sandbox.telegram_api import TelegramServer
from tests.sandbox.telegram_bot import TOKEN, Bot


async def test_get_and_post_json_and_forms_are_all_understood(telegram: TelegramServer, bot: Bot, anna: Person) -> None:
    address = f"{telegram.url}/bot{TOKEN}/sendMessage"
    assert (await bot.http.get(address, params={"chat_id": anna.id, "text": "one"})).json()["ok"]
    assert (await bot.http.post(address, json={"chat_id": anna.id, "text": "two"})).json()["ok"]
    assert (await bot.http.post(address, data={"chat_id": str(anna.id), "text": "three"})).json()["ok"]
    form = {"chat_id": (None, str(anna.id)), "text": (None, "four")}
    assert (await bot.http.post(address, files=form)).json()["ok"]
    assert [one.text for one in telegram.bot_messages(anna.id)] == ["one", "two", "three", "four"]
    assert [call.params["chat_id"] for call in telegram.calls] == [anna.id] * 4


async def test_a_wrong_token_is_unauthorized_and_a_malformed_one_is_not_found(
    telegram: TelegramServer, bot: Bot
) -> None:
    wrong = await bot.http.get(f"{telegram.url}/bot42:other/getMe")
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    malformed = await bot.http.get(f"{telegram.url}/botother/getMe")
    assert (malformed.status_code, malformed.json()["description"]) == (404, "Not Found")


@pytest.mark.parametrize("method", ["sendCarrierPigeon", "sendPoll", "sendmessage", "GetMe"])
async def test_an_unknown_method_is_refused_loudly(bot: Bot, method: str) -> None:
    assert await bot.refusal(method) == "Not Found: method not found"
    assert [call.method for call in bot.telegram.refused] == [method]


async def test_what_is_no_address_of_the_bot_api_is_written_down_too(telegram: TelegramServer, bot: Bot) -> None:
    assert (await bot.http.get(f"{telegram.url}/getMe")).status_code == 404
    assert [call.description for call in telegram.refused] == ["Not Found"]
    assert (await bot.http.get(f"{telegram.url}/sandbox/nothing")).status_code == 404
    assert len(telegram.refused) == 1


async def test_every_call_is_written_down_with_its_files_shown_by_name_and_size(bot: Bot, anna: Person) -> None:
    await bot.call("sendDocument", files={"document": ("a.txt", b"12345")}, chat_id=anna.id)
    await bot.refusal("sendMessage", chat_id=anna.id, text="")
    sent, refused = bot.telegram.calls
    assert sent.ok
    assert sent.params == {"chat_id": anna.id, "document": {"file_name": "a.txt", "size": 5}}
    assert sent.at == bot.telegram.clock.now()
    assert (refused.method, refused.ok, refused.error_code) == ("sendMessage", False, 400)
    assert refused.description == "Bad Request: message text is empty"
    assert bot.telegram.refused == [refused]
    assert bot.telegram.calls_of("sendDocument") == [sent]


async def test_a_refused_form_is_written_down_as_a_json_body_is(bot: Bot, anna: Person) -> None:
    address = f"{bot.telegram.url}/bot{TOKEN}/sendMessage"
    await bot.http.post(address, data={"reply_markup": '{"force_reply": true}', "entities": "[oops"})
    assert bot.telegram.calls[0].params == {"reply_markup": {"force_reply": True}, "entities": "[oops"}
    assert "JSON Array is expected" in str(bot.telegram.calls[0].description)
    await bot.call("sendMessage", chat_id=anna.id, text="x")
    assert [one["event"] for one in bot.telegram.events] == ["refused", "message"]


async def test_waiting_for_what_does_not_come_says_what_the_bot_did(bot: Bot, anna: Person) -> None:
    await bot.call("getMe")
    with pytest.raises(TimeoutError, match="getMe -> ok"):
        await bot.telegram.wait_for(lambda server: server.last(anna.id), 0.01)


async def test_waiting_ends_when_the_bot_writes(bot: Bot, anna: Person) -> None:
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(bot.telegram.wait_for(lambda server: server.last(anna.id, "ready")))
        await bot.call("sendMessage", chat_id=anna.id, text="not yet")
        await bot.call("sendMessage", chat_id=anna.id, text="all ready now")
    assert waiting.result().text == "all ready now"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::"])  # noqa: S104 - it must not be bound
def test_it_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        TelegramServer(TOKEN, host=host)


async def test_a_server_that_was_away_comes_back_at_the_same_address_with_all_it_knew(anna: Person, bot: Bot) -> None:
    telegram = bot.telegram
    await telegram.send_text(anna, anna.id, "still there?")
    url = telegram.url
    await telegram.__aexit__(None, None, None)
    with pytest.raises(httpx.ConnectError):
        await bot.send("getMe")
    await telegram.__aenter__()
    assert telegram.url == url
    assert [one["message"]["text"] for one in await bot.updates()] == ["still there?"]


async def test_a_mistake_of_the_sandbox_itself_is_not_taken_for_telegrams(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(bot.telegram.bot, "first_name")
    assert (await bot.send("getMe")).status_code == 500
    assert "the sandbox broke" in str(bot.telegram.refused[0].description)


def test_the_address_is_one_that_a_client_understands() -> None:
    assert TelegramServer(TOKEN, host="127.0.0.1", port=8081).url == "http://127.0.0.1:8081"
    assert TelegramServer(TOKEN, host="::1", port=8081).url == "http://[::1]:8081"
