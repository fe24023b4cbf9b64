import zlib
from typing import Any

import pytest
from aiogram.methods import SendMessage

from bot.job import JobState
from storage.lists import StoredResult
from tests.fakes import ANNA, EVE, NAME, NOW, OTHERS, OURSELVES, REFUSED, TEAM, Stage, private


def membership(before: str, now: str, person: dict[str, Any] = ANNA, chat: dict[str, Any] = TEAM) -> dict[str, Any]:
    extra: dict[str, Any] = {
        "kicked": {"until_date": 0},
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
        "old_chat_member": {"user": OURSELVES, "status": before} | extra.get(before, {}),
        "new_chat_member": {"user": OURSELVES, "status": now} | extra.get(now, {}),
    }


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


async def test_an_allowed_group_is_told_how_to_hand_in_a_list(team: Stage) -> None:
    await team.feed("my_chat_member", membership("left", "member"))

    (sent,) = team.of(SendMessage)
    assert sent.chat_id == TEAM["id"]
    assert sent.text == f"Reply /check@{NAME} to a list, or send the file with /check@{NAME} as its caption."


async def test_a_group_nobody_allowed_is_told_the_ids(team: Stage) -> None:
    outcome = await team.feed("my_chat_member", membership("left", "member", EVE, OTHERS))

    assert outcome is REFUSED
    (said,) = team.said
    assert "<code>-100600</code>" in said
    assert "<code>66</code>" in said


@pytest.mark.parametrize(
    ("before", "now"),
    [("member", "administrator"), ("administrator", "member"), ("member", "left"), ("member", "kicked")],
)
async def test_a_change_inside_the_group_or_the_way_out_is_no_greeting(team: Stage, before: str, now: str) -> None:
    await team.feed("my_chat_member", membership(before, now))

    assert team.said == []


async def test_an_unblocked_chat_gets_what_waited_for_it_and_no_greeting(team: Stage) -> None:
    job = await undeliverable(team)
    await team.feed("my_chat_member", membership("member", "kicked", chat=private(ANNA)))
    assert await team.state(job) is JobState.UNDELIVERABLE
    await team.feed("my_chat_member", membership("kicked", "member", chat=private(ANNA)))

    assert await team.state(job) is JobState.DELIVERING
    assert team.woken
    assert team.said == []


async def test_what_waits_for_another_chat_goes_on_waiting(team: Stage) -> None:
    job = await undeliverable(team)
    await team.feed("my_chat_member", membership("left", "member"))

    assert await team.state(job) is JobState.UNDELIVERABLE
    assert team.woken == []


async def test_an_unblocking_stranger_hears_nothing(team: Stage) -> None:
    await team.feed("my_chat_member", membership("kicked", "member", EVE, private(EVE)))

    assert team.said == []


@pytest.mark.parametrize("person", [ANNA, EVE, None])
async def test_everything_of_a_group_goes_over_to_its_new_id(team: Stage, person: dict[str, Any] | None) -> None:
    await team.says("/country KE", chat=TEAM)
    job = await team.preview("/check +79123456789", chat=TEAM)
    new = TEAM | {"id": -100777}

    for _ in range(2):  # an update may be handled twice
        await team.says(chat=TEAM, person=person, migrate_to_chat_id=new["id"])

    assert (await team.now(job)).chat_id == -100777
    assert await team.chats.region(-100777) == "KE"
    assert await team.chats.region(TEAM["id"]) is None
    assert await team.jobs.latest(TEAM["id"], 5) == ()
