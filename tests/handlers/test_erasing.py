"""A number goes from every list of every chat, and the workbooks are made anew without it."""

import io
from pathlib import Path

import openpyxl
import pytest

from bot.job import JobState
from tests.fakes import ADMIN, BORIS, NOW, TEAM, Stage, settings
from tests.handlers.test_files import LIST, done
from tests.storage.traces import traces

FORMS = ("9123456789", "912 345-67-89")
GONE = "The number was on 1 list and is deleted from it, from its result and from its messages. The counts stay."
UNREACHABLE = "Out of my reach: files and messages in chats, what the checking service keeps, and backups."


async def erase(team: Stage, number: str = "+7 912 345-67-89") -> list[str]:
    await team.says(f"/forget {number}", person=ADMIN)
    return team.said[-1].split("\n")


async def test_the_workbook_is_made_anew_with_the_totals_of_the_check(team: Stage) -> None:
    job = await done(team)
    assert await erase(team) == [GONE, UNREACHABLE]

    result = await team.lists.result(job.id)
    assert result is not None
    assert result.verdicts == "nu"
    assert result.workbook is not None
    book = openpyxl.load_workbook(io.BytesIO(result.workbook))
    assert [row[0] for row in book["Result"].iter_rows(min_row=2, values_only=True)] == ["+79123456780", "+79123456781"]
    said = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True)}
    assert (said["Numbers sent"], said["On Telegram (yes)"]) == (3, 1)
    now = await team.now(job)
    assert (now.valid, now.yes, now.name) == (3, 1, "base nov.txt")


async def test_the_old_file_is_not_sent_again_and_parts_are_without_the_number(team: Stage) -> None:
    job = await done(team)
    await erase(team)
    await team.presses(f"file:{job.token}:")
    await team.presses(f"undet:{job.token}:")
    again, undetermined = team.files
    assert not isinstance(again.document, str)
    assert undetermined.document.data == b"+79123456781\n"  # type: ignore[union-attr]


async def test_a_part_that_held_nothing_else_is_no_file_any_more(team: Stage) -> None:
    job = await done(team)
    await erase(team)
    assert await team.presses(f"yes:{job.token}:") == "The result is no longer kept."
    assert team.files == []


async def test_it_goes_from_the_lists_of_all_chats_and_nothing_of_it_is_left(team: Stage, tmp_path: Path) -> None:
    await done(team)
    await team.preview("/check +79123456780\n8 912 345-67-89", chat=TEAM, person=BORIS)
    cancelled = await team.preview(date=NOW + 100)
    await team.moves.cancel(cancelled, NOW)
    assert traces(tmp_path / "bot.db", *FORMS) != []

    assert (await erase(team))[0].startswith("The number was on 3 lists and is deleted from them")
    assert traces(tmp_path / "bot.db", *FORMS) == []


async def test_a_preview_without_the_number_is_read_again_before_it_can_be_pressed(team: Stage) -> None:
    job = await team.preview()
    await erase(team)
    now = await team.now(job)
    assert (now.list_revision, now.read_revision) == (2, 1)
    assert await team.texts_of(job) == ["+79123456780\n"]
    assert team.woken


@pytest.mark.parametrize("person", [ADMIN, ADMIN | {"language_code": "ru"}])
async def test_a_list_that_is_being_checked_is_counted_and_kept(team: Stage, person: dict[str, object]) -> None:
    job = await team.preview()
    await team.presses(f"check:{job.token}:1")
    await team.says("/forget 79123456789", person=person)
    english = "1 list with the number is being read or checked, or waits for a decision."
    russian = "1 список с этим номером читается, проверяется или ждёт решения."
    assert team.said[-1].startswith(english if person is ADMIN else russian)
    assert await team.state(job) is JobState.QUEUED
    packed = await team.lists.numbers(job.id)
    assert packed is not None


async def test_a_number_on_no_list_is_said_to_be_on_none(team: Stage) -> None:
    await done(team)
    assert (await erase(team, "+79990000000"))[0] == "The number is on no list and in no result that I keep."


def test_the_list_of_these_tests_holds_the_number(tmp_path: Path) -> None:
    assert "+79123456789" in LIST
    assert ADMIN["id"] in settings(tmp_path).admin_ids
