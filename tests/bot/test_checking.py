"""What may become of a question for status and result: when the API is asked, and where the job goes."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.checking import backoff, next_question, processed
from bot.forks import Forks
from bot.job import Failure, Job, JobState
from bot.outcomes import Task, TaskStatus
from bot.pace import STALLED_SECONDS
from bot.preview import Terms
from storage.facts import Fact
from tests.bot.bench import Bench, numbers
from tests.bot.following import LIST, assert_doubling, checked, due_in
from tests.polls import COURSES, USUAL_PACE, follow


async def test_a_task_is_followed_to_its_result(bench: Bench) -> None:
    job = await bench.until(await checked(bench), JobState.DONE)
    verdicts = [bench.checker.verdict_of(number) for number in LIST.split()]
    assert (job.yes, job.no) == (verdicts.count("yes"), verdicts.count("no"))
    assert len(bench.checker.ledger) == 1
    assert bench.checker.refused == []
    assert bench.checker.leaks == []


async def test_the_first_question_comes_a_second_after_the_submit(bench: Bench) -> None:
    job = await bench.until(await checked(bench), JobState.DELIVERING)
    assert bench.checker.poll_log[0].at == pytest.approx(bench.checker.ledger[0].at + 1, abs=0.01)
    assert bench.checker.polls[job.task_id or ""] <= 10


async def test_who_reads_results_gets_ready_while_a_short_list_is_being_checked(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected: list[JobState] = []

    class Expecting(Forks):
        async def get_ready(self) -> None:
            expected.append((await bench.now(job)).state)

    composing = replace(bench.composing, forks=Expecting(idle_seconds=0.0))
    for user in (bench.submitting, bench.checking):
        monkeypatch.setattr(type(user), "composing", composing)
    monkeypatch.setattr("bot.composing.SMALL_NUMBERS", 40)
    bench.checker.change(numbers_per_second=10)
    job = await bench.press(await bench.preview(numbers(40)))
    await bench.until(job, JobState.DONE)
    assert len(expected) >= 3
    assert {*expected} == {JobState.CHECKING}
    before = len(expected)
    job = await bench.press(await bench.preview(numbers(41, first=9_130_000_000)))
    await bench.until(job, JobState.DONE)
    assert len(expected) == before


async def test_the_progress_message_moves_and_says_how_far_it_is(bench: Bench) -> None:
    job = await bench.until(await checked(bench, numbers(300)), JobState.DELIVERING)
    bars = [text for text in bench.card(job).texts() if "▓" in text or "░" in text]
    assert len(bars) >= 3
    assert len(bars) == len(set(bars))
    assert all("numbers a minute" in text for text in bars if "left" in text)


async def a_job(bench: Bench, **values: Any) -> Job:
    return replace(await checked(bench), **values)


@pytest.mark.parametrize(
    ("done", "elapsed", "wait"),
    [
        (0, 0.0, 100 / 12 / 6),  # by the API's usual pace
        (50, 60.0, 10.0),  # by the task's own
        (99, 60.0, 1.0),
        (1, 60.0, 30.0),
        (100, 60.0, 1.0),
    ],
)
async def test_the_next_question_comes_after_a_sixth_of_what_seems_left(
    bench: Bench, done: int, elapsed: float, wait: float
) -> None:
    pace = done / elapsed if done else None
    job = await a_job(bench, to_check=100, done=done, submitted_at=1000.0, moved_at=1000.0 + elapsed, pace=pace)
    terms = Terms(None, "USD", 12.0, None)
    assert next_question(job, terms, 1000.0 + elapsed) - 1000.0 - elapsed == pytest.approx(max(wait, 1.0))


async def test_a_task_that_stands_still_is_asked_about_less_and_less(bench: Bench) -> None:
    job = await a_job(bench, to_check=100, done=100, submitted_at=1000.0, moved_at=1060.0)
    terms = Terms(None, "USD", 12.0, None)
    waits = [next_question(job, terms, 1060.0 + stood) - 1060.0 - stood for stood in (0, 12, 60, 600, 1800)]
    assert waits == [1.0, 2.0, pytest.approx(6.0), 30.0, 600.0]


@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize("share", [0.33, 1.0, 3.0])
def test_the_end_of_a_task_is_noticed_in_time_however_it_goes_on(course: str, share: float) -> None:
    for seconds in (20, 60, 120, 300, 600, 1800, 7200):
        followed = follow(seconds, COURSES[course], count=int(seconds * USUAL_PACE * share))
        # Nobody is asked more often than once a second.
        assert followed.noticed_after <= max(min(0.05 * seconds, 30.0), 1.5), (seconds, followed)


@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize("share", [0.33, 1.0, 3.0])
def test_a_task_of_half_an_hour_is_asked_about_a_quarter_as_often_as_every_five_seconds(
    course: str, share: float
) -> None:
    assert follow(1800, COURSES[course], count=int(1800 * USUAL_PACE * share)).polls <= 1800 / 5 / 4


@pytest.mark.parametrize(
    ("status", "total", "success", "failure", "done"),
    [
        ("pending", 0, 0, 0, 0),
        ("processing", 40, 38, 2, 40),  # total counts what is processed
        ("processing", 100, 38, 2, 40),  # total is the whole list
        ("pending", 100, 0, 0, 0),
        ("processing", 40, 0, 0, 40),
        ("processing", 500, 300, 100, 100),  # never more than were sent
        ("exported", 100, 0, 0, 100),
        ("exported", 0, 0, 0, 100),
    ],
)
async def test_both_shapes_of_an_answer_say_how_many_are_done(
    bench: Bench, status: str, total: int, success: int, failure: int, done: int
) -> None:
    task = Task(TaskStatus(status), total, success, failure)
    assert processed(task, await a_job(bench, to_check=100)) == done


@pytest.mark.parametrize(
    "arm",
    [
        ("status_cut", {}),
        ("status_half_answer", {}),
        ("status_answer", {"status": 502, "body": "<html>"}),
        ("status_answer", {"status": 500, "body": {"error": "internal"}}),
        ("status_answer", {"status": 429, "body": {"error": "busy"}}),
        ("status_answer", {"status": 401, "body": {"error": "bad key"}}),
        ("status_answer", {"status": 200, "body": "it works"}),
    ],
    ids=["cut", "half an answer", "502", "500", "429", "401", "garbage"],
)
async def test_no_usable_answer_moves_the_clock_and_fails_nothing(
    bench: Bench, arm: tuple[str, dict[str, Any]]
) -> None:
    bench.faults.arm(arm[0], times=3, **arm[1])
    job = await checked(bench)
    waits = []
    for _ in range(3):
        bench.clock.advance(await due_in(bench, job))
        await bench.turn()
        waits.append(await due_in(bench, job))
    assert (await bench.now(job)).state is JobState.CHECKING
    assert_doubling(waits)
    await bench.until(job, JobState.DONE)


async def test_the_wait_doubles_to_a_minute_with_jitter() -> None:
    for tries, usual in ((0, 1), (1, 2), (5, 32), (6, 60), (500, 60)):
        assert all(usual * 0.8 <= backoff(tries) <= usual * 1.2 for _ in range(50))
    assert len({backoff(3) for _ in range(10)}) > 1


async def test_an_api_that_is_away_for_weeks_fails_nothing(bench: Bench) -> None:
    job = await checked(bench)
    async with bench.checker.away():
        for _ in range(20):
            bench.clock.advance(24 * 3600)
            await bench.settled(job)
    assert (await bench.now(job)).state is JobState.CHECKING
    await bench.until(job, JobState.DONE)


async def test_an_unknown_status_is_treated_as_processing(bench: Bench) -> None:
    bench.faults.arm("unknown_status", times=2)
    assert (await bench.until(await checked(bench), JobState.DONE)).failure is None


async def test_a_task_that_failed_ends_the_job_and_is_told_with_its_words_and_its_id(bench: Bench) -> None:
    bench.faults.arm("task_fails", message="storage exploded")
    job = await bench.settled(await bench.until(await checked(bench), JobState.FAILED))
    assert job.failure is Failure.TASK_FAILED
    assert "storage exploded" in bench.said()[-1]
    assert str(job.task_id) in bench.said()[-1]


async def test_a_task_unknown_five_times_over_half_an_hour_fails(bench: Bench) -> None:
    bench.faults.arm("task_forgotten")
    job = await checked(bench)
    began = bench.clock.now()
    job = await bench.settled(await bench.until(job, JobState.FAILED))
    assert job.failure is Failure.TASK_UNKNOWN
    assert bench.checker.polls[job.task_id or ""] == 5
    assert bench.clock.now() - began >= 1800
    assert str(job.task_id) in bench.said()[-1]


async def test_a_task_that_is_known_again_goes_on(bench: Bench) -> None:
    bench.faults.arm("status_answer", times=4, status=404, body={"error": "task_not_found"})
    job = await bench.until(await checked(bench), JobState.DONE)
    assert job.unknown_answers == 0


async def test_a_task_that_stalls_is_said_once_polled_rarely_and_failed_after_a_week(bench: Bench) -> None:
    bench.faults.arm("task_stalls", at=0.5)
    job = await checked(bench)
    await bench.wait(20)
    bench.clock.advance(STALLED_SECONDS)
    await bench.settled(job)
    assert str(job.task_id) in bench.card(await bench.now(job)).text
    edits = len(bench.calls("editMessageText"))
    polls = bench.checker.polls[job.task_id or ""]
    await bench.wait(6 * 3600)
    assert len(bench.calls("editMessageText")) == edits
    assert bench.checker.polls[job.task_id or ""] - polls <= 6 * 6
    bench.clock.advance(7 * 24 * 3600)
    job = await bench.settled(await bench.until(job, JobState.FAILED))
    assert job.failure is Failure.TASK_STALLED
    assert str(job.task_id) in bench.said()[-1]


async def test_a_stalled_task_that_goes_on_is_delivered(bench: Bench) -> None:
    bench.faults.arm("task_stalls", at=0.5)
    job = await checked(bench)
    await bench.wait(20)
    bench.clock.advance(STALLED_SECONDS)
    await bench.settled(job)
    bench.checker.release(job.task_id or "")
    await bench.until(job, JobState.DONE)


async def test_a_question_that_hangs_does_not_hold_up_the_others(bench: Bench) -> None:
    jobs = [await checked(bench), await checked(bench, numbers(120, 9_130_000_000))]
    bench.faults.arm("status_hang", task_id=jobs[0].task_id)
    bench.clock.advance(60)
    turn = asyncio.Task(bench.turn())
    await bench.checker.wait_for(lambda server: server.downloads)
    bench.checker.held.let_go()
    await turn


async def test_the_pace_is_learned_from_a_task_that_was_followed(bench: Bench) -> None:
    await bench.until(await checked(bench), JobState.DELIVERING)
    assert 5 < await bench.store.facts.get(Fact.PACE, bench.clock.now()) < 15


async def test_no_pace_is_learned_from_a_task_that_ended_while_the_bot_was_away(bench: Bench) -> None:
    job = await checked(bench)
    bench.clock.advance(12 * 3600)
    await bench.until(job, JobState.DELIVERING)
    assert await bench.store.facts.get(Fact.PACE, bench.clock.now()) is None
