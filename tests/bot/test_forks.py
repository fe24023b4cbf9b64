"""Forked children: whatever one of them does, the bot goes on, and so do the others."""

import asyncio
import errno
import signal
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import openpyxl
import pytest

from bot import children
from bot.forks import Forks
from bot.numbers import pack, read_numbers
from bot.report import SheetWords
from bot.results import ResultNotUnderstood
from bot.workshop import SMALL_BYTES, ReadingFailed, ResultRequest, read_result
from tests.bot.result_files import csv, with_part, xlsx

ROOT = Path(__file__).resolve().parents[2]
RESULT = csv(("number", "activated"), ("79123000001", "yes"), ("447911123456", "no"), ("79990000000", "no"))
REQUEST = ResultRequest(
    sent=pack(read_numbers("+79123000001\n+447911123456\n+79123000001\n12\n")),
    repeated=1,
    words=SheetWords("sent", "yes", "no", "undetermined", "repeated", "rejected", "time", "cost", "now", "before"),
)
LIMIT = 60.0

Program = Callable[[str], None]


@pytest.fixture
async def forks() -> AsyncIterator[Forks]:
    opened = Forks()
    yield opened
    await opened.close()


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Program:
    """Have children do something else, under the same limits; ``asked`` is their command line."""

    def replace(code: str) -> None:
        package = tmp_path / "root" / "bot"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(f"__path__.append({str(ROOT / 'bot')!r})")
        real = f"import runpy\nglobals().update(runpy.run_path({str(ROOT / 'bot' / 'reading.py')!r}))\n"
        body = textwrap.indent(textwrap.dedent(code), "    ") + "\n    sys.stdout.flush()\n    return 0\n"
        (package / "reading.py").write_text(f"{real}\nimport os, sys\ndef main(asked):\n{body}")
        monkeypatch.setattr(children, "__file__", str(package / "children.py"))

    return replace


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A result alone in its directory, so that everything left beside it is seen."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    path = folder / "result"
    put(path, RESULT)
    return path


def beside(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(6000):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError


async def gone(pid: int) -> None:
    """Wait until there is no such process."""
    await until(lambda: not Path(f"/proc/{pid}").exists())


async def pid_in(path: Path) -> int:
    """Wait until a child has written its process id."""
    await until(lambda: path.exists() and path.read_text().endswith("\n"))
    return said_in(path)


def said_in(path: Path) -> int:
    return int(path.read_text())


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().split()[3])


def put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


SAYS_ITS_PID = "from pathlib import Path; Path(asked[-1]).write_text(f'{os.getpid()}\\n')\n"
HANGS = SAYS_ITS_PID + "import re; re.match('(a+)+$', 'a' * 99 + 'b')"
"""Within a pattern nothing else of the process gets its turn: it cannot end itself."""


async def test_a_fork_reads_a_result_as_a_process_of_its_own_does(file: Path, forks: Forks) -> None:
    own = await read_result(file, REQUEST)
    written = cells(own.workbook)
    forked = await read_result(file, REQUEST, forks=forks)
    assert forks._process is not None
    assert forked == own
    assert cells(forked.workbook) == written
    assert beside(file) == ["result", "result.xlsx"]


def cells(workbook: Path) -> list[list[tuple[object, ...]]]:
    return [list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(workbook).worksheets]


@pytest.mark.parametrize("large", ["file", "list"])
async def test_what_is_large_has_a_process_of_its_own(
    file: Path, forks: Forks, monkeypatch: pytest.MonkeyPatch, large: str
) -> None:
    request = REQUEST
    if large == "file":
        put(file, RESULT + b"79990000000,no\r\n" * (SMALL_BYTES // 16))
    else:
        monkeypatch.setattr("bot.workshop.SMALL_BYTES", 20_000)
        numbers = "".join(f"+7912{at:07}\n" for at in range(20_000))
        request = ResultRequest(pack(read_numbers(f"+79123000001\n{numbers}")), 0, REQUEST.words)
    await read_result(file, request, forks=forks)
    assert forks._process is None


async def test_a_result_that_is_none_says_why(file: Path, forks: Forks) -> None:
    put(file, b"<html>")
    with pytest.raises(ResultNotUnderstood) as refusal:
        await read_result(file, REQUEST, forks=forks)
    assert refusal.value.reason == "HTML or XML"
    assert beside(file) == ["result"]


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def book(sheet: str) -> bytes:
    return with_part(xlsx(("number", "activated")), "xl/worksheets/sheet1.xml", sheet)


@pytest.mark.parametrize(
    "content",
    [
        book(SHEET + "<sheetData>" + "<row>" * 200_000 + "</sheetData></worksheet>"),
        book('<!DOCTYPE a [<!ENTITY b "c">]>' + SHEET + "<sheetData><row>&b;</row></sheetData></worksheet>"),
        book(SHEET + "<a>" * 200_000),
        b"number,activated\n" + b"7" * (SMALL_BYTES - 20),
        b'number,activated\n"' + b"7\n" * 100_000,
    ],
    ids=["rows without an end", "an entity", "deep", "a line without an end", "a cell without an end"],
)
async def test_a_hostile_file_harms_nobody_else(file: Path, forks: Forks, content: bytes) -> None:
    put(file, content)
    with pytest.raises((ReadingFailed, ResultNotUnderstood)):
        await read_result(file, REQUEST, forks=forks, limit=2.0)
    assert beside(file) == ["result"]
    put(file, RESULT)
    assert (await read_result(file, REQUEST, forks=forks, limit=LIMIT)).verdicts.codes == "yn"


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("return 7", "ended with 7"),
        ("os.kill(os.getpid(), 9)", "ended with -9"),
        ("os._exit(0)", "ended with -9"),
        ("print('x', file=sys.stderr); print('broken', file=sys.stderr); return 1", "broken"),
        ("raise ValueError", "ended with 1"),
        ("bytearray(3 << 30)", "ended with 1"),  # the limit of memory
        ("sys.stderr.write('x' * 5_000_000); return 1", "x" * 4096),
    ],
)
async def test_a_fork_that_misbehaves_is_a_reading_that_failed(
    forks: Forks, child: Program, tmp_path: Path, code: str, cause: str
) -> None:
    child(code)
    with pytest.raises(ReadingFailed) as failure:
        await forks.run([], tmp_path, LIMIT)
    assert failure.value.cause == cause


async def test_of_what_a_fork_prints_without_end_the_beginning_is_heard(
    forks: Forks, child: Program, tmp_path: Path
) -> None:
    child("print('x' * 5_000_000)")
    assert await forks.run([], tmp_path, LIMIT) == "x" * children.MOST_ANSWER_BYTES


async def test_a_full_disk_is_no_fault_of_the_file(forks: Forks, child: Program, tmp_path: Path) -> None:
    child("return 5")
    with pytest.raises(OSError, match="No space left") as failure:
        await forks.run([], tmp_path, LIMIT)
    assert failure.value.errno == errno.ENOSPC


async def test_each_fork_has_the_limits_of_a_child_and_writes_into_its_own_folder(
    forks: Forks, child: Program, tmp_path: Path
) -> None:
    child("import resource, tempfile; print(resource.getrlimit(resource.RLIMIT_AS)[0], tempfile.gettempdir())")
    folders = [tmp_path / "one", tmp_path / "other"]
    said = [await forks.run([], folder, LIMIT) for folder in folders]
    assert said == [f"{2 << 30} {folder}\n" for folder in folders]


async def test_the_secrets_of_the_bot_are_in_no_fork(
    forks: Forks, child: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "12345:secret")
    child("print('12345:secret' in os.environ.values(), len(os.listdir('/proc/self/fd')))")
    # stdin, stdout, stderr, the one for its end, and the folder that is being listed: nothing of the bot is open.
    assert await forks.run([], tmp_path, LIMIT) == "False 5\n"


async def test_a_fork_that_takes_too_long_is_killed(forks: Forks, child: Program, tmp_path: Path) -> None:
    child(HANGS)
    with pytest.raises(ReadingFailed) as failure:
        await forks.run([str(tmp_path / "pid")], tmp_path, 2.0)
    assert failure.value.cause == "not done after 2 s"
    await gone(await pid_in(tmp_path / "pid"))


async def test_a_fork_ends_with_whoever_waits_for_it(forks: Forks, child: Program, tmp_path: Path) -> None:
    child(HANGS)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(forks.run([str(tmp_path / "pid")], tmp_path, LIMIT))
        pid = await pid_in(tmp_path / "pid")
        waiting.cancel()
    assert waiting.cancelled()
    await gone(pid)


async def test_one_that_is_only_just_starting_ends_too(forks: Forks, tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(forks.run([], tmp_path, LIMIT))
        await asyncio.sleep(0)
        waiting.cancel()
    assert waiting.cancelled()


async def test_one_that_hangs_holds_up_no_other(forks: Forks, child: Program, tmp_path: Path) -> None:
    child(f"if asked[-1] == 'other':\n    print('done')\nelse:\n{textwrap.indent(HANGS, '    ')}")
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(forks.run([str(tmp_path / "pid")], tmp_path, LIMIT))
        await pid_in(tmp_path / "pid")
        assert await forks.run(["other"], tmp_path, LIMIT) == "done\n"
        assert not waiting.done()
        waiting.cancel()


async def test_where_the_process_has_died_there_is_another(forks: Forks, child: Program, tmp_path: Path) -> None:
    child("print('done')")
    await forks.run([], tmp_path, LIMIT)
    assert forks._process is not None
    forks._process.send_signal(signal.SIGKILL)
    await forks._process.wait()
    assert await forks.run([], tmp_path, LIMIT) == "done\n"


async def test_a_process_that_nobody_needs_ends(child: Program, tmp_path: Path) -> None:
    child("print(os.getppid())")
    forks = Forks(idle_seconds=0.0)
    first = int(await forks.run([], tmp_path, LIMIT))
    await gone(first)
    assert int(await forks.run([], tmp_path, LIMIT)) != first
    await forks.close()


async def test_a_process_can_be_got_ready_and_waits_for_the_first_file(child: Program, tmp_path: Path) -> None:
    child("print(os.getppid())")
    forks = Forks(idle_seconds=0.2)
    await forks.get_ready()
    assert forks._process is not None
    ready = forks._process.pid
    assert int(await forks.run([], tmp_path, LIMIT)) == ready
    await forks.get_ready()
    assert forks._process.pid == ready
    await gone(ready)
    await forks.close()


async def test_what_keeps_it_from_getting_ready_is_said_to_whoever_has_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bot.forks.sys.executable", str(tmp_path / "no such program"))
    forks = Forks()
    await forks.get_ready()
    with pytest.raises(OSError, match="no such program"):
        await forks.run([], tmp_path, LIMIT)
    await forks.close()


PARENT = """
    import asyncio, sys
    from pathlib import Path
    from bot import children, forks
    children.__file__ = sys.argv[2]
    asyncio.run(forks.Forks().run([sys.argv[1]], Path(sys.argv[1]).parent, 60.0))
"""


async def test_no_orphan_works_on_when_the_bot_is_killed(child: Program, tmp_path: Path) -> None:
    child(SAYS_ITS_PID + "end_with_parent(); import threading; threading.Event().wait()")
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", textwrap.dedent(PARENT), str(tmp_path / "pid"), children.__file__), cwd=ROOT
    )
    pid = await pid_in(tmp_path / "pid")
    forker = parent_of(pid)
    parent.send_signal(signal.SIGKILL)
    await parent.wait()
    await gone(pid)
    await gone(forker)
