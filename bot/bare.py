"""The rule for bare numbers: when digits without a plus and without a region are sure to begin with a country code.

Three things have to hold for such a number, and none of them is a guess (docs/decisions/0002):

1. Read with the plus it is valid.
2. No country has such a number at home (``plans.rivals``), or the list shows that it is not meant: it holds enough
   numbers of the same code and length that no other country has, and nothing that only that other country has.
3. Bare numbers of its length, which cannot be read with a plus, do not say that this length is a national one.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.number_list import Invalid
from bot.phone_library import Found
from bot.plans import NationalReading, rivals

_COMPANY = 10
"""One number beyond doubt speaks for up to so many doubtful ones."""
_STRAYS = 20
"""One number in so many may be a slip of the pen without putting the rest in doubt."""
_UNLIKELY = {(7, "BR")}
"""Russian mobile numbers 7 99x look like mobile numbers of one small state of Brazil. They are taken as Russian unless
the list holds something Brazilian."""

Form: TypeAlias = tuple[int, int]
"""A country calling code, and how many digits the number has with it."""


@dataclass(slots=True, eq=False)
class Group:
    """Bare numbers that are decided together: of one form, and looking like numbers of the same other countries."""

    form: Form
    others: frozenset[NationalReading]
    count: int = 0
    is_sure: bool = False


@dataclass(slots=True)
class Bare:
    """What a list says about its bare numbers, each of them counted once."""

    _seen: set[str] = field(default_factory=set)
    _groups: dict[tuple[int, int, frozenset[NationalReading]], Group] = field(default_factory=dict)
    _company: Counter[Form] = field(default_factory=Counter)
    """Numbers beyond doubt: the code is written out, or nobody else has such a number."""
    _doubtful: Counter[Form] = field(default_factory=Counter)
    _written: Counter[int] = field(default_factory=Counter)
    """Numbers with their code written out, by code."""
    _strays: Counter[tuple[int, frozenset[int]]] = field(default_factory=Counter)
    """Bare numbers that cannot be read with a plus, by length and by the codes of the countries that have such."""
    _only_there: Counter[NationalReading] = field(default_factory=Counter)
    """The same, by each of these countries."""

    def add(self, digits: str, read: Found | Invalid) -> Group | None:
        """Take digits, and how they read with a plus before them; give the group that decides, None for no number."""
        others = rivals(digits)
        is_new = digits not in self._seen
        if is_new:
            self._seen.add(digits)
        if isinstance(read, Invalid):
            if is_new and others:
                self._strays[len(digits), frozenset(other.calling_code for other in others)] += 1
                self._only_there.update(others)
            return None
        key = (read.code, len(read.e164) - 1, others)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group((read.code, len(read.e164) - 1), others)
        if is_new:
            group.count += 1
        return group

    def settle(self, written: Counter[Form]) -> None:
        """Decide which groups begin with a country code, once the whole list was seen.

        Args:
            written: numbers of the same list whose country code is written out.
        """
        self._company.update(written)
        for (code, _), count in written.items():
            self._written[code] += count
        groups = self._groups.values()
        clear = {group for group in groups if self._is_clear(group)}
        for group in groups:
            (self._company if group in clear else self._doubtful)[group.form] += group.count
        agreeing = {form for form in {group.form for group in groups} if self._length_agrees(form)}
        for group in groups:
            group.is_sure = group.form in agreeing and (group in clear or self._has_company(group))

    def _is_clear(self, group: Group) -> bool:
        """Rule 2, first half: no country has such a number."""
        form, others = group.form, group.others
        return not others or (
            all((form[0], other.region) in _UNLIKELY for other in others) and not self._any_present(form, others)
        )

    def _has_company(self, group: Group) -> bool:
        """Rule 2, second half: the list shows which country is meant."""
        form, others = group.form, group.others
        return self._company[form] * _COMPANY >= self._doubtful[form] and not self._any_present(form, others)

    def _any_present(self, form: Form, others: frozenset[NationalReading]) -> bool:
        """Tell whether the list has numbers that only one of the other countries can have."""
        return any(
            self._only_there[other] * _STRAYS > len(self._seen)
            or self._written[other.calling_code] > self._company[form]
            for other in others
        )

    def _length_agrees(self, form: Form) -> bool:
        """Rule 3."""
        code, length = form
        against = sum(
            count
            for (stray_length, codes), count in self._strays.items()
            if stray_length == length and code not in codes
        )
        return against * _STRAYS <= self._company[form] + self._doubtful[form]
