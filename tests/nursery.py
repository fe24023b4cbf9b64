"""Starts a bot in a tenth of a second: a process that has imported everything forks, and the child runs ``bot``.

What is saved is the time that it takes to read the libraries and the texts, nothing that the bot does: the child gets
its own environment, log, lock, event loop and database, and runs the module as ``python -m`` does. The story of the
main job and the tests of settings start the bot as people do.

    python -m tests.nursery      one JSON order a line on stdin, the child's pid a line on stdout
"""

import asyncio
import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "storage")


@dataclass
class Child:
    """A bot that was born in the nursery of this test process; it is spoken to like ``asyncio.subprocess.Process``."""

    pid: int
    end: Path
    """Where its exit code will stand."""
    returncode: int | None = None

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process is gone."""
        os.kill(self.pid, number)

    async def wait(self) -> int:
        """Give the exit code, -9 for a process that was killed."""
        while not self.end.exists():  # noqa: ASYNC110  (it is the nursery's child, so nobody tells us)
            await asyncio.sleep(0.01)
        self.returncode = int(self.end.read_text())
        return self.returncode


async def born(module: str, environment: dict[str, str], log: Path, end: Path) -> Child:
    """Run a module in a child of the one nursery that a test process has, and ends with it."""

    def ordered() -> int:
        nursery = _own_nursery()
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        with _ONE_AT_A_TIME:
            order = {"module": module, "environment": environment, "log": str(log), "end": str(end)}
            nursery.stdin.write(json.dumps(order).encode() + b"\n")
            nursery.stdin.flush()
            return int(nursery.stdout.readline())

    return Child(await asyncio.to_thread(ordered), end)


_ONE_AT_A_TIME = threading.Lock()


@cache
def _own_nursery() -> subprocess.Popen[bytes]:
    nursery = subprocess.Popen(
        [sys.executable, "-m", "tests.nursery"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    atexit.register(nursery.kill)  # it is waiting for orders; its children are ended by the tests that asked for them
    return nursery


def main() -> None:
    """Import all there is, then fork for each order."""
    for package in PACKAGES:
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
            if module.name.rpartition(".")[2] not in {"__main__", "migrations"}:
                importlib.import_module(module.name)
    for name in ("aiosqlite", "sqlalchemy.dialects.sqlite.aiosqlite", "alembic.command", "logging.config"):
        importlib.import_module(name)
    importlib.import_module("bot.texts").load_texts()
    gc.freeze()  # what is shared stays shared: nobody looks for garbage in it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system takes the dead away
    for line in sys.stdin:
        order = json.loads(line)
        if os.fork() == 0:
            _watch(order)


def _watch(order: dict[str, Any]) -> None:
    """Bear the child, say its pid, wait for its end and write down how it ended; never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        _become(order)
    print(child, flush=True)  # noqa: T201  (the answer to the order)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    written = Path(f"{order['end']}.part")
    written.write_text(str(code))
    written.rename(order["end"])
    os._exit(0)


def _become(order: dict[str, Any]) -> None:
    """Be an ordinary process that was started with ``python -m``; never returns."""
    code: Any = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for handle, place in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(handle, place)
        os.environ.clear()
        os.environ.update(order["environment"])
        sys.argv = [order["module"]]
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    main()
