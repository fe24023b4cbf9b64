"""Which character separates the cells of a text, and which quotes are meant. Whole files: test_table_workbook."""

import time

import pytest

from bot.separated import ALONE, MOST_LINES_IN_CELL, delimiter_of, read_separated
from bot.sheets import TableTooLarge


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n3,5;4\n", ";"),
        ("a\tb, c\n1\t2\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ("Report\n\nName;Phone;Sum\nA;1;1 234,56\nB;2;2,5\nTotal;;3,5\n", ";"),
        ('"Ivanov, I";"+7"\n"Petrov, P";"+8"\n', ";"),
        ("id;tags\n1;a,b,c\n2;d,e,f\n3;g,h,i\n", ";"),
        ("name;address\nA;Moscow, Lenin st, 5\nB;Perm, Mir st, 7\n", ";"),
        ("+79123456780\n+79123456781\n", ALONE),
        ("Ivanov, Ivan +79123456780\nPetrov +79123456781\nSidorov +79123456782\n", ALONE),
        ("+7912;+7913", ";"),
        ("", ALONE),
    ],
)
def test_cells_are_separated_by_what_gives_the_rows_one_width(text: str, mark: str) -> None:
    assert delimiter_of(text) == mark


def test_a_line_that_names_the_delimiter_is_no_row() -> None:
    assert read_separated("sep=,\r\na;b,c\r\n").rows == (("a;b", "c"),)


def test_blank_lines_are_rows() -> None:
    assert read_separated("a;b\n\n;\nc;d\n").rows == (("a", "b"), (), (), ("c", "d"))


def test_a_quote_that_nothing_ends_takes_no_rows_along() -> None:
    rows = "".join(f"{at};+7\n" for at in range(MOST_LINES_IN_CELL + 5))
    assert len(read_separated(f'name;phone\n"x;1\n{rows}').rows) == MOST_LINES_IN_CELL + 7
    assert len(read_separated(f'name;phone\n"x;1\n{rows}"y;2\n').rows) == MOST_LINES_IN_CELL + 8


@pytest.mark.parametrize("text", ['"' * 1_000_000, '";' * 300_000, "a\n" + '""' * 400_000, "x" * 1_000_000])
def test_a_hostile_text_takes_no_longer_than_any_other(text: str) -> None:
    began = time.process_time()
    try:
        rows = read_separated(text).rows
    except TableTooLarge:
        rows = ()
    assert len(rows) <= 2
    assert time.process_time() - began < 5


def test_a_million_columns_are_too_many() -> None:
    with pytest.raises(TableTooLarge):
        read_separated("a;b\n" + ";" * 1_000_000 + "c")
