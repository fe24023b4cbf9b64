"""PROVIDER.md's rows for status and result: when the API is asked, and where the job goes."""

import asyncio
import errno
import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from bot.checking import backoff, next_question, processed
from bot.job import Failure, Job, JobState, Waiting
from bot.outcomes import Task, TaskStatus
from bot.preview import Terms
from bot.progress import RESULT_LATE_SECONDS, STALLED_SECONDS
from storage.facts import Fact
from tests.bot.bench import Bench, numbers

LIST = numbers(120)


async def checked(bench: Bench, text: str = LIST) -> Job:
    job = await bench.submitted(text)
    assert job.state is JobState.CHECKING
    return job


async def due_in(bench: Bench, job: Job) -> float:
    due_at = (await bench.now(job)).due_at
    assert due_at is not None
    return due_at - bench.clock.now()


def assert_doubling(waits: list[float]) -> None:
    """Each wait is twice the one before, give or take a fifth."""
    assert all(0.79 * 2**at <= wait <= 1.21 * 2**at for at, wait in enumerate(waits)), waits


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


async def test_the_progress_message_moves_and_says_how_far_it_is(bench: Bench) -> None:
    job = await bench.until(await checked(bench, numbers(300)), JobState.DELIVERING)
    bars = [text for text in bench.card(job).texts() if "▓" in text or "░" in text]
    assert len(bars) >= 3
    assert len(bars) == len(set(bars))


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
    job = await a_job(bench, valid=100, done=done, submitted_at=1000.0, moved_at=1000.0 + elapsed)
    terms = Terms(None, "USD", 12.0, None)
    assert next_question(job, terms, 1000.0 + elapsed) - 1000.0 - elapsed == pytest.approx(max(wait, 1.0))


async def test_a_task_that_stands_still_is_asked_about_less_and_less(bench: Bench) -> None:
    job = await a_job(bench, valid=100, done=100, submitted_at=1000.0, moved_at=1060.0)
    terms = Terms(None, "USD", 12.0, None)
    waits = [next_question(job, terms, 1060.0 + stood) - 1060.0 - stood for stood in (0, 12, 60, 600, 1800)]
    assert waits == [1.0, 2.0, 10.0, 30.0, 600.0]


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
    assert processed(task, await a_job(bench, valid=100)) == done


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


def an_xlsx_of_another_kind() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    "arm",
    [
        ("result_answer", {"status": 403, "body": "<html>expired</html>"}),
        ("result_answer", {"status": 404, "body": "no"}),
        ("result_answer", {"status": 410, "body": "gone"}),
        ("result_answer", {"status": 200, "body": "<html>log in</html>"}),
        ("result_expired", {}),
        ("result_cut", {}),
        ("result_truncated", {}),
        ("result_file", {"data": an_xlsx_of_another_kind()}),
    ],
    ids=["403", "404", "410", "a page", "expired", "cut", "truncated", "broken archive"],
)
async def test_a_result_that_cannot_be_had_is_fetched_from_a_fresh_address(
    bench: Bench, arm: tuple[str, dict[str, Any]]
) -> None:
    bench.faults.arm(arm[0], times=2, **arm[1])
    job = await checked(bench)
    bench.clock.advance(60)
    waits = []
    for _ in range(2):
        await bench.turn()
        assert (await bench.now(job)).waiting is Waiting.RESULT
        waits.append(await due_in(bench, job))
        bench.clock.advance(waits[-1])
    assert_doubling(waits)
    await bench.turn()
    assert (await bench.now(job)).state is JobState.DELIVERING
    assert len(bench.checker.links) == 3


async def test_an_exported_task_without_an_address_is_asked_about_again(bench: Bench) -> None:
    job = await checked(bench)
    bench.clock.advance(60)
    body = {"task_id": job.task_id, "status": "exported", "total": 120, "success": 120, "failure": 0}
    bench.faults.arm("status_answer", status=200, body=body)
    await bench.turn()
    assert (await bench.now(job)).waiting is Waiting.RESULT
    await bench.until(job, JobState.DONE)


async def test_a_result_that_cannot_be_had_for_an_hour_is_told_once_with_the_task_id(bench: Bench) -> None:
    bench.faults.arm("result_answer", times=200, status=403, body="no")
    job = await checked(bench)
    await bench.wait(RESULT_LATE_SECONDS - 60)
    assert len(bench.said()) == 1
    await bench.wait(600)
    assert len(bench.said()) == 2
    assert str(job.task_id) in bench.said()[-1]
    bench.faults.disarm("result_answer")
    await bench.until(job, JobState.DONE)
    assert len(bench.checker.ledger) == 1


async def test_a_result_that_is_not_understood_for_an_hour_is_handed_over_as_it_is(bench: Bench) -> None:
    raw = an_xlsx_of_another_kind()
    bench.faults.arm("result_file", times=20, data=raw)
    job = await checked(bench)
    bench.clock.advance(60)
    await bench.turn()
    bench.clock.advance(RESULT_LATE_SECONDS)
    job = await bench.settled(job)
    assert (job.state, job.yes + job.no + job.undetermined) == (JobState.DONE, 0)
    assert bench.documents()[-1].data == raw


async def test_a_full_disk_moves_the_clock_and_fails_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(_self: object, _url: str, _path: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    job = await checked(bench)
    bench.clock.advance(60)
    with monkeypatch.context() as patch:
        patch.setattr(type(bench.api), "download", full)
        await bench.turn()
    assert (await bench.now(job)).waiting is Waiting.RESULT
    assert await due_in(bench, job) < 2
    await bench.until(job, JobState.DONE)


async def test_nothing_of_a_result_is_left_on_the_disk(bench: Bench) -> None:
    bench.faults.arm("result_truncated")
    await bench.until(await checked(bench), JobState.DONE)
    assert list((bench.folder / "work").iterdir()) == []
