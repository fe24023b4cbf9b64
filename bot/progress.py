"""The progress message and the short lines it ends as; the bad news that comes as a new message."""

from bot.cards import Action, Button, Card, Press, lines
from bot.job import Failure, Job, JobState, Waiting
from bot.preview import Terms, name_of, shown_in, starter_of, titled
from bot.texts import MOMENT_SECONDS, Html, Texts

BAR_MARKS = 10
STALLED_SECONDS = 30 * 60
"""No progress for so long is said."""
RESULT_LATE_SECONDS = 3600
"""A result that cannot be had for so long is said, with the task id."""
WORDS_SHOWN = 300
"""How much of the API's own words a message quotes."""


def progress(job: Job, terms: Terms, texts: Texts, now: float) -> Card:
    """Draw the message that was the preview, for a job that was pressed."""
    title = texts.say("title", name=name_of(job, texts), starter=starter_of(job))
    if job.state is JobState.QUEUED:
        sentence = f"progress-waiting-{job.waiting}" if job.waiting else "progress-queued"
        cancel = Button(texts.plain("button-cancel"), Press(Action.CANCEL, job.token).pack())
        return Card(lines(title, texts.say(sentence)), ((cancel,),))
    if job.state is JobState.SUBMITTING:
        return Card(lines(title, texts.say("progress-submitting")))
    if job.state is JobState.CHECKING:
        return Card(lines(title, *_checking(job, terms, texts, now), texts.say("progress-note")))
    if job.state is JobState.DELIVERING:
        known = job.to_check == 0
        said = texts.say("progress-known") if known else texts.say("progress-delivering", count=job.to_check)
        return Card(lines(title, said))
    return final(job, texts)


def _checking(job: Job, terms: Terms, texts: Texts, now: float) -> list[Html]:
    moved_at = job.moved_at or job.state_since
    if job.waiting is Waiting.RESULT:
        if now - moved_at < RESULT_LATE_SECONDS:
            return [texts.say("progress-fetching", count=job.to_check)]
        return [texts.say("progress-fetching-late", count=job.to_check, task=job.task_id)]
    stalled = now - moved_at >= STALLED_SECONDS
    said = []
    if job.done == 0:
        said.append(texts.say("progress-pending", count=job.to_check))
    else:
        done = min(job.done, job.to_check)
        percent = texts.percent(done, job.to_check, digits=0)
        said.append(texts.say("progress-bar", bar=bar(done, job.to_check), percent=percent))
        left = seconds_left(job, terms, now)
        if left is None or stalled:
            said.append(texts.say("progress-count", done=done, count=job.to_check))
        elif left < MOMENT_SECONDS:
            said.append(texts.say("progress-count-soon", done=done, count=job.to_check))
        else:
            said.append(texts.say("progress-count-left", done=done, count=job.to_check, time=texts.duration(left)))
    if stalled:
        said.append(texts.say("progress-stalled", time=texts.clock_there(moved_at), task=job.task_id))
    return said


def bar(done: int, whole: int) -> str:
    """Draw how much is done in ten marks; only what is finished is full."""
    full = BAR_MARKS * done // whole if whole else 0
    return "▓" * full + "░" * (BAR_MARKS - full)


def seconds_left(job: Job, terms: Terms, now: float) -> float | None:
    """Estimate how long the task still takes, from its own pace once it has one; None when it is all done."""
    left = job.to_check - job.done
    if left <= 0:
        return None
    elapsed = now - (job.submitted_at or job.state_since)
    if job.done > 0 and elapsed > 0:
        return left * elapsed / job.done
    return terms.seconds(left)


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
