"""How numbers are dialled in a region: with which prefixes, and how many digits they have."""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from phonenumbers import PhoneMetadata, PhoneNumberDesc, ValidationResult

LONGEST_IDD: Final = 4
"""An international prefix has up to four digits."""
LONGEST_NATIONAL: Final = 17
"""The library reads no longer national number."""


@cache
def dialling(region: str) -> "Dialling | None":
    """Give how numbers are dialled in a region; None for an unknown one."""
    metadata = PhoneMetadata.metadata_for_region(region)
    return None if metadata is None else Dialling(metadata)


class Dialling:
    """How digits are dialled in a region, or in the main one of several that share a code."""

    def __init__(self, metadata: PhoneMetadata) -> None:
        self.code: int = metadata.country_code or 0
        self.is_viable = _whole(metadata.general_desc)
        prefix = metadata.national_prefix_for_parsing
        self.prefix = re.compile(prefix, re.ASCII) if prefix else None
        self.transform: str | None = metadata.national_prefix_transform_rule
        idd = metadata.international_prefix
        self.idd = re.compile(idd, re.ASCII) if idd else None
        self.lengths = {
            length: by_length(metadata.general_desc, metadata.general_desc, length)
            for length in range(LONGEST_NATIONAL + LONGEST_IDD)
        }

    def after_idd(self, digits: str) -> str | None:
        """Give what follows the international prefix, if one is there."""
        found = None if self.idd is None else self.idd.match(digits)
        if found is None or digits[found.end() : found.end() + 1] == "0":
            return None
        return digits[found.end() :]

    def without_code(self, digits: str) -> str | None:
        """Give what follows the region's own code, if it is there and not the beginning of a national number."""
        code = str(self.code)
        if not digits.startswith(code):
            return None
        rest = self.without_prefix(digits[len(code) :])
        better = not self.is_viable(digits) and self.is_viable(rest)
        return rest if better or self.lengths[len(digits)] == ValidationResult.TOO_LONG else None

    def without_prefix(self, digits: str) -> str:
        """Take the national prefix away, unless only with it this could be a number."""
        found = None if self.prefix is None else self.prefix.match(digits)
        if found is None or self.prefix is None:
            return digits
        groups = found.groups()
        if self.transform and groups[-1] is not None:
            rest = self.prefix.sub(self.transform, digits, count=1)
        else:
            rest = digits[found.end() :]
        return digits if self.is_viable(digits) and not self.is_viable(rest) else rest

    def significant(self, digits: str) -> str:
        """Give the digits that are dialled from abroad."""
        rest = self.without_prefix(digits)
        return digits if self.lengths.get(len(rest), ValidationResult.TOO_LONG) in _NOT_WHOLE else rest


def by_length(kind: PhoneNumberDesc | None, general: PhoneNumberDesc | None, length: int) -> int:
    """Say what the number of digits alone says: as ``_test_number_length`` of the library."""
    if kind is None or general is None:
        return ValidationResult.INVALID_LENGTH
    possible = kind.possible_length or general.possible_length
    if length in kind.possible_length_local_only:
        return ValidationResult.IS_POSSIBLE_LOCAL_ONLY
    if length < possible[0]:
        return ValidationResult.TOO_SHORT
    if length > possible[-1]:
        return ValidationResult.TOO_LONG
    return ValidationResult.IS_POSSIBLE if length in possible else ValidationResult.INVALID_LENGTH


def _whole(kind: PhoneNumberDesc | None) -> Callable[[str], object]:
    """Tell whether digits fit the pattern of a kind, whatever their number."""
    pattern = None if kind is None else kind.national_number_pattern
    return re.compile(pattern, re.ASCII).fullmatch if pattern else lambda _digits: None


_NOT_WHOLE = frozenset(
    {ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY, ValidationResult.INVALID_LENGTH}
)
