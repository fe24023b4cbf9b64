"""The workbook of a list that came as a table: every row back in its place, and beside it what was found.

The numbers stand in one column of one sheet. That sheet's rows are the result's rows, with all their other columns; the
other sheets of the file follow as they are.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import BinaryIO, Final, TypeAlias

from bot.list_parts import Opened, Table, read_standing
from bot.number_list import Rejected
from bot.numbers import Stood
from bot.report import Checked, SheetWords, Summary, reason_in_words
from bot.sheet_writer import MOST_ROWS, Book, WrittenSheet, storable
from bot.sheets import Cell, Row, Sheet, Shown, text_of
from bot.workbook import CHECKED_ON, DAY_FORMAT, RESULT_HEADS, write_countries, write_rejected, write_summary

BETWEEN: Final = "; "
"""Between what is said of several numbers in one cell, in their order."""
TELEGRAM, NUMBER, COUNTRY, NOTE = "telegram", RESULT_HEADS[0], RESULT_HEADS[2], "Note"
LONGEST_TITLE: Final = 31
_NOT_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\]")
_WIDTH_ROWS: Final = 100
_WIDEST: Final = 44
_NARROWEST: Final = 9
_WIDTHS_SET: Final = 200
_FREEZABLE_ROWS: Final = 12


Headed: TypeAlias = tuple[Row, bool]
"""A row, and whether it holds the heads."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the result."""

    cells: Row
    stood: tuple[Stood, ...] = ()
    is_head: bool = False


def write_table_workbook(
    stream: BinaryIO,
    opened: Sequence[Opened],
    region: str | None,
    found: Checked,
    summary: Summary,
    words: SheetWords,
) -> None:
    """Write the workbook of a list that came as a table: its rows as they came, the verdicts beside them.

    Args:
        stream: where to.
        opened: the parts of the list, opened as they were when it was read.
        region: the country that it was read in.
        found: what is said of the numbers that were read from it.
        summary: the counts.
        words: the words to use.

    Raises:
        ValueError: there is not exactly one verdict for each number.
    """
    numbers, verdicts = found.numbers, found.verdicts
    if len(numbers.valid) != len(verdicts.codes):
        raise ValueError("not one verdict for each number")
    titles = _Titles()
    with Book(stream) as book:
        _write_result(book, titles, opened, read_standing(opened, region), _said_of_each(found, words), words)
        write_summary(book, summary, words)
        write_countries(book, (number.region for number in numbers.valid), verdicts.codes, words)
        if numbers.rejected:
            write_rejected(book, numbers.rejected, words)
        for sheet in _other_sheets(opened):
            _write_sheet(book, titles, sheet.name, sheet.hidden, sheet.rows)


def write_rows(stream: BinaryIO, rows: Iterable[Headed]) -> None:
    """Write a workbook of some of a result's rows, with the heads that are among them."""
    remaining = iter(rows)
    first = list(islice(remaining, _WIDTH_ROWS))
    head = next((place for place, (_, is_head) in enumerate(first) if is_head), None)
    cells = [row for row, _ in first]
    widths = _widths(cells, max(map(len, cells), default=0))
    with Book(stream) as book:
        _write_pages(book, _Titles(), chain(first, remaining), head, widths)


def write_sheets(stream: BinaryIO, sheets: Iterable[tuple[str, bool, Iterable[Row]]]) -> None:
    """Write sheets as they are: their names, whether they are hidden, their cells, and nothing else of them."""
    titles = _Titles(taken=())
    with Book(stream) as book:
        for sheet in sheets:
            _write_sheet(book, titles, *sheet)


def _said_of_each(found: Checked, words: SheetWords) -> dict[str, Callable[[str], str | date | None]]:
    """Give the columns that say something of each number, by their heads."""
    numbers, verdicts = found.numbers, found.verdicts
    places = {number.e164: place for place, number in enumerate(numbers.valid)}

    def country(e164: str) -> str:
        region = numbers.valid[places[e164]].region
        return words.countries.get(region, region)

    return {
        TELEGRAM: lambda e164: verdicts.of(places[e164]).value if e164 in places else None,
        NUMBER: lambda e164: e164 if e164 in places else None,
        COUNTRY: lambda e164: country(e164) if e164 in places else None,
        CHECKED_ON: lambda e164: found.dates[places[e164]] if e164 in places else None,
    }


def _write_result(
    book: Book,
    titles: "_Titles",
    opened: Sequence[Opened],
    stood: list[Stood],
    columns: dict[str, Callable[[str], str | date | None]],
    words: SheetWords,
) -> None:
    tables = [one for one in opened if isinstance(one, Table)]
    width = max(1, *(table.sheet.width for table in tables))
    has_notes = any(isinstance(piece.said, Rejected) and isinstance(opened[piece.source], Table) for piece in stood)
    heads = (*columns, *([NOTE] if has_notes else []))
    head = tables[0].head
    lines = _lines(opened, stood)
    if head is None:  # nothing of the table's own names its columns: a row above it names ours
        lines, head = chain([_Line((), is_head=True)], lines), 0
    rows = (_whole(line, width, heads if line.is_head else _beside(line.stood, columns, words)) for line in lines)
    _write_pages(book, titles, rows, head, [*_widths(tables[0].sheet.rows, width), 14, 18, 24, 14, 44])


def _whole(line: _Line, width: int, said: Row) -> Headed:
    return (*line.cells, *(None,) * (width - len(line.cells)), *said), line.is_head


def _write_pages(
    book: Book, titles: "_Titles", rows: Iterator[Headed], head: int | None, widths: Sequence[int]
) -> None:
    """Write the result's rows on as many sheets as they need; what is above the heads stays on the screen."""
    page = 0
    while (row := next(rows, None)) is not None or page == 0:
        page += 1
        title = titles.own("Result" if page == 1 else f"Result {page}")
        frozen = head + 1 if page == 1 and head is not None and head < _FREEZABLE_ROWS else 0
        here = islice(rows, MOST_ROWS - 1)
        with book.sheet(title, widths[:_WIDTHS_SET], frozen=frozen) as sheet:
            _write_headed(sheet, here if row is None else chain([row], here))


def _write_headed(sheet: WrittenSheet, rows: Iterable[Headed]) -> None:
    for is_head, alike in groupby(rows, key=itemgetter(1)):
        sheet.rows((row for row, _ in alike), is_bold=is_head)


def _lines(opened: Sequence[Opened], stood: list[Stood]) -> Iterator[_Line]:
    """Give the rows of the tables one after the other, then the numbers that were pasted beside them."""
    column = next((one.chosen[1] for one in opened if isinstance(one, Table) and one.chosen), 0)
    by_source: dict[int, list[Stood]] = {}
    for piece in stood:
        by_source.setdefault(piece.source, []).append(piece)
    had_contacts = False
    for place, one in enumerate(opened):
        if isinstance(one, Table):
            lines = _lines_of(one, by_source.pop(place, []))
            if one.contacts and had_contacts:
                next(lines)  # the same heads again
            had_contacts |= one.contacts
            yield from lines
    for pasted in by_source.values():
        yield from (
            _Line(((None,) * column) + (piece.as_sent,), (piece,))
            for piece in pasted
            if not isinstance(piece.said, Rejected)
        )


def _lines_of(table: Table, pieces: list[Stood]) -> Iterator[_Line]:
    waiting, head = iter(pieces), table.head
    piece = next(waiting, None)
    for place, row in enumerate(table.sheet.rows):
        here = []
        while piece is not None and piece.line == place + 1:
            here.append(piece)
            piece = next(waiting, None)
        yield _Line(row, tuple(here), is_head=place == head)


def _beside(
    stood: tuple[Stood, ...], columns: dict[str, Callable[[str], str | date | None]], words: SheetWords
) -> tuple[Cell, ...]:
    if not stood:
        return ()
    numbers = [piece.said for piece in stood if isinstance(piece.said, str)]
    reasons = [reason_in_words(piece.said, words) for piece in stood if isinstance(piece.said, Rejected)]
    said = (_together([one for number in numbers if (one := say(number)) is not None]) for say in columns.values())
    return (*said, BETWEEN.join(reasons))


def _together(said: Sequence[str | date]) -> Cell:
    """Say one thing as it is, and several in their order; the same day of all of them once."""
    if len(set(said)) == 1 and isinstance(said[0], date):
        return Shown(said[0], DAY_FORMAT)
    return BETWEEN.join(map(str, said))


def _other_sheets(opened: Sequence[Opened]) -> Iterator[Sheet]:
    for one in opened:
        if isinstance(one, Table):
            yield from (sheet for sheet in one.sheets if sheet is not one.sheet and sheet.rows)


def _write_sheet(book: Book, titles: "_Titles", name: str, hidden: bool, rows: Iterable[Row]) -> None:  # noqa: FBT001 - as it is read
    remaining = iter(rows)
    first = list(islice(remaining, _WIDTH_ROWS))
    widths = _widths(first, max(map(len, first), default=0))
    with book.sheet(titles.free(name), widths[:_WIDTHS_SET], is_hidden=hidden) as copy:
        copy.rows(chain(first, remaining))


def _widths(rows: Sequence[Row], width: int) -> list[int]:
    """Make columns as wide as what stands in their first rows, within bounds: a file says it in many ways, or not."""
    widest = [_NARROWEST] * width
    for row in rows[:_WIDTH_ROWS]:
        for column, cell in enumerate(row):
            widest[column] = max(widest[column], min(len(text_of(cell)) + 2, _WIDEST))
    return widest


class _Titles:
    """The names of the sheets: each once, whatever its case."""

    def __init__(self, taken: tuple[str, ...] = ("summary", "countries", "rejected", "result")) -> None:
        self._taken = set(taken)

    def own(self, title: str) -> str:
        self._taken.add(title.casefold())
        return title

    def free(self, wanted: str) -> str:
        title = storable(_NOT_IN_TITLES.sub("_", wanted)).strip("'")[:LONGEST_TITLE] or "Sheet"
        count = 1
        while title.casefold() in self._taken:
            count += 1
            ending = f" ({count})"
            title = title.removesuffix(f" ({count - 1})")[: LONGEST_TITLE - len(ending)] + ending
        return self.own(title)
