"""What a message of ours is made of: a text and buttons. What a press carries back."""

import hashlib
import json
import re
from dataclasses import dataclass
from enum import StrEnum

from bot.texts import Html

NAME_UNITS = 64
"""A list's name is cut to this many characters on cards; clients show about 30 on a phone's line."""

PAIR_CHARACTERS = 18
"""So much of a label a phone of 360 px shows where two buttons share a row: each has some 150 px, a letter 8."""

_TURNS = re.compile("[\0-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class Action(StrEnum):
    """What does a press ask for?"""

    CHECK = "check"
    CHECK_NEW = "new"
    CHECK_AGAIN = "recheck"
    CANCEL = "cancel"
    WAIT = "wait"
    REGION = "region"
    MORE_COUNTRIES = "countries"
    FEWER_COUNTRIES = "back"
    LEAVE_OUT = "leave"
    OTHER_COLUMNS = "cols"
    COLUMN = "col"
    REJECTED = "rejected"
    ADD = "add"
    OPEN_AGAIN = "open"
    SEND_AGAIN = "again"
    CLOSE = "close"
    TASK_ID = "task"
    USE_TASK = "use"
    DECIDE = "decide"
    APPROVE = "approve"
    NOT_NOW = "notnow"
    SPEND = "spend"
    ONLY_YES = "yes"
    ONLY_NO = "no"
    ONLY_UNDETERMINED = "undet"
    NEWLY = "newly"
    GONE = "gone"
    FILE = "file"
    BY_COUNTRY = "regions"
    PICTURE = "picture"
    FORGET = "forget"
    LISTS = "jobs"
    LIST = "job"
    SHOW = "show"
    ASK_FORGET = "drop"
    FORGET_LISTED = "dropit"
    ADMIT = "admit"
    REVOKE = "revoke"
    LET_IN = "letin"
    ACCESS = "access"
    HELP = "help"
    SAMPLE = "sample"
    SETTING = "set"
    LANGUAGE = "lang"
    COUNTRY = "country"


class Style(StrEnum):
    """The colour of a button (Bot API, InlineKeyboardButton.style)."""

    PRIMARY = "primary"
    SUCCESS = "success"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: it carries ``data`` back, copies ``copies``, or opens ``url``."""

    label: str
    data: str | None = None
    style: Style | None = None
    copies: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A message: HTML and rows of buttons."""

    text: Html
    rows: tuple[tuple[Button, ...], ...] = ()

    @property
    def digest(self) -> str:
        """A short name for what the card says: the same digest, nothing to edit."""
        said = [self.text, [[[b.label, b.data, b.style, b.copies or b.url] for b in row] for row in self.rows]]
        return hashlib.blake2b(json.dumps(said).encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Press:
    """What a button carries: an action, the job's token, and for some actions one word more."""

    action: Action
    token: str
    word: str = ""

    def pack(self) -> str:
        """Write it as the button's data (Telegram takes 1 to 64 bytes)."""
        return f"{self.action}:{self.token}:{self.word}"

    @classmethod
    def unpack(cls, data: str | None) -> "Press | None":
        """Read a button's data; None for anything that is not ours."""
        parts = (data or "").split(":")
        if len(parts) != 3 or parts[0] not in set(Action):  # noqa: PLR2004  (action, token, word)
            return None
        return cls(Action(parts[0]), parts[1], parts[2])


def in_pairs(*buttons: Button) -> tuple[tuple[Button, ...], ...]:
    """Put two buttons in a row, of three a phone shows half of each label; one that is cut there has its own row."""
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        fits = rows and len(rows[-1]) == 1 and max(len(rows[-1][0].label), len(button.label)) <= PAIR_CHARACTERS
        rows[-1:] = [(*rows[-1], button)] if fits else [*rows[-1:], (button,)]
    return tuple(rows)


def lines(*several: str | None) -> Html:
    """Put lines below each other, leaving out those that are not said."""
    return Html("\n".join(line for line in several if line))


def short(text: str, most: int = NAME_UNITS) -> str:
    """Cut a foreign string for a card, on one line; marks that turn the direction of writing would reach beyond it."""
    flat = " ".join(_TURNS.sub("", text).split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
