"""The files that a list came in, put on the disk once more: a table's result gives its rows back."""

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path

from bot.job import Job
from bot.packing import Reading
from bot.workshop import Parts
from storage.list_files import ListFiles
from storage.lists import Lists

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GivingBack:
    """Gives the parts of a list as they were when it was read: nobody can change them after the press."""

    lists: Lists

    async def parts(self, job: Job, reading: Reading, folder: Path) -> Parts | None:
        """Write the messages of a list into a folder; None where none of them is a table, or where one is gone."""
        if not reading.has_rows:
            return None
        paths = []
        for place, message in enumerate(await self.lists.messages(job.id)):
            path = folder / f"{place:04}{message.file_ending}"
            if message.content is not None:
                await asyncio.to_thread(path.write_bytes, message.content)
            elif not await ListFiles(self.lists.database).give(message, path):
                logger.error("A file of a list is gone, and its rows with it: job=%s", job.id)
                return None
            paths.append(path)
        return Parts(tuple(paths), job.region, job.column_choice)
