"""What an archive says about itself, looked at before anything in it is unpacked.

A result comes from somebody else's host, a workbook with a list from anybody. A ZIP of a few kilobytes can unpack to
gigabytes, and a workbook's XML can name entities that grow without end or point at files, so both are refused by what
the archive's directory and the first bytes of its parts say. The directory may lie: `zipfile` gives no more bytes of an
entry than the directory states and compares the checksum, so a lie ends in an error and not in a full memory.
"""

import zipfile
from io import SEEK_END
from typing import BinaryIO, Final, NoReturn, cast
from xml.parsers import expat  # only the expat that looks for DOCTYPE; nothing is built from what it reads

MOST_ENTRIES: Final = 200
"""A result holds four files, a workbook some ten parts and one more for each sheet."""
MOST_DIRECTORY_BYTES: Final = 1 << 20
"""Read in one piece by `zipfile`, so it is limited before; 200 entries with long names take 0.1 MiB."""
MOST_UNPACKED_BYTES: Final = 2 << 30
"""All entries together. The API takes at most 10,000,000 rows: 0.2 GiB as a CSV, about 1.3 GiB as sheets."""
MOST_RATIO: Final = 200
"""Unpacked to packed. Rows of a sheet that differ in a few digits only reach 30; deflate itself can reach 1,032."""
SMALL_BYTES: Final = 1 << 20
"""An entry this small may have any ratio."""
MOST_PROLOG_BYTES: Final = 64 << 10
"""What may come before the first element of an XML part; it is usually 60 bytes."""


class ArchiveRefused(Exception):
    """The archive is broken, or unpacking it would be dangerous."""

    def __init__(self, reason: str) -> None:
        """Take the reason, a short phrase for the log that quotes nothing of the archive."""
        super().__init__(f"{type(self).__doc__} ({reason})")
        self.reason = reason


def open_archive(stream: BinaryIO, *, most_entries: int = MOST_ENTRIES) -> zipfile.ZipFile:
    """Open a ZIP whose directory promises nothing dangerous.

    Raises:
        ArchiveRefused: the directory cannot be read, or what it states is too much to unpack.
    """
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    try:
        # Twice: the first reading is only to learn whether the directory is small enough to be read at all.
        zipfile.ZipFile(cast("BinaryIO", _SmallReads(stream))).close()
        archive = zipfile.ZipFile(stream)
    except ArchiveRefused:
        raise
    except Exception as error:
        raise ArchiveRefused("broken archive") from error
    _look_at_directory(archive.infolist(), size, most_entries)
    return archive


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether the archive is itself an xlsx: it has the parts of one, whatever its address says."""
    names = [name.lower() for name in archive.namelist()]
    return "[content_types].xml" in names and any(name.startswith("xl/") for name in names)


def refuse_doctype(archive: zipfile.ZipFile) -> None:
    """Make sure that no XML part of a workbook declares a document type, and with it entities.

    Raises:
        ArchiveRefused: a part declares one, or hides its first element behind more than `MOST_PROLOG_BYTES`.
    """
    for entry in archive.infolist():
        if not entry.is_dir():
            with archive.open(entry) as part:
                _look_at_prolog(cast("BinaryIO", part))


class _SmallReads:
    """A stream that refuses to give more than a directory's worth in one piece."""

    def __init__(self, stream: BinaryIO) -> None:
        self.seek = stream.seek
        self.tell = stream.tell
        self._read = stream.read

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size > MOST_DIRECTORY_BYTES:
            raise ArchiveRefused("archive with too large a directory")
        return self._read(MOST_DIRECTORY_BYTES if size < 0 else size)


def _look_at_directory(entries: list[zipfile.ZipInfo], size: int, most_entries: int) -> None:
    if len(entries) > most_entries:
        raise ArchiveRefused("archive with too many entries")
    if len({entry.filename for entry in entries}) < len(entries):
        raise ArchiveRefused("archive with two entries of one name")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise ArchiveRefused("archive that unpacks to too much")
    if sum(entry.compress_size for entry in entries) > size:
        raise ArchiveRefused("archive whose entries overlap")
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise ArchiveRefused("archive with a password")
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise ArchiveRefused("archive packed in an unusual way")
        if entry.file_size > max(SMALL_BYTES, MOST_RATIO * entry.compress_size):
            raise ArchiveRefused("archive that unpacks to too much")


class _FirstElement(Exception):
    pass


def _look_at_prolog(part: BinaryIO) -> None:
    # Expat itself, not a search for "<!DOCTYPE": the part may be in UTF-16, and a comment may hold the word.
    def at_doctype(*_: object) -> NoReturn:
        raise ArchiveRefused("XML with a DOCTYPE")

    def at_element(*_: object) -> NoReturn:
        raise _FirstElement

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = at_doctype
    parser.StartElementHandler = at_element
    seen = 0
    try:
        while block := part.read(4096):
            seen += len(block)
            if seen > MOST_PROLOG_BYTES:
                raise ArchiveRefused("XML with too long a beginning")
            parser.Parse(block, False)  # noqa: FBT003 - pyexpat takes no keywords; False: more is to come
    except (LookupError, ValueError) as error:
        raise ArchiveRefused("XML in an unknown encoding") from error
    except (_FirstElement, expat.ExpatError):
        return  # what this expat cannot read, the one that builds the tree cannot read either
