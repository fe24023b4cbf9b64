"""The steps before the press: fetch the list, read it, show the preview, put it away after three days."""

import asyncio
import contextlib
import logging
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.fetching import FileGoneError, Files, FileTooBigError
from bot.job import Failure, Job, JobState
from bot.list_key import ListKey
from bot.messenger import Messenger, Place
from bot.number_list import Problem, Reason
from bot.numbers import read_numbers
from bot.packing import PackedList, Reading, pack, summarise
from bot.progress import refused
from bot.showing import Showing
from bot.workshop import ReadingFailed, read_list
from storage.lists import ListMessage, Lists
from storage.moves import CONFIRM_SECONDS, Moves

logger = logging.getLogger(__name__)

INLINE_BYTES = 2_000
"""A list this small is read at once: about a hundred numbers, some 20 ms."""
THREAD_BYTES = 65_536
"""A list this small is read in a thread; larger ones in a process of their own."""
SAME_AGAIN_SECONDS = 60.0
"""A preview of numbers that are being checked is looked at again: soon their result can be offered."""
HINTS = {"ru": ("RU", "KZ", "BY", "UA", "UZ"), "en": ("US", "GB", "IN")}
"""Countries to offer first, by the person's language."""


@dataclass(frozen=True, slots=True)
class Confirming:
    """Steps of jobs that are read and previewed."""

    lists: Lists
    moves: Moves
    files: Files
    messenger: Messenger
    showing: Showing
    work_dir: Path
    list_key: ListKey
    clock: Callable[[], float] = time.time

    async def step(self, job: Job) -> float | None:
        """Read a list that has changed, show it, and give the time at which the preview expires."""
        if job.read_revision != job.list_revision:
            await self._read(job)
            return None
        now = self.clock()
        expires_at = job.state_since + CONFIRM_SECONDS
        if now >= expires_at:
            await self.moves.expire(job, now)
            return None
        await self.showing.show(job)
        again_at = [expires_at]
        if job.adding_until is not None and job.adding_until > now:
            again_at.append(job.adding_until)
        if (await self.showing.same(job)).under_way is not None:
            again_at.append(now + SAME_AGAIN_SECONDS)
        return min(again_at)

    async def _read(self, job: Job) -> None:
        """Read all messages of the list; every way this ends is a move."""
        contents: list[tuple[ListMessage, bytes]] = []
        for message in await self.lists.messages(job.id):
            try:
                contents.append((message, await self._content(job, message)))
            except FileTooBigError as error:
                return await self._leave_out(job, message, Failure.TOO_BIG, str(error.limit_mb))
            except FileGoneError:
                return await self._leave_out(job, message, Failure.FILE_GONE)
        try:
            packed, reading = await self._read_contents(job, [content for _, content in contents])
        except ReadingFailed as error:
            logger.warning("A list cannot be read (%s): job=%s chat=%s", error, job.id, job.chat_id)
            return await self._leave_out(job, contents[-1][0], Failure.UNREADABLE)
        if reading.problem is Problem.NOT_TEXT:
            return await self._leave_out(job, contents[-1][0], Failure.NOT_TEXT)
        if job.state is JobState.READING and reading.problem is Problem.EMPTY:
            return await self._leave_out(job, contents[-1][0], Failure.EMPTY)
        if job.state is JobState.READING and not _worth_showing(reading):
            return await self._leave_out(job, contents[-1][0], Failure.NO_NUMBERS)
        for message, content in contents:
            if message.content is None:
                await self.lists.keep_content(message, content)
        digest = await self._digest(packed)
        await self.moves.read(job, packed, reading, self.clock(), digest=digest)
        return None

    async def _digest(self, packed: PackedList) -> str | None:
        """Name the set of the numbers, so that the same list is known when it comes again."""
        if len(packed.numbers) <= INLINE_BYTES:
            return self.list_key.digest(packed)
        return await asyncio.to_thread(self.list_key.digest, packed)

    async def _leave_out(self, job: Job, message: ListMessage, failure: Failure, detail: str | None = None) -> None:
        """End a new list that is none; leave what is none out of a list that was read before, and say so."""
        now = self.clock()
        if job.state is JobState.READING:
            await self.moves.refuse_list(job, failure, detail, now)
            return
        await self.showing.tell(job, refused(job, failure, detail, self.showing.texts_of(job)))
        await self.lists.drop_message(job, message, now)

    async def _content(self, job: Job, message: ListMessage) -> bytes:
        if message.content is not None:
            return message.content
        await self.messenger.show_reading(Place(job.chat_id, job.thread_id))
        async with self._folder() as folder:
            path = await self.files.fetch(message.file_id or "", message.file_size, folder / "list")
            return await asyncio.to_thread(path.read_bytes)

    async def _read_contents(self, job: Job, sources: list[bytes]) -> tuple[PackedList, Reading]:
        size = sum(map(len, sources))
        hints = HINTS[job.language]
        if size <= INLINE_BYTES:
            return _read_now(sources, job.region, hints)
        if size <= THREAD_BYTES:
            return await asyncio.to_thread(_read_now, sources, job.region, hints)
        async with self._folder() as folder:
            paths = [folder / f"{at:04}" for at in range(len(sources))]
            for path, source in zip(paths, sources, strict=True):
                await asyncio.to_thread(path.write_bytes, source)
            reading, packed = await read_list(paths, job.region, hints)
            return packed, reading

    @asynccontextmanager
    async def _folder(self) -> AsyncIterator[Path]:
        """Give a folder of our own that is gone afterwards."""
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=self.work_dir))
        try:
            yield folder
        finally:
            with contextlib.suppress(OSError):
                await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder))


def _read_now(sources: list[bytes], region: str | None, hints: tuple[str, ...]) -> tuple[PackedList, Reading]:
    numbers = read_numbers(*sources, region=region)
    return pack(numbers), summarise(numbers, hints)


def _worth_showing(reading: Reading) -> bool:
    """Say whether there is anything to decide: a number, or what may become one."""
    looks_like_numbers = any(one.reason is not Reason.NOT_A_NUMBER for one in reading.first_rejected)
    return reading.valid > 0 or reading.without_country > 0 or looks_like_numbers
