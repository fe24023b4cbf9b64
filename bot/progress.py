"""The progress message and the short lines it ends as; the bad news that comes as a new message."""

import math

from bot.cards import Action, Button, Card, Press, lines
from bot.job import Failure, Job, JobState, Waiting
from bot.pace import STALLED_SECONDS, STILL_SECONDS, is_slower, seconds_left, stood_still
from bot.preview import Terms, name_of, shown_in, starter_of, titled
from bot.texts import MOMENT_SECONDS, Html, Texts

BAR_MARKS = 10
PROCESSING = "processing"
"""The API's word for a task that has begun."""
RESULT_LATE_SECONDS = 3600
"""A result that cannot be had for so long is said, with the task id."""
WORDS_SHOWN = 300
"""How much of the API's own words a message quotes."""


def progress(job: Job, terms: Terms, texts: Texts, now: float, *, before: int = 0) -> Card:
    """Draw the message that was the preview, for a job that was pressed.

    Args:
        job: The job.
        terms: The usual pace.
        texts: The starter's language.
        now: Seconds since 1970.
        before: How many lists of the chat were queued before it and are queued still.
    """
    said = standing(job, terms, texts, now, before=before)
    if not said:
        return final(job, texts)
    title = texts.say("title", name=name_of(job, texts), starter=starter_of(job))
    cancel = Button(texts.plain("button-cancel"), Press(Action.CANCEL, job.token).pack())
    rows = ((cancel,),) if job.state is JobState.QUEUED else ()
    note = texts.say("progress-note") if job.state is JobState.CHECKING else None
    return Card(lines(title, *said, note), rows)


def being_read(job: Job, percent: int, texts: Texts) -> Card:
    """Draw the message of a list while it is read, before it is the preview."""
    title = texts.say("title", name=name_of(job, texts), starter=starter_of(job))
    drawn = texts.say("progress-bar", bar=bar(percent, 100), percent=texts.percent(percent, 100, digits=0))
    return Card(lines(title, drawn, texts.say("progress-reading")))


def standing(job: Job, terms: Terms, texts: Texts, now: float, *, before: int = 0) -> list[Html]:
    """Say how a list stands that is on its way to the API or at it; nothing of any other."""
    part = []
    if job.to_check and job.only_new:
        part = [texts.say("progress-part", count=job.to_check, whole=job.valid)]
    if job.state is JobState.QUEUED:
        said = [*part, texts.say(f"progress-waiting-{job.waiting}" if job.waiting else "progress-queued")]
        return [*said, texts.say("progress-before", count=before)] if before else said
    if job.state is JobState.SUBMITTING:
        return [*part, texts.say("progress-submitting")]
    if job.state is JobState.CHECKING:
        return [*part, *_checking(job, terms, texts, now)]
    if job.state is JobState.DELIVERING:
        return [texts.say("progress-delivering", count=job.to_check) if job.to_check else texts.say("progress-known")]
    return []


def _checking(job: Job, terms: Terms, texts: Texts, now: float) -> list[Html]:
    still = stood_still(job, now)
    if job.waiting is Waiting.RESULT:
        if still < RESULT_LATE_SECONDS:
            return [texts.say("progress-fetching", count=job.to_check)]
        return [texts.say("progress-fetching-late", count=job.to_check, task=job.task_id)]
    begun = job.done > 0 or job.task_status == PROCESSING
    if job.done > 0:
        said = _moving(job, terms, texts, now)
    else:
        said = [texts.say("progress-begun" if begun else "progress-pending", count=job.to_check)]
    if still >= STALLED_SECONDS:
        said.append(texts.say("progress-stalled", time=texts.clock_there(now - still), task=job.task_id))
    elif still >= STILL_SECONDS:
        # In steps, so that a task that stands still does not have its message edited all the time.
        so_long = texts.duration(still // STILL_SECONDS * STILL_SECONDS)
        said.append(texts.say("progress-still" if begun else "progress-waits", time=so_long))
    return said


def _moving(job: Job, terms: Terms, texts: Texts, now: float) -> list[Html]:
    done, left = min(job.done, job.to_check), seconds_left(job, terms.pace, now)
    drawn = texts.say("progress-bar", bar=bar(done, job.to_check), percent=texts.percent(done, job.to_check, digits=0))
    words = {"done": done, "count": job.to_check}
    if left is None:
        return [drawn, texts.say("progress-count", **words)]
    if left < MOMENT_SECONDS:
        counts = texts.say("progress-count-soon", **words)
    else:
        counts = texts.say("progress-count-left", time=texts.duration(left), **words)
    if job.pace is None:
        return [drawn, counts]
    pace = "progress-pace-slower" if is_slower(job, now) else "progress-pace"
    return [drawn, counts, texts.say(pace, count=_rounded(max(job.pace * 60, 1.0)))]


def _rounded(count: float) -> int:
    """Round to two digits: nobody knows a pace better."""
    return int(round(count, 1 - int(math.log10(count))))


def bar(done: int, whole: int) -> str:
    """Draw how much is done in ten marks; only what is finished is full."""
    full = BAR_MARKS * done // whole if whole else 0
    return "▓" * full + "░" * (BAR_MARKS - full)


def final(job: Job, texts: Texts) -> Card:
    """Draw the short line that the message ends as."""
    if job.forgotten_at is not None:
        return Card(texts.say("final-forgotten"))
    name = titled(job, texts)
    again = Button(texts.plain("button-open-again"), Press(Action.OPEN_AGAIN, job.token).pack())
    if job.state is JobState.DONE or job.counted_at is not None:
        if job.yes + job.no + job.undetermined == 0:
            return Card(texts.say("final-done-raw", name=name))
        return Card(texts.say("final-done", name=name, yes=job.yes, count=job.valid))
    if job.state is JobState.REFUSED:
        return _refused(job, texts, again)
    if job.state is JobState.EXPIRED:
        return Card(texts.say("final-expired", name=name), ((again,),))
    return Card(texts.say(f"final-{job.state}", name=name))


def refused(job: Job, failure: Failure, detail: str | None, texts: Texts) -> Card:
    """Say why something that was sent is no list."""
    words: dict[str, object] = {"limit": int(detail)} if failure is Failure.TOO_BIG and detail else {}
    return Card(texts.say(f"refused-{failure}", name=titled(job, texts), **words))


def _refused(job: Job, texts: Texts, again: Button) -> Card:
    if job.failure is not Failure.REFUSED_BY_API:
        return refused(job, job.failure or Failure.UNREADABLE, job.detail, texts)
    said = lines(
        texts.say("final-refused-by-api", name=titled(job, texts)),
        texts.say("final-refused-words", words=shown_in(job, job.detail, WORDS_SHOWN)) if job.detail else None,
    )
    return Card(said, ((again,),))


def failed(job: Job, texts: Texts, *, named: bool = False) -> Card:
    """Tell that a check came to nothing, and what to do.

    Args:
        job: A job in ``failed``.
        texts: The language.
        named: An admin has named its task. The API was never seen to accept the list, so that it was charged is not
            known, and the id may be wrong.
    """
    told_apart = {Failure.TASK_UNKNOWN, Failure.TASK_STALLED, Failure.TASK_OF_ANOTHER_LIST}
    what = str(job.failure) if job.failure in told_apart else "task"
    at = job.submitted_at or job.state_since
    to_do = (
        texts.say("failed-named-what-to-do", task=job.task_id, date=texts.day_there(at), time=texts.clock_there(at))
        if named
        else texts.say("failed-what-to-do", task=job.task_id)
    )
    return Card(
        lines(
            texts.say(f"failed-named-{what}" if named else f"failed-{what}", name=titled(job, texts)),
            texts.say("failed-words", words=shown_in(job, job.detail, WORDS_SHOWN)) if job.detail else None,
            to_do,
        ),
    )
