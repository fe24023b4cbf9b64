"""A large part of a workbook in blocks: so many whole items at a time, rows or strings, as the text of their XML.

What stands around the items is read by expat; the items are for whoever asked for them.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final
from xml.parsers import expat  # documents with a DOCTYPE are refused before; see bot.archives

from bot.book_layout import MAIN, NotSure

BLOCK_BYTES: Final = 1 << 20
LONGEST_ROW: Final = 4 << 20
"""In bytes."""

# What XML may hold literally, but for ends of lines: those are read as one kind.
TEXT: Final = "[^<>\x00-\x1f\x7f-\x9f\ufffe\uffff]"
_NAMED: Final = re.compile("&(?:amp|lt|gt|quot|apos);")
_CHARACTERS: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


class Frame:
    """What stands around the many items of a part: expat says whether it is XML, and what it is about."""

    def __init__(self, *path: str, item: str) -> None:
        self.begin, self.close = f"<{item}".encode(), f"</{path[-1]}>".encode()
        self.prefixes: set[str | None] = set()
        """Of the namespaces that the outermost element declares."""
        self._opening = re.compile(rf"<{path[-1]}(?: [^<>]*)?>\s*\Z".encode())
        self._wanted = [f"{MAIN}}}{name}" for name in path]
        self._item = f"{MAIN}}}{item}"
        self._path: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.XmlDeclHandler = self._declared
        self._parser.StartNamespaceDeclHandler = self._bound
        self._parser.StartElementHandler = self._started
        self._parser.EndElementHandler = self._ended

    def open(self, data: bytes) -> None:
        """Read what stands before the first item: now the items' own holder is open, which has no prefix."""
        self.read(data)
        if self._path != self._wanted or not self._opening.search(data):
            raise NotSure("items in an unusual place")

    def read(self, data: bytes, *, last: bool = False) -> None:
        """Read more of what stands around the items."""
        try:
            self._parser.Parse(data, last)
        except (expat.ExpatError, ValueError) as error:
            raise NotSure("broken XML") from error

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "utf-8").lower() != "utf-8":
            raise NotSure("another encoding")

    def _bound(self, prefix: str | None, _uri: str) -> None:
        if not self._path:
            self.prefixes.add(prefix)

    def _started(self, name: str, _attributes: object) -> None:
        self._path.append(name)
        if name == self._item:
            raise NotSure("items in an unusual place")

    def _ended(self, _name: str) -> None:
        self._path.pop()


def blocks_of(part: BinaryIO, frame: Frame, end: bytes) -> Iterator[str]:
    """Give whole items, many at a time, as text; what stands before and after them goes to the frame."""
    rest = part.read(BLOCK_BYTES)
    begin = rest.find(frame.begin)
    if begin < 0:
        raise NotSure("nothing at the beginning")
    frame.open(rest[:begin])
    rest = rest[begin:]
    while (close := rest.find(frame.close)) < 0:
        cut = rest.rfind(end) + len(end)
        if cut >= len(end):
            yield _decoded(rest[:cut])
            rest = rest[cut:]
        block = part.read(BLOCK_BYTES)
        if not block or len(rest) > LONGEST_ROW:
            raise NotSure("no end")
        rest += block
    yield _decoded(rest[:close])
    frame.read(rest[close:])
    while block := part.read(BLOCK_BYTES):
        frame.read(block)
    frame.read(b"", last=True)


def _decoded(block: bytes) -> str:
    try:
        text = block.decode()
    except UnicodeDecodeError as error:
        raise NotSure("broken XML") from error
    if "&" in text and "&" in _NAMED.sub("", text):
        raise NotSure("characters named in an unusual way")
    return text


def with_characters(texts: list[str], block: str) -> list[str]:
    """Put characters where their names are; ``block`` is what the texts were taken from."""
    if "&" in block:
        for name, character in _CHARACTERS:
            texts = [text.replace(name, character) for text in texts]
    return texts
