"""What is known of a list's numbers before it is checked: the snapshot that preview, press, submit and result go by.

A snapshot has one letter for each number of the list, in its order: ``y`` and ``n`` are known, ``u`` was undetermined
and ``-`` was never found here. The last two are new: the API is asked about them.
"""

import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import compress

from bot.packing import lines_of

UNKNOWN = "-"
CLEAR = frozenset("yn")
"""An undetermined number is no answer, so it is new."""
DAY_SECONDS = 86_400
DAY = "H"
"""How a day is kept: in two bytes, which last until the year 2149."""
MOST_DAYS = 30
"""What was found earlier says little about who has an account today."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of each number of a list, and since which day."""

    codes: str
    days: "array[int]"
    """For each number the day it was found, in days since 1970 (UTC); 0 where nothing is known."""

    @property
    def count(self) -> int:
        """How many numbers have a clear answer."""
        return self.codes.count("y") + self.codes.count("n")

    @property
    def news(self) -> Iterator[bool]:
        """Say of each number whether it is new."""
        return (code not in CLEAR for code in self.codes)

    def pack(self) -> tuple[bytes, bytes]:
        """Give codes and days as the database keeps them."""
        return zlib.compress(self.codes.encode("ascii")), zlib.compress(_in_order(self.days).tobytes())

    @classmethod
    def unpack(cls, codes: bytes, days: bytes) -> "Known":
        """Read what ``pack`` has made.

        Raises:
            ValueError, zlib.error: it is something else.
        """
        counted = array(DAY, zlib.decompress(days))
        return cls(zlib.decompress(codes).decode("ascii"), _in_order(counted))


def days_known(retention_days: int) -> int:
    """Say for how many days what was found counts: for as long as it is kept, and never for long."""
    return min(retention_days, MOST_DAYS)


def day_of(at: float) -> int:
    """Give the day of a time, in days since 1970 (UTC)."""
    return int(at // DAY_SECONDS)


def date_of(day: int) -> date:
    """Name a day."""
    return datetime.fromtimestamp(day * DAY_SECONDS, UTC).date()


def asked(known: Known, *, only_new: bool) -> list[bool]:
    """Say of each number of the list whether the API is asked about it."""
    return list(known.news) if only_new else [True] * len(known.codes)


def new_numbers(numbers: bytes, known: Known) -> bytes:
    """Give the new ones of a list's packed numbers as the file that the checking API is sent: one a line."""
    return b"".join(number + b"\n" for number in compress(lines_of(numbers), known.news))


def merge(known: Known, found: str, day: int, *, only_new: bool) -> Known:
    """Put what was found on this day into what was known: the result of the whole list.

    Args:
        known: The snapshot that was sent by.
        found: A letter for each number that was sent, in the list's order: y, n or u.
        day: When it was found.
        only_new: Only the new ones were sent.

    Raises:
        ValueError: There is not one letter for each number that was sent.
    """
    if not only_new and len(found) == len(known.codes):
        return Known(found, array(DAY, [day]) * len(found))
    sent, letters = asked(known, only_new=only_new), iter(found)
    if sum(sent) != len(found):
        raise ValueError("not one verdict for each number that was sent")
    codes = "".join(next(letters) if was_sent else code for was_sent, code in zip(sent, known.codes, strict=True))
    days = array(DAY, (day if was_sent else at for was_sent, at in zip(sent, known.days, strict=True)))
    return Known(codes, days)


def found_now(known: Known | None, codes: str, *, only_new: bool) -> str:
    """Give the verdicts that were just found out of those of the whole list."""
    return "".join(compress(codes, known.news)) if known is not None and only_new else codes


def dated(known: Known | None, codes: str, day: int, *, only_new: bool) -> Known:
    """Say of each number of a result when it was found: on this day, or before where it was not sent."""
    before = known or nothing_known(len(codes))
    return merge(before, found_now(before, codes, only_new=only_new), day, only_new=only_new)


def same_answers(before: Known | None, now: Known | None) -> bool:
    """Say whether two snapshots of a list know the same of it."""
    return _clear(before) == _clear(now)


def changed(before: str, now: str, *, old: str, new: str) -> Iterator[bool]:
    """Say of each number whether it was the one before and is the other now."""
    return ((was, is_now) == (old, new) for was, is_now in zip(before, now, strict=True))


def changes(before: str, now: str) -> tuple[int, int]:
    """Count the numbers that are newly on Telegram, and those that no longer are."""
    return sum(changed(before, now, old="n", new="y")), sum(changed(before, now, old="y", new="n"))


def without_places(known: Known, stays: Sequence[bool]) -> Known:
    """Leave out the numbers that do not stay."""
    return Known("".join(compress(known.codes, stays)), array(DAY, compress(known.days, stays)))


def nothing_known(count: int) -> Known:
    """Give the snapshot of a list of which nothing is known."""
    return Known(UNKNOWN * count, array(DAY, [0]) * count)


def checked_dates(known: Known) -> Iterable[date]:
    """Name for each number of a result the day it was found."""
    named = {day: date_of(day) for day in set(known.days)}
    return (named[day] for day in known.days)


def _clear(known: Known | None) -> str:
    return "" if known is None or not known.count else known.codes.replace("u", UNKNOWN)


def _in_order(days: "array[int]") -> "array[int]":
    """Turn the days between this machine's order of bytes and the stored one, the low byte first."""
    turned = days[:]
    if sys.byteorder == "big":
        turned.byteswap()
    return turned
