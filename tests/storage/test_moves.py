"""Every move of every job: those of the table happen, no others do."""

import re
from pathlib import Path

import pytest

from bot.job import MOVES, Failure, JobState, Waiting
from storage.moves import CONFIRM_SECONDS, Moves, move
from storage.submits import Submits
from storage.tasks import Tasks
from storage.unsure import Unsure
from tests.storage.building import (
    ANNA,
    BORIS,
    CALLS,
    NOW,
    PACKED,
    READING,
    STAYING,
    Store,
    in_state,
    text_message,
)

EDGES = {
    "read": "a",
    "refuse_list": "b",
    "press": "c",
    "begin": "c",
    "approve": "c",
    "cancel": "dg",
    "expire": "e",
    "begin_submit": "f",
    "ask_after_waiting": "h",
    "accepted": "in",
    "submit_later": "j",
    "ask_after_submit": "k",
    "refused_by_api": "l",
    "unsure": "m",
    "unsure_after_stop": "m",
    "send_again": "o",
    "close": "p",
    "close_unanswered": "p",
    "task_known": "n",
    "keep_result": "q",
    "keep_known": "v",
    "fail": "r",
    "delivered": "s",
    "undeliverable": "t",
    "fetched": "u",
    "reachable_again": "u",
}


def test_each_move_of_the_table_has_a_method_and_each_method_is_tried() -> None:
    assert set("".join(EDGES.values())) == set(MOVES.values())
    assert EDGES.keys() == CALLS.keys()
    not_moving = {name for name in STAYING if hasattr(Tasks, name) or hasattr(Unsure, name)}
    public = {name for kind in (Moves, Submits, Tasks, Unsure) for name in vars(kind) if not name.startswith("_")}
    assert public - {"database", "quotas"} - not_moving | {"approve", "begin"} == CALLS.keys()


@pytest.mark.parametrize("method", CALLS)
async def test_a_method_makes_only_its_own_moves_from_any_state(store: Store, method: str) -> None:
    made = set()
    for state in JobState:
        case = await in_state(store, state)
        before = await store.job(case.job.id)
        answer = await CALLS[method](store, case)
        after = await store.job(case.job.id)
        if after.state is not state:
            made.add(MOVES[state, after.state])
            assert answer
        elif (method, state) == ("read", JobState.CONFIRMING):
            assert after == answer  # a list that has changed is read again
        else:
            assert not answer, f"{method} answered in {state}"
            assert after == before, f"{method} changed a job that is {state}"
    assert made == set(EDGES[method])


@pytest.mark.parametrize("state", JobState)
async def test_what_is_no_move_moves_nothing_from_any_state(store: Store, state: JobState) -> None:
    case = await in_state(store, state)
    for name, call in STAYING.items():
        await call(store, case)
        assert (await store.job(case.job.id)).state is state, name


@pytest.mark.parametrize("new", JobState)
async def test_a_move_that_is_not_in_the_table_is_a_mistake_in_the_program(store: Store, new: JobState) -> None:
    for old in JobState:
        if (old, new) not in MOVES:
            async with store.database.write() as connection:
                with pytest.raises(AssertionError, match="no move from"):
                    await move(connection, 1, old, new, NOW)


async def test_of_two_workers_that_move_one_job_only_the_first_does(store: Store, second: Store) -> None:
    case = await in_state(store, JobState.QUEUED)
    assert await store.submits.begin_submit(case.job, NOW) is not None
    assert await second.submits.begin_submit(case.job, NOW) is None
    assert await second.moves.cancel(case.job, NOW) is None
    assert (await second.job(case.job.id)).attempts == 1


async def test_what_was_read_of_a_list_that_has_changed_meanwhile_is_dropped(store: Store) -> None:
    case = await in_state(store, JobState.READING)
    await store.lists.join(case.job.id, text_message(900), NOW)
    assert await store.moves.read(case.job, PACKED, READING, NOW) is None
    assert await store.moves.refuse_list(case.job, Failure.EMPTY, None, NOW) is None
    assert await store.lists.numbers(case.job.id) is None
    assert (await store.job(case.job.id)).state is JobState.READING


async def test_reading_again_replaces_the_numbers(store: Store) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    changed = await store.lists.set_region(case.job.id, "RU", NOW)
    assert changed is not None
    assert (changed.list_revision, changed.read_revision) == (2, 1)
    again = await store.moves.read(changed, PACKED, READING, NOW + 5)
    assert again is not None
    assert again.read_revision == again.list_revision == 2
    assert await store.lists.numbers(case.job.id) == PACKED


async def test_a_press_on_a_preview_of_an_older_list_queues_nothing(store: Store) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    await store.lists.join(case.job.id, text_message(900), NOW)
    assert await store.moves.press(case.job, 1, ANNA, NOW) is None
    assert await store.moves.press(case.job, 2, ANNA, NOW) is None  # it is not read yet


async def test_a_list_without_numbers_cannot_be_queued(store: Store) -> None:
    case = await in_state(store, JobState.READING)
    job = await store.moves.read(case.job, PACKED, type(READING)(), NOW)
    assert job is not None
    assert await store.moves.press(job, 1, ANNA, NOW) is None


async def test_the_second_press_changes_nothing(store: Store) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    first = await store.moves.press(case.job, 1, ANNA, NOW)
    assert first is not None
    assert await store.moves.press(case.job, 1, BORIS, NOW + 1) is None
    assert await store.job(case.job.id) == first


async def test_a_preview_expires_when_its_time_is_over_and_not_before(store: Store) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    assert await store.moves.expire(case.job, NOW + CONFIRM_SECONDS - 1) is None
    assert await store.moves.expire(case.job, NOW + CONFIRM_SECONDS) is not None


async def test_of_a_refused_list_nothing_is_kept_but_that_it_was_seen(store: Store, path: Path) -> None:
    case = await in_state(store, JobState.REFUSED)
    (message,) = await store.lists.messages(case.job.id)
    assert (message.content, message.file_id, message.file_size) == (b"", None, None)
    assert await store.lists.open_again(case.job, NOW, language="en", person=(ANNA, "Anna")) is None
    again = await store.jobs.of_message(case.message.chat_id, case.message.message_id)
    assert again is not None
    assert again.id == case.job.id


async def test_a_move_makes_the_job_due_at_once_and_forgets_what_the_old_state_was_about(store: Store) -> None:
    case = await in_state(store, JobState.QUEUED)
    await store.jobs.note_waiting(case.job.id, Waiting.MONEY)
    await store.jobs.note_told(case.job, NOW)
    await store.jobs.take_due(NOW, lease="mine", until=NOW + 60, most=5)
    moved = await store.moves.cancel(case.job, NOW + 3)
    assert moved is not None
    assert (moved.due_at, moved.told_at, moved.waiting, moved.tries) == (NOW + 3, None, None, 0)


async def test_the_log_names_the_edge_of_a_move(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        case = await in_state(store, JobState.QUEUED)
    assert re.search(rf"job={case.job.id} chat=-?\d+: confirming -> queued \(edge c\)", caplog.text)
