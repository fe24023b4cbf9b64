"""What people see before they write: the bot's name, descriptions and the menu of commands, in each language."""

import hashlib
import json
import logging
import time
from collections.abc import Collection, Mapping

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import BotCommand, BotCommandScopeChat

from bot.texts import Texts
from storage.database import DatabaseUnavailableError
from storage.facts import Fact, Facts

logger = logging.getLogger(__name__)

COMMANDS = ("check", "jobs", "find", "country", "cancel", "language", "settings", "forget", "privacy", "help")
ADMIN_COMMANDS = ("unsure", "access", "spend", "pause", "resume")
"""What only admins can do: the menu of their private chat shows it below the others."""


async def introduce(bot: Bot, texts: Mapping[str, Texts], facts: Facts, admin_ids: Collection[int] = ()) -> None:
    """Tell Telegram our name, descriptions and commands, where they are not what it was told last.

    Telegram lets a name be changed a few times a day only, so it is not said at every start. That it does not take
    them now is no reason not to work.
    """
    for admin_id in sorted(admin_ids):
        await _show_admin_commands(bot, texts, admin_id)
    said = {language: _profile(one) for language, one in texts.items()}
    digest = hashlib.blake2b(json.dumps([bot.id, said]).encode(), digest_size=12).hexdigest()
    try:
        if await facts.get(Fact.PROFILE, time.time()) == digest:
            return
        await _tell(bot, said)
        await facts.keep(Fact.PROFILE, digest)
    except (TelegramAPIError, ClientDecodeError, DatabaseUnavailableError) as error:
        logger.warning("The bot's profile is not told now (%s); the next start tries again", type(error).__name__)


async def _show_admin_commands(bot: Bot, texts: Mapping[str, Texts], admin_id: int) -> None:
    """Put what only admins can do into the menu of an admin's private chat.

    Telegram refuses that for a chat that was never opened, and tells nobody when it is: so it is tried at every start.
    """
    try:
        for language, one in texts.items():
            commands = _menu({name: one.plain(f"command-{name}") for name in (*COMMANDS, *ADMIN_COMMANDS)})
            await bot.set_my_commands(
                commands, scope=BotCommandScopeChat(chat_id=admin_id), language_code=_code(language)
            )
    except (TelegramAPIError, ClientDecodeError) as error:
        logger.info("The menu of an admin is not set now (%s): chat=%s", type(error).__name__, admin_id)


async def _tell(bot: Bot, said: Mapping[str, Mapping[str, str]]) -> None:
    for language, profile in said.items():
        code = _code(language)
        await bot.set_my_commands(_menu({name: profile[f"command-{name}"] for name in COMMANDS}), language_code=code)
        await bot.set_my_short_description(profile["profile-short"], language_code=code)
        await bot.set_my_description(profile["profile-about"], language_code=code)
        await bot.set_my_name(profile["profile-name"], language_code=code)


def _menu(descriptions: Mapping[str, str]) -> list[BotCommand]:
    return [BotCommand(command=name, description=said) for name, said in descriptions.items()]


def _code(language: str) -> str | None:
    return None if language == "en" else language  # English is for everybody whose language we do not speak


def _profile(texts: Texts) -> dict[str, str]:
    sentences = ("profile-name", "profile-short", "profile-about", *(f"command-{name}" for name in COMMANDS))
    return {sentence: texts.plain(sentence) for sentence in sentences}
