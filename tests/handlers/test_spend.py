"""/spend: who may read what, in words and as a file."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiogram.types import BufferedInputFile
from openpyxl import load_workbook

from bot.spend import month_name
from tests.fakes import ADMIN, ANNA, BORIS, EVE, OTHERS, TEAM, Stage, labels, stage

STALE = "This button no longer does anything. /jobs shows how the lists stand."
GROUP_ADMINS = "Only the admins of this group and of the bot can see what was spent."
GROUP: dict[str, Any] = {"chat": TEAM}
THIS_MONTH = month_name(datetime.now(UTC).timestamp())


async def spends(team: Stage, count: int, *, person: dict[str, Any] = ANNA, chat: dict[str, Any] | None = None) -> None:
    """Somebody has so many numbers checked."""
    text = "".join(f"+7912345{number:04}\n" for number in range(count))
    now = datetime.now(UTC).timestamp()
    job = await team.preview(f"/check {text}" if chat else text, person=person, chat=chat)
    said = await team.presses(f"check:{job.token}:1", person=person, chat=chat)
    assert said in {"On its way to the check.", "Отправляю на проверку."}
    attempt = await team.submits.begin_submit(await team.now(job), now)
    assert attempt is not None
    assert await team.submits.accepted(attempt, f"task{job.id}", None, now, now)


@pytest.fixture
async def spent(team: Stage) -> Stage:
    """Anna has spent in the group and in private, Boris in the group, and somebody elsewhere; Boris runs the group."""
    team.telegram.members[TEAM["id"], ANNA["id"]] = "member"
    team.telegram.members[TEAM["id"], BORIS["id"]] = "administrator"
    await spends(team, 30, chat=TEAM)
    await spends(team, 20, person=BORIS, chat=TEAM)
    await spends(team, 10)
    return team


async def test_an_admin_of_the_bot_reads_of_all_chats_in_private(spent: Stage) -> None:
    await spent.says("/spend", person=ADMIN)
    said = spent.said[-1]
    assert "all chats" in said
    assert "60 numbers · 3 checks" in said
    assert "1. Anna · Team: 30 numbers" in said
    assert "2. Борис · Team: 20 numbers" in said
    assert "3. Anna · private chat: 10 numbers" in said


@pytest.mark.parametrize("person", [BORIS | {"language_code": "en"}, ADMIN], ids=["the group's", "the bot's"])
async def test_an_admin_reads_in_the_group_of_that_group_only(spent: Stage, person: dict[str, Any]) -> None:
    await spent.says("/spend", person=person, **GROUP)
    said = spent.said[-1]
    assert "this group" in said
    assert "50 numbers · 2 checks" in said
    assert "private" not in said


async def test_an_anonymous_admin_of_the_group_may_read(spent: Stage) -> None:
    stand_in = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    await spent.says("/spend", person=stand_in, sender_chat=TEAM, **GROUP)
    assert "50 numbers · 2 checks" in spent.said[-1]


@pytest.mark.parametrize(
    ("place", "refusal"),
    [
        ({"person": ANNA, "chat": TEAM}, GROUP_ADMINS),
        ({"person": ANNA}, "Only the bot’s admins can do that."),
        ({"person": ANNA, "chat": TEAM, "sender_chat": {"id": -1, "type": "channel", "title": "News"}}, GROUP_ADMINS),
    ],
    ids=["a member", "in private", "in a channel's name"],
)
async def test_others_are_told_who_may_read(spent: Stage, place: dict[str, Any], refusal: str) -> None:
    await spent.says("/spend", **place)
    assert spent.said[-1] == refusal


async def test_strangers_read_nothing(spent: Stage) -> None:
    await spent.says("/spend", person=EVE)
    await spent.says("/spend", person=EVE, chat=OTHERS)
    assert not any("numbers" in said for said in spent.said)


async def test_the_file_has_the_same(spent: Stage) -> None:
    await spent.says("/spend", person=ADMIN)
    assert await spent.presses(f"spend:{THIS_MONTH}:", person=ADMIN) == "The file is on its way."
    (sent,) = spent.files
    assert isinstance(sent.document, BufferedInputFile)
    assert sent.document.filename == f"spend_{THIS_MONTH}.xlsx"
    rows = list(load_workbook(io.BytesIO(sent.document.data))[THIS_MONTH].iter_rows(values_only=True))
    assert [row[:5] for row in rows[1:]] == [
        ("Team", str(TEAM["id"]), "Anna", str(ANNA["id"]), 30),
        ("Team", str(TEAM["id"]), "Борис", str(BORIS["id"]), 20),
        ("private chat", str(ANNA["id"]), "Anna", str(ANNA["id"]), 10),
    ]


async def test_the_file_in_a_group_is_about_that_group_and_for_its_admins(spent: Stage) -> None:
    await spent.says("/spend", person=BORIS, **GROUP)
    assert await spent.presses(f"spend:{THIS_MONTH}:", person=ANNA, **GROUP) == GROUP_ADMINS
    assert await spent.presses(f"spend:{THIS_MONTH}:", person=ANNA) == GROUP_ADMINS  # forged in her own chat
    assert spent.files == []
    await spent.presses(f"spend:{THIS_MONTH}:", person=BORIS, **GROUP)
    (sent,) = spent.files
    assert sent.chat_id == TEAM["id"]
    assert isinstance(sent.document, BufferedInputFile)
    rows = list(load_workbook(io.BytesIO(sent.document.data))[THIS_MONTH].iter_rows(values_only=True))
    assert {row[1] for row in rows[1:]} == {str(TEAM["id"])}


@pytest.mark.parametrize("month", ["", "2026-13", "x", "2026-11-23"])
async def test_a_forged_month_gives_nothing(spent: Stage, month: str) -> None:
    assert await spent.presses(f"spend:{month}:", person=ADMIN) == STALE
    assert spent.files == []


async def test_a_month_without_any_check_is_an_empty_file(spent: Stage) -> None:
    await spent.presses("spend:2020-01:", person=ADMIN)
    assert len(spent.files) == 1


async def test_nothing_was_spent_yet(team: Stage) -> None:
    await team.says("/spend", person=ADMIN)
    assert team.said[-1].endswith("Nothing has been checked yet.")


async def test_the_quotas_of_the_place_are_told(tmp_path: Path) -> None:
    async with stage(tmp_path, quota_month=1000, quota_chat_day=100, quota_person_day=50) as team:
        team.telegram.members[TEAM["id"], ANNA["id"]] = "administrator"
        await spends(team, 30, chat=TEAM)
        await team.says("/spend", person=ADMIN)
        assert "This month: 30 of 1,000" in team.said[-1]
        assert "Today" not in team.said[-1]
        await team.says("/spend", **GROUP)
        assert "Today: 30 of 100" in team.said[-1]
        assert "This month: " not in team.said[-1]
        assert labels(team.telegram.calls[-1].reply_markup) == ["As a file"]  # type: ignore[attr-defined]
