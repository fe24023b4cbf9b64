import pytest

from sandbox.chats import Person
from sandbox.people import NotPossibleError
from tests.sandbox.telegram_bot import Bot

CHECK = "/check@number_check_bot"


async def test_the_group_signs_for_its_anonymous_admin(bot: Bot, anna: Person) -> None:
    group = bot.telegram.add_group("Team", [anna], supergroup=True, bot="administrator")
    boris = bot.telegram.add_person("Boris")
    bot.telegram.set_member(group, boris, "administrator", by=anna, is_anonymous=True)
    await bot.telegram.send_text(boris, group, CHECK)
    message = (await bot.updates())[-1]["message"]
    assert (message["from"]["id"], message["from"]["username"]) == (1087968824, "GroupAnonymousBot")
    assert (message["sender_chat"]["id"], message["sender_chat"]["title"]) == (group, "Team")
    told = await bot.call("getChatMember", chat_id=group, user_id=boris.id)
    assert (told["status"], told["is_anonymous"]) == ("administrator", True)

    bot.telegram.set_member(group, boris, "member", by=anna, is_anonymous=True)
    await bot.telegram.send_text(boris, group, CHECK)
    message = (await bot.updates())[-1]["message"]
    assert (message["from"]["id"], "sender_chat" in message) == (boris.id, False)


async def test_an_anonymous_admin_presses_in_their_own_name(bot: Bot, anna: Person) -> None:
    group = bot.telegram.add_group("Team", [anna], supergroup=True)
    bot.telegram.set_member(group, anna, "creator", is_anonymous=True)
    sent = await bot.call("sendMessage", chat_id=group, text="hello")
    await bot.telegram.forge(anna, group, sent["message_id"], "any thing")
    assert (await bot.updates())[-1]["callback_query"]["from"]["id"] == anna.id


async def test_a_channel_signs_for_its_owner_only(bot: Bot, anna: Person) -> None:
    boris = bot.telegram.add_person("Boris")
    group = bot.telegram.add_group("Team", [anna, boris], supergroup=True)
    channel = bot.telegram.add_group("News", [anna], channel=True, bot=None)
    await bot.telegram.send_text(anna, group, CHECK, as_channel=channel)
    message = (await bot.updates())[-1]["message"]
    assert (message["from"]["id"], message["sender_chat"]["id"]) == (136817688, channel)
    with pytest.raises(NotPossibleError, match="channel"):
        await bot.telegram.send_text(boris, group, CHECK, as_channel=channel)


async def test_what_a_channel_posts_comes_to_its_group_by_itself(bot: Bot, anna: Person) -> None:
    group = bot.telegram.add_group("Talk", [anna], supergroup=True, privacy=False)
    channel = bot.telegram.add_group("News", [anna], channel=True, bot=None)
    bot.telegram.discuss(channel, group)
    post = await bot.telegram.send_document(anna, channel, "list.txt", b"+79123456789")
    message = (await bot.updates())[-1]["message"]
    assert (message["chat"]["id"], message["from"]["id"], message["sender_chat"]["id"]) == (group, 777000, channel)
    assert message["is_automatic_forward"] is True
    origin = message["forward_origin"]
    assert (origin["type"], origin["chat"]["id"], origin["message_id"]) == ("channel", channel, post)


async def test_a_forward_names_its_first_author(bot: Bot, anna: Person) -> None:
    boris = bot.telegram.add_person("Boris")
    group = bot.telegram.add_group("Team", [anna, boris], supergroup=True)
    bot.telegram.set_member(group, boris, "administrator", by=anna, is_anonymous=True)
    channel = bot.telegram.add_group("News", [anna], channel=True, bot=None)
    post = await bot.telegram.send_document(anna, channel, "list.txt", b"+79123456789", as_channel=None)
    once = await bot.telegram.forward(anna, channel, post, group)
    said = await bot.telegram.send_text(boris, group, "hello")
    for message_id in (once, said):
        await bot.telegram.forward(anna, group, message_id, anna.id)
    first, second = (one["message"]["forward_origin"] for one in (await bot.updates())[-2:])
    assert (first["type"], first["chat"]["id"]) == ("channel", channel)
    assert (second["type"], second["sender_chat"]["id"]) == ("chat", group)
    assert bot.telegram.messages(anna.id)[0].data == b"+79123456789"
    with pytest.raises(NotPossibleError, match="forward"):
        await bot.telegram.forward(anna, group, 999, anna.id)


async def test_a_link_starts_the_bot_with_its_payload(bot: Bot) -> None:
    vera = bot.telegram.add_person("Vera")
    refusal = await bot.refusal("sendMessage", chat_id=vera.id, text="hello")
    assert refusal == "Forbidden: bot can't initiate conversation with a user"
    await bot.telegram.open_link(vera, "https://t.me/number_check_bot?start=result_abc-1")
    assert (await bot.updates())[-1]["message"]["text"] == "/start result_abc-1"
    await bot.call("sendMessage", chat_id=vera.id, text="hello")
    for url in ("https://t.me/other_bot?start=a", "https://t.me/number_check_bot?start=a%20b", "https://example.org"):
        with pytest.raises(NotPossibleError, match="nowhere"):
            await bot.telegram.open_link(vera, url)
