"""The workbook people receive.

What people sent stands in it word for word, so no cell may become a formula: every text is stored as a string, whatever
it begins with, and is marked as text, so that it stays one when somebody edits it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import compress, islice
from typing import BinaryIO, Final, NamedTuple, TypeAlias

from bot import sheet_writer
from bot.cells import Verdict
from bot.countries import count_countries
from bot.number_list import Rejected
from bot.packing import PackedList, blocks_of, rejected_of
from bot.report import SheetWords, Summary, reason_in_words
from bot.results import Verdicts
from bot.sheet_writer import Book, WrittenSheet
from bot.sheets import Cell, Shown

MOST_ROWS: Final = sheet_writer.MOST_ROWS

CHECKED_ON: Final = "Checked on"
RESULT_HEADS: Final = ("Number", "telegram", "Country", "As sent", CHECKED_ON)
PART_HEADS: Final = RESULT_HEADS[:4]
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
_VERDICTS: Final = {verdict.value[0]: verdict.value for verdict in Verdict}

DAY_FORMAT: Final = "yyyy-mm-dd"
SHARE_FORMAT: Final = "0.0%"

Value: TypeAlias = Cell | Decimal


class Columns(NamedTuple):
    """Rows of the result that follow one another, column by column."""

    numbers: Sequence[str]
    codes: str
    countries: Sequence[str]
    as_sent: Sequence[str]
    days: Sequence[date] = ()
    """None in a part."""

    def rows(self, rows: slice) -> "Columns":
        """Give some of them."""
        return Columns(self.numbers[rows], self.codes[rows], self.countries[rows], self.as_sent[rows], self.days[rows])


def write_workbook(
    stream: BinaryIO,
    packed: PackedList,
    verdicts: Verdicts,
    summary: Summary,
    words: SheetWords,
    *,
    checked_on: Iterable[date],
) -> None:
    """Write the workbook people receive: `Result`, `Summary`, `Countries` and, where lines were rejected, `Rejected`.

    `checked_on` is the day on which each number was checked. The list is unpacked block by block.

    Raises:
        ValueError: there is not exactly one verdict for each number.
    """
    codes, rejected = verdicts.codes, list(rejected_of(packed))
    with Book(stream) as book:
        regions: list[str] = []
        write_numbers(book, _result(packed, codes, words, iter(checked_on), regions), len(codes))
        write_summary(book, summary, words)
        write_countries(book, regions, codes, words)
        if rejected:
            write_rejected(book, rejected, words)


def _result(
    packed: PackedList, codes: str, words: SheetWords, days: Iterator[date], regions: list[str]
) -> Iterator[Columns]:
    """Give the columns block by block; the regions that are met are added to those given."""
    at = 0
    for block in blocks_of(packed):
        regions += block.regions
        count = len(block.numbers)
        here = codes[at : at + count]
        named = [words.countries.get(region, region) for region in block.regions]
        columns = Columns(block.numbers, here, named, block.as_sent, list(islice(days, count)))
        if not len(here) == len(columns.days) == count:
            raise ValueError("not one verdict for each number")
        yield columns
        at += count
    if at != len(codes):
        raise ValueError("not one verdict for each number")


def write_part(stream: BinaryIO, blocks: Iterator[Columns], count: int) -> None:
    """Write a workbook of the sheet `Result` alone, of so many rows that need not be at hand all at once."""
    with Book(stream) as book:
        write_numbers(book, blocks, count, PART_HEADS)


def write_table(stream: BinaryIO, title: str, heads: Mapping[str, int], rows: Sequence[Sequence[Value]]) -> None:
    """Write a workbook of one table: rows under heads, which have these widths in characters."""
    with Book(stream) as book:
        _write_table(book, title, heads, rows)


def write_numbers(book: Book, blocks: Iterator[Columns], count: int, heads: Sequence[str] = RESULT_HEADS) -> None:
    """Write numbers with what was found, on as many sheets as they need: `Result`, `Result 2` and so on."""
    waiting: Columns | None = None
    room = MOST_ROWS - 1
    for page in range(max(1, -(-count // room))):
        title = "Result" if page == 0 else f"Result {page + 1}"
        here = min(count - page * room, room)
        filtered = len(heads), here + 1
        with book.sheet(title, [_WIDTHS[head] for head in heads], frozen=1, filtered=filtered) as sheet:
            sheet.rows([heads], is_bold=True)
            while here and (block := waiting if waiting and waiting.numbers else next(blocks, None)):
                columns, waiting = block.rows(slice(here)), block.rows(slice(here, None))
                here -= len(columns.numbers)
                sheet.alike(_cells(sheet, columns)[: len(heads)])


def _cells(sheet: WrittenSheet, columns: Columns) -> Sequence[Sequence[str]]:
    numbers = sheet.new_texts(columns.numbers)
    as_sent = numbers if columns.as_sent == columns.numbers else _as_sent(sheet, columns, numbers)
    return (
        numbers,
        sheet.repeated([_VERDICTS[code] for code in columns.codes]),
        sheet.repeated(columns.countries),
        as_sent,
        sheet.repeated(columns.days, DAY_FORMAT),
    )


def _as_sent(sheet: WrittenSheet, columns: Columns, numbers: Sequence[str]) -> Sequence[str]:
    """Give cells of what was sent; in E.164 it is the same text once more."""
    differs = [said != number for said, number in zip(columns.as_sent, columns.numbers, strict=True)]
    others = iter(sheet.new_texts(list(compress(columns.as_sent, differs))))
    return [next(others) if differ else number for differ, number in zip(differs, numbers, strict=True)]


def write_rejected(book: Book, rejected: Sequence[Rejected], words: SheetWords) -> None:
    """Write the sheet of what is no number, and why."""
    rows = [(each.line, each.text, reason_in_words(each, words)) for each in rejected]
    _write_table(book, "Rejected", {head: _WIDTHS[head] for head in REJECTED_HEADS}, rows)


def write_summary(book: Book, summary: Summary, words: SheetWords) -> None:
    """Write the sheet of the counts."""
    shares = {verdict: Shown(share, SHARE_FORMAT) for verdict, share in summary.shares.items()}
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
    with book.sheet("Summary", [30, 14, 10]) as sheet:
        sheet.rows(rows)


def write_countries(book: Book, regions: Iterable[str], codes: str, words: SheetWords) -> None:
    """Write the sheet of the countries, with their yes-rates."""
    rows = [
        (
            *(words.countries.get(one.region, one.region), one.count, one.yes, one.no, one.undetermined),
            # Where nothing is known 0 % would be wrong.
            Shown(one.yes / one.count, SHARE_FORMAT) if one.yes or one.no else None,
        )
        for one in count_countries(regions, codes)
    ]
    _write_table(book, "Countries", COUNTRY_HEADS, rows)


def _write_table(book: Book, title: str, heads: Mapping[str, int], rows: Sequence[Sequence[Value]]) -> None:
    """Write rows under heads, on as many sheets as they need."""
    room = MOST_ROWS - 1
    for page in range(max(1, -(-len(rows) // room))):
        here = rows[page * room : (page + 1) * room]
        named = title if page == 0 else f"{title} {page + 1}"
        with book.sheet(named, list(heads.values()), frozen=1, filtered=(len(heads), len(here) + 1)) as sheet:
            sheet.rows([list(heads)], is_bold=True)
            sheet.rows(here)


def _clock(seconds: float) -> str:
    """Hours, minutes and seconds, as every language reads them."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
