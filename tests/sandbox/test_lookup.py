import pytest

from sandbox.chats import Person
from tests.sandbox.telegram_bot import Bot


@pytest.fixture
def group(bot: Bot, anna: Person) -> int:
    return bot.telegram.add_group("Team", [anna, bot.telegram.add_person("Boris", id=77)])


async def test_the_bot_knows_itself(bot: Bot) -> None:
    me = await bot.call("getMe")
    assert (me["id"], me["is_bot"], me["username"]) == (42, True, "number_check_bot")
    assert await bot.call("logOut") is True
    assert await bot.call("close") is True


async def test_a_chat_tells_its_name_and_its_members(bot: Bot, anna: Person, group: int) -> None:
    assert (await bot.call("getChat", chat_id=group))["title"] == "Team"
    assert (await bot.call("getChat", chat_id=anna.id))["first_name"] == "Anna"
    assert await bot.call("getChatMemberCount", chat_id=group) == 3
    (creator,) = await bot.call("getChatAdministrators", chat_id=group)
    assert (creator["status"], creator["user"]["id"]) == ("creator", anna.id)
    assert "no administrators" in await bot.refusal("getChatAdministrators", chat_id=anna.id)


async def test_other_bots_among_the_administrators_are_named_when_asked_for(bot: Bot, anna: Person, group: int) -> None:
    other = bot.telegram.add_person("Other", is_bot=True)
    bot.telegram.set_member(group, other, "administrator", by=anna)
    assert len(await bot.call("getChatAdministrators", chat_id=group)) == 1
    assert len(await bot.call("getChatAdministrators", chat_id=group, return_bots=True)) == 2


async def test_ordinary_members_are_told_to_an_administrator_only(bot: Bot, anna: Person, group: int) -> None:
    assert (await bot.call("getChatMember", chat_id=group, user_id=anna.id))["status"] == "creator"
    assert (await bot.call("getChatMember", chat_id=group, user_id=42))["status"] == "member"
    assert await bot.refusal("getChatMember", chat_id=group, user_id=77) == "Bad Request: CHAT_ADMIN_REQUIRED"
    bot.telegram.set_member(group, bot.telegram.bot, "administrator", by=anna)
    assert (await bot.call("getChatMember", chat_id=group, user_id=77))["status"] == "member"
    stranger = bot.telegram.add_person("Vera")
    assert (await bot.call("getChatMember", chat_id=group, user_id=stranger.id))["status"] == "left"
    assert "user_id" in await bot.refusal("getChatMember", chat_id=group, user_id=1)
    assert "private" in await bot.refusal("getChatMember", chat_id=anna.id, user_id=anna.id)


async def test_a_bot_that_left_is_out(bot: Bot, anna: Person, group: int) -> None:
    assert await bot.call("leaveChat", chat_id=group) is True
    assert await bot.refusal("getChat", chat_id=group) == "Forbidden: bot is not a member of the group chat"
    assert "private" in await bot.refusal("leaveChat", chat_id=anna.id)
