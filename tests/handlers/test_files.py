import io
import zipfile
import zlib
from functools import partial

import openpyxl
import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge, TelegramMigrateToChat
from aiogram.methods import AnswerCallbackQuery, SendDocument
from aiogram.types import BufferedInputFile

from bot.job import Job, JobState
from bot.report import rejected_file
from bot.table_parts import BESIDE
from bot.table_workbook import write_sheets
from storage.lists import StoredResult
from storage.retention import Retention
from tests.fakes import ANNA, BORIS, NOW, TEAM, Stage, labels, seen

LIST = "+79123456789\n+79123456780\n+79123456781\n+791234\n9123456782\n=1+1\n"
GONE = "The result is no longer kept."


async def done(
    team: Stage,
    codes: str | None = "ynu",
    raw: bytes | None = None,
    *,
    name: str = "base nov.txt",
    workbook: bytes = b"workbook",
    has_rows: bool = False,
) -> Job:
    job = await team.read(await team.job_of(await team.sends(name)), LIST, has_rows=has_rows)
    await team.presses(f"check:{job.token}:1")
    attempt = await team.submits.begin_submit(job, NOW)
    assert attempt is not None
    checking = await team.submits.accepted(attempt, "task", None, NOW, NOW)
    assert checking is not None
    packed = None if codes is None else zlib.compress(codes.encode())
    result = StoredResult(codes, None if codes is None else workbook, raw)
    stored = await team.tasks.keep_result(checking, result, packed, NOW)
    assert stored is not None
    await team.tasks.arrived(stored, "file-of-the-result")
    finished = await team.tasks.delivered(stored, NOW)
    assert finished is not None
    return finished


async def forget(team: Stage, job: Job) -> None:
    (taken,) = await team.jobs.take_due(NOW + 1e9, lease="step", until=NOW + 2e9, most=5)
    assert taken.id == job.id
    await team.jobs.settle(job.id, lease="step", due_at=None)
    await Retention(team.database).purge(NOW + 3e9, 0.0)


def content(sent: SendDocument) -> tuple[str | None, str]:
    assert isinstance(sent.document, BufferedInputFile)
    return sent.document.filename, sent.document.data.decode()


async def test_each_verdict_has_a_file_of_numbers_one_a_line(team: Stage) -> None:
    job = await done(team)

    assert await team.presses(f"yes:{job.token}:") == "The file is on its way."
    await team.presses(f"no:{job.token}:")
    await team.presses(f"undet:{job.token}:")
    yes, no, undetermined = team.files
    assert content(yes) == ("base_nov_yes_2026-09-21.txt", "+79123456789\n")
    assert seen(yes.caption or "") == "base nov.txt: 1 on Telegram, checked Sep 21, 2026"
    assert content(no) == ("base_nov_no_2026-09-21.txt", "+79123456780\n")
    assert seen(no.caption or "") == "base nov.txt: 1 not on Telegram, checked Sep 21, 2026"
    assert content(undetermined) == ("base_nov_undetermined_2026-09-21.txt", "+79123456781\n")
    assert yes.reply_parameters is not None
    assert yes.reply_parameters.message_id == job.list_message_id


async def test_the_rejected_lines_are_a_file_with_reasons_before_anything_is_paid(team: Stage) -> None:
    job = await team.read(await team.job_of(await team.sends("base nov.txt")), LIST)

    await team.presses(f"rejected:{job.token}:")
    (sent,) = team.files
    name, text = content(sent)
    assert name is not None
    assert name.startswith("base_nov_rejected_")
    assert "+791234" in text
    assert "=1+1" in text
    assert "9+7912342" not in text  # it is asked about, not rejected
    assert sent.caption == "<b>base nov.txt</b>: 2 rejected lines"


async def test_of_very_many_rejected_lines_the_first_are_in_the_file_and_the_others_counted(
    team: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await team.read(await team.job_of(await team.sends("junk.txt")), "+79123456789\n" + "12\n" * 5000)

    monkeypatch.setattr("handlers.files.rejected_file", partial(rejected_file, most=1000))
    await team.presses(f"rejected:{job.token}:")
    _, text = content(team.files[-1])
    *shown, last = text.splitlines()
    assert 20 < len(shown) < 100
    assert last == f"… and {5000 - len(shown):,} more"
    assert team.files[-1].caption == "<b>junk.txt</b>: 5,000 rejected lines"


async def test_the_result_comes_again_by_telegrams_name_of_it(team: Stage) -> None:
    job = await done(team)

    await team.presses(f"file:{job.token}:", person=ANNA | {"language_code": "ru"})
    (sent,) = team.files
    assert sent.document == "file-of-the-result"
    assert seen(sent.caption or "") == "base nov.txt, проверено 21 сент. 2026\u202fг.\nда 1, нет 1, не определено 1"
    assert labels(sent.reply_markup) == [
        *("Только да · 1", "Только нет · 1", "Не определено · 1"),
        *("По странам", "Картинка", "Скопировать итоги"),
        *("Неопределённые заново · < $0,01", "Проверить все заново"),
    ]


async def test_the_result_is_sent_anew_where_telegram_has_forgotten_it(team: Stage) -> None:
    job = await done(team)
    team.telegram.fail(SendDocument, TelegramBadRequest, message="Bad Request: wrong file identifier")

    assert await team.presses(f"file:{job.token}:") == "The file is on its way."
    assert content(team.files[-1]) == ("base_nov_checked_2026-09-21.xlsx", "workbook")


@pytest.mark.parametrize(
    ("raw", "ending"),
    [
        (b"PK\x03\x04..xl/workbook.xml", "xlsx"),
        (b"PK\x03\x04", "zip"),
        (b"a,b\n", "txt"),
        (b"\0\1", "bin"),
        (b"", "txt"),
    ],
)
async def test_a_result_nobody_understood_keeps_an_ending_that_opens(team: Stage, raw: bytes, ending: str) -> None:
    job = await done(team, None, raw)
    team.telegram.fail(SendDocument, TelegramBadRequest, message="Bad Request: wrong file identifier")
    await team.presses(f"file:{job.token}:")

    sent = team.files[-1]
    assert content(sent) == (f"base_nov_checked_2026-09-21.{ending}", raw.decode())
    assert sent.reply_markup is None
    assert await team.presses(f"yes:{job.token}:") == GONE


@pytest.mark.parametrize("action", ["file", "yes", "no", "undet", "rejected"])
async def test_who_asks_for_what_is_kept_no_longer_is_told(team: Stage, action: str) -> None:
    job = await done(team)
    await forget(team, job)

    assert await team.presses(f"{action}:{job.token}:") == GONE
    assert team.of(AnswerCallbackQuery)[-1].show_alert
    assert team.files == []


@pytest.mark.parametrize("action", ["file", "yes", "no", "undet"])
async def test_there_is_no_result_before_the_end(team: Stage, action: str) -> None:
    job = await team.preview()

    assert await team.presses(f"{action}:{job.token}:") == GONE
    assert team.files == []


async def test_everybody_in_the_group_may_have_the_files_in_its_topic(team: Stage) -> None:
    topic = {"message_thread_id": 7, "is_topic_message": True}
    job = await team.preview("/check +79123456789\n+791234", chat=TEAM, **topic)

    await team.presses(f"rejected:{job.token}:", person=BORIS, chat=TEAM)
    (sent,) = team.files
    assert (sent.chat_id, sent.message_thread_id) == (TEAM["id"], 7)


async def test_a_file_goes_out_also_where_the_press_is_too_old_to_be_answered(team: Stage) -> None:
    job = await done(team)
    team.telegram.fail(AnswerCallbackQuery, TelegramBadRequest, message="Bad Request: query is too old")
    await team.presses(f"yes:{job.token}:")

    assert len(team.files) == 1
    assert await team.state(job) is JobState.DONE


async def test_a_file_for_a_group_that_became_a_supergroup_replies_to_nothing(team: Stage) -> None:
    job = await team.preview("/check +79123456789\n12345678", chat=TEAM)
    await team.says(chat=TEAM, migrate_to_chat_id=-100777)
    await team.presses(f"rejected:{job.token}:", chat=TEAM | {"id": -100777})

    (sent,) = team.files
    assert (sent.chat_id, sent.reply_parameters) == (-100777, None)


async def test_a_file_follows_a_group_to_its_new_id_and_replies_to_nothing_there(team: Stage) -> None:
    job = await team.preview("/check +79123456789\n12345678", chat=TEAM)
    team.telegram.fail(SendDocument, TelegramMigrateToChat, message="upgraded", migrate_to_chat_id=-100777)
    await team.presses(f"rejected:{job.token}:", chat=TEAM)

    asked, sent = team.files
    assert (asked.chat_id, sent.chat_id, sent.reply_parameters) == (TEAM["id"], -100777, None)


async def test_where_all_numbers_of_a_file_were_forgotten_there_is_none(team: Stage) -> None:
    job = await done(team, codes="nnu")

    assert await team.presses(f"yes:{job.token}:") == GONE
    assert team.files == []


async def test_a_part_comes_in_the_other_formats_by_the_buttons_under_it(team: Stage) -> None:
    job = await done(team)
    await team.presses(f"yes:{job.token}:")
    assert labels(team.files[-1].reply_markup) == [".xlsx", ".csv"]

    assert await team.presses(f"yes:{job.token}:csv") == "The file is on its way."
    assert content(team.files[-1]) == (
        "base_nov_yes_2026-09-21.csv",
        '\ufeff"Number","telegram","Country","As sent"\r\n"+79123456789","yes","Russia","+79123456789"\r\n',
    )
    assert labels(team.files[-1].reply_markup) == [".txt", ".xlsx"]

    await team.presses(f"no:{job.token}:xlsx", person=ANNA | {"language_code": "ru"})
    sent = team.files[-1].document
    assert isinstance(sent, BufferedInputFile)
    assert sent.filename == "base_nov_no_2026-09-21.xlsx"
    (sheet,) = openpyxl.load_workbook(io.BytesIO(sent.data)).worksheets
    assert list(sheet.values) == [
        ("Number", "telegram", "Country", "As sent"),
        ("+79123456780", "no", "Россия", "+79123456780"),
    ]


async def test_a_part_of_a_table_holds_its_rows_and_as_text_the_numbers_alone(team: Stage) -> None:
    stream = io.BytesIO()
    line = ("Anna", None, None, "yes", "+79123456789")
    write_sheets(stream, [("Result", False, [("Name", "Phone", "Note", *BESIDE), line])])
    job = await done(team, workbook=stream.getvalue(), has_rows=True)

    await team.presses(f"yes:{job.token}:csv")
    assert content(team.files[-1]) == (
        "base_nov_yes_2026-09-21.csv",
        (
            '\ufeff"Name","Phone","Note","telegram","Number","Country","Checked on"\r\n'
            '"Anna","","","yes","+79123456789","",""\r\n'
        ),
    )
    await team.presses(f"yes:{job.token}:xlsx")
    sent = team.files[-1].document
    assert isinstance(sent, BufferedInputFile)
    (sheet,) = openpyxl.load_workbook(io.BytesIO(sent.data)).worksheets
    assert [row[:5] for row in sheet.values] == [("Name", "Phone", "Note", "telegram", "Number"), line]
    await team.presses(f"yes:{job.token}:txt")
    assert content(team.files[-1])[1] == "+79123456789\n"


async def test_a_format_that_is_none_is_the_usual_one(team: Stage) -> None:
    job = await done(team)
    await team.presses(f"yes:{job.token}:exe")
    assert content(team.files[-1])[0] == "base_nov_yes_2026-09-21.txt"


async def test_another_format_of_what_is_kept_no_longer_is_said_in_the_chat(team: Stage) -> None:
    job = await done(team)
    await forget(team, job)
    await team.presses(f"yes:{job.token}:csv")
    assert (team.files, team.said) == ([], [GONE])


async def test_a_part_that_is_too_large_for_telegram_comes_as_a_zip(team: Stage) -> None:
    job = await done(team)
    team.telegram.fail(SendDocument, TelegramEntityTooLarge, message="Request Entity Too Large")
    await team.presses(f"yes:{job.token}:")

    sent = team.files[-1].document
    assert isinstance(sent, BufferedInputFile)
    assert sent.filename == "base_nov_yes_2026-09-21.txt.zip"
    with zipfile.ZipFile(io.BytesIO(sent.data)) as archive:
        assert archive.read("base_nov_yes_2026-09-21.txt") == b"+79123456789\n"
