"""Whose lists may begin by themselves: of nobody who could not have pressed."""

from typing import Any

import pytest

from handlers.by_itself import Starters
from storage.groups import WhoSpends
from tests.fakes import ADMIN, ANNA, BORIS, EVE, TEAM, Stage, a_job

NAMELESS = 1087968824


@pytest.fixture
def starters(team: Stage) -> Starters:
    team.telegram.members |= {(TEAM["id"], ANNA["id"]): "member", (TEAM["id"], BORIS["id"]): "left"}
    return Starters(team.dispatcher["door"].access, team.dispatcher["roles"])


@pytest.mark.parametrize(
    ("person_id", "chat", "may"),
    [
        (ANNA["id"], ANNA["id"], True),
        (ANNA["id"], TEAM["id"], True),
        (ADMIN["id"], TEAM["id"], True),
        (ANNA["id"], BORIS["id"], False),
        (BORIS["id"], TEAM["id"], False),
        (EVE["id"], EVE["id"], False),
        (EVE["id"], TEAM["id"], False),
        (NAMELESS, TEAM["id"], False),
    ],
)
async def test_who_may_start_checks_there_may_have_them_begin(
    starters: Starters, person_id: int, chat: int, *, may: bool
) -> None:
    assert await starters.may_begin(a_job(starter_id=person_id, chat_id=chat)) is may


async def test_what_the_group_has_set_holds_at_that_time(team: Stage, starters: Starters) -> None:
    await team.groups.set_who_spends(TEAM["id"], WhoSpends.ADMINS)
    assert not await starters.may_begin(a_job(chat_id=TEAM["id"]))
    await team.groups.set_who_spends(TEAM["id"], WhoSpends.NAMED)
    await team.groups.allow(TEAM["id"], ANNA["id"], "Anna")
    assert await starters.may_begin(a_job(chat_id=TEAM["id"]))


async def test_who_was_kept_out_since_may_not(team: Stage, starters: Starters) -> None:
    person: dict[str, Any] = {"id": 55, "is_bot": False, "first_name": "Zoe"}
    await team.accesses.let_in(person["id"], "Zoe", ADMIN["id"], 0.0)
    job = a_job(starter_id=person["id"], chat_id=person["id"])
    assert await starters.may_begin(job)
    await team.accesses.revoke(person["id"], ADMIN["id"], 1.0)
    assert not await starters.may_begin(job)
