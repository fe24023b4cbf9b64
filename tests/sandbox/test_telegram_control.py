import asyncio
import json

import pytest

from sandbox.chats import Person
from tests.sandbox.telegram_bot import BUTTON, KEYBOARD, Bot


async def test_another_process_can_play_a_person(bot: Bot) -> None:
    person_id = (await bot.control("POST", "people", first_name="Anna", username="anna"))["person_id"]
    chat_id = (await bot.control("POST", "private_chat", person_id=person_id))["chat_id"]
    who = {"person_id": person_id, "chat_id": chat_id}
    listed = (await bot.control("POST", "send_text", **who, text="+79161234567"))["message_id"]
    await bot.control("POST", "edit", **who, message_id=listed, text="+79161234568")
    sent = await bot.call("sendMessage", chat_id=chat_id, text="1 number", reply_markup=KEYBOARD)
    async with asyncio.TaskGroup() as group:
        press = group.create_task(
            bot.control("POST", "press", **who, message_id=sent["message_id"], button=BUTTON["text"])
        )
        await bot.telegram.wait_for(lambda server: server.state.queries)
        query = (await bot.updates(offset=-1))[0]["callback_query"]
        await bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Started")
    assert press.result() == {"text": "Started", "show_alert": False, "url": None, "answered": True}
    await bot.call("editMessageText", chat_id=chat_id, message_id=sent["message_id"], text="Done")
    await bot.control("POST", "forge", **who, message_id=sent["message_id"], data="any thing")
    await bot.control("POST", "delete", chat_id=chat_id, message_id=listed)
    first, second = (await bot.control("GET", "messages", chat_id=chat_id))["messages"]
    assert (first["deleted"], first["from_bot"], first["text"]) == (True, False, "+79161234568")
    assert (second["text"], second["from_bot"], len(second["versions"])) == ("Done", True, 1)
    state = await bot.control("GET", "state")
    assert state["chats"][0]["id"] == chat_id
    assert len((await bot.control("POST", "paste", **who, text="1\n" * 3000))["message_ids"]) == 2


async def test_documents_go_both_ways(bot: Bot, anna: Person) -> None:
    address = f"{bot.telegram.url}/sandbox/send_document"
    form = {"person_id": str(anna.id), "chat_id": str(anna.id), "caption": "/check"}
    answer = (await bot.http.post(address, data=form, files={"file": ("a.txt", b"12")})).json()
    assert bot.telegram.messages(anna.id)[0].message_id == answer["message_id"]
    who = {"person_id": anna.id, "chat_id": anna.id}
    await bot.control("POST", "send_document", **who, file_name="b.txt", text="34", reply_to=answer["message_id"])
    assert [one.data for one in bot.telegram.messages(anna.id)] == [b"12", b"34"]
    sent = await bot.call("sendDocument", files={"document": ("r.xlsx", b"PK")}, chat_id=anna.id)
    place = {"chat_id": anna.id, "message_id": sent["message_id"]}
    assert (await bot.http.get(f"{bot.telegram.url}/sandbox/document", params=place)).content == b"PK"


async def test_a_contact_is_shared_by_a_route(bot: Bot, anna: Person) -> None:
    who = {"person_id": anna.id, "chat_id": anna.id}
    sent = await bot.control("POST", "send_contact", **who, phone_number="+79161234567", first_name="Vera")
    (seen,) = (await bot.control("GET", "messages", chat_id=anna.id))["messages"]
    assert (seen["message_id"], seen["contact"]["first_name"]) == (sent["message_id"], "Vera")


async def test_messages_are_forwarded_and_links_followed(bot: Bot, anna: Person) -> None:
    group = bot.telegram.add_group("Team", [anna])
    who = {"person_id": anna.id, "chat_id": anna.id}
    sent = await bot.control("POST", "send_text", **who, text="+79161234567")
    place = {"from_chat_id": anna.id, "chat_id": group}
    forwarded = await bot.control("POST", "forward", person_id=anna.id, **place, **sent)
    assert "forward_origin" in bot.telegram.messages(group)[0].content
    assert bot.telegram.messages(group)[0].message_id == forwarded["message_id"]
    url = "https://t.me/number_check_bot?start=result_1"
    await bot.control("POST", "open_link", person_id=anna.id, url=url)
    assert bot.telegram.messages(anna.id)[-1].text == "/start result_1"


async def test_groups_and_members_are_made_and_changed(bot: Bot, anna: Person) -> None:
    members = [anna.id, (await bot.control("POST", "people", first_name="Boris", id=77))["person_id"]]
    group = (await bot.control("POST", "groups", title="Team", members=members, announce=True))["chat_id"]
    await bot.control("POST", "member", chat_id=group, person_id=42, status="administrator", by=anna.id)
    await bot.control("POST", "member", chat_id=group, person_id=77, status="restricted", rights={"x": True})
    new = (await bot.control("POST", "migrate", chat_id=group))["chat_id"]
    await bot.control("POST", "forbid_writing", chat_id=new)
    assert "CHAT_WRITE_FORBIDDEN" in await bot.refusal("sendMessage", chat_id=new, text="x")
    forum = (await bot.control("POST", "groups", title="Forum", members=members, forum=True))["chat_id"]
    topic = await bot.control("POST", "topics", chat_id=forum, person_id=anna.id, name="Lists")
    await bot.control("POST", "close_topic", chat_id=forum, **topic)
    assert bot.telegram.state.chats[forum].topics[topic["thread_id"]].closed
    await bot.control("POST", "delete_topic", chat_id=forum, **topic)
    channel = (await bot.control("POST", "groups", title="News", members=members, channel=True, bot=None))["chat_id"]
    await bot.control("POST", "discuss", channel_id=channel, group_id=forum)
    assert bot.telegram.state.chats[channel].discussion == forum
    await bot.control("POST", "delete_group", chat_id=new)
    assert bot.telegram.state.chats[new].deleted
    await bot.control("POST", "block", person_id=anna.id)
    await bot.control("POST", "unblock", person_id=anna.id)
    await bot.control("POST", "delete_account", person_id=anna.id)
    assert anna.deleted


async def test_events_are_waited_for_from_a_cursor(bot: Bot, anna: Person) -> None:
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(bot.control("GET", "events", after=0, timeout=5))
        await bot.call("sendMessage", chat_id=anna.id, text="hello")
    answer = waiting.result()
    assert [(one["event"], one["cursor"]) for one in answer["events"]] == [("message", 1)]
    await bot.refusal("sendMessage", chat_id=anna.id, text="")
    more = await bot.control("GET", "events", after=answer["cursor"])
    assert [one["event"] for one in more["events"]] == ["refused"]
    assert await bot.control("GET", "events", after=2, timeout=0.01) == {"events": [], "cursor": 2}


async def test_events_are_streamed(bot: Bot, anna: Person) -> None:
    await bot.call("sendMessage", chat_id=anna.id, text="one")
    address, headers = f"{bot.telegram.url}/sandbox/events", {"Accept": "text/event-stream"}
    async with bot.http.stream("GET", address, headers=headers) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        lines = stream.aiter_lines()
        assert [await anext(lines), await anext(lines)] == ["id: 1", "event: message"]
        assert json.loads((await anext(lines)).removeprefix("data: "))["message"]["text"] == "one"
        await bot.call("sendMessage", chat_id=anna.id, text="two")
        assert [await anext(lines), await anext(lines)] == ["", "id: 2"]


async def test_faults_calls_the_clock_and_updates_are_at_hand(bot: Bot, anna: Person) -> None:
    await bot.control("POST", "faults", name="flood", times=2, options={"seconds": 3, "method": "sendMessage"})
    await bot.refusal("sendMessage", chat_id=anna.id, text="x")
    faults = await bot.control("GET", "faults")
    assert (len(faults["armed"]["flood"]), len(faults["struck"])) == (1, 1)
    await bot.http.delete(f"{bot.telegram.url}/sandbox/faults", params={"name": "flood"})
    await bot.call("sendMessage", chat_id=anna.id, text="x")
    calls = await bot.control("GET", "calls", after=1)
    assert [call["ok"] for call in calls["calls"]] == [True]
    assert (await bot.control("GET", "calls", refused=1))["calls"] == []
    before = bot.telegram.clock.now()
    assert (await bot.control("POST", "clock", seconds=60))["now"] == before + 60
    update_id = (await bot.control("POST", "inject", update={"odd": 1}))["update_id"]
    assert await bot.updates() == [{"update_id": update_id, "odd": 1}]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("send_text", {"person_id": 1, "chat_id": 1, "text": "x"}),
        ("send_text", {}),
        ("faults", {"name": "earthquake"}),
        ("migrate", {"chat_id": 5_000_001}),
    ],
)
async def test_what_cannot_be_done_is_told(bot: Bot, anna: Person, path: str, body: dict[str, object]) -> None:
    response = await bot.http.post(f"{bot.telegram.url}/sandbox/{path}", json=body)
    assert response.status_code == 400
    assert response.json()["error"]
