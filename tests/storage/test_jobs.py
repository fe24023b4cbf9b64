"""Questions about jobs: leases, the chat's own jobs, groups that move."""

import asyncio
from collections.abc import Collection
from dataclasses import fields, replace
from typing import Any

import pytest
from sqlalchemy import event, update

from bot.job import TERMINAL, Job, JobState, Waiting
from bot.searching import Search
from storage.lists import ListMessage
from storage.schema import jobs
from tests.storage.building import (
    ANNA,
    BORIS,
    CHAT,
    NOW,
    OTHER_CHAT,
    PACKED,
    READING,
    Store,
    in_state,
    new_job,
    text_message,
)

UNTIL = NOW + 1200
TASKS = (JobState.CHECKING,)


async def take(store: Store, now: float = NOW, *, lease: str = "mine", most: int = 9, busy: Any = ()) -> list[int]:
    taken = await store.jobs.take_due(now, lease=lease, until=now + 1200, most=most, busy=busy)
    return sorted(job.id for job in taken)


def test_a_job_has_a_field_for_each_column_but_the_lease_and_what_is_searched() -> None:
    assert {field.name for field in fields(Job)} == {column.name for column in jobs.c} - {"lease", "name_folded"}


async def test_a_due_job_is_taken_once(store: Store, second: Store) -> None:
    ids = sorted([(await in_state(store, JobState.READING)).job.id for _ in range(5)])
    assert await take(store) == ids
    assert await take(second, lease="other") == []
    assert await store.jobs.next_due() == UNTIL


async def test_two_workers_that_take_at_the_same_time_share_the_jobs_out(store: Store, second: Store) -> None:
    ids = sorted([(await in_state(store, JobState.READING)).job.id for _ in range(12)])
    workers = [take(one, lease=f"{n}", most=2) for n, one in enumerate([store, second] * 4)]
    taken = await asyncio.gather(*workers)
    assert sorted(job_id for ids_of_one in taken for job_id in ids_of_one) == ids


async def test_the_longest_due_are_taken_first_and_no_more_than_asked_for(store: Store) -> None:
    late = await in_state(store, JobState.READING, now=NOW)
    early = await in_state(store, JobState.READING, now=NOW - 9)
    future = await in_state(store, JobState.READING, now=NOW + 1)
    assert await take(store, most=1) == [early.job.id]
    assert await take(store) == [late.job.id]
    assert await take(store, NOW + 1) == [future.job.id]


async def test_a_job_that_a_step_is_being_done_for_is_left_alone(store: Store) -> None:
    one, two = [(await in_state(store, JobState.READING)).job.id for _ in range(2)]
    assert await take(store, busy=[one]) == [two]
    assert await store.jobs.next_due([one, two]) is None
    assert await store.jobs.next_due([two]) == NOW


async def test_a_job_whose_worker_died_is_due_again_when_the_lease_ends(store: Store, second: Store) -> None:
    case = await in_state(store, JobState.READING)
    await take(store)
    assert await take(second, UNTIL - 1) == []
    assert await take(second, UNTIL) == [case.job.id]


async def test_a_step_says_when_its_job_is_due_next(store: Store) -> None:
    case = await in_state(store, JobState.READING)
    await take(store)
    await store.jobs.settle(case.job.id, lease="mine", due_at=NOW + 5)
    assert await store.jobs.next_due() == NOW + 5
    await store.jobs.settle(case.job.id, lease="mine", due_at=NOW + 99)  # the lease is over
    assert await store.jobs.next_due() == NOW + 5


async def test_a_step_does_not_put_off_a_job_that_somebody_else_has_taken_since(store: Store, second: Store) -> None:
    case = await in_state(store, JobState.READING)
    await take(store)
    await take(second, UNTIL, lease="other")
    await store.jobs.settle(case.job.id, lease="mine", due_at=None)
    assert (await store.job(case.job.id)).due_at == UNTIL + 1200


@pytest.mark.parametrize(
    "change",
    ["join", "edit", "set_region", "leave_out", "choose_country", "await_more", "press", "cancel"],
)
async def test_what_a_person_changes_during_a_step_is_due_by_their_word(store: Store, change: str) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    await take(store)
    job_id, now = case.job.id, NOW + 2
    edited = text_message(case.message.message_id, b"+79120000000")
    await {
        "join": lambda: store.lists.join(job_id, text_message(900), now),
        "edit": lambda: store.lists.edit(edited, now, now),
        "set_region": lambda: store.lists.set_region(job_id, "RU", now),
        "leave_out": lambda: store.lists.leave_out(job_id, now),
        "choose_country": lambda: store.lists.choose_country(job_id, more=True, now=now),
        "await_more": lambda: store.lists.await_more(job_id, ANNA, now + 60, now),
        "press": lambda: store.moves.press(case.job, 1, ANNA, now),
        "cancel": lambda: store.moves.cancel(case.job, now),
    }[change]()
    await store.jobs.settle(job_id, lease="mine", due_at=NOW + 500)
    assert (await store.job(job_id)).due_at == now
    assert await take(store, now, lease="next") == [job_id]


async def test_what_only_notes_something_leaves_the_lease_alone(store: Store) -> None:
    case = await in_state(store, JobState.CHECKING)
    await take(store, NOW + 1)
    await store.jobs.note_shown(case.job, message_id=5, shown="digest")
    await store.jobs.note_told(case.job, NOW)
    await store.tasks.note_progress(case.job, status="processing", done=1, amount=None, pace=None, now=NOW)
    await store.jobs.settle(case.job.id, lease="mine", due_at=NOW + 7)
    assert (await store.job(case.job.id)).due_at == NOW + 7


async def test_after_a_death_the_next_start_makes_what_was_taken_due_at_once(store: Store, second: Store) -> None:
    taken = await in_state(store, JobState.READING)
    await take(store)
    free = await in_state(store, JobState.READING, now=NOW + 50)
    await second.jobs.release_leases(NOW + 3)
    assert (await store.job(taken.job.id)).due_at == NOW + 3
    assert (await store.job(free.job.id)).due_at == NOW + 50
    await store.jobs.settle(taken.job.id, lease="mine", due_at=None)  # the dead one's word counts no more
    assert (await store.job(taken.job.id)).due_at == NOW + 3


async def test_nothing_is_due_where_there_is_nothing(store: Store) -> None:
    assert await store.jobs.next_due() is None
    assert await take(store) == []


async def test_another_chat_finds_nothing_of_a_job(store: Store) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    job, message_id = case.job, case.message.message_id
    await store.jobs.note_shown(job, message_id=55, shown="digest")
    await store.lists.await_more(job.id, ANNA, NOW + 60, NOW)
    queued = await in_state(store, JobState.QUEUED)
    await store.jobs.note_waiting(queued.job.id, Waiting.MONEY)
    await store.jobs.note_told(queued.job, NOW)

    async def seen_from(chat_id: int) -> list[bool]:
        return [
            bool(answer)
            for answer in (
                await store.jobs.by_token(job.token, chat_id),
                await store.jobs.of_message(chat_id, message_id),
                await store.jobs.of_card(chat_id, 55),
                await store.jobs.pasted_just_before(chat_id, None, ANNA, since=NOW - 3),
                await store.jobs.adding(chat_id, None, ANNA, now=NOW),
                (await store.history.page(chat_id, Search(), first=0, most=5)).jobs,
                await store.history.one(chat_id, job.id),
                await store.jobs.unfinished(chat_id),
                await store.jobs.not_pressed(chat_id),
                await store.jobs.was_told_of_waiting(chat_id, Waiting.MONEY),
                await store.lists.edit(text_message(message_id, chat_id=chat_id), NOW, NOW),
            )
        ]

    assert all(await seen_from(CHAT))
    assert not any(await seen_from(OTHER_CHAT))


async def test_a_list_is_being_pasted_by_one_person_in_one_place_for_a_moment(store: Store) -> None:
    job = await store.lists.open(new_job(thread_id=7), text_message(1), NOW)

    async def found(thread_id: int | None, person_id: int, since: float) -> bool:
        return await store.jobs.pasted_just_before(CHAT, thread_id, person_id, since=since) == job

    assert await found(7, ANNA, NOW)
    assert not await found(None, ANNA, NOW)
    assert not await found(8, ANNA, NOW)
    assert not await found(7, BORIS, NOW)
    assert not await found(7, ANNA, NOW + 0.1)


async def test_a_file_is_a_list_of_its_own(store: Store) -> None:
    await store.lists.open(new_job(name="base.txt"), ListMessage(CHAT, 1, NOW, None, "file", 9), NOW)
    assert await store.jobs.pasted_just_before(CHAT, None, ANNA, since=NOW) is None


@pytest.mark.parametrize("person_id", [ANNA, BORIS])
async def test_what_somebody_adds_to_a_file_goes_on_with_the_rest_of_their_paste(store: Store, person_id: int) -> None:
    job = await store.lists.open(new_job(name="base.txt"), ListMessage(CHAT, 1, NOW, None, "file", 9), NOW)
    await store.moves.read(job, PACKED, READING, NOW)
    await store.lists.await_more(job.id, person_id, NOW + 600, NOW)
    await store.lists.join(job.id, text_message(2, sent_at=NOW + 60), NOW + 60)

    async def found(one: int, since: float) -> bool:
        return await store.jobs.pasted_just_before(CHAT, None, one, since=since) is not None

    assert await store.jobs.adding(CHAT, None, person_id, now=NOW + 60) is None
    assert await found(person_id, NOW + 60)
    assert await found(ANNA, NOW + 60)
    assert await found(BORIS, NOW + 60) == (person_id == BORIS)
    assert not await found(person_id, NOW + 61)


async def test_a_list_that_was_pressed_is_not_being_pasted_any_more(store: Store) -> None:
    await in_state(store, JobState.QUEUED)
    assert await store.jobs.pasted_just_before(CHAT, None, ANNA, since=NOW) is None


async def test_numbers_are_added_to_the_list_whose_button_was_pressed_last(store: Store) -> None:
    old, new = [await in_state(store, JobState.CONFIRMING) for _ in range(2)]
    await store.lists.await_more(new.job.id, ANNA, NOW + 60, NOW)
    await store.lists.await_more(old.job.id, ANNA, NOW + 70, NOW)
    adding = await store.jobs.adding(CHAT, None, ANNA, now=NOW)
    assert adding is not None
    assert adding.id == old.job.id
    assert await store.jobs.adding(CHAT, None, BORIS, now=NOW) is None
    assert await store.jobs.adding(CHAT, 7, ANNA, now=NOW) is None
    assert await store.jobs.adding(CHAT, None, ANNA, now=NOW + 71) is None


async def test_unfinished_are_the_jobs_that_have_not_ended(store: Store) -> None:
    cases = {state: await in_state(store, state) for state in JobState}
    unfinished = [job.state for job in await store.jobs.unfinished(CHAT)]
    assert set(unfinished) == set(cases) - TERMINAL
    assert [job.state for job in await store.jobs.not_pressed(CHAT)] == [JobState.READING, JobState.CONFIRMING]


async def test_the_chat_has_heard_only_of_the_state_that_the_job_is_in(store: Store) -> None:
    case = await in_state(store, JobState.FAILED)
    await store.jobs.note_told(replace(case.job, state=JobState.CHECKING), NOW)
    assert (await store.job(case.job.id)).told_at is None
    await store.jobs.note_told(case.job, NOW)
    assert (await store.job(case.job.id)).told_at == NOW


async def test_what_was_said_before_a_list_was_forgotten_does_not_count_as_having_said_so(store: Store) -> None:
    case = await in_state(store, JobState.DONE)
    forgotten = await store.forgetting.forget(case.job, NOW)
    assert forgotten is not None
    await store.jobs.note_told(case.job, NOW)  # by the step that was under way
    assert (await store.job(case.job.id)).told_at is None
    await store.jobs.note_told(forgotten, NOW)
    assert (await store.job(case.job.id)).told_at == NOW


async def test_what_was_said_in_a_group_that_has_moved_is_not_known_of_its_supergroup(store: Store) -> None:
    case = await in_state(store, JobState.UNSURE)
    await store.supergroups.take_over(CHAT, -100_999, NOW)
    await store.jobs.note_told(case.job, NOW)  # by the step that was under way
    await store.jobs.note_shown(case.job, message_id=5, shown="digest")
    moved = await store.job(case.job.id)
    assert (moved.told_at, moved.card_message_id, moved.shown) == (None, None, None)


async def test_what_waits_tries_at_once_when_woken_and_the_rest_sleeps_on(store: Store) -> None:
    waiting, queued = [await in_state(store, JobState.QUEUED) for _ in range(2)]
    await store.jobs.note_waiting(waiting.job.id, Waiting.MONEY)
    await store.jobs.wake_waiting(NOW - 100)
    assert (await store.job(waiting.job.id)).due_at == NOW - 100
    assert (await store.job(queued.job.id)).due_at == NOW


async def test_of_what_is_queued_the_one_that_was_queued_first_is_woken(store: Store) -> None:
    assert await store.jobs.wake_longest_queued(NOW) is None
    first, second = [await in_state(store, JobState.QUEUED) for _ in range(2)]
    await in_state(store, JobState.CONFIRMING)
    assert await store.jobs.wake_longest_queued(NOW - 100) == first.job.id
    assert (await store.job(first.job.id)).due_at == NOW - 100
    assert (await store.job(second.job.id)).due_at == NOW


async def test_a_token_leads_to_its_job_in_any_chat_for_whoever_proves_their_right(store: Store) -> None:
    here, there = await in_state(store, JobState.CONFIRMING), await in_state(store, JobState.DONE, chat_id=OTHER_CHAT)
    assert await store.jobs.in_any_chat(here.job.token) == here.job
    assert await store.jobs.in_any_chat(there.job.token) == there.job
    assert await store.jobs.in_any_chat("never") is None


async def test_tasks_at_the_api_are_taken_beside_the_others_and_leave_them_their_places(store: Store) -> None:
    tasks = [(await in_state(store, JobState.CHECKING)).job.id for _ in range(4)]
    others = [(await in_state(store, JobState.DELIVERING)).job.id for _ in range(3)]
    most: dict[Collection[JobState], int] = {(JobState.DELIVERING, JobState.QUEUED): 2, TASKS: 3}
    taken = await store.jobs.take_due(NOW + 60, lease="a", until=UNTIL, most=most)
    assert sorted(job.id for job in taken) == sorted(tasks[:3] + others[:2])
    assert await store.jobs.next_due(among=[JobState.CHECKING]) == (await store.job(tasks[3])).due_at
    assert await store.jobs.next_due(among=[JobState.DELIVERING]) == (await store.job(others[2])).due_at
    assert await store.jobs.next_due(among=[JobState.QUEUED]) is None


async def test_steps_that_end_together_are_settled_each_by_its_own_lease(store: Store) -> None:
    ids = [(await in_state(store, JobState.READING)).job.id for _ in range(3)]
    await take(store, lease="mine")
    leases = zip(ids, ("mine", "another"), strict=False)
    await asyncio.gather(*(store.jobs.settle(one, lease=lease, due_at=UNTIL) for one, lease in leases))
    assert [(await store.job(one)).due_at for one in ids] == [UNTIL, NOW + 1200, NOW + 1200]
    assert await take(store, NOW + 1200, lease="later") == sorted(ids)


async def test_tasks_that_are_overdue_are_spread_in_their_order_and_what_is_due_later_stays(store: Store) -> None:
    ids = [(await in_state(store, JobState.CHECKING)).job.id for _ in range(4)]
    other = (await in_state(store, JobState.DELIVERING)).job
    now = NOW + 3600
    async with store.database.write() as connection:
        for at, job_id in enumerate(ids):
            due_at = NOW - at if at < 3 else now + 600
            await connection.execute(update(jobs).where(jobs.c.id == job_id).values(due_at=due_at))
    await store.jobs.spread_tasks(now, a_second=2)
    assert [(await store.job(one)).due_at for one in ids] == [now + 1.0, now + 0.5, now, now + 600]
    assert (await store.job(other.id)).due_at == other.due_at


async def test_looking_for_what_is_due_reads_no_job_that_is_not(store: Store) -> None:
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append((statement, parameters))

    event.listen(store.database.engine.sync_engine, "before_cursor_execute", note)
    free: dict[Collection[JobState], int] = {(JobState.READING, JobState.QUEUED): 2, TASKS: 3, (JobState.DONE,): 1}
    await store.jobs.take_due(NOW, lease="a", until=UNTIL, most=free, busy=[1, 2])
    await store.jobs.next_due([1, 2], [JobState.CHECKING, JobState.DONE])
    event.remove(store.database.engine.sync_engine, "before_cursor_execute", note)
    plans = []
    async with store.database.read() as connection:
        for statement, parameters in seen:
            if statement.startswith(("UPDATE", "SELECT")):
                asked = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                plans += [str(row.detail) for row in asked]
    assert sum("ix_jobs_due" in one for one in plans) == 4
    assert [one for one in plans if one.startswith("SCAN jobs") and "ix_jobs_due" not in one] == []
