"""Numbering plans: what phonenumbers knows about digits, asked as few times as possible."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from bot.phone_library import ZERO_BELONGS

FEWEST_DIGITS = 7
"""With fewer digits nothing is an international number, and hardly a national one."""


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


def code_of(e164: str) -> int:
    """Give the country calling code of a number in E.164, 0 for what is none."""
    codes = (int(e164[1:end]) for end in range(2, 5) if e164[1:end].isdecimal())
    return next((code for code in codes if code in COUNTRY_CODE_TO_REGION_CODE), 0)


def dials_zero(region: str) -> bool:
    """Tell whether numbers are written with a 0 at the front in this country."""
    metadata = PhoneMetadata.metadata_for_region(region)
    return region in ZERO_BELONGS or metadata is None or (metadata.national_prefix or "").startswith("0")


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
