"""What an error body says, whatever its shape: clean lines for the log and for people. Pure, nothing here raises."""

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

LONGEST_LINE: Final = 300  # characters
_READ: Final = 65536  # bytes of a body; nobody explains himself at greater length
_DEEPEST: Final = 4
_WIDEST: Final = 5  # entries of a list of errors

# The fields in which APIs explain themselves, most telling first.
_TELLING: Final = (
    "error",
    "code",
    "error_code",
    "err",
    "message",
    "msg",
    "error_message",
    "error_description",
    "detail",
    "details",
    "errors",
    "reason",
    "title",
    "description",
    "fault",
)
_TITLE = re.compile(r"<title[^>]{0,200}>(.{1,300}?)</title>", re.IGNORECASE | re.DOTALL)
_PHONE_NUMBER = re.compile(r"\+\d[\d ()-]{4,20}\d|\d{7,}")
_ROUND = re.compile(r"[1-9]0{6,7}")


def complaint(body: bytes, status: int) -> str:
    """Say in one line what an error body says; the status's own words where it says nothing."""
    return clean_line(": ".join(complaint_texts(body))) or _phrase(status)


def complaint_texts(body: bytes) -> list[str]:
    """Give the sentences and code words of an error body of any shape, as they came; empty where it has none."""
    text = body[:_READ].decode(errors="replace")
    if is_page(body):
        title = _TITLE.search(text)
        return [title[1]] if title else []
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return [text] if text.strip() else []
    said = [line for line in dict.fromkeys(_strings(told)) if line.strip()]
    return said or ([text] if told else [])


def is_page(body: bytes) -> bool:
    """Tell whether a body is HTML or XML, by how it begins."""
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def clean_line(text: str, longest: int = LONGEST_LINE) -> str:
    """Make one line of what a stranger wrote: nothing invisible, no phone number, not too long."""
    # JSON can carry half of a surrogate pair, which no database, log or chat takes.
    visible = "".join(letter if letter.isprintable() else " " for letter in text[: longest * 20])
    line = _PHONE_NUMBER.sub(_hidden, " ".join(visible.split()))
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _hidden(match: re.Match[str]) -> str:
    # A limit of 10000000 is worth reading; a phone number has no place in the log.
    return match[0] if _ROUND.fullmatch(match[0]) else "[number]"


def _strings(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth > _DEEPEST:
        return
    elif isinstance(value, list):
        for inner in value[:_WIDEST]:
            yield from _strings(inner, depth + 1)
    elif isinstance(value, dict):
        telling = [name for name in _TELLING if name in value]
        # {"errors": {"file": ["is empty"]}}: inside an explanation every field explains.
        for name in telling or (list(value)[:_WIDEST] if depth else ()):
            yield from _strings(value[name], depth + 1)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"HTTP {status}"
