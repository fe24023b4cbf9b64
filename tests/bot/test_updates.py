"""The entrance: stored before it is confirmed, whatever comes and however Telegram answers."""

import asyncio
from functools import partial
from typing import Any

import pytest

from bot import lanes, updates
from bot.updates import GetRawUpdates
from storage.database import DatabaseUnavailableError
from storage.updates import Inbox, Incoming
from tests.bot.door import Door


async def test_an_update_is_stored_before_it_is_confirmed(door: Door) -> None:
    door.waits["slow"] = asyncio.Event()
    await door.write("slow")
    async with door.open():
        await door.bench.telegram.wait_for(lambda server: server.updates.confirmed)
        assert await door.rows() == [("waiting", "")]
        door.waits["slow"].set()
        await door.all_done()
    assert await door.rows() == [("acted", "")]


async def test_what_the_database_did_not_take_is_not_confirmed(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    store, fail = Inbox.store, 3

    async def sometimes(self: Inbox, *arguments: Any) -> Any:
        nonlocal fail
        fail -= 1
        if fail >= 0:
            assert door.bench.telegram.updates.confirmed == []
            raise DatabaseUnavailableError("SQLITE_FULL")
        return await store(self, *arguments)

    monkeypatch.setattr(Inbox, "store", sometimes)
    await door.write("hello")
    async with door.open():
        await door.until(lambda: door.seen)
    assert door.pauses == [1.0, 2.0, 4.0]


async def test_a_bad_update_is_put_aside_alone(door: Door) -> None:
    door.bench.faults.arm("bad_update")
    await door.write("before")
    await door.write("after")
    async with door.open():
        await door.until(lambda: len(door.seen) == 2)
        await door.all_done()
    assert door.seen == ["before", "after"]
    assert sorted(state for state, _ in await door.rows()) == ["acted", "acted", "quarantined"]


async def test_a_rule_that_stumbles_over_an_update_puts_it_aside_alone(door: Door) -> None:
    def stumble(raw: dict[str, Any]) -> bool:
        return bool(raw["message"]["text"])

    door.meant = stumble
    await door.bench.telegram.inject({"message": 7})
    await door.write("after")
    async with door.open():
        await door.until(lambda: door.seen)
        await door.bench.telegram.wait_for(lambda server: server.updates.confirmed)
    assert sorted(state for state, _ in await door.rows()) == ["acted", "quarantined"]


async def test_what_is_not_meant_for_us_is_not_stored(door: Door) -> None:
    door.meant = lambda raw: raw["message"]["text"] != "private talk"
    await door.write("private talk", "for us")
    async with door.open():
        await door.until(lambda: door.seen)
        await door.all_done()
    assert door.seen == ["for us"]
    assert len(await door.rows()) == 1


@pytest.mark.parametrize(
    "broken", [{"message": {}}, {"update_id": -7, "message": {}}, {"update_id": "x"}, "words", None]
)
async def test_a_batch_with_a_broken_element_still_gives_the_others(door: Door, broken: Any) -> None:
    await door.write("good")
    first = door.bench.telegram.updates.first

    def with_broken(limit: int) -> list[Any]:
        found: list[Any] = first(limit)
        return [broken, *found] if found else []

    door.bench.telegram.updates.first = with_broken  # type: ignore[method-assign]
    async with door.open():
        await door.until(lambda: door.seen)
        await door.bench.telegram.wait_for(lambda server: server.updates.confirmed)
    assert sorted(state for state, _ in await door.rows()) == ["acted", "quarantined"]


async def test_broken_elements_alone_do_not_make_it_spin(door: Door) -> None:
    def only_broken(limit: int) -> list[Any]:
        return ["words"]

    door.bench.telegram.updates.first = only_broken  # type: ignore[method-assign]
    async with door.open():
        await door.until(lambda: len(door.pauses) >= 7)
    assert door.pauses[:7] == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    assert await door.rows() == [("quarantined", "it is no update")]


async def test_update_ids_that_begin_anew_below_are_not_missed(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "GetRawUpdates", partial(GetRawUpdates, timeout=0))
    telegram = door.bench.telegram
    async with door.open():
        await door.write("high")
        await door.until(lambda: door.seen)
        confirming = len(telegram.calls)
        await telegram.wait_for(lambda server: len(server.calls) > confirming + 2 or None)
        assert "offset" not in telegram.calls[-1].params
        telegram.updates.next_id = 5
        await door.write("low")
        await door.until(lambda: len(door.seen) == 2)


async def test_the_same_thing_told_twice_is_handled_once(door: Door) -> None:
    door.bench.faults.arm("duplicate_update")
    await door.write("once", "next")
    async with door.open():
        await door.until(lambda: len(door.seen) >= 2)
        await door.all_done()
    assert door.seen == ["once", "next"]


async def test_all_is_stored_however_much_waits_to_be_handled(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "HELD_AT_MOST", 2)
    door.waits["1"] = asyncio.Event()
    await door.bench.store.inbox.store(
        [Incoming(f"k{at}", at, {"update_id": at, "message": _message(at, "1")}) for at in (1, 2)], 0.0
    )
    await door.write("3", "4", "5")
    async with door.open():
        await door.bench.telegram.wait_for(lambda server: len(server.updates.confirmed) == 3)
        assert len(await door.rows()) == 5
        assert door.updates._lanes._held == 2
        door.waits["1"].set()
        await door.all_done()
    assert door.seen == ["1", "1", "3", "4", "5"]


def _message(at: int, text: str) -> dict[str, Any]:
    return {"message_id": at, "date": 1, "chat": {"id": at, "type": "private"}, "text": text}


async def test_another_poller_is_no_trouble_at_first_and_trouble_after_a_minute(door: Door) -> None:
    door.bench.faults.arm("conflict", times=25)
    troubles: list[tuple[float, bool]] = []
    began = door.bench.clock.now()
    sleep = door._sleep

    async def look(seconds: float) -> None:
        troubles.append((door.bench.clock.now() - began, door.updates.trouble is not None))
        await sleep(seconds)

    door.updates._sleep = look
    async with door.open():
        await door.until(lambda: len(door.pauses) >= 25)
        assert door.updates.trouble is not None
        door.bench.clock.advance(10)
        await door.write("hello")
        await door.until(lambda: door.seen)
        assert door.updates.trouble is None
    assert all(there is (at > 60) for at, there in troubles[1:26])


async def test_a_revoked_token_is_trouble_at_once_and_it_keeps_asking(door: Door) -> None:
    door.bench.faults.arm("unauthorized", times=3, method="getUpdates")
    await door.write("hello")
    async with door.open():
        await door.until(lambda: door.pauses)
        assert door.updates.trouble is not None
        await door.until(lambda: door.seen)
        assert door.updates.trouble is None
    assert door.pauses == [60.0, 60.0, 60.0]


@pytest.mark.parametrize("fault", ["bad_gateway", "server_error", "not_json", "cut_before", "flood_bare"])
async def test_no_usable_answer_is_asked_for_again_ever_more_rarely(door: Door, fault: str) -> None:
    door.bench.faults.arm(fault, times=7, method="getUpdates")
    await door.write("hello")
    async with door.open():
        await door.until(lambda: door.seen)
    assert door.pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


async def test_a_flood_limit_on_asking_is_obeyed(door: Door) -> None:
    door.bench.faults.arm("flood", method="getUpdates", seconds=17)
    await door.write("hello")
    async with door.open():
        await door.until(lambda: door.seen)
    assert door.pauses == [17.0]


async def test_another_poller_is_no_trouble_for_longer_because_the_clock_was_set_back(door: Door) -> None:
    steady = door.bench.clock.now
    door.updates._clock = lambda: 0.0
    door.bench.faults.arm("conflict", times=25)
    async with door.open():
        await door.until(lambda: len(door.pauses) >= 25)
        assert door.updates.trouble is not None
        assert steady() > 0
        door.bench.clock.advance(10)
        await door.write("hello")
        await door.until(lambda: door.seen)
        assert door.updates.trouble is None
