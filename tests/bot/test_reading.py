"""The child process, called as a function and as the program it is."""

import io
import json
import subprocess
import sys
import zlib
from dataclasses import asdict
from pathlib import Path

import openpyxl
import pytest

from bot import reading
from bot.numbers import read_numbers
from bot.packing import PackedList, Reading, pack, unpack
from bot.report import SheetWords
from tests.bot.result_files import csv

ROOT = Path(__file__).resolve().parents[2]
WORDS = SheetWords("sent", "yes", "no", "undetermined", "repeated", "rejected", "time", "cost", "now", "before")
LIST = "+79123000001\n+447911123456\n+79123000001\n12\n"
RESULT = csv(("number", "activated"), ("79123000001", "yes"), ("447911123456", "no"), ("79990000000", "no"))


def parts_of(prefix: Path) -> PackedList:
    return PackedList(*(reading.beside(prefix, part).read_bytes() for part in ("numbers", "details", "rejected")))


def answer_of(printed: str) -> Reading:
    """What comes after the lines that say how much was read."""
    return Reading.from_json(printed.rpartition("\n")[2])


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    packed = pack(read_numbers(LIST))
    prefix = tmp_path / "sent"
    for part in ("numbers", "details", "rejected"):
        reading.beside(prefix, part).write_bytes(getattr(packed, part))
    path = tmp_path / "request.json"
    request = {
        "numbers": str(prefix),
        "repeated": 1,
        "words": asdict(WORDS),
        "summary": {"seconds": 431.5, "cost": "$0.74"},
        "known": False,
        "only_new": False,
        "day": 20_780,
        "parts": None,
    }
    path.write_text(json.dumps(request))
    return path


def test_a_list_is_read_and_written_in_its_packed_parts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.txt"
    path.write_text(LIST)
    assert reading.main(["list", str(path)]) == 0
    told = answer_of(capsys.readouterr().out)
    assert (told.valid, told.repeated, told.rejected) == (2, 1, 1)
    assert unpack(parts_of(path), repeated=1) == read_numbers(LIST)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "list.txt",
        "list.txt.combined",
        "list.txt.details",
        "list.txt.numbers",
        "list.txt.rejected",
    ]


def test_a_large_list_says_how_much_of_it_was_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.numbers.BLOCK", 1000)
    path = tmp_path / "list.txt"
    path.write_text("".join(f"+7912{number:07}\n" for number in range(1000)))
    assert reading.main(["list", str(path)]) == 0
    *lines, answer = capsys.readouterr().out.split("\n")
    percents = [int(line) for line in lines]
    assert percents == sorted(set(percents))
    assert len(percents) > 5
    assert percents[-1] == 100
    assert Reading.from_json(answer).valid == 1000


def test_several_files_are_one_list_and_the_country_is_passed_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    first.write_text("8 912 300-00-01\n")
    second.write_text("8 912 300-00-02\n")
    assert reading.main(["list", str(first), str(second), "--region", "RU", "--hints", "RU,KZ"]) == 0
    assert answer_of(capsys.readouterr().out).valid == 2
    assert zlib.decompress(parts_of(first).numbers) == b"+79123000001\n+79123000002\n"


def test_a_result_becomes_verdicts_and_a_workbook(
    tmp_path: Path, request_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "result"
    path.write_bytes(RESULT)
    assert reading.main(["result", str(path), "--request", str(request_file)]) == 0
    assert json.loads(capsys.readouterr().out) == {"yes": 1, "no": 1, "undetermined": 0, "foreign": 1}
    assert zlib.decompress((tmp_path / "result.verdicts").read_bytes()) == b"yn"
    book = openpyxl.load_workbook(tmp_path / "result.xlsx")
    assert book.sheetnames == ["Result", "Summary", "Countries", "Rejected"]
    assert [row[1] for row in book["Summary"].values] == [2, 1, 1, 0, 1, 1, "0:07:12", "$0.74"]


def test_a_result_that_is_none_ends_with_three_and_its_reason(
    tmp_path: Path, request_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "result"
    path.write_text("<html>expired</html>")
    assert reading.main(["result", str(path), "--request", str(request_file)]) == 3
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "HTML or XML\n")
    assert not (tmp_path / "result.xlsx").exists()


def test_what_breaks_is_told_without_a_word_of_the_file(
    tmp_path: Path, request_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request_file.write_text('{"numbers": "+79123000001')
    path = tmp_path / "result"
    path.write_bytes(RESULT)
    assert reading.main(["result", str(path), "--request", str(request_file)]) == 1
    told = capsys.readouterr().err
    assert told.startswith("JSONDecodeError in decoder.py, line ")
    assert "7912" not in told


FULL_DISK = """
import resource, sys
from bot import reading
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
sys.exit(reading.main(sys.argv[1:]))
"""
"""No file can grow beyond a hundred bytes: so a system treats who has used up the room they are given."""


def test_a_disk_without_room_is_told_apart_from_a_file_that_cannot_be_read(tmp_path: Path, request_file: Path) -> None:
    lines, result = tmp_path / "list.txt", tmp_path / "result"
    lines.write_text("".join(f"+7912{number:07}\n" for number in range(1000)))
    result.write_bytes(RESULT)
    for arguments in (["list", str(lines)], ["result", str(result), "--request", str(request_file)]):
        done = subprocess.run(  # noqa: S603 - our own program with our own arguments
            [sys.executable, "-c", FULL_DISK, *arguments], cwd=ROOT, capture_output=True, check=False, timeout=30
        )
        assert done.returncode == 5
        assert b"7912" not in done.stderr


def run(*arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the child as a program, or a few lines of code inside its limits."""
    command = ["-c", before] if before else ["-m", "bot.reading", *arguments]
    return subprocess.run(  # noqa: S603 - our own program with our own arguments
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=30
    )


def test_the_program_writes_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text(LIST)
    done = run("list", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert answer_of(done.stdout).valid == 2
    assert (tmp_path / "list.txt.numbers").stat().st_mode & 0o777 == 0o600


def test_the_program_cannot_grow_beyond_its_memory() -> None:
    code = (
        "from bot.reading import limit_itself, MEMORY_BYTES\n"
        "import resource\n"
        "limit_itself()\n"
        "assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)\n"
        "assert resource.getrlimit(resource.RLIMIT_CPU)[0] > 0\n"
        "try:\n    bytearray(MEMORY_BYTES)\nexcept MemoryError:\n    print('refused')\n"
    )
    done = run(before=code)
    assert (done.stdout, done.stderr) == ("refused\n", "")


def test_each_command_loads_only_what_it_needs(tmp_path: Path, request_file: Path) -> None:
    listed, result = tmp_path / "list.txt", tmp_path / "result"
    listed.write_text(LIST)
    result.write_bytes(RESULT)
    code = "import sys\nfrom bot import reading\n{}\nprint([m for m in sys.modules if m in {}], file=sys.stderr)"
    heavy = {"asyncio", "aiogram", "sqlalchemy", "httpx", "openpyxl", "phonenumbers"}
    assert run(before=code.format("", heavy)).stderr == "[]\n"
    asked = f"reading.main(['list', {str(listed)!r}])"
    assert run(before=code.format(asked, heavy - {"phonenumbers"})).stderr == "[]\n"
    asked = f"reading.main(['result', {str(result)!r}, '--request', {str(request_file)!r}])"
    assert run(before=code.format(asked, heavy - {"openpyxl", "phonenumbers"})).stderr == "[]\n"


def test_a_hostile_workbook_ends_within_the_limits(tmp_path: Path, request_file: Path) -> None:
    stream = io.BytesIO()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["x" * 30_000] * 10)
    book.save(stream)
    path = tmp_path / "result"
    path.write_bytes(stream.getvalue())
    done = run("result", str(path), "--request", str(request_file))
    assert (done.returncode, done.stderr) == (3, "no table with numbers and verdicts\n")
