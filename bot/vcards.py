"""Contacts as phones and address books export them (vCard 2.1, 3.0, 4.0) -> a table of names and phones.

https://www.rfc-editor.org/rfc/rfc6350; version 2.1 differs in how it writes what is not ASCII.
"""

import quopri
import re
from collections.abc import Iterator
from typing import Final

from bot.sheets import Sheet, gather

HEADS: Final = ("Name", "Phone")
PHONE_COLUMN: Final = 1
_BEGIN: Final = re.compile(r"[\s\ufeff]*BEGIN:VCARD[ \t]*[\r\n]", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_SOFT_BREAK: Final = re.compile(r"=[ \t]*\Z")


def is_vcard(text: str) -> bool:
    """Tell whether a text is a file of contacts."""
    return _BEGIN.match(text) is not None


def read_vcards(text: str) -> Sheet:
    """Give one row for each phone of each contact, and one for a contact without any.

    Raises:
        TableTooLarge: there are too many.
    """
    rows, _ = gather((HEADS, *_contacts(text)))
    return Sheet("", rows)


def write_vcard(name: str, phone: str) -> str:
    """Write a contact that was shared in a chat as such a file."""
    return f"BEGIN:VCARD\nVERSION:3.0\nFN:{_escape(name)}\nTEL:{_escape(phone)}\nEND:VCARD\n"


def _contacts(text: str) -> Iterator[tuple[str, str]]:
    names: dict[str, str] = {}
    phones: list[str] = []
    for key, value in _properties(text):
        if key == "TEL":
            phones.append(value.strip())
        elif key in {"FN", "N", "ORG", "NICKNAME", "EMAIL"}:
            names.setdefault(key, value)
        elif key == "BEGIN":
            names, phones = {}, []
        elif key == "END" and (names or phones):
            name = next((names[key] for key in ("FN", "N", "ORG", "NICKNAME", "EMAIL") if names.get(key)), "")
            yield from ((name, phone) for phone in phones or [""])
            names, phones = {}, []
    if names or phones:  # the file was cut off
        yield from ((names.get("FN") or names.get("N", ""), phone) for phone in phones or [""])


def _properties(text: str) -> Iterator[tuple[str, str]]:
    """Give each property's name, without its group, and its value as people read it."""
    for line in _unfolded(text):
        head, colon, value = line.partition(":")
        if not colon:
            continue
        name, *parameters = head.split(";")
        key = name.rpartition(".")[2].strip().upper()
        if key not in {"BEGIN", "END", "FN", "N", "ORG", "NICKNAME", "EMAIL", "TEL"}:
            continue
        if _is_quoted_printable(parameters):
            value = _decoded(value, parameters)
        if key == "TEL" and value.lower().startswith("tel:"):  # version 4 writes a URI
            value = value[4:].partition(";")[0]
        yield key, _name_of(value) if key in {"N", "ORG"} else _plain(value)


def _unfolded(text: str) -> Iterator[str]:
    whole = ""
    for line in text.splitlines():
        soft = _SOFT_BREAK.search(whole) if _is_quoted_printable(whole.partition(":")[0].split(";")[1:]) else None
        if soft is not None:
            whole = whole[: soft.start()] + line.lstrip()
        elif line[:1] in {" ", "\t"}:
            whole += line[1:]
        else:
            if whole:
                yield whole
            whole = line
    if whole:
        yield whole


def _is_quoted_printable(parameters: list[str]) -> bool:
    return any(one.strip().upper().removeprefix("ENCODING=") == "QUOTED-PRINTABLE" for one in parameters)


def _decoded(value: str, parameters: list[str]) -> str:
    named = (one.partition("=")[2] for one in parameters if one.strip().upper().startswith("CHARSET="))
    data = quopri.decodestring(value.encode("utf-8", "replace"))
    try:
        return data.decode(next(named, "utf-8").strip())
    except (LookupError, UnicodeDecodeError):
        return data.decode("cp1251", "replace")


def _name_of(value: str) -> str:
    """Put a structured name together: family, given, further names, titles."""
    parts = re.split(r"(?<!\\);", value)
    return " ".join(part for part in map(_plain, parts) if part)


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def _escape(value: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", " ".join(value.split()))
