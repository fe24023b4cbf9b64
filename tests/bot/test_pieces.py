import pytest

from bot.pieces import Piece, digits_of, looks_like_list, read_line


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
