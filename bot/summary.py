"""The summary: the counts in words, as the caption of the result, with its buttons."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from bot.cards import Action, Button, Card, Press, in_pairs, lines, short
from bot.job import STAND_INS, Job
from bot.masking import mask_name
from bot.number_list import Reason
from bot.offers import priced
from bot.preview import Terms, name_of, starter_of, titled
from bot.report import Doubt, SheetWords, Summary, result_name
from bot.texts import Html, Texts

COPIED_UNITS = 256
"""Telegram's limit for the text of a copy button."""
DOUBTS = {Doubt.MANY_UNDETERMINED: "summary-many-undetermined", Doubt.ALL_ALIKE: "summary-all-alike"}


@dataclass(frozen=True, slots=True)
class Totals:
    """What a finished job comes to, ready to be said."""

    summary: Summary
    cost: str | None


def totals_of(job: Job, terms: Terms, texts: Texts) -> Totals:
    """Sum a job up from its counts."""
    cost = cost_of(job, terms, texts)
    began = job.submitted_at or job.state_since
    summary = Summary(
        sent=job.valid,
        yes=job.yes,
        no=job.no,
        undetermined=job.undetermined,
        repeated=job.repeated,
        rejected=job.rejected,
        seconds=None if job.finished_at is None or not job.to_check else max(job.finished_at - began, 0.0),
        cost=cost,
        recalled=job.recalled,
    )
    return Totals(summary, cost)


def cost_of(job: Job, terms: Terms, texts: Texts) -> str | None:
    """Say what the check cost: the API's own word, else the price that the settings name for what was sent."""
    if job.to_check == 0:
        return texts.plain("summary-free")
    if job.amount:
        amount, _, currency = job.amount.partition(" ")
        try:
            return texts.money(Decimal(amount), currency)
        except InvalidOperation:
            return None
    cost = terms.cost(job.to_check)
    return None if cost is None else texts.money(cost, terms.currency)


class Way(StrEnum):
    """Where did the file go whose counts a group reads?"""

    SENT = "sent"
    """To who started the check, in private."""
    CLOSED = "closed"
    """Nowhere yet: they have no private chat with us, or blocked us."""
    KEPT = "kept"
    """Nowhere yet: Telegram does not say that they are in the group still."""
    FAILED = "failed"
    """Nowhere yet: Telegram does not take the file."""


def caption(job: Job, terms: Terms, texts: Texts, *, repeat: bool, group: str | None = None) -> Card:
    """Draw what stands under the workbook. Forwarded elsewhere it says what it is about.

    Args:
        job: A job whose result is stored.
        terms: The price.
        texts: The starter's language.
        repeat: The same file may be in the chat already.
        group: The title of the job's group, where the file goes to a person.
    """
    again = None if group else terms
    return Card(lines(_found(job, terms, texts), *_notes(texts, repeat, group)), result_buttons(job, texts, again))


def in_a_zip(card: Card, texts: Texts) -> Card:
    """Say under a workbook that its numbers and verdicts go in its place: Telegram takes no file of its size."""
    return replace(card, text=lines(card.text, texts.say("summary-zipped")))


def counts(job: Job, terms: Terms, texts: Texts, way: Way, *, link: str, repeat: bool) -> Card:
    """Draw what a group reads of a result whose file goes to a person: no number, no file.

    Args:
        job: A job whose result is stored.
        terms: The price.
        texts: The starter's language.
        way: Where the file went.
        link: An address by which who may have the file gets it in private.
        repeat: The same counts may be in the group already.
    """
    who = texts.plain("who-pressed") if job.starter_id in STAND_INS else starter_of(job)
    understood = job.yes + job.no + job.undetermined > 0
    said = lines(
        _found(job, terms, texts) if understood else _raw(job, texts),
        texts.say(f"counts-{way}", who=who),
        *_notes(texts, repeat, None),
    )
    private = Button(texts.plain("button-file-private"), Press(Action.FILE, job.token).pack())
    if way is Way.CLOSED:
        private = Button(private.label, url=link)
    more = _overviews(job, texts) if understood else ()
    return Card(said, (*in_pairs(private, *more), *_again(job, texts, terms if understood else None)))


def _found(job: Job, terms: Terms, texts: Texts) -> Html:
    counts = totals_of(job, terms, texts).summary
    doubt = DOUBTS.get(counts.doubtful) if counts.doubtful else None
    return lines(
        *verdict_lines(counts, texts),
        _changes(job, texts),
        origin(job, texts),
        _aside(counts, texts),
        texts.say(doubt) if doubt else None,
    )


def verdict_lines(counts: Summary, texts: Texts) -> list[Html]:
    """Say how many are yes, no and undetermined, with their shares."""
    return [
        texts.say("summary-answer", yes=counts.yes, count=counts.sent, percent=texts.percent(counts.yes, counts.sent)),
        texts.say("summary-no", count=counts.no, percent=texts.percent(counts.no, counts.sent)),
        texts.say(
            "summary-undetermined",
            count=counts.undetermined,
            percent=texts.percent(counts.undetermined, counts.sent),
        ),
    ]


def raw_caption(job: Job, texts: Texts, *, repeat: bool, group: str | None = None) -> Card:
    """Draw what stands under the API's own file, where it could not be understood."""
    what = texts.say("summary-raw-what", task=job.task_id)
    return Card(lines(_raw(job, texts), what, *_notes(texts, repeat, group)))


def _raw(job: Job, texts: Texts) -> Html:
    return lines(texts.say("summary-raw"), origin(job, texts, texts.plain("number-of", count=job.to_check)))


def origin(job: Job, texts: Texts, *more: str) -> Html:
    """Name the list, in a group who started it, whatever else there is to say, and the day of the result."""
    name, date = " · ".join((titled(job, texts), *more)), texts.day_there(job.finished_at or job.state_since)
    return texts.say("summary-origin", name=name, date=date)


def _notes(texts: Texts, repeat: bool, group: str | None) -> tuple[Html | None, ...]:  # noqa: FBT001  (three words)
    return (
        texts.say("summary-group", title=short(group)) if group else None,
        texts.say("summary-repeat") if repeat else None,
    )


def document(job: Job, *, workbook: bytes | None, raw: bytes | None) -> tuple[str, bytes]:
    """Name a result after its list, and give its bytes: the workbook, or the API's own file in place of it."""
    day = datetime.fromtimestamp(job.finished_at or job.state_since, UTC).date()
    name = result_name(file_name(job), day)
    if workbook is not None:
        return name, workbook
    return f"{name.removesuffix('.xlsx')}.{_ending(raw or b'')}", raw or b""


def file_name(job: Job) -> str | None:
    """Give the name of the list for the names of its files, which a group reads as well."""
    return job.name if job.chat_id > 0 or job.name is None else mask_name(job.name)


def _ending(raw: bytes) -> str:
    """Choose an ending that opens, from the first bytes of a file that could not be understood."""
    if raw.startswith(b"PK\x03\x04"):
        return "xlsx" if b"xl/" in raw[:4096] else "zip"
    return "txt" if b"\0" not in raw[:4096] else "bin"


def result_buttons(job: Job, texts: Texts, terms: Terms | None) -> tuple[tuple[Button, ...], ...]:
    """Draw the buttons under a result: its parts as files, its countries, its picture, its totals, its list once more.

    Args:
        job: A job whose result is stored.
        texts: The language.
        terms: What a check costs; None where the list cannot be checked again from here.
    """
    parts = (
        ("button-only-yes", job.yes, Action.ONLY_YES),
        ("button-only-no", job.no, Action.ONLY_NO),
        ("button-only-undetermined", job.undetermined, Action.ONLY_UNDETERMINED),
        ("button-newly", job.newly, Action.NEWLY),
        ("button-gone", job.gone, Action.GONE),
    )
    files = [
        Button(texts.plain(label, count=count), Press(action, job.token).pack())
        for label, count, action in parts
        if count
    ]
    return (*in_pairs(*files, *_overviews(job, texts)), *_again(job, texts, terms))


def _again(job: Job, texts: Texts, terms: Terms | None) -> tuple[tuple[Button, ...], ...]:
    """Offer the list once more: a preview asks before anything is charged."""
    if terms is None:
        return ()
    everything = Button(texts.plain("button-check-again"), Press(Action.CHECK_AGAIN, job.token).pack())
    if not job.undetermined or job.undetermined == job.valid:
        return ((everything,),)
    label = priced(texts.plain("button-check-undetermined"), job.undetermined, terms, texts)
    return (Button(label, Press(Action.CHECK_AGAIN, job.token).pack()),), (everything,)


def _overviews(job: Job, texts: Texts) -> tuple[Button, ...]:
    """Draw the buttons of what holds counts only and may be seen by a whole group."""
    return (
        Button(texts.plain("button-countries"), Press(Action.BY_COUNTRY, job.token).pack()),
        Button(texts.plain("button-picture"), Press(Action.PICTURE, job.token).pack()),
        Button(texts.plain("button-copy"), copies=_copied(job, texts)),
    )


def sheet_words(texts: Texts, regions: list[str]) -> SheetWords:
    """Give every word the workbook needs in this language."""
    return SheetWords(
        sent=texts.plain("sheet-sent"),
        yes=texts.plain("sheet-yes"),
        no=texts.plain("sheet-no"),
        undetermined=texts.plain("sheet-undetermined"),
        repeated=texts.plain("sheet-repeated"),
        rejected=texts.plain("sheet-rejected"),
        time=texts.plain("sheet-time"),
        cost=texts.plain("sheet-cost"),
        checked_now=texts.plain("sheet-checked-now"),
        recalled=texts.plain("sheet-recalled"),
        reasons={reason.value: texts.plain(f"reason-{reason.replace('_', '-')}") for reason in Reason},
        countries={region: texts.country(region) for region in regions},
    )


def _aside(counts: Summary, texts: Texts) -> Html:
    rejected = [
        texts.say("summary-repeated", count=counts.repeated) if counts.repeated else "",
        texts.say("summary-rejected", count=counts.rejected) if counts.rejected else "",
    ]
    checked_now = counts.sent - counts.recalled
    sent = [
        texts.say("summary-checked-now", count=checked_now) if checked_now else "",
        texts.say("summary-recalled", count=counts.recalled),
    ]
    parts = [
        *(sent if counts.recalled else [texts.say("summary-sent", count=counts.sent)]),
        *(part for part in rejected if part),
        texts.duration(counts.seconds) if counts.seconds is not None else "",
        counts.cost or "",
    ]
    return Html(f"<i>{' · '.join(part for part in parts if part)}</i>")


def _changes(job: Job, texts: Texts) -> Html | None:
    """Say what has changed of what was known, where all of it was checked again."""
    if not job.compares:
        return None
    if not job.newly and not job.gone:
        return texts.say("summary-unchanged")
    return texts.say("summary-changed", newly=job.newly, gone=job.gone)


def _copied(job: Job, texts: Texts) -> str:
    words = {
        "name": name_of(job, texts),
        "count": job.valid,
        "yes": job.yes,
        "no": job.no,
        "undetermined": job.undetermined,
        "yes_percent": texts.percent(job.yes, job.valid),
        "no_percent": texts.percent(job.no, job.valid),
        "undetermined_percent": texts.percent(job.undetermined, job.valid),
    }
    return texts.plain("totals", **words)[:COPIED_UNITS]
