"""Chat bubbles in a terminal: marked-up text, buttons, and one bubble that can be drawn again in its place."""

import re
import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Self, TextIO, TypeAlias

WIDEST = 80
NARROWEST = 40
BAR = "▌ "
QUOTE = "│ "
RESET = "\x1b[0m"
CODES = {
    "bold": "1",
    "italic": "3",
    "underline": "4",
    "strikethrough": "9",
    "text_link": "4",
    "code": "33",
    "pre": "33",
    "dim": "2",
    "button": "36",
    "bot": "1;36",
    "person": "1;32",
    "good": "1;32",
    "bad": "1;31",
}
"""How each mark of Telegram's, and each role of ours, looks: the numbers of an SGR sequence."""
QUOTES = frozenset({"blockquote", "expandable_blockquote"})

Marks: TypeAlias = frozenset[str]
Run: TypeAlias = tuple[str, Marks]
PLAIN: Marks = frozenset()


def display_width(text: str) -> int:
    """Count the columns a text takes; a flag is two letters of one column each, as most terminals draw it."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" and not _is_flag_letter(character) else 1


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def marked_lines(text: str, entities: Iterable[Mapping[str, Any]]) -> list[list[Run]]:
    """Give the lines of a message as runs of equally marked characters. Entities count UTF-16 units, as Telegram's."""
    units = text.encode("utf-16-le")
    marks: list[set[str]] = [set() for _ in range(len(units) // 2)]
    for entity in entities:
        for place in range(entity["offset"], min(entity["offset"] + entity["length"], len(marks))):
            marks[place].add(entity["type"])
    lines: list[list[Run]] = [[]]
    place = 0
    for character in text:
        if character == "\n":
            lines.append([])
        elif character not in "\r\x1b":  # what a person sent must not steer the terminal
            lines[-1].append((character, frozenset(marks[place])))
        place += len(character.encode("utf-16-le")) // 2
    return [_joined(line) for line in lines]


def _joined(runs: Iterable[Run]) -> list[Run]:
    return [("".join(text for text, _ in same), marks) for marks, same in groupby(runs, key=lambda run: run[1])]


def wrapped(line: Sequence[Run], width: int) -> list[list[Run]]:
    """Break a line at blanks so that each piece takes at most ``width`` columns; what has no blank is cut."""
    rows: list[list[Run]] = [[]]
    used = 0
    characters = [(character, marks) for text, marks in line for character in text]
    for is_blank, group in groupby(characters, key=lambda run: run[0] == " "):
        word = list(group)
        if used and used + _width_of(word) > width:
            rows.append([])
            used = 0
            if is_blank:
                continue
        for character, marks in word:
            if used and used + _columns(character) > width:
                rows.append([])
                used = 0
            rows[-1].append((character, marks))
            used += _columns(character)
    return [_joined(row) for row in rows]


def _width_of(runs: Iterable[Run]) -> int:
    return sum(display_width(text) for text, _ in runs)


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as it is drawn: who says it, its lines, the rows of its buttons.

    ``right`` puts it on the right-hand side, where people see their own messages.
    """

    speaker: str
    lines: list[list[Run]]
    rows: list[list[str]] = field(default_factory=list)
    note: str = ""
    right: bool = False


@dataclass(slots=True)
class Terminal:
    """A place to print to.

    Args:
        out: where.
        width: how many columns there are to use.
        styled: whether bold, italic and colours are shown.
        redraws: whether what was printed last can be drawn again in its place.

    """

    out: TextIO
    width: int = WIDEST
    styled: bool = False
    redraws: bool = False
    _last: int | None = None
    _height: int = 0

    @classmethod
    def on(cls, out: TextIO, environment: Mapping[str, str]) -> Self:
        """Find out what a stream can do; https://no-color.org says what NO_COLOR means."""
        if not out.isatty():
            return cls(out)
        capable = environment.get("TERM", "dumb") != "dumb"
        width = max(min(shutil.get_terminal_size().columns, WIDEST), NARROWEST)
        return cls(out, width, styled=capable and not environment.get("NO_COLOR"), redraws=capable)

    def show(self, bubble: Bubble, key: int) -> None:
        """Draw a message; in the place of its last drawing, if nothing was printed since and the terminal can."""
        if self.is_last(key) and self.redraws:
            self.out.write(f"\x1b[{self._height}A\x1b[J")
        else:
            self._write([""])
        drawing = self._drawing(bubble)
        self._write(drawing)
        self._last, self._height = key, len(drawing)

    def show_change(self, line: Sequence[Run], key: int) -> None:
        """Print what became of a message on one line; for where nothing can be drawn again."""
        self._write([f"{BAR}{self._painted(row)}" for row in wrapped(line, self.width - len(BAR))])
        self._last, self._height = key, 0

    def is_last(self, key: int) -> bool:
        """Whether this message is what was printed last."""
        return self._last == key

    def narrate(self, text: str, role: str = "dim") -> None:
        """Say something beside the conversation."""
        rows = wrapped([(text, frozenset({role}))], self.width - 4)
        self._write(["", *(f"{'  ' if place else '· '}{self._painted(row)}" for place, row in enumerate(rows))])
        self._last = None

    def say(self, text: str = "", role: str | None = None) -> None:
        """Print lines as they are."""
        marks = frozenset({role}) if role else PLAIN
        self._write([self._painted([(line, marks)]) for line in text.split("\n")])
        self._last = None

    def table(self, rows: Sequence[Sequence[str]], *, heads: bool = True) -> None:
        """Print rows under each other; ``heads`` are in the first one. What does not fit is cut."""
        widths = [max(display_width(cell) for cell in column) for column in zip(*rows, strict=True)]
        for place, row in enumerate(rows):
            cells = (cell + " " * (wide - display_width(cell)) for cell, wide in zip(row, widths, strict=True))
            line = wrapped([("  " + "  ".join(cells).rstrip(), PLAIN)], self.width)[0]
            self._write(
                [self._painted([(text, marks | {"bold"} if heads and place == 0 else marks) for text, marks in line])]
            )
        self._last = None

    def _drawing(self, bubble: Bubble) -> list[str]:
        indent = " " * (self.width // 2) if bubble.right else ""
        room = self.width - len(indent) - len(BAR)
        bar = self._painted([(BAR, frozenset({"person" if bubble.right else "bot"}))])
        head = [(bubble.speaker, frozenset({"person" if bubble.right else "bot"}))]
        if bubble.note:
            head.append((f" · {bubble.note}", frozenset({"dim"})))
        drawn = [self._painted(row) for row in wrapped(head, room)]
        for line in bubble.lines:
            quote = QUOTE if any(marks & QUOTES for _, marks in line) else ""
            drawn += [f"{bar}{quote}{self._painted(row)}" for row in wrapped(line, room - len(quote))]
        for labels in bubble.rows:
            row = " ".join(f"[ {label} ]".replace(" ", "\0") for label in labels)  # a label is not broken
            buttons = wrapped([(row, frozenset({"button"}))], room)
            drawn += [f"  {self._painted(_blanks_back(line))}" for line in buttons]
        return [indent + line for line in drawn]

    def _painted(self, runs: Iterable[Run]) -> str:
        if not self.styled:
            return "".join(text for text, _ in runs)
        return "".join(_painted(text, marks) for text, marks in runs)

    def _write(self, lines: Iterable[str]) -> None:
        self.out.write("".join(f"{re.sub(r' +$', '', line)}\n" for line in lines))
        self.out.flush()


def _blanks_back(line: list[Run]) -> list[Run]:
    return [(text.replace("\0", " "), marks) for text, marks in line]


def _painted(text: str, marks: Marks) -> str:
    codes = [CODES[mark] for mark in sorted(marks) if mark in CODES]
    return f"\x1b[{';'.join(codes)}m{text}{RESET}" if codes else text
