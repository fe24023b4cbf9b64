"""A part of a result as a file: the numbers of one verdict, as plain lines, as CSV or as a workbook."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import compress
from typing import Final

from bot.cells import Verdict
from bot.packing import PackedList, blocks_of, lines_of
from bot.workbook import PART_HEADS, Columns

VERDICTS: Final = {verdict.value[0]: verdict.value for verdict in Verdict}


class Format(StrEnum):
    """Which kind of file?"""

    TXT = "txt"
    """E.164, one a line, as every other tool reads it."""
    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class PartRequest:
    """What is needed to write a file of some of a result's numbers."""

    sent: PackedList
    codes: str
    """A letter for each number of the list."""
    letter: str
    """Which of them are meant."""
    countries: Mapping[str, str]
    """The names of countries by region."""
    kind: Format = Format.XLSX
    rows: bytes | None = None
    """The workbook of a list that came as a table: then its rows are written."""


def columns_of(packed: PackedList, codes: str, letter: str, countries: Mapping[str, str]) -> Iterator[Columns]:
    """Give the rows of one verdict, in the order sent, block by block.

    Args:
        packed: The list.
        codes: A letter for each of its numbers.
        letter: Which ones to give.
        countries: The names of countries by region; what is missing is shown as its region.

    Raises:
        ValueError, zlib.error: The list is not what ``pack`` has made, or the codes are not its own.
    """
    at = 0
    for block in blocks_of(packed):
        here = codes[at : at + len(block.numbers)]
        at += len(block.numbers)
        meant = [code == letter for code, _ in zip(here, block.numbers, strict=True)]
        regions = [countries.get(region, region) for region in compress(block.regions, meant)]
        numbers, as_sent = (list(compress(column, meant)) for column in (block.numbers, block.as_sent))
        yield Columns(numbers, letter * len(numbers), regions, as_sent)
    if at != len(codes):
        raise ValueError("not one letter for each number")


def numbers_of(packed: PackedList, codes: str, letter: str) -> Iterator[str]:
    """Give the numbers of one verdict in E.164; see ``columns_of``."""
    for number, code in zip(lines_of(packed.numbers), codes, strict=True):
        if code == letter:
            yield number.decode()


def plain_lines(packed: PackedList, codes: str, letter: str) -> bytes:
    """Write the numbers alone, one a line."""
    content = bytearray()  # not a join: a million strings take ten times the room of the file
    for number in numbers_of(packed, codes, letter):
        content += number.encode() + b"\n"
    return bytes(content)


def table(packed: PackedList, codes: str, letter: str, countries: Mapping[str, str]) -> bytes:
    """Write the rows as CSV: commas, UTF-8 with the mark that spreadsheets know it by, every field in quotes."""
    content = io.BytesIO()  # encoded as it is written: as text a large one would take four times the room
    text = io.TextIOWrapper(content, "utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(PART_HEADS)
    for columns in columns_of(packed, codes, letter, countries):
        verdicts = [VERDICTS[letter]] * len(columns.numbers)
        writer.writerows(zip(columns.numbers, verdicts, columns.countries, map(harmless, columns.as_sent), strict=True))
    text.detach()
    return content.getvalue()


_JUST_A_NUMBER: Final = re.compile(r"\+\d+", re.ASCII)
_BEGINS_A_FORMULA: Final = re.compile(r"(^|[;,|\t\r\n])(?=\s*[=+\-@＝＋－＠])")


def harmless(text: str) -> str:
    """Give a text of a stranger's that no spreadsheet takes for a formula.

    An apostrophe stands before what may begin one (https://owasp.org/www-community/attacks/CSV_Injection), also behind
    a sign that separates fields: which one does is up to the reader's country. A plus with nothing but digits computes
    nothing and stays as it is, so that other programs can read numbers.
    """
    return text if _JUST_A_NUMBER.fullmatch(text) else _BEGINS_A_FORMULA.sub(r"\1'", text)
