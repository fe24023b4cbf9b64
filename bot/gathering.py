"""The pieces of a list while it is read: in columns, since a million of them as objects would take a gigabyte."""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.bare import Bare, Form, Group
from bot.lines import Outcome, Waiting
from bot.number_list import TEXT_LIMIT, Invalid, NumberList, Numbers, Rejected, Rejections
from bot.phone_library import Found
from bot.plans import code_of


class Stood(NamedTuple):
    """One piece of a list, where it stood: also a number that was there before."""

    source: int
    line: int
    """In a text counted through all texts of the list; in a table the row."""
    said: str | Rejected
    """The number in E.164, or what was rejected."""
    as_sent: str


class _Perhaps(NamedTuple):
    """What a number that waits will be."""

    group: Group
    region: str
    otherwise: Invalid


@dataclass(slots=True)
class _Later:
    """Pieces, in order, from the first one on that has to wait for the end of the list."""

    lines: "array[int]" = field(default_factory=lambda: array("I"))
    sources: "array[int]" = field(default_factory=lambda: array("H"))
    texts: list[str | None] = field(default_factory=list)
    numbers: list[str | None] = field(default_factory=list)
    said: list[str | Invalid | _Perhaps] = field(default_factory=list)
    """A region, why it is rejected, or what it waits for."""


class Gathering:
    """What was read so far.

    A piece is settled at once as long as nothing waits for the end of the list: then a large list is never held twice.
    """

    def __init__(self, *, standing: bool = False) -> None:
        """``standing`` keeps where each piece stood, for ``stood``."""
        self.numbers: dict[str, None] = {}
        """The numbers that are settled."""
        self.bare = Bare()
        self._valid = Numbers()
        self._rejected = Rejections()
        self._repeated = 0
        self._again: list[str] = []
        """Numbers that came again, in E.164 as the first time."""
        self._written: list[str] = []
        """Numbers with their country code that were not sent in E.164."""
        self._later = _Later() if standing else None
        self._shared: dict[object, _Perhaps] = {}
        self._source = 0

    @property
    def is_empty(self) -> bool:
        """Tell whether there was no piece at all."""
        return not (self.numbers or self._rejected or (self._later and self._later.lines))

    def begin(self, source: int) -> None:
        """Say of which source the next pieces are."""
        self._source = source

    def add(self, line: int, text: str, outcome: Outcome, *, is_written: bool) -> None:
        """Add a piece; ``is_written`` tells that its country code is written out."""
        text = text[:TEXT_LIMIT]
        if isinstance(outcome, Found):
            sent = None if text == outcome.e164 else text
            if outcome.e164 in self.numbers and sent is None:
                self.repeat(outcome.e164)
                return
            if is_written and sent is not None:
                self._written.append(outcome.e164)
            self.found(line, outcome.e164, outcome.region, sent)
        elif isinstance(outcome, Waiting):
            self._wait(line, text, outcome)
        else:
            self.rejected(line, text, outcome)

    def found(self, line: int, e164: str, region: str, sent: str | None) -> None:
        """Add a number; what was sent is None where it is the number in E.164."""
        if self._later is not None:
            self._put_off(line, sent, e164, region)
        elif e164 in self.numbers:
            self._repeated += 1
        else:
            self.numbers[e164] = None
            self._valid.regions.append(region)
            self._valid.lines.append(line)
            self._valid.as_sent.append(sent)

    def repeat(self, e164: str) -> None:
        """Add a settled number that was sent in E.164 once more."""
        self._again.append(e164)

    def rejected(self, line: int, text: str, why: Invalid) -> None:
        """Add what is no number."""
        if self._later is not None:
            self._put_off(line, text, None, why)
        else:
            self._rejected.add(line, text, why)

    def settled(self) -> NumberList:
        """Put together what is known once the whole list was seen."""
        later, self._later = self._later, None
        if later is not None:
            self.bare.settle(self._all_written(later))
            self._settle(later)
            self._later = later
        self._valid.e164 = list(self.numbers)
        return NumberList(self._valid, self._repeated + len(self._again), self._rejected)

    def stood(self) -> list[Stood]:
        """Say where each piece stood, once the list is settled; needs ``standing``."""
        later = self._later or _Later()
        stood = []
        for place, (line, text) in enumerate(zip(later.lines, later.texts, strict=True)):
            said, e164 = _what(later.said[place]), later.numbers[place]
            number = e164 or f"+{text}"
            as_sent = number if text is None else text
            rejected = Rejected(line, as_sent, *said) if isinstance(said, Invalid) else number
            stood.append(Stood(later.sources[place], line, rejected, as_sent))
        return stood

    def _settle(self, later: _Later) -> None:
        for line, text, e164, said in zip(later.lines, later.texts, later.numbers, later.said, strict=True):
            what = _what(said)
            if isinstance(what, str):
                self.found(line, e164 or f"+{text}", what, text)
            else:
                self.rejected(line, text or e164 or "", what)

    def _wait(self, line: int, text: str, waiting: Waiting) -> None:
        if self._later is None:
            self._later = _Later()
        digits, read, otherwise = waiting
        group = self.bare.add(digits, read)
        if group is None or isinstance(read, Invalid):
            self._put_off(line, text, None, otherwise)
            return
        key = (id(group), read.region, otherwise)
        perhaps = self._shared.get(key)
        if perhaps is None:
            perhaps = self._shared[key] = _Perhaps(group, read.region, otherwise)
        as_is = text == digits and read.e164[1:] == digits
        self._put_off(line, text, None if as_is else read.e164, perhaps)

    def _put_off(self, line: int, text: str | None, e164: str | None, said: str | Invalid | _Perhaps) -> None:
        later = self._later
        if later is not None:
            later.lines.append(line)
            later.sources.append(self._source)
            later.texts.append(text)
            later.numbers.append(e164)
            later.said.append(said)

    def _all_written(self, later: _Later) -> Counter[Form]:
        """Count the numbers whose country code is written out, however often each was sent."""
        written = Counter(_forms(self._written))
        sent = zip(self.numbers, self._valid.as_sent, strict=True)
        written.update(_forms(e164 for e164, text in sent if text is None))
        written.update(_forms(self._again))
        put_off = zip(later.numbers, later.texts, strict=True)
        written.update(_forms(e164 for e164, text in put_off if text is None and e164 is not None))
        return written


def _forms(numbers: Iterable[str]) -> Iterable[Form]:
    return ((code_of(e164), len(e164) - 1) for e164 in numbers)


def _what(said: str | Invalid | _Perhaps) -> str | Invalid:
    """Give the region of a piece that is a number, else why it is none."""
    if isinstance(said, _Perhaps):
        return said.region if said.group.is_sure else said.otherwise
    return said
