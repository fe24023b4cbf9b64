import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.list_minimum import MOST_ROWS, ListMinimum, find_list_minimum

TOO_SMALL = [
    ("only 12 compliant numbers remain for ws, which is less than the minimum 500", 500, 12),
    ("Only 1,200 compliant numbers remain for ws, which is less than the minimum 5,000", 5000, 1200),
    ("only 0 compliant numbers remain for tg, which is less than the minimum 1000", 1000, 0),
    ("invalid_batch_size", None, None),
    ("Invalid batch size", None, None),
    ("invalid_batch_size: minimum is 500", 500, None),
    ("invalid_batch_size: 12 < 500", 500, 12),
    ("batch size 12 is below the minimum of 500", 500, 12),
    ("The minimum batch size is 500, got 12", 500, 12),
    ("Minimum 500 numbers required", 500, None),
    ("Batch size must be between 500 and 10000000", 500, None),
    ("must contain at least 500 numbers (you provided 12)", 500, 12),
    ("500 is the minimum batch size, 12 given", 500, 12),
    ("min_batch_size=500", 500, None),
    ("list too small: at least 1000 rows", 1000, None),
    ("too few numbers", None, None),
    ("not enough numbers", None, None),
    ("The number of phone numbers cannot be less than 500", 500, None),
    ("The list must not be smaller than 500 numbers", 500, None),
    ("this task type requires 500 numbers", 500, None),
    ("BATCH_TOO_SMALL", None, None),
    ("fewer than 500 valid numbers after removing duplicates: 499 left", 500, 499),
    ("expected >= 500 numbers, received 3", 500, 3),
]
SOMETHING_ELSE = [
    "",
    "invalid file",
    "task_type is not supported",
    "invalid_batch_size: exceeds the maximum of 10000000",
    "batch size too large",
    "file must be less than 500 MB",
    "the list must have fewer than 10000000 numbers",
    "line 7: a number has at least 7 digits",
    "each number must be at least 8 characters long",
    "minimum balance is 5 USD",
    "the file has to have at least 1 number",
    "api version below 2 is gone",
    "file must be at least 10 bytes",
    "at least 2 columns are missing",
    "minutes 500",
    "field file is required",
]


@pytest.mark.parametrize(("text", "minimum", "remaining"), TOO_SMALL)
def test_a_minimum_is_read_from_many_wordings(text: str, minimum: int | None, remaining: int | None) -> None:
    assert find_list_minimum([text]) == ListMinimum(minimum, remaining)


@pytest.mark.parametrize("text", SOMETHING_ELSE)
def test_another_complaint_is_not_taken_for_a_small_list(text: str) -> None:
    assert find_list_minimum([text]) is None


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"error": "invalid_batch_size", "min_batch_size": 500}, ListMinimum(500, None)),
        ({"error": "x", "minimum": "500", "count": 12}, ListMinimum(500, 12)),
        ({"error": {"code": "x", "details": [{"min": 500, "max": 10_000_000, "actual": 12}]}}, ListMinimum(500, 12)),
        ({"required_minimum": 1000, "remaining": 0}, ListMinimum(1000, 0)),
        ({"minimum": 500, "count": 700, "valid": 12}, ListMinimum(500, 12)),
        ({"minimum": None, "count": 12}, None),
        ({"minimum": 500, "count": 700}, None),
        ({"minimum": True}, None),
        ({"minimum": -5}, None),
        ({"minimum": 1}, None),
        ({"min_length": 7}, None),
        ({"minute": 500}, None),
    ],
)
def test_a_minimum_is_read_from_fields(body: object, found: ListMinimum | None) -> None:
    assert find_list_minimum([], body) == found


def test_what_remained_counts_and_not_what_was_sent() -> None:
    text = "only 12 compliant numbers remain for tg, which is less than the minimum 500"
    body = {"error": "invalid_batch_size", "message": text, "count": 700}
    assert find_list_minimum(["invalid_batch_size", text], body) == ListMinimum(500, 12)
    assert find_list_minimum(["invalid_batch_size"], {"minimum": 500, "count": 700}) == ListMinimum(500, None)


@given(
    st.lists(st.text()),
    st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)),
)
def test_nothing_that_an_api_says_makes_it_fail(texts: list[str], body: object) -> None:
    found = find_list_minimum(texts, body)
    assert found is None or found.minimum is None or 1 < found.minimum <= MOST_ROWS


def test_a_very_long_text_takes_no_time() -> None:
    assert find_list_minimum(["minimum " * 100_000 + "less than " * 100_000]) is None
