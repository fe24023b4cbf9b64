"""What the chaos has found, each as a story of its own."""

import pytest
from aiogram.exceptions import TelegramServerError

from bot.telegram import open_bot
from sandbox.telegram_api import TelegramServer
from tests.running import TOKEN


async def test_a_429_without_a_time_is_a_server_in_trouble_and_may_pass() -> None:
    async with TelegramServer(TOKEN) as telegram, open_bot(TOKEN, telegram.url) as bot:
        telegram.faults.arm("flood_bare", method="getMe")
        with pytest.raises(TelegramServerError):
            await bot.get_me()
        assert (await bot.get_me()).username == "number_check_bot"
