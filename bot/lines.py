"""One line of a list -> the pieces of it, and what each is: a number, perhaps a number, or why it is none."""

from typing import Final, NamedTuple, TypeAlias

from bot.number_list import Invalid, Reason
from bot.numbering import international, national
from bot.phone_library import MOST_DIGITS, Found
from bot.pieces import Line, Piece
from bot.plans import FEWEST_DIGITS, dials_zero, rivals


class Waiting(NamedTuple):
    """Digits that are a number if they begin with a country code; the whole list decides."""

    digits: str
    read: Found | Invalid
    """How they read with a plus before them."""
    otherwise: Invalid
    """What is wrong with them if they do not begin with a country code."""


Outcome: TypeAlias = Found | Invalid | Waiting
Said: TypeAlias = tuple[str, bool, Outcome]
"""A piece as it was sent, whether its country code was written out, and what it is."""

_TOO_SHORT: Final = Invalid(Reason.TOO_SHORT)
_NEEDS_COUNTRY: Final = Invalid(Reason.NEEDS_COUNTRY)
_RUSSIA: Final = 7
_RUSSIAN_LENGTH: Final = 11


def said_in(sent: str, line: Line, home: str | None) -> list[Said]:
    """Say what the pieces of a line are. What is no phone beside one that is, such as an order number, is left out.

    Args:
        sent: The line as it was sent; not a blank one.
        line: What may be phone numbers in it.
        home: The country of the numbers without a country code.
    """
    if line.plain and len(line.pieces) == 1:
        piece = line.pieces[0]
        return [(piece.text, piece.plus, outcome_of(piece, home)[0])]
    read = [(piece, *outcome_of(piece, home)) for piece in line.pieces]
    forms = {_form(piece, outcome) for piece, outcome, is_marked in read if is_marked and _may_be_number(outcome)}
    kept = []
    for piece, outcome, is_marked in read:
        # "+79123456789, 79123456780" are two numbers; "+79123456789, 7707083893" are a number and something else.
        if forms and not is_marked and not _is_phone_too(piece, outcome, forms, plain=line.plain):
            continue
        kept.append((piece.text, piece.plus, outcome))
    if not line.plain and any(_may_be_number(outcome) for *_, outcome in kept):
        kept = [said for said in kept if _may_be_number(said[2]) or _is_damage(said[2])]
    if kept and (line.plain or any(_may_be_number(outcome) for *_, outcome in kept)):
        return kept
    text = sent.strip()
    if not kept:
        short = line.plain and 0 < sum(character.isdecimal() for character in text) < FEWEST_DIGITS
        return [(text, False, Invalid(Reason.TOO_SHORT if short else Reason.NOT_A_NUMBER))]
    # Words, and digits among them that are no number: one rejected line, for what is wrong with most of the digits.
    return [(text, False, max(kept, key=lambda said: len(said[0]))[2])]


def _may_be_number(outcome: Outcome) -> bool:
    if isinstance(outcome, Waiting):
        return isinstance(outcome.read, Found) or outcome.otherwise.reason is Reason.NEEDS_COUNTRY
    return isinstance(outcome, Found) or outcome.reason is Reason.NEEDS_COUNTRY


def _is_damage(outcome: Outcome) -> bool:
    return isinstance(outcome, Invalid) and outcome.reason is Reason.DAMAGED


def _is_phone_too(piece: Piece, outcome: Outcome, forms: set[tuple[int, int] | None], *, plain: bool) -> bool:
    """Tell whether unmarked digits on the line of a marked phone are a phone: by their groups, or by being alike."""
    if piece.grouped and (isinstance(outcome, Found) or (plain and _may_be_number(outcome))):
        return True
    form = _form(piece, outcome)
    return plain and form is not None and form in forms


def _form(piece: Piece, outcome: Outcome) -> tuple[int, int] | None:
    """Give the country calling code and how many digits were written, if the code is known."""
    read = outcome.read if isinstance(outcome, Waiting) else outcome
    if isinstance(read, Found):
        return read.code, len(piece.digits)
    return (_RUSSIA, _RUSSIAN_LENGTH) if _is_russian_form(piece.digits) else None


def _is_russian_form(digits: str) -> bool:
    """Tell whether this is 8 and ten digits, the national form of Russia and Kazakhstan."""
    return len(digits) == _RUSSIAN_LENGTH and digits[0] == "8"


def outcome_of(piece: Piece, home: str | None) -> tuple[Outcome, bool]:
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
        read = _NEEDS_COUNTRY
    otherwise = _without_country(digits, read)
    prefixed = _is_russian_form(digits) and (
        isinstance(read, Invalid) or any(other.calling_code == _RUSSIA for other in rivals(digits))
    )
    if digits[0] == "0" or (isinstance(read, Invalid) and otherwise.reason is not Reason.NEEDS_COUNTRY):
        return otherwise, piece.marked
    return Waiting(digits, read, otherwise), piece.marked or prefixed


def _outcome_at_home(piece: Piece, home: str) -> tuple[Outcome, bool]:
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
        return Waiting(digits, read, at_home), piece.marked
    if digits[0] == "0" and isinstance(international(digits[1:]), Found) and not dials_zero(home):
        # 00 49 ... that has lost one of its zeros: in this country no number is written with a 0.
        return Invalid(Reason.DAMAGED), piece.marked
    return at_home, piece.marked


def _without_country(digits: str, read: Found | Invalid) -> Invalid:
    """Say why digits are not read that are not sure to begin with a country code."""
    if len(digits) < FEWEST_DIGITS:
        return _TOO_SHORT
    if isinstance(read, Invalid) and len(digits) >= _RUSSIAN_LENGTH and digits[0] != "0" and not rivals(digits):
        return read
    return _NEEDS_COUNTRY
