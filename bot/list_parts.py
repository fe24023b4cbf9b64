"""What a list came in: texts, tables, contacts; told apart by their bytes and the endings of their names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final, TypeAlias

from bot.decoding import decode
from bot.number_columns import Candidate, find_number_columns, head_of, head_row, numbers_of
from bot.number_list import NumberList, Problem
from bot.numbers import Column, Stood, Tell, nobody_waits, read_numbers, read_pieces
from bot.packing import Offered, TableRead
from bot.separated import read_separated
from bot.sheets import NotATable, Sheet, text_of
from bot.spreadsheets import is_spreadsheet, read_spreadsheet
from bot.vcards import PHONE_COLUMN, is_vcard, read_vcards

TABLE_ENDINGS: Final = frozenset({".csv", ".tsv", ".tab", ".xls"})
"""Names of files that are tables where their bytes are text: many a program calls its CSV .xls."""
SPREADSHEET_ENDINGS: Final = frozenset({".xlsx", ".xlsm"})
ENDINGS: Final = TABLE_ENDINGS | SPREADSHEET_ENDINGS
COLUMNS_OFFERED: Final = 8
LONGEST_HEAD: Final = 64

Choice: TypeAlias = dict[int, tuple[int, int]]
"""For parts of the list, by their places, the sheet and the column that a person has chosen."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a list: the bytes of its text or its file, and the ending of the file's name."""

    data: bytes
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A part that is a table, and the column that is read of it."""

    sheets: tuple[Sheet, ...]
    columns: tuple[Candidate, ...]
    """Every column that could be the one, the most likely first."""
    chosen: tuple[int, int] | None
    """Sheet and column; None where nothing in it looks like a phone number."""
    contacts: bool = False

    @property
    def sheet(self) -> Sheet:
        """The sheet that is read; the first one where none is."""
        return self.sheets[self.chosen[0] if self.chosen else 0]

    @property
    def head(self) -> int | None:
        """The row of the heads of that sheet, counted from 0."""
        return None if self.chosen is None else head_row(self.sheet, self.chosen[1])


Opened: TypeAlias = str | Table


def ending_of(name: str | None) -> str:
    """Give the ending of a file's name where it says what the file is."""
    _, dot, ending = (name or "").lower().rpartition(".")
    return f"{dot}{ending}" if f"{dot}{ending}" in ENDINGS else ""


def is_workbook_part(part: Part) -> bool:
    """Tell whether a part is a workbook: unpacking a stranger's archive belongs into a process of its own."""
    return part.data.startswith(b"PK")


def is_separated(text: str, ending: str) -> bool:
    """Tell whether the text of such a file is a table: some programs write web pages that they call .xls."""
    return ending in TABLE_ENDINGS and not text.lstrip("\ufeff \t\r\n").startswith("<")


def open_parts(parts: Sequence[Part], region: str | None, choice: Choice) -> list[Opened]:
    """Open the parts of a list.

    Raises:
        NotATable: one of them is neither a text nor a table.
        TableTooLarge: one of them has too many cells.
    """
    return [_open(part, region, choice.get(place)) for place, part in enumerate(parts)]


def read_parts(
    parts: Sequence[Part], region: str | None, choice: Choice, tell: Tell = nobody_waits
) -> tuple[NumberList, tuple[TableRead, ...]]:
    """Read a list from its parts; say also of its tables what the preview shows.

    Args:
        parts: The messages of the list, in their order.
        region: The country of numbers without a country code.
        choice: The columns that a person has chosen.
        tell: Hears now and then which share of the texts was read.

    Raises:
        TableTooLarge: a part has too many cells.
    """
    try:
        opened = open_parts(parts, region, choice)
    except NotATable:
        return NumberList(problem=Problem.NOT_TEXT), ()
    numbers = read_numbers(*map(_source, opened), region=region, tell=tell)
    tables = [(place, one) for place, one in enumerate(opened) if isinstance(one, Table)]
    return numbers, tuple(_said_of(place, table) for place, table in tables)


def read_standing(opened: Sequence[Opened], region: str | None) -> list[Stood]:
    """Give each piece of the list where it stands; ``source`` is the place of its part, ``line`` the row of a table."""
    return read_pieces([_source(one) for one in opened], region)[1]


def choice_of(text: str | None) -> Choice:
    """Read a stored choice: ``part.sheet.column``, several with blanks between them."""
    found = re.findall(r"(\d+)\.(\d+)\.(\d+)", text or "")
    return {int(part): (int(sheet), int(column)) for part, sheet, column in found}


def with_choice(text: str | None, word: str) -> str:
    """Add a choice, as a button carries it, to those that are stored."""
    choice = choice_of(text) | choice_of(word)
    return " ".join(f"{part}.{sheet}.{column}" for part, (sheet, column) in sorted(choice.items()))


def _open(part: Part, region: str | None, wanted: tuple[int, int] | None) -> Opened:
    if is_spreadsheet(part.data):
        sheets = read_spreadsheet(BytesIO(part.data))
        return _table(sheets, region, wanted) if any(sheet.rows for sheet in sheets) else ""
    text = decode(part.data)
    if text is None:
        raise NotATable
    if is_vcard(text):
        return Table((read_vcards(text),), (), (0, PHONE_COLUMN), contacts=True)
    if is_separated(text, part.ending):
        sheet = read_separated(text)
        return _table((sheet,), region, wanted) if sheet.rows else ""
    return text


def _table(sheets: tuple[Sheet, ...], region: str | None, wanted: tuple[int, int] | None) -> Table:
    columns = find_number_columns(sheets, region)
    if wanted is not None and any((one.sheet, one.column) == wanted for one in columns):
        return Table(sheets, columns, wanted)
    return Table(sheets, columns, (columns[0].sheet, columns[0].column) if columns else None)


def _source(opened: Opened) -> str | Column:
    if isinstance(opened, str):
        return opened
    if opened.chosen is not None:
        return numbers_of(opened.sheet, opened.chosen[1])
    # Nothing looks like a number: what it does say is rejected line by line.
    rows = enumerate(opened.sheet.rows, start=1)
    return Column([(place, " ".join(filter(None, map(text_of, row)))) for place, row in rows])


def _said_of(place: int, table: Table) -> TableRead:
    first = 0 if table.head is None else table.head + 1
    rows = sum(1 for row in table.sheet.rows[first:] if row)
    chosen = next((one for one in table.columns if (one.sheet, one.column) == table.chosen), None)
    if chosen is None:
        return TableRead(rows, None)
    others = [one for one in table.columns if one is not chosen][:COLUMNS_OFFERED]
    return TableRead(rows, _offered(place, table, chosen), tuple(_offered(place, table, one) for one in others))


def _offered(place: int, table: Table, one: Candidate) -> Offered:
    sheet = table.sheets[one.sheet]
    several = sum(1 for other in table.sheets if other.rows) > 1
    head = head_of(sheet, one.column)[:LONGEST_HEAD]
    return Offered(place, one.sheet, one.column, head, sheet.name if several else "", one.count)
