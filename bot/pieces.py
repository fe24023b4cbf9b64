"""How people write numbers: one line of text -> the pieces of it that may be phone numbers.

Nothing here knows whether a number is valid. Every pattern passes over the line once and no two of its parts can take
the same characters, so the work grows with the line and not faster.
"""

import re
import unicodedata
from array import array
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from bot.runs import split_run

FEWEST_DIGITS = 5
"""Fewer digits are never a phone."""


class Piece(NamedTuple):
    """A stretch of a line that may be a phone number."""

    text: str
    """As it was sent."""
    digits: str
    """ASCII digits, without the plus or the 00."""
    plus: bool = False
    """A country code was written: a plus or 00 stood before it."""
    marked: bool = False
    """It is written as only phones are: with a plus, 00, brackets or a leading 0."""
    code: str | None = None
    """Digits at the front that stand apart, so that they are the country code if there is one; "" if it is none."""
    grouped: bool = False
    """Its digits stand in three groups or more, as nobody writes an order number."""
    damaged: bool = False
    """A spreadsheet has written it with an exponent, or as hash signs."""


class Line(NamedTuple):
    """A line, and the pieces it falls into."""

    pieces: tuple[Piece, ...] = ()
    blank: bool = False
    """Nothing but spaces and separators."""
    plain: bool = False
    """No words: digits, and what people put between and around them."""


_Shape: TypeAlias = tuple[int, int, bool, bool, int | None, bool]
"""Where a number begins and ends in its line, whether it has a plus, is marked, how long its code is, if grouped."""


def read_line(sent: str) -> Line:
    """Find what may be phone numbers in one line."""
    piece = only_piece(sent)
    return _read_line(sent) if piece is None else Line((piece,), plain=True)


def only_piece(sent: str) -> Piece | None:
    """Give the one piece of a line that is nothing but a number as most are written; None for any other line.

    Digits with signs between them are read as any other line of their shape was. A large list has few shapes, such as
    "+1 111 111-11-11", and how a line of one of them is cut is found out once.
    """
    simple = _SIMPLE.fullmatch(sent)
    if simple is not None:
        plus, digits = simple.groups()
        if plus:
            return Piece(plus + digits, digits, plus=True, marked=True)
        if digits.startswith(_ZEROS):
            return Piece(digits, digits[2:], plus=True, marked=True)
        return Piece(digits, digits, marked=digits[0] == "0")
    shape = sent.translate(_ONES)
    known = _SHAPES.get(shape)
    if known is None:
        if _SHAPE.fullmatch(shape) is None:
            return None
        if len(_SHAPES) >= _MOST_SHAPES:
            _SHAPES.clear()
        known = _SHAPES[shape] = _shape_of(shape)
    digits = sent.translate(_NO_SIGNS)
    if not known or (_ZEROS in digits and (digits.startswith(_ZEROS) or _DOUBLE_ZERO.search(sent) is not None)):
        return None
    start, end, plus, marked, code, grouped = known
    marked = marked or digits[0] == "0"
    return Piece(sent[start:end], digits, plus, marked, None if code is None else digits[:code], grouped)


def _shape_of(shape: str) -> _Shape | tuple[()]:
    """Say how the one number of a line of this shape stands in it; nothing where it is not one, or not by its shape."""
    line = _read_line(shape)
    if _DATED.search(shape) is not None or not line.plain or len(line.pieces) != 1:
        return ()
    piece = line.pieces[0]
    if len(piece.digits) != shape.count("1"):
        return ()
    start, code = shape.index(piece.text), piece.code
    return start, start + len(piece.text), piece.plus, piece.marked, None if code is None else len(code), piece.grouped


def _read_line(sent: str) -> Line:
    tidy, places = _tidy(sent)
    if not tidy.strip(_NOTHING):
        return Line(blank=True)
    found = []
    for start, end, piece in _pieces(tidy):
        text = sent[start:end] if places is None else sent[places[start] : places[end - 1] + 1]
        found.append(piece._replace(text=text.lstrip("/")))
    return Line(tuple(found), plain=_WORD.search(tidy) is None)


def digits_of(text: str) -> str:
    """Give the digits of a piece as ASCII."""
    return "".join(filter(str.isdigit, _tidy(text)[0]))


def looks_like_list(text: str) -> bool:
    """Tell whether a message could hold a phone number at all: five digits of any script, or an exponent."""
    digits = 0
    for character in text:
        if character.isdecimal():
            digits += 1
            if digits == FEWEST_DIGITS:
                return True
    return digits > 0 and _EXPONENT.search(_tidy(text)[0]) is not None


def _pieces(line: str) -> list[tuple[int, int, Piece]]:
    found: list[tuple[int, int, Piece]] = []
    if _WORD.search(line) is not None:
        line = _take_exponents(line, found)
        line = _LINK.sub(_phone_of_link, line)
    found.extend((*match.span(), Piece("", "", damaged=True)) for match in _HASHES.finditer(line))
    line = _EXTENSION.sub(_blank, line)
    line = _FLOAT.sub(_without_fraction, line)
    words = _WORD.search(line) is not None
    for run in _RUN.finditer(line):
        if run.end() - run.start() < FEWEST_DIGITS or _is_money(line, run):
            continue
        for start, end in split_run(run[0], words=words):
            at, to = run.start() + start, run.start() + end
            if not _stuck(line, at, to):
                found.append((at, to, _piece(line[at:to], "")))
    found.sort(key=lambda item: item[0])
    return [item for item in found if item[2].damaged or len(item[2].digits) >= FEWEST_DIGITS]


def _piece(written: str, text: str) -> Piece:
    groups = _DIGITS.findall(written)
    digits = "".join(groups)
    plus = written.lstrip("([ ").startswith("+")
    if plus:
        return Piece(text, digits, plus=True, marked=True)
    if digits.startswith("00"):
        return Piece(text, digits[2:], plus=True, marked=True)
    bracket = written.find("(")
    code = None
    if bracket >= 0:
        code = "".join(_DIGITS.findall(written[:bracket]))
    elif len(groups) > 1 == len(groups[0]):
        code = groups[0]
    marked = bracket >= 0 or digits.startswith("0")
    return Piece(text, digits, marked=marked, code=code, grouped=len(groups) >= _GROUPS and len(digits) >= _GROUPED)


def _take_exponents(line: str, found: list[tuple[int, int, Piece]]) -> str:
    def take(match: re.Match[str]) -> str:
        whole, fraction, exponent = match[1], match[2] or "", int(match[3])
        if not _SMALLEST_EXPONENT <= exponent <= _LARGEST_EXPONENT:
            return match[0]
        # All digits are there only if the last one written is that of the ones. One digit fewer may be a zero at the
        # end that was not written, or a digit that was rounded away; nobody can know.
        exact = len(whole) == 1 and len(fraction) == exponent
        piece = Piece("", whole + fraction) if exact else Piece("", whole + fraction, damaged=True)
        found.append((*match.span(), piece))
        return _blank(match)

    return _EXPONENT.sub(take, line)


def _phone_of_link(match: re.Match[str]) -> str:
    phone = _LINKED_PHONE.search(match[0])
    if phone is None:
        return _blank(match)
    start, end = phone.span(1)
    # One character before it becomes the plus: in a link the country code is always there.
    return " " * (start - 1) + "+" + phone[1] + " " * (len(match[0]) - end)


def _without_fraction(match: re.Match[str]) -> str:
    return match[1] + " " * len(match[2])


def _is_money(line: str, run: re.Match[str]) -> bool:
    before = line[max(0, run.start() - 2) : run.start()]
    return _MONEY_BEFORE.search(before) is not None or _MONEY_AFTER.match(line, run.end()) is not None


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _stuck(line: str, start: int, end: int) -> bool:
    """Tell whether letters touch the digits, as in article numbers, hashes, e-mail addresses, "8O"."""
    before, after = line[start - 1 : start], line[end : end + 1]
    if after and (after.isalnum() or after in "_@%"):
        return True
    if not before or line[start] == "+":
        return False
    if before.isalpha():
        return _PHONE_WORD.search(line[max(0, start - 12) : start]) is None
    # "1-800-FLOWERS" ends where the letters begin; "4:30" and "a_1" are no phones either.
    return before in "_@" or (before == ":" and line[start - 2 : start - 1].isdigit())


class _Tidying(dict[int, str | None]):
    """One character to one tidy character, or to none; remembers what it has seen."""

    def __missing__(self, code: int) -> str | None:
        tidy = self[code] = _tidy_character(chr(code))
        return tidy


def _tidy_character(character: str) -> str | None:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    # Zero-width and direction marks, and what turns a digit into a key of a keyboard.
    if category in {"Cf", "Mn", "Me"}:
        return None
    if category == "Zs":
        return " "
    if category == "Pd" or character == "\u2212":
        return "-"
    if category == "No":
        return " "  # a footnote is not part of the number
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


_TIDYING = _Tidying()


def _tidy(sent: str) -> tuple[str, Sequence[int] | None]:
    """Give the line in plain characters, and where each came from unless all stayed in their places."""
    if sent.isascii():
        return sent, None
    tidy = sent.translate(_TIDYING)
    if len(tidy) == len(sent):
        return tidy, None
    return tidy, array("I", (place for place, character in enumerate(sent) if _TIDYING[ord(character)] is not None))


_SIMPLE = re.compile(r"[ \t]*(\+?)([0-9]{7,15})[ \t]*")
_SHAPES: dict[str, _Shape | tuple[()]] = {}
_MOST_SHAPES = 4096
_ONES = str.maketrans("0123456789", "1" * 10)
_NO_SIGNS = str.maketrans("", "", " ()+-./")
_SHAPE = re.compile(r"[-+()./ 1]{1,40}")
_DATED = re.compile(
    r"(?<![-1])(?:11?\.11?\.(?:11){1,2}|11?([-/])11?(?:\1)1111|1111([-./])11?(?:\2)11?)(?![-1])|1{7}\.11?(?!1)"
)
"""What may be a date or a number with a fraction: that is told by the digits."""
_ZEROS = "00"
_DOUBLE_ZERO = re.compile(r"(?<![0-9])00")
"""At the front of a group it may stand for a plus."""
_RUN = re.compile(r"[+(\[0-9][-+()\[\]./ 0-9]*")
_DIGITS = re.compile(r"[0-9]+")
_WORD = re.compile(r"[^\W\d_]")
_NOTHING = " \t,;|\"'\u00ab\u00bb"
_HASHES = re.compile(r"(?<![^\s,;|\"'])#{4,}(?![^\s,;|\"'])")
_EXPONENT = re.compile(r"(?<![\w.,])\+?([0-9]{1,3})(?:[.,]([0-9]{1,15}))?[eE\u0415\u0435]\+?([0-9]{1,2})(?!\w)")
_SMALLEST_EXPONENT, _LARGEST_EXPONENT = 6, 15
_FLOAT = re.compile(r"(?<![0-9.,])([0-9]{7,15})([.,]0{1,2})(?![0-9])")
_EXTENSION = re.compile(
    r"(?<=[0-9)])[ ,;.]{0,3}(?:ext(?:ension|n)?|доб(?:ав(?:очный)?)?|вн(?:утр(?:енний)?)?|[xх#])[ .:=№]{0,3}"
    r"[0-9]{1,7}(?![0-9])",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:https?://|tg://|www\.|\bt\.me/|\btelegram\.me/|\bwa\.me/|\bapi\.whatsapp\.com/|\bviber://)[^\s,;<>\"']*",
    re.IGNORECASE,
)
_LINKED_PHONE = re.compile(
    r"(?:t\.me/\+|telegram\.me/\+|wa\.me/\+?|phone=(?:\+|%2B)?|number=(?:\+|%2B)?)([0-9]{7,15})(?![\w-])", re.IGNORECASE
)
_MONEY_BEFORE = re.compile(r"[$€£₽₸₴₹][ ]?$")
_MONEY_AFTER = re.compile(r"[ ]?(?:[$€£₽₸₴₹]|руб|usd|eur|rub|kzt)", re.IGNORECASE)
_GROUPS, _GROUPED = 3, 9
_PHONE_WORD = re.compile(r"(?<![^\W\d_])(?:tel|phone|mob|cell|fax|p|t|m|тел|телефон|моб|сот|т|м|ф)$", re.IGNORECASE)
