"""The card of /settings: fits a phone, says what holds, and each button what is to hold."""

from dataclasses import replace

import pytest

from bot.cards import Card
from bot.settings_card import HAS_CHOICES, State, Topic, choices_card, main_card, said_plainly
from bot.texts import Texts, load_texts
from tests.fakes import LONG_NAME, NOW, seen, units

EN, RU = load_texts()["en"], load_texts()["ru"]
PRIVATE = State(
    in_group=False,
    bot="check_bot",
    region=None,
    has_default_region=False,
    file_format="txt",
    picture=False,
    days=30,
    most_days=30,
    ask_above=None,
    asked_name="",
    asked_at=0.0,
    who_spends="everyone",
    results_to="group",
    named=(),
    takes_files=False,
    sees_files=False,
)
FULL = replace(
    PRIVATE,
    in_group=True,
    region="KE",
    file_format="xlsx",
    picture=True,
    days=7,
    ask_above=5000,
    asked_name=LONG_NAME,
    asked_at=float(NOW),
    who_spends="named",
    results_to="starter",
    named=tuple((2**52 - at, LONG_NAME) for at in range(40)),
    takes_files=True,
    sees_files=True,
)


def buttons(card: Card) -> list[tuple[str, str]]:
    return [(button.label, button.data or "") for row in card.rows for button in row]


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("state", [PRIVATE, FULL], ids=["private", "group"])
def test_every_card_fits_a_phone_and_its_answers_an_alert(texts: Texts, state: State) -> None:
    cards = [main_card(state, texts), *(choices_card(one, state, texts) for one in state.topics if one in HAS_CHOICES)]
    for card in cards:
        assert units(card.text) <= 1500
        assert len(seen(card.text).split("\n")) <= 14
        assert all(1 <= len(data.encode()) <= 64 for _, data in buttons(card))
        assert all(len(label) <= 64 for label, _ in buttons(card))
    assert all(len(said_plainly(one, state, texts)) <= 200 for one in state.topics)


def test_the_word_of_somebody_is_shown_with_name_and_day() -> None:
    state = replace(PRIVATE, ask_above=500, asked_name="Anna", asked_at=float(NOW))
    assert "Lists of up to 500 numbers are checked without asking: set by Anna, Sep 21, 2026." in seen(
        main_card(state, EN).text
    )
    assert "Списки до 500 номеров проверяю без вопроса (так решено: Anna, 21 сент. 2026" in seen(
        main_card(state, RU).text
    )


def test_a_thing_with_two_values_has_a_button_that_says_the_other() -> None:
    assert ("Add a picture", "set:picture:on") in buttons(main_card(PRIVATE, EN))
    on = buttons(main_card(FULL, EN))
    assert ("No picture", "set:picture:off") in on
    assert ("Only if addressed", "set:files:off") in on


@pytest.mark.parametrize(
    ("topic", "chosen"),
    [
        (Topic.COUNTRY, "✓ 🇰🇪 Kenya"),
        (Topic.ASK, "✓ Ask above 5,000"),
        (Topic.FORMAT, "✓ .xlsx"),
        (Topic.KEEP, "✓ 7 days"),
        (Topic.WHO, "✓ Admins and named"),
        (Topic.TO, "✓ In private"),
    ],
)
def test_the_choice_that_holds_is_marked(topic: Topic, chosen: str) -> None:
    assert [label for label, _ in buttons(choices_card(topic, FULL, EN)) if label.startswith("✓")] == [chosen]


@pytest.mark.parametrize(
    ("most", "days", "offered"),
    [(30, 30, ["1 day", "7 days", "✓ 30 days"]), (7, 7, ["1 day", "✓ 7 days"]), (90, 5, ["1 day", "✓ 5 days"])],
)
def test_nothing_longer_than_the_bot_keeps_anything_is_offered(most: int, days: int, offered: list[str]) -> None:
    card = choices_card(Topic.KEEP, replace(PRIVATE, most_days=most, days=days), EN)
    assert [label for label, _ in buttons(card)][: len(offered)] == offered
    assert max(int(data.split(":")[2] or 0) for _, data in buttons(card) if "keep" in data) == most


def test_who_is_named_is_said_and_can_be_taken_off() -> None:
    card = choices_card(Topic.WHO, FULL, EN)
    assert sum("set:unname:" in data for _, data in buttons(card)) == 12
    nobody = choices_card(Topic.WHO, replace(FULL, named=()), EN)
    assert "Nobody is named yet." in nobody.text
