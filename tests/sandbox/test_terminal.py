import io

import pytest

from sandbox.terminal import Bubble, Terminal, display_width, marked_lines, wrapped


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(bubble: Bubble, **options: bool | int) -> str:
    out = io.StringIO()
    Terminal(out, **options).show(bubble, 1)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("🇷🇺", 2), ("📄", 2), ("９", 2), ("▓░", 2), ("й", 1), ("\u202a", 0)]
)
def test_a_text_takes_so_many_columns(text: str, columns: int) -> None:
    assert display_width(text) == columns


def test_entities_are_counted_in_utf_16_units() -> None:
    lines = marked_lines("🇷🇺 12\nabc", [{"type": "bold", "offset": 5, "length": 2}])

    assert lines == [[("🇷🇺 ", frozenset()), ("12", frozenset({"bold"}))], [("abc", frozenset())]]


def test_a_mark_over_several_lines_is_on_each() -> None:
    lines = marked_lines("a\nb\nc", [{"type": "blockquote", "offset": 0, "length": 3}])

    assert [marks for line in lines for _, marks in line] == [{"blockquote"}, {"blockquote"}, frozenset()]


def test_what_a_person_sent_does_not_steer_the_terminal() -> None:
    assert marked_lines("a\x1b[2Jb\r", []) == [[("a[2Jb", frozenset())]]


def test_lines_are_broken_at_blanks_and_words_without_any_are_cut() -> None:
    rows = wrapped([("one two ", frozenset()), ("threefourfive", frozenset({"bold"}))], 8)

    assert ["".join(text for text, _ in row) for row in rows] == ["one two ", "threefou", "rfive"]


def test_a_wide_character_is_not_cut_in_half() -> None:
    assert [row[0][0] for row in wrapped([("９９９", frozenset())], 3)] == ["９", "９", "９"]


def test_an_empty_line_stays_one_line() -> None:
    assert wrapped([], 10) == [[]]


def test_a_bubble_has_a_speaker_a_quote_and_rows_of_buttons() -> None:
    lines = marked_lines("Hello\nquoted", [{"type": "expandable_blockquote", "offset": 6, "length": 6}])

    assert printed(Bubble("Bot", lines, [["Check 312 numbers"], ["Yes", "No"]], "edited")) == (
        "\nBot · edited\n▌ Hello\n▌ │ quoted\n  [ Check 312 numbers ]\n  [ Yes ] [ No ]\n"
    )


def test_what_people_say_stands_on_the_right() -> None:
    assert printed(Bubble("Anna", marked_lines("/start", []), right=True), width=40) == (
        f"\n{' ' * 20}Anna\n{' ' * 20}▌ /start\n"
    )


def test_no_line_is_wider_than_the_terminal() -> None:
    text = "A sentence with words of many lengths, 🇷🇺 4,850 and ９９９. " * 5
    bubble = Bubble("Bot", marked_lines(text, []), [["A rather long label"] * 4], right=True)

    assert max(display_width(line) for line in printed(bubble, width=60).splitlines()) <= 60


def test_a_label_is_not_broken() -> None:
    shown = printed(Bubble("Bot", [], [["Check 312 numbers", "Another long label"]]), width=40)

    assert "  [ Check 312 numbers ]\n  [ Another long label ]\n" in shown


def test_marks_become_codes_where_they_are_shown_and_vanish_elsewhere() -> None:
    bubble = Bubble("Bot", marked_lines("12", [{"type": "bold", "offset": 0, "length": 2}]))

    assert "\x1b[1m12\x1b[0m" in printed(bubble, styled=True)
    assert "\x1b" not in printed(bubble)


def test_a_message_is_drawn_again_in_its_place() -> None:
    out = io.StringIO()
    terminal = Terminal(out, redraws=True)
    for text in ("one", "two\nlines", "three"):
        terminal.show(Bubble("Bot", marked_lines(text, [])), 1)

    assert out.getvalue() == ("\nBot\n▌ one\n\x1b[2A\x1b[JBot\n▌ two\n▌ lines\n\x1b[3A\x1b[JBot\n▌ three\n")


def test_a_message_is_not_drawn_over_what_came_after_it() -> None:
    out = io.StringIO()
    terminal = Terminal(out, redraws=True)
    terminal.show(Bubble("Bot", marked_lines("one", [])), 1)
    terminal.narrate("Anna presses")
    terminal.show(Bubble("Bot", marked_lines("two", [])), 1)

    assert "\x1b" not in out.getvalue()


def test_a_table_has_its_columns_under_each_other_and_fits() -> None:
    out = io.StringIO()
    Terminal(out, 40).table([("Number", "Sent"), ("+1", "a text that is far too long for such a line")])

    assert out.getvalue() == "  Number  Sent\n  +1      a text that is far too long\n"


def test_a_file_gets_no_codes() -> None:
    terminal = Terminal.on(io.StringIO(), {"TERM": "xterm"})

    assert (terminal.styled, terminal.redraws, terminal.width) == (False, False, 80)


@pytest.mark.parametrize(
    ("environment", "styled", "redraws"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, False, False),
        ({}, False, False),
    ],
)
def test_a_terminal_says_what_it_can(environment: dict[str, str], *, styled: bool, redraws: bool) -> None:
    terminal = Terminal.on(Screen(), environment)

    assert (terminal.styled, terminal.redraws) == (styled, redraws)
    assert 40 <= terminal.width <= 80
