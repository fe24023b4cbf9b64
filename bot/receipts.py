"""The receipt journal: task ids on disk, outside the database, from the moment the API has given them.

A task id is what was paid for. It is appended here and forced to the disk before the database is told, so that neither
a kill between the two nor a restored backup can make the bot pay for a list twice. Each line is one JSON object;
there is no phone number in it.
"""

import asyncio
import contextlib
import json
import logging
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.job import Receipt

logger = logging.getLogger(__name__)

RESERVE_BYTES = 1 << 20
"""Kept aside on the disk, and given up when it is full: a receipt is a few hundred bytes."""


LEAST_FREE_BYTES = 64 << 20
"""With less room than this nothing is submitted: a result and its workbook have to fit."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """The journal, ``receipts.log`` in ``DATA_DIR``, and the reserve beside it.

    All but ``write_down`` block on the disk.
    """

    folder: Path
    database_folder: Path | None = None
    """Where the database is, if that may be another disk."""

    @property
    def path(self) -> Path:
        """Where the journal is."""
        return self.folder / "receipts.log"

    @property
    def reserve(self) -> Path:
        """What is given up when the disk is full."""
        return self.folder / "reserve"

    @property
    def trouble(self) -> str | None:
        """Say why nothing may be submitted: the disk could not take what comes of it."""
        for folder in {self.folder, self.database_folder or self.folder}:
            free = shutil.disk_usage(folder).free
            if free < LEAST_FREE_BYTES:
                return f"only {free // 2**20} MiB are free in {folder}"
        return None

    def keep_reserve(self) -> None:
        """Set the reserve aside where it is missing.

        Raises:
            OSError: The disk has no room for it.
        """
        if self.reserve.exists() and self.reserve.stat().st_size >= RESERVE_BYTES:
            return
        with self.reserve.open("wb") as file:
            file.write(os.urandom(RESERVE_BYTES))  # a file of zeros may take no room at all
            file.flush()
            os.fsync(file.fileno())

    def append(self, receipt: Receipt) -> None:
        """Write a receipt so that it outlives a power cut; the reserve is given up for it if need be.

        Raises:
            OSError: It cannot be written even so.
        """
        # A line that was torn by a crash is ended first, so that it spoils no other.
        known = {name: value for name, value in asdict(receipt).items() if value is not None}
        line = f"\n{json.dumps(known)}\n".encode()
        try:
            self._write(line)
        except OSError:
            with contextlib.suppress(FileNotFoundError):
                self.reserve.unlink()
            self._write(line)

    async def write_down(self, receipt: Receipt) -> None:
        """Append a receipt while others go on. That it cannot be written is logged: the database knows its task too."""
        try:
            await asyncio.to_thread(self.append, receipt)
        except OSError as error:
            logger.critical("A receipt cannot be written (%s): task=%s", error, receipt.task_id)

    def read(self) -> tuple[Receipt, ...]:
        """Give all receipts, oldest first; a line that was torn by a crash is none."""
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ()
        receipts = []
        for line in text.split("\n"):
            with contextlib.suppress(ValueError, TypeError):
                receipts.append(Receipt(**json.loads(line)))
        return tuple(receipts)

    def _write(self, line: bytes) -> None:
        is_new = not self.path.exists()
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            written = os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)
        if written != len(line):
            raise OSError("only a part of the receipt was written")
        if is_new:
            _sync_folder(self.folder)


def _sync_folder(folder: Path) -> None:
    """Make a new file's name outlive a power cut: on POSIX that is the folder's own data."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
