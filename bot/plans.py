"""Numbering plans: what phonenumbers knows about digits, asked as few times as possible."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from bot.phone_library import ZERO_BELONGS

FEWEST_DIGITS = 7
"""With fewer digits nothing is an international number, and hardly a national one."""


class NationalReading(NamedTuple):
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
    found = [
        plan.reading
        for plan, start in _plans_of(len(digits), digits[:_TELLING])
        if plan.pattern.fullmatch(digits, start) is not None
    ]
    return _readings(tuple(found)) if found else _NOBODY


@cache
def _readings(found: tuple[NationalReading, ...]) -> frozenset[NationalReading]:
    # The same object for the same countries: a large list asks for few of them, and again and again.
    return frozenset(found)


@cache
def _plans_of(length: int, first: str) -> tuple[tuple["_Plan", int], ...]:
    """Give the plans with numbers of a length that begin so, each with the length of the prefix to look through."""
    if first:
        shorter = _plans_of(length, first[:-1])
        return tuple((plan, start) for plan, start in shorter if plan.may_begin(first, start))
    plain = [(plan, 0) for plan in _plans() if length in plan.lengths]
    prefixed = [(plan, len(plan.looked_through)) for plan in _plans() if plan.looked_through]
    return (*plain, *((plan, start) for plan, start in prefixed if length - start in plan.lengths))


@dataclass(frozen=True, slots=True)
class _Plan:
    reading: NationalReading
    lengths: frozenset[int]
    looked_through: str
    """The national prefix, where it could be the beginning of a country code."""
    pattern: re.Pattern[str]
    beginning: re.Pattern[str]
    """Matches the first digits of whatever the pattern matches."""

    def may_begin(self, first: str, start: int) -> bool:
        """Tell whether digits may begin so, behind the prefix that is looked through."""
        prefix = self.looked_through[:start]
        if not (first.startswith(prefix) or prefix.startswith(first)):
            return False
        return len(first) <= start or self.beginning.fullmatch(first, start) is not None


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
            code = metadata.country_code or 0
            prefix = metadata.national_prefix or ""
            looked_through = prefix if prefix[:1] != "0" and prefix != str(code) else ""
            either = "|".join(f"(?:{pattern})" for pattern in patterns)
            beginning = _DIGIT.sub(_or_end, either)
            plans.append(
                _Plan(
                    NationalReading(region, code),
                    frozenset(lengths),
                    looked_through,
                    re.compile(either, re.ASCII),
                    re.compile(beginning, re.ASCII),
                )
            )
    return tuple(plans)


def _or_end(match: re.Match[str]) -> str:
    """Let a digit of a pattern be missing where the digits are at their end."""
    return match[0] if match[1] is None else f"(?:{match[1]}|\\Z)"


_TELLING: Final = 4
"""So many digits leave few countries of two hundred."""
_NOBODY: Final[frozenset[NationalReading]] = frozenset()
_DIGIT: Final = re.compile(r"\{[^}]*\}|(\[[^]]*\]|\\d|[0-9])")
