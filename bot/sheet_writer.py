"""Writing a workbook: rows go straight into the XML of its sheets, and never more than a block of them is at hand.

A million rows take a tenth of openpyxl's time so. Texts stand in the strings that cells share, not in the cells: some
programs that show workbooks, Apple's among them, were known to leave out those within cells.
"""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from math import isfinite
from typing import IO, BinaryIO, Final, Self

from bot.book_layout import MAIN
from bot.book_parts import HEAD, TEXT, Style, Written, parts, path_of
from bot.sheets import GENERAL, Cell, ErrorText, Plain, Shown

MOST_ROWS: Final = 1_048_576
"""What a sheet can hold, its heads included."""
LONGEST_TEXT: Final = 32_767
"""What a cell can hold, in UTF-16 units."""
ROWS_AT_ONCE: Final = 2048
STRINGS_AT_ONCE: Final = 1 << 20
"""In characters."""
MOST_REMEMBERED: Final = 65_536
"""So many texts are known by their places: one that comes again is written once."""
LONGEST_REMEMBERED: Final = 200
LEVEL: Final = 4
"""Of compression: a tenth larger than the usual 6, in a third of the time."""

_ERRORS: Final = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
# What XML cannot hold: control characters but tab and line ends, halves of surrogate pairs, two that are no characters.
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNUSUAL: Final = re.compile("[^ -%'-;=?-^`-~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What cannot stand as it is: also an underscore, which may begin what looks like the code of a character."""
_CODE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_EMPTY: Final = "/>"
_DEFAULTS: Final = (
    (datetime, "yyyy-mm-dd h:mm:ss"),
    (date, "yyyy-mm-dd"),
    (time, "h:mm:ss"),
    (timedelta, "[hh]:mm:ss"),
)
"""How times are shown of which nobody says how."""
_DAY_ZERO: Final = date(1899, 12, 30)
_LEAP_DAYS: Final = 60
"""Spreadsheets have a 29 February 1900; before it they count one day less."""
_DAY_SECONDS: Final = 86_400


def storable(text: str) -> str:
    """Give a text without what a cell cannot hold."""
    if len(text) * 2 <= LONGEST_TEXT:
        return text if text.isprintable() else _NOT_IN_XML.sub("", text)
    text = _NOT_IN_XML.sub("", text)
    return text.encode("utf-16-le")[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")


def letters_of(place: int) -> str:
    """Name a column, counted from 0: 2 is C."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


class Book:
    """A workbook that is being written; whole once ``with`` is left. Its sheets are written one after the other."""

    def __init__(self, stream: BinaryIO) -> None:
        """Write to a stream, which is not closed."""
        self._archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        self._sheets: list[Written] = []
        self._styles = {Style(): ""}
        self._texts: dict[str, str] = {}
        self.strings = _Strings()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Write the parts that are known at the end."""
        if kind is None:
            self._write("xl/sharedStrings.xml", self.strings.blocks())
            for name, content in parts(self._sheets, list(self._styles)):
                self._write(name, [content.encode()])
        self._archive.close()

    def style(self, number_format: str = GENERAL, *, is_bold: bool = False) -> str:
        """Give the attribute by which cells name a style."""
        style = Style(number_format, is_bold)
        if style not in self._styles:
            place = len(self._styles)
            self._styles[style] = f' s="{place}"' if place else ""
        return self._styles[style]

    def text(self, text: str) -> str:
        """Give the end of the element of a cell that holds a text; empty for an empty one."""
        cell = self._texts.get(text)
        if cell is None:
            cell = self.new_text(text)
            if len(text) <= LONGEST_REMEMBERED:
                if len(self._texts) >= MOST_REMEMBERED:
                    self._texts.clear()
                self._texts[text] = cell
        return cell

    def new_text(self, text: str, *, is_bold: bool = False) -> str:
        """Give the same for a text that hardly comes again."""
        stored = storable(text)
        return f'{self.style(TEXT, is_bold=is_bold)} t="s"><v>{self.strings.place(stored)}</v></c>' if stored else ""

    @contextmanager
    def sheet(
        self,
        title: str,
        widths: Sequence[int],
        *,
        frozen: int = 0,
        filtered: tuple[int, int] | None = None,
        is_hidden: bool = False,
    ) -> Iterator["WrittenSheet"]:
        """Write a sheet.

        Args:
            title: Its name, unlike all others.
            widths: Of its first columns, in characters.
            frozen: So many rows stay on the screen.
            filtered: How many columns and rows have a filter, the heads included.
            is_hidden: It is not shown; the first one always is.
        """
        end = f"${letters_of(filtered[0] - 1)}${filtered[1]}" if filtered else ""
        place = len(self._sheets)
        self._sheets.append(Written(title, is_hidden and place > 0, f"$A$1:{end}" if filtered else None))
        with self._archive.open(path_of(place), "w") as part:
            part.write(f'{HEAD}<worksheet xmlns="{MAIN}">{_view(frozen)}{_columns(widths)}<sheetData>'.encode())
            yield WrittenSheet(self, part)
            part.write(b"</sheetData>")
            if filtered:
                part.write(f'<autoFilter ref="A1:{end.replace("$", "")}"/>'.encode())
            part.write(b"</worksheet>")

    def _write(self, name: str, blocks: Iterable[bytes]) -> None:
        with self._archive.open(name, "w") as part:
            for block in blocks:
                part.write(block)


class WrittenSheet:
    """The rows of a sheet that is being written. A text is marked as one, whatever it begins with."""

    def __init__(self, book: Book, part: IO[bytes]) -> None:
        """Write into a part that is open."""
        self._book, self._part = book, part
        self._row = 0
        self._letters: list[str] = []

    def rows(self, rows: Iterable[Sequence[Cell | Decimal]], *, is_bold: bool = False) -> None:
        """Write rows as they come; nothing is written for a cell that is empty."""
        remaining = iter(rows)
        while block := list(islice(remaining, ROWS_AT_ONCE)):
            self._part.write("".join([self._written(row, is_bold=is_bold) for row in block]).encode())

    def alike(self, columns: Sequence[Sequence[str]]) -> None:
        """Write rows out of columns of cells, which ``repeated`` and ``new_texts`` have given.

        Five columns take a third of the time so that they take cell by cell.
        """
        first = self._row + 1
        self._row += len(columns[0])
        form = "".join(f'<c r="{letters_of(place)}%d"%s' for place in range(len(columns)))
        row = f'<row r="%d">{form}</row>'
        numbers = range(first, self._row + 1)
        mixed = [one for column in columns for one in (numbers, column)]
        self._part.write("".join([row % cells for cells in zip(numbers, *mixed, strict=True)]).encode())

    def cell(self, value: Cell | Decimal, *, is_bold: bool = False) -> str:
        """Give the end of a cell's element, behind its place; empty for an empty cell."""
        if type(value) is str:  # as most are, and no kind of it
            return self._book.new_text(value, is_bold=True) if is_bold else self._book.text(value)
        number_format = GENERAL
        if isinstance(value, Shown):
            value, number_format = value
        if isinstance(value, ErrorText) and value in _ERRORS:
            return f'{self._book.style(is_bold=is_bold)} t="e"><v>{value}</v></c>'
        if isinstance(value, str) or (isinstance(value, float) and not isfinite(value)):
            return self._book.new_text(str(value), is_bold=is_bold)
        if value is None:
            return ""
        if number_format == GENERAL and not isinstance(value, int | float | Decimal):
            number_format = next(shown for kind, shown in _DEFAULTS if isinstance(value, kind))
        style = self._book.style(number_format, is_bold=is_bold)
        if isinstance(value, bool):
            return f'{style} t="b"><v>{value:d}</v></c>'
        if isinstance(value, int | float | Decimal):
            return f"{style}><v>{value!s}</v></c>"
        return f"{style}><v>{_serial(value)!r}</v></c>"

    def repeated(self, values: Sequence[Plain], number_format: str = GENERAL) -> list[str]:
        """Give cells of values that come again and again."""
        known = {value: self.cell(Shown(value, number_format)) or _EMPTY for value in set(values)}
        return [known[value] for value in values]

    def new_texts(self, texts: Sequence[str]) -> list[str]:
        """Give cells of texts that hardly come again: those without anything unusual are not looked up."""
        lines = "\n".join(("", *texts, ""))
        plain = not _UNUSUAL.search("".join(texts)) and not any(edge in lines for edge in ("\n ", " \n", "\n\n"))
        if not plain or max(map(len, texts), default=0) * 2 > LONGEST_TEXT:
            return [self.cell(text) or _EMPTY for text in texts]
        style = self._book.style(TEXT)
        return [f'{style} t="s"><v>{place}</v></c>' for place in self._book.strings.new_places(texts)]

    def _written(self, row: Sequence[Cell | Decimal], *, is_bold: bool) -> str:
        self._row += 1
        number = self._row
        while len(self._letters) < len(row):
            self._letters.append(letters_of(len(self._letters)))
        cells = [
            f'<c r="{letters}{number}"{cell}'
            for letters, value in zip(self._letters, row, strict=False)
            if value is not None and (cell := self.cell(value, is_bold=is_bold))
        ]
        return f'<row r="{number}">{"".join(cells)}</row>'


class _Strings:
    """The strings of a workbook. They are written behind the sheets, so they wait here, compressed."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: list[str] = []
        self._size = 0
        self._packed: list[bytes] = []

    def place(self, text: str) -> int:
        """Give a text its place."""
        self._add(_element(text))
        self.count += 1
        return self.count - 1

    def new_places(self, texts: Sequence[str]) -> range:
        """Give new places to texts with nothing unusual in them."""
        first = self.count
        self.count += len(texts)
        self._add(f"<si><t>{'</t></si><si><t>'.join(texts)}</t></si>" if texts else "")
        return range(first, self.count)

    def blocks(self) -> Iterator[bytes]:
        """Give the part of the strings."""
        yield f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{self.count}">'.encode()
        yield from map(zlib.decompress, self._packed)
        yield "".join(self._waiting).encode()
        yield b"</sst>"

    def _add(self, elements: str) -> None:
        self._waiting.append(elements)
        self._size += len(elements)
        if self._size >= STRINGS_AT_ONCE:
            self._packed.append(zlib.compress("".join(self._waiting).encode(), 1))
            self._waiting.clear()
            self._size = 0


def _element(text: str) -> str:
    if not _UNUSUAL.search(text):
        return f"<si><t>{text}</t></si>" if text == text.strip() else f'<si><t xml:space="preserve">{text}</t></si>'
    return f'<si><t xml:space="preserve">{_escaped(text)}</t></si>'


def _escaped(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CODE.sub("_x005F_", text)


def _serial(value: date | datetime | time | timedelta) -> int | float:
    """Say a time in days, as spreadsheets count them."""
    if isinstance(value, timedelta):
        return value.total_seconds() / _DAY_SECONDS
    days, seconds = 0, 0.0
    if isinstance(value, date):
        days = (value.date() if isinstance(value, datetime) else value).toordinal() - _DAY_ZERO.toordinal()
        days -= 0 < days <= _LEAP_DAYS
    if isinstance(value, datetime | time):
        seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    return days + seconds / _DAY_SECONDS if seconds else days


def _view(frozen: int) -> str:
    if not frozen:
        return ""
    return (
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{frozen}" topLeftCell="A{frozen + 1}"'
        ' activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews>'
    )


def _columns(widths: Sequence[int]) -> str:
    if not widths:
        return ""
    columns = (f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(widths, 1))
    return f"<cols>{''.join(columns)}</cols>"
