from sandbox.chats import Person
from sandbox.telegram_api import TelegramServer
from tests.sandbox.telegram_bot import TOKEN, Bot


async def sends(bot: Bot, chat_id: int, times: int) -> list[int]:
    """Send so many times; give how long the bot was told to wait at each refusal."""
    waits = []
    for _ in range(times):
        body = (await bot.send("sendMessage", chat_id=chat_id, text="x")).json()
        if not body["ok"]:
            assert body["error_code"] == 429
            assert body["description"] == f"Too Many Requests: retry after {body['parameters']['retry_after']}"
            waits.append(body["parameters"]["retry_after"])
    return waits


async def test_a_short_burst_passes_in_a_private_chat_and_then_one_a_second(bot: Bot, anna: Person) -> None:
    assert await sends(bot, anna.id, 5) == []
    assert await sends(bot, anna.id, 1) == [5]
    bot.telegram.clock.advance(4)
    assert await sends(bot, anna.id, 1) == [1]
    bot.telegram.clock.advance(1)
    assert await sends(bot, anna.id, 1) == []


async def test_a_second_between_messages_is_slow_enough(bot: Bot, anna: Person) -> None:
    for _ in range(20):
        assert await sends(bot, anna.id, 1) == []
        bot.telegram.clock.advance(1)


async def test_a_group_takes_20_a_minute(bot: Bot, anna: Person) -> None:
    group = bot.telegram.add_group("Team", [anna])
    for _ in range(20):
        assert await sends(bot, group, 1) == []
        bot.telegram.clock.advance(1)
    assert await sends(bot, group, 2) == [40, 40]
    assert await sends(bot, anna.id, 1) == []
    bot.telegram.clock.advance(40)
    assert await sends(bot, group, 1) == []


async def test_a_group_takes_no_larger_burst_than_any_chat(bot: Bot, anna: Person) -> None:
    group = bot.telegram.add_group("Team", [anna])
    assert await sends(bot, group, 5) == []
    assert await sends(bot, group, 1) == [5]
    bot.telegram.clock.advance(5)
    assert await sends(bot, group, 5) == []


async def test_all_chats_together_take_30_a_second(bot: Bot) -> None:
    chats = [bot.telegram.private_chat(bot.telegram.add_person(f"Person {number}")) for number in range(31)]
    assert [await sends(bot, chat_id, 1) for chat_id in chats] == [[]] * 30 + [[1]]


async def test_edits_count_and_answers_and_questions_do_not(bot: Bot, anna: Person) -> None:
    sent = await bot.call("sendMessage", chat_id=anna.id, text="0")
    for number in range(1, 5):
        await bot.call("editMessageText", chat_id=anna.id, message_id=sent["message_id"], text=str(number))
    for _ in range(10):
        await bot.call("getChat", chat_id=anna.id)
        await bot.call("sendChatAction", chat_id=anna.id, action="typing")
        await bot.updates()
    place = {"chat_id": anna.id, "message_id": sent["message_id"]}
    assert "retry after" in await bot.refusal("editMessageText", **place, text="5")
    assert "not modified" in await bot.refusal("editMessageText", **place, text="4")


async def test_the_limits_can_be_switched_off(bot: Bot) -> None:
    async with TelegramServer(TOKEN, flood_limits=False) as telegram:
        anna = telegram.add_person("Anna")
        telegram.private_chat(anna)
        assert await sends(Bot(telegram, bot.http), anna.id, 40) == []
