"""The connection to Telegram: opened, greeted, closed."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.types import User

from bot.limits import Limits

logger = logging.getLogger(__name__)

CLOUD = "https://api.telegram.org"
REQUEST_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 30.0


class TokenRefusedError(Exception):
    """Telegram does not accept the token."""


@asynccontextmanager
async def open_bot(token: str, server: str) -> AsyncIterator[Bot]:
    """Open a bot that speaks HTML and keeps Telegram's limits."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(server), timeout=REQUEST_SECONDS)
    session.middleware(Limits())
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
    pause = 1.0
    while not stopping.is_set():
        try:
            me = await bot.get_me()
            # What is pending stays: getUpdates gives it, and nothing that people sent meanwhile is lost.
            await bot.delete_webhook(drop_pending_updates=False)
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            raise TokenRefusedError from error
        except (TelegramAPIError, ClientDecodeError) as error:
            logger.warning("Telegram does not answer (%s), asking again in %d s", type(error).__name__, pause)
        else:
            return me
        try:
            async with asyncio.timeout(pause):
                await stopping.wait()
        except TimeoutError:
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
    return None
