"""Every row of a table comes back in its place, with every other cell, and the verdicts beside it."""

import io
from datetime import date, datetime
from itertools import cycle, islice
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.list_parts import Choice, Part, open_parts, read_parts
from bot.number_list import NumberList
from bot.packing import Reading, summarise
from bot.report import Checked, SheetWords
from bot.report import summarise as sum_up
from bot.results import Verdicts
from bot.table_workbook import write_table_workbook
from tests.bot.shapes import HEADS, SHAPES, Shape, book, moment, people, text

WORDS = SheetWords("sent", "yes", "no", "undetermined", "repeated", "rejected", "time", "cost", "now", "known")
BESIDE = ("telegram", "Number", "Country", "Checked on")
DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23)  # noqa: DTZ001 - a day in a sheet has no zone
Rows = list[list[Any]]


def checked(
    parts: list[Part], region: str | None = "RU", choice: Choice | None = None
) -> tuple[Reading, dict[str, Rows]]:
    """Read a list, let every third number have each verdict, and open the workbook of that."""
    numbers, tables = read_parts(parts, region, choice or {})
    verdicts = Verdicts("".join(islice(cycle("ynu"), len(numbers.valid))))
    stream = io.BytesIO()
    opened = open_parts(parts, region, choice or {})
    write_table_workbook(stream, opened, region, on_a_day(numbers, verdicts), sum_up(numbers, verdicts), WORDS)
    made = openpyxl.load_workbook(stream)
    sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in made.worksheets}
    return summarise(numbers, (), tables), sheets


def same(sent: Rows, came: Rows) -> bool:
    """Compare cell by cell; what is empty is empty however it is said."""
    width = max(map(len, [*sent, *came]), default=0)

    def plain(rows: Rows) -> Rows:
        return [[None if cell == "" else cell for cell in row] + [None] * (width - len(row)) for row in rows]

    return plain(sent) == plain(came)


def back(shape: Shape, result: Rows) -> tuple[Rows, Rows]:
    """Take a result apart: what was sent, and what stands beside it."""
    width = max(at + 1 for row in shape.rows for at, cell in enumerate(row) if cell not in {None, ""})
    if shape.head is None:
        assert result[0][width : width + 4] == list(BESIDE)
        assert not any(result[0][:width])
        result = result[1:]
    return [row[:width] for row in result], [row[width:] for row in result]


def on_a_day(numbers: NumberList, verdicts: Verdicts) -> Checked:
    """Let all numbers have been checked on the same day."""
    return Checked(numbers, verdicts, [DAY] * len(numbers.valid))


@pytest.mark.parametrize("name", SHAPES)
def test_a_real_table_comes_back_complete(name: str) -> None:
    shape = SHAPES[name]()

    reading, sheets = checked([Part(shape.data, shape.ending)])

    sent, beside = back(shape, sheets["Result"])
    assert same(shape.rows, sent)
    assert reading.valid == shape.numbers
    if shape.head is not None:
        assert beside[shape.head][:4] == list(BESIDE)
    others = [rows for title, rows in sheets.items() if title not in {"Result", "Summary", "Countries", "Rejected"}]
    assert len(others) == len(shape.others)
    assert all(same(*pair) for pair in zip(shape.others, others, strict=True))


@pytest.mark.parametrize("name", SHAPES)
def test_the_column_of_a_real_table_is_found(name: str) -> None:
    shape = SHAPES[name]()

    _, tables = read_parts([Part(shape.data, shape.ending)], "RU", {})

    (table,) = tables
    if table.chosen is None:  # contacts
        assert shape.rows[0] == ["Name", "Phone"]
        return
    best = [table.chosen, *table.others][: 2 if shape.near else 1]
    assert (shape.sheet, shape.column) in {(one.sheet, one.column) for one in best}
    # Only the data: neither what stands above the heads nor the heads.
    above = 0 if shape.head is None else shape.head + 1
    assert table.rows == sum(1 for row in shape.rows[above:] if any(cell not in {None, ""} for cell in row))


def test_there_are_fifty_of_them() -> None:
    assert len(SHAPES) >= 50


def test_each_row_has_its_verdict_also_where_a_number_comes_again() -> None:
    rows = [
        ["Имя", "Телефон"],
        ["a", "+79123456780"],
        ["b", "+79123456781; +79123456780"],
        ["c", "8 912 345 67 80"],
        ["d", "12"],
        ["e", ""],
        ["f", "+79123456782 / 77"],
    ]

    reading, sheets = checked([Part(text(rows, mark=";").data, ".csv")])

    assert (reading.valid, reading.repeated, reading.rejected) == (3, 2, 1)
    assert [row[2:] for row in sheets["Result"]] == [
        [*BESIDE, "Note"],
        ["yes", "+79123456780", "RU", NOON, None],
        ["no; yes", "+79123456781; +79123456780", "RU; RU", NOON, None],
        ["yes", "+79123456780", "RU", NOON, None],
        [None, None, None, None, "too_short"],
        [None, None, None, None, None],
        ["undetermined", "+79123456782", "RU", NOON, None],
    ]
    assert sheets["Rejected"][1:] == [[5, "12", "too_short"]]


def test_another_column_can_be_chosen() -> None:
    shape = SHAPES["two_number_columns"]()

    reading, sheets = checked([Part(shape.data, ".csv")], choice={0: (0, 3)})

    (table,) = reading.tables
    assert table.chosen is not None
    assert (table.chosen.head, reading.valid) == ("Рабочий телефон", 2)
    assert [row[5] for row in sheets["Result"]][1:] == ["+74951234567", None, None, "+74951234568", None]


def test_what_a_choice_does_not_name_in_a_file_is_not_read() -> None:
    shape = SHAPES["two_number_columns"]()

    reading, _ = checked([Part(shape.data, ".csv")], choice={0: (7, 99), 3: (0, 0)})

    assert reading.valid == 5


def test_two_tables_and_pasted_numbers_are_one_result() -> None:
    first, second = text([HEADS, *people(["x"] * 5)], mark=";"), book([["Phone"], [79990000001], ["нет"]], column=0)

    reading, sheets = checked([Part(first.data, ".csv"), Part(b"+79990000002\nhello\n"), Part(second.data, ".xlsx")])

    result = sheets["Result"]
    assert same([*first.rows, *second.rows], [row[:3] for row in result[:-1]])
    assert result[6][3:7] == list(BESIDE)
    assert result[7][3:6] == ["yes", "+79990000001", "RU"]
    assert result[-1][1:6] == ["+79990000002", None, "undetermined", "+79990000002", "RU"]
    assert len(reading.tables) == 2


def test_contacts_that_came_one_by_one_have_one_head() -> None:
    cards = [f"BEGIN:VCARD\nFN:{name}\nTEL:+7912345678{at}\nEND:VCARD".encode() for at, name in enumerate("ab")]

    _, sheets = checked([Part(card) for card in cards])

    assert [row[:4] for row in sheets["Result"]] == [
        ["Name", "Phone", "telegram", "Number"],
        ["a", "+79123456780", "yes", "+79123456780"],
        ["b", "+79123456781", "no", "+79123456781"],
    ]


def test_no_cell_becomes_a_formula() -> None:
    rows = [["Имя", "Телефон"], ["=1+1", "+79123456780"], ["@SUM(A1)", "=79123456781"], ["+cmd|' /C calc'!A0", ""]]
    numbers, _ = read_parts([Part(text(rows).data, ".csv")], None, {})
    stream = io.BytesIO()
    verdicts = Verdicts("y" * len(numbers.valid))
    opened = open_parts([Part(text(rows).data, ".csv")], None, {})
    write_table_workbook(stream, opened, None, on_a_day(numbers, verdicts), sum_up(numbers, verdicts), WORDS)

    sheet = openpyxl.load_workbook(stream)["Result"]

    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert sheet["A2"].value == "=1+1"
    assert sheet["A2"].quotePrefix


def test_the_heads_are_bold_and_stay_on_the_screen() -> None:
    shape = SHAPES["bank_export_with_lines_above_the_heads"]()
    parts = [Part(shape.data, ".csv")]
    numbers, _ = read_parts(parts, "RU", {})
    stream = io.BytesIO()
    verdicts = Verdicts("y" * 5)
    write_table_workbook(
        stream, open_parts(parts, "RU", {}), "RU", on_a_day(numbers, verdicts), sum_up(numbers, verdicts), WORDS
    )

    sheet = openpyxl.load_workbook(stream)["Result"]

    assert sheet.freeze_panes == "A6"
    assert sheet["B5"].font.bold
    assert not sheet["B6"].font.bold


def test_dates_and_shares_are_shown_as_they_were() -> None:
    shape = SHAPES["dates_times_and_shares"]()
    parts = [Part(shape.data, ".xlsx")]
    numbers, _ = read_parts(parts, "RU", {})
    stream = io.BytesIO()
    verdicts = Verdicts("y" * 5)
    write_table_workbook(
        stream, open_parts(parts, "RU", {}), "RU", on_a_day(numbers, verdicts), sum_up(numbers, verdicts), WORDS
    )

    sheet = openpyxl.load_workbook(stream)["Result"]

    assert (sheet["C3"].number_format, sheet["F3"].number_format) == ("DD.MM.YYYY", "0%")


def test_what_was_hidden_stays_hidden_and_still_comes_back() -> None:
    made = openpyxl.load_workbook(io.BytesIO(SHAPES["hidden_columns_rows_and_sheets"]().data))
    made["скрытый"].sheet_state = "hidden"
    stream = io.BytesIO()
    made.save(stream)
    parts = [Part(stream.getvalue())]
    numbers, _ = read_parts(parts, "RU", {})
    verdicts, stream = Verdicts("y" * 5), io.BytesIO()
    opened = open_parts(parts, "RU", {})
    write_table_workbook(stream, opened, "RU", on_a_day(numbers, verdicts), sum_up(numbers, verdicts), WORDS)

    book_made = openpyxl.load_workbook(stream)

    assert {sheet.title: sheet.sheet_state for sheet in book_made.worksheets} == {
        "Result": "visible",
        "Summary": "visible",
        "Countries": "visible",
        "скрытый": "hidden",
    }


def test_more_rows_than_a_sheet_holds_go_on_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.table_workbook.MOST_ROWS", 4)
    shape = SHAPES["semicolon_csv_in_cp1251"]()

    _, sheets = checked([Part(shape.data, ".csv")])

    assert [title for title in sheets if title.startswith("Result")] == ["Result", "Result 2"]
    assert same(shape.rows, [row[:3] for row in sheets["Result"] + sheets["Result 2"]])


def test_there_is_a_verdict_for_each_number_or_no_workbook() -> None:
    numbers, _ = read_parts([Part(b"a;+79123456780\nb;+79123456781\n", ".csv")], None, {})
    with pytest.raises(ValueError, match="not one verdict"):
        write_table_workbook(
            io.BytesIO(), [], None, on_a_day(numbers, Verdicts("y")), sum_up(numbers, Verdicts("y")), WORDS
        )


WORD = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"], exclude_characters="\u2028\u2029\x85"), max_size=12
)
PHONE = st.integers(79120000000, 79129999999).map(lambda number: f"+{number}")
CSV_CELL = st.one_of(st.just(""), WORD, st.just("a\nb"), st.sampled_from(["007", "1,5", 'x"y', "x;y", "=1+1"]), PHONE)
MOMENT = st.datetimes(moment(1950, 1, 1), moment(2100, 1, 1)).map(lambda at: at.replace(microsecond=0))
VALUE = st.one_of(
    st.none(),
    WORD.filter(lambda word: word.strip()),
    st.integers(-(10**14), 10**14),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 3)),
    st.booleans(),
    MOMENT,
    PHONE,
)


def tables(cell: st.SearchStrategy[Any]) -> st.SearchStrategy[Rows]:
    """Rows of one width, with an empty one here and there and one number at least."""
    return st.integers(1, 5).flatmap(
        lambda width: st.tuples(
            st.lists(st.lists(cell, min_size=width, max_size=width), min_size=0, max_size=8),
            st.lists(cell, min_size=width - 1, max_size=width - 1),
            PHONE,
        ).map(lambda made: [*made[0], [*made[1], made[2]]])
    )


@settings(max_examples=25, deadline=None)
@given(tables(CSV_CELL), st.sampled_from(",;\t"))
def test_any_csv_comes_back_complete(rows: Rows, mark: str) -> None:
    width = len(rows[0])
    heads = [f"h{at}" for at in range(width)]

    _, sheets = checked([Part(text([heads, *rows], mark=mark, before=f"sep={mark}\r\n").data, ".csv")], None)

    result = sheets["Result"]
    start = 0 if result[0][0] is not None else 1
    assert same([heads, *rows], [row[:width] for row in result[start:]])


@settings(max_examples=15, deadline=None)
@given(tables(VALUE))
def test_any_workbook_comes_back_complete(rows: Rows) -> None:
    _, sheets = checked([Part(book(rows).data, ".xlsx")], None)

    result, width = sheets["Result"], len(rows[0])
    beside = [row[width:] for row in result]
    start = 0 if len(result) == len(rows) else 1
    while rows and not any(cell not in {None, ""} for cell in rows[-1]):
        rows.pop()
    assert same(rows, [row[:width] for row in result[start:]])
    assert any("telegram" in row for row in beside)
