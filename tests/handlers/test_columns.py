"""Presses that choose another column of a table."""

import pytest

from bot.job import Job
from bot.numbers import pack, read_numbers
from bot.packing import Offered, Reading, TableRead
from storage.moves import Moves
from tests.fakes import BORIS, NOW, TEAM, Stage

LIST = read_numbers("+79123456789")
PHONE, WORK = Offered(0, 0, 1, "Phone", "", 5), Offered(0, 0, 3, "Work", "", 2)
READING = Reading(valid=1, countries=(("RU", 1),), country_count=1, tables=(TableRead(5, PHONE, (WORK,)),))


@pytest.fixture
async def job(team: Stage) -> Job:
    """A list that came as a table and was read."""
    pasted = await team.preview()
    read = await Moves(team.database).read(pasted, pack(LIST), READING, NOW)
    assert read is not None
    return read


async def test_the_other_columns_are_shown_and_one_of_them_is_chosen(team: Stage, job: Job) -> None:
    assert await team.presses(f"cols:{job.token}:") == ""
    assert (await team.now(job)).choosing_column
    assert await team.presses(f"col:{job.token}:0.0.3") == "Reading that column."
    now = await team.now(job)
    assert (now.column_choice, now.choosing_column, now.list_revision) == ("0.0.3", False, job.list_revision + 1)


async def test_one_can_go_back(team: Stage, job: Job) -> None:
    await team.presses(f"cols:{job.token}:")
    assert await team.presses(f"col:{job.token}:") == ""
    now = await team.now(job)
    assert (now.column_choice, now.choosing_column, now.list_revision) == (None, False, job.list_revision)


@pytest.mark.parametrize("word", ["0.0.1", "0.0.9", "1.0.3", "x", "0.0.3.1", "9" * 30])
async def test_only_what_is_offered_can_be_chosen(team: Stage, job: Job, word: str) -> None:
    said = await team.presses(f"col:{job.token}:{word}")
    assert said is not None
    assert said.startswith("This button no longer does anything.")
    assert (await team.now(job)).column_choice is None


async def test_after_the_press_nothing_is_chosen(team: Stage, job: Job) -> None:
    await team.presses(f"check:{job.token}:{job.read_revision}")
    for data in (f"col:{job.token}:0.0.3", f"col:{job.token}:", f"cols:{job.token}:"):
        assert (await team.presses(data) or "").startswith("This button no longer does anything.")


async def test_somebody_elses_table_is_theirs(team: Stage, job: Job) -> None:
    assert TEAM["id"] != job.chat_id
    await team.presses(f"col:{job.token}:0.0.3", person=BORIS)
    assert (await team.now(job)).column_choice is None
