import json
import logging
import re
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from bot.logs import TALKATIVE, Redaction, configure, install_hooks

TOKEN = "123456789:AAE-made_up_for_tests_0123456789abcd"
KEY = "key/made+up for'tests"
log = logging.getLogger("bot.test")


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in TALKATIVE}
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    yield
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"POST https://api.telegram.org/bot{TOKEN}/sendMessage",
        f"https://api.telegram.org/file/bot{TOKEN}/documents/file_1.txt",
        f"token={TOKEN}",
        f"'{TOKEN}'",
        "AAE-made_up_for_tests_0123456789abcd",
        "bot123456789%3AAAE-made_up_for_tests_0123456789abcd",
        f"X-API-Key: {KEY}",
        f"{KEY!r}",
        json.dumps({"key": KEY}),
        "key%2Fmade%2Bup%20for%27tests",
        "key%2Fmade%2Bup+for%27tests",
    ],
)
def test_the_given_secrets_are_taken_out_in_every_spelling(text: str) -> None:
    redacted = Redaction([TOKEN, KEY])(text)

    assert "[secret]" in redacted
    assert "made" not in redacted


@pytest.mark.parametrize(
    "text",
    [
        "987654321:AAF_another_bots_token_0123456789abc",
        "https://api.telegram.org/bot987654321:AAF_another_bots_token_0123456789abc/getMe",
        "http://127.0.0.1:8081/bot1:short/getMe",
        "http://127.0.0.1:8081/bot1%3Ashort/getMe",
    ],
)
def test_anything_of_a_bot_tokens_shape_is_taken_out(text: str) -> None:
    redacted = Redaction([])(text)

    assert "[token]" in redacted
    assert "another" not in redacted
    assert "short" not in redacted


@pytest.mark.parametrize(
    "phone",
    [
        "+79121234567",
        "+7 912 123-45-67",
        "+7 (912) 123 45 67",
        "+7(912)123.45.67",
        "+7\u00a0912\u00a0123\u201145\u201167",
        "\uff0b79121234567",
        "%2B79121234567",
        "+2901234567",
        "+1234567",
        "+123456789012345",
        "+١٢٣٤٥٦٧٨٩",
        "79121234567",
        "9121234567",
        "123456789012345",
        "٧٩١٢١٢٣٤٥٦٧",
        "8 (912) 345-67-89",
        "8-912-345-67-89",
        "8 912 345 67 89",
        "912 345 67 89",
        "(0171) 123 45 67 8",
        "79121234567.0",
        "0171 1234567",
        "8 912 345 67 89 8 912 345 67 90",
    ],
)
@pytest.mark.parametrize(
    "around",
    ["{}", "line 17: {}: too short", "['{}', None]", 'b"{}\\n"', "{}\n", "номер{}номер", "a={},", "tel:{}", "17.{}"],
)
def test_a_phone_number_is_taken_out(phone: str, around: str) -> None:
    redacted = Redaction([])(around.format(phone))

    assert "[phone]" in redacted
    assert not any(char.isdigit() for char in redacted.removeprefix("line 17").removeprefix("17.").replace(".0", ""))


def test_many_phone_numbers_are_all_taken_out() -> None:
    assert Redaction([])("+79121234567 +79121234568,79121234569;79121234570") == "[phone] [phone],[phone];[phone]"
    assert Redaction([])("numbers_79121234567.txt") == "numbers_[phone].txt"


@pytest.mark.parametrize(
    "text",
    [
        "job=12345678901 moved",
        "chat=5123456789 thread=7 person=5123456789 update=1234567890 message=1234567890",
        "chat_id=-1001234567890",
        "chat -1001234567890 was left",
        "now=1764000000.123",
        "due at 1764000000.5",
        "task cs9viu7i61pkfs4oavvg",
        "task 12345678901234567890",
        "<object at 0x7f1234567890>",
        "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "2026-11-23 07:37:36,123",
        "chat=-1001234567890 12 rows",
        "line 1234, 17 of 345 678",
        "2026-11-23T07:37:36.123456789+00:00",
        "127.0.0.1:8080 and 192.168.100.200",
        "4,912 of 20000 in 29 min, $0.74",
        "Python 3.11.7 (main) [GCC 12.2.0]",
        "200 of 200000 rows, 12 of 500",
    ],
)
def test_what_is_no_secret_and_no_phone_number_stays(text: str) -> None:
    assert Redaction([TOKEN, KEY])(text) == text


def test_nothing_given_takes_nothing_out() -> None:
    assert Redaction([""])("anything") == "anything"


def test_a_long_hostile_text_takes_no_long_time() -> None:
    for piece in ("+1 ", "1 ", "1-", "+", "(1)", "1" * 50 + " ", "/bot1", "chat=", "\u00a0"):
        Redaction([TOKEN, KEY])(piece * (100_000 // len(piece)))


def test_text_is_one_record_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "text", [TOKEN])

    log.info("moved job=%d to %s", 7, TOKEN)
    log.debug("not shown")
    log.warning("a forged\n2026-11-23T00:00:00.000Z INFO bot.worker: line \x1b[2J")

    first, second, third = capsys.readouterr().err.splitlines()
    assert first.endswith("Z INFO    bot.test: moved job=7 to [secret]")
    assert second.endswith("WARNING bot.test: a forged")
    assert third == r"    2026-11-23T00:00:00.000Z INFO bot.worker: line \x1b[2J"


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "json", [KEY])
    try:
        _raise(ValueError(f"{KEY} and +79121234567"))
    except ValueError:
        log.exception('a "quoted"\nword for %s', "+79121234567", stack_info=True)

    (line,) = capsys.readouterr().err.splitlines()
    record = json.loads(line)
    assert record.keys() == {"time", "level", "logger", "message", "error"}
    assert record["message"] == 'a "quoted"\nword for [phone]'
    assert record["level"] == "ERROR"
    assert record["logger"] == "bot.test"
    assert "ValueError: [secret] and [phone]" in record["error"]
    assert "Stack (most recent call last)" in record["error"]


def test_a_traceback_is_redacted_with_its_causes(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "text", [KEY])
    try:
        try:
            _raise(ConnectionError(f"https://api.telegram.org/bot{TOKEN}/getUpdates"))
        except ConnectionError as error:
            raise ExceptionGroup("several", [ValueError("+7 912 123-45-67"), KeyError(KEY)]) from error
    except ExceptionGroup:
        log.exception("step failed")

    shown = capsys.readouterr().err
    assert "ConnectionError: https://api.telegram.org/bot[token]/getUpdates" in shown
    assert "ValueError: [phone]" in shown
    assert "KeyError: " in shown
    assert "made" not in shown
    assert "912" not in shown


def test_a_log_call_that_does_not_fit_shows_no_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    class BrokenError(Exception):
        def __str__(self) -> str:
            raise RuntimeError(KEY)

    configure("INFO", "text", [KEY])

    log.info("%d numbers", KEY)
    log.info("%s", BrokenError())
    log.error("failed", exc_info=BrokenError())

    shown = capsys.readouterr().err
    assert "%d numbers (its arguments do not fit: TypeError)" in shown
    assert "%s (its arguments do not fit: RuntimeError)" in shown
    assert "Broken" in shown
    assert "made" not in shown


def test_a_closed_standard_error_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    configure("INFO", "text", [])
    monkeypatch.setattr(sys, "stderr", None)

    log.info("nobody hears this")


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_libraries_that_log_addresses_are_quiet(level: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure(level, "text", [])

    logging.getLogger("httpx").info("HTTP Request: POST https://example.com/")
    logging.getLogger("httpcore.connection").debug("connect_tcp.started")
    logging.getLogger("aiogram.event").info("Update id=1 is handled")
    assert capsys.readouterr().err == ""

    logging.getLogger("aiogram.dispatcher").error("Failed to fetch updates")
    assert "Failed to fetch updates" in capsys.readouterr().err


def test_only_errors_are_shown_when_only_errors_are_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "json", [])
    configure("ERROR", "text", [])

    logging.getLogger("httpx").warning("not shown")
    log.warning("not shown")
    log.error("shown")

    assert capsys.readouterr().err.count("\n") == 1


def test_hooks_take_crashes_of_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", "text", [KEY])
    install_hooks()
    for error in (ValueError(KEY), KeyboardInterrupt(KEY), SystemExit(KEY)):
        thread = threading.Thread(target=_raise, args=(error,), name="reader")
        sys.excepthook(type(error), error, None)
        threading.excepthook(threading.ExceptHookArgs((type(error), error, None, thread)))

    shown = capsys.readouterr().err
    assert "CRITICAL bot.logs: crashed\n    ValueError: [secret]" in shown
    assert "WARNING bot.logs: interrupted from the keyboard" in shown
    assert "thread reader crashed\n    ValueError: [secret]" in shown
    assert "made" not in shown


def _raise(error: BaseException) -> None:
    raise error


def _crash(program: str) -> str:
    """What a program that ends by itself leaves on standard error."""
    start = f"""
import asyncio, logging, sys, threading, warnings
from bot.logs import configure, install_hooks
TOKEN, KEY, PHONE = {TOKEN!r}, {KEY!r}, "+7 912 123-45-67"
configure("INFO", "text", [KEY])
install_hooks()
"""
    done = subprocess.run(  # noqa: S603 - the program is the test's own
        [sys.executable, "-c", start + program], capture_output=True, text=True, check=False, timeout=20
    )
    assert done.stdout == ""
    printed = re.sub("0x[0-9a-f]+", "", done.stderr)  # where in the memory something was
    for private in ("made", "912", "123-45"):
        assert private not in printed
    return done.stderr


def test_a_crash_in_the_event_loop_is_redacted() -> None:
    shown = _crash("""
async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(fail())
async def fail():
    raise OSError(f"https://api.telegram.org/bot{TOKEN}/getMe {KEY} {PHONE}")
asyncio.run(main())
""")

    assert "CRITICAL bot.logs: crashed" in shown
    assert "OSError: https://api.telegram.org/bot[token]/getMe [secret] [phone]" in shown
    assert "Traceback (most recent call last)" in shown


def test_everything_else_python_prints_is_redacted() -> None:
    shown = _crash("""
class Dying:
    def __del__(self):
        raise ValueError(TOKEN, KEY, PHONE)
def fail(*_):
    raise ValueError(TOKEN, KEY, PHONE)
async def main():
    loop = asyncio.get_running_loop()
    loop.call_soon(fail, KEY)
    forgotten = loop.create_future()
    forgotten.set_exception(ValueError(TOKEN, KEY, PHONE))
    del forgotten
    await asyncio.sleep(0)
Dying()
thread = threading.Thread(target=fail, name="reader")
thread.start()
thread.join()
asyncio.run(main())
warnings.warn(f"{TOKEN} {KEY} {PHONE}")
""")

    assert "ERROR   bot.logs: " in shown
    assert "thread reader crashed" in shown
    assert "ERROR   asyncio: Exception in callback" in shown
    assert "ERROR   asyncio: Future exception was never retrieved" in shown
    assert "WARNING py.warnings: " in shown
