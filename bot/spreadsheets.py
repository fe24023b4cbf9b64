"""Workbooks (xlsx) -> their sheets with the cells as they are, formulas with what they last came to.

The files come from strangers: what an archive states of itself is looked at before anything is unpacked, and no part
may declare a document type (``archives``). Reading one belongs into a process with limits of its own.
"""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any, BinaryIO, Final

from bot.archives import ArchiveRefused, is_workbook, open_archive, refuse_doctype
from bot.sheets import GENERAL, MOST_CELLS, Cell, ErrorText, NotATable, Row, Sheet, Shown, TableTooLarge, gather

ZIP_BEGINNING: Final = b"PK\x03\x04"
MOST_ENTRIES: Final = 5_000
"""A workbook with a photo for each customer has thousands of parts."""
MOST_ROWS: Final = 1_048_576
_TEXT_FORMAT: Final = "@"


def is_spreadsheet(data: bytes) -> bool:
    """Tell whether a file is a workbook, whatever it is called."""
    if not data.startswith(ZIP_BEGINNING):
        return False
    try:
        with open_archive(BytesIO(data), most_entries=MOST_ENTRIES) as archive:
            return is_workbook(archive)
    except ArchiveRefused:
        return False


def read_spreadsheet(stream: BinaryIO) -> tuple[Sheet, ...]:
    """Read all sheets of a workbook that hold cells, hidden ones too.

    Raises:
        NotATable: the workbook is broken, dangerous, or has a password.
        TableTooLarge: it has too many cells.
    """
    try:
        with open_archive(stream, most_entries=MOST_ENTRIES) as archive:
            refuse_doctype(archive)
        stream.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions, which do not matter here
            return tuple(_gathered(stream))
    except (TableTooLarge, MemoryError):
        raise
    except ArchiveRefused as error:
        raise NotATable(error.reason) from None
    except Exception as error:  # noqa: BLE001 - openpyxl raises anything on broken files
        # Not `from error`: its message may quote a cell, and cells are personal data.
        raise NotATable(type(error).__name__) from None


def _gathered(stream: BinaryIO) -> Iterator[Sheet]:
    room = MOST_CELLS
    for name, hidden, found in stream_sheets(stream):
        rows, room = gather(found, room)
        yield Sheet(name, rows, hidden)


def stream_sheets(stream: BinaryIO) -> Iterator[tuple[str, bool, Iterator[Row]]]:
    """Give each sheet's name, whether it is hidden, and its rows one by one: none of them is at hand as a whole.

    Only for workbooks that were read before, or that we have written: nothing is looked at here.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - takes 0.2 s and 15 MiB, and most lists are no workbooks

    book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    formats = _formats(book)
    for sheet in book.worksheets:
        yield sheet.title, sheet.sheet_state != "visible", _rows(book, sheet, formats)


def _formats(book: Any) -> list[str]:  # noqa: ANN401 - the stubs do not know a workbook's styles
    """Give the number format of each cell style."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE  # noqa: PLC0415 - see above

    own = book._number_formats  # noqa: SLF001 - reading cell by cell to learn it takes twice the time
    formats = []
    for style in book._cell_styles:  # noqa: SLF001 - the same
        at = style.numFmtId
        place = at - BUILTIN_FORMATS_MAX_SIZE
        formats.append(own[place] if 0 <= place < len(own) else BUILTIN_FORMATS.get(at, GENERAL))
    return formats


def _rows(book: Any, sheet: Any, formats: list[str]) -> Iterator[Row]:  # noqa: ANN401 - see above
    from openpyxl.worksheet._reader import WorkSheetParser  # noqa: PLC0415 - see above

    class Cells(WorkSheetParser):
        """Reads what a formula last came to; where nobody has computed it yet, the formula itself, as a text."""

        def parse_cell(self, element: Any) -> dict[str, Any]:  # noqa: ANN401 - an element of whichever XML library
            cell: dict[str, Any] = super().parse_cell(element)
            if cell["value"] is None and (formula := element.findtext(_FORMULA)):
                cell["value"], cell["data_type"] = f"={formula}", "s"
            return cell

    with book._archive.open(sheet._worksheet_path) as source:  # noqa: SLF001 - openpyxl's own way to a sheet's XML
        parser = Cells(
            source,
            sheet._shared_strings,  # noqa: SLF001 - the same
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001 - the same
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001 - the same
        )
        yield from _in_their_places(parser, formats)


_FORMULA: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"


def _in_their_places(parser: Any, formats: list[str]) -> Iterator[Row]:  # noqa: ANN401 - openpyxl's parser
    """Fill the places between rows and cells that a sheet leaves out."""
    last = 0
    for number, found in parser.parse():
        if number <= last:
            raise NotATable("rows out of order")
        if number > MOST_ROWS:
            raise NotATable("a row beyond the end of every sheet")
        said = [(cell["column"], _cell(cell, formats)) for cell in found]
        said = [(column, cell) for column, cell in said if cell is not None]
        if not said:
            continue  # a row that only has a colour; what follows fills its place
        yield from ((),) * (number - last - 1)
        last = number
        row: list[Cell] = [None] * max(column for column, _ in said)
        for column, cell in said:
            row[column - 1] = cell
        yield tuple(row)


def _cell(cell: dict[str, Any], formats: list[str]) -> Cell:
    value = cell["value"]
    if value is None or value == "":
        return None
    if cell["data_type"] == "e":
        return ErrorText(value)
    if isinstance(value, str | bool):
        return value
    style = cell["style_id"]
    shown = formats[style] if 0 <= style < len(formats) else GENERAL
    if isinstance(value, datetime | date | time | timedelta) or shown not in {GENERAL, _TEXT_FORMAT}:
        return Shown(value, shown)
    number: int | float = value
    return number
