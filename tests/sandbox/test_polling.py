import asyncio

import httpx
import pytest

from sandbox.chats import Person
from sandbox.telegram_api import TelegramServer
from tests.sandbox.telegram_bot import TOKEN, Bot


async def texts(bot: Bot, **parameters: object) -> list[str]:
    return [update["message"]["text"] for update in await bot.updates(**parameters)]


@pytest.fixture
async def three(telegram: TelegramServer, anna: Person) -> list[int]:
    for text in ("one", "two", "three"):
        await telegram.send_text(anna, anna.id, text)
    return [waiting.update_id for waiting in telegram.updates.waiting]


async def test_updates_are_given_again_until_an_offset_confirms_them(bot: Bot, three: list[int]) -> None:
    assert await texts(bot) == ["one", "two", "three"]
    assert await texts(bot) == ["one", "two", "three"]
    assert await texts(bot, offset=three[1]) == ["two", "three"]
    assert await texts(bot, offset=three[0]) == ["two", "three"]
    assert [update["update_id"] for update in bot.telegram.updates.confirmed] == [three[0]]


async def test_a_limit_gives_the_oldest(bot: Bot, three: list[int]) -> None:
    assert await texts(bot, limit=2) == ["one", "two"]


async def test_a_negative_offset_forgets_all_but_the_last(bot: Bot, three: list[int]) -> None:
    assert await texts(bot, offset=-1) == ["three"]
    assert await texts(bot) == ["three"]


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 101}, {"timeout": -1}, {"timeout": 51}])
async def test_limits_that_telegram_would_bend_are_refused(bot: Bot, wrong: dict[str, int]) -> None:
    assert (await bot.refusal("getUpdates", **wrong)).startswith(f'Bad Request: parameter "{next(iter(wrong))}"')


async def test_a_long_poll_ends_when_an_update_comes(bot: Bot, anna: Person) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(texts(bot, timeout=50))
        await bot.telegram.wait_for(lambda server: server.polling)
        await bot.telegram.send_text(anna, anna.id, "at last")
    assert poll.result() == ["at last"]
    assert not bot.telegram.polling


async def test_a_second_poller_ends_the_first(bot: Bot) -> None:
    async with asyncio.TaskGroup() as group:
        first = group.create_task(bot.refusal("getUpdates", timeout=50))
        await bot.telegram.wait_for(lambda server: server.polling)
        assert await bot.updates() == []
    sentence = "terminated by other getUpdates request; make sure that only one bot instance is running"
    assert first.result() == f"Conflict: {sentence}"


async def test_a_poller_that_is_killed_leaves_its_updates_to_the_next(bot: Bot, anna: Person) -> None:
    with pytest.raises(httpx.ReadTimeout):
        await bot.http.get(f"{bot.telegram.url}/bot{TOKEN}/getUpdates?timeout=50", timeout=0.05)
    await bot.telegram.wait_for(lambda server: not server.polling)
    await bot.telegram.send_text(anna, anna.id, "anybody?")
    assert await texts(bot) == ["anybody?"]


async def test_updates_vanish_after_a_day(bot: Bot, three: list[int], anna: Person) -> None:
    bot.telegram.clock.advance(24 * 3600 + 1)
    await bot.telegram.send_text(anna, anna.id, "four")
    assert await texts(bot) == ["four"]
    assert len(bot.telegram.updates.expired) == 3
    assert bot.telegram.updates.confirmed == []


async def test_allowed_updates_are_remembered_and_hold_for_what_comes_later(bot: Bot, anna: Person) -> None:
    await bot.telegram.send_text(anna, anna.id, "before")
    await bot.updates(allowed_updates=["callback_query"])
    await bot.telegram.send_text(anna, anna.id, "after")
    assert await texts(bot) == ["before"]
    await bot.updates(allowed_updates=[])
    await bot.telegram.send_text(anna, anna.id, "again")
    assert await texts(bot) == ["before", "again"]
    assert "letter" in await bot.refusal("getUpdates", allowed_updates=["letter"])


async def test_an_injected_update_comes_as_it_is(bot: Bot) -> None:
    update_id = await bot.telegram.inject({"message": {"odd": True}})
    assert await bot.updates() == [{"update_id": update_id, "message": {"odd": True}}]


async def test_a_webhook_stands_in_the_way_until_it_is_deleted(bot: Bot, three: list[int]) -> None:
    assert "HTTPS" in await bot.refusal("setWebhook", url="http://example.org")
    await bot.call("setWebhook", url="https://example.org/hook", allowed_updates=["message"])
    assert (await bot.refusal("getUpdates")).startswith("Conflict: can't use getUpdates method while webhook is active")
    info = await bot.call("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == ("https://example.org/hook", 3)
    assert info["allowed_updates"] == ["message"]
    await bot.call("deleteWebhook")
    assert await texts(bot) == ["one", "two", "three"]
    await bot.call("deleteWebhook", drop_pending_updates=True)
    assert await bot.updates() == []
    assert bot.telegram.updates.confirmed == []
