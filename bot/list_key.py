"""The key under which lists are compared: two lists of the same numbers are told without keeping either.

A plain hash of a phone number can be undone by trying all numbers, so every hash is keyed, and the key lies outside the
database: a copy of the database alone says nothing.
"""

import hashlib
import logging
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

logger = logging.getLogger(__name__)

KEY_BYTES = 32
DIGEST_BYTES = 32
NAME_BYTES = 16


@dataclass(frozen=True, slots=True)
class ListKey:
    """A secret of this bot's own."""

    key: bytes = field(repr=False)

    def name(self, number: bytes) -> bytes:
        """Name one number (E.164): what was found about it is remembered under this name."""
        return hashlib.blake2b(number, key=self.key, digest_size=NAME_BYTES).digest()

    def digest(self, combined: bytes) -> str | None:
        """Name the set of a list's numbers by what ``packing.combined`` gives for it; None for no numbers."""
        return hashlib.blake2b(combined, key=self.key, digest_size=DIGEST_BYTES).hexdigest() if combined else None


def find_list_key(folder: Path) -> ListKey:
    """Read or make the key; one that is not kept, for this run, where the disk takes none."""
    try:
        return load_list_key(folder)
    except OSError as error:
        logger.error("The key of lists cannot be kept, so none will be recognised: %s", error)
        return ListKey(secrets.token_bytes(KEY_BYTES))


def load_list_key(folder: Path) -> ListKey:
    """Read the key, ``list_key`` in ``DATA_DIR``, or make it once.

    A key that was lost is made anew: then no earlier list is recognised, and nothing else changes.

    Raises:
        OSError: It can be neither read nor written.
    """
    path = folder / "list_key"
    if path.exists():
        key = path.read_bytes()
        if len(key) == KEY_BYTES:
            return ListKey(key)
    key = secrets.token_bytes(KEY_BYTES)
    part = folder / "list_key.part"
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return ListKey(key)
