"""What a result may come to: a fresh address each time, told when it is late, handed over when nobody reads it."""

import errno
import io
import zipfile
from typing import Any

import pytest

from bot.job import JobState, Waiting
from bot.progress import RESULT_LATE_SECONDS
from tests.bot.bench import Bench
from tests.bot.following import assert_doubling, checked, due_in


def an_xlsx_of_another_kind() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    "arm",
    [
        ("result_answer", {"status": 403, "body": "<html>expired</html>"}),
        ("result_answer", {"status": 404, "body": "no"}),
        ("result_answer", {"status": 410, "body": "gone"}),
        ("result_answer", {"status": 200, "body": "<html>log in</html>"}),
        ("result_expired", {}),
        ("result_cut", {}),
        ("result_truncated", {}),
        ("result_file", {"data": an_xlsx_of_another_kind()}),
    ],
    ids=["403", "404", "410", "a page", "expired", "cut", "truncated", "broken archive"],
)
async def test_a_result_that_cannot_be_had_is_fetched_from_a_fresh_address(
    bench: Bench, arm: tuple[str, dict[str, Any]]
) -> None:
    bench.faults.arm(arm[0], times=2, **arm[1])
    job = await checked(bench)
    bench.clock.advance(60)
    waits = []
    for _ in range(2):
        await bench.turn()
        assert (await bench.now(job)).waiting is Waiting.RESULT
        waits.append(await due_in(bench, job))
        bench.clock.advance(waits[-1])
    assert_doubling(waits)
    await bench.turn()
    assert (await bench.now(job)).state is JobState.DELIVERING
    assert len(bench.checker.links) == 3


async def test_an_exported_task_without_an_address_is_asked_about_again(bench: Bench) -> None:
    job = await checked(bench)
    bench.clock.advance(60)
    body = {"task_id": job.task_id, "status": "exported", "total": 120, "success": 120, "failure": 0}
    bench.faults.arm("status_answer", status=200, body=body)
    await bench.turn()
    assert (await bench.now(job)).waiting is Waiting.RESULT
    await bench.until(job, JobState.DONE)


async def test_a_result_that_cannot_be_had_for_an_hour_is_told_once_with_the_task_id(bench: Bench) -> None:
    bench.faults.arm("result_answer", times=200, status=403, body="no")
    job = await checked(bench)
    await bench.wait(RESULT_LATE_SECONDS - 60)
    assert len(bench.said()) == 1
    await bench.wait(600)
    assert len(bench.said()) == 2
    assert str(job.task_id) in bench.said()[-1]
    bench.faults.disarm("result_answer")
    await bench.until(job, JobState.DONE)
    assert len(bench.checker.ledger) == 1


async def test_a_result_that_is_not_understood_for_an_hour_is_handed_over_as_it_is(bench: Bench) -> None:
    raw = an_xlsx_of_another_kind()
    bench.faults.arm("result_file", times=20, data=raw)
    job = await checked(bench)
    bench.clock.advance(60)
    await bench.turn()
    bench.clock.advance(RESULT_LATE_SECONDS)
    job = await bench.settled(job)
    assert (job.state, job.yes + job.no + job.undetermined) == (JobState.DONE, 0)
    assert bench.documents()[-1].data == raw


async def test_what_is_too_large_to_be_handed_over_is_told_and_tried_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = an_xlsx_of_another_kind()
    monkeypatch.setattr("bot.checking.MOST_RAW_BYTES", len(raw) - 1)
    bench.faults.arm("result_file", times=200, data=raw)
    job = await checked(bench)
    bench.clock.advance(60)
    await bench.turn()
    bench.clock.advance(RESULT_LATE_SECONDS)
    await bench.turn()
    assert ((await bench.now(job)).waiting, bench.documents()) == (Waiting.RESULT, [])
    assert str(job.task_id) in bench.said()[-1]
    bench.faults.disarm("result_file")
    await bench.until(job, JobState.DONE)
    assert len(bench.documents()) == len(bench.checker.ledger) == 1


async def test_a_full_disk_moves_the_clock_and_fails_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_arguments: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    job = await checked(bench)
    bench.clock.advance(60)
    with monkeypatch.context() as patch:
        patch.setattr(type(bench.api), "download", full)
        await bench.turn()
    assert (await bench.now(job)).waiting is Waiting.RESULT
    assert await due_in(bench, job) < 2
    await bench.until(job, JobState.DONE)


async def test_nothing_of_a_result_is_left_on_the_disk(bench: Bench) -> None:
    bench.faults.arm("result_truncated")
    await bench.until(await checked(bench), JobState.DONE)
    assert list((bench.folder / "work").iterdir()) == []
