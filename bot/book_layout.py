"""Where a workbook keeps its sheets and its strings, and which of its styles surely show a number as a number."""

import re
import zipfile
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET  # documents with a DOCTYPE are refused before; see bot.archives

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
_RELATION: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_RELATED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SHEET_TYPE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_BOOKS: Final = ("sheet.main+xml", "template.main+xml")
_MACROS: Final = "application/vnd.ms-excel."
_BOOK: Final = "xl/workbook.xml"
_PLAIN_PATH: Final = re.compile(r"(?:/xl/)?((?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+\.xml)")
_PLAIN_FORMATS: Final = frozenset({0, 1, 2, 3, 4, 9, 10, 11, 37, 38, 39, 40, 48, 49})
"""Of those that every program knows (ECMA-376, 18.8.30) the ones without a date or a time."""
_PLAIN_CODE: Final = re.compile(r"[0#?,.@ ]+|General")
_MOST_BYTES: Final = 8 << 20


class NotSure(Exception):
    """The workbook holds something that only openpyxl shall read."""


@dataclass(frozen=True, slots=True)
class BookParts:
    """The parts that hold cells."""

    sheets: tuple[str, ...]
    """In the order of the workbook."""
    strings: str | None
    """Where strings are that cells share."""
    plain_styles: frozenset[int]
    """The styles of cells that show a number as it is, and not as a date."""


def find_parts(archive: zipfile.ZipFile) -> BookParts:
    """Find the parts of a workbook.

    Raises:
        NotSure: it is laid out in an unusual way.
    """
    kinds = [
        (part.get("ContentType", ""), part.get("PartName", ""))
        for part in _read(archive, "[Content_Types].xml").iter(_TYPES)
    ]
    books = [name for kind, name in kinds if kind.startswith(_MACROS) or kind in {_KIND + book for book in _BOOKS}]
    strings = [_inside(archive, name) for kind, name in kinds if kind == f"{_KIND}sharedStrings+xml"]
    if books != [f"/{_BOOK}"] or len(strings) > 1:
        raise NotSure("an unusual layout")
    return BookParts(_sheets(archive), strings[0] if strings else None, _plain_styles(archive))


def _sheets(archive: zipfile.ZipFile) -> tuple[str, ...]:
    related = list(_read(archive, "xl/_rels/workbook.xml.rels").iter(_RELATION))
    by_id = {one.get("Id"): one for one in related}
    named = [sheet.get(_RELATED) for sheet in _read(archive, _BOOK).iter(f"{{{MAIN}}}sheet")]
    if len(by_id) < len(related) or not named or not by_id.keys() >= set(named):
        raise NotSure("an unusual layout")
    found = [by_id[name] for name in named]
    if any(one.get("Type") != _SHEET_TYPE or one.get("TargetMode", "Internal") != "Internal" for one in found):
        raise NotSure("a sheet of an unusual kind")
    return tuple(_inside(archive, one.get("Target", "")) for one in found)


def _inside(archive: zipfile.ZipFile, target: str) -> str:
    path = _PLAIN_PATH.fullmatch(target)
    if path is None or f"xl/{path[1]}" not in archive.namelist():
        raise NotSure("an unusual layout")
    return f"xl/{path[1]}"


def _plain_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    styles = _read(archive, "xl/styles.xml")
    own = [(int(one.get("numFmtId", "-1")), one.get("formatCode", "")) for one in styles.iter(f"{{{MAIN}}}numFmt")]
    plain = (_PLAIN_FORMATS - {number for number, _ in own}) | {
        number for number, code in own if _PLAIN_CODE.fullmatch(code)
    }
    plain -= {number for number, code in own if not _PLAIN_CODE.fullmatch(code)}
    cells = styles.find(f"{{{MAIN}}}cellXfs")
    shown = [] if cells is None else [int(one.get("numFmtId", "0")) for one in cells]
    return frozenset(place for place, number in enumerate(shown) if number in plain)


def _read(archive: zipfile.ZipFile, name: str) -> "ET.Element[str]":
    try:
        if archive.getinfo(name).file_size > _MOST_BYTES:
            raise NotSure("an unusual layout")
        return ET.fromstring(archive.read(name))  # noqa: S314 - see above
    except (KeyError, ET.ParseError) as error:
        raise NotSure("an unusual layout") from error
