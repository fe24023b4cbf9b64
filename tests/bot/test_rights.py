"""Who is what in a chat: asked where it matters, believed for minutes, never given where Telegram does not say."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.limits import Limits
from bot.rights import BELIEVED_SECONDS, FAILED_SECONDS, OutOfReachError, Rights
from bot.telegram import open_bot
from sandbox.chats import Person
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.telegram_api import TelegramServer
from tests.bot.bench import NO_LIMITS, TOKEN

METHODS = ("getChatMember", "getChatAdministrators")


class World:
    """A group of Ada, its owner, and Boris; Eve is not in it."""

    def __init__(self, telegram: TelegramServer, rights: Rights, clock: Clock) -> None:
        self.telegram, self.rights, self.clock = telegram, rights, clock
        self.ada, self.boris, self.eve = (telegram.add_person(name) for name in ("Ada", "Boris", "Eve"))
        self.chat_id = telegram.add_group("Team", [self.ada, self.boris], supergroup=True, bot="administrator")

    def stand(self, person: Person, status: str, **rights: Any) -> None:
        self.telegram.set_member(self.chat_id, person, status, **rights)

    def demote_us(self) -> None:
        self.stand(self.telegram.state.bot, "member")

    async def is_member(self, person: Person) -> bool:
        return await self.rights.is_member(self.chat_id, person.id)

    async def is_admin(self, person: Person) -> bool:
        return await self.rights.is_admin(self.chat_id, person.id)

    @property
    def asked(self) -> int:
        return sum(len(self.telegram.calls_of(method)) for method in METHODS)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock, faults = Clock(speed=0), Faults()
    limits = Limits(private=NO_LIMITS, group=NO_LIMITS, everything=NO_LIMITS)
    telegram = TelegramServer(TOKEN, faults, flood_limits=False, clock=clock)
    async with telegram, open_bot(TOKEN, telegram.url, limits) as bot:
        yield World(telegram, Rights(bot, clock.now), clock)


async def test_members_and_admins_are_told_apart_from_everybody_else(world: World) -> None:
    assert [await world.is_member(one) for one in (world.ada, world.boris, world.eve)] == [True, True, False]
    assert [await world.is_admin(one) for one in (world.ada, world.boris, world.eve)] == [True, False, False]


@pytest.mark.parametrize(
    ("status", "rights", "is_in"),
    [
        ("left", {}, False),
        ("kicked", {}, False),
        ("restricted", {"is_member": True, "can_send_messages": False}, True),
        ("restricted", {"is_member": False}, False),
        ("administrator", {}, True),
        ("member", {}, True),
    ],
)
async def test_every_standing_is_understood(world: World, status: str, rights: dict[str, Any], is_in: object) -> None:
    world.stand(world.boris, status, **rights)
    assert await world.is_member(world.boris) is is_in
    assert await world.is_admin(world.boris) is (status == "administrator")


async def test_an_answer_is_believed_for_minutes_and_then_asked_for_again(world: World) -> None:
    assert await world.is_member(world.boris)
    world.stand(world.boris, "kicked")
    world.clock.advance(BELIEVED_SECONDS - 1)
    assert await world.is_member(world.boris)
    assert world.asked == 1
    world.clock.advance(2)
    assert not await world.is_member(world.boris)


async def test_what_telegram_tells_of_its_own_accord_is_believed_at_once(world: World) -> None:
    assert await world.is_member(world.boris)
    assert await world.is_admin(world.ada)
    world.stand(world.boris, "kicked")
    world.stand(world.ada, "member")
    world.rights.forget(world.chat_id)
    assert not await world.is_member(world.boris)
    assert not await world.is_admin(world.ada)


async def test_one_group_is_forgotten_and_no_other(world: World) -> None:
    assert await world.is_member(world.boris)
    world.rights.saw(world.chat_id, world.boris.id)
    world.rights.forget(world.chat_id - 1)
    assert await world.is_member(world.boris)
    assert world.asked == 1


async def test_in_a_private_chat_there_is_one_member_and_no_admin_and_telegram_is_not_asked(world: World) -> None:
    assert await world.rights.is_member(world.eve.id, world.eve.id)
    assert not await world.rights.is_member(world.eve.id, world.ada.id)
    assert not await world.rights.is_admin(world.eve.id, world.eve.id)
    assert world.asked == 0


async def test_where_telegram_does_not_say_nobody_but_an_admin_is_a_member(world: World) -> None:
    world.demote_us()
    assert [await world.is_member(one) for one in (world.ada, world.boris, world.eve)] == [True, False, False]
    assert await world.is_admin(world.ada)


async def test_who_spoke_there_minutes_ago_is_a_member_and_a_little_later_not(world: World) -> None:
    world.demote_us()
    world.rights.saw(world.chat_id, world.boris.id, ago=60)
    assert await world.is_member(world.boris)
    assert not await world.is_admin(world.boris)
    assert not await world.is_member(world.eve)
    world.clock.advance(BELIEVED_SECONDS - 61)
    assert await world.is_member(world.boris)
    world.clock.advance(2)
    assert not await world.is_member(world.boris)


async def test_what_was_said_there_long_ago_proves_nothing(world: World) -> None:
    world.demote_us()
    world.rights.saw(world.chat_id, world.boris.id, ago=BELIEVED_SECONDS)
    assert not await world.is_member(world.boris)


async def test_a_clear_answer_counts_more_than_what_was_said_there(world: World) -> None:
    world.rights.saw(world.chat_id, world.boris.id)
    world.stand(world.boris, "kicked")
    assert not await world.is_member(world.boris)


async def test_somebody_who_comes_back_and_speaks_is_asked_about_at_once(world: World) -> None:
    world.stand(world.boris, "left")
    assert not await world.is_member(world.boris)
    world.stand(world.boris, "member")
    world.rights.saw(world.chat_id, world.boris.id)
    assert await world.is_member(world.boris)


async def test_what_was_said_in_private_makes_nobody_a_member(world: World) -> None:
    world.rights.saw(world.ada.id, world.eve.id)
    assert not await world.rights.is_member(world.ada.id, world.eve.id)


@pytest.mark.parametrize("fault", ["server_error", "bad_gateway", "flood", "cut_before"])
async def test_a_failure_gives_no_right_and_is_not_believed_for_long(world: World, fault: str) -> None:
    for method in METHODS:
        world.telegram.faults.arm(fault, method=method)
    assert not await world.is_member(world.boris)
    assert not await world.is_admin(world.ada)
    world.clock.advance(FAILED_SECONDS + 0.1)
    assert await world.is_member(world.boris)
    assert await world.is_admin(world.ada)


async def test_a_failure_is_not_asked_about_with_every_press(world: World) -> None:
    world.demote_us()
    for _ in range(20):
        assert not await world.is_member(world.boris)
    assert world.asked == 2


async def test_for_what_cannot_be_taken_back_being_out_of_reach_is_no_no(world: World) -> None:
    world.telegram.faults.arm("server_error", method="getChatMember")
    with pytest.raises(OutOfReachError):
        await world.rights.is_surely_member(world.chat_id, world.boris.id)
    world.clock.advance(FAILED_SECONDS + 0.1)
    assert await world.rights.is_surely_member(world.chat_id, world.boris.id)
    assert not await world.rights.is_surely_member(world.chat_id, world.eve.id)
    world.demote_us()
    world.rights.forget(world.chat_id)
    assert not await world.rights.is_surely_member(world.chat_id, world.boris.id)
    assert await world.rights.is_surely_member(world.boris.id, world.boris.id)


async def test_the_bot_knows_of_itself_whether_it_is_an_admin(world: World) -> None:
    us = world.telegram.state.bot
    assert await world.is_admin(us)
    world.demote_us()
    world.rights.forget(world.chat_id)
    assert not await world.is_admin(us)


async def test_an_answer_from_before_a_change_is_not_kept_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, answering, heard = world.rights.bot, asyncio.Event(), asyncio.Event()
    ask: Callable[..., object] = type(bot).get_chat_member

    async def slow(self: object, *arguments: object) -> object:
        answer = await ask(self, *arguments)  # type: ignore[misc]
        answering.set()
        await heard.wait()
        return answer

    monkeypatch.setattr(type(bot), "get_chat_member", slow)
    async with asyncio.TaskGroup() as group:
        before = group.create_task(world.is_member(world.boris))
        await answering.wait()
        world.stand(world.boris, "kicked")
        world.rights.forget(world.chat_id)
        heard.set()
    assert before.result()
    assert not await world.is_member(world.boris)


async def test_not_everything_is_remembered_for_ever(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.rights.MOST_ANSWERS", 3)
    for person in (world.ada, world.boris, world.eve, world.telegram.state.bot):
        await world.is_member(person)
    assert len(world.rights._members) == 3
    assert await world.is_member(world.boris)
    assert world.asked == 4
