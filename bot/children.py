"""What comes of a child process that reads a file: what it says, and how it ended."""

import asyncio
import errno
import os
from pathlib import Path
from typing import Final

from bot.reading import NO_ROOM, NOT_UNDERSTOOD
from bot.results import ResultNotUnderstood

MOST_ANSWER_BYTES: Final = 1 << 20
MOST_COMPLAINT_BYTES: Final = 4096


class ReadingFailed(Exception):
    """A file could not be read within the time and memory it is given."""

    def __init__(self, cause: str) -> None:
        """Take the cause, a short phrase for the log that quotes nothing of the file."""
        super().__init__(f"{type(self).__doc__} ({cause})")
        self.cause = cause


def environment() -> dict[str, str]:
    """Give what a child knows of its surroundings.

    Not what the bot knows: a file that takes the child over finds no token and no key there.
    """
    root = str(Path(__file__).resolve().parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}


async def read_some(stream: asyncio.StreamReader | None, most: int) -> bytes:
    """Read to the end and keep the beginning: a child that prints without end must neither wait nor fill the memory."""
    kept = bytearray()
    while stream is not None and (block := await stream.read(most)):
        kept += block[: most - len(kept)]
    return bytes(kept)


def look_at_end(code: int, complaint: bytes) -> None:
    """Raise what the end of a child means.

    Args:
        code: Its exit code, negative where a signal ended it.
        complaint: What it wrote to stderr.

    Raises:
        ResultNotUnderstood: the file is no result of this list.
        ReadingFailed: it broke.
        OSError: the disk is full.
    """
    said = complaint.decode("utf-8", "replace").strip()
    if code == NOT_UNDERSTOOD:
        raise ResultNotUnderstood(said)
    if code == NO_ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if code:
        raise ReadingFailed(said.splitlines()[-1] if said and code > 0 else f"ended with {code}")
