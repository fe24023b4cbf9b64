"""Starts a bot in a tenth of a second: a process that has imported everything forks, and the child runs ``bot``.

What is saved is the time that Python takes to read the libraries, nothing that the bot does: the child gets its own
environment, log, lock, event loop and database, and runs the module as ``python -m`` does.

    python -m tests.chaos.nursery      one JSON order a line on stdin, the child's pid a line on stdout
"""

import asyncio
import importlib
import json
import os
import pkgutil
import runpy
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("bot", "handlers", "storage")


class Nursery:
    """The other end: asks for children."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._one_at_a_time = asyncio.Lock()

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.chaos.nursery",
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
            await process.wait()

    async def start(self, module: str, environment: dict[str, str], log: Path) -> int:
        """Run a module in a child; give its pid. It ends when somebody ends it."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("the nursery is closed")
        order = {"module": module, "environment": environment, "log": str(log)}
        async with self._one_at_a_time:
            process.stdin.write(json.dumps(order).encode() + b"\n")
            await process.stdin.drain()
            return int(await process.stdout.readline())


def main() -> None:
    """Import all there is, then fork for each order."""
    for package in PACKAGES:
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
            if module.name.rpartition(".")[2] not in {"__main__", "migrations"}:
                importlib.import_module(module.name)
    for name in ("aiosqlite", "sqlalchemy.dialects.sqlite.aiosqlite", "alembic.command", "logging.config"):
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system takes the dead away
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(json.loads(line))
        print(child, flush=True)  # noqa: T201  (the answer to the order)


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
