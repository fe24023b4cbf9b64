"""What can come of a question to the checking API, in the words of the program. Pure.

Whatever may have cost money and cannot be understood is `Unknown`, never a guess.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


class Cause(StrEnum):
    """Why a list was surely not charged."""

    UNREACHABLE = "unreachable"  # the request was never begun
    TOO_SMALL = "too_small"  # the list has fewer numbers than the API takes
    BAD_KEY = "bad_key"
    NO_MONEY = "no_money"
    BUSY = "busy"
    INTERNAL = "internal"  # an error that the API itself reports, free of charge by its contract
    REDIRECTED = "redirected"  # the base address is wrong


class TaskStatus(StrEnum):
    """How far the API says it is with a task."""

    PENDING = "pending"
    PROCESSING = "processing"  # also for every word that is not one of these four
    EXPORTED = "exported"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as the API states it."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The task exists and is charged. `total` is None where the answer does not tell it yet."""

    task_id: str
    total: int | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class NotCharged:
    """Nothing was charged and the same list may be sent again.

    `detail` is fit for the log and for people; `retry_after` is in seconds. For TOO_SMALL, `minimum` is how many
    numbers a list needs at least and `remaining` how many of this one the API would take, where its text tells.
    """

    cause: Cause
    detail: str
    retry_after: float | None = None
    minimum: int | None = None
    remaining: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A clear no, nothing was charged; the same list will be refused again."""

    status: int
    detail: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can know whether it was charged.

    `what` happened is fit for the log and for people; `evidence` is the beginning of the body, may hold personal data,
    and is fit for neither.
    """

    what: str
    evidence: str = field(default="", repr=False)


SubmitOutcome: TypeAlias = Accepted | NotCharged | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Task:
    """The API's side of a job: `total` numbers processed, `success` identified, `failure` failed to process.

    `result_url` is a signed link, as good as a password while it lasts; `message` is fit for the log and for people.
    """

    status: TaskStatus
    total: int = 0
    success: int = 0
    failure: int = 0
    result_url: str | None = field(default=None, repr=False)
    message: str | None = None
    amount: Money | None = None


class TaskUnknown(Exception):
    """The API does not know this task."""


class BadKey(Exception):
    """The API does not accept the key."""


class ApiUnavailable(Exception):
    """The API gives no usable answer now; a later question may get one.

    `detail` is fit for the log, `retry_after` is in seconds, where the API named a time.
    """

    def __init__(self, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after
