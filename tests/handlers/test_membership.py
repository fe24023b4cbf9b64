"""The bot is added, promoted, put out; a group becomes a supergroup; somebody leaves."""

import zlib
from pathlib import Path
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramNetworkError
from aiogram.methods import LeaveChat, SendMessage

from bot.job import JobState
from handlers.membership import LEAVE_SECONDS
from storage.access import AccessState, Entry, keep
from storage.access_requests import Decision, Request
from storage.lists import StoredResult
from tests.fakes import (
    ADMIN,
    ANNA,
    EVE,
    NAME,
    NOW,
    OTHERS,
    OURSELVES,
    REFUSED,
    TEAM,
    Stage,
    labels,
    private,
    stage,
)

WELCOME = f"Reply /check@{NAME} to a list,\nor make me an admin and just send files."
ASKED = (
    "This bot works for one team. I have asked its admins whether it may work in this group; their answer comes here.\n"
    "If nobody answers within a day, I leave."
)
GOODBYE = "The bot’s admins have decided that it does not work in this group, so I leave."
MUTED = dict.fromkeys(
    (
        *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos"),
        *("can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages"),
        *("can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users"),
        *("can_pin_messages", "can_manage_topics"),
    ),
    False,
)


def membership(
    before: str,
    now: str,
    person: dict[str, Any] = ANNA,
    chat: dict[str, Any] = TEAM,
    *,
    who: dict[str, Any] = OURSELVES,
    **rights: Any,
) -> dict[str, Any]:
    extra: dict[str, Any] = {
        "kicked": {"until_date": 0},
        "restricted": MUTED | {"is_member": True, "until_date": 0} | rights,
        "administrator": dict.fromkeys(
            (
                *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
                *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
                *("can_post_stories", "can_edit_stories", "can_delete_stories", "can_send_welcome_messages"),
            ),
            False,
        ),
    }
    return {
        "chat": chat,
        "from": person,
        "date": NOW,
        "old_chat_member": {"user": who, "status": before} | extra.get(before, {}),
        "new_chat_member": {"user": who, "status": now} | extra.get(now, {}),
    }


async def added(team: Stage, person: dict[str, Any], chat: dict[str, Any] = OTHERS, status: str = "member") -> Any:
    return await team.feed("my_chat_member", membership("left", status, person, chat))


async def say(team: Stage, access_id: int, state: AccessState) -> None:
    async with team.database.write() as connection:
        await keep(team.database, connection, Entry(access_id, "Somebody", state, ADMIN["id"], NOW))


async def group_state(team: Stage, chat: dict[str, Any] = OTHERS) -> AccessState | None:
    return (await team.accesses.known(None, chat["id"])).chat


async def open_ones(team: Stage) -> list[Request]:
    return [*await team.requests.open_ones(skip=0, most=9)]


async def undeliverable(team: Stage, **where: Any) -> Any:
    job = await team.preview("/check +79123456789", **where)
    await team.presses(f"check:{job.token}:1", chat=where.get("chat"))
    attempt = await team.submits.begin_submit(job, NOW)
    assert attempt is not None
    checking = await team.submits.accepted(attempt, "task", None, NOW, NOW)
    assert checking is not None
    stored = await team.tasks.keep_result(checking, StoredResult("y", b"book", None), zlib.compress(b"y"), NOW)
    assert stored is not None
    gone = await team.tasks.undeliverable(stored, "blocked", NOW)
    team.woken.clear()
    return gone


async def test_an_allowed_group_is_told_in_two_lines_how_to_hand_in_a_list(team: Stage) -> None:
    assert await added(team, EVE, TEAM) is None

    (sent,) = team.of(SendMessage)
    assert (sent.chat_id, sent.text) == (TEAM["id"], WELCOME)
    assert await open_ones(team) == []


async def test_a_group_that_an_admin_adds_the_bot_to_is_let_in_at_once(team: Stage) -> None:
    assert await added(team, ADMIN) is None

    assert team.said == [WELCOME]
    assert await group_state(team) is AccessState.APPROVED
    assert await team.has_job(await team.says("/check +79123456789", person=EVE, chat=OTHERS))
    assert await team.access_cards.to_show() == ()


@pytest.mark.parametrize("approved", [False, True], ids=["named in the settings", "let in by an admin"])
async def test_a_group_that_somebody_of_the_team_adds_the_bot_to_is_let_in_and_the_admins_hear_of_it(
    team: Stage,
    *,
    approved: bool,
) -> None:
    person = EVE if approved else ANNA
    if approved:
        await say(team, EVE["id"], AccessState.APPROVED)
    for _ in range(2):  # an update may be handled twice
        assert await added(team, person) is None

    assert await group_state(team) is AccessState.APPROVED
    (notice,) = await team.access_cards.to_show()
    assert (notice.chat_id, notice.person_id, notice.is_their_own) == (OTHERS["id"], person["id"], True)
    assert set(team.said) == {WELCOME}


async def test_a_group_that_a_mere_member_of_another_group_adds_the_bot_to_is_asked_about(team: Stage) -> None:
    team.telegram.members[TEAM["id"], EVE["id"]] = "member"

    assert await added(team, EVE) is REFUSED
    assert await group_state(team) is None
    assert len(await open_ones(team)) == 1


async def test_an_unknown_group_is_asked_about_and_left_after_a_day(team: Stage) -> None:
    for _ in range(2):
        assert await added(team, EVE) is REFUSED

    assert set(team.said) == {ASKED}
    (request,) = await open_ones(team)
    assert (request.chat_id, request.chat_title, request.person_id) == (OTHERS["id"], "Others", EVE["id"])
    assert request.leave_at is not None
    assert request.leave_at - request.asked_at == LEAVE_SECONDS
    assert request.answered_at is not None
    assert team.woken
    assert team.of(LeaveChat) == []


async def test_who_writes_in_a_group_right_after_it_was_asked_about_gets_no_second_answer(team: Stage) -> None:
    await added(team, EVE)
    await team.says("/check", person=EVE | {"id": 67}, chat=OTHERS)

    assert team.said == [ASKED]
    assert len(await open_ones(team)) == 1


async def test_a_group_that_was_kept_out_is_asked_about_when_the_bot_is_added_again(team: Stage) -> None:
    await say(team, OTHERS["id"], AccessState.DENIED)
    await say(team, EVE["id"], AccessState.APPROVED)

    assert await added(team, EVE) is REFUSED
    assert team.said == [ASKED]
    assert await group_state(team) is AccessState.DENIED
    assert len(await open_ones(team)) == 1
    assert not await team.has_job(await team.says("/check +79123456789", person=EVE, chat=OTHERS))


async def test_only_an_admin_takes_back_what_was_said_of_a_group_by_adding_the_bot(team: Stage) -> None:
    for state in (AccessState.DENIED, AccessState.BLOCKED):
        await say(team, OTHERS["id"], state)
        await added(team, ANNA)
        assert await group_state(team) is state
        await added(team, ADMIN)
        assert await group_state(team) is AccessState.APPROVED
    assert await open_ones(team) == []


async def test_a_blocked_group_is_left_at_once_without_a_word(team: Stage) -> None:
    await say(team, OTHERS["id"], AccessState.BLOCKED)

    assert await added(team, EVE) is REFUSED
    assert [call.chat_id for call in team.of(LeaveChat)] == [OTHERS["id"]]
    assert team.said == []
    assert await open_ones(team) == []


@pytest.mark.parametrize(("state", "said"), [(AccessState.BLOCKED, []), (AccessState.DENIED, [GOODBYE])])
async def test_who_is_kept_out_brings_the_bot_nowhere_and_the_admins_are_not_asked(
    team: Stage, state: AccessState, said: list[str]
) -> None:
    await say(team, EVE["id"], state)

    assert await added(team, EVE) is REFUSED
    assert team.said == said
    assert len(team.of(LeaveChat)) == 1
    assert await open_ones(team) == []


async def test_a_group_that_has_put_the_bot_out_already_cannot_be_left_and_that_is_no_trouble(team: Stage) -> None:
    await say(team, OTHERS["id"], AccessState.BLOCKED)
    team.telegram.fail(LeaveChat, TelegramForbiddenError, message="bot was kicked from the group chat")

    assert await added(team, EVE) is REFUSED


async def test_a_group_that_cannot_be_left_now_is_left_at_the_next_try(team: Stage) -> None:
    await say(team, OTHERS["id"], AccessState.BLOCKED)
    team.telegram.fail(LeaveChat, TelegramNetworkError, message="it broke")
    with pytest.raises(TelegramNetworkError):
        await added(team, EVE)

    assert await added(team, EVE) is REFUSED
    assert len(team.of(LeaveChat)) == 2


async def test_a_group_that_does_not_let_the_bot_speak_is_asked_about_all_the_same(team: Stage) -> None:
    team.telegram.fail(SendMessage, TelegramBadRequest, message="not enough rights to send text messages to the chat")

    assert await added(team, EVE) is REFUSED
    assert len(await open_ones(team)) == 1


async def test_a_group_that_an_admin_decides_about_just_then_is_told_that_it_was_asked(
    team: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = type(team.requests).ask

    async def too_late(requests: Any, new: Any, *rest: Any) -> Request | None:
        await say(team, OTHERS["id"], AccessState.APPROVED)
        return await ask(requests, new, *rest)

    monkeypatch.setattr(type(team.requests), "ask", too_late)

    assert await added(team, EVE) is None
    assert team.said == [ASKED.splitlines()[0]]
    assert team.of(LeaveChat) == []


async def test_a_bot_without_admins_tells_an_unknown_group_the_ids_and_stays(tmp_path: Path) -> None:
    async with stage(tmp_path, admin_ids=frozenset()) as team:
        assert await added(team, EVE) is REFUSED
        assert await added(team, ANNA) is None

        assert "<code>-100600</code>" in team.said[0]
        assert "<code>66</code>" in team.said[0]
        assert team.said[1] == WELCOME
        assert team.of(LeaveChat) == []
        assert await open_ones(team) == []
        assert await team.access_cards.to_show() == ()


async def test_a_channel_that_the_bot_is_added_to_is_left_alone(team: Stage) -> None:
    assert await added(team, EVE, {"id": -100900, "type": "channel", "title": "News"}, "administrator") is None
    assert team.telegram.calls == []
    assert await open_ones(team) == []


async def test_a_group_that_makes_the_bot_an_admin_is_offered_to_have_its_files_taken(team: Stage) -> None:
    await team.feed("my_chat_member", membership("member", "administrator"))

    (sent,) = team.of(SendMessage)
    assert sent.chat_id == TEAM["id"]
    assert "Shall I take every .txt, .csv, .tsv, .xlsx and .vcf file" in sent.text
    assert labels(sent.reply_markup) == ["Take such files"]


async def test_the_offer_is_one_of_the_groups_settings_for_its_admins_to_press(team: Stage) -> None:
    await team.feed("my_chat_member", membership("member", "administrator"))
    (sent,) = team.of(SendMessage)
    data = sent.reply_markup.inline_keyboard[0][0].callback_data  # type: ignore[union-attr]
    team.telegram.members |= {(TEAM["id"], 424242): "administrator", (TEAM["id"], EVE["id"]): "member"}
    await team.presses(data, person=EVE, chat=TEAM)
    assert team.dispatcher["audience"].takes_files() == frozenset()
    await team.presses(data, person=ADMIN, chat=TEAM)
    assert team.dispatcher["audience"].takes_files() == {TEAM["id"]}


async def test_the_welcome_of_a_group_that_adds_the_bot_as_an_admin_holds_the_offer(team: Stage) -> None:
    await added(team, EVE, TEAM, "administrator")

    (sent,) = team.of(SendMessage)
    assert sent.text.startswith(WELCOME)
    assert labels(sent.reply_markup) == ["Take such files"]


async def test_nothing_is_offered_to_a_group_that_is_not_let_in_or_has_it_already(team: Stage) -> None:
    await team.groups.set_takes_files(TEAM["id"], takes=True)
    for chat in (TEAM, OTHERS):
        await team.feed("my_chat_member", membership("member", "administrator", chat=chat))

    assert team.said == []


@pytest.mark.parametrize(
    ("before", "now"),
    [
        *(("administrator", "member"), ("member", "left"), ("member", "kicked"), ("restricted", "member")),
        *(("member", "restricted"), ("administrator", "administrator"), ("left", "kicked")),
    ],
)
async def test_a_change_inside_the_group_or_the_way_out_is_no_greeting(team: Stage, before: str, now: str) -> None:
    await team.feed("my_chat_member", membership(before, now))

    assert team.said == []


async def test_a_muted_bot_is_still_in_the_group_and_is_asked_about_no_second_time(team: Stage) -> None:
    await added(team, EVE)
    for change in (("member", "restricted"), ("restricted", "member")):
        await team.feed("my_chat_member", membership(*change, EVE, OTHERS))

    assert team.said == [ASKED]
    assert len(await open_ones(team)) == 1


@pytest.mark.parametrize("now", ["left", "kicked", "restricted"])
async def test_a_group_that_puts_the_bot_out_is_asked_about_no_longer(team: Stage, now: str) -> None:
    await added(team, EVE)
    await team.feed("my_chat_member", membership("member", now, EVE, OTHERS, is_member=False))

    assert await open_ones(team) == []
    assert await group_state(team) is None
    await added(team, EVE)
    assert len(await open_ones(team)) == 1


async def test_who_blocks_the_bot_while_they_wait_is_still_waiting(team: Stage) -> None:
    await team.says("/start", person=EVE)
    await team.feed("my_chat_member", membership("member", "kicked", EVE, private(EVE)))

    assert len(await open_ones(team)) == 1


async def test_an_unblocked_chat_gets_what_waited_for_it_and_no_greeting(team: Stage) -> None:
    job = await undeliverable(team)
    await team.feed("my_chat_member", membership("member", "kicked", chat=private(ANNA)))
    assert await team.state(job) is JobState.UNDELIVERABLE
    await team.feed("my_chat_member", membership("kicked", "member", chat=private(ANNA)))

    assert await team.state(job) is JobState.DELIVERING
    assert team.woken
    assert team.said == []


async def test_what_waits_for_a_chat_that_only_mutes_the_bot_goes_on_waiting(team: Stage) -> None:
    job = await undeliverable(team, chat=TEAM)
    await team.feed("my_chat_member", membership("member", "restricted"))
    assert await team.state(job) is JobState.UNDELIVERABLE
    await team.feed("my_chat_member", membership("restricted", "restricted", can_send_messages=True))
    assert await team.state(job) is JobState.DELIVERING


async def test_what_waits_for_another_chat_goes_on_waiting(team: Stage) -> None:
    job = await undeliverable(team)
    await team.feed("my_chat_member", membership("left", "member"))

    assert await team.state(job) is JobState.UNDELIVERABLE
    assert team.woken == []


async def test_an_unblocking_stranger_hears_nothing(team: Stage) -> None:
    await team.feed("my_chat_member", membership("kicked", "member", EVE, private(EVE)))

    assert team.said == []


@pytest.mark.parametrize(("now", "left"), [("left", 0), ("kicked", 0), ("member", 1), ("administrator", 1)])
async def test_who_is_out_of_a_group_was_never_seen_there(team: Stage, now: str, left: int) -> None:
    await team.says("/help", person=EVE, chat=TEAM)
    await team.feed("chat_member", membership("member", now, ADMIN, TEAM, who=EVE))

    assert await team.accesses.purge(float(2**40)) == left


@pytest.mark.parametrize("person", [ANNA, EVE, None])
async def test_everything_of_a_group_goes_over_to_its_new_id(team: Stage, person: dict[str, Any] | None) -> None:
    await team.says("/country KE", chat=TEAM)
    job = await team.preview("/check +79123456789", chat=TEAM)
    new = TEAM | {"id": -100777}

    for _ in range(2):  # an update may be handled twice
        await team.says(chat=TEAM, person=person, migrate_to_chat_id=new["id"])
    await team.says(chat=new, person=person, migrate_from_chat_id=TEAM["id"])

    assert (await team.now(job)).chat_id == -100777
    assert await team.chats.region(-100777) == "KE"
    assert await team.chats.region(TEAM["id"]) is None
    assert await team.jobs.latest(TEAM["id"], 5) == ()


async def test_a_group_that_was_let_in_is_so_under_its_new_id_and_its_files_are_taken(team: Stage) -> None:
    await say(team, OTHERS["id"], AccessState.APPROVED)
    await team.groups.set_takes_files(OTHERS["id"], takes=True)
    new = OTHERS | {"id": -100778}
    await added(team, EVE, new)  # told of before the group's new id
    await team.says(chat=OTHERS, person=EVE, migrate_to_chat_id=new["id"])

    assert await group_state(team, new) is AccessState.APPROVED
    assert await open_ones(team) == []
    assert team.dispatcher["audience"].takes_files() == {new["id"]}


async def test_a_request_that_was_answered_while_the_bot_was_added_anew_is_not_answered_again(team: Stage) -> None:
    await added(team, EVE)
    (request,) = await open_ones(team)
    await team.requests.decide(request.token, Decision.APPROVED, (ADMIN["id"], "Ada"), NOW)
    assert await added(team, EVE) is None

    assert team.said == [ASKED, WELCOME]
