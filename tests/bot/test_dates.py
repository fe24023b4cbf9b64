from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import Period, period_named

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "said",
    [
        *("3.11", "03.11", "3.11.", "3.11.26", "03.11.2026", "2026-11-03", "2026-11-3"),
        *("3 Nov", "3 nov.", "3 November 2026", "Nov 3", "November 3, 2026", "NOV 3 2026"),
        *("3 ноября", "3 нояб.", "3 ноября 2026 г.", " 3  Ноября  2026 "),
    ],
)
def test_a_day_is_known_however_people_write_it(said: str) -> None:
    found = period_named(said, NOW)

    assert found == Period(date(2026, 11, 3), date(2026, 11, 4))
    assert found.is_day


@pytest.mark.parametrize(
    ("said", "first", "after"),
    [
        ("ноябрь", date(2026, 11, 1), date(2026, 12, 1)),
        ("November", date(2026, 11, 1), date(2026, 12, 1)),
        ("2026-11", date(2026, 11, 1), date(2026, 12, 1)),
        ("11.2026", date(2026, 11, 1), date(2026, 12, 1)),
        ("в ноябре", None, None),
        ("май", date(2026, 5, 1), date(2026, 6, 1)),
        ("мая", date(2026, 5, 1), date(2026, 6, 1)),
        ("декабрь", date(2025, 12, 1), date(2026, 1, 1)),
        ("December 2024", date(2024, 12, 1), date(2025, 1, 1)),
    ],
)
def test_a_month_is_known_in_both_languages(said: str, first: date | None, after: date | None) -> None:
    found = period_named(said, NOW)

    assert (found and found.first, found and found.after) == (first, after)
    assert found is None or not found.is_day


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("24.11", date(2025, 11, 24)),
        ("23.11", date(2026, 11, 23)),
        ("29.02", date(2024, 2, 29)),
        ("today", date(2026, 11, 23)),
        ("вчера", date(2026, 11, 22)),
    ],
)
def test_without_a_year_it_is_the_latest_day_that_is_not_to_come(said: str, first: date) -> None:
    found = period_named(said, NOW)

    assert found is not None
    assert found.first == first


@pytest.mark.parametrize("said", ["", "base", "32.13", "31.02", "ма", "0.0", "2026-13", "3", "november rain", "3/11"])
def test_what_is_no_day_is_none(said: str) -> None:
    assert period_named(said, NOW) is None


def test_a_day_has_its_first_moment_and_the_first_after_it() -> None:
    found = period_named("1970-01-02", NOW)
    assert found is None  # the bot is younger than that

    found = period_named("2026-11-03", NOW)
    assert found is not None
    assert (found.ends - found.begins, found.begins % 86_400) == (86_400.0, 0.0)


@given(text=st.text(max_size=40) | st.from_regex(r"\d{1,4}[.-]\d{1,3}([.-]\d{1,5})?"))
def test_whatever_is_written_is_read_without_an_error(text: str) -> None:
    found = period_named(text, NOW)

    assert found is None or found.begins < found.ends
