"""The parts of a table's result: the rows with one verdict, complete, under the heads of the table."""

import csv
import io
from datetime import date
from itertools import cycle, islice
from typing import Any

import openpyxl
import pytest

from bot.list_parts import Part, open_parts, read_parts
from bot.number_list import Number, NumberList
from bot.packing import pack
from bot.report import Checked, SheetWords
from bot.report import summarise as sum_up
from bot.results import Verdicts
from bot.table_parts import csv_part, workbook_part
from bot.table_workbook import write_table_workbook
from bot.workbook import write_workbook
from tests.bot.shapes import HEADS, book, moment, people, text

WORDS = SheetWords("sent", "yes", "no", "undetermined", "repeated", "rejected", "time", "cost", "now", "known")
DAY = date(2026, 11, 23)
Rows = list[list[Any]]


def result(*parts: Part) -> tuple[bytes, tuple[str, ...]]:
    """Make the workbook of a list, with one verdict after the other, and give its numbers."""
    numbers, _ = read_parts(list(parts), "RU", {})
    verdicts = Verdicts("".join(islice(cycle("ynu"), len(numbers.valid))))
    stream = io.BytesIO()
    opened, days = open_parts(list(parts), "RU", {}), (DAY,) * len(numbers.valid)
    write_table_workbook(stream, opened, "RU", Checked(numbers, verdicts, days), sum_up(numbers, verdicts), WORDS)
    return stream.getvalue(), tuple(number.e164 for number in numbers.valid)


def as_csv(whole: bytes, *numbers: str) -> Rows:
    content = csv_part(io.BytesIO(whole), numbers)
    assert content is not None
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_book(whole: bytes, *numbers: str) -> Rows:
    content = workbook_part(io.BytesIO(whole), numbers)
    assert content is not None
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return [list(row) for row in sheet.values]


def test_the_rows_of_a_csv_come_back_with_all_their_columns() -> None:
    sent = text([HEADS, *people(["=1+1", "", "две\nстроки", "-5", "x"])], mark=";", encoding="cp1251")
    whole, numbers = result(Part(sent.data, ".csv"))

    heads = [*HEADS, "telegram", "Number", "Country", "Checked on"]
    assert as_csv(whole, numbers[0], numbers[3]) == [
        heads,
        ["Иванов Иван", "'+7 912 345-67-80", "'=1+1", "yes", "+79123456780", "RU", "2026-11-23"],
        ["Ким Виктор", "79123456783", "'-5", "yes", "+79123456783", "RU", "2026-11-23"],
    ]
    assert as_book(whole, numbers[2])[0] == heads
    assert as_book(whole, numbers[2])[1][:5] == [
        "Сидоров Пётр",
        "8 912 345 67 82",
        "две\nстроки",
        "undetermined",
        numbers[2],
    ]


def test_of_a_workbook_of_two_sheets_the_cells_keep_their_kinds_and_their_places() -> None:
    rows: Rows = [["Отчёт за ноябрь"], [], ["Дата", "Телефон", "Сумма", None, "Доля"]]
    rows += [[date(2026, 11, 3), 79123456780 + at, -1.5, None, 0.25] for at in range(3)]
    sent = book(rows, more=[("Result 2", [["79123456780"]])])
    whole, numbers = result(Part(sent.data, ".xlsx"))

    found = as_book(whole, numbers[1])
    assert found[0] == ["Отчёт за ноябрь", *[None] * 8]
    assert found[2] == ["Дата", "Телефон", "Сумма", None, "Доля", "telegram", "Number", "Country", "Checked on"]
    assert found[3][:7] == [moment(2026, 11, 3), 79123456781, -1.5, None, 0.25, "no", "+79123456781"]
    assert len(found) == 4
    assert as_csv(whole, numbers[1])[3] == [
        *("2026-11-03", "79123456781", "-1.5", "", "0.25"),
        *("no", "+79123456781", "RU", "2026-11-23"),
    ]


def test_a_row_of_several_numbers_is_in_the_parts_of_each() -> None:
    sent = book([["Phone"], ["+7 912 345-67-80, +7 912 345-67-81"], ["+7 912 345-67-80"]], column=0)
    whole, (first, second) = result(Part(sent.data, ".xlsx"))

    assert [row[2] for row in as_csv(whole, second)] == ["Number", f"{first}; {second}"]
    assert [row[2] for row in as_csv(whole, first)] == ["Number", f"{first}; {second}", first]


def test_a_table_without_heads_has_ours_and_one_that_was_a_result_of_ours_has_the_new_ones() -> None:
    whole, (number, _) = result(Part(book([["Анна", "+79123456780"], ["Пётр", "+79123456781"]]).data, ".xlsx"))
    assert as_book(whole, number)[0] == [None, None, "telegram", "Number", "Country", "Checked on"]

    again, numbers = result(Part(whole, ".xlsx"))
    assert as_book(again, number)[0][6:8] == ["telegram", "Number"]
    assert [row[:2] for row in as_book(again, numbers[1])[1:]] == [["Пётр", "+79123456781"]]


def test_a_second_table_has_its_heads_where_it_has_rows() -> None:
    first, second = (
        text([HEADS, *people(["x"] * 5)], mark=";"),
        book([["Phone"], [79990000001], [79990000002]], column=0),
    )
    whole, numbers = result(Part(first.data, ".csv"), Part(second.data, ".xlsx"), Part(b"+79990000003\n"))

    assert [row[0] for row in as_csv(whole, numbers[0])] == [HEADS[0], "Иванов Иван"]
    assert [row[:2] for row in as_csv(whole, *numbers[-2:])] == [
        [HEADS[0], HEADS[1]],
        ["Phone", ""],
        ["79990000002", ""],
        ["", "+79990000003"],
    ]


def test_rows_beyond_what_a_sheet_holds_are_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.table_workbook.MOST_ROWS", 4)
    whole, numbers = result(Part(book([["Phone"], *([79123456780 + at] for at in range(9))], column=0).data, ".xlsx"))

    content = workbook_part(io.BytesIO(whole), numbers[2:])
    assert content is not None
    pages = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert [page.title for page in pages] == ["Result", "Result 2"]
    assert [row[2] for page in pages for row in page.values] == ["Number", *numbers[2:]]


def test_the_result_of_a_plain_list_gives_no_rows_back() -> None:
    numbers = NumberList((Number("+79123456780", "RU", 1, "as sent"),))
    stream = io.BytesIO()
    write_workbook(stream, pack(numbers), Verdicts("y"), sum_up(numbers, Verdicts("y")), WORDS, checked_on=(DAY,))
    assert workbook_part(stream, {"+79123456780"}) is None
    assert csv_part(stream, {"+79123456780"}) is None
