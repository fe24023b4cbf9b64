"""The steps at the end: send the result, and see that the chat has heard how the job ended."""

import asyncio
import io
import logging
import time
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.asking import Asking
from bot.cards import Card
from bot.job import Failure, Job, JobState
from bot.messenger import (
    LaterError,
    Messenger,
    MovedChatError,
    Place,
    RefusedError,
    TokenRevokedError,
    TooLargeError,
    UnreachableChatError,
)
from bot.packing import lines_of
from bot.preview import name_of
from bot.progress import failed
from bot.report import result_name
from bot.showing import Showing
from bot.summary import caption, raw_caption
from storage.database import DatabaseUnavailableError
from storage.jobs import Jobs
from storage.lists import Lists, StoredResult
from storage.tasks import Tasks

logger = logging.getLogger(__name__)

STORING_SECONDS = 5.0
"""When to note again that a result was delivered, where the database did not take it."""


@dataclass(frozen=True, slots=True)
class Delivering:
    """Steps of jobs whose result is stored, and of jobs that have ended or wait for a person's decision."""

    jobs: Jobs
    lists: Lists
    tasks: Tasks
    messenger: Messenger
    showing: Showing
    asking: Asking
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def deliver(self, job: Job) -> float | None:
        """Send the result as a new message, in reply to the list."""
        result = await self.lists.result(job.id)
        if result is None:
            logger.error("A result is not stored any more: job=%s", job.id)
            await self._undeliverable(job, "the result is not stored any more")
            return None
        await self.showing.show(job)
        marked = await self.tasks.begin_sending(job)
        if marked is None:
            return None
        try:
            file_id = await self._send(job, result)
        except (LaterError, MovedChatError, TokenRevokedError):
            await self._take_back(job)
            raise
        except (UnreachableChatError, RefusedError, TooLargeError) as error:
            logger.warning(
                "A result cannot be delivered (%s): job=%s chat=%s", type(error).__name__, job.id, job.chat_id
            )
            await self._undeliverable(job, str(error) or type(error).__name__)
            return None
        await self._note_delivered(job, file_id)
        return None

    async def _note_delivered(self, job: Job, file_id: str | None) -> None:
        """Store that the result is in the chat, however long the database makes us wait: else it would come twice."""
        while True:
            try:
                await self.tasks.delivered(job, file_id, self.clock())
            except DatabaseUnavailableError as error:
                logger.error("That a result was delivered cannot be stored (%s): job=%s", error, job.id)
                await self.sleep(STORING_SECONDS)
            else:
                return

    async def _undeliverable(self, job: Job, why: str) -> None:
        """Keep the result, and tell the admins. ``tell`` says so where the chat takes a text, and only no such file."""
        moved = await self.tasks.undeliverable(job, why, self.clock())
        if moved is not None:
            await self.asking.tell_undeliverable(moved)

    async def _take_back(self, job: Job) -> None:
        """Note that the document surely did not arrive; what an earlier try may have sent stays noted."""
        if not job.sending:
            await self.tasks.not_sent(job)

    async def _send(self, job: Job, result: StoredResult) -> str | None:
        place = Place(job.chat_id, job.thread_id, job.list_message_id)
        name, content = document(job, result)
        texts = self.showing.texts_of(job)
        card = (
            raw_caption(job, texts, repeat=job.sending)
            if result.workbook is None
            else caption(job, await self.showing.terms(), texts, repeat=job.sending)
        )
        try:
            return await self.messenger.send_document(place, name, content, card)
        except TooLargeError:
            logger.info("A workbook is too large for Telegram and goes as a zip: job=%s", job.id)
            packed = await self._zipped(job, name, result)
            return await self.messenger.send_document(place, f"{name.rpartition('.')[0]}.zip", packed, card)

    async def _zipped(self, job: Job, name: str, result: StoredResult) -> bytes:
        """Pack numbers and verdicts as a table, a tenth of the workbook; or the API's own file as it is."""
        packed = await self.lists.numbers(job.id)
        if result.workbook is None or packed is None:
            return await asyncio.to_thread(_archive, name, result.workbook or result.raw or b"")
        return await asyncio.to_thread(_archive_of_verdicts, packed.numbers, result.verdicts or "")

    async def tell(self, job: Job) -> float | None:
        """Say how the job ended, or ask the open question, until the chat has heard it."""
        if job.told_at is not None:
            return None
        texts = self.showing.texts_of(job)
        await self.showing.show(job)
        if job.state is JobState.UNSURE:
            await self.asking.ask(job)
        elif job.state is JobState.FAILED and job.forgotten_at is None:
            named = await self.asking.unsure.was_named(job)
            await self.showing.tell(job, failed(job, texts, named=named))
        elif job.state is JobState.CLOSED and job.failure is Failure.WAITED_TOO_LONG and job.forgotten_at is None:
            await self.showing.tell(job, Card(texts.say("closed-unanswered", name=name_of(job, texts))))
        await self.jobs.note_told(job.id, job.state, self.clock())
        return None


def document(job: Job, result: StoredResult) -> tuple[str, bytes]:
    """Name the result after its list and give its bytes."""
    day = datetime.fromtimestamp(job.finished_at or job.state_since, UTC).date()
    name = result_name(job.name, day)
    if result.workbook is not None:
        return name, result.workbook
    raw = result.raw or b""
    return name.removesuffix(".xlsx") + "." + _ending(raw), raw


def _archive_of_verdicts(numbers: bytes, verdicts: str) -> bytes:
    words = {"y": b",yes\n", "n": b",no\n", "u": b",undetermined\n"}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("result.csv", "w") as table:
        table.write(b"Number,telegram\n")
        for number, code in zip(lines_of(numbers), verdicts, strict=True):
            table.write(number + words[code])
    return stream.getvalue()


def _archive(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def _ending(raw: bytes) -> str:
    """Choose an ending that opens, from the first bytes of a file that could not be understood."""
    if raw.startswith(b"PK\x03\x04"):
        return "xlsx" if b"xl/" in raw[:4096] else "zip"
    return "txt" if b"\0" not in raw[:4096] else "bin"
