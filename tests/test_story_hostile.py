"""What a hostile checking service could do to the bot's process: bombs, lies, floods, and answers that never end.

Each is refused within its limit, and nothing but that happens: the process grows by less than 100 MiB, counted from
just before the press until its result is in the chat; the children that read results stay small themselves; people who
ask for /help meanwhile are answered, half of them within a second; the paid list comes to its end, charged once.

The bot is the real process. Only its waits are shortened (``tests/hurried_bot.py``): its limits of size are its own.
"""

import asyncio
import sqlite3
import statistics
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.progress import RESULT_LATE_SECONDS
from bot.reading import MEMORY_BYTES
from sandbox.chats import Message
from tests.bot.result_files import bomb, sheet_xml, with_part, workbook, xlsx, zipped
from tests.footprint import MIB, Footprint, watched
from tests.hurried_bot import DOWNLOAD_SECONDS
from tests.running import Rehearsal, rehearsal
from tests.talking import Talk, charges, talk, verdicts, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

MOST_GROWTH = 100 * MIB
MOST_OF_CHILDREN = 256 * MIB
HELP_SECONDS = 1.0
FEWEST_HELPS = 5
GIGABYTES = 2200 * MIB
SHEET = "xl/worksheets/sheet1.xml"
NAME = "Pasted numbers"
FETCHING = "1 of 1 checked. Fetching the result."


@dataclass
class Trap:
    """A host in a private network that must never hear of the bot."""

    port: int
    visits: int = 0


@dataclass
class Stage:
    """The bot's process, the trap, and people who ask for help."""

    run: Rehearsal
    trap: Trap
    askers: list[Talk]
    numbers: Iterator[str] = field(default_factory=lambda: (f"+7929{place:07}" for place in count()))

    @property
    def pid(self) -> int:
        """The bot's process."""
        assert self.run.process is not None
        return self.run.process.pid

    async def preview(self) -> tuple[Talk, Message, str]:
        """Let somebody new send a number."""
        boris, number = talk(self.run), next(self.numbers)
        await boris.say(number)
        return boris, await boris.hears("1 number"), number

    async def helped(self, place: int) -> float:
        """Ask for help and say how many seconds the answer took."""
        asker = self.askers[place % len(self.askers)]
        answers = len(self._answers(asker))
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        await asker.say("/help")
        await self.run.telegram.wait_for(lambda _: len(self._answers(asker)) > answers or None, timeout=30)
        return loop.time() - asked_at

    def _answers(self, asker: Talk) -> list[Message]:
        beginning = words("help", bot="").splitlines()[0]
        return [one for one in self.run.telegram.bot_messages(asker.chat_id) if beginning in one.text]

    @asynccontextmanager
    async def bearing(self, strikes: Callable[[], bool], what: str) -> AsyncIterator[Footprint]:
        """Watch the process while the block lasts; once the fault has struck, people ask for help."""
        async with watched(self.pid) as seen, asyncio.TaskGroup() as group:
            asking = group.create_task(self._ask(strikes))
            yield seen
        print(  # noqa: T201  (what was measured, for whoever runs it with -s)
            f"\n{what}: {seen.growth / MIB:+.1f} MiB, children {seen.children / MIB:.0f} MiB,"
            f" /help {statistics.median(asking.result()):.3f} s"
        )
        assert seen.growth < MOST_GROWTH
        assert seen.children < MOST_OF_CHILDREN
        assert statistics.median(asking.result()) < HELP_SECONDS

    async def _ask(self, strikes: Callable[[], bool]) -> list[float]:
        await self.run.checker.wait_for(lambda _: strikes(), timeout=30)
        return [await self.helped(place) for place in range(FEWEST_HELPS)]

    def an_hour_passes(self) -> None:
        """Let the tasks that are finished have been so an hour earlier, as the bot has stored it."""
        with closing(sqlite3.connect(self.run.folder / "bot.db", timeout=10)) as database, database:
            database.execute("UPDATE jobs SET moved_at = moved_at - ? WHERE state = 'checking'", (RESULT_LATE_SECONDS,))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One bot for all stories here; each has a person of its own."""
    trap = Trap(0)

    async def visited(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        trap.visits += 1
        writer.close()

    async with (
        rehearsal(tmp_path_factory.mktemp("hostile"), pending_seconds=0.0) as run,
        await asyncio.start_server(visited, "127.0.0.2") as server,
    ):
        trap.port = server.sockets[0].getsockname()[1]
        run.module = "tests.hurried_bot"
        run.settings["ADMIN_IDS"] = str(run.anna.id)
        await run.start()
        stage = Stage(run, trap, [talk(run, f"Asker {place}") for place in range(FEWEST_HELPS)])
        boris, card, _ = await stage.preview()
        await boris.checks(card)  # what is loaded at the first list is not what a fault takes
        yield stage
        assert await run.stop() == 0
        assert trap.visits == 0


# Results that are none.


@cache
def zip_bomb() -> bytes:
    return bomb("all.csv", GIGABYTES, "79990000000,yes\n", around=("number,activated\n", ""))


@cache
def lying_zip_bomb() -> bytes:
    return bomb("all.csv", GIGABYTES, "79990000000,yes\n", around=("number,activated\n", ""), stated=1000)


@cache
def xlsx_bomb() -> bytes:
    row = '<row><c t="str"><v>79990000000</v></c><c t="str"><v>yes</v></c></row>'
    beginning, _, end = sheet_xml("|").partition("|")
    return bomb(SHEET, GIGABYTES, row, beside=xlsx(("Number", "telegram")), around=(beginning, end))


def nested_bomb() -> bytes:
    return zipped({"result.xlsx": xlsx_bomb()})


def with_sheet(number: str, *, dimension: str = "", row: int = 2, column: str = "B") -> bytes:
    """A workbook with one number, whose sheet says of itself what is not true."""
    cells = f'<c r="A{row}" t="str"><v>{number}</v></c><c r="{column}{row}" t="str"><v>yes</v></c>'
    head = '<row r="1"><c r="A1" t="str"><v>Number</v></c><c r="B1" t="str"><v>telegram</v></c></row>'
    return with_part(
        workbook({"1": [("Number", "telegram")]}), SHEET, sheet_xml(f'{head}<row r="{row}">{cells}</row>', dimension)
    )


@cache
def gzip_bomb() -> bytes:
    packing, zeros = zlib.compressobj(wbits=16 + zlib.MAX_WBITS), bytes(MIB)
    return b"".join(packing.compress(zeros) for _ in range(200)) + packing.flush()


Options = Callable[[str, Trap], dict[str, Any]]
TOO_MUCH = "archive that unpacks to too much"
TOO_LARGE = f"larger than {16 * MIB + 1024} bytes"

REFUSED: dict[str, tuple[str, Options, str, int]] = {
    "a ZIP bomb": ("result_file", lambda *_: {"data": zip_bomb()}, TOO_MUCH, 2),
    "a ZIP bomb that calls itself small": ("result_file", lambda *_: {"data": lying_zip_bomb()}, "BadZipFile", 2),
    "an xlsx bomb": ("result_file", lambda *_: {"data": xlsx_bomb()}, TOO_MUCH, 2),
    "an xlsx bomb in a ZIP": ("result_file", lambda *_: {"data": nested_bomb()}, TOO_MUCH, 2),
    "a row beyond every sheet": (
        "result_file",
        lambda number, _: {"data": with_sheet(number, row=4_000_000_000)},
        "a row beyond the end of every sheet",
        1,
    ),
    "a million columns": (
        "result_file",
        lambda number, _: {"data": with_sheet(number, column="BDWGN")},
        "broken: ValueError",
        1,
    ),
    "200 MB that are told": ("result_large", lambda *_: {"told": True}, TOO_LARGE, 3),
    "200 MB that are not told": ("result_large", lambda *_: {"told": False}, TOO_LARGE, 3),
    "a download without end": ("result_endless", lambda *_: {}, TOO_LARGE, 3),
    "a download packed on the way": (
        "result_answer",
        lambda *_: {"status": 200, "body": gzip_bomb(), "headers": {"Content-Encoding": "gzip"}},
        "the file is sent compressed on the way",
        3,
    ),
    "a redirect to a private address": (
        "result_moved",
        lambda _, trap: {"location": f"https://127.0.0.2:{trap.port}/result.xlsx"},
        "the host is not on the public internet",
        3,
    ),
    "a redirect to the cloud's own data": (
        "result_moved",
        lambda *_: {"location": "http://169.254.169.254/latest/meta-data/"},
        "the address is not https",
        3,
    ),
    "a download that drips": (
        "result_drip",
        lambda *_: {"after": 4, "seconds": 0.01},
        f"the transfer took longer than {DOWNLOAD_SECONDS:g} s",
        1,
    ),
    "200 MB that are a status": ("status_large", lambda *_: {}, "ApiUnavailable", 3),
    "a status packed on the way": (
        "status_answer",
        lambda *_: {"status": 200, "body": gzip_bomb(), "headers": {"Content-Encoding": "gzip"}},
        "ApiUnavailable",
        3,
    ),
    "a status that leads to a private address": (
        "status_answer",
        lambda _, trap: {"status": 302, "headers": {"Location": f"http://127.0.0.2:{trap.port}/v1/gettasks"}},
        "ApiUnavailable",
        3,
    ),
    "a status that drips": ("status_drip", lambda *_: {"seconds": 0.01}, "ApiUnavailable", 1),
}
"""The fault, its options for a number, what the log says of it, and how often it strikes in a row."""


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_hostile_is_refused_and_the_result_comes_all_the_same(stage: Stage, what: str) -> None:
    run, (fault, options, why, times) = stage.run, REFUSED[what]
    boris, card, number = await stage.preview()
    run.checker.faults.arm(fault, times, **options(number, stage.trap))
    log, struck = len(run.log), len(run.checker.faults.struck)
    async with stage.bearing(lambda: len(run.checker.faults.struck) > struck, what):
        result = await boris.checks(card)

    assert [name for name, _ in run.checker.faults.struck[struck:]] == [fault] * times
    assert run.log[log:].count(f"({why})") + run.log[log:].count(f": {why})") == times
    assert verdicts(result) == {number: run.checker.verdict_of(number)}
    assert len(charges(run, number)) == len(boris.results()) == 1
