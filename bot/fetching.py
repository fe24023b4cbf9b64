"""Fetching files from Telegram."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import File

from bot.messenger import LaterError, TokenRevokedError

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
CLOUD_LIMIT_MB = 20
"""What a bot may download from Telegram's own server: https://core.telegram.org/bots/api#getfile."""
OWN_LIMIT_MB = 100
"""What we read where a self-hosted server lifts that limit: some seven million numbers."""
FETCH_SECONDS = 300
AGAIN_SECONDS = 5.0
GONE = frozenset({400, 403, 404, 410})
"""How a download is answered whose file will not be given again."""


class FileTooBigError(Exception):
    """The file is larger than can be fetched."""

    def __init__(self, limit_mb: int) -> None:
        super().__init__()
        self.limit_mb = limit_mb


class FileGoneError(Exception):
    """Telegram does not have the file any more."""


@dataclass(frozen=True, slots=True)
class Files:
    """Fetches files that people have sent."""

    bot: Bot
    limit_mb: int

    async def fetch(self, file_id: str, size: int | None, path: Path) -> Path:
        """Save a file and give where it is.

        Args:
            file_id: Telegram's name of the file.
            size: Its size in bytes as far as Telegram said; looked at before anything is fetched.
            path: Where to.

        Raises:
            FileTooBigError: It is larger than can be fetched.
            FileGoneError: Telegram does not give it.
            LaterError: It cannot be had now.
            TokenRevokedError: Telegram does not accept our token any more.
            OSError: It cannot be written.
        """
        most = self.limit_mb * MEGABYTE
        if size is not None and size > most:
            raise FileTooBigError(self.limit_mb)
        file = await self._ask(file_id)
        if not file.file_path:
            raise FileGoneError
        url = self.bot.session.api.file_url(self.bot.token, file.file_path)
        try:
            fetched = await self._save(url, path, most)
        except aiohttp.ClientResponseError as error:
            # The text of this error holds the address, and the address holds the token: it goes no further.
            logger.info("A file's download was answered %s", error.status)
            if error.status in GONE:
                raise FileGoneError from None
            raise LaterError(AGAIN_SECONDS) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            logger.info("A file's download broke (%s)", type(error).__name__)
            raise LaterError(AGAIN_SECONDS) from None
        if fetched > most:
            raise FileTooBigError(self.limit_mb)
        return path

    async def _ask(self, file_id: str) -> File:
        """Ask Telegram where the file is."""
        try:
            return await self.bot.get_file(file_id)
        except TelegramRetryAfter as error:
            raise LaterError(error.retry_after) from error
        except TelegramUnauthorizedError as error:
            raise TokenRevokedError from error
        except (TelegramBadRequest, TelegramNotFound) as error:
            if "file is too big" in error.message.lower():
                # The server's own word: it has the cloud's limit, whatever we had hoped for.
                raise FileTooBigError(min(self.limit_mb, CLOUD_LIMIT_MB)) from error
            logger.info("Telegram does not give a file: %s", error.message)
            raise FileGoneError from error
        except (TelegramAPIError, ClientDecodeError) as error:
            logger.info("Telegram cannot be asked for a file (%s)", type(error).__name__)
            raise LaterError(AGAIN_SECONDS) from None

    async def _save(self, url: str, path: Path, most: int) -> int:
        """Stream to disk and give how many bytes came; stop where it is too many."""
        fetched = 0
        stream = self.bot.session.stream_content(url, timeout=FETCH_SECONDS, chunk_size=256 * 1024)
        with await asyncio.to_thread(path.open, "wb") as file:
            async with asyncio.timeout(FETCH_SECONDS), contextlib.aclosing(stream) as chunks:
                async for chunk in chunks:
                    fetched += len(chunk)
                    if fetched > most:
                        break
                    await asyncio.to_thread(file.write, chunk)
        return fetched
