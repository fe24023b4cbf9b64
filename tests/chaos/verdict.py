"""What is wrong with a list's story. Pure: it sees the two servers' ledgers and the chats, never the bot's database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from tests.chaos.story import Story, What


class Fault(StrEnum):
    """Which promise was broken?"""

    DOUBLE = "charged more often than a person asked for"
    LOST = "pressed, and neither result nor word"
    SILENT = "charged, and neither result nor word"
    UNMARKED = "a second result without the mark"
    UNANSWERED = "sent, and never answered"
    UNHEARD = "a decision without effect"
    GROUNDLESS = "asked, though it was clear what had become of the submit"
    WRONG = "numbers that are not the list's"


DECISIONS = {What.CANCEL: "cancelled", What.CLOSE: "closed"}
UNCLEAR = frozenset({"cut", "5xx", "unclear"})
"""What a submit can end with so that nobody knows whether it was charged."""


@dataclass(frozen=True, slots=True)
class Offence:
    """A promise broken to one list."""

    fault: Fault
    story: Story


@dataclass
class Verdict:
    """The sums, and who was wronged."""

    lists: int = 0
    pressed: int = 0
    submits: int = 0
    charges: int = 0
    partial: int = 0
    """Charges of lists of which something was known."""
    results: int = 0
    repeats: int = 0
    asked: int = 0
    asked_without_kill: int = 0
    sent_again: int = 0
    offences: list[Offence] = field(default_factory=list)

    def count(self, fault: Fault) -> int:
        """Say how many lists this happened to."""
        return sum(one.fault is fault for one in self.offences)

    @property
    def sums(self) -> Counter[str]:
        """Give everything that can be added up over worlds."""
        names = ("lists", "pressed", "submits", "charges", "partial", "results", "repeats", "asked")
        sums = Counter({name: getattr(self, name) for name in (*names, "asked_without_kill", "sent_again")})
        sums.update({fault.name.lower(): self.count(fault) for fault in Fault})
        return sums


def judge(stories: Iterable[Story], kills: list[float]) -> Verdict:
    """Look at every list."""
    verdict = Verdict()
    for story in stories:
        verdict.lists += 1
        verdict.pressed += story.has(What.CHECK)
        verdict.submits += len(story.of(What.SUBMIT))
        verdict.charges += len(story.of(What.CHARGE))
        verdict.partial += len(story.of(What.CHARGE)) if story.known else 0
        verdict.results += story.has(What.RESULT, What.REPEAT)
        verdict.repeats += max(len(story.of(What.RESULT, What.REPEAT)) - 1, 0)
        verdict.asked += len(story.of(What.QUESTION))
        verdict.asked_without_kill += sum(not _killed_before(story, one.at, kills) for one in story.of(What.QUESTION))
        verdict.sent_again += len(_agains(story))
        verdict.offences += [Offence(fault, story) for fault in faults_of(story, kills)]
    return verdict


def faults_of(story: Story, kills: list[float]) -> list[Fault]:
    """Say what is wrong with one list's story."""
    found: list[Fault] = []
    charges = len(story.of(What.CHARGE))
    if charges > _checks(story) + len(_agains(story)):
        found.append(Fault.DOUBLE)
    if story.has(What.CHECK) and not is_settled(story):
        found.append(Fault.SILENT if charges else Fault.LOST)
    if story.of(What.RESULT)[1:] or (story.has(What.RESULT) and _first_result(story) is not What.RESULT):
        found.append(Fault.UNMARKED)
    if not story.has(What.PREVIEW, What.TOLD):
        found.append(Fault.UNANSWERED)
    for press, ending in DECISIONS.items():
        if story.has(press) and not (is_settled(story) or ending in _told(story)):
            found.append(Fault.UNHEARD)
    if any(_is_groundless(story, question.at, kills) for question in story.of(What.QUESTION)):
        found.append(Fault.GROUNDLESS)
    if story.has(What.WRONG):
        found.append(Fault.WRONG)
    return found


def is_settled(story: Story) -> bool:
    """Say whether the chat has the result, was told how it ended, or is being asked."""
    if story.has(What.RESULT, What.REPEAT) or _told(story):
        return True
    answered = {_question(one.words) for one in story.of(What.AGAIN, What.CLOSE)}
    return any(_question(one.words) not in answered for one in story.of(What.QUESTION))


def _told(story: Story) -> set[str]:
    return {one.words for one in story.of(What.TOLD)}


def _checks(story: Story) -> int:
    """The times a person asked for a check: once, and once more for each backup that was put back in between."""
    return len({one.words.partition("@")[2] for one in story.of(What.CHECK)})


def _agains(story: Story) -> set[str]:
    """The times a person asked for another submit: presses of the same button are one."""
    return {one.words for one in story.of(What.AGAIN)}


def _question(data: str) -> str:
    """What a question's buttons have in common: the list's token and the number of the attempt."""
    return data.partition(":")[2]


def _first_result(story: Story) -> What:
    return story.of(What.RESULT, What.REPEAT)[0].what


def _killed_before(story: Story, at: float, kills: list[float]) -> bool:
    """Say whether a kill can have been what a question is about: one since the last decision before it."""
    decided = [one.at for one in story.of(What.CHECK, What.AGAIN) if one.at <= at]
    since = max(decided, default=0.0)
    return any(since <= kill <= at for kill in kills)


def _is_groundless(story: Story, at: float, kills: list[float]) -> bool:
    """Say whether a question was asked though no submit had an unclear end and no kill was near."""
    unclear = any(one.words.split(" ")[0] in UNCLEAR for one in story.of(What.SUBMIT) if one.at <= at)
    return not unclear and not _killed_before(story, at, kills)
