"""The parts of a result as files: all of what belongs in them, and nothing that a spreadsheet would compute."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.number_list import Number, NumberList
from bot.packing import PackedList, pack
from bot.parts import columns_of, harmless, plain_lines, table
from bot.workbook import PART_HEADS

COUNTRIES = {"RU": "Россия", "KR": 'Korea, "South"'}


def listed(*as_sent: str, region: str = "RU") -> PackedList:
    return pack(NumberList(tuple(Number(f"+7912000{at:04}", region, at, text) for at, text in enumerate(as_sent))))


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_numbers_of_one_verdict_are_one_a_line_in_the_order_sent() -> None:
    packed = listed("a", "b", "c")
    assert plain_lines(packed, "yny", "y") == b"+79120000000\n+79120000002\n"
    assert plain_lines(packed, "yyy", "n") == b""


def test_a_table_begins_with_the_mark_that_spreadsheets_need_and_its_heads() -> None:
    content = table(listed("8 912", region="KR"), "u", "u", COUNTRIES)
    assert content.startswith(b"\xef\xbb\xbf")
    assert read(content) == [list(PART_HEADS), ["+79120000000", "undetermined", 'Korea, "South"', "8 912"]]


def test_a_country_without_a_name_is_its_code() -> None:
    assert [rows.countries for rows in columns_of(listed("a", region="001"), "y", "y", COUNTRIES)] == [["001"]]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=12), st.randoms())
def test_whatever_was_sent_comes_back_as_it_was_but_for_the_apostrophes(texts: list[str], chance: object) -> None:
    codes = "".join("ynu"[hash((at, text)) % 3] for at, text in enumerate(texts))
    found = read(table(listed(*texts), codes, "n", COUNTRIES))[1:]
    meant = [(at, text) for at, (text, code) in enumerate(zip(texts, codes, strict=True)) if code == "n"]
    assert [row[0] for row in found] == [f"+7912000{at:04}" for at, _ in meant]
    assert [row[3].replace("'", "") for row in found] == [text.replace("'", "") for _, text in meant]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+7 (912) 345-67-89", "'+7 (912) 345-67-89"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        (" =1", "' =1"),
        ("\r=1", "'\r'=1"),
        ("＝1", "'＝1"),
        ("8 912;=cmd|' /C calc'!A0", "8 912;'=cmd|' /C calc'!A0"),
        ("8 912, @x", "8 912,' @x"),
        ("+79123456789", "+79123456789"),
        ("8 (912) 345-67-89", "8 (912) 345-67-89"),
        ("", ""),
    ],
)
def test_no_text_becomes_a_formula_whatever_separates_fields(text: str, safe: str) -> None:
    assert harmless(text) == safe


def test_verdicts_of_another_list_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        plain_lines(listed("a"), "yy", "y")
