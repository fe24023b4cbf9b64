"""The log: one way out, to standard error, and nothing secret or personal passes it.

Everything is taken out after a record is complete, traceback included, so that neither an argument's ``repr`` nor an
exception's text of somebody else's making can carry a token, the API key or a phone number into a log.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from urllib.parse import quote, quote_plus

log = logging.getLogger(__name__)

TALKATIVE = ("aiogram", "aiohttp", "aiosqlite", "alembic", "asyncio", "httpcore", "httpx", "sqlalchemy")
"""Libraries that log addresses, update contents or SQL parameters below WARNING; they are quiet at any level."""

FEWEST_DIGITS = 10
"""Without a plus before them, fewer digits are taken for a count."""
SECRET, TOKEN, PHONE = "[secret]", "[token]", "[phone]"

_TOKENS = re.compile(
    r"(?<=/bot)[0-9]+(?::|%3A)[^/\s\"']+"  # whatever stands where the Bot API's addresses have the token
    r"|[0-9]{5,}(?::|%3A)[A-Za-z0-9_-]{30,}",
    re.IGNORECASE,
)
_GAP = r"[ \t\u00a0\u2009\u202f().\-\u2010-\u2013/]{0,3}"
_WITH_PLUS = re.compile(rf"(?:[+\uff0b]|%2B)\ ?\(?\d(?:{_GAP}\d){{6,}}", re.IGNORECASE)
_NUMBERS = re.compile(
    r"(?P<ours>\b(?:chat|person|job|update|message|thread)(?:_id)?=-?\d+"
    r"|(?<![\w-])-100\d{10}(?!\d)"  # a supergroup or a channel
    r"|(?<![\w.])1\d{9}\.(?!0\b)\d+"  # a time: seconds since 1970, with a fraction
    r"|(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d))"
    # Inside an ASCII word digits are a task id or a hash. Possessive: a hostile text costs no more than its length.
    r"|(?<![A-Za-z0-9])\(?\d++(?:[ \u00a0()\u2010-\u2013-]{1,3}+\d++)++"  # national formats: 8 (912) 345-67-89
    r"|(?<![A-Za-z0-9])\d{10,15}(?![A-Za-z0-9])",
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class Redaction:
    """Takes secrets, bot tokens and phone numbers out of a text.

    Args:
        secrets: Taken out wherever they stand, also in the spellings that addresses, ``repr`` and JSON give them.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        spellings = {
            spelling
            for secret in secrets
            if secret
            # The part of a bot token after its colon is the secret one, and may come alone.
            for part in (secret, *re.findall(r"(?<=:)[\w-]{20,}$", secret))
            for spelling in (part, quote(part, safe=""), quote_plus(part), repr(part)[1:-1], json.dumps(part)[1:-1])
        }
        longest_first = sorted(spellings, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if spellings else None

    def __call__(self, text: str) -> str:
        """The text with marks in their places."""
        if self._secrets is not None:
            text = self._secrets.sub(SECRET, text)
        text = _TOKENS.sub(TOKEN, text)
        text = _WITH_PLUS.sub(PHONE, text)
        return _NUMBERS.sub(_unless_ours, text)


def _unless_ours(match: re.Match[str]) -> str:
    few = sum(char.isdigit() for char in match[0]) < FEWEST_DIGITS
    return match[0] if match["ours"] or few else PHONE


class SafeFormatter(logging.Formatter):
    """A record as one text or one JSON object a line, redacted as a whole. Never raises."""

    def __init__(self, redact: Redaction, *, as_json: bool) -> None:
        super().__init__()
        self._redact = redact
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The record in one line; in text a traceback follows, indented, so that records are told apart."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        message = self._redact(self._message(record))
        trace = self._redact(self._trace(record))
        if self._as_json:
            fields = {"time": at, "level": record.levelname, "logger": record.name, "message": message}
            return json.dumps(fields | ({"error": trace} if trace else {}), ensure_ascii=False)
        # Foreign text could otherwise forge a line of the log, or steer the terminal that shows it.
        body = _CONTROL.sub(lambda char: repr(char[0])[1:-1], f"{message}\n{trace}" if trace else message)
        return f"{at} {record.levelname:<7} {record.name}: {body}".replace("\n", "\n    ")

    def _message(self, record: logging.LogRecord) -> str:
        try:
            return record.getMessage()
        except Exception as error:  # noqa: BLE001 - an argument's own code runs here, and a log call must not break a step
            return f"{record.msg} (its arguments do not fit: {type(error).__name__})"

    def _trace(self, record: logging.LogRecord) -> str:
        try:
            error = self.formatException(record.exc_info) if record.exc_info and record.exc_info[0] else ""
        except Exception as broken:  # noqa: BLE001 - the same: an exception's own __str__ runs here
            error = f"(the traceback cannot be shown: {type(broken).__name__})"
        return "\n".join(part for part in (error, record.stack_info) if part)


class ToStandardError(logging.Handler):
    """Writes to whatever standard error is at that moment; what cannot be written is lost in silence."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record. logging's own way with errors would print the raw arguments, so it is not used."""
        try:
            sys.stderr.write(f"{self.format(record)}\n")
            sys.stderr.flush()
        except (OSError, ValueError, AttributeError):
            return  # closed, full or absent: there is no other place to say it


def configure(level: str, log_format: str, secrets: Sequence[str]) -> None:
    """Make the redacting handler the only one. May be called again, the last call counts.

    Args:
        level: DEBUG, INFO, WARNING, ERROR or CRITICAL.
        log_format: ``text``, or ``json`` for one object a line: time (UTC), level, logger, message, error (traceback).
        secrets: What must not appear anywhere.
    """
    handler = ToStandardError()
    handler.setFormatter(SafeFormatter(Redaction(secrets), as_json=log_format == "json"))
    root = logging.getLogger()
    for other in root.handlers[:]:
        root.removeHandler(other)
    root.addHandler(handler)
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))


def install_hooks() -> None:
    """Send what Python prints about crashes and warnings through the log, so that it is redacted too.

    An event loop's own handler needs no replacement: asyncio hands it to the ``asyncio`` logger.
    """
    sys.excepthook = _crashed
    sys.unraisablehook = _unraisable
    threading.excepthook = _thread_crashed
    logging.captureWarnings(capture=True)


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        log.warning("interrupted from the keyboard")
    else:
        log.critical("crashed", exc_info=(kind, error, trace))


def _unraisable(what: "sys.UnraisableHookArgs") -> None:
    error = what.exc_value or what.exc_type()
    log.error(
        "%s: %r",
        what.err_msg or "ignored an error in",
        what.object,
        exc_info=(what.exc_type, error, what.exc_traceback),
    )


def _thread_crashed(what: "threading.ExceptHookArgs") -> None:
    if not issubclass(what.exc_type, SystemExit):
        name = what.thread.name if what.thread else "unknown"
        error = what.exc_value or what.exc_type()
        log.error("thread %s crashed", name, exc_info=(what.exc_type, error, what.exc_traceback))
