"""Handling what was stored: in order, several chats at once, each update until it has its end."""

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import TelegramServerError
from aiogram.methods import GetMe
from aiogram.types import Message

from bot import lanes, updates
from bot.limits import HeldBackError
from storage.database import DatabaseBrokenError, DatabaseUnavailableError
from storage.updates import Inbox
from tests.bot.door import Door


async def test_one_chat_keeps_its_order_and_others_do_not_wait_for_it(door: Door) -> None:
    boris = door.bench.telegram.add_person("Boris")
    chat_id = door.bench.telegram.private_chat(boris)
    door.waits["1"] = asyncio.Event()
    await door.write("1", "2", "3")
    await door.bench.telegram.send_text(boris, chat_id, "his")
    async with door.open():
        await door.until(lambda: door.seen)
        assert door.seen == ["his"]
        door.waits["1"].set()
        await door.until(lambda: len(door.seen) == 4)
    assert door.seen[1:] == ["1", "2", "3"]


async def test_after_a_restart_what_waits_is_handled_first_and_in_order(door: Door) -> None:
    door.waits["1"] = asyncio.Event()
    await door.write("1", "2", "3")
    async with door.open():
        await door.bench.telegram.wait_for(lambda server: server.updates.confirmed)
        for task in door.updates._lanes._handling:
            task.cancel()
    again = Door(door.bench)
    await again.write("4")
    async with again.open():
        await again.until(lambda: len(again.seen) == 4)
    assert again.seen == ["1", "2", "3", "4"]


async def test_a_chat_that_floods_us_leaves_room_for_others_and_keeps_its_order(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "HELD_AT_MOST", 4)
    monkeypatch.setattr(lanes, "OF_ONE_LANE", 2)
    boris = door.bench.telegram.add_person("Boris")
    chat_id = door.bench.telegram.private_chat(boris)
    flood = [str(at) for at in range(9)]
    door.waits["0"] = asyncio.Event()
    await door.write(*flood)
    await door.bench.telegram.send_text(boris, chat_id, "his")
    async with door.open():
        await door.until(lambda: door.seen)
        assert door.seen == ["his"]
        door.waits["0"].set()
        await door.until(lambda: len(door.seen) == 6)
        await door.write("last")
        await door.until(lambda: len(door.seen) == 11)
        await door.all_done()
    assert door.seen[1:] == [*flood, "last"]


async def test_after_quiet_days_when_old_rows_are_gone_and_their_numbers_come_again_all_is_handled(door: Door) -> None:
    async with door.open():
        await door.write("1", "2", "3")
        await door.until(lambda: len(door.seen) == 3)
        await door.all_done()
        assert await door.bench.store.inbox.purge(door.bench.clock.now() + 1) == 3
        await door.write("4")
        await door.until(lambda: len(door.seen) == 4)
        await door.all_done()
    assert door.seen == ["1", "2", "3", "4"]


async def test_a_database_that_gives_nothing_now_is_asked_again(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, fail = Inbox.waiting, 2

    async def sometimes(self: Inbox, **words: Any) -> Any:
        nonlocal fail
        fail -= 1
        if fail >= 0:
            raise DatabaseUnavailableError("SQLITE_BUSY")
        return await waiting(self, **words)

    monkeypatch.setattr(Inbox, "waiting", sometimes)
    await door.write("1")
    async with door.open():
        await door.until(lambda: door.seen)
    assert door.pauses == [lanes.DATABASE_SECONDS] * 2


async def test_a_stop_waits_for_the_handler_under_way_and_begins_no_other(door: Door) -> None:
    door.waits["1"] = asyncio.Event()
    await door.write("1", "2")
    async with door.open():
        await door.until(lambda: door.begun)
        asyncio.get_running_loop().call_later(0.02, door.waits["1"].set)
    assert door.seen == ["1"]
    assert await door.rows() == [("acted", ""), ("waiting", "")]


async def test_a_stop_cuts_off_a_handler_that_does_not_end(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "DRAIN_SECONDS", 0.01)
    door.waits["1"] = asyncio.Event()
    await door.write("1")
    async with door.open():
        await door.bench.telegram.wait_for(lambda server: server.updates.confirmed)
    assert await door.rows() == [("waiting", "")]


async def test_a_stop_does_not_wait_for_a_pause(door: Door) -> None:
    async def never(seconds: float) -> None:
        if seconds:
            door.noticed.set()
            await asyncio.Event().wait()

    door.updates._lanes._sleep = never
    door.failures["1"] = [HeldBackError(300)]
    await door.write("1")
    async with door.open():
        await door.until(lambda: door.updates._lanes._pausing)
    assert await door.rows() == [("waiting", "")]


async def test_an_update_of_an_unknown_kind_is_put_aside(door: Door) -> None:
    await door.bench.telegram.inject({"something_new": {"chat": {"id": 5}}})
    await door.write("after")
    async with door.open():
        await door.until(lambda: door.seen)
        await door.all_done()
    assert sorted(state for state, _ in await door.rows()) == ["acted", "quarantined"]


async def test_a_strangers_update_ends_as_refused(door: Door) -> None:
    await door.write("stranger")
    async with door.open():
        await door.until(lambda: door.seen)
        await door.all_done()
    assert await door.rows() == [("refused", "")]


async def test_the_limits_make_a_handler_wait_as_long_as_they_say_however_often(door: Door) -> None:
    door.failures["1"] = [HeldBackError(40) for _ in range(30)]
    await door.write("1")
    async with door.open():
        await door.until(lambda: door.seen)
        await door.all_done()
    assert door.pauses == [40.0] * 30
    assert await door.rows() == [("acted", "")]


@pytest.mark.parametrize("fault", ["bad_gateway", "cut_before", "server_error"])
async def test_a_handler_whose_answer_does_not_get_through_runs_again(door: Door, fault: str) -> None:
    bot = door.bench.bot

    async def say(message: Message) -> None:
        await bot.send_message(message.chat.id, "hello")
        door.seen.append("said")
        door.noticed.set()

    door.updates._lanes._dispatcher.message.handlers.clear()
    door.updates._lanes._dispatcher.message.register(say)
    door.bench.faults.arm(fault, times=3, method="sendMessage")
    await door.write("1")
    async with door.open():
        await door.until(lambda: door.seen)
    assert door.pauses == [1.0, 2.0, 4.0]


async def test_a_handler_that_never_gets_through_is_put_aside_and_others_go_on(door: Door) -> None:
    door.failures["1"] = [TelegramServerError(GetMe(), "no") for _ in range(99)]
    await door.write("1", "2")
    async with door.open():
        await door.until(lambda: door.seen)
        await door.all_done()
    assert door.seen == ["2"]
    assert (await door.rows())[0][0] == "quarantined"
    assert len(door.pauses) == lanes.TRIES - 1


async def test_a_handler_with_a_bug_is_put_aside_and_others_go_on(door: Door) -> None:
    door.failures["1"] = [RuntimeError("a bug")]
    await door.write("1", "2")
    async with door.open():
        await door.until(lambda: door.seen)
        await door.all_done()
    assert [state for state, _ in await door.rows()] == ["quarantined", "acted"]


async def test_an_end_that_cannot_be_stored_does_not_make_the_handler_run_again(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish, fail = Inbox.finish, 2

    async def sometimes(self: Inbox, *arguments: Any) -> None:
        nonlocal fail
        fail -= 1
        if fail >= 0:
            raise DatabaseUnavailableError("SQLITE_BUSY")
        await finish(self, *arguments)

    monkeypatch.setattr(Inbox, "finish", sometimes)
    await door.write("1")
    async with door.open():
        await door.until(lambda: len(door.pauses) == 2)
        await door.all_done()
    assert door.seen == ["1"]
    assert await door.rows() == [("acted", "")]


async def test_a_damaged_database_is_no_failure_of_an_update(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    door.failures["1"] = [DatabaseBrokenError("SQLITE_CORRUPT")]
    await door.write("1")
    with pytest.raises(ExceptionGroup) as raised:
        async with asyncio.timeout(60), door.open():
            await asyncio.Event().wait()
    assert raised.group_contains(DatabaseBrokenError)
    assert await door.rows() == [("waiting", "")]
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []
