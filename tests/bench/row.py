"""A line of the benchmark's table, and the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEADS: Final = ("what", "this program", "beside", "ratio", "wanted", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement."""

    what: str
    ours: str
    """What this program needs or does, with its unit."""
    beside: str = ""
    """The other one's name and figure, in the same unit."""
    ratio: float | None = None
    """How many times better ours is."""
    wanted: str = ""
    """What has to be reached, in words."""
    is_kept: bool | None = None
    """Whether that is so; None where nothing is wanted."""


def as_table(rows: Sequence[Row]) -> str:
    """Set the rows under their heads."""
    cells = [HEADS, *map(_cells, rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(HEADS))]
    ruled = [cells[0], tuple("-" * width for width in widths), *cells[1:]]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in ruled
    )


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.3g}x"
    kept = {True: "ok", False: "MISSED", None: ""}[row.is_kept]
    return row.what, row.ours, row.beside, ratio, row.wanted, kept
