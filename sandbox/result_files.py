"""What a check found, and the files the operator is known to write it into."""

import csv
import hashlib
import io
import random
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook

from sandbox.check_options import CheckOptions, Word

YES = "yes"
NO = "no"
UNDETERMINED = "undetermined"

SHEET = "xl/worksheets/sheet1.xml"


def lot(number: str, question: str) -> float:
    """Draw a share from 0 to below 1 that is always the same for this number and question."""
    return int.from_bytes(hashlib.sha256(f"{question} {number}".encode()).digest()[:8]) / 2**64


def verdict_of(number: str, share_yes: float = 0.6, share_undetermined: float = 0.0) -> str:
    """Say yes, no or undetermined of an E.164 number; a function of the number and the shares alone."""
    if share_undetermined and lot(number, "undetermined") < share_undetermined:
        return UNDETERMINED
    return YES if lot(number, "verdict") < share_yes else NO


@dataclass(frozen=True, slots=True)
class Finding:
    """One number of a task. ``word`` stands in the verdict column; None: the number does not come back."""

    number: str
    verdict: str
    word: Word | None


@dataclass(frozen=True, slots=True)
class Spoiling:
    """What faults do to a result: shares of numbers that are missing, unclear or repeated; rows nobody sent."""

    missing: float = 0.0
    unclear: float = 0.0
    unclear_word: Word = "unknown"
    repeated: float = 0.0
    contradicting: bool = False
    foreign: int = 0


def find(numbers: Sequence[str], options: CheckOptions, spoiling: Spoiling | None = None) -> list[Finding]:
    """Decide what comes back for each number sent, in the order sent."""
    spoiling = spoiling or Spoiling()
    words = {YES: options.words[0], NO: options.words[1]}
    found = []
    for number in numbers:
        verdict = verdict_of(number, options.share_yes, options.share_undetermined)
        if spoiling.missing and lot(number, "missing") < spoiling.missing:
            found.append(Finding(number, UNDETERMINED, None))
        elif spoiling.unclear and lot(number, "unclear") < spoiling.unclear:
            found.append(Finding(number, UNDETERMINED, spoiling.unclear_word))
        elif verdict == UNDETERMINED:
            shown = options.undetermined_as == "word" or (
                options.undetermined_as == "both" and lot(number, "shown") < 1 / 2
            )
            found.append(Finding(number, UNDETERMINED, options.undetermined_word if shown else None))
        else:
            found.append(Finding(number, verdict, words[verdict]))
    return found


def rows_of(findings: Sequence[Finding], options: CheckOptions, spoiling: Spoiling | None = None) -> list[Finding]:
    """Give the rows of the file: those that come back, with the repeated and the foreign ones, in the file's order."""
    spoiling = spoiling or Spoiling()
    rows = [finding for finding in findings if finding.word is not None]
    opposite = {YES: (NO, options.words[1]), NO: (YES, options.words[0])}
    for row in list(rows) if spoiling.repeated else []:
        if lot(row.number, "repeated") < spoiling.repeated:
            turned = spoiling.contradicting and row.verdict in opposite
            rows.append(Finding(row.number, *opposite[row.verdict]) if turned else row)
    sent = {finding.number for finding in findings}
    strangers = (f"+1202555{count:04d}" for count in range(10_000))
    unsent = (number for number in strangers if number not in sent)
    rows.extend(Finding(next(unsent), YES, options.words[0]) for _ in range(spoiling.foreign))
    if options.shuffled:
        random.Random(len(rows)).shuffle(rows)
    return rows


def write_result(rows: Sequence[Finding], options: CheckOptions) -> bytes:
    """Write the file in the form the options ask for."""
    form = options.result_form
    if form == "xlsx":
        return _xlsx(rows, options)
    if form == "csv":
        return _csv(rows, options)
    entries: dict[str, bytes] = {}
    if form in {"zip_csv", "zip_all"}:
        entries["all.csv"] = _csv(rows, options)
    if form in {"zip_txt", "zip_all"}:
        entries[options.registered_name] = _txt(rows, options, YES)
        entries["unregistered.txt"] = _txt(rows, options, NO)
    if form in {"zip_xlsx", "zip_all"}:
        entries["result.xlsx"] = _xlsx(rows, options)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _number(number: str, options: CheckOptions) -> str | int | float:
    bare = number.removeprefix("+")
    match options.number_form:
        case "e164":
            return number
        case "bare":
            return bare
        case "int":
            return int(bare)
        case "float":
            return float(bare)


def _table(rows: Sequence[Finding], options: CheckOptions, headers: tuple[str, str]) -> Iterator[list[Any]]:
    """Give the header and the rows, with the columns where the options want them."""
    yield [title.upper() if options.upper_case_headers else title for title in _columns(options, headers, "id", "note")]
    for count, row in enumerate(rows, 1):
        yield _columns(options, (_number(row.number, options), row.word), count, "")


def _columns(options: CheckOptions, pair: tuple[Any, Any], first: Any, between: Any) -> list[Any]:
    left, right = reversed(pair) if options.verdict_first else pair
    return [first, left, between, right] if options.extra_columns else [left, right]


def _xlsx(rows: Sequence[Finding], options: CheckOptions) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for cells in _table(rows, options, (options.number_column or "Number", options.verdict_column or "telegram")):
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return _misstated(stream.getvalue()) if options.wrong_dimension else stream.getvalue()


def _misstated(data: bytes) -> bytes:
    """Let the sheet say that it is one cell large, as writers do that never come back to their first line."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == SHEET:
                content = content.replace(b"<sheetViews>", b'<dimension ref="A1"/><sheetViews>', 1)
            new.writestr(entry, content)
    return stream.getvalue()


def _csv(rows: Sequence[Finding], options: CheckOptions) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    headers = options.number_column or "number", options.verdict_column or "activated"
    writer.writerows(
        [str(cell).lower() if isinstance(cell, bool) else cell for cell in cells]
        for cells in _table(rows, options, headers)
    )
    return stream.getvalue().encode()


def _txt(rows: Sequence[Finding], options: CheckOptions, verdict: str) -> bytes:
    return "".join(f"{_number(row.number, options)}\n" for row in rows if row.verdict == verdict).encode()
