"""What a preview offers where numbers are known: the new ones first, each with its price, nothing that is refused."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.cards import Button, Style
from bot.job import Failure, Job
from bot.offers import checks, said_of_known
from bot.preview import Terms
from bot.texts import Texts, load_texts
from tests.fakes import MOST, a_job, seen

EN, RU = load_texts()["en"], load_texts()["ru"]
TERMS = Terms(Decimal("0.15"), "USD", pace=12.0, minimum=None)
FREE = replace(TERMS, price_per_1000=None)
JOB = a_job(known=4120, read_revision=3)
BEFORE = a_job(id=2, yes=3000, no=1120, undetermined=880)
"""The very same list, whose result is offered."""
COUNT = 5000


def buttons(job: Job = JOB, terms: Terms = TERMS, texts: Texts = EN, *, before: Job | None = None) -> list[Button]:
    return [button for row in checks(job, COUNT, terms, texts, before=before) for button in row]


def said(job: Job = JOB, terms: Terms = TERMS, texts: Texts = EN, *, before: Job | None = None) -> list[str]:
    lines = said_of_known(job, COUNT, terms, texts, days=30, before=before)
    return [seen(line) for line in lines if line is not None]


def test_the_new_ones_come_first_and_each_has_its_price() -> None:
    new, everything = buttons()
    assert (new.label, new.style, new.data) == ("Check 880 new · $0.13", Style.SUCCESS, "new:tokentokentoken1:3")
    assert (everything.label, everything.style) == ("Check all 5,000 · $0.75", None)
    assert everything.data == "check:tokentokentoken1:3"
    assert said() == [
        "4,120 of 5,000 got a yes or no here in the last 30 days; 880 are new.",
        "New ones: about $0.13, 1 min. All: about $0.75, 7 min. Nothing is charged until you press.",
    ]


def test_in_russian_it_says_the_same() -> None:
    assert [button.label for button in buttons(texts=RU)] == [
        "Проверить 880 новых · $0,13",
        "Проверить все 5\xa0000 · $0,75",
    ]
    assert said(texts=RU) == [
        "У 4\xa0120 из 5\xa0000 здесь уже есть «да» или «нет» за последние 30 дней; 880 новых.",
        "Новые: около $0,13, 1 мин. Все: около $0,75, 7 мин. Пока вы не нажмёте, ничего не спишется.",
    ]


def test_without_a_price_there_are_counts() -> None:
    assert [button.label for button in buttons(terms=FREE)] == ["Check 880 new", "Check all 5,000"]
    assert said(terms=FREE)[1].startswith("New ones: 1 min. All: 7 min.")


def test_where_nothing_is_new_the_result_is_free() -> None:
    all_known = replace(JOB, known=COUNT)
    assert [button.label for button in buttons(all_known)] == ["Result · free", "Check all 5,000 again · $0.75"]
    assert said(all_known) == [
        "All 5,000 were checked here in the last 30 days. Their result is free.",
        "Checking all again: about $0.75, 7 min. Nothing is charged until you press.",
    ]


def test_the_result_of_the_very_same_list_is_offered_once() -> None:
    all_known = replace(JOB, known=COUNT)
    (again,) = buttons(all_known, before=BEFORE)
    assert (again.label, again.style) == ("Check all 5,000 again · $0.75", None)
    assert len(said(all_known, before=BEFORE)) == 1


def test_what_the_very_same_list_left_undetermined_is_called_so_and_said_once() -> None:
    assert said(before=BEFORE) == [
        "The 880 undetermined: about $0.13, 1 min. All: about $0.75, 7 min. Nothing is charged until you press."
    ]
    assert [button.label for button in buttons(before=BEFORE)] == [
        "Check 880 undetermined · $0.13",
        "Check all 5,000 again · $0.75",
    ]
    assert said(before=BEFORE, texts=RU)[0].startswith("880 неопределённых: около $0,13, 1 мин. Все: около $0,75")
    assert buttons(before=BEFORE, texts=RU)[0].label == "Заново 880 неопределённых · $0,13"
    too_few = said(terms=replace(TERMS, minimum=881), before=BEFORE)
    assert too_few[0].startswith("The undetermined ones alone (880) are too few")
    assert len(too_few) == 2


def test_what_other_lists_have_found_since_is_said_as_well() -> None:
    more_found = replace(JOB, known=4130)
    assert said(more_found, before=BEFORE) == [
        "4,130 of 5,000 got a yes or no here in the last 30 days; 870 are new.",
        "New ones: about $0.13, 1 min. All: about $0.75, 7 min. Nothing is charged until you press.",
    ]
    assert buttons(more_found, before=BEFORE)[0].label == "Check 870 new · $0.13"


@pytest.mark.parametrize(
    ("minimum", "labels", "lines"),
    [
        (880, ["Check 880 new · $0.13", "Check all 5,000 · $0.75"], 2),
        (881, ["Check all 5,000 · $0.75"], 3),
        (5001, ["Check all 5,000 · $0.75"], 2),
    ],
)
def test_what_the_api_would_refuse_is_not_offered(minimum: int, labels: list[str], lines: int) -> None:
    terms = replace(TERMS, minimum=minimum)
    assert [button.label for button in buttons(terms=terms)] == labels
    assert len(said(terms=terms)) == lines
    assert ("too few" in " ".join(said(terms=terms))) == (lines == 3)
    assert "too few" not in " ".join(said(replace(JOB, failure=Failure.TOO_SMALL), terms))


def test_a_list_of_which_nothing_is_known_is_offered_as_ever() -> None:
    assert [button.label for button in buttons(replace(JOB, known=0))] == ["Check 5,000 numbers"]


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
def test_the_longest_fits_on_a_button(texts: Texts) -> None:
    rows = checks(replace(JOB, known=MOST // 2), MOST, TERMS, texts, before=None)
    assert max(len(button.label) for row in rows for button in row) <= 64
