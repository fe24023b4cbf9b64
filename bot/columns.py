"""Which column of a table holds the numbers and which the verdicts."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.cells import Verdict, number_in, verdict_in
from bot.tables import Row

SAMPLE_ROWS: Final = 1000
"""How many rows are looked at to tell the columns."""
MOST_COLUMNS: Final = 64
"""Columns beyond this are not looked at."""

_NUMBER_NAMES: Final = frozenset({"number", "numbers", "phone", "phones", "phonenumber", "mobile", "msisdn", "e164"})
_VERDICT_NAMES: Final = ("telegram", "activated", "registered", "tg", "istelegram", "hastelegram")
_KNOWN_NAMES: Final = _NUMBER_NAMES.union(_VERDICT_NAMES)
_PERHAPS_VERDICT: Final = frozenset(
    {"", "active", "isactive", "isactivated", "isregistered", "status", "state", "result", "verdict", "value", "exists"}
)
"""Headings under which a yes or no is taken for the verdict when no better column is there. A column headed by anything
else, such as `valid` or `premium`, answers another question."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where to look in every row, counted from 0; without verdicts the table is a bare list of numbers."""

    number: int
    verdict: int | None


def find_columns(sample: Sequence[Row], sent: Container[int]) -> Columns | None:
    """Tell the columns from the first rows of a table; None when it cannot be told.

    The numbers are where numbers that were sent stand; where there are none, in the one column headed so. The verdicts
    are in the column headed `telegram` or `activated`; where no heading says it, in the only column of yes and no.
    """
    heads, body = _split(sample, sent)
    width = min(MOST_COLUMNS, max(map(len, sample), default=0))
    names = [_name(head) for head in islice(heads, width)]
    names += [""] * (width - len(names))
    number = _number_column(names, body, sent)
    if number is None:
        return None
    verdict = _named_verdict(names, body, number)
    if verdict is None:
        verdict = _only_verdict(names, body, number)
    return Columns(number, verdict)


def _split(sample: Sequence[Row], sent: Container[int]) -> tuple[Row, Sequence[Row]]:
    """The heads, and the rows under them. Above the heads there may be a title, under them a row that is broken."""
    first = next(
        (place for place, row in enumerate(sample) if any(number_in(cell) in sent for cell in row[:MOST_COLUMNS])), None
    )
    if first is None:
        first = next((place for place, row in enumerate(sample) if _holds_number(row)), 1)
    above = [place for place in range(min(first, len(sample))) if not _holds_number(sample[place])]
    heads = [place for place in above if not _KNOWN_NAMES.isdisjoint(map(_name, sample[place][:MOST_COLUMNS]))]
    place = next(iter(heads or above[-1:]), None)
    return ((), sample) if place is None else (sample[place], sample[place + 1 :])


def _holds_number(row: Row) -> bool:
    return any(number_in(cell) is not None for cell in row[:MOST_COLUMNS])


def _name(head: object) -> str:
    return re.sub(r"[\W_]+", "", str(head or "")[:100]).casefold()


def _number_column(names: Sequence[str], body: Sequence[Row], sent: Container[int]) -> int | None:
    returned = [sum(number_in(cell) in sent for cell in _column(body, place)) for place in range(len(names))]
    named = [name in _NUMBER_NAMES for name in names]
    if any(returned):
        # Two columns may both hold the number; the heading decides, then the order.
        return max(range(len(names)), key=lambda place: (returned[place], named[place], -place))
    if named.count(True) == 1:
        return named.index(True)
    numbers = [sum(number_in(cell) is not None for cell in _column(body, place)) for place in range(len(names))]
    holding = [place for place, count in enumerate(numbers) if count]
    return holding[0] if len(holding) == 1 else None


def _named_verdict(names: Sequence[str], body: Sequence[Row], number: int) -> int | None:
    candidates = [names.index(name) for name in _VERDICT_NAMES if names.count(name) == 1]
    candidates = [place for place in candidates if place != number]
    for place in candidates:
        if any(verdict_in(cell) is not Verdict.UNDETERMINED for cell in _column(body, place)):
            return place
    return candidates[0] if candidates else None


def _only_verdict(names: Sequence[str], body: Sequence[Row], number: int) -> int | None:
    places = []
    for place, name in enumerate(names):
        cells = [cell for cell in _column(body, place) if cell not in {None, ""}]
        clear = sum(verdict_in(cell) is not Verdict.UNDETERMINED for cell in cells)
        # Not every cell need be clear: a few may hold a word for undetermined.
        if place != number and clear and clear * 2 >= len(cells):
            places.append((place, name))
    if len(places) == 1 and places[0][1] in _PERHAPS_VERDICT:
        return places[0][0]
    return None


def _column(body: Sequence[Row], place: int) -> list[object]:
    return [row[place] for row in body if place < len(row)]
