"""The limits, on a clock that jumps to whatever comes next."""

import asyncio
import selectors
from collections.abc import Coroutine
from random import Random
from typing import Any, TypeVar, cast

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import GetMe, SendMessage, TelegramMethod

from bot.limits import HeldBackError, Importance, Limits, speaking
from bot.windows import ALL, GROUP, PRIVATE

T = TypeVar("T")
BOT = cast("Bot", None)  # the middleware hands it on
PERSON, OTHER, TEAM = 11, 12, -100_500


class JumpingSelector(selectors.DefaultSelector):
    """Where nothing can happen but a timer, its time has come."""

    ahead = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if not found and timeout:
            self.ahead += timeout
        return found


class JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.jumping = JumpingSelector()
        super().__init__(self.jumping)

    def time(self) -> float:
        return self.jumping.ahead


def run(main: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(main)


class Wire:
    """What leaves through the limits, and when."""

    def __init__(self, unevenness: float = 0.0, **refusals: int) -> None:
        self.limits = Limits()
        self.left: list[tuple[float, int, str]] = []
        self.arrived: list[float] = []
        self.unevenness = unevenness
        """How much longer than the fastest a call may be on its way, and its answer on the way back, in seconds."""
        self.random = Random(1)
        self.refusals = refusals

    async def _request(self, _bot: Bot, method: TelegramMethod[Any]) -> Any:
        if isinstance(method, SendMessage):
            if (seconds := self.refusals.pop(method.text, None)) is not None:
                raise TelegramRetryAfter(method, "Too Many Requests", seconds)
            self.left.append((asyncio.get_running_loop().time(), int(method.chat_id), method.text))
            await asyncio.sleep(self.random.uniform(0, self.unevenness))
            self.arrived.append(asyncio.get_running_loop().time())
            await asyncio.sleep(self.random.uniform(0, self.unevenness))

    async def say(self, chat_id: int, text: str = "", importance: Importance = Importance.ANSWER) -> None:
        token = speaking.set(importance)
        try:
            await self.limits(cast("Any", self._request), BOT, SendMessage(chat_id=chat_id, text=text))
        finally:
            speaking.reset(token)

    def times(self, chat_id: int) -> list[float]:
        return [at for at, chat, _ in self.left if chat == chat_id]


def assert_kept(times: list[float], most: int, seconds: float) -> None:
    """No more than so many within any stretch of so many seconds."""
    assert all(times[at + most] - times[at] >= seconds - 1e-6 for at in range(len(times) - most))


@pytest.mark.parametrize(("chat_id", "window"), [(PERSON, PRIVATE), (TEAM, GROUP)])
def test_no_stretch_of_time_has_more_calls_than_its_chat_allows(chat_id: int, window: Any) -> None:
    wire = Wire()

    async def main() -> None:
        await asyncio.gather(*(wire.say(chat_id, str(at)) for at in range(window.most + 3)))

    run(main())
    assert len(wire.left) == window.most + 3
    assert_kept(wire.times(chat_id), window.most, window.seconds)
    assert [int(text) for _, _, text in wire.left] == list(range(window.most + 3))


def test_a_group_takes_no_larger_burst_than_any_chat() -> None:
    wire = Wire()

    async def main() -> None:
        await asyncio.gather(*(wire.say(TEAM) for _ in range(GROUP.most)))

    run(main())
    assert_kept(wire.times(TEAM), PRIVATE.most, PRIVATE.seconds)


@pytest.mark.parametrize(("unevenness", "slowest"), [(0.0, 28), (0.1, 25), (0.25, 22), (0.5, 18)])
def test_on_an_uneven_way_no_more_than_thirty_arrive_within_a_second(unevenness: float, slowest: float) -> None:
    wire = Wire(unevenness)

    async def main() -> None:
        await asyncio.gather(*(wire.say(chat_id) for chat_id in range(1, 501)))

    run(main())
    assert_kept(sorted(wire.arrived), 30, 1.0)
    assert max(at for at, _, _ in wire.left) <= 500 / slowest


def test_all_chats_together_keep_their_limit_and_each_its_own() -> None:
    wire = Wire()

    async def main() -> None:
        await asyncio.gather(*(wire.say(chat_id) for chat_id in range(1, 41) for _ in range(8)))

    run(main())
    assert_kept([at for at, _, _ in wire.left], ALL.most, ALL.seconds)
    for chat_id in range(1, 41):
        assert_kept(wire.times(chat_id), PRIVATE.most, PRIVATE.seconds)


def test_the_more_important_goes_first() -> None:
    wire = Wire()

    async def main() -> None:
        for _ in range(PRIVATE.most):
            await wire.say(PERSON, "before")
        ranks = [Importance.ANSWER, Importance.RESULT, Importance.QUESTION, Importance.ANSWER]
        await asyncio.gather(*(wire.say(PERSON, f"{rank.name}{at}", rank) for at, rank in enumerate(ranks)))

    run(main())
    assert [text for _, _, text in wire.left[PRIVATE.most :]] == ["RESULT1", "QUESTION2", "ANSWER0", "ANSWER3"]


def test_results_that_were_told_to_come_again_are_not_overtaken_by_cards() -> None:
    wire = Wire()

    async def come(text: str, importance: Importance) -> None:
        while True:
            try:
                return await wire.say(TEAM, text, importance)
            except HeldBackError as error:
                await asyncio.sleep(error.seconds + 0.5)  # as a worker that has much to do

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for at in range(GROUP.most):
                group.create_task(wire.say(TEAM, f"before {at}"))
            await asyncio.sleep(30)
            for at in range(9):
                group.create_task(come(f"card {at}", Importance.CARD))
                group.create_task(come(f"result {at}", Importance.RESULT))

    run(main())
    said = [text.partition(" ")[0] for _, _, text in wire.left]
    assert said == ["before"] * GROUP.most + ["result"] * 9 + ["card"] * 9
    assert_kept(wire.times(TEAM), GROUP.most, GROUP.seconds)


def test_an_answer_is_not_kept_waiting_for_a_result_that_was_told_to_come_again() -> None:
    wire = Wire()

    async def main() -> None:
        for _ in range(GROUP.most):
            await wire.say(TEAM, "before")
        with pytest.raises(HeldBackError) as raised:
            await wire.say(TEAM, "result", Importance.RESULT)
        await asyncio.sleep(raised.value.seconds)
        with pytest.raises(HeldBackError):
            await wire.say(TEAM, "progress", Importance.PROGRESS)
        await wire.say(TEAM, "answer")
        await wire.say(TEAM, "result", Importance.RESULT)

    run(main())
    assert [text for _, _, text in wire.left[GROUP.most :]] == ["answer", "result"]


@pytest.mark.parametrize("importance", [Importance.RESULT, Importance.QUESTION, Importance.CARD])
def test_what_the_worker_says_gives_its_place_back_before_long(importance: Importance) -> None:
    wire = Wire()

    async def main() -> float:
        for _ in range(GROUP.most):
            await wire.say(TEAM)
        began = asyncio.get_running_loop().time()
        held = (wire.say(TEAM, "", importance) for _ in range(24))
        ends = await asyncio.gather(*held, return_exceptions=True)
        assert all(isinstance(end, HeldBackError) for end in ends)
        return asyncio.get_running_loop().time() - began

    assert run(main()) <= PRIVATE.seconds + 1


@pytest.mark.parametrize("importance", [Importance.PROGRESS, Importance.PREVIEW])
def test_what_a_newer_state_replaces_never_waits_and_never_uses_up_the_burst(importance: Importance) -> None:
    wire = Wire()

    async def main() -> float:
        await wire.say(PERSON, "1", importance)
        with pytest.raises(HeldBackError) as raised:
            await wire.say(PERSON, "2", importance)
        await asyncio.sleep(raised.value.seconds)
        await wire.say(PERSON, "3", importance)
        return raised.value.seconds

    assert run(main()) == pytest.approx(PRIVATE.apart)


def test_a_preview_that_changes_all_the_time_is_never_more_than_a_second_behind() -> None:
    wire = Wire()
    shown: list[float] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        changed = 0.0
        for _ in range(40):
            try:
                await wire.say(PERSON, "", Importance.PREVIEW)
                shown.append(loop.time() - changed)
                changed = loop.time()
                await asyncio.sleep(0.1)
            except HeldBackError as error:
                await asyncio.sleep(error.seconds)

    run(main())
    assert max(shown) <= PRIVATE.apart + 0.6
    assert_kept(wire.times(PERSON), PRIVATE.most, PRIVATE.seconds)


def test_progress_gives_way_to_whatever_else_waits() -> None:
    wire = Wire()

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for at in range(PRIVATE.most + 1):
                group.create_task(wire.say(PERSON, str(at)))
            await asyncio.sleep(2)
            with pytest.raises(HeldBackError):
                await wire.say(PERSON, "progress", Importance.PROGRESS)

    run(main())
    assert len(wire.left) == PRIVATE.most + 1


def test_retry_after_holds_its_chat_and_no_other() -> None:
    wire = Wire(again=20)

    async def main() -> None:
        await asyncio.gather(wire.say(PERSON, "again"), wire.say(PERSON, "next"), wire.say(OTHER, "other"))

    run(main())
    assert wire.times(OTHER) == [pytest.approx(0.0, abs=0.1)]
    assert [at for at, _, text in wire.left if text == "again"] == [20.0]


def test_a_retry_after_longer_than_its_patience_goes_back_to_the_caller() -> None:
    wire = Wire(again=100)

    async def main() -> None:
        with pytest.raises(HeldBackError) as raised:
            await wire.say(PERSON, "again", Importance.RESULT)
        assert raised.value.seconds == 100
        with pytest.raises(HeldBackError) as raised:
            await wire.say(PERSON, "next", Importance.RESULT)
        assert raised.value.seconds == 100
        await asyncio.sleep(100)
        await wire.say(PERSON, "again", Importance.RESULT)

    run(main())


def test_a_retry_after_drops_progress_at_once() -> None:
    wire = Wire(bar=3)

    async def main() -> float:
        with pytest.raises(HeldBackError):
            await wire.say(PERSON, "bar", Importance.PROGRESS)
        return asyncio.get_running_loop().time()

    assert run(main()) == 0.0


def test_a_caller_that_stops_waiting_leaves_its_turn_to_the_next() -> None:
    wire = Wire()

    async def main() -> None:
        for _ in range(PRIVATE.most):
            await wire.say(PERSON, "before")
        async with asyncio.TaskGroup() as group:
            gone = group.create_task(wire.say(PERSON, "gone"))
            stays = group.create_task(wire.say(PERSON, "stays"))
            await asyncio.sleep(1)
            gone.cancel()
            await stays

    run(main())
    assert wire.left[-1][2] == "stays"
    assert wire.left[-1][0] == pytest.approx(PRIVATE.seconds)


def test_whoever_waits_longer_than_the_patience_is_sent_away() -> None:
    wire = Wire()

    async def main() -> list[object]:
        waiting = (wire.say(TEAM, str(at), Importance.RESULT) for at in range(GROUP.most + 1))
        return list(await asyncio.gather(*waiting, return_exceptions=True))

    assert isinstance(run(main())[-1], HeldBackError)


def test_calls_that_send_nothing_are_not_counted() -> None:
    wire = Wire()

    async def main() -> None:
        for _ in range(100):
            await wire.limits(cast("Any", wire._request), BOT, GetMe())

    run(main())
    assert wire.limits._chats == {}


def test_chats_that_are_quiet_are_forgotten_and_busy_ones_are_not() -> None:
    wire = Wire(held=5000)

    async def main() -> None:
        with pytest.raises(HeldBackError):
            await wire.say(1_000_000, "held", Importance.PROGRESS)
        for chat_id in range(1, 1001):
            await wire.say(chat_id)
        await asyncio.sleep(60)
        await wire.say(OTHER + 5000)

    run(main())
    assert len(wire.limits._chats) <= 1000
    assert {1_000_000, OTHER + 5000} <= set(wire.limits._chats)
    assert 1 not in wire.limits._chats
