import zlib
from typing import Any

import pytest
from aiogram.methods import EditMessageText, SendMessage

from bot.job import Job, JobState
from storage.groups import ResultsTo
from storage.history import History
from storage.lists import StoredResult
from storage.retention import Retention
from tests.fakes import ADMIN, ANNA, BORIS, EVE, NOW, OTHERS, TEAM, Stage, labels, private, seen

STALE = "This button no longer does anything. /jobs shows how the lists stand."
MESSAGE = 7777
"""The message that shows the history."""


async def finished(team: Stage, name: str = "nov.txt", codes: str = "yu", **more: Any) -> Job:
    """Check a list to its end."""
    job = await team.read(await team.job_of(await team.sends(name, **more)))
    assert await team.moves.press(job, 1, ANNA["id"], NOW)
    attempt = await team.submits.begin_submit(job, NOW)
    assert attempt is not None
    checking = await team.submits.accepted(attempt, "task-1", "0.01 USD", NOW, NOW + 1)
    assert checking is not None
    result = StoredResult(codes, b"workbook", None)
    stored = await team.tasks.keep_result(checking, result, zlib.compress(codes.encode()), NOW + 90)
    assert stored is not None
    done = await team.tasks.delivered(stored, NOW + 91)
    assert done is not None
    return done


def opened(job: Job, first: int = 0, words: str = "") -> str:
    return f"job:{job.id:x}-{first:x}:{words}"


async def looks_at(team: Stage, job: Job, **more: Any) -> list[str]:
    """Open a list's card, and give its buttons."""
    await team.presses(opened(job), message_id=MESSAGE, **more)
    return labels(team.drawn.reply_markup)


async def test_jobs_lists_what_this_chat_has_with_a_button_for_each(team: Stage) -> None:
    await finished(team, "<b>nov</b>.txt")
    await team.sends("reading.txt")
    await team.says("+79123456789", person=BORIS)

    await team.says("/jobs")

    (sent,) = team.of(SendMessage)
    title, reading, reads, done, found = sent.text.split("\n")
    assert title == "<b>Lists</b>, newest first"
    assert reading.startswith("1. ")
    assert (reading.split(" · ")[1], reads) == ("<b>reading.txt</b>", "being read")
    assert done.endswith("<b>&lt;b&gt;nov&lt;/b&gt;.txt</b>")
    assert found == "2 numbers · done: 1 yes, 0 no, 1 undetermined"
    assert labels(sent.reply_markup) == ["1", "2"]


async def test_pages_are_turned_in_the_same_message(team: Stage) -> None:
    for number in range(14):
        await team.sends(f"list {number}.txt")
    await team.says("/jobs")
    (sent,) = team.of(SendMessage)
    assert labels(sent.reply_markup) == [*"123456", "Older ›"]
    assert "list 13.txt" in sent.text
    assert "/jobs 3 Nov" in sent.text

    turned = sent.reply_markup.inline_keyboard[-1][-1].callback_data  # type: ignore[union-attr]
    await team.presses(turned, message_id=MESSAGE)
    assert team.drawn.message_id == MESSAGE
    assert "list 7.txt" in team.drawn.text
    assert labels(team.drawn.reply_markup)[-2:] == ["‹ Newer", "Older ›"]
    older = team.drawn.reply_markup.inline_keyboard[-1][-1].callback_data  # type: ignore[union-attr]
    await team.presses(older, message_id=MESSAGE)
    assert labels(team.drawn.reply_markup) == ["1", "2", "‹ Newer"]
    newer = team.drawn.reply_markup.inline_keyboard[-1][-1].callback_data  # type: ignore[union-attr]
    await team.presses(newer, message_id=MESSAGE)
    assert "list 7.txt" in team.drawn.text
    assert len(team.said) == 1


async def test_a_search_goes_along_from_page_to_card_and_back(team: Stage) -> None:
    for number in range(8):
        await team.sends(f"База {number}.txt")
        await team.sends(f"other {number}.txt")
    await team.says("/jobs БАЗА")
    (sent,) = team.of(SendMessage)
    assert sent.text.startswith("<b>Lists</b> with “база” in the name\n1. ")
    assert "other" not in sent.text

    older = sent.reply_markup.inline_keyboard[-1][-1].callback_data  # type: ignore[union-attr]
    await team.presses(older)
    page = team.drawn.text
    first = team.drawn.reply_markup.inline_keyboard[0][0].callback_data  # type: ignore[union-attr]
    await team.presses(first)
    assert "База 1.txt" in team.drawn.text
    back = team.drawn.reply_markup.inline_keyboard[-1][-1].callback_data  # type: ignore[union-attr]
    await team.presses(back)
    assert team.drawn.text == page


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("/jobs march", "There are no lists here of March 20"),
        ("/jobs nothing", "There are no lists here with “nothing” in the name."),
        ("/jobs <b>", "with “&lt;b&gt;” in the name."),
    ],
)
async def test_what_is_not_found_says_so_and_how_to_search(team: Stage, said: str, answered: str) -> None:
    await finished(team)
    await team.says(said)

    assert answered in team.said[-1]
    assert "To search, write a part of a name, a day or a month" in team.said[-1]


async def test_a_group_is_not_shown_the_number_it_looks_for(team: Stage) -> None:
    await team.says("/jobs +79123456789", chat=TEAM)

    assert "9123456789" not in team.said[-1]


async def test_a_card_says_everything_about_a_list_and_has_all_its_buttons(team: Stage) -> None:
    done = await finished(team)

    buttons = await looks_at(team, done)
    said = seen(team.drawn.text).split("\n")
    assert said[1:] == [
        "The check is finished.",
        "2 numbers: 🇷🇺 Russia",
        "1 of 2 is on Telegram · 50.0\xa0%",
        "No: 0 · 0.0\xa0%",
        "Undetermined: 1 · 50.0\xa0%",
        said[6],
        "Handed over: Sep 21, 2026, 14:13 UTC",
        "Result: Sep 21, 2026, 14:14 UTC",
        "It took 2 min and cost $0.01.",
        "Task task-1",
    ]
    assert buttons == [
        *("Result file", "Only yes · 1", "Undetermined · 1", "Countries", "Picture", "Copy totals"),
        *("Check undetermined · < $0.01", "Check all again", "Forget …", "Back"),
    ]


async def test_what_is_pressed_on_a_card_changes_the_card_and_leaves_the_lists_own_message_alone(team: Stage) -> None:
    job = await team.preview()
    assert await looks_at(team, job) == ["Show its message", "Cancel", "Forget …", "Back"]

    said = await team.presses(f"cancel:{job.token}:", message_id=MESSAGE, under=team.drawn.reply_markup)

    assert said == "Cancelled. Nothing was charged."
    assert await team.state(job) is JobState.CANCELLED
    assert {call.message_id for call in team.of(EditMessageText)} == {MESSAGE}
    assert "cancelled. Nothing was charged." in team.drawn.text
    assert labels(team.drawn.reply_markup) == ["Forget …", "Back"]


async def test_the_same_press_on_the_lists_own_message_draws_no_card(team: Stage) -> None:
    job = await team.preview()
    await team.presses(f"cancel:{job.token}:")

    assert team.of(EditMessageText) == []


async def test_forgetting_takes_a_second_press(team: Stage) -> None:
    job = await finished(team)
    await team.presses(f"drop:{job.id:x}-0:", message_id=MESSAGE)
    assert team.drawn.text.startswith("Forget <b>nov.txt</b>?")
    assert labels(team.drawn.reply_markup) == ["Forget for good", "Back"]
    assert (await team.now(job)).forgotten_at is None

    assert (await team.presses(f"dropit:{job.id:x}-0:", message_id=MESSAGE) or "").startswith("Forgotten.")
    assert (await team.now(job)).forgotten_at is not None
    assert "only the counts are kept" in team.drawn.text
    assert labels(team.drawn.reply_markup) == ["Back"]


async def test_only_who_may_forgets_from_a_card(team: Stage) -> None:
    job = await finished(team, chat=TEAM, caption="/check", caption_entities=COMMAND)
    team.telegram.members[TEAM["id"], BORIS["id"]] = "member"

    said = await team.presses(f"dropit:{job.id:x}-0:", person=BORIS, chat=TEAM)

    assert "Anna" in (said or "")
    assert (await team.now(job)).forgotten_at is None


COMMAND = [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_the_preview_is_pointed_at(team: Stage) -> None:
    job = await team.preview()
    await team.presses(f"show:{job.id:x}-0:", message_id=MESSAGE)

    (sent,) = team.of(SendMessage)
    assert sent.text == "That list waits for your press: see my message about it."
    assert sent.reply_parameters is not None
    assert sent.reply_parameters.message_id == 5000


async def test_what_is_no_longer_kept_has_no_buttons_for_it(team: Stage) -> None:
    job = await finished(team)
    await team.jobs.note_told(job, NOW)
    async with team.database.write() as connection:
        await connection.exec_driver_sql("UPDATE jobs SET due_at = NULL")
    await Retention(team.database).purge(NOW + 1000, 0.0)

    assert await looks_at(team, job) == ["Forget …", "Back"]
    assert "Its numbers and result are no longer kept." in team.drawn.text
    assert "1 of 2 is on Telegram" in team.drawn.text


async def test_an_unsure_list_can_be_decided_about_on_its_card(team: Stage) -> None:
    job = await team.preview()
    assert await team.moves.press(job, 1, ANNA["id"], NOW)
    attempt = await team.submits.begin_submit(job, NOW)
    assert attempt is not None
    await team.submits.unsure(attempt, "broke", NOW)

    assert await looks_at(team, job) == ["Send again: may be charged twice", "Close", "Back"]
    assert "may have been charged" in team.drawn.text
    assert await team.presses(f"close:{job.token}:", message_id=MESSAGE, under=team.drawn.reply_markup) == "Closed."
    assert "closed. I do not know whether it was charged" in team.drawn.text


async def test_a_group_whose_files_go_to_persons_says_so_on_the_button(team: Stage) -> None:
    job = await finished(team, chat=TEAM, caption="/check", caption_entities=COMMAND)
    await team.groups.set_results_to(TEAM["id"], ResultsTo.STARTER)
    team.telegram.members[TEAM["id"], ANNA["id"]] = "member"

    assert (await looks_at(team, job, chat=TEAM))[0] == "File in private"


async def test_another_chats_list_is_not_here(team: Stage) -> None:
    job = await finished(team)

    stale = "Эта кнопка больше не действует. Как обстоят дела со списками, покажет /jobs"
    assert await team.presses(opened(job), person=BORIS) == stale
    assert await team.presses(f"dropit:{job.id:x}-0:", person=BORIS) == stale
    assert await team.presses(opened(job), person=ADMIN, chat=private(ADMIN)) == STALE
    assert team.of(EditMessageText) == []


async def test_who_is_not_in_the_group_turns_no_page_of_it(team: Stage) -> None:
    team.telegram.members[TEAM["id"], BORIS["id"]] = "left"
    said = await team.presses("jobs:0:", person=BORIS, chat=TEAM)

    assert said == team.dispatcher["texts_by_language"]["ru"].plain("press-not-here")
    assert team.of(EditMessageText) == []
    await team.presses("jobs:0:", person=EVE, chat=OTHERS)
    assert team.of(EditMessageText) == []


@pytest.mark.parametrize(
    "data", ["jobs::", "jobs:1-1:", "jobs:x:", "job:1:", "job:-1:", "job:1-:", "job:zz-0:", "job:1-0-0:"]
)
async def test_what_no_button_carries_is_stale(team: Stage, data: str) -> None:
    assert await team.presses(data) == STALE


async def test_a_card_of_a_list_that_is_gone_is_stale(team: Stage) -> None:
    assert await team.presses("job:ffff-0:база") == STALE


async def test_a_reply_forget_to_a_card_means_its_list(team: Stage) -> None:
    job = await finished(team)
    await looks_at(team, job)
    card = team.message("card", person={"id": 424242, "is_bot": True, "first_name": "x"}, chat=private(ANNA))
    assert team.drawn.reply_markup is not None
    card["reply_markup"] = team.drawn.reply_markup.model_dump(exclude_none=True)
    await team.says("/forget", reply_to_message=card)

    assert "is forgotten" in team.said[-1]
    assert await History(team.database).one(ANNA["id"], job.id)
