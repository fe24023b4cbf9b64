"""/settings and /allow in a group: everybody sees, admins change, and nothing else does."""

from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import AnswerCallbackQuery, EditMessageText
from aiogram.types import InlineKeyboardMarkup

from handlers.admission import FileGroups
from storage.groups import GroupSettings, ResultsTo, Spender, WhoSpends
from tests.fakes import ADMIN, ANNA, BORIS, EVE, NAME, OTHERS, OURSELVES, TEAM, US, Stage, labels, seen

OLGA: dict[str, Any] = {"id": 21, "is_bot": False, "first_name": "Olga", "language_code": "en"}
"""An admin of the group."""
ANONYMOUS: dict[str, Any] = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
CHOICES = ["✓ Checks: everybody", "Checks: admins and named", "Checks: admins only", "✓ Results: to the group"]
CHOICES += ["Results: in private"]


@pytest.fixture
def group(team: Stage) -> Stage:
    team.telegram.members |= {(TEAM["id"], ANNA["id"]): "member", (TEAM["id"], OLGA["id"]): "administrator"}
    return team


def data(team: Stage) -> list[str]:
    """What the buttons of the card that was shown last carry."""
    calls = [*team.telegram.calls]
    markup = next(call.reply_markup for call in reversed(calls) if getattr(call, "reply_markup", None))
    assert isinstance(markup, InlineKeyboardMarkup)
    return [button.callback_data or "" for row in markup.inline_keyboard for button in row]


async def settings(team: Stage) -> GroupSettings:
    return await team.groups.settings(TEAM["id"])


async def test_everybody_in_the_group_sees_what_is_set(group: Stage) -> None:
    await group.says("/settings", chat=TEAM)
    assert seen(group.said[-1]).split("\n") == [
        "Settings of this group",
        "Everybody here may start checks.",
        "Results come to this group.",
        "Admins of this group change this.",
    ]
    assert labels(group.telegram.calls[-1].reply_markup) == CHOICES  # type: ignore[attr-defined]


async def test_in_private_it_says_what_there_is(group: Stage) -> None:
    await group.says("/settings")
    assert f"/settings@{NAME}" in group.said[-1]
    await group.says("/allow")
    assert f"/settings@{NAME}" in group.said[-1]


@pytest.mark.parametrize("person", [OLGA, ADMIN])
async def test_admins_of_the_group_and_of_the_bot_change_it_and_the_card_says_so(
    group: Stage, person: dict[str, Any]
) -> None:
    press: dict[str, Any] = {"person": person, "chat": TEAM}
    assert await group.presses("set:who:admins", **press) == "Noted."
    assert await group.presses("set:to:starter", **press) == "Noted."
    assert await settings(group) == GroupSettings(WhoSpends.ADMINS, ResultsTo.STARTER)
    card = group.of(EditMessageText)[-1]
    assert "Only admins may start checks." in (card.text or "")
    assert "the file in private to who started the check" in (card.text or "")
    assert "✓ Checks: admins only" in labels(card.reply_markup)
    assert "✓ Results: in private" in labels(card.reply_markup)


@pytest.mark.parametrize("person", [ANNA, BORIS, EVE])
async def test_nobody_else_changes_anything(group: Stage, person: dict[str, Any]) -> None:
    for word in ("set:who:admins", "set:to:starter", "set:files:on", f"set:unname:{BORIS['id']}"):
        await group.presses(word, person=person, chat=TEAM)
        assert group.of(AnswerCallbackQuery)[-1].show_alert
    assert await settings(group) == GroupSettings()
    assert group.of(EditMessageText) == []


async def test_an_admin_of_one_group_changes_nothing_of_another(group: Stage) -> None:
    await group.accesses.let_in(OTHERS["id"], "Others", ADMIN["id"], 0.0)
    await group.presses("set:who:admins", person=OLGA, chat=OTHERS)
    assert await group.groups.settings(OTHERS["id"]) == GroupSettings()


@pytest.mark.parametrize(
    "word",
    [
        *("set:who:nobody", "set:to:everybody", "set:files:perhaps", "set:unname:11x", "set:unname:", "set::"),
        *("set:unname:99999999999999999999", "set:unname:²", "set:who:", "set:all:on", "set:files:on"),
    ],
)
async def test_what_no_button_says_changes_nothing_and_is_answered(group: Stage, word: str) -> None:
    said = await group.presses(word, person=OLGA, chat=TEAM)
    assert said == "That cannot be set. The card says what holds now."
    assert await settings(group) == GroupSettings()


async def test_in_private_there_is_nothing_to_press(group: Stage) -> None:
    assert (await group.presses("set:who:admins", person=ADMIN) or "").startswith("This button no longer")


async def test_files_are_offered_where_the_bot_sees_them_and_nowhere_else(group: Stage) -> None:
    group.telegram.members[TEAM["id"], US] = "administrator"
    await group.says("/settings", chat=TEAM)
    assert data(group)[-1] == "set:files:on"
    assert "I take a file only when it is addressed to me." in group.said[-1]
    assert await group.presses("set:files:on", person=OLGA, chat=TEAM) == "Noted."
    assert (await settings(group)).takes_files
    file_groups: FileGroups = group.dispatcher["group_rules"].file_groups
    assert file_groups.ids == {TEAM["id"]}
    assert data(group)[-1] == "set:files:off"
    await group.presses("set:files:off", person=OLGA, chat=TEAM)
    assert file_groups.ids == frozenset()


async def test_a_member_is_named_in_reply_to_what_they_say_and_taken_off_by_a_button(group: Stage) -> None:
    said = group.message("hello", person=BORIS, chat=TEAM)
    await group.groups.set_who_spends(TEAM["id"], WhoSpends.NAMED)
    await group.says("/allow", person=OLGA, chat=TEAM, reply_to_message=said)
    assert group.said[-1] == "<b>Борис</b> may start checks here."
    assert await group.groups.spenders(TEAM["id"]) == (Spender(BORIS["id"], "Борис"),)
    await group.says("/settings", chat=TEAM)
    assert "Named: Борис." in group.said[-1]
    assert data(group)[-1] == f"set:unname:{BORIS['id']}"
    assert await group.presses(data(group)[-1], person=OLGA, chat=TEAM) == "Noted."
    assert await group.groups.spenders(TEAM["id"]) == ()
    assert "Nobody is named yet." in (group.of(EditMessageText)[-1].text or "")
    assert await group.presses(f"set:unname:{BORIS['id']}", person=OLGA, chat=TEAM) != "Noted."


async def test_where_naming_changes_nothing_now_that_is_said(group: Stage) -> None:
    said = group.message("hello", person=BORIS, chat=TEAM)
    await group.says("/allow", person=OLGA, chat=TEAM, reply_to_message=said)
    assert f"/settings@{NAME}" in group.said[-1]


async def test_an_admin_without_a_name_names_as_well(group: Stage) -> None:
    said = group.message("hello", person=BORIS, chat=TEAM)
    await group.says("/allow", person=ANONYMOUS, sender_chat=TEAM, chat=TEAM, reply_to_message=said)
    assert await group.groups.is_spender(TEAM["id"], BORIS["id"])


async def test_no_other_names_anybody(group: Stage) -> None:
    said = group.message("hello", person=BORIS, chat=TEAM)
    channel = {"id": -77, "type": "channel", "title": "News"}
    await group.says("/allow", person=ANNA, chat=TEAM, reply_to_message=said)
    assert group.said[-1] == "Only admins of this group can do that."
    as_channel = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
    await group.says("/allow", person=as_channel, sender_chat=channel, chat=TEAM, reply_to_message=said)
    assert await group.groups.spenders(TEAM["id"]) == ()


async def test_only_people_with_a_name_are_named(group: Stage) -> None:
    channel = {"id": -77, "type": "channel", "title": "News"}
    topic: dict[str, Any] = {"forum_topic_created": {"name": "Lists", "icon_color": 1}}
    for replied in (
        None,
        group.message("hello", person=OURSELVES, chat=TEAM),
        group.message("hello", person=ANONYMOUS, sender_chat=TEAM, chat=TEAM),
        group.message("hello", person=BORIS, sender_chat=channel, chat=TEAM),
        group.message(person=BORIS, chat=TEAM, **topic),
    ):
        await group.says("/allow", person=OLGA, chat=TEAM, **({"reply_to_message": replied} if replied else {}))
        assert f"/allow@{NAME}" in group.said[-1]
    assert await group.groups.spenders(TEAM["id"]) == ()


async def test_many_names_still_fit_and_a_number_for_a_name_is_hidden(group: Stage) -> None:
    await group.groups.set_who_spends(TEAM["id"], WhoSpends.NAMED)
    for at in range(40):
        await group.groups.allow(TEAM["id"], 1000 + at, f"{at:02} +7 912 345 67 89 {'x' * 200}")
    await group.says("/settings", chat=TEAM)
    assert len(group.said[-1]) < 2000
    assert len(data(group)) == 5 + 12
    assert "345" not in group.said[-1]
    assert not any("345" in label for label in labels(group.telegram.calls[-1].reply_markup))  # type: ignore[attr-defined]


async def test_a_card_that_cannot_be_edited_any_more_does_not_stop_the_change(group: Stage) -> None:
    group.telegram.fail(EditMessageText, TelegramBadRequest, message="Bad Request: message can't be edited")
    assert await group.presses("set:who:named", person=OLGA, chat=TEAM) == "Noted."
    assert (await settings(group)).who_spends is WhoSpends.NAMED
