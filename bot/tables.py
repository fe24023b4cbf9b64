"""Rows out of a table's bytes: a CSV or text file in any usual encoding, the sheets of a workbook."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Final, TypeAlias

Row: TypeAlias = Sequence[object]

SAMPLE_BYTES: Final = 64 << 10
"""How much of a text is looked at to tell its encoding and its delimiter."""
LONGEST_LINE: Final = 64 << 10
"""In characters. A line of a result has some 40; a file without line ends must not be held in memory whole."""
MOST_ROWS: Final = 1_048_576
"""What a sheet can hold; a row that claims a higher place is a lie."""
MOST_COLUMNS: Final = 256
"""A result has two, or a few more. A sheet may be 16,384 wide, and a thousand such rows are 130 MiB."""


EMPTY: Final = "empty"


class NotATable(Exception):
    """The bytes are no table of text."""

    def __init__(self, reason: str) -> None:
        """Take the reason, a short phrase for the log that quotes nothing of the bytes."""
        super().__init__(f"{type(self).__doc__} ({reason})")
        self.reason = reason


def text_rows(stream: BinaryIO) -> Iterator[Row]:
    """The rows of a CSV or text file, read as they are asked for; blank ones are left out.

    UTF-8 with or without a mark, UTF-16 with one, Windows-1251 otherwise; comma, semicolon or tab between the cells.
    Characters that do not fit the encoding are replaced: numbers and verdicts are ASCII in all of them.

    Raises:
        NotATable: the stream is empty, binary, HTML, XML or JSON; or, while rows are read, a line does not end.
    """
    sample = stream.read(SAMPLE_BYTES)
    encoding = _encoding(sample)
    _look_at_beginning(sample.decode(encoding, "replace").lstrip("\ufeff"))
    stream.seek(0)
    delimiter = _delimiter(sample.decode(encoding, "replace"))
    return (row for row in csv.reader(_lines(stream, encoding), delimiter=delimiter) if any(row))


def sheets(stream: BinaryIO) -> Iterator[Iterator[Row]]:
    """The rows of each sheet of a workbook, the first sheet first; blank rows are left out.

    The archive must have been looked at before: nothing here limits what it unpacks to.

    Raises:
        NotATable: while rows are read, one claims a place that no sheet has.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - takes 0.2 s and 15 MiB, and most who import this read no xlsx

    workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    for sheet in workbook.worksheets:
        sheet.reset_dimensions()  # the stated ones are not to be trusted: A1 would hide every row but the first
        yield _rows_of(sheet.iter_rows(max_row=MOST_ROWS + 1, values_only=True))


def _rows_of(rows: Iterable[Row]) -> Iterator[Row]:
    # openpyxl fills up to the asked end with empty rows when it meets one beyond it: only there are there so many.
    for place, row in enumerate(rows):
        if place >= MOST_ROWS:
            raise NotATable("a row beyond the end of every sheet")
        if any(row):
            yield row[:MOST_COLUMNS]


def _encoding(sample: bytes) -> str:
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in sample:
        raise NotATable("binary")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # incremental: the sample may end within a character
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8"


def _look_at_beginning(text: str) -> None:
    beginning = text.lstrip()[:1]
    if not beginning:
        raise NotATable(EMPTY)
    if beginning == "<":
        raise NotATable("HTML or XML")
    if beginning in "{[":
        raise NotATable("JSON")


def _delimiter(sample: str) -> str:
    # The one that most lines have; of equals the one that occurs more often.
    lines = sample.splitlines()[:100]
    return max(",;\t", key=lambda mark: (sum(mark in line for line in lines), sum(line.count(mark) for line in lines)))


def _lines(stream: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    rest = ""
    while block := stream.read(SAMPLE_BYTES):
        lines = (rest + decoder.decode(block)).splitlines(keepends=True)
        rest = lines.pop() if lines else ""  # the last may go on in the next block
        if len(rest) > LONGEST_LINE:
            raise NotATable("a line without an end")
        yield from lines
    yield rest + decoder.decode(b"", True)  # noqa: FBT003 - codecs take no keywords; True: no more is to come
