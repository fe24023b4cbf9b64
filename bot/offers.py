"""What a preview offers: to check the new numbers or all, for how much, or the result of what is known already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cards import Action, Button, Press, Style
from bot.job import Failure

if TYPE_CHECKING:
    from bot.job import Job
    from bot.preview import Terms
    from bot.texts import Html, Texts


def said_of_known(job: Job, terms: Terms, texts: Texts, *, days: int, offered: bool) -> tuple[Html | None, ...]:
    """Say how much of a list is known, and what the new ones and all of them cost.

    Args:
        job: A job in ``confirming`` of which something is known.
        terms: Price and pace.
        texts: The starter's language.
        days: What was found in so many days counts.
        offered: The result of the very same list is offered, which says enough of what is known.
    """
    everything = _estimate(job.valid, terms, texts)
    if not job.new:
        known = None if offered else texts.say("preview-all-known", count=job.valid, days=days)
        return known, texts.say("preview-all-again", all=everything)
    too_few = None
    if not _takes_new(job, terms) and job.failure is not Failure.TOO_SMALL and job.valid >= (terms.minimum or 0):
        too_few = texts.say("preview-new-minimum", count=job.new, minimum=terms.minimum)
    return (
        texts.say("preview-known", known=job.known, count=job.valid, days=days),
        too_few,
        texts.say("preview-choice", new=_estimate(job.new, terms, texts), all=everything)
        if _takes_new(job, terms)
        else texts.say("preview-all-again", all=everything),
    )


def checks(job: Job, terms: Terms, texts: Texts, *, offered: bool) -> list[tuple[Button, ...]]:
    """Draw the buttons that begin a check: the best one first, each for what is shown now."""
    revision = str(job.read_revision)
    everything, new = (Press(action, job.token, revision).pack() for action in (Action.CHECK, Action.CHECK_NEW))
    if not job.known:
        return [(Button(texts.plain("button-check", count=job.valid), everything, Style.SUCCESS),)]
    first: list[tuple[Button, ...]] = []
    if job.new == 0:
        label = _priced("button-check-all-again", job.valid, terms, texts)
        if not offered:
            first = [(Button(texts.plain("button-result-free"), new, Style.SUCCESS),)]
    else:
        label = _priced("button-check-all", job.valid, terms, texts)
        if _takes_new(job, terms):
            first = [(Button(_priced("button-check-new", job.new, terms, texts), new, Style.SUCCESS),)]
    return [*first, (Button(label, everything, None if first else Style.SUCCESS),)]


def priced(label: str, count: int, terms: Terms, texts: Texts) -> str:
    """Put the price of so many numbers beside what a button says, where there is one."""
    cost = terms.cost(count)
    return label if cost is None else f"{label} · {texts.money(cost, terms.currency)}"


def _priced(sentence: str, count: int, terms: Terms, texts: Texts) -> str:
    return priced(texts.plain(sentence, count=count), count, terms, texts)


def _takes_new(job: Job, terms: Terms) -> bool:
    """Say whether the API would take the new ones alone."""
    return terms.minimum is None or job.new >= terms.minimum


def _estimate(count: int, terms: Terms, texts: Texts) -> str:
    cost, time = terms.cost(count), texts.duration(terms.seconds(count))
    return time if cost is None else texts.plain("preview-estimate", time=time, **texts.price(cost, terms.currency))
