"""Digits read by phonenumbers itself, and what is made of its answer. The reference for `bot/numbering.py`."""

from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType, ValidationResult

from bot.number_list import Invalid, Reason

MOST_DIGITS: Final = 15
"""No number is longer (ITU-T E.164)."""
ZERO_BELONGS: Final = frozenset({"IT", "SM", "VA"})
"""Where the 0 of a landline is part of the number also abroad, so that a lost one is damage."""


class Found(NamedTuple):
    """A valid number."""

    e164: str
    region: str
    code: int
    """Country calling code."""


def by_library(text: str, region: str | None) -> Found | Invalid:
    """Read digits by phonenumbers itself: with a plus, or as they are dialled in a region."""
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException as error:
        return Invalid(_PARSE_REASONS.get(error.error_type, Reason.NOT_A_NUMBER), region)
    code = number.country_code or 0
    its_region = phonenumbers.region_code_for_number(number)
    if its_region is not None and phonenumbers.is_valid_number_for_region(number, its_region):
        return Found(f"+{code}{phonenumbers.national_significant_number(number)}", its_region, code)
    return _why_invalid(number, region)


def _why_invalid(number: PhoneNumber, region: str | None) -> Invalid:
    code = number.country_code or 0
    if region is None or phonenumbers.country_code_for_region(region) != code:
        region = country_of(code)
    result = phonenumbers.is_possible_number_with_reason(number)
    if result == ValidationResult.INVALID_LENGTH:  # between two lengths, of which one may be that of rare services
        result = phonenumbers.is_possible_number_for_type_with_reason(number, PhoneNumberType.MOBILE)
    reason = POSSIBLE_REASONS.get(result, Reason.NOT_VALID_IN_COUNTRY)
    if region in ZERO_BELONGS and not number.italian_leading_zero and reason is not Reason.TOO_LONG:
        with_zero = by_library(f"+{code}0{number.national_number}", None)
        if isinstance(with_zero, Found):
            return Invalid(Reason.DAMAGED, region)
    return Invalid(reason, region)


def country_of(code: int) -> str | None:
    """Give the main country of a calling code; None for a code that belongs to no country."""
    region = phonenumbers.region_code_for_country_code(code)
    return region if region in phonenumbers.SUPPORTED_REGIONS else None


_PARSE_REASONS = {
    NumberParseException.INVALID_COUNTRY_CODE: Reason.NO_SUCH_COUNTRY_CODE,
    NumberParseException.TOO_SHORT_AFTER_IDD: Reason.TOO_SHORT,
    NumberParseException.TOO_SHORT_NSN: Reason.TOO_SHORT,
    NumberParseException.TOO_LONG: Reason.TOO_LONG,
}

POSSIBLE_REASONS: Final = {
    ValidationResult.TOO_SHORT: Reason.TOO_SHORT,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: Reason.TOO_SHORT,
    ValidationResult.TOO_LONG: Reason.TOO_LONG,
    ValidationResult.INVALID_COUNTRY_CODE: Reason.NO_SUCH_COUNTRY_CODE,
}
"""By what a number's length alone says; any other length is that of numbers of its code."""
