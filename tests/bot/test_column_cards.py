"""What the preview says of a table, and the buttons that choose another column."""

from dataclasses import replace

import pytest

from bot.cards import Press
from bot.column_cards import OFFERED, column_buttons, columns_read, letters, other_columns
from bot.packing import Offered, Reading, TableRead
from bot.texts import load_texts
from tests.fakes import a_job

JOB = a_job()
EN, RU = load_texts()["en"], load_texts()["ru"]
PHONE = Offered(0, 0, 2, "Телефон <1>", "", 4912)
OTHER = Offered(0, 3, 27, "", "Лист & +79123456789", 7)
READING = Reading(tables=(TableRead(4912, PHONE, (OTHER,)),))


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_columns_are_named_as_spreadsheets_name_them(column: int, name: str) -> None:
    assert letters(column) == name


def test_the_column_is_named_with_its_letter_and_its_rows() -> None:
    assert columns_read(JOB, READING, EN) == ["Column <b>Телефон &lt;1&gt;</b> (C) · 4,912 rows"]
    named = Reading(tables=(TableRead(21, OTHER),))
    assert columns_read(JOB, named, RU) == ["Столбец <b>AB</b>, лист <b>Лист &amp; +79123456789</b> · 21 строка"]
    assert columns_read(JOB, Reading(), EN) == []


def test_a_group_reads_no_number_in_the_name_of_a_sheet_or_a_column() -> None:
    group = replace(JOB, chat_id=-5)
    (said,) = columns_read(group, Reading(tables=(TableRead(1, OTHER),)), EN)
    assert "9123456789" not in said
    assert all("9123456789" not in row[0].label for row in column_buttons(group, READING, EN))


def test_the_other_columns_are_buttons_each_with_its_count() -> None:
    rows = column_buttons(JOB, READING, EN)
    assert [row[0].label for row in rows] == ["Лист & +79123456789: AB · 7", "Back"]
    presses = [Press.unpack(row[0].data) for row in rows]
    assert [press and press.word for press in presses] == ["0.3.27", ""]


def test_buttons_carry_little_and_are_few_whatever_the_table() -> None:
    far = tuple(Offered(99, 999, 15_000 + at, "x" * 64, "y" * 64, 10**6) for at in range(20))
    several = Reading(tables=(TableRead(1, PHONE, far), TableRead(1, PHONE, far), TableRead(1, PHONE, far)))
    assert len(other_columns(several)) <= OFFERED
    for row in column_buttons(JOB, several, EN):
        assert len((row[0].data or "").encode()) <= 64
        assert len(row[0].label) <= 64
