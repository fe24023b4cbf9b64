"""The steps before the press: fetch the list, read it, show the preview, put it away after three days."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.cards import Card
from bot.fetching import FileGoneError, Files, FileTooBigError
from bot.job import Failure, Job, JobState
from bot.list_parts import SPREADSHEET_ENDINGS, Part, choice_of, is_workbook_part, read_parts
from bot.messenger import Messenger, Place
from bot.number_list import Problem, Reason
from bot.packing import Reading, combined, pack, summarise
from bot.preview import name_of
from bot.progress import refused
from bot.reading import FULL, parts_at
from bot.remembering import Remembering
from bot.sheets import TableTooLarge
from bot.showing import Showing
from bot.workshop import ListReading, ReadingFailed, own_folder, read_list
from storage.list_files import ListFiles
from storage.lists import ListMessage, Lists
from storage.moves import CONFIRM_SECONDS, Moves

logger = logging.getLogger(__name__)

THREAD_BYTES = 65_536
"""A list this small is read in a thread: five thousand numbers, 12 to 55 ms, where a process takes 200 ms to start.

Larger ones, and all workbooks, are read in a process of their own. None is so small that it is read where everybody
waits: the first number of a country has its rules compiled, and one without a country's code those of all."""
CHILDREN = 2
"""How many large lists are read at the same time."""
TURN_SECONDS = 1.0
"""When to look again whether another large list may be read."""
ROOM_SECONDS = 10.0
"""When to look again whether the disk takes a list."""
ACTION_SECONDS = 4.5
"""So often a chat is shown that the bot is at work: Telegram shows it for five seconds."""
SHOWN_SECONDS = 3.0
"""When a list's message says for the first time how much was read, and how often it says it anew."""
LEARNING_SECONDS = 30.0
"""So long a new list waits at the most until its chat remembers what it has just been told."""
LEARNING_AGAIN_SECONDS = 0.5
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
    remembering: Remembering
    clock: Callable[[], float] = time.time
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CHILDREN))
    """Who may start a child now: one that reads 1.5 million lines takes up to 0.4 GB and some seconds."""

    async def step(self, job: Job) -> float | None:
        """Read a list that has changed, show it, and give the time at which the preview expires."""
        if job.read_revision != job.list_revision:
            if self.clock() < job.state_since + LEARNING_SECONDS and await self.remembering.is_told_more(job.chat_id):
                return self.clock() + LEARNING_AGAIN_SECONDS
            try:
                return await self._read(job)
            except OSError as error:
                if error.errno not in FULL:
                    raise
                return await self._wait_for_room(job, error)
        if job.known_revision != job.memory_revision:
            await self.remembering.renew(job)
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

    async def _read(self, job: Job) -> float | None:
        """Read all messages of the list; every way this ends is a move, or the time to look again for a free turn."""
        messages = await self.lists.messages(job.id)
        kept = [Part(message.content, message.file_ending) for message in messages if message.content is not None]
        size = sum(len(part.data) for part in kept)
        if len(kept) == len(messages) and size <= THREAD_BYTES and not any(map(is_workbook_part, kept)):
            await self._take_down(job, messages[-1], await asyncio.to_thread(_read_now, kept, job))
            return None
        size += sum(message.file_size or 0 for message in messages)
        is_large = size > THREAD_BYTES or any(message.file_ending in SPREADSHEET_ENDINGS for message in messages)
        if is_large and self.turn.locked():
            return self.clock() + TURN_SECONDS
        async with self.turn if is_large else contextlib.nullcontext(), own_folder(self.work_dir) as folder:
            paths = [folder / f"{at:04}{message.file_ending}" for at, message in enumerate(messages)]
            await self._read_files(job, list(zip(messages, paths, strict=True)))
        return None

    async def _wait_for_room(self, job: Job, error: OSError) -> float:
        """Let a list wait that the disk does not take; its person hears it once."""
        logger.error("The disk does not take a list (%s): job=%s", error.strerror, job.id)
        if job.told_at is None:
            # Noted first: a database that cannot note it would let it be said again and again.
            await self.showing.jobs.note_told(job, self.clock())
            texts = self.showing.texts_of(job)
            await self.showing.tell(job, Card(texts.say("reading-waits", name=name_of(job, texts))))
        return self.clock() + ROOM_SECONDS

    async def _read_files(self, job: Job, files: list[tuple[ListMessage, Path]]) -> None:
        """Read a list from the disk: its messages are put there one by one."""
        fetched = []
        for message, path in files:
            try:
                if await self._put(job, message, path):
                    fetched.append((message, path))
            except FileTooBigError as error:
                return await self._leave_out(job, message, Failure.TOO_BIG, str(error.limit_mb))
            except FileGoneError:
                return await self._leave_out(job, message, Failure.FILE_GONE)
        last = files[-1][0]
        try:
            read = await self._read_paths(job, [path for _, path in files])
        except (ReadingFailed, TableTooLarge) as error:
            why = str(error) or type(error).__name__
            logger.warning("A list cannot be read (%s): job=%s chat=%s", why, job.id, job.chat_id)
            return await self._leave_out(job, last, Failure.UNREADABLE)
        return await self._take_down(job, last, read, fetched)

    async def _take_down(
        self,
        job: Job,
        last: ListMessage,
        read: ListReading,
        fetched: Sequence[tuple[ListMessage, Path]] = (),
    ) -> None:
        """Keep what was read, and the files it was read from; or leave out the last message, which is no list."""
        reading, packed, numbers = read
        if reading.problem is Problem.NOT_TEXT:
            return await self._leave_out(job, last, Failure.NOT_TEXT)
        if job.state is JobState.READING and reading.problem is Problem.EMPTY:
            return await self._leave_out(job, last, Failure.EMPTY)
        if job.state is JobState.READING and not _worth_showing(reading):
            return await self._leave_out(job, last, Failure.NO_NUMBERS)
        for message, path in fetched:
            await ListFiles(self.lists.database).keep(message, path)
        # The digest names the set of the numbers, so that the same list is known when it comes again.
        digest = self.remembering.list_key.digest(numbers)
        known = await self.remembering.snapshot(job.chat_id, packed)
        await self.moves.read(job, packed, reading, self.clock(), digest=digest, known=known)
        return None

    async def _leave_out(self, job: Job, message: ListMessage, failure: Failure, detail: str | None = None) -> None:
        """End a new list that is none; leave what is none out of a list that was read before, and say so."""
        now = self.clock()
        if job.state is JobState.READING:
            await self.moves.refuse_list(job, failure, detail, now)
            return
        await self.showing.tell(job, refused(job, failure, detail, self.showing.texts_of(job)))
        await self.lists.drop_message(job, message, now)

    async def _put(self, job: Job, message: ListMessage, path: Path) -> bool:
        """Put what a message says at a path; say whether Telegram was asked for it."""
        if message.content is not None:
            await asyncio.to_thread(path.write_bytes, message.content)
            return False
        if await ListFiles(self.lists.database).give(message, path):
            return False
        await self.messenger.show_reading(Place(job.chat_id, job.thread_id))
        await self.files.fetch(message.file_id or "", message.file_size, path)
        return True

    async def _read_paths(self, job: Job, paths: list[Path]) -> ListReading:
        if await asyncio.to_thread(_size_of, paths) <= THREAD_BYTES:
            parts = await asyncio.to_thread(parts_at, paths)
            if not any(map(is_workbook_part, parts)):
                return await asyncio.to_thread(_read_now, parts, job)
        watched = _Watched(job, self.showing, self.messenger, self.clock)
        return await read_list(paths, job.region, HINTS[job.language], choice=job.column_choice, tell=watched.tell)


class _Watched:
    """Shows in the chat of a large list that it is being read: at first by an action, later by its message."""

    def __init__(self, job: Job, showing: Showing, messenger: Messenger, clock: Callable[[], float]) -> None:
        self.job, self.showing, self.messenger, self.clock = job, showing, messenger, clock
        self.acted_at = self.shown_at = clock()

    async def tell(self, percent: int) -> None:
        """Hear how much of it was read, and say it where it is time to."""
        now = self.clock()
        if now - self.acted_at >= ACTION_SECONDS:
            self.acted_at = now
            await self.messenger.show_reading(Place(self.job.chat_id, self.job.thread_id))
        if now - self.shown_at < SHOWN_SECONDS:
            return
        self.shown_at = now
        job = await self.showing.jobs.get(self.job.id)
        if job is not None and job.state is self.job.state:  # it may have been cancelled meanwhile
            await self.showing.show_reading(job, percent)


def _read_now(parts: list[Part], job: Job) -> ListReading:
    numbers, tables = read_parts(parts, job.region, choice_of(job.column_choice))
    packed = pack(numbers)
    return ListReading(summarise(numbers, HINTS[job.language], tables), packed, combined(packed))


def _size_of(paths: list[Path]) -> int:
    return sum(path.stat().st_size for path in paths)


def _worth_showing(reading: Reading) -> bool:
    """Say whether there is anything to decide: a number, or what may become one."""
    looks_like_numbers = any(one.reason is not Reason.NOT_A_NUMBER for one in reading.first_rejected)
    return reading.valid > 0 or reading.without_country > 0 or looks_like_numbers
