"""CSV and its relatives: text whose cells are separated by commas, semicolons, tabs or bars -> rows.

Every cell stays the text it is: a leading zero, a plus, a share in percent are what the person sees.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from bot.sheets import Sheet, gather

DELIMITERS: Final = "\t;|,"
"""Of equals the first one: a semicolon hardly ever stands in a cell by chance, a comma often does."""
ALONE: Final = "\x1f"
"""A character that no list holds: the rows have one cell each."""
SAMPLE_CHARACTERS: Final = 256 << 10
SAMPLE_ROWS: Final = 500
MOST_LINES_IN_CELL: Final = 200
"""A quoted cell may hold several lines. One with more begins with a quote that was never meant to be one."""
_NAMED: Final = re.compile(r"\Asep=(.)\r?\n?", re.IGNORECASE)


def read_separated(text: str) -> Sheet:
    """Read the rows of a text; a first line ``sep=;``, which only names the delimiter, is none of them.

    Raises:
        TableTooLarge: it has too many cells, or too many in a row.
    """
    named = _NAMED.match(text)
    body = text[named.end() :] if named else text
    delimiter = named[1] if named else delimiter_of(body)
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    # A quote that nothing ends would make one cell of all that follows: then quotes are characters as any other.
    plain = _has_stray_quote(body, delimiter)
    rows, _ = gather(_rows(body, delimiter, plain=plain))
    return Sheet("", rows)


def delimiter_of(text: str) -> str:
    """Find what separates the cells: what gives most rows the same number of cells, and the first of them too."""
    sample = text[:SAMPLE_CHARACTERS]
    best, found = 0.0, ALONE
    for mark in DELIMITERS:
        fit = _fit(sample, mark)
        if fit > best:
            best, found = fit, mark
    return found


def _fit(sample: str, mark: str) -> float:
    if mark not in sample:
        return 0.0
    csv.field_size_limit(max(csv.field_size_limit(), len(sample)))
    plain = _has_stray_quote(sample, mark)
    rows = [row for row in islice(_rows(sample, mark, plain=plain), SAMPLE_ROWS) if any(row)]
    if len(rows) > 1 and len(sample) == SAMPLE_CHARACTERS:
        rows.pop()  # the sample may end within it
    widths = Counter(len(row) for row in rows)
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    share = count / len(rows)
    if mark == "," and _is_prose(rows):
        share *= 0.5
    # A lone comma in every other line is a way of writing; what separates cells does so nearly everywhere. Titles above
    # the table and totals below it have one cell or few.
    if share <= (0.5 if len(rows) > 3 else 0.4) and not (width > 2 and count > 2):  # noqa: PLR2004  (three cells, thrice)
        return 0.0
    return share + (0.2 if len(rows[0]) == width else 0.0) + min(width, 20) / 100


def _is_prose(rows: list[list[str]]) -> bool:
    """Tell whether commas are followed by blanks, as in sentences and addresses."""
    after = [cell for row in rows for cell in row[1:]]
    return sum(cell.startswith(" ") for cell in after) * 2 > len(after)


def _rows(text: str, delimiter: str, *, plain: bool) -> Iterator[list[str]]:
    lines = io.StringIO(text, newline="")
    if plain:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=delimiter)


def _has_stray_quote(text: str, delimiter: str) -> bool:
    if '"' not in text:
        return False
    last: list[str] = []
    for row in _rows(text, delimiter, plain=False):
        if any(cell.count("\n") > MOST_LINES_IN_CELL for cell in row):
            return True
        last = row or last
    # The last cell goes on over line ends, and the quotes are not in pairs: the end of the text is all that ended it.
    return bool(last) and "\n" in last[-1] and text.count('"') % 2 == 1
