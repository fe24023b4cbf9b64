"""Thousands of result files of any shape: every number that was sent has one verdict, and no doubt is shown as no."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cells import Verdict, verdict_in
from bot.results import ResultNotUnderstood, Verdicts, read_result
from tests.bot.hostile import examples

SENT = ("+79123456789", "+79051234567", "+12025550143")
YES = ("yes", "Yes ", "TRUE", "1", "activated", "Active", "registered")
NO = ("no", "NO", "false", "0", "not_activated", "not activated", "inactive", "unregistered")
UNCLEAR = ("", "unknown", "error", "n/a", "maybe", "2", "-1", "да", "yes and no", "=1", "null", "yes!")
WORDS = st.sampled_from((*YES, *NO, *UNCLEAR)) | st.text(max_size=6)
FORMS = (
    str,
    lambda one: one.removeprefix("+"),
    lambda one: f"{one[1:]}.0",
    lambda one: f"00{one[1:]}",
    lambda one: f" {one}\t",
)
NUMBERS = st.builds(lambda number, form: form(number), st.sampled_from(SENT), st.sampled_from(FORMS))
FOREIGN = st.sampled_from(("+79990000000", "123", "", "number", "+7912345678", "7912345678901234"))
ROWS = st.lists(st.tuples(NUMBERS | FOREIGN, WORDS), max_size=5)
HEADS = st.sampled_from(
    (("Number", "telegram"), ("number", "activated"), ("telegram", "Number"), ("phone", "x"), ("a", "b"), ())
)
BREAKS = st.sampled_from((",", ";", "\t"))


def outcome(data: bytes, sent: tuple[str, ...] = SENT) -> Verdicts | None:
    """Read a result; None where it is none."""
    try:
        return read_result(io.BytesIO(data), sent)
    except ResultNotUnderstood:
        return None


def table(head: tuple[str, ...], rows: list[tuple[str, ...]], between: str) -> bytes:
    return "\n".join(between.join(row) for row in ([head, *rows] if head else rows)).encode()


@given(HEADS, ROWS, BREAKS)
@settings(max_examples=examples(2000))
def test_a_table_of_any_words_gives_each_number_one_verdict(
    head: tuple[str, ...], rows: list[tuple[str, str]], between: str
) -> None:
    turned = [row[::-1] for row in rows] if head and head[0] == "telegram" else rows
    found = outcome(table(head, list(turned), between))

    if found is not None:
        assert len(found.codes) == len(SENT)
        assert set(found.codes) <= set("ynu")
        assert found.yes + found.no + found.undetermined == len(SENT)


@given(st.lists(st.tuples(st.sampled_from(SENT), st.sampled_from((*YES, *NO, *UNCLEAR))), max_size=6))
@settings(max_examples=examples(2000))
def test_a_no_is_said_only_of_a_number_of_which_every_row_says_no(rows: list[tuple[str, str]]) -> None:
    found = outcome(table(("number", "telegram"), list(rows), ","))
    if found is None:
        return
    for place, number in enumerate(SENT):
        said = {word for sent, word in rows if sent == number}
        if found.of(place) is Verdict.NO:
            assert said
            assert said <= set(NO)
        if found.of(place) is Verdict.YES:
            assert said
            assert said <= set(YES)


@given(st.text(max_size=12) | st.integers() | st.floats() | st.booleans() | st.none())
@settings(max_examples=examples(3000))
def test_a_cell_is_a_no_only_by_a_word_that_is_known(cell: object) -> None:
    verdict = verdict_in(cell)

    assert verdict in set(Verdict)
    if verdict is Verdict.NO and isinstance(cell, str):
        assert not cell.isspace()
        assert cell.strip().casefold().endswith(("n", "no", "f", "false", "0", "active", "ivated", "registered"))


@given(st.binary(max_size=80))
@settings(max_examples=examples(2000))
def test_no_bytes_are_more_than_no_result(data: bytes) -> None:
    for form in (data, b"PK\x03\x04" + data, b"number,telegram\n" + data):
        found = outcome(form)
        assert found is None or len(found.codes) == len(SENT)
