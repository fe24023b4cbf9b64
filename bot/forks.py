"""Children for small files: forks of a process that is ready (`bot.forking`), under the same limits as all others.

To begin a process that reads a result takes a quarter of a second of the processor, twenty times as long as reading a
short one. Where hundreds of them end in the same moment, that would be what they wait for; a fork takes milliseconds.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.children import MOST_ANSWER_BYTES, MOST_COMPLAINT_BYTES, ReadingFailed, environment, look_at_end, read_some

IDLE_SECONDS: Final = 60.0
"""A process that nobody has needed, or expected to, for so long is ended: it holds some 50 MiB."""
KILLED: Final = -signal.SIGKILL


@dataclass(slots=True)
class _Streams:
    """The ends of a child's streams: ours, and those that go to it."""

    hold: int
    """Its stdin: the child ends when it closes."""
    answer: asyncio.StreamReader
    complaint: asyncio.StreamReader
    end: asyncio.StreamReader
    theirs: list[int]

    def let_go(self) -> None:
        """Close the child's ends here: it has them by now, or nobody shall."""
        while self.theirs:
            os.close(self.theirs.pop())


class Forks:
    """Has children read files; the process that forks them is started when it is needed, and again if it has died."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._process: asyncio.subprocess.Process | None = None
        self._line: socket.socket | None = None
        self._turn = asyncio.Lock()
        self._users = 0
        self._idle: asyncio.TimerHandle | None = None

    async def run(self, arguments: Sequence[str], folder: Path, limit: float) -> str:
        """Run a child to its end and give what it printed. It is gone when this returns, however it returns.

        Args:
            arguments: the command line of `bot.reading`.
            folder: where the child puts what it needs for a while.
            limit: seconds until it is killed.

        Raises:
            ResultNotUnderstood: the file is no result of this list.
            ReadingFailed: it took too long or too much, or broke.
            OSError: the disk is full.
        """
        message = json.dumps({"arguments": ["--while-stdin-open", *arguments], "folder": str(folder)}).encode()
        self._users += 1
        try:
            async with _open_streams() as streams:
                return await self._run(message, streams, limit)
        finally:
            self._users -= 1
            self._wait_for_more()

    async def get_ready(self) -> None:
        """Start the process where there is none, and let it wait for a file: to start takes longer than to read one."""
        with contextlib.suppress(OSError):  # whoever has a file hears of it
            await self._opened()
        self._wait_for_more()

    async def close(self) -> None:
        """End the process; children at work go on."""
        if self._idle is not None:
            self._idle.cancel()
        if (process := self._end()) is not None:
            await process.wait()

    def _wait_for_more(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(self._idle_seconds, self._end_idle)

    def _end_idle(self) -> None:
        if not self._users:
            self._end()

    async def _run(self, message: bytes, streams: _Streams, limit: float) -> str:
        pid = code = b""
        try:
            async with asyncio.timeout(limit):
                async with self._turn:  # one message at a time is on its way
                    await self._send(message, streams)
                    pid = await streams.end.readline()
                answer, complaint = await asyncio.gather(
                    read_some(streams.answer, MOST_ANSWER_BYTES), read_some(streams.complaint, MOST_COMPLAINT_BYTES)
                )
                code = await streams.end.readline()
        except TimeoutError:
            raise ReadingFailed(f"not done after {limit:.0f} s") from None
        finally:
            streams.let_go()
            if not code:
                pid = pid or await streams.end.readline()
                if pid and not streams.end.at_eof():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(pid), signal.SIGKILL)
            await streams.end.read()
        look_at_end(int(code) if code.strip().isdigit() else KILLED, complaint)
        return answer.decode("utf-8", "replace")

    async def _send(self, message: bytes, streams: _Streams) -> None:
        for _ in range(2):
            try:
                socket.send_fds(await self._opened(), [message], streams.theirs)
            except (BrokenPipeError, ConnectionResetError):
                self._end()  # it has died: another one is started
            else:
                streams.let_go()
                return
        raise ReadingFailed("no child came of it")

    async def _opened(self) -> socket.socket:
        if self._line is None:
            self._line, theirs = socket.socketpair()
            with theirs:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    *("-P", "-m", "bot.forking", str(theirs.fileno())),
                    pass_fds=[theirs.fileno()],
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=asyncio.subprocess.DEVNULL,
                    env=environment(),
                )
        return self._line

    def _end(self) -> asyncio.subprocess.Process | None:
        process, self._process = self._process, None
        if self._line is not None:
            self._line.close()
            self._line = None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        return process


@contextlib.asynccontextmanager
async def open_forks() -> AsyncIterator[Forks]:
    """Have forks as long as they are needed."""
    forks = Forks()
    try:
        yield forks
    finally:
        await forks.close()


@contextlib.asynccontextmanager
async def _open_streams() -> AsyncIterator[_Streams]:
    async with contextlib.AsyncExitStack() as closing:
        stdin, hold = os.pipe()
        closing.callback(os.close, hold)
        streams = _Streams(hold, asyncio.StreamReader(), asyncio.StreamReader(), asyncio.StreamReader(), [stdin])
        closing.callback(streams.let_go)
        for reader in (streams.answer, streams.complaint, streams.end):
            ours, theirs = os.pipe()
            streams.theirs.append(theirs)
            await _connect(reader, ours, closing)
        yield streams


async def _connect(reader: asyncio.StreamReader, ours: int, closing: contextlib.AsyncExitStack) -> None:
    stream = closing.enter_context(os.fdopen(ours, "rb", 0))
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), stream)
    closing.callback(transport.close)
