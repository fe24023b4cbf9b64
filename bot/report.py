"""Verdicts -> what people receive: the counts, the rejected lines as a text, the words of the workbook, its name."""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from bot.cells import Verdict
from bot.number_list import NumberList, Rejected
from bot.results import Verdicts

MANY_UNDETERMINED: Final = 0.2
"""From this share of undetermined numbers on a result is doubtful."""
FEW_VERDICTS: Final = 200
"""Below this many numbers it is no wonder when all verdicts are alike."""
MOST_REJECTED_BYTES: Final = 10 << 20
"""Of the file with the rejected lines: a quarter of a million of them, more than anybody reads."""
LONGEST_NAME: Final = 60
"""Of a file, in characters; longer ones are cut in the middle by Telegram's clients."""


class Doubt(StrEnum):
    """Why might a result not be what it seems?"""

    MANY_UNDETERMINED = "many_undetermined"
    ALL_ALIKE = "all_alike"


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of one result. `sent` is yes, no and undetermined together; `cost` is ready to be read.

    `recalled` of them were not checked for this result but known from before.
    """

    sent: int
    yes: int
    no: int
    undetermined: int
    repeated: int
    rejected: int
    seconds: float | None = None
    cost: str | None = None
    recalled: int = 0

    @property
    def shares(self) -> dict[Verdict, float]:
        """The part of the numbers sent that has each verdict, from 0 to 1; zeros where nothing was sent."""
        counts = {Verdict.YES: self.yes, Verdict.NO: self.no, Verdict.UNDETERMINED: self.undetermined}
        return {verdict: count / self.sent if self.sent else 0.0 for verdict, count in counts.items()}

    @property
    def doubtful(self) -> Doubt | None:
        """Why a person should look twice before relying on the result; None where there is no reason."""
        if self.sent and self.shares[Verdict.UNDETERMINED] >= MANY_UNDETERMINED:
            return Doubt.MANY_UNDETERMINED
        if self.sent >= FEW_VERDICTS and self.sent in {self.yes, self.no}:
            return Doubt.ALL_ALIKE
        return None


@dataclass(frozen=True, slots=True)
class SheetWords:
    """Every human word of the workbook, in the language of the people who get it.

    The first ten are the labels of the sheet `Summary`. `reasons` is keyed by the values of `Reason`, `countries` by
    region; what is missing is shown as its key.
    """

    sent: str
    yes: str
    no: str
    undetermined: str
    repeated: str
    rejected: str
    time: str
    cost: str
    checked_now: str
    recalled: str
    reasons: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)


def summarise(
    numbers: NumberList,
    verdicts: Verdicts,
    *,
    seconds: float | None = None,
    cost: str | None = None,
    recalled: int = 0,
) -> Summary:
    """Count a result.

    Args:
        numbers: the list; of its valid numbers nothing is asked, so they need not be at hand.
        verdicts: what was found.
        seconds: how long the check took.
        cost: what it cost, ready to be read.
        recalled: how many numbers were known before it.
    """
    return Summary(
        sent=len(verdicts.codes),
        yes=verdicts.yes,
        no=verdicts.no,
        undetermined=verdicts.undetermined,
        repeated=numbers.repeated,
        rejected=len(numbers.rejected),
        seconds=seconds,
        cost=cost,
        recalled=recalled,
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """What is said of each number of a list."""

    numbers: NumberList
    verdicts: Verdicts
    dates: Sequence[date]
    """When each was checked."""


def rejected_file(rejected: Iterable[Rejected], words: SheetWords, most: int = MOST_REJECTED_BYTES) -> bytes:
    """The rejected lines as a text a person reads: line, what was sent, why; UTF-8 with the mark Notepad wants.

    Every line begins with its number and has no tabs, so pasted into a spreadsheet none of it becomes a formula. What
    does not fit into so many bytes is left out.
    """
    content = bytearray(codecs.BOM_UTF8)
    for each in rejected:
        line = f"{each.line}: {' '.join(each.text.split())} ({reason_in_words(each, words)})\n"
        content += line.encode("utf-8", "replace")
        if len(content) > most:
            return bytes(content[: content.rfind(b"\n", 0, most) + 1])
    return bytes(content)


def reason_in_words(rejected: Rejected, words: SheetWords) -> str:
    """Why a line was rejected, with the country where that is known."""
    reason = words.reasons.get(rejected.reason.value, rejected.reason.value)
    if rejected.region is None:
        return reason
    return f"{reason}, {words.countries.get(rejected.region, rejected.region)}"


def result_name(list_name: str | None, day: date) -> str:
    """The workbook's file name: `base nov.txt` becomes `base_nov_checked_2026-11-23.xlsx`.

    Letters and digits of any script are kept, with hyphens; all else, which may be a path, a control character or a
    mark that turns the direction of writing, becomes an underscore. Never longer than `LONGEST_NAME`.
    """
    ending = f"_checked_{day.isoformat()}.xlsx"
    stem = re.sub(r"\.[A-Za-z][A-Za-z0-9]{1,3}\Z", "", unicodedata.normalize("NFC", list_name or "").strip())
    kept = "".join(letter if letter == "-" or unicodedata.category(letter)[0] in "LMN" else "_" for letter in stem)
    tidy = re.sub(r"_+", "_", kept)[: LONGEST_NAME - len(ending)].strip("_-")
    if not any(unicodedata.category(letter)[0] in "LN" for letter in tidy):
        tidy = "numbers"
    return tidy + ending
