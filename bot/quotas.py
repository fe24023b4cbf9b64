"""Quotas: how many numbers may be checked in a day and in a month, by one person, in one chat, and in all.

What counts is what is spent and what is reserved: lists in the queue count from their press on, and a submit of which
nobody knows whether it was charged counts as spent. Days and months are those of UTC, since nobody's zone is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.texts import Html, Texts


class Scope(StrEnum):
    """Whose numbers does a quota count?"""

    PERSON = "person"
    """Those of who pressed."""
    CHAT = "chat"
    ALL = "all"


class Span(StrEnum):
    """Over what time does a quota count?"""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Quota:
    """So many numbers at the most."""

    scope: Scope
    span: Span
    numbers: int


@dataclass(frozen=True, slots=True)
class Quotas:
    """The quotas of the settings; None is no limit."""

    person_day: int | None = None
    person_month: int | None = None
    chat_day: int | None = None
    chat_month: int | None = None
    day: int | None = None
    month: int | None = None

    def __iter__(self) -> Iterator[Quota]:
        """Go through those that are set, those that free last first."""
        each = (
            (Scope.PERSON, Span.MONTH, self.person_month),
            (Scope.CHAT, Span.MONTH, self.chat_month),
            (Scope.ALL, Span.MONTH, self.month),
            (Scope.PERSON, Span.DAY, self.person_day),
            (Scope.CHAT, Span.DAY, self.chat_day),
            (Scope.ALL, Span.DAY, self.day),
        )
        return (Quota(scope, span, numbers) for scope, span, numbers in each if numbers is not None)


NO_QUOTAS = Quotas()


@dataclass(frozen=True, slots=True)
class Used:
    """What of a quota is used, in numbers."""

    spent: int
    """What was charged, or may have been."""
    reserved: int
    """What is in the queue."""

    @property
    def numbers(self) -> int:
        """Give both together."""
        return self.spent + self.reserved


@dataclass(frozen=True, slots=True)
class Reached:
    """A list does not fit into what is left of a quota."""

    quota: Quota
    used: Used
    wanted: int
    """How many numbers the list has."""
    frees_at: float
    """When the day or the month of the quota ends, in seconds since 1970."""

    @property
    def left(self) -> int:
        """Give how many numbers would still fit; none where a quota was made smaller than what is used."""
        return max(self.quota.numbers - self.used.numbers, 0)


def began(span: Span, now: float) -> float:
    """Give when the day or the month began that ``now`` is in, in seconds since 1970."""
    midnight = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight if span is Span.DAY else midnight.replace(day=1)).timestamp()


def ends(span: Span, now: float) -> float:
    """Give when the next day or the next month begins, in seconds since 1970."""
    first = datetime.fromtimestamp(began(span, now), UTC)
    longer_than_any = timedelta(days=1 if span is Span.DAY else 32)
    return began(span, (first + longer_than_any).timestamp())


def quota_reached(reached: Reached, texts: Texts) -> str:
    """Say which quota is in the way, what is left of it and when it frees; short enough for an alert."""
    quota, queued = reached.quota, reached.used.reserved
    words: dict[str, object] = {
        "scope": quota.scope.value,
        "span": quota.span.value,
        "limit": quota.numbers,
        "count": reached.wanted,
    }
    if reached.wanted > quota.numbers:
        return texts.plain("quota-never", **words)
    words |= {"left": reached.left, "date": texts.day(reached.frees_at), "time": texts.clock(reached.frees_at)}
    return texts.plain("quota-queued", queued=queued, **words) if queued else texts.plain("quota-reached", **words)


def quota_used(quota: Quota, used: Used, texts: Texts) -> Html:
    """Say how much of a quota is used."""
    words = {"span": quota.span.value, "used": used.numbers, "limit": quota.numbers}
    if used.reserved:
        return texts.say("quota-used-queued", queued=used.reserved, **words)
    return texts.say("quota-used", **words)
