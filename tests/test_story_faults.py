"""What goes wrong on the way, met by the real process: Telegram's errors, an API that is away, no money."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.chats import Message
from tests.running import Rehearsal, rehearsal
from tests.talking import PATIENCE, Talk, charges, talk, verdicts, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rehearsal]:
    """One bot for all stories here; each has a person of its own."""
    async with rehearsal(tmp_path_factory.mktemp("faults")) as run:
        run.expected_refusals |= {"message to edit not found", "can't be edited", "bot was blocked"}
        await run.start()
        yield run
        assert await run.stop() == 0


async def preview(run: Rehearsal, number: str) -> tuple[Talk, Message]:
    boris = talk(run)
    await boris.say(number)
    return boris, await boris.hears("1 number")


async def test_telegram_asks_for_a_pause_and_every_answer_comes_later(run: Rehearsal) -> None:
    run.telegram.faults.arm("flood", method="sendMessage", seconds=1)
    boris, card = await preview(run, "+79270000001")
    run.telegram.faults.arm("flood", method="sendDocument", seconds=2)
    result = await boris.checks(card)
    await boris.sees(card, "Pasted numbers")

    assert words("summary-repeat") not in result.text
    assert len(boris.results()) == len(charges(run, "+79270000001")) == 1


async def test_pages_instead_of_answers_lose_no_update(run: Rehearsal) -> None:
    for fault in ("bad_gateway", "cut_after"):
        run.telegram.faults.arm(fault, method="getUpdates")
    boris, card = await preview(run, "+79270000002")
    run.telegram.faults.arm("bad_gateway", method="answerCallbackQuery")
    assert (await boris.press(card, "Check")).answered
    await boris.result()

    assert len(charges(run, "+79270000002")) == 1


async def test_an_update_of_a_shape_nobody_knows_is_put_aside_alone(run: Rehearsal) -> None:
    run.telegram.faults.arm("bad_update")
    await preview(run, "+79270000003")

    assert run.rows("SELECT count(*) FROM updates WHERE state = 'quarantined'") == [(1,)]


@pytest.mark.parametrize(("fault", "copies"), [("cut_after", 2), ("cut_before", 1)])
async def test_a_connection_cut_while_the_result_is_sent_marks_the_next_copy(
    run: Rehearsal, fault: str, copies: int
) -> None:
    number = f"+7927000001{copies}"
    boris, card = await preview(run, number)
    run.telegram.faults.arm(fault, method="sendDocument")
    await boris.press(card, "Check")
    await run.telegram.wait_for(lambda _: len(boris.results()) == copies or None, timeout=PATIENCE)
    await boris.sees(card, "below")

    marked = [words("summary-repeat") in one.text for one in boris.results()]
    assert marked == [*[False] * (copies - 1), True]
    assert len(charges(run, number)) == 1


async def test_messages_that_people_delete_cost_them_no_result(run: Rehearsal) -> None:
    boris, card = await preview(run, "+79270000020")
    run.checker.faults.arm("task_stalls", at=0.5)
    await boris.press(card, "Check")
    charge = (await run.checker.wait_for(lambda _: charges(run, "+79270000020")))[0]
    await run.telegram.delete(boris.chat_id, card.message_id)
    await run.telegram.delete(boris.chat_id, card.reply_to.message_id if card.reply_to else 0)
    asked = run.checker.polls[charge.task_id]
    await run.checker.wait_for(lambda checker: checker.polls[charge.task_id] > asked, timeout=PATIENCE)
    run.checker.release(charge.task_id)

    assert set(verdicts(await boris.result())) == {"+79270000020"}


async def test_a_result_waits_for_somebody_who_has_blocked_the_bot(run: Rehearsal) -> None:
    boris, card = await preview(run, "+79270000021")
    await boris.press(card, "Check")
    await run.checker.wait_for(lambda _: charges(run, "+79270000021"))
    run.telegram.block(boris.person)
    blocked = "bot was blocked"
    await run.telegram.wait_for(
        lambda server: any(blocked in (c.description or "") for c in server.calls_of("sendDocument")) or None, PATIENCE
    )
    run.telegram.unblock(boris.person)

    assert set(verdicts(await boris.result())) == {"+79270000021"}
    assert len(boris.results()) == len(charges(run, "+79270000021")) == 1


async def test_an_expired_link_is_asked_for_again(run: Rehearsal) -> None:
    for fault in ("result_expired", "result_cut", "status_cut"):
        run.checker.faults.arm(fault)
    run.checker.faults.arm("status_answer", status=502, body="<html>bad gateway</html>")
    boris, card = await preview(run, "+79270000022")

    assert set(verdicts(await boris.checks(card))) == {"+79270000022"}
    assert len(charges(run, "+79270000022")) == 1


async def test_an_internal_error_of_the_api_is_free_and_tried_again(run: Rehearsal) -> None:
    run.checker.faults.arm("submit_answer", status=500, body={"error": "internal"})
    boris, card = await preview(run, "+79270000023")
    await boris.checks(card)

    assert len(charges(run, "+79270000023")) == 1
    assert [submit.status for submit in run.checker.submits if submit.numbers == ("+79270000023",)] == [500, 200]


async def test_a_gateway_error_of_the_api_is_left_to_a_person(run: Rehearsal) -> None:
    run.checker.faults.arm("submit_answer", status=502, body="<html>bad gateway</html>", charged=True)
    boris, card = await preview(run, "+79270000024")
    await boris.press(card, "Check")
    question = await boris.hears(words("unsure-title", name="Pasted numbers"))
    await boris.press(question, words("button-close"))
    await boris.sees(card, words("final-closed", name="Pasted numbers"))

    assert len(charges(run, "+79270000024")) == 1


async def test_an_api_that_is_away_is_waited_for(run: Rehearsal) -> None:
    boris, card = await preview(run, "+79270000025")
    run.checker.faults.arm("task_stalls", at=0.5)
    await boris.press(card, "Check")
    charge = (await run.checker.wait_for(lambda _: charges(run, "+79270000025")))[0]
    await run.checker.wait_for(lambda checker: checker.polls[charge.task_id], timeout=PATIENCE)
    async with run.checker.away():
        asked = len(run.telegram.calls)
        await boris.say("/jobs")
        await run.telegram.wait_for(lambda server: len(server.calls) > asked + 1 or None)
        run.checker.release(charge.task_id)
    await boris.result()

    assert len(charges(run, "+79270000025")) == 1


async def test_a_list_below_the_minimum_is_asked_about_and_an_empty_account_is_said(tmp_path: Path) -> None:
    async with rehearsal(tmp_path, minimum=3) as run:
        run.settings["ADMIN_IDS"] = str(run.anna.id)
        await run.start()
        boris, card = await preview(run, "+79270000030")
        await boris.press(card, "Check")
        await boris.sees(card, words("preview-too-small", minimum=3).splitlines()[0])
        assert run.checker.ledger == []
        await boris.press(card, words("button-add"))
        await boris.send("more.txt", "+79270000031\n+79270000032")
        await boris.sees(card, "3 numbers: 🇷🇺")
        assert set(verdicts(await boris.checks(card))) == {f"+7927000003{n}" for n in range(3)}

        run.checker.change(balance=0, minimum=0)
        clara, other = await preview(run, "+79270000033")
        await clara.press(other, "Check")
        await clara.hears(words("money-waits", name="Pasted numbers"))
        await Talk(run, run.anna).hears(words("admin-paused-money"))
        await clara.press(other, "Cancel")
        await clara.sees(other, words("final-cancelled", name="Pasted numbers"))
        assert await run.stop() == 0

        assert [charge.count for charge in run.checker.ledger] == [3]
