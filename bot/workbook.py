"""The cells of the workbook people receive.

What people sent stands in it word for word, so no cell may become a formula: every text is stored as a string, whatever
it begins with, and is marked as text, so that it stays one when somebody edits it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import BinaryIO, Final, TypeAlias

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from bot.cells import Verdict
from bot.countries import count_countries
from bot.number_list import NumberList, Rejected
from bot.report import SheetWords, Summary, reason_in_words
from bot.results import Verdicts

MOST_ROWS: Final = 1_048_576
"""What a sheet can hold, its heads included."""
LONGEST_TEXT: Final = 32_767
"""What a cell can hold, in UTF-16 units."""

CHECKED_ON: Final = "Checked on"
RESULT_HEADS: Final = ("Number", "telegram", "Country", "As sent", CHECKED_ON)
COUNTRY_HEADS: Final = {"Country": 24, "Numbers": 12, "yes": 12, "no": 12, "undetermined": 14, "yes rate": 10}
REJECTED_HEADS: Final = ("Line", "Text", "Reason")
_WIDTHS: Final = {
    "Number": 18,
    "telegram": 14,
    "Country": 24,
    "As sent": 30,
    CHECKED_ON: 14,
    "Line": 10,
    "Text": 44,
    "Reason": 44,
}

# What XML cannot hold: control characters but tab and line ends, halves of surrogate pairs, two that are no characters.
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

DAY_FORMAT: Final = "yyyy-mm-dd"

Value: TypeAlias = str | int | float | Decimal | date | None


def write(
    stream: BinaryIO,
    numbers: NumberList,
    verdicts: Verdicts,
    summary: Summary,
    words: SheetWords,
    checked_on: Iterable[date],
) -> None:
    """Write the workbook; see `bot.report.write_workbook`."""
    if len(numbers.valid) != len(verdicts.codes):
        raise ValueError("not one verdict for each number")
    book = Workbook(write_only=True)
    book.properties.creator = ""
    result = (
        (number.e164, verdicts.of(place).value, words.countries.get(number.region, number.region), number.as_sent, day)
        for place, (number, day) in enumerate(zip(numbers.valid, checked_on, strict=True))
    )
    _write_table(book, "Result", RESULT_HEADS, result, len(numbers.valid))
    write_summary(book, summary, words)
    write_countries(book, numbers, verdicts, words)
    if numbers.rejected:
        write_rejected(book, numbers.rejected, words)
    book.save(stream)


def write_rows(stream: BinaryIO, heads: Sequence[str], rows: Iterable[Sequence[Value]], count: int) -> None:
    """Write a workbook of the sheet `Result` alone, of so many rows that need not be at hand all at once."""
    book = Workbook(write_only=True)
    book.properties.creator = ""
    _write_table(book, "Result", heads, rows, count)
    book.save(stream)


def write_table(stream: BinaryIO, title: str, heads: Mapping[str, int], rows: Sequence[Sequence[Value]]) -> None:
    """Write a workbook of one table: rows under heads, which have these widths in characters."""
    book = Workbook(write_only=True)
    book.properties.creator = ""
    _write_table(book, title, list(heads), rows, len(rows), heads)
    book.save(stream)


def _write_table(
    book: Workbook,
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Value]],
    count: int,
    widths: Mapping[str, int] = _WIDTHS,
) -> None:
    """Write rows under heads, on as many sheets as they need: `Result`, `Result 2` and so on."""
    remaining = iter(rows)
    room = MOST_ROWS - 1
    for page in range(max(1, -(-count // room))):
        sheet = book.create_sheet(title if page == 0 else f"{title} {page + 1}")
        last = chr(ord("A") + len(heads) - 1)
        # All of this must stand before the first row: write-only sheets are written as they are told.
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{last}{min(count - page * room, room) + 1}"
        _set_widths(sheet, [widths[head] for head in heads])
        cells = _Cells(sheet)
        sheet.append(list(cells.bold(heads)))
        for row in islice(remaining, room):
            sheet.append(cells.row(row))


def write_rejected(book: Workbook, rejected: Sequence[Rejected], words: SheetWords) -> None:
    """Write the sheet of what is no number, and why."""
    rows = ((each.line, each.text, reason_in_words(each, words)) for each in rejected)
    _write_table(book, "Rejected", REJECTED_HEADS, rows, len(rejected))


def write_summary(book: Workbook, summary: Summary, words: SheetWords) -> None:
    """Write the sheet of the counts."""
    sheet = book.create_sheet("Summary")
    _set_widths(sheet, [30, 14, 10])
    cells = _Cells(sheet)
    shares = summary.shares
    rows: list[tuple[Value, ...]] = [
        (words.sent, summary.sent),
        (words.yes, summary.yes, shares[Verdict.YES]),
        (words.no, summary.no, shares[Verdict.NO]),
        (words.undetermined, summary.undetermined, shares[Verdict.UNDETERMINED]),
        (words.repeated, summary.repeated),
        (words.rejected, summary.rejected),
    ]
    if summary.recalled:
        rows += [(words.checked_now, summary.sent - summary.recalled), (words.recalled, summary.recalled)]
    if summary.seconds is not None:
        rows.append((words.time, _clock(summary.seconds)))
    if summary.cost is not None:
        rows.append((words.cost, summary.cost))
    for row in rows:
        sheet.append(cells.row(row))


def write_countries(book: Workbook, numbers: NumberList, verdicts: Verdicts, words: SheetWords) -> None:
    """Write the sheet of the countries, with their yes-rates."""
    counts = count_countries((number.region for number in numbers.valid), verdicts.codes)
    rows = [
        (
            *(words.countries.get(one.region, one.region), one.count, one.yes, one.no, one.undetermined),
            one.yes / one.count if one.yes or one.no else None,  # where nothing is known 0 % would be wrong
        )
        for one in counts
    ]
    _write_table(book, "Countries", list(COUNTRY_HEADS), rows, len(rows), COUNTRY_HEADS)


def _set_widths(sheet: WriteOnlyWorksheet, widths: Sequence[int]) -> None:
    for place, width in enumerate(widths):
        # The stub does not know that write-only sheets have them too.
        sheet.column_dimensions[chr(ord("A") + place)].width = width  # type: ignore[attr-defined]


def _clock(seconds: float) -> str:
    """Hours, minutes and seconds, as every language reads them."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


class _Cells:
    """Cells of one sheet. A cell is written out as soon as it is appended, so one of each kind does for all rows."""

    def __init__(self, sheet: WriteOnlyWorksheet) -> None:
        self._sheet = sheet
        self._text = WriteOnlyCell(sheet)
        self._text.number_format = "@"
        self._text.quotePrefix = True
        self._share = WriteOnlyCell(sheet)
        self._share.number_format = "0.0%"
        self._day = WriteOnlyCell(sheet)
        self._day.number_format = DAY_FORMAT

    def row(self, values: Iterable[Value]) -> Iterator[object]:
        for value in values:
            if isinstance(value, str):
                yield self._string(value)
            elif isinstance(value, float):
                self._share.value = value
                yield self._share
            elif isinstance(value, date):
                self._day.value = value
                yield self._day
            else:
                yield value

    def _string(self, text: str) -> object:
        text = storable(text)
        if not text:
            return None  # openpyxl would write a cell that says it holds text and holds none
        self._text.value = text
        self._text.data_type = "s"  # openpyxl would take "=1" for a formula and "#N/A" for an error
        return self._text

    def bold(self, heads: Iterable[str]) -> Iterator[object]:
        for head in heads:
            cell = WriteOnlyCell(self._sheet, head)
            cell.font = Font(bold=True)
            yield cell


def storable(text: str) -> str:
    """Give a text without what a cell cannot hold."""
    text = _NOT_IN_XML.sub("", text)
    if len(text) * 2 <= LONGEST_TEXT:
        return text
    return text.encode("utf-16-le")[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")
