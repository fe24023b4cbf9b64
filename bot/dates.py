"""Days and months as people write them: ``3.11``, ``3 Nov``, ``2026-11-03``, ``ноябрь``. All days are days of UTC."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from babel import Locale

from bot.texts import LANGUAGES

SHORTEST_MONTH = 3
"""``мая``, ``Jun``: fewer letters are no month."""
YEARS_BACK = 8
"""The 29th of February is no further away."""
CENTURY = 2000
RELATIVE = {"today": 0, "сегодня": 0, "yesterday": 1, "вчера": 1}

_ISO = re.compile(r"(20\d\d)-(\d{1,2})(?:-(\d{1,2}))?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(20\d\d|\d\d))?\.?")
_DOTTED_MONTH = re.compile(r"(\d{1,2})\.(20\d\d)")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})\s+)?([^\W\d_]+)\.?(?:,?\s+(20\d\d))?(?:\s+г\.?)?")
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:,?\s+(20\d\d))?")


@dataclass(frozen=True, slots=True)
class Period:
    """A day, or a month."""

    first: date
    after: date
    """The day after its last."""

    @property
    def is_day(self) -> bool:
        """Say whether it is one day."""
        return self.after - self.first == timedelta(days=1)

    @property
    def begins(self) -> float:
        """Give its first moment (seconds since 1970)."""
        return datetime(self.first.year, self.first.month, self.first.day, tzinfo=UTC).timestamp()

    @property
    def ends(self) -> float:
        """Give the first moment after it (seconds since 1970)."""
        return datetime(self.after.year, self.after.month, self.after.day, tzinfo=UTC).timestamp()


def period_named(text: str, now: float) -> Period | None:
    """Find the day or month that a person means; None where the text names none.

    Args:
        text: What they wrote, in any of our languages. Without a year it is the latest such day that is not to come.
        now: Seconds since 1970.
    """
    today, said = datetime.fromtimestamp(now, UTC).date(), " ".join(text.casefold().split())
    if said in RELATIVE:
        day = today - timedelta(days=RELATIVE[said])
        return Period(day, day + timedelta(days=1))
    return next((found for found in (_period(*parts, today) for parts in _readings(said)) if found is not None), None)


def _readings(said: str) -> Iterator[tuple[int | None, int, int | None]]:
    """Give the ways to read it as year, month and day."""
    if match := _ISO.fullmatch(said):
        yield int(match[1]), int(match[2]), _number(match[3])
    if match := _DOTTED.fullmatch(said):
        year = _number(match[3])
        yield year if year is None or year >= CENTURY else CENTURY + year, int(match[2]), int(match[1])
    if match := _DOTTED_MONTH.fullmatch(said):
        yield int(match[2]), int(match[1]), None
    if (match := _DAY_FIRST.fullmatch(said)) and (month := _month(match[2])):
        yield _number(match[3]), month, _number(match[1])
    if (match := _MONTH_FIRST.fullmatch(said)) and (month := _month(match[1])):
        yield _number(match[3]), month, int(match[2])


def _period(year: int | None, month: int, day: int | None, today: date) -> Period | None:
    years = range(today.year, today.year - YEARS_BACK - 1, -1) if year is None else (year,)
    for one in years:
        try:
            first = date(one, month, day or 1)
        except ValueError:
            continue
        if year is None and first > today:
            continue
        next_month = date(one + month // 12, month % 12 + 1, 1)
        return Period(first, next_month if day is None else first + timedelta(days=1))
    return None


def _month(word: str) -> int | None:
    if len(word) < SHORTEST_MONTH:
        return None
    return next((month for name, month in _MONTHS.items() if name.startswith(word)), None)


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _months() -> Mapping[str, int]:
    """Map the names of months to their numbers, as they stand alone and beside a day."""
    return {
        str(name).casefold(): month
        for language in LANGUAGES
        for form in ("stand-alone", "format")
        for month, name in Locale(language).months[form]["wide"].items()
    }


_MONTHS = _months()
