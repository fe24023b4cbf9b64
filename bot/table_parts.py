"""A part of a table's result: of its rows those with a number that is meant, all their columns, under the same heads.

They are taken from the workbook that was made of the table: the files it came in need not be read again, and what was
forgotten is in no part either.
"""

import csv
import io
from collections.abc import Container, Iterator
from datetime import datetime, time
from itertools import chain, islice, takewhile
from typing import BinaryIO, Final, NamedTuple

from bot.number_columns import HEAD_ROWS
from bot.parts import harmless
from bot.sheets import Cell, ErrorText, Row, Shown, text_of, value_of
from bot.spreadsheets import stream_sheets
from bot.table_workbook import BETWEEN, COUNTRY, NUMBER, TELEGRAM, Headed, write_rows
from bot.workbook import CHECKED_ON

BESIDE: Final = (TELEGRAM, NUMBER, COUNTRY, CHECKED_ON)
"""The heads of what stands beside a table's own columns; a note may follow."""


class _Part(NamedTuple):
    own: int
    """How many columns are the table's own."""
    width: int
    rows: Iterator[Headed]


def workbook_part(result: BinaryIO, numbers: Container[str]) -> bytes | None:
    """Give the rows with these numbers as a workbook.

    Args:
        result: The workbook of the whole result.
        numbers: In E.164.

    Returns:
        None where the result gives back no rows of a table.
    """
    part = _part(result, numbers)
    if part is None:
        return None
    stream = io.BytesIO()
    write_rows(stream, part.rows)
    return stream.getvalue()


def csv_part(result: BinaryIO, numbers: Container[str]) -> bytes | None:
    """Give the rows with these numbers as CSV, written as ``bot.parts.table`` does; else see ``workbook_part``."""
    part = _part(result, numbers)
    if part is None:
        return None
    content = io.BytesIO()
    text = io.TextIOWrapper(content, "utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for row, _ in part.rows:
        # What stands beside is of our own making, and begins no formula: "+79123456789; +79123456780".
        said = (_safe(cell) if place < part.own else _plain(cell) for place, cell in enumerate(row))
        writer.writerow([*said, *("",) * (part.width - len(row))])
    text.detach()
    return content.getvalue()


def _part(result: BinaryIO, numbers: Container[str]) -> _Part | None:
    # A table may have a sheet of its own called "Result 2": it follows behind the counts.
    pages = takewhile(lambda sheet: sheet[0] != "Summary", stream_sheets(result))
    rows = chain.from_iterable(rows for _, _, rows in pages)
    first = list(islice(rows, HEAD_ROWS + 1))
    # Above them a table can have the same heads, as a result of ours that was sent has: ours are the last columns.
    own, above = max((_beside_at(row), -place) for place, row in enumerate(first)) if first else (-1, 0)
    if own < 0:
        return None
    return _Part(own, len(first[-above]), _chosen(chain(first, rows), -above, own, numbers))


def _beside_at(row: Row) -> int:
    """Find where our heads begin in a row; -1 where they do not."""
    places = range(len(row) - len(BESIDE), -1, -1)
    return next((place for place in places if row[place : place + len(BESIDE)] == BESIDE), -1)


def _chosen(rows: Iterator[Row], head: int, own: int, numbers: Container[str]) -> Iterator[Headed]:
    """Give the heads with what is above them and the rows that are meant; those of a further table before its first."""
    for place, row in enumerate(islice(rows, head + 1)):
        yield row, place == head
    heads: Row | None = None
    for row in rows:
        if row[own : own + len(BESIDE)] == BESIDE:
            heads = row
        elif len(row) > own + 1 and any(one in numbers for one in text_of(row[own + 1]).split(BETWEEN)):
            if heads is not None:
                yield heads, True
                heads = None
            yield row, False


def _safe(cell: Cell) -> str:
    value = value_of(cell)
    return harmless(value) if isinstance(value, str) and not isinstance(value, ErrorText) else _plain(cell)


def _plain(cell: Cell) -> str:
    if isinstance(cell, Shown) and isinstance(cell.value, datetime) and "h" not in cell.number_format.lower():
        return str(cell.value.date() if cell.value.time() == time() else cell.value)
    return text_of(cell)
