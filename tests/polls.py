"""How often a task is asked about, and how long after its end that is noticed: reckoned without a clock or an API."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from bot.checking import next_question
from bot.job import Job, JobState
from bot.pace import pace_of
from bot.preview import Terms
from bot.submitting import FIRST_POLL_SECONDS

USUAL_PACE: Final = 12.0

Course = Callable[[float], float]
"""Which part of a task is done when this part of its time has passed, as its answers say it."""

COURSES: Final[dict[str, Course]] = {
    "steady": lambda at: at,
    "fast, then slow": lambda at: min(at * 2, 0.8 + at / 5) if at < 1 else 1.0,
    "slow, then fast": lambda at: at / 2 if at < 0.8 else 0.4 + (at - 0.8) * 3,
    "in ten steps": lambda at: int(at * 10) / 10,
    "standing still in the middle": lambda at: at if at < 0.4 else 0.4 if at < 0.6 else 0.4 + (at - 0.6) * 1.5,
    "nothing is said before the end": lambda _: 0.0,
}


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of following a task."""

    polls: int
    noticed_after: float
    """Seconds from its end to the answer that says so."""


def follow(seconds: float, course: Course, *, count: int | None = None) -> Followed:
    """Ask about a task until an answer says that it is exported.

    Args:
        seconds: How long it takes.
        course: How it goes on.
        count: How many numbers it has; as many as it does at the usual pace unless given.
    """
    to_check = max(int(seconds * USUAL_PACE), 1) if count is None else count
    job, terms = _job(to_check), Terms(None, "USD", USUAL_PACE, None)
    now, polls = FIRST_POLL_SECONDS, 1
    while now < seconds:
        done = int(course(now / seconds) * to_check)
        moved_at = now if done != job.done or polls == 1 else job.moved_at
        job = replace(job, pace=pace_of(job, done, now), done=done, moved_at=moved_at)
        now = next_question(job, terms, now)
        polls += 1
    return Followed(polls, now - seconds)


def _job(to_check: int) -> Job:
    values: dict[str, Any] = dict.fromkeys((field.name for field in fields(Job)), None)
    values |= {"state": JobState.CHECKING, "state_since": 0.0, "submitted_at": 0.0, "moved_at": 0.0}
    return Job(**(values | {"done": 0, "to_check": to_check, "valid": to_check, "known": 0}))
