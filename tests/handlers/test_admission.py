"""Who may use the bot where: deny by default, and nothing that Telegram does not say."""

from typing import Any

import pytest
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import GetChatAdministrators, GetChatMember
from aiogram.types import Chat, User

from bot.rights import BELIEVED_SECONDS, Rights
from handlers.admission import LOOKUP_SECONDS, LOOKUPS, REFRESH_SECONDS, Access, Admission, FileGroups
from handlers.audience import Audience
from storage.access import GROUPS_ASKED, AccessState, Entry, keep
from tests.fakes import ADMIN, ANNA, EVE, NAME, NOW, OTHERS, TEAM, US, Stage, private

SALES: dict[str, Any] = {"id": -100700, "type": "supergroup", "title": "Sales"}
STAND_INS = (1087968824, 136817688, 777000)
ALLOWED, STRANGER, DENIED = Admission.ALLOWED, Admission.STRANGER, Admission.DENIED
IGNORED, UNWANTED = Admission.IGNORED, Admission.UNWANTED


class Time:
    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


def access_of(team: Stage, time: Time) -> Access:
    audience = Audience(US, NAME, frozenset({ADMIN["id"]}), frozenset({ANNA["id"], TEAM["id"]}))
    return Access(audience, team.accesses, Rights(team.bot, time), time)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def access(team: Stage, time: Time) -> Access:
    return access_of(team, time)


async def say(team: Stage, access_id: int, state: AccessState) -> None:
    async with team.database.write() as connection:
        await keep(team.database, connection, Entry(access_id, "Somebody", state, ADMIN["id"], NOW))


async def asked(access: Access, person: dict[str, Any] | None, chat: dict[str, Any] | None = None) -> Admission:
    place = chat or (private(person) if person else None)
    return await access.admission(
        User.model_validate(person) if person else None, Chat.model_validate(place) if place else None
    )


PERSON = (None, AccessState.APPROVED, AccessState.DENIED, AccessState.BLOCKED)


@pytest.mark.parametrize("person", [ANNA, ADMIN])
@pytest.mark.parametrize("state", PERSON)
@pytest.mark.parametrize("chat", [None, TEAM, OTHERS])
async def test_who_is_named_in_the_settings_may_everywhere_whatever_was_said(
    team: Stage, access: Access, person: dict[str, Any], state: AccessState | None, chat: dict[str, Any] | None
) -> None:
    for access_id in (person["id"], OTHERS["id"]):
        if state is not None:
            await say(team, access_id, state)
    assert await asked(access, person, chat) is ALLOWED


@pytest.mark.parametrize(
    ("person", "private_one", "allowed_group", "approved", "denied", "blocked", "unknown"),
    [
        (None, STRANGER, ALLOWED, ALLOWED, IGNORED, UNWANTED, STRANGER),
        (AccessState.APPROVED, ALLOWED, ALLOWED, ALLOWED, IGNORED, UNWANTED, ALLOWED),
        (AccessState.DENIED, *[DENIED] * 6),
        (AccessState.BLOCKED, *[IGNORED] * 6),
    ],
)
async def test_what_was_said_of_the_person_and_of_the_group(
    team: Stage,
    access: Access,
    person: AccessState | None,
    private_one: Admission,
    allowed_group: Admission,
    approved: Admission,
    denied: Admission,
    blocked: Admission,
    unknown: Admission,
) -> None:
    if person is not None:
        await say(team, EVE["id"], person)
    found = [await asked(access, EVE), await asked(access, EVE, TEAM)]
    for state in (AccessState.APPROVED, AccessState.DENIED, AccessState.BLOCKED):
        await say(team, SALES["id"], state)
        found.append(await asked(access, EVE, SALES))
    found.append(await asked(access, EVE, OTHERS))
    assert found == [private_one, allowed_group, approved, denied, blocked, unknown]


async def test_nobody_at_all_is_a_stranger_but_in_a_group_that_is_let_in(access: Access) -> None:
    assert await asked(access, None) is STRANGER
    assert await asked(access, None, OTHERS) is STRANGER
    assert await asked(access, None, TEAM) is ALLOWED


async def test_a_channel_that_somebody_adds_the_bot_to_is_no_group(team: Stage, access: Access) -> None:
    channel: dict[str, Any] = {"id": -100900, "type": "channel", "title": "News"}
    await say(team, channel["id"], AccessState.APPROVED)
    assert await asked(access, EVE, channel) is STRANGER


async def test_another_bot_is_never_answered_not_even_in_a_group_that_is_let_in(access: Access) -> None:
    bot = {"id": 99, "is_bot": True, "first_name": "Other"}
    assert [await asked(access, bot, chat) for chat in (TEAM, OTHERS)] == [IGNORED, IGNORED]


@pytest.mark.parametrize("stand_in", STAND_INS)
async def test_an_anonymous_admin_and_a_channel_stand_as_their_group_does(access: Access, stand_in: int) -> None:
    person = {"id": stand_in, "is_bot": stand_in != 777000, "first_name": "Group"}
    assert [await asked(access, person, chat) for chat in (TEAM, OTHERS)] == [ALLOWED, STRANGER]


async def test_a_member_of_a_group_that_is_let_in_is_no_stranger_in_private(team: Stage, access: Access) -> None:
    team.telegram.members[TEAM["id"], EVE["id"]] = "member"
    assert await asked(access, EVE) is ALLOWED


async def test_who_speaks_in_the_group_is_looked_for_there_first(team: Stage, access: Access) -> None:
    await say(team, SALES["id"], AccessState.APPROVED)
    await access.was_seen(SALES["id"], User.model_validate(EVE))
    team.telegram.members[SALES["id"], EVE["id"]] = "member"
    assert await asked(access, EVE) is ALLOWED
    assert [call.chat_id for call in team.of(GetChatMember)] == [SALES["id"]]


@pytest.mark.parametrize("status", ["left", None])
async def test_who_is_not_in_it_any_more_and_whom_telegram_does_not_name_is_a_stranger(
    team: Stage, access: Access, status: str | None
) -> None:
    await access.was_seen(TEAM["id"], User.model_validate(EVE))
    if status is not None:
        team.telegram.members[TEAM["id"], EVE["id"]] = status
    assert await asked(access, EVE) is STRANGER


async def test_where_telegram_cannot_be_asked_nobody_is_a_member(team: Stage, access: Access) -> None:
    for method in (GetChatMember, GetChatAdministrators):
        team.telegram.fail(method, TelegramNetworkError, message="it broke")
    assert await asked(access, EVE) is STRANGER


async def test_who_is_banned_loses_the_right_within_minutes(team: Stage, access: Access, time: Time) -> None:
    team.telegram.members[TEAM["id"], EVE["id"]] = "member"
    assert await asked(access, EVE) is ALLOWED
    team.telegram.members[TEAM["id"], EVE["id"]] = "left"
    time.now += BELIEVED_SECONDS + 1
    assert await asked(access, EVE) is STRANGER


async def test_a_group_that_is_no_longer_let_in_makes_nobody_a_member(team: Stage, access: Access) -> None:
    await say(team, SALES["id"], AccessState.APPROVED)
    team.telegram.members[SALES["id"], EVE["id"]] = "member"
    assert await asked(access, EVE) is ALLOWED
    await say(team, SALES["id"], AccessState.DENIED)
    assert await asked(access, EVE) is STRANGER


async def test_a_member_of_one_group_is_a_stranger_in_another(team: Stage, access: Access) -> None:
    team.telegram.members[TEAM["id"], EVE["id"]] = "member"
    assert await asked(access, EVE, OTHERS) is STRANGER


async def test_a_press_by_a_member_somewhere_else_is_a_strangers(team: Stage, access: Access) -> None:
    team.telegram.members[TEAM["id"], EVE["id"]] = "member"
    assert await asked(access, EVE, private(ANNA)) is STRANGER


async def test_who_is_known_to_be_a_member_is_not_shut_out_by_how_often_anybody_speaks(
    team: Stage, access: Access
) -> None:
    team.telegram.members[TEAM["id"], EVE["id"]] = "member"
    for _ in range(LOOKUPS + 1):
        assert await asked(access, EVE) is ALLOWED
    for number in range(LOOKUPS):
        assert await asked(access, EVE | {"id": 10_000 + number}) is STRANGER
    assert await asked(access, EVE) is ALLOWED


async def test_thousands_of_strangers_ask_telegram_only_so_often(team: Stage, access: Access, time: Time) -> None:
    for number in range(GROUPS_ASKED + 5):
        await say(team, -1000 - number, AccessState.APPROVED)
    for number in range(50):
        assert await asked(access, EVE | {"id": 10_000 + number}) is STRANGER
    assert len(team.of(GetChatMember)) == LOOKUPS
    team.telegram.members[TEAM["id"], EVE["id"]] = "member"
    assert await asked(access, EVE) is STRANGER
    time.now += LOOKUP_SECONDS
    assert await asked(access, EVE) is ALLOWED


@pytest.mark.parametrize(
    ("person_id", "may"), [(ADMIN["id"], True), (ANNA["id"], True), (EVE["id"], False), (STAND_INS[0], False)]
)
async def test_who_lets_a_group_in_by_adding_the_bot(access: Access, person_id: int, may: bool) -> None:  # noqa: FBT001  (a table)
    assert await access.may_bring(person_id) is may


async def test_a_member_of_one_group_lets_no_other_group_in(team: Stage, access: Access) -> None:
    team.telegram.members[TEAM["id"], EVE["id"]] = "member"
    assert not await access.may_bring(EVE["id"])
    await say(team, EVE["id"], AccessState.APPROVED)
    assert await access.may_bring(EVE["id"])


async def test_which_groups_are_let_in(team: Stage, access: Access) -> None:
    await say(team, SALES["id"], AccessState.APPROVED)
    await say(team, OTHERS["id"], AccessState.DENIED)
    assert [await access.is_let_in(chat["id"]) for chat in (TEAM, SALES, OTHERS)] == [True, True, False]


@pytest.mark.parametrize("person", [{"id": STAND_INS[0], "is_bot": True}, {"id": STAND_INS[2], "is_bot": False}])
async def test_nobody_is_remembered_who_has_no_name(team: Stage, access: Access, person: dict[str, Any]) -> None:
    await access.was_seen(TEAM["id"], User.model_validate(person | {"first_name": "Group"}))
    assert await team.accesses.purge(NOW + 1) == 0


async def test_files_are_taken_where_the_database_says_so(team: Stage, time: Time) -> None:
    files = FileGroups(team.accesses, frozenset({TEAM["id"]}), clock=time)
    assert files.ids == frozenset()
    await say(team, SALES["id"], AccessState.APPROVED)
    for chat in (TEAM, SALES, OTHERS):
        await team.groups.set_takes_files(chat["id"], takes=True)
    assert await files.refresh() == NOW + REFRESH_SECONDS
    assert files.ids == {TEAM["id"], SALES["id"]}
