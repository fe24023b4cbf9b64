"""Who may be written to, and what of a group the bot is given."""

import pytest

from sandbox.chats import Person
from sandbox.telegram_api import TelegramServer
from tests.sandbox.telegram_bot import Bot


@pytest.fixture
def boris(telegram: TelegramServer) -> Person:
    return telegram.add_person("Boris", username="boris")


@pytest.fixture
def group(telegram: TelegramServer, anna: Person, boris: Person) -> int:
    return telegram.add_group("Team", [anna, boris])


async def given(bot: Bot) -> list[str]:
    """The texts of what the bot is given now, and confirmed at once."""
    updates = await bot.updates()
    if updates:
        await bot.updates(offset=updates[-1]["update_id"] + 1)
    messages = [update.get("message") or update.get("edited_message") or {} for update in updates]
    return [one.get("text", one.get("caption", "service")) for one in messages]


async def sending(bot: Bot, chat_id: int | str) -> str:
    return await bot.refusal("sendMessage", chat_id=chat_id, text="x")


async def test_a_chat_that_nobody_knows_is_not_found(bot: Bot) -> None:
    for chat_id in (777, -100777, 0, "@nobody", "nobody"):
        assert await sending(bot, chat_id) == "Bad Request: chat not found"


async def test_somebody_who_never_wrote_cannot_be_written_to(bot: Bot, boris: Person) -> None:
    assert await sending(bot, boris.id) == "Forbidden: bot can't initiate conversation with a user"


async def test_a_person_blocks_the_bot_and_starts_it_again(bot: Bot, anna: Person) -> None:
    bot.telegram.block(anna)
    assert await sending(bot, anna.id) == "Forbidden: bot was blocked by the user"
    (update,) = await bot.updates()
    change = update["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    bot.telegram.unblock(anna)
    await bot.call("sendMessage", chat_id=anna.id, text="x")
    bot.telegram.delete_account(anna)
    assert await sending(bot, anna.id) == "Forbidden: user is deactivated"


@pytest.mark.parametrize(("supergroup", "kind"), [(False, "group"), (True, "supergroup")])
async def test_a_bot_that_was_thrown_out_is_told_so(bot: Bot, anna: Person, supergroup: bool, kind: str) -> None:  # noqa: FBT001 - a parameter of the table
    chat_id = bot.telegram.add_group("Team", [anna], supergroup=supergroup)
    bot.telegram.set_member(chat_id, bot.telegram.bot, "kicked", by=anna)
    assert await sending(bot, chat_id) == f"Forbidden: bot was kicked from the {kind} chat"
    bot.telegram.set_member(chat_id, bot.telegram.bot, "left", by=anna)
    assert await sending(bot, chat_id) == f"Forbidden: bot is not a member of the {kind} chat"
    changes = [update["my_chat_member"] for update in await bot.updates()]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "left"]
    assert changes[0]["from"]["id"] == anna.id


async def test_a_group_that_was_upgraded_says_where_it_went(bot: Bot, anna: Person, group: int) -> None:
    new = bot.telegram.migrate(group)
    response = await bot.send("sendMessage", chat_id=group, text="x")
    assert response.status_code == 400
    assert response.json() == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new},
    }
    old, fresh = [update["message"] for update in await bot.updates()]
    assert (old["chat"]["id"], old["migrate_to_chat_id"]) == (group, new)
    assert (fresh["chat"]["id"], fresh["migrate_from_chat_id"]) == (new, group)
    await bot.call("sendMessage", chat_id=new, text="x")


async def test_rights_are_looked_at_for_each_kind_of_thing(bot: Bot, anna: Person, group: int) -> None:
    bot.telegram.set_member(group, bot.telegram.bot, "restricted", by=anna, can_send_messages=True)
    await bot.call("sendMessage", chat_id=group, text="x")
    files = {"document": ("a.txt", b"1")}
    refusal = await bot.refusal("sendDocument", files=files, chat_id=group)
    assert refusal == "Bad Request: not enough rights to send documents to the chat"
    bot.telegram.set_member(group, bot.telegram.bot, "restricted", by=anna, can_send_documents=True)
    assert await sending(bot, group) == "Bad Request: not enough rights to send text messages to the chat"
    bot.telegram.forbid_writing(group)
    assert await sending(bot, group) == "Bad Request: CHAT_WRITE_FORBIDDEN"


async def test_a_channel_wants_an_administrator(bot: Bot, anna: Person) -> None:
    channel = bot.telegram.add_group("News", [anna], channel=True)
    assert await sending(bot, channel) == "Bad Request: need administrator rights in the channel chat"
    bot.telegram.set_member(channel, bot.telegram.bot, "administrator", by=anna)
    assert (await bot.call("sendMessage", chat_id=channel, text="x"))["chat"]["type"] == "channel"


async def test_a_group_s_own_talk_is_not_given_to_the_bot(bot: Bot, anna: Person, group: int) -> None:
    telegram = bot.telegram
    for text in (
        "hello",
        "@number_check_bot hello",
        "/check",
        "/check@other_bot",
        "see /check@number_check_bot",
        "+79161234567",
    ):
        await telegram.send_text(anna, group, text)
    await telegram.send_document(anna, group, "base.txt", b"1")
    await telegram.send_document(anna, group, "base.txt", b"1", caption="list")
    assert await given(bot) == []


async def test_commands_addressed_to_the_bot_and_replies_to_it_are_given(
    bot: Bot, anna: Person, boris: Person, group: int
) -> None:
    telegram = bot.telegram
    listed = await telegram.send_document(anna, group, "base.txt", b"1")
    await telegram.send_text(boris, group, "/check@Number_Check_Bot", reply_to=listed)
    (update,) = await bot.updates()
    assert update["message"]["reply_to_message"]["document"]["file_name"] == "base.txt"
    assert await given(bot) == ["/check@Number_Check_Bot"]
    await telegram.send_document(anna, group, "base.txt", b"1", caption="/check@number_check_bot please")
    assert await given(bot) == ["/check@number_check_bot please"]
    asked = await bot.call("sendMessage", chat_id=group, text="Send the list", reply_markup={"force_reply": True})
    await telegram.send_document(anna, group, "base.txt", b"1", caption="here", reply_to=asked["message_id"])
    assert await given(bot) == ["here"]


async def test_a_bare_command_is_given_to_the_bot_that_spoke_last(bot: Bot, anna: Person, group: int) -> None:
    telegram = bot.telegram
    await bot.call("sendMessage", chat_id=group, text="hello")
    await telegram.send_text(anna, group, "/check")
    assert await given(bot) == ["/check"]
    other = telegram.add_person("Other", username="other_bot", is_bot=True)
    telegram.set_member(group, other, "member", by=anna)
    await telegram.send_text(other, group, "me too")
    await telegram.send_text(anna, group, "/check")
    assert await given(bot) == ["service"]


@pytest.mark.parametrize("status", ["administrator", "member"])
async def test_an_administrator_and_a_bot_without_privacy_see_everything(bot: Bot, anna: Person, status: str) -> None:
    group = bot.telegram.add_group("Team", [anna], privacy=status == "administrator", bot=status)
    message_id = await bot.telegram.send_text(anna, group, "hello")
    await bot.telegram.edit_text(anna, group, message_id, "hello there")
    assert await given(bot) == ["hello", "hello there"]


async def test_members_that_come_are_a_service_message_and_the_bot_s_own_coming_a_change(
    bot: Bot, anna: Person, boris: Person
) -> None:
    group = bot.telegram.add_group("Team", [anna], announce=True)
    bot.telegram.set_member(group, boris, "member", by=anna)
    bot.telegram.set_member(group, bot.telegram.bot, "administrator", by=anna)
    updates = await bot.updates()
    assert [next(kind for kind in update if kind != "update_id") for update in updates] == [
        "my_chat_member",
        "message",
        "message",
        "my_chat_member",
    ]
    assert updates[2]["message"]["new_chat_members"] == [boris.as_user()]
    assert updates[3]["my_chat_member"]["new_chat_member"]["status"] == "administrator"


async def test_changes_of_members_are_given_to_an_administrator_that_asked_for_them(
    bot: Bot, anna: Person, boris: Person, group: int
) -> None:
    bot.telegram.set_member(group, bot.telegram.bot, "administrator", by=anna)
    await bot.updates(allowed_updates=["chat_member"])
    bot.telegram.set_member(group, boris, "kicked", by=anna)
    update = (await bot.updates(offset=-1))[0]
    assert update["chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_a_supergroup_numbers_its_messages_from_one_and_shows_threads_of_replies(bot: Bot, anna: Person) -> None:
    group = bot.telegram.add_group("Team", [anna], supergroup=True)
    first = await bot.telegram.send_text(anna, group, "hello")
    assert first == 1
    sent = await bot.call("sendMessage", chat_id=group, text="x", reply_parameters={"message_id": first})
    assert sent["message_thread_id"] == first
    assert "is_topic_message" not in sent
