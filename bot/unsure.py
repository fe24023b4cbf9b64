"""The question about a submit whose outcome nobody knows: for the chat of the list, and for the bot's admins."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.cards import Action, Button, Card, Press, Style, lines
from bot.job import Failure, Job
from bot.preview import Terms, titled
from bot.task_ids import Doubt, begun_at, short_name
from bot.texts import Html, Texts

LISTED = 20
"""How many unsure lists one message shows."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What was on the account before an attempt and after it; evidence for people, and no proof."""

    before: Decimal
    after: Decimal


def unsure(
    job: Job, terms: Terms, texts: Texts, balances: Compared | None = None, *, in_admins_chat: bool = False
) -> Card:
    """Ask the chat of the list what to do.

    Args:
        job: The unsure job.
        terms: What a check costs.
        texts: The language.
        balances: What was on the account, where that is known and nothing else can have changed it.
        in_admins_chat: An admin of the bot reads this, who may know the task's id.
    """
    said = lines(texts.say("unsure-title", name=titled(job, texts)), *what_is_known(job, terms, texts, balances))
    return Card(said, decisions(job, texts, knows_task=in_admins_chat))


def what_is_known(job: Job, terms: Terms, texts: Texts, balances: Compared | None = None) -> list[Html]:
    """Say what happened to an unsure list, and what speaks for a charge."""
    said = (
        texts.say(f"unsure-{_cause(job)}", time=texts.clock_there(_sent_at(job))),
        *_evidence(job, terms, texts, balances),
        texts.say("unsure-promise"),
    )
    return [one for one in said if one is not None]


def unsure_for_admin(job: Job, terms: Terms, texts: Texts, balances: Compared | None = None) -> Card:
    """Tell an admin of an unsure job of another chat: where, when and how large, and nothing of what is on the list."""
    at = _sent_at(job)
    said = lines(
        texts.say("admin-unsure-title", count=job.to_check),
        texts.say("admin-unsure-where", chat=str(job.chat_id), date=texts.day_there(at)),
        texts.say(f"unsure-{_cause(job)}", time=texts.clock_there(at)),
        *_evidence(job, terms, texts, balances),
        texts.say("admin-unsure-what-to-do"),
    )
    return Card(said, decisions(job, texts, knows_task=True))


def unsure_list(jobs: Sequence[Job], texts: Texts) -> Card:
    """List all unsure jobs of all chats, each with a button that brings its question."""
    if not jobs:
        return Card(texts.say("unsure-list-none"))
    shown = jobs[:LISTED]
    said = [
        texts.say(
            "unsure-list-line",
            number=str(number),
            date=texts.day_there(_sent_at(job)),
            time=texts.clock_there(_sent_at(job)),
            chat=str(job.chat_id),
            count=texts.plain("number-of", count=job.to_check),
        )
        for number, job in enumerate(shown, 1)
    ]
    more = texts.say("unsure-list-more", count=len(jobs) - LISTED) if len(jobs) > LISTED else None
    rows = [
        (
            Button(
                texts.plain("button-decide", number=str(number), count=texts.plain("number-of", count=job.to_check)),
                Press(Action.DECIDE, job.token).pack(),
            ),
        )
        for number, job in enumerate(shown, 1)
    ]
    return Card(lines(texts.say("unsure-list-title", count=len(jobs)), *said, more), tuple(rows))


def doubtful(job: Job, task_id: str, doubt: Doubt, texts: Texts) -> Card:
    """Warn that a task's id does not look like the one of this attempt; it may still be used."""
    at, began = _sent_at(job), begun_at(task_id)
    if doubt is Doubt.OTHER_TIME and began is not None:
        warning = texts.say(
            "task-id-other-time",
            began=Html(f"{texts.day_there(began)}, {texts.clock_there(began)}"),
            sent=Html(f"{texts.day_there(at)}, {texts.clock_there(at)}"),
        )
    else:
        warning = texts.say("task-id-unusual", task=task_id)
    use = Press(Action.USE_TASK, job.token, short_name(task_id)).pack()
    return Card(
        lines(warning, texts.say("task-id-again")),
        ((Button(texts.plain("button-use-task"), use, Style.DANGER),),),
    )


def _evidence(job: Job, terms: Terms, texts: Texts, balances: Compared | None) -> tuple[Html | None, ...]:
    cost = terms.cost(job.to_check)
    return (
        texts.say("unsure-charged")
        if cost is None
        else texts.say("unsure-charged-cost", **texts.price(cost, terms.currency)),
        None
        if balances is None
        else texts.say(
            "unsure-balances",
            before=texts.balance(balances.before, terms.currency),
            after=texts.balance(balances.after, terms.currency),
        ),
    )


def decisions(job: Job, texts: Texts, *, knows_task: bool) -> tuple[tuple[Button, ...], ...]:
    """Draw the buttons that decide about an unsure list; only who sees the API's account knows a task's id."""
    attempt = str(job.attempts)
    task = Button(texts.plain("button-task-id"), Press(Action.TASK_ID, job.token, attempt).pack())
    again = Press(Action.SEND_AGAIN, job.token, attempt).pack()
    return (
        *(((task,),) if knows_task else ()),
        (Button(texts.plain("button-send-again"), again, Style.DANGER),),
        (Button(texts.plain("button-close"), Press(Action.CLOSE, job.token).pack()),),
    )


def _cause(job: Job) -> str:
    return "stopped" if job.failure is Failure.STOPPED_MIDWAY else "connection"


def _sent_at(job: Job) -> float:
    return job.submitted_at or job.state_since
