"""Who may decide, spend and have files in a group, and what the others are told."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import Chat, Message, User

from bot.job import STAND_INS, Job, JobState
from bot.rights import BELIEVED_SECONDS
from handlers.roles import Roles, is_anonymous_admin
from storage.groups import ResultsTo, WhoSpends
from tests.fakes import ADMIN, ANNA, BORIS, EVE, TEAM, Stage, a_job, private

NOW = int(time.time())
OLGA: dict[str, Any] = {"id": 21, "is_bot": False, "first_name": "Olga", "language_code": "en"}
"""An admin of the group."""
NOT_HERE = "Telegram does not tell me that you are in this group. Write to me here once, then press again."
BORIS_LIST = "This list is from Борис. Only they or an admin can press this."


def roles(team: Stage) -> Roles:
    found: Roles = team.dispatcher["roles"]
    return found


def stand(team: Stage, **standing: str) -> None:
    """Let Telegram say what people are in the group."""
    people = {"anna": ANNA, "boris": BORIS, "olga": OLGA, "eve": EVE}
    for name, status in standing.items():
        team.telegram.members[TEAM["id"], people[name]["id"]] = status


def list_of(person: dict[str, Any], **changed: Any) -> Job:
    return a_job(chat_id=TEAM["id"], starter_id=person["id"], starter_name=person["first_name"], **changed)


@pytest.fixture
def group(team: Stage) -> Stage:
    """The team, of whose group Telegram tells all."""
    stand(team, anna="member", boris="member", olga="administrator", eve="left")
    return team


@pytest.mark.parametrize(("person", "may"), [(ANNA, False), (BORIS, True), (OLGA, True), (ADMIN, True), (EVE, False)])
async def test_the_starter_an_admin_of_the_group_and_an_admin_of_the_bot_decide(
    group: Stage, person: dict[str, Any], may: object
) -> None:
    assert await roles(group).may_decide(person["id"], list_of(BORIS)) is may


@pytest.mark.parametrize("stand_in", sorted(STAND_INS))
async def test_of_a_list_without_a_named_starter_everybody_in_the_group_decides(group: Stage, stand_in: int) -> None:
    job = list_of({"id": stand_in, "first_name": "Group"})
    assert [await roles(group).may_decide(one["id"], job) for one in (ANNA, OLGA, EVE)] == [True, True, False]


async def test_who_has_left_decides_nothing_about_their_own_list(group: Stage) -> None:
    stand(group, boris="left")
    assert not await roles(group).may_decide(BORIS["id"], list_of(BORIS))


async def test_in_private_a_list_is_its_persons_alone(group: Stage) -> None:
    job = a_job(chat_id=ANNA["id"], starter_id=ANNA["id"])
    assert [await roles(group).may_decide(one["id"], job) for one in (ANNA, BORIS, ADMIN)] == [True, False, True]


@pytest.mark.parametrize(
    ("who", "anna", "boris", "olga"),
    [
        (WhoSpends.EVERYONE, True, True, True),
        (WhoSpends.NAMED, False, True, True),
        (WhoSpends.ADMINS, False, False, True),
    ],
)
async def test_who_may_start_checks_is_the_groups_choice(
    group: Stage, who: WhoSpends, anna: object, boris: object, olga: object
) -> None:
    await group.groups.set_who_spends(TEAM["id"], who)
    await group.groups.allow(TEAM["id"], BORIS["id"], "Boris")
    await group.groups.allow(TEAM["id"], EVE["id"], "Eve")
    may = {one["id"]: await roles(group).may_spend(one["id"], TEAM["id"]) for one in (ANNA, BORIS, OLGA, ADMIN, EVE)}
    assert may == {ANNA["id"]: anna, BORIS["id"]: boris, OLGA["id"]: olga, ADMIN["id"]: True, EVE["id"]: False}


@pytest.mark.parametrize("stand_in", sorted(STAND_INS))
async def test_nobody_spends_without_a_name(group: Stage, stand_in: int) -> None:
    group.telegram.members[TEAM["id"], stand_in] = "administrator"
    assert not await roles(group).may_spend(stand_in, TEAM["id"])


async def test_in_private_a_person_spends_and_nobody_else(group: Stage) -> None:
    assert await roles(group).may_spend(ANNA["id"], ANNA["id"])
    assert not await roles(group).may_spend(BORIS["id"], ANNA["id"])


async def test_files_in_private_are_for_who_decides_and_for_who_pressed_on_a_nameless_list(group: Stage) -> None:
    nameless = list_of({"id": min(STAND_INS), "first_name": "Group"}, asked_by=BORIS["id"])
    people = (ANNA, BORIS, OLGA, ADMIN, EVE)
    assert [await roles(group).may_have(one["id"], list_of(BORIS)) for one in people] == [
        *(False, True, True, True, False),
    ]
    assert [await roles(group).may_have(one["id"], nameless) for one in people] == [False, True, True, True, False]


async def test_others_hear_whose_list_it_is_and_nothing_moves(group: Stage) -> None:
    job = await group.preview("/check +79123456789", person=BORIS, chat=TEAM)
    for action in ("check", "cancel", "add", "leave"):
        assert await group.presses(f"{action}:{job.token}:1", person=ANNA, chat=TEAM) == BORIS_LIST
        assert group.of(AnswerCallbackQuery)[-1].show_alert
    assert await group.state(job) is JobState.CONFIRMING


async def test_an_admin_of_the_group_starts_and_cancels_anybodys_list(group: Stage) -> None:
    job = await group.preview("/check +79123456789", person=BORIS, chat=TEAM)
    assert await group.presses(f"check:{job.token}:1", person=OLGA, chat=TEAM) == "On its way to the check."
    assert (await group.now(job)).asked_by == OLGA["id"]
    assert await group.presses(f"cancel:{job.token}:", person=OLGA, chat=TEAM) == "Cancelled. Nothing was charged."


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (WhoSpends.NAMED, "In this group only admins and members they have named start checks."),
        (WhoSpends.ADMINS, "In this group only admins start checks."),
    ],
)
async def test_a_starter_who_may_not_spend_may_still_cancel(group: Stage, who: WhoSpends, said: str) -> None:
    await group.groups.set_who_spends(TEAM["id"], who)
    job = await group.preview("/check +79123456789", chat=TEAM)
    assert await group.presses(f"check:{job.token}:1", chat=TEAM) == said
    assert await group.state(job) is JobState.CONFIRMING
    assert await group.presses(f"cancel:{job.token}:", chat=TEAM) == "Cancelled. Nothing was charged."


async def test_sending_again_costs_money_too(group: Stage) -> None:
    await group.groups.set_who_spends(TEAM["id"], WhoSpends.ADMINS)
    job = await group.preview("/check +79123456789", chat=TEAM)
    await group.presses(f"check:{job.token}:1", person=OLGA, chat=TEAM)
    attempt = await group.submits.begin_submit(job, NOW)
    assert attempt is not None
    await group.submits.unsure(attempt, "it broke", NOW)
    said = await group.presses(f"again:{job.token}:1", chat=TEAM)
    assert said == "In this group only admins start checks."
    assert await group.state(job) is JobState.UNSURE
    assert await group.presses(f"close:{job.token}:", chat=TEAM) == "Closed."


async def test_a_starter_who_was_banned_hears_that_they_are_not_seen(group: Stage) -> None:
    job = await group.preview("/check +79123456789", chat=TEAM)
    stand(group, anna="left")
    assert await group.presses(f"check:{job.token}:1", chat=TEAM) == NOT_HERE
    assert await group.state(job) is JobState.CONFIRMING


async def test_where_telegram_says_nothing_the_starter_pressing_in_the_group_is_there(team: Stage) -> None:
    job = await team.preview("/check +79123456789", chat=TEAM)
    assert await team.presses(f"check:{job.token}:1", chat=TEAM) == "On its way to the check."


async def test_in_a_public_group_a_press_is_no_proof(team: Stage) -> None:
    public = TEAM | {"username": "team_of_ours"}
    job = await team.preview("/check +79123456789", chat=public)
    assert await team.presses(f"check:{job.token}:1", chat=public) == NOT_HERE
    await team.says("/jobs", chat=public, date=int(time.time()))
    assert await team.presses(f"check:{job.token}:1", chat=public) == "On its way to the check."


async def test_neither_is_what_was_written_hours_ago_or_that_somebody_has_left(team: Stage) -> None:
    nameless = {"id": min(STAND_INS), "is_bot": True, "first_name": "Group"}
    job = await team.preview("/check +79123456789", chat=TEAM, person=nameless)
    await team.says("/jobs", chat=TEAM, date=int(time.time() - BELIEVED_SECONDS) - 5)
    await team.says(chat=TEAM, date=int(time.time()), left_chat_member=ANNA)
    await team.says(
        "/jobs", chat=TEAM, date=int(time.time()), sender_chat={"id": -77, "type": "channel", "title": "Anna's"}
    )
    assert await team.presses(f"check:{job.token}:1", chat=TEAM) == NOT_HERE
    assert await team.presses(f"cancel:{job.token}:", person=EVE, chat=TEAM) == NOT_HERE


async def test_an_admin_who_writes_without_a_name_is_an_admin() -> None:
    chat = Chat.model_validate(TEAM)
    said = Message(message_id=1, date=datetime.now(UTC), chat=chat, from_user=User.model_validate(ANNA))
    assert not is_anonymous_admin(said)
    assert is_anonymous_admin(said.model_copy(update={"sender_chat": chat}))
    assert not is_anonymous_admin(said.model_copy(update={"sender_chat": Chat(id=-5, type="channel", title="News")}))


async def test_files_are_private_where_the_group_has_said_so_and_never_in_private(group: Stage) -> None:
    assert not await roles(group).are_private(list_of(BORIS))
    await group.groups.set_results_to(TEAM["id"], ResultsTo.STARTER)
    await group.groups.set_results_to(ANNA["id"], ResultsTo.STARTER)
    assert await roles(group).are_private(list_of(BORIS))
    assert not await roles(group).are_private(a_job(chat_id=ANNA["id"]))


async def test_forgetting_is_for_who_decides(group: Stage) -> None:
    said = await group.says("/check +79123456789", person=BORIS, chat=TEAM)
    job = await group.read(await group.job_of(said))
    reply = {"reply_to_message": said, "chat": TEAM}
    await group.says("/forget", person=ANNA, **reply)
    assert group.said[-1] == "This list is from Борис. Only they or an admin can have it forgotten."
    assert (await group.presses(f"forget:{job.token}:", person=ANNA, chat=TEAM) or "").startswith("This list is from")
    assert (await group.now(job)).forgotten_at is None
    await group.says("/forget", person=OLGA, **reply)
    assert (await group.now(job)).forgotten_at is not None


async def test_an_admin_without_a_name_may_have_a_list_forgotten(group: Stage) -> None:
    said = await group.says("/check +79123456789", person=BORIS, chat=TEAM)
    job = await group.read(await group.job_of(said))
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    await group.says("/forget", person=anonymous, sender_chat=TEAM, reply_to_message=said, chat=TEAM)
    assert (await group.now(job)).forgotten_at is not None


async def test_nothing_is_asked_of_telegram_in_private(group: Stage) -> None:
    before = len(group.telegram.calls)
    job = await group.preview(chat=private(ANNA))
    await group.presses(f"check:{job.token}:1")
    asked = {type(call).__name__ for call in group.telegram.calls[before:]}
    assert asked == {"AnswerCallbackQuery"}
