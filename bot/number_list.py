"""What reading a list gives: its numbers, and the lines that are none, each with the reason."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, overload


class Reason(StrEnum):
    """Why is this line not a number?"""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_SUCH_COUNTRY_CODE = "no_such_country_code"
    NOT_VALID_IN_COUNTRY = "not_valid_in_country"
    NEEDS_COUNTRY = "needs_country"
    """It may be a number, but of which country nobody said."""
    DAMAGED = "damaged"
    """A spreadsheet has rounded it, or has taken its leading zero."""
    NOT_A_NUMBER = "not_a_number"


class Problem(StrEnum):
    """Why is there no list at all?"""

    EMPTY = "empty"
    NOT_TEXT = "not_text"


@dataclass(frozen=True, slots=True)
class Number:
    """A valid number, where it first stood in the list."""

    e164: str
    region: str
    """ISO country, or "001" for numbers that belong to none."""
    line: int
    """Counted from 1, through all messages of the list."""
    as_sent: str
    """The number as the person wrote it, without the words around it."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A piece of the list that is not a number."""

    line: int
    text: str
    """As sent, cut to ``TEXT_LIMIT`` characters."""
    reason: Reason
    region: str | None = None
    """Whose rules it breaks, where that is known."""


class Invalid(NamedTuple):
    """Not a valid number, why, and by whose rules where that is known."""

    reason: Reason
    region: str | None = None


TEXT_LIMIT = 200
"""So much of a rejected line, or of a number as sent, is kept: people recognise it, and a hostile line stays small."""


class Numbers(Sequence[Number]):
    """Valid numbers in columns; as objects a million of them would take many times the memory."""

    __slots__ = ("as_sent", "e164", "lines", "regions")

    def __init__(
        self,
        e164: list[str] | None = None,
        regions: list[str] | None = None,
        lines: "array[int] | None" = None,
        as_sent: list[str | None] | None = None,
    ) -> None:
        """Take the columns, all of one length; what was sent is None where it is the number in E.164."""
        self.e164 = e164 if e164 is not None else []
        self.regions = regions if regions is not None else []
        self.lines = lines if lines is not None else array("I")
        self.as_sent = as_sent if as_sent is not None else []

    @classmethod
    def of(cls, numbers: Iterable[Number]) -> "Numbers":
        """Put numbers into columns, unless they are in some."""
        if isinstance(numbers, Numbers):
            return numbers
        columns = cls()
        for number in numbers:
            columns.e164.append(number.e164)
            columns.regions.append(number.region)
            columns.lines.append(number.line)
            columns.as_sent.append(None if number.as_sent == number.e164 else number.as_sent)
        return columns

    def __len__(self) -> int:
        return len(self.e164)

    def __iter__(self) -> Iterator[Number]:
        for e164, region, line, sent in zip(self.e164, self.regions, self.lines, self.as_sent, strict=True):
            yield Number(e164, region, line, e164 if sent is None else sent)

    @overload
    def __getitem__(self, place: int) -> Number: ...
    @overload
    def __getitem__(self, place: slice) -> "Numbers": ...
    def __getitem__(self, place: int | slice) -> "Number | Numbers":
        if isinstance(place, slice):
            return Numbers(self.e164[place], self.regions[place], self.lines[place], self.as_sent[place])
        e164, sent = self.e164[place], self.as_sent[place]
        return Number(e164, self.regions[place], self.lines[place], e164 if sent is None else sent)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # they can be changed

    def __repr__(self) -> str:
        return f"Numbers.of({list(self)!r})"


class Rejections(Sequence[Rejected]):
    """Rejected pieces in columns, for the same reason."""

    __slots__ = ("lines", "texts", "why")

    def __init__(
        self,
        lines: "array[int] | None" = None,
        texts: list[str] | None = None,
        why: list[Invalid] | None = None,
    ) -> None:
        """Take the columns, all of one length."""
        self.lines = lines if lines is not None else array("I")
        self.texts = texts if texts is not None else []
        self.why = why if why is not None else []

    @classmethod
    def of(cls, rejected: Iterable[Rejected]) -> "Rejections":
        """Put rejected pieces into columns, unless they are in some."""
        if isinstance(rejected, Rejections):
            return rejected
        columns = cls()
        for piece in rejected:
            columns.add(piece.line, piece.text, Invalid(piece.reason, piece.region))
        return columns

    def add(self, line: int, text: str, why: Invalid) -> None:
        """Add a piece; the same object for the same reason takes its memory once."""
        self.lines.append(line)
        self.texts.append(text)
        self.why.append(why)

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[Rejected]:
        for line, text, why in zip(self.lines, self.texts, self.why, strict=True):
            yield Rejected(line, text, why.reason, why.region)

    @overload
    def __getitem__(self, place: int) -> Rejected: ...
    @overload
    def __getitem__(self, place: slice) -> "Rejections": ...
    def __getitem__(self, place: int | slice) -> "Rejected | Rejections":
        if isinstance(place, slice):
            return Rejections(self.lines[place], self.texts[place], self.why[place])
        return Rejected(self.lines[place], self.texts[place], *self.why[place])

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # they can be changed

    def __repr__(self) -> str:
        return f"Rejections.of({list(self)!r})"


@dataclass(frozen=True, slots=True)
class NumberList:
    """A list as it was understood. Valid numbers are distinct and stand in the order of their first appearance."""

    valid: Sequence[Number] = ()
    repeated: int = 0
    """How many times a number was seen again, in whatever form."""
    rejected: Sequence[Rejected] = ()
    problem: Problem | None = None

    @property
    def without_country(self) -> int:
        """How many could be numbers if the country were known."""
        return sum(why.reason is Reason.NEEDS_COUNTRY for why in Rejections.of(self.rejected).why)

    @property
    def countries(self) -> tuple[tuple[str, int], ...]:
        """Regions and how many valid numbers each has, most first; equals by name."""
        counts = Counter(Numbers.of(self.valid).regions)
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
