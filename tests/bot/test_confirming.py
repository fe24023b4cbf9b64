"""From a stored message to a preview, and what becomes of a preview nobody presses."""

import asyncio
import errno
import threading
from pathlib import Path
from typing import Any

import pytest

from bot.confirming import CHILDREN, SAME_AGAIN_SECONDS, SHOWN_SECONDS, THREAD_BYTES
from bot.fetching import MEGABYTE
from bot.job import Failure, Job, JobState
from bot.list_parts import Part, read_parts
from bot.workshop import ReadingFailed, read_list
from storage.lists import ListMessage
from storage.moves import CONFIRM_SECONDS, Moves
from tests.bot.bench import Bench, numbers

LARGE = THREAD_BYTES // 10
"""So many numbers are read by a child."""
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0"


async def add(bench: Bench, job: Job, text: str) -> None:
    message_id = await bench.telegram.send_text(bench.anna, bench.chat_id, text)
    message = ListMessage(bench.chat_id, message_id, bench.clock.now(), text.encode())
    await bench.store.lists.join(job.id, message, bench.clock.now())


async def test_a_pasted_list_gets_one_preview_in_reply_to_it(bench: Bench) -> None:
    job = await bench.preview(numbers(3) + "\nhello\n" + numbers(1))
    card = bench.card(job)
    assert card.reply_to is not None
    assert card.reply_to.message_id == job.list_message_id
    assert (job.valid, job.repeated, job.rejected) == (3, 1, 1)
    assert "Check 3 numbers" in card.labels
    assert job.due_at == pytest.approx(job.state_since + CONFIRM_SECONDS)


@pytest.mark.parametrize("size", [2_000, THREAD_BYTES, THREAD_BYTES * 2])
async def test_a_list_of_any_size_is_read_alike(bench: Bench, size: int) -> None:
    count = size // 13
    job = await bench.settled(await bench.send_file("base nov.txt", numbers(count).encode()))
    assert job.valid == count
    assert "base nov.txt" in bench.card(job).text
    assert list((bench.folder / "work").iterdir()) == []


async def test_a_file_is_fetched_once(bench: Bench) -> None:
    job = await bench.settled(await bench.send_file("a.txt", numbers(3).encode()))
    await bench.store.lists.set_region(job.id, "RU", bench.clock.now())
    await bench.settled(job)
    assert len(bench.telegram.downloads) == 1


@pytest.mark.parametrize(
    ("data", "failure"),
    [
        (PNG, Failure.NOT_TEXT),
        (b" \n\n ", Failure.EMPTY),
        (b"hello\nthere\n", Failure.NO_NUMBERS),
    ],
    ids=["an image", "blanks", "words"],
)
async def test_what_is_no_list_is_refused_and_nothing_of_it_is_kept(
    bench: Bench, data: bytes, failure: Failure
) -> None:
    job = await bench.settled(await bench.send_file("a.txt", data))
    assert (job.state, job.failure) == (JobState.REFUSED, failure)
    assert len(bench.said()) == 1
    assert bench.card(job).labels == []
    assert await bench.store.lists.numbers(job.id) is None
    assert all(not message.content for message in await bench.store.lists.messages(job.id))


async def test_a_file_that_is_too_big_is_refused_by_its_size_alone(bench: Bench) -> None:
    job = await bench.settled(await bench.send_file("a.txt", b"1", size=21 * MEGABYTE))
    assert (job.state, job.failure) == (JobState.REFUSED, Failure.TOO_BIG)
    assert "20" in bench.card(job).text
    assert bench.calls("getFile") == []


async def test_a_file_that_telegram_does_not_give_is_said(bench: Bench) -> None:
    bench.faults.arm("file_unreachable")
    job = await bench.settled(await bench.send_file("a.txt", numbers(3).encode()))
    assert (job.state, job.failure) == (JobState.REFUSED, Failure.FILE_GONE)


async def test_a_file_that_cannot_be_had_now_is_fetched_later(bench: Bench) -> None:
    bench.faults.arm("file_unreachable", status=502)
    bench.faults.arm("server_error", method="getFile")
    job = await bench.settled(await bench.send_file("a.txt", numbers(3).encode()))
    assert job.state is JobState.READING
    assert (await bench.until(job, JobState.CONFIRMING)).valid == 3


async def test_a_list_that_takes_too_much_to_read_is_refused(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def too_much(*_arguments: object, **_options: object) -> None:
        raise ReadingFailed("not done after 300 s")

    monkeypatch.setattr("bot.confirming.read_list", too_much)
    job = await bench.settled(await bench.send_file("a.txt", numbers(LARGE).encode()))
    assert (job.state, job.failure) == (JobState.REFUSED, Failure.UNREADABLE)


async def test_of_large_lists_only_so_many_are_read_at_once_and_small_ones_do_not_wait_for_them(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, most, go_on = 0, 0, asyncio.Event()

    async def slowly(*arguments: Any, **options: Any) -> Any:
        nonlocal at_once, most
        at_once += 1
        most = max(at_once, most)
        await go_on.wait()
        at_once -= 1
        return await read_list(*arguments, **options)

    monkeypatch.setattr("bot.confirming.read_list", slowly)
    large = [await bench.send_file(f"{at}.txt", numbers(LARGE).encode()) for at in range(5)]
    async with asyncio.TaskGroup() as group:
        await bench.worker._take(group)
        small = await bench.send_file("small.txt", numbers(3).encode())
        await bench.telegram.wait_for(lambda server: len(server.downloads) == CHILDREN or None)
        await bench.worker._take(group)
        while (await bench.now(small)).state is JobState.READING:  # noqa: ASYNC110 - it is the database that is asked
            await asyncio.sleep(0.01)
        go_on.set()
    assert most == CHILDREN
    for job in large:
        assert (await bench.until(job, JobState.CONFIRMING)).valid == LARGE
    assert most == CHILDREN
    assert len(bench.telegram.downloads) == len(large) + 1


async def test_how_much_of_a_large_list_was_read_is_said_in_the_message_that_becomes_its_preview(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []

    async def slowly(*arguments: Any, tell: Any, **options: Any) -> Any:
        for percent in (10, 20, 30, 40):
            bench.clock.advance(SHOWN_SECONDS / 2)
            await tell(percent)
            seen.append([text.split("\n")[1] for text in bench.said()])
        return await read_list(*arguments, **options)

    monkeypatch.setattr("bot.confirming.read_list", slowly)
    job = await bench.settled(await bench.send_file("a.txt", numbers(LARGE).encode()))
    assert seen == [[], ["▓▓░░░░░░░░ 20\xa0%"], ["▓▓░░░░░░░░ 20\xa0%"], ["▓▓▓▓░░░░░░ 40\xa0%"]]
    assert f"Check {LARGE:,} numbers" in bench.card(job).labels
    assert len(bench.said()) == 1
    assert len(bench.calls("sendChatAction")) == 2  # once when it was fetched, and while it was read


async def test_a_list_that_was_cancelled_while_it_was_read_anew_is_not_shown_as_read(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await bench.settled(await bench.send_file("a.txt", numbers(LARGE).encode()))

    async def cancelled(*arguments: Any, tell: Any, **options: Any) -> Any:
        await bench.store.moves.cancel(await bench.now(job), bench.clock.now())
        bench.clock.advance(SHOWN_SECONDS)
        await tell(50)
        return await read_list(*arguments, **options)

    monkeypatch.setattr("bot.confirming.read_list", cancelled)
    await bench.store.lists.set_region(job.id, "RU", bench.clock.now())
    await bench.turn()
    assert all("Reading the list" not in text for text in bench.said())
    assert (await bench.settled(job)).state is JobState.CANCELLED


async def test_a_full_disk_moves_the_clock(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_options: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        job = await bench.settled(await bench.send_file("a.txt", numbers(3).encode()))
    assert job.state is JobState.READING
    assert (await bench.until(job, JobState.CONFIRMING)).valid == 3


async def test_the_preview_grows_with_each_message_that_joins(bench: Bench) -> None:
    job = await bench.preview()
    for at in range(1, 4):
        await add(bench, job, numbers(3, 9_120_000_000 + 10 * at))
        job = await bench.settled(job)
        assert job.valid == 3 * (at + 1)
    assert len(bench.said()) == 1
    assert len(bench.card(job).texts()) == 4


async def test_a_list_that_changed_while_it_was_read_is_read_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await bench.paste(numbers(3))
    messages = type(bench.store.lists).messages

    async def and_one_more(self: object, job_id: int) -> object:
        monkeypatch.undo()
        found = await messages(bench.store.lists, job_id)
        await add(bench, job, numbers(1, 9_990_000_000))
        return found

    monkeypatch.setattr(type(bench.store.lists), "messages", and_one_more)
    assert (await bench.settled(job)).valid == 4


async def test_what_is_added_and_is_no_list_is_said_and_left_out(bench: Bench) -> None:
    job = await bench.preview()
    other = await bench.telegram.send_document(bench.anna, bench.chat_id, "photo.txt", PNG)
    sent = bench.telegram.state.chats[bench.chat_id].messages[other].document or {}
    message = ListMessage(bench.chat_id, other, bench.clock.now(), None, sent["file_id"], sent["file_size"])
    await bench.store.lists.join(job.id, message, bench.clock.now())
    job = await bench.settled(job)
    assert (job.state, job.valid) == (JobState.CONFIRMING, 3)
    assert len(bench.said()) == 2
    assert len(await bench.store.lists.messages(job.id)) == 1


async def test_a_preview_expires_silently_after_three_days(bench: Bench) -> None:
    job = await bench.preview()
    await bench.wait(CONFIRM_SECONDS + 1)
    job = await bench.now(job)
    assert job.state is JobState.EXPIRED
    assert bench.card(job).labels == ["Open again"]
    assert bench.calls("sendMessage") == ["ok"]


async def test_a_preview_pressed_at_the_last_moment_does_not_expire(bench: Bench) -> None:
    job = await bench.preview()
    bench.clock.advance(CONFIRM_SECONDS)
    await bench.press(job)
    assert await bench.confirming.step(job) is None
    assert (await bench.now(job)).state is JobState.QUEUED
    assert len(bench.card(job).texts()) == 1


async def test_the_invitation_to_add_numbers_ends_with_its_time(bench: Bench) -> None:
    job = await bench.preview()
    plain = bench.card(job).text
    now = bench.clock.now()
    await bench.store.lists.await_more(job.id, bench.anna.id, now + 600, now)
    job = await bench.settled(job)
    assert bench.card(job).text != plain
    await bench.wait(601)
    assert bench.card(await bench.now(job)).text == plain


async def test_a_list_that_was_checked_before_offers_its_result_and_the_press_gives_it(bench: Bench) -> None:
    first = await bench.settled(await bench.until(await bench.press(await bench.preview(numbers(3))), JobState.DONE))
    again = await bench.preview("\n".join(reversed(numbers(3).split("\n"))))
    card = bench.card(again)
    assert "Checked here on " in card.text
    (label,) = [one for one in card.labels if one.startswith("Result of ")]
    assert label.endswith("free")
    assert first.list_digest == again.list_digest
    assert "Checked here" not in bench.card(await bench.preview(numbers(4))).text


async def test_a_list_that_is_being_checked_is_pointed_at_until_its_result_can_be_offered(bench: Bench) -> None:
    waiting = await bench.preview(numbers(120))
    first = await bench.press(await bench.preview(numbers(120)))
    await bench.settled(first)
    assert "are being checked right now" in bench.card(waiting).text
    await bench.settled(await bench.until(first, JobState.DONE))
    await bench.wait(SAME_AGAIN_SECONDS)
    assert "Checked here on " in bench.card(waiting).text
    assert "right now" not in bench.card(waiting).text


async def test_a_preview_is_redrawn_once_when_its_numbers_are_pressed_and_once_when_they_are_checked(
    bench: Bench,
) -> None:
    waiting = await bench.preview(numbers(120))
    first = await bench.press(await bench.preview(numbers(120)))
    await bench.until(first, JobState.DELIVERING)
    for _ in range(2):  # compared with what is known by now, and drawn, while the result is on its way
        await bench.confirming.step(await bench.now(waiting))
    await bench.settled(await bench.until(first, JobState.DONE))
    await bench.wait(2 * SAME_AGAIN_SECONDS)
    before, pressed, checked = bench.card(waiting).texts()
    assert "Checked here on " in checked
    assert "right now" in pressed
    assert "120 numbers" in before


async def test_the_same_list_in_another_chat_is_nobodys_business(bench: Bench) -> None:
    await bench.settled(await bench.until(await bench.press(await bench.preview(numbers(3))), JobState.DONE))
    group = bench.telegram.add_group("Others", [bench.anna], supergroup=True)
    job = await bench.preview(numbers(3), chat_id=group)
    assert "Checked here" not in bench.card(job).text


async def test_no_list_is_so_small_that_it_is_read_where_everybody_waits(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = []

    def read(parts: list[Part], *rest: Any) -> Any:
        readers.append(threading.current_thread())
        return read_parts(parts, *rest)

    monkeypatch.setattr("bot.confirming.read_parts", read)
    assert (await bench.preview("89123456789")).rejected + (await bench.preview(numbers(1))).valid == 2
    assert len(readers) == 2
    assert threading.main_thread() not in readers


async def test_a_large_list_is_named_like_a_small_one(bench: Bench) -> None:
    text = numbers(2_000).encode()
    first = await bench.settled(await bench.send_file("a.txt", text))
    second = await bench.settled(await bench.send_file("b.txt", b"\n" + text))
    assert first.list_digest == second.list_digest
    assert first.list_digest is not None


async def test_a_list_that_was_being_read_while_a_country_was_named_is_shown_as_read_there(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await bench.paste("912 345-67-89\n912 345-67-80")
    read = Moves.read

    async def named_meanwhile(self: Moves, *arguments: Any, **options: Any) -> Job | None:
        monkeypatch.undo()
        await bench.store.lists.set_region(job.id, "RU", bench.clock.now())
        return await read(self, *arguments, **options)

    monkeypatch.setattr(Moves, "read", named_meanwhile)
    job = await bench.settled(job)
    assert (job.state, job.valid, job.region) == (JobState.CONFIRMING, 2, "RU")
    assert "Check 2 numbers" in bench.card(job).labels
    assert len(bench.said()) == 1
