"""The summary: the counts in words, as the caption of the result, with its buttons."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from bot.cards import Action, Button, Card, Press, lines
from bot.job import Job
from bot.number_list import Reason
from bot.preview import Terms, name_of
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
        seconds=None if job.finished_at is None else max(job.finished_at - began, 0.0),
        cost=cost,
    )
    return Totals(summary, cost)


def cost_of(job: Job, terms: Terms, texts: Texts) -> str | None:
    """Say what the check cost: the API's own word, else the price that the settings name."""
    if job.amount:
        amount, _, currency = job.amount.partition(" ")
        try:
            return texts.money(Decimal(amount), currency)
        except InvalidOperation:
            return None
    cost = terms.cost(job.valid)
    return None if cost is None else texts.money(cost, terms.currency)


def caption(job: Job, terms: Terms, texts: Texts, *, repeat: bool) -> Card:
    """Draw what stands under the workbook.

    Args:
        job: A job whose result is stored.
        terms: The price.
        texts: The starter's language.
        repeat: The same file may be in the chat already.
    """
    counts = totals_of(job, terms, texts).summary
    doubt = DOUBTS.get(counts.doubtful) if counts.doubtful else None
    text = lines(
        texts.say("summary-answer", yes=counts.yes, count=counts.sent, percent=texts.percent(counts.yes, counts.sent)),
        texts.say("summary-no", count=counts.no, percent=texts.percent(counts.no, counts.sent)),
        texts.say(
            "summary-undetermined",
            count=counts.undetermined,
            percent=texts.percent(counts.undetermined, counts.sent),
        ),
        _aside(counts, texts),
        texts.say(doubt) if doubt else None,
        texts.say("summary-repeat") if repeat else None,
    )
    return Card(text, result_buttons(job, texts))


def raw_caption(job: Job, texts: Texts, *, repeat: bool) -> Card:
    """Draw what stands under the API's own file, where it could not be understood."""
    return Card(
        lines(
            texts.say("summary-raw"),
            texts.say("summary-raw-what", task=job.task_id),
            texts.say("summary-repeat") if repeat else None,
        ),
    )


def document(job: Job, *, workbook: bytes | None, raw: bytes | None) -> tuple[str, bytes]:
    """Name a result after its list, and give its bytes: the workbook, or the API's own file in place of it."""
    day = datetime.fromtimestamp(job.finished_at or job.state_since, UTC).date()
    name = result_name(job.name, day)
    if workbook is not None:
        return name, workbook
    return f"{name.removesuffix('.xlsx')}.{_ending(raw or b'')}", raw or b""


def _ending(raw: bytes) -> str:
    """Choose an ending that opens, from the first bytes of a file that could not be understood."""
    if raw.startswith(b"PK\x03\x04"):
        return "xlsx" if b"xl/" in raw[:4096] else "zip"
    return "txt" if b"\0" not in raw[:4096] else "bin"


def result_buttons(job: Job, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    """Draw the buttons under a result: its parts as files, its totals to copy."""
    files = []
    if job.yes:
        label = texts.plain("button-only-yes", count=job.yes)
        files.append(Button(label, Press(Action.ONLY_YES, job.token).pack()))
    if job.undetermined:
        label = texts.plain("button-only-undetermined", count=job.undetermined)
        files.append(Button(label, Press(Action.ONLY_UNDETERMINED, job.token).pack()))
    copied = Button(texts.plain("button-copy"), copies=_copied(job, texts))
    return ((*files,), (copied,)) if files else ((copied,),)


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
        reasons={reason.value: texts.plain(f"reason-{reason.replace('_', '-')}") for reason in Reason},
        countries={region: texts.country(region) for region in regions},
    )


def _aside(counts: Summary, texts: Texts) -> Html:
    rejected = [
        texts.say("summary-repeated", count=counts.repeated) if counts.repeated else "",
        texts.say("summary-rejected", count=counts.rejected) if counts.rejected else "",
    ]
    parts = [
        texts.say("summary-sent", count=counts.sent),
        *(part for part in rejected if part),
        texts.duration(counts.seconds) if counts.seconds is not None else "",
        counts.cost or "",
    ]
    return Html(f"<i>{' · '.join(part for part in parts if part)}</i>")


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
