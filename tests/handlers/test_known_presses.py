"""Presses about what is known: only the new numbers, the free result, the list once more, and what has changed."""

import io
import zlib
from array import array
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.job import Job, JobState
from bot.known import DAY, Known
from bot.numbers import pack, read_numbers, summarise
from storage.forgetting import Forgetting
from storage.groups import ResultsTo, WhoSpends
from storage.lists import StoredResult
from storage.memory import Memory
from tests.fakes import ADMIN, ANNA, BORIS, EVE, NOW, TEAM, Stage, seen, stage

FIVE = "\n".join(f"+7912345678{n}" for n in range(5))
QUEUED = "On its way to the check."
CHANGED = "The list has changed since. Look at the new counts and press again."
OPENED = "Opened again: see the new message."
THREE_KNOWN = Known("yn-u" + "y", array(DAY, [20_000, 20_001, 0, 20_002, 20_003]))
"""Three have a clear answer, so two are new."""


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Stage]:
    """More than two numbers need an admin's yes; a person may check four a day."""
    async with stage(tmp_path, approve_above=2, quota_person_day=4) as opened:
        yield opened


async def partly_known(team: Stage, known: Known = THREE_KNOWN, **place: Any) -> Job:
    """A list of five numbers of which the chat knows some."""
    job = await team.job_of(await team.sends("base.txt", **place))
    numbers = read_numbers(FIVE)
    read = await team.moves.read(await team.now(job), pack(numbers), summarise(numbers), NOW, known=known)
    assert read is not None
    await team.jobs.note_shown(job, message_id=5000, shown="card")
    return read


async def being_delivered(team: Stage, codes: str = "nyyyn", *, changes: tuple[int, int] = (1, 2), **place: Any) -> Job:
    """A list that was checked again as a whole, and whose result is on its way to the chat."""
    job = await partly_known(team, **place)
    await team.moves.press(job, 1, ANNA["id"], NOW)
    attempt = await team.submits.begin_submit(await team.now(job), NOW)
    assert attempt is not None
    checking = await team.submits.accepted(attempt, "task", None, NOW, NOW)
    assert checking is not None
    result, packed = StoredResult(codes, b"workbook", None), zlib.compress(codes.encode())
    stored = await team.tasks.keep_result(checking, result, packed, NOW, changes=changes)
    assert stored is not None
    return stored


async def checked(team: Stage, codes: str = "nyyyn", *, changes: tuple[int, int] = (1, 2), **place: Any) -> Job:
    """The same with the result in the chat."""
    done = await team.tasks.delivered(await being_delivered(team, codes, changes=changes, **place), NOW)
    assert done is not None
    return done


async def test_only_the_new_numbers_are_queued_as_they_were_shown(team: Stage) -> None:
    job = await partly_known(team)
    assert await team.presses(f"new:{job.token}:2") == CHANGED
    assert await team.presses(f"new:{job.token}:1") == QUEUED
    now = await team.now(job)
    assert (now.state, now.to_check, now.recalled) == (JobState.QUEUED, 2, 3)
    assert await team.presses(f"check:{job.token}:1") == "This list is already on its way."
    assert (await team.now(job)).to_check == 2


async def test_all_are_checked_where_that_was_pressed(team: Stage) -> None:
    job = await partly_known(team)
    assert await team.presses(f"check:{job.token}:1") == QUEUED
    assert (await team.now(job)).to_check == 5


async def test_where_nothing_is_new_the_press_says_that_nothing_is_charged(strict: Stage) -> None:
    await strict.presses(f"check:{(await strict.preview()).token}:1")
    await strict.presses(f"check:{(await strict.preview()).token}:1")  # the quota is used up
    job = await partly_known(strict, Known("ynyny", array(DAY, [20_000] * 5)))
    said = await strict.presses(f"new:{job.token}:1")
    assert said == "Nothing of it is new: the result is on its way, and nothing is charged."
    assert ((await strict.now(job)).state, (await strict.now(job)).to_check) == (JobState.QUEUED, 0)


async def test_quotas_and_the_admins_yes_go_by_what_is_asked_of_the_api(strict: Stage) -> None:
    first, second, third = [await partly_known(strict) for _ in range(3)]
    assert await strict.presses(f"new:{first.token}:1") == QUEUED  # two are no large list
    assert str(await strict.presses(f"check:{second.token}:1")).startswith("Limit per person: 4 numbers a day")
    assert await strict.presses(f"new:{second.token}:1") == QUEUED
    assert "This list has 2." in str(await strict.presses(f"new:{third.token}:1"))


async def test_the_admins_are_asked_about_just_what_was_pressed(tmp_path: Path) -> None:
    async with stage(tmp_path, approve_above=1) as team:
        job = await partly_known(team)
        assert str(await team.presses(f"new:{job.token}:1")).startswith("A list this large also needs an admin’s yes.")
        asked = await team.approvals.latest(job.id)
        assert asked is not None
        assert (asked.numbers, asked.only_new) == (2, True)
        assert str(await team.presses(f"check:{job.token}:1")).startswith(
            "A list this large also needs an admin’s yes."
        )
        everything = await team.approvals.latest(job.id)
        assert everything is not None
        assert (everything.numbers, everything.only_new) == (5, False)
        stale = await team.presses(f"approve:{asked.token}:", person=ADMIN)
        assert stale == "The list has changed since, so there is nothing to approve any more."
        assert str(await team.presses(f"new:{job.token}:1"))
        again = await team.approvals.latest(job.id)
        assert again is not None
        assert await team.presses(f"approve:{again.token}:", person=ADMIN) == "Approved: on its way to the check."
        now = await team.now(job)
        assert (now.to_check, now.asked_by) == (2, ANNA["id"])


async def test_a_result_can_be_checked_again_by_two_presses_that_are_one(team: Stage) -> None:
    job = await checked(team)
    for _ in range(2):
        assert await team.presses(f"recheck:{job.token}:") == OPENED
    (opened,) = await team.jobs.unfinished(ANNA["id"])
    assert (opened.state, opened.first_job_id, opened.name) == (JobState.READING, job.id, job.name)
    kept = await team.lists.result(job.id)
    assert kept is not None
    assert kept.verdicts == "nyyyn"
    await team.moves.cancel(await team.read(opened), NOW)
    assert await team.presses(f"recheck:{job.token}:") == OPENED
    (third,) = await team.jobs.unfinished(ANNA["id"])
    assert third.first_job_id == job.id


async def test_a_result_that_has_only_just_come_is_asked_for_again_in_a_moment(team: Stage) -> None:
    job = await being_delivered(team)
    assert await team.presses(f"recheck:{job.token}:") == "I am only just sending this result. Press again in a moment."
    assert await team.jobs.unfinished(job.chat_id) == (await team.now(job),)


async def test_a_list_that_is_no_longer_kept_cannot_be_checked_again(team: Stage) -> None:
    job = await checked(team)
    await Forgetting(team.database).forget(job, NOW)
    assert await team.presses(f"recheck:{job.token}:") == "The list is no longer kept. Send it again."
    waiting = await partly_known(team)
    assert str(await team.presses(f"recheck:{waiting.token}:")).startswith("This button no longer does anything.")


async def test_in_a_group_whoever_may_start_checks_may_check_again(team: Stage) -> None:
    team.telegram.members |= {(TEAM["id"], one["id"]): "member" for one in (ANNA, BORIS)}
    job = await checked(team, chat=TEAM, caption="/check", caption_entities=COMMAND)
    recheck = f"recheck:{job.token}:"
    assert "Telegram" in str(await team.presses(recheck, chat=TEAM, person=EVE))
    await team.groups.set_who_spends(TEAM["id"], WhoSpends.ADMINS)
    assert await team.presses(recheck, chat=TEAM) == "In this group only admins start checks."
    await team.groups.set_who_spends(TEAM["id"], WhoSpends.EVERYONE)
    await team.groups.set_results_to(TEAM["id"], ResultsTo.STARTER)
    assert "Anna" in str(await team.presses(recheck, chat=TEAM, person=BORIS))  # the file would be his
    await team.groups.set_results_to(TEAM["id"], ResultsTo.GROUP)
    assert await team.presses(recheck, chat=TEAM, person=BORIS)
    (opened,) = await team.jobs.unfinished(TEAM["id"])
    assert opened.starter_id == BORIS["id"]


COMMAND = [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_what_has_changed_comes_as_files(team: Stage) -> None:
    job = await checked(team)  # before: y n - u y, now: n y y y n
    await team.presses(f"newly:{job.token}:")
    await team.presses(f"gone:{job.token}:")
    newly, gone = team.files
    assert newly.document.data == b"+79123456781\n"  # type: ignore[union-attr]
    assert gone.document.data == b"+79123456780\n+79123456784\n"  # type: ignore[union-attr]
    assert seen(gone.caption or "") == "base.txt: 2 no longer on Telegram, checked Sep 21, 2026"
    await Forgetting(team.database).forget(job, NOW)
    assert await team.presses(f"newly:{job.token}:") == "The result is no longer kept."


async def test_a_number_that_is_forgotten_leaves_the_days_and_changes_of_the_others(team: Stage) -> None:
    job = await partly_known(team)
    await team.presses(f"new:{job.token}:1")
    attempt = await team.submits.begin_submit(await team.now(job), NOW)
    assert attempt is not None
    checking = await team.submits.accepted(attempt, "task", None, NOW, NOW)
    assert checking is not None
    await team.tasks.keep_result(checking, StoredResult("ynyny", b"book", None), zlib.compress(b"ynyny"), NOW)
    await team.tasks.delivered(await team.now(job), NOW)
    await team.says("/forget +79123456780", person=ADMIN)

    result, known = await team.lists.result(job.id), await Memory(team.database).known(job.id)
    assert known == Known("n-uy", array(DAY, [20_001, 0, 20_002, 20_003]))
    assert result is not None
    assert result.workbook is not None
    rows = list(openpyxl.load_workbook(io.BytesIO(result.workbook))["Result"].iter_rows(min_row=2, values_only=True))
    days = [row[4].date().isoformat() for row in rows if isinstance(row[4], datetime)]
    assert days == ["2024-10-05", "2026-09-21", "2026-09-21", "2024-10-07"]
