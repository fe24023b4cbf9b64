"""What may be a phone number is hidden from a group; what is a day, a count or a word stays."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.masking import HIDDEN, NUMBER_DIGITS, PART_DIGITS, mask_name, mask_piece


def digits(text: str) -> int:
    return sum(unicodedata.decimal(char, None) is not None for char in text)


@pytest.mark.parametrize(
    ("piece", "masked"),
    [
        ("+7 912 345-45-67", "+7 912 ***-**-67"),
        ("+79123456789", "+7912*****89"),
        ("8 (912) 345 67 8", "8 (912) *** *7 8"),
        ("8 912 34", "* *** 34"),
        ("12345", "1****"),
        ("1234", "1234"),
        ("4.41E+11", "4.41E+11"),
        ("7.91235E+11", "*.***35E+11"),
        ("٠١٢٣٤٥٦٧٨٩", "٠١٢٣****٨٩"),
        ("+7\u00a0912\u200b345\u202a6789", "+7\u00a0912\u200b***\u202a**89"),
        ("anna 89123456789 and 89123456780", "anna 8912*****89 and 8912*****80"),
        ("", ""),
    ],
)
def test_the_first_digits_and_the_last_two_are_left_of_a_piece(piece: str, masked: str) -> None:
    assert mask_piece(piece) == masked


@pytest.mark.parametrize(
    "name",
    [
        *("base_nov.txt", "2026-11-23.txt", "base_20261123.txt", "23.11.2026 clients.txt", "list 17 of 120.txt"),
        *("2026-11-23_15-30-00.txt", "1,204 numbers.txt", "Q4 2026 (3).txt", "8 912 34.txt"),
    ],
)
def test_days_and_counts_stay_in_a_name(name: str) -> None:
    assert mask_name(name) == name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("phones 79123456789.txt", "phones 7912*****89.txt"),
        ("79123456789_20261123.txt", "7912*****89_20261123.txt"),
        ("2026-11-23 8(912)345-67-89.txt", "2026-11-23 8(912)***-**-89.txt"),
        ("+20 10 1231 2345", "+20 10 **** **45"),
        ("20261123456.txt", "2026*****56.txt"),
        ("Anna +7 912 345 67 89", "Anna +7 912 *** ** 89"),
    ],
)
def test_numbers_in_a_name_do_not(name: str, masked: str) -> None:
    assert mask_name(name) == masked


NUMBERS = st.from_regex(r"\+?[1-9]([ .()_-]{0,2}[0-9]){9,14}", fullmatch=True)


@given(NUMBERS, st.sampled_from(["", "line ", "a"]))
def test_of_every_number_four_digits_are_hidden_and_its_shape_is_kept(number: str, before: str) -> None:
    for mask in (mask_piece, mask_name):
        masked = mask(before + number)
        assert len(masked) == len(before + number)
        assert digits(number) - digits(masked) >= HIDDEN or "20" in number  # what looks like a day may stay in a name
        assert all(new in {old, "*"} for new, old in zip(masked, before + number, strict=True))


@given(st.text(max_size=60))
def test_nothing_but_digits_is_ever_changed_and_masking_twice_changes_nothing(text: str) -> None:
    for mask in (mask_piece, mask_name):
        masked = mask(text)
        changed = [old for new, old in zip(masked, text, strict=True) if new != old]
        assert all(unicodedata.decimal(char, None) is not None for char in changed)
        assert mask(masked) == masked


@given(st.text(alphabet="0123456789 .-()", max_size=30))
def test_what_has_too_few_digits_to_be_a_number_is_left_alone(text: str) -> None:
    if digits(text) < PART_DIGITS:
        assert mask_piece(text) == text
    if digits(text) < NUMBER_DIGITS:
        assert mask_name(text) == text
