"""Result files as the API makes them, and as a hostile host would."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def csv(*rows: Sequence[object], delimiter: str = ",") -> bytes:
    return "".join(delimiter.join(map(str, row)) + "\n" for row in rows).encode()


def xlsx(*rows: Sequence[object], title: str = "Sheet1") -> bytes:
    return workbook({title: rows})


def workbook(sheets: Mapping[str, Iterable[Sequence[object]]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zipped(members: Mapping[str, bytes | str], *, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packed) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def unzipped(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def with_part(archive: bytes, name: str, data: bytes | str) -> bytes:
    """The same archive with one part put in or put in another's place."""
    return zipped({**unzipped(archive), name: data})


def sheet_xml(rows: str, dimension: str = "", before: str = "") -> str:
    """A sheet's XML by hand, for what no honest program writes."""
    stated = f'<dimension ref="{dimension}"/>' if dimension else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet xmlns="{MAIN}">{stated}'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )
