"""What one cell of a result says: a number, a verdict, or neither."""

import re
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Verdict(StrEnum):
    """Whether a number has a Telegram account; undetermined is never shown as no."""

    YES = "yes"
    NO = "no"
    UNDETERMINED = "undetermined"


_STATES: Final = ("activated", "active", "registered")
_OPPOSITES: Final = ("un", "not", "non", "no")

# In lower case, without the spaces, hyphens and underscores between words.
_VERDICTS: Final[dict[str, Verdict]] = {
    **dict.fromkeys(("yes", "y", "true", "t", "1", "1.0", *_STATES), Verdict.YES),
    **dict.fromkeys(("no", "n", "false", "f", "0", "0.0", "inactive"), Verdict.NO),
    **{opposite + state: Verdict.NO for opposite in _OPPOSITES for state in _STATES},
}

# Among other words of a file's name only these mean something: "numbers no 1" is not a list of no.
_IN_NAMES: Final = {word for word in _VERDICTS if word.endswith(_STATES) or word == "inactive"}
_WHOLE_NAMES: Final = {"yes", "no", "true", "false"}
_NO_LIST: Final = {"unknown", "undetermined", "failed", "failure", "error", "errors", "invalid", "all"}
_BETWEEN_WORDS: Final = re.compile(r"(?<=[a-z])[\s\-_]+(?=[a-z])")
_NOT_IN_NUMBERS: Final = re.compile(r"[\s\-()'\"=\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_NUMBER: Final = re.compile(r"(?:\+|00)?([1-9][0-9]{3,14})(?:[.,]0{0,2})?")
_SCIENTIFIC: Final = re.compile(r"\+?([1-9](?:[.,][0-9]{1,17})?)[eE]\+?([0-9]{1,2})")
_PLAIN_NUMBERS: Final = re.compile(r"\+?[1-9][0-9]{3,14}(?:\n\+?[1-9][0-9]{3,14})*")
_LONGEST_CELL: Final = 64
_LARGEST: Final = 10**15
_SMALLEST: Final = 10**3


def number_in(cell: object) -> int | None:
    """The E.164 number in a cell without its plus; None where there is none.

    Numbers come back as text with or without a plus, as whole numbers, as floats and as text of floats. A float counts
    only when it is whole, so a number that lost its last digits is at worst one that was never sent.
    """
    if isinstance(cell, str):
        return _number_in_text(cell)
    if isinstance(cell, bool):
        return None
    if isinstance(cell, float):
        if not cell.is_integer():  # also false for infinity and not-a-number
            return None
        cell = int(cell)
    if isinstance(cell, int) and _SMALLEST <= cell < _LARGEST:
        return cell
    return None


def numbers_in(cells: Sequence[object]) -> list[int | None]:
    """Give the number in each cell, as ``number_in`` does; where all are plain texts, in a tenth of the time."""
    try:
        if _PLAIN_NUMBERS.fullmatch("\n".join(cells)):  # type: ignore[arg-type]  # what is no text ends in TypeError
            return list(map(int, cells))  # type: ignore[arg-type]
    except (TypeError, ValueError):  # or a cell of two lines
        pass
    return list(map(number_in, cells))


def _number_in_text(text: str) -> int | None:
    if len(text) > _LONGEST_CELL:
        return None
    found = _NUMBER.fullmatch(text)
    if not found:
        text = _NOT_IN_NUMBERS.sub("", text)
        found = _NUMBER.fullmatch(text)
    if found:
        return int(found[1])
    if scientific := _SCIENTIFIC.fullmatch(text):
        exact = Decimal(scientific[1].replace(",", ".")).scaleb(int(scientific[2]))
        if exact == exact.to_integral_value():
            return number_in(int(exact))
    return None


def verdict_in(cell: object) -> Verdict:
    """The verdict in a cell; undetermined for any word that is not surely a yes or a no."""
    if isinstance(cell, str):
        word = cell.strip().casefold() if len(cell) <= _LONGEST_CELL else ""
        return _VERDICTS.get(word) or _VERDICTS.get(_BETWEEN_WORDS.sub("", word), Verdict.UNDETERMINED)
    if isinstance(cell, bool | int | float) and cell in {0, 1}:
        return Verdict.YES if cell else Verdict.NO
    return Verdict.UNDETERMINED


def verdicts_in(cells: Sequence[object]) -> list[Verdict]:
    """Give the verdict in each cell: a column says the same few things again and again."""
    known = {cell: verdict_in(cell) for cell in set(cells)}  # what is equal means the same: 1, 1.0 and True
    return [known[cell] for cell in cells]


def verdict_in_name(name: str) -> Verdict | None:
    """The verdict that a file in an archive gives to every number in it, told from its name.

    `activated.txt` and `task_7-registered (2).txt` are yes, `unregistered.txt` and `not activated.csv` are no; None for
    a name that says nothing, such as `all.csv`, or that says two things.
    """
    stem = name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0].casefold()
    words = re.findall(r"[^\W\d_]+", stem)
    if len(words) == 1 and words[0] in _WHOLE_NAMES:
        return _VERDICTS[words[0]]
    if not _NO_LIST.isdisjoint(words):
        return None
    pairs = zip(["", *words], words, strict=False)
    said = {_VERDICTS[before + word if before in _OPPOSITES else word] for before, word in pairs if word in _IN_NAMES}
    return said.pop() if len(said) == 1 else None
