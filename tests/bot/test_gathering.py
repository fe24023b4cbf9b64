import pytest

from bot.gathering import Gathering
from bot.lines import Waiting
from bot.number_list import TEXT_LIMIT, Invalid, NumberList, Reason
from bot.numbering import international
from bot.phone_library import Found

ANN, BOB = Found("+79123456789", "RU", 7), Found("+12025550143", "US", 1)
SHORT, NEEDS = Invalid(Reason.TOO_SHORT), Invalid(Reason.NEEDS_COUNTRY)


def bare(digits: str) -> Waiting:
    return Waiting(digits, international(digits), NEEDS)


def settled(gathering: Gathering) -> tuple[list[tuple[str, int, str]], int, list[tuple[int, str, Reason]]]:
    numbers: NumberList = gathering.settled()
    return (
        [(one.e164, one.line, one.as_sent) for one in numbers.valid],
        numbers.repeated,
        [(one.line, one.text, one.reason) for one in numbers.rejected],
    )


@pytest.mark.parametrize("standing", [False, True])
def test_numbers_are_kept_once_where_they_stood_first(standing: bool) -> None:  # noqa: FBT001 - a column
    gathering = Gathering(standing=standing)
    gathering.add(1, "+7 912 345-67-89", ANN, is_written=True)
    gathering.add(2, "12", SHORT, is_written=False)
    gathering.found(3, "+79123456789", "RU", None)
    gathering.found(4, "+12025550143", "US", None)
    gathering.add(5, "+12025550143", BOB, is_written=True)
    assert settled(gathering) == (
        [("+79123456789", 1, "+7 912 345-67-89"), ("+12025550143", 4, "+12025550143")],
        2,
        [(2, "12", Reason.TOO_SHORT)],
    )


def test_what_waits_and_all_after_it_keep_their_order() -> None:
    gathering = Gathering()
    gathering.add(1, "+12025550143", BOB, is_written=True)
    gathering.add(2, "79123456789", bare("79123456789"), is_written=False)
    gathering.add(3, "12", SHORT, is_written=False)
    gathering.add(4, "+79123456789", ANN, is_written=True)
    gathering.add(5, "4951234567", bare("4951234567"), is_written=False)
    assert settled(gathering) == (
        [("+12025550143", 1, "+12025550143"), ("+79123456789", 2, "79123456789")],
        1,
        [(3, "12", Reason.TOO_SHORT), (5, "4951234567", Reason.NEEDS_COUNTRY)],
    )


def test_each_number_with_its_code_speaks_for_bare_ones_however_it_was_sent() -> None:
    # 84 9... is a mobile number of Vietnam, and one of Russia with its 8 as a prefix.
    doubtful = "84951234567"
    for forms in (["+84912345678"], ["+84 912 345 678"], ["tel +84912345678"], ["+84912345678", "+84912345678"]):
        gathering = Gathering()
        found = Found("+84912345678", "VN", 84)
        for line, form in enumerate(forms, 1):
            gathering.add(line, form, found, is_written=True)
        gathering.add(9, doubtful, bare(doubtful), is_written=False)
        written = gathering._all_written(gathering._later)  # type: ignore[arg-type]  # it waits
        assert written == {(84, 11): len(forms)}


def test_where_each_piece_stood_is_said_also_of_what_came_again() -> None:
    gathering = Gathering(standing=True)
    gathering.begin(0)
    gathering.add(1, "79123456789", bare("79123456789"), is_written=False)
    gathering.begin(1)
    gathering.add(7, "+79123456789", ANN, is_written=True)
    gathering.add(8, "1" * 500, Invalid(Reason.TOO_LONG), is_written=False)
    gathering.settled()
    stood = gathering.stood()
    assert [(one.source, one.line, one.as_sent) for one in stood] == [
        (0, 1, "79123456789"),
        (1, 7, "+79123456789"),
        (1, 8, "1" * TEXT_LIMIT),
    ]
    assert [one.said for one in stood][:2] == ["+79123456789", "+79123456789"]


def test_nothing_is_empty() -> None:
    assert Gathering().is_empty
    assert Gathering(standing=True).is_empty
    for standing in (False, True):
        gathering = Gathering(standing=standing)
        gathering.add(1, "hello", Invalid(Reason.NOT_A_NUMBER), is_written=False)
        assert not gathering.is_empty
