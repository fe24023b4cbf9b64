"""Looking for a number in everything that a database keeps: its file and its log byte by byte, its rows unpacked."""

import io
import sqlite3
import zipfile
import zlib
from contextlib import closing, suppress
from pathlib import Path


def traces(path: Path, *forms: str) -> list[str]:
    """Give where any of these forms of a number still stands."""
    found = []
    for file in (path, path.with_name(f"{path.name}-wal")):
        if file.exists():
            found += [f"{file.name}: {form}" for form in forms for word in _words(form) if word in file.read_bytes()]
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  (our own)
                held = b"\n".join(_unpacked(value) for value in row)
                found += [f"{table}: {form}" for form in forms for word in _words(form) if word in held]
    return found


def _words(form: str) -> set[bytes]:
    return {form.encode(), form.encode("utf-16-le"), form.encode("ascii", "backslashreplace")}


def _unpacked(value: object) -> bytes:
    """Give what a value says: compressed texts and workbooks are opened."""
    if not isinstance(value, bytes):
        return str(value).encode()
    with suppress(zlib.error):
        return zlib.decompress(value)
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(value)) as book:
        return b"\n".join(book.read(name) for name in book.namelist())
    return value
