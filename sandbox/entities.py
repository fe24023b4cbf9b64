"""Formatted text: the HTML parse mode with Telegram's complaints, and the entities a server finds by itself.

Offsets and lengths of entities are counted in UTF-16 units, offsets in complaints in bytes of UTF-8.
"""

import re
import sys
from dataclasses import dataclass, field
from typing import Any

from sandbox.dates import QUOTES, around_dates, date_format, unix_time
from sandbox.refusals import bad_request

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
WITHOUT_VALUE = {"expandable"}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
ESCAPED = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
SURROGATES = range(0xD800, 0xE000)
ATTRIBUTE = re.compile(r"[ \t\r\n\v\0]*([^ \t\r\n\v\0=>]*)")
VALUE = re.compile(r"""[ \t\r\n\v\0]*=[ \t\r\n\v\0]*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.\-]+)(?=[ \t\r\n\v\0>]))""")

FOUND = (
    (
        "url",
        re.compile(
            r"(?<![\w@.])(?:https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'»]|(?:[\w-]+\.)+(?:com|org|net|ru|me|io|ai|dev)\b(?:/[^\s<>\"]*[^\s<>\".,;:!?)\]'»])?)"
        ),
    ),
    ("email", re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("bot_command", re.compile(r"(?<![\w/<>@])/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{3,32}))?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z0-9_]{3,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}")),
    ("phone_number", re.compile(r"(?<![\w+])\+\d[\d ()-]{8,18}\d(?!\w)")),
)


def utf16_length(text: str) -> int:
    """The length Telegram counts in."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass
class _Open:
    tag: str
    offset: int
    extra: dict[str, Any] = field(default_factory=dict)
    kind: str = ""


def _complain(sentence: str) -> Exception:
    return bad_request(f"can't parse entities: {sentence}")


def _unescape(piece: str) -> str:
    def character(match: re.Match[str]) -> str:
        decimal, hexadecimal, name = match.groups()
        if name:
            return NAMED[name]
        code = int(decimal) if decimal else int(hexadecimal, 16)
        return chr(code) if 0 < code <= sys.maxunicode and code not in SURROGATES else match.group()

    return ESCAPED.sub(character, piece)


def _start_tag(html: str, begin: int) -> tuple[str, dict[str, str], int]:
    """Read a start tag; give its name, its attributes and where it ends."""
    at_byte = len(html[:begin].encode())
    name = re.compile(r"[^ \t\r\n\v\0>]*").match(html, begin + 1)
    assert name is not None  # noqa: S101 - the pattern matches nothing too
    tag, place = name.group().lower(), name.end()
    if place >= len(html):
        raise _complain(f"Unclosed start tag at byte offset {at_byte}")
    if tag not in TAGS:
        raise _complain(f'Unsupported start tag "{tag}" at byte offset {at_byte}')
    attributes: dict[str, str] = {}
    while True:
        word = ATTRIBUTE.match(html, place)
        assert word is not None  # noqa: S101 - the pattern matches nothing too
        place = word.end()
        if place >= len(html):
            raise _complain(f"Unclosed start tag at byte offset {at_byte}")
        if not word.group(1):
            if html[place] == ">":
                return tag, attributes, place + 1
            raise _complain(f'Empty attribute name in the tag "{tag}" at byte offset {at_byte}')
        value = VALUE.match(html, place)
        if value is not None:
            attributes[word.group(1).lower()] = _unescape(next(part for part in value.groups() if part is not None))
            place = value.end()
        elif word.group(1).lower() in WITHOUT_VALUE:
            attributes[word.group(1).lower()] = ""
        else:
            raise _complain(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {at_byte}'
            )


def _opened(tag: str, attributes: dict[str, str], offset: int, at_byte: int) -> _Open:
    opened = _Open(tag, offset, {}, TAGS[tag])
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise _complain(f'Tag "span" must have class "tg-spoiler" at byte offset {at_byte}')
    if tag == "a" and "href" in attributes:
        opened.extra["url"] = attributes["href"]
    if tag == "tg-emoji":
        opened.extra["custom_emoji_id"] = attributes.get("emoji-id", "")
    if tag == "tg-time":
        opened.extra["unix_time"] = unix_time(attributes.get("unix", ""))
        opened.extra["date_time_format"] = attributes.get("format", "")
    if tag == "blockquote" and "expandable" in attributes:
        opened.kind = "expandable_blockquote"
    if tag == "code" and attributes.get("class", "").startswith("language-"):
        opened.extra["language"] = attributes["class"].removeprefix("language-")
    return opened


def _order(one: dict[str, Any]) -> tuple[int, int, bool]:
    """Outer ones first; of two with the same text the quote is the outer one."""
    return one["offset"], -one["length"], one["type"] not in QUOTES


def parse_html(html: str) -> tuple[str, list[dict[str, Any]]]:
    """Read HTML as Telegram does.

    Raises:
        Refusal: "can't parse entities: ...".
    """
    text = ""
    entities: list[dict[str, Any]] = []
    stack: list[_Open] = []
    place = 0
    while place < len(html):
        begin = html.find("<", place)
        text += _unescape(html[place : begin if begin >= 0 else len(html)])
        if begin < 0:
            break
        at_byte = len(html[:begin].encode())
        if html.startswith("</", begin):
            if not stack:
                raise _complain(f"Unexpected end tag at byte offset {at_byte}")
            end = re.compile(r"([^ \t\r\n\v\0>]*)[ \t\r\n\v\0]*>").match(html, begin + 2)
            if end is None:
                raise _complain(f"Unclosed end tag at byte offset {at_byte}")
            opened, name = stack.pop(), end.group(1).lower()
            if name and name != opened.tag:
                raise _complain(
                    f'Unmatched end tag at byte offset {at_byte}, expected "</{opened.tag}>", found "</{name}>"'
                )
            entities += _closed(opened, text)
            place = end.end()
        else:
            tag, attributes, place = _start_tag(html, begin)
            stack.append(_opened(tag, attributes, utf16_length(text), at_byte))
    if stack:
        raise _complain(f'Can\'t find end tag corresponding to start tag "{stack[-1].tag}"')
    return text, sorted(around_dates(entities), key=_order)


def _closed(opened: _Open, text: str) -> list[dict[str, Any]]:
    length = utf16_length(text) - opened.offset
    if length == 0:
        return []
    entity = {"type": opened.kind, "offset": opened.offset, "length": length, **opened.extra}
    if opened.tag == "tg-time" and not opened.extra:
        return []  # what is no time is shown as plain text
    if opened.tag == "a":
        entity.setdefault("url", text.encode("utf-16-le")[opened.offset * 2 :].decode("utf-16-le"))
        if not re.match(r"(?:https?|tg|tonsite)://[^\s/]+|mailto:|tel:", entity["url"]):
            return []  # what is not a link is shown as plain text
    if opened.tag == "tg-time":
        shown = date_format(entity["date_time_format"])
        if shown is None:
            raise _complain("Invalid date format used")
        if entity["unix_time"] <= 0:
            return []
        entity["date_time_format"] = shown
    return [entity]


def trimmed(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Cut blank space at both ends, as the server does, and move the entities along."""
    shift = utf16_length(text[: len(text) - len(text.lstrip())])
    text = text.strip()
    end = utf16_length(text)
    moved = []
    for entity in entities:
        start = max(0, entity["offset"] - shift)
        length = min(entity["offset"] - shift + entity["length"], end) - start
        if length > 0:
            moved.append({**entity, "offset": start, "length": length})
    return text, moved


def find_entities(text: str, known: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    """Add what a server finds by itself: commands, mentions, links, hashtags, addresses, phone numbers."""
    entities = list(known or [])
    taken = [(one["offset"], one["offset"] + one["length"]) for one in entities if one["type"] in _CLOSED_TO_OTHERS]
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            start = utf16_length(text[: match.start()])
            end = start + utf16_length(match.group())
            if all(end <= begin or start >= stop for begin, stop in taken):
                entities.append({"type": kind, "offset": start, "length": end - start})
                taken.append((start, end))
    return sorted(entities, key=_order)


_CLOSED_TO_OTHERS = frozenset(
    {"code", "pre", "text_link", "url", "email", "mention", "bot_command", "phone_number", "date_time"}
)
