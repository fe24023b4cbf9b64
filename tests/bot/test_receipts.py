"""The receipt journal outlives what the database may not."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.job import Receipt
from bot.receipts import LEAST_FREE_BYTES, RESERVE_BYTES, Receipts


def a_receipt(number: int) -> Receipt:
    return Receipt(f"attempt-{number}", f"job-{number}", f"task-{number}", 1_795_000_000.5 + number)


def test_what_was_appended_is_read_in_order(tmp_path: Path) -> None:
    receipts = Receipts(tmp_path)
    for number in range(3):
        receipts.append(a_receipt(number))
    assert Receipts(tmp_path).read() == tuple(a_receipt(number) for number in range(3))


def test_without_a_journal_there_are_no_receipts(tmp_path: Path) -> None:
    assert Receipts(tmp_path).read() == ()


def test_a_torn_line_is_no_receipt_and_spoils_none(tmp_path: Path) -> None:
    receipts = Receipts(tmp_path)
    receipts.append(a_receipt(0))
    with receipts.path.open("ab") as file:
        file.write(b'{"attempt_id": "torn, the power w')
    receipts.append(a_receipt(1))
    assert receipts.read() == (a_receipt(0), a_receipt(1))


@pytest.mark.parametrize("rubbish", [b"[]\n", b"null\n", b'{"more": 1}\n', b"\xff\xfe\n", b"12\n", b"\0\0\0\n"])
def test_a_line_of_another_shape_is_no_receipt(tmp_path: Path, rubbish: bytes) -> None:
    receipts = Receipts(tmp_path)
    receipts.path.write_bytes(rubbish)
    assert receipts.read() == ()


def test_only_its_owner_can_read_the_journal(tmp_path: Path) -> None:
    receipts = Receipts(tmp_path)
    receipts.append(a_receipt(0))
    assert receipts.path.stat().st_mode & 0o077 == 0


def test_a_receipt_is_on_the_disk_before_append_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    sync = os.fsync

    def watched(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        sync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    Receipts(tmp_path).append(a_receipt(0))
    assert synced == ["receipts.log", tmp_path.name]


def test_on_a_full_disk_the_reserve_is_given_up_for_the_receipt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipts = Receipts(tmp_path)
    receipts.keep_reserve()
    assert receipts.reserve.stat().st_size == RESERVE_BYTES
    monkeypatch.setattr(os, "write", full_while(receipts.reserve.exists))
    receipts.append(a_receipt(0))
    assert receipts.read() == (a_receipt(0),)
    assert not receipts.reserve.exists()


def test_a_disk_that_stays_full_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", full_while(lambda: True))
    with pytest.raises(OSError, match="No space"):
        Receipts(tmp_path).append(a_receipt(0))


def test_a_reserve_that_is_there_is_left_alone(tmp_path: Path) -> None:
    receipts = Receipts(tmp_path)
    receipts.keep_reserve()
    before = receipts.reserve.stat().st_mtime_ns
    receipts.keep_reserve()
    assert receipts.reserve.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("free", "trouble"),
    [(LEAST_FREE_BYTES, None), (LEAST_FREE_BYTES - 1, "only 63 MiB are free"), (0, "only 0 MiB are free")],
)
def test_nothing_is_submitted_when_the_disk_is_nearly_full(
    free: int, trouble: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=free))
    said = Receipts(tmp_path).trouble
    assert said is None if trouble is None else str(said).startswith(trouble)


def full_while(full: Callable[[], bool]) -> Callable[[int, bytes], int]:
    write = os.write

    def writing(handle: int, data: bytes) -> int:
        if full():
            raise OSError(28, "No space left on device")
        return write(handle, data)

    return writing


async def test_who_named_a_task_is_written_down_with_it(tmp_path: Path) -> None:
    receipts = Receipts(tmp_path)
    named = replace(a_receipt(0), named_by=13)
    await receipts.write_down(named)
    await receipts.write_down(a_receipt(1))
    assert receipts.read() == (named, a_receipt(1))
    assert b"named_by" not in receipts.path.read_bytes().splitlines()[-1]


async def test_that_a_receipt_cannot_be_written_is_said_and_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await Receipts(tmp_path / "nowhere").write_down(a_receipt(0))
    [record] = caplog.records
    assert record.levelname == "CRITICAL"
    assert "task-0" in record.message
