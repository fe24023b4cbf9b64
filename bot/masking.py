"""Hiding phone numbers in what a whole group reads: ``+7 912 ***-**-67``.

The files hold the numbers; a group's messages are read over shoulders, searched, and forwarded.
"""

import re
import unicodedata

FIRST, LAST, HIDDEN = 4, 2, 4
"""So many digits are left at the beginning and at the end at most, and so many are hidden at least."""
PART_DIGITS = 5
"""A piece of a list with so many digits may be a part of a number."""
NUMBER_DIGITS = 7
"""The shortest phone numbers (ITU-T E.164 knows no shorter ones with a country code)."""
_BETWEEN = r"\s.,()\[\]_/+|\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060\u2212\ufeff-"
_RUN = re.compile(rf"\d(?:[{_BETWEEN}]{{0,4}}\d)+")
_DATE = re.compile(
    r"(?<!\d)(?:20[0-4]\d([-._/]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0[1-9]|[12]\d|3[01])([-._/]?)(?:0[1-9]|1[0-2])\2?20[0-4]\d)(?!\d)"
)
"""A day of this age, as files are named by: ``2026-11-23``, ``20261123``, ``23.11.2026``."""


def mask_piece(text: str) -> str:
    """Hide what may be a number, or a part of one, in a piece of a list."""
    return _RUN.sub(lambda run: _masked(run.group(), PART_DIGITS), text)


def mask_name(text: str) -> str:
    """Hide phone numbers in the name of a file or a person, or in words of somebody else; days stay."""
    said, at = [], 0
    for day in _DATE.finditer(text):
        said += [_hidden_in(text[at : day.start()]), day.group()]
        at = day.end()
    return "".join([*said, _hidden_in(text[at:])])


def _hidden_in(text: str) -> str:
    return _RUN.sub(lambda run: _masked(run.group(), NUMBER_DIGITS), text)


def _masked(run: str, fewest: int) -> str:
    """Hide the middle of a run of digits, of whatever script, that has as many as that."""
    places = [at for at, char in enumerate(run) if unicodedata.decimal(char, None) is not None]
    count = len(places)
    if count < fewest:
        return run
    last = LAST if count - LAST >= HIDDEN else 0
    first = min(FIRST, max(count - last - HIDDEN, 0))
    hidden = frozenset(places[first : count - last])
    return "".join("*" if at in hidden else char for at, char in enumerate(run))
