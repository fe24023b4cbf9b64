"""The days and months of quotas, and what somebody reads who has reached one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quotas import NO_QUOTAS, Quota, Quotas, Reached, Scope, Span, Used, began, ends, quota_reached, quota_used
from bot.texts import load_texts

EN, RU = load_texts()["en"], load_texts()["ru"]
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC).timestamp()
TIMES = st.floats(0, 4e9)


def at(*when: int) -> float:
    return datetime(*when, tzinfo=UTC).timestamp()  # type: ignore[misc,arg-type]


def test_only_what_is_set_is_a_quota_and_months_are_looked_at_first() -> None:
    assert list(NO_QUOTAS) == []
    every = list(Quotas(1, 2, 3, 4, 5, 6))
    assert {(one.scope, one.span, one.numbers) for one in every} == {
        (Scope.PERSON, Span.DAY, 1),
        (Scope.PERSON, Span.MONTH, 2),
        (Scope.CHAT, Span.DAY, 3),
        (Scope.CHAT, Span.MONTH, 4),
        (Scope.ALL, Span.DAY, 5),
        (Scope.ALL, Span.MONTH, 6),
    }
    assert [one.span for one in every] == [Span.MONTH] * 3 + [Span.DAY] * 3


@pytest.mark.parametrize(
    ("span", "now", "begins", "over"),
    [
        (Span.DAY, at(2026, 11, 23, 12), at(2026, 11, 23), at(2026, 11, 24)),
        (Span.DAY, at(2026, 11, 23), at(2026, 11, 23), at(2026, 11, 24)),
        (Span.DAY, at(2024, 2, 28, 23, 59), at(2024, 2, 28), at(2024, 2, 29)),
        (Span.DAY, at(2026, 12, 31, 23), at(2026, 12, 31), at(2027, 1, 1)),
        (Span.MONTH, at(2026, 11, 23, 12), at(2026, 11, 1), at(2026, 12, 1)),
        (Span.MONTH, at(2026, 2, 1), at(2026, 2, 1), at(2026, 3, 1)),
        (Span.MONTH, at(2026, 12, 31, 23), at(2026, 12, 1), at(2027, 1, 1)),
        (Span.MONTH, at(2027, 1, 31), at(2027, 1, 1), at(2027, 2, 1)),
    ],
)
def test_days_and_months_are_those_of_utc(span: Span, now: float, begins: float, over: float) -> None:
    assert (began(span, now), ends(span, now)) == (begins, over)


@given(now=TIMES, span=st.sampled_from(Span))
def test_every_moment_is_in_the_one_day_and_the_one_month_that_it_is_counted_for(now: float, span: Span) -> None:
    assert began(span, now) <= now < ends(span, now)
    assert began(span, ends(span, now)) == ends(span, now)
    assert ends(span, began(span, now)) == ends(span, now)


def test_who_reaches_a_quota_reads_what_is_left_and_when_it_frees() -> None:
    reached = Reached(Quota(Scope.PERSON, Span.DAY, 10_000), Used(8_500, 0), 4_912, MIDNIGHT)
    assert quota_reached(reached, EN) == (
        "Limit per person: 10,000 numbers a day, 1,500 left. This list has 4,912. "
        "There is room again on Nov 24, 2026 at 00:00 UTC."
    )
    assert quota_reached(reached, RU) == (
        "Лимит на человека: 10\xa0000 номеров в день, осталось 1\xa0500. В этом списке 4\xa0912. "
        "Освободится 24 нояб. 2026\u202fг. в 00:00 UTC."
    )


def test_who_reaches_a_quota_because_of_the_queue_reads_that_cancelling_helps() -> None:
    reached = Reached(Quota(Scope.ALL, Span.MONTH, 100), Used(10, 80), 11, MIDNIGHT)
    assert quota_reached(reached, EN) == (
        "Limit in all: 100 numbers a month, 10 left, 80 held by the queue. This list has 11. "
        "A cancelled one frees at once, a checked one on Nov 24, 2026 at 00:00 UTC."
    )


def test_who_sends_a_list_that_is_larger_than_the_quota_is_told_to_split_it() -> None:
    reached = Reached(Quota(Scope.CHAT, Span.DAY, 100), Used(0, 0), 101, MIDNIGHT)
    assert quota_reached(reached, EN) == (
        "Limit per chat: 100 numbers a day. This list has 101, so it can never fit: split it."
    )


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("used", [Used(0, 0), Used(99_999_999, 0), Used(0, 99_999_999), Used(1, 10**9)])
@pytest.mark.parametrize("wanted", [9_999_999, 10**9])
def test_the_largest_numbers_fit_into_an_alert(texts: object, scope: Scope, used: Used, wanted: int) -> None:
    assert texts in (EN, RU)
    said = quota_reached(
        Reached(Quota(scope, Span.MONTH, 999_999_999), used, wanted, MIDNIGHT),
        EN if texts is EN else RU,
    )
    assert len(said.encode("utf-16-le")) // 2 <= 200
    assert "<" not in said


def test_what_is_used_is_said_with_what_waits_in_the_queue() -> None:
    quota = Quota(Scope.CHAT, Span.DAY, 10_000)
    assert quota_used(quota, Used(3_000, 0), EN) == "Today: 3,000 of 10,000"
    assert quota_used(quota, Used(3_000, 500), EN) == "Today: 3,500 of 10,000, 500 of them in the queue"
    assert quota_used(Quota(Scope.ALL, Span.MONTH, 5), Used(1, 0), RU) == "В этом месяце: 1 из 5"
