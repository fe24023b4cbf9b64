"""What has been kept for long enough is deleted, and nothing else."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, update

from bot.job import JobState
from bot.numbers import PackedList, Reading
from storage.lists import ListMessage, NewJob
from storage.schema import jobs
from tests.storage.building import (
    ANNA,
    CHAT,
    NOW,
    OTHER_CHAT,
    Store,
    in_state,
)

FILE = ListMessage(CHAT, 40, NOW, None, "file-id", 1234)


async def test_after_the_time_the_list_and_the_result_are_deleted_and_the_counts_stay(store: Store, path: Path) -> None:
    case = await in_state(store, JobState.DONE)
    job_id = case.job.id
    await store.jobs.note_told(case.job, NOW)
    await _let_rest(store, job_id)
    assert await store.retention.purge(NOW, 0.0) == 0
    assert await store.retention.purge(NOW + 1, 0.0) == 3
    assert await store.lists.numbers(job_id) is None
    assert await store.lists.result(job_id) is None
    assert await store.lists.messages(job_id) == ()
    assert await store.lists.open_again(case.job, NOW, language="en", person=(ANNA, "Anna")) is None
    kept = await store.job(job_id)
    assert (kept.valid, kept.yes, kept.no, kept.rejected, kept.amount) == (2, 1, 1, 1, "0.74 USD")
    assert (kept.reading, kept.result_file_id, kept.detail) == (None, None, None)
    assert await store.retention.purge(NOW + 1, 0.0) == 0


@pytest.mark.parametrize(("days", "gone"), [(1, True), (7, False), (None, False)])
async def test_a_chat_that_has_chosen_a_shorter_time_has_its_lists_deleted_by_then(
    store: Store,
    days: int | None,
    gone: bool,  # noqa: FBT001  (a row of the table)
) -> None:
    case, other = await in_state(store, JobState.DONE), await in_state(store, JobState.DONE, chat_id=OTHER_CHAT)
    async with store.database.write() as connection:
        await connection.execute(update(jobs).values(due_at=None))
    await store.chat_settings.set_retention(CHAT, days)
    await store.retention.purge(NOW + 2 * 86_400, 30 * 86_400)
    assert (await store.lists.result(case.job.id) is None) is gone
    assert await store.lists.result(other.job.id)


async def test_what_the_api_said_about_a_list_goes_with_it(store: Store, path: Path) -> None:
    case = await in_state(store, JobState.SUBMITTING)
    refused = await store.submits.refused_by_api(case.attempt, "+79123456789 is odd", NOW)
    assert refused is not None
    await _let_rest(store, refused.id)
    await store.retention.purge(NOW + 1, 0.0)
    assert (await store.job(refused.id)).detail is None
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT outcome, evidence FROM attempts").fetchall() == [("refused", None)]


@pytest.mark.parametrize("state", JobState)
async def test_nothing_is_deleted_of_a_job_that_has_not_ended_or_of_which_the_chat_has_not_heard(
    store: Store, state: JobState
) -> None:
    case = await in_state(store, state)
    assert await store.retention.purge(NOW + 10**9, 0.0) == 0
    assert await store.job(case.job.id) == case.job


async def test_what_was_deleted_is_not_left_in_the_file(store: Store, path: Path) -> None:
    secret = bytes(random.Random(1).randbytes(3000))
    job = await store.lists.open(NewJob(CHAT, None, ANNA, "Anna", "en", "base.txt", None), FILE, NOW)
    packed = PackedList(secret, secret[::-1], b"")
    await store.moves.read(job, packed, Reading(valid=2), NOW)
    assert secret[:200] in _bytes_of(path)
    cancelled = await store.moves.cancel(job, NOW)
    assert cancelled is not None
    await _let_rest(store, job.id)
    await store.retention.purge(NOW + 1, 0.0)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert secret[:200] not in _bytes_of(path)
    assert secret[1500:1700] not in _bytes_of(path)


async def _let_rest(store: Store, job_id: int) -> None:
    (taken,) = await store.jobs.take_due(NOW, lease="mine", until=NOW + 60, most=1)
    assert taken.id == job_id
    await store.jobs.settle(job_id, lease="mine", due_at=None)


def _bytes_of(path: Path) -> bytes:
    return b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}*"))


async def test_what_is_deleted_goes_in_bites_between_which_others_write(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.retention.JOBS_AT_ONCE", 2)
    ended = [(await in_state(store, JobState.CANCELLED)).job for _ in range(5)]
    for job in ended:
        await store.jobs.note_told(job, NOW)
        await _let_rest(store, job.id)
    commits: list[int] = []
    event.listen(store.database.engine.sync_engine, "commit", lambda _: commits.append(1))
    assert await store.retention.purge(NOW + 1, 0.0) >= len(ended)
    assert len(commits) == 3
    assert [await store.lists.numbers(job.id) for job in ended] == [None] * 5
    assert await store.retention.purge(NOW + 1, 0.0) == 0
