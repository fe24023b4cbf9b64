import random

import pytest

from bot.numbers import NumberList, read_numbers

RNG = random.Random(2)


def numbers_like(prefix: str, digits: int, count: int = 100) -> list[str]:
    rest = digits - len(prefix)
    return [f"{prefix}{at:0{rest}}" for at in RNG.sample(range(10**rest), count)]


def read(lines: list[str], region: str | None = None) -> NumberList:
    return read_numbers("\n".join(lines), region=region)


RUSSIAN = numbers_like("791", 11)
MOSCOW = numbers_like("4951", 10)
CHINESE = numbers_like("138", 11)
AMERICAN = [
    f"1{area}555{at:04}" for area in (202, 212, 213, 310, 415, 512, 617, 702, 808, 917) for at in range(100, 110)
]
NEW_YORK = numbers_like("1917555", 11)


@pytest.mark.parametrize(
    "number", ["79123456789", "79991234567", "77011234567", "380501234567", "998901234567", "447400123456",
               "4915112345678", "919812345678", "905321234567", "12025550143", "2348031234567", "8613812345678"]
)  # fmt: skip
def test_a_single_number_that_nobody_has_at_home_is_sure(number: str) -> None:
    assert [valid.e164 for valid in read([number]).valid] == [f"+{number}"]


@pytest.mark.parametrize(
    ("number", "also"),
    [
        ("4951234567", "Moscow"),
        ("13105550123", "China"),
        ("4791234567", "Mexico"),
        ("51912345678", "Porto Alegre"),
        ("84951234567", "Moscow with its 8"),
        ("84912345678", "Ryazan with its 8"),
        ("9123456789", "Russia, and India"),
        ("5321234567", "Turkey"),
        ("81234567890", "Indonesia"),
    ],
)
def test_a_single_number_that_another_country_has_is_asked_about(number: str, also: str) -> None:
    numbers = read([number])
    assert (numbers.valid, numbers.without_country) == ((), 1), also


def test_a_list_of_moscow_landlines_never_becomes_german() -> None:
    numbers = read(MOSCOW)
    assert (len(numbers.valid), numbers.without_country) == (0, 100)
    assert {number.region for number in read(MOSCOW, "RU").valid} == {"RU"}


def test_a_list_of_russian_mobiles_is_sure() -> None:
    assert len(read(RUSSIAN).valid) == 100


def test_moscow_landlines_among_russian_mobiles_are_asked_about_alone() -> None:
    numbers = read(RUSSIAN + MOSCOW)
    assert (len(numbers.valid), numbers.without_country) == (100, 100)


def test_russian_mobiles_with_and_without_plus_and_with_8_agree() -> None:
    with_8 = [f"8{number[1:]}" for number in RUSSIAN[50:]]
    numbers = read([f"+{number}" for number in RUSSIAN[:20]] + RUSSIAN[20:50] + with_8)
    assert (len(numbers.valid), numbers.without_country) == (50, 50)


def test_one_german_number_does_not_make_moscow_german() -> None:
    numbers = read(["+49 171 1234567", *MOSCOW])
    assert (len(numbers.valid), numbers.without_country) == (1, 100)
    numbers = read(["+49 5123 4567", *MOSCOW])
    assert (len(numbers.valid), numbers.without_country) == (1, 100)


def test_american_numbers_are_sure_when_some_of_them_cannot_be_chinese() -> None:
    assert len(read(AMERICAN).valid) == 100
    numbers = read(["13105550123", "13105550124"])
    assert numbers.without_country == 2


def test_a_chinese_list_is_not_american_even_with_an_american_in_it() -> None:
    numbers = read(CHINESE)
    assert numbers.valid == ()
    numbers = read([*CHINESE, "12025550143"])
    assert numbers.valid == ()


def test_chinese_numbers_put_doubtful_american_ones_in_doubt() -> None:
    numbers = read([*AMERICAN, *CHINESE])
    assert numbers.valid == ()


def test_a_marked_number_of_the_same_code_and_length_settles_a_few() -> None:
    assert len(read(["+12025550143", "13105550123"]).valid) == 2
    assert read(["+12025550143", *numbers_like("1310555", 11, 11)]).without_country == 11


def test_a_marked_number_of_the_other_country_keeps_the_doubt() -> None:
    assert read(["+12025550143", "+8613800138000", "+8613800138001", "13105550123"]).without_country == 1


def test_sergipe_is_seen_when_the_list_is_brazilian() -> None:
    brazilian = numbers_like("119612", 11)
    numbers = read([*brazilian, "79991234567"])
    assert (numbers.valid, numbers.without_country) == ((), 101)


def test_a_slip_of_the_pen_does_not_put_a_good_list_in_doubt() -> None:
    numbers = read([*RUSSIAN, "7912345678", "13800138000"])
    assert len(numbers.valid) == 100


def test_the_order_of_the_lines_does_not_matter() -> None:
    lines = [*AMERICAN[:30], *RUSSIAN[:30], *MOSCOW[:10]]
    expected = {number.e164 for number in read(lines).valid}
    RNG.shuffle(lines)
    assert {number.e164 for number in read(lines).valid} == expected


def test_a_code_that_stands_apart_must_be_the_code() -> None:
    assert read(["8 4951234567", "8 (495) 123-45-67", "84 381234567"]).valid == ()
    assert [number.e164 for number in read(["1 (202) 555-0143"]).valid] == ["+12025550143"]


@pytest.mark.parametrize("region", ["RU", "KZ", "UA", "US"])
def test_with_a_region_nothing_waits_for_a_country(region: str) -> None:
    numbers = read([*RUSSIAN[:9], *MOSCOW[:9], *CHINESE[:9], *AMERICAN[:9], "0491711234567", "8 912"], region)
    assert numbers.without_country == 0
