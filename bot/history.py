"""/jobs: a page of a chat's lists, and the card of each with everything about it and all its buttons."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Action, Button, Card, Press, Style, lines, short
from bot.job import TERMINAL, Failure, Job, JobState
from bot.masking import mask_name
from bot.packing import Reading
from bot.preview import Terms, counted, name_of, starter_of
from bot.progress import failed, final, standing
from bot.searching import Search
from bot.summary import cost_of, result_buttons, totals_of, verdict_lines
from bot.texts import Html, Texts
from bot.unsure import decisions, what_is_known

PAGE_JOBS = 6
NAME_ON_PAGE = 40
CANCELLABLE = frozenset({JobState.CONFIRMING, JobState.QUEUED})
CHECKED = frozenset({JobState.DONE, JobState.UNDELIVERABLE})
FORGETTABLE = TERMINAL | CANCELLABLE
SPEAKS_FOR_ITSELF = frozenset({JobState.REFUSED, JobState.CANCELLED, JobState.EXPIRED, JobState.CLOSED})
"""States whose last line says all there is to say."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the history a person is: on which page of which search."""

    search: Search
    first: int = 0
    """The id of the list that the page begins with; 0 for the newest."""

    def to_page(self, first: int | None = None) -> str:
        """Give the data of a button that leads to a page: this one, or the one that begins with ``first``."""
        return Press(Action.LISTS, f"{self.first if first is None else first:x}", self.search.words).pack()

    def to_list(self, job_id: int, action: Action = Action.LIST) -> str:
        """Give the data of a button of one list's card."""
        return Press(action, f"{job_id:x}-{self.first:x}", self.search.words).pack()


@dataclass(frozen=True, slots=True)
class Kept:
    """What is still there of a list."""

    messages: bool
    numbers: bool
    verdicts: bool
    raw: bool
    """The API's own file, which could not be understood."""

    @property
    def anything(self) -> bool:
        """Say whether there is anything to forget."""
        return self.messages or self.numbers or self.verdicts or self.raw


@dataclass(frozen=True, slots=True)
class Seen:
    """What a card needs to know beside the job, and who looks at it."""

    kept: Kept
    terms: Terms
    now: float
    """Seconds since 1970."""
    named: bool = False
    """An admin has named the job's task."""
    private_files: bool = False
    """The group's files go to persons."""
    in_admins_chat: bool = False
    """An admin of the bot looks at it in private, who may know a task's id."""


def page(
    jobs: Sequence[Job], spot: Spot, texts: Texts, *, in_group: bool, newer: int | None, older: int | None
) -> Card:
    """Draw a page of lists, newest first.

    Args:
        jobs: The lists.
        spot: Where it is.
        texts: The language of who asks.
        in_group: Phone numbers are hidden from whoever reads along.
        newer: What the page before begins with; None where there is none.
        older: What the page after begins with.
    """
    turns = [(newer, "button-newer"), (older, "button-older")]
    turning = tuple(Button(texts.plain(name), spot.to_page(to)) for to, name in turns if to is not None)
    if not jobs:
        return Card(_nothing(spot.search, texts, in_group=in_group), (turning,) if turning else ())
    listed = [_line(job, str(number), texts) for number, job in enumerate(jobs, 1)]
    how = texts.say("jobs-how-to-search") if turning and not spot.search.words else None
    numbers = tuple(Button(str(number), spot.to_list(job.id)) for number, job in enumerate(jobs, 1))
    said = lines(_title(spot.search, texts, in_group=in_group), *listed, how)
    return Card(said, (numbers, turning) if turning else (numbers,))


def _title(search: Search, texts: Texts, *, in_group: bool) -> Html:
    if not search.words:
        return texts.say("jobs-title")
    return texts.say("jobs-title-found", what=_what(search, texts, in_group=in_group))


def _nothing(search: Search, texts: Texts, *, in_group: bool) -> Html:
    if not search.words:
        return texts.say("jobs-none")
    said = texts.say("jobs-none-found", what=_what(search, texts, in_group=in_group))
    return lines(said, texts.say("jobs-how-to-search"))


def _what(search: Search, texts: Texts, *, in_group: bool) -> Html:
    """Name what was looked for."""
    words = mask_name(search.words) if in_group else search.words
    if search.period is None:
        return texts.say("jobs-what-name", words=words)
    begins = search.period.begins
    period = texts.day(begins) if search.period.is_day else texts.month(begins)
    return texts.say("jobs-what-period", words=words, period=period)


def _line(job: Job, number: str, texts: Texts) -> Html:
    words = {"number": number, "date": texts.day(job.created_at), "name": short(name_of(job, texts), NAME_ON_PAGE)}
    state = texts.plain("state-not-fetched" if _waits_to_be_fetched(job) else f"state-{job.state}")
    if job.read_revision == 0:
        return texts.say("jobs-line-unread", state=state, **words)
    if job.yes + job.no + job.undetermined:
        found = texts.plain("jobs-result", yes=job.yes, no=job.no, undetermined=job.undetermined)
        state = f"{state}: {found}"
    return texts.say("jobs-line", count=texts.plain("number-of", count=job.valid), state=state, **words)


def _waits_to_be_fetched(job: Job) -> bool:
    """Say whether a group has heard the counts, and the file waits for its person."""
    return job.state is JobState.UNDELIVERABLE and job.counted_at is not None


def job_card(job: Job, spot: Spot, seen: Seen, texts: Texts) -> Card:
    """Draw everything about one list, with every button that makes sense as it stands."""
    back = (Button(texts.plain("button-back"), spot.to_page()),)
    if job.forgotten_at is not None:
        return Card(lines(final(job, texts).text, *_times(job, seen, texts)), (back,))
    said = lines(
        *_standing(job, seen, texts),
        _counts(job, texts),
        *_found(job, seen, texts),
        *_times(job, seen, texts),
        texts.say("job-task", task=job.task_id) if job.task_id and job.state is not JobState.FAILED else None,
        texts.say("job-gone") if job.state in TERMINAL and not seen.kept.anything else None,
    )
    forget: tuple[Button, ...] = ()
    if job.state in FORGETTABLE and (seen.kept.anything or job.is_file):
        forget = (Button(texts.plain("button-forget-list"), spot.to_list(job.id, Action.ASK_FORGET)),)
    return Card(said, (*_buttons(job, spot, seen, texts), (*forget, *back)))


def ask_to_forget(job: Job, spot: Spot, texts: Texts) -> Card:
    """Ask once more before a list is deleted."""
    said = texts.say("job-forget", name=name_of(job, texts))
    return Card(
        said,
        (
            (Button(texts.plain("button-forget-it"), spot.to_list(job.id, Action.FORGET_LISTED), Style.DANGER),),
            (Button(texts.plain("button-back"), spot.to_list(job.id)),),
        ),
    )


def _standing(job: Job, seen: Seen, texts: Texts) -> list[Html]:
    """Say whose list it is and where it stands; what failed says why, and what to do."""
    if job.state in SPEAKS_FOR_ITSELF:
        return [final(job, texts).text]
    if job.state is JobState.FAILED:
        return [failed(job, texts, named=seen.named).text]
    title = texts.say("title", name=name_of(job, texts), starter=starter_of(job))
    if job.state is JobState.UNSURE:
        return [title, *what_is_known(job, seen.terms, texts)]
    under_way = standing(job, seen.terms, texts, seen.now)
    if under_way:
        return [title, *under_way]
    if _waits_to_be_fetched(job):
        return [title, texts.say("job-not-fetched")]
    return [title, texts.say(f"job-{job.state}")]


def _counts(job: Job, texts: Texts) -> Html | None:
    """Say what the list holds: by country as long as that is kept."""
    if job.read_revision == 0 or not job.valid:
        return None
    reading = Reading.from_json(job.reading) if job.reading else None
    numbers = counted(reading, texts) if reading is not None and reading.valid == job.valid else None
    aside = [
        numbers or texts.say("number-of", count=job.valid),
        texts.say("preview-repeated", count=job.repeated) if job.repeated else None,
        texts.say("preview-rejected", count=job.rejected) if job.rejected else None,
    ]
    return Html(" · ".join(one for one in aside if one))


def _found(job: Job, seen: Seen, texts: Texts) -> list[Html]:
    """Say how many are yes, no and undetermined; or that nobody could read it."""
    if job.yes + job.no + job.undetermined:
        return verdict_lines(totals_of(job, seen.terms, texts).summary, texts)
    return [texts.say("summary-raw")] if seen.kept.raw else []


def _times(job: Job, seen: Seen, texts: Texts) -> list[Html]:
    """Say when it was sent, handed over and finished; how long that took, and what it cost."""
    said = [texts.say("job-sent-at", **_moment(job.created_at, texts))]
    if job.submitted_at is not None:
        said.append(texts.say("job-submitted-at", **_moment(job.submitted_at, texts)))
    if job.finished_at is not None:
        said.append(texts.say("job-finished-at", **_moment(job.finished_at, texts)))
        counts = totals_of(job, seen.terms, texts).summary
        if counts.seconds is not None:
            words = {"time": texts.duration(counts.seconds)} | ({"cost": counts.cost} if counts.cost else {})
            said.append(texts.say("job-took-cost" if counts.cost else "job-took", **words))
        elif counts.cost:
            said.append(texts.say("job-cost", cost=counts.cost))
    elif job.state is JobState.CHECKING and (cost := cost_of(job, seen.terms, texts)):
        said.append(texts.say("job-cost", cost=cost))
    elif job.state in TERMINAL:
        said.append(texts.say("job-ended-at", **_moment(job.state_since, texts)))
    return said


def _moment(at: float, texts: Texts) -> dict[str, str]:
    return {"date": texts.day_there(at), "time": texts.clock_there(at)}


def _buttons(job: Job, spot: Spot, seen: Seen, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    kept = seen.kept

    def press(name: str, action: Action, **words: object) -> tuple[Button, ...]:
        return (Button(texts.plain(name, **words), Press(action, job.token).pack()),)

    rows: list[tuple[Button, ...]] = []
    if kept.verdicts or kept.raw:
        rows.append(press("button-file-private" if seen.private_files else "button-result", Action.FILE))
        once_more = kept.messages and job.state in CHECKED
        rows += result_buttons(job, texts, seen.terms if once_more else None) if kept.verdicts else ()
    if job.state is JobState.UNSURE:
        rows += decisions(job, texts, knows_task=seen.in_admins_chat)
    if job.state is JobState.CONFIRMING and job.card_message_id is not None:
        rows.append((Button(texts.plain("button-show"), spot.to_list(job.id, Action.SHOW)),))
    opens = job.state is JobState.EXPIRED or job.failure is Failure.REFUSED_BY_API
    if opens and job.state in TERMINAL and kept.messages:
        rows.append(press("button-open-again", Action.OPEN_AGAIN))
    if kept.numbers and (rejected := _rejected(job)):
        rows.append(press("button-rejected", Action.REJECTED, count=rejected))
    if job.state in CANCELLABLE:
        rows.append(press("button-cancel", Action.CANCEL))
    return tuple(rows)


def _rejected(job: Job) -> int:
    """Count the rejected lines that there is a file of: what only lacks a country code is asked about elsewhere."""
    reading = Reading.from_json(job.reading) if job.reading else None
    return 0 if reading is None else reading.rejected - reading.without_country
