"""A number that is to be forgotten leaves tables and their results; every other cell stays."""

import io
from datetime import date, datetime

import openpyxl
import pytest

from bot.blanking import is_in_table, is_table, table_without, workbook_without
from bot.erasing import Wanted, erase
from bot.list_parts import Part, open_parts, read_parts
from bot.number_list import Number
from bot.packing import pack
from bot.report import Checked, SheetWords, summarise
from bot.results import Verdicts
from bot.spreadsheets import read_spreadsheet
from bot.table_workbook import write_table_workbook
from tests.bot.shapes import book, text

WORDS = SheetWords("sent", "yes", "no", "undetermined", "repeated", "rejected", "time", "cost", "now", "known")
DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23)  # noqa: DTZ001 - a day in a sheet has no zone
WANTED = Wanted.of(Number("+79123456789", "RU", 1, ""))
ROWS = [
    ["Имя", "Телефон", "Заметка"],
    ["a", "+7 912 345-67-89", "yes"],
    ["b", "+79123456780", "бывший 89123456789"],
    ["c", "9123456789x12345", ""],
]
LEFT = (("Имя", "Телефон", "Заметка"), ("a", None, "yes"), ("b", "+79123456780"), ("c",))


@pytest.mark.parametrize(
    "part", [Part(text(ROWS, mark=";").data, ".csv"), Part(book(ROWS).data, ".xlsx")], ids=["csv", "xlsx"]
)
def test_its_cells_are_empty_and_all_others_as_they_were(part: Part) -> None:
    assert is_in_table(part, WANTED.is_in)
    left = table_without(part, WANTED.is_in)
    (sheet,) = read_spreadsheet(io.BytesIO(left))
    assert sheet.rows == LEFT
    assert is_table(Part(left, part.ending))
    assert not is_in_table(Part(left, part.ending), WANTED.is_in)


def test_a_number_in_a_cell_that_is_no_text_is_found() -> None:
    part = Part(book([["phone", "when"], [79123456789.0, True]], column=0).data)
    assert is_in_table(part, WANTED.is_in)
    (sheet,) = read_spreadsheet(io.BytesIO(table_without(part, WANTED.is_in)))
    assert sheet.rows == (("phone", "when"), (None, True))


def test_the_result_says_nothing_of_it_any_more_and_everything_else() -> None:
    parts = [Part(text(ROWS, mark=";").data, ".csv")]
    numbers, _ = read_parts(parts, None, {})
    verdicts, stream = Verdicts("yn"), io.BytesIO()
    write_table_workbook(
        stream,
        open_parts(parts, None, {}),
        None,
        Checked(numbers, verdicts, [DAY] * len(numbers.valid)),
        summarise(numbers, verdicts),
        WORDS,
    )

    left = workbook_without(stream.getvalue(), WANTED.e164, WANTED.is_in)

    book_left = openpyxl.load_workbook(io.BytesIO(left))
    sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book_left}
    assert sheets["Result"] == [
        ["Имя", "Телефон", "Заметка", "telegram", "Number", "Country", "Checked on", "Note"],
        ["a", None, "yes", None, None, None, None, None],
        ["b", "+79123456780", None, "no", "+79123456780", "RU", NOON, None],
        ["c", None, None, None, None, None, None, "needs_country"],
    ]
    assert list(sheets) == ["Result", "Summary", "Countries", "Rejected"]
    assert sheets["Summary"][0][:2] == ["sent", 2]


def test_a_list_of_tables_and_texts_can_be_read_again() -> None:
    card = b"BEGIN:VCARD\nFN:Ann\nTEL:+79123456789\nTEL:+79123456781\nEND:VCARD\n"
    parts = [Part(text(ROWS, mark=";").data, ".csv"), Part(b"Ann +79123456789\n"), Part(card)]
    numbers, _ = read_parts(parts, None, {})

    erased = erase(WANTED, pack(numbers), None, parts, (), repeated=0)

    assert erased is not None
    assert erased.contents[1] is None
    left = [Part(content or b"", part.ending) for content, part in zip(erased.contents, parts, strict=True)]
    again, _ = read_parts(left, None, {})
    assert [number.e164 for number in again.valid] == ["+79123456780", "+79123456781"]
    assert erase(WANTED, None, None, left, (), repeated=0) is None


def test_a_message_that_says_nothing_any_more_goes_on_saying_nothing() -> None:
    parts = [Part(text(ROWS, mark=";").data, ".csv"), Part(b"", ".csv")]

    erased = erase(WANTED, None, None, parts, (), repeated=0)

    assert erased is not None
    assert erased.contents[1] is None
