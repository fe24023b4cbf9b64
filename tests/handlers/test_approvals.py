"""Presses that may spend: quotas, large lists that need an admin's yes, and that nobody else can give it."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import AnswerCallbackQuery

from bot.approvals import Approval, Decision
from bot.job import Job, JobState
from storage.approvals import Asker
from tests.fakes import ADMIN, ANNA, BORIS, EVE, NOW, TEAM, Stage, stage

STALE = "This button no longer does anything. /jobs shows how the lists stand."
ADMINS_ONLY = "Only the bot’s admins can press this."
QUEUED = "On its way to the check."
APPROVED = "Approved: on its way to the check."
ASKED = (
    "A list this large also needs an admin’s yes. "
    "I am asking the admins now; my message about the list says how it stands."
)
ASKED_ALREADY = "The admins have been asked already. The check begins when one of them says yes."
THREE = "+79123456789\n+79123456780\n+79123456781\n"
EVA: dict[str, Any] = {"id": 14, "is_bot": False, "first_name": "Eva", "language_code": "en"}
ADMINS = frozenset({ADMIN["id"], EVA["id"]})


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[Stage]:
    """Lists of more than two numbers need the yes of Ada or Eva; a person may check five numbers a day."""
    async with stage(tmp_path, approve_above=2, quota_person_day=5, admin_ids=ADMINS) as opened:
        for person in (ANNA, BORIS):
            opened.telegram.members[TEAM["id"], person["id"]] = "member"
        yield opened


async def asked(team: Stage, **place: Any) -> tuple[Job, Approval]:
    """A large list that Anna has pressed on."""
    job = await team.preview(THREE if not place else f"/check {THREE}", **place)
    assert await team.presses(f"check:{job.token}:1", **place) == ASKED
    approval = await team.approvals.latest(job.id)
    assert approval is not None
    return job, approval


async def decision(team: Stage, approval: Approval) -> Decision | None:
    found = await team.approvals.of_token(approval.token)
    assert found is not None
    return found.decision


def alerted(team: Stage) -> bool | None:
    return team.of(AnswerCallbackQuery)[-1].show_alert


async def test_a_small_list_is_queued_at_once(team: Stage) -> None:
    job = await team.preview()
    assert await team.presses(f"check:{job.token}:1") == QUEUED
    assert await team.approvals.latest(job.id) is None


async def test_a_press_on_a_large_list_asks_the_admins_once_and_queues_nothing(team: Stage) -> None:
    job, approval = await asked(team)
    assert alerted(team)
    assert (approval.asked_by, approval.asked_by_name, approval.numbers) == (ANNA["id"], "Anna", 3)
    assert await team.state(job) is JobState.CONFIRMING
    assert await team.presses(f"check:{job.token}:1") == ASKED_ALREADY
    await team.approvals.note_card(approval, ADMIN["id"], 5)
    await team.approvals.note_card(approval, EVA["id"], None)
    assert await team.presses(f"check:{job.token}:1") == ASKED  # Eva once more
    assert team.woken


async def test_an_admin_says_yes_in_private_and_the_asker_spends(team: Stage) -> None:
    job, approval = await asked(team)
    team.woken.clear()
    assert await team.presses(f"approve:{approval.token}:", person=ADMIN) == APPROVED
    assert team.woken
    now = await team.now(job)
    assert (now.state, now.asked_by) == (JobState.QUEUED, ANNA["id"])
    assert await decision(team, approval) is Decision.APPROVED
    assert (
        await team.presses(f"approve:{approval.token}:", person=EVA) == "This was decided already. Nothing was changed."
    )
    assert alerted(team)
    assert (
        await team.presses(f"notnow:{approval.token}:", person=EVA) == "This was decided already. Nothing was changed."
    )
    assert await team.now(job) == now


async def test_an_admin_says_not_now_and_the_list_waits(team: Stage) -> None:
    job, approval = await asked(team)
    assert await team.presses(f"notnow:{approval.token}:", person=ADMIN) == "Noted. I tell them."
    assert await decision(team, approval) is Decision.DECLINED
    assert await team.state(job) is JobState.CONFIRMING
    assert (
        await team.presses(f"approve:{approval.token}:", person=EVA) == "This was decided already. Nothing was changed."
    )
    assert await team.presses(f"check:{job.token}:1") == ASKED


async def test_an_admins_press_on_the_preview_is_a_yes_too(team: Stage) -> None:
    job, approval = await asked(team, chat=TEAM)
    assert await team.presses(f"check:{job.token}:1", person=ADMIN, chat=TEAM) == APPROVED
    assert (await team.now(job)).asked_by == ANNA["id"]
    assert await decision(team, approval) is Decision.APPROVED


async def test_an_admin_needs_nobody_elses_yes(team: Stage) -> None:
    job = await team.preview(THREE, person=ADMIN)
    assert await team.presses(f"check:{job.token}:1", person=ADMIN) == QUEUED
    assert (await team.now(job)).asked_by == ADMIN["id"]


@pytest.mark.parametrize(
    ("person", "chat"),
    [(ANNA, None), (BORIS, TEAM), (ADMIN, TEAM), (EVE, None)],
    ids=["who asked", "a colleague", "an admin in the group", "a stranger"],
)
@pytest.mark.parametrize("action", ["approve", "notnow"])
async def test_nobody_but_an_admin_in_private_decides(
    team: Stage, action: str, person: dict[str, Any], chat: dict[str, Any] | None
) -> None:
    job, approval = await asked(team)
    said = await team.presses(f"{action}:{approval.token}:", person=person, chat=chat)
    if person is not EVE:
        assert said in {ADMINS_ONLY, "Нажать могут только администраторы бота."}
    assert said
    assert await decision(team, approval) is None
    assert await team.state(job) is JobState.CONFIRMING


@pytest.mark.parametrize("token", ["", "x", "of the job"])
async def test_a_forged_yes_does_nothing(team: Stage, token: str) -> None:
    job, _ = await asked(team)
    token = job.token if token == "of the job" else token
    for action in ("approve", "notnow"):
        assert await team.presses(f"{action}:{token}:", person=ADMIN) == STALE
    assert await team.state(job) is JobState.CONFIRMING


async def test_a_yes_to_a_list_that_was_edited_or_added_to_meanwhile_starts_nothing(team: Stage) -> None:
    job, approval = await asked(team)
    await team.says("+79990000001", date=NOW + 1)
    for action in ("approve", "notnow"):
        said = await team.presses(f"{action}:{approval.token}:", person=ADMIN)
        assert said == "The list has changed since, so there is nothing to approve any more."
    again = await team.read(await team.now(job), THREE)
    assert await team.presses(f"approve:{approval.token}:", person=ADMIN) == said
    assert await team.presses(f"check:{job.token}:{again.read_revision}") == ASKED
    assert await team.presses(f"approve:{approval.token}:", person=ADMIN) == said
    latest = await team.approvals.latest(job.id)
    assert latest is not None
    assert await team.presses(f"approve:{latest.token}:", person=ADMIN) == APPROVED


async def test_a_press_of_the_asker_on_old_counts_asks_nobody(team: Stage) -> None:
    job = await team.preview(THREE)
    await team.says("+79990000001", date=NOW + 1)
    said = await team.presses(f"check:{job.token}:1")
    assert said == "The list has changed since. Look at the new counts and press again."
    assert await team.approvals.latest(job.id) is None


@pytest.mark.parametrize("how", ["cancel", "forget"])
async def test_a_yes_to_a_list_that_is_gone_starts_nothing(team: Stage, how: str) -> None:
    job, approval = await asked(team)
    await team.presses(f"{how}:{job.token}:")
    said = await team.presses(f"approve:{approval.token}:", person=ADMIN)
    assert said == "The list no longer waits for an approval."
    assert await team.state(job) is JobState.CANCELLED


async def test_who_has_used_up_a_quota_reads_so_and_nothing_moves(team: Stage) -> None:
    await team.presses(f"check:{(await team.preview()).token}:1")
    await team.presses(f"check:{(await team.preview(date=NOW + 100)).token}:1")
    job = await team.preview(date=NOW + 200)
    team.woken.clear()
    said = await team.presses(f"check:{job.token}:1")
    assert said is not None
    assert said.startswith("Limit per person: 5 numbers a day, 1 left, 4 held by the queue. This list has 2. ")
    assert alerted(team)
    assert await team.state(job) is JobState.CONFIRMING
    assert not team.woken
    assert await team.presses(f"check:{job.token}:1", person=ADMIN) == STALE  # in the admin's own chat
    large = await team.preview(THREE, date=NOW + 300)
    assert (await team.presses(f"check:{large.token}:1") or "").startswith("Limit per person: 5 numbers a day")
    assert await team.approvals.latest(large.id) is None


async def test_an_admin_reads_that_the_askers_quota_is_used_up_and_can_say_yes_later(team: Stage) -> None:
    job, approval = await asked(team)
    other = await team.preview("+79123450001\n+79123450002\n", date=NOW + 100)
    third = await team.preview("+79123450003\n", date=NOW + 200)
    for one in (other, third):
        assert await team.presses(f"check:{one.token}:1") == QUEUED
    said = await team.presses(f"approve:{approval.token}:", person=ADMIN)
    assert said is not None
    assert said.startswith("Limit per person: 5 numbers a day, 2 left")
    assert alerted(team)
    assert await decision(team, approval) is None
    await team.presses(f"cancel:{third.token}:")
    assert await team.presses(f"approve:{approval.token}:", person=ADMIN) == APPROVED
    assert await team.state(job) is JobState.QUEUED


async def unsure(team: Stage, text: str, **place: Any) -> Job:
    job = await team.preview(text, **place)
    now = time.time()  # quotas are about the day and the month in which somebody presses
    pressed = await team.moves.press(job, 1, ANNA["id"], now)
    assert pressed is not None
    attempt = await team.submits.begin_submit(pressed, now)
    assert attempt is not None
    moved = await team.submits.unsure(attempt, "it broke", now)
    assert moved is not None
    return moved


async def test_a_large_list_is_sent_again_by_an_admin_only(team: Stage) -> None:
    job = await unsure(team, THREE)
    said = await team.presses(f"again:{job.token}:1")
    assert said == "Only an admin of the bot can send a list this large again. They have been asked too."
    assert await team.state(job) is JobState.UNSURE
    assert await team.presses(f"again:{job.token}:1", person=ADMIN) == "Sending it again."
    assert (await team.now(job)).asked_by == ADMIN["id"]


async def test_a_second_submit_that_does_not_fit_is_not_sent(tmp_path: Path) -> None:
    async with stage(tmp_path, quota_chat_month=3) as team:
        job = await unsure(team, "+79123456789\n+79123456780\n")
        said = await team.presses(f"again:{job.token}:1")
        assert said is not None
        assert said.startswith("Limit per chat: 3 numbers a month, 1 left. This list has 2. There is room again on ")
        assert await team.state(job) is JobState.UNSURE


async def test_admins_have_quotas_too(team: Stage) -> None:
    job = await team.preview("".join(f"+7912345678{digit}\n" for digit in range(6)), person=ADMIN)
    said = await team.presses(f"check:{job.token}:1", person=ADMIN)
    assert said == "Limit per person: 5 numbers a day. This list has 6, so it can never fit: split it."


async def test_an_admin_who_opens_a_chat_is_asked_what_waits(team: Stage) -> None:
    _, approval = await asked(team)
    await team.approvals.note_card(approval, ADMIN["id"], None)
    team.woken.clear()
    await team.says("/start", person=ANNA)
    assert not team.woken
    await team.says("/start", person=ADMIN)
    assert team.woken
    assert await team.approvals.cards(approval) == {}


async def test_the_names_of_who_spends_and_where_are_kept_and_those_of_other_chats_are_not_mixed_up(
    team: Stage,
) -> None:
    job = await team.preview("/check +79123456789", chat=TEAM)
    await team.presses(f"check:{job.token}:1", chat=TEAM)
    assert await team.chats.title(TEAM["id"]) == "Team"
    other = await unsure(team, "/check +79123456780", chat=TEAM)
    await team.presses(f"again:{other.token}:1", person=ADMIN)
    assert await team.chats.title(TEAM["id"]) == "Team"
    assert await team.chats.title(ADMIN["id"]) is None


async def test_a_yes_that_telegram_has_forgotten_the_message_of_still_counts(team: Stage) -> None:
    job, approval = await asked(team)
    query = {
        "id": "1",
        "from": ADMIN,
        "chat_instance": "c",
        "message": {"chat": {"id": ADMIN["id"], "type": "private"}, "message_id": 5, "date": 0},
        "data": f"approve:{approval.token}:",
    }
    await team.feed("callback_query", query)
    assert await team.state(job) is JobState.QUEUED


async def test_where_no_list_is_large_no_admin_is_asked(tmp_path: Path) -> None:
    async with stage(tmp_path) as team:
        job = await team.preview(THREE)
        found = await team.approvals.ask(job, 1, Asker(ANNA["id"], "Anna"), NOW)  # before the setting was taken out
        assert found is not None
        assert await team.presses(f"check:{job.token}:1") == QUEUED
        assert await team.presses(f"approve:{found[0].token}:", person=ADMIN) == (
            "The list no longer waits for an approval."
        )
