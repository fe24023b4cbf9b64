import pickle
import re
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from bot.settings import VARIABLES, Settings, SettingsError

TOKEN = "123456789:AAE-made_up_for_tests_0123456789abcd"
KEY = "key-made-up-for-tests"
REQUIRED = {"BOT_TOKEN": TOKEN, "CHECKER_API_KEY": KEY}


def read(**variables: str) -> Settings:
    return Settings.from_environment(REQUIRED | variables)


def problems(environ: Mapping[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environ)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def problem(**variables: str) -> str:
    (line,) = problems(REQUIRED | variables)
    assert "\n" not in line
    return line


def test_with_the_required_ones_everything_else_has_its_default() -> None:
    assert read() == Settings(
        bot_token=TOKEN,
        checker_api_key=KEY,
        checker_api_url="https://api.ekycpro.com/v1",
        checker_task_type="tg",
        telegram_api_url="https://api.telegram.org",
        database_path=Path("data/bot.db"),
        database_url="sqlite:///data/bot.db",
        data_dir=Path("data"),
        admin_ids=frozenset(),
        allowed_ids=frozenset(),
        default_region=None,
        price_per_1000=None,
        currency="USD",
        quota_person_day=None,
        quota_person_month=None,
        quota_chat_day=None,
        quota_chat_month=None,
        quota_day=None,
        quota_month=None,
        approve_above=None,
        retention_days=30,
        log_level="INFO",
        log_format="text",
    )


def test_an_empty_variable_counts_as_unset() -> None:
    assert read(**dict.fromkeys(set(VARIABLES) - REQUIRED.keys(), ""), BOT_TOKEN_FILE=" ") == read()


@pytest.mark.parametrize(
    ("variable", "text", "attribute", "value"),
    [
        ("BOT_TOKEN", f" {TOKEN}\n", "bot_token", TOKEN),
        ("CHECKER_API_URL", "http://127.0.0.1:8080/v1/", "checker_api_url", "http://127.0.0.1:8080/v1"),
        ("CHECKER_TASK_TYPE", "tg_v2", "checker_task_type", "tg_v2"),
        ("TELEGRAM_API_URL", "HTTPS://bots.example.com/", "telegram_api_url", "HTTPS://bots.example.com"),
        ("TELEGRAM_API_URL", "http://[::1]:8081", "telegram_api_url", "http://[::1]:8081"),
        ("DATABASE_URL", "sqlite:////nowhere/at/all.db", "database_path", Path("/nowhere/at/all.db")),
        ("DATABASE_URL", "sqlite:///other/bot.db", "database_path", Path("other/bot.db")),
        ("DATA_DIR", "/nowhere", "data_dir", Path("/nowhere")),
        ("ADMIN_IDS", "12345,67890", "admin_ids", {12345, 67890}),
        ("ADMIN_IDS", " 12345 , ", "admin_ids", {12345}),
        ("ALLOWED_IDS", "12345,-1001234567890", "allowed_ids", {12345, -1001234567890}),
        ("DEFAULT_REGION", "kz", "default_region", "KZ"),
        ("PRICE_PER_1000", "0.15", "price_per_1000", Decimal("0.15")),
        ("PRICE_PER_1000", "0", "price_per_1000", Decimal(0)),
        ("CURRENCY", "eur", "currency", "EUR"),
        ("QUOTA_PERSON_DAY", "1", "quota_person_day", 1),
        ("QUOTA_PERSON_MONTH", "2", "quota_person_month", 2),
        ("QUOTA_CHAT_DAY", "3", "quota_chat_day", 3),
        ("QUOTA_CHAT_MONTH", "4", "quota_chat_month", 4),
        ("QUOTA_DAY", "5", "quota_day", 5),
        ("QUOTA_MONTH", "999999999", "quota_month", 999_999_999),
        ("RETENTION_DAYS", "1", "retention_days", 1),
        ("RETENTION_DAYS", "3650", "retention_days", 3650),
        ("LOG_LEVEL", "debug", "log_level", "DEBUG"),
        ("LOG_FORMAT", "JSON", "log_format", "json"),
    ],
)
def test_a_variable_is_understood(variable: str, text: str, attribute: str, value: object) -> None:
    assert getattr(read(**{variable: text}), attribute) == value


@pytest.mark.parametrize("above", [0, 5000])
def test_where_there_are_admins_large_lists_can_need_their_yes(above: int) -> None:
    assert read(APPROVE_ABOVE=str(above), ADMIN_IDS="12345").approve_above == above


@pytest.mark.parametrize(
    ("variable", "text", "advice"),
    [
        ("BOT_TOKEN", "just-letters-no-digits", "copy it again from @BotFather"),
        ("BOT_TOKEN", "123456: AAAAAAAAAAAA", "copy it again from @BotFather"),
        ("BOT_TOKEN", "123456:AA/../../getMe", "copy it again from @BotFather"),
        ("CHECKER_API_KEY", "two words of a key", "blank space"),
        ("CHECKER_API_KEY", "ключ-кириллицей", "blank space or unusual characters"),
        ("CHECKER_API_KEY", "line\x07bell-and-more", "unusual characters"),
        ("CHECKER_API_KEY", f"'{KEY}'", "quotation marks"),
        ("CHECKER_API_URL", "api.example.com/v1", "write https://host"),
        ("CHECKER_API_URL", "ftp://api.example.com", "write https://host"),
        ("CHECKER_API_URL", "https://", "write https://host"),
        ("CHECKER_API_URL", "https://[::1", "write https://host"),
        ("CHECKER_API_URL", "https://host:99999", "write https://host"),
        ("CHECKER_API_URL", "https://host:port", "write https://host"),
        ("CHECKER_API_URL", "https://ho st", "write https://host"),
        ("CHECKER_API_URL", "https://user:hunter2@host", "take it away"),
        ("CHECKER_API_URL", "https://host/v1?key=hunter2", "base address only"),
        ("TELEGRAM_API_URL", "https://host/#hunter2", "base address only"),
        ("CHECKER_TASK_TYPE", "t g", "letters, digits"),
        ("DATABASE_URL", "postgresql://bot:hunter2@db/bot", "not supported yet"),
        ("DATABASE_URL", "postgresql+asyncpg://bot:hunter2@db/bot", "not supported yet"),
        ("DATABASE_URL", "mysql://bot:hunter2@db/bot", "write sqlite:///"),
        ("DATABASE_URL", "bot.db", "write sqlite:///"),
        ("DATABASE_URL", "sqlite://", "write sqlite:///"),
        ("DATABASE_URL", "sqlite:///", "write sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:", "write sqlite:///"),
        ("DATABASE_URL", "sqlite:///bot.db?mode=ro", "write sqlite:///"),
        ("DATABASE_URL", "sqlite:////", "write sqlite:///"),
        ("DATABASE_URL", "sqlite:///~/bot.db", "write the whole path"),
        ("DATA_DIR", "~", "write the whole path"),
        ("QUOTA_DAY", "10,000", "in digits only"),
        ("QUOTA_CHAT_MONTH", "-1", "in digits only"),
        ("QUOTA_PERSON_DAY", "9999999999", "in digits only"),
        ("QUOTA_MONTH", "0", "leave it empty"),
        ("APPROVE_ABOVE", "many", "in digits only"),
        ("APPROVE_ABOVE", "1000", "needs somebody in ADMIN_IDS"),
        ("ADMIN_IDS", "12345 67890", "commas"),
        ("ADMIN_IDS", "12345;67890", "commas"),
        ("ADMIN_IDS", "@anna", "ids are numbers"),
        ("ADMIN_IDS", "0", "no id"),
        ("ADMIN_IDS", "+12345", "no id"),
        ("ADMIN_IDS", "9999999999999999", "no id"),
        ("ADMIN_IDS", "-1001234567890", "only people can be admins"),
        ("ALLOWED_IDS", "1_000", "no id"),
        ("DEFAULT_REGION", "UK", "GB"),
        ("DEFAULT_REGION", "Russia", "two letters"),
        ("DEFAULT_REGION", "001", "two letters"),
        ("PRICE_PER_1000", "0,15", "use a point"),
        ("PRICE_PER_1000", "-1", "not negative"),
        ("PRICE_PER_1000", "NaN", "not negative"),
        ("PRICE_PER_1000", "Infinity", "not negative"),
        ("PRICE_PER_1000", "$1.5", "CURRENCY"),
        ("CURRENCY", "$", "three letters"),
        ("CURRENCY", "euro", "three letters"),
        ("RETENTION_DAYS", "0", "1 to 3650"),
        ("RETENTION_DAYS", "3651", "1 to 3650"),
        ("RETENTION_DAYS", "1.5", "1 to 3650"),
        ("RETENTION_DAYS", "٣٠", "1 to 3650"),
        ("LOG_LEVEL", "loud", "DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        ("LOG_FORMAT", "xml", "text, json"),
    ],
)
def test_a_wrong_variable_is_named_with_what_to_do(variable: str, text: str, advice: str) -> None:
    line = problem(**{variable: text})

    assert line.startswith(f"{variable} ")
    assert advice in line
    assert "hunter2" not in line
    if variable in REQUIRED:
        assert text not in line


def test_both_required_ones_are_named_when_nothing_is_set() -> None:
    token, key = problems({})

    assert token == "BOT_TOKEN is missing: get one from @BotFather and set BOT_TOKEN or BOT_TOKEN_FILE"
    assert key.startswith("CHECKER_API_KEY is missing: ")


def test_everything_wrong_is_named_at_once() -> None:
    lines = problems(
        {
            "CHECKER_API_KEY": "two words",
            "CHECKER_API_URL": "nowhere",
            "TELEGRAM_API_URL": "nowhere",
            "DATABASE_URL": "nowhere",
            "ADMIN_IDS": "anna",
            "ALLOWED_IDS": "anna",
            "DEFAULT_REGION": "Germany",
            "PRICE_PER_1000": "free",
            "CURRENCY": "gold",
            **dict.fromkeys(("QUOTA_PERSON_DAY", "QUOTA_CHAT_DAY", "QUOTA_DAY"), "a few"),
            **dict.fromkeys(("QUOTA_PERSON_MONTH", "QUOTA_CHAT_MONTH", "QUOTA_MONTH"), "a few"),
            "APPROVE_ABOVE": "a few",
            "RETENTION_DAYS": "for ever",
            "LOG_LEVEL": "loud",
            "LOG_FORMAT": "xml",
        },
    )

    assert {line.split()[0] for line in lines} == set(VARIABLES) - {"CHECKER_TASK_TYPE", "DATA_DIR"}
    assert len(lines) == len(VARIABLES) - 2


def test_paths_that_cannot_be_what_they_should_be(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    assert "which is a folder" in problem(DATABASE_URL=f"sqlite:///{tmp_path}")
    assert f"lies inside {file}, which is a file" in problem(DATABASE_URL=f"sqlite:///{file}/bot.db")
    assert "which is a file: name a folder" in problem(DATA_DIR=str(file))
    assert f"lies inside {file}, which is a file" in problem(DATA_DIR=f"{file}/data/more")
    assert "name the same path" in problem(DATABASE_URL=f"sqlite:///{tmp_path}/x", DATA_DIR=f"{tmp_path}/x")


@pytest.mark.parametrize("variable", VARIABLES)
def test_each_variable_may_be_given_as_a_file(variable: str, tmp_path: Path) -> None:
    values = {
        **REQUIRED,
        "CHECKER_API_URL": "https://check.example.com",
        "CHECKER_TASK_TYPE": "tg2",
        "TELEGRAM_API_URL": "https://bots.example.com",
        "DATABASE_URL": "sqlite:///other.db",
        "DATA_DIR": "other",
        "ADMIN_IDS": "1",
        "ALLOWED_IDS": "2",
        "DEFAULT_REGION": "DE",
        "PRICE_PER_1000": "1",
        "CURRENCY": "EUR",
        **dict.fromkeys(("QUOTA_PERSON_DAY", "QUOTA_CHAT_DAY", "QUOTA_DAY"), "5000"),
        **dict.fromkeys(("QUOTA_PERSON_MONTH", "QUOTA_CHAT_MONTH", "QUOTA_MONTH"), "50000"),
        "APPROVE_ABOVE": "1000",
        "RETENTION_DAYS": "7",
        "LOG_LEVEL": "ERROR",
        "LOG_FORMAT": "json",
    }
    file = tmp_path / "secret"
    file.write_text(f"{values[variable]}\nthe second line is not read\n")
    needed = REQUIRED | ({"ADMIN_IDS": "1"} if variable == "APPROVE_ABOVE" else {})
    without = {name: value for name, value in needed.items() if name != variable}

    by_file = Settings.from_environment({**without, f"{variable}_FILE": str(file)})

    assert by_file == Settings.from_environment(needed | {variable: values[variable]})


def test_a_file_with_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"\xef\xbb\xbf" + TOKEN.encode() + b"\r\n")

    assert Settings.from_environment({"BOT_TOKEN_FILE": str(file), "CHECKER_API_KEY": KEY}).bot_token == TOKEN


def test_a_file_that_cannot_be_used_is_one_problem(tmp_path: Path) -> None:
    empty, binary = tmp_path / "empty", tmp_path / "binary"
    empty.write_text("\nnot the first line")
    binary.write_bytes(b"\xff\xfe\x00")

    def of(path: Path | str) -> str:
        (line,) = problems({"BOT_TOKEN_FILE": str(path), "CHECKER_API_KEY": KEY})
        return line

    assert "first line is empty" in of(empty)
    assert of(binary).startswith("BOT_TOKEN_FILE cannot be read (not a text file)")
    assert of(tmp_path).startswith("BOT_TOKEN_FILE cannot be read (Is a directory)")
    assert of("/nowhere/token").startswith("BOT_TOKEN_FILE cannot be read (No such file or directory)")
    assert TOKEN not in of(TOKEN)


def test_a_variable_and_its_file_together_are_a_contradiction(tmp_path: Path) -> None:
    assert problem(BOT_TOKEN_FILE=str(tmp_path)) == "BOT_TOKEN and BOT_TOKEN_FILE are both set: keep one of them"


def test_the_same_secret_in_both_places_is_a_contradiction() -> None:
    assert "are the same" in problem(CHECKER_API_KEY=TOKEN)


def test_one_server_for_both_is_a_contradiction() -> None:
    same = problem(TELEGRAM_API_URL="http://127.0.0.1:8080/", CHECKER_API_URL="http://127.0.0.1:8080")

    assert same.startswith("TELEGRAM_API_URL and CHECKER_API_URL are the same")


def test_a_misspelled_name_is_pointed_out_when_the_right_one_is_unset() -> None:
    assert problem(ALLOWED_ID="1") == "ALLOWED_ID is not a variable of this bot: did you mean ALLOWED_IDS?"
    assert problems({"BOT_TOKENS": TOKEN, "CHECKER_API_KEY": KEY}) == (
        "BOT_TOKENS is not a variable of this bot: did you mean BOT_TOKEN?",
    )


@pytest.mark.parametrize(
    "other",
    ["TELEGRAM_BOT_TOKEN", "DATABASE_URLS", "LOGLEVEL", "CHECKER_RESERVE", "PATH", "TELEGRAM_API_ID", "BOT_TOKENS"],
)
def test_other_programs_variables_are_left_alone(other: str) -> None:
    assert read(**{other: "something"}) == read()


def test_a_secret_pasted_into_other_places_is_not_repeated() -> None:
    lines = "\n".join(problems(REQUIRED | dict.fromkeys(("ADMIN_IDS", "LOG_LEVEL", "CURRENCY"), KEY)))
    assert KEY not in lines
    assert lines.count("***") == 3

    wrong_places = problems(
        {"BOT_TOKEN": KEY, "CHECKER_API_KEY": KEY, "ALLOWED_IDS": TOKEN, "LOG_FORMAT": "1234567:" + "A" * 12}
    )
    assert not any(secret in line for line in wrong_places for secret in (KEY, TOKEN, "A" * 12))


def test_the_secrets_do_not_show() -> None:
    settings = read()

    assert settings.secrets == (TOKEN, KEY)
    for shown in (repr(settings), str(settings), f"{settings}", f"{[settings]}"):
        assert TOKEN not in shown
        assert KEY not in shown
        assert "retention_days=30" in shown
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(settings)


def test_settings_load_nothing_heavy() -> None:
    source = """
import sys
from bot.settings import Settings
Settings.from_environment({"BOT_TOKEN": "1:a", "CHECKER_API_KEY": "k"})
heavy = {"aiogram", "sqlalchemy", "aiosqlite", "httpx", "openpyxl", "phonenumbers", "asyncio", "babel", "fluent"}
print(*(heavy & sys.modules.keys()))
"""

    command = [sys.executable, "-c", source]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - the program is above

    assert done.stdout.split() == []


def test_the_example_names_every_variable_and_shows_its_default() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^#?([A-Z][A-Z0-9_]+)=(.*)$", example, re.MULTILINE))

    assert tuple(shown) == VARIABLES
    assert Settings.from_environment(shown | REQUIRED) == read()
