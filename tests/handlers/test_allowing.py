"""/allow in a group: its admins name who may start checks, and nobody else does."""

from typing import Any

import pytest

from storage.groups import Spender, WhoSpends
from tests.fakes import ANNA, BORIS, NAME, OURSELVES, TEAM, Stage

OLGA: dict[str, Any] = {"id": 21, "is_bot": False, "first_name": "Olga", "language_code": "en"}
"""An admin of the group."""
ANONYMOUS: dict[str, Any] = {"id": 1087968824, "is_bot": True, "first_name": "Group"}


@pytest.fixture
def group(team: Stage) -> Stage:
    team.telegram.members |= {(TEAM["id"], ANNA["id"]): "member", (TEAM["id"], OLGA["id"]): "administrator"}
    return team


async def test_in_private_there_is_nobody_to_name(group: Stage) -> None:
    await group.says("/allow")
    assert f"/allow@{NAME}" in group.said[-1]


async def test_a_member_is_named_in_reply_to_what_they_say(group: Stage) -> None:
    said = group.message("hello", person=BORIS, chat=TEAM)
    await group.groups.set_who_spends(TEAM["id"], WhoSpends.NAMED)
    await group.says("/allow", person=OLGA, chat=TEAM, reply_to_message=said)
    assert group.said[-1] == "<b>Борис</b> may start checks here."
    assert await group.groups.spenders(TEAM["id"]) == (Spender(BORIS["id"], "Борис"),)


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
