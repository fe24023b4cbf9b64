from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from bot.outcomes import Accepted, ApiUnavailable, Money, Task, TaskStatus, Unknown


def test_evidence_and_links_do_not_show_by_accident() -> None:
    assert "+79991234567" not in repr(Unknown("HTTP 200, but the answer is not JSON", "+79991234567"))
    assert "signature" not in repr(Task(TaskStatus.EXPORTED, result_url="https://files.example/r?signature=x"))


def test_what_happened_cannot_be_changed_afterwards() -> None:
    with pytest.raises(FrozenInstanceError):
        Accepted("a", amount=Money(Decimal(1), "USD")).task_id = "b"  # type: ignore[misc]


def test_an_error_carries_when_to_ask_again() -> None:
    error = ApiUnavailable("HTTP 429: slow down", 17.0)
    assert (str(error), error.detail, error.retry_after) == ("HTTP 429: slow down", "HTTP 429: slow down", 17.0)
