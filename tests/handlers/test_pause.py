import time

from aiogram.methods import SendMessage

from bot.job import JobState, Waiting
from storage.facts import Fact
from tests.fakes import ADMIN, ANNA, TEAM, Stage

STOPPED = (
    "All checks are stopped. 1 list waits, and nothing is charged for it. "
    "A list that is being handed over right now goes on. /resume lets the checks go on."
)


async def queued(team: Stage) -> None:
    job = await team.preview()
    await team.presses(f"check:{job.token}:1")
    team.woken.clear()


async def test_pause_stops_all_submits_and_tells_how_many_lists_wait(team: Stage) -> None:
    await queued(team)
    await team.says("/pause", person=ADMIN)

    assert team.said[-1] == STOPPED
    assert (await team.facts.get(Fact.STOPPED, time.time()))["by"] == ADMIN["id"]
    assert team.woken


async def test_no_submit_begins_after_a_pause(team: Stage) -> None:
    job = await team.preview()
    await team.presses(f"check:{job.token}:1")
    await team.says("/pause", person=ADMIN)

    assert await team.submits.begin_submit(job, time.time()) is None
    assert await team.state(job) is JobState.QUEUED


async def test_the_second_pause_says_since_when(team: Stage) -> None:
    await team.says("/pause", person=ADMIN)
    since = await team.facts.get(Fact.STOPPED, time.time())
    await team.says("/pause", person=ADMIN)

    assert team.said[-1].startswith("All checks have been stopped since ")
    assert await team.facts.get(Fact.STOPPED, time.time()) == since


async def test_resume_lets_all_go_on_and_wakes_what_waited(team: Stage) -> None:
    job = await team.preview()
    await team.presses(f"check:{job.token}:1")
    await team.says("/pause", person=ADMIN)
    await team.jobs.note_waiting(job.id, Waiting.PAUSED)
    team.woken.clear()
    before = time.time()
    await team.says("/resume", person=ADMIN)

    assert team.said[-1] == "The checks go on. 1 list was waiting."
    assert await team.facts.get(Fact.STOPPED, time.time()) is None
    assert team.woken
    due_at = (await team.now(job)).due_at
    assert due_at is not None
    assert before <= due_at <= time.time()


async def test_resume_without_a_pause_says_so(team: Stage) -> None:
    await team.says("/resume", person=ADMIN)

    assert team.said[-1] == "The checks were not stopped. No list waits."


async def test_resume_lets_a_pause_of_the_api_be_tried_at_once_and_names_it(team: Stage) -> None:
    pause = {
        "waiting": "money",
        "since": 1.0,
        "ask_at": time.time() + 900,
        "balance": "0.1",
        "told": [],
        "trying": None,
    }
    await team.facts.keep(Fact.PAUSE, pause)
    await team.says("/resume", person=ADMIN)

    kept = await team.facts.get(Fact.PAUSE, time.time())
    assert kept["ask_at"] <= time.time()
    assert "the account is out of money" in team.said[-1]


async def test_only_admins_pause_and_resume(team: Stage) -> None:
    for command in ("/pause", "/resume"):
        await team.says(command, person=ANNA)
        assert team.said[-1] == "Only the bot’s admins can do that."
        await team.says(command, person=None, chat=TEAM)
        assert team.said[-1] == "Only the bot’s admins can do that."
    assert await team.facts.get(Fact.STOPPED, time.time()) is None


async def test_an_admin_may_pause_from_a_group(team: Stage) -> None:
    await team.says("/pause", person=ADMIN, chat=TEAM)

    answered = team.of(SendMessage)[-1]
    assert answered.chat_id == TEAM["id"]
    assert answered.text.startswith("All checks are stopped.")
