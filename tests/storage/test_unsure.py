"""What people know of unsure jobs."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.job import Job, JobState, Receipt, Waiting
from bot.unsure import Compared
from storage.facts import Fact
from storage.submits import BALANCE_SECONDS
from storage.unsure import TaskTakenError
from tests.storage.building import ANNA, BORIS, CHAT, NOW, OTHER_CHAT, Case, Store, in_state, write_nothing_down

TASK = "cs9viu7i61pkfs4oavvg"


async def known_balance(store: Store, amount: str | None = "20.08", at: float = NOW) -> None:
    await store.facts.keep(Fact.BALANCE, {"amount": amount, "at": at, "ask_at": at + 30})


async def unsure(store: Store, now: float = NOW, ended_at: float = NOW) -> Job:
    case = await in_state(store, JobState.QUEUED, now=now)
    attempt = await store.submits.begin_submit(case.job, now)
    assert attempt is not None
    moved = await store.submits.unsure(attempt, "it broke", ended_at)
    assert moved is not None
    return moved


async def attempts(store: Store) -> list[tuple[object, ...]]:
    async with store.database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT outcome, task_id, named_by FROM attempts ORDER BY begun_at")
        return [tuple(row) for row in rows]


async def test_all_unsure_jobs_are_listed_oldest_first_whatever_their_chat(store: Store) -> None:
    later = await in_state(store, JobState.UNSURE, chat_id=OTHER_CHAT)
    first = await in_state(store, JobState.UNSURE)
    await in_state(store, JobState.CHECKING)
    async with store.database.write() as connection:
        await connection.exec_driver_sql("UPDATE jobs SET state_since = ? WHERE id = ?", (NOW - 9, first.job.id))
    assert [job.id for job in await store.unsure.of_all_chats()] == [first.job.id, later.job.id]


@pytest.mark.parametrize("state", JobState)
async def test_a_job_of_any_chat_is_given_only_while_it_is_unsure(store: Store, state: JobState) -> None:
    case = await in_state(store, state, chat_id=OTHER_CHAT)
    found = await store.unsure.in_any_chat(case.job.token)
    assert (found is not None) == (state is JobState.UNSURE)


@pytest.mark.parametrize("later", [0.0, -3600.0], ids=["in the same moment", "after the clock was set back"])
async def test_a_task_is_never_named_for_a_submit_that_was_surely_not_charged(store: Store, later: float) -> None:
    case = await in_state(store, JobState.SUBMITTING)
    for _ in range(3):
        await store.submits.submit_later(case.attempt, Waiting.BUSY, "busy", NOW, due_at=NOW, count=True)
        attempt = await store.submits.begin_submit(await store.job(case.job.id), NOW + later)
        assert attempt is not None
        case.attempt = attempt
    job = await store.submits.unsure(case.attempt, "it broke", NOW)
    assert job is not None
    assert await store.unsure.task_known(job, TASK, ANNA, NOW, write_nothing_down)
    outcomes = sorted(await attempts(store), key=str)
    assert outcomes == [("accepted", TASK, ANNA), *[("not-charged", None, None)] * 3]


async def test_a_chat_was_asked_about_one_attempt_and_not_about_the_next(store: Store) -> None:
    job = await unsure(store)
    assert not await store.unsure.was_asked(job, CHAT)
    for _ in range(2):
        await store.unsure.note_asked(job, CHAT, NOW)
    assert await store.unsure.was_asked(job, CHAT)
    assert not await store.unsure.was_asked(job, ANNA)
    assert not await store.unsure.was_asked(replace(job, attempts=2), CHAT)


async def test_the_balance_before_and_after_an_attempt_is_compared(store: Store) -> None:
    await known_balance(store, at=NOW - 5)
    job = await unsure(store)
    assert await store.unsure.lacks_balance_after(job)
    assert await store.unsure.balances(job) is None
    await store.unsure.keep_balance_after(job, Decimal("19.34"), NOW + 1)
    assert not await store.unsure.lacks_balance_after(job)
    assert await store.unsure.balances(job) == Compared(Decimal("20.08"), Decimal("19.34"))


@pytest.mark.parametrize(("amount", "at"), [(None, NOW), ("20", NOW - BALANCE_SECONDS - 1), ("20", NOW + 1)])
async def test_a_balance_that_is_old_or_unknown_is_not_noted_before_an_attempt(
    store: Store, amount: str | None, at: float
) -> None:
    await known_balance(store, amount, at)
    job = await unsure(store)
    assert not await store.unsure.lacks_balance_after(job)
    await store.unsure.keep_balance_after(job, Decimal(20), NOW + 1)
    assert await store.unsure.balances(job) is None


@pytest.mark.parametrize(
    ("outcome", "said"),
    [("accepted", False), ("unsure", False), ("under way", False), ("refused", True)],
)
async def test_nothing_is_compared_where_another_submit_may_have_been_charged_in_between(
    store: Store, outcome: str, *, said: bool
) -> None:
    await known_balance(store, at=NOW)
    job = await unsure(store)
    other = await in_state(store, JobState.QUEUED)
    attempt = await store.submits.begin_submit(other.job, NOW + 1)
    assert attempt is not None
    if outcome == "accepted":
        await store.submits.accepted(attempt, "task1", None, NOW + 2, NOW + 3)
    elif outcome == "unsure":
        await store.submits.unsure(attempt, "broke", NOW + 2)
    elif outcome == "refused":
        await store.submits.refused_by_api(attempt, "no", NOW + 2)
    await store.unsure.keep_balance_after(job, Decimal(20), NOW + 5)
    assert (await store.unsure.balances(job) is not None) == said


async def test_submits_before_the_first_and_after_the_second_reading_do_not_matter(store: Store) -> None:
    earlier = await in_state(store, JobState.QUEUED)
    attempt = await store.submits.begin_submit(earlier.job, NOW - 20)
    assert attempt is not None
    await store.submits.accepted(attempt, "task1", None, NOW - 10, NOW)
    await known_balance(store, at=NOW - 5)
    job = await unsure(store)
    await store.unsure.keep_balance_after(job, Decimal(20), NOW + 1)
    later = await in_state(store, JobState.QUEUED)
    await store.submits.begin_submit(later.job, NOW + 2)
    assert await store.unsure.balances(job) is not None


async def test_a_task_that_a_person_knows_lets_the_job_go_on_and_is_written_down(store: Store) -> None:
    job = await unsure(store)
    moved = await store.unsure.task_known(job, TASK, BORIS, NOW + 60, write_nothing_down)
    assert moved is not None
    assert (moved.state, moved.task_id, moved.due_at) == (JobState.CHECKING, TASK, NOW + 60)
    assert moved.submitted_at == NOW
    assert await attempts(store) == [("accepted", TASK, BORIS)]
    assert await store.unsure.was_named(moved)


async def test_a_task_that_the_api_named_was_not_named_by_a_person(store: Store) -> None:
    case = await in_state(store, JobState.CHECKING)
    assert not await store.unsure.was_named(case.job)


async def test_the_receipt_of_a_named_task_is_written_before_the_database_has_it(store: Store, second: Store) -> None:
    job, written = await unsure(store), []

    async def write_down(receipt: Receipt) -> None:
        written.append((receipt, (await second.job(job.id)).state))

    await store.unsure.task_known(job, TASK, BORIS, NOW + 60, write_down)
    [(receipt, state)] = written
    assert (receipt.job_token, receipt.task_id, receipt.at, receipt.named_by) == (job.token, TASK, NOW, BORIS)
    assert state is JobState.UNSURE


async def test_a_task_that_another_job_has_is_refused(store: Store) -> None:
    other = await in_state(store, JobState.CHECKING)
    assert other.job.task_id is not None
    job, written = await unsure(store), []

    async def write_down(receipt: Receipt) -> None:
        written.append(receipt)

    with pytest.raises(TaskTakenError):
        await store.unsure.task_known(job, other.job.task_id, BORIS, NOW, write_down)
    assert written == []
    assert (await store.job(job.id)).state is JobState.UNSURE


async def test_a_task_is_not_taken_for_a_job_that_was_sent_again(store: Store) -> None:
    job = await unsure(store)
    again = await store.submits.send_again(job, 1, ANNA, NOW + 1)
    assert again is not None
    attempt = await store.submits.begin_submit(again, NOW + 2)
    assert attempt is not None
    await store.submits.unsure(attempt, "broke again", NOW + 3)
    assert await store.unsure.task_known(job, TASK, BORIS, NOW + 4, write_nothing_down) is None
    assert [row[0] for row in await attempts(store)] == ["unknown", "unknown"]


async def test_what_an_admin_is_asked_for_is_found_by_the_message_that_asked(store: Store) -> None:
    one, two = await unsure(store), await unsure(store)
    for job, prompt in ((one, 70), (two, 71)):
        await store.unsure.await_task(BORIS, job, NOW + prompt)
        await store.unsure.note_prompt(BORIS, job, prompt)
    found = await store.unsure.awaited_by_prompt(BORIS, 70)
    assert found is not None
    assert (found.job.id, found.is_open, found.offered) == (one.id, True, None)
    assert await store.unsure.awaited_by_prompt(ANNA, 70) is None
    assert await store.unsure.awaited_by_prompt(BORIS, 72) is None
    last = await store.unsure.awaited_last(BORIS)
    assert last is not None
    assert last.job.id == two.id


async def test_a_decided_job_waits_for_no_task(store: Store) -> None:
    job = await unsure(store)
    await store.unsure.await_task(BORIS, job, NOW)
    await store.unsure.note_prompt(BORIS, job, 70)
    await store.submits.close(job, NOW)
    found = await store.unsure.awaited_by_prompt(BORIS, 70)
    assert found is not None
    assert not found.is_open
    assert await store.unsure.awaited_last(BORIS) is None


async def test_an_offered_id_is_forgotten_when_they_are_asked_anew(store: Store) -> None:
    job = await unsure(store)
    await store.unsure.await_task(BORIS, job, NOW)
    await store.unsure.note_offered(BORIS, job, "odd")
    found = await store.unsure.awaited_of_job(BORIS, job.token)
    assert found is not None
    assert found.offered == "odd"
    await store.unsure.await_task(BORIS, job, NOW + 1)
    found = await store.unsure.awaited_of_job(BORIS, job.token)
    assert found is not None
    assert found.offered is None


async def test_a_job_without_an_attempt_has_nothing_to_compare(store: Store) -> None:
    case: Case = await in_state(store, JobState.QUEUED)
    await store.unsure.keep_balance_after(case.job, Decimal(1), NOW)
    assert await store.unsure.balances(case.job) is None
