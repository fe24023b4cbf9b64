"""A snapshot and what the API has found make one result; nothing of either is lost or mixed up."""

from array import array
from datetime import date
from itertools import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.known import (
    DAY,
    Known,
    asked,
    changed,
    changes,
    checked_dates,
    dated,
    days_known,
    found_now,
    merge,
    new_numbers,
    nothing_known,
    same_answers,
    without_places,
)
from bot.numbers import pack, read_numbers

TODAY = 20_780
SNAPSHOTS = st.lists(st.tuples(st.sampled_from("ynu-"), st.integers(1, 65_535)), max_size=40).map(
    lambda pairs: Known(
        "".join(code for code, _ in pairs), array(DAY, (0 if code == "-" else day for code, day in pairs))
    )
)


@given(SNAPSHOTS)
def test_what_is_packed_is_unpacked(known: Known) -> None:
    assert Known.unpack(*known.pack()) == known


@given(known=SNAPSHOTS, only_new=st.booleans(), data=st.data())
def test_a_result_has_each_number_once_from_where_it_was_asked(
    *, known: Known, only_new: bool, data: st.DataObject
) -> None:
    sent = asked(known, only_new=only_new)
    found = "".join(data.draw(st.lists(st.sampled_from("ynu"), min_size=sum(sent), max_size=sum(sent))))
    whole = merge(known, found, TODAY, only_new=only_new)

    assert len(whole.codes) == len(known.codes)
    assert "".join(compress(whole.codes, sent)) == found
    for was_sent, code, day, before, at in zip(sent, whole.codes, whole.days, known.codes, known.days, strict=True):
        assert (code, day) == (code, TODAY) if was_sent else (before, at)
        assert was_sent or code in "yn"
    assert sum(sent) == (len(known.codes) - known.count if only_new else len(known.codes))
    assert found_now(known, whole.codes, only_new=only_new) == found
    assert dated(known, whole.codes, TODAY, only_new=only_new) == whole


def test_an_undetermined_number_is_new() -> None:
    known = Known("ynu-", array(DAY, [1, 2, 3, 0]))
    packed = pack(read_numbers("+79123000001\n+79123000002\n+79123000003\n+79123000004"))
    assert known.count == 2
    assert new_numbers(packed.numbers, known) == b"+79123000003\n+79123000004\n"
    assert merge(known, "nu", TODAY, only_new=True) == Known("ynnu", array(DAY, [1, 2, TODAY, TODAY]))


def test_a_verdict_too_few_or_too_many_is_no_result() -> None:
    known = Known("y--", array(DAY, [1, 0, 0]))
    for found in ("y", "yyy"):
        with pytest.raises(ValueError, match="not one verdict"):
            merge(known, found, TODAY, only_new=True)


def test_only_clear_answers_that_became_the_other_have_changed() -> None:
    assert changes("nnnyyyuu--", "ynuynuynyn") == (1, 1)
    assert list(changed("nny", "yny", old="n", new="y")) == [True, False, False]


def test_snapshots_say_the_same_where_they_know_the_same() -> None:
    one, later = Known("yu-", array(DAY, [1, 2, 0])), Known("y--", array(DAY, [9, 0, 0]))
    assert same_answers(one, later)
    assert same_answers(None, Known("u-", array(DAY, [1, 0])))
    assert not same_answers(one, Known("n--", array(DAY, [1, 0, 0])))
    assert not same_answers(None, one)


def test_a_number_that_is_taken_out_takes_its_place_along() -> None:
    known = Known("yn-", array(DAY, [1, 2, 0]))
    assert without_places(known, [True, False, True]) == Known("y-", array(DAY, [1, 0]))


def test_days_have_names_and_count_for_a_month_at_most() -> None:
    assert list(checked_dates(merge(nothing_known(1), "y", TODAY, only_new=True))) == [date(2026, 11, 23)]
    assert [days_known(days) for days in (7, 30, 365)] == [7, 30, 30]
