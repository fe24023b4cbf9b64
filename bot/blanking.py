"""Taking one number out of tables: out of those that were sent, and out of the workbooks that were made of them."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Final

from bot.cells import Verdict
from bot.decoding import decode
from bot.list_parts import Part, is_separated
from bot.separated import read_separated
from bot.sheets import Cell, NoPhone, Row, text_of
from bot.spreadsheets import is_spreadsheet, stream_sheets
from bot.table_workbook import BETWEEN, write_sheets

_VERDICTS: Final = frozenset(Verdict)

Holds = Callable[[str], bool]
"""Says whether a text holds the number."""


def is_table(part: Part) -> bool:
    """Tell whether a part of a list has cells."""
    return is_spreadsheet(part.data) or is_separated(decode(part.data) or "", part.ending)


def is_in_table(part: Part, holds: Holds) -> bool:
    """Say whether any cell of a table that was read before holds the number."""
    return any(_says(cell, holds) for _, _, rows in _sheets(part) for row in rows for cell in row)


def table_without(part: Part, holds: Holds) -> bytes:
    """Give a table as a workbook in which the cells are empty that held the number."""
    stream = BytesIO()
    write_sheets(
        stream, ((name, hidden, (_blanked(row, holds) for row in rows)) for name, hidden, rows in _sheets(part))
    )
    return stream.getvalue()


def workbook_without(workbook: bytes, e164: str, holds: Holds) -> bytes:
    """Give a table's result in which the cells are empty that held the number, with what was found of it."""
    sheets = (
        (
            name,
            hidden,
            (_blanked(_without_found(row, e164) if name.startswith("Result") else row, holds) for row in rows),
        )
        for name, hidden, rows in stream_sheets(BytesIO(workbook))
    )
    stream = BytesIO()
    write_sheets(stream, sheets)
    return stream.getvalue()


def _sheets(part: Part) -> Iterator[tuple[str, bool, Iterator[Row]]]:
    if is_spreadsheet(part.data):
        yield from stream_sheets(BytesIO(part.data))
    else:
        sheet = read_separated(decode(part.data) or "")
        yield sheet.name, sheet.hidden, iter(sheet.rows)


def _says(cell: Cell, holds: Holds) -> bool:
    text = text_of(cell)
    return bool(text) and not isinstance(text, NoPhone) and holds(text)


def _blanked(row: Row, holds: Holds) -> Row:
    return tuple(None if _says(cell, holds) else cell for cell in row)


def _without_found(row: Row, e164: str) -> Row:
    """Empty what stands beside the row: the verdict, the number in E.164 and what follows it."""
    for place in range(len(row) - 1, 0, -1):
        before = row[place - 1]
        if e164 in text_of(row[place]).split(BETWEEN) and _VERDICTS.issuperset(text_of(before).split(BETWEEN)):
            return row[: place - 1]
    return row
