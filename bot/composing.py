"""Making the result of a whole list: what the API has found now, and what was known before and not asked again."""

import asyncio
import logging
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from phonenumbers import SUPPORTED_REGIONS

from bot.forks import Forks
from bot.giving_back import GivingBack
from bot.job import Job
from bot.known import changes, day_of
from bot.packing import Reading
from bot.remembering import Remembering
from bot.showing import Showing
from bot.summary import cost_of, sheet_words
from bot.texts import INTERNATIONAL
from bot.workshop import SMALL_NUMBERS, ReadingFailed, ResultReading, ResultRequest, own_folder, read_result
from storage.lists import Lists, StoredResult
from storage.tasks import Tasks

logger = logging.getLogger(__name__)

COUNTRIES: Final = sorted({*SUPPORTED_REGIONS, INTERNATIONAL})
"""All that a workbook may name: to look first which of them a list of a million has takes half a second."""
CHILDREN = 4
"""How many results are read at the same time, each in a process of its own."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The result of a list, ready to be kept."""

    result: StoredResult
    verdicts: bytes
    """Its verdicts, compressed."""
    changes: tuple[int, int]
    """How many known numbers turned to yes, and to no, where all were checked again."""
    found: Sequence[tuple[bytes, str]]
    """What is remembered of it when it is stored, by name and code."""


@dataclass(frozen=True, slots=True)
class Composing:
    """Reads what was found and writes the workbook, in a process of its own."""

    lists: Lists
    remembering: Remembering
    tasks: Tasks
    showing: Showing
    work_dir: Path
    clock: Callable[[], float] = time.time
    forks: Forks | None = None
    """Whose children read small results."""
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CHILDREN))

    async def compose(self, path: Path, job: Job) -> Composed:
        """Read the API's file at this path, and put it together with what was known.

        Raises:
            ResultNotUnderstood: The file is no result of what was sent.
            ReadingFailed: It took too long or too much, or the list is not stored any more.
            OSError: The disk is full.
        """
        packed = await self.lists.numbers(job.id)
        if packed is None:
            raise ReadingFailed("the list is not stored any more")
        texts, terms = self.showing.texts_of(job), await self.showing.usual.get()
        known, now = await self.remembering.memory.known(job.id), self.clock()
        if known is None and job.only_new:
            raise ReadingFailed("what was known of the list is not stored any more")
        reading = Reading.from_json(job.reading or "{}")
        request = ResultRequest(
            sent=packed,
            repeated=reading.repeated,
            words=sheet_words(texts, COUNTRIES),
            seconds=now - (job.submitted_at or job.state_since) if job.to_check else None,
            cost=cost_of(job, terms, texts),
            known=known,
            only_new=job.only_new,
            day=day_of(now),
            parts=await GivingBack(self.lists).parts(job, reading, path.parent),
        )
        async with self.turn:
            read = await _with_rows(path, request, job, self.forks)
        workbook = await asyncio.to_thread(read.workbook.read_bytes)
        codes = read.verdicts.codes
        return Composed(
            StoredResult(codes, workbook, None),
            await asyncio.to_thread(zlib.compress, codes.encode("ascii")),
            await asyncio.to_thread(changes, known.codes, codes) if known is not None and job.compares else (0, 0),
            await asyncio.to_thread(self.remembering.found, job, packed, known, codes),
        )

    async def expect(self, job: Job) -> None:
        """Get ready for a result that may come in the next minute."""
        if self.forks is not None and job.valid <= SMALL_NUMBERS:
            await self.forks.get_ready()

    async def deliver_known(self, job: Job) -> None:
        """Keep the result of a queued list of which nothing is new: nobody is asked, and nothing is charged (edge v).

        Raises:
            ReadingFailed: It took too long or too much.
            OSError: The disk is full.
        """
        async with own_folder(self.work_dir) as folder:
            composed = await self.compose(folder / "result", job)
        await self.tasks.keep_known(job, composed.result, composed.verdicts, self.clock())


async def _with_rows(path: Path, request: ResultRequest, job: Job, forks: Forks | None) -> ResultReading:
    """Read the result; where its table cannot be given back within the limits, the numbers are."""
    try:
        return await read_result(path, request, forks=forks)
    except ReadingFailed as error:
        if request.parts is None:
            raise
        logger.error("A table's rows cannot be given back (%s): job=%s", error, job.id)
        return await read_result(path, replace(request, parts=None))
