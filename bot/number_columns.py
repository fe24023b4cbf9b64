"""Which column of a table holds the phone numbers, and where its heads are.

Cells are read as lists are; what the heads say decides between columns that both could be phones.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.number_list import Reason
from bot.numbers import Column, Rejected, looks_like_list, read_pieces
from bot.sheets import Cell, NoPhone, Row, Sheet, is_blank, text_of

SAMPLE_ROWS: Final = 2_000
SAMPLE_CELLS: Final = 200_000
"""So much of a sheet is read to tell its columns: all of most tables, some seconds' worth of the largest."""
HEAD_ROWS: Final = 60
"""So many rows are looked at for the heads; titles, dates and addresses above them take fewer."""

_SURE: Final = re.compile(
    r"phone|mobile|\bmob\b|\btel\b|\bcell\b|whats|viber|msisdn|телефон|\bтел\b|моб|сотов|ватсап|вайбер|вотсап"
)
_PERHAPS: Final = re.compile(r"number|contact|номер|контакт|telegram|телеграм|связ")
_OTHER: Final = re.compile(
    r"\b(?:id|ид|ids|inn|инн|кпп|огрн|огрнип|бик|bic|swift|iban|снилс|ssn|vat|sku|ean|uuid|guid|imei|pin|zip|index)\b"
    r"|account|order|invoice|contract|amount|price|total|\bsum|balance|date|birth|passport|barcode|\bcard|tracking"
    r"|счет|счёт|заказ|договор|сумма|цена|остаток|дата|рожд|паспорт|индекс|штрих|артикул|карт[аы]|трек|полис|накладн"
    r"|\bкод|\bcode|п/п|\bfax|факс"
)
_TOUCHING: Final = re.compile(r"[\W_]+")
_WRITTEN: Final = re.compile(r"[+(]|\d[ -]\d")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that could be the one. Sheets and columns are counted from 0."""

    sheet: int
    column: int
    count: int
    """How many of its cells look like phone numbers; of a table that is not read whole about so many."""
    score: float


def find_number_columns(sheets: tuple[Sheet, ...], region: str | None = None) -> tuple[Candidate, ...]:
    """Give all columns in which anything looks like a phone number, the most likely first."""
    found = [
        candidate
        for place, sheet in enumerate(sheets)
        for step in [_step(sheet)]
        for column in range(sheet.width)
        if (candidate := _look_at(place, sheet, column, step, region)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (-one.score, one.sheet, one.column)))


def head_row(sheet: Sheet, column: int) -> int | None:
    """Find the row with the heads, counted from 0; None where the numbers begin at once."""
    above = []
    for row in sheet.rows[:HEAD_ROWS]:
        if _is_number(cell_at(row, column)):
            break
        above.append(row)
    for place, row in enumerate(above):
        if _SURE.search(_words(cell_at(row, column))):
            return place
    usual = Counter(_filled(row) for row in sheet.rows[: 2 * HEAD_ROWS] if row).most_common(1)
    fewest = max(1.0, 0.6 * usual[0][0]) if usual else 1.0
    # Heads are words, above each of the columns or nearly so; a title has one cell, a row of data a number or a date.
    for place, row in enumerate(above):
        named = not is_blank(cell_at(row, column)) or _filled(row) > 1
        if named and _filled(row) >= fewest and all(_is_head(cell) for cell in row):
            return place
    return None


def head_of(sheet: Sheet, column: int) -> str:
    """Give what the heads call a column, on one line; empty where nothing does."""
    row = head_row(sheet, column)
    return "" if row is None else " ".join(text_of(cell_at(sheet.rows[row], column)).split())


def cell_at(row: Row, column: int) -> Cell:
    """Give a cell of a row, which may end before it."""
    return row[column] if column < len(row) else None


def numbers_of(sheet: Sheet, column: int) -> Column:
    """Give the cells under the heads that say something; where the heads come again, as on printed pages, not them."""
    head = head_row(sheet, column)
    first = 0 if head is None else head + 1
    named = None if head is None else text_of(cell_at(sheet.rows[head], column))
    said = ((place, text_of(cell_at(row, column))) for place, row in enumerate(sheet.rows[first:], start=first + 1))
    return Column([(place, text) for place, text in said if text and text != named])


def _step(sheet: Sheet) -> int:
    """Choose how many rows to go on from one that is looked at to the next."""
    rows = max(1, min(SAMPLE_ROWS, SAMPLE_CELLS // max(1, sheet.width)))
    return max(1, -(-len(sheet.rows) // rows))


def _look_at(place: int, sheet: Sheet, column: int, step: int, region: str | None) -> Candidate | None:
    sample = [text_of(cell_at(row, column)) for row in sheet.rows[::step]]
    filled = sum(not is_blank(text) for text in sample)
    perhaps = [(at, text) for at, text in enumerate(sample) if not isinstance(text, NoPhone) and looks_like_list(text)]
    if not perhaps:
        return None
    weights: dict[int, float] = {}
    for piece in read_pieces([Column(perhaps)], region)[1]:
        weights[piece.line] = max(weights.get(piece.line, 0.0), _weight(piece.said))
    counted = [at for at, weight in weights.items() if weight]
    if not counted:
        return None
    weight = sum(weights.values())
    texts = [text for _, text in perhaps]
    likely = weight * weight / filled * _by_head(head_of(sheet, column)) * _by_form(texts) * _by_variety(texts)
    return Candidate(place, column, len(counted) * step, likely * (0.5 if sheet.hidden else 1.0))


_WEIGHTS: Final = {Reason.NEEDS_COUNTRY: 0.6, Reason.DAMAGED: 0.3}


def _weight(said: str | Rejected) -> float:
    return _WEIGHTS.get(said.reason, 0.0) if isinstance(said, Rejected) else 1.0


def _by_head(head: str) -> float:
    words = _words(head)
    if _SURE.search(words):
        return 1.5 if _OTHER.search(words) else 4.0
    if _OTHER.search(words):
        return 0.1
    return 1.5 if _PERHAPS.search(words) else 1.0


def _by_form(texts: list[str]) -> float:
    """Doubt what counts up from row to row, and trust what is written as only phones are."""
    if sum(_WRITTEN.search(text) is not None for text in texts) * 2 > len(texts):
        return 1.5
    digits = [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < SAMPLE_ROWS]
    steps = Counter(later - earlier for earlier, later in pairwise(digits))
    return 0.3 if len(digits) > 4 and steps[1] * 2 > len(digits) else 1.0  # noqa: PLR2004  (fewer may be a chance)


def _by_variety(texts: list[str]) -> float:
    """Doubt a few numbers that come again and again: they are the phones of managers or shops, not of the people."""
    return 0.3 if len(set(texts)) * 10 < len(texts) else 1.0


def _words(cell: Cell) -> str:
    words = text_of(cell)
    return _TOUCHING.sub(" ", words[:200].casefold()).strip()


def _filled(row: Row) -> int:
    return sum(not is_blank(cell) for cell in row)


def _is_head(cell: Cell) -> bool:
    text = text_of(cell)
    return not text or (isinstance(cell, str) and not isinstance(text, NoPhone) and not looks_like_list(text))


def _is_number(cell: Cell) -> bool:
    text = text_of(cell)
    if isinstance(text, NoPhone) or not looks_like_list(text):
        return False
    return any(_weight(piece.said) for piece in read_pieces([Column([(1, text)])])[1])
