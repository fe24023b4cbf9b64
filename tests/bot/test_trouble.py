"""Whatever is wrong with Telegram or the disk: what is paid goes on, and nothing new is paid for."""

import shutil
from typing import NamedTuple

import pytest

from bot.job import JobState
from bot.receipts import LEAST_FREE_BYTES
from tests.bot.bench import Bench


class Usage(NamedTuple):
    total: int
    used: int
    free: int


async def test_what_is_paid_is_finished_while_nothing_new_is_submitted(bench: Bench) -> None:
    paid = await bench.submitted()
    bench.trouble = "the token is not accepted any more"
    waiting = await bench.submitted()

    assert (await bench.until(paid, JobState.DONE)).state is JobState.DONE
    assert (await bench.now(waiting)).state is JobState.QUEUED
    assert len(bench.checker.ledger) == len(bench.documents()) == 1


async def test_nothing_is_submitted_onto_a_full_disk_until_there_is_room(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [LEAST_FREE_BYTES - 1]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(2**40, 2**40, free[0]))
    job = await bench.submitted()
    await bench.wait(60)
    assert job.state is (await bench.now(job)).state is JobState.QUEUED
    assert bench.checker.submits == []

    free[0] = LEAST_FREE_BYTES
    await bench.until(job, JobState.DONE)
    assert len(bench.checker.ledger) == 1
