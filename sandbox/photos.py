"""What Telegram takes for a photo, and the sizes that it makes of one.

A photo is recompressed as JPEG; here its bytes stay as they were sent, and only their header is read.
"""

import struct
from collections.abc import Callable

from sandbox.refusals import bad_request

MOST_BYTES = 10 * 1024 * 1024
MOST_SIDES = 10_000
"""Width and height together."""
MOST_RATIO = 20
BOXES = (90, 320, 800, 1280)
"""The longer side of each size that a photo is kept in."""

PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The markers that a picture's size follows: all frames but tables, extensions and conditioning (ITU-T T.81, B.1)."""
_JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers that nothing follows."""


def check_photo(data: bytes) -> tuple[int, int]:
    """Give width and height of what is a photo to Telegram.

    Raises:
        Refusal: it is too large, too long, or no picture.
    """
    if len(data) > MOST_BYTES:
        raise bad_request(
            f"file of size {len(data)} bytes is too big for a photo; the maximum size is {MOST_BYTES} bytes"
        )
    for begins, read in _READERS.items():
        if data.startswith(begins):
            size = read(data)
            break
    else:
        size = None
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if min(size) < 1 or sum(size) > MOST_SIDES or max(size) > MOST_RATIO * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size


def sizes_of(width: int, height: int) -> list[tuple[int, int]]:
    """Give the sizes that a photo is kept in, smallest first; none is larger than the photo."""
    longer = max(width, height)
    boxes = [box for box in BOXES if box < longer][: len(BOXES) - 1]
    scales = [*(box / longer for box in boxes), min(1.0, BOXES[-1] / longer)]
    return [(max(round(width * scale), 1), max(round(height * scale), 1)) for scale in scales]


def _png(data: bytes) -> tuple[int, int] | None:
    if data[12:16] != b"IHDR" or len(data) < 33 or b"IEND" not in data[-16:]:  # noqa: PLR2004 - where IHDR ends
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - every marker begins so
        marker = data[at + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 if marker in _JPEG_ALONE else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


_READERS: dict[bytes, Callable[[bytes], tuple[int, int] | None]] = {PNG: _png, b"\xff\xd8": _jpeg}
