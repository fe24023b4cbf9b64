import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.number_list import Number, NumberList, Problem, Reason, Rejected
from bot.packing import (
    BLOCK_BYTES,
    BLOCK_NUMBERS,
    Reading,
    blocks_of,
    lines_of,
    pack,
    regions_of,
    submission,
    summarise,
    unpack,
)

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBERS = st.builds(Number, st.from_regex(r"\+[0-9]{7,15}", fullmatch=True), st.just("RU"), st.integers(1, 9), WORDS)
REJECTED = st.builds(Rejected, st.integers(1, 9), WORDS, st.sampled_from(Reason), st.sampled_from([None, "RU", "IT"]))
LISTS = st.builds(
    NumberList,
    st.lists(NUMBERS, max_size=5).map(tuple),
    st.integers(0, 9),
    st.lists(REJECTED, max_size=12).map(tuple),
)


@given(LISTS)
def test_unpacking_gives_back_what_was_packed(numbers: NumberList) -> None:
    assert unpack(pack(numbers), repeated=numbers.repeated) == numbers


@given(LISTS)
def test_a_reading_survives_json(numbers: NumberList) -> None:
    reading = summarise(numbers)
    assert Reading.from_json(reading.to_json()) == reading


def test_the_api_is_sent_one_number_a_line() -> None:
    numbers = NumberList((Number("+79123456789", "RU", 1, "8 912"), Number("+12025550143", "US", 2, "202")))
    assert submission(pack(numbers)) == b"+79123456789\n+12025550143\n"


@pytest.mark.parametrize("count", [0, 1, 2 * BLOCK_BYTES // 11, 2 * BLOCK_BYTES // 11 + 1])
def test_lines_come_one_by_one_and_none_is_torn_between_two_blocks(count: int) -> None:
    lines = [f"{place:010}".encode() for place in range(count)]
    assert list(lines_of(zlib.compress(b"".join(line + b"\n" for line in lines)))) == lines


def test_lines_are_given_before_all_is_unpacked() -> None:
    assert next(lines_of(zlib.compress(b"first\n" + bytes(2 * BLOCK_BYTES))[:-4])) == b"first"


def test_line_ends_inside_a_text_stay_inside_it() -> None:
    piece = Rejected(1, 'a\nb\u2028c\x85d"', Reason.NOT_A_NUMBER)
    assert unpack(pack(NumberList(rejected=(piece,)))).rejected == (piece,)


def test_parts_that_do_not_belong_together_are_refused() -> None:
    one = pack(NumberList((Number("+79123456789", "RU", 1, "x"),)))
    none = pack(NumberList())
    for numbers, details in ((one, none), (none, one)):
        with pytest.raises(ValueError, match=r"without details|zip|one list"):
            unpack(type(one)(numbers.numbers, details.details, one.rejected))


def test_a_list_of_several_blocks_comes_back_block_by_block() -> None:
    count = 2 * BLOCK_NUMBERS + 1
    numbers = tuple(
        Number(f"+7912{at:07}", "RU" if at % 2 else "KZ", at, f"+7912{at:07}" if at % 3 else f"8912{at:07}")
        for at in range(count)
    )
    packed = pack(NumberList(numbers))
    blocks = list(blocks_of(packed))
    assert [len(block.numbers) for block in blocks] == [BLOCK_NUMBERS, BLOCK_NUMBERS, 1]
    assert unpack(packed).valid == numbers
    assert list(regions_of(packed)) == [number.region for number in numbers]


def test_the_summary_is_small_and_leaves_out_those_that_only_need_a_country() -> None:
    regions = ["RU", "KZ", "US", "GB", "DE", "FR", "ES", "IT", "PL", "UA"]
    numbers = NumberList(
        tuple(Number(f"+{at}", regions[at % 10], at, "") for at in range(15)),
        3,
        (
            Rejected(1, "4951234567", Reason.NEEDS_COUNTRY),
            *(Rejected(at, "x", Reason.NOT_A_NUMBER) for at in range(2, 9)),
        ),
    )
    reading = summarise(numbers, ["RU"])
    assert (reading.valid, reading.repeated, reading.rejected, reading.without_country) == (15, 3, 8, 1)
    assert reading.countries[0] == ("DE", 2)
    assert len(reading.countries) == 8
    assert reading.country_count == 10
    assert [piece.line for piece in reading.first_rejected] == [2, 3, 4, 5, 6]
    assert reading.likely[0] == "RU"


def test_a_problem_is_kept() -> None:
    reading = summarise(NumberList(problem=Problem.NOT_TEXT))
    assert Reading.from_json(reading.to_json()).problem is Problem.NOT_TEXT
