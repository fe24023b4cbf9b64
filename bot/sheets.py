"""A table as people send it: its sheets, their rows, and what a cell says.

A cell keeps its kind, so that it can be written back as it was: a number stays a number, a date a date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple, TypeAlias

MOST_CELLS: Final = 8_000_000
"""Of one file. So many take about a gigabyte while they are read, which is what a child process has."""
MOST_COLUMNS: Final = 16_000
"""A sheet has 16,384, and the result adds a few."""

Plain: TypeAlias = str | int | float | bool | datetime | date | time | timedelta
GENERAL: Final = "General"


class ErrorText(str):
    """What a spreadsheet shows where it could not compute: ``#N/A``."""

    __slots__ = ()


class Shown(NamedTuple):
    """A value that is shown in a way of its own: a date, a share in percent, a number with leading zeros."""

    value: Plain
    number_format: str


Cell: TypeAlias = Plain | Shown | None
Row: TypeAlias = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. The row that a spreadsheet calls 1 stands first; empty cells at the end of a row are left out."""

    name: str
    """Empty where the file has none, as a CSV."""
    rows: tuple[Row, ...]
    hidden: bool = False

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max(map(len, self.rows), default=0)


class TableTooLarge(Exception):
    """The table has more cells or columns than can be read."""


class NotATable(Exception):
    """The file says that it is a table, and is none."""


class NoPhone(str):
    """What a cell says that is surely no phone number: a date, a sum."""

    __slots__ = ()


def gather(rows: Iterable[Iterable[Cell]], room: int = MOST_CELLS) -> tuple[tuple[Row, ...], int]:
    """Put rows together, without what is empty at their ends; give also how many more cells there is room for.

    Raises:
        TableTooLarge: there is not that much room, or a row is too wide.
    """
    gathered = []
    for row in rows:
        cells = trimmed(tuple(row))
        room -= len(cells) + 1
        if room < 0 or len(cells) > MOST_COLUMNS:
            raise TableTooLarge
        gathered.append(cells)
    while gathered and not gathered[-1]:
        gathered.pop()
    return tuple(gathered), room


def trimmed(row: Row) -> Row:
    """Leave out the empty cells at the end of a row."""
    end = len(row)
    while end and (row[end - 1] is None or row[end - 1] == ""):
        end -= 1
    return row if end == len(row) else row[:end]


def value_of(cell: Cell) -> Plain | None:
    """Give a cell's value, however it is shown."""
    return cell.value if isinstance(cell, Shown) else cell


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell) -> str:
    """Say in one text what a cell says; ``NoPhone`` where that cannot be a phone number."""
    value = value_of(cell)
    if value is None:
        return ""
    if isinstance(value, ErrorText):
        return NoPhone(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return NoPhone(str(value).upper())
    if isinstance(value, float) and not value.is_integer():  # also infinity and what is no number
        return NoPhone(repr(value))
    if isinstance(value, int | float):
        digits = str(int(value))
        zeros = cell.number_format if isinstance(cell, Shown) else ""
        # 0171234567 may be kept as 171234567 that is shown with ten digits.
        return digits.zfill(len(zeros)) if zeros and set(zeros) == {"0"} and value >= 0 else digits
    return NoPhone(value)
