import json

from sandbox import events
from sandbox.chats import Person
from tests.sandbox.telegram_bot import Bot


async def test_a_stream_goes_on_where_the_last_one_broke(bot: Bot, anna: Person) -> None:
    for text in ("one", "two", "three"):
        await bot.call("sendMessage", chat_id=anna.id, text=text)
    headers = {"Accept": "text/event-stream", "Last-Event-ID": "2"}
    async with bot.http.stream("GET", f"{bot.telegram.url}/sandbox/events?after=0", headers=headers) as stream:
        lines = stream.aiter_lines()
        assert [await anext(lines), await anext(lines)] == ["id: 3", "event: message"]
        assert json.loads((await anext(lines)).removeprefix("data: "))["message"]["text"] == "three"


async def test_a_silent_stream_says_that_it_is_still_there(bot: Bot, anna: Person) -> None:
    events.SILENCE_SECONDS, usual = 0.01, events.SILENCE_SECONDS
    try:
        headers = {"Accept": "text/event-stream"}
        async with bot.http.stream("GET", f"{bot.telegram.url}/sandbox/events", headers=headers) as stream:
            assert await anext(stream.aiter_lines()) == ": still here"
    finally:
        events.SILENCE_SECONDS = usual
