"""What people press in a simulated world."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.chats import Message
from tests.talking import words

CHECKS = ("check", "new")
"""What asks for a check: of all numbers of a list, or of the new ones."""
ONE_AGAIN = tuple(words("button-check-all-again", language, count=1) for language in ("en", "ru"))
"""What the button for a list of one number says."""


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody pressed a button. ``era``: how many backups had been put back by then."""

    at: float
    person_id: int
    chat_id: int
    data: str
    label: str
    era: int

    @property
    def action(self) -> str:
        """What the button is for."""
        return self.data.partition(":")[0]

    @property
    def token(self) -> str:
        """Which job it is about."""
        return self.data.split(":")[1] if self.data.count(":") == 2 else ""

    @property
    def count(self) -> int | None:
        """How many numbers the button names; one is not counted where it is checked again."""
        if self.label.startswith(ONE_AGAIN):
            return 1
        found = re.search(r"\d+", self.label)
        return int(found[0]) if found else None

    @property
    def lets_begin(self) -> int:
        """Of how many numbers lists may have that begin by themselves from now on, by this press; 0 for none."""
        found = re.fullmatch(r"set:ask:(\d+)", self.data)
        return int(found[1]) if found else 0


def buttons_of(message: Message) -> Iterator[tuple[str, str]]:
    """Give label and data of the buttons under a message."""
    for row in message.keyboard:
        for button in row:
            if "callback_data" in button:
                yield button["text"], button["callback_data"]
