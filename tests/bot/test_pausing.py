"""402, 401, 403 and redirects: all submits pause, the right people hear of it, and work goes on by itself."""

from decimal import Decimal
from typing import Any

import pytest

from bot.job import Job, JobState, Waiting
from bot.pausing import PAUSE_SECONDS, TRY_SECONDS
from storage.facts import Fact
from tests.bot.bench import Bench, numbers

ADA = 77


async def paused(bench: Bench, cause: str) -> Job:
    if cause == "money":
        bench.checker.change(balance=Decimal("0.0001"))
    else:
        status = {"key": 401, "key-403": 403, "address": 302}[cause]
        headers = {"Location": "https://elsewhere.example/v1/tasks"} if status == 302 else {}
        bench.faults.arm("submit_answer", status=status, body={"error": "no"}, headers=headers)
    return await bench.settled(await bench.submitted())


@pytest.mark.parametrize(
    ("cause", "waiting", "shown"),
    [
        ("money", Waiting.MONEY, "out of money"),
        ("key", Waiting.KEY, "key"),
        ("key-403", Waiting.KEY, "key"),
        ("address", Waiting.ADDRESS, "address"),
    ],
)
async def test_the_job_is_queued_and_says_what_it_waits_for(
    bench: Bench, cause: str, waiting: Waiting, shown: str
) -> None:
    job = await paused(bench, cause)
    assert (job.state, job.waiting) == (JobState.QUEUED, waiting)
    assert shown in bench.card(job).text
    assert bench.checker.ledger == []


@pytest.mark.parametrize("cause", ["money", "key", "address"])
async def test_the_admins_are_told_once(bench: Bench, cause: str) -> None:
    await paused(bench, cause)
    await bench.settled(await bench.press(await bench.preview(numbers(3, 9_130_000_000))))
    assert len(bench.said(ADA)) == 1


@pytest.mark.parametrize("cause", ["money", "key", "address"])
async def test_another_list_is_not_even_submitted_during_a_pause(bench: Bench, cause: str) -> None:
    await paused(bench, cause)
    job = await bench.settled(await bench.press(await bench.preview(numbers(3, 9_130_000_000))))
    assert (job.state, len(bench.checker.submits)) == (JobState.QUEUED, 1)


async def test_each_chat_that_waits_for_money_is_told_once(bench: Bench) -> None:
    group = bench.telegram.add_group("Team", [bench.anna], supergroup=True)
    await paused(bench, "money")
    for first in (9_130_000_000, 9_140_000_000):
        for chat_id in (bench.chat_id, group):
            await bench.settled(await bench.press(await bench.preview(numbers(3, first), chat_id=chat_id)))
    await bench.wait(3 * PAUSE_SECONDS)
    for chat_id in (bench.chat_id, group):
        assert len([one for one in bench.telegram.bot_messages(chat_id) if not one.keyboard]) == 1


async def test_the_balance_is_asked_every_quarter_of_an_hour(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    balance = type(bench.api).balance

    async def noted(self: Any) -> Decimal | None:
        asked.append(bench.clock.now())
        return await balance(self)

    monkeypatch.setattr(type(bench.api), "balance", noted)
    await paused(bench, "money")
    await bench.wait(3 * PAUSE_SECONDS + 1)
    before_submit, *during_pause = [round(at - asked[0]) for at in asked]
    assert (before_submit, during_pause) == (0, [0, 900, 1800, 2700])
    assert len(bench.checker.submits) == 1


async def test_all_goes_on_by_itself_after_a_top_up(bench: Bench) -> None:
    jobs = [await paused(bench, "money")]
    jobs += [await bench.press(await bench.preview(numbers(3, 9_130_000_000 + 10 * at))) for at in range(3)]
    await bench.settled(jobs[0])
    bench.checker.change(balance=Decimal(20))
    await bench.wait(PAUSE_SECONDS + 1)
    assert len(bench.checker.ledger) == len(jobs)
    assert {(await bench.now(job)).state for job in jobs}.isdisjoint({JobState.QUEUED, JobState.UNSURE})


async def test_a_balance_that_fell_is_no_top_up(bench: Bench) -> None:
    await paused(bench, "money")
    bench.checker.change(balance=Decimal("0.00005"))
    await bench.wait(PAUSE_SECONDS + 1)
    assert len(bench.checker.submits) == 1


async def test_no_money_that_was_said_by_mistake_stops_nobody_for_ever(bench: Bench) -> None:
    bench.faults.arm("submit_answer", status=402, body={"error": "insufficient_balance"})
    job = await bench.submitted()
    assert (job.state, job.waiting) == (JobState.QUEUED, Waiting.MONEY)
    await bench.wait(TRY_SECONDS - 1)
    assert len(bench.checker.submits) == 1
    await bench.wait(2 * PAUSE_SECONDS)
    assert (len(bench.checker.submits), len(bench.checker.ledger)) == (2, 1)


async def test_without_money_a_list_is_tried_once_an_hour(bench: Bench) -> None:
    await paused(bench, "money")
    await bench.wait(3 * (TRY_SECONDS + PAUSE_SECONDS))
    assert [submit.status for submit in bench.checker.submits] == [402] * 4


async def test_a_top_up_that_does_not_reach_is_told_to_the_admins_again(bench: Bench) -> None:
    await paused(bench, "money")
    bench.checker.change(balance=Decimal("0.0002"))
    await bench.wait(PAUSE_SECONDS + 1)
    assert len(bench.checker.submits) == 2
    assert len(bench.said(ADA)) == 2


async def test_without_a_balance_endpoint_the_oldest_job_alone_is_tried(bench: Bench) -> None:
    bench.checker.change(balance_shape="off")
    oldest = await paused(bench, "money")
    for at in range(3):
        await bench.press(await bench.preview(numbers(4, 9_130_000_000 + 10 * at)))
    await bench.settled(oldest)
    await bench.wait(PAUSE_SECONDS + 1)
    assert [submit.count for submit in bench.checker.submits] == [3, 3]
    bench.checker.change(balance=Decimal(20))
    await bench.wait(PAUSE_SECONDS + 1)
    assert len(bench.checker.ledger) == 4


async def test_while_the_api_does_not_tell_its_balance_nothing_is_tried(bench: Bench) -> None:
    await paused(bench, "money")
    bench.faults.arm("balance_answer", status=502, body="<html>")
    await bench.wait(PAUSE_SECONDS + 1)
    assert len(bench.checker.submits) == 1


@pytest.mark.parametrize("cause", ["key", "address"])
async def test_a_key_or_an_address_put_right_is_found_within_a_quarter_of_an_hour(bench: Bench, cause: str) -> None:
    job = await paused(bench, cause)
    await bench.wait(PAUSE_SECONDS + 1)
    assert (await bench.now(job)).task_id is not None
    assert await bench.store.facts.get(Fact.PAUSE, bench.clock.now()) is None


@pytest.mark.parametrize("cause", ["key", "address"])
async def test_a_start_with_new_settings_ends_the_pause_at_once(bench: Bench, cause: str) -> None:
    job = await paused(bench, cause)
    await bench.pausing.forget_at_start()
    await bench.turn()
    assert (await bench.now(job)).state is JobState.CHECKING


async def test_a_start_does_not_end_a_pause_for_money(bench: Bench) -> None:
    job = await paused(bench, "money")
    await bench.pausing.forget_at_start()
    assert (await bench.settled(job)).state is JobState.QUEUED
    assert len(bench.checker.submits) == 1


async def test_a_refused_list_shows_that_the_key_is_right_again(bench: Bench) -> None:
    await paused(bench, "key")
    other = await bench.press(await bench.preview(numbers(3, 9_130_000_000)))
    await bench.settled(other)
    bench.faults.arm("submit_answer", status=422, body={"error": "bad_file"})
    await bench.wait(PAUSE_SECONDS + 1)
    assert (await bench.now(other)).task_id is not None


async def test_an_answer_to_an_older_submit_does_not_end_the_pause(bench: Bench) -> None:
    began_at = bench.clock.now()
    bench.clock.advance(1)
    await bench.pausing.begin(Waiting.MONEY)
    await bench.pausing.end(began_at, paid=True)
    assert await bench.store.facts.get(Fact.PAUSE, bench.clock.now()) is not None


async def test_a_job_that_waits_for_money_for_twelve_hours_asks_again(bench: Bench) -> None:
    job = await paused(bench, "money")
    await bench.wait(12 * 3600 + 1)
    assert (await bench.now(job)).state is JobState.CONFIRMING


async def test_an_admin_that_telegram_holds_back_is_told_later(bench: Bench) -> None:
    bench.faults.arm("flood", chat_id=ADA, seconds=400)
    await paused(bench, "key")
    assert bench.said(ADA) == []
    bench.telegram.faults.arm("submit_answer", times=2, status=401, body={"error": "no"})
    await bench.wait(PAUSE_SECONDS + 1)
    assert len(bench.said(ADA)) <= 1


async def test_a_chat_that_could_not_be_told_of_the_money_is_told_later(bench: Bench) -> None:
    job = await bench.press(await bench.preview())
    bench.checker.change(balance=Decimal("0.0001"))
    bench.faults.arm("server_error", method="sendMessage", times=2)  # the admin's, and the chat's
    await bench.settled(job)
    await bench.wait(10)
    assert len(bench.said()) == 2


async def stop(bench: Bench) -> None:
    await bench.store.facts.keep(Fact.STOPPED, {"by": ADA, "at": bench.clock.now()})


async def go_on(bench: Bench) -> None:
    await bench.store.facts.forget(Fact.STOPPED)
    await bench.store.jobs.wake_waiting(bench.clock.now())


async def test_while_an_admin_has_stopped_all_submits_a_list_waits_and_says_so(bench: Bench) -> None:
    await stop(bench)
    job = await bench.settled(await bench.press(await bench.preview()))
    assert (job.state, job.waiting) == (JobState.QUEUED, Waiting.PAUSED)
    assert "An admin has stopped all checks" in bench.card(job).text
    await bench.wait(3600)
    assert bench.checker.submits == []


async def test_what_an_admin_has_stopped_goes_on_at_their_word(bench: Bench) -> None:
    await stop(bench)
    job = await bench.settled(await bench.press(await bench.preview()))
    await go_on(bench)
    await bench.until(job, JobState.CHECKING)
    assert len(bench.checker.ledger) == 1


async def test_a_start_and_a_top_up_do_not_end_what_an_admin_has_stopped(bench: Bench) -> None:
    await paused(bench, "money")
    await stop(bench)
    bench.checker.change(balance=Decimal(20))
    await bench.pausing.forget_at_start()
    await bench.wait(3 * PAUSE_SECONDS)
    assert len(bench.checker.submits) == 1


async def test_a_submit_that_was_let_through_just_before_the_stop_is_not_begun(bench: Bench) -> None:
    job = await bench.press(await bench.preview())
    await stop(bench)
    assert await bench.store.submits.begin_submit(job, bench.clock.now()) is None
    assert (await bench.now(job)).state is JobState.QUEUED


async def test_a_list_that_waits_for_an_admin_for_twelve_hours_asks_again(bench: Bench) -> None:
    await stop(bench)
    job = await bench.settled(await bench.press(await bench.preview()))
    await bench.wait(12 * 3600 + 1)
    assert (await bench.now(job)).state is JobState.CONFIRMING


async def test_a_pause_ends_in_its_time_although_the_clock_was_set_back(bench: Bench) -> None:
    job = await paused(bench, "money")
    bench.checker.change(balance=Decimal(10))
    bench.clock.advance(-86_400)
    await bench.store.times.set_back(bench.clock.now(), 86_400)
    await bench.wait(PAUSE_SECONDS)
    assert (await bench.now(job)).state is not JobState.QUEUED
    assert await bench.store.facts.get(Fact.PAUSE, bench.clock.now()) is None
    assert len(bench.checker.ledger) == 1
