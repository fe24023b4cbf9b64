import pytest

from sandbox.chats import Person
from sandbox.people import NotPossibleError
from tests.sandbox.telegram_bot import Bot


def test_kinds_of_chats_have_their_kinds_of_ids(bot: Bot, anna: Person) -> None:
    telegram = bot.telegram
    assert telegram.private_chat(anna) == anna.id > 0
    group = telegram.add_group("Team", [anna])
    assert -(10**12) < group < 0
    assert telegram.add_group("Team", [anna], supergroup=True) < -(10**12)
    assert telegram.add_group("Team", [anna], forum=True) < -(10**12)
    assert telegram.add_group("Team", [anna], channel=True) < -(10**12)


def test_the_first_member_is_the_creator(bot: Bot, anna: Person) -> None:
    boris = bot.telegram.add_person("Boris")
    group = bot.telegram.add_group("Team", [anna, boris], bot=None)
    chat = bot.telegram.state.chats[group]
    assert [chat.status_of(one.id) for one in (anna, boris, bot.telegram.bot)] == ["creator", "member", "left"]


async def test_a_topic_is_opened_by_a_service_message(bot: Bot, anna: Person) -> None:
    forum = bot.telegram.add_group("Team", [anna], forum=True)
    thread_id = bot.telegram.add_topic(anna, forum, "Lists")
    (update,) = await bot.updates()
    assert update["message"]["forum_topic_created"]["name"] == "Lists"
    assert update["message"]["message_thread_id"] == thread_id
    await bot.telegram.send_text(anna, forum, "/check@number_check_bot", thread_id=thread_id)
    message = (await bot.updates(offset=-1))[0]["message"]
    assert (message["message_thread_id"], message["is_topic_message"]) == (thread_id, True)


def test_only_a_forum_has_topics_and_only_a_group_is_upgraded_once(bot: Bot, anna: Person) -> None:
    group = bot.telegram.add_group("Team", [anna])
    with pytest.raises(NotPossibleError, match="forum"):
        bot.telegram.add_topic(anna, group, "Lists")
    new = bot.telegram.migrate(group)
    for chat_id in (group, new):
        with pytest.raises(NotPossibleError, match="supergroup"):
            bot.telegram.migrate(chat_id)


async def test_nobody_writes_into_a_group_that_was_upgraded(bot: Bot, anna: Person) -> None:
    group = bot.telegram.add_group("Team", [anna])
    bot.telegram.migrate(group)
    with pytest.raises(NotPossibleError):
        await bot.telegram.send_text(anna, group, "hello")


async def test_a_group_hears_who_comes_and_who_is_gone(bot: Bot, anna: Person) -> None:
    boris = bot.telegram.add_person("Boris")
    group = bot.telegram.add_group("Team", [anna])
    for status in ("member", "administrator", "left", "kicked"):
        bot.telegram.set_member(group, boris, status, by=anna)
    said = [update["message"] for update in await bot.updates()]
    assert [[word for word in one if word.endswith(("members", "member"))] for one in said] == [
        ["new_chat_members"],
        ["left_chat_member"],
    ]


async def test_a_group_that_is_deleted_cannot_be_written_to(bot: Bot, anna: Person) -> None:
    group = bot.telegram.add_group("Team", [anna])
    bot.telegram.delete_group(group)
    (update,) = await bot.updates()
    assert update["my_chat_member"]["new_chat_member"]["status"] == "left"
    assert await bot.refusal("sendMessage", chat_id=group, text="x") == "Forbidden: the group chat was deleted"
    with pytest.raises(NotPossibleError):
        await bot.telegram.send_text(anna, group, "hello")


async def test_nobody_writes_into_a_closed_topic_but_admins_nor_where_they_are_muted(bot: Bot, anna: Person) -> None:
    boris = bot.telegram.add_person("Boris")
    forum = bot.telegram.add_group("Team", [anna, boris], forum=True)
    thread_id = bot.telegram.add_topic(anna, forum, "Lists")
    bot.telegram.close_topic(forum, thread_id)
    await bot.telegram.send_text(anna, forum, "hello", thread_id=thread_id)
    with pytest.raises(NotPossibleError, match="closed"):
        await bot.telegram.send_text(boris, forum, "hello", thread_id=thread_id)
    bot.telegram.close_topic(forum, thread_id, closed=False)
    await bot.telegram.send_text(boris, forum, "hello", thread_id=thread_id)
    said = [update["message"] for update in await bot.updates()]
    assert [word for one in said for word in one if word.startswith("forum")] == [
        "forum_topic_created",
        "forum_topic_closed",
        "forum_topic_reopened",
    ]
    bot.telegram.set_member(forum, boris, "restricted", by=anna)
    with pytest.raises(NotPossibleError, match="may not write"):
        await bot.telegram.send_text(boris, forum, "hello")
