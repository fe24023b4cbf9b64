"""Numbering plans compiled: phonenumbers' rules for digits, answered many times as fast as by the library itself.

The library goes through every kind of number of every region of a code, pattern by pattern, and compiles them again and
again, since they are more than ``re`` remembers. Here the same metadata become one pattern for each calling code and
length, whose groups tell the region. What the rules leave open, such as very short digits, is read by the library.
`tests/bot/test_numbering.py` compares the two, and notices when an update of the library changes an answer.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple, TypeAlias

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberDesc, ValidationResult

from bot.dialling import LONGEST_IDD, LONGEST_NATIONAL, Dialling, by_length, dialling
from bot.number_list import Invalid, Reason
from bot.phone_library import MOST_DIGITS, POSSIBLE_REASONS, ZERO_BELONGS, Found, by_library, country_of

_FEWEST_FOR_RULES = 4
"""Fewer digits are read by the library: for them it has rules of their own."""
_CODE_LENGTH = 3
"""So many digits tell the calling code: none is longer, and none is the beginning of another."""
_SHORTEST_NATIONAL = 2


_Match: TypeAlias = Callable[[str, int], re.Match[str] | None]


class _Rule(NamedTuple):
    """What holds for the numbers of a calling code that have so many digits."""

    match: _Match
    """Of the whole of them, from their national part on."""
    start: int
    regions: tuple[str | None, ...]
    """By the group that has matched: whose number it is; None where it is nobody's, "" where more has to be asked."""
    otherwise: Invalid | None
    """Where nothing matches; None where that has to be asked too."""
    code: int
    """The calling code, 0 where there is none."""


def region_of(sent: str) -> str | None:
    """Give the region of a valid number in E.164; None for anything else, which may be a number yet.

    Args:
        sent: A plus, and whatever follows it.
    """
    length = len(sent)
    if length > MOST_DIGITS + 1:
        return None
    match, start, regions, _, _ = _rules[sent[1:4]][length]
    found = match(sent, start)
    return None if found is None else regions[found.lastindex or 0] or None


def international(digits: str) -> Found | Invalid:
    """Read digits that begin with a country code; no plus before them."""
    if not _FEWEST_FOR_RULES <= len(digits) <= MOST_DIGITS:
        # A few countries write their 0 in brackets after the code; the parser takes it out.
        return by_library(f"+{digits}", None) if len(digits) <= MOST_DIGITS + 2 else Invalid(Reason.TOO_LONG)
    sent = f"+{digits}"
    match, start, regions, otherwise, code = _rules[digits[:_CODE_LENGTH]][len(sent)]
    found = match(sent, start)
    region = None if found is None else regions[found.lastindex or 0]
    if region:
        return Found(sent, region, code)
    if otherwise is not None and region is None:
        return otherwise
    return _plan(code).read(sent[start:], None)


def national(digits: str, region: str) -> Found | Invalid:
    """Read digits as they are dialled in a region, with or without its national prefix or its own country code."""
    if len(digits) > MOST_DIGITS + LONGEST_IDD:
        return Invalid(Reason.TOO_LONG, region)
    home = dialling(region)
    if home is None or len(digits) < _FEWEST_FOR_RULES:
        return by_library(digits, region)
    abroad = home.after_idd(digits)
    if abroad is not None:
        plan = _plan_of(abroad)
        if plan is None or len(abroad) <= _SHORTEST_NATIONAL:
            short = len(abroad) <= _SHORTEST_NATIONAL
            return Invalid(Reason.TOO_SHORT if short else Reason.NO_SUCH_COUNTRY_CODE, region)
        return plan.read(abroad[len(str(plan.code)) :], region)
    plan = _plan(home.code)
    inside = home.without_code(digits)
    if inside is not None:
        return plan.read(inside, region)
    return plan.read(digits, region, home)


class _Plan:
    """The numbers of one calling code."""

    def __init__(self, code: int) -> None:
        self.code = code
        self.metadata = [_metadata(code, region) for region in COUNTRY_CODE_TO_REGION_CODE[code]]
        self.main: str = COUNTRY_CODE_TO_REGION_CODE[code][0]
        self.region = Dialling(self.metadata[0])
        self.inside = _Lengths(lambda length: self._rule(length, 0))
        prefix = self.region.prefix
        # As the first of the alternatives it catches the digits of which a national prefix may have to be taken away.
        self.prefixed = "" if prefix is None else f"(?:{_GROUP.sub('(?:', prefix.pattern)})[0-9]*()"

    def rules(self) -> "_Lengths":
        """Give the rules by the length of a number in E.164, with its plus."""
        start = 1 + len(str(self.code))
        return _Lengths(lambda length: self._rule(length - start, start))

    def read(self, digits: str, asked: str | None, dialled: Dialling | None = None) -> Found | Invalid:
        """Read what follows the code; ``asked`` is the region in which it was dialled, ``dialled`` its own rules."""
        if len(digits) < _SHORTEST_NATIONAL:
            return Invalid(Reason.TOO_SHORT, asked)
        digits = (dialled or self.region).significant(digits)
        if not _SHORTEST_NATIONAL <= len(digits) <= LONGEST_NATIONAL:
            return Invalid(Reason.TOO_SHORT if len(digits) < _SHORTEST_NATIONAL else Reason.TOO_LONG, asked)
        match, _, regions, _, _ = self.inside[len(digits)]
        found = match(digits, 0)
        region = None if found is None else regions[found.lastindex or 0]
        if region:
            return Found(f"+{self.code}{digits}", region, self.code)
        return self._why(digits, asked)

    def _why(self, digits: str, asked: str | None) -> Invalid:
        if asked is None or phonenumbers.country_code_for_region(asked) != self.code:
            asked = country_of(self.code)
        reason = self._reason(len(digits))
        if asked in ZERO_BELONGS and digits[0] != "0" and reason is not Reason.TOO_LONG:
            with_zero = international(f"{self.code}0{digits}")
            if isinstance(with_zero, Found):
                return Invalid(Reason.DAMAGED, asked)
        return Invalid(reason, asked)

    def _reason(self, length: int) -> Reason:
        general = self.metadata[0].general_desc
        result = by_length(general, general, length)
        if result == ValidationResult.INVALID_LENGTH:  # between two lengths, of which one may be that of rare services
            result = by_length(self.metadata[0].mobile, general, length)
        return POSSIBLE_REASONS.get(result, Reason.NOT_VALID_IN_COUNTRY)

    def _rule(self, length: int, start: int) -> _Rule:
        """Compile the rule for national parts of a length; with a start also for the prefix that may be there."""
        if length < _SHORTEST_NATIONAL:
            return _Rule(_never, start, (), Invalid(Reason.TOO_SHORT), self.code)
        alternatives: list[str] = []
        regions: list[str | None] = [None]
        if start and self.prefixed:
            alternatives.append(self.prefixed)
            regions.append("")
        for pattern, region in self._alternatives(length):
            alternatives.append(pattern)
            regions.append(region)
        asks = self.main in ZERO_BELONGS
        otherwise = None if asks else Invalid(self._reason(length), country_of(self.code))
        if not alternatives:
            return _Rule(_never, start, (), otherwise, self.code)
        return _Rule(
            re.compile("|".join(alternatives), re.ASCII).fullmatch, start, tuple(regions), otherwise, self.code
        )

    def _alternatives(self, length: int) -> Iterator[tuple[str, str | None]]:
        """Give patterns, each with one group, in the order in which the library asks the regions."""
        for metadata in self.metadata:
            valid = _valid(metadata, length)
            if len(self.metadata) > 1 and metadata.leading_digits:
                # Whose digits begin so is decided, valid or not.
                first = f"(?={metadata.leading_digits})"
                if valid:
                    yield f"{first}{valid}()", metadata.id
                yield f"{first}[0-9]*()", None
            elif valid:
                yield f"{valid}()", metadata.id


class _Lengths(dict[int, _Rule]):
    """Rules by length, each made when it is first needed."""

    def __init__(self, make: Callable[[int], _Rule]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, length: int) -> _Rule:
        rule = self[length] = self.make(length)
        return rule


class _Codes(dict[str, _Lengths]):
    """The rules of a calling code, by the first three digits of its numbers."""

    def __missing__(self, first: str) -> _Lengths:
        plan = _plan_of(first)
        if plan is not None:
            rules = self[first] = plan.rules()
            return rules
        nobody = _Lengths(lambda _length: _Rule(_never, 1, (), Invalid(Reason.NO_SUCH_COUNTRY_CODE), 0))
        if len(first) == _CODE_LENGTH and first.isascii() and first.isdigit():
            self[first] = nobody
        return nobody


@cache
def _plan(code: int) -> _Plan:
    return _Plan(code)


def _plan_of(digits: str) -> _Plan | None:
    """Find the plan of digits that begin with a calling code."""
    if digits[:1] == "0":
        return None
    for length in range(1, _CODE_LENGTH + 1):
        first = digits[:length]
        if len(first) == length and first.isdecimal() and int(first) in COUNTRY_CODE_TO_REGION_CODE:
            return _plan(int(first))
    return None


def _metadata(code: int, region: str) -> PhoneMetadata:
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if metadata is None:
        raise LookupError(f"phonenumbers has no metadata for +{code} {region}")
    return metadata


def _kinds(metadata: PhoneMetadata) -> Iterator[PhoneNumberDesc | None]:
    """Give the kinds of numbers that make one valid; those that most numbers are first."""
    if not metadata.same_mobile_and_fixed_line_pattern:
        yield metadata.mobile
    yield from (metadata.fixed_line, metadata.toll_free, metadata.premium_rate, metadata.shared_cost, metadata.voip)
    yield from (metadata.personal_number, metadata.pager, metadata.uan, metadata.voicemail)


def _valid(metadata: PhoneMetadata, length: int) -> str | None:
    """Give a pattern for the valid numbers of a length; None where there are none."""
    general = _pattern(metadata.general_desc, length)
    kinds = dict.fromkeys(filter(None, (_pattern(kind, length) for kind in _kinds(metadata))))
    if general is None or not kinds:
        return None
    return f"(?=(?:{general})\\Z)(?:{'|'.join(kinds)})"


def _pattern(kind: PhoneNumberDesc | None, length: int) -> str | None:
    if kind is None or not kind.national_number_pattern:
        return None
    lengths = kind.possible_length
    return _GROUP.sub("(?:", kind.national_number_pattern) if not lengths or length in lengths else None


def _never(_digits: str, _start: int) -> None:
    return None


_GROUP = re.compile(r"\((?!\?)")
_rules = _Codes()
