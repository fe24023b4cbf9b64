"""Local servers that cost next to nothing: what is measured against them is the bot.

They hold what is sent to them back from nothing, slow nothing down and look at nothing; when something came or went is
noted by ``time.monotonic``, which all processes of a machine share.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aiohttp import BodyPartReader, web

from tests.plain_checker import TASK, PlainChecker
from tests.plain_telegram import PERSON, PlainTelegram

TOKEN = "424242:AAE-token-of-the-bench-0123456789abcde"
API_KEY = "key-of-the-bench"
PEOPLE = range(PERSON["id"], PERSON["id"] + 100_000)  # type: ignore[call-overload,operator]
PATIENCE_SECONDS = 300.0


@dataclass
class BenchTelegram(PlainTelegram):
    """Takes documents without reading them, and lets many people ask something at once."""

    token: str = TOKEN
    arrived: list[tuple[float, int]] = field(default_factory=list)
    """When each document was there as a whole, and how many bytes it had."""
    heard: dict[int, float] = field(default_factory=dict)
    """When the bot last said something in a chat."""

    async def until(self, is_true: Callable[[], bool]) -> None:
        """Wait for something to become true, as long as the slowest side of a measurement takes."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._changed:
            await self._changed.wait_for(is_true)

    async def ask(self, person_id: int, text: str) -> float:
        """Let somebody write from a private chat of their own; give the seconds until the bot says something there."""
        chat = {"id": person_id, "type": "private"}
        who = {**PERSON, "id": person_id}
        began = time.monotonic()
        await self._happen("message", {**self._message(), "chat": chat, "from": who, "text": text})
        await self.until(lambda: person_id in self.heard)
        return self.heard.pop(person_id) - began

    async def _call(self, request: web.Request) -> web.Response:
        if request.match_info["method"] != "sendDocument":
            return await super()._call(request)
        size = 0
        async for block in request.content.iter_any():
            size += len(block)
        self.arrived.append((time.monotonic(), size))
        async with self._changed:
            self._changed.notify_all()
        sent = {"file_id": "sent", "file_unique_id": "sent"}
        return web.json_response({"ok": True, "result": {**self._message(), "document": sent}})

    async def _show(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        self.heard[int(given["chat_id"])] = time.monotonic()
        shown = await super()._show(method, given)
        self.said[shown["message_id"]]["chat_id"] = int(given["chat_id"])
        return shown

    def button(self, label: str) -> int | None:
        """Give the newest message of the person who sends files that has a button whose label begins so."""
        for number, message in reversed(self.said.items()):
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            if message.get("chat_id") == PERSON["id"] and any(
                one["text"].startswith(label) for row in rows for one in row
            ):
                return number
        return None


@dataclass
class BenchChecker(PlainChecker):
    """Has each list exported at the first question; its result is a file that was made before."""

    api_key: str = API_KEY
    result: Path = Path()
    exported: list[float] = field(default_factory=list)
    """When it was said for the first time that a list is exported."""
    count: int = 0

    async def _submit(self, request: web.Request) -> web.Response:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "file":
                self.count = 0
                while block := await part.read_chunk(1 << 16):
                    self.count += block.count(b"\n")
        created = {"created_at": "2024-10-19T18:24:56.450Z", "task_id": TASK, "status": "pending"}
        return web.json_response({**created, "message": "accepted", "total": self.count}, status=202)

    async def _status(self, _request: web.Request) -> web.Response:
        link = f"{self.url.removesuffix('/api')}/files/result{self.result.suffix}"
        told = {"task_id": TASK, "status": "exported", "total": self.count, "success": self.count, "failure": 0}
        self.exported.append(time.monotonic())
        return web.json_response({**told, "result_url": link})

    async def _result(self, _request: web.Request) -> web.StreamResponse:  # type: ignore[override]
        return web.FileResponse(self.result)


@dataclass
class Servers:
    """Both, and the settings of a bot that speaks to them."""

    folder: Path
    telegram: BenchTelegram = field(default_factory=BenchTelegram)
    checker: BenchChecker = field(default_factory=BenchChecker)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> Self:
        for server in (self.telegram, self.checker):
            await self._open.enter_async_context(server)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    @property
    def environment(self) -> dict[str, str]:
        """The settings contract."""
        return {
            "BOT_TOKEN": TOKEN,
            "CHECKER_API_KEY": API_KEY,
            "CHECKER_API_URL": self.checker.url,
            "TELEGRAM_API_URL": self.telegram.url,
            "DATABASE_URL": f"sqlite:///{self.folder / 'bot.db'}",
            "DATA_DIR": str(self.folder / "data"),
            "ALLOWED_IDS": ",".join(map(str, PEOPLE[:2_000])),
        }
