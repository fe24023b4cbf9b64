"""What the checking API's answers mean: a status and a body become an outcome. Pure; what came may be of any shape.

Unknown fields are passed over and wrong types count as absent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from bot.complaints import clean_line, complaint, complaint_texts, is_page
from bot.json_fields import (
    NO_JSON,
    balance_in,
    count_in,
    decoded,
    money_in,
    task_id_in,
    task_status_in,
    web_address_in,
)
from bot.list_minimum import find_list_minimum
from bot.outcomes import (
    Accepted,
    ApiUnavailable,
    BadKey,
    Cause,
    NotCharged,
    Refused,
    SubmitOutcome,
    Task,
    TaskStatus,
    TaskUnknown,
    Unknown,
)

EVIDENCE_BYTES: Final = 4096
LONGEST_WAIT: Final = 3600.0  # seconds; a server that names a longer one is asked again after an hour
_LONGEST_SAID: Final = 10_000  # characters that are searched for what they say

# Answers that say by their status alone that nothing was charged, and that the same list may come again.
_NOT_CHARGED: Final[dict[int, Cause]] = {
    HTTPStatus.UNAUTHORIZED: Cause.BAD_KEY,
    HTTPStatus.FORBIDDEN: Cause.BAD_KEY,
    HTTPStatus.PAYMENT_REQUIRED: Cause.NO_MONEY,
    HTTPStatus.REQUEST_TIMEOUT: Cause.BUSY,
    HTTPStatus.TOO_MANY_REQUESTS: Cause.BUSY,
    HTTPStatus.SERVICE_UNAVAILABLE: Cause.BUSY,
}
_NO_ROUTE = re.compile(r"\broute\b|page not found|endpoint|cannot (?:get|post)|upstream|requested url", re.IGNORECASE)
_UNKNOWN_TASK = re.compile(
    r"task(?![ _-]?type).{0,60}?(?:not[ _-]?(?:be )?(?:found|exist)|n't exist|unknown|invalid|no longer|expired)|"
    r"(?:unknown|invalid|no such|no|non-?existent|cannot find|could not find|not[ _-]?found).{0,20}?"
    r"task(?![ _-]?type)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, as far as it was read.

    `whole` is False where the body broke off, timed out or was too long; `location` is where a redirect points, without
    its query; `retry_after` is in seconds.
    """

    status: int
    body: bytes = b""
    whole: bool = True
    retry_after: float | None = None
    location: str | None = None


def submit_outcome(answer: Answer) -> SubmitOutcome:
    """Say what an answer to a submit means for the money."""
    status = answer.status
    if 200 <= status < 300:  # noqa: PLR2004 - the class of success
        return _created(answer)
    if 300 <= status < 400:  # noqa: PLR2004 - the class of redirects
        return NotCharged(Cause.REDIRECTED, _redirected(answer))
    # A page, not an answer of the API's: whoever wrote it does not know how far the request came.
    if not (status == HTTPStatus.SERVICE_UNAVAILABLE and is_page(answer.body)):
        free = _not_charged(answer)
        if free is not None:
            return free
    if 400 <= status < 500:  # noqa: PLR2004 - the class of refusals
        return Refused(status, complaint(answer.body, status))
    # Whoever stands between us and the API says that something went wrong; how far the request came, it does not say.
    return Unknown(f"the answer was HTTP {status}", _evidence(answer.body))


def read_task(answer: Answer, task_id: str) -> Task:
    """Read the answer to a question about a task.

    Raises:
        TaskUnknown: the API says that there is no such task.
        BadKey: the key is not accepted.
        ApiUnavailable: anything else that is no task.
    """
    if answer.status != HTTPStatus.OK:
        raise _no_answer(answer)
    body = decoded(answer.body)
    if not isinstance(body, dict):
        raise ApiUnavailable("the answer is no JSON object", answer.retry_after)
    named = task_id_in(body)
    if named not in {None, task_id}:
        # Another task is another list: its result must never reach this one's chat.
        raise ApiUnavailable("the answer is about another task", answer.retry_after)
    _check_is_task(answer, body, named=named is not None)
    message = body.get("message") or body.get("error")
    return Task(
        status=task_status_in(body.get("status")),
        total=count_in(body.get("total")),
        success=count_in(body.get("success")),
        failure=count_in(body.get("failure")),
        result_url=web_address_in(body.get("result_url")),
        message=(clean_line(message) or None) if isinstance(message, str) else None,
        amount=money_in(body.get("actual_amount")) or money_in(body.get("estimated_amount")),
    )


def read_balance(answer: Answer) -> Decimal | None:
    """Read how much money is left; None where the API has no such endpoint or its answer is not understood.

    Raises:
        BadKey: the key is not accepted.
        ApiUnavailable: there is no answer now.
    """
    if answer.status in {400, 404, 405, 410, 501}:
        return None
    if answer.status != HTTPStatus.OK:
        raise _no_answer(answer)
    return balance_in(decoded(answer.body))


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or an HTTP date, as seconds from now; None where it is neither."""
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,15})?", text):
        return min(float(text), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(seconds.total_seconds(), 0.0), LONGEST_WAIT)


def _created(answer: Answer) -> Accepted | Unknown:
    body = decoded(answer.body)
    task_id = task_id_in(body) if isinstance(body, dict) else None
    if not isinstance(body, dict) or task_id is None:
        fault = "broke off" if not answer.whole else "is not JSON" if body is NO_JSON else "names no task"
        return Unknown(f"HTTP {answer.status}, but the answer {fault}", _evidence(answer.body))
    amount = money_in(body.get("estimated_amount")) or money_in(body.get("actual_amount"))
    return Accepted(task_id, count_in(body.get("total")) or None, amount)


def _not_charged(answer: Answer) -> NotCharged | None:
    detail = complaint(answer.body, answer.status)
    body = decoded(answer.body)
    cause = _NOT_CHARGED.get(answer.status)
    if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR and body is not NO_JSON:
        cause = Cause.INTERNAL  # the API's own words; a page comes from somebody in between
    if cause is not None:
        return NotCharged(cause, detail, retry_after=answer.retry_after)
    if answer.status == HTTPStatus.BAD_REQUEST:
        small = find_list_minimum(complaint_texts(answer.body), body)
        if small is not None:
            return NotCharged(Cause.TOO_SMALL, detail, minimum=small.minimum, remaining=small.remaining)
    return None


def _check_is_task(answer: Answer, body: Mapping[str, object], *, named: bool) -> None:
    """Tell a task from an error that came with a 200, such as `{"status": "error", "error": "task not found"}`."""
    status = body.get("status")
    told = isinstance(status, str)
    if (told and named) or (isinstance(status, str) and status.strip().casefold() in set(TaskStatus)):
        return
    if _says_unknown_task(answer):
        raise TaskUnknown(complaint(answer.body, answer.status))
    if "error" in body or not (told or named):
        raise ApiUnavailable(f"the answer is no task: {complaint(answer.body, answer.status)}", answer.retry_after)


def _no_answer(answer: Answer) -> TaskUnknown | BadKey | ApiUnavailable:
    detail = complaint(answer.body, answer.status)
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return BadKey(detail)
    if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        # A page, or talk of routes, comes from a server that never looked for the task.
        if not is_page(answer.body) and not _NO_ROUTE.search(_said(answer)):
            return TaskUnknown(detail)
    elif answer.status == HTTPStatus.BAD_REQUEST and _says_unknown_task(answer):
        return TaskUnknown(detail)
    elif 300 <= answer.status < 400:  # noqa: PLR2004 - the class of redirects
        return ApiUnavailable(_redirected(answer), answer.retry_after)
    return ApiUnavailable(f"HTTP {answer.status}: {detail}", answer.retry_after)


def _says_unknown_task(answer: Answer) -> bool:
    return not is_page(answer.body) and bool(_UNKNOWN_TASK.search(_said(answer)))


def _said(answer: Answer) -> str:
    return " ".join(complaint_texts(answer.body))[:_LONGEST_SAID]


def _redirected(answer: Answer) -> str:
    return clean_line(f"HTTP {answer.status}, a redirect to {answer.location or 'nowhere'}")


def _evidence(body: bytes) -> str:
    # PostgreSQL's text takes no NUL.
    return body[:EVIDENCE_BYTES].decode(errors="replace").replace("\0", "\ufffd")
