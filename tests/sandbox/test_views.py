from typing import Any

from sandbox.chats import Person
from tests.sandbox.telegram_bot import Bot
from tests.sandbox.test_photos import png

PNG = png(16, 16)


async def view(bot: Bot, person: Person) -> dict[str, Any]:
    return await bot.control("GET", "view", person_id=person.id)


async def menu(bot: Bot, person: Person, chat_id: int) -> list[str]:
    shown = await bot.control("GET", "profile", person_id=person.id, chat_id=chat_id)
    return [one["command"] for one in shown["commands"]]


async def test_a_person_sees_the_chats_they_are_in(bot: Bot, anna: Person) -> None:
    telegram, boris = bot.telegram, bot.telegram.add_person("Boris")
    both = telegram.add_group("Team", [anna, boris], forum=True)
    telegram.add_group("Others", [boris], bot=None)
    topic = telegram.add_topic(anna, both, "Autumn")
    await telegram.send_text(anna, both, "hello", thread_id=topic)
    seen = await view(bot, anna)
    private, group = seen["chats"]
    assert (private["id"], private["bot_status"], private["last_message"]) == (anna.id, "member", None)
    assert (group["title"], group["status"], group["topics"][0]["name"]) == ("Team", "creator", "Autumn")
    assert group["last_message"]["text"] == "hello"
    assert [one["status"] for one in group["members"]] == ["creator", "member", "member"]
    assert seen["cursor"] == len(telegram.events)
    hers, team, others = (await view(bot, boris))["chats"]
    assert (hers["id"], hers["bot_status"]) == (boris.id, "left")
    assert (team["id"], others["title"], others["bot_status"]) == (both, "Others", "left")


async def test_a_group_that_became_a_supergroup_is_one_chat(bot: Bot, anna: Person) -> None:
    old = bot.telegram.add_group("Team", [anna])
    new = bot.telegram.migrate(old)
    _, group = (await view(bot, anna))["chats"]
    assert (group["id"], group["migrated_from"]) == (new, old)


async def test_the_menu_is_the_nearest_list_that_was_set(bot: Bot, anna: Person) -> None:
    telegram, boris = bot.telegram, bot.telegram.add_person("Boris", language_code="ru")
    group = telegram.add_group("Team", [anna, boris], supergroup=True)

    async def show(command: str, language: str = "", **scope: Any) -> None:
        given = {"scope": scope} if scope else {}
        commands = [{"command": command, "description": "x"}]
        await bot.call("setMyCommands", commands=commands, language_code=language, **given)

    assert await menu(bot, anna, anna.id) == []
    await show("all")
    await show("russian", "ru")
    assert (await menu(bot, anna, anna.id), await menu(bot, boris, group)) == (["all"], ["russian"])
    await show("private", type="all_private_chats")
    await show("groups", type="all_group_chats")
    await show("admins", type="all_chat_administrators")
    assert (await menu(bot, anna, anna.id), await menu(bot, boris, boris.id)) == (["private"], ["private"])
    assert (await menu(bot, anna, group), await menu(bot, boris, group)) == (["admins"], ["groups"])
    await show("here", type="chat", chat_id=group)
    assert (await menu(bot, anna, group), await menu(bot, boris, group)) == (["here"], ["here"])
    await show("chiefs", type="chat_administrators", chat_id=group)
    await show("boris", type="chat_member", chat_id=group, user_id=boris.id)
    assert (await menu(bot, anna, group), await menu(bot, boris, group)) == (["chiefs"], ["boris"])


async def test_a_person_speaks_another_language_and_the_bot_has_its_name_there(bot: Bot, anna: Person) -> None:
    await bot.call("setMyName", name="Проверка", language_code="ru")
    await bot.call("setMyDescription", description="For everybody")
    await bot.control("POST", "language", person_id=anna.id, language_code="ru")
    shown = await bot.control("GET", "profile", person_id=anna.id, chat_id=anna.id)
    assert (shown["name"], shown["description"]) == ("Проверка", "For everybody")
    assert bot.telegram.events[-1]["event"] == "person"
    await bot.telegram.send_text(anna, anna.id, "привет")
    assert (await bot.updates())[0]["message"]["from"]["language_code"] == "ru"
    assert "error" in await bot.control("POST", "language", person_id=anna.id, language_code="klingon, the old one")


async def test_a_document_is_saved_under_its_name_and_a_picture_is_looked_at(bot: Bot, anna: Person) -> None:
    name = '<img src=x onerror="alert(1)">\r\nX: y.html'
    sent = await bot.telegram.send_document(anna, anna.id, name, b"<script>alert(1)</script>")
    address = f"{bot.telegram.url}/sandbox/document"
    document = await bot.http.get(address, params={"chat_id": anna.id, "message_id": sent})
    assert document.headers["Content-Type"] == "application/octet-stream"
    assert document.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%3Cimg%20src%3Dx")
    assert document.headers["X-Content-Type-Options"] == "nosniff"
    assert "X" not in document.headers
    photo = await bot.call("sendPhoto", files={"photo": ("a.png", PNG)}, chat_id=anna.id)
    picture = await bot.http.get(address, params={"chat_id": anna.id, "message_id": photo["message_id"]})
    assert (picture.headers["Content-Type"], picture.content) == ("image/png", PNG)
    for nothing in ("chat_id=1&message_id=1", f"chat_id={anna.id}&message_id=x"):
        assert (await bot.http.get(f"{address}?{nothing}")).status_code == 404


async def test_a_button_is_pressed_by_its_data_also_when_an_edit_has_just_taken_it_away(bot: Bot, anna: Person) -> None:
    sent = await bot.call("sendMessage", chat_id=anna.id, text="x")
    place = {"person_id": anna.id, "chat_id": anna.id, "message_id": sent["message_id"]}
    pressed = await bot.control("POST", "press", **place, data="check 7", timeout=0.01)
    assert pressed["answered"] is False
    assert (await bot.updates())[0]["callback_query"]["data"] == "check 7"
    stranger = bot.telegram.add_person("Oscar")
    assert "error" in await bot.control("POST", "press", **{**place, "person_id": stranger.id}, data="check 7")


async def test_a_paste_stands_in_its_topic_and_replies_with_its_first_message(bot: Bot, anna: Person) -> None:
    group = bot.telegram.add_group("Team", [anna], forum=True)
    topic = bot.telegram.add_topic(anna, group, "Autumn")
    place = {"person_id": anna.id, "chat_id": group, "thread_id": topic, "reply_to": topic}
    ids = (await bot.control("POST", "paste", **place, text="1\n" * 3000))["message_ids"]
    messages = [bot.telegram.state.chats[group].messages[one] for one in ids]
    assert [one.thread_id for one in messages] == [topic, topic]
    assert [one.reply_to is not None for one in messages] == [True, False]
