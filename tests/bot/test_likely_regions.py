import random

import pytest

from bot.likely_regions import likely_regions
from bot.numbers import read_numbers

MOSCOW = "\n".join(f"495123{at:04}" for at in range(100))


def test_the_country_in_which_all_are_valid_is_offered() -> None:
    assert "RU" in likely_regions(read_numbers(MOSCOW))


def test_hints_come_first_when_they_fit() -> None:
    assert likely_regions(read_numbers("8 912 345-67-89"), hints=["GB", "RU"])[0] == "RU"


def test_hints_that_do_not_fit_or_do_not_exist_are_left_out() -> None:
    offered = likely_regions(read_numbers(MOSCOW), hints=["KZ", "XX", "", "nonsense"])
    assert not {"XX", "KZ", ""} & set(offered)


def test_countries_of_the_sure_numbers_come_before_large_ones() -> None:
    numbers = read_numbers("+420601123456\n601123457\n601123458")
    assert likely_regions(numbers)[0] == "CZ"


def test_no_more_than_asked_for() -> None:
    assert len(likely_regions(read_numbers(MOSCOW), most=2)) <= 2


def test_nothing_is_offered_when_nothing_is_missing() -> None:
    assert likely_regions(read_numbers("+79123456789")) == ()


@pytest.mark.parametrize("count", [39, 40, 41, 1000])
def test_only_a_sample_is_looked_at(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("bot.likely_regions.national", lambda digits, _region: asked.append(digits))
    rng = random.Random(1)
    numbers = read_numbers("\n".join(f"8 9{rng.randrange(10**9):09}" for _ in range(count)))
    likely_regions(numbers)
    assert len(set(asked)) <= 40


def test_numbers_of_kazakhstan_do_not_make_a_list_russian() -> None:
    offered = likely_regions(read_numbers("8 701 234 56 78\n8 702 234 56 78"))
    assert offered[0] == "KZ"
    assert "RU" not in offered


def test_russia_comes_before_germany_for_numbers_with_the_russian_8() -> None:
    offered = likely_regions(read_numbers("\n".join(f"8 91{at} 345-67-89" for at in range(10))))
    assert offered[0] == "RU"


def test_germany_comes_first_for_german_mobiles() -> None:
    assert likely_regions(read_numbers("0171 1234567\n0160 1234567\n0151 12345678"))[0] == "DE"
