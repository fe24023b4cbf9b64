import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import PAIR_CHARACTERS, Action, Button, Card, Press, Style, in_pairs, lines, short
from bot.texts import Html

CARD = Card(Html("text"), ((Button("a", "x:y:z"), Button("b", copies="c")),))


def test_the_digest_changes_with_everything_that_is_seen() -> None:
    others = [
        Card(Html("texts"), CARD.rows),
        Card(CARD.text),
        Card(CARD.text, ((Button("a", "x:y:z"),), (Button("b", copies="c"),))),
        Card(CARD.text, ((Button("a", "x:y:w"), Button("b", copies="c")),)),
        Card(CARD.text, ((Button("a", "x:y:z", Style.DANGER), Button("b", copies="c")),)),
        Card(CARD.text, ((Button("a", "x:y:z"), Button("b", copies="d")),)),
        Card(CARD.text, ((Button("a", "x:y:z"), Button("b", url="https://e.org")),)),
    ]

    assert Card(Html("text"), CARD.rows).digest == CARD.digest
    assert len({CARD.digest, *(card.digest for card in others)}) == len(others) + 1


@pytest.mark.parametrize("data", [None, "", "check", "check:a", "check:a:b:c", "nothing:a:b", "CHECK:a:b", ":::", "::"])
def test_what_is_no_data_of_ours_is_none(data: str | None) -> None:
    assert Press.unpack(data) is None


def test_data_of_ours_comes_back() -> None:
    assert Press.unpack("check:token:7") == Press(Action.CHECK, "token", "7")
    assert Press.unpack("lang:ru:") == Press(Action.LANGUAGE, "ru")


@given(st.text())
def test_no_data_makes_it_fail(data: str) -> None:
    press = Press.unpack(data)

    assert press is None or press.pack() == data


def test_lines_leave_out_what_is_not_said() -> None:
    assert lines("a", None, "", "b") == "a\nb"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("base nov.txt", "base nov.txt"),
        ("a\nb\r\n\tc  d", "a b c d"),
        ("x" * 65, "x" * 63 + "…"),
        ("x" * 64, "x" * 64),
        ("invoice\u202etxt.exe", "invoicetxt.exe"),
        ("a\0b\x1bc", "abc"),
        (" \u2067 ", ""),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_a_foreign_string_stays_on_one_line_and_turns_nothing(text: str, seen: str) -> None:
    assert short(text) == seen


@given(st.text(max_size=300), st.integers(1, 80))
def test_a_foreign_string_is_never_longer_than_it_may_be(text: str, most: int) -> None:
    assert len(short(text, most)) <= most
    assert "\n" not in short(text, most)


def test_two_buttons_share_a_row_and_one_that_would_be_cut_there_has_its_own() -> None:
    short_one, long_one = Button("x" * PAIR_CHARACTERS), Button("x" * (PAIR_CHARACTERS + 1))
    assert in_pairs() == ()
    assert in_pairs(short_one, short_one, short_one) == ((short_one, short_one), (short_one,))
    assert in_pairs(short_one, long_one, short_one, short_one) == ((short_one,), (long_one,), (short_one, short_one))
    assert in_pairs(long_one, long_one) == ((long_one,), (long_one,))
