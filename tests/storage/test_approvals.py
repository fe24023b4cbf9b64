"""Approvals: one question at a time for a list as it was shown, one answer, and nothing that an old one can start."""

import asyncio

import pytest
from sqlalchemy import delete

from bot.approvals import Approval, Decision
from bot.job import Job, JobState
from bot.quotas import Quotas
from storage.approvals import Asker
from storage.database import Database
from storage.moves import CONFIRM_SECONDS
from storage.quotas import QuotaReachedError
from storage.schema import jobs
from tests.storage.building import (
    ADA,
    ANNA,
    BORIS,
    NOW,
    PACKED,
    READING,
    Store,
    in_state,
    text_message,
)

ASKER, OTHER = Asker(ANNA, "Anna"), Asker(BORIS, "Boris")
EVA = Asker(14, "Eva")


async def asked(store: Store) -> tuple[Job, Approval]:
    """A list that an admin is asked about."""
    case = await in_state(store, JobState.CONFIRMING)
    found = await store.approvals.ask(case.job, 1, ASKER, NOW)
    assert found is not None
    return await store.job(case.job.id), found[0]


async def changed(store: Store, job: Job) -> Job:
    """One message more on the list, which is read again."""
    grown = await store.lists.join(job.id, text_message(next(store.message_ids) + 5000), NOW)
    assert grown is not None
    read = await store.moves.read(grown, PACKED, READING, NOW)
    assert read is not None
    return read


async def test_a_question_is_about_the_list_as_it_was_shown_and_makes_it_due(store: Store) -> None:
    job, approval = await asked(store)
    assert (approval.job_id, approval.revision, approval.numbers) == (job.id, 1, job.valid)
    assert (approval.asked_by, approval.asked_by_name, approval.asked_at) == (ANNA, "Anna", NOW)
    assert (job.state, job.due_at, job.asked_by) == (JobState.CONFIRMING, NOW, None)
    assert await store.approvals.latest(job.id) == await store.approvals.of_token(approval.token) == approval
    assert await store.approvals.unsettled(job.id) == (approval,)
    assert await store.approvals.of_token("no such token") is None
    assert await store.approvals.latest(99) is None


async def test_asking_ends_the_wait_for_more_numbers_which_would_change_the_list(store: Store) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    await store.lists.await_more(case.job.id, ANNA, NOW + 600, NOW)
    await store.approvals.ask(case.job, 1, ASKER, NOW)
    assert (await store.job(case.job.id)).adding_by is None


async def test_who_asks_second_is_told_that_it_is_asked_already(store: Store) -> None:
    job, approval = await asked(store)
    await store.approvals.note_card(approval, 13, 5)
    assert await store.approvals.ask(job, 1, OTHER, NOW + 9) == (approval, False)
    assert await store.approvals.cards(approval) == {13: 5}


async def test_whoever_could_not_be_reached_is_asked_once_more(store: Store) -> None:
    job, approval = await asked(store)
    await store.approvals.note_card(approval, 13, 5)
    await store.approvals.note_card(approval, 14, None)
    assert await store.approvals.ask(job, 1, OTHER, NOW + 9) == (approval, True)
    assert await store.approvals.cards(approval) == {13: 5}


async def test_an_admin_who_opens_a_private_chat_is_asked_what_waits(store: Store) -> None:
    job, approval = await asked(store)
    await store.approvals.note_card(approval, 13, None)
    await store.approvals.note_card(approval, 14, None)
    await store.jobs.release_leases(NOW)
    assert await store.approvals.reachable(13, NOW + 50)
    assert await store.approvals.cards(approval) == {14: None}
    assert (await store.job(job.id)).due_at == NOW + 50
    assert not await store.approvals.reachable(13, NOW + 60)


async def test_a_yes_queues_the_list_for_who_asked_and_once(store: Store) -> None:
    job, approval = await asked(store)
    queued = await store.approvals.approve(job.id, 1, ADA, NOW + 5)
    assert queued is not None
    assert (queued.state, queued.asked_by, queued.queued_at) == (JobState.QUEUED, ANNA, NOW + 5)
    now = await store.approvals.of_token(approval.token)
    assert now is not None
    assert (now.decision, now.decided_by, now.decided_by_name, now.decided_at) == (
        Decision.APPROVED,
        ADA.person_id,
        "Ada",
        NOW + 5,
    )
    assert await store.approvals.approve(job.id, 1, EVA, NOW + 6) is None
    assert not await store.approvals.decline(approval, EVA, NOW + 6)
    assert await store.job(job.id) == queued


async def test_of_two_admins_who_press_at_once_the_first_decides(store: Store, second: Store) -> None:
    job, approval = await asked(store)
    yes, no = await asyncio.gather(
        store.approvals.approve(job.id, 1, ADA, NOW), second.approvals.decline(approval, EVA, NOW)
    )
    now = await store.approvals.of_token(approval.token)
    assert now is not None
    assert (yes is None) == no
    assert now.decision is (Decision.DECLINED if no else Decision.APPROVED)
    assert (await store.job(job.id)).state is (JobState.CONFIRMING if no else JobState.QUEUED)


async def test_a_no_leaves_the_list_waiting_and_it_can_be_asked_again(store: Store) -> None:
    job, approval = await asked(store)
    assert await store.approvals.decline(approval, ADA, NOW + 5)
    assert (await store.job(job.id)).due_at == NOW + 5
    assert await store.approvals.approve(job.id, 1, EVA, NOW + 6) is None
    (untold,) = await store.approvals.unsettled(job.id)
    await store.approvals.note_told(untold, NOW + 7)
    assert await store.approvals.unsettled(job.id) == ()
    again = await store.approvals.ask(job, 1, OTHER, NOW + 8)
    assert again is not None
    assert again[0].id != approval.id
    assert again[0].asked_by == BORIS
    assert await store.approvals.latest(job.id) == again[0]


async def test_a_yes_to_a_list_that_has_changed_starts_nothing(store: Store) -> None:
    job, approval = await asked(store)
    await store.lists.join(job.id, text_message(9000), NOW)
    assert await store.approvals.approve(job.id, 1, ADA, NOW) is None  # added, and not read yet
    job = await store.job(job.id)
    await store.moves.read(job, PACKED, READING, NOW)
    assert await store.approvals.approve(job.id, 1, ADA, NOW) is None
    assert await store.approvals.approve(job.id, 2, ADA, NOW) is None  # that is not what was asked about
    assert not await store.approvals.decline(approval, ADA, NOW)
    assert (await store.job(job.id)).state is JobState.CONFIRMING


async def test_asking_about_a_changed_list_ends_the_old_question_but_not_what_is_to_be_said_of_it(
    store: Store,
) -> None:
    job, approval = await asked(store)
    await store.approvals.note_card(approval, 13, 5)
    job = await changed(store, job)
    assert await store.approvals.ask(job, 1, ASKER, NOW) is None
    again = await store.approvals.ask(job, 2, ASKER, NOW)
    assert again is not None
    old, new = await store.approvals.unsettled(job.id)
    assert (old.id, old.decision, new) == (approval.id, Decision.CHANGED, again[0])
    assert await store.approvals.cards(old) == {13: 5}
    await store.approvals.drop_card(old, 13)
    assert await store.approvals.unsettled(job.id) == (new,)
    assert await store.approvals.approve(job.id, 2, ADA, NOW) is not None


@pytest.mark.parametrize("how", ["cancelled", "expired", "forgotten"])
async def test_a_yes_to_a_list_that_has_ended_starts_nothing(store: Store, how: str) -> None:
    job, approval = await asked(store)
    if how == "cancelled":
        await store.moves.cancel(job, NOW)
    elif how == "expired":
        await store.moves.expire(job, NOW + CONFIRM_SECONDS)
    else:
        await store.forgetting.forget(job, NOW)
    ended = await store.job(job.id)
    assert await store.approvals.approve(job.id, 1, ADA, NOW) is None
    assert not await store.approvals.decline(approval, ADA, NOW)
    assert await store.approvals.ask(job, 1, ASKER, NOW) is None
    assert await store.job(job.id) == ended
    assert await store.approvals.end(approval, Decision.OVER, NOW)
    assert not await store.approvals.end(approval, Decision.OVER, NOW)
    assert await store.approvals.unsettled(job.id) == ()


async def test_a_yes_is_good_for_one_submit(store: Store) -> None:
    job, _ = await asked(store)
    queued = await store.approvals.approve(job.id, 1, ADA, NOW)
    assert queued is not None
    again = await store.moves.ask_after_waiting(queued, NOW)
    assert again is not None
    assert await store.approvals.approve(job.id, 1, ADA, NOW) is None
    assert await store.moves.press(again, 1, ANNA, NOW, most=again.valid - 1) is None
    assert await store.approvals.ask(again, 1, ASKER, NOW) is not None


async def test_a_list_that_fits_no_quota_is_not_asked_about(database: Database) -> None:
    store = Store(database, Quotas(person_day=1))
    case = await in_state(Store(database), JobState.CONFIRMING)
    with pytest.raises(QuotaReachedError):
        await store.approvals.ask(case.job, 1, ASKER, NOW)
    assert await store.approvals.latest(case.job.id) is None


async def test_a_quota_that_was_used_up_meanwhile_makes_the_yes_wait(database: Database) -> None:
    store = Store(database, Quotas(person_day=3))
    (job, approval), other = await asked(store), await in_state(store, JobState.QUEUED)
    with pytest.raises(QuotaReachedError) as caught:
        await store.approvals.approve(job.id, 1, ADA, NOW)
    assert caught.value.reached.left == 1
    assert await store.approvals.of_token(approval.token) == approval
    await store.moves.cancel(other.job, NOW)
    assert await store.approvals.approve(job.id, 1, ADA, NOW) is not None


async def test_what_is_asked_goes_with_its_job(store: Store) -> None:
    job, approval = await asked(store)
    await store.approvals.note_card(approval, 13, 5)
    async with store.database.write() as connection:
        await connection.execute(delete(jobs).where(jobs.c.id == job.id))
    assert await store.approvals.of_token(approval.token) is None
    assert await store.approvals.cards(approval) == {}
