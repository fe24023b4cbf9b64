import pytest
from phonenumbers import PhoneMetadata, ValidationResult

from bot.dialling import Dialling, by_length, dialling


def rules(region: str) -> Dialling:
    found = dialling(region)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("region", "digits", "rest"),
    [
        ("RU", "810491711234567", "491711234567"),
        ("DE", "0049171", "49171"),
        ("DE", "00049171", None),  # no code begins with a zero
        ("US", "01149171", "49171"),
        ("US", "49171", None),
    ],
)
def test_what_follows_an_international_prefix(region: str, digits: str, rest: str | None) -> None:
    assert rules(region).after_idd(digits) == rest


@pytest.mark.parametrize(
    ("region", "digits", "significant"),
    [
        ("RU", "89123456789", "9123456789"),
        ("RU", "8123456789", "8123456789"),  # Saint Petersburg: its 8 is no prefix
        ("GB", "02079460018", "2079460018"),
        ("AR", "0342154123456", "93424123456"),
        ("BR", "0154196123456789", "4196123456789"),
        ("SM", "886377", "0549886377"),
        ("DE", "012", "012"),  # without the zero too short to be whole
    ],
)
def test_a_national_prefix_is_taken_away_where_that_leaves_a_number(region: str, digits: str, significant: str) -> None:
    assert rules(region).significant(digits) == significant


@pytest.mark.parametrize(
    ("region", "digits", "rest"),
    [("RU", "79123456789", "9123456789"), ("DE", "4930", None), ("US", "2025550143", None)],
)
def test_a_code_of_its_own_is_taken_away_where_it_is_no_beginning(region: str, digits: str, rest: str | None) -> None:
    assert rules(region).without_code(digits) == rest


def test_nobody_dials_in_an_unknown_region() -> None:
    assert dialling("XX") is None


def test_the_number_of_digits_alone_says_something() -> None:
    metadata = PhoneMetadata.metadata_for_region("RU")
    assert metadata is not None
    general = metadata.general_desc
    assert [by_length(general, general, length) for length in (9, 10, 14)] == [
        ValidationResult.TOO_SHORT,
        ValidationResult.IS_POSSIBLE,
        ValidationResult.IS_POSSIBLE,
    ]
    assert by_length(general, general, 15) == ValidationResult.TOO_LONG
    assert by_length(None, general, 10) == ValidationResult.INVALID_LENGTH
