"""What is written comes back as it would if openpyxl had written it, and nothing that people sent becomes a formula."""

import io
import math
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Font
from openpyxl.styles.numbers import BUILTIN_FORMATS_REVERSE

from bot import sheet_writer
from bot.book_parts import BUILT_IN
from bot.sheet_reader import read_sheets
from bot.sheet_writer import Book, letters_of, storable
from bot.sheets import Cell, ErrorText, Shown


def written(rows: Sequence[Sequence[Cell]], *, is_bold: bool = False) -> io.BytesIO:
    stream = io.BytesIO()
    with Book(stream) as book, book.sheet("Result", [10, 20]) as sheet:
        sheet.rows(rows, is_bold=is_bold)
    return stream


def by_openpyxl(rows: Sequence[Sequence[Cell]], *, is_bold: bool = False) -> io.BytesIO:
    """Write the same with openpyxl, as far as it can be told what a cell is."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Result")
    for row in rows:
        sheet.append([_cell(sheet, cell, is_bold=is_bold) for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream


def _cell(sheet: Any, cell: Cell, *, is_bold: bool) -> object:
    value, number_format = cell if isinstance(cell, Shown) else (cell, "General")
    made = WriteOnlyCell(sheet)
    if value is None or value == "":
        return None
    if isinstance(value, ErrorText):
        made.value, made.data_type = str(value), "e"
    elif isinstance(value, str):
        made.value, made.data_type, made.number_format, made.quotePrefix = value, "s", "@", True
    else:
        made.number_format = number_format
        made.value = value
    made.font = Font(bold=is_bold)
    return made


def cells(stream: io.BytesIO) -> list[tuple[object, ...]]:
    """Say of each cell all that matters: its value and kind, how it is shown, and that it stays a text."""
    sheet = openpyxl.load_workbook(stream)["Result"]
    return [
        (cell.coordinate, cell.value, cell.data_type, cell.number_format, bool(cell.font.bold), bool(cell.quotePrefix))
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]


FORMATS = st.sampled_from(
    ("General", "0", "0.0%", "dd.mm.yyyy", "mm-dd-yy", '0"<&>"', "[h]:mm:ss", "#,##0.00 [$€-407]")
)
MOMENTS = st.datetimes(datetime(1900, 3, 1), datetime(2200, 1, 1)).map(lambda at: at.replace(microsecond=0))  # noqa: DTZ001
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=8) | st.sampled_from(
    ("=1+1", "#N/A", "@x", " a ", "a\nb", "<&>", "_x0041_", "]]>", "'", "\u00a0", "+79123456789", "007")
)
VALUES: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    TEXTS,
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(-1e9, 1e9).map(lambda number: round(number, 4)),
    st.sampled_from(ERROR_CODES).map(ErrorText),
    st.builds(Shown, st.integers(0, 10**6), FORMATS),
    st.builds(Shown, MOMENTS | MOMENTS.map(datetime.date), st.sampled_from(("dd.mm.yyyy", "mm-dd-yy", "h:mm d/m/yy"))),
)


@given(st.lists(st.lists(VALUES, max_size=5), max_size=6), st.booleans())
@settings(max_examples=80, deadline=None)
def test_cells_come_back_as_if_openpyxl_had_written_them(rows: list[list[Cell]], is_bold: bool) -> None:  # noqa: FBT001
    assert cells(written(rows, is_bold=is_bold)) == cells(by_openpyxl(rows, is_bold=is_bold))


READABLE = TEXTS.filter(lambda text: text.isprintable() and "_x" not in text and text)


@given(
    st.lists(st.lists(READABLE | st.integers(1, 10**14) | st.sampled_from([True]), min_size=1, max_size=4), min_size=1)
)
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read_again(rows: list[list[Cell]]) -> None:
    stream = written([("head",), *rows])

    with zipfile.ZipFile(stream) as archive:
        (read,) = read_sheets(archive)
        assert [list(row) for row in read] == [["head"], *rows]


def test_columns_of_cells_are_the_same_as_rows() -> None:
    numbers, words = ["+79120000001", "+79120000002", "+79120000003"], ["yes", "no", "yes"]
    days = [date(2026, 1, 1)] * 3
    stream = io.BytesIO()
    with Book(stream) as book, book.sheet("Result", []) as sheet:
        sheet.rows([("a", "b", "c")])
        sheet.alike((sheet.new_texts(numbers), sheet.repeated(words), sheet.repeated(days, "yyyy-mm-dd")))
        sheet.rows([("end",)])

    rows = zip(numbers, words, [Shown(day, "yyyy-mm-dd") for day in days], strict=True)
    assert cells(stream) == cells(written([("a", "b", "c"), *rows, ("end",)]))


@pytest.mark.parametrize("text", ["", " a", "a ", "<b>", "a\nb", "_x0041_", "=1", "x" * 20_000, "\x00"])
def test_one_unusual_text_among_new_ones_is_written_as_any_other(text: str) -> None:
    stream = io.BytesIO()
    with Book(stream) as book, book.sheet("Result", []) as sheet:
        sheet.alike((sheet.new_texts(["before", text, "after"]),))

    assert cells(stream) == cells(written([("before",), (text,), ("after",)]))


def test_a_text_that_comes_again_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_writer, "MOST_REMEMBERED", 3)
    monkeypatch.setattr(sheet_writer, "STRINGS_AT_ONCE", 40)
    rows = [(word,) for word in ["a", "a", "b", "a", "c", "d", "d", "a", "b"]]
    stream = written(rows)

    with zipfile.ZipFile(stream) as archive:
        strings = archive.read("xl/sharedStrings.xml").decode()
    assert strings.count("<si>") == 6  # what is known is forgotten once: a and b are written twice
    assert [value for _, value, *_ in cells(stream)] == [word for (word,) in rows]


def test_what_looks_like_the_code_of_a_character_stays_as_it_is() -> None:
    stream = written([("a_x000D_b", "_x0041_", "_xyz_")])

    with zipfile.ZipFile(stream) as archive:
        strings = archive.read("xl/sharedStrings.xml").decode()
    assert "a_x005F_x000D_b" in strings  # Excel reads _x005F_ as an underscore
    assert "_xyz_" in strings
    assert [value for _, value, *_ in cells(stream)] == ["a_x000D_b", "_x0041_", "_xyz_"]


def test_a_sheet_has_its_widths_its_filter_and_rows_that_stay() -> None:
    stream = io.BytesIO()
    with Book(stream) as book:
        with book.sheet("It's <all> & more", [18, 14], frozen=3, filtered=(27, 9)) as sheet:
            sheet.rows([("a",)])
        with book.sheet("hidden", [], is_hidden=True):
            pass

    made = openpyxl.load_workbook(stream)
    first, second = made.worksheets
    assert (first.title, first.freeze_panes, first.auto_filter.ref) == ("It's <all> & more", "A4", "A1:AA9")
    assert [first.column_dimensions[column].width for column in "AB"] == [18, 14]
    assert (first.sheet_state, second.sheet_state) == ("visible", "hidden")
    assert second.freeze_panes is None
    with zipfile.ZipFile(stream) as archive:
        assert "'It''s &lt;all&gt; &amp; more'!$A$1:$AA$9" in archive.read("xl/workbook.xml").decode()


def test_the_first_sheet_is_never_hidden() -> None:
    stream = io.BytesIO()
    with Book(stream) as book, book.sheet("a", [], is_hidden=True):
        pass
    assert openpyxl.load_workbook(stream).worksheets[0].sheet_state == "visible"


def test_nothing_says_who_wrote_it_or_when() -> None:
    streams = [written([("a", 1)]).getvalue() for _ in range(2)]
    assert streams[0] == streams[1]
    with zipfile.ZipFile(io.BytesIO(streams[0])) as archive:
        assert not [name for name in archive.namelist() if name.startswith("docProps")]


def test_a_workbook_that_breaks_off_is_none() -> None:
    stream = io.BytesIO()

    def rows() -> Iterator[tuple[str, ...]]:
        yield ("a",)
        raise ValueError("late")

    with pytest.raises(ValueError, match="late"), Book(stream) as book, book.sheet("Result", []) as sheet:
        sheet.rows(rows())
    with zipfile.ZipFile(stream) as archive:
        assert "xl/workbook.xml" not in archive.namelist()


def test_formats_that_every_program_knows_have_their_numbers() -> None:
    assert dict(BUILT_IN) == BUILTIN_FORMATS_REVERSE


def test_columns_are_named_by_letters() -> None:
    assert [letters_of(place) for place in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


@pytest.mark.parametrize(
    ("text", "stored"),
    [("a\x00b\x1f\ufffec\ud83dd", "abcd"), ("x" * 40_000, "x" * 32_767), ("😀" * 20_000, "😀" * 16_383)],
)
def test_a_text_is_stored_without_what_a_cell_cannot_hold(text: str, stored: str) -> None:
    assert storable(text) == stored


@pytest.mark.parametrize(
    "value",
    [
        *(date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1), date(2026, 11, 23), datetime(2026, 11, 23, 13, 5, 9)),  # noqa: DTZ001
        *(time(0, 0), time(23, 59, 59), timedelta(hours=30), timedelta(days=-1)),
    ],
)
def test_times_are_counted_as_spreadsheets_count_them(value: date | time | timedelta) -> None:
    shown: list[list[Cell]] = [[Shown(value, "[h]:mm:ss" if isinstance(value, timedelta) else "d h:mm:ss")], [value]]
    assert cells(written(shown)) == cells(by_openpyxl(shown))


def test_numbers_of_any_kind_are_numbers_and_what_is_none_is_said() -> None:
    values = [cell[1:3] for cell in cells(written([(1, 2.5, Decimal("0.740"), True, math.inf, ErrorText("#OOPS"))]))]  # type: ignore[list-item]
    assert values == [(1, "n"), (2.5, "n"), (0.74, "n"), (True, "b"), ("inf", "s"), ("#OOPS", "s")]
