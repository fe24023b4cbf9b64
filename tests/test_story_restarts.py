"""`kill -9` at the worst moments, then a restart.

The job finishes or is asked about, it is charged once, and nothing that people wrote meanwhile is lost.
"""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sandbox.chats import Message
from sandbox.telegram_api import TelegramServer
from tests.running import Rehearsal, rehearsal
from tests.talking import PATIENCE, Talk, charges, sheet, talk, verdicts, words
from tests.together import judge, names, play

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def pressed(person: Talk, label: str = "Check") -> None:
    """Press the newest preview and do not wait for an answer: the bot may be gone, and back after the answer's time."""
    card = await person.hears("1 number")
    data = next(one["callback_data"] for row in card.keyboard for one in row if one["text"].startswith(label))
    await person.run.telegram.forge(person.person, person.chat_id, card.message_id, data)


def inbox_is_done(run: Rehearsal) -> None:
    assert run.rows("SELECT count(*) FROM updates WHERE state = 'waiting'") == [(0,)]
    assert run.rows("SELECT count(*) FROM updates WHERE state = 'quarantined'") == [(0,)]


async def what_was_sent_while_it_was_down_is_answered(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as run:
        await run.start()
        boris, clara, dmitri = (talk(run, name) for name in ("Boris", "Clara", "Dmitri"))
        await boris.say("+79251000001")
        await boris.hears("1 number")
        await run.kill()
        await pressed(boris)
        sent = await clara.send("while down.txt", "+79251000002")
        await clara.say("/help")
        pieces = await run.telegram.paste(
            dmitri.person, dmitri.chat_id, "\n".join(f"+7925101{n:04}" for n in range(400))
        )
        run.telegram.faults.arm("duplicate_update")
        await clara.say("/jobs")
        await run.start()
        await boris.result()
        clara_card = await clara.hears("while down.txt · Clara")
        await clara.hears(words("help", bot="number_check_bot").splitlines()[0])
        await dmitri.hears("400 numbers")
        await clara.checks(clara_card)
        assert await run.stop() == 0

        assert clara_card.reply_to is not None
        assert clara_card.reply_to.message_id == sent
        assert len(pieces) > 1
        assert len(run.telegram.bot_messages(dmitri.chat_id)) == 1
        assert (
            len(charges(run, "+79251000001")) == len(charges(run, "+79251000002")) == len(run.checker.ledger) / 2 == 1
        )
        assert len([one for one in run.telegram.bot_messages(clara.chat_id) if words("jobs-title") in one.text]) == 1
        inbox_is_done(run)


async def killed_as_soon_as_telegram_holds_an_update_as_confirmed(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as run:
        await run.start()
        people = [talk(run, f"Person {n}") for n in range(6)]
        for place, person in enumerate(people):
            await person.say(f"+7925200000{place}")
        await run.telegram.wait_for(lambda server: len(server.updates.confirmed) >= len(people) or None)
        await run.kill()
        await run.start()
        for person in people:
            await person.hears("1 number")
        confirmed = len(run.telegram.updates.confirmed)
        for person in people:
            await pressed(person)
        await run.telegram.wait_for(lambda server: len(server.updates.confirmed) >= confirmed + len(people) or None)
        await run.kill()
        await run.start()
        # Whatever was being submitted at that moment may have been taken: then a person is asked, and asked only.
        for place, person in enumerate(people):
            await one_of_both(run, person, f"+7925200000{place}")
        assert await run.stop() == 0
        inbox_is_done(run)


async def killed_before_a_list_begins_by_itself_it_begins_once(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as run:
        await run.start()
        boris = talk(run)
        await boris.say("/settings")
        card = await boris.hears(words("settings-title-private"))
        await boris.sets(card, words("button-open-ask"), words("button-set-ask", count=100))
        await boris.say("+79254000001")
        await boris.hears(words("preview-begins"))
        await run.kill()
        await run.start()
        await boris.result()
        assert await run.stop() == 0

        assert len(run.checker.ledger) == 1
        assert run.rows("SELECT asked_by, attempts, state FROM jobs") == [(boris.person.id, 1, "done")]


async def one_of_both(run: Rehearsal, person: Talk, number: str) -> None:
    """Wait for the result, or for the question whether it was taken, and answer that with "Close"."""
    question = words("unsure-title", name="Pasted numbers")
    await run.telegram.wait_for(
        lambda server: person.results() or server.last(person.chat_id, question) or None, timeout=PATIENCE
    )
    asked = run.telegram.last(person.chat_id, question)
    if asked is not None:
        await person.press(asked, words("button-close"))
        assert person.results() == []
    assert len(charges(run, number)) <= 1
    assert asked is not None or len(charges(run, number)) == 1


async def killed_while_the_submit_is_under_way_it_asks_and_sends_again_only_when_told(tmp_path: Path) -> None:
    async with rehearsal(tmp_path, settings={"PRICE_PER_1000": "1000"}) as run:
        await run.start()
        boris = talk(run)
        run.checker.faults.arm("submit_hang")
        await boris.say("+79253000001")
        await pressed(boris)
        await run.checker.wait_for(lambda checker: checker.ledger, timeout=PATIENCE)
        await run.kill()
        assert run.rows("SELECT state FROM jobs") == [("submitting",)]
        await run.start()
        question = await boris.hears(words("unsure-title", name="Pasted numbers"))
        assert words("unsure-promise") in question.text
        assert question.labels == [words("button-send-again"), words("button-close")]
        assert len(run.checker.ledger) == 1
        assert boris.results() == []

        while run.rows("SELECT told_at FROM jobs") == [(None,)]:  # noqa: ASYNC110  (the bot tells nobody)
            await asyncio.sleep(0.01)
        await run.kill()  # also while it waits for the decision
        await run.start()
        again = question.keyboard[0][0]["callback_data"]
        answers = await asyncio.gather(
            *(run.telegram.press(boris.person, boris.chat_id, question.message_id, again) for _ in range(2))
        )
        result = await boris.result()

        assert all(answer.answered for answer in answers)
        assert set(verdicts(result)) == {"+79253000001"}
        assert len(charges(run, "+79253000001")) == len(run.checker.ledger) == 2
        assert len([one for one in run.telegram.bot_messages(boris.chat_id) if question.text == one.text]) == 1


async def a_job_in_each_state_lives_through_a_kill(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as run:
        run.expected_refusals.add("bot was blocked by the user")
        await run.start()
        names = ("confirming", "checking", "delivering", "undeliverable", "refused", "unsure", "done", "cancelled")
        people = {name: talk(run, name) for name in names}
        cards = {}
        for place, person in enumerate(people.values()):
            await person.say(f"+7925300010{place}")
        for name, person in people.items():
            cards[name] = await person.hears("1 number")
        faults = run.checker.faults
        await people["done"].checks(cards["done"])
        await people["cancelled"].press(cards["cancelled"], "Cancel")
        await _sent_with(run, people["refused"], cards["refused"], "submit_answer", status=422, body={"error": "no"})
        await _sent_with(run, people["unsure"], cards["unsure"], "submit_cut_after")
        question = await people["unsure"].hears(words("unsure-title", name="Pasted numbers"))
        await _sent_with(run, people["checking"], cards["checking"])
        stalled = charges(run, "+79253000101")[0].task_id
        faults.arm("task_stalls", task_id=stalled, at=0.5)
        await _sent_with(run, people["undeliverable"], cards["undeliverable"])
        run.telegram.block(people["undeliverable"].person)
        await run.telegram.wait_for(
            lambda server: any(call.method == "sendDocument" and not call.ok for call in server.calls) or None, PATIENCE
        )
        run.telegram.faults.arm("slow", method="sendDocument", seconds=600)
        await _sent_with(run, people["delivering"], cards["delivering"])
        first = await people["delivering"].result()
        await run.kill()
        found = {state for (state,) in run.rows("SELECT state FROM jobs")}
        assert found == set(names)
        await run.start()

        run.checker.release(stalled)
        run.telegram.unblock(people["undeliverable"].person)
        copy = await people["delivering"].result()
        assert copy.data == first.data
        assert words("summary-repeat") not in first.text
        assert words("summary-repeat") in copy.text
        assert set(verdicts(await people["checking"].result())) == {"+79253000101"}
        assert set(verdicts(await people["undeliverable"].result())) == {"+79253000103"}
        assert set(verdicts(await people["confirming"].checks(cards["confirming"]))) == {"+79253000100"}
        await people["refused"].press(cards["refused"], words("button-open-again"))
        await people["unsure"].press(question, words("button-close"))
        await people["unsure"].sees(cards["unsure"], words("final-closed", name="Pasted numbers"))
        stale = cards["cancelled"].versions[0]["markup"]["inline_keyboard"][0][0]["callback_data"]
        answer = await run.telegram.press(
            people["cancelled"].person, people["cancelled"].chat_id, cards["cancelled"].message_id, stale
        )
        assert answer.text == words("press-stale")
        reopened = await people["refused"].hears("1 number")
        assert reopened.message_id != cards["refused"].message_id
        assert len(people["done"].results()) == 1
        sent = [charge.numbers[0][-1] for charge in run.checker.ledger]
        assert sorted(sent) == sorted("651320")


async def _sent_with(run: Rehearsal, person: Talk, card: Message, fault: str | None = None, **options: Any) -> None:
    """Press "Check" and wait until the list was submitted, with a fault in its way where one is named."""
    if fault is not None:
        run.checker.faults.arm(fault, **options)
    before = len(run.checker.submits)
    await person.press(card, "Check")
    await run.checker.wait_for(lambda checker: len(checker.submits) > before, timeout=PATIENCE)


async def killed_again_and_again_in_the_middle_of_many_jobs(tmp_path: Path) -> None:
    """The kills come by what the bot has said so far, so they strike at every stage of somebody's job."""
    async with rehearsal(tmp_path, numbers_per_second=10.0) as run:
        people = [talk(run, f"Person {n}") for n in range(8)]
        lists = [[f"+7925{6 + place // 5}{place % 5}0{n:04}" for n in range(20)] for place in range(len(people))]
        await run.start()
        for person, numbers in zip(people, lists, strict=True):
            await person.send("many.txt", "\n".join(numbers))
        pressed_already: set[int] = set()
        for moment in (5, 14, 26):
            await _press_what_can_be(run, people, pressed_already)
            await run.telegram.wait_for(partial(_has_said, moment), PATIENCE)
            await run.kill()
            await run.start()
        while len(pressed_already) < len(people):
            await run.telegram.wait_for(lambda _: _previews(people, pressed_already) or None, PATIENCE)
            await _press_what_can_be(run, people, pressed_already)
        for person, numbers in zip(people, lists, strict=True):
            await _ends(run, person, numbers)
        assert await run.stop() == 0
        inbox_is_done(run)


def _has_said(count: int, server: TelegramServer) -> bool | None:
    silent = {"getUpdates", "getMe", "deleteWebhook"}
    return sum(call.method not in silent for call in server.calls) >= count or None


def _previews(people: list[Talk], pressed_already: set[int]) -> list[Talk]:
    return [
        person
        for person in people
        if person.chat_id not in pressed_already
        and (card := person.run.telegram.last(person.chat_id, "20 numbers")) is not None
        and any(label.startswith("Check") for label in card.labels)
    ]


async def _press_what_can_be(run: Rehearsal, people: list[Talk], pressed_already: set[int]) -> None:
    for person in _previews(people, pressed_already):
        card = await person.hears("20 numbers")
        await run.telegram.press(person.person, person.chat_id, card.message_id, card.labels[0], timeout=0)
        pressed_already.add(person.chat_id)


async def _ends(run: Rehearsal, person: Talk, numbers: list[str]) -> None:
    question = words("unsure-title", name="many.txt")
    await run.telegram.wait_for(
        lambda server: person.results() or server.last(person.chat_id, question) or None, timeout=PATIENCE
    )
    results = person.results()
    asked = run.telegram.last(person.chat_id, question) is not None
    assert len(charges(run, *numbers)) == 1 or (asked and not charges(run, *numbers))
    assert results or asked
    for copy in results[1:]:
        assert words("summary-repeat") in copy.text
    for result in results:
        assert [row[0] for row in sheet(result)[1:]] == numbers


STORIES = (
    killed_before_a_list_begins_by_itself_it_begins_once,
    what_was_sent_while_it_was_down_is_answered,
    killed_as_soon_as_telegram_holds_an_update_as_confirmed,
    killed_while_the_submit_is_under_way_it_asks_and_sends_again_only_when_told,
    a_job_in_each_state_lives_through_a_kill,
    killed_again_and_again_in_the_middle_of_many_jobs,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ends(tmp_path_factory: pytest.TempPathFactory) -> dict[str, BaseException | None]:
    """How each story ended; they are played side by side."""
    return await play(STORIES, tmp_path_factory)


@pytest.mark.parametrize("story", names(STORIES))
async def test_a_kill(ends: dict[str, BaseException | None], story: str) -> None:
    judge(ends[story])
