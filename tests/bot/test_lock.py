"""Two bots never work in one folder."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot import lock
from bot.lock import AlreadyRunningError, only_one

HOLDER = """
import sys, time
from pathlib import Path
from bot.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(folder: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: "subprocess.Popen[str]") -> None:
    process.communicate(timeout=10)


def test_a_second_bot_is_refused_while_the_first_holds_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "LOCK_SECONDS", 1)
    first = holder(tmp_path)
    try:
        with pytest.raises(AlreadyRunningError), only_one(tmp_path):
            pytest.fail("two bots work in one folder")
    finally:
        end(first)


def test_a_killed_bot_leaves_no_lock(tmp_path: Path) -> None:
    first = holder(tmp_path)
    first.send_signal(signal.SIGKILL)
    end(first)
    began = time.monotonic()
    with only_one(tmp_path):
        assert time.monotonic() - began < lock.LOCK_SECONDS


def test_the_next_bot_waits_for_one_that_is_just_going(tmp_path: Path) -> None:
    first = holder(tmp_path)
    assert first.stdin is not None
    first.stdin.close()  # it ends by itself, soon
    with only_one(tmp_path):
        pass
    first.stdin = None
    end(first)


def test_other_folders_have_other_locks(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with only_one(tmp_path / "a"), only_one(tmp_path / "b"):
        pass


def test_the_alarm_clock_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "LOCK_SECONDS", 1)
    before = signal.getsignal(signal.SIGALRM)
    first = holder(tmp_path)
    try:
        with pytest.raises(AlreadyRunningError), only_one(tmp_path):
            pass
    finally:
        end(first)
    assert signal.getsignal(signal.SIGALRM) is before
