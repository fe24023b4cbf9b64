"""What reading a list gives: its numbers, and the lines that are none, each with the reason."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


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


TEXT_LIMIT = 200
"""So much of a rejected line, or of a number as sent, is kept: people recognise it, and a hostile line stays small."""


@dataclass(frozen=True, slots=True)
class NumberList:
    """A list as it was understood. Valid numbers are distinct and stand in the order of their first appearance."""

    valid: tuple[Number, ...] = ()
    repeated: int = 0
    """How many times a number was seen again, in whatever form."""
    rejected: tuple[Rejected, ...] = ()
    problem: Problem | None = None

    @property
    def without_country(self) -> int:
        """How many could be numbers if the country were known."""
        return sum(piece.reason is Reason.NEEDS_COUNTRY for piece in self.rejected)

    @property
    def countries(self) -> tuple[tuple[str, int], ...]:
        """Regions and how many valid numbers each has, most first; equals by name."""
        counts = Counter(number.region for number in self.valid)
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
