"""Dates and times that each reader sees in their own zone: the entity date_time, ``<tg-time unix= format=>`` in HTML.

What is taken and how it is written back is what TDLib and the Bot API server do with it
(https://core.telegram.org/bots/api#date-time-entity-formatting).
"""

import re
from typing import Any

RELATIVE = "r"
MOST_SECONDS = 2**31
STYLES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})


def date_format(given: str, *, last: bool = False) -> str | None:
    """Give the format as Telegram writes it back: "r", or w, then d or D, then t or T; None for one it does not know.

    Of two precisions the short one wins; in an explicit entity the ``last``.
    """
    if given in {"r", "R"}:
        return RELATIVE
    if not re.fullmatch(r"[tTdDwW]*", given):
        return None
    shown = "w" if "w" in given.lower() else ""
    for pair in ("dD", "tT"):
        found = [letter for letter in given if letter in pair]
        shown += (found[-1] if last else max(found)) if found else ""
    return shown


def unix_time(given: str) -> int:
    """Read the leading digits, as TDLib does, in 32 bits; 0 where there are none."""
    match = re.match(r"-?\d+", given, re.ASCII)
    number = int(match.group()) if match else 0
    return (number + MOST_SECONDS) % (2 * MOST_SECONDS) - MOST_SECONDS


def around_dates(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put down what Telegram keeps of entities that meet a date: no style inside it, and no date inside a link or code.

    Only where there is a date: other entities that meet are left as they are.
    """
    dates = [one for one in entities if one["type"] == "date_time"]
    others = [one for one in entities if one["type"] not in {"date_time"} | STYLES | QUOTES]
    quotes = [one for one in entities if one["type"] in QUOTES]
    kept = [date for date in dates if not any(_first(one, date) for one in others)]
    left: list[dict[str, Any]] = []
    for one in entities:
        if one["type"] in STYLES:
            left += _cut_out(one, kept)
        elif one in kept if one["type"] == "date_time" else one in quotes or not any(_meet(one, date) for date in kept):
            left.append(one)
    return left


def _end(one: dict[str, Any]) -> int:
    return int(one["offset"] + one["length"])


def _meet(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["offset"] < _end(other) and other["offset"] < _end(one))


def _first(one: dict[str, Any], date: dict[str, Any]) -> bool:
    """Whether the two meet and the one that is no date stays: it begins earlier, or is the longer one."""
    return _meet(one, date) and (one["offset"], -one["length"]) <= (date["offset"], -date["length"])


def _cut_out(style: dict[str, Any], dates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    pieces, begin = [], style["offset"]
    for date in sorted((date for date in dates if _meet(style, date)), key=lambda date: int(date["offset"])):
        pieces.append((begin, date["offset"]))
        begin = _end(date)
    pieces.append((begin, _end(style)))
    return [{**style, "offset": start, "length": end - start} for start, end in pieces if end > start]
