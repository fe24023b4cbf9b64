"""Everything that a rehearsal needs, opened together: both servers, a person, and the bot with data of its own."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.bot_process import BotProcess
from sandbox.chats import Person
from sandbox.check_api import CheckServer
from sandbox.faults import Faults
from sandbox.telegram_api import TelegramServer

TOKEN = "1000001:made-up-token-of-the-sandbox-000000"  # noqa: S105 - opens nothing but the sandbox
API_KEY = "made-up-key-of-the-sandbox"
PRICE_PER_1000 = "0.15"
START_SECONDS = 180


class BotNotReadyError(Exception):
    """The bot did not begin to take updates."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What is open: the servers, the bot, a person who may use it and her private chat with it."""

    telegram: TelegramServer
    checker: CheckServer
    bot: BotProcess
    person: Person
    chat_id: int
    folder: Path

    async def start_bot(self) -> None:
        """Start the bot and wait until it takes updates.

        Raises:
            BotNotReadyError: it ended, or ``START_SECONDS`` were not enough.
        """
        await self.bot.start()
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        while not self.telegram.polling:
            if self.bot.exit_code is not None:
                raise BotNotReadyError(f"The bot ended with exit code {self.bot.exit_code} before it was ready.")
            if asyncio.get_running_loop().time() > deadline:
                raise BotNotReadyError(f"The bot did not ask for updates within {START_SECONDS} seconds.")
            with contextlib.suppress(TimeoutError):
                await self.telegram.wait_for(lambda server: server.polling, timeout=0.5)


@contextlib.asynccontextmanager
async def open_rehearsal(
    name: str,
    language: str = "en",
    *,
    ports: tuple[int, int] = (0, 0),
    admin: bool = False,
    settings: Mapping[str, str] | None = None,
    **options: Any,
) -> AsyncIterator[Rehearsal]:
    """Open the servers and prepare the bot; at the end stop it and leave nothing behind.

    Args:
        name: the person's first name.
        language: the language of the person's Telegram.
        ports: of the Bot API server and of the checking API; 0 takes a free one.
        admin: the person is an admin of the bot, not only somebody who may use it.
        settings: more of the bot's settings.
        options: of the checking API, see CheckOptions.

    """
    faults = Faults()
    checker = CheckServer(API_KEY, faults, port=ports[1], **options)
    telegram = TelegramServer(TOKEN, faults, port=ports[0])
    telegram.beside["/checker"] = checker.control_routes()
    with tempfile.TemporaryDirectory(prefix="number-check-sandbox-") as temporary:
        folder = Path(temporary)
        async with telegram, checker:
            person = telegram.add_person(name, language_code=language)
            given = {
                "BOT_TOKEN": TOKEN,
                "CHECKER_API_KEY": API_KEY,
                "CHECKER_API_URL": checker.url,
                "TELEGRAM_API_URL": telegram.url,
                "DATABASE_URL": f"sqlite:///{folder / 'data' / 'bot.db'}",
                "DATA_DIR": str(folder / "data"),
                "ADMIN_IDS" if admin else "ALLOWED_IDS": str(person.id),
                "PRICE_PER_1000": PRICE_PER_1000,
                "TMPDIR": temporary,
                **(settings or {}),
            }
            bot = BotProcess(given, folder / "bot.log")
            try:
                yield Rehearsal(telegram, checker, bot, person, telegram.private_chat(person), folder)
            finally:
                await bot.stop()
