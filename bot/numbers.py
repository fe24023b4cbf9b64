"""Reading lists: texts, bytes, columns of tables -> the valid numbers, the repeated, and what was rejected and why.

Never raises on them.

How people write is in ``pieces``, what a line says in ``lines``, what countries allow in ``plans`` and ``numbering``,
when digits without a plus are sure in ``bare``, and how all of it is kept in ``gathering``.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.decoding import decode
from bot.gathering import Gathering, Stood
from bot.likely_regions import likely_regions
from bot.lines import outcome_of, said_in
from bot.number_list import Invalid, Number, NumberList, Problem, Reason, Rejected
from bot.numbering import region_of
from bot.packing import PackedList, Reading, pack, submission, summarise, unpack
from bot.pieces import looks_like_list, only_piece, read_line
from bot.plans import known_region
from bot.sheets import NoPhone

__all__ = [
    "Column",
    "Number",
    "NumberList",
    "PackedList",
    "Problem",
    "Reading",
    "Reason",
    "Rejected",
    "Stood",
    "likely_regions",
    "looks_like_list",
    "pack",
    "read_numbers",
    "read_pieces",
    "submission",
    "summarise",
    "unpack",
]

BLOCK: Final = 1 << 18
"""So many characters of a text are cut into lines at a time: the lines of all would take four times its memory."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what its cells say, each with the number of its row. A cell may say several lines."""

    cells: Sequence[tuple[int, str]]


Source: TypeAlias = str | bytes | Column
Tell: TypeAlias = Callable[[float], None]


def nobody_waits(_share: float) -> None:
    """Tell nobody how far reading is."""


def read_numbers(*sources: Source, region: str | None = None, tell: Tell = nobody_waits) -> NumberList:
    """Read a list.

    Args:
        sources: the messages or files of one list, in order; line numbers run on through those that are text.
        region: ISO country whose numbers may be written without a country code. Without it no country is assumed:
            digits that are not sure to begin with a country code are rejected with ``Reason.NEEDS_COUNTRY``.
        tell: Hears now and then which share of the texts was read.
    """
    gathered = _gathered(sources, known_region(region), Gathering(), tell)
    return NumberList(problem=gathered) if isinstance(gathered, Problem) else gathered.settled()


def read_pieces(sources: Sequence[Source], region: str | None = None) -> tuple[NumberList, list[Stood]]:
    """Read a list as ``read_numbers`` does, and say also where each piece of it stood, in order."""
    gathered = _gathered(sources, known_region(region), Gathering(standing=True), nobody_waits)
    if isinstance(gathered, Problem):
        return NumberList(problem=gathered), []
    return gathered.settled(), gathered.stood()


def _gathered(sources: Sequence[Source], home: str | None, gathering: Gathering, tell: Tell) -> Gathering | Problem:
    texts: list[str | Column] = []
    for source in sources:
        text = decode(source) if isinstance(source, bytes) else source
        if text is None:
            return Problem.NOT_TEXT
        texts.append(text)
    whole, read = sum(len(text) for text in texts if isinstance(text, str)), 0
    number = 0
    for place, source in enumerate(texts):
        gathering.begin(place)
        if isinstance(source, Column):
            _take_cells(source, home, gathering)
            continue
        for block in _blocks(source):
            lines = block.splitlines()
            _take_lines(lines, number, home, gathering)
            number += len(lines)
            read += len(block)
            tell(read / whole)
    return Problem.EMPTY if gathering.is_empty else gathering


def _take_lines(lines: list[str], number: int, home: str | None, gathering: Gathering) -> None:
    """Take lines of a text; so many stood before them."""
    found, numbers = gathering.found, gathering.numbers
    for sent in lines:
        number += 1
        if sent[:1] == "+":
            # Most lines of most large lists are numbers in E.164: nothing else is asked about these.
            if sent in numbers:
                gathering.repeat(sent)
                continue
            region = region_of(sent)
            if region is not None:
                found(number, sent, region, None)
                continue
        piece = only_piece(sent)
        if piece is None:
            _take(sent, number, home, gathering)
        else:
            gathering.add(number, piece.text, outcome_of(piece, home)[0], is_written=piece.plus)


def _take_cells(column: Column, home: str | None, gathering: Gathering) -> None:
    for row, said in column.cells:
        if isinstance(said, NoPhone):
            gathering.add(row, str(said), Invalid(Reason.NOT_A_NUMBER), is_written=False)
            continue
        for sent in _clean(said).splitlines():
            _take(sent, row, home, gathering)


def _take(sent: str, number: int, home: str | None, gathering: Gathering) -> None:
    line = read_line(sent)
    if not line.blank:
        for text, is_written, outcome in said_in(sent, line, home):
            gathering.add(number, text, outcome, is_written=is_written)


def _blocks(text: str) -> Iterator[str]:
    """Cut a text after line feeds, so that no line is in two blocks."""
    begin = 0
    while begin < len(text):
        end = text.find("\n", begin + BLOCK) + 1 or len(text)
        yield _clean(text[begin:end])
        begin = end


def _clean(text: str) -> str:
    # A lone half of a surrogate pair cannot be stored or sent.
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
