"""What a chat remembers of numbers: the newest clear answer, in its own chat, until its list goes."""

from array import array
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from bot.job import Job, JobState
from bot.known import DAY, Known
from tests.storage.building import (
    ANNA,
    CHAT,
    KNOWN,
    NOW,
    OTHER_CHAT,
    PACKED,
    READING,
    RESULT,
    VERDICTS,
    Store,
    in_state,
)

ONE, TWO = b"name of one", b"name of two"
NEW_ID = -100_999


async def found(store: Store, codes: str, at: float = NOW, *, chat_id: int = CHAT) -> Job:
    """A job whose check has found this of the two numbers."""
    case = await in_state(store, JobState.CHECKING, chat_id=chat_id)
    kept = await store.tasks.keep_result(case.job, RESULT, VERDICTS, at)
    assert kept is not None
    await store.memory.remember(kept, list(zip((ONE, TWO), codes, strict=False)))
    ended = await store.tasks.delivered(kept, at)
    assert ended is not None
    await store.jobs.note_told(ended, at)
    await store.jobs.release_leases(at)
    async with store.database.write() as connection:
        await connection.exec_driver_sql("UPDATE jobs SET due_at = NULL WHERE state = 'done'")
    return await store.job(ended.id)


async def known(store: Store, chat_id: int = CHAT, since: float = 0.0) -> dict[bytes, str]:
    recalled = await store.memory.recall(chat_id, [ONE, TWO], since=since)
    return {name: code for name, (code, _) in recalled.items()}


async def test_the_newest_answer_counts(store: Store) -> None:
    await found(store, "yn")
    await found(store, "ny", NOW + 5)
    assert await known(store) == {ONE: "n", TWO: "y"}
    await found(store, "yn", NOW + 1)  # older, and told later
    assert await known(store) == {ONE: "n", TWO: "y"}


async def test_undetermined_replaces_no_clear_answer_and_a_clear_one_replaces_it(store: Store) -> None:
    await found(store, "yu")
    await found(store, "un", NOW + 5)
    assert await known(store) == {ONE: "y", TWO: "n"}


async def test_twice_the_same_is_once(store: Store) -> None:
    case = await in_state(store, JobState.DELIVERING)
    for _ in range(2):
        await store.memory.remember(case.job, [(ONE, "y"), (TWO, "u")])
    assert await known(store) == {ONE: "y", TWO: "u"}


async def test_another_chat_sees_nothing(store: Store) -> None:
    await found(store, "yn")
    assert await known(store, OTHER_CHAT) == {}
    assert await store.memory.find(OTHER_CHAT, ONE, since=0.0) is None
    assert not await store.memory.holds_any(OTHER_CHAT, since=0.0)
    await found(store, "ny", chat_id=OTHER_CHAT)
    assert (await known(store), await known(store, OTHER_CHAT)) == ({ONE: "y", TWO: "n"}, {ONE: "n", TWO: "y"})


async def test_what_is_too_old_is_not_told(store: Store) -> None:
    await found(store, "yn")
    assert await known(store, since=NOW + 1) == {}
    assert await store.memory.find(CHAT, ONE, since=NOW + 1) is None
    assert not await store.memory.holds_any(CHAT, since=NOW + 1)


async def test_one_number_is_told_with_its_day_and_its_list(store: Store) -> None:
    job = await found(store, "yn")
    told = await store.memory.find(CHAT, TWO, since=NOW)
    assert told is not None
    assert (told.verdict, told.checked_at, told.job) == ("no", NOW, job)


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.DELIVERING])
async def test_only_a_job_that_is_being_delivered_finds_anything(store: Store, state: JobState) -> None:
    case = await in_state(store, state)
    await store.memory.remember(case.job, [(ONE, "y")])
    assert await known(store) == {}


async def test_it_goes_with_the_list_that_has_found_it(store: Store) -> None:
    first = await found(store, "yn")
    await found(store, "n", NOW + 5)
    assert await store.forgetting.forget(first, NOW + 9)
    assert await known(store) == {ONE: "n"}


async def test_it_goes_with_the_retention(store: Store) -> None:
    await found(store, "yn")
    assert await store.retention.purge(NOW + 1, 0) > 0
    assert await known(store) == {}


async def test_a_number_can_be_forgotten_everywhere(store: Store) -> None:
    await found(store, "yn")
    await found(store, "yn", chat_id=OTHER_CHAT)
    waiting = await in_state(store, JobState.CONFIRMING, chat_id=OTHER_CHAT)
    await store.memory.forget_number(ONE, NOW + 9)
    assert await known(store) == await known(store, OTHER_CHAT) == {TWO: "n"}
    changed = await store.job(waiting.job.id)
    assert (changed.memory_revision, changed.due_at) == (1, NOW + 9)


async def test_a_group_that_moves_keeps_the_newer_of_two_answers(store: Store) -> None:
    await found(store, "yn", NOW)
    await found(store, "ny", NOW + 5, chat_id=NEW_ID)
    await store.supergroups.take_over(CHAT, NEW_ID, NOW + 9)
    assert await known(store, NEW_ID) == {ONE: "n", TWO: "y"}
    await found(store, "yn", NOW + 20, chat_id=CHAT)
    await store.supergroups.take_over(CHAT, NEW_ID, NOW + 21)
    assert await known(store, NEW_ID) == {ONE: "y", TWO: "n"}
    assert await known(store) == {}


async def test_lists_that_are_not_pressed_are_compared_anew_when_a_result_has_come(store: Store) -> None:
    waiting, elsewhere = [await in_state(store, JobState.CONFIRMING, chat_id=one) for one in (CHAT, OTHER_CHAT)]
    read = await in_state(store, JobState.READING)
    await found(store, "yn", NOW + 3)
    changed = await store.job(waiting.job.id)
    assert (changed.memory_revision, changed.known_revision, changed.due_at) == (1, 0, NOW + 3)
    assert (await store.job(read.job.id)).memory_revision == 1
    assert (await store.job(elsewhere.job.id)).memory_revision == 0


async def test_a_snapshot_that_differs_makes_older_presses_void(store: Store) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    same = await store.memory.keep_again(case.job, None, NOW, differs=False)
    assert same is not None
    assert same.read_revision == case.job.read_revision
    other = await store.memory.keep_again(same, KNOWN, NOW, differs=True)
    assert other is not None
    assert (other.known, other.read_revision, other.list_revision) == (1, same.read_revision + 1, 2)
    assert await store.memory.known(case.job.id) == KNOWN
    assert await store.moves.press(other, same.read_revision, ANNA, NOW) is None
    pressed = await store.moves.press(other, other.read_revision, ANNA, NOW, only_new=True)
    assert pressed is not None
    assert pressed.to_check == 1
    assert await store.memory.keep_again(other, None, NOW, differs=True) is None


async def test_a_list_that_is_read_again_loses_its_old_snapshot(store: Store) -> None:
    case = await in_state(store, JobState.READING)
    both = Known("yn", array(DAY, [1, 2]))
    read = await store.moves.read(case.job, PACKED, READING, NOW, known=both)
    assert read is not None
    assert (read.known, read.new) == (2, 0)
    again = await store.moves.read(replace(read), PACKED, READING, NOW)
    assert again is not None
    assert (again.known, await store.memory.known(again.id)) == (0, None)


async def test_a_list_that_asks_again_is_compared_anew(store: Store) -> None:
    case = await in_state(store, JobState.QUEUED)
    asked = await store.moves.ask_after_waiting(case.job, NOW)
    assert asked is not None
    assert (asked.to_check, asked.memory_revision - asked.known_revision) == (0, 1)


async def test_whether_a_chat_was_told_more_is_found_without_looking_at_all_of_its_jobs(store: Store) -> None:
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        seen.append((statement, parameters))

    case = await in_state(store, JobState.DELIVERING)
    event.listen(store.database.engine.sync_engine, "before_cursor_execute", note)
    assert not await store.memory.is_told_more(CHAT, above=0)
    event.remove(store.database.engine.sync_engine, "before_cursor_execute", note)
    statement, parameters = seen[-1]
    async with store.database.read() as connection:
        found = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        assert "ix_jobs_delivering" in "\n".join(str(row) for row in found)
    await store.tasks.begin_sending(case.job)
    assert await store.memory.is_told_more(CHAT, above=0)
    assert not await store.memory.is_told_more(CHAT, above=case.job.to_check)
    assert not await store.memory.is_told_more(OTHER_CHAT, above=0)
    await store.tasks.not_sent(case.job)
    assert not await store.memory.is_told_more(CHAT, above=0)
    await store.tasks.arrived(case.job, "a file")
    assert await store.memory.is_told_more(CHAT, above=0)
    await store.tasks.delivered(case.job, NOW)
    assert not await store.memory.is_told_more(CHAT, above=0)
