"""What admins read who are asked about a large list, and what its own chat sees of that."""

from decimal import Decimal
from typing import Any

import pytest

from bot.approvals import Approval, Decision, Standing, beside_preview, decided, not_now, question
from bot.cards import Action, Button, Card, Press
from bot.job import JobState
from bot.preview import Terms
from bot.texts import Html, Texts, load_texts
from tests.fakes import ANNA, LONG_NAME, MOST, NOW, TEAM, a_job, seen, units

EN, RU = load_texts()["en"], load_texts()["ru"]
TERMS = Terms(Decimal("0.15"), "USD", pace=12.0, minimum=None)
CHECK = Button("Check 20,000 numbers", Press(Action.CHECK, "t", "1").pack())
CANCEL = Button("Cancel", Press(Action.CANCEL, "t").pack())
PREVIEW = Card(Html("the preview"), ((CHECK,), (CANCEL,)))
ENDED = {"decision": Decision.APPROVED, "decided_by": 13, "decided_by_name": "Ada", "decided_at": NOW + 60.0}


def approval(**changed: Any) -> Approval:
    values: dict[str, Any] = dict.fromkeys(Approval.__slots__)
    values |= {
        "id": 1,
        "token": "tokentokentoken1",
        "job_id": 1,
        "revision": 1,
        "numbers": 20_000,
        "asked_by": ANNA["id"],
        "asked_by_name": "Anna",
        "asked_at": float(NOW),
    }
    return Approval(**(values | changed))


def test_an_admin_reads_who_asks_where_how_many_and_how_much() -> None:
    card = question(a_job(chat_id=TEAM["id"]), approval(), TERMS, EN, title="Sales & <b>Co</b>")
    assert seen(card.text) == (
        "Anna asks for a check of 20,000 numbers.\n"
        "Group: Sales & <b>Co</b> -100500. Person: 11.\n"
        "About $3.00. It takes 28 min. Nothing is charged until you approve."
    )
    assert [[button.label for button in row] for row in card.rows] == [["Approve 20,000 numbers"], ["Not now"]]
    assert [button.data for row in card.rows for button in row] == [
        "approve:tokentokentoken1:",
        "notnow:tokentokentoken1:",
    ]


def test_nothing_of_what_is_on_the_list_is_told() -> None:
    card = question(a_job(name="secret_base.txt"), approval(), TERMS, EN, title=None)
    assert "secret" not in card.text
    assert "In a private chat. Person: 11." in seen(card.text)


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
def test_the_longest_question_fits_and_is_escaped(texts: Texts) -> None:
    job = a_job(chat_id=-(10**13), valid=MOST)
    asked = approval(numbers=MOST, asked_by_name=LONG_NAME, token="x" * 16)
    ended = approval(numbers=MOST, asked_by_name=LONG_NAME, **(ENDED | {"decided_by_name": LONG_NAME}))
    for card in (
        question(job, asked, TERMS, texts, title=LONG_NAME),
        decided(job, ended, texts, title=LONG_NAME),
        not_now(job, ended, texts),
        beside_preview(PREVIEW, job, Standing(MOST, asked), texts),
    ):
        assert units(card.text) <= 4096
        assert "<b>&amp;" not in card.text
        assert all(len((button.data or "").encode()) <= 64 for row in card.rows for button in row)


@pytest.mark.parametrize(
    ("job", "changed", "said"),
    [
        ({}, ENDED, "Approved by Ada, Sep 21, 2026, 14:14 UTC."),
        ({}, ENDED | {"decision": Decision.DECLINED}, "Not now, said Ada, Sep 21, 2026, 14:14 UTC."),
        ({}, {"decision": Decision.CHANGED}, "The list has changed since, so there is nothing to approve any more."),
        (
            {"state": JobState.CANCELLED},
            {"decision": Decision.OVER},
            "The list was cancelled. Nothing was charged.",
        ),
        (
            {"state": JobState.EXPIRED},
            {"decision": Decision.OVER},
            "Nobody answered in three days, and the list was put away. Nothing was charged.",
        ),
        ({"state": JobState.CHECKING}, {"decision": Decision.OVER}, "The list is on its way without this."),
    ],
)
def test_the_question_ends_as_what_became_of_it(job: dict[str, Any], changed: dict[str, Any], said: str) -> None:
    card = decided(a_job(**job), approval(**changed), EN, title=None)
    assert seen(card.text) == f"Anna asks for a check of 20,000 numbers.\nIn a private chat. Person: 11.\n{said}"
    assert card.rows == ()


def test_the_count_is_the_one_that_was_asked_about() -> None:
    card = decided(a_job(valid=7), approval(decision=Decision.CHANGED), EN, title=None)
    assert "20,000" in card.text


def test_the_chat_hears_who_said_no_to_whom() -> None:
    card = not_now(a_job(), approval(**(ENDED | {"decision": Decision.DECLINED})), EN)
    assert seen(card.text) == (
        "base_nov.txt: Ada says not now to Anna. Nothing was charged; the list waits for its press as before."
    )


def beside(standing: Standing, **job: Any) -> tuple[str, list[str]]:
    card = beside_preview(PREVIEW, a_job(**job), standing, EN)
    assert card.text.startswith("the preview")
    return seen(card.text).removeprefix("the preview").strip(), [button.label for row in card.rows for button in row]


def test_before_anybody_is_asked_the_preview_says_that_an_admin_is_needed() -> None:
    both = [CHECK.label, CANCEL.label]
    assert beside(Standing(10_000)) == ("Lists of more than 10,000 numbers also need an admin’s yes.", both)
    assert beside(Standing(10_000, starter_decides=True)) == ("", both)
    declined = approval(**(ENDED | {"decision": Decision.DECLINED}))
    assert beside(Standing(10_000, declined))[0].startswith("Lists of more than")


def test_while_the_admins_are_asked_the_preview_says_by_whom_and_keeps_cancel() -> None:
    said = (
        "The admins have been asked by Anna, Sep 21, 2026, 14:13 UTC. "
        "The check begins when one of them says yes; nothing is charged before."
    )
    assert beside(Standing(10_000, approval())) == (said, [CANCEL.label])
    assert beside(Standing(10_000, approval()), chat_id=TEAM["id"]) == (said, [CHECK.label, CANCEL.label])
    assert beside(Standing(10_000, approval(), starter_decides=True))[0] == said


def test_where_no_admin_can_be_reached_the_preview_says_what_to_do() -> None:
    said, labels = beside(Standing(10_000, approval(), nobody_reached=True))
    assert "none of them has opened a chat with me" in said
    assert "Ask one to write /start to me in private, or press again later." in said
    assert labels == [CHECK.label, CANCEL.label]


def test_a_list_that_has_changed_since_asks_for_another_press() -> None:
    changed = "The list has changed since the admins were asked, so that question is closed. Press to ask again."
    assert beside(Standing(10_000, approval(decision=Decision.CHANGED)))[0] == changed
    standing = Standing(10_000, approval())
    assert not standing.is_asked(a_job(list_revision=2))  # added to, and not read yet
