"""A full disk, at every kind of write: nothing is lost, nothing comes twice, and all goes on when there is room."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.job import JobState, Receipt, Waiting
from bot.reading import FULL
from bot.receipts import LEAST_FREE_BYTES, Receipts
from bot.results import Verdicts
from bot.workshop import ResultReading
from storage.database import DatabaseUnavailableError
from tests.bot.bench import Bench, numbers

FEWEST_COMMITS, MOST_COMMITS = 15, 60
"""How many a job has from its first message to its end: about thirty."""
TIMES = 3
"""How often in a row a commit fails."""


class Disk:
    """The disk under the database: it takes ``room`` more commits, then refuses ``refusals``, then there is room."""

    def __init__(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        self.room = self.refusals = self.taken = 0
        dialect = bench.store.database.engine.sync_engine.dialect
        self._commit = dialect.do_commit
        monkeypatch.setattr(dialect, "do_commit", self.commit)

    def commit(self, connection: Any) -> None:
        if self.taken >= self.room and self.refusals:
            self.refusals -= 1
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorname = "SQLITE_FULL"
            raise error
        self.taken += 1
        self._commit(connection)


async def read_here(path: Path, _request: object, *, forks: object) -> ResultReading:
    """Stand for the child, which has a disk of its own to mind."""
    assert forks is None
    return ResultReading(Verdicts("yny"), path)


async def turn(bench: Bench) -> None:
    try:
        await bench.turn()
    except* DatabaseUnavailableError:
        pass  # the worker's loop looks again a second later


async def lived(bench: Bench, text: str) -> None:
    """Let a job live from its message to its end, whatever the database says meanwhile."""
    message = await bench.telegram.send_text(bench.anna, bench.chat_id, text)
    job = None
    for _ in range(200):
        with suppress(DatabaseUnavailableError):
            if job is None:
                job = await bench.hand_in(message, text)
            job = await bench.now(job)
            if job.state is JobState.DONE and job.told_at is not None:
                return
            if job.state is JobState.CONFIRMING and job.card_message_id is not None:
                job = await bench.press(job)
            await bench.worker._settle_late()
            await turn(bench)
        due_at = await bench.store.jobs.next_due()
        bench.clock.advance(max((due_at or 0.0) - bench.clock.now(), 1.0))
    raise AssertionError("it never ends")


async def test_a_commit_that_the_disk_refuses_loses_and_doubles_nothing_whichever_it_is(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.composing.read_result", read_here)
    disk = Disk(bench, monkeypatch)
    for room in range(MOST_COMMITS):
        disk.room, disk.refusals, disk.taken = room, TIMES, 0
        await lived(bench, text := numbers(3, 9_120_000_000 + 10 * room))
        assert len(bench.checker.ledger) == len(bench.documents()) == room + 1, f"after {room} commits"
        assert "repeat" not in bench.documents()[-1].text
        assert bench.checker.ledger[-1].numbers == tuple(text.split())
        if disk.refusals:
            break  # the life of a job has no more commits
    else:
        raise AssertionError("a job has more commits than were tried")
    assert room > FEWEST_COMMITS


def full(*_arguments: object, **_options: object) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def without_room(*_arguments: object, **_options: object) -> Any:
    raise DatabaseUnavailableError("SQLITE_FULL")


# A list that is being read.


async def fetched(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Path, "open", full)


async def handed_to_a_child(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("bot.workshop.tempfile.mkdtemp", full)


async def read_by_a_child(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("bot.confirming.read_list", full)


@pytest.mark.parametrize("where", [fetched, handed_to_a_child, read_by_a_child])
async def test_a_list_that_the_disk_does_not_take_waits_and_its_person_hears_it_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, where: Callable[..., Any]
) -> None:
    text = numbers(6000)
    with monkeypatch.context() as patch:
        await where(patch)
        job = await bench.settled(await bench.send_file("base nov.txt", text.encode()))
        await bench.wait(60)
    assert (await bench.now(job)).state is JobState.READING
    assert bench.said() == [
        "base nov.txt: my disk is full. I will read the list by myself as soon as there is room. Nothing was charged."
    ]
    await bench.wait(10)
    assert (await bench.now(job)).valid == 6000
    assert "Check 6,000 numbers" in bench.card(await bench.now(job)).labels
    assert list((bench.folder / "work").iterdir()) == []


async def test_where_not_even_that_can_be_noted_nothing_is_said_again_and_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("bot.confirming.read_list", full)
        patch.setattr(type(bench.store.jobs), "note_told", without_room)
        job = await bench.settled(await bench.send_file("a.txt", numbers(6000).encode()))
        await bench.wait(10)
    assert bench.said() == []
    assert (await bench.until(job, JobState.CONFIRMING)).valid == 6000


async def test_another_trouble_is_not_called_a_full_disk(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_options: object) -> Any:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr("bot.confirming.read_list", broken)
        job = await bench.settled(await bench.send_file("a.txt", numbers(6000).encode()))
    assert bench.said() == []
    assert (await bench.until(job, JobState.CONFIRMING)).valid == 6000


def test_every_way_of_saying_full_is_known() -> None:
    assert {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} == FULL


# A result that is fetched and read.


@pytest.mark.parametrize("where", ["bot.workshop.tempfile.mkdtemp", "bot.composing.read_result"])
async def test_a_result_that_the_disk_does_not_take_is_fetched_again_and_paid_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    job = await bench.submitted()
    with monkeypatch.context() as patch:
        patch.setattr(where, full)
        await bench.wait(30)
    assert (await bench.now(job)).waiting is Waiting.RESULT
    assert (await bench.until(job, JobState.DONE)).yes + (await bench.now(job)).no == 3
    assert len(bench.checker.ledger) == len(bench.documents()) == 1


# What is paid.


async def test_nothing_is_submitted_below_the_threshold_and_the_person_reads_why(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(bench.folder)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=LEAST_FREE_BYTES - 1))
        job = await bench.submitted()
        await bench.wait(60)
        assert (job.state, job.waiting) == (JobState.QUEUED, Waiting.DISK)
        assert "My disk is full" in bench.card(job).text
        assert bench.card(job).labels == ["Cancel"]
        assert bench.checker.submits == []
    job = await bench.until(job, JobState.DONE)
    assert job.waiting is None
    assert len(bench.checker.ledger) == 1


async def test_without_a_reserve_nothing_is_submitted_and_it_is_set_aside_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not bench.receipts.reserve.exists()
    with monkeypatch.context() as patch:
        patch.setattr(Receipts, "keep_reserve", full)
        job = await bench.submitted()
    assert (job.state, job.waiting) == (JobState.QUEUED, Waiting.DISK)
    assert bench.checker.submits == []
    await bench.until(job, JobState.DONE)
    assert bench.receipts.reserve.exists()


async def test_the_disk_of_the_database_counts_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    free = {tmp_path: LEAST_FREE_BYTES, tmp_path / "db": 0}
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage._replace(free=free[folder]))
    assert Receipts(tmp_path).trouble is None
    assert str(Receipts(tmp_path, tmp_path / "db").trouble).startswith("only 0 MiB are free")


async def test_a_receipt_gets_the_room_of_the_reserve_also_where_a_part_of_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipts, write = Receipts(tmp_path), os.write
    receipts.keep_reserve()

    def nearly_full(handle: int, data: bytes) -> int:
        return write(handle, data[:20] if receipts.reserve.exists() else data)

    monkeypatch.setattr(os, "write", nearly_full)
    receipts.append(Receipt("attempt", "job", "task", 1.0))
    assert receipts.read() == (Receipt("attempt", "job", "task", 1.0),)


async def test_what_came_of_a_submit_is_stored_however_long_the_disk_is_full(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted, refusals = type(bench.store.submits).accepted, 40

    async def sometimes(self: Any, *arguments: Any) -> Any:
        nonlocal refusals
        refusals -= 1
        return without_room() if refusals >= 0 else await accepted(self, *arguments)

    monkeypatch.setattr(type(bench.store.submits), "accepted", sometimes)
    job = await bench.submitted()
    assert (job.state, job.task_id) == (JobState.CHECKING, bench.checker.ledger[0].task_id)
    assert len(bench.checker.ledger) == 1
    assert sum(bench.slept) > 1000


async def test_a_result_that_is_in_the_chat_is_not_sent_again_because_of_the_disk(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered, refusals = type(bench.store.tasks).delivered, 40

    async def sometimes(self: Any, *arguments: Any) -> Any:
        nonlocal refusals
        refusals -= 1
        return without_room() if refusals >= 0 else await delivered(self, *arguments)

    monkeypatch.setattr(type(bench.store.tasks), "delivered", sometimes)
    await bench.until(await bench.submitted(), JobState.DONE)
    assert len(bench.documents()) == 1
