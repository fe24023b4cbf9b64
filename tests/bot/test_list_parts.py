"""What the messages of a list are: texts, tables, contacts, or nothing that can be read."""

import io
import zipfile

import pytest

from bot.list_parts import Part, Table, choice_of, ending_of, is_workbook_part, open_parts, read_parts, with_choice
from bot.number_list import Problem
from tests.bot.shapes import SHAPES, book

CSV = b"name;phone\na;+79123456780\n"


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.CSV", ".csv"), ("b.txt", ""), ("c.tar.xlsx", ".xlsx"), ("d", ""), (None, ""), (".tsv", ".tsv"), ("e.vcf", "")],
)
def test_the_ending_of_a_name_is_kept_where_it_matters(name: str | None, ending: str) -> None:
    assert ending_of(name) == ending


@pytest.mark.parametrize(
    ("part", "is_table"),
    [
        (Part(CSV, ".csv"), True),
        (Part(CSV, ".xls"), True),
        (Part(CSV), False),
        (Part(b"<html><td>+79123456780</td>", ".xls"), False),
        (Part(SHAPES["plain_workbook"]().data), True),
        (Part(SHAPES["plain_workbook"]().data, ".csv"), True),
        (Part(SHAPES["contacts_of_a_phone"]().data), True),
        (Part(b"", ".csv"), False),
        (Part(book([]).data, ".xlsx"), False),
    ],
)
def test_bytes_and_ending_say_what_a_part_is(part: Part, *, is_table: bool) -> None:
    (opened,) = open_parts([part], None, {})
    assert isinstance(opened, Table) is is_table


def archive(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr(name, "+79123456780")
    return stream.getvalue()


@pytest.mark.parametrize(
    "part",
    [
        Part(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls"),
        Part(archive("word/document.xml"), ".docx"),
        Part(archive("content.xml")),
        Part(b"%PDF-1.7 +79123456780"),
        Part(SHAPES["plain_workbook"]().data[:2000], ".xlsx"),
    ],
    ids=["xls", "docx", "ods", "pdf", "half of an xlsx"],
)
def test_what_cannot_be_read_is_said_to_be_no_text(part: Part) -> None:
    numbers, tables = read_parts([Part(b"+79123456780"), part], None, {})
    assert (numbers.problem, tables) == (Problem.NOT_TEXT, ())


def test_a_table_without_anything_like_a_number_says_so() -> None:
    numbers, (table,) = read_parts([Part(b"name;city\na;b\n", ".csv")], None, {})
    assert (numbers.valid, numbers.problem, table.chosen) == ((), None, None)
    numbers, _ = read_parts([Part(b";\n;\n", ".csv")], None, {})
    assert numbers.problem is Problem.EMPTY


def test_the_preview_names_sheets_only_where_there_are_several() -> None:
    shape = SHAPES["several_sheets_the_numbers_on_the_second"]()
    _, (table,) = read_parts([Part(shape.data)], None, {})
    assert table.chosen is not None
    assert (table.chosen.sheet_name, table.chosen.word) == ("Клиенты", "0.1.1")
    _, (table,) = read_parts([Part(SHAPES["plain_workbook"]().data)], None, {})
    assert table.chosen is not None
    assert table.chosen.sheet_name == ""


def test_choices_of_several_tables_are_kept_together() -> None:
    assert choice_of(None) == {}
    assert choice_of(with_choice(with_choice("0.0.2", "1.3.4"), "0.1.5")) == {0: (1, 5), 1: (3, 4)}


def test_only_archives_need_a_process_of_their_own() -> None:
    assert is_workbook_part(Part(book([]).data))
    assert not is_workbook_part(Part(CSV, ".xlsx"))
