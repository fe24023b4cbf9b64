"""A database full of lists whose tasks are at the API, and the bot's process at work on them, watched from outside."""

import asyncio
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.request import Request, urlopen

from sqlalchemy import insert

from bot.numbers import pack, read_numbers
from storage.database import open_database
from storage.schema import attempts, job_numbers, jobs
from tests.bench.measuring import ROOT, peak_mib

TICKS: Final = os.sysconf("SC_CLK_TCK")
LOOK_SECONDS: Final = 0.25
LIST_NUMBERS: Final = 20
LONG_LIST: Final = 500_000
"""So many numbers take the API half a day."""
EXPORTED_NUMBERS: Final = [f"+79260{at:06}" for at in range(LIST_NUMBERS)]


@dataclass(frozen=True, slots=True)
class Crowd:
    """What is in the database."""

    folder: Path
    ready: tuple[str, ...]
    """The tasks of short lists that will be exported at the same moment."""

    @property
    def path(self) -> Path:
        """Give the SQLite file."""
        return self.folder / "bot.db"

    def waiting(self) -> dict[str, float]:
        """Give when each task is due, of those that no step is being done for."""
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=10)) as database:
            question = "SELECT task_id, due_at FROM jobs WHERE state = 'checking' AND lease IS NULL"
            return dict(database.execute(question).fetchall())


def fill(
    folder: Path, count: int, *, ready: int = 0, spread: float = 30.0, ready_due_at: float = 0.0, finished: int = 0
) -> Crowd:
    """Make a database with so many lists in as many chats.

    Args:
        folder: Where.
        count: How many tasks are at the API.
        ready: How many of them are of short lists.
        spread: Over how many seconds from now on they fall due.
        ready_due_at: When those of the short lists are due (seconds since 1970).
        finished: How many jobs are there besides that have ended.
    """
    folder.mkdir(parents=True)
    asyncio.run(_fill(folder, count, ready, spread, ready_due_at))
    if finished:
        asyncio.run(_end_some(folder, count, finished))
    return Crowd(folder, tuple(_task(at) for at in range(ready)))


async def _fill(folder: Path, count: int, ready: int, spread: float, ready_due_at: float) -> None:
    packed, now = pack(read_numbers("\n".join(EXPORTED_NUMBERS))), time.time()
    async with open_database(f"sqlite:///{folder / 'bot.db'}") as database, database.write() as connection:
        rows = [_row(at, now, ready) | {"due_at": now + spread * at / count} for at in range(count)]
        for row in rows[:ready]:
            row["due_at"] = ready_due_at
        await connection.execute(insert(jobs), rows)
        tried = [
            {
                "attempt_id": f"a{at}",
                "job_id": at + 1,
                "asked_by": 7_000_000 + at,
                "numbers": row["to_check"],
                "begun_at": now - 60,
                "ended_at": now - 60,
                "outcome": "accepted",
                "task_id": row["task_id"],
            }
            for at, row in enumerate(rows)
        ]
        await connection.execute(insert(attempts), tried)
        lists = [
            {"job_id": at + 1, "numbers": packed.numbers, "details": packed.details, "rejected": packed.rejected}
            for at in range(ready)
        ]
        if lists:
            await connection.execute(insert(job_numbers), lists)


async def _end_some(folder: Path, count: int, finished: int) -> None:
    now = time.time()
    ended = {"state": "done", "told_at": now, "finished_at": now, "done": LIST_NUMBERS, "yes": LIST_NUMBERS}
    rows = [_row(at, now, 0) | ended | {"due_at": None} for at in range(count, count + finished)]
    async with open_database(f"sqlite:///{folder / 'bot.db'}") as database, database.write() as connection:
        await connection.execute(insert(jobs), rows)


def _row(at: int, now: float, ready: int) -> dict[str, Any]:
    numbers = LIST_NUMBERS if at < ready else LONG_LIST
    return {
        "id": at + 1,
        "token": f"token-{at:08}",
        "state": "checking",
        "state_since": now - 60,
        "created_at": now - 90,
        "chat_id": 7_000_000 + at,
        "starter_id": 7_000_000 + at,
        "starter_name": "Anna",
        "language": "en",
        "name": "list.txt",
        "list_message_id": 1,
        "card_message_id": 2,
        "shown": "-",
        "list_revision": 1,
        "read_revision": 1,
        "reading": "{}" if at >= ready else READING,
        "valid": numbers,
        "to_check": numbers,
        "queued_at": now - 61,
        "asked_by": 7_000_000 + at,
        "attempts": 1,
        "submitted_at": now - 60,
        "moved_at": now - 60,
        "task_id": _task(at),
        "task_status": "processing",
    }


READING: Final = json.dumps(
    {
        "valid": LIST_NUMBERS,
        "repeated": 0,
        "rejected": 0,
        "without_country": 0,
        "countries": [["RU", LIST_NUMBERS]],
        "country_count": 1,
        "first_rejected": [],
        "likely": [],
        "problem": None,
    }
)


def _task(at: int) -> str:
    return f"c{at:019}"


@dataclass
class Life:
    """A bot at work, and the far sides."""

    crowd: Crowd
    url: str
    pid: int
    samples: list[tuple[float, dict[str, float]]] = field(default_factory=list)
    """When each task was due, as it stood at some moments."""

    def ask(self, path: str, said: object = None) -> Any:
        """Ask the far side."""
        data = None if said is None else json.dumps(said).encode()
        request = Request(self.url + path, data, {"Content-Type": "application/json"})  # noqa: S310  (our own server)
        with urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)

    def processor_seconds(self) -> float:
        """Give how much processor time the bot's own process has had, and its ended children."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / TICKS

    def watch(self, seconds: float) -> None:
        """Take down for so long when each task is due."""
        until = time.time() + seconds
        while (left := until - time.time()) > 0:
            self.samples.append((time.time(), self.crowd.waiting()))
            time.sleep(min(LOOK_SECONDS, left))

    def peak_mib(self) -> float:
        """Give the most memory the bot's process has had."""
        return peak_mib(self.pid)

    def lateness(self) -> list[float]:
        """Give for each question how long after its time it came, in order.

        The time is what stood in the database last before the question came.
        """
        late = []
        at, due = 0, dict[str, float]()
        for task, asked_at in self.ask("/report")["polls"]:
            while at < len(self.samples) and self.samples[at][0] < asked_at:
                due.update(self.samples[at][1])
                at += 1
            if (time_due := due.pop(task, None)) is not None:
                late.append(max(asked_at - time_due, 0.0))
        now = time.time()
        # What is overdue and was not asked about is late as well.
        late += [now - one for one in self.crowd.waiting().values() if one < now - 1]
        return sorted(late)


@contextmanager
def living(crowd: Crowd) -> Iterator[Life]:
    """Start the far sides and the bot; end both."""
    with contextlib.ExitStack() as ending:
        far = subprocess.Popen([sys.executable, "-m", "tests.bench.far_side"], cwd=ROOT, stdout=subprocess.PIPE)
        ending.callback(_end, far)
        assert far.stdout is not None
        url = json.loads(far.stdout.readline())
        environment = {
            "PATH": os.environ["PATH"],
            "BOT_TOKEN": "424242:benchmark-token-that-is-long-enough-0",
            "CHECKER_API_KEY": "benchmark-key",
            "CHECKER_API_URL": f"{url}/v1",
            "TELEGRAM_API_URL": url,
            "DATABASE_URL": f"sqlite:///{crowd.path}",
            "DATA_DIR": str(crowd.folder / "data"),
            "ALLOWED_IDS": "7000000",
            "LOG_LEVEL": "WARNING",
        }
        log = ending.enter_context((crowd.folder / "bot.log").open("wb"))
        bot = subprocess.Popen([sys.executable, "-m", "bot"], cwd=ROOT, env=environment, stdout=log, stderr=log)
        ending.callback(_end, bot)
        life = Life(crowd, url, bot.pid)
        began = time.monotonic()
        while not life.ask("/report")["polling"]:
            if bot.poll() is not None or time.monotonic() - began > 60:
                raise RuntimeError((crowd.folder / "bot.log").read_text(encoding="utf-8")[-3000:])
            time.sleep(0.1)
        yield life


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
