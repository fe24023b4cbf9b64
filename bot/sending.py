"""Sending the file of a result: the workbook, a zip where that is too large, or the API's own file."""

import asyncio
import io
import logging
import zipfile
from dataclasses import dataclass

from bot.job import Job
from bot.messenger import Messenger, Place, TooLargeError
from bot.packing import lines_of
from bot.showing import Showing
from bot.summary import caption, document, in_a_zip, raw_caption
from bot.texts import Texts
from storage.lists import Lists, StoredResult

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends what is stored of a result."""

    lists: Lists
    messenger: Messenger
    showing: Showing

    async def send(
        self, job: Job, result: StoredResult, place: Place, texts: Texts, *, group: str | None = None
    ) -> str | None:
        """Send the file with its summary and give Telegram's name of it; a second try says that it may be a repeat.

        Args:
            job: The job, as it was before this try.
            result: What the API found.
            place: Where to.
            texts: The language of the summary; the file speaks its list's.
            group: The title of the job's group, where the file goes to a person.

        Raises:
            TooLargeError: Telegram does not take it as a zip either.
        """
        name, content = document(job, workbook=result.workbook, raw=result.raw)
        card = (
            raw_caption(job, texts, repeat=job.sending, group=group)
            if result.workbook is None
            else caption(job, await self.showing.usual.get(), texts, repeat=job.sending, group=group)
        )
        try:
            return await self.messenger.send_document(place, name, content, card)
        except TooLargeError:
            logger.info("A result is too large for Telegram and goes as a zip: job=%s", job.id)
            card = card if result.workbook is None else in_a_zip(card, texts)
            packed = await self._zipped(job, name, result)
            return await self.messenger.send_document(place, f"{name.rpartition('.')[0]}.zip", packed, card)

    async def _zipped(self, job: Job, name: str, result: StoredResult) -> bytes:
        """Pack numbers and verdicts as a table, a tenth of the workbook; or the API's own file as it is."""
        packed = await self.lists.numbers(job.id)
        if result.workbook is None or packed is None:
            return await asyncio.to_thread(_archive, name, result.workbook or result.raw or b"")
        return await asyncio.to_thread(_archive_of_verdicts, packed.numbers, result.verdicts or "")


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
