"""Tasks that run fast, slowly, in steps and not at all, asked as the worker asks them."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.job import Job, JobState
from bot.pace import MEMORY_SECONDS, STILL_SECONDS, is_slower, pace_of, seconds_left
from tests.fakes import NOW, a_job

WHOLE = 100_000
BEGUN = a_job(state=JobState.CHECKING, valid=WHOLE, task_id="task-7", state_since=float(NOW), moved_at=float(NOW))


def answers(done_at: Callable[[float], float], seconds: float, *, every: float = 30.0, job: Job = BEGUN) -> Job:
    """Ask a task how far it is, again and again, and give the job as it is then."""
    return list(asked(done_at, seconds, every=every, job=job))[-1]


def asked(done_at: Callable[[float], float], seconds: float, *, every: float, job: Job) -> Iterator[Job]:
    at = every
    while at <= seconds:
        done, now = int(done_at(at)), NOW + at
        pace = pace_of(job, done, now)
        job = replace(job, pace=pace, done=done, moved_at=now if done != job.done else job.moved_at)
        yield job
        at += every


def test_nothing_is_known_of_the_pace_before_something_moves() -> None:
    job = answers(lambda _: 0, 300)

    assert job.pace is None
    assert seconds_left(job, 12.0, NOW + 300) == pytest.approx(WHOLE / 12)


@pytest.mark.parametrize("every", [1.0, 7.0, 30.0])
def test_a_steady_task_has_a_steady_estimate(every: float) -> None:
    job = answers(lambda at: 20 * at, 1200, every=every)

    assert job.pace == pytest.approx(20, rel=0.01)
    assert seconds_left(job, 12.0, NOW + 1200) == pytest.approx((WHOLE - job.done) / 20, rel=0.01)
    assert not is_slower(job, NOW + 1200)


def test_a_task_that_slows_down_does_not_promise_a_minute_for_an_hour() -> None:
    fast = 600

    def done_at(at: float) -> float:
        return min(at, fast) * 150 + max(at - fast, 0) * 2  # 90,000 in ten minutes, then two a second: 83 minutes

    promised = answers(done_at, fast)
    assert (seconds_left(promised, 12.0, NOW + fast) or 0) == pytest.approx(67, rel=0.05)

    for minutes, honest in ((5, 0.5), (8, 0.9), (30, 0.99)):
        at = fast + minutes * 60
        job = answers(done_at, at)
        truly = (WHOLE - done_at(at)) / 2
        assert seconds_left(job, 12.0, NOW + at) == pytest.approx(truly, rel=1 - honest + 0.01)
        assert is_slower(job, NOW + at)


def test_a_task_that_answers_in_steps_of_minutes_is_measured_over_its_steps() -> None:
    steps = answers(lambda at: at // 120 * 1200, 1200)

    assert steps.pace == pytest.approx(10, rel=0.02)


def test_a_task_that_stands_still_has_no_estimate() -> None:
    job = answers(lambda at: 10 * min(at, 300), 300 + STILL_SECONDS)

    assert seconds_left(job, 12.0, NOW + 300 + STILL_SECONDS - 1) is not None
    assert seconds_left(job, 12.0, NOW + 300 + STILL_SECONDS) is None


def test_the_time_the_bot_was_away_counts_for_the_api_went_on() -> None:
    before = answers(lambda at: 10 * at, 300)
    away = 3600.0
    pace = pace_of(before, before.done + int(10 * away), NOW + 300 + away)

    assert pace == pytest.approx(10, rel=0.01)


@pytest.mark.parametrize("seconds", [0.0, -30.0])
def test_a_clock_that_stands_or_goes_back_leaves_the_pace_as_it_was(seconds: float) -> None:
    job = answers(lambda at: 10 * at, 300)

    assert pace_of(job, job.done + 500, NOW + 300 + seconds) == job.pace
    assert pace_of(BEGUN, 500, NOW + seconds) is None


def test_less_than_before_is_no_movement() -> None:
    job = answers(lambda at: 10 * at, 300)

    assert pace_of(job, job.done - 500, NOW + 330) == job.pace


def test_the_pace_is_that_of_the_last_minute_or_two() -> None:
    job = answers(lambda at: 5 * at, 600)
    faster = answers(lambda at: 5 * at + 10 * max(at - 600, 0), 600 + 3 * MEMORY_SECONDS)

    assert job.pace == pytest.approx(5, rel=0.01)
    assert faster.pace == pytest.approx(15, rel=0.05)


def test_nothing_is_left_of_what_is_done() -> None:
    assert seconds_left(replace(BEGUN, done=WHOLE), 12.0, NOW) is None
    assert seconds_left(replace(BEGUN, done=WHOLE + 5), 12.0, NOW) is None
