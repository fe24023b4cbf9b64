"""The API's result file -> a verdict for every number that was sent.

What a file is, is told from its first bytes: ZIPs are served under .xlsx. It may be a workbook, a ZIP of tables, lists
and workbooks, or a bare table. Everything it says is heard; where it contradicts itself, says anything but yes or no,
or does not mention a number, the number is undetermined, which is never "no".
"""

import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO, Final, cast

from bot.archives import ArchiveRefused, is_workbook, open_archive, refuse_doctype
from bot.cells import Verdict, numbers_in, verdict_in_name, verdicts_in
from bot.columns import SAMPLE_ROWS, find_columns
from bot.sheet_reader import read_sheets
from bot.tables import EMPTY, NotATable, Row, sheets, text_rows

__all__ = ["ResultNotUnderstood", "Verdict", "Verdicts", "read_result"]

_LETTERS: Final = {Verdict.YES: "y", Verdict.NO: "n", Verdict.UNDETERMINED: "u"}
_BY_LETTER: Final = {letter: verdict for verdict, letter in _LETTERS.items()}

# What was said of a number is a sum of these, so the order in which it was said does not matter.
_SAID: Final = {Verdict.YES: 1, Verdict.NO: 2, Verdict.UNDETERMINED: 4}
_CODES: Final = bytes.maketrans(bytes(range(8)), b"uynuuuuu")

ROWS_AT_ONCE: Final = 4096

_ZIP_BEGINNINGS: Final = {b"PK\3\4", b"PK\5\6", b"PK\7\x08"}

_MOST_NESTED_BYTES: Final = 256 << 20
"""A workbook inside a ZIP is held in memory; 256 MiB of it are some ten million rows."""


class ResultNotUnderstood(Exception):
    """The result file could not be read as numbers with verdicts."""

    def __init__(self, reason: str) -> None:
        """Take the reason, a short phrase for the log that quotes nothing of the file."""
        super().__init__(f"{type(self).__doc__} ({reason})")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the API said of the numbers of one list.

    `codes` has one letter for each number, in the order sent: y, n or u. `foreign` counts rows with a number that was
    not sent; where a ZIP says the same in several ways, the way that has most of them.
    """

    codes: str
    foreign: int = 0

    @property
    def yes(self) -> int:
        """How many have an account."""
        return self.codes.count("y")

    @property
    def no(self) -> int:
        """How many have none."""
        return self.codes.count("n")

    @property
    def undetermined(self) -> int:
        """How many the API gave no yes or no for."""
        return len(self.codes) - self.yes - self.no

    def of(self, index: int) -> Verdict:
        """The verdict of the number sent at `index`, counted from 0."""
        return _BY_LETTER[self.codes[index]]


def read_result(stream: BinaryIO, sent: Iterable[str]) -> Verdicts:
    """Read a result file and reconcile it with what was sent.

    Args:
        stream: the file, open for reading and seekable; it is not closed.
        sent: the numbers as they were submitted, E.164 with or without the plus.

    Raises:
        ResultNotUnderstood: the file is no result, or one that speaks of none of the numbers; nothing else is raised,
            whatever the bytes are.
    """
    said = _Said(sent)
    try:
        _hear(stream, said)
    except ResultNotUnderstood:
        raise
    except (ArchiveRefused, NotATable) as error:
        raise ResultNotUnderstood(error.reason) from None
    except Exception as error:  # noqa: BLE001 - the libraries raise anything on broken files, MemoryError too
        # Not `from error`: its message may quote a cell, and cells are personal data.
        raise ResultNotUnderstood(f"broken: {type(error).__name__}") from None
    return said.verdicts()


class _Said:
    """What has been said of each number so far."""

    def __init__(self, sent: Iterable[str]) -> None:
        self._places: dict[int, int] = {}
        self._others: dict[int, int | None] = {}
        """Of places whose number stood before, that place; None for what is no number."""
        remaining, count = iter(sent), 0
        while block := list(islice(remaining, ROWS_AT_ONCE)):
            numbers = numbers_in(block)
            new = {number: place for place, number in enumerate(numbers, count) if number is not None}
            if len(new) == len(block) and self._places.keys().isdisjoint(new):  # as nearly always
                self._places.update(new)
            else:
                self._note(numbers, count)
            count += len(block)
        self._said = bytearray(count)
        self._foreign = 0
        self._most_foreign = 0
        self.understood = False

    def _note(self, numbers: Sequence[int | None], at: int) -> None:
        for place, number in enumerate(numbers, at):
            first = None if number is None else self._places.setdefault(number, place)
            if first != place:
                self._others[place] = first

    def __contains__(self, number: object) -> bool:
        return number in self._places

    def hear(self, numbers: Sequence[int | None], verdicts: Iterable[Verdict]) -> None:
        for place, number, verdict in zip(map(self._places.get, numbers), numbers, verdicts, strict=True):  # type: ignore[arg-type]  # None is no key
            if place is not None:
                self._said[place] |= _SAID[verdict]
            elif number is not None:
                self._foreign += 1

    def end_of_telling(self) -> None:
        """What follows tells the same list again: its foreign rows are not added to those so far."""
        self._most_foreign = max(self._most_foreign, self._foreign)
        self._foreign = 0

    def verdicts(self) -> Verdicts:
        self.end_of_telling()
        if not self.understood:
            raise ResultNotUnderstood("no table with numbers and verdicts")
        if self._most_foreign and not any(self._said):
            raise ResultNotUnderstood("none of the numbers that were sent")
        for place, first in self._others.items():
            self._said[place] = 0 if first is None else self._said[first]
        return Verdicts(self._said.translate(_CODES).decode("ascii"), self._most_foreign)

    def so_far(self) -> tuple[bytes, int, bool]:
        """Give what ``back_to`` goes back to."""
        return bytes(self._said), self._foreign, self.understood

    def back_to(self, before: tuple[bytes, int, bool]) -> None:
        """Unhear what was said since."""
        said, self._foreign, self.understood = before
        self._said[:] = said


def _hear(stream: BinaryIO, said: _Said) -> None:
    stream.seek(0)
    if stream.read(4) not in _ZIP_BEGINNINGS:
        stream.seek(0)
        _hear_table(text_rows(stream), said)
        return
    with open_archive(stream) as archive:
        if is_workbook(archive):
            _hear_workbook(stream, archive, said)
        else:
            _hear_archive(archive, said)


def _hear_table(rows: Iterator[Row], said: _Said, name: str = "") -> None:
    sample = list(islice(rows, SAMPLE_ROWS))
    columns = find_columns(sample, said)
    if columns is None:
        return
    of_all = verdict_in_name(name) if columns.verdict is None else None
    if columns.verdict is None and of_all is None:
        return
    said.understood = True
    every = chain(sample, rows)
    while block := list(islice(every, ROWS_AT_ONCE)):
        numbers = numbers_in(_column(block, columns.number))
        of_each = [of_all] * len(block) if of_all is not None else verdicts_in(_column(block, columns.verdict))
        said.hear(numbers, of_each)


def _column(block: Sequence[Row], place: int | None) -> list[object]:
    return [row[place] if place is not None and place < len(row) else None for row in block]


def _hear_workbook(stream: BinaryIO, archive: zipfile.ZipFile, said: _Said) -> None:
    refuse_doctype(archive)
    before = said.so_far()
    try:
        for rows in read_sheets(archive):
            _hear_table(rows, said)
    except Exception:  # noqa: BLE001 - NotSure, and whatever broken XML may end in: openpyxl has the last word on it
        said.back_to(before)
    else:
        return
    stream.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions, which do not matter here
        for sheet in sheets(stream):
            _hear_table(sheet, said)


def _hear_archive(archive: zipfile.ZipFile, said: _Said) -> None:
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]
    # Tables, lists and workbooks are each the whole list told once more.
    for kind in (_is_workbook_name, _is_list_name, _is_text_name):
        for entry in [entry for entry in entries if kind(entry.filename)]:
            entries.remove(entry)
            with archive.open(entry) as member:
                if kind is _is_workbook_name:
                    _hear_nested(cast("BinaryIO", member), entry.file_size, said)
                else:
                    _hear_member(cast("BinaryIO", member), entry.filename, said)
        said.end_of_telling()


def _hear_member(member: BinaryIO, name: str, said: _Said) -> None:
    try:
        rows = text_rows(member)
    except NotATable as error:
        # A list with nobody on it is an answer; a note beside the tables is none, and no reason to refuse them.
        if error.reason == EMPTY and verdict_in_name(name) is not None:
            said.understood = True
    else:
        _hear_table(rows, said, name)


def _hear_nested(member: BinaryIO, size: int, said: _Said) -> None:
    if size > _MOST_NESTED_BYTES:
        raise ResultNotUnderstood("a workbook too large inside a ZIP")
    copy = io.BytesIO(member.read())
    with open_archive(copy) as archive:
        if is_workbook(archive):  # anything else inside is not opened a level deeper
            _hear_workbook(copy, archive, said)


def _is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _is_workbook_name(name: str) -> bool:
    return name.lower().endswith((".xlsx", ".xlsm"))


def _is_text_name(name: str) -> bool:
    return name.lower().endswith((".csv", ".txt", ".tsv"))


def _is_list_name(name: str) -> bool:
    return _is_text_name(name) and verdict_in_name(name) is not None
