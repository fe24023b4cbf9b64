"""The file that a submit sends, unpacked while it goes out: a list of millions of numbers is never whole in memory."""

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import compress

from bot.known import Known
from bot.packing import lines_of


class Upload:
    """A file to be read from its beginning, as httpx reads one; its size is known beforehand.

    Args:
        lines: Gives the numbers, one by one, each time from the first.
    """

    def __init__(self, lines: Callable[[], Iterable[bytes]]) -> None:
        self._lines = lines
        self.count = 0
        self.size = 0
        """In bytes."""
        for line in lines():
            self.count += 1
            self.size += len(line) + 1
        self._at = 0
        self._rest = b""
        self._coming: Iterator[bytes] = iter(())
        self.seek(0)

    def __len__(self) -> int:
        """Give the size in bytes."""
        return self.size

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to the beginning, or look where the end is."""
        if whence == os.SEEK_END:
            self._at = self.size + offset
        else:
            self._at, self._rest, self._coming = offset, b"", iter(self._lines())
        return self._at

    def tell(self) -> int:
        """Say where we are, in bytes."""
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, none at the end."""
        wanted = self.size if size < 0 else size
        taken, held = [self._rest], len(self._rest)
        while held < wanted and (line := next(self._coming, None)) is not None:
            taken += [line, b"\n"]
            held += len(line) + 1
        whole = b"".join(taken)
        given, self._rest = whole[:wanted], whole[wanted:]
        self._at += len(given)
        return given


def upload_of(numbers: bytes, known: Known | None) -> Upload:
    """Give the file that the API is sent: E.164, one a line; takes a while for a long list.

    Args:
        numbers: A packed list's.
        known: What was known of it, where only the others are sent.
    """
    if known is None:
        return Upload(lambda: lines_of(numbers))
    return Upload(lambda: compress(lines_of(numbers), known.news))
