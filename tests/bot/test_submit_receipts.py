"""The receipt of a paid task is on the disk before the database hears of it, and not for what is not paid."""

import pytest

from bot.job import JobState, Receipt
from bot.receipts import Receipts
from storage.submits import Submits
from tests.bot.bench import Bench


async def test_the_receipt_is_written_before_the_database_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    append, accepted = Receipts.append, Submits.accepted

    def noted_append(self: Receipts, receipt: Receipt) -> None:
        append(self, receipt)
        order.append("receipt")

    async def noted_accepted(self: Submits, *arguments: object) -> object:
        order.append("database")
        return await accepted(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Receipts, "append", noted_append)
    monkeypatch.setattr(Submits, "accepted", noted_accepted)
    job = await bench.submitted()

    assert job.state is JobState.CHECKING
    assert order == ["receipt", "database"]


async def test_the_receipt_names_the_attempt_the_job_and_the_task(bench: Bench) -> None:
    job = await bench.submitted()
    charge = bench.checker.ledger[0]
    [receipt] = bench.receipts.read()

    assert (receipt.task_id, receipt.job_token) == (charge.task_id, job.token)
    assert receipt.at >= charge.at


@pytest.mark.parametrize("fault", ["submit_cut_before", "submit_cut_after"])
async def test_what_is_not_known_to_be_paid_has_no_receipt(bench: Bench, fault: str) -> None:
    bench.faults.arm(fault)
    job = await bench.submitted()

    assert job.state is JobState.UNSURE
    assert bench.receipts.read() == ()
