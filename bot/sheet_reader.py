"""The cells of a workbook, read out of its XML in blocks: the many rows of a result in a twentieth of openpyxl's time.

It reads the plain forms in which programs write tables, and nothing else. Whatever it is not sure of, a formula,
formatted text, a date, a comment, another encoding, rows out of order, ends in ``NotSure``: then the whole workbook is
for openpyxl to read. So what is read here is what openpyxl reads.

A block of the XML is split by a pattern made of the rows at its beginning. What is left between rows of that form is
looked at cell by cell.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from typing import BinaryIO, Final, NamedTuple, TypeAlias, cast

from bot.book_layout import NotSure, find_parts
from bot.xml_blocks import TEXT, Frame, blocks_of, with_characters

__all__ = ["NotSure", "read_sheets"]

Row: TypeAlias = Sequence[object]

MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 256
"""As in ``bot.tables``: columns beyond are not looked at."""
MOST_STRINGS: Final = 4_000_000
MOST_STRING_CHARACTERS: Final = 256 << 20
ROWS_FOR_FORM: Final = 10

_STRING: Final = re.compile(f'<si><t(?: xml:space="preserve")?>({TEXT}*)</t></si>')
_ROW: Final = re.compile(
    r'<row(?: r="([1-9][0-9]{0,6})")?((?: [A-Za-z0-9:]+="[^"<>&\s]*")*)(?:/>|>(.*?)</row>)', re.DOTALL
)
_ATTRIBUTE: Final = re.compile(r' ([A-Za-z0-9:]+)="')
_CELL: Final = re.compile(
    r'<c(?: r="([A-Z]{1,3})([0-9]{1,7})")?(?: s="([0-9]{1,5})")?(?: t="([A-Za-z]{1,9})")?'
    rf'(?:/>|></c>|><v>({TEXT}*)</v></c>|><is><t(?: xml:space="preserve")?>({TEXT}*)</t></is></c>)'
)
_VALUE, _INLINE = 5, 6
_OF_ROWS: Final = frozenset(
    {"spans", "s", "customFormat", "ht", "customHeight", "hidden", "outlineLevel", "collapsed", "thickTop", "thickBot"}
)
_OF_EXCEL: Final = "x14ac:dyDescent"
_KINDS: Final = {
    "s": "[0-9]{1,9}",
    "n": r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?(?:[eE][+-]?[0-9]{1,3})?",
    "b": "[01]",
    "str": f"{TEXT}+",
    "e": f"{TEXT}+",
    "inlineStr": f"{TEXT}+",
}


def read_sheets(archive: zipfile.ZipFile) -> Iterator[Iterator[Row]]:
    """Give the rows of each sheet, the first sheet first; blank rows are left out.

    The archive must have been looked at before: nothing here limits what it unpacks to.

    Raises:
        NotSure: while rows are read as well; then nothing of what was read counts.
    """
    parts = find_parts(archive)
    strings = [] if parts.strings is None else _read_strings(archive, parts.strings)
    for sheet in parts.sheets:
        yield chain.from_iterable(_blocks_of(archive, sheet, strings, parts.plain_styles))


def _read_strings(archive: zipfile.ZipFile, path: str) -> list[str]:
    strings: list[str] = []
    room = MOST_STRING_CHARACTERS
    with archive.open(path) as part:
        for block in blocks_of(cast("BinaryIO", part), Frame("sst", item="si"), b"</si>"):
            found = _STRING.split(block)
            room -= len(block)
            # openpyxl takes this out of shared strings: what looks like the code of a character is none behind it.
            if any(found[::2]) or "x005F_" in block or room < 0:
                raise NotSure("strings that are not plain")
            strings += with_characters(found[1::2], block)
            if len(strings) > MOST_STRINGS:
                raise NotSure("too many strings")
    return strings


def _blocks_of(archive: zipfile.ZipFile, path: str, strings: list[str], plain: frozenset[int]) -> Iterator[list[Row]]:
    frame = Frame("worksheet", "sheetData", item="row")
    reader = _Rows(strings, plain, frame.prefixes)
    with archive.open(path) as part:
        for block in blocks_of(cast("BinaryIO", part), frame, b"</row>"):
            yield list(filter(any, reader.read(block)))


class _Cell(NamedTuple):
    """One cell of a row."""

    column: int
    """Counted from 0."""
    kind: str
    text: str
    """As it is written; empty where the cell is."""
    form: str
    """A pattern of cells like it, the text in a group, the row's number as the first group of the whole pattern."""


@dataclass(slots=True)
class _Rows:
    """Reads the rows of one sheet."""

    strings: list[str]
    plain_styles: frozenset[int]
    prefixes: set[str | None]
    last: int = 0
    """The row that was read last, counted from 1."""

    def read(self, block: str) -> Iterable[Row]:
        """Give the rows of a block in their order."""
        if not block:
            return ()
        form, cells = self._form(block)
        pattern = re.compile(form)
        step = pattern.groups + 1
        found = pattern.split(block)
        rows: list[Iterable[Row]] = []
        begin = 0
        for place in [place * step for place, between in enumerate(found[::step]) if between]:
            rows += [self._alike(found[begin:place], step, cells, block), self._one_by_one(found[place])]
            begin = place
        return chain.from_iterable((*rows, self._alike(found[begin:], step, cells, block)))

    def _form(self, block: str) -> tuple[str, list[_Cell]]:
        """Choose the form that most rows at the beginning of a block have."""
        forms = {}
        counts: Counter[str] = Counter()
        for row in islice(_ROW.finditer(block), ROWS_FOR_FORM):
            self._look_at(row[2])
            cells = list(self._cells(row[3] or "", row[1]))
            begin = '<row r="([1-9][0-9]{0,6})"' if row[1] else "<row()"
            form = f"{begin}{re.escape(row[2])}>{''.join(cell.form for cell in cells)}</row>"
            forms[form] = cells
            counts[form] += 1
        if not counts:
            raise NotSure("something between rows")
        ((form, _),) = counts.most_common(1)
        return form, forms[form]

    def _alike(self, found: list[str], step: int, cells: list[_Cell], block: str) -> Iterable[Row]:
        """Put together rows of one form: ``found`` is what was split, without the text before the first of them."""
        numbers = found[1::step]
        if not numbers:
            return ()
        self._go_on(numbers)
        columns: dict[int, Sequence[object]] = {}
        group = 2
        for cell in cells:
            if cell.text:
                columns[cell.column] = self._values(cell.kind, found[group::step], block)
                group += 1
        nothing = [None] * len(numbers)
        width = min(max(columns, default=-1) + 1, MOST_COLUMNS)
        return zip(*(columns.get(place, nothing) for place in range(width)), strict=True)

    def _one_by_one(self, block: str) -> list[Row]:
        rows: list[Row] = []
        at = 0
        while at < len(block):
            row = _ROW.match(block, at)
            if row is None:
                raise NotSure("something between rows")
            at = row.end()
            self._look_at(row[2])
            self._go_on([row[1] or ""])
            values: list[object] = []
            for cell in self._cells(row[3] or "", row[1]):
                if cell.text and cell.column < MOST_COLUMNS:
                    if not re.fullmatch(_KINDS[cell.kind], cell.text):
                        raise NotSure("a value of an unusual form")
                    values += [None] * (cell.column - len(values))
                    values += self._values(cell.kind, [cell.text], cell.text)
            rows.append(values)
        return rows

    def _go_on(self, numbers: list[str]) -> None:
        """Make sure that rows follow one another, and none is beyond the end of a sheet."""
        first = int(numbers[0] or self.last + 1)
        end = first + len(numbers) - 1
        if numbers[0] and numbers != list(map(str, range(first, end + 1))):
            places = list(map(int, numbers))
            if any(before >= after for before, after in pairwise(places)):
                raise NotSure("rows out of order")
            end = places[-1]
        if first <= self.last or end > MOST_ROWS:
            raise NotSure("rows out of order")
        self.last = end

    def _values(self, kind: str, texts: list[str], block: str) -> Sequence[object]:
        if kind == "s":
            try:
                return list(map(self.strings.__getitem__, map(int, texts)))
            except IndexError as error:
                raise NotSure("a string that is not there") from error
        if kind == "n":
            return [_number(text) for text in texts]
        if kind == "b":
            return [text == "1" for text in texts]
        return with_characters(texts, block)

    def _cells(self, content: str, row: str | None) -> Iterator[_Cell]:
        at, column = 0, -1
        while at < len(content):
            cell = _CELL.match(content, at)
            if cell is None:
                raise NotSure("a cell of an unusual form")
            at, before = cell.end(), column
            column = _place(cell[1]) if cell[1] else column + 1
            kind = cell[4] or "n"
            group = _INLINE if kind == "inlineStr" else _VALUE
            if column <= before or kind not in _KINDS or cell[_INLINE + _VALUE - group] is not None:
                raise NotSure("cells out of order, or of an unusual kind")
            if kind == "n" and cell[group] and int(cell[3] or 0) not in self.plain_styles:
                raise NotSure("a number that may be a date")
            yield _Cell(column, kind, cell[group] or "", _form_of(cell, group, kind, row))

    def _look_at(self, attributes: str) -> None:
        names = _ATTRIBUTE.findall(attributes)
        if len(set(names)) < len(names) or not _OF_ROWS.issuperset(set(names) - {_OF_EXCEL}):
            raise NotSure("a row of an unusual form")
        if _OF_EXCEL in names and "x14ac" not in self.prefixes:
            raise NotSure("broken XML")


def _form_of(cell: re.Match[str], group: int, kind: str, row: str | None) -> str:
    """Make a pattern of a cell."""
    written, value = cell[0], ""
    if cell[group]:
        begin, end = cell.start(group) - cell.start(), cell.end(group) - cell.start()
        written, rest = written[:begin], written[end:]
        value = f"({_KINDS[kind]}){re.escape(rest)}"
    form = re.escape(written)
    if cell[1] and cell[2] == row:
        form = form.replace(f'"{cell[1]}{row}"', rf'"{cell[1]}\1"', 1)
    return form + value


def _place(letters: str) -> int:
    """Give the place of a column, counted from 0: C is 2."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _number(text: str) -> int | float:
    return float(text) if "." in text or "e" in text or "E" in text else int(text)
