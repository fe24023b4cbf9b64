"""Numbering plans: what phonenumbers knows about digits, asked as few times as possible."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberType, ValidationResult

from bot.number_list import Reason

MOST_DIGITS = 15
"""No number is longer (ITU-T E.164)."""
FEWEST_DIGITS = 7
"""With fewer digits nothing is an international number, and hardly a national one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A valid number."""

    e164: str
    region: str
    code: int
    """Country calling code."""


@dataclass(frozen=True, slots=True)
class Invalid:
    """Not a valid number, why, and by whose rules where that is known."""

    reason: Reason
    region: str | None = None


@dataclass(frozen=True, slots=True)
class NationalReading:
    """How a country would read digits in which no country code is written."""

    region: str
    calling_code: int


def known_region(region: str | None) -> str | None:
    """Give the region in capitals, or nothing if there is no such country."""
    name = region.strip().upper() if region else ""
    return name if name in phonenumbers.SUPPORTED_REGIONS else None


def calling_code(region: str) -> int:
    """Give the country calling code, 0 for an unknown region."""
    return phonenumbers.country_code_for_region(region)


def international(digits: str) -> Found | Invalid:
    """Read digits that begin with a country code; no plus before them."""
    if len(digits) > MOST_DIGITS:
        # A few countries write their 0 in brackets after the code; the parser takes it out.
        return _read("+" + digits, None) if len(digits) <= MOST_DIGITS + 2 else Invalid(Reason.TOO_LONG)
    return _read("+" + digits, None)


def national(digits: str, region: str) -> Found | Invalid:
    """Read digits as they are dialled in a region, with or without its national prefix or its own country code."""
    if len(digits) > MOST_DIGITS + 4:  # an international prefix has up to four digits
        return Invalid(Reason.TOO_LONG, region)
    return _read(digits, region)


def dials_zero(region: str) -> bool:
    """Tell whether numbers are written with a 0 at the front in this country."""
    metadata = PhoneMetadata.metadata_for_region(region)
    return region in _ZERO_BELONGS or metadata is None or (metadata.national_prefix or "").startswith("0")


def _read(text: str, region: str | None) -> Found | Invalid:
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
    code = number.country_code
    if region is None or calling_code(region) != code:
        region = phonenumbers.region_code_for_country_code(code) if code else None
        region = known_region(region)
    result = phonenumbers.is_possible_number_with_reason(number)
    if result == ValidationResult.INVALID_LENGTH:  # between two lengths, of which one may be that of rare services
        result = phonenumbers.is_possible_number_for_type_with_reason(number, PhoneNumberType.MOBILE)
    reason = _POSSIBLE_REASONS.get(result, Reason.NOT_VALID_IN_COUNTRY)
    if region in _ZERO_BELONGS and not number.italian_leading_zero and reason is not Reason.TOO_LONG:
        with_zero = _read(f"+{code}0{number.national_number}", None)
        if isinstance(with_zero, Found):
            return Invalid(Reason.DAMAGED, region)
    return Invalid(reason, region)


def rivals(digits: str) -> frozenset[NationalReading]:
    """Tell which countries have such a number, written as it is in the country.

    A mobile number counts everywhere. A landline counts where all have one length (Russia, the USA, India), which
    is where they are written in full; where the length is free (Germany, Austria) nearly any digits are one, so
    that it means nothing. A national prefix such as the 8 of Russia is looked through, since it could be the
    beginning of a country code; a 0 could not, and the 1 of North America is the country code itself.
    """
    found = set()
    for plan in _plans_by_length().get(len(digits), ()):
        if plan.pattern.fullmatch(digits):
            found.add(plan.reading)
    for prefix, plans in _plans_by_prefix().items():
        if digits.startswith(prefix):
            rest = digits[len(prefix) :]
            found.update(plan.reading for plan in plans if len(rest) in plan.lengths and plan.pattern.fullmatch(rest))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Plan:
    reading: NationalReading
    lengths: frozenset[int]
    prefix: str
    pattern: re.Pattern[str]


@lru_cache(maxsize=1)
def _plans() -> tuple[_Plan, ...]:
    plans = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        metadata = PhoneMetadata.metadata_for_region(region)
        if metadata is None or metadata.general_desc is None:
            continue
        every_length = metadata.general_desc.possible_length
        patterns: list[str] = []
        lengths: set[int] = set()
        for kind, of_one_length in ((metadata.mobile, False), (metadata.fixed_line, True)):
            if kind is None or not kind.national_number_pattern:
                continue
            kind_lengths = kind.possible_length or every_length
            if not of_one_length or len(kind_lengths) == 1:
                patterns.append(kind.national_number_pattern)
                lengths.update(kind_lengths)
        if patterns:
            reading = NationalReading(region, metadata.country_code or 0)
            pattern = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
            plans.append(_Plan(reading, frozenset(lengths), metadata.national_prefix or "", pattern))
    return tuple(plans)


@lru_cache(maxsize=1)
def _plans_by_length() -> dict[int, list[_Plan]]:
    by_length: dict[int, list[_Plan]] = {}
    for plan in _plans():
        for length in plan.lengths:
            by_length.setdefault(length, []).append(plan)
    return by_length


@lru_cache(maxsize=1)
def _plans_by_prefix() -> dict[str, list[_Plan]]:
    by_prefix: dict[str, list[_Plan]] = {}
    for plan in _plans():
        if plan.prefix and plan.prefix[0] != "0" and plan.prefix != str(plan.reading.calling_code):
            by_prefix.setdefault(plan.prefix, []).append(plan)
    return by_prefix


_ZERO_BELONGS = frozenset({"IT", "SM", "VA"})
"""Where the 0 of a landline is part of the number also abroad, so that a lost one is damage."""

_PARSE_REASONS = {
    NumberParseException.INVALID_COUNTRY_CODE: Reason.NO_SUCH_COUNTRY_CODE,
    NumberParseException.TOO_SHORT_AFTER_IDD: Reason.TOO_SHORT,
    NumberParseException.TOO_SHORT_NSN: Reason.TOO_SHORT,
    NumberParseException.TOO_LONG: Reason.TOO_LONG,
}

_POSSIBLE_REASONS = {
    ValidationResult.TOO_SHORT: Reason.TOO_SHORT,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: Reason.TOO_SHORT,
    ValidationResult.TOO_LONG: Reason.TOO_LONG,
    ValidationResult.INVALID_COUNTRY_CODE: Reason.NO_SUCH_COUNTRY_CODE,
}
