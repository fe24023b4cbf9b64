from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.json_fields import (
    NO_JSON,
    balance_in,
    count_in,
    decimal_in,
    decoded,
    money_in,
    task_id_in,
    task_status_in,
    web_address_in,
)
from bot.outcomes import Money, TaskStatus

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b"9" * 5000, b"<html>", b"OK"])
def test_what_is_no_json_is_told_apart(body: bytes) -> None:
    assert decoded(body) is NO_JSON


def test_null_is_json() -> None:
    assert decoded(b"null") is None


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (20, 20),
        ("20", 20),
        (" 20 ", 20),
        (20.0, 20),
        (None, 0),
        (-1, 0),
        ("x", 0),
        (True, 0),
        ([], 0),
        (10**30, 0),
        (float("nan"), 0),
        (float("inf"), 0),
        ("Infinity", 0),
        ("9" * 99, 0),
    ],
)
def test_a_count_of_any_type_is_read_or_is_0(value: Any, count: int) -> None:
    assert count_in(value) == count


def test_a_whole_number_too_long_to_be_written_is_no_count() -> None:
    assert count_in(10**4999) == 0


@pytest.mark.parametrize(
    ("value", "number"),
    [("0.15", "0.15"), (20.08, "20.08"), (0, "0"), ("1E+5", "1E+5"), ("0E+999999", "0"), ("1E-999999", "0")],
)
def test_an_amount_keeps_its_digits_and_stays_short(value: Any, number: str) -> None:
    read = decimal_in(value)
    assert read == Decimal(number)
    assert len(f"{read:f}") < 40


@pytest.mark.parametrize(
    ("value", "money"),
    [
        ({"amount": "0.15", "currency": "USD"}, Money(Decimal("0.15"), "USD")),
        ({"amount": 3, "currency": "EUR"}, Money(Decimal(3), "EUR")),
        ({"amount": "3"}, Money(Decimal(3), "USD")),
        ({"amount": "3", "currency": 7}, Money(Decimal(3), "USD")),
        (0.15, Money(Decimal("0.15"), "USD")),
        ({"amount": -1}, None),
        ({"amount": None}, None),
        ({}, None),
        (None, None),
        ("free", None),
    ],
)
def test_an_amount_of_money_is_read_with_or_without_its_currency(value: Any, money: Money | None) -> None:
    assert money_in(value) == money


@pytest.mark.parametrize(
    ("value", "task_id"),
    [
        ("cs9viu7i61pkfs4oavvg", "cs9viu7i61pkfs4oavvg"),
        (" a ", "a"),
        (12, "12"),
        ("", None),
        (None, None),
        (True, None),
        ("a\nb", None),
        ("a" * 201, None),
        (["a"], None),
        ("\ud800", None),
        ("  ", None),
    ],
)
def test_a_task_id_is_a_short_visible_text(value: Any, task_id: str | None) -> None:
    assert task_id_in({"task_id": value}) == task_id


@pytest.mark.parametrize("value", ["exporting", "", None, 7, [], "COMPLETED"])
def test_an_unknown_status_is_processing(value: Any) -> None:
    assert task_status_in(value) is TaskStatus.PROCESSING


@pytest.mark.parametrize("value", ["exported", "Exported", " EXPORTED "])
def test_a_known_status_is_known_in_any_case(value: str) -> None:
    assert task_status_in(value) is TaskStatus.EXPORTED


@pytest.mark.parametrize("value", ["https://a.example/x.xlsx?sig=%2B", "http://127.0.0.1:1/x", "https://[::1]/x"])
def test_an_http_address_is_taken(value: str) -> None:
    assert web_address_in(f" {value} ") == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "ftp://a.example/x",
        "file:///etc/passwd",
        "//a.example/x",
        "https://",
        "x.xlsx",
        None,
        7,
        {},
        "https://[x/",
        "https://a.example/" + "x" * 9000,
        "https://a.exa\nmple/",
        "javascript:alert(1)",
        "https://a.example/\ud800",
    ],
)
def test_what_is_no_http_address_is_none(value: Any) -> None:
    assert web_address_in(value) is None


@given(ANYTHING)
def test_no_value_makes_a_reader_fail(value: Any) -> None:
    assert count_in(value) >= 0
    assert task_status_in(value) in TaskStatus
    for read in (decimal_in, money_in, balance_in, web_address_in):
        read(value)
    task_id_in({"task_id": value})
