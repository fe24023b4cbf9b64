"""Results: from the API's file to the workbook in a process of its own, beside openpyxl and pandas."""

import csv
import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bot.number_list import Number, NumberList
from bot.packing import pack
from bot.report import SheetWords
from bot.sheet_writer import Book
from tests.bench.measuring import Ended, by_turns, run
from tests.bench.row import Row
from tests.bot.result_files import sheet_xml, with_part, xlsx

MILLION: Final = 1_000_000
MOST_MIB: Final = 350.0
COUNTRIES: Final = {"RU": "Russia", "KZ": "Kazakhstan", "DE": "Germany", "GB": "United Kingdom"}
WORDS: Final = SheetWords(
    *("Sent", "Yes", "No", "Undetermined", "Repeated", "Rejected", "Time", "Cost", "Now", "Before"), {}, COUNTRIES
)


def rows(quick: bool) -> Iterator[Row]:  # noqa: FBT001  (as all benches)
    """Measure a million rows in each form the API has, 20,000, and a table whose rows are given back."""
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        million = Made(there / "million", MILLION // (200 if quick else 1))
        yield from _beside(million, million.as_workbook(), "openpyxl", rounds=1 if quick else 2, wanted=8)
        yield _peak(million, million.as_workbook(shared=True), "shared strings")
        yield from _beside(million, million.as_csv(), "openpyxl", rounds=1)
        small = Made(there / "small", 2_000 if quick else 20_000)
        yield from _beside(small, small.as_workbook(), "openpyxl", rounds=1 if quick else 5, wanted=5)
        # With pandas a million rows take minutes and a gigabyte.
        tenth = Made(there / "tenth", 2_000 if quick else 100_000)
        yield from _beside(tenth, tenth.as_workbook(), "pandas", rounds=1)
        yield _table(Made(there / "table", 300 if quick else 200_000))


def _beside(made: "Made", result: Path, name: str, *, rounds: int, wanted: float | None = None) -> Iterator[Row]:
    peaks = []

    def ours() -> float:
        ended = made.read(result)
        peaks.append(ended.peak_mib)
        return ended.seconds

    def theirs() -> float:
        return run("tests.bench.result_scripts", name, str(result), str(made.folder / "theirs.xlsx")).seconds

    took = by_turns(rounds, {"ours": ours, "theirs": theirs})
    ratio = took["theirs"] / took["ours"]
    yield Row(
        f"result of {made.count:,} rows, {result.suffix[1:]}: to verdicts and workbook",
        f"{took['ours']:.2f} s",
        f"{name} {took['theirs']:.2f} s",
        ratio,
        "" if wanted is None else f"at least {wanted:g}",
        None if wanted is None else ratio >= wanted,
    )
    yield _memory(f"  its process ({name} beside)", max(peaks))


def _peak(made: "Made", result: Path, form: str) -> Row:
    ended = made.read(result)
    return _memory(f"result of {made.count:,} rows with {form}: {ended.seconds:.2f} s, its process", ended.peak_mib)


def _memory(what: str, peak: float) -> Row:
    return Row(what, f"{peak:.0f} MiB", wanted=f"under {MOST_MIB:g} MiB", is_kept=peak < MOST_MIB)


def _table(made: "Made") -> Row:
    table = made.folder / "list.csv"
    chance = random.Random(3)
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Name", "Phone", "City", "Email", "Sum", "Note", "Date", "Manager"])
        writer.writerows(
            [
                *(f"Client {at}", number, chance.choice(("Moscow", "Kazan", "Omsk")), f"c{at}@mail.example"),
                *(chance.randrange(10**5), f"note {chance.randrange(1000)}", f"2026-01-{at % 28 + 1:02}", "Anna"),
            ]
            for at, number in enumerate(made.numbers)
        )
    run("bot.reading", "list", str(table))
    made.ask(table, {"paths": [str(table)], "region": None, "choice": None})
    ended = made.read(made.as_workbook())
    return Row(
        f"result of a table of {made.count:,} rows and 8 columns, {ended.peak_mib:.0f} MiB",
        f"{ended.seconds:.2f} s",
    )


@dataclass(slots=True)
class Made:
    """A list and what the API says of it."""

    folder: Path
    count: int

    def __post_init__(self) -> None:
        self.folder.mkdir()
        regions = list(COUNTRIES)
        listed = (
            Number(number, regions[at % len(regions)], at + 1, number if at % 2 else f"8 {number[2:]}")
            for at, number in enumerate(self.numbers)
        )
        packed = pack(NumberList(tuple(listed)))
        for part in ("numbers", "details", "rejected"):
            (self.folder / f"sent.{part}").write_bytes(getattr(packed, part))
        self.ask(self.folder / "sent", None)

    @property
    def numbers(self) -> Iterator[str]:
        return (f"+7912{at:07}" for at in range(self.count))

    @property
    def found(self) -> Iterator[tuple[str, str]]:
        """What the API says, in its own order."""
        chance = random.Random(1)
        return ((number, "yes" if chance.random() < 0.6 else "no") for number in self.numbers)

    def ask(self, numbers: Path, parts: object) -> None:
        summary = {"seconds": 431.5, "cost": "$0.74"}
        request = {"numbers": str(numbers), "repeated": 0, "words": asdict(WORDS), "summary": summary, "parts": parts}
        request |= {"known": False, "only_new": False, "day": 20_780}
        (self.folder / "request.json").write_text(json.dumps(request), encoding="utf-8")

    def read(self, result: Path) -> Ended:
        """Do what the bot's child process does."""
        return run("bot.reading", "result", str(result), "--request", str(self.folder / "request.json"))

    def as_csv(self) -> Path:
        path = self.folder / "result.csv"
        lines = "".join(f"{number[1:]},{word}\n" for number, word in self.found)
        path.write_text(f"number,activated\n{lines}", encoding="utf-8")
        return path

    def as_workbook(self, *, shared: bool = False) -> Path:
        path = self.folder / ("shared.xlsx" if shared else "inline.xlsx")
        if shared:
            with path.open("wb") as stream, Book(stream) as book, book.sheet("Sheet1", []) as sheet:
                sheet.rows([("Number", "telegram"), *self.found])
        else:
            cell = '<c r="{}{}" t="inlineStr"><is><t>{}</t></is></c>'
            rows = [("Number", "telegram"), *self.found]
            written = "".join(
                f'<row r="{at}">{cell.format("A", at, left)}{cell.format("B", at, right)}</row>'
                for at, (left, right) in enumerate(rows, 1)
            )
            path.write_bytes(with_part(xlsx(("x",)), "xl/worksheets/sheet1.xml", sheet_xml(written)))
        return path
