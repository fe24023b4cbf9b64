"""Result files as the API makes them, and as a hostile host would."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence

import openpyxl

BLOCK_BYTES = 8 << 20
SIZE_IN_DIRECTORY = 24
"""Where an entry of the directory says how many bytes a part unpacks to (APPNOTE.TXT, 4.3.12)."""
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


def bomb(name: str, unpacked: int, unit: str, *, beside: bytes = b"", around: tuple[str, str] = ("", "")) -> bytes:
    """An archive one part of which unpacks to so many bytes, and a few more, made of the same words again and again.

    Args:
        name: the part.
        unpacked: its size.
        unit: what it is made of.
        beside: an archive whose other parts it has too.
        around: what stands before and after.
    """
    block = (unit * (1 + BLOCK_BYTES // len(unit))).encode()
    before, after = (text.encode() for text in around)
    times = 1 + unpacked // len(block)
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    # After a full flush nothing refers to what was before, so one packed block can stand there many times.
    data = packing.compress(before) + packing.flush(zlib.Z_FULL_FLUSH)
    data += (packing.compress(block) + packing.flush(zlib.Z_FULL_FLUSH)) * times
    data += packing.compress(after) + packing.flush()
    checksum = zlib.crc32(before)
    for _ in range(times):
        checksum = zlib.crc32(block, checksum)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for other, content in (unzipped(beside) if beside else {}).items():
            if other != name:
                archive.writestr(other, content)
        archive.writestr(name, data)
        entry = archive.getinfo(name)  # written to the directory at the end
        entry.compress_type, entry.CRC = zipfile.ZIP_DEFLATED, zlib.crc32(after, checksum)
        entry.file_size = len(before) + times * len(block) + len(after)
    return stream.getvalue()


def stating(archive: bytes, size: int) -> bytes:
    """The same archive with one part, whose directory states that the part has this size."""
    at = archive.rindex(b"PK\1\2") + SIZE_IN_DIRECTORY
    return archive[:at] + size.to_bytes(4, "little") + archive[at + 4 :]
