import io
import zipfile
from pathlib import Path

import pytest

from bot.numbers import pack, read_numbers
from bot.small_results import FILE_BYTES, UNPACKED_BYTES, is_small_result
from tests.bot.bench import numbers

SHORT = pack(read_numbers(numbers(20)))


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "small"),
    [
        (b"Number,telegram\n", True),
        (b"x" * FILE_BYTES, True),
        (b"x" * (FILE_BYTES + 1), False),
        (archive(**{"xl/worksheets/sheet1.xml": b"<worksheet/>"}), True),
        (archive(**{"all.csv": b"number,activated\n"}), True),
        (archive(**{"all.csv": b"0" * (UNPACKED_BYTES + 1)}), False),
        (archive(**{"result.xlsx": archive(**{"xl/a.xml": b"0"})}), False),
        (b"PK\3\4 and then nothing", False),
    ],
    ids=["text", "full", "too long", "workbook", "zip of text", "unpacks to much", "packed twice", "broken"],
)
def test_only_what_is_short_and_plain_is_read_without_a_child(tmp_path: Path, content: bytes, small: bool) -> None:  # noqa: FBT001
    path = tmp_path / "result"
    path.write_bytes(content)
    assert is_small_result(path, SHORT) is small


def test_of_a_long_list_no_result_is(tmp_path: Path) -> None:
    path = tmp_path / "result"
    path.write_bytes(b"Number,telegram\n")
    assert not is_small_result(path, pack(read_numbers(numbers(20_000))))


def test_where_nobody_was_asked_there_is_no_file(tmp_path: Path) -> None:
    assert is_small_result(tmp_path / "result", SHORT)
