"""The step that spends money: its intent is older than any charge, and an answer counts for its own attempt only."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.job import Failure, JobState, Waiting
from storage.facts import Fact
from storage.submits import ANSWER_SECONDS
from tests.storage.building import ANNA, BORIS, CALLS, NOW, Store, in_state


def attempts_in(path: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute("SELECT * FROM attempts ORDER BY begun_at, attempt_id")]


async def test_the_intent_is_stored_with_the_move_and_says_who_asked_and_how_many(store: Store, path: Path) -> None:
    case = await in_state(store, JobState.SUBMITTING)
    (attempt,) = attempts_in(path)
    assert attempt["attempt_id"] == case.attempt.attempt_id
    assert (attempt["asked_by"], attempt["numbers"], attempt["begun_at"]) == (ANNA, case.job.valid, NOW)
    assert attempt["outcome"] is None
    assert case.attempt.job == await store.job(case.job.id)


async def test_a_submit_that_could_not_begin_leaves_no_intent(store: Store, path: Path) -> None:
    case = await in_state(store, JobState.CANCELLED)
    assert await store.submits.begin_submit(case.job, NOW) is None
    assert attempts_in(path) == []


async def test_no_submit_begins_once_an_admin_has_stopped_them_however_late_that_was(store: Store, path: Path) -> None:
    case = await in_state(store, JobState.QUEUED)
    await store.facts.keep(Fact.STOPPED, {"by": BORIS, "at": NOW})
    assert await store.submits.begin_submit(case.job, NOW) is None
    assert attempts_in(path) == []
    await store.facts.forget(Fact.STOPPED)
    assert await store.submits.begin_submit(case.job, NOW) is not None


@pytest.mark.parametrize(
    ("method", "outcome"),
    [
        ("accepted", "accepted"),
        ("submit_later", "not-charged"),
        ("ask_after_submit", "not-charged"),
        ("refused_by_api", "refused"),
        ("unsure", "unknown"),
        ("unsure_after_stop", "unknown"),
    ],
)
async def test_every_outcome_closes_the_attempt(store: Store, path: Path, method: str, outcome: str) -> None:
    case = await in_state(store, JobState.SUBMITTING)
    await CALLS[method](store, case)
    (attempt,) = attempts_in(path)
    assert (attempt["outcome"], attempt["ended_at"]) == (outcome, NOW)
    assert (attempt["task_id"] is not None) == (outcome == "accepted")


async def test_a_later_try_keeps_what_holds_it_up_and_counts_only_where_it_should(store: Store) -> None:
    case = await in_state(store, JobState.SUBMITTING)
    job = await store.submits.submit_later(case.attempt, Waiting.BUSY, "", NOW, due_at=NOW + 9, count=True)
    assert job is not None
    assert (job.tries, job.waiting, job.due_at, job.attempts) == (1, Waiting.BUSY, NOW + 9, 1)
    await store.jobs.note_told(job, NOW)
    attempt = await store.submits.begin_submit(job, NOW + 9)
    assert attempt is not None
    assert (attempt.job.tries, attempt.job.waiting, attempt.job.told_at) == (1, Waiting.BUSY, NOW)
    job = await store.submits.submit_later(attempt, Waiting.MONEY, "", NOW, due_at=NOW + 9, count=False)
    assert job is not None
    assert (job.tries, job.waiting, job.told_at, job.attempts) == (1, Waiting.MONEY, NOW, 2)


@pytest.mark.parametrize("method", ["submit_later", "ask_after_submit", "refused_by_api", "unsure"])
async def test_a_late_answer_does_not_move_a_job_that_is_being_submitted_once_more(store: Store, method: str) -> None:
    case = await in_state(store, JobState.UNSURE)
    again = await store.submits.send_again(case.job, 1, BORIS, NOW)
    assert again is not None
    second = await store.submits.begin_submit(again, NOW)
    assert second is not None
    assert await CALLS[method](store, case) is None
    assert await store.job(case.job.id) == second.job


async def test_a_task_id_that_comes_late_ends_the_doubt(store: Store, path: Path) -> None:
    case = await in_state(store, JobState.UNSURE)
    job = await store.submits.accepted(case.attempt, "task1", None, NOW + 7, NOW + 8)
    assert job is not None
    assert (job.state, job.task_id, job.failure, job.due_at) == (JobState.CHECKING, "task1", None, NOW + 8)
    assert [attempt["outcome"] for attempt in attempts_in(path)] == ["accepted"]


async def test_a_task_id_that_comes_when_a_person_has_decided_is_kept_with_its_attempt(
    store: Store, path: Path
) -> None:
    case = await in_state(store, JobState.CLOSED)
    assert await store.submits.accepted(case.attempt, "task1", None, NOW, NOW) is None
    assert (await store.job(case.job.id)).state is JobState.CLOSED
    assert [(one["outcome"], one["task_id"]) for one in attempts_in(path)] == [("accepted", "task1")]


async def test_how_an_attempt_ended_is_not_written_over(store: Store, path: Path) -> None:
    case = await in_state(store, JobState.CHECKING)
    await store.submits.unsure(case.attempt, "somebody else's mistake", NOW + 1)
    assert [(one["outcome"], one["task_id"]) for one in attempts_in(path)] == [("accepted", "task1")]


async def test_at_the_start_every_submit_under_way_is_left_to_a_person(store: Store, path: Path) -> None:
    cases = [await in_state(store, JobState.SUBMITTING) for _ in range(3)]
    other = await in_state(store, JobState.QUEUED)
    moved = await store.submits.unsure_after_stop(NOW + 1)
    assert {job.id for job in moved} == {case.job.id for case in cases}
    for job in moved:
        assert (job.state, job.failure, job.submitted_at) == (JobState.UNSURE, Failure.STOPPED_MIDWAY, NOW)
        assert (job.due_at, job.told_at) == (NOW + 1, None)
    assert {attempt["outcome"] for attempt in attempts_in(path)} == {"unknown"}
    assert (await store.job(other.job.id)).state is JobState.QUEUED
    assert await store.submits.unsure_after_stop(NOW + 2) == ()


async def test_later_only_a_submit_whose_step_was_lost_is_left_to_a_person(store: Store) -> None:
    lost = await in_state(store, JobState.SUBMITTING, now=NOW)
    queued = await in_state(store, JobState.QUEUED)
    late = NOW + ANSWER_SECONDS
    fresh = await store.submits.begin_submit(queued.job, NOW + 1)
    assert fresh is not None
    taken = await store.jobs.take_due(late, lease="mine", until=late + 1200, most=9)
    assert [job.id for job in taken] == [lost.job.id]  # the worker has moved its clock before the step asks
    moved = await store.submits.unsure_after_stop(late, due_by=late)
    assert [job.id for job in moved] == [lost.job.id]
    assert (await store.job(queued.job.id)).state is JobState.SUBMITTING


async def test_send_again_counts_only_for_the_attempt_that_the_person_saw(store: Store) -> None:
    case = await in_state(store, JobState.UNSURE)
    assert await store.submits.send_again(case.job, 0, BORIS, NOW) is None
    again = await store.submits.send_again(case.job, 1, BORIS, NOW)
    assert again is not None
    assert (again.state, again.asked_by, again.failure) == (JobState.QUEUED, BORIS, None)
    assert await store.submits.send_again(case.job, 1, BORIS, NOW) is None


async def test_what_the_api_said_about_the_money_is_kept_with_the_task(store: Store) -> None:
    case = await in_state(store, JobState.CHECKING)
    assert (case.job.task_id, case.job.amount, case.job.submitted_at) == ("task1", "0.74 USD", NOW)
    assert case.job.due_at == NOW + 1


async def test_only_what_nobody_has_decided_about_for_long_is_closed(store: Store) -> None:
    young, old, waiting = [
        await in_state(store, state) for state in (JobState.UNSURE, JobState.UNSURE, JobState.QUEUED)
    ]
    async with store.database.write() as connection:
        await connection.exec_driver_sql("UPDATE jobs SET state_since = ? WHERE id >= ?", (NOW - 9, old.job.id))
    waiting.job = await store.job(waiting.job.id)
    (closed,) = await store.submits.close_unanswered(NOW - 5, NOW + 60)
    assert (closed.id, closed.state, closed.failure) == (old.job.id, JobState.CLOSED, Failure.WAITED_TOO_LONG)
    assert (closed.state_since, closed.due_at, closed.told_at) == (NOW + 60, NOW + 60, None)
    assert await store.job(young.job.id) == young.job
    assert await store.job(waiting.job.id) == waiting.job
    assert await store.lists.numbers(old.job.id) is not None
    assert await store.submits.send_again(old.job, 1, ANNA, NOW + 61) is None
