"""The parent's side: whatever the child does, the parent goes on, and nothing of the child stays."""

import asyncio
import contextlib
import errno
import io
import os
import signal
import sys
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import openpyxl
import pytest

from bot import children
from bot.numbers import pack, read_numbers
from bot.packing import Reading, combined
from bot.parts import PartRequest
from bot.report import SheetWords
from bot.results import ResultNotUnderstood, Verdicts
from bot.workshop import ReadingFailed, ResultRequest, read_list, read_result, write_part
from tests.bot.result_files import csv

ROOT = Path(__file__).resolve().parents[2]
LIST = "+79123000001\n+447911123456\n+79123000001\n12\n"
RESULT = csv(("number", "activated"), ("79123000001", "yes"), ("447911123456", "no"), ("79990000000", "no"))
REQUEST = ResultRequest(
    sent=pack(read_numbers(LIST)),
    repeated=1,
    words=SheetWords("sent", "yes", "no", "undetermined", "repeated", "rejected", "time", "cost", "now", "before"),
    seconds=10.0,
    cost="$0.74",
)

Program = Callable[[str], None]


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Program:
    """Put another program in the child's place."""

    def replace(code: str) -> None:
        root = tmp_path / "root"
        (root / "bot").mkdir(parents=True)
        (root / "bot" / "__init__.py").touch()
        (root / "bot" / "reading.py").write_text(textwrap.dedent(code))
        monkeypatch.setattr(children, "__file__", str(root / "bot" / "children.py"))

    return replace


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file alone in its directory, so that everything left beside it is seen."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    path = folder / "-list.txt"
    path.write_text(LIST)
    return path


def beside(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def put(path: Path, data: bytes | str) -> None:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


class Line:
    """An open line to a child at work. It hangs up when the child ends, however it ends."""

    def __init__(self) -> None:
        self.pid = 0
        self._rung = asyncio.Event()
        self._hung_up = asyncio.Event()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = int(await reader.readline())
        self._rung.set()
        await reader.read()
        self._hung_up.set()
        writer.close()

    async def rung(self) -> None:
        async with asyncio.timeout(60):
            await self._rung.wait()

    async def hung_up(self) -> None:
        async with asyncio.timeout(60):
            await self._hung_up.wait()


@contextlib.asynccontextmanager
async def line_to_child(tmp_path: Path) -> AsyncIterator[Line]:
    line = Line()
    async with await asyncio.start_unix_server(line.answer, tmp_path / "line"):
        yield line


def is_zombie(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG) is not None
    except ChildProcessError:
        return False


async def test_what_the_child_says_on_its_way_is_heard_and_its_answer_is_the_last_line(
    file: Path, child: Program
) -> None:
    child(
        """
        import sys, time
        for percent in ("7", "40", "words", "99999"):
            print(percent, flush=True)
            time.sleep(0.05)
        path = sys.argv[sys.argv.index("list") + 1]
        for part in ("numbers", "details", "rejected", "combined"):
            open(f"{path}.{part}", "wb").close()
        sys.stdout.write(ANSWER)
    """.replace("ANSWER", repr(Reading(valid=3).to_json()))
    )
    heard: list[int] = []

    async def hear(percent: int) -> None:
        heard.append(percent)

    told = (await read_list([file], tell=hear)).reading
    assert told.valid == 3
    assert set(heard) <= {7, 40, 100}
    assert heard == sorted(heard)
    assert heard[-1] == 100


async def test_a_list_is_read_by_the_child_and_nothing_is_left_beside_it(file: Path) -> None:
    told, packed, together = await read_list([file])
    assert together == combined(packed) != b""
    assert (told.valid, told.repeated, told.rejected) == (2, 1, 1)
    assert packed == pack(read_numbers(LIST))
    assert beside(file) == ["-list.txt"]


async def test_the_country_and_the_hints_reach_the_child(file: Path) -> None:
    put(file, "8 912 300-00-01\n")
    assert (await read_list([file], "RU"))[0].valid == 1
    put(file, "912 300-00-01\n")
    assert (await read_list([file], hints=["RU", "KZ"]))[0].likely[0] == "RU"


async def test_a_result_is_read_by_the_child_and_only_the_workbook_stays(file: Path) -> None:
    put(file, RESULT)
    told = await read_result(file, REQUEST)
    assert told.verdicts == Verdicts("yn", foreign=1)
    assert told.workbook == file.parent / "-list.txt.xlsx"
    assert beside(file) == ["-list.txt", "-list.txt.xlsx"]
    assert openpyxl.load_workbook(told.workbook).sheetnames == ["Result", "Summary", "Countries", "Rejected"]


async def test_a_part_of_a_result_is_written_by_the_child_and_nothing_is_left_of_it(file: Path) -> None:
    content = await write_part(file.parent, PartRequest(REQUEST.sent, "yn", "n", {"GG": "Guernsey"}))
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert [row[:3] for row in sheet.iter_rows(values_only=True)] == [
        ("Number", "telegram", "Country"),
        (read_numbers(LIST).valid[1].e164, "no", "Guernsey"),
    ]
    assert beside(file) == ["-list.txt"]


async def test_a_part_of_another_list_is_a_reading_that_failed(file: Path) -> None:
    with pytest.raises(ReadingFailed):
        await write_part(file.parent, PartRequest(REQUEST.sent, "y", "y", {}))
    assert beside(file) == ["-list.txt"]


async def test_a_relative_path_is_read_from_where_the_bot_runs(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    assert (await read_list([Path("-list.txt")]))[0].valid == 2


async def test_a_result_that_is_none_says_why(file: Path) -> None:
    put(file, "<html>")
    with pytest.raises(ResultNotUnderstood) as refusal:
        await read_result(file, REQUEST)
    assert refusal.value.reason == "HTML or XML"
    assert beside(file) == ["-list.txt"]


async def test_a_file_that_is_not_there_is_a_reading_that_failed(file: Path) -> None:
    with pytest.raises(ReadingFailed) as failure:
        await read_list([file.with_name("other.txt")])
    assert failure.value.cause.startswith("FileNotFoundError in pathlib.py")
    assert str(failure.value).startswith("A file could not be read within the time and memory it is given.")


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("import sys; sys.exit(7)", "ended with 7"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ended with -9"),
        ("import sys; print('x', file=sys.stderr); print('broken', file=sys.stderr); sys.exit(1)", "broken"),
        ("print('not JSON')", "the answer was not understood"),
        ("print('{}')", "the answer was not understood"),
        ("", "the answer was not understood"),
        ("print('x' * 5_000_000)", "the answer was not understood"),
        ("import sys; sys.stderr.write('x' * 5_000_000); print('[]')", "the answer was not understood"),
    ],
)
async def test_a_child_that_misbehaves_is_a_reading_that_failed(
    file: Path, child: Program, code: str, cause: str
) -> None:
    child(code)
    with pytest.raises(ReadingFailed) as failure:
        await read_list([file])
    assert failure.value.cause == cause
    with pytest.raises(ReadingFailed):
        await read_result(file, REQUEST)
    assert beside(file) == ["-list.txt"]


@pytest.mark.parametrize("read", [lambda file: read_list([file]), lambda file: read_result(file, REQUEST)])
async def test_a_full_disk_is_no_fault_of_the_file(
    file: Path, child: Program, read: Callable[[Path], Awaitable[object]]
) -> None:
    child("import sys; sys.exit(5)")
    with pytest.raises(OSError, match="No space left") as failure:
        await read(file)
    assert failure.value.errno == errno.ENOSPC
    assert beside(file) == ["-list.txt"]


STAYS = """
    import os, socket, sys, tempfile, threading
    from pathlib import Path
    path = Path(sys.argv[3])
    for ending in {"list": ("numbers", "details.part"), "result": ("xlsx", "xlsx.part", "verdicts")}[sys.argv[2]]:
        path.with_name(path.name + "." + ending).write_text("half")
    tempfile.NamedTemporaryFile(delete=False)
    line = socket.socket(socket.AF_UNIX)
    line.connect(str(path.resolve().parent.parent / "line"))
    line.sendall(b"%d\\n" % os.getpid())
    threading.Event().wait()
"""


async def test_a_child_that_takes_too_long_is_killed(file: Path, child: Program, tmp_path: Path) -> None:
    child(STAYS)
    async with line_to_child(tmp_path) as line:
        with pytest.raises(ReadingFailed) as failure:
            await read_list([file], limit=1.0)
        await line.hung_up()
    assert failure.value.cause == "not done after 1 s"
    assert not is_zombie(line.pid)
    assert beside(file) == ["-list.txt"]


@pytest.mark.parametrize("what", ["list", "result"])
async def test_a_child_ends_with_whoever_waits_for_it(file: Path, child: Program, tmp_path: Path, what: str) -> None:
    child(STAYS)

    async def read() -> None:
        await (read_list([file]) if what == "list" else read_result(file, REQUEST))

    async with line_to_child(tmp_path) as line, asyncio.TaskGroup() as group:
        waiting = group.create_task(read())
        await line.rung()
        waiting.cancel()
        await line.hung_up()
    assert waiting.cancelled()
    assert not is_zombie(line.pid)
    assert beside(file) == ["-list.txt"]


async def test_a_child_that_is_only_just_starting_ends_too(file: Path) -> None:
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(_read(file))
        await asyncio.sleep(0)
        waiting.cancel()
    assert waiting.cancelled()
    assert beside(file) == ["-list.txt"]


async def _read(file: Path) -> None:
    await read_list([file])


async def test_the_secrets_of_the_bot_are_not_handed_to_the_child(
    file: Path, child: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "12345:secret")
    child("import os, sys; sys.exit(int('12345:secret' in os.environ.values()))")
    with pytest.raises(ReadingFailed, match="the answer was not understood"):
        await read_list([file])


PARENT = """
    import asyncio, sys
    from pathlib import Path
    from bot import children, workshop
    children.__file__ = sys.argv[2]
    asyncio.run(workshop.read_list([Path(sys.argv[1])]))
"""
WATCHED = """
    import runpy, sys
    sys.path.insert(0, {root!r})
    del sys.modules["bot"]
    from bot.reading import end_with_parent
    end_with_parent()
"""


async def test_no_orphan_works_on_when_the_parent_is_killed(file: Path, child: Program, tmp_path: Path) -> None:
    child(WATCHED.format(root=str(ROOT)) + STAYS)
    instead = tmp_path / "root" / "bot" / "children.py"
    async with line_to_child(tmp_path) as line:
        parent = await asyncio.create_subprocess_exec(
            sys.executable, "-c", textwrap.dedent(PARENT), str(file), str(instead), cwd=ROOT
        )
        await line.rung()
        parent.send_signal(signal.SIGKILL)
        assert await parent.wait() == -signal.SIGKILL
        await line.hung_up()
