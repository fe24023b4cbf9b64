import zlib
from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import SendMessage
from aiogram.types import ForceReply

from bot.job import Failure, JobState, Waiting
from handlers.commands import find_region
from storage.lists import StoredResult
from tests.fakes import ADMIN, ANNA, BORIS, NAME, OTHERS, OURSELVES, TEAM, Stage, document, labels, private, stage

NUMBERS = "+79123456789\n+79123456780"
ANNAS = private(ANNA)


@pytest.mark.parametrize(
    ("command", "english", "russian"),
    [
        ("/start", "which phone numbers on a list have a Telegram account", "у каких номеров из списка"),
        ("/help", f"reply to a list with /check@{NAME}", f"ответьте на список командой /check@{NAME}"),
        ("/check", "Send the numbers as a reply to this message", "Пришлите номера ответом на это сообщение"),
        ("/country", "I ask each time", "спрашиваю каждый раз"),
        ("/jobs", "Nothing has been checked here yet", "ещё ничего не проверяли"),
        ("/cancel", "There is nothing to cancel here", "Отменять здесь нечего"),
        ("/language", "Which language shall I speak?", "На каком языке говорить?"),
    ],
)
async def test_every_command_answers_in_both_languages(team: Stage, command: str, english: str, russian: str) -> None:
    await team.says(command)
    await team.says(command.upper(), person=BORIS)

    assert english in team.said[0]
    assert russian in team.said[1]


async def test_a_command_with_another_bots_name_is_not_ours(team: Stage) -> None:
    await team.says("/jobs@other_bot")

    assert "Nothing has been checked" not in team.said[0]


async def test_start_wakes_what_could_not_be_delivered(team: Stage) -> None:
    job = await delivering(team)
    await team.tasks.undeliverable(job, "blocked", 2.0)
    team.woken.clear()

    await team.says("/start")

    assert await team.state(job) is JobState.DELIVERING
    assert team.woken


async def test_check_alone_asks_for_a_reply_from_the_one_who_asked(team: Stage) -> None:
    message = await team.says("/check", chat=TEAM)

    (sent,) = team.of(SendMessage)
    assert sent.reply_markup == ForceReply(selective=True)
    assert sent.reply_parameters is not None
    assert sent.reply_parameters.message_id == message["message_id"]


async def test_check_alone_in_a_topic_replies_to_nothing(team: Stage) -> None:
    opened = team.message(None, chat=TEAM, forum_topic_created={"name": "Lists", "icon_color": 1})
    await team.says("/check", chat=TEAM, reply_to_message=opened, message_thread_id=7, is_topic_message=True)

    (sent,) = team.of(SendMessage)
    assert isinstance(sent.reply_markup, ForceReply)
    assert sent.message_thread_id == 7


async def test_check_with_numbers_after_it_is_a_list(team: Stage) -> None:
    job = await team.job_of(await team.says(f"/check@{NAME} +79123456789\n8 495 123 45 67", chat=TEAM))

    assert await team.texts_of(job) == [" +79123456789\n8 495 123 45 67"]


async def test_a_file_under_check_is_a_list(team: Stage) -> None:
    marks = [{"type": "bot_command", "offset": 0, "length": 6}]
    job = await team.job_of(await team.sends("nov.txt", caption="/check", caption_entities=marks, chat=TEAM))

    assert job.name == "nov.txt"


async def test_check_takes_the_file_or_the_numbers_it_replies_to_whoever_sent_them(team: Stage) -> None:
    file = team.message(None, person=BORIS, chat=TEAM, document=document("his.txt"))
    text = team.message(NUMBERS, person=BORIS, chat=TEAM)
    for replied in (file, text):
        await team.says("/check", chat=TEAM, reply_to_message=replied)

    ours = [await team.job_of(file), await team.job_of(text)]
    assert [job.starter_id for job in ours] == [ANNA["id"]] * 2
    assert [job.list_message_id for job in ours] == [file["message_id"], text["message_id"]]
    assert team.said == []


async def test_a_polite_word_after_check_is_no_list(team: Stage) -> None:
    replied = team.message(None, document=document(), chat=ANNAS)
    await team.says("/check please", reply_to_message=replied)

    assert await team.has_job(replied)


async def test_check_in_reply_to_an_old_list_does_not_join_the_one_being_pasted(team: Stage) -> None:
    old = team.message(NUMBERS, date=1_700_000_000)
    pasted = await team.job_of(await team.says("+79990000001"))
    await team.says("/check", reply_to_message=old)

    assert (await team.job_of(old)).id != pasted.id


@pytest.mark.parametrize("words", [{"text": "hello"}, {"sticker": {}}])
async def test_check_in_reply_to_something_else_says_so(team: Stage, words: dict[str, object]) -> None:
    replied = team.message("hello" if "text" in words else None)
    await team.says("/check", reply_to_message=replied)

    assert "There is no list in that message" in team.said[0]


async def test_check_in_reply_to_our_own_message_does_not_read_our_counts(team: Stage) -> None:
    replied = team.message("4,912 numbers: 4,850", person=OURSELVES, chat=ANNAS)
    await team.says("/check", reply_to_message=replied)

    assert not await team.has_job(replied)
    assert "There is no list in that message" in team.said[0]


async def test_check_in_reply_to_the_sample_points_at_its_preview(team: Stage) -> None:
    await team.presses("sample::")
    sample = team.message(None, person=OURSELVES, chat=ANNAS, document=document("sample.txt"))
    sample["message_id"] = team.telegram.last_message_id
    await team.read(await team.job_of(sample))
    await team.says("/check", reply_to_message=sample)

    assert team.said == ["That list waits for your press: see my message about it."]


async def test_check_in_reply_to_a_list_that_is_known_points_at_it(team: Stage) -> None:
    message = await team.says(NUMBERS)
    job = await team.read(await team.job_of(message))
    await team.says("/check", reply_to_message=message)
    await team.presses(f"check:{job.token}:1")
    await team.says("/check", reply_to_message=message)

    assert "waits for your press" in team.said[0]
    assert "already on its way" in team.said[1]
    replies = [sent.reply_parameters.message_id for sent in team.of(SendMessage) if sent.reply_parameters]
    assert replies == [5000, 5000]


async def test_check_in_reply_to_a_list_that_has_ended_opens_it_anew(team: Stage) -> None:
    message = await team.says(NUMBERS)
    job = await team.read(await team.job_of(message))
    await team.moves.cancel(job, 1.0)
    for _ in range(2):  # an update may be handled twice
        await team.says("/check", reply_to_message=message)

    again = await team.job_of(message)
    assert again.id != job.id
    assert again.state is JobState.READING
    assert await team.texts_of(again) == [NUMBERS]


async def test_check_in_reply_to_a_list_that_was_refused_opens_it_anew(team: Stage) -> None:
    message = await team.sends()
    job = await team.job_of(message)
    await team.moves.refuse_list(job, Failure.FILE_GONE, None, 1.0)
    await team.says("/check", reply_to_message=message)

    assert (await team.job_of(message)).id != job.id


@pytest.mark.parametrize(
    ("text", "region"),
    [
        *(("Kenya", "KE"), ("кения", "KE"), ("KE", "KE"), ("ke", "KE"), ("+254", "KE"), ("254", "KE"), ("+7", "RU")),
        *(("1", "US"), ("США", "US"), ("UK", "GB"), (" Россия ", "RU"), ("+383", "XK"), ("Kosovo", "XK")),
        *(("Atlantis", None), ("+", None), ("", None), ("ZZ", None), ("+999", None), ("+800", None), ("12345", None)),
        *(("AQ", None), ("<b>", None), ("+٧", "RU")),
    ],
)
async def test_a_country_is_known_by_name_letters_and_code(team: Stage, text: str, region: str | None) -> None:
    texts = team.dispatcher["texts_by_language"]["en"]

    assert find_region(text, texts) == region


async def test_country_is_set_shown_and_kept_for_the_chat(team: Stage) -> None:
    await team.says("/country Kenya", chat=TEAM)
    await team.says("/country", chat=TEAM, person=BORIS)
    await team.says("/country")

    assert team.said[0] == "From now on, numbers without a country code are read here as <b>🇰🇪 Kenya</b>."
    assert "🇰🇪 Кения" in team.said[1]
    assert "I ask each time" in team.said[2]
    assert await team.chats.region(TEAM["id"]) == "KE"


async def test_an_unknown_country_changes_nothing_and_is_shown_harmlessly(team: Stage) -> None:
    await team.says("/country <b>Atlantis")

    assert "“&lt;b&gt;Atlantis”" in team.said[0]
    assert await team.chats.region(ANNA["id"]) is None


async def test_naming_a_country_reads_the_open_previews_again_but_no_other_list(team: Stage) -> None:
    mine, his = await team.preview(), await team.preview(person=BORIS)
    pressed = await team.preview("+79990000001", date=1_790_000_100)
    await team.presses(f"check:{pressed.token}:1")
    team.woken.clear()

    await team.says("/country RU")

    assert [((await team.now(job)).region, (await team.now(job)).list_revision) for job in (mine, his, pressed)] == [
        ("RU", 2),
        (None, 1),
        (None, 1),
    ]
    assert team.woken


@pytest.mark.parametrize("way", ["command", "button"])
async def test_naming_a_country_reaches_lists_that_are_being_read(team: Stage, way: str) -> None:
    reading = await team.job_of(await team.says("9123456789"))
    await (team.says("/country RU") if way == "command" else team.presses("country:RU:"))

    now = await team.now(reading)
    assert (now.state, now.region, now.list_revision) == (JobState.READING, "RU", 2)
    assert team.woken


async def test_a_country_is_chosen_by_a_button_and_unset_by_another(team: Stage) -> None:
    job = await team.preview()
    await team.says("/country")
    (sent,) = team.of(SendMessage)
    assert labels(sent.reply_markup)[0] == "🇺🇸 United States"

    await team.presses("country:RU:")
    assert await team.chats.region(ANNA["id"]) == "RU"
    assert (await team.now(job)).region == "RU"
    await team.presses("country::")
    assert await team.chats.region(ANNA["id"]) is None
    assert "I ask each time" in team.said[-1]


async def test_a_groups_country_is_chosen_by_those_who_are_in_it(team: Stage) -> None:
    team.telegram.members[(TEAM["id"], BORIS["id"])] = "left"
    assert await team.presses("country:RU:", chat=TEAM) == (
        "Telegram does not tell me that you are in this group. Write to me here once, then press again."
    )
    await team.presses("country:RU:", person=BORIS, chat=TEAM)
    assert await team.chats.region(TEAM["id"]) is None

    team.telegram.members[(OTHERS["id"], ANNA["id"])] = "member"
    await team.presses("country:RU:", chat=OTHERS)
    assert await team.chats.region(OTHERS["id"]) == "RU"
    await team.presses("country:KZ:", person=ADMIN, chat=TEAM)
    assert await team.chats.region(TEAM["id"]) == "KZ"


async def test_where_the_settings_name_a_country_nobody_is_promised_to_be_asked(tmp_path: Path) -> None:
    async with stage(tmp_path, default_region="RU") as russian:
        await russian.says("/country")
        await russian.presses("country::")

        (sent,) = russian.of(SendMessage)
        assert "🇷🇺 Russia" in sent.text
        assert "Ask each time" not in labels(sent.reply_markup)


async def test_the_default_country_is_for_chats_that_have_chosen_none(tmp_path: Path) -> None:
    async with stage(tmp_path, default_region="RU") as russian:
        by_default = await russian.job_of(await russian.says(NUMBERS))
        await russian.says("/country KE")
        chosen = await russian.job_of(await russian.sends())

        assert (by_default.region, chosen.region) == ("RU", "KE")


async def test_language_is_chosen_by_a_button_and_kept(team: Stage) -> None:
    await team.says("/language")
    (sent,) = team.of(SendMessage)
    assert labels(sent.reply_markup) == ["English", "Русский"]

    assert await team.presses("lang:ru:") == "Теперь говорю по-русски."
    await team.says("/jobs")
    assert "ещё ничего не проверяли" in team.said[-1]
    assert (
        await team.presses("lang:xx:") == "Эта кнопка больше не действует. Как обстоят дела со списками, покажет /jobs"
    )


async def test_cancel_offers_what_can_be_stopped_and_tells_the_truth_about_the_rest(team: Stage) -> None:
    await delivering(team)
    unsure = await queued(team, 1)
    attempt = await team.submits.begin_submit(unsure, 1.0)
    assert attempt is not None
    await team.submits.unsure(attempt, "broke", 2.0)
    assert await team.submits.begin_submit(await queued(team, 2), 1.0)
    waits = await queued(team, 3)
    await team.jobs.note_waiting(waits.id, Waiting.MONEY)

    await team.says("/cancel")

    (sent,) = team.of(SendMessage)
    assert sent.text.split("\n") == [
        "What shall I cancel? Nothing was charged for these.",
        "1 list is being handed over to the check and can no longer be stopped.",
        "1 list is already paid and cannot be stopped; its result will come.",
        "1 list waits for your decision: see my question about it.",
    ]
    assert labels(sent.reply_markup) == ["Cancel Pasted numbers"]
    assert await team.presses(f"cancel:{waits.token}:") == "Cancelled. Nothing was charged."
    assert await team.state(waits) is JobState.CANCELLED


async def queued(team: Stage, at: int) -> Any:
    job = await team.preview(date=1_790_000_000 + 100 * at)
    await team.presses(f"check:{job.token}:1")
    return await team.now(job)


async def delivering(team: Stage, name: str | None = None) -> Any:
    message = await (team.sends(name) if name else team.says(NUMBERS))
    job = await team.read(await team.job_of(message))
    await team.presses(f"check:{job.token}:1")
    attempt = await team.submits.begin_submit(job, 1.0)
    assert attempt is not None
    checking = await team.submits.accepted(attempt, "task-1", "0.01 USD", 2.0, 3.0)
    assert checking is not None
    stored = await team.tasks.keep_result(checking, StoredResult("yu", b"workbook", None), zlib.compress(b"yu"), 3.0)
    assert stored is not None
    return stored
