"""The question about a submit whose outcome nobody knows, as people read it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.cards import Action, Card, Press
from bot.job import Failure, Job, JobState
from bot.preview import Terms
from bot.task_ids import Doubt
from bot.texts import Texts, load_texts
from bot.unsure import LISTED, Compared, doubtful, unsure, unsure_for_admin, unsure_list
from tests.fakes import LONG_NAME, MOST, NOW, TEAM, a_job, seen, units

EN, RU = load_texts()["en"], load_texts()["ru"]
TERMS = Terms(price_per_1000=Decimal("0.15"), currency="USD", pace=12.0, minimum=None)
JOB = a_job(
    state=JobState.UNSURE,
    failure=Failure.CONNECTION_BROKE,
    valid=4912,
    attempts=1,
    submitted_at=float(NOW),
    chat_id=TEAM["id"],
    name="base_nov.txt",
)
SAME = Compared(Decimal("20.08"), Decimal("20.08"))


def actions(card: Card) -> list[Action]:
    presses = [Press.unpack(button.data) for row in card.rows for button in row]
    return [press.action for press in presses if press is not None]


def test_the_question_says_what_was_on_the_account_before_and_after() -> None:
    assert seen(unsure(JOB, TERMS, EN, SAME).text).split("\n") == [
        "base_nov.txt · Anna: was the list accepted?",
        "I sent it at 14:13 UTC, and the connection broke before an answer came.",
        "It may have been charged, about $0.74.",
        "Balance before and after: $20.08 and $20.08.",
        "I will not send it again by myself.",
    ]
    assert "Баланс до и после: $20,08 и $20,08." in unsure(JOB, TERMS, RU, SAME).text


def test_a_difference_of_less_than_a_cent_is_seen() -> None:
    compared = Compared(Decimal(20), Decimal("19.99955"))

    assert "$20.00 and $19.99955." in unsure(JOB, TERMS, EN, compared).text


def test_where_nothing_was_compared_nothing_is_said_of_the_account() -> None:
    assert "alance" not in unsure(JOB, TERMS, EN).text


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("draw", [unsure, unsure_for_admin])
@pytest.mark.parametrize("failure", [Failure.CONNECTION_BROKE, Failure.STOPPED_MIDWAY])
def test_every_question_says_that_it_may_have_been_charged(texts: Texts, draw: object, failure: Failure) -> None:
    assert callable(draw)
    for terms in (TERMS, replace(TERMS, price_per_1000=None)):
        said = seen(draw(replace(JOB, failure=failure), terms, texts).text).lower()
        assert ("may have been charged" if texts is EN else "могли быть списаны деньги") in said


def test_only_where_an_admin_reads_it_the_task_can_be_named() -> None:
    assert actions(unsure(JOB, TERMS, EN)) == [Action.SEND_AGAIN, Action.CLOSE]
    assert actions(unsure(JOB, TERMS, EN, in_admins_chat=True)) == [Action.TASK_ID, Action.SEND_AGAIN, Action.CLOSE]
    assert actions(unsure_for_admin(JOB, TERMS, EN)) == [Action.TASK_ID, Action.SEND_AGAIN, Action.CLOSE]


def test_an_admin_is_told_where_when_and_how_large_and_nothing_of_the_list() -> None:
    said = seen(unsure_for_admin(JOB, TERMS, EN, SAME).text)

    assert said.split("\n")[:2] == ["A list of 4,912 numbers: was it accepted?", "Chat -100500, Sep 21, 2026."]
    assert "$20.08 and $20.08" in said
    assert "base_nov" not in said
    assert "Anna" not in said


def test_the_list_of_all_names_each_with_a_button() -> None:
    card = unsure_list([JOB, replace(JOB, id=2, token="other", valid=1, to_check=1)], EN)

    assert seen(card.text).split("\n") == [
        "2 lists wait for a decision. Each may have been charged.",
        "1. Sep 21, 2026, 14:13 UTC · 4,912 numbers · chat -100500",
        "2. Sep 21, 2026, 14:13 UTC · 1 number · chat -100500",
    ]
    assert [row[0].label for row in card.rows] == ["1 · 4,912 numbers", "2 · 1 number"]
    assert [row[0].data for row in card.rows] == [f"decide:{JOB.token}:", "decide:other:"]


def test_a_list_of_none_says_so() -> None:
    assert unsure_list([], EN) == Card(EN.say("unsure-list-none"))


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
def test_whatever_there_is_fits_into_a_message(texts: Texts) -> None:
    job: Job = replace(
        JOB, name=LONG_NAME, starter_name=LONG_NAME, valid=MOST, to_check=MOST, chat_id=-1_001_234_567_890
    )

    assert units(unsure(job, TERMS, texts, SAME).text) <= 4096
    assert units(unsure_for_admin(job, TERMS, texts, SAME).text) <= 4096
    many = unsure_list([job] * (LISTED + 5), texts)
    assert units(many.text) <= 4096
    assert len(many.rows) == LISTED
    assert ("and 5 more" if texts is EN else "ещё 5") in many.text
    for card in (unsure(job, TERMS, texts, in_admins_chat=True), many, doubtful(job, "x" * 64, Doubt.UNUSUAL, texts)):
        assert all(len((button.data or "").encode()) <= 64 for row in card.rows for button in row)


def test_a_doubt_about_the_time_names_both_times() -> None:
    said = seen(doubtful(JOB, "cs9viu7i61pkfs4oavvg", Doubt.OTHER_TIME, EN).text)

    assert "began at Oct 19, 2024, 18:24 UTC, but the list was sent at Sep 21, 2026, 14:13 UTC" in said


def test_a_doubt_about_the_shape_quotes_the_id_as_it_is() -> None:
    assert "<code>&lt;b&gt;1</code>" in doubtful(JOB, "<b>1", Doubt.UNUSUAL, EN).text
