"""Runs of tests in forks of one process that has the libraries loaded: loading them takes longer than most tests do."""

import contextlib
import importlib
import os
import re
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

import pytest

LIBRARIES = (
    *("aiogram", "aiogram.client.session.aiohttp", "aiogram.filters", "aiohttp.web", "aiosqlite", "alembic.command"),
    *("babel.numbers", "fluent.runtime", "httpx", "hypothesis.strategies", "openpyxl", "phonenumbers"),
    *("sqlalchemy.ext.asyncio", "sqlalchemy.dialects.postgresql"),
)
OURS = frozenset({"bot", "handlers", "storage", "sandbox", "tests"})
PATIENCE_SECONDS = 300
FAILED = 1
"""pytest's exit code where tests ran and failed."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a run of tests ended."""

    code: int
    failed: str
    """The test that failed first."""
    seconds: float
    output: str

    @property
    def is_catch(self) -> bool:
        """Say whether tests ran and failed; a program that does not even start proves nothing about them."""
        return self.code == FAILED


@dataclass(frozen=True, slots=True)
class Running:
    """A run that is under way."""

    pid: int
    output: Path
    began: float

    def end(self) -> Run | None:
        """Give how it ended; None while it goes on. Whoever does not end is ended."""
        seconds = time.monotonic() - self.began
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0:
            if seconds < PATIENCE_SECONDS:
                return None
            _end_all_of(self.pid)
            os.waitpid(self.pid, 0)
            return Run(FAILED, "", seconds, f"no end within {PATIENCE_SECONDS} s")
        _end_all_of(self.pid)  # a bot that a broken test has left behind
        output = self.output.read_text(encoding="utf-8", errors="replace")
        failed = re.search(r"^(?:FAILED|ERROR) (tests/.+?)(?: - .*)?$", output, re.MULTILINE)
        return Run(os.waitstatus_to_exitcode(status), failed[1] if failed else "", seconds, output)


def load_libraries() -> None:
    """Load what no mutant changes. Nothing of ours may be loaded by it, and no thread may be started."""
    for name in LIBRARIES:
        importlib.import_module(name)


def begin(folder: Path, tests: list[str]) -> Running:
    """Run tests in a copy of the program, until the first that fails."""
    handle, name = tempfile.mkstemp(prefix="run-", dir=folder.parent)
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        code = 3  # pytest's word for an error inside of it
        try:
            code = _run(folder, tests, handle)
        except BaseException:  # noqa: BLE001  (it would unwind into the parent's program)
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    os.close(handle)
    return Running(pid, Path(name), time.monotonic())


def _run(folder: Path, tests: list[str], handle: int) -> int:
    """Become a process that stands in the copy and knows of no other program."""
    os.setsid()
    for number in (1, 2):
        os.dup2(handle, number)
    os.chdir(folder)
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    os.environ.clear()
    os.environ.update(kept, PYTHONDONTWRITEBYTECODE="1")
    sys.dont_write_bytecode = True
    sys.path[:] = [str(folder), *(path for path in sys.path if not (Path(path) / "bot" / "__main__.py").exists())]
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]
    # pytest would rather have loaded the libraries itself, to explain their asserts.
    quiet = ("-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider", "-q")
    return int(pytest.main(["-x", *quiet, "--rootdir", str(folder), *tests]))


def _end_all_of(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
