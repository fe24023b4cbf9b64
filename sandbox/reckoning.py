"""Holding what the bot said against what the sandbox knows: its ledger, and its verdict of each number."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from openpyxl import load_workbook

from sandbox.calls import Call
from sandbox.check_api import CheckServer

VERDICTS = ("yes", "no", "undetermined")
Rows: TypeAlias = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the bot showed: the counts on its button and in its summary, and the files it sent."""

    button: str
    caption: str
    workbook: bytes
    only_yes: bytes


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What is true: the numbers that were charged, and the verdict of each, in the order sent."""

    charges: int
    numbers: tuple[str, ...]
    verdicts: tuple[str, ...]

    @classmethod
    def of(cls, checker: CheckServer) -> "Reckoning":
        """Read it from the ledger."""
        numbers = checker.ledger[-1].numbers if checker.ledger else ()
        return cls(len(checker.ledger), numbers, tuple(map(checker.verdict_of, numbers)))

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many yes, no and undetermined there are."""
        yes, no, undetermined = (self.verdicts.count(verdict) for verdict in VERDICTS)
        return yes, no, undetermined


def sheet(workbook: bytes, name: str) -> Rows:
    """Read a sheet of a workbook as texts, shares as percents; no rows where there is no such sheet."""
    book = load_workbook(io.BytesIO(workbook), read_only=True)
    try:
        rows = book[name].iter_rows(values_only=True) if name in book.sheetnames else iter(())
        return [tuple(map(_as_text, row)) for row in rows]
    finally:
        book.close()


def disagreements(shown: Shown, truth: Reckoning) -> list[str]:
    """Say in sentences where what was shown is not what is true; nothing where all agrees."""
    yes, no, undetermined = truth.counts
    count = len(truth.numbers)
    summary = [_counts(line) for line in shown.caption.split("\n")[:3]]
    found = []
    if truth.charges != 1:
        found.append(f"the ledger has {truth.charges} charges instead of 1")
    if _counts(shown.button)[:1] != [count]:
        found.append(f"the button says “{shown.button}”, the ledger has {count} numbers")
    if [line[:size] for line, size in zip(summary, (2, 1, 1), strict=False)] != [[yes, count], [no], [undetermined]]:
        found.append(f"the summary is not {yes} yes of {count}, {no} no, {undetermined} undetermined")
    rows = [row[:2] for row in sheet(shown.workbook, "Result")[1:]]
    if rows != list(zip(truth.numbers, truth.verdicts, strict=True)):
        found.append("the rows of the sheet Result are not the ledger's numbers and their verdicts")
    totals = [row[1] for row in sheet(shown.workbook, "Summary")[:4]]
    if totals != [str(number) for number in (count, yes, no, undetermined)]:
        found.append("the sheet Summary does not have the counts of the ledger")
    pairs = zip(truth.numbers, truth.verdicts, strict=True)
    if shown.only_yes.decode().split() != [number for number, verdict in pairs if verdict == "yes"]:
        found.append("the file with only yes does not hold the numbers whose verdict is yes")
    return found


def mistakes(refused: Sequence[Call], checker: CheckServer) -> list[str]:
    """Say what the bot asked of either server that no client should ask."""
    found = [f"Telegram refused {call.method}: {call.description}" for call in refused]
    found += [f"the checking API refused {refusal.method} {refusal.path}: {refusal.why}" for refusal in checker.refused]
    return found + [f"the API key was in {leak.where} of {leak.path}" for leak in checker.leaks]


def _as_text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.1%}"
    return "" if cell is None else str(cell)


def _counts(line: str) -> list[int]:
    """Read the whole numbers of a line; digits are grouped by commas, or by blanks that do not break."""
    return [int(re.sub(r"\D", "", found)) for found in re.findall(r"\d+(?:[,\u00a0\u202f]\d{3}(?!\d))*", line)]
