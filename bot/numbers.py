"""Reading lists: texts, bytes, columns of tables -> the valid numbers, the repeated, and what was rejected and why.

Never raises on them.

How people write is in ``pieces``, what countries allow in ``plans``, when digits without a plus are sure in ``bare``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from bot.bare import sure_numbers
from bot.decoding import decode
from bot.likely_regions import likely_regions
from bot.number_list import TEXT_LIMIT, Number, NumberList, Problem, Reason, Rejected
from bot.packing import PackedList, Reading, pack, submission, summarise, unpack
from bot.pieces import Line, Piece, looks_like_list, read_line
from bot.plans import (
    FEWEST_DIGITS,
    MOST_DIGITS,
    Found,
    Invalid,
    dials_zero,
    international,
    known_region,
    national,
    rivals,
)
from bot.sheets import NoPhone

__all__ = [
    "Column",
    "Number",
    "NumberList",
    "PackedList",
    "Problem",
    "Reading",
    "Reason",
    "Rejected",
    "Stood",
    "likely_regions",
    "looks_like_list",
    "pack",
    "read_numbers",
    "read_pieces",
    "submission",
    "summarise",
    "unpack",
]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what its cells say, each with the number of its row. A cell may say several lines."""

    cells: Sequence[tuple[int, str]]


Source: TypeAlias = str | bytes | Column


class Stood(NamedTuple):
    """One piece of a list, where it stood: also a number that was there before."""

    source: int
    line: int
    """In a text counted through all texts of the list; in a table the row."""
    said: str | Rejected
    """The number in E.164, or what was rejected."""
    as_sent: str


@dataclass(frozen=True, slots=True)
class _Bare:
    """Digits that are a number if they begin with a country code; the whole list decides."""

    digits: str
    read: Found | Invalid
    otherwise: Invalid


@dataclass(frozen=True, slots=True)
class _Entry:
    source: int
    line: int
    text: str
    outcome: Found | Invalid | _Bare


def read_numbers(*sources: Source, region: str | None = None) -> NumberList:
    """Read a list.

    Args:
        sources: the messages or files of one list, in order; line numbers run on through those that are text.
        region: ISO country whose numbers may be written without a country code. Without it no country is assumed:
            digits that are not sure to begin with a country code are rejected with ``Reason.NEEDS_COUNTRY``.
    """
    return _read(sources, region, None)


def read_pieces(sources: Sequence[Source], region: str | None = None) -> tuple[NumberList, list[Stood]]:
    """Read a list as ``read_numbers`` does, and say also where each piece of it stood, in order."""
    stood: list[Stood] = []
    return _read(sources, region, stood), stood


def _read(sources: Sequence[Source], region: str | None, stood: list[Stood] | None) -> NumberList:
    home = known_region(region)
    texts: list[str | Column] = []
    for source in sources:
        text = decode(source) if isinstance(source, bytes) else source
        if text is None:
            return NumberList(problem=Problem.NOT_TEXT)
        texts.append(text)
    entries: list[_Entry] = []
    written: list[Found] = []
    bare: dict[str, Found | Invalid] = {}
    blank = True
    for place, line_number, sent in _lines(texts):
        if isinstance(sent, NoPhone):
            blank = False
            entries.append(_Entry(place, line_number, str(sent), Invalid(Reason.NOT_A_NUMBER)))
            continue
        line = read_line(sent)
        if line.blank:
            continue
        blank = False
        for text, outcome in _outcomes(sent, line, home, written):
            if isinstance(outcome, _Bare):
                bare[outcome.digits] = outcome.read
            entries.append(_Entry(place, line_number, text, outcome))
    if blank:
        return NumberList(problem=Problem.EMPTY)
    return _settled(entries, sure_numbers(bare, written) if bare else frozenset(), stood)


def _settled(entries: list[_Entry], sure: frozenset[str], stood: list[Stood] | None) -> NumberList:
    """Put together what is known once the whole list was seen."""
    valid: dict[str, Number] = {}
    repeated = 0
    rejected = []
    for entry in entries:
        outcome = entry.outcome
        if isinstance(outcome, _Bare):
            outcome = outcome.read if outcome.digits in sure else outcome.otherwise
        text = entry.text[:TEXT_LIMIT]
        said: str | Rejected
        if isinstance(outcome, Invalid):
            said = Rejected(entry.line, text, outcome.reason, outcome.region)
            rejected.append(said)
        else:
            said = outcome.e164
            if said in valid:
                repeated += 1
            else:
                valid[said] = Number(said, outcome.region, entry.line, text)
        if stood is not None:
            stood.append(Stood(entry.source, entry.line, said, text))
    return NumberList(tuple(valid.values()), repeated, tuple(rejected))


def _lines(sources: list[str | Column]) -> Iterator[tuple[int, int, str]]:
    number = 0
    for place, source in enumerate(sources):
        if isinstance(source, Column):
            for row, said in source.cells:
                lines = (said,) if isinstance(said, NoPhone) else _clean(said).splitlines()
                yield from ((place, row, line) for line in lines)
            continue
        for line in _clean(source).splitlines():
            number += 1
            yield place, number, line


def _clean(text: str) -> str:
    # A lone half of a surrogate pair cannot be stored or sent.
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _outcomes(
    sent: str, line: Line, home: str | None, written: list[Found]
) -> list[tuple[str, Found | Invalid | _Bare]]:
    """Read one line. What is no phone beside one that is, such as an order number, is not mentioned."""
    read = [(piece, *_outcome(piece, home)) for piece in line.pieces]
    forms = {_form(piece, outcome) for piece, outcome, is_marked in read if is_marked and _may_be_number(outcome)}
    kept = []
    for piece, outcome, is_marked in read:
        # "+79123456789, 79123456780" are two numbers; "+79123456789, 7707083893" are a number and something else.
        if forms and not is_marked and not _is_phone_too(piece, outcome, forms, plain=line.plain):
            continue
        if piece.plus and isinstance(outcome, Found):
            written.append(outcome)
        kept.append((piece.text, outcome))
    if not line.plain and any(_may_be_number(outcome) for _, outcome in kept):
        kept = [(text, outcome) for text, outcome in kept if _may_be_number(outcome) or _is_damage(outcome)]
    if kept and (line.plain or any(_may_be_number(outcome) for _, outcome in kept)):
        return kept
    text = sent.strip()
    if not kept:
        short = line.plain and 0 < sum(character.isdecimal() for character in text) < FEWEST_DIGITS
        return [(text, Invalid(Reason.TOO_SHORT if short else Reason.NOT_A_NUMBER))]
    # Words, and digits among them that are no number: one rejected line, for what is wrong with most of the digits.
    return [(text, max(kept, key=lambda item: len(item[0]))[1])]


def _may_be_number(outcome: Found | Invalid | _Bare) -> bool:
    if isinstance(outcome, _Bare):
        return isinstance(outcome.read, Found) or outcome.otherwise.reason is Reason.NEEDS_COUNTRY
    return isinstance(outcome, Found) or outcome.reason is Reason.NEEDS_COUNTRY


def _is_damage(outcome: Found | Invalid | _Bare) -> bool:
    return isinstance(outcome, Invalid) and outcome.reason is Reason.DAMAGED


def _is_phone_too(
    piece: Piece, outcome: Found | Invalid | _Bare, forms: set[tuple[int, int] | None], *, plain: bool
) -> bool:
    """Tell whether unmarked digits on the line of a marked phone are a phone: by their groups, or by being alike."""
    if piece.grouped and (isinstance(outcome, Found) or (plain and _may_be_number(outcome))):
        return True
    form = _form(piece, outcome)
    return plain and form is not None and form in forms


def _form(piece: Piece, outcome: Found | Invalid | _Bare) -> tuple[int, int] | None:
    """Give the country calling code and how many digits were written, if the code is known."""
    read = outcome.read if isinstance(outcome, _Bare) else outcome
    if isinstance(read, Found):
        return read.code, len(piece.digits)
    return (_RUSSIA, _RUSSIAN_LENGTH) if _is_russian_form(piece.digits) else None


def _is_russian_form(digits: str) -> bool:
    """Tell whether this is 8 and ten digits, the national form of Russia and Kazakhstan."""
    return len(digits) == _RUSSIAN_LENGTH and digits[0] == "8"


def _outcome(piece: Piece, home: str | None) -> tuple[Found | Invalid | _Bare, bool]:
    """Read one piece; tell also whether it is marked as a phone."""
    digits = piece.digits
    if piece.damaged:
        return Invalid(Reason.DAMAGED), False
    if piece.plus:
        outcome = international(digits)
        if isinstance(outcome, Invalid) and home is not None and not piece.text.lstrip("( ").startswith("+"):
            at_home = national("00" + digits, home)
            outcome = at_home if isinstance(at_home, Found) else outcome
        return outcome, True
    if home is not None:
        return _outcome_at_home(piece, home)
    if len(digits) > MOST_DIGITS:
        return Invalid(Reason.TOO_LONG), False
    read = international(digits)
    if piece.code is not None and isinstance(read, Found) and piece.code != str(read.code):
        read = Invalid(Reason.NEEDS_COUNTRY)
    otherwise = _without_country(digits, read)
    prefixed = _is_russian_form(digits) and (
        isinstance(read, Invalid) or any(other.calling_code == _RUSSIA for other in rivals(digits))
    )
    if digits[0] == "0" or (isinstance(read, Invalid) and otherwise.reason is not Reason.NEEDS_COUNTRY):
        return otherwise, piece.marked
    return _Bare(digits, read, otherwise), piece.marked or prefixed


_RUSSIA, _RUSSIAN_LENGTH = 7, 11


def _outcome_at_home(piece: Piece, home: str) -> tuple[Found | Invalid | _Bare, bool]:
    digits = piece.digits
    at_home = national(digits, home)
    if isinstance(at_home, Found):
        if at_home.e164[1:] == digits:
            return at_home, piece.marked
        if not at_home.e164.endswith(digits):
            return at_home, True  # its own code or prefix was there
        if digits.startswith(str(at_home.code)) and not any(other.region == home for other in rivals(digits)):
            # 49171... in Germany: a mobile with its own code, and also a landline, as nearly any digits are there.
            read = international(digits)
            if isinstance(read, Found):
                return read, piece.marked
        return at_home, piece.marked
    read = international(digits)
    if isinstance(read, Found) and piece.code in {None, str(read.code)}:
        return _Bare(digits, read, at_home), piece.marked
    if digits[0] == "0" and isinstance(international(digits[1:]), Found) and not dials_zero(home):
        # 00 49 ... that has lost one of its zeros: in this country no number is written with a 0.
        return Invalid(Reason.DAMAGED), piece.marked
    return at_home, piece.marked


def _without_country(digits: str, read: Found | Invalid) -> Invalid:
    """Say why digits are not read that are not sure to begin with a country code."""
    if len(digits) < FEWEST_DIGITS:
        return Invalid(Reason.TOO_SHORT)
    hopeless = len(digits) >= _RUSSIAN_LENGTH and digits[0] != "0" and isinstance(read, Invalid) and not rivals(digits)
    if hopeless and isinstance(read, Invalid):
        return read
    return Invalid(Reason.NEEDS_COUNTRY)
