"""Which countries to offer when the country is asked."""

from collections.abc import Sequence
from itertools import islice

from bot.number_list import NumberList, Reason, Rejections
from bot.numbering import national
from bot.phone_library import Found
from bot.pieces import digits_of
from bot.plans import known_region, rivals

_SAMPLE = 40
_FAIR_SHARE = 0.5
_GOOD_SHARE = 0.8
"""From here on fits are equal: every list has slips of the pen in it."""
_LARGE = (
    "RU", "KZ", "UA", "US", "IN", "BR", "ID", "DE", "TR", "UZ", "BY", "GB", "FR", "IT", "ES", "MX", "PL", "EG",
    "IR", "PK", "NG", "CN", "AE", "SA", "AZ", "GE", "KG", "TJ", "AM", "IL", "MY", "PH", "VN", "TH", "AR", "CO",
)  # fmt: skip
"""Large or likely countries; the order decides between equals."""


def likely_regions(numbers: NumberList, hints: Sequence[str] = (), most: int = 6) -> tuple[str, ...]:
    """Tell in which countries the numbers without a country code would be valid, best first.

    Looks at a sample of them spread over the list, so the cost does not grow with it. A country counts when at least
    half of the sample is valid in it. Countries of ``hints`` (such as that of the person's language) come first, then
    those of the sure numbers of the same list, then large ones; within each group the better fit leads, and a landline
    where nearly any digits are one (Germany) is a poor fit.
    """
    rejected, count = Rejections.of(numbers.rejected), numbers.without_country
    if not count:
        return ()
    pieces = zip(rejected.texts, rejected.why, strict=True)
    waiting = (text for text, why in pieces if why.reason is Reason.NEEDS_COUNTRY)
    sample = [digits_of(text) for text in islice(waiting, 0, None, -(-count // _SAMPLE))]
    known = [region for region, _ in numbers.countries[:10]]
    scored: list[tuple[int, float, int, str]] = []
    seen: set[str] = set()
    for rank, group in enumerate((hints, known, _LARGE)):
        for name in islice(group, 50):
            region = known_region(name)
            if region is None or region in seen:
                continue
            seen.add(region)
            valid, telling = _shares(sample, region)
            if valid >= _FAIR_SHARE:
                scored.append((rank, -min(telling, _GOOD_SHARE), len(scored), region))
    return tuple(region for *_, region in sorted(scored)[:most])


def _shares(sample: list[str], region: str) -> tuple[float, float]:
    """Give the share that is valid in the region, and the share for which that tells something."""
    valid = telling = 0
    for digits in sample:
        found = national(digits, region)
        # Numbers of Kazakhstan can be dialled in Russia, but they do not make a list Russian.
        if isinstance(found, Found) and found.region == region:
            valid += 1
            at_home = found.e164[len(f"+{found.code}") :]
            telling += any(other.region == region for other in rivals(at_home))
    return valid / len(sample), telling / len(sample)
