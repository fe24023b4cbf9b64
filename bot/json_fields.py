"""Values in the checking API's JSON, each taken only if it is what it should be. Pure, and nothing here raises."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import urlsplit

from bot.complaints import clean_line
from bot.outcomes import Money, TaskStatus

LONGEST_TASK_ID: Final = 200
LONGEST_URL: Final = 8192
LONGEST_NUMBER: Final = 40  # characters; far longer than any amount
LONGEST_CURRENCY: Final = 8
LARGEST_COUNT: Final = 10**9  # the API takes 10,000,000 rows; anything far beyond is no count
LARGEST_AMOUNT: Final = Decimal(10) ** 12
FINEST_AMOUNT: Final = 12  # digits after the point
DEEPEST_BALANCE: Final = 3  # {"data": {"balance": {"amount": "20.08"}}}
CURRENCY: Final = "USD"  # of an amount that names none; the API's own prices are in it

NO_JSON: Final = object()


def decoded(body: bytes) -> object:
    """Decode JSON; `NO_JSON` where it is none, or is nested deeper than anything honest."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return NO_JSON


def task_id_in(body: Mapping[str, object]) -> str | None:
    """Give the task's id, also where it comes as a number."""
    value = body.get("task_id")
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip()
    return text if 0 < len(text) <= LONGEST_TASK_ID and text.isprintable() else None


def task_status_in(value: object) -> TaskStatus:
    """Read a task's status; whatever is not one of the known words means that the API is still at it."""
    try:
        return TaskStatus(value.strip().casefold() if isinstance(value, str) else "")
    except ValueError:
        return TaskStatus.PROCESSING


def count_in(value: object) -> int:
    """Read a count; 0 where it is none."""
    number = decimal_in(value)
    return int(number) if number is not None and 0 <= number <= LARGEST_COUNT else 0


def decimal_in(value: object) -> Decimal | None:
    """Read a number, also where it comes as text; None where it is none, or no amount that money or lists have."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        text = str(value).strip()
        number = Decimal(text) if len(text) <= LONGEST_NUMBER else None
    except (InvalidOperation, ValueError):
        return None
    if number is None or not number.is_finite() or abs(number) >= LARGEST_AMOUNT:
        return None
    # 1E-999999 is a small number and a very long text.
    exponent = int(number.as_tuple().exponent)
    return number if -FINEST_AMOUNT <= exponent <= FINEST_AMOUNT else round(number, FINEST_AMOUNT)


def money_in(value: object) -> Money | None:
    """Read `{"amount": "0.15", "currency": "USD"}`, or a bare amount."""
    currency: object = None
    if isinstance(value, dict):
        currency = value.get("currency")
        value = value.get("amount")
    amount = decimal_in(value)
    if amount is None or amount < 0:
        return None
    named = clean_line(currency, LONGEST_CURRENCY) if isinstance(currency, str) else ""
    return Money(amount, named or CURRENCY)


def balance_in(value: object, depth: int = 0) -> Decimal | None:
    """Read how much money is left: a bare number, or a `balance` or `credit`, which may be an amount of its own."""
    if not isinstance(value, dict):
        return decimal_in(value)
    if depth < DEEPEST_BALANCE:
        for name in ("balance", "credit", "credits", "amount", "data"):
            found = balance_in(value.get(name), depth + 1)
            if found is not None:
                return found
    return None


def web_address_in(value: object) -> str | None:
    """Give an http or https address; None where it is none."""
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > LONGEST_URL or not text.isprintable():
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and host else None
