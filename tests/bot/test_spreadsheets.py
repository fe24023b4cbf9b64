"""Workbooks of strangers: what is read of them, and what is refused. Real ones: test_table_workbook."""

import contextlib
import io
import random
import zipfile
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bot.sheets import NotATable, Shown, TableTooLarge
from bot.spreadsheets import MOST_ENTRIES, is_spreadsheet, read_spreadsheet
from tests.bot.shapes import book, moment

SHEET = "xl/worksheets/sheet1.xml"
PLAIN = book([["a", 1]]).data
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


def changed(change: Callable[[bytes], bytes], part: str = SHEET, *, level: int = 6) -> bytes:
    """The plain workbook with one of its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive, zipfile.ZipFile(stream, "w", 8, compresslevel=level) as made:
        for name in archive.namelist():
            content = archive.read(name)
            made.writestr(name, change(content) if name == part else content)
    return stream.getvalue()


def sheet(rows: bytes) -> bytes:
    return changed(lambda _: HEAD + rows + TAIL)


def test_a_workbook_is_known_by_its_parts() -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert is_spreadsheet(PLAIN)
    assert not is_spreadsheet(other.getvalue())
    assert not is_spreadsheet(b"PK\x03\x04 is how it begins")
    assert not is_spreadsheet(b"a;b")


def test_values_keep_their_kind_and_how_they_are_shown() -> None:
    made = openpyxl.Workbook()
    main = made.active
    assert main is not None
    main.append([1, 2.5, "x", True, None, moment(2024, 1, 5), timedelta(hours=30), 0.5, ""])
    main["H1"].number_format = "0.0%"
    made.epoch = CALENDAR_MAC_1904
    stream = io.BytesIO()
    made.save(stream)

    ((row,),) = (one.rows for one in read_spreadsheet(stream))

    assert row[:5] == (1, 2.5, "x", True, None)
    assert [cell.value for cell in row[5:] if isinstance(cell, Shown)] == [
        moment(2024, 1, 5),
        timedelta(hours=30),
        0.5,
    ]


def test_rows_and_cells_stand_where_they_say() -> None:
    rows = b'<row r="3"><c r="C3"><v>1</v></c></row><row r="9" s="1"><c r="A9" s="0"/></row><row r="5"/>'
    rows += b"<row><c><v>2</v></c></row>"
    with pytest.raises(NotATable):
        read_spreadsheet(io.BytesIO(sheet(rows + b'<row r="2"><c r="A2"><v>3</v></c></row>')))
    (one,) = read_spreadsheet(io.BytesIO(sheet(rows)))
    assert one.rows == ((), (), (None, None, 1), (), (), (2,))


def test_cells_of_a_color_only_are_no_cells() -> None:
    far = b"".join(b'<row r="%d"><c r="XFD%d" s="0"/></row>' % (at, at) for at in range(1, 20_000))
    (one,) = read_spreadsheet(io.BytesIO(sheet(far)))
    assert one.rows == ()


@pytest.mark.parametrize(
    "data",
    [
        sheet(b'<row r="1048577"><c r="A1048577"><v>1</v></c></row>'),
        sheet(b"<row><c><v>1</v>"),
        sheet(b'<row r="1"><c r="A1"><v>x</v></c></row>'),
        changed(lambda said: b'<!DOCTYPE a [<!ENTITY b "c">]>' + said),
        changed(lambda _: b"", "xl/workbook.xml"),
        changed(lambda _: HEAD + b" " * 60_000_000 + TAIL, level=9),
        PLAIN[: len(PLAIN) // 2],
        b"PK\x03\x04",
    ],
    ids=["row beyond", "cut XML", "no number", "doctype", "no book", "bomb", "half", "nothing"],
)
def test_what_is_broken_or_dangerous_is_no_table(data: bytes) -> None:
    with pytest.raises(NotATable):
        read_spreadsheet(io.BytesIO(data))


def test_cells_far_to_the_right_in_many_rows_are_too_many() -> None:
    rows = b"".join(b'<row r="%d"><c r="NTP%d"><v>1</v></c></row>' % (at, at) for at in range(1, 2_000))
    with pytest.raises(TableTooLarge):
        read_spreadsheet(io.BytesIO(sheet(rows)))


def test_deep_xml_and_a_huge_cell_are_only_large() -> None:
    deep = sheet(b'<row r="1"><c r="A1" t="inlineStr"><is>' + b"<r>" * 5_000 + b"</r>" * 5_000 + b"</is></c></row>")
    with contextlib.suppress(NotATable):
        read_spreadsheet(io.BytesIO(deep))
    words = random.Random(1).randbytes(1_000_000).hex().encode()
    (one,) = read_spreadsheet(io.BytesIO(sheet(b'<row r="1"><c r="A1" t="str"><v>' + words + b"</v></c></row>")))
    assert one.rows == ((words.decode(),),)


def test_a_workbook_may_have_many_pictures() -> None:
    stream = io.BytesIO(PLAIN)
    with zipfile.ZipFile(stream, "a") as archive:
        for at in range(MOST_ENTRIES // 10):
            archive.writestr(f"xl/media/image{at}.png", b"\x89PNG")
    assert read_spreadsheet(stream)


def test_hidden_sheets_say_so() -> None:
    made = openpyxl.Workbook()
    made.create_sheet("h").sheet_state = "veryHidden"
    stream = io.BytesIO()
    made.save(stream)
    assert [one.hidden for one in read_spreadsheet(stream)] == [False, True]
