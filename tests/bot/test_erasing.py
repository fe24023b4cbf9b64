"""A number is found however it is written, and nothing else goes with it."""

import pytest

from bot.erasing import Wanted, erase, holds, without
from bot.list_parts import Part
from bot.numbers import pack, read_numbers, summarise, unpack

WANTED = Wanted.of(read_numbers("+79123456789").valid[0])
TEXT = "+79123456789\n+7 912 345 67 80\n9123456789\n8 912\n+77011234567 x"
NUMBERS = read_numbers(TEXT)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "+79123456789",
            "8 (912) 345-67-89",
            "tel. 9123456789,",
            "79123456789",
            "a\n8\u00a0912\u00a0345\u00a067\u00a089",
        ),
        *("٩١٢٣٤٥٦٧٨٩", "９１２３４５６７８９"),
    ],
)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert WANTED.is_in(text)
    assert holds({"message": {"entities": [1, None], "text": [text]}}, WANTED)


@pytest.mark.parametrize("text", ["", "912345678", "+79123456780", "91234\n56789", "8 912 345 67 98"])
def test_another_number_is_not_taken_for_it(text: str) -> None:
    assert not WANTED.is_in(text)
    assert not holds({"text": text, "id": 79123456789}, WANTED)


def test_a_short_number_is_found_only_whole() -> None:
    short = Wanted("+29051234", "51234")
    assert short.is_in("+290 51234")
    assert not short.is_in("+7 912 345 12 34")


def test_the_number_goes_and_everything_else_stays() -> None:
    codes = "yn"[: len(NUMBERS.valid)].ljust(len(NUMBERS.valid), "u")
    erased = erase(WANTED, pack(NUMBERS), codes, [Part(TEXT.encode())], (), repeated=3)
    assert erased is not None
    assert [number.e164 for number in erased.numbers.valid] == [n.e164 for n in NUMBERS.valid if n.e164 != WANTED.e164]
    assert erased.codes == codes[1:]
    assert erased.numbers.repeated == 3
    assert [one.text for one in erased.numbers.rejected] == [
        one.text for one in NUMBERS.rejected if "9123456789" not in one.text
    ]
    assert unpack(erased.packed, repeated=3) == erased.numbers
    assert not WANTED.is_in((erased.contents[0] or b"").decode())
    again = read_numbers(erased.contents[0] or b"")
    assert [number.e164 for number in again.valid] == [number.e164 for number in erased.numbers.valid]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251"])
def test_what_only_the_message_holds_is_found_in_any_encoding(encoding: str) -> None:
    numbers = read_numbers("+79123456780")
    said = "Иван 8 912 345 67 89\n+79123456780".encode(encoding)
    erased = erase(WANTED, pack(numbers), None, [Part(said)], (), repeated=0)
    assert erased is not None
    assert erased.contents == (b"+79123456780\n",)


def test_the_name_of_a_list_and_the_words_of_the_api_are_looked_at() -> None:
    numbers = pack(read_numbers("+79123456780"))
    assert erase(WANTED, numbers, None, (), ["bad line 79123456789"], repeated=0) is not None
    assert erase(WANTED, None, None, (), ["79123456789.txt"], repeated=0) is not None


def test_a_list_without_the_number_is_left_alone() -> None:
    numbers = pack(read_numbers("+79123456780\n791234\n12"))
    assert erase(WANTED, numbers, "y", [Part(b"+79123456780")], ["name.txt"], repeated=0) is None
    assert erase(WANTED, None, None, (), (), repeated=0) is None


def test_the_lines_of_rejected_pieces_are_no_digits_of_theirs() -> None:
    wanted = Wanted("+7912345", "1234567")
    numbers = read_numbers("\n" * 11 + "34567")  # line 12, text 34567
    assert erase(wanted, pack(numbers), None, (), (), repeated=0) is None


def test_a_preview_quotes_it_no_more_and_counts_as_before() -> None:
    reading = summarise(read_numbers("89123456789123\n77\n+79123456780"))
    left = without(reading, Wanted("+79123456789", "9123456789"))
    assert [one.text for one in left.first_rejected] == ["77"]
    assert (left.rejected, left.valid) == (reading.rejected, reading.valid)
