"""What the journal knows wins over what the database does not."""

from pathlib import Path

import pytest

from bot.job import Job, JobState, Receipt
from storage.backups import back_up, restore
from storage.database import open_database
from storage.receipts import PaidTasks
from tests.storage.building import NOW, Case, Store, in_state

TASK = "cs9viu7i61pkfs4oavvg"
PAID_AT = NOW + 10


def receipt_of(case: Case) -> Receipt:
    return Receipt(case.attempt.attempt_id, case.job.token, TASK, PAID_AT)


async def outcomes(store: Store) -> list[tuple[str, str | None, str | None]]:
    async with store.database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT attempt_id, outcome, task_id FROM attempts ORDER BY begun_at")
        return [tuple(row) for row in rows]


async def take_over(store: Store, receipt: Receipt) -> Job | None:
    return await PaidTasks(store.database).take_over(receipt, NOW + 60)


@pytest.mark.parametrize("state", [JobState.SUBMITTING, JobState.UNSURE])
async def test_a_paid_task_goes_on_where_its_answer_was_not_stored(state: JobState, store: Store) -> None:
    case = await in_state(store, state)
    job = await take_over(store, receipt_of(case))
    assert job is not None
    assert (job.state, job.task_id, job.submitted_at) == (JobState.CHECKING, TASK, PAID_AT)
    assert (job.due_at, job.failure, job.told_at) == (NOW + 60, None, None)
    assert await outcomes(store) == [(case.attempt.attempt_id, "accepted", TASK)]


@pytest.mark.parametrize("state", [JobState.CONFIRMING, JobState.QUEUED])
async def test_a_restored_list_that_was_paid_meanwhile_is_not_asked_about_again(state: JobState, store: Store) -> None:
    case = await in_state(store, state)
    receipt = Receipt("an attempt that the copy has never seen", case.job.token, TASK, PAID_AT)
    job = await take_over(store, receipt)
    assert job is not None
    assert (job.state, job.task_id, job.attempts) == (JobState.CHECKING, TASK, 1)
    assert await outcomes(store) == [(receipt.attempt_id, "accepted", TASK)]


@pytest.mark.parametrize(
    "state",
    [JobState.CHECKING, JobState.DELIVERING, JobState.DONE, JobState.FAILED, JobState.CLOSED, JobState.CANCELLED],
)
async def test_a_job_that_is_further_already_stays_as_it_is(state: JobState, store: Store) -> None:
    case = await in_state(store, state)
    before = await store.job(case.job.id)
    assert await take_over(store, Receipt("another attempt", case.job.token, TASK, PAID_AT)) is None
    assert await store.job(case.job.id) == before


async def test_the_same_receipt_twice_changes_nothing_more(store: Store) -> None:
    case = await in_state(store, JobState.SUBMITTING)
    first = await take_over(store, receipt_of(case))
    assert first is not None
    assert await take_over(store, receipt_of(case)) is None
    assert await store.job(case.job.id) == first


async def test_a_receipt_of_a_job_that_a_restored_copy_never_had_is_passed_over(store: Store) -> None:
    assert await take_over(store, Receipt("attempt", "a token that nobody has", TASK, PAID_AT)) is None


async def test_an_answered_submit_does_not_make_a_second_one_by_a_person_paid(store: Store) -> None:
    """The first submit was accepted and is known to be; the second, asked for by a person, is under way."""
    case = await in_state(store, JobState.UNSURE)
    again = await store.submits.send_again(await store.job(case.job.id), 1, 11, NOW)
    assert again is not None
    second = await store.submits.begin_submit(again, NOW + 1)
    assert second is not None
    job = await take_over(store, Receipt(second.attempt_id, case.job.token, TASK, PAID_AT))
    assert job is not None
    assert (job.state, job.attempts, job.task_id) == (JobState.CHECKING, 2, TASK)


async def test_a_backup_from_before_the_press_does_not_pay_twice(store: Store, path: Path, tmp_path: Path) -> None:
    case = await in_state(store, JobState.QUEUED)
    copy, target = tmp_path / "copy.db", tmp_path / "restored.db"
    back_up(path, copy)
    restore(copy, target, NOW + 30)
    async with open_database(f"sqlite:///{target}") as database:
        restored = Store(database)
        job = await take_over(restored, Receipt("attempt", case.job.token, TASK, PAID_AT))
        assert job is not None
        assert job.state is JobState.CHECKING


async def test_only_receipts_that_may_put_something_right_are_looked_at(store: Store) -> None:
    midway, paid = await in_state(store, JobState.SUBMITTING), await in_state(store, JobState.CHECKING)
    restored = await in_state(store, JobState.CONFIRMING)
    receipts = (
        receipt_of(midway),
        receipt_of(paid),
        Receipt("never seen", restored.job.token, TASK, PAID_AT),
        Receipt("never seen", "a token that nobody has", TASK, PAID_AT),
    )
    looked_at = await PaidTasks(store.database).worth_a_look(receipts)
    assert [one.job_token for one in looked_at] == [midway.job.token, restored.job.token]


async def test_a_restored_list_whose_task_an_admin_named_goes_on_with_it_and_knows_by_whom(store: Store) -> None:
    case = await in_state(store, JobState.UNSURE)
    receipt = Receipt(case.attempt.attempt_id, case.job.token, TASK, PAID_AT, named_by=13)
    job = await take_over(store, receipt)
    assert job is not None
    assert (job.state, job.task_id) == (JobState.CHECKING, TASK)
    assert await store.unsure.was_named(job)
    older = await in_state(store, JobState.QUEUED)
    job = await take_over(store, Receipt("never seen", older.job.token, f"{TASK}2", PAID_AT, named_by=13))
    assert job is not None
    assert await store.unsure.was_named(job)
