"""The connection to Telegram: opened, greeted, closed."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramNotFound,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.types import InputFile, User
from aiohttp import JsonPayload

from bot.limits import Limits

logger = logging.getLogger(__name__)

CLOUD = "https://api.telegram.org"
REQUEST_SECONDS = 30.0
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
MEETING_SECONDS = 12.0
"""How long Telegram is given to answer at the start: a stop is promised within 20 seconds, also then."""


class TokenRefusedError(Exception):
    """Telegram does not accept the token."""


class Session(AiohttpSession):
    """aiogram's session, but every answer that is none of Telegram's is a ``ClientDecodeError``.

    And what has no file goes out as JSON (https://core.telegram.org/bots/api#making-requests): a message with buttons
    takes a sixth of the work that a form does.
    """

    def build_form_data(self, bot: Bot, method: TelegramMethod[Any]) -> Any:  # noqa: ANN401  (what aiohttp sends)
        """Write what a method says; what is empty is left out, as aiogram does."""
        files: dict[str, InputFile] = {}
        said = {
            name: ready
            for name, value in method.model_dump(warnings=False, exclude={"reply_markup"}, exclude_none=True).items()
            if (ready := self.prepare_value(value, bot, files, _dumps_json=False))
        }
        if files:
            return super().build_form_data(bot, method)
        markup = getattr(method, "reply_markup", None)
        if markup is not None:
            said["reply_markup"] = markup.model_dump(mode="json", warnings=False, exclude_none=True)
        return JsonPayload(said)

    async def close(self) -> None:
        """Close the connections; aiogram's own close sleeps for what this aiohttp does by itself."""
        if self._session is not None:
            await self._session.close()

    async def make_request(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401  (as aiogram hands it on)
        """Make a request; a page in an encoding of its own is no reason to fall over."""
        try:
            return await super().make_request(*arguments, **options)
        except (UnicodeDecodeError, LookupError) as error:
            raise ClientDecodeError("Failed to read the answer", error, None) from error

    def check_response(self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str) -> Any:  # noqa: ANN401
        """Check an answer; proxies write JSON errors without a description."""
        _answer_of(method.__returning__)
        try:
            return super().check_response(bot, method, status_code, content)
        except TypeError as error:
            raise ClientDecodeError("Failed to read the answer", error, None) from error
        except TelegramAPIError as error:
            if type(error) is TelegramAPIError:  # a code that aiogram has no name for: 429 without a time to wait
                raise TelegramServerError(method=error.method, message=error.message) from error
            raise


@cache
def _answer_of(returned: Any) -> type[Response[Any]]:  # noqa: ANN401  (whatever pydantic takes for a type)
    """Hold on to the type of an answer: pydantic does so weakly, and building it takes longer than reading one."""
    return Response[returned]


@asynccontextmanager
async def open_bot(token: str, server: str, limits: Limits | None = None) -> AsyncIterator[Bot]:
    """Open a bot that speaks HTML and keeps Telegram's limits.

    Args:
        token: From @BotFather.
        server: Base address of the Bot API server.
        limits: Telegram's, unless others are given.
    """
    session = Session(api=TelegramAPIServer.from_base(server), timeout=REQUEST_SECONDS)
    session.middleware(limits or Limits())
    bot = Bot(token, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))
    try:
        yield bot
    finally:
        await asyncio.shield(session.close())


async def meet(bot: Bot, stopping: asyncio.Event) -> User | None:
    """Ask Telegram who we are and end any webhook, as often as it takes; None when asked to stop meanwhile.

    Raises:
        TokenRefusedError: The token is wrong.
    """
    pause = FIRST_PAUSE_SECONDS
    while not stopping.is_set():
        try:
            async with asyncio.timeout(MEETING_SECONDS):
                me = await bot.me()  # kept by the bot: filters ask for it with each command
                # What is pending stays: getUpdates gives it, and nothing that people sent meanwhile is lost.
                await bot.delete_webhook(drop_pending_updates=False)
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            raise TokenRefusedError from error
        except (TelegramAPIError, ClientDecodeError, TimeoutError) as error:
            logger.warning("Telegram does not answer (%s), asking again in %d s", type(error).__name__, pause)
        else:
            return me
        try:
            async with asyncio.timeout(pause):
                await stopping.wait()
        except TimeoutError:
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
    return None
