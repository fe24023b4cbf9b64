"""What is stored of the future after the clock was set back, and what a clock that leaps ahead leaves alone."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.job import TERMINAL, JobState
from storage.chat_settings import Consent
from storage.moves import CONFIRM_SECONDS
from tests.storage.building import ANNA, BORIS, CHAT, NAME, NOW, OTHER_CHAT, RESULT, Case, Store, in_state

BACK = 86_400.0
EARLIER = NOW - BACK
HOUR = 3600


async def waits_until(store: Store, case: Case, due_at: float) -> None:
    async with store.database.write() as connection:
        await connection.execute(text("UPDATE jobs SET due_at = :at WHERE id = :id"), {"at": due_at, "id": case.job.id})


@pytest.mark.parametrize("state", JobState)
async def test_nothing_waits_longer_than_it_would_have_and_nothing_happened_later_than_now(
    store: Store, state: JobState
) -> None:
    case = await in_state(store, state)
    before = await store.job(case.job.id)
    if before.due_at is not None:
        await waits_until(store, case, NOW + 30)
    await store.times.set_back(EARLIER, BACK)
    after = await store.job(case.job.id)
    assert after.due_at == (None if before.due_at is None else EARLIER + 30)
    assert max(after.created_at, after.state_since) <= EARLIER
    for was, now in ((before.queued_at, after.queued_at), (before.submitted_at, after.submitted_at)):
        assert now == (None if was is None else was - BACK)
    for was, now in ((before.moved_at, after.moved_at), (before.finished_at, after.finished_at)):
        assert now == (None if was is None else was - BACK)


async def test_what_was_stored_before_the_clock_went_wrong_stays_as_it_is(store: Store) -> None:
    case = await in_state(store, JobState.CHECKING, now=EARLIER - 60)
    before = await store.job(case.job.id)
    await waits_until(store, case, NOW + 30)
    await store.times.set_back(EARLIER, BACK)
    after = await store.job(case.job.id)
    assert (after.created_at, after.due_at) == (before.created_at, EARLIER + 30)


async def test_what_waits_keeps_its_order(store: Store) -> None:
    cases = [await in_state(store, JobState.QUEUED) for _ in range(3)]
    for ahead, case in enumerate(reversed(cases)):
        await waits_until(store, case, NOW + ahead)
    await store.times.set_back(EARLIER, BACK)
    taken = [(await store.jobs.take_due(EARLIER + 5, lease="one", until=NOW, most=1))[0].id for _ in range(len(cases))]
    assert taken == [case.job.id for case in reversed(cases)]


async def test_who_adds_numbers_has_as_long_as_before(store: Store) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    await store.lists.await_more(case.job.id, ANNA, NOW + 600, NOW)
    await store.times.set_back(EARLIER, BACK)
    assert (await store.job(case.job.id)).adding_until == EARLIER + 600


async def test_an_attempt_is_still_the_last_one_after_the_next_began_by_an_earlier_clock(store: Store) -> None:
    case = await in_state(store, JobState.UNSURE)
    await store.times.set_back(EARLIER, BACK)
    again = await store.submits.send_again(await store.job(case.job.id), 1, ANNA, EARLIER + 9)
    assert again is not None
    attempt = await store.submits.begin_submit(again, EARLIER + 9)
    assert attempt is not None
    async with store.database.read() as connection:
        last = await connection.scalar(text("SELECT attempt_id FROM attempts ORDER BY begun_at DESC LIMIT 1"))
    assert last == attempt.attempt_id


@pytest.mark.parametrize("state", [state for state in JobState if state not in TERMINAL | {JobState.UNSURE}])
async def test_where_nobody_saw_the_clock_being_set_what_waits_too_long_is_due_at_once(
    store: Store, state: JobState
) -> None:
    """As at a start, after the clock was set back while nothing ran."""
    longest = CONFIRM_SECONDS if state is JobState.CONFIRMING else HOUR
    fine, wrong = await in_state(store, state), await in_state(store, state)
    await waits_until(store, fine, NOW + longest)
    await waits_until(store, wrong, NOW + longest + 1)
    await store.times.set_back(NOW)
    assert (await store.job(fine.job.id)).due_at == NOW + longest
    assert (await store.job(wrong.job.id)).due_at == NOW


@pytest.mark.parametrize("state", JobState)
async def test_where_all_is_right_nothing_changes(store: Store, state: JobState) -> None:
    case = await in_state(store, state)
    before = await store.job(case.job.id)
    await store.times.set_back(before.state_since)
    assert await store.job(case.job.id) == before


async def test_a_task_does_not_stand_still_while_the_machine_sleeps(store: Store) -> None:
    task, queued = await in_state(store, JobState.CHECKING), await in_state(store, JobState.QUEUED)
    await store.tasks.note_progress(task.job, status="processing", done=1, amount=None, pace=9.0, now=NOW)
    await store.times.slept(NOW + BACK)
    asleep = await store.job(task.job.id)
    assert (asleep.moved_at, asleep.pace) == (NOW + BACK, None)
    assert await store.job(queued.job.id) == queued.job


@pytest.mark.parametrize("is_whole", [True, False], ids=["remembered", "being remembered"])
async def test_what_was_found_by_a_clock_that_ran_ahead_gives_way_to_newer_answers(
    store: Store,
    is_whole: bool,  # noqa: FBT001  (a row of the table)
) -> None:
    ahead, newer = await in_state(store, JobState.DELIVERING), await in_state(store, JobState.CHECKING, now=EARLIER)
    await store.memory.remember(ahead.job, [(NAME, "y")])
    if is_whole:
        await store.tasks.delivered(ahead.job, NOW)
    await store.times.set_back(EARLIER, BACK)
    await store.tasks.keep_result(newer.job, RESULT, b"", EARLIER + 60)
    await store.memory.remember(newer.job, [(NAME, "n")])
    assert await store.memory.recall(CHAT, [NAME], since=EARLIER) == {NAME: ("n", EARLIER + 60)}


async def test_nobody_has_said_later_than_now_that_short_lists_are_not_asked_about(store: Store) -> None:
    ahead, fine = Consent(100, ANNA, "Anna", NOW), Consent(200, BORIS, "Boris", EARLIER - 60)
    await store.chat_settings.consent(CHAT, ahead)
    await store.chat_settings.consent(OTHER_CHAT, fine)
    await store.chat_settings.set_picture(ANNA, always=True)
    await store.times.set_back(EARLIER, BACK)
    said = [(await store.chat_settings.of(one)).consent for one in (CHAT, OTHER_CHAT, ANNA)]
    assert said == [replace(ahead, at=EARLIER), fine, None]


async def test_what_is_remembered_after_the_clock_was_set_back_has_the_right_time(store: Store) -> None:
    case = await in_state(store, JobState.DELIVERING)
    await store.times.set_back(EARLIER, BACK)
    await store.memory.remember(case.job, [(NAME, "y")])
    assert await store.memory.recall(CHAT, [NAME], since=EARLIER) == {NAME: ("y", EARLIER)}


async def test_what_was_found_before_the_clock_went_wrong_is_no_newer(store: Store) -> None:
    case = await in_state(store, JobState.CHECKING, now=EARLIER - 60)
    await store.tasks.keep_result(case.job, RESULT, b"", EARLIER - 60)
    await store.memory.remember(case.job, [(NAME, "y")])
    await store.times.set_back(EARLIER, BACK)
    assert await store.memory.recall(CHAT, [NAME], since=0) == {NAME: ("y", EARLIER - 60)}
