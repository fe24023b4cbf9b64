"""What one would write to turn the API's file into a workbook: with openpyxl, with pandas.

    python -m tests.bench.result_scripts openpyxl RESULT WORKBOOK

Both as their documentation shows it for large files, and as processes of their own.
"""

import csv
import os
import sys
from collections.abc import Iterable
from pathlib import Path


def by_openpyxl(result: Path, workbook: Path) -> None:
    """Read and write with openpyxl's modes for large files; the API's CSV with the csv module."""
    import openpyxl  # noqa: PLC0415  (not by whoever only wants to know the names here)

    rows: Iterable[tuple[object, ...]]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Result")
    if result.suffix == ".csv":
        with result.open(encoding="utf-8", newline="") as stream:
            for line in csv.reader(stream):
                sheet.append(line)
    else:
        rows = openpyxl.load_workbook(result, read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True)
        for row in rows:
            sheet.append(row)
    book.save(workbook)


def by_pandas(result: Path, workbook: Path) -> None:
    """Read and write with pandas."""
    import pandas as pd  # type: ignore[import-untyped]  # noqa: PLC0415  (takes a second)

    pd.read_excel(result, dtype=str).to_excel(workbook, index=False)


SCRIPTS = {"openpyxl": by_openpyxl, "pandas": by_pandas}

if __name__ == "__main__":
    os.nice(10)  # as the bot's own child process: else the one that is less polite wins on a busy machine
    SCRIPTS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
