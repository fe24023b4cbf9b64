"""A job's one message stays true, whatever happens to it and around it."""

from typing import Any

import pytest

from bot.cards import Card
from bot.job import JobState
from bot.limits import Importance, speaking
from bot.messenger import LaterError, PerhapsSentError, Place
from bot.texts import Html
from tests.bot.bench import Bench, numbers


async def test_preview_progress_and_final_line_are_edits_of_one_message(bench: Bench) -> None:
    job = await bench.press(await bench.preview(numbers(120)))
    job = await bench.settled(await bench.until(job, JobState.DONE))
    assert len(bench.said()) == 2
    assert len(bench.documents()) == 1
    assert bench.telegram.refused == []


async def test_what_is_shown_already_is_not_said_again(bench: Bench) -> None:
    job = await bench.preview()
    assert await bench.showing.show(job)
    assert bench.calls("editMessageText") == []


async def test_a_message_that_does_not_say_what_we_noted_is_no_failure(bench: Bench) -> None:
    job = await bench.preview()
    await bench.store.jobs.note_shown(job, message_id=job.card_message_id, shown="something else")
    assert await bench.showing.show(await bench.now(job))
    assert (await bench.now(job)).shown == job.shown


async def test_a_preview_that_was_deleted_is_shown_anew(bench: Bench) -> None:
    job = await bench.preview()
    await bench.telegram.delete(bench.chat_id, job.card_message_id or 0)
    await bench.store.lists.set_region(job.id, "RU", bench.clock.now())
    job = await bench.settled(job)
    assert len(bench.said()) == 1
    assert "Check 3 numbers" in bench.card(job).labels


async def test_a_progress_message_that_was_deleted_stays_deleted(bench: Bench) -> None:
    job = await bench.press(await bench.preview(numbers(120)))
    await bench.turn()
    await bench.telegram.delete(bench.chat_id, job.card_message_id or 0)
    job = await bench.settled(await bench.until(job, JobState.DONE))
    assert bench.said() == [bench.documents()[0].text]
    assert len([text for text in bench.calls("editMessageText") if "not found" in text]) == 1


async def test_a_list_that_the_api_refuses_is_told_anew_where_the_message_is_gone(bench: Bench) -> None:
    bench.faults.arm("submit_answer", status=422, body={"error": "no"})
    job = await bench.press(await bench.preview())
    await bench.telegram.delete(bench.chat_id, job.card_message_id or 0)
    job = await bench.settled(job)
    assert len(bench.said()) == 1
    assert "Nothing was charged" in bench.said()[0]


@pytest.mark.parametrize("fault", ["flood_bare", "server_error", "bad_gateway", "cut_before"])
async def test_a_progress_that_does_not_get_through_is_dropped_and_holds_up_nothing(bench: Bench, fault: str) -> None:
    job = await bench.press(await bench.preview())
    bench.faults.arm(fault, method="editMessageText")
    await bench.turn()
    job = await bench.now(job)
    assert job.state is JobState.CHECKING
    assert "Check 3 numbers" in bench.card(job).labels
    await bench.wait(1.5)
    assert "Check 3 numbers" not in bench.card(job).labels


@pytest.mark.parametrize(("fault", "error"), [("server_error", LaterError), ("bad_gateway", PerhapsSentError)])
async def test_a_preview_that_does_not_get_through_is_tried_again(
    bench: Bench, fault: str, error: type[Exception]
) -> None:
    bench.faults.arm(fault, times=2, method="sendMessage")
    job = await bench.paste(numbers(3))
    await bench.turn()
    with pytest.raises(error):
        await bench.showing.show(await bench.now(job))
    await bench.wait(30)
    assert len(bench.said()) == 1


async def test_a_change_while_a_preview_is_being_shown_is_shown_next(bench: Bench) -> None:
    old = await bench.preview()
    await bench.store.lists.set_region(old.id, "RU", bench.clock.now())
    pressed_late = await bench.now(old)
    await bench.settled(old)
    await bench.press(old)
    await bench.showing.show(pressed_late)  # a step that took the job before the press
    job = await bench.until(old, JobState.CHECKING)
    assert "Check 3 numbers" not in bench.card(await bench.settled(job)).labels


async def test_a_chat_that_cannot_be_reached_is_no_reason_to_stop(bench: Bench) -> None:
    job = await bench.paste(numbers(3))
    bench.telegram.block(bench.anna)
    job = await bench.settled(job)
    assert (job.state, job.card_message_id) == (JobState.CONFIRMING, None)
    assert not await bench.showing.show(job)


async def test_what_telegram_refuses_to_show_does_not_hold_up_the_result(bench: Bench) -> None:
    bench.faults.arm("refuse", times=50, method="editMessageText", description="Bad Request: MESSAGE_TOO_LONG")
    job = await bench.press(await bench.preview())
    await bench.settled(await bench.until(job, JobState.DONE))
    assert len(bench.documents()) == 1


async def test_the_card_of_a_moved_group_is_sent_into_the_new_one(bench: Bench) -> None:
    group = bench.telegram.add_group("Team", [bench.anna])
    job = await bench.preview(chat_id=group)
    new = bench.telegram.migrate(group)
    await bench.press(job)
    job = await bench.settled(await bench.until(job, JobState.DONE))
    assert job.chat_id == new
    assert len(bench.documents(new)) == 1


async def test_what_holds_a_list_up_is_shown_however_much_is_said_in_the_chat(bench: Bench) -> None:
    bench.faults.arm("submit_answer", status=503, body={"error": "busy"})
    job = await bench.press(await bench.preview())
    for _ in range(2):
        await bench.messenger.send(Place(bench.chat_id), Card(Html("something else")), Importance.ANSWER)
    await bench.turn()
    assert "The checking service is busy." in bench.card(job).text


async def test_previews_and_last_lines_let_results_and_answers_go_first(bench: Bench) -> None:
    spoken: list[tuple[str, Importance]] = []

    async def listen(make_request: Any, bot: Any, method: Any) -> Any:
        spoken.append((method.__api_method__, speaking.get()))
        return await make_request(bot, method)

    bench.bot.session.middleware(listen)
    job = await bench.press(await bench.preview())
    await bench.settled(await bench.until(job, JobState.DONE))
    assert spoken[0] == ("sendMessage", Importance.CARD)
    assert spoken[-2:] == [("sendDocument", Importance.RESULT), ("editMessageText", Importance.CARD)]


@pytest.mark.parametrize("ended", [JobState.DONE, JobState.FAILED, JobState.CANCELLED])
async def test_the_message_of_a_forgotten_list_says_so_and_nothing_is_told_again(bench: Bench, ended: JobState) -> None:
    job = await bench.preview(numbers(3) + "\n8 912 34")
    if ended is JobState.FAILED:
        bench.faults.arm("task_fails")
    if ended is not JobState.CANCELLED:
        job = await bench.settled(await bench.until(await bench.press(job), ended))
    said = len(bench.said())
    forgotten = await bench.store.forgetting.forget(job, bench.clock.now())
    assert forgotten is not None
    job = await bench.settled(forgotten)
    assert bench.card(job).text.startswith("Forgotten.")
    assert bench.card(job).labels == []
    assert len(bench.said()) == said
    assert bench.telegram.refused == []
