"""The balance is asked now and then, and no submit waits long for it."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

import bot.balances
from bot.balances import FRESH_SECONDS, NEVER_TELLS_SECONDS, SILENT_SECONDS
from bot.job import JobState
from storage.facts import Fact
from tests.bot.bench import Bench, numbers


@pytest.fixture
def asked(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When the API was asked for its balance."""
    times: list[float] = []
    balance = type(bench.api).balance

    async def noted(self: Any) -> Decimal | None:
        times.append(bench.clock.now())
        return await balance(self)

    monkeypatch.setattr(type(bench.api), "balance", noted)
    return times


async def test_many_submits_at_once_ask_once(bench: Bench, asked: list[float]) -> None:
    bench.checker.change(balance=Decimal("20.08"))
    for at in range(5):
        await bench.press(await bench.preview(numbers(3, 9_130_000_000 + 10 * at)))
    await bench.turn()
    assert len(bench.checker.ledger) == 5
    assert len(asked) == 1
    known = await bench.store.facts.get(Fact.BALANCE, bench.clock.now())
    assert known["amount"] == "20.08"


async def test_a_balance_is_asked_again_once_it_is_old(bench: Bench, asked: list[float]) -> None:
    for seconds in (0, FRESH_SECONDS - 1, 1):
        bench.clock.advance(seconds)
        await bench.balances.refresh()
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("shape", "fault", "seconds"), [("off", None, NEVER_TELLS_SECONDS), ("balance", 500, SILENT_SECONDS)]
)
async def test_an_api_that_tells_no_balance_is_left_alone_for_a_while(
    bench: Bench, asked: list[float], shape: str, fault: int | None, seconds: float
) -> None:
    bench.checker.change(balance_shape=shape)
    if fault is not None:
        bench.faults.arm("balance_answer", status=fault, body="broken")
    for pause in (0, seconds - 1, 1):
        bench.clock.advance(pause)
        await bench.balances.refresh()
    assert len(asked) == 2


async def test_a_submit_does_not_wait_for_a_balance_that_does_not_come(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = asyncio.Event()

    async def silent(_api: Any) -> Decimal | None:
        await never.wait()
        return None

    monkeypatch.setattr(type(bench.api), "balance", silent)
    monkeypatch.setattr(bot.balances, "PATIENCE_SECONDS", 0.01)
    assert (await bench.submitted()).state is JobState.CHECKING
    assert await bench.balances.now() is None
    known = await bench.store.facts.get(Fact.BALANCE, bench.clock.now())
    assert known["amount"] is None


async def test_a_clock_that_was_put_back_does_not_keep_an_old_balance(bench: Bench, asked: list[float]) -> None:
    await bench.balances.refresh()
    bench.clock.advance(-3600)
    await bench.balances.refresh()
    assert len(asked) == 2
