"""What the chat has been told about one list: previews, questions, results, and how it ended."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache

from sandbox.chats import Message
from tests.talking import words

LANGUAGES = ("en", "ru")
NAME = "\x01"
ENDINGS = {
    "cancelled": ("final-cancelled",),
    "closed": ("final-closed", "closed-unanswered"),
    "expired": ("final-expired",),
    "refused": ("final-refused-by-api",),
    "undeliverable": ("final-undeliverable",),
    "forgotten": ("final-forgotten",),
    "failed": (
        *("failed-task", "failed-task-unknown", "failed-task-stalled"),
        *("failed-named-task", "failed-named-task-unknown", "failed-named-task-stalled"),
        "failed-named-task-of-another-list",
    ),
    "not read": ("refused-file-gone", "refused-not-text", "refused-no-numbers", "refused-unreadable", "refused-empty"),
}
"""The sentences that end a list without a result."""


@dataclass
class Heard:
    """The bot's messages about a list."""

    previews: list[Message] = field(default_factory=list)
    """Those that can be pressed now or once could."""
    questions: list[Message] = field(default_factory=list)
    results: list[Message] = field(default_factory=list)
    told: dict[str, Message] = field(default_factory=dict)


def heard(messages: Collection[Message], about: Collection[int]) -> Heard:
    """Go through a chat, newest first, for what replies to one of these messages."""
    found = Heard()
    first = min(about)
    for message in reversed(list(messages)):
        if message.message_id < first:
            break
        if message.from_bot and message.reply_to is not None and message.reply_to.message_id in about:
            _file(message, found)
    for several in (found.previews, found.questions, found.results):
        several.reverse()
    return found


def _file(message: Message, found: Heard) -> None:
    if message.document is not None:
        if "_checked_" in message.document["file_name"]:
            found.results.append(message)
    elif was_button(message, "again"):
        found.questions.append(message)
    elif was_button(message, "check"):
        found.previews.append(message)
    for text in message.texts():
        found.told |= dict.fromkeys(endings_in(text), message)


def endings_in(text: str) -> set[str]:
    """Give the endings of a list that a text tells of."""
    return {ending for ending, tails in _tails().items() if any(tail in text for tail in tails)}


def button(message: Message, action: str) -> str | None:
    """Give the data of the button for an action, as the message stands now."""
    data = (one.get("callback_data", "") for row in message.keyboard for one in row)
    return next((one for one in data if one.startswith(f"{action}:")), None)


def was_button(message: Message, action: str) -> str | None:
    """The same, in whatever form the message ever had."""
    markups = [version["markup"] for version in message.versions] + [message.markup]
    rows = [row for markup in markups for row in (markup or {}).get("inline_keyboard", [])]
    data = (one.get("callback_data", "") for row in rows for one in row)
    return next((one for one in data if one.startswith(f"{action}:")), None)


def is_marked(result: Message) -> bool:
    """Say whether a result says that it may be a repeat."""
    return any(mark in result.text for mark in _said("summary-repeat"))


def asks_once_more(preview: Message) -> bool:
    """Say whether a preview asks for a press though it was pressed before: nothing was charged then."""
    return any(mark in preview.text for mark in _said("preview-tries-used-up"))


def is_help(message: Message) -> bool:
    """Say whether a message is the answer to /help."""
    return any(mark in message.text for mark in _said("help"))


@cache
def _said(sentence: str) -> tuple[str, ...]:
    """Give the first line of a sentence in each language; reading the locales takes a moment."""
    return tuple(words(sentence, language, bot="").splitlines()[0] for language in LANGUAGES)


@cache
def _tails() -> dict[str, list[str]]:
    """What each ending says after the list's name."""
    values = {"name": NAME, "task": "", "words": "", "limit": 0}
    return {
        ending: [
            words(sentence, language, **values).rpartition(NAME)[2].partition("\n")[0]
            for sentence in sentences
            for language in LANGUAGES
        ]
        for ending, sentences in ENDINGS.items()
    }
