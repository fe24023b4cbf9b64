"""What the cells of a table say, and how much of a table is taken."""

from datetime import date

import pytest

from bot.sheets import MOST_COLUMNS, Cell, ErrorText, NoPhone, Sheet, Shown, TableTooLarge, gather, text_of, trimmed
from tests.bot.shapes import moment


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("+7 912", "+7 912"),
        (79123456789, "79123456789"),
        (79123456789.0, "79123456789"),
        (Shown(171234567, "0000000000"), "0171234567"),
        (Shown(79123456789, "#,##0"), "79123456789"),
        (-5, "-5"),
    ],
)
def test_a_cell_says_its_text_or_its_whole_number(cell: Cell, text: str) -> None:
    assert text_of(cell) == text
    assert not isinstance(text_of(cell), NoPhone)


@pytest.mark.parametrize(
    "cell",
    [True, 1234567.89, float("inf"), Shown(date(2024, 1, 5), "DD.MM.YYYY"), moment(2024, 1, 5), ErrorText("#N/A")],
)
def test_dates_sums_and_errors_are_surely_no_phones(cell: Cell) -> None:
    assert isinstance(text_of(cell), NoPhone)


def test_what_is_empty_at_the_ends_is_left_out() -> None:
    rows, room = gather([["a", None, ""], [], ["", "b"], ["", None], []], room=10)
    assert rows == (("a",), (), ("", "b"))
    assert room == 10 - 2 - 1 - 3 - 1 - 1
    assert Sheet("", rows).width == 2
    assert trimmed(("a", "b")) == ("a", "b")


def test_a_table_beyond_all_measure_is_not_taken() -> None:
    with pytest.raises(TableTooLarge):
        gather([["a"]] * 6, room=10)
    with pytest.raises(TableTooLarge):
        gather([["a"] * (MOST_COLUMNS + 1)])
