"""A child process that reads one file under its own limits of memory and time.

    python -m bot.reading list PATH... [--region RU] [--hints RU,KZ] [--choice 0.0.2]
    python -m bot.reading result PATH --request REQUEST.json
    python -m bot.reading part PATH --request REQUEST.json

`list` reads the files as one list (what each is, is told from its bytes and the ending of its path), writes its packed
parts to PATH.numbers, PATH.details and PATH.rejected (PATH is the first of them), and prints what the preview needs to
know as JSON. Before that it prints now and then how much of the texts it has read: a whole number of percent, and a
line feed.

`result` reads what the API answered, writes PATH.verdicts (the codes, zlib) and PATH.xlsx (the workbook for people),
and prints the counts as JSON. The request names what was sent:

    {"numbers": path without the endings of the packed parts, "repeated": 0, "words": {...},
     "summary": {"seconds": 431.5, "cost": "$0.74"}, "known": false, "only_new": false, "day": 20000,
     "parts": {"paths": [...], "region": "RU", "choice": "0.0.2"}}

With `known` what was known before lies beside the numbers (codes, days); with `only_new` only the others were sent. The
parts are the files of a list that came as a table, whose rows the workbook gives back; null for any other list.

`part` writes a file of some of a result's numbers as PATH.xlsx or PATH.csv. Its request names them:

    {"numbers": as above, "codes": "ynu...", "letter": "y", "countries": {"RU": "Russia"}, "kind": "csv",
     "rows": path or null}

The rows are in the workbook of a list that came as a table: the part then holds those of its numbers.

It ends with 0 when all was written, with 3 when the result was not understood (why is on stderr), with 5 when the disk
is full, and with anything else when it broke. What it writes to stderr never quotes the file: numbers are personal
data, and stderr is logged.
"""

import argparse
import contextlib
import errno
import json
import os
import resource
import sys
import threading
import traceback
import zlib
from collections.abc import Iterator, Sequence
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

if TYPE_CHECKING:
    from datetime import date

    from bot.list_parts import Part
    from bot.packing import PackedList
    from bot.report import SheetWords, Summary
    from bot.results import Verdicts

MEMORY_BYTES: Final = 2 << 30
"""Of address space. A million rows take some 0.3 GiB; the rest is room for ten million and for what Python reserves."""
CPU_SECONDS: Final = 900
"""A last resort: whoever started this process is expected to lose patience before."""

NOT_UNDERSTOOD: Final = 3
BROKEN: Final = 1
ORPHANED: Final = 4
NO_ROOM: Final = 5

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""How a system says that the disk takes no more: it is full, or our part of it is used up."""


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says and give the exit code. Sets no limits: see `limit_itself`."""
    asked = _parser().parse_args(arguments)
    if asked.while_stdin_open:
        end_with_parent()
    try:
        if asked.what == "list":
            answer = _read_list(asked.paths, asked.region, asked.choice, asked.hints.split(",") if asked.hints else [])
        elif asked.what == "part":
            answer = _write_part(asked.path, asked.request)
        else:
            answer = _read_result(asked.path, asked.request)
    except _NotUnderstoodError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_UNDERSTOOD
    except Exception as error:  # noqa: BLE001 - a traceback would quote what the file holds; this says where, not what
        if isinstance(error, OSError) and error.errno in FULL:
            return NO_ROOM
        place = traceback.extract_tb(error.__traceback__)[-1]
        sys.stderr.write(f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}\n")
        return BROKEN
    sys.stdout.write(answer)
    sys.stdout.flush()
    return 0


def limit_itself() -> None:
    """Take away from this process what a hostile file could misuse. There is no way back."""
    os.umask(0o077)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),  # a core dump would hold the numbers
    ):
        hard = resource.getrlimit(what)[1]
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(OSError, ValueError):  # not every system knows every limit
            resource.setrlimit(what, (limit, limit))
    os.nice(10)  # people who talk to the bot meanwhile come first
    with contextlib.suppress(OSError):  # where the machine's memory runs out this process goes, and not the bot
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def end_with_parent() -> None:
    """End at once when the other end of stdin closes, as it does when the parent is killed: no orphan works on."""

    def watch() -> None:
        # os.read, not sys.stdin: a thread that holds the lock of sys.stdin would upset the interpreter at its end.
        with contextlib.suppress(OSError):
            while os.read(0, 1024):
                pass
        os._exit(ORPHANED)

    threading.Thread(target=watch, daemon=True).start()


class _NotUnderstoodError(Exception):
    """The result was not understood; the text is the reason."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.reading", description="Read one file in a process of its own.")
    parser.add_argument("--while-stdin-open", action="store_true", help="end at once when stdin closes")
    commands = parser.add_subparsers(dest="what", required=True)
    of_list = commands.add_parser("list", help="read files as one list of numbers")
    of_list.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    of_list.add_argument("--region", help="country of the numbers without a country code")
    of_list.add_argument("--hints", default="", help="countries to try first, comma separated")
    of_list.add_argument("--choice", help="for tables: part.sheet.column, counted from 0")
    for name, what in (("result", "read a result of the checking API"), ("part", "write a part of a result")):
        command = commands.add_parser(name, help=what)
        command.add_argument("path", type=Path, metavar="PATH")
        command.add_argument("--request", type=Path, required=True, help="JSON: what was sent, and the words to use")
    return parser


# What each command needs is imported when it runs: openpyxl takes 0.2 s and phonenumbers' metadata 10 MiB.


def _read_list(paths: Sequence[Path], region: str | None, choice: str | None, hints: Sequence[str]) -> str:
    from bot.list_parts import choice_of, read_parts  # noqa: PLC0415 - see above
    from bot.packing import combined, pack, summarise  # noqa: PLC0415 - see above

    numbers, tables = read_parts(parts_at(paths), region, choice_of(choice), _Percent())
    packed = pack(numbers)
    for ending, part in (("numbers", packed.numbers), ("details", packed.details), ("rejected", packed.rejected)):
        _write_bytes(beside(paths[0], ending), part)
    _write_bytes(beside(paths[0], "combined"), combined(packed))
    return summarise(numbers, hints, tables).to_json()


class _Percent:
    """Prints each percent of a list that was read."""

    def __init__(self) -> None:
        self.last = 0

    def __call__(self, share: float) -> None:
        if (percent := int(100 * share)) > self.last:
            self.last = percent
            sys.stdout.write(f"{percent}\n")
            sys.stdout.flush()


def _write_part(path: Path, request_path: Path) -> str:
    from bot.packing import PackedList  # noqa: PLC0415 - see above
    from bot.parts import Format, columns_of, numbers_of, table  # noqa: PLC0415 - see above
    from bot.table_parts import csv_part, workbook_part  # noqa: PLC0415 - see above
    from bot.workbook import write_part  # noqa: PLC0415 - see above

    request = json.loads(request_path.read_bytes())
    codes, letter, countries, kind = (request[one] for one in ("codes", "letter", "countries", "kind"))
    packed, written = PackedList(*_parts(request["numbers"])), None
    if request["rows"] is not None:
        write = csv_part if kind == Format.CSV else workbook_part
        with Path(request["rows"]).open("rb") as whole:
            written = write(whole, frozenset(numbers_of(packed, codes, letter)))
    if written is None and kind == Format.CSV:
        written = table(packed, codes, letter, countries)
    with _whole_or_nothing(beside(path, kind)) as part, part.open("wb") as stream:
        if written is None:
            write_part(stream, columns_of(packed, codes, letter, countries), codes.count(letter))
        else:
            stream.write(written)
    return "{}"


def _parts(numbers: str) -> list[bytes]:
    return [beside(Path(numbers), ending).read_bytes() for ending in ("numbers", "details", "rejected")]


def _read_result(path: Path, request_path: Path) -> str:
    from bot.known import Known, asked, checked_dates, merge, nothing_known  # noqa: PLC0415 - see above
    from bot.number_list import NumberList  # noqa: PLC0415 - see above
    from bot.packing import PackedList, lines_of, rejected_of, submission  # noqa: PLC0415 - see above
    from bot.report import SheetWords, summarise  # noqa: PLC0415 - see above
    from bot.results import ResultNotUnderstood, Verdicts, read_result  # noqa: PLC0415 - see above
    from bot.workbook import write_workbook  # noqa: PLC0415 - see above

    request = json.loads(request_path.read_bytes())
    given, only_new = Path(request["numbers"]), request["only_new"]
    packed = PackedList(*_parts(request["numbers"]))
    if request["known"]:
        known = Known.unpack(beside(given, "codes").read_bytes(), beside(given, "days").read_bytes())
    else:
        known = nothing_known(submission(packed).count(b"\n"))
    chosen = asked(known, only_new=only_new)
    found = Verdicts("")
    if any(chosen):  # else there is no file: nobody was asked
        try:
            with path.open("rb") as stream:
                found = read_result(stream, map(bytes.decode, compress(lines_of(packed.numbers), chosen)))
        except ResultNotUnderstood as error:
            raise _NotUnderstoodError(error.reason) from None
    whole = merge(known, found.codes, request["day"], only_new=only_new)
    verdicts = Verdicts(whole.codes, found.foreign)
    # The numbers themselves stay packed: a million of them take a quarter of a gigabyte.
    numbers = NumberList((), request["repeated"], tuple(rejected_of(packed)))
    summary = summarise(numbers, verdicts, recalled=len(chosen) - sum(chosen), **request["summary"])
    words, came = SheetWords(**request["words"]), request["parts"]
    with _whole_or_nothing(beside(path, "xlsx")) as part, part.open("wb") as stream:
        if came is None:
            write_workbook(stream, packed, verdicts, summary, words, checked_on=checked_dates(whole))
        else:
            checked = packed, verdicts, tuple(checked_dates(whole))
            _write_table_workbook(stream, came, checked, summary, words)
    _write_bytes(beside(path, "verdicts"), zlib.compress(verdicts.codes.encode("ascii")))
    return json.dumps(
        {"yes": verdicts.yes, "no": verdicts.no, "undetermined": verdicts.undetermined, "foreign": verdicts.foreign}
    )


def _write_table_workbook(
    stream: BinaryIO,
    came: dict[str, Any],
    checked: "tuple[PackedList, Verdicts, tuple[date, ...]]",
    summary: "Summary",
    words: "SheetWords",
) -> None:
    from bot.list_parts import choice_of, open_parts  # noqa: PLC0415 - see above
    from bot.packing import unpack  # noqa: PLC0415 - see above
    from bot.report import Checked  # noqa: PLC0415 - see above
    from bot.table_workbook import write_table_workbook  # noqa: PLC0415 - see above

    packed, verdicts, days = checked
    found = Checked(unpack(packed), verdicts, days)
    opened = open_parts(parts_at([Path(one) for one in came["paths"]]), came["region"], choice_of(came["choice"]))
    write_table_workbook(stream, opened, came["region"], found, summary, words)


def parts_at(paths: Sequence[Path]) -> "list[Part]":
    """Read the parts of a list from the disk."""
    from bot.list_parts import Part  # noqa: PLC0415 - see above

    return [Part(path.read_bytes(), path.suffix) for path in paths]


def beside(path: Path, ending: str) -> Path:
    """Where something about a file is written: `list.txt` has its numbers in `list.txt.numbers`."""
    return path.with_name(f"{path.name}.{ending}")


def _write_bytes(path: Path, data: bytes) -> None:
    with _whole_or_nothing(path) as part:
        part.write_bytes(data)


@contextlib.contextmanager
def _whole_or_nothing(path: Path) -> Iterator[Path]:
    # Written under another name first, so that a file that is there is a whole one.
    part = beside(path, "part")
    yield part
    part.replace(path)


if __name__ == "__main__":
    limit_itself()
    code = main(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)  # all is written: to take down what is in memory is time that a small result's people wait
