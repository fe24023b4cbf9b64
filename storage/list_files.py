"""The files that lists came in: kept compressed, so that each is fetched once, and never whole in memory as it came.

A file may have a hundred megabytes, and a list several files. So they go from disk to database and back in blocks.
"""

import asyncio
import zlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import bindparam, select, update
from sqlalchemy.sql.elements import ColumnElement

from storage.database import Database
from storage.lists import ListMessage
from storage.schema import job_messages

BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ListFiles:
    """Questions about the files of lists."""

    database: Database

    async def keep(self, message: ListMessage, path: Path) -> None:
        """Keep a file that was fetched and is a list, unless the message has another one by now.

        Raises:
            OSError: The file cannot be read.
        """
        content = await asyncio.to_thread(_pressed, path)
        # Beside the statement: SQLAlchemy keeps the first one of its kind for ever, with all that stands in it.
        kept = update(job_messages).where(*_file_of(message)).values(content=bindparam("file"))
        async with self.database.write() as connection:
            await connection.execute(kept, {"file": content})

    async def give(self, message: ListMessage, path: Path) -> bool:
        """Write a file that is kept to a path; False where it is not kept.

        Raises:
            OSError: It cannot be written.
        """
        kept = select(job_messages.c.content).where(*_file_of(message), job_messages.c.content.is_not(None))
        async with self.database.read() as connection:
            content = (await connection.execute(kept)).scalar_one_or_none()
        if content is None:
            return False
        await asyncio.to_thread(_unpress, content, path)
        return True


def _file_of(message: ListMessage) -> tuple[ColumnElement[bool], ...]:
    return (
        job_messages.c.chat_id == message.chat_id,
        job_messages.c.message_id == message.message_id,
        job_messages.c.file_id == message.file_id,
    )


def _pressed(path: Path) -> bytes:
    packing = zlib.compressobj()
    with path.open("rb") as file:
        blocks = [packing.compress(block) for block in iter(lambda: file.read(BLOCK_BYTES), b"")]
    return b"".join((*blocks, packing.flush()))


def _unpress(content: bytes, path: Path) -> None:
    unpacking, rest = zlib.decompressobj(), content
    with path.open("wb") as file:
        while rest:
            file.write(unpacking.decompress(rest, BLOCK_BYTES))
            rest = unpacking.unconsumed_tail
