import pytest

from bot.lines import Waiting, said_in
from bot.number_list import Invalid, Reason
from bot.phone_library import Found
from bot.pieces import read_line

ANN = Found("+79123456789", "RU", 7)


def said(sent: str, home: str | None = None) -> list[tuple[str, bool, object]]:
    return list(said_in(sent, read_line(sent), home))


@pytest.mark.parametrize("sent", ["+79123456789", "+7 912 345-67-89", "0079123456789"])
def test_a_number_with_its_code_is_written_out(sent: str) -> None:
    assert said(sent) == [(sent, True, ANN)]


def test_digits_without_a_plus_wait_for_the_list() -> None:
    assert said("79123456789") == [("79123456789", False, Waiting("79123456789", ANN, Invalid(Reason.NEEDS_COUNTRY)))]


@pytest.mark.parametrize("sent", ["89123456789", "8 (912) 345-67-89", "9123456789"])
def test_with_a_home_they_are_read_there(sent: str) -> None:
    assert said(sent, "RU") == [(sent, False, ANN)]


def test_a_line_of_words_is_rejected_once_for_most_of_its_digits() -> None:
    assert said("order of 12.05.2024, 123456789012345678 or 12345") == [
        ("order of 12.05.2024, 123456789012345678 or 12345", False, Invalid(Reason.TOO_LONG))
    ]
    assert said("hello") == [("hello", False, Invalid(Reason.NOT_A_NUMBER))]


def test_what_is_no_phone_beside_one_is_left_out() -> None:
    assert [text for text, *_ in said("+79123456789; order 7707083893")] == ["+79123456789"]
