"""/privacy says what is kept; /forget deletes a list for its starter or an admin, and nobody else."""

from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import SendMessage

from bot.job import Job, JobState
from bot.profile import COMMANDS
from handlers.audience import OUR_COMMANDS
from tests.fakes import ADMIN, ANNA, BORIS, EVE, NOW, OTHERS, OURSELVES, TEAM, Stage, labels, private, stage
from tests.handlers.test_files import done
from tests.storage.traces import traces

FORGOTTEN = "Forgotten. Out of my reach: files and messages in chats, what the checking service keeps, and backups."
DONE = "is forgotten: its numbers, messages, name and result are deleted. The counts stay."
GROUP: dict[str, Any] = {"chat": TEAM, "person": BORIS | {"language_code": "en"}}


async def is_kept(team: Stage, job: Job) -> bool:
    return await team.lists.numbers(job.id) is not None or await team.lists.messages(job.id) != ()


def rows(team: Stage) -> list[str]:
    markup = team.of(SendMessage)[-1].reply_markup
    return [] if markup is None else labels(markup)


@pytest.mark.parametrize("days", [1, 30])
async def test_privacy_says_what_is_kept_and_for_how_long_by_the_settings(
    tmp_path: Path, fresh_database: Path, days: int
) -> None:
    async with stage(tmp_path, retention_days=days) as team:
        await team.says("/privacy")
        await team.says("/privacy", person=BORIS)
    english, russian = team.said
    assert f"until {days} day{'s' if days > 1 else ''} after the list has ended" in english
    assert f"ещё {days} {'день' if days == 1 else 'дней'} после" in russian
    assert "48 hours" in english
    assert "48 ч" in russian
    assert "Backups" in english


async def test_the_new_commands_are_in_the_menu_the_help_and_meant_for_us_in_groups(team: Stage) -> None:
    await team.presses("help:settings:")
    for command in ("forget", "privacy"):
        assert command in COMMANDS
        assert command in OUR_COMMANDS
        assert f"/{command} – " in team.drawn.text


async def test_a_reply_to_the_list_forgets_it_at_once(team: Stage, tmp_path: Path) -> None:
    job = await done(team)
    sent = team.message("base", message_id=job.list_message_id)
    await team.says("/forget", reply_to_message=sent)
    assert team.said[-1].startswith(f"<b>base nov.txt</b> {DONE}\nOut of my reach: ")
    assert not await is_kept(team, job)
    assert traces(tmp_path / "bot.db", "9123456789", "9123456780", "base nov") == []
    assert team.woken


async def test_a_reply_to_the_preview_cancels_and_forgets(team: Stage) -> None:
    job = await team.preview()
    await team.says(
        "/forget", reply_to_message=team.message("card", person=OURSELVES, chat=private(ANNA), message_id=5000)
    )
    assert DONE in team.said[-1]
    assert await team.state(job) is JobState.CANCELLED
    assert not await is_kept(team, job)


async def test_a_reply_to_the_result_is_known_by_its_buttons(team: Stage) -> None:
    job = await done(team)
    await team.preview(date=NOW + 100)
    button = {"text": "Only yes", "callback_data": f"yes:{job.token}:"}
    result = team.message("result", person=OURSELVES, chat=private(ANNA), reply_markup={"inline_keyboard": [[button]]})
    await team.says("/forget", reply_to_message=result)
    assert DONE in team.said[-1]
    assert not await is_kept(team, job)


async def test_without_a_reply_the_lists_of_this_chat_are_offered(team: Stage) -> None:
    mine = await done(team)
    elsewhere = await team.preview("/check +79123456780", **GROUP)
    checked = await team.preview(date=NOW + 100)
    await team.presses(f"check:{checked.token}:1")
    await team.submits.begin_submit(checked, NOW)
    await team.says("/forget")
    assert team.said[-1].split("\n") == [
        "Which list shall I forget? Its numbers, messages, name and result are deleted at once; the counts stay.",
        "1 list is being read or checked, or waits for a decision. It can be forgotten when that is over.",
    ]
    (label,) = rows(team)
    assert label.startswith("base nov.txt · ")
    assert await team.presses(f"forget:{mine.token}:") == FORGOTTEN
    assert not await is_kept(team, mine)
    assert await is_kept(team, elsewhere)
    await team.says("/forget")
    assert rows(team) == []


async def test_nothing_kept_is_said(team: Stage) -> None:
    await team.says("/forget")
    assert team.said == ["Nothing is kept of any list here."]


async def test_a_reply_to_any_other_message_offers_the_lists(team: Stage) -> None:
    await done(team)
    await team.says("/forget", reply_to_message=team.message("hello"))
    assert "Which list" in team.said[-1]


async def test_only_the_starter_or_an_admin_has_a_list_forgotten(team: Stage) -> None:
    job = await team.preview("/check +79123456780", **GROUP)
    anna: dict[str, Any] = {"chat": TEAM, "person": ANNA}
    no = "This list is from Борис. Only they or an admin can have it forgotten."
    assert await team.presses(f"forget:{job.token}:", **anna) == no
    await team.says("/forget", reply_to_message=team.message("x", message_id=5000, **GROUP), **anna)
    assert team.said[-1] == no
    assert await team.state(job) is JobState.CONFIRMING
    assert await team.presses(f"forget:{job.token}:", chat=TEAM, person=ADMIN) == FORGOTTEN
    assert not await is_kept(team, job)


async def test_a_list_of_another_chat_cannot_be_forgotten_not_even_by_its_starter(team: Stage) -> None:
    job = await team.preview("/check +79123456780", chat=TEAM)
    stale = "This button no longer does anything. /jobs shows how the lists stand."
    assert await team.presses(f"forget:{job.token}:") == stale
    assert await team.presses("forget:unknown:") == stale
    assert await team.presses("forget:") == stale
    assert await is_kept(team, job)


async def test_strangers_forget_and_ask_nothing(team: Stage) -> None:
    job = await done(team)
    for said in ("/forget", "/forget +79123456789", "/privacy"):
        await team.says(said, person=EVE, chat=OTHERS)
    assert not any("kept" in one for one in team.said)
    await team.presses(f"forget:{job.token}:", person=EVE, chat=OTHERS)
    assert await is_kept(team, job)


async def test_a_list_on_its_way_to_the_check_cannot_be_forgotten(team: Stage) -> None:
    job = await team.preview()
    await team.presses(f"check:{job.token}:1")
    attempt = await team.submits.begin_submit(job, NOW)
    assert attempt is not None
    busy = "This list is on its way to the check or at it. It can be forgotten when its result is here."
    assert await team.presses(f"forget:{job.token}:") == busy
    await team.submits.unsure(attempt, "it broke", NOW)
    unsure = "This list waits for a decision: answer my question about it first, then it can be forgotten."
    assert await team.presses(f"forget:{job.token}:") == unsure
    await team.says(
        "/forget", reply_to_message=team.message("card", person=OURSELVES, chat=private(ANNA), message_id=5000)
    )
    assert team.said[-1] == unsure
    assert await is_kept(team, job)


async def test_a_list_that_is_being_read_is_asked_about_again_in_a_moment(team: Stage) -> None:
    job = await team.job_of(await team.says("+79123456789"))
    assert await team.presses(f"forget:{job.token}:") == "This list is being read right now. Try again in a moment."


async def test_a_queued_list_is_cancelled_and_forgotten(team: Stage) -> None:
    job = await team.preview()
    await team.presses(f"check:{job.token}:1")
    assert await team.presses(f"forget:{job.token}:") == FORGOTTEN
    assert await team.state(job) is JobState.CANCELLED


async def test_a_forgotten_list_is_called_so_and_offers_no_file(team: Stage) -> None:
    job = await done(team)
    await team.presses(f"forget:{job.token}:")
    await team.says("/jobs")
    assert "<b>Forgotten list</b>\n3 numbers · done: 1 yes, 1 no, 1 undetermined" in team.said[-1]
    await team.presses(f"job:{job.id:x}-0:")
    assert "only the counts are kept" in team.drawn.text
    assert labels(team.drawn.reply_markup) == ["Back"]
    assert await team.presses(f"file:{job.token}:") == "The result is no longer kept."
    assert await team.presses(f"forget:{job.token}:") == FORGOTTEN


async def test_check_in_reply_to_a_forgotten_list_begins_anew(team: Stage) -> None:
    sent = await team.says("+79123456789\n+79123456780")
    job = await team.read(await team.job_of(sent))
    await team.presses(f"forget:{job.token}:")
    await team.says("/check", reply_to_message=sent)
    assert (await team.job_of(sent)).id != job.id


@pytest.mark.parametrize("person", [ANNA, BORIS])
async def test_only_admins_have_a_number_forgotten(team: Stage, person: dict[str, Any]) -> None:
    job = await done(team)
    await team.says("/forget +79123456789", person=person)
    assert ("Only an admin" in team.said[-1]) is (person is ANNA)
    assert await is_kept(team, job)


@pytest.mark.parametrize("said", ["hello", "912", "9123456789", "+79123456789 +79123456780", "=1+1"])
async def test_what_is_not_one_number_is_asked_for_again(team: Stage, said: str) -> None:
    await team.says(f"/forget {said}", person=ADMIN)
    assert "one number with its country code" in team.said[-1]
