"""The real bot as a child process against both sandbox servers, as the story tests use it.

Every rehearsal ends with the same questions, whatever its story was: did Telegram refuse a call, did the checking API
get something it cannot have wanted, did a secret or a phone number get into the log, is every update that Telegram
holds as confirmed in the inbox?
"""

import asyncio
import contextlib
import json
import os
import re
import secrets
import signal
import sqlite3
import sys
import unicodedata
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.chats import Message, Person
from sandbox.check_api import CheckServer
from sandbox.faults import Faults
from sandbox.telegram_api import TelegramServer
from tests.nursery import Child, born

TOKEN = "424242:AAE-sandbox-token-of-the-tests-0123456"
API_KEY = "key-of-the-tests-that-must-not-be-logged"
ROOT = Path(__file__).parent.parent
START_SECONDS = 180
STOP_SECONDS = 20
TEAM = range(5_000_001, 5_000_100)
"""The ids of people who may use the bot; the sandbox gives them in this order."""
STRANGER_ID = 6_000_001
AFTER_A_KILL = frozenset({"Too Many Requests", "query is too old", "message is not modified"})
"""What Telegram may say to a bot that was killed: it knows nothing of what it has said in the last second.

Nor does it know which presses it has answered and which cards it has drawn: an update is given again until it is noted
as done, and Telegram says of a second answer what it says of a late one, and of the same card that it is not modified.
"""
NATIONAL_DIGITS = 9
"""So many last digits of a number are enough to know it by, in whatever form it is written."""


@dataclass
class Rehearsal:
    """Both servers, a person who may use the bot, and the bot's process, which can be stopped and started again."""

    telegram: TelegramServer
    checker: CheckServer
    folder: Path
    anna: Person
    settings: dict[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | Child | None = None
    module: str = "bot"
    """What is run: the bot, or a module that changes something about it and then is the bot."""
    expected_refusals: set[str] = field(default_factory=lambda: {"CHAT_ADMIN_REQUIRED"})
    """Words of those refusals by Telegram that the story brings about on purpose.

    From the beginning: who is a member is asked also where only an admin is told.
    """

    @property
    def environment(self) -> dict[str, str]:
        """The settings contract, and nothing of the machine's own environment that could change what the bot does."""
        return {
            "PATH": os.environ["PATH"],
            "BOT_TOKEN": TOKEN,
            "CHECKER_API_KEY": API_KEY,
            "CHECKER_API_URL": self.checker.url,
            "TELEGRAM_API_URL": self.telegram.url,
            "DATABASE_URL": f"sqlite:///{self.folder / 'bot.db'}",
            "DATA_DIR": str(self.folder / "data"),
            "ALLOWED_IDS": ",".join(map(str, TEAM)),
            "LOG_LEVEL": "DEBUG",
            **self.settings,
        }

    @property
    def log(self) -> str:
        """All that the bot's processes have written so far."""
        path = self.folder / "bot.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    async def spawn(self) -> asyncio.subprocess.Process:
        """Start a process of the bot, and do not wait for it."""
        with (self.folder / "bot.log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", self.module, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    async def start(self, *, afresh: bool = False) -> None:
        """Start the bot and wait until it asks for updates.

        Args:
            afresh: Start it as people do, with all that Python has to read first; else it is born in the nursery.
        """
        asked = len(self.telegram.calls_of("getMe"))
        self.process = await (self.spawn() if afresh else self._bear())
        try:
            await self.telegram.wait_for(
                lambda server: (server.polling and len(server.calls_of("getMe")) > asked) or None, START_SECONDS
            )
        except TimeoutError:
            raise AssertionError(f"The bot does not start:\n{self.log[-3000:]}") from None

    async def _bear(self) -> Child:
        end = self.folder / f"end {secrets.token_hex(4)}"
        return await born(self.module, self.environment, self.folder / "bot.log", end)

    async def kill(self) -> None:
        """End the bot as a power cut does."""
        self.expected_refusals |= AFTER_A_KILL
        await self._end(signal.SIGKILL)

    async def dies(self, seconds: float) -> None:
        """Wait until the bot has ended itself as a power cut does; see ``tests.chaos.crashing_bot``."""
        assert self.process is not None
        self.expected_refusals |= AFTER_A_KILL
        async with asyncio.timeout(seconds):
            await self.process.wait()
        self.process = None

    async def stop(self) -> int:
        """Ask the bot to stop, and give its exit code; it has to end within the time that the settings promise."""
        return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        if self.process is None:
            return 0
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        async with asyncio.timeout(STOP_SECONDS):
            code = await self.process.wait()
        self.process = None
        return code

    def rows(self, question: str) -> list[tuple[object, ...]]:
        """Ask the bot's database; only for what can be seen nowhere else."""
        with contextlib.closing(sqlite3.connect(self.folder / "bot.db", timeout=60)) as database:
            return database.execute(question).fetchall()

    async def all_handled(self) -> None:
        """Wait until the bot has seen to everything that people have done so far."""
        waiting = "SELECT id FROM updates WHERE state = 'waiting'"
        async with asyncio.timeout(START_SECONDS):
            while self.telegram.updates.waiting or self.rows(waiting):  # noqa: ASYNC110 - a database tells nobody
                await asyncio.sleep(0.05)

    def let_pass(self, column: str, table: str, seconds: float) -> None:
        """Let so many seconds pass for what a table waits for, while no bot runs."""
        assert self.process is None, "the bot has a clock of its own"
        with contextlib.closing(sqlite3.connect(self.folder / "bot.db", timeout=60)) as database:
            database.execute(f"UPDATE {table} SET {column} = {column} - ?", (seconds,))  # noqa: S608 - names of ours
            database.commit()

    def check(self) -> None:
        """Ask what has to be true at the end of every story."""
        refused = [f"{call.method}: {call.description}" for call in self.telegram.refused]
        on_purpose = self.expected_refusals
        refused = [one for one in refused if not any(words in one for words in on_purpose)]
        assert refused == [], refused
        assert self.checker.refused == [], self.checker.refused
        assert self.checker.leaks == [], self.checker.leaks
        check_log(self.log, self._sent_digits(), (*self.checker.links, *_secrets(self.settings)))
        self._check_inbox()

    def _sent_digits(self) -> set[str]:
        numbers = {number for submit in self.checker.submits for number in submit.numbers}
        said = (text for chat in self.telegram.state.chats.values() for text in _said(chat.messages.values()))
        return endings(numbers) | endings(said)

    def _check_inbox(self) -> None:
        """Look whether what Telegram will never give again is stored, and, while nothing runs, whether it was seen to.

        Updates about nobody's list (a group's own talk) are dropped on purpose; the stories that send some say so.
        """
        if not (self.folder / "bot.db").exists():
            return
        stored = {json.loads(str(raw)).get("update_id") for (raw,) in self.rows("SELECT raw FROM updates")}
        confirmed = {one["update_id"] for one in self.telegram.updates.confirmed}
        repeated = sum(name == "duplicate_update" for name, _ in self.telegram.faults.struck)
        assert len(confirmed - stored - self._not_for_us()) <= repeated

    def _not_for_us(self) -> set[int]:
        """Give the updates of groups that are not addressed to the bot, which it must not keep."""
        groups = (
            (one["update_id"], one.get("message") or one.get("edited_message") or {})
            for one in self.telegram.updates.confirmed
        )
        return {
            number for number, message in groups if (message.get("chat") or {}).get("type") in {"group", "supergroup"}
        }


@asynccontextmanager
async def rehearsal(
    folder: Path, *, settings: dict[str, str] | None = None, **options: Any
) -> AsyncIterator[Rehearsal]:
    """Open both servers; ``options`` are the checking API's. Ends by killing the bot if the story did not end it."""
    faults = Faults()
    checker = CheckServer(API_KEY, faults, **({"numbers_per_second": 2000.0, "pending_seconds": 0.2} | options))
    async with TelegramServer(TOKEN, faults) as telegram, checker:
        anna = telegram.add_person("Anna", language_code="en")
        telegram.private_chat(anna)
        run = Rehearsal(telegram, checker, folder, anna, settings or {})
        try:
            yield run
        finally:
            if run.process is not None:
                await run.kill()
        run.check()


def check_log(log: str, digits: Iterable[str], words: Iterable[str] = ()) -> None:
    """Look for secrets, phone numbers and tracebacks in what a bot has written.

    Args:
        log: everything that was written.
        digits: the last digits of each number that must not be in it, however it is spelled.
        words: what else must not be in it.
    """
    secret_part = TOKEN.partition(":")[2]
    found = [word for word in (TOKEN, secret_part, API_KEY, *words) if word in log]
    assert found == [], "a secret is in the log"
    known = set(digits)
    for line in log.splitlines():
        assert not known & set(_windows(line)), f"a phone number is in the log: {line}"
    assert "Traceback" not in log, log[log.index("Traceback") - 500 :][:3000]


def endings(texts: Iterable[str]) -> set[str]:
    """Give the last digits of everything in the texts that has as many digits as a phone number."""
    return {run[-NATIONAL_DIGITS:] for text in texts for line in text.splitlines() for run in _runs(line)}


def _runs(line: str) -> list[str]:
    """Give the runs of digits in a line, of any script, with what people write between digits taken away."""
    plain = "".join(str(unicodedata.digit(char, char)) for char in line)
    joined = re.sub(r"(?<=\d)[ \t\u00a0().\u2010-\u2013/-]{1,3}(?=\d)", "", plain)
    return [run for run in re.findall(r"\d+", joined) if len(run) >= NATIONAL_DIGITS]


def _windows(line: str) -> Iterator[str]:
    for run in _runs(line):
        for start in range(len(run) - NATIONAL_DIGITS + 1):
            yield run[start : start + NATIONAL_DIGITS]


def _said(messages: Iterable[Message]) -> Iterator[str]:
    """Give all that people wrote and sent, files included."""
    for message in messages:
        if not message.from_bot:
            yield from message.texts()
            yield (message.data or b"").decode("utf-8", "replace")


def _secrets(settings: dict[str, str]) -> list[str]:
    return [settings[name] for name in ("BOT_TOKEN", "CHECKER_API_KEY") if settings.get(name)]
