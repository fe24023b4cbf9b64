from dataclasses import replace
from decimal import Decimal

import pytest

from bot.cards import Action, Press
from bot.history import Kept, Seen, Spot, ask_to_forget, job_card, page
from bot.job import Failure, Job, JobState, Waiting
from bot.numbers import read_numbers, summarise
from bot.preview import Terms
from bot.searching import search_for
from bot.texts import Texts, load_texts
from tests.fakes import NOW, TEAM, a_job, seen

EN, RU = load_texts()["en"], load_texts()["ru"]
TERMS = Terms(Decimal("0.15"), "USD", pace=12.0, minimum=None)
ALL = Kept(messages=True, numbers=True, verdicts=False, raw=False)
RESULT = replace(ALL, verdicts=True)
GONE = Kept(messages=False, numbers=False, verdicts=False, raw=False)
SEEN = Seen(ALL, TERMS, float(NOW))
READING = summarise(read_numbers("+79123456789\n+77011234567\n+7 912\n+44 12\n+33 1")).to_json()
LIST = a_job(valid=2, rejected=3, reading=READING, card_message_id=5, read_revision=1)
PAID = replace(LIST, to_check=2, task_id="task-7", attempts=1, submitted_at=float(NOW), amount="0.74 USD")
CHECKED = replace(PAID, state=JobState.DONE, yes=1, undetermined=1, finished_at=NOW + 420.0)

FILES = ("Result file", "Only yes · 1", "Undetermined · 1", "Countries", "Picture", "Copy totals")
AGAIN = ("Check undetermined · < $0.01", "Check all again")


def labels(job: Job, known: Seen = SEEN, texts: Texts = EN) -> list[str]:
    return [button.label for row in job_card(job, Spot(search_for("", NOW)), known, texts).rows for button in row]


def said(job: Job, known: Seen = SEEN, texts: Texts = EN) -> str:
    return seen(job_card(job, Spot(search_for("", NOW)), known, texts).text)


@pytest.mark.parametrize(
    ("job", "kept", "words", "buttons"),
    [
        (replace(LIST, state=JobState.READING, read_revision=0, reading=None), ALL, "I am reading it right now.", []),
        (LIST, ALL, "It waits for a press", ["Show its message", "Rejected lines · 3", "Cancel", "Forget …"]),
        (
            replace(LIST, state=JobState.QUEUED, waiting=Waiting.MONEY),
            ALL,
            "out of money",
            ["Rejected lines · 3", "Cancel", "Forget …"],
        ),
        (replace(LIST, state=JobState.SUBMITTING), ALL, "Handing the list over", ["Rejected lines · 3"]),
        (replace(PAID, state=JobState.CHECKING), ALL, "Cost: $0.74", ["Rejected lines · 3"]),
        (
            replace(CHECKED, state=JobState.DELIVERING),
            RESULT,
            "Sending the result.",
            [*FILES, "Rejected lines · 3"],
        ),
        (
            CHECKED,
            RESULT,
            "It took 7 min and cost $0.74.",
            [*FILES, *AGAIN, "Rejected lines · 3", "Forget …"],
        ),
        (
            replace(CHECKED, state=JobState.UNDELIVERABLE),
            RESULT,
            "The result is ready, but I could not send it here.",
            [*FILES, *AGAIN, "Rejected lines · 3", "Forget …"],
        ),
        (
            replace(CHECKED, state=JobState.UNDELIVERABLE, counted_at=1.0),
            RESULT,
            "nobody has fetched its file yet",
            [*FILES, *AGAIN, "Rejected lines · 3", "Forget …"],
        ),
        (
            replace(CHECKED, yes=0, undetermined=0),
            replace(ALL, raw=True),
            "I cannot read the result",
            ["Result file", "Rejected lines · 3", "Forget …"],
        ),
        (
            replace(PAID, state=JobState.FAILED, failure=Failure.TASK_FAILED, detail="out of stock"),
            ALL,
            "It answered: out of stock\nThe service’s support can look the check up by its task: task-7",
            ["Rejected lines · 3", "Forget …"],
        ),
        (
            replace(LIST, state=JobState.REFUSED, failure=Failure.REFUSED_BY_API, detail="no such type"),
            ALL,
            "It answered: no such type",
            ["Open again", "Rejected lines · 3", "Forget …"],
        ),
        (
            replace(LIST, state=JobState.EXPIRED),
            ALL,
            "no press in three days",
            ["Open again", "Rejected lines · 3", "Forget …"],
        ),
        (replace(LIST, state=JobState.EXPIRED), GONE, "no longer kept", ["Forget …"]),
        (replace(LIST, state=JobState.CANCELLED), ALL, "cancelled", ["Rejected lines · 3", "Forget …"]),
        (
            replace(PAID, state=JobState.CLOSED, failure=Failure.CONNECTION_BROKE),
            ALL,
            "I do not know whether it was charged",
            ["Rejected lines · 3", "Forget …"],
        ),
        (
            replace(PAID, state=JobState.UNSURE, failure=Failure.STOPPED_MIDWAY),
            ALL,
            "when I was restarted",
            ["Send again: may be charged twice", "Close", "Rejected lines · 3"],
        ),
        (replace(CHECKED, name=None), GONE, "Its numbers and result are no longer kept.", []),
        (replace(CHECKED, name=None, forgotten_at=1.0), GONE, "only the counts are kept", []),
    ],
    ids=lambda value: str(value.state) if isinstance(value, Job) else "",
)
def test_a_card_says_where_a_list_stands_and_has_the_buttons_of_that(
    job: Job, kept: Kept, words: str, buttons: list[str]
) -> None:
    known = replace(SEEN, kept=kept)

    assert words in said(job, known)
    assert labels(job, known) == [*buttons, "Back"]
    assert len(labels(job, known, RU)) == len(buttons) + 1


@pytest.mark.parametrize("state", JobState)
def test_a_card_in_a_group_hides_numbers_and_names_who_sent_the_list(state: JobState) -> None:
    failure = Failure.TASK_FAILED if state is JobState.FAILED else Failure.CONNECTION_BROKE
    failure = Failure.REFUSED_BY_API if state is JobState.REFUSED else failure
    job = replace(
        CHECKED, state=state, chat_id=TEAM["id"], name="+79123456789.txt", detail="+79123456789", failure=failure
    )

    assert "9123456789" not in said(job)
    assert "9123456789" not in seen(ask_to_forget(job, Spot(search_for("", NOW)), EN).text)
    assert "Anna" in said(job)


def test_an_admin_of_the_bot_can_name_the_task_of_an_unsure_list_in_private() -> None:
    job = replace(PAID, state=JobState.UNSURE, failure=Failure.CONNECTION_BROKE)

    assert "I have the task id" in labels(job, replace(SEEN, in_admins_chat=True))


def test_a_task_that_an_admin_has_named_is_told_so() -> None:
    job = replace(PAID, state=JobState.FAILED, failure=Failure.TASK_UNKNOWN)

    assert "the task that an admin has named" in said(job, replace(SEEN, named=True))


def test_the_files_of_a_group_that_go_to_persons_are_called_so() -> None:
    assert "File in private" in labels(CHECKED, replace(SEEN, kept=RESULT, private_files=True))


def test_what_costs_nothing_and_has_no_price_is_said_without_one() -> None:
    free = Terms(None, "USD", pace=12.0, minimum=None)

    assert "It took 7 min." in said(replace(CHECKED, amount=None), replace(SEEN, kept=RESULT, terms=free))


def test_a_page_numbers_its_lists_and_their_buttons_lead_to_them() -> None:
    jobs = [replace(CHECKED, id=255 - at, name=f"list {at}.txt") for at in range(3)]
    spot = Spot(search_for("list", NOW), 255)

    card = page(jobs, spot, EN, in_group=False, newer=0, older=16)

    assert [line.split(" ")[0] for line in card.text.split("\n")[1::2]] == ["1.", "2.", "3."]
    assert [button.data for row in card.rows for button in row] == [
        *("job:ff-ff:list", "job:fe-ff:list", "job:fd-ff:list"),
        *("jobs:0:list", "jobs:10:list"),
    ]


def test_a_page_of_a_month_names_it_and_whose_days_they_are() -> None:
    spot = Spot(search_for("сентябрь", NOW))

    assert "за сентябрь 2026" in page([CHECKED], spot, RU, in_group=False, newer=None, older=None).text
    assert "(UTC)" in page([CHECKED], spot, RU, in_group=False, newer=None, older=None).text
    empty = page([], spot, RU, in_group=False, newer=None, older=None)
    assert empty.text.startswith("Списков за сентябрь 2026")
    assert empty.rows == ()


def test_a_chat_without_lists_is_told_how_to_begin() -> None:
    empty = page([], Spot(search_for("", NOW)), EN, in_group=False, newer=None, older=None)

    assert empty.text == EN.say("jobs-none")


def test_forgetting_asks_once_more_and_leads_back_to_the_card() -> None:
    card = ask_to_forget(LIST, Spot(search_for("base", NOW), 9), EN)
    presses = [Press.unpack(button.data) for row in card.rows for button in row]

    assert [(one.action, one.token, one.word) for one in presses if one] == [
        (Action.FORGET_LISTED, "1-9", "base"),
        (Action.LIST, "1-9", "base"),
    ]
