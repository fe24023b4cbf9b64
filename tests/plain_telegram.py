"""A Bot API server that does no more than one must: written from https://core.telegram.org/bots/api alone.

It shares nothing with the sandbox. Answers hold the fields that the documentation does not call optional, and no other;
methods that a bot may use without needing their result are answered with True. It is lenient: it checks nothing.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import BodyPartReader, web

PERSON = {"id": 5_000_001, "is_bot": False, "first_name": "Anna"}
CHAT = {"id": 5_000_001, "type": "private"}
BOT = {"id": 424_242, "is_bot": True, "first_name": "Bot", "username": "plain_bot"}


@dataclass
class PlainTelegram:
    """One bot, one person, one private chat."""

    token: str
    url: str = ""
    updates: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    said: dict[int, dict[str, Any]] = field(default_factory=dict)
    """What the bot has sent, by message id, as it stands after edits; a document's bytes are under ``data``."""
    history: list[str] = field(default_factory=list)
    """Every text in the order it was shown."""
    answered: list[str] = field(default_factory=list)
    """The callback queries that were answered."""
    _last: int = 0
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", f"/bot{self.token}/{{method}}", self._call)
        app.router.add_get(f"/file/bot{self.token}/{{path:.+}}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def write(self, text: str) -> None:
        """Let the person write."""
        await self._happen("message", {**self._message(), "from": PERSON, "text": text})

    async def send(self, name: str, data: bytes) -> None:
        """Let the person send a file."""
        file_id = f"file-{len(self.files)}"
        self.files[file_id] = data
        document = {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_name": name}
        await self._happen("message", {**self._message(), "from": PERSON, "document": document})

    async def press(self, message_id: int, beginning: str) -> None:
        """Let the person press the button whose label begins so, and wait until the press is answered."""
        rows = self.said[message_id]["reply_markup"]["inline_keyboard"]
        data = next(one["callback_data"] for row in rows for one in row if one["text"].startswith(beginning))
        query = f"query-{len(self.answered)}-{self._last}"
        message = {**self._message(), "message_id": message_id, "from": BOT}
        press = {"id": query, "from": PERSON, "chat_instance": "1", "data": data, "message": message}
        await self._happen("callback_query", press)
        await self.until(lambda: query in self.answered)

    async def until(self, is_true: Callable[[], bool]) -> None:
        """Wait for something to become true."""
        async with asyncio.timeout(90), self._changed:
            await self._changed.wait_for(is_true)

    async def hears(self, words: str) -> int:
        """Wait for a message that says this; give its id."""
        await self.until(lambda: self._saying(words) is not None)
        return self._saying(words) or 0

    def _saying(self, words: str) -> int | None:
        found = [number for number, one in self.said.items() if words in one.get("text", one.get("caption", ""))]
        return found[-1] if found else None

    def _next(self) -> int:
        self._last += 1
        return self._last

    def _message(self) -> dict[str, Any]:
        return {
            "message_id": self._next(),
            "date": int(asyncio.get_running_loop().time()) + 1_700_000_000,
            "chat": CHAT,
        }

    async def _happen(self, kind: str, event: dict[str, Any]) -> None:
        async with self._changed:
            self.updates.append({"update_id": self._next(), kind: event})
            self._changed.notify_all()

    async def _call(self, request: web.Request) -> web.Response:
        given = await _parameters(request)
        method = request.match_info["method"]
        result: Any = True
        if method == "getMe":
            result = BOT
        elif method == "getUpdates":
            result = await self._waiting(int(given.get("offset", 0)), float(given.get("timeout", 0)))
        elif method == "getFile":
            result = {"file_id": given["file_id"], "file_unique_id": "u", "file_path": f"documents/{given['file_id']}"}
        elif method in {"sendMessage", "sendDocument", "editMessageText"}:
            result = await self._show(method, given)
        elif method == "answerCallbackQuery":
            async with self._changed:
                self.answered.append(given["callback_query_id"])
                self._changed.notify_all()
        return web.json_response({"ok": True, "result": result})

    async def _waiting(self, offset: int, timeout: float) -> list[dict[str, Any]]:  # noqa: ASYNC109 - Telegram's word
        async with self._changed:
            self.updates = [one for one in self.updates if one["update_id"] >= offset]
            try:
                async with asyncio.timeout(timeout):
                    await self._changed.wait_for(lambda: bool(self.updates))
            except TimeoutError:
                return []
            return self.updates[:100]

    async def _show(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        edited = method == "editMessageText"
        message = {**self._message(), **({"message_id": int(given["message_id"])} if edited else {})}
        shown: dict[str, Any] = {
            name: given[name] for name in ("text", "caption", "reply_markup", "data") if name in given
        }
        async with self._changed:
            self.said[message["message_id"]] = shown
            self.history.append(shown.get("text", shown.get("caption", "")))
            self._changed.notify_all()
        if method == "sendDocument":
            message["document"] = {"file_id": "sent", "file_unique_id": "sent"}
        return message

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["path"].rpartition("/")[2]])


async def _parameters(request: web.Request) -> dict[str, Any]:
    """Read the parameters in any of the four ways that the documentation allows."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        given |= await request.json()
    elif request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader):
                data = await part.read()
                if part.filename is not None:
                    given["data"] = bytes(data)
                else:
                    given[part.name or ""] = data.decode()
    else:
        given |= dict(await request.post())
    for name, value in given.items():
        if isinstance(value, str) and value.startswith("{"):
            given[name] = json.loads(value)
    return given
