"""Whether a result is so small, and so plain, that it is read without a process of its own.

A child process takes a quarter of a second to begin, twenty times as long as it takes to read a short result: where
hundreds of short lists end in the same moment, that would be what they wait for. What a hostile file could do stays
bounded by what it may hold: no more bytes than this, packed or unpacked, and nothing packed twice.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.archives import ArchiveRefused, open_archive
from bot.packing import PackedList
from bot.reading import NotUnderstoodError, answer_to, parser, where_it_broke
from bot.results import ResultNotUnderstood


class ReadingFailed(Exception):
    """A file could not be read within the time and memory it is given."""

    def __init__(self, cause: str) -> None:
        """Take the cause, a short phrase for the log that quotes nothing of the file."""
        super().__init__(f"{type(self).__doc__} ({cause})")
        self.cause = cause


LIST_BYTES: Final = 16 << 10
"""Of a packed list: some two thousand numbers."""
FILE_BYTES: Final = 128 << 10
UNPACKED_BYTES: Final = 1 << 20
PLAIN: Final = (".csv", ".txt", ".xml", ".rels")
"""What holds nothing packed; the parts of a workbook are such, a workbook in an archive is not."""


def is_small_result(path: Path, sent: PackedList) -> bool:
    """Say whether this result of this list may be read by the bot itself.

    Raises:
        OSError: the file cannot be read.
    """
    if len(sent.numbers) + len(sent.details) + len(sent.rejected) > LIST_BYTES:
        return False
    if not path.exists():  # nobody was asked: all was known
        return True
    if path.stat().st_size > FILE_BYTES:
        return False
    with path.open("rb") as stream:
        if stream.read(2) != b"PK":
            return True
        try:
            with open_archive(stream) as archive:
                entries = archive.infolist()
                plain = all(entry.filename.lower().endswith(PLAIN) for entry in entries)
                return plain and sum(entry.file_size for entry in entries) <= UNPACKED_BYTES
        except ArchiveRefused:
            return False


async def read_small_result(arguments: Sequence[str]) -> str:
    """Read a small result in a thread, as the child would, and give what the child would print.

    Raises:
        ResultNotUnderstood: the file is no result of this list.
        ReadingFailed: it broke.
        OSError: the disk is full.
    """
    try:
        return await asyncio.to_thread(answer_to, parser().parse_args(arguments))
    except NotUnderstoodError as error:
        raise ResultNotUnderstood(str(error)) from None
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - as the child does it: what broke may quote the file
        raise ReadingFailed(where_it_broke(error)) from None
