"""Where large files are read: one child process for each, started, watched and ended here.

A file that makes its child grow, hang or crash harms nobody else, and the bot's own process stays small and quick.
"""

import asyncio
import contextlib
import json
import shutil
import sys
import tempfile
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from bot.children import MOST_ANSWER_BYTES, MOST_COMPLAINT_BYTES, ReadingFailed, environment, look_at_end, read_some
from bot.forks import Forks
from bot.known import Known
from bot.packing import PackedList, Reading
from bot.parts import PartRequest
from bot.reading import beside
from bot.report import SheetWords
from bot.results import Verdicts

LIST_SECONDS: Final = 300.0
"""How long a list may take. 1.5 million mixed numbers take about 5 s, in a form that has to be looked at 15 s."""
RESULT_SECONDS: Final = 600.0
"""How long a result may take, its workbook included. A million rows take some seconds, by openpyxl two minutes."""
PART_SECONDS: Final = 600.0
"""How long a part of a result may take as a workbook: of a table, which openpyxl reads, some minutes."""
SMALL_BYTES: Final = 1 << 20
"""A result whose file and whose list are not larger is read by a fork, which begins at once."""
SMALL_NUMBERS: Final = 40_000
"""The result of so many numbers is small: as a workbook it has some 420 kB, as CSV twice as much."""

Tell: TypeAlias = Callable[[int], Awaitable[None]]

__all__ = ["Parts", "ReadingFailed", "ResultReading", "ResultRequest"]
__all__ += ["own_folder", "read_list", "read_result", "write_part"]

_SCRATCH: Final = ".reading-"
_PARTS: Final = ("numbers", "details", "rejected")
_COMBINED: Final = "combined"
_KNOWN_PARTS: Final = ("codes", "days")


@dataclass(frozen=True, slots=True)
class Parts:
    """The files of a list that came as a table, and how it was read."""

    paths: tuple[Path, ...]
    region: str | None
    choice: str | None


@dataclass(frozen=True, slots=True)
class ResultRequest:
    """What is needed to read a result: the list that was submitted, and what the workbook shall say."""

    sent: PackedList
    repeated: int
    """How many numbers of the list were repeated."""
    words: SheetWords
    seconds: float | None = None
    """How long the check took."""
    cost: str | None = None
    """What it cost, ready to be read."""
    known: Known | None = None
    """What was known of the numbers before."""
    only_new: bool = False
    """Only the new ones were sent; where none is new there is no file."""
    day: int = 0
    """When the result came, in days since 1970 (UTC)."""
    parts: Parts | None = None
    """Where the workbook is to give the rows of a table back."""


@dataclass(frozen=True, slots=True)
class ResultReading:
    """What a result said, and the workbook that was made of it, which belongs to whoever asked for it."""

    verdicts: Verdicts
    workbook: Path


class ListReading(NamedTuple):
    """What a list said."""

    reading: Reading
    packed: PackedList
    combined: bytes
    """All its numbers together, as ``packing.combined`` puts them."""


async def read_list(
    paths: Sequence[Path],
    region: str | None = None,
    hints: Sequence[str] = (),
    *,
    choice: str | None = None,
    tell: Tell | None = None,
    limit: float = LIST_SECONDS,
) -> ListReading:
    """Read files as one list in a child process. Nothing is left of it on the disk.

    Args:
        paths: the messages of the list, in their order; the endings of tables are those of the files that were sent.
        region: the ISO country of numbers without a country code.
        hints: ISO countries to try first when guessing it.
        choice: the columns of its tables that a person has chosen.
        tell: hears now and then how much of its texts was read, in percent; the child does not wait for it.
        limit: seconds until the child is killed.

    Raises:
        ReadingFailed: it took too long or too much, or broke.
        OSError: the disk is full.
    """
    with _scratch(paths[0].parent) as scratch:
        given = _give(scratch, paths)
        arguments = ["list", *map(str, given)]
        if region:
            arguments.append(f"--region={region}")
        if choice:
            arguments.append(f"--choice={choice}")
        if hints:
            arguments.append(f"--hints={','.join(hints)}")
        answer = await _run(arguments, scratch, limit, tell)
        try:
            reading = Reading.from_json(answer)
            paths = [beside(given[0], part) for part in (*_PARTS, _COMBINED)]
            *parts, combined = await asyncio.to_thread(_read_all, paths)
            return ListReading(reading, PackedList(*parts), combined)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ReadingFailed("the answer was not understood") from error


async def read_result(
    path: Path, request: ResultRequest, *, forks: Forks | None = None, limit: float = RESULT_SECONDS
) -> ResultReading:
    """Read the API's result file and write the workbook beside it, in a child process.

    Args:
        path: the file as it was fetched; the workbook becomes `PATH.xlsx`, nothing else is left beside it.
        request: what was sent, and what the workbook shall say of it.
        forks: whose child reads a small one.
        limit: seconds until the child is killed.

    Raises:
        ResultNotUnderstood: the file is no result of this list.
        ReadingFailed: it took too long or too much, or broke.
        OSError: the disk is full.
    """
    with _scratch(path.parent) as scratch:
        (given,) = _give(scratch, [path])
        await asyncio.to_thread(_write_request, scratch, request)
        arguments = ["result", str(given), f"--request={scratch / 'request.json'}"]
        if forks is not None and request.parts is None and await asyncio.to_thread(_is_small, path, request.sent):
            answer = await forks.run(arguments, scratch, limit)
        else:
            answer = await _run(arguments, scratch, limit)
        try:
            foreign = int(json.loads(answer)["foreign"])
            (packed,) = await asyncio.to_thread(_read_all, [beside(given, "verdicts")])
            verdicts = Verdicts(zlib.decompress(packed).decode("ascii"), foreign)
            return ResultReading(verdicts, beside(given, "xlsx").replace(beside(path, "xlsx")))
        except (OSError, ValueError, TypeError, KeyError, zlib.error) as error:
            raise ReadingFailed("the answer was not understood") from error


async def write_part(folder: Path, request: PartRequest, *, limit: float = PART_SECONDS) -> bytes:
    """Write a file of some of a result's numbers in a child process. Nothing is left of it on the disk.

    Args:
        folder: where to work.
        request: which numbers, and what file; plain lines are written without a child.
        limit: seconds until the child is killed.

    Raises:
        ReadingFailed: it took too long or too much, or broke.
        OSError: the disk is full.
    """
    with _scratch(folder) as scratch:
        said: dict[str, object] = {
            "codes": request.codes,
            "letter": request.letter,
            "countries": dict(request.countries),
        }
        said |= {"kind": str(request.kind), "rows": None}
        if request.rows is not None:
            rows = scratch / "rows.xlsx"
            await asyncio.to_thread(rows.write_bytes, request.rows)
            said["rows"] = str(rows)
        await asyncio.to_thread(_write_down, scratch, request.sent, said)
        made = scratch / "part"
        await _run(["part", str(made), f"--request={scratch / 'request.json'}"], scratch, limit)
        (content,) = await asyncio.to_thread(_read_all, [beside(made, request.kind)])
        return content


async def _run(arguments: Sequence[str], scratch: Path, limit: float, tell: Tell | None = None) -> str:
    """Run the child to its end and give what it printed. It is gone when this returns, however it returns."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # modules come from where the bot is, never from the directory it happens to run in
        "-m",
        "bot.reading",
        "--while-stdin-open",
        *arguments,
        stdin=asyncio.subprocess.PIPE,  # never written to: the child ends when it closes
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment() | {"TMPDIR": str(scratch)},
    )
    try:
        async with asyncio.timeout(limit):
            answer, complaint = await asyncio.gather(
                _read_answer(process.stdout, tell), read_some(process.stderr, MOST_COMPLAINT_BYTES)
            )
            code = await process.wait()
    except TimeoutError:
        raise ReadingFailed(f"not done after {limit:.0f} s") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()
    look_at_end(code, complaint)
    return answer.decode("utf-8", "replace")


async def _read_answer(stream: asyncio.StreamReader | None, tell: Tell | None) -> bytes:
    """Read to the end and keep what comes after the last line; the lines before it say how far the child is."""
    kept = bytearray()
    while stream is not None and (block := await stream.read(MOST_ANSWER_BYTES)):
        kept += block[: MOST_ANSWER_BYTES - len(kept)]
        *lines, rest = kept.split(b"\n")
        if lines and tell is not None and lines[-1].isdigit():
            await tell(min(int(lines[-1][:3]), 100))
        kept = rest
    return bytes(kept)


@contextlib.asynccontextmanager
async def own_folder(work_dir: Path) -> AsyncIterator[Path]:
    """Give a folder for the files of one list or result, gone afterwards."""
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=work_dir))
    try:
        yield folder
    finally:
        with contextlib.suppress(OSError):
            await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder))


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A private directory on the same disk for everything the child writes, gone afterwards."""
    scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=folder.absolute()))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _give(scratch: Path, paths: Sequence[Path]) -> list[Path]:
    # By links with plain names: the child writes beside what it is given, and no name looks like an option.
    given = [scratch / f"{place}{path.suffix}" for place, path in enumerate(paths)]
    for link, path in zip(given, paths, strict=True):
        link.symlink_to(path.absolute())
    return given


def _is_small(path: Path, sent: PackedList) -> bool:
    file_bytes = path.stat().st_size if path.exists() else 0  # where nobody was asked there is none
    return max(file_bytes, len(sent.numbers) + len(sent.details) + len(sent.rejected)) <= SMALL_BYTES


def _read_all(paths: Sequence[Path]) -> list[bytes]:
    return [path.read_bytes() for path in paths]


def _said_of(scratch: Path, parts: Parts) -> dict[str, object]:
    folder = scratch / "parts"
    folder.mkdir()
    return {
        "paths": [str(path) for path in _give(folder, parts.paths)],
        "region": parts.region,
        "choice": parts.choice,
    }


def _write_request(scratch: Path, request: ResultRequest) -> None:
    said = {
        "repeated": request.repeated,
        "words": asdict(request.words),
        "summary": {"seconds": request.seconds, "cost": request.cost},
        "known": request.known is not None,
        "only_new": request.only_new,
        "day": request.day,
        "parts": None if request.parts is None else _said_of(scratch, request.parts),
    }
    _write_down(scratch, request.sent, said)
    if request.known is not None:
        for part, packed in zip(_KNOWN_PARTS, request.known.pack(), strict=True):
            beside(scratch / "sent", part).write_bytes(packed)


def _write_down(scratch: Path, list_sent: PackedList, said: Mapping[str, Any]) -> None:
    sent = scratch / "sent"
    for part in _PARTS:
        beside(sent, part).write_bytes(getattr(list_sent, part))
    request = json.dumps({"numbers": str(sent), **said})
    (scratch / "request.json").write_text(request, encoding="utf-8")
