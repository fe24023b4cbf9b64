import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import plans
from bot.number_list import Invalid, Reason
from bot.numbering import international, national
from bot.phone_library import Found
from bot.plans import calling_code, code_of, dials_zero, known_region, rivals
from tests.bot.adversarial import examples


@pytest.mark.parametrize(("name", "region"), [("RU", "RU"), (" ru ", "RU"), ("XX", None), ("", None), (None, None)])
def test_a_region_is_known_in_any_case(name: str | None, region: str | None) -> None:
    assert known_region(name) == region


@pytest.mark.parametrize(
    ("digits", "outcome"),
    [
        ("79123456789", Found("+79123456789", "RU", 7)),
        ("4402079460018", Found("+442079460018", "GB", 44)),
        ("80012345678", Found("+80012345678", "001", 800)),
        ("390612345678", Found("+390612345678", "IT", 39)),
        ("39612345678", Invalid(Reason.DAMAGED, "IT")),
        ("7912345", Invalid(Reason.TOO_SHORT, "RU")),
        ("7912345678901", Invalid(Reason.TOO_LONG, "RU")),
        ("89123456789", Invalid(Reason.NO_SUCH_COUNTRY_CODE)),
        ("70123456789", Invalid(Reason.NOT_VALID_IN_COUNTRY, "RU")),
        ("1" * 100, Invalid(Reason.TOO_LONG)),
    ],
)
def test_digits_with_a_country_code(digits: str, outcome: Found | Invalid) -> None:
    assert international(digits) == outcome


@pytest.mark.parametrize(
    ("digits", "region", "outcome"),
    [
        ("89123456789", "RU", Found("+79123456789", "RU", 7)),
        ("9123456789", "RU", Found("+79123456789", "RU", 7)),
        ("87012345678", "RU", Found("+77012345678", "KZ", 7)),
        ("891234567", "RU", Invalid(Reason.TOO_SHORT, "RU")),
        ("612345678", "IT", Invalid(Reason.DAMAGED, "IT")),
        ("1" * 100, "RU", Invalid(Reason.TOO_LONG, "RU")),
    ],
)
def test_digits_as_they_are_dialled(digits: str, region: str, outcome: Found | Invalid) -> None:
    assert national(digits, region) == outcome


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_a_mobile_number_is_somebodys_at_home(region: str) -> None:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    if example is not None:
        digits = phonenumbers.national_significant_number(example)
        assert calling_code(region) in {rival.calling_code for rival in rivals(digits)}


@pytest.mark.parametrize(
    ("digits", "region", "is_rival"),
    [
        ("4951234567", "RU", True),
        ("84951234567", "RU", True),
        ("13105550123", "CN", True),
        ("12025550143", "US", False),  # the 1 in front is the country code
        ("79123456789", "DE", False),  # a landline where they have any length
        ("79123456789", "RU", False),
    ],
)
def test_who_else_has_such_a_number(digits: str, region: str, is_rival: bool) -> None:  # noqa: FBT001 - a column
    assert (region in {rival.region for rival in rivals(digits)}) is is_rival


@given(st.sampled_from(examples()), st.text("0123456789", max_size=3), st.integers(0, 9))
@settings(max_examples=500)
def test_countries_that_cannot_begin_so_are_rightly_not_asked(
    one: tuple[int, str, str], before: str, last: int
) -> None:
    for digits in (before + one[2], f"{one[0]}{one[2]}", f"{one[2][:-1]}{last}", one[2][:-2]):
        every = set()
        for plan in plans._plans():
            prefix = plan.looked_through
            rest = digits[len(prefix) :] if prefix and digits.startswith(prefix) else None
            for written in (digits, rest):
                if written is not None and len(written) in plan.lengths and plan.pattern.fullmatch(written):
                    every.add(plan.reading)
        assert rivals(digits) == every


@pytest.mark.parametrize(("e164", "code"), [("+79123456789", 7), ("+12025550143", 1), ("+80012345678", 800), ("+0", 0)])
def test_a_number_has_the_code_it_begins_with(e164: str, code: int) -> None:
    assert code_of(e164) == code


def test_where_a_leading_zero_is_written() -> None:
    assert [dials_zero(region) for region in ("DE", "IT", "RU", "US", "ES")] == [True, True, False, False, False]
