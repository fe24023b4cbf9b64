"""The rule for bare numbers: when digits without a plus and without a region are sure to begin with a country code.

Three things have to hold for such a number, and none of them is a guess (docs/decisions/0002):

1. Read with the plus it is valid.
2. No country has such a number at home (``plans.rivals``), or the list shows that it is not meant: it holds enough
   numbers of the same code and length that no other country has, and nothing that only that other country has.
3. Bare numbers of its length, which cannot be read with a plus, do not say that this length is a national one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.plans import Found, Invalid, NationalReading, rivals

_COMPANY = 10
"""One number beyond doubt speaks for up to so many doubtful ones."""
_STRAYS = 20
"""One number in so many may be a slip of the pen without putting the rest in doubt."""
_UNLIKELY = {(7, "BR")}
"""Russian mobile numbers 7 99x look like mobile numbers of one small state of Brazil. They are taken as Russian unless
the list holds something Brazilian."""

_Form = tuple[int, int]
"""A country calling code, and how many digits the number has with it."""


@dataclass(slots=True)
class _Evidence:
    """What a list says about the numbers in it."""

    bare: int
    company: Counter[_Form] = field(default_factory=Counter)
    """Numbers beyond doubt: the code is written out, or nobody else has such a number."""
    doubtful: Counter[_Form] = field(default_factory=Counter)
    written: Counter[int] = field(default_factory=Counter)
    """Numbers with their code written out, by code."""
    strays: Counter[tuple[int, frozenset[int]]] = field(default_factory=Counter)
    """Bare numbers that cannot be read with a plus, by length and by the codes of the countries that have such."""
    only_there: Counter[NationalReading] = field(default_factory=Counter)
    """The same, by each of these countries."""

    def add_stray(self, digits: str, others: frozenset[NationalReading]) -> None:
        self.strays[len(digits), frozenset(other.calling_code for other in others)] += 1
        self.only_there.update(others)

    def is_clear(self, form: _Form, others: frozenset[NationalReading]) -> bool:
        """Rule 2, first half: no country has such a number."""
        return not others or (
            all((form[0], other.region) in _UNLIKELY for other in others) and not self.any_present(form, others)
        )

    def has_company(self, form: _Form, others: frozenset[NationalReading]) -> bool:
        """Rule 2, second half: the list shows which country is meant."""
        return self.company[form] * _COMPANY >= self.doubtful[form] and not self.any_present(form, others)

    def any_present(self, form: _Form, others: frozenset[NationalReading]) -> bool:
        """Tell whether the list has numbers that only one of the other countries can have."""
        return any(
            self.only_there[other] * _STRAYS > self.bare or self.written[other.calling_code] > self.company[form]
            for other in others
        )

    def length_agrees(self, form: _Form) -> bool:
        """Rule 3."""
        code, length = form
        against = sum(
            count
            for (stray_length, codes), count in self.strays.items()
            if stray_length == length and code not in codes
        )
        return against * _STRAYS <= self.company[form] + self.doubtful[form]


def sure_numbers(bare: Mapping[str, Found | Invalid], written: Iterable[Found]) -> frozenset[str]:
    """Tell which of the bare numbers begin with a country code.

    Args:
        bare: digits -> how they read with a plus before them.
        written: numbers of the same list whose country code is written out.
    """
    evidence = _Evidence(len(bare))
    for found in written:
        evidence.company[_form(found)] += 1
        evidence.written[found.code] += 1
    groups: dict[tuple[_Form, frozenset[NationalReading]], list[str]] = {}
    for digits, read in bare.items():
        others = rivals(digits)
        if isinstance(read, Found):
            groups.setdefault((_form(read), others), []).append(digits)
        elif others:
            evidence.add_stray(digits, others)
    clear = {(form, others) for form, others in groups if evidence.is_clear(form, others)}
    for group, numbers in groups.items():
        (evidence.company if group in clear else evidence.doubtful)[group[0]] += len(numbers)
    agreeing = {form for form in {form for form, _ in groups} if evidence.length_agrees(form)}
    return frozenset(
        digits
        for (form, others), numbers in groups.items()
        if form in agreeing and ((form, others) in clear or evidence.has_company(form, others))
        for digits in numbers
    )


def _form(found: Found) -> _Form:
    return found.code, len(found.e164) - 1
