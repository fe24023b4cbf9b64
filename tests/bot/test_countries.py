import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.countries import CountryCount, count_countries, countries_of, together
from bot.number_list import Number, NumberList
from bot.packing import PackedList, pack


def listed(*regions: str) -> PackedList:
    numbers = (Number(f"+7912000{at:04}", region, at, 'say "a", b') for at, region in enumerate(regions))
    return pack(NumberList(tuple(numbers)))


def test_countries_are_counted_by_verdict_most_numbers_first() -> None:
    assert countries_of(listed("KZ", "RU", "RU", "001", "RU"), "ynuny") == (
        CountryCount("RU", yes=1, no=1, undetermined=1),
        CountryCount("001", yes=0, no=1, undetermined=0),
        CountryCount("KZ", yes=1, no=0, undetermined=0),
    )
    assert countries_of(listed(), "") == ()


@given(st.lists(st.tuples(st.sampled_from(("RU", "KZ", "001")), st.sampled_from("ynu")), max_size=40))
def test_packed_and_unpacked_give_the_same_and_nothing_is_lost(numbers: list[tuple[str, str]]) -> None:
    regions, codes = [region for region, _ in numbers], "".join(code for _, code in numbers)
    counted = countries_of(listed(*regions), codes)
    whole = together(counted)

    assert counted == count_countries(regions, codes)
    assert sum(one.count for one in counted) == whole.count == len(numbers)
    assert (whole.yes, whole.no, whole.undetermined) == tuple(map(codes.count, "ynu"))


def test_verdicts_of_another_list_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        countries_of(listed("RU", "RU"), "y")
    with pytest.raises(zlib.error):
        countries_of(replace(listed("RU"), details=b"no list"), "y")
