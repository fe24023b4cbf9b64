"""What one cell says, whichever type it has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cells import Verdict, number_in, verdict_in, verdict_in_name


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("79123000001", 79123000001),
        ("+79123000001", 79123000001),
        ("0079123000001", 79123000001),
        (" +7 (912) 300-00-01\u200e ", 79123000001),
        ("'79123000001", 79123000001),
        (79123000001.0, 79123000001),
        ("7.9123000001e+10", 79123000001),
        ("", None),
        ("89", None),
        ("09123000001", None),
        ("7912300000100000", None),
        ("7.9123000001E9", None),
        ("7 9" * 1000, None),
        (79123000001.5, None),
        (float("nan"), None),
        (float("inf"), None),
        (1e300, None),
        (10**400, None),
        (-79123000001, None),
        (True, None),
        (None, None),
        (b"79123000001", None),
    ],
)
def test_the_number_in_a_cell(cell: object, number: int | None) -> None:
    assert number_in(cell) == number


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("activated.txt", Verdict.YES),
        ("Registered.TXT", Verdict.YES),
        ("out/cs9viu7i61pkfs4oavvg_registered.csv", Verdict.YES),
        ("activated (1).txt", Verdict.YES),
        ("activated_numbers_2024.txt", Verdict.YES),
        ("yes.txt", Verdict.YES),
        ("unregistered.txt", Verdict.NO),
        ("not_activated.txt", Verdict.NO),
        ("notactivated.txt", Verdict.NO),
        ("tg-not-registered.txt", Verdict.NO),
        ("un registered.txt", Verdict.NO),
        ("out\\inactive.txt", Verdict.NO),
        ("False.csv", Verdict.NO),
        ("all.csv", None),
        ("all_activated_and_not.csv", None),
        ("registered_and_unregistered.csv", None),
        ("registered_unknown.txt", None),
        ("numbers_no_1.txt", None),
        ("not_yes.txt", None),
        ("deactivated.txt", None),
        ("1.txt", None),
        ("part 0.txt", None),
        (".txt", None),
        ("", None),
    ],
)
def test_the_verdict_in_a_name(name: str, verdict: Verdict | None) -> None:
    assert verdict_in_name(name) is verdict


@given(st.integers(10**6, 10**15 - 1))
def test_every_way_of_writing_a_number_means_the_same(number: int) -> None:
    ways = [number, float(number), str(number), f"+{number}", f"{number}.0", f"{number:.14e}", repr(float(number))]
    assert {number_in(way) for way in ways} == {number}


@given(st.text() | st.integers() | st.floats() | st.none() | st.binary() | st.booleans())
def test_no_cell_breaks_it(cell: object) -> None:
    number = number_in(cell)
    assert number is None or 1000 <= number < 10**15
    assert verdict_in(cell) in Verdict
    assert verdict_in_name(str(cell)) in {Verdict.YES, Verdict.NO, None}
