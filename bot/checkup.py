"""`python -m bot check`: are the settings, Telegram, the checking API and the database as they should be?

Nothing is changed and nothing is charged. aiogram is not imported: one question is asked of Telegram, by hand.
"""

import asyncio
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus

from bot.check_api import open_check_api
from bot.outcomes import ApiUnavailable, BadKey
from bot.settings import Settings
from storage.backups import BackupError, jobs_in

TELEGRAM_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check."""

    subject: str
    sound: bool
    words: str

    def __str__(self) -> str:
        return f"{self.subject:<13} {'ok' if self.sound else 'WRONG':<6} {self.words}"


async def check_up(settings: Settings) -> tuple[Finding, ...]:
    """Look at everything the bot needs, at once."""
    telegram, api, database = await asyncio.gather(
        asyncio.to_thread(_telegram, settings),
        _checking_api(settings),
        asyncio.to_thread(_database, settings),
    )
    return (Finding("settings", sound=True, words=_who_may(settings)), telegram, api, database)


def _who_may(settings: Settings) -> str:
    if not settings.admin_ids and not settings.allowed_ids:
        return "complete, but ADMIN_IDS and ALLOWED_IDS are empty: nobody may use the bot"
    return f"complete; {len(settings.admin_ids)} admins, {len(settings.allowed_ids)} other ids may use the bot"


def _telegram(settings: Settings) -> Finding:
    def finding(words: str, *, sound: bool = False) -> Finding:
        return Finding("Telegram", sound, f"{settings.telegram_api_url}: {words}")

    # The address holds the token, and so may the text of any error: only what is written here is shown.
    address = f"{settings.telegram_api_url}/bot{settings.bot_token}/getMe"
    try:
        with urllib.request.urlopen(address, timeout=TELEGRAM_SECONDS) as answer:  # noqa: S310  (checked by Settings)
            username = json.load(answer)["result"]["username"]
    except urllib.error.HTTPError as error:
        if error.code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
            return finding("BOT_TOKEN is not accepted; take the current one from @BotFather")
        return finding(f"the answer is HTTP {error.code}")
    except urllib.error.URLError as error:
        return finding(f"cannot be reached ({type(error.reason).__name__})")
    except OSError as error:
        return finding(f"cannot be reached ({type(error).__name__})")
    except (ValueError, KeyError, TypeError):
        return finding("that is no Bot API server")
    return finding(f"the bot is @{username}", sound=True)


async def _checking_api(settings: Settings) -> Finding:
    def finding(words: str, *, sound: bool = False) -> Finding:
        return Finding("checking API", sound, f"{settings.checker_api_url}: {words}")

    try:
        async with open_check_api(
            base_url=settings.checker_api_url,
            api_key=settings.checker_api_key,
            task_type=settings.checker_task_type,
        ) as api:
            balance = await api.balance()
    except BadKey:
        return finding("CHECKER_API_KEY is not accepted")
    except ApiUnavailable as error:
        return finding(f"no answer ({error.detail})")
    if balance is None:
        return finding("it answers, and does not tell a balance", sound=True)
    return finding(f"the balance is {balance}", sound=True)


def _database(settings: Settings) -> Finding:
    path = settings.database_path
    if not path.exists():
        return Finding("database", sound=True, words=f"{path}: not there yet, it is made at the first start")
    try:
        jobs = jobs_in(path)
    except BackupError as error:
        return Finding("database", sound=False, words=f"{path}: {error}; keep the file, and restore a backup")
    return Finding("database", sound=True, words=f"{path}: sound, {jobs} jobs")
