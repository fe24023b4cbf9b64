"""Bytes to text: which encoding a file is in, and whether it is text at all."""

import codecs

_MARKS = (
    # UTF-32 first: its mark begins like that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_TEXT = (
    b"%PDF-",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x7fELF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"\x1f\x8b",
)
"""How files begin that are surely no list, though some of them hold little but letters."""
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a"))
_LOOK = 4096
_MOST_CONTROLS = 0.01


def decode(data: bytes) -> str | None:
    """Turn the bytes of a file into text, or into nothing if they are not text.

    Understood are UTF-8, UTF-16 and UTF-32 with a byte order mark, UTF-8 and UTF-16 without, and CP1251, which is
    what is left when bytes are not UTF-8: of the one-byte encodings it is the one that lists here come in, and digits
    are the same in all of them.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _plain(_decoded(data[len(mark) :], encoding))
    if data.startswith(_NOT_TEXT):
        return None
    if b"\0" in data:
        wide = _utf16_without_mark(data)
        return None if wide is None else _plain(_decoded(data, wide))
    return None if _too_many_controls(data) else _of_single_bytes(data)


def _of_single_bytes(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return data[: error.start].decode()  # cut off in the middle of a character
        # 0x98 means nothing in CP1251; it must not cost the list.
        return data.decode("cp1251", errors="replace")


def _decoded(data: bytes, encoding: str) -> str:
    width = {"utf-8": 1, "utf-16-le": 2, "utf-16-be": 2}.get(encoding, 4)
    # What is left of a character that was cut off at the end is dropped; anything else undecodable shows as U+FFFD.
    return data[: len(data) - len(data) % width].decode(encoding, errors="replace")


def _utf16_without_mark(data: bytes) -> str | None:
    """Tell from where the zero bytes stand: digits, spaces and line ends have theirs all on one side."""
    start = data[: _LOOK + _LOOK]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if len(start) <= 1 or even + odd == 0 or min(even, odd) * 20 > max(even, odd):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _plain(text: str) -> str | None:
    """Let pass only what looks like text; a wrong guess of the encoding does not."""
    start = text[:_LOOK]
    odd = sum(character == "\ufffd" or (character < " " and character not in "\t\n\v\f\r\x1a") for character in start)
    return None if "\0" in text or odd > len(start) * _MOST_CONTROLS else text


def _too_many_controls(data: bytes) -> bool:
    start = data[:_LOOK]
    return len(start) - len(start.translate(None, _CONTROLS)) > len(start) * _MOST_CONTROLS
