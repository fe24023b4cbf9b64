"""No button's label is cut on a phone: every keyboard of the bot in both languages, with names and counts as they are.

A label that a phone has no room for ends in "…", and what it does is what is cut off.
"""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from aiogram.methods import EditMessageText, SendDocument, SendMessage

from bot.cards import PAIR_CHARACTERS, Action, Button, Card, Press
from bot.packing import Reading
from bot.preview import SameList, Terms, preview
from bot.settings_card import HAS_CHOICES, OPEN, WHO, State, Topic, choices_card, main_card
from bot.texts import Texts, load_texts
from tests.bot.test_card_limits import CAPTIONS, CARDS, NAMES, Called, rows_of, talk_about_everything
from tests.fakes import ADMIN, TEAM, stage

ROOM = {1: 36, 2: PAIR_CHARACTERS, 3: 11, 6: 4}
"""How many characters of a label a phone shows, by how many buttons share the row.

Measured by eye on a phone 360 px wide, where a message has about 300 px for its buttons: at the clients' 14 to 15 px a
letter takes some 8 px, Cyrillic a little more, and each button keeps about 10 px on either side for itself.
"""
PRICES = Terms(Decimal("0.15"), "USD", pace=12.0, minimum=None)
USUAL_COUNT = 4912
NAMED_BY_A_FLAG = frozenset({Action.REGION, Action.COUNTRY})
"""A country is known by the flag before its name, however long that is."""
LANGUAGES = pytest.mark.parametrize("texts", load_texts().values(), ids=load_texts().keys())


def usual(texts: Texts) -> Called:
    return Called(NAMES["usual"], texts, USUAL_COUNT, PRICES)


def assert_room(rows: Iterable[Iterable[Button]]) -> None:
    """Look at a keyboard as a phone shows it."""
    for row in rows:
        buttons = list(row)
        for button in buttons:
            if not _names_a_country(button):
                assert len(button.label) <= ROOM[len(buttons)], [one.label for one in buttons]


def _names_a_country(button: Button) -> bool:
    press = Press.unpack(button.data)
    if press is None:
        return False
    sets = press.action is Action.SETTING and press.token == Topic.COUNTRY
    return (sets or press.action in NAMED_BY_A_FLAG) and ord(button.label[0]) > ord("🇦") - 1


def cards_of(kind: str, called: Called) -> Iterable[Card]:
    return (CARDS | CAPTIONS)[kind](called)


@LANGUAGES
@pytest.mark.parametrize("kind", [*CARDS, *CAPTIONS])
def test_no_label_of_a_card_is_cut(kind: str, texts: Texts) -> None:
    for card in cards_of(kind, usual(texts)):
        assert_room(card.rows)


@LANGUAGES
def test_no_label_of_a_preview_is_cut_whatever_is_known(texts: Texts) -> None:
    called = usual(texts)
    plain = Reading(USUAL_COUNT, 240, 62, 0, (("RU", USUAL_COUNT),), 1, (), (), None)
    for known in (0, USUAL_COUNT // 3, USUAL_COUNT - 1640, USUAL_COUNT):
        for same in (SameList(), SameList(checked=replace(called.checked, undetermined=USUAL_COUNT - known))):
            for count in (USUAL_COUNT, 49_120, 60, 1):
                job = called.job(known=min(known, count), valid=count)
                reading = replace(plain, valid=count)
                assert_room(preview(job, reading, PRICES, texts, adding=False, same=same).rows)


@LANGUAGES
def test_no_label_of_the_settings_is_cut(texts: Texts) -> None:
    named = ((1, "Anna"), (2, "Boris Ivanovich"))
    for in_group in (False, True):
        for on in (False, True):
            for who in WHO:
                state = State(
                    in_group=in_group,
                    bot="check_bot",
                    region="KZ" if on else None,
                    has_default_region=False,
                    file_format="xlsx",
                    picture=on,
                    days=7,
                    most_days=30,
                    ask_above=5000 if on else None,
                    asked_name="Anna",
                    asked_at=1.0,
                    who_spends=who,
                    results_to="starter" if on else "group",
                    named=named,
                    takes_files=on,
                    sees_files=True,
                )
                assert_room(main_card(state, texts).rows)
                for topic in HAS_CHOICES:
                    assert_room(choices_card(topic, state, texts).rows)


async def test_no_label_of_an_answer_is_cut(tmp_path: Path, fresh_database: Path) -> None:
    shutil.copy(fresh_database, tmp_path / "bot.db")
    async with stage(tmp_path, approve_above=1) as team:
        await talk_about_everything(team, NAMES["usual"])
        for topic in HAS_CHOICES:
            await team.presses(Press(Action.SETTING, OPEN, topic).pack(), person=ADMIN, chat=TEAM)
        calls = [call for call in team.telegram.calls if isinstance(call, SendMessage | EditMessageText | SendDocument)]
        drawn = [rows_of(call.reply_markup) for call in calls]
        assert len([rows for rows in drawn if rows]) > 20
        for rows in drawn:
            assert_room(rows)
