"""What may come of a submit, at the level of where the job goes."""

import asyncio
from typing import Any

import pytest

from bot.job import Failure, Job, JobState, Waiting
from bot.submitting import BUSY_SECONDS, INTERNAL_ERROR_SECONDS, QUEUE_SECONDS, TROUBLE_SECONDS, UNREACHABLE_SECONDS
from storage.database import DatabaseUnavailableError
from storage.facts import Fact
from tests.bot.bench import Bench, numbers

PAGE = "<html><body>Bad Gateway</body></html>"


async def due_in(bench: Bench, job: Job) -> float:
    due_at = (await bench.now(job)).due_at
    assert due_at is not None
    return round(due_at - bench.clock.now(), 3)


async def test_an_accepted_list_is_checked_and_asked_about_after_a_second(bench: Bench) -> None:
    job = await bench.submitted()
    assert (job.state, job.attempts, len(bench.checker.ledger)) == (JobState.CHECKING, 1, 1)
    assert job.task_id == bench.checker.ledger[0].task_id
    assert await due_in(bench, job) == 1.0


async def test_an_accepted_list_keeps_what_it_costs_in_the_apis_own_words(bench: Bench) -> None:
    bench.checker.change(amounts=True, submit_shape="short")
    assert (await bench.submitted()).amount == "0.00045 USD"


async def test_the_pressed_preview_says_at_once_that_it_is_in_the_queue(bench: Bench) -> None:
    job = await bench.submitted()
    assert any("In the queue" in text for text in bench.card(job).texts())


@pytest.mark.parametrize("status", [502, 504, 500])
async def test_a_server_error_with_a_page_leaves_the_job_unsure(bench: Bench, status: int) -> None:
    bench.faults.arm("submit_answer", status=status, body=PAGE)
    assert (await bench.submitted()).state is JobState.UNSURE


@pytest.mark.parametrize("fault", ["submit_cut_during", "submit_cut_before", "submit_cut_after"])
async def test_a_connection_that_breaks_after_the_request_began_leaves_the_job_unsure(bench: Bench, fault: str) -> None:
    bench.faults.arm(fault)
    job = await bench.submitted()
    assert (job.state, job.failure) == (JobState.UNSURE, Failure.CONNECTION_BROKE)


async def test_an_unsure_job_is_never_submitted_again_by_itself(bench: Bench) -> None:
    bench.faults.arm("submit_cut_after")
    job = await bench.submitted()
    await bench.wait(3 * 24 * 3600)
    assert (await bench.now(job)).state is JobState.UNSURE
    assert len(bench.checker.submits) == 1


async def test_an_unsure_job_asks_once_by_a_message_of_its_own(bench: Bench) -> None:
    bench.faults.arm("submit_cut_after")
    job = await bench.settled(await bench.submitted())
    asked = bench.telegram.bot_messages(bench.chat_id)[-1]
    assert "was the list accepted?" in asked.text
    assert asked.reply_to is not None
    assert asked.reply_to.message_id == job.list_message_id
    assert "question" in bench.card(job).text
    await bench.wait(3600)
    assert len(bench.said()) == 2


@pytest.mark.parametrize("body", ["it works", '{"error": "x"}', '{"task_id": ""}'])
async def test_a_200_without_a_task_id_leaves_the_job_unsure_with_the_evidence_kept(bench: Bench, body: str) -> None:
    bench.faults.arm("submit_answer", status=200, body=body)
    job = await bench.submitted()
    assert job.state is JobState.UNSURE
    async with bench.store.database.read() as connection:
        evidence = (await connection.exec_driver_sql("SELECT evidence FROM attempts")).scalar_one()
    assert body in evidence


async def test_an_api_that_cannot_be_reached_is_tried_again_later(bench: Bench) -> None:
    job = await bench.press(await bench.preview())
    async with bench.checker.away():
        await bench.turn()
        job = await bench.now(job)
        assert (job.state, job.waiting) == (JobState.QUEUED, Waiting.UNREACHABLE)
        assert await due_in(bench, job) == UNREACHABLE_SECONDS
        assert "cannot be reached" in bench.card(job).text
    await bench.until(job, JobState.CHECKING)
    assert len(bench.checker.ledger) == 1


@pytest.mark.parametrize("status", [408, 429, 503])
async def test_a_busy_api_is_tried_again_when_it_says(bench: Bench, status: int) -> None:
    bench.faults.arm("submit_answer", status=status, body={"error": "busy"}, headers={"Retry-After": "90"})
    job = await bench.submitted()
    assert (job.state, job.waiting, await due_in(bench, job)) == (JobState.QUEUED, Waiting.BUSY, 90.0)


async def test_a_busy_api_that_names_no_time_is_tried_again_after_half_a_minute(bench: Bench) -> None:
    bench.faults.arm("submit_answer", status=429, body={"error": "busy"})
    assert await due_in(bench, await bench.submitted()) == BUSY_SECONDS


async def test_no_retry_after_is_longer_than_the_queue_lasts(bench: Bench) -> None:
    bench.faults.arm("submit_answer", status=429, body={"error": "busy"}, headers={"Retry-After": "90"})
    job = await bench.press(await bench.preview())
    bench.clock.advance(QUEUE_SECONDS - 10)
    await bench.turn()
    assert await due_in(bench, job) == 10.0
    assert (await bench.until(job, JobState.CONFIRMING)).failure is Failure.WAITED_TOO_LONG


async def test_an_internal_error_is_tried_five_times_and_then_a_person_is_asked(bench: Bench) -> None:
    bench.faults.arm("submit_answer", times=6, status=500, body={"error": "internal"})
    job = await bench.submitted()
    waits = []
    while job.state is JobState.QUEUED:
        waits.append(await due_in(bench, job))
        bench.clock.advance(waits[-1])
        await bench.turn()
        job = await bench.now(job)
    assert waits == list(INTERNAL_ERROR_SECONDS)
    assert (job.state, job.failure) == (JobState.CONFIRMING, Failure.TRIES_USED_UP)
    job = await bench.settled(job)
    assert "internal error" in bench.card(job).text
    assert "Check 3 numbers" in bench.card(job).labels
    assert bench.checker.ledger == []


async def test_a_press_after_used_up_tries_begins_anew(bench: Bench) -> None:
    bench.faults.arm("submit_answer", times=7, status=500, body={"error": "internal"})
    job = await bench.until(await bench.submitted(), JobState.CONFIRMING)
    await bench.press(job)
    await bench.turn()
    assert await due_in(bench, job) == INTERNAL_ERROR_SECONDS[0]


async def test_a_list_that_is_too_small_asks_again_and_names_the_minimum(bench: Bench) -> None:
    bench.checker.change(minimum=500)
    job = await bench.settled(await bench.submitted())
    assert (job.state, job.failure) == (JobState.CONFIRMING, Failure.TOO_SMALL)
    assert "500 numbers or more" in bench.card(job).text
    assert "Add numbers" in bench.card(job).labels
    assert bench.checker.ledger == []


async def test_the_minimum_is_shown_on_later_previews_for_seven_days(bench: Bench) -> None:
    bench.checker.change(minimum=500)
    await bench.settled(await bench.submitted())
    job = await bench.preview(numbers(12, 9_130_000_000))
    assert "500" in bench.card(job).text
    bench.clock.advance(7 * 24 * 3600 + 1)
    job = await bench.preview(numbers(12, 9_140_000_000))
    assert "500" not in bench.card(job).text


async def test_a_smaller_list_that_is_taken_ends_what_was_known_of_a_minimum(bench: Bench) -> None:
    await bench.store.facts.keep(Fact.MINIMUM, 500, until=bench.clock.now() + 3600)
    await bench.submitted()
    assert await bench.store.facts.get(Fact.MINIMUM, bench.clock.now()) is None


@pytest.mark.parametrize("status", [400, 404, 405, 413, 415, 422])
async def test_a_clear_no_ends_the_job_and_says_why(bench: Bench, status: int) -> None:
    bench.faults.arm("submit_answer", status=status, body={"error": "no_such_kind", "message": "tg is not sold here"})
    job = await bench.settled(await bench.submitted())
    assert (job.state, job.failure) == (JobState.REFUSED, Failure.REFUSED_BY_API)
    assert "tg is not sold here" in bench.card(job).text
    assert "Nothing was charged" in bench.card(job).text
    assert await bench.store.lists.numbers(job.id) is not None


async def test_after_twelve_hours_in_the_queue_a_person_is_asked_again(bench: Bench) -> None:
    job = await bench.press(await bench.preview())
    bench.clock.advance(QUEUE_SECONDS)
    job = await bench.settled(job)
    assert (job.state, job.failure) == (JobState.CONFIRMING, Failure.WAITED_TOO_LONG)
    assert "12 hours" in bench.card(job).text
    assert bench.checker.submits == []


async def test_nothing_is_submitted_while_telegram_is_in_trouble(bench: Bench) -> None:
    bench.trouble = "another program asks for this bot's updates"
    job = await bench.submitted()
    assert (job.state, await due_in(bench, job)) == (JobState.QUEUED, TROUBLE_SECONDS)
    assert bench.checker.submits == []
    bench.trouble = None
    await bench.until(job, JobState.CHECKING)


async def test_a_job_that_is_cancelled_while_it_is_shown_is_not_submitted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await bench.press(await bench.preview())
    numbers_of = bench.store.lists.numbers

    async def cancelled_meanwhile(_self: object, job_id: int) -> Any:
        await bench.store.moves.cancel(job, bench.clock.now())
        return await numbers_of(job_id)

    monkeypatch.setattr(type(bench.store.lists), "numbers", cancelled_meanwhile)
    await bench.turn()
    assert (await bench.now(job)).state is JobState.CANCELLED
    assert bench.checker.submits == []


async def test_what_came_of_a_submit_is_stored_when_the_database_takes_it_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted, refused = type(bench.store.submits).accepted, 3

    async def sometimes(self: Any, *arguments: Any) -> Any:
        nonlocal refused
        refused -= 1
        if refused >= 0:
            raise DatabaseUnavailableError("SQLITE_FULL")
        return await accepted(self, *arguments)

    monkeypatch.setattr(type(bench.store.submits), "accepted", sometimes)
    job = await bench.submitted()
    assert (job.state, job.task_id) == (JobState.CHECKING, bench.checker.ledger[0].task_id)
    assert bench.slept == [1.0, 5.0, 15.0]


async def test_a_submit_that_is_cut_off_is_left_to_a_person(bench: Bench) -> None:
    bench.faults.arm("submit_hang", seconds=5)
    job = await bench.press(await bench.preview())
    step = asyncio.Task(bench.submitting.step(await bench.now(job)))
    await bench.checker.wait_for(lambda server: server.submits)
    step.cancel()
    with pytest.raises(asyncio.CancelledError):
        await step
    assert (await bench.now(job)).state is JobState.SUBMITTING
    bench.clock.advance(301)
    job = await bench.settled(job)
    assert (job.state, job.failure) == (JobState.UNSURE, Failure.STOPPED_MIDWAY)
    assert "I was restarted" in bench.said()[-1]


async def test_every_charge_has_an_intent_older_than_it(bench: Bench) -> None:
    bench.clock.advance(5)
    await bench.submitted()
    async with bench.store.database.read() as connection:
        begun_at = (await connection.exec_driver_sql("SELECT begun_at FROM attempts")).scalar_one()
    assert begun_at <= bench.checker.ledger[0].at
