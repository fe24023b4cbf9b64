"""How fast a task is of late, and how long it still takes: told from what was seen last, not from the whole average.

A task that ran fast and then slows would go on promising the pace of its beginning.
"""

import math

from bot.job import Job

MEMORY_SECONDS = 60.0
"""What was seen so long ago weighs a third of what is seen now."""
STILL_SECONDS = 180.0
"""A task that has not moved for so long is said to stand still: then no estimate holds."""
STALLED_SECONDS = 30 * 60
"""No progress for so long is said with the task's id."""
SLOWER = 0.5
"""A pace below so much of the task's own average is said to be slower than before."""


def pace_of(job: Job, done: int, now: float) -> float | None:
    """Give the pace (numbers a second) after an answer of the API; None as long as nothing was seen to move.

    Only movement is measured, over the time since the movement before: some answers grow in steps of minutes. The time
    in which the bot was away counts as well, for the API went on.

    Args:
        job: The job as it was before the answer.
        done: How many numbers are processed by the answer.
        now: Seconds since 1970.
    """
    moved, since = done - job.done, now - (job.moved_at or job.state_since)
    if moved <= 0 or since <= 0:
        return job.pace
    if job.pace is None:
        whole = now - job.state_since
        return done / whole if whole > 0 else None
    weight = 1 - math.exp(-since / MEMORY_SECONDS)
    return job.pace + weight * (moved / since - job.pace)


def stood_still(job: Job, now: float) -> float:
    """Say for how many seconds the task has not moved."""
    return max(now - (job.moved_at or job.state_since), 0.0)


def seconds_left(job: Job, usual: float, now: float) -> float | None:
    """Estimate how long the task still takes; None when it is all done, or stands still.

    Args:
        job: A job in ``checking``.
        usual: Numbers a second as other tasks had it, for one that has not moved yet.
        now: Seconds since 1970.
    """
    left = job.to_check - job.done
    if left <= 0 or (job.done > 0 and stood_still(job, now) >= STILL_SECONDS):
        return None
    return left / (job.pace or usual)


def is_slower(job: Job, now: float) -> bool:
    """Say whether the task has become much slower than it was on the whole."""
    whole = now - job.state_since
    return job.pace is not None and whole > 0 and job.pace < SLOWER * job.done / whole
