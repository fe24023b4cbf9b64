"""How the numbers of a list are spread over countries, and how many of each are on Telegram."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.packing import PackedList, regions_of


@dataclass(frozen=True, slots=True)
class CountryCount:
    """The verdicts of one country's numbers; ``region`` is ISO's code, or ``001`` for the world."""

    region: str
    yes: int
    no: int
    undetermined: int

    @property
    def count(self) -> int:
        """All its numbers."""
        return self.yes + self.no + self.undetermined


def count_countries(regions: Iterable[str], codes: str) -> tuple[CountryCount, ...]:
    """Count the verdicts by country, most numbers first.

    Args:
        regions: The region of each number.
        codes: A letter for each number, in the same order: ``y``, ``n`` or ``u``.

    Raises:
        ValueError: They are not as many.
    """
    found = Counter(zip(regions, codes, strict=True))
    counts = [
        CountryCount(region, found[region, "y"], found[region, "n"], found[region, "u"])
        for region in {region for region, _ in found}
    ]
    return tuple(sorted(counts, key=lambda one: (-one.count, one.region)))


def countries_of(packed: PackedList, codes: str) -> tuple[CountryCount, ...]:
    """Count a packed list without unpacking all of it.

    Raises:
        ValueError, zlib.error: The list is not what ``pack`` has made, or the codes are not its own.
    """
    return count_countries(regions_of(packed), codes)


def together(countries: Sequence[CountryCount], region: str = "") -> CountryCount:
    """Sum several countries up as one."""
    return CountryCount(
        region,
        sum(one.yes for one in countries),
        sum(one.no for one in countries),
        sum(one.undetermined for one in countries),
    )
