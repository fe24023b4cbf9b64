import asyncio

from bot.recent import Recent


async def test_in_a_crowd_one_asks_for_all_and_later_anew() -> None:
    asked, now = [0], [100.0]

    async def ask() -> int:
        asked[0] += 1
        await asyncio.sleep(0)
        return asked[0]

    recent = Recent(ask, 10.0, lambda: now[0])
    assert await asyncio.gather(*(recent.get() for _ in range(50))) == [1] * 50
    now[0] = 109.9
    assert await recent.get() == 1
    now[0] = 110.0
    assert await recent.get() == 2
    now[0] = 50.0  # the clock was set back
    assert await recent.get() == 3
