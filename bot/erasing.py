"""Taking one number out of everything that is kept of a list."""

import json
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

import phonenumbers

from bot.blanking import is_in_table, is_table, table_without, workbook_without
from bot.decoding import decode
from bot.known import Known, without_places
from bot.list_parts import Part
from bot.number_list import Number, NumberList
from bot.packing import PackedList, Reading, pack, submission, unpack

LEAST_DIGITS = 6
"""Fewer digits than this stand in half of all texts: then only the whole number counts."""
_NO_DIGITS = re.compile(r"\D+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The number that is to go: E.164, and the digits that people write of it at home."""

    e164: str
    national: str

    @classmethod
    def of(cls, number: Number) -> "Wanted":
        """Name the number that is to go."""
        return cls(number.e164, phonenumbers.national_significant_number(phonenumbers.parse(number.e164)))

    def is_in(self, text: str) -> bool:
        """Say whether a line of a text holds the number, however it is written: its digits, of any script, in order."""
        digits = self.national if len(self.national) >= LEAST_DIGITS else self.e164[1:]
        return any(digits in _digits(line) for line in text.splitlines())


@dataclass(frozen=True, slots=True)
class Erased:
    """What is kept of a list when the number is gone."""

    numbers: NumberList
    packed: PackedList
    codes: str | None
    """One letter a number: the verdicts, where there are any."""
    known: Known | None
    """What was known of the numbers when the list was read."""
    contents: tuple[bytes | None, ...]
    """What its messages say now: it can be read again. A list without tables is one text in the first of them, which
    says what they said; None for a message that says nothing any more."""


def erase(  # noqa: PLR0913  (all that is kept of a list)
    wanted: Wanted,
    packed: PackedList | None,
    codes: str | None,
    parts: Sequence[Part],
    more: Iterable[str],
    *,
    repeated: int,
    known: Known | None = None,
) -> Erased | None:
    """Take the number out of a list; None where it is nowhere in it.

    Args:
        wanted: The number.
        packed: The list as it was read, if it was.
        codes: Its verdicts, if there are any.
        parts: What its messages say, as they came; nothing for those that say nothing any more.
        more: Whatever else may hold the number: the list's name, the API's own words.
        repeated: The count of repeated numbers, for the workbook.
        known: What was known of its numbers when it was read, if anything was.
    """
    if not _is_on(wanted, packed, parts, more):
        return None
    numbers = NumberList() if packed is None else unpack(packed, repeated=repeated)
    stays = [number.e164 != wanted.e164 for number in numbers.valid]
    left = NumberList(
        tuple(number for number, stay in zip(numbers.valid, stays, strict=True) if stay),
        repeated,
        tuple(one for one in numbers.rejected if not wanted.is_in(one.text)),
    )
    if codes is not None:
        codes = "".join(code for code, stay in zip(codes, stays, strict=True) if stay)
    snapshot = None if known is None else without_places(known, stays)
    return Erased(left, pack(left), codes, snapshot, tuple(_contents(wanted, left, parts)))


def _contents(wanted: Wanted, left: NumberList, parts: Sequence[Part]) -> Iterator[bytes | None]:
    if any(map(is_table, parts)):
        for part in parts:
            is_cells = bool(part.data) and is_table(part)
            yield table_without(part, wanted.is_in) if is_cells else _lines_without(wanted, part.data)
        return
    lines = (*(number.e164 for number in left.valid), *(one.text for one in left.rejected))
    yield "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
    yield from (None for _ in parts[1:])


def _lines_without(wanted: Wanted, content: bytes) -> bytes | None:
    lines = (line for line in (decode(content) or "").splitlines() if not wanted.is_in(line))
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace") or None


def table_result(workbook: bytes, wanted: Wanted) -> bytes:
    """Take the number out of the workbook of a list that came as a table: its rows are kept nowhere else for sure."""
    return workbook_without(workbook, wanted.e164, wanted.is_in)


def without(reading: Reading, wanted: Wanted) -> Reading:
    """Take the number out of what a preview quotes; the counts stay."""
    return replace(
        reading,
        first_rejected=tuple(one for one in reading.first_rejected if not wanted.is_in(one.text)),
        tables=tuple(table for table in reading.tables if not holds(asdict(table), wanted)),
    )


def holds(told: object, wanted: Wanted) -> bool:
    """Say whether anything that was told, JSON of any shape, holds the number in one of its texts."""
    if isinstance(told, str):
        return wanted.is_in(told)
    if isinstance(told, dict):
        return any(holds(one, wanted) for one in told.values())
    return isinstance(told, list | tuple) and any(holds(one, wanted) for one in told)


def _is_on(wanted: Wanted, packed: PackedList | None, parts: Iterable[Part], more: Iterable[str]) -> bool:
    if packed is not None:
        if f"\n{wanted.e164}\n".encode() in b"\n" + submission(packed):
            return True
        if wanted.is_in(_pieces(zlib.decompress(packed.rejected).decode())):
            return True
    return any(map(wanted.is_in, more)) or any(_is_in_part(wanted, part) for part in parts)


def _is_in_part(wanted: Wanted, part: Part) -> bool:
    return is_in_table(part, wanted.is_in) if is_table(part) else wanted.is_in(decode(part.data) or "")


def _pieces(rejected: str) -> str:
    """Give the pieces alone, one a line: their line numbers are digits as well."""
    return "\n".join(json.loads(line)[1] for line in rejected.split("\n")[:-1])


def _digits(line: str) -> str:
    digits = _NO_DIGITS.sub("", line)
    return digits if digits.isascii() else "".join(str(unicodedata.digit(sign)) for sign in digits)
