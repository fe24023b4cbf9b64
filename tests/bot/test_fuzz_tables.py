"""Tables as nobody makes them: reading never raises, and what is read comes back in the result."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.list_parts import Part, Table, open_parts, read_parts, read_standing
from bot.sheets import NotATable, TableTooLarge
from bot.vcards import read_vcards
from tests.bot.hostile import REGIONS, SOURCES, examples
from tests.bot.shapes import SHAPES

ENDINGS = st.sampled_from([".csv", ".tsv", ".xls", ".xlsx", ""])
BOOK = SHAPES["dates_times_and_shares"]().data


@given(SOURCES, ENDINGS, REGIONS)
@settings(max_examples=examples(800), deadline=None)
def test_whatever_a_file_holds_it_is_read_or_said_to_be_none(
    source: str | bytes, ending: str, region: str | None
) -> None:
    part = Part(source if isinstance(source, bytes) else source.encode("utf-8", "replace"), ending)

    numbers, _ = read_parts([part], region, {})

    if numbers.problem is None:
        stood = read_standing(open_parts([part], region, {}), region)
        assert list(dict.fromkeys(one.said for one in stood if isinstance(one.said, str))) == [
            one.e164 for one in numbers.valid
        ]


@given(st.randoms(use_true_random=False), st.integers(1, 40))
@settings(max_examples=examples(150), deadline=None)
def test_a_broken_workbook_is_read_or_said_to_be_none(chance: random.Random, broken: int) -> None:
    data = bytearray(BOOK)
    for _ in range(broken):
        data[chance.randrange(4, len(data))] = chance.randrange(256)

    try:
        (opened,) = open_parts([Part(bytes(data), ".xlsx")], None, {})
    except (NotATable, TableTooLarge):
        return
    assert isinstance(opened, Table | str)


LINES = ("BEGIN:VCARD", "END:VCARD", "TEL:+7", "FN:x", "TEL;ENCODING=QUOTED-PRINTABLE:=", " ", "N:;", ":")


@given(st.lists(st.sampled_from(LINES)))
@settings(max_examples=examples(300), deadline=None)
def test_contacts_in_any_order_are_rows_of_two(lines: list[str]) -> None:
    assert all(len(row) <= 2 for row in read_vcards("\n".join(lines)).rows)
