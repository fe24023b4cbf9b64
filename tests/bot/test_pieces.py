import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import pieces
from bot.pieces import Piece, digits_of, looks_like_list, only_piece, read_line


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("+79123456789", Piece("+79123456789", "79123456789", plus=True, marked=True)),
        ("0079123456789", Piece("0079123456789", "79123456789", plus=True, marked=True)),
        ("79123456789", Piece("79123456789", "79123456789")),
        ("7 912 345 67 89", Piece("7 912 345 67 89", "79123456789", code="7", grouped=True)),
        ("8 (495) 123-45-67", Piece("8 (495) 123-45-67", "84951234567", marked=True, code="8", grouped=True)),
        ("(495) 123-45-67", Piece("(495) 123-45-67", "4951234567", marked=True, code="", grouped=True)),
        ("0171 1234567", Piece("0171 1234567", "01711234567", marked=True)),
        ("4.41E+11", Piece("4.41E+11", "441", damaged=True)),
        ("####", Piece("####", "", damaged=True)),
    ],
)
def test_a_piece_keeps_how_it_was_written(text: str, piece: Piece) -> None:
    line = read_line(text)
    assert line.pieces == (piece,)
    # The same among words, where the quick way for a line of one number is not taken.
    assert read_line(f"Анна: {text} !").pieces == (piece,)


@pytest.mark.parametrize(("text", "plain"), [("+7912, 89; (1)", True), ("+79123456789 Ann", False), ("тел 1", False)])
def test_a_line_without_words_is_plain(text: str, plain: bool) -> None:  # noqa: FBT001 - a column of the table
    assert read_line(text).plain is plain


@pytest.mark.parametrize("text", ["", " ", "\t", ";;;", ',"",""', "\u200b", "\u00a0"])
def test_separators_alone_are_a_blank_line(text: str) -> None:
    assert read_line(text).blank


@pytest.mark.parametrize("text", ["1e5", "4E2", "12e40"])
def test_an_exponent_that_gives_no_phone_is_nothing(text: str) -> None:
    assert read_line(text).pieces == ()


def test_digits_of_any_script() -> None:
    assert digits_of("８ (４９５) ١٢٣-४५\u200b-67 ext") == "84951234567"


@pytest.mark.parametrize(
    ("text", "could"),
    [
        ("+79123456789", True),
        ("1 2 3 4 5", True),
        ("٧٩١٢٣", True),
        ("７９１２３", True),
        ("4.41E+11", True),
        ("4,4E+11 пожалуйста", True),
        ("", False),
        ("thanks", False),
        ("at 10:30", False),
        ("E+", False),
        ("\u2460\u2461\u2462\u2463\u2464", False),
    ],
)
def test_a_message_that_could_hold_a_number(text: str, could: bool) -> None:  # noqa: FBT001 - a column of the table
    assert looks_like_list(text) is could


GROUP = st.text("0123456789", min_size=1, max_size=6) | st.sampled_from(
    ("00", "20", "1990", "12", "05", "345", "7", "+7")
)
SIGN = st.sampled_from((" ", "-", ".", "/", "(", ")", " (", ") ", " - ", ". ", " / ", "  ", "   ", "", "+", "-("))
SIGNED = st.lists(st.tuples(SIGN, GROUP), max_size=7).map(lambda parts: "".join(map("".join, parts)))


@given(SIGNED, SIGN)
@settings(max_examples=2000)
@example("12-05-2024", "")
@example("+7 12-05-2024 12", "")
@example("1999/05/12", "")
@example("12.05.2024. 9123456789", "")
@example("79123456789.00", "")
@example("79123456789.12", "")
@example("0 0912 345678", "")
@example("8 00912345678", "")
@example("1 250 000.00", "")
@example("12) 9123456789", "")
def test_a_line_is_read_as_its_shape_says_or_not_by_its_shape(before: str, after: str) -> None:
    sent = before + after
    piece = only_piece(sent)
    slowly = pieces._read_line(sent)
    if piece is not None:
        assert slowly.plain
        assert slowly.pieces == (piece,)
    assert read_line(sent) == slowly


def test_shapes_are_forgotten_before_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "_MOST_SHAPES", 3)
    monkeypatch.setattr(pieces, "_SHAPES", {})
    for groups in range(1, 12):
        assert only_piece("+49 1" + " 23" * groups) == read_line("+49 1" + " 23" * groups).pieces[0]
        assert len(pieces._SHAPES) <= 3
    assert only_piece("Ann +49 171 1234567") is None
    assert len(pieces._SHAPES) <= 3
