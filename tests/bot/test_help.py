from decimal import Decimal

import pytest

from bot.cards import Press
from bot.help import MENU, Facts, Topic, about, menu, start
from bot.texts import Texts, load_texts
from tests.fakes import seen

EN, RU = load_texts()["en"], load_texts()["ru"]
FACTS = Facts("check_bot", 30, Decimal("0.15"), "USD")


def test_start_is_three_lines_a_sample_and_more_help() -> None:
    card = start(EN)

    assert len(card.text.split("\n")) == len(start(RU).text.split("\n")) == 3
    assert [button.label for row in card.rows for button in row] == ["Try a sample", "How it works"]


@pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("for_admin", [False, True])
def test_every_topic_has_its_button_and_its_way_back(texts: Texts, for_admin: bool) -> None:  # noqa: FBT001  (parametrized)
    rows = menu(FACTS, texts, for_admin=for_admin).rows
    opened = [Press.unpack(button.data) for row in rows for button in row]

    assert [press.token for press in opened if press] == [topic for topic in Topic if for_admin or topic != "admin"]
    for topic in Topic:
        card = about(topic, FACTS, texts)
        title = seen(card.text).split("\n")[0]
        back = Press.unpack(card.rows[-1][-1].data)
        assert (back and back.token) == MENU
        assert title == texts.plain(f"button-help-{topic}")


def test_the_price_is_named_where_there_is_one() -> None:
    free = Facts("check_bot", 30, None, "USD")

    assert "$0.15 for 1,000 numbers." in about(Topic.COST, FACTS, EN).text
    assert "for 1,000 numbers" not in about(Topic.COST, free, EN).text


def test_how_long_files_are_kept_is_what_is_set() -> None:
    assert "kept for 30 days" in about(Topic.RESULTS, FACTS, EN).text
    assert "хранятся 30 дней" in about(Topic.RESULTS, FACTS, RU).text
