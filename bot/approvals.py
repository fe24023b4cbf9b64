"""The question whether a large list may be checked: for the bot's admins, and what the chat of the list sees of it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.cards import Action, Button, Card, Press, Style, lines, short
from bot.job import Job, JobState
from bot.preview import Terms, name_of
from bot.texts import Html, Texts


class Decision(StrEnum):
    """How did the question end?"""

    APPROVED = "approved"
    DECLINED = "declined"
    CHANGED = "changed"
    """The list changed: what was asked about is not there any more."""
    OVER = "over"
    """The list was cancelled, expired, or went to the check without it."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One question. Times are seconds since 1970 (UTC)."""

    id: int
    token: str
    """Unguessable, in the buttons of the admins' messages."""
    job_id: int
    revision: int
    """What of the list was shown to the person who asks."""
    numbers: int
    asked_by: int
    """Whose quota it is."""
    asked_by_name: str
    asked_at: float
    decision: Decision | None
    decided_by: int | None
    decided_by_name: str | None
    decided_at: float | None
    told_at: float | None
    """When the chat of the list heard that the answer is no."""
    only_new: bool
    """Only the numbers that the chat does not know yet are to be checked."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a list that is previewed stands with the admins."""

    above: int
    """Lists of more numbers than this need an admin's yes."""
    latest: Approval | None = None
    nobody_reached: bool = False
    """None of the admins could be asked."""
    starter_decides: bool = False
    """Whose list it is is an admin, whose press is enough."""

    def is_asked(self, job: Job) -> bool:
        """Say whether the admins are asked about the list as it is now."""
        latest = self.latest
        return latest is not None and latest.decision is None and latest.revision == job.list_revision


def question(job: Job, approval: Approval, terms: Terms, texts: Texts, *, title: str | None) -> Card:
    """Ask an admin: who wants it, where, how many and how much, and nothing of what is on the list.

    Args:
        job: The job.
        approval: The question.
        terms: What a check costs.
        texts: The admin's language.
        title: What the group of the list is called.
    """
    approve = Press(Action.APPROVE, approval.token).pack()
    label = texts.plain("button-approve", count=approval.numbers)
    said = lines(_title(approval, texts), _where(job, approval, texts, title), _cost(approval.numbers, terms, texts))
    return Card(
        said,
        (
            (Button(label, approve, Style.SUCCESS),),
            (Button(texts.plain("button-not-now"), Press(Action.NOT_NOW, approval.token).pack()),),
        ),
    )


def decided(job: Job, approval: Approval, texts: Texts, *, title: str | None) -> Card:
    """Let the message that asked say how it ended, without buttons; ``job`` is the job as it is now."""
    return Card(lines(_title(approval, texts), _where(job, approval, texts, title), _ending(job, approval, texts)))


def not_now(job: Job, approval: Approval, texts: Texts) -> Card:
    """Tell the chat of the list that the answer is no."""
    return Card(
        texts.say(
            "approval-told",
            name=name_of(job, texts),
            admin=short(approval.decided_by_name or ""),
            asker=short(approval.asked_by_name),
        )
    )


def beside_preview(card: Card, job: Job, standing: Standing, texts: Texts) -> Card:
    """Put under a preview how the list stands with the admins.

    In a private chat no admin can press, so the button for it is left out while they are asked.
    """
    if not standing.is_asked(job):
        if standing.latest is not None and standing.latest.decision is Decision.CHANGED:
            return replace(card, text=lines(card.text, texts.say("preview-changed-since-asked")))
        needs = None if standing.starter_decides else texts.say("preview-needs-admin", limit=standing.above)
        return replace(card, text=lines(card.text, needs))
    if standing.nobody_reached or standing.latest is None:
        return replace(card, text=lines(card.text, texts.say("preview-no-admin")))
    asked = texts.say(
        "preview-admin-asked",
        asker=short(standing.latest.asked_by_name),
        date=texts.day_there(standing.latest.asked_at),
        time=texts.clock_there(standing.latest.asked_at),
    )
    large = {Action.CHECK, Action.CHECK_NEW} if job.new > standing.above else {Action.CHECK}
    rows = (
        card.rows if job.chat_id < 0 else tuple(row for row in card.rows if not any(_asks(one, large) for one in row))
    )
    return Card(lines(card.text, asked), rows)


def _asks(button: Button, actions: Collection[Action]) -> bool:
    press = Press.unpack(button.data)
    return press is not None and press.action in actions


def _title(approval: Approval, texts: Texts) -> Html:
    return texts.say("approval-title", asker=short(approval.asked_by_name), count=approval.numbers)


def _where(job: Job, approval: Approval, texts: Texts, title: str | None) -> Html:
    person = str(approval.asked_by)
    if job.chat_id > 0:
        return texts.say("approval-in-private", person=person)
    return texts.say("approval-in-group", person=person, title=short(title or ""), chat=str(job.chat_id))


def _cost(count: int, terms: Terms, texts: Texts) -> Html:
    cost, time = terms.cost(count), texts.duration(terms.seconds(count))
    if cost is None:
        return texts.say("approval-time", time=time)
    return texts.say("approval-cost", time=time, **texts.price(cost, terms.currency))


def _ending(job: Job, approval: Approval, texts: Texts) -> Html:
    decision = approval.decision or Decision.OVER
    if decision in {Decision.APPROVED, Decision.DECLINED}:
        at = approval.decided_at or approval.asked_at
        admin = short(approval.decided_by_name or "")
        return texts.say(f"approval-{decision}", admin=admin, date=texts.day_there(at), time=texts.clock_there(at))
    if decision is Decision.CHANGED:
        return texts.say("approval-changed")
    ended = {JobState.CANCELLED: "approval-cancelled", JobState.EXPIRED: "approval-expired"}
    return texts.say(ended.get(job.state, "approval-started"))
