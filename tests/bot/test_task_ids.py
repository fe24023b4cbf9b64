import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.task_ids import FITS_SECONDS, Doubt, begun_at, doubt_of, is_possible, is_usual, short_name

XID = "cs9viu7i61pkfs4oavvg"
BEGAN = 1_729_362_296.0
"""2024-10-19T18:24:56Z, the ``created_at`` of that id in the API's published example."""


def test_an_id_begins_with_the_second_its_task_was_made_in() -> None:
    assert begun_at(XID) == BEGAN


@pytest.mark.parametrize("text", ["", XID.upper(), XID[:-1], XID + "0", "w" * 20, "task1", f"{XID}\n", "٣" * 20])
def test_an_id_of_another_kind_tells_no_time(text: str) -> None:
    assert begun_at(text) is None
    assert not is_usual(text)


@pytest.mark.parametrize(
    ("task_id", "submitted_at", "doubt"),
    [
        (XID, BEGAN, None),
        (XID, BEGAN + FITS_SECONDS, None),
        (XID, BEGAN - FITS_SECONDS, None),
        (XID, BEGAN + FITS_SECONDS + 1, Doubt.OTHER_TIME),
        (XID, BEGAN - FITS_SECONDS - 1, Doubt.OTHER_TIME),
        ("task1", BEGAN, Doubt.UNUSUAL),
    ],
)
def test_an_id_is_doubted_where_its_time_or_its_shape_does_not_fit(
    task_id: str, submitted_at: float, doubt: Doubt | None
) -> None:
    assert doubt_of(task_id, submitted_at) is doubt


@pytest.mark.parametrize("text", ["", "two words", "a\nb", "x" * 65, "задача"])
def test_what_is_no_single_word_is_no_id(text: str) -> None:
    assert not is_possible(text)


@given(text=st.text(max_size=70))
def test_anything_can_be_looked_at(text: str) -> None:
    doubt = doubt_of(text, BEGAN)

    assert doubt in {None, *Doubt}
    assert len(short_name(text)) == 12
    assert is_possible(text) or not is_usual(text)
