import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import Answer, read_balance, read_task, retry_after_seconds, submit_outcome
from bot.outcomes import (
    Accepted,
    ApiUnavailable,
    BadKey,
    Cause,
    Money,
    NotCharged,
    Refused,
    Task,
    TaskStatus,
    TaskUnknown,
    Unknown,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ID = "cs9viu7i61pkfs4oavvg"
FIELDS = st.sampled_from(
    [
        "task_id",
        "status",
        "total",
        "success",
        "failure",
        "result_url",
        "message",
        "error",
        "actual_amount",
        "amount",
        "estimated_amount",
        "currency",
        "balance",
        "credit",
        "data",
        "code",
        "errors",
        "min_batch_size",
        "remaining",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.just(ID),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | FIELDS, inner),
)
BODIES = (
    st.binary()
    | st.dictionaries(FIELDS, JSON).map(lambda body: json.dumps(body).encode())
    | JSON.map(lambda body: json.dumps(body).encode())
)
STATUSES = st.integers(100, 599) | st.sampled_from([200, 202, 400, 500, 503])


def task_of(body: Any, status: int = 200) -> Task:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_task(Answer(status, data), ID)


# The object of a task.


def test_the_task_of_the_document_is_read() -> None:
    body = {
        "created_at": "2024-10-19T18:24:56.450567423Z",
        "updated_at": "2024-10-19T18:53:43.141760071Z",
        "task_id": ID,
        "user_id": "test",
        "status": "exported",
        "total": 20000,
        "success": 19990,
        "failure": 10,
        "result_url": "https://example-link-to-results.xlsx",
    }
    assert task_of(body) == Task(
        TaskStatus.EXPORTED, 20000, 19990, 10, "https://example-link-to-results.xlsx", None, None
    )


def test_a_failed_task_says_why() -> None:
    task = task_of({"task_id": ID, "status": "failed", "message": "file\nbroken near +79991234567"})
    assert (task.status, task.message) == (TaskStatus.FAILED, "file broken near [number]")


def test_a_failed_task_may_say_why_in_another_field() -> None:
    assert task_of({"task_id": ID, "status": "failed", "error": "broken file"}).message == "broken file"


@pytest.mark.parametrize("body", [{"status": "archiving"}, {"task_id": ID}, {"task_id": ID, "status": "archiving"}])
def test_an_unknown_status_or_none_is_processing(body: Any) -> None:
    assert task_of(body) == Task(TaskStatus.PROCESSING)


def test_what_was_paid_counts_before_what_was_estimated() -> None:
    amounts = {"estimated_amount": {"amount": "3", "currency": "USD"}, "actual_amount": {"amount": "2.5"}}
    assert task_of({"task_id": ID, "status": "exported"} | amounts).amount == Money(Decimal("2.5"), "USD")


def test_wrong_types_count_as_absent() -> None:
    body = {"task_id": ID, "status": 7, "total": "20", "success": None, "failure": -3, "result_url": {}, "message": []}
    assert task_of(body | {"new": {"field": 1}}) == Task(TaskStatus.PROCESSING, 20)


def test_a_task_without_its_id_is_believed() -> None:
    assert task_of({"status": "pending"}) == Task(TaskStatus.PENDING)


def test_the_answer_for_another_task_is_never_taken() -> None:
    with pytest.raises(ApiUnavailable, match="another task"):
        task_of({"task_id": "cs9viu7i61pkfs4oavv0", "status": "exported", "result_url": "https://a.example/x"})


@pytest.mark.parametrize(
    "body", [b"", b"OK", b"<html>", b"[]", b"null", b"{}", b'{"error": "later"}', b'{"status": 5}']
)
def test_a_200_that_is_no_task_moves_the_clock(body: bytes) -> None:
    with pytest.raises(ApiUnavailable):
        task_of(body)


# Unknown tasks.


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b""),
        (404, b"not found"),
        (404, b'{"error": "anything"}'),
        (410, b'{"error": "gone"}'),
        (400, b'{"error": "task_not_found"}'),
        (400, b'{"error": "unknown task"}'),
        (400, b'{"message": "Task cs9viu7i61pkfs4oavvg does not exist"}'),
        (400, b'{"message": "invalid task_id"}'),
        (400, b'{"error": "no such task"}'),
        (400, b'{"error": "Task ID not found or expired"}'),
        (200, b'{"error": "task not found"}'),
        (200, b'{"status": "error", "message": "task not found"}'),
        (200, b'{"status": 404, "message": "task not found"}'),
    ],
)
def test_a_task_that_the_api_does_not_know_is_told_apart(status: int, body: bytes) -> None:
    with pytest.raises(TaskUnknown):
        task_of(body, status)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b"<html><title>404 Not Found</title></html>"),
        (404, b'{"message": "no Route matched with those values"}'),
        (404, b'{"error": "no such route"}'),
        (400, b'{"error": "invalid task_type"}'),
        (400, b'{"error": "bad request"}'),
        (400, b""),
        (400, b"<html><title>task not found</title></html>"),
    ],
)
def test_a_400_or_404_that_is_not_about_the_task_moves_the_clock(status: int, body: bytes) -> None:
    with pytest.raises(ApiUnavailable):
        task_of(body, status)


# Retry-After.


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30.0),
        (" 0 ", 0.0),
        ("1.5", 1.5),
        ("99999999", 3600.0),
        ("Mon, 23 Nov 2026 12:00:45 GMT", 45.0),
        ("Monday, 23-Nov-26 12:00:45 GMT", 45.0),
        ("Mon, 23 Nov 2026 14:00:45 +0200", 45.0),
        ("Mon, 23 Nov 2026 12:00:45 -0000", 45.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("inf", None),
        ("Mon, 99 Nov 2026 12:00:45 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, NOW) == seconds


@given(st.text())
def test_no_retry_after_makes_it_fail(value: str) -> None:
    seconds = retry_after_seconds(value, NOW)
    assert seconds is None or 0 <= seconds <= 3600


# Anything at all.


@given(status=STATUSES, body=BODIES)
@pytest.mark.parametrize("whole", [True, False])
def test_no_answer_to_a_submit_makes_it_fail(*, whole: bool, status: int, body: bytes) -> None:
    outcome = submit_outcome(Answer(status, body, whole))
    match outcome:
        case Accepted():
            assert 200 <= status < 300
        case Refused():
            assert 400 <= status < 500
        case NotCharged(cause=cause):
            assert status >= 300
            assert (cause is Cause.REDIRECTED) == (status < 400)
            assert status != 502
            assert status != 504
        case Unknown(evidence=evidence):
            assert not 300 <= status < 500
            evidence.encode()


@given(STATUSES, BODIES)
def test_no_answer_about_a_task_makes_it_fail(status: int, body: bytes) -> None:
    try:
        task = read_task(Answer(status, body), ID)
    except (ApiUnavailable, BadKey, TaskUnknown) as error:
        str(error).encode()
    else:
        assert status == 200
        assert min(task.total, task.success, task.failure) >= 0
        ((task.message or "") + (task.result_url or "")).encode()


@given(STATUSES, BODIES)
def test_no_answer_about_the_balance_makes_it_fail(status: int, body: bytes) -> None:
    try:
        balance = read_balance(Answer(status, body))
    except (ApiUnavailable, BadKey):
        assert status != 200
    else:
        assert balance is None or balance.is_finite()
