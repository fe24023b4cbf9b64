"""What /jobs is asked to find: a part of a file's name, a day, a month.

A search lives in the buttons that turn its pages, so it survives a restart and is kept nowhere.
"""

import unicodedata
from dataclasses import dataclass

from bot.dates import Period, period_named
from bot.job import CONTACTS
from bot.masking import mask_name
from bot.texts import load_texts

WORDS_BYTES = 30
"""So much of a search fits into a button (64 bytes) beside an action, a job and a page. What is cut finds more."""


def folded(text: str) -> str:
    """Write a text as it is compared: SQL folds the case of Latin letters only, and a colon parts a button's data."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace(":", " ").split())


def folded_name(name: str | None, chat_id: int) -> str | None:
    """Write a list's name as it is searched for: of a phone number in it a group finds no more than it is shown."""
    if name is None:
        return None
    if name == CONTACTS:  # as each language calls them
        return folded(" ".join(texts.plain("contacts") for texts in load_texts().values()))
    return folded(mask_name(name) if chat_id < 0 else name)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; nothing finds every list."""

    words: str = ""
    """As they are compared, short enough for a button."""
    period: Period | None = None
    """The day or the month that the words name as well."""


def search_for(text: str, now: float) -> Search:
    """Take what a person wrote, or what a button carries; ``now`` is in seconds since 1970."""
    words = folded(text).encode("utf-8", "ignore")[:WORDS_BYTES].decode("utf-8", "ignore").strip()
    return Search(words, period_named(words, now) if words else None)
