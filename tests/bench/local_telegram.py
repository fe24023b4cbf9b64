"""A local Bot API server that costs little: `python -m tests.bench.local_telegram`, a process of its own.

It reads HTTP itself, because a framework would be what is measured. It checks nothing. People write what the benchmark
tells it on standard input, a JSON object a line, each of which is answered by one on standard output; times are those
of the clock that all processes of the machine share (``time.monotonic``).
"""

import asyncio
import json
import re
import sys
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

FIRST_CHAT: Final = 1_000_000
AT_ONCE: Final = 100
"""So many updates at most are in an answer to getUpdates (https://core.telegram.org/bots/api#getupdates)."""
BOT: Final = {"id": 424_242, "is_bot": True, "first_name": "Bot", "username": "plain_bot"}
TOKEN: Final = "424242:AAE-sandbox-token-of-the-tests-0123456"
SHOWS: Final = frozenset({"sendMessage", "sendDocument", "sendPhoto", "editMessageText"})
say = partial(print, flush=True)
_CHAT = re.compile(rb"chat_id(?:=|\"\r\n\r\n|\": ?)(-?\d+)")
_LENGTH = re.compile(rb"(?i)content-length: *(\d+)")


@dataclass
class LocalTelegram:
    """One bot and as many people as are wanted, each in a private chat."""

    waiting: deque[dict[str, Any]] = field(default_factory=deque)
    given: deque[dict[str, Any]] = field(default_factory=deque)
    """What was given and is not confirmed."""
    given_at: dict[int, float] = field(default_factory=dict)
    """When each chat's update was given first."""
    answered_at: dict[int, float] = field(default_factory=dict)
    """When something was first said in each chat after that."""
    confirmed_at: float = 0.0
    """When the last of what was put in was confirmed."""
    asked_at: float = 0.0
    """When updates were first asked for."""
    files: dict[str, Path] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    parked: tuple[asyncio.Transport, asyncio.TimerHandle] | None = None
    last_id: int = 0

    def put(self, chat_id: int, **said: Any) -> None:
        """Let the person of a private chat write."""
        self.last_id += 1
        person = {"id": chat_id, "is_bot": False, "first_name": "Anna", "language_code": "en"}
        chat = {"id": chat_id, "type": "private", "first_name": "Anna"}
        message = {"message_id": self.last_id, "date": int(time.time()), "chat": chat, "from": person, **said}
        self.waiting.append({"update_id": self.last_id, "message": message})
        self.given_at.pop(chat_id, None)
        self.answered_at.pop(chat_id, None)
        self.confirmed_at = 0.0

    def wake(self) -> None:
        """Answer who waits for updates."""
        if self.parked is not None and (self.waiting or self.given):
            (transport, timer), self.parked = self.parked, None
            timer.cancel()
            self._give(transport)

    def call(self, method: str, body: bytes, transport: asyncio.Transport) -> None:
        """Answer a call."""
        if method == "getUpdates":
            self._updates(_said(body), transport)
        elif method in SHOWS:
            found = _CHAT.search(body)
            chat_id = int(found[1]) if found else 0
            if chat_id in self.given_at:
                self.answered_at.setdefault(chat_id, time.monotonic())
                self.changed.set()
            self.last_id += 1
            chat = b'{"id":%d,"type":"private"}' % chat_id
            document = b',"document":{"file_id":"sent","file_unique_id":"sent"}' if method == "sendDocument" else b""
            message = b'{"message_id":%d,"date":1700000000,"chat":%s,"text":"ok"%s}' % (self.last_id, chat, document)
            _write(transport, b'{"ok":true,"result":' + message + b"}")
        elif method == "getFile":
            file_id = _said(body)["file_id"]
            size = self.files[file_id].stat().st_size
            found_file = {"file_id": file_id, "file_unique_id": "u", "file_size": size, "file_path": f"d/{file_id}"}
            _write(transport, json.dumps({"ok": True, "result": found_file}).encode())
        else:
            result = BOT if method == "getMe" else True
            _write(transport, json.dumps({"ok": True, "result": result}).encode())

    def _updates(self, asked: dict[str, Any], transport: asyncio.Transport) -> None:
        self.asked_at = self.asked_at or time.monotonic()
        offset, patience = int(asked.get("offset", 0)), float(asked.get("timeout", 0))
        while self.given and self.given[0]["update_id"] < offset:
            self.given.popleft()
        if not self.given and not self.waiting:
            self.confirmed_at = self.confirmed_at or time.monotonic()
        self.changed.set()
        timer = asyncio.get_running_loop().call_later(patience, self._none, transport)
        self.parked = transport, timer
        self.wake()

    def _none(self, transport: asyncio.Transport) -> None:
        self.parked = None
        _write(transport, b'{"ok":true,"result":[]}')

    def _give(self, transport: asyncio.Transport) -> None:
        now = time.monotonic()
        while self.waiting and len(self.given) < AT_ONCE:
            update = self.waiting.popleft()
            self.given.append(update)
            self.given_at[update["message"]["chat"]["id"]] = now
        _write(transport, json.dumps({"ok": True, "result": list(self.given)}).encode())

    async def until_answered(self, chats: range | tuple[int, ...], seconds: float) -> None:
        """Wait until something was said in each of these chats, but no longer than so."""
        try:
            async with asyncio.timeout(seconds):
                while not all(chat in self.answered_at for chat in reversed(chats)):
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            return

    async def burst(self, count: int, text: str, seconds: float) -> dict[str, Any]:
        """Let so many people write at once; give the seconds until all was confirmed, until all were answered."""
        chats = range(FIRST_CHAT, FIRST_CHAT + count)
        for place, chat in enumerate(chats):
            self.put(chat, text=text.replace("{}", f"{place:07d}"), **_marks(text))
        self.wake()
        await self.until_answered(chats, seconds)
        while self.given or self.waiting:
            self.changed.clear()
            await self.changed.wait()
        began = self.given_at[chats[0]]
        answered = [self.answered_at[chat] for chat in chats if chat in self.answered_at]
        last = max(answered, default=began)
        return {"confirmed": self.confirmed_at - began, "answered": last - began, "answers": len(answered)}

    async def one_by_one(self, least: int, text: str, every: float, reader: int) -> dict[str, Any]:
        """Let one person after another write; give the seconds that each waited for the answer.

        Args:
            least: How often at the least.
            text: What they write.
            every: Seconds between an answer and the next.
            reader: Who waits for something longer: until they are answered, it goes on; 0 for nobody.
        """
        delays: list[float] = []
        while len(delays) < least or (reader and reader not in self.answered_at):
            chat = FIRST_CHAT + len(delays) % 1000
            self.put(chat, text=text, **_marks(text))
            began = time.monotonic()
            self.wake()
            await self.until_answered((chat,), 60)
            delays.append(self.answered_at.get(chat, began + 60) - began)
            await asyncio.sleep(every)
        return {"delays": delays}

    async def obey(self, told: dict[str, Any]) -> dict[str, Any]:
        """Do what the benchmark says."""
        match told.pop("do"):
            case "burst":
                return await self.burst(**told)
            case "one_by_one":
                return await self.one_by_one(**told)
            case "file":
                name = f"file-{len(self.files)}"
                self.files[name] = Path(told["path"])
                document = {"file_id": name, "file_unique_id": name, "file_name": "list.txt"}
                size = self.files[name].stat().st_size
                self.put(told["chat"], document={**document, "file_size": size, "mime_type": "text/plain"})
                self.wake()
            case "answer":
                await self.until_answered((told["chat"],), told["seconds"])
                return {"answered": self.answered_at.get(told["chat"], 0.0)}
            case "asked":
                while not self.asked_at:
                    self.changed.clear()
                    await self.changed.wait()
                return {"asked": self.asked_at}
        return {}


def _said(body: bytes) -> dict[str, Any]:
    """Read the parameters of a call, as JSON or as a form."""
    if body.startswith(b"{"):
        read: dict[str, Any] = json.loads(body)
        return read
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def _marks(text: str) -> dict[str, Any]:
    """Mark a command as Telegram does."""
    return {"entities": [{"type": "bot_command", "offset": 0, "length": len(text)}]} if text.startswith("/") else {}


class _Connection(asyncio.Protocol):
    def __init__(self, telegram: LocalTelegram) -> None:
        self._telegram = telegram
        self._come = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._come += data
        while (end := self._come.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._come[:end])
            length = _LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._come) < whole:
                return
            body = bytes(self._come[end + 4 : whole])
            del self._come[:whole]
            path = head.split(b" ", 2)[1].decode().partition("?")[0]
            if path.startswith("/file/"):
                _write(self._transport, self._telegram.files[path.rpartition("/")[2]].read_bytes())
            else:
                self._telegram.call(path.rpartition("/")[2], body, self._transport)


def _write(transport: asyncio.Transport, body: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    transport.write(head + body)


async def _serve() -> None:
    telegram, loop = LocalTelegram(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(telegram), "127.0.0.1", 0)
    say(server.sockets[0].getsockname()[1])
    told = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
    while line := await told.readline():
        say(json.dumps(await telegram.obey(json.loads(line))))


@dataclass
class Told:
    """The server's process, as the benchmark speaks to it."""

    process: asyncio.subprocess.Process
    url: str

    async def do(self, what: str, **words: Any) -> dict[str, Any]:
        """Tell it something, and wait for the answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": what, **words}).encode() + b"\n")
        answer: dict[str, Any] = json.loads(await self.process.stdout.readline())
        return answer


@asynccontextmanager
async def local_telegram() -> AsyncIterator[Told]:
    """Start the server as a process of its own, and end it."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.local_telegram", stdin=pipe, stdout=pipe, limit=1 << 26
    )
    assert process.stdout is not None
    try:
        yield Told(process, f"http://127.0.0.1:{int(await process.stdout.readline())}")
    finally:
        process.kill()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(_serve())
