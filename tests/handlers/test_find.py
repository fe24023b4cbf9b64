"""/find tells what this chat's checks have found about a number, for free, to who is here."""

import time
from typing import Any

import pytest

from bot.job import JobState
from storage.lists import StoredResult
from storage.memory import Memory
from tests.fakes import ADMIN, ANNA, BORIS, NOW, TEAM, Stage, name_of_number

NUMBERS = ("+79123000001", "+79123000002", "+79123000003")


async def remembered(team: Stage, codes: str = "ynu", **place: Any) -> None:
    """A list of three numbers that was checked."""
    job = await team.preview("\n".join(NUMBERS), **place)
    await team.moves.press(job, 1, ANNA["id"], NOW)
    attempt = await team.submits.begin_submit(await team.now(job), NOW)
    assert attempt is not None
    checking = await team.submits.accepted(attempt, "task-1", None, NOW, NOW)
    assert checking is not None
    names = [name_of_number(number.encode()) for number in NUMBERS]
    await team.tasks.keep_result(checking, StoredResult(codes, b"book", None), codes.encode(), time.time())
    await Memory(team.database).remember(checking, list(zip(names, codes, strict=True)))
    assert await team.state(job) is JobState.DELIVERING


async def test_each_number_is_told_with_its_day_who_had_it_checked_and_in_which_list(team: Stage) -> None:
    await remembered(team)
    calls = len(team.telegram.calls)
    await team.says(f"/find {' '.join(NUMBERS)}")
    assert len(team.telegram.calls) == calls + 1
    (said,) = [text for text in team.said if "+79123000001" in text]
    yes, no, undetermined = said.split("\n\n")
    assert yes.startswith("<b>+79123000001</b>: on Telegram\nChecked ")
    assert yes.endswith(" by Anna: Pasted numbers")
    assert no.startswith("<b>+79123000002</b>: not on Telegram")
    assert undetermined.startswith("<b>+79123000003</b>: undetermined")


async def test_what_is_not_known_is_said_with_the_way_to_check_it(team: Stage) -> None:
    await remembered(team)
    await team.says("/find +79123000001 +79123000009", person=BORIS)
    assert "не проверяли" in team.said[-1].split("\n\n")[0]  # Boris has a chat of his own
    await team.says("/find +79123000009")
    assert team.said[-1] == (
        "<b>+79123000009</b>: not checked here in the last 30 days\n\n"
        "To check what is not known, send it here like any list."
    )


async def test_a_chat_that_keeps_less_is_told_of_no_longer_time(team: Stage) -> None:
    await team.chosen.set_retention(ANNA["id"], 7)
    await team.says("/find +79123000009")
    assert "not checked here in the last 7 days" in team.said[-1]


async def test_national_numbers_are_read_in_the_chats_country(team: Stage) -> None:
    await remembered(team)
    await team.chats.set_region(ANNA["id"], "RU")
    await team.says("/find 8 (912) 300-00-01")
    assert "on Telegram" in team.said[-1]


@pytest.mark.parametrize("text", ["/find", "/find hello", "/find " + "\n".join(f"+7912300{n:04}" for n in range(11))])
async def test_no_number_or_too_many_is_answered_with_how_it_is_used(team: Stage, text: str) -> None:
    await team.says(text)
    assert team.said[-1].startswith("Write up to 10 numbers after the command:")


async def test_a_group_sees_no_whole_number_and_only_who_is_there_gets_an_answer(team: Stage) -> None:
    team.telegram.members |= {(TEAM["id"], ANNA["id"]): "member", (TEAM["id"], BORIS["id"]): "left"}
    await remembered(team, chat=TEAM)
    await team.says("/find +79123000001", chat=TEAM)
    assert team.said[-1].startswith("<b>+7912*****01</b>: on Telegram")
    assert "+79123000001" not in team.said[-1]
    await team.says("/find +79123000001", chat=TEAM, date=NOW, person=BORIS)
    assert "79123" not in team.said[-1]
    await team.says("/find +79123000001", person=ADMIN)
    assert "not checked here" in team.said[-1]  # a private chat knows nothing of a group
