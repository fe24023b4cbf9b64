"""A list in its packed form, as the database keeps it and processes hand it over, and the small account of it."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, islice
from typing import Any, Final, NamedTuple, TypeVar

from bot.number_list import Number, NumberList, Numbers, Problem, Reason, Rejected, Rejections

_COUNTRIES_SHOWN = 8
_REJECTED_SHOWN = 5
_TABLES_SHOWN = 3
_Value = TypeVar("_Value")
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
BLOCK_BYTES = 1 << 16
"""How much of a part is unpacked at a time."""
LEVEL: Final = 1
"""How hard zlib tries."""
SUMMED_BYTES: Final = 16
"""So much of each number's hash is added up."""
BLOCK_NUMBERS = 4096
"""How many numbers share a line of the details."""


class Block(NamedTuple):
    """Numbers of a list that follow one another: for each the same place in every column."""

    numbers: list[str]
    """In E.164."""
    regions: list[str]
    lines: list[int]
    as_sent: list[str]


@dataclass(frozen=True, slots=True)
class PackedList:
    """A list as three zlib-compressed UTF-8 texts, each of lines that end in a line feed."""

    numbers: bytes
    """E.164, one a line: just what the checking API is sent."""
    details: bytes
    """For each block of numbers, in the same order, a JSON array of three: the regions, the lines, the numbers as sent.

    What was sent in E.164 is null. In blocks it is written and read many times as fast as number by number.
    """
    rejected: bytes
    """For each rejected piece a JSON array: line, text, reason, region or null."""


def pack(numbers: NumberList) -> PackedList:
    """Pack the numbers and the rejected pieces; the count of repeated numbers and the problem are kept elsewhere."""
    valid, rejected = Numbers.of(numbers.valid), Rejections.of(numbers.rejected)
    return PackedList(
        numbers=_compressed("\n".join(block) for block in _blocks(valid.e164)),
        details=_compressed(map(_ENCODE, _details(valid))),
        rejected=_compressed("\n".join(map(_ENCODE, block)) for block in _rejected(rejected)),
    )


def unpack(packed: PackedList, *, repeated: int = 0) -> NumberList:
    """Give back the list that was packed.

    Raises:
        ValueError, zlib.error: the parts are not what ``pack`` has made.
    """
    valid = chain.from_iterable(map(Number, *block) for block in blocks_of(packed))
    return NumberList(tuple(valid), repeated, tuple(rejected_of(packed)))


def blocks_of(packed: PackedList) -> Iterator[Block]:
    """Give the numbers block by block, without holding the whole list.

    Raises:
        ValueError, zlib.error: the parts are not what ``pack`` has made.
    """
    numbers = lines_of(packed.numbers)
    for regions, lines, as_sent in map(json.loads, lines_of(packed.details)):
        block = [number.decode() for number in islice(numbers, len(regions))]
        said = [number if one is None else one for number, one in zip(block, as_sent, strict=True)]
        if not len(block) == len(regions) == len(lines):
            raise ValueError("the numbers and their details are not of one list")
        yield Block(block, regions, lines, said)
    if next(numbers, None) is not None:
        raise ValueError("there are numbers without details")


def regions_of(packed: PackedList) -> Iterator[str]:
    """Give the region of each number, in the order of the numbers.

    Raises:
        ValueError, zlib.error: the details are not what ``pack`` has made.
    """
    return chain.from_iterable(json.loads(line)[0] for line in lines_of(packed.details))


def lines_of(part: bytes) -> Iterator[bytes]:
    """Give the lines of a part one by one. It is unpacked in blocks: of a large list never more than one is at hand.

    Raises:
        zlib.error: the part is not what ``pack`` has made.
    """
    unpacking, rest = zlib.decompressobj(), part
    begun = b""
    while rest:
        *whole, begun = (begun + unpacking.decompress(rest, BLOCK_BYTES)).split(b"\n")
        rest = unpacking.unconsumed_tail
        yield from whole


def combined(packed: PackedList) -> bytes:
    """Put all numbers together into a few bytes: the same for the same numbers in any order, empty for none.

    Their hashes are added up, which needs neither all of them at once nor a sort. Who has the sum of a short list can
    find its numbers by trying: it is not to be kept (``ListKey.digest`` is).
    """
    total, count = 0, 0
    for number in lines_of(packed.numbers):
        total += int.from_bytes(hashlib.blake2b(number, digest_size=SUMMED_BYTES).digest())
        count += 1
    return b"%d:%d" % (total, count) if count else b""


def rejected_of(packed: PackedList) -> Iterator[Rejected]:
    """Give what was rejected, piece by piece, without holding the whole list.

    Raises:
        ValueError, zlib.error: the part is not what ``pack`` has made.
    """
    for piece in lines_of(packed.rejected):
        line, text, reason, region = json.loads(piece)
        yield Rejected(line, text, Reason(reason), region)


def submission(packed: PackedList) -> bytes:
    """Give the file that the checking API is sent: E.164, one a line."""
    return zlib.decompress(packed.numbers)


@dataclass(frozen=True, slots=True)
class Offered:
    """A column of a table that may hold the numbers. Parts of the list, sheets and columns are counted from 0."""

    part: int
    sheet: int
    column: int
    head: str
    """What the table calls it; empty where it has no heads."""
    sheet_name: str
    """Empty where the file has one sheet only."""
    count: int
    """How many of its cells look like phone numbers, or about so many where the table is large."""

    @property
    def word(self) -> str:
        """Name it in a button."""
        return f"{self.part}.{self.sheet}.{self.column}"


@dataclass(frozen=True, slots=True)
class TableRead:
    """What the preview says about a table."""

    rows: int
    """Without what stands above the numbers, and without empty ones."""
    chosen: Offered | None
    """The column that was read; None where it is contacts, or where no column looks like numbers."""
    others: tuple[Offered, ...] = ()
    """The columns that a person may choose in its place, the most likely first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the preview says about a list: small whatever the list, and kept with the job as JSON."""

    valid: int = 0
    repeated: int = 0
    rejected: int = 0
    without_country: int = 0
    countries: tuple[tuple[str, int], ...] = ()
    """The regions with the most numbers, most first."""
    country_count: int = 0
    first_rejected: tuple[Rejected, ...] = ()
    """The first few, leaving out those that only need a country."""
    likely: tuple[str, ...] = ()
    """Regions to offer when the country is asked, best first."""
    problem: Problem | None = None
    tables: tuple[TableRead, ...] = ()
    """The first of the list's tables that have a column to choose."""
    has_rows: bool = False
    """Something of the list is a table or contacts: the result gives its rows back."""

    def to_json(self) -> str:
        """Write it as one JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Reading":
        """Read what ``to_json`` has written.

        Raises:
            ValueError, KeyError, TypeError: it is something else.
        """
        stored = json.loads(text)
        return cls(
            valid=stored["valid"],
            repeated=stored["repeated"],
            rejected=stored["rejected"],
            without_country=stored["without_country"],
            countries=tuple((region, count) for region, count in stored["countries"]),
            country_count=stored["country_count"],
            first_rejected=tuple(
                Rejected(piece["line"], piece["text"], Reason(piece["reason"]), piece["region"])
                for piece in stored["first_rejected"]
            ),
            likely=tuple(stored["likely"]),
            problem=None if stored["problem"] is None else Problem(stored["problem"]),
            tables=tuple(_table(table) for table in stored.get("tables", ())),
            has_rows=stored.get("has_rows", False),
        )


def _table(stored: dict[str, Any]) -> TableRead:
    chosen = None if stored["chosen"] is None else Offered(**stored["chosen"])
    return TableRead(stored["rows"], chosen, tuple(Offered(**one) for one in stored["others"]))


def summarise(numbers: NumberList, hints: Sequence[str] = (), tables: Sequence[TableRead] = ()) -> Reading:
    """Say in short what was understood; ``hints`` are regions to think of first when the country is asked."""
    # Imported here: who reads results needs no country's rules, and they take a quarter of its start.
    from bot.likely_regions import likely_regions  # noqa: PLC0415

    countries = numbers.countries
    rejected = Rejections.of(numbers.rejected)
    shown = (place for place, why in enumerate(rejected.why) if why.reason is not Reason.NEEDS_COUNTRY)
    return Reading(
        valid=len(numbers.valid),
        repeated=numbers.repeated,
        rejected=len(numbers.rejected),
        without_country=numbers.without_country,
        countries=countries[:_COUNTRIES_SHOWN],
        country_count=len(countries),
        first_rejected=tuple(rejected[place] for place in islice(shown, _REJECTED_SHOWN)),
        likely=likely_regions(numbers, hints),
        problem=numbers.problem,
        tables=tuple(table for table in tables if table.chosen is not None)[:_TABLES_SHOWN],
        has_rows=bool(tables),
    )


def _blocks(column: list[_Value]) -> Iterator[list[_Value]]:
    for begin in range(0, len(column), BLOCK_NUMBERS):
        yield column[begin : begin + BLOCK_NUMBERS]


def _details(numbers: Numbers) -> Iterator[tuple[list[str], list[int], list[str | None]]]:
    lines = (list(numbers.lines[begin : begin + BLOCK_NUMBERS]) for begin in range(0, len(numbers), BLOCK_NUMBERS))
    return zip(_blocks(numbers.regions), lines, _blocks(numbers.as_sent), strict=True)


def _rejected(rejected: Rejections) -> Iterator[Iterator[tuple[int, str, Reason, str | None]]]:
    for begin in range(0, len(rejected), BLOCK_NUMBERS):
        block = rejected[begin : begin + BLOCK_NUMBERS]
        yield ((line, text, *why) for line, text, why in zip(block.lines, block.texts, block.why, strict=True))


def _compressed(texts: Iterable[str]) -> bytes:
    """Compress texts, each with a line feed after it, without holding them all."""
    # More effort makes a large list's numbers a seventh smaller and takes longer than all of the reading.
    packing = zlib.compressobj(LEVEL)
    packed = [packing.compress(f"{text}\n".encode()) for text in texts]
    return b"".join([*packed, packing.flush()])
