"""The settings: read once from the environment, judged as a whole, handed to whoever needs them.

Nothing heavy is imported here: a wrong setting is told in a fraction of a second, before the parts that take seconds
to load are touched.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Never
from urllib.parse import urlsplit

from bot.environment import Environment, WrongValue

SECRETS = ("BOT_TOKEN", "CHECKER_API_KEY")
VARIABLES = (
    *SECRETS,
    "CHECKER_API_URL",
    "CHECKER_TASK_TYPE",
    "TELEGRAM_API_URL",
    "DATABASE_URL",
    "DATA_DIR",
    "ADMIN_IDS",
    "ALLOWED_IDS",
    "DEFAULT_REGION",
    "PRICE_PER_1000",
    "CURRENCY",
    "QUOTA_PERSON_DAY",
    "QUOTA_PERSON_MONTH",
    "QUOTA_CHAT_DAY",
    "QUOTA_CHAT_MONTH",
    "QUOTA_DAY",
    "QUOTA_MONTH",
    "APPROVE_ABOVE",
    "RETENTION_DAYS",
    "LOG_LEVEL",
    "LOG_FORMAT",
)
"""Every variable the bot reads; each may also be given as a file by ``<NAME>_FILE``."""
USUAL_NAMES = ("DATABASE_URL", "DATA_DIR", "CURRENCY", "LOG_LEVEL", "LOG_FORMAT")
"""Other programs' variables are called much the same: a name like one of these is no misspelling of it."""
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
FORMATS = ("text", "json")
LARGEST_ID = 2**52
"""Telegram's ids have at most 52 significant bits: https://core.telegram.org/bots/api#user."""
LONGEST_RETENTION = 3650


class SettingsError(Exception):
    """The settings are missing something or wrong; ``problems`` has one line for each, without any secret in it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says, checked. The two secrets do not show in ``repr``, and the object is not pickled."""

    bot_token: str = field(repr=False)
    checker_api_key: str = field(repr=False)
    checker_api_url: str
    """Base address of the checking API, without a slash at its end."""
    checker_task_type: str
    telegram_api_url: str
    """Base address of the Bot API server, without a slash at its end."""
    database_path: Path
    """The SQLite file of ``database_url``; relative to the working directory unless absolute."""
    database_url: str
    data_dir: Path
    admin_ids: frozenset[int]
    allowed_ids: frozenset[int]
    """Users (positive) and chats (negative) that may use the bot without asking."""
    default_region: str | None
    """ISO country, upper case."""
    price_per_1000: Decimal | None
    """What the check of 1,000 numbers costs, in ``currency``."""
    currency: str
    quota_person_day: int | None
    """How many numbers one person may have checked in a day (UTC); None is no limit."""
    quota_person_month: int | None
    quota_chat_day: int | None
    quota_chat_month: int | None
    quota_day: int | None
    """The same in all."""
    quota_month: int | None
    approve_above: int | None
    """A list of more numbers than this needs an admin's yes; None is never."""
    retention_days: int
    log_level: str
    log_format: str

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read every variable; an empty one counts as unset.

        Raises:
            SettingsError: something is missing, wrong or contradictory; it names all of it at once.
        """
        environment = Environment(environ, VARIABLES, secret=SECRETS, usual=USUAL_NAMES)
        required, optional = environment.required, environment.optional
        bot_token = required("BOT_TOKEN", _token, "get one from @BotFather")
        checker_api_key = required("CHECKER_API_KEY", _secret, "take it from your account at the checking API")
        checker_api_url = optional("CHECKER_API_URL", _address, "https://api.ekycpro.com/v1")
        telegram_api_url = optional("TELEGRAM_API_URL", _address, "https://api.telegram.org")
        if bot_token and bot_token == checker_api_key:
            environment.problem("BOT_TOKEN and CHECKER_API_KEY are the same: one of them was pasted into both places")
        if telegram_api_url and telegram_api_url.casefold() == checker_api_url.casefold():
            environment.problem("TELEGRAM_API_URL and CHECKER_API_URL are the same: they are two different servers")
        database_url, database_path = optional(
            "DATABASE_URL", _database, ("sqlite:///data/bot.db", Path("data/bot.db"))
        )
        data_dir = optional("DATA_DIR", _folder, Path("data"))
        if database_path and database_path == data_dir:
            environment.problem("DATABASE_URL and DATA_DIR name the same path: one is a file, the other a folder")
        admin_ids: frozenset[int] = optional("ADMIN_IDS", _people, frozenset())
        approve_above = optional("APPROVE_ABOVE", _numbers, None)
        if approve_above is not None and not admin_ids:
            environment.problem("APPROVE_ABOVE needs somebody in ADMIN_IDS: nobody else can say yes")
        settings = cls(
            bot_token=bot_token,
            checker_api_key=checker_api_key,
            checker_api_url=checker_api_url,
            checker_task_type=optional("CHECKER_TASK_TYPE", _word, "tg"),
            telegram_api_url=telegram_api_url,
            database_path=database_path,
            database_url=database_url,
            data_dir=data_dir,
            admin_ids=admin_ids,
            allowed_ids=optional("ALLOWED_IDS", _ids, frozenset()),
            default_region=optional("DEFAULT_REGION", _region, None),
            price_per_1000=optional("PRICE_PER_1000", _price, None),
            currency=optional("CURRENCY", _currency, "USD"),
            quota_person_day=optional("QUOTA_PERSON_DAY", _quota, None),
            quota_person_month=optional("QUOTA_PERSON_MONTH", _quota, None),
            quota_chat_day=optional("QUOTA_CHAT_DAY", _quota, None),
            quota_chat_month=optional("QUOTA_CHAT_MONTH", _quota, None),
            quota_day=optional("QUOTA_DAY", _quota, None),
            quota_month=optional("QUOTA_MONTH", _quota, None),
            approve_above=approve_above,
            retention_days=optional("RETENTION_DAYS", _days, 30),
            log_level=optional("LOG_LEVEL", _level, "INFO"),
            log_format=optional("LOG_FORMAT", _format, "text"),
        )
        if problems := environment.problems():
            raise SettingsError(problems)
        return settings

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never stand in a log or an answer."""
        return (self.bot_token, self.checker_api_key)

    def __reduce__(self) -> Never:
        raise TypeError("Settings hold secrets and are not pickled")


def _reject(should: str) -> Never:
    raise WrongValue(should)


def _shown(value: str) -> str:
    """A wrong value as the sentence about it shows it; a long one may be a secret pasted into the wrong place."""
    longest = 24
    return repr(value) if len(value) <= longest else f"a text of {len(value)} characters"


def _secret(value: str) -> str:
    if not value.isascii() or not value.isprintable() or " " in value:
        _reject("has blank space or unusual characters in it: copy it again, nothing before and nothing after it")
    return value


def _token(value: str) -> str:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value):
        _reject("does not look like a bot token (digits, a colon, letters): copy it again from @BotFather")
    return value


def _address(value: str) -> str:
    # The value is not shown here: an address may carry a password.
    try:
        parts = urlsplit(value)
        understood = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # brackets or a port that cannot be
        understood = False
    if not understood or not re.fullmatch(r"[!-~]+", value):
        _reject("is not an address: write https://host or https://host/path")
    if "@" in parts.netloc:
        _reject("has a user name or password in it: take it away")
    if "?" in value or "#" in value:
        _reject("has a '?' or '#' in it: give the base address only")
    return value.rstrip("/")


def _word(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", value):
        _reject(f"is {_shown(value)}: use letters, digits, '_', '-' and '.' only")
    return value


def _path(text: str) -> Path:
    if text.startswith("~"):
        _reject("begins with '~', which is not replaced by your home folder here: write the whole path")
    if "\0" in text:
        _reject("is not a path")
    path = Path(text)
    with suppress(OSError):  # a place that cannot be looked at is told when it is opened
        for parent in path.parents:
            if parent.exists() and not parent.is_dir():
                _reject(f"lies inside {parent}, which is a file: name another place")
    return path


def _folder(value: str) -> Path:
    path = _path(value)
    with suppress(OSError):
        if path.exists() and not path.is_dir():
            _reject(f"is {value}, which is a file: name a folder")
    return path


def _database(value: str) -> tuple[str, Path]:
    # The value is not shown here: a database address may carry a password.
    if value.lower().startswith("postgres"):
        _reject("names PostgreSQL, which is not supported yet: use sqlite:///path")
    if not value.startswith("sqlite:///") or "?" in value or value.endswith("/") or ":memory:" in value:
        _reject("is not a database: write sqlite:///relative/path.db or sqlite:////absolute/path.db")
    path = _path(value.removeprefix("sqlite:///"))
    with suppress(OSError):
        if path.is_dir():
            _reject(f"names {path}, which is a folder: add the file's name")
    return value, path


def _ids(value: str) -> frozenset[int]:
    pieces = [piece.strip() for piece in value.split(",") if piece.strip()]
    ids = set()
    for piece in pieces:
        if piece.startswith("@"):
            _reject(f"has a name in it ({_shown(piece)}): ids are numbers, the bot tells a person theirs on /start")
        if not re.fullmatch(r"-?[0-9]{1,16}", piece) or not 0 < abs(int(piece)) < LARGEST_ID:
            _reject(f"has something in it that is no id ({_shown(piece)}): write numbers with commas between them")
        ids.add(int(piece))
    return frozenset(ids)


def _people(value: str) -> frozenset[int]:
    ids = _ids(value)
    if chats := sorted(id_ for id_ in ids if id_ < 0):
        _reject(f"has {chats[0]} in it, which is a chat: only people can be admins, their ids are positive")
    return ids


def _region(value: str) -> str:
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 - a tenth of a second, paid only when a region is set

    region = value.upper()
    if region not in SUPPORTED_REGIONS:
        hint = "Great Britain is GB" if region == "UK" else "write a country's two letters, such as DE"
        _reject(f"is {_shown(value)}, which is not a country: {hint}")
    return region


def _price(value: str) -> Decimal:
    if "," in value:
        _reject(f"is {_shown(value)}: use a point, such as 0.15")
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", value):
        _reject(f"is {_shown(value)}: write a number that is not negative, such as 0.15, and the currency in CURRENCY")
    return Decimal(value)


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", value):
        _reject(f"is {_shown(value)}: write three letters, such as USD")
    return value.upper()


def _numbers(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", value):
        _reject(f"is {_shown(value)}: write how many numbers, in digits only, such as 10000")
    return int(value)


def _quota(value: str) -> int:
    numbers = _numbers(value)
    if numbers == 0:
        _reject("is 0, with which nobody could check anything: leave it empty for no limit; /pause stops all checks")
    return numbers


def _days(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", value) or not 1 <= int(value) <= LONGEST_RETENTION:
        _reject(f"is {_shown(value)}: write whole days from 1 to {LONGEST_RETENTION}")
    return int(value)


def _level(value: str) -> str:
    return _one_of(LEVELS, value)


def _format(value: str) -> str:
    return _one_of(FORMATS, value)


def _one_of(allowed: tuple[str, ...], value: str) -> str:
    for word in allowed:
        if word.casefold() == value.casefold():
            return word
    return _reject(f"is {_shown(value)}: choose one of {', '.join(allowed)}")
