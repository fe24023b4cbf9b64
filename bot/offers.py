"""What a preview offers: to check the new numbers or all, for how much, or the result of what is known already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cards import Action, Button, Press, Style
from bot.job import Failure

if TYPE_CHECKING:
    from bot.job import Job
    from bot.preview import Terms
    from bot.texts import Html, Texts


def said_of_known(
    job: Job, count: int, terms: Terms, texts: Texts, *, days: int, before: Job | None
) -> tuple[Html | None, ...]:
    """Say how much of a list is known, and what the new ones and all of them cost.

    Args:
        job: A job in ``confirming`` of which something is known.
        count: How many valid numbers were read.
        terms: Price and pace.
        texts: The starter's language.
        days: What was found in so many days counts.
        before: The very same list, checked before, whose result is offered and told: that says enough of what is
            known, unless other lists have added to it since.
    """
    new, everything = count - job.known, _estimate(count, terms, texts)
    if not new:
        known = None if before else texts.say("preview-all-known", count=count, days=days)
        return known, texts.say("preview-all-again", all=everything)
    left = _are_undetermined(new, before)
    what = "undetermined" if left else "new"
    known = None if left else texts.say("preview-known", known=job.known, count=count, new=new, days=days)
    if _takes(new, terms):
        only = _estimate(new, terms, texts)
        return known, texts.say("preview-choice", what=what, count=new, new=only, all=everything)
    alone = _takes(count, terms) and job.failure is not Failure.TOO_SMALL
    too_few = texts.say("preview-new-minimum", what=what, count=new, minimum=terms.minimum) if alone else None
    return known, too_few, texts.say("preview-all-again", all=everything)


def checks(job: Job, count: int, terms: Terms, texts: Texts, *, before: Job | None) -> list[tuple[Button, ...]]:
    """Draw the buttons that begin a check: the best one first, each for what is shown now."""
    revision, new = str(job.read_revision), count - job.known
    everything, only_new = (Press(action, job.token, revision).pack() for action in (Action.CHECK, Action.CHECK_NEW))
    if not job.known:
        return [(Button(texts.plain("button-check", count=count), everything, Style.SUCCESS),)]
    first: list[tuple[Button, ...]] = []
    if new == 0 and before is None:
        first = [(Button(texts.plain("button-result-free"), only_new, Style.SUCCESS),)]
    elif new > 0 and _takes(new, terms):
        which = "button-check-left" if _are_undetermined(new, before) else "button-check-new"
        label = priced(texts.plain(which, count=new), new, terms, texts)
        first = [(Button(label, only_new, Style.SUCCESS),)]
    sentence = "button-check-all" if new and before is None else "button-check-all-again"
    label = priced(texts.plain(sentence, count=count), count, terms, texts)
    # Where the result is offered for free, paying is not what the eye should fall on.
    return [*first, (Button(label, everything, None if first or not new else Style.SUCCESS),)]


def priced(label: str, count: int, terms: Terms, texts: Texts) -> str:
    """Put the price of so many numbers beside what a button says, where there is one."""
    cost = terms.cost(count)
    return label if cost is None else f"{label} · {texts.plain('button-price', **texts.price(cost, terms.currency))}"


def _are_undetermined(new: int, before: Job | None) -> bool:
    """Say whether the new ones are those that the check of the very same list left undetermined."""
    return before is not None and 0 < new == before.undetermined


def _takes(count: int, terms: Terms) -> bool:
    """Say whether the API would take so few."""
    return terms.minimum is None or count >= terms.minimum


def _estimate(count: int, terms: Terms, texts: Texts) -> str:
    cost, time = terms.cost(count), texts.duration(terms.seconds(count))
    return time if cost is None else texts.plain("preview-estimate", time=time, **texts.price(cost, terms.currency))
