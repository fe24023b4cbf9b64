"""What Telegram looks at in a picture before it takes it as a photo: that it is one, and its sides."""

import struct

from sandbox.refusals import bad_request

LARGEST_BYTES = 10 * 1024 * 1024
LONGEST_SIDES = 10_000
"""Width and height together."""
LARGEST_RATIO = 20
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8"
JPEG_SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""The markers of a JPEG file after which its height and width stand."""


def check_photo(data: bytes) -> tuple[int, int]:
    """Give the width and height of a PNG or JPEG picture.

    Raises:
        Refusal: too many bytes, no picture, or sides that Telegram does not take.
    """
    if len(data) > LARGEST_BYTES:
        sentence = f"file of size {len(data)} bytes is too big for a photo; the maximum size is {LARGEST_BYTES} bytes"
        raise bad_request(sentence)
    sides = picture_sides(data)
    if sides is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(sides) > LONGEST_SIDES or max(sides) > LARGEST_RATIO * min(sides):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return sides


def picture_sides(data: bytes) -> tuple[int, int] | None:
    """Read width and height from the head of a PNG or JPEG file; None for anything else."""
    try:
        if data.startswith(PNG) and data[12:16] == b"IHDR":
            width, height = struct.unpack_from(">II", data, 16)
        elif data.startswith(JPEG):
            height, width = _jpeg_sides(data)
        else:
            return None
    except struct.error:  # the file ends before its size
        return None
    return (width, height) if width and height else None


def _jpeg_sides(data: bytes) -> tuple[int, int]:
    place = len(JPEG)
    while True:
        mark, kind, length = struct.unpack_from(">BBH", data, place)
        if mark != 0xFF:  # noqa: PLR2004 - every marker begins with it
            raise struct.error
        if kind in JPEG_SIZES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return height, width
        place += 2 + length
