"""/settings: one card for all that a chat has set; in a group everybody sees it, its admins change it."""

from typing import Any

import pytest
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage

from bot.cards import Card, Style
from bot.parts import Format
from handlers.admission import FileGroups
from storage.chat_settings import Chosen
from storage.groups import GroupSettings, ResultsTo, WhoSpends
from tests.fakes import ADMIN, ANNA, BORIS, EVE, OTHERS, TEAM, US, Stage, labels, seen, stage, units

OLGA: dict[str, Any] = {"id": 21, "is_bot": False, "first_name": "Olga", "language_code": "en"}
"""An admin of the group."""
STALE = "That cannot be set. The card says what holds now."


@pytest.fixture
def group(team: Stage) -> Stage:
    team.telegram.members |= {(TEAM["id"], ANNA["id"]): "member", (TEAM["id"], OLGA["id"]): "administrator"}
    return team


def data(card: Card) -> list[str]:
    return [button.data or "" for row in card.rows for button in row]


def named(card: Card) -> list[str]:
    return [button.label for row in card.rows for button in row]


async def settings(team: Stage) -> GroupSettings:
    return await team.groups.settings(TEAM["id"])


async def test_in_private_it_says_everything_that_can_be_set_there(team: Stage) -> None:
    await team.says("/settings")
    assert seen(team.said[-1]).split("\n") == [
        "Settings",
        "I speak English to you.",
        "For numbers without a country code I ask each time.",
        "Before every check I ask.",
        "Files you ask for are .txt.",
        "Results come without a picture.",
        "Lists and results are kept for 30 days.",
    ]
    assert labels(team.telegram.calls[-1].reply_markup) == [  # type: ignore[attr-defined]
        *("Language", "Country", "When to ask", "Files", "Add a picture", "How long to keep"),
    ]


async def test_in_a_group_everybody_sees_what_is_set(group: Stage) -> None:
    await group.says("/settings", chat=TEAM)
    assert seen(group.said[-1]).split("\n") == [
        "Settings of this group",
        "For numbers without a country code I ask each time.",
        "Before every check I ask.",
        "Files you ask for are .txt.",
        "Results come without a picture.",
        "Lists and results are kept for 30 days.",
        "Everybody here may start checks.",
        "Results come to this group.",
        "Admins of this group change this.",
    ]


async def test_a_press_sets_is_answered_with_what_holds_and_redraws_the_same_message(team: Stage) -> None:
    said = {
        "set:format:xlsx": "Files you ask for are .xlsx.",
        "set:picture:on": "A picture comes with every result.",
        "set:keep:7": "Lists and results are kept for 7 days.",
        "set:country:KE": "Numbers without a country code are read as 🇰🇪 Kenya.",
    }
    for press, answer in said.items():
        for _ in range(2):  # the second press of the same button is harmless
            assert await team.presses(press) == answer
    assert await team.chosen.of(ANNA["id"]) == Chosen(Format.XLSX, picture=True, retention_days=7)
    assert await team.chats.region(ANNA["id"]) == "KE"
    assert {(chat, message) for chat, message, _ in team.redrawn} == {(ANNA["id"], 5000)}
    assert all(answer in seen(team.redrawn[-1][2].text) for answer in said.values())
    assert not team.of(SendMessage)
    assert not team.of(EditMessageText)


@pytest.mark.parametrize("topic", ["lang", "country", "ask", "format", "keep"])
async def test_what_has_choices_shows_them_the_one_that_holds_marked_and_a_way_back(team: Stage, topic: str) -> None:
    await team.chats.set_region(ANNA["id"], "KE")
    assert not await team.presses(f"set:open:{topic}")
    card = team.redrawn[-1][2]
    marked = [button for row in card.rows for button in row if button.style is Style.PRIMARY]
    assert [button.label[:2] for button in marked] == ["✓ "]
    assert data(card)[-1] == "set:open:"
    assert units(card.text) < 700
    await team.presses("set:open:")
    assert "When to ask" in named(team.redrawn[-1][2])


async def test_a_language_is_spoken_at_once(team: Stage) -> None:
    assert await team.presses("set:lang:ru") == "Говорю с вами по-русски."
    assert await team.chats.language(ANNA["id"]) == "ru"
    assert team.redrawn[-1][2].text.startswith("<b>Настройки</b>")


async def test_short_lists_are_not_asked_about_by_somebodys_word(team: Stage) -> None:
    said = await team.presses("set:ask:500")
    assert (said or "").startswith("Lists of up to 500 numbers are checked without asking: set by Anna, ")
    consent = (await team.chosen.of(ANNA["id"])).consent
    assert consent is not None
    assert (consent.numbers, consent.person_id, consent.name) == (500, ANNA["id"], "Anna")
    assert f'<tg-time unix="{int(consent.at)}" format="D">' in team.redrawn[-1][2].text
    assert await team.presses("set:ask:always") == "Before every check I ask."
    assert (await team.chosen.of(ANNA["id"])).consent is None


async def test_in_a_group_a_number_for_a_name_is_hidden(group: Stage) -> None:
    olga = OLGA | {"first_name": "+7 912 345 67 89"}
    said = await group.presses("set:ask:100", person=olga, chat=TEAM)
    assert "345" not in (said or "")
    assert "345" not in group.redrawn[-1][2].text


@pytest.mark.parametrize("person", [OLGA, ADMIN])
async def test_admins_of_the_group_and_of_the_bot_change_it(group: Stage, person: dict[str, Any]) -> None:
    press: dict[str, Any] = {"person": person, "chat": TEAM}
    assert await group.presses("set:who:admins", **press) == "Only admins may start checks."
    assert "the file in private" in (await group.presses("set:to:starter", **press) or "")
    assert await settings(group) == GroupSettings(WhoSpends.ADMINS, ResultsTo.STARTER)
    await group.presses("set:open:who", **press)
    assert "✓ Admins only" in named(group.redrawn[-1][2])


@pytest.mark.parametrize("person", [ANNA, BORIS, EVE])
async def test_nobody_else_changes_or_turns_the_card(group: Stage, person: dict[str, Any]) -> None:
    for word in ("set:who:admins", "set:ask:500", "set:files:on", f"set:unname:{BORIS['id']}", "set:open:ask"):
        await group.presses(word, person=person, chat=TEAM)
        assert group.of(AnswerCallbackQuery)[-1].show_alert
    assert await settings(group) == GroupSettings()
    assert await group.chosen.of(TEAM["id"]) == Chosen()
    assert group.redrawn == []


async def test_an_admin_of_one_group_changes_nothing_of_another(group: Stage) -> None:
    await group.accesses.let_in(OTHERS["id"], "Others", ADMIN["id"], 0.0)
    await group.presses("set:ask:500", person=OLGA, chat=OTHERS)
    assert await group.chosen.of(OTHERS["id"]) == Chosen()


@pytest.mark.parametrize(
    "word",
    [
        *("set:who:nobody", "set:to:everybody", "set:files:perhaps", "set:unname:11x", "set:unname:", "set::"),
        *("set:unname:99999999999999999999", "set:unname:²", "set:who:", "set:all:on", "set:files:on", "set:lang:ru"),
        *("set:ask:501", "set:ask:-1", "set:ask:", "set:format:pdf", "set:picture:", "set:keep:31", "set:keep:0"),
        *("set:keep:x", "set:country:XX", "set:country:ru", "set:country:", "set:open2:ask"),
    ],
)
async def test_what_no_button_says_changes_nothing_and_is_answered(group: Stage, word: str) -> None:
    assert await group.presses(word, person=OLGA, chat=TEAM) == STALE
    assert await settings(group) == GroupSettings()
    assert await group.chosen.of(TEAM["id"]) == Chosen()


@pytest.mark.parametrize("word", ["set:who:admins", "set:to:starter", "set:files:on", "set:lang:xx"])
async def test_what_is_for_groups_is_not_set_in_private(team: Stage, word: str) -> None:
    assert await team.presses(word) == STALE


@pytest.mark.parametrize("word", ["set:open:picture", "set:open:files", "set:open:who", "set:open:xx"])
async def test_what_has_no_choices_here_shows_everything(team: Stage, word: str) -> None:
    await team.presses(word)
    assert "When to ask" in named(team.redrawn[-1][2])


async def test_nobody_presses_in_the_chat_of_another(team: Stage) -> None:
    chat = {"id": BORIS["id"], "type": "private", "first_name": "Boris"}
    await team.presses("set:ask:500", chat=chat)
    assert await team.chosen.of(BORIS["id"]) == Chosen()


async def test_where_the_settings_name_a_country_nobody_is_asked_each_time(tmp_path: Any) -> None:
    async with stage(tmp_path, default_region="RU") as team:
        await team.presses("set:open:country")
        assert "Ask each time" not in named(team.redrawn[-1][2])
        assert await team.presses("set:country:each-time") == STALE


async def test_each_time_again_is_a_choice(team: Stage) -> None:
    await team.chats.set_region(ANNA["id"], "KE")
    assert await team.presses("set:country:each-time") == "For numbers without a country code I ask each time."
    assert await team.chats.region(ANNA["id"]) is None


async def test_the_longest_time_is_the_bots_and_goes_along_with_it(team: Stage) -> None:
    await team.presses("set:keep:7")
    await team.presses("set:open:keep")
    assert named(team.redrawn[-1][2]) == ["1 day", "✓ 7 days", "30 days", "Back"]
    await team.presses("set:keep:30")
    assert (await team.chosen.of(ANNA["id"])).retention_days is None


async def test_files_are_offered_where_the_bot_sees_them_and_nowhere_else(group: Stage) -> None:
    group.telegram.members[TEAM["id"], US] = "administrator"
    await group.says("/settings", chat=TEAM)
    assert "I take a file only when it is addressed to me." in group.said[-1]
    said = await group.presses("set:files:on", person=OLGA, chat=TEAM)
    assert said == "I take every file of numbers that is sent here."
    assert (await settings(group)).takes_files
    file_groups: FileGroups = group.dispatcher["rules"].file_groups
    assert file_groups.ids == {TEAM["id"]}
    assert data(group.redrawn[-1][2])[-1] == "set:files:off"
    await group.presses("set:files:off", person=OLGA, chat=TEAM)
    assert file_groups.ids == frozenset()


async def test_a_named_member_is_taken_off_by_a_button(group: Stage) -> None:
    await group.groups.set_who_spends(TEAM["id"], WhoSpends.NAMED)
    await group.groups.allow(TEAM["id"], BORIS["id"], "Борис")
    await group.presses("set:open:who", person=OLGA, chat=TEAM)
    card = group.redrawn[-1][2]
    assert "Named: Борис." in card.text
    assert data(card)[-2] == f"set:unname:{BORIS['id']}"
    assert await group.presses(data(card)[-2], person=OLGA, chat=TEAM) == "Noted."
    assert await group.groups.spenders(TEAM["id"]) == ()
    assert "Nobody is named yet." in group.redrawn[-1][2].text
    assert await group.presses(f"set:unname:{BORIS['id']}", person=OLGA, chat=TEAM) == STALE


async def test_many_names_still_fit_and_a_number_for_a_name_is_hidden(group: Stage) -> None:
    await group.groups.set_who_spends(TEAM["id"], WhoSpends.NAMED)
    for at in range(40):
        await group.groups.allow(TEAM["id"], 1000 + at, f"{at:02} +7 912 345 67 89 {'x' * 200}")
    await group.presses("set:open:who", person=OLGA, chat=TEAM)
    card = group.redrawn[-1][2]
    assert len(card.text) < 2000
    assert sum(one.startswith("set:unname:") for one in data(card)) == 12
    assert "345" not in card.text
    assert not any("345" in label for label in named(card))
    assert all(len(one.encode()) <= 64 for one in data(card))


async def test_privacy_says_how_long_this_chats_lists_are_kept(team: Stage) -> None:
    await team.presses("set:keep:7")
    await team.says("/privacy")
    assert "until 7 days after the list has ended" in team.said[-1]
