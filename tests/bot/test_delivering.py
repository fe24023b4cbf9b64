"""The end of a job: the result arrives once, or it is said that it may have come twice."""

import io
import zipfile
import zlib

import pytest

from bot.delivering import SHOWN_BYTES, STORING_SECONDS
from bot.job import Job, JobState
from bot.messenger import SERVER_ERROR_SECONDS
from bot.summary import document
from storage.database import DatabaseUnavailableError
from storage.lists import StoredResult
from storage.tasks import Tasks
from tests.bot.bench import Bench, numbers

ADA = 77
"""An admin of the bench."""
LISTED = numbers(3)


async def ready(bench: Bench, text: str = LISTED, workbook: bytes = b"the workbook") -> Job:
    """A job whose result is stored, as the checking step stores it."""
    await bench.press(await bench.preview(text))
    await bench.turn()
    (job,) = await bench.store.jobs.unfinished(bench.chat_id)
    found = StoredResult("ynu", workbook, None)
    stored = await bench.store.tasks.keep_result(job, found, zlib.compress(b"ynu"), bench.clock.now())
    assert stored is not None
    return stored


async def clean_caption(bench: Bench) -> list[str]:
    """The lines of a caption that carries no mark, of a list of other numbers: known ones would be told of."""
    await bench.settled(await ready(bench, numbers(3, first=9_130_000_000)))
    return bench.documents()[-1].text.splitlines()


async def test_the_result_is_a_new_message_in_reply_to_the_list(bench: Bench) -> None:
    job = await bench.settled(await ready(bench))
    (sent,) = bench.documents()
    assert job.state is JobState.DONE
    assert sent.reply_to is not None
    assert sent.reply_to.message_id == job.list_message_id
    assert sent.message_id != job.card_message_id
    assert (sent.document or {})["file_name"].endswith(".xlsx")
    assert job.result_file_id == (sent.document or {})["file_id"]


async def test_the_card_ends_as_one_line_without_buttons(bench: Bench) -> None:
    job = await bench.settled(await ready(bench))
    assert len(bench.card(job).text.splitlines()) == 1
    assert bench.card(job).labels == []
    assert len(bench.said()) == 2


@pytest.mark.parametrize(("size", "said"), [(SHOWN_BYTES - 1, []), (SHOWN_BYTES, ["Sending the result"])])
async def test_that_a_file_comes_is_said_where_it_takes_a_while(bench: Bench, size: int, said: list[str]) -> None:
    job = await ready(bench, workbook=bytes(size))
    await bench.turn()
    texts = " ".join(bench.card(job).texts())
    assert [words for words in ("Sending the result",) if words in texts] == said
    assert len(bench.documents()) == 1


async def test_that_a_file_comes_is_said_where_it_could_not_be_sent_at_first(bench: Bench) -> None:
    job = await ready(bench)
    bench.faults.arm("server_error", method="sendDocument")
    await bench.turn()
    bench.clock.advance(SERVER_ERROR_SECONDS)
    await bench.turn()
    assert "Sending the result" in " ".join(bench.card(job).texts())


async def test_a_flood_limit_only_delays_the_result(bench: Bench) -> None:
    job = await ready(bench)
    bench.faults.arm("flood", method="sendDocument", seconds=400)
    await bench.turn()
    job = await bench.now(job)
    assert (job.state, job.sending) == (JobState.DELIVERING, False)
    assert job.due_at == pytest.approx(bench.clock.now() + 400)


@pytest.mark.parametrize("fault", ["server_error", "flood_bare"])
async def test_an_answer_that_says_it_was_not_done_leaves_no_mark(bench: Bench, fault: str) -> None:
    job = await ready(bench)
    bench.faults.arm(fault, method="sendDocument")
    await bench.turn()
    job = await bench.now(job)
    assert (job.state, job.sending) == (JobState.DELIVERING, False)
    assert job.due_at == pytest.approx(bench.clock.now() + SERVER_ERROR_SECONDS)
    await bench.until(job, JobState.DONE)


@pytest.mark.parametrize("fault", ["cut_before", "cut_after", "bad_gateway", "not_json"])
async def test_a_second_try_is_marked_where_the_first_may_have_arrived(bench: Bench, fault: str) -> None:
    clean = await clean_caption(bench)
    job = await ready(bench)
    bench.faults.arm(fault, method="sendDocument")
    await bench.turn()
    assert (await bench.now(job)).sending
    await bench.until(job, JobState.DONE)
    marked = bench.documents()[-1].text.splitlines()
    assert [line for line in marked if line in clean] == clean
    assert len(marked) == len(clean) + 1
    assert len(bench.documents()) == (3 if fault == "cut_after" else 2)


async def test_the_mark_stays_where_a_later_try_surely_did_not_arrive(bench: Bench) -> None:
    job = await ready(bench)
    bench.faults.arm("cut_after", method="sendDocument")
    await bench.turn()
    bench.faults.arm("flood", method="sendDocument", seconds=400)
    bench.clock.advance(5)
    await bench.turn()
    assert (await bench.now(job)).sending


async def test_a_crash_while_sending_marks_the_next_copy(bench: Bench) -> None:
    job = await ready(bench)
    await bench.store.tasks.begin_sending(job)
    await bench.until(job, JobState.DONE)
    marked = bench.documents()[0].text.splitlines()
    assert len(marked) == len(await clean_caption(bench)) + 1


async def test_a_crash_after_it_was_noted_that_the_file_has_arrived_sends_nothing_again(bench: Bench) -> None:
    job = await ready(bench)
    await bench.store.tasks.begin_sending(job)
    await bench.store.tasks.arrived(job, "file-id")
    done = await bench.settled(job)
    assert (done.state, done.result_file_id, done.sending) == (JobState.DONE, "file-id", False)
    assert bench.documents() == []


async def test_that_a_file_has_arrived_is_noted_again_and_again_until_the_database_takes_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, note, left = await ready(bench), Tasks.arrived, iter(range(3))

    async def locked(tasks: Tasks, job: Job, file_id: str | None) -> Job | None:
        if next(left, None) is not None:
            raise DatabaseUnavailableError("locked")
        return await note(tasks, job, file_id)

    monkeypatch.setattr(Tasks, "arrived", locked)
    assert (await bench.settled(job)).state is JobState.DONE
    assert bench.slept == [STORING_SECONDS] * 3
    assert len(bench.documents()) == 1


async def test_tries_that_may_have_arrived_come_ever_more_rarely(bench: Bench) -> None:
    job = await ready(bench)
    bench.faults.arm("bad_gateway", times=8, method="sendDocument")
    waits = []
    for _ in range(8):
        await bench.turn()
        due_at = (await bench.now(job)).due_at or 0.0
        waits.append(round(due_at - bench.clock.now()))
        bench.clock.advance(due_at - bench.clock.now())
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


async def test_a_workbook_that_is_too_large_goes_as_a_zip_at_once(bench: Bench) -> None:
    bench.faults.arm("too_large", method="sendDocument")
    job = await bench.settled(await ready(bench))
    (sent,) = bench.documents()
    assert job.state is JobState.DONE
    assert (sent.document or {})["file_name"].endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(sent.data or b"")) as archive:
        table = archive.read("result.csv").decode().splitlines()
    words = ("yes", "no", "undetermined")
    expected = [f"{number},{word}" for number, word in zip(LISTED.split(), words, strict=True)]
    assert table == ["Number,telegram", *expected]
    assert bench.calls("sendDocument") == ["Request Entity Too Large", "ok"]


async def test_what_is_too_large_as_a_zip_too_is_kept_and_never_tried_again(bench: Bench) -> None:
    bench.faults.arm("too_large", times=2, method="sendDocument")
    job = await bench.settled(await ready(bench))
    await bench.wait(7200)
    assert (await bench.now(job)).state is JobState.UNDELIVERABLE
    assert len(bench.calls("sendDocument")) == 2
    assert "/jobs" in bench.card(job).text
    assert await bench.store.lists.result(job.id) is not None


async def test_that_a_file_is_refused_is_said_also_after_a_crash_between_noting_and_saying_it(bench: Bench) -> None:
    job = await ready(bench)
    await bench.store.tasks.undeliverable(job, "too large", bench.clock.now())
    await bench.settled(job)
    assert "could not send it here" in bench.card(await bench.now(job)).text


async def test_a_blocked_bot_keeps_the_result_and_delivers_it_when_it_is_let_in(bench: Bench) -> None:
    job = await ready(bench)
    bench.telegram.block(bench.anna)
    job = await bench.settled(job)
    assert job.state is JobState.UNDELIVERABLE
    assert await bench.store.lists.result(job.id) is not None
    bench.telegram.unblock(bench.anna)
    await bench.store.tasks.reachable_again(bench.chat_id, bench.clock.now())
    assert (await bench.settled(job)).state is JobState.DONE
    assert len(bench.documents()) == 1


async def test_an_admin_hears_of_a_paid_result_that_a_chat_cannot_be_given(bench: Bench) -> None:
    job = await ready(bench)
    rights = "Bad Request: not enough rights to send documents to the chat"
    bench.faults.arm("refuse", method="sendDocument", code=400, description=rights)
    job = await bench.settled(job)
    assert job.state is JobState.UNDELIVERABLE
    (told,) = bench.said(ADA)
    assert f"could not be sent to chat {bench.chat_id}" in told
    card = bench.telegram.last(ADA)
    assert card is not None
    assert card.labels == []  # what somebody had checked in private is theirs


async def test_a_file_that_telegram_refuses_for_good_is_not_sent_for_ever(bench: Bench) -> None:
    job = await ready(bench)
    bench.faults.arm("refuse", method="sendDocument", description="Bad Request: FILE_PARTS_INVALID")
    job = await bench.settled(job)
    assert (job.state, job.sending) == (JobState.UNDELIVERABLE, False)
    assert "/jobs" in bench.card(job).text


async def test_a_result_that_is_gone_is_said(bench: Bench) -> None:
    job = await ready(bench)
    async with bench.store.database.write() as connection:
        await connection.exec_driver_sql("DELETE FROM job_results")
    assert (await bench.settled(job)).state is JobState.UNDELIVERABLE


async def test_a_file_that_could_not_be_understood_gets_an_ending_that_opens(bench: Bench) -> None:
    job = await ready(bench)
    for raw, ending in (
        (b"PK\x03\x04....xl/workbook.xml", "xlsx"),
        (b"PK\x03\x04....all.csv", "zip"),
        (b"number,activated\n", "txt"),
        (b"\x00\x01\x02", "bin"),
    ):
        name, content = document(job, workbook=None, raw=raw)
        assert (name.rpartition(".")[2], content) == (ending, raw)


async def test_a_failure_is_told_until_the_chat_has_heard_of_it(bench: Bench) -> None:
    bench.faults.arm("task_fails")
    job = await bench.press(await bench.preview())
    await bench.until(job, JobState.FAILED)
    bench.faults.arm("server_error", times=2, method="sendMessage")
    await bench.turn()
    assert (await bench.now(job)).told_at is None
    await bench.wait(3 * SERVER_ERROR_SECONDS)
    job = await bench.now(job)
    assert job.told_at is not None
    assert job.due_at is None
    assert str(job.task_id) in bench.said()[-1]


@pytest.mark.parametrize("crashed", [False, True])
async def test_the_mark_outlives_a_chat_that_cannot_be_reached_for_a_while(bench: Bench, *, crashed: bool) -> None:
    clean = await clean_caption(bench)
    job = await ready(bench)
    if crashed:
        await bench.store.tasks.begin_sending(job)
    else:
        bench.faults.arm("cut_after", method="sendDocument")
        await bench.turn()
    bench.telegram.block(bench.anna)
    job = await bench.until(job, JobState.UNDELIVERABLE)
    assert job.sending
    bench.telegram.unblock(bench.anna)
    await bench.store.tasks.reachable_again(bench.chat_id, bench.clock.now())
    job = await bench.until(job, JobState.DONE)
    assert not job.sending
    assert len(bench.documents()[-1].text.splitlines()) == len(clean) + 1


async def test_the_result_of_a_group_that_became_a_supergroup_replies_to_nothing(bench: Bench) -> None:
    group = bench.telegram.add_group("Team", [bench.anna])
    job = await bench.press(await bench.preview(chat_id=group))
    await bench.turn()
    new, number = bench.telegram.migrate(group), job.list_message_id
    assert number is not None
    while await bench.telegram.send_text(bench.anna, new, "hello") < number:
        pass  # until the supergroup has a message of its own with the number that the list had
    job = await bench.until(job, JobState.DONE)
    assert job.chat_id == new
    assert len(bench.documents(new)) == 1
    assert [one for one in bench.telegram.bot_messages(new) if one.reply_to is not None] == []
