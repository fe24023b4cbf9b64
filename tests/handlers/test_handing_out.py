"""Files that go to persons only: by buttons in the group, by a link in private; nobody else gets one."""

import time
import zlib
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import AnswerCallbackQuery, SendChatAction, SendDocument, SendMessage, SendPhoto

from bot.job import STAND_INS, Job, JobState
from bot.rights import BELIEVED_SECONDS
from storage.groups import ResultsTo
from storage.lists import StoredResult
from tests.fakes import ADMIN, ANNA, BORIS, EVE, NAME, NOW, REFUSED, TEAM, Stage, document, labels, private

OLGA: dict[str, Any] = {"id": 21, "is_bot": False, "first_name": "Olga", "language_code": "en"}
"""An admin of the group."""
LIST = "+79123456789\n+79123456780\n+79123456781\n+791234\n"
NONE = "This link leads to no result that is for you."


@pytest.fixture
def group(team: Stage) -> Stage:
    """The team, of whose group Telegram tells all."""
    people = {ANNA["id"]: "member", BORIS["id"]: "member", OLGA["id"]: "administrator", EVE["id"]: "left"}
    team.telegram.members |= {(TEAM["id"], person_id): status for person_id, status in people.items()}
    return team


async def with_result(team: Stage, job: Job) -> Job:
    """Let the API check a list that was pressed, and its result be stored."""
    attempt = await team.submits.begin_submit(job, NOW)
    assert attempt is not None
    checking = await team.submits.accepted(attempt, "task", None, NOW, NOW)
    assert checking is not None
    stored = await team.tasks.keep_result(checking, StoredResult("ynu", b"workbook", None), zlib.compress(b"ynu"), NOW)
    assert stored is not None
    return stored


async def done(team: Stage, person: dict[str, Any] = ANNA, *, kept: bool = False) -> Job:
    """A list of this person in the group whose file was handed over, or waits to be taken."""
    await team.groups.set_results_to(TEAM["id"], ResultsTo.STARTER)
    asked: dict[str, Any] = {"chat": TEAM, "date": int(time.time()), "caption": f"/check@{NAME}"}
    job = await team.read(
        await team.job_of(await team.says(document=document("base.txt"), person=person, **asked)), LIST
    )
    presser = OLGA if person["id"] in STAND_INS else person
    await team.presses(f"check:{job.token}:1", person=presser, chat=TEAM)
    stored = await with_result(team, job)
    if not kept:
        handed = await team.tasks.handed_over(stored, "file-of-the-result", presser["id"])
        assert handed is not None
    counted = await team.tasks.counted(stored, NOW)
    assert counted is not None
    ended = await (team.tasks.undeliverable(counted, "no chat", NOW) if kept else _delivered(team, counted))
    assert ended is not None
    team.telegram.calls.clear()
    return ended


async def private_list(team: Stage) -> Job:
    """A list of Anna's own, which is done."""
    job = await team.read(await team.job_of(await team.says(document=document("base.txt"))), LIST)
    await team.presses(f"check:{job.token}:1")
    stored = await with_result(team, job)
    ended = await _delivered(team, stored)
    assert ended is not None
    team.telegram.calls.clear()
    return ended


async def _delivered(team: Stage, job: Job) -> Job | None:
    return await team.tasks.delivered(job, NOW)


def sent_to(team: Stage) -> list[int | str]:
    return [file.chat_id for file in team.files]


@pytest.mark.parametrize("action", ["file", "yes", "no", "rejected"])
@pytest.mark.parametrize("person", [ANNA, OLGA, ADMIN])
async def test_a_file_goes_to_the_starter_or_an_admin_who_presses_and_never_to_the_group(
    group: Stage, action: str, person: dict[str, Any]
) -> None:
    job = await done(group)
    said = await group.presses(f"{action}:{job.token}:", person=person, chat=TEAM)
    assert said == "The file is on its way to our private chat."
    (sent,) = group.files
    assert (sent.chat_id, sent.message_thread_id, sent.reply_parameters) == (person["id"], None, None)
    assert "From the group <b>Team</b>" in (sent.caption or "")
    assert group.of(SendMessage) == []


@pytest.mark.parametrize("action", ["file", "yes", "no", "rejected"])
@pytest.mark.parametrize("person", [BORIS, EVE])
async def test_nobody_else_gets_one(group: Stage, action: str, person: dict[str, Any]) -> None:
    job = await done(group)
    await group.presses(f"{action}:{job.token}:", person=person, chat=TEAM)
    assert group.of(AnswerCallbackQuery)[-1].show_alert
    assert group.files == []


async def test_a_starter_who_was_banned_gets_none(group: Stage) -> None:
    job = await done(group, kept=True)
    group.telegram.members[TEAM["id"], ANNA["id"]] = "left"
    group.dispatcher["rights"].forget(TEAM["id"])
    await group.presses(f"file:{job.token}:", chat=TEAM)
    await group.says(f"/start result_{job.token}")
    assert group.files == []
    assert f"/jobs@{NAME}" in group.said[-1]


@pytest.mark.parametrize(
    "error",
    [
        (TelegramForbiddenError, "Forbidden: bot can't initiate conversation with a user"),
        (TelegramForbiddenError, "Forbidden: bot was blocked by the user"),
        (TelegramBadRequest, "Bad Request: chat not found"),
    ],
)
async def test_who_has_no_private_chat_with_us_is_led_to_one(group: Stage, error: tuple[type[Exception], str]) -> None:
    job = await done(group)
    group.telegram.fail(SendChatAction, error[0], message=error[1])
    assert await group.presses(f"file:{job.token}:", chat=TEAM) == ""
    assert group.of(AnswerCallbackQuery)[-1].url == f"https://t.me/{NAME}?start=result_{job.token}"
    assert group.files == []


async def test_by_the_link_the_file_comes(group: Stage) -> None:
    job = await done(group)
    await group.says(f"/start result_{job.token}")
    (sent,) = group.files
    assert sent.chat_id == ANNA["id"]
    assert sent.document == "file-of-the-result"
    assert "1 yes, 1 no, 1 undetermined" in (sent.caption or "")
    assert group.said == []


async def test_what_waited_for_its_starter_is_the_workers_to_send_once(group: Stage) -> None:
    job = await done(group, kept=True)
    group.woken.clear()
    await group.says(f"/start result_{job.token}")
    assert (await group.state(job), group.woken) == (JobState.DELIVERING, [True])
    assert (group.files, group.said) == ([], [])


@pytest.mark.parametrize("person", [OLGA, ADMIN])
async def test_an_admin_takes_what_its_starter_did_not(group: Stage, person: dict[str, Any]) -> None:
    job = await done(group, kept=True)
    await group.accesses.let_in(OLGA["id"], "Olga", ADMIN["id"], 0.0)
    await group.says(f"/start result_{job.token}", person=person)
    taken = await group.now(job)
    assert (sent_to(group), taken.delivered_to, taken.state) == ([person["id"]], person["id"], JobState.DELIVERING)


async def test_what_is_for_the_whole_group_goes_on_waiting_for_it_whichever_admin_has_a_copy(team: Stage) -> None:
    asked: dict[str, Any] = {"chat": TEAM, "date": int(time.time()), "caption": f"/check@{NAME}"}
    job = await team.read(await team.job_of(await team.says(document=document("base.txt"), **asked)), LIST)
    await team.presses(f"check:{job.token}:1", chat=TEAM)
    stored = await with_result(team, job)
    await team.tasks.undeliverable(stored, "kicked", NOW)
    assert await team.presses(f"file:{job.token}:", person=ADMIN) == "The file is on its way to our private chat."
    assert (sent_to(team), await team.state(job)) == ([ADMIN["id"]], JobState.UNDELIVERABLE)
    await team.presses(f"file:{job.token}:", person=EVE)
    assert len(team.files) == 1


async def test_so_they_do_by_the_button_in_the_group(group: Stage) -> None:
    job = await done(group, kept=True)
    await group.presses(f"file:{job.token}:", person=OLGA, chat=TEAM)
    assert (sent_to(group), (await group.now(job)).delivered_to) == ([OLGA["id"]], OLGA["id"])


async def test_a_part_of_it_is_not_the_result(group: Stage) -> None:
    job = await done(group, kept=True)
    await group.presses(f"yes:{job.token}:", person=OLGA, chat=TEAM)
    assert await group.state(job) is JobState.UNDELIVERABLE


@pytest.mark.parametrize("person", [BORIS, EVE])
@pytest.mark.parametrize("kept", [True, False])
async def test_a_link_in_the_wrong_hands_gives_nothing_and_tells_nothing(
    group: Stage, person: dict[str, Any], kept: object
) -> None:
    job = await done(group, kept=bool(kept))
    outcome = await group.feed("message", group.message(f"/start result_{job.token}", person=person))
    assert group.files == []
    assert await group.state(job) is job.state
    if person is EVE:  # to a stranger it is a message like any other
        assert outcome is REFUSED
        assert NONE not in group.said
    else:
        forged = await group.feed("message", group.message("/start result_AAAAAAAAAAAAAAAA", person=person))
        assert forged is outcome
        assert len(set(group.said)) == 1
        assert "Эта ссылка не ведёт" in group.said[0]


@pytest.mark.parametrize(
    "payload", ["result_", "result_x", "result_%s' OR 1", "result_" + "A" * 60, "results_AAAAAAAA"]
)
async def test_what_is_no_link_of_ours_is_an_ordinary_start(group: Stage, payload: str) -> None:
    await group.says(f"/start {payload}")
    assert group.said[0].startswith("I find out which phone numbers")


async def test_the_link_is_for_private_chats(group: Stage) -> None:
    job = await done(group)
    await group.says(f"/start result_{job.token}", chat=TEAM)
    assert group.files == []


async def test_a_starter_of_whom_telegram_says_nothing_is_told_how_to_show_themselves(team: Stage) -> None:
    job = await done(team, kept=True)
    team.dispatcher["rights"].forget(TEAM["id"])
    await team.says(f"/start result_{job.token}")
    assert team.files == []
    assert f"/jobs@{NAME}" in team.said[-1]
    await team.says("/jobs", chat=TEAM, date=int(time.time()))
    await team.presses(f"file:{job.token}:", chat=TEAM)
    assert sent_to(team) == [ANNA["id"]]


async def test_that_somebody_spoke_in_the_group_counts_for_minutes(team: Stage) -> None:
    job = await done(team)
    team.dispatcher["rights"].forget(TEAM["id"])
    long_ago = int(time.time() - BELIEVED_SECONDS - 5)
    await team.says("/jobs", chat=TEAM, date=long_ago)
    await team.says(f"/start result_{job.token}")
    assert team.files == []


async def test_a_list_without_a_result_yet_has_opened_the_chat_at_least(group: Stage) -> None:
    await group.groups.set_results_to(TEAM["id"], ResultsTo.STARTER)
    job = await group.preview("/check +79123456789", chat=TEAM)
    await group.says(f"/start result_{job.token}")
    assert group.said[-1].startswith("That list has no result yet.")


async def test_what_is_kept_no_longer_is_said(group: Stage) -> None:
    job = await done(group)
    async with group.database.write() as connection:
        await connection.exec_driver_sql("DELETE FROM job_results")
    await group.says(f"/start result_{job.token}")
    assert group.said == ["The result is no longer kept."]
    assert await group.presses(f"file:{job.token}:", chat=TEAM) == "The result is no longer kept."


@pytest.mark.parametrize("action", ["file", "yes", "no", "rejected"])
async def test_the_buttons_under_the_file_work_in_private_too(group: Stage, action: str) -> None:
    job = await done(group)
    await group.presses(f"{action}:{job.token}:")
    assert sent_to(group) == [ANNA["id"]]
    assert group.of(SendChatAction) == []  # they are here
    group.telegram.calls.clear()
    await group.presses(f"{action}:{job.token}:", person=BORIS)
    assert group.files == []


async def test_a_result_in_private_carries_its_buttons(group: Stage) -> None:
    job = await done(group)
    await group.presses(f"file:{job.token}:", chat=TEAM)
    assert labels(group.files[0].reply_markup) == [
        *("Only yes · 1", "Only no · 1", "Undetermined · 1"),
        *("Countries", "Picture", "Copy totals"),
    ]


async def test_a_list_of_an_anonymous_admin_is_for_who_pressed(group: Stage) -> None:
    nameless = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    job = await done(group, nameless)
    for person in (BORIS, OLGA):
        await group.presses(f"file:{job.token}:", person=person, chat=TEAM)
    assert sent_to(group) == [OLGA["id"]]


async def test_where_results_go_to_the_group_everybody_may_have_the_files_there(group: Stage) -> None:
    job = await done(group)
    await group.groups.set_results_to(TEAM["id"], ResultsTo.GROUP)
    assert await group.presses(f"file:{job.token}:", person=BORIS, chat=TEAM) == "Отправляю файл."
    assert sent_to(group) == [TEAM["id"]]


async def test_opening_the_chat_in_any_way_brings_what_waited(group: Stage) -> None:
    job = await done(group, kept=True)
    await group.says("/start", chat=private(ANNA))
    assert await group.state(job) is JobState.DELIVERING


async def test_a_closed_topic_does_not_keep_a_file_back(group: Stage) -> None:
    topic = {"message_thread_id": 7, "is_topic_message": True}
    job = await group.preview("/check +79123456789\n+791234", chat=TEAM, **topic)
    for _ in range(2):
        group.telegram.fail(SendDocument, TelegramBadRequest, message="Bad Request: TOPIC_CLOSED")
    await group.presses(f"rejected:{job.token}:", chat=TEAM)
    tried = [(file.message_thread_id, file.reply_parameters is not None) for file in group.files]
    assert tried == [(7, True), (None, True), (None, False)]


@pytest.mark.parametrize("action", ["file", "yes", "rejected", "regions", "picture"])
async def test_what_is_on_a_list_of_a_private_chat_is_no_admins(team: Stage, action: str) -> None:
    job = await private_list(team)
    assert await team.presses(f"{action}:{job.token}:", person=ADMIN) is not None
    await team.says(text=f"/start result_{job.token}", person=ADMIN)
    assert (team.files, team.of(SendPhoto)) == ([], [])
    assert [sent.text for sent in team.of(SendMessage)] == [NONE]
