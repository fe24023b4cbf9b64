"""What admins see of who asks: whom it is about, and nothing that they could be fooled with."""

from dataclasses import replace

import pytest

from bot.access_cards import decided, notice, question
from bot.cards import Press
from bot.texts import Texts, load_texts
from storage.access_requests import Decision, Request
from tests.fakes import LONG_NAME, NOW, seen, units

EN, RU = load_texts()["en"], load_texts()["ru"]
EVE = Request(
    chat_id=66, chat_title=None, person_id=66, person_name="Eve Adams", username="eve", language="en", token="token1"
)
SALES = replace(EVE, chat_id=-100600, chat_title="Sales", leave_at=float(NOW))


def test_a_person_who_asks_is_named_with_id_and_account() -> None:
    card = question(EVE, EN, members=None, files=2)
    assert seen(card.text).splitlines() == [
        "Somebody asks to use the bot",
        "Eve Adams",
        "@eve · id 66",
        "2 files wait unread.",
        "Deny tells them. Block answers them nothing, now and later.",
    ]
    pressed = [Press.unpack(button.data) for row in card.rows for button in row]
    assert [(press.action, press.token, press.word) for press in pressed if press] == [
        ("admit", "token1", "approved"),
        ("admit", "token1", "denied"),
        ("admit", "token1", "blocked"),
    ]


def test_a_group_that_asks_is_named_with_its_size_and_who_asks_for_it() -> None:
    said = seen(question(SALES, EN, members=12, files=0).text).splitlines()
    assert said[:6] == [
        "A group asks to use the bot",
        "Sales",
        "12 members · id -100600",
        "Asked by",
        "Eve Adams",
        "@eve · id 66",
    ]
    assert said[6].startswith("Without an answer I leave on ")


def test_a_size_that_telegram_does_not_say_and_a_missing_account_are_left_out() -> None:
    said = seen(question(replace(SALES, username=None, leave_at=None), EN, members=None, files=0).text).splitlines()
    assert said[:5] == ["A group asks to use the bot", "Sales", "id -100600", "Asked by", "Eve Adams"]
    assert said[5] == "id 66"


def test_the_admins_can_take_back_what_somebody_else_has_let_in() -> None:
    card = notice(SALES, EN, members=3)
    assert [Press.unpack(button.data) for row in card.rows for button in row] == [Press.unpack("revoke:-100600:")]
    assert "Sales" in card.text


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("decision", list(Decision))
def test_a_decision_names_who_has_decided_and_has_no_buttons(texts: Texts, decision: Decision) -> None:
    by = None if decision is Decision.LEFT else "Olga"
    request = replace(SALES, decision=decision, decided_by_name=by, decided_at=float(NOW), members=12)
    card = decided(request, texts)
    assert card.rows == ()
    assert ("Olga" in card.text) is (decision is not Decision.LEFT)
    assert "Sales" in card.text


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize(
    "name",
    [LONG_NAME, "\u202e\u2066", "", "Ada\nApproved by Ada", "<b>", "\u0627\u062f\u0645 1", "a" * 300, "\x00\x07"],
)
def test_no_name_breaks_out_of_its_line_or_out_of_the_message(texts: Texts, name: str) -> None:
    request = replace(SALES, person_name=name, chat_title=name, decision=Decision.APPROVED, decided_by_name=name)
    for card in (
        question(request, texts, members=12, files=20),
        notice(request, texts, members=12),
        decided(request, texts),
    ):
        assert units(card.text) < 1500
        assert "\u202e" not in card.text
        assert all(line.strip() for line in seen(card.text).splitlines())
        ids = [line for line in seen(card.text).splitlines() if "id -100600" in line]
        assert len(ids) == 1, "the id stands on a line of its own, whatever the name is"
        assert "<b><" not in card.text
