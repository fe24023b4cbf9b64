"""The story of one list: what its person did, what the API was asked and took, what the chat was told."""

from dataclasses import dataclass, field
from enum import StrEnum


class What(StrEnum):
    """What happened?"""

    SENT = "sent"
    PREVIEW = "preview"
    CHECK = "pressed Check"
    CANCEL = "pressed Cancel"
    AGAIN = "pressed Send again"
    CLOSE = "pressed Close"
    SUBMIT = "submit"
    CHARGE = "charge"
    QUESTION = "question"
    RESULT = "result"
    REPEAT = "result, marked as a possible repeat"
    TOLD = "told"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Event:
    """``words`` are what tells it from others of its kind; those of a press or a question are the button's data."""

    at: float
    what: What
    words: str = ""


@dataclass
class Story:
    """Everything about one list, in order."""

    name: str
    numbers: frozenset[str]
    events: list[Event] = field(default_factory=list)
    known: frozenset[str] = frozenset()
    """Those of its numbers that are not to be charged."""

    def of(self, *kinds: What) -> list[Event]:
        """Give the events of these kinds."""
        return [one for one in self.events if one.what in kinds]

    def has(self, *kinds: What) -> bool:
        """Say whether there is one."""
        return any(one.what in kinds for one in self.events)

    def told(self, kills: list[float]) -> str:
        """Tell it, with the kills that fell into it."""
        if not self.events:
            return self.name
        first, last = self.events[0].at, max(one.at for one in self.events)
        lines = [(one.at, f"{one.what} {one.words}") for one in self.events]
        lines += [(at, "--- kill -9") for at in kills if first - 1 <= at <= last + 5]
        told = "\n".join(f"  {at - first:8.3f}  {what}" for at, what in sorted(lines, key=lambda line: line[0]))
        return f"{self.name}, {len(self.numbers)} numbers\n{told}"
