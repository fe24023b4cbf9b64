"""The bare echo bot of aiogram: `python -m tests.bench.echo_aiogram URL TOKEN`. It stores nothing."""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message


async def echo(message: Message) -> None:
    """Say it back."""
    await message.answer(message.text or "")


async def main(url: str, token: str) -> None:
    """Run until killed."""
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    await dispatcher.start_polling(bot, handle_signals=False)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
