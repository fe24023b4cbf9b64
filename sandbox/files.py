"""The files Telegram keeps: what people and the bot sent, by file_id, and the paths getFile gives for a while."""

import base64
import hashlib
import mimetypes
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from sandbox.clock import Clock
from sandbox.pictures import check_photo
from sandbox.refusals import bad_request

DOWNLOAD_LIMIT = 20 * 1024 * 1024
PATH_LIVES_SECONDS = 3600


@dataclass(frozen=True)
class Upload:
    """A file as it came with a request."""

    file_name: str
    data: bytes
    content_type: str | None = None


@dataclass
class StoredFile:
    """One file; ``size`` can be more than the bytes kept, for files that nobody wants to build for a test."""

    file_id: str
    file_unique_id: str
    file_name: str
    mime_type: str
    data: bytes
    size: int
    kind: str = "document"
    sides: tuple[int, int] = (0, 0)
    """Width and height of a photo."""

    def as_document(self) -> dict[str, Any]:
        """The Document object."""
        return {
            "file_name": self.file_name,
            "mime_type": self.mime_type,
            "file_id": self.file_id,
            "file_unique_id": self.file_unique_id,
            "file_size": self.size,
        }

    def as_photo(self) -> list[dict[str, Any]]:
        """The PhotoSize list; of the sizes Telegram makes, only the picture's own."""
        size = {"file_id": self.file_id, "file_unique_id": self.file_unique_id, "file_size": self.size}
        return [{**size, "width": self.sides[0], "height": self.sides[1]}]


@dataclass
class FileStore:
    """All files of one server."""

    clock: Clock
    by_id: dict[str, StoredFile] = field(default_factory=dict)
    by_path: dict[str, tuple[StoredFile, float]] = field(default_factory=dict)

    def keep(self, upload: Upload, kind: str = "document", size: int | None = None) -> StoredFile:
        """Keep a file and give it its ids: the same content has the same unique id, each upload its own file_id.

        Raises:
            Refusal: it is to be a photo, and is none that Telegram takes.
        """
        number = len(self.by_id) + 1
        digest = hashlib.sha256(upload.data + upload.file_name.encode()).digest()
        file_id = "BQACAgIAAx" + base64.urlsafe_b64encode(number.to_bytes(4, "big") + digest[:30]).decode().rstrip("=")
        stored = StoredFile(
            file_id=file_id,
            file_unique_id="AgAD" + base64.urlsafe_b64encode(digest[:8]).decode().rstrip("="),
            file_name=upload.file_name,
            mime_type=upload.content_type
            if upload.content_type and upload.content_type != "application/octet-stream"
            else mimetypes.guess_type(upload.file_name)[0] or "application/octet-stream",
            data=upload.data,
            size=len(upload.data) if size is None else size,
            kind=kind,
            sides=check_photo(upload.data) if kind == "photo" else (0, 0),
        )
        self.by_id[file_id] = stored
        return stored

    def find(self, file_id: str) -> StoredFile:
        """The file of this id.

        Raises:
            Refusal: there is none.
        """
        stored = self.by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return stored

    def open_path(self, file_id: str) -> dict[str, Any]:
        """The File object of getFile; its path lives for an hour.

        Raises:
            Refusal: no such file, or more than a bot may download.
        """
        stored = self.find(file_id)
        if stored.size > DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        folder = "photos" if stored.kind == "photo" else "documents"
        path = f"{folder}/file_{len(self.by_path)}{PurePosixPath(stored.file_name).suffix}"
        self.by_path[path] = (stored, self.clock.now() + PATH_LIVES_SECONDS)
        return {
            "file_id": stored.file_id,
            "file_unique_id": stored.file_unique_id,
            "file_size": stored.size,
            "file_path": path,
        }

    def download(self, path: str) -> StoredFile | None:
        """What is behind a path that still lives."""
        stored, until = self.by_path.get(path, (None, 0.0))
        return stored if self.clock.now() < until else None
