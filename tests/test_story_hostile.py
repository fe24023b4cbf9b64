"""What a hostile checking service could do to the bot's process: bombs, lies, floods, and answers that never end.

Each is refused within its limit, and nothing but that happens: the process grows by less than 100 MiB, counted from
just before the press until its result is in the chat; the children that read results stay small themselves; of five
people who ask for /help from the first blow on, one after the other, more than half are answered within a second; the
paid list comes to its end, charged once.

The bot is the real process. Only its waits are shortened (``tests/hurried_bot.py``): its limits of size are its own.
"""

import asyncio
import sqlite3
import statistics
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from functools import cache
from itertools import count, cycle, product
from typing import Any

import pytest
import pytest_asyncio

from bot.progress import RESULT_LATE_SECONDS
from bot.reading import MEMORY_BYTES
from sandbox.chats import Message
from tests.bot.result_files import bomb, sheet_xml, stating, with_part, workbook, xlsx, zipped
from tests.footprint import MIB, Footprint, watched
from tests.hurried_bot import DOWNLOAD_SECONDS
from tests.running import Rehearsal, rehearsal
from tests.talking import PATIENCE, Talk, charges, talk, verdicts, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

MOST_GROWTH = 100 * MIB
MOST_OF_CHILDREN = 256 * MIB
HELP_SECONDS = 1.0
HELPS, ASKERS = 5, 12
"""So many ask in one story, and so many there are in all: nobody so often that Telegram's limits hold the answer back.
"""
GIGABYTES = 2200 * MIB
LARGEST_IN_32_BITS = 2000 * MIB
"""The size of a larger part stands in two places."""
SHEET = "xl/worksheets/sheet1.xml"
PICTURE = "docProps/thumbnail.jpeg"
NAME = "Pasted numbers"
FETCHING = "1 of 1 checked. Fetching the result."


@dataclass
class Trap:
    """A host in a private network that must never hear of the bot."""

    url: str = ""
    visits: int = 0


@dataclass
class Stage:
    """The bot's process, the trap, and people who ask for help."""

    run: Rehearsal
    trap: Trap
    askers: Iterator[Talk]
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

    async def helped(self) -> float:
        """Let somebody ask for help, and say how many seconds the answer took."""
        asker = next(self.askers)
        answers = len(self._answers(asker))
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        await asker.say("/help")
        await self.run.telegram.wait_for(lambda _: len(self._answers(asker)) > answers or None, timeout=PATIENCE)
        return loop.time() - asked_at

    def _answers(self, asker: Talk) -> list[Message]:
        beginning = words("help", bot="").splitlines()[0]
        return [one for one in self.run.telegram.bot_messages(asker.chat_id) if beginning in one.text]

    @asynccontextmanager
    async def bearing(self, what: str) -> AsyncIterator[Footprint]:
        """Watch the process while the block lasts; as soon as a fault strikes in it, people ask for help."""
        struck = self.run.checker.faults.struck
        already = len(struck)
        async with watched(self.pid) as seen, asyncio.TaskGroup() as group:
            asking = group.create_task(self._ask(lambda: len(struck) > already))
            yield seen
        print(  # noqa: T201  (what was measured, for whoever runs it with -s)
            f"\n{what}: {seen.before / MIB:.0f} {seen.growth / MIB:+.1f} MiB, children {seen.children / MIB:.0f} MiB,"
            f" /help {statistics.median(asking.result()):.3f} s"
        )
        assert seen.growth < MOST_GROWTH
        assert seen.children < MOST_OF_CHILDREN
        assert statistics.median(asking.result()) < HELP_SECONDS

    async def _ask(self, strikes: Callable[[], bool]) -> list[float]:
        await self.run.checker.wait_for(lambda _: strikes(), timeout=PATIENCE)
        return [await self.helped() for _ in range(HELPS)]

    async def standing_task(self, number: str) -> str:
        """Wait until the task of a number has been asked about, and give its id."""
        [charge] = await self.run.checker.wait_for(lambda _: charges(self.run, number), timeout=PATIENCE)
        await self.run.checker.wait_for(lambda checker: checker.polls[charge.task_id], timeout=PATIENCE)
        return charge.task_id

    def an_hour_passes(self) -> None:
        """Let the tasks that are finished have been so an hour earlier, as the bot has stored it."""
        with closing(sqlite3.connect(self.run.folder / "bot.db", timeout=60)) as database, database:
            database.execute("UPDATE jobs SET moved_at = moved_at - ? WHERE state = 'checking'", (RESULT_LATE_SECONDS,))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One bot for all stories here; each has a person of its own."""
    trap = Trap()

    async def visited(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        trap.visits += 1
        writer.close()

    async with (
        rehearsal(tmp_path_factory.mktemp("hostile"), pending_seconds=0.0) as run,
        await asyncio.start_server(visited, "127.0.0.2") as server,
    ):
        trap.url = f"http://127.0.0.2:{server.sockets[0].getsockname()[1]}/"
        run.module = "tests.hurried_bot"
        run.settings["ADMIN_IDS"] = str(run.anna.id)
        await run.start()
        stage = Stage(run, trap, cycle([talk(run, f"Asker {place}") for place in range(ASKERS)]))
        boris, card, _ = await stage.preview()
        await boris.checks(card)  # what is loaded at the first list is not what a fault takes
        yield stage
        assert await run.stop() == 0
        assert trap.visits == 0


# Results that are none.


@cache
def zip_bomb(unpacked: int = GIGABYTES) -> bytes:
    return bomb("all.csv", unpacked, "79990000000,yes\n", around=("number,activated\n", ""))


@cache
def xlsx_bomb() -> bytes:
    row = '<row><c t="str"><v>79990000000</v></c><c t="str"><v>yes</v></c></row>'
    beginning, _, end = sheet_xml("|").partition("|")
    return bomb(SHEET, GIGABYTES, row, beside=xlsx(("Number", "telegram")), around=(beginning, end))


def riddle() -> bytes:
    """A file that nobody can read, as large as the result of one number may be."""
    return b"\xd0\xcf\x11\xe0".ljust(16 * MIB, b"\0")


def sheet_with(number: str, *, dimension: str = "", row: int = 2, column: str = "B") -> bytes:
    """A workbook with one number, whose sheet says of itself what is not true."""
    cells = f'<c r="A{row}" t="str"><v>{number}</v></c><c r="{column}{row}" t="str"><v>yes</v></c>'
    head = '<row r="1"><c r="A1" t="str"><v>Number</v></c><c r="B1" t="str"><v>telegram</v></c></row>'
    return with_part(
        workbook({"1": [("Number", "telegram")]}), SHEET, sheet_xml(f'{head}<row r="{row}">{cells}</row>', dimension)
    )


@cache
def gzip_bomb() -> dict[str, Any]:
    packing, zeros = zlib.compressobj(wbits=16 + zlib.MAX_WBITS), bytes(MIB)
    body = b"".join(packing.compress(zeros) for _ in range(200)) + packing.flush()
    return {"status": 200, "body": body, "headers": {"Content-Encoding": "gzip"}}


@dataclass(frozen=True)
class Blow:
    """A fault of the checking API, and how the log says why it was refused."""

    fault: str
    why: str
    options: Callable[[str, Trap], dict[str, Any]] = lambda *_: {}
    """What is told to the fault, for a number and a host in a private network."""


TOO_MUCH = "(archive that unpacks to too much)"
TOO_LARGE = f"(larger than {16 * MIB + 1024} bytes)"
NO_ANSWER = "No word of a task (ApiUnavailable)"

REFUSED = {
    "bombs": (
        Blow("result_file", TOO_MUCH, lambda *_: {"data": zip_bomb()}),
        Blow("result_file", "(broken: BadZipFile)", lambda *_: {"data": stating(zip_bomb(LARGEST_IN_32_BITS), 1000)}),
        Blow("result_file", TOO_MUCH, lambda *_: {"data": xlsx_bomb()}),
        Blow("result_file", TOO_MUCH, lambda *_: {"data": zipped({"result.xlsx": xlsx_bomb()})}),
        Blow("result_answer", "(the file is sent compressed on the way)", lambda *_: gzip_bomb()),
    ),
    "sheets of a million columns and of four billion rows": (
        Blow("result_file", "(broken: ValueError)", lambda number, _: {"data": sheet_with(number, column="BDWGN")}),
        Blow(
            "result_file",
            "(a row beyond the end of every sheet)",
            lambda number, _: {"data": sheet_with(number, row=4_000_000_000)},
        ),
    ),
    "200 MB instead of a result": (
        Blow("result_large", TOO_LARGE, lambda *_: {"told": True}),
        Blow("result_large", TOO_LARGE, lambda *_: {"told": False}),
        Blow("result_endless", TOO_LARGE),
    ),
    "200 MB instead of a status": (
        Blow("status_large", NO_ANSWER),
        Blow("status_large", NO_ANSWER),
        Blow("status_answer", NO_ANSWER, lambda *_: gzip_bomb()),
    ),
    "redirects to private addresses": (
        Blow("status_answer", NO_ANSWER, lambda _, trap: {"status": 302, "headers": {"Location": trap.url}}),
        Blow(
            "result_moved",
            "(the host is not on the public internet)",
            lambda _, trap: {"location": trap.url.replace("http:", "https:")},
        ),
        Blow("result_moved", "(the address is not https)", lambda _, trap: {"location": trap.url}),
        Blow(
            "result_moved",
            "(the host is not on the public internet)",
            lambda *_: {"location": "https://169.254.169.254/latest/meta-data/"},
        ),
    ),
    "slow drips": (
        Blow("status_drip", NO_ANSWER, lambda *_: {"seconds": 0.05}),
        Blow(
            "result_drip",
            f"(the transfer took longer than {DOWNLOAD_SECONDS:g} s)",
            lambda *_: {"after": 4, "seconds": 0.05},
        ),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_hostile_is_refused_and_the_result_comes_all_the_same(stage: Stage, what: str) -> None:
    run, blows = stage.run, REFUSED[what]
    boris, card, number = await stage.preview()
    log, struck = len(run.log), len(run.checker.faults.struck)
    for blow in blows:
        run.checker.faults.arm(blow.fault, **blow.options(number, stage.trap))
    async with stage.bearing(what):
        result = await boris.checks(card)

    assert sorted(name for name, _ in run.checker.faults.struck[struck:]) == sorted(blow.fault for blow in blows)
    for why, times in Counter(blow.why for blow in blows).items():
        assert run.log[log:].count(why) >= times, why
    assert verdicts(result) == {number: run.checker.verdict_of(number)}
    assert len(charges(run, number)) == len(boris.results()) == 1


async def test_a_sheet_that_lies_of_its_size_is_read_as_far_as_it_goes_by_the_bot_and_by_a_child(stage: Stage) -> None:
    run = stage.run
    lies: tuple[dict[str, Any], ...] = (
        {"dimension": "A1:XFD1048576"},
        {"dimension": "A1:BDWGN1048576"},
        {"dimension": "A1", "row": 1_048_576},
    )
    for lie, has_picture in product(lies, (False, True)):  # without one it is so small and plain that no child is begun
        boris, card, number = await stage.preview()
        downloads = len(run.checker.downloads)
        sheet = sheet_with(number, **lie)
        run.checker.faults.arm("result_file", data=with_part(sheet, PICTURE, b"") if has_picture else sheet)
        async with stage.bearing(f"a sheet that says {lie}") as seen:
            result = await boris.checks(card)

        assert verdicts(result) == {number: "yes"}
        assert len(run.checker.downloads) == downloads + 1
        assert len(charges(run, number)) == 1
        assert seen.limits == ({MEMORY_BYTES} if has_picture else set())


async def test_a_submit_that_is_answered_with_200_mb_is_asked_about_and_its_task_goes_on(stage: Stage) -> None:
    run, anna = stage.run, Talk(stage.run, stage.run.anna)
    boris, card, number = await stage.preview()
    run.checker.faults.arm("submit_large")
    async with stage.bearing("200 MB instead of an answer to a submit"):
        await boris.press(card, "Check")
        asked = await boris.hears(words("unsure-title", name=NAME))

    assert words("unsure-charged") in asked.text
    [charge] = charges(run, number)
    told = await anna.hears(words("admin-unsure-title", count=1))
    await anna.press(told, words("button-task-id"))
    prompt = await anna.hears("Reply to this message with the task id")
    await anna.say(charge.task_id, reply_to=prompt.message_id)
    assert verdicts(await boris.result()) == {number: run.checker.verdict_of(number)}
    assert sum(number in submit.numbers for submit in run.checker.submits) == len(charges(run, number)) == 1


HANDED_OVER: dict[str, Callable[[], bytes]] = {"a bomb": zip_bomb, "all that a list of one may have": riddle}
LASTING = {
    what: Blow("result_file", "", lambda *_, data=data: {"data": data()}) for what, data in HANDED_OVER.items()
} | {
    "200 MB": REFUSED["200 MB instead of a result"][1],
    "a redirect": REFUSED["redirects to private addresses"][1],
}


async def test_what_stays_hostile_for_an_hour_is_told_with_its_task_and_tried_on(stage: Stage) -> None:
    run, faults = stage.run, stage.run.checker.faults
    lists = {what: await stage.preview() for what in LASTING}
    options = {what: blow.options("", stage.trap) for what, blow in LASTING.items()}
    faults.arm("task_stalls", len(lists))
    tasks = {}
    async with stage.bearing("all at once, again and again"):
        for what, (boris, card, number) in lists.items():
            await boris.press(card, "Check")
            tasks[what] = await stage.standing_task(number)
            faults.arm(LASTING[what].fault, 1000, task_id=tasks[what], **options[what])
            run.checker.release(tasks[what])
        for boris, card, _ in lists.values():
            await boris.sees(card, FETCHING)
        stage.an_hour_passes()
        for what, (boris, _, number) in lists.items():
            if what not in HANDED_OVER:
                await boris.hears(words("result-late", name=NAME, task=tasks[what]))
                continue
            handed = await boris.result()
            assert handed.data == HANDED_OVER[what]()
            assert words("summary-raw") in handed.text
            assert len(charges(run, number)) == len(boris.results()) == 1

    for what, (boris, _, number) in lists.items():
        faults.disarm(LASTING[what].fault)
        if what not in HANDED_OVER:
            assert verdicts(await boris.result()) == {number: run.checker.verdict_of(number)}
            assert len(charges(run, number)) == len(boris.results()) == 1
