"""Large lists and the admins: who is asked and told what, and that nothing which is held back is lost."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.approvals import Approval
from bot.approving import PERHAPS_SENT_SECONDS
from bot.job import Job, JobState
from bot.limits import PATIENCE, Importance
from bot.messenger import Messenger, Place
from sandbox.chats import Message
from storage.approvals import Asker
from storage.lists import ListMessage
from storage.moves import CONFIRM_SECONDS
from tests.bot.bench import Bench, numbers, open_bench

ADA, EVA = 77, 78
ADMIN = Asker(ADA, "Ada")
BLOCKED: dict[str, Any] = {"code": 403, "description": "Forbidden: bot was blocked by the user"}
ABOVE = 2


@pytest.fixture
async def bench(tmp_path: Path, fresh_database: Path) -> AsyncIterator[Bench]:
    """Lists of more than two numbers need the yes of Ada or Eva, and 1,000 cost a dollar."""
    shutil.copy(fresh_database, tmp_path / "bot.db")
    environ = {"ADMIN_IDS": f"{ADA},{EVA}", "APPROVE_ABOVE": str(ABOVE), "PRICE_PER_1000": "1"}
    async with open_bench(tmp_path, environ) as opened:
        opened.telegram.private_chat(opened.telegram.add_person("Eva", id=EVA))
        yield opened


async def ask(bench: Bench, job: Job) -> Approval:
    """Press on a large list, as somebody who is no admin."""
    job = await bench.now(job)
    found = await bench.store.approvals.ask(job, job.read_revision, Asker(bench.anna.id, "Anna"), bench.clock.now())
    assert found is not None
    return found[0]


async def asked(bench: Bench, **place: int) -> tuple[Job, Approval]:
    """A large list that the admins were asked about."""
    job = await bench.preview(numbers(3), **place)
    approval = await ask(bench, job)
    return await bench.settled(job), approval


async def approve(bench: Bench, job: Job) -> Job:
    queued = await bench.store.approvals.approve(job.id, job.read_revision, ADMIN, bench.clock.now())
    assert queued is not None
    return queued


def card(bench: Bench, admin_id: int) -> Message:
    """What an admin sees: one message that asks."""
    (found,) = bench.telegram.bot_messages(admin_id)
    return found


async def test_before_the_press_the_preview_says_that_an_admin_is_needed_and_nobody_is_asked(bench: Bench) -> None:
    job = await bench.preview(numbers(3))
    assert bench.card(job).text.endswith("Lists of more than 2 numbers also need an admin’s yes.")
    assert "Check 3 numbers" in bench.card(job).labels
    small = await bench.preview(numbers(2))
    assert "admin" not in bench.card(small).text
    assert bench.said(ADA) == bench.said(EVA) == []


async def test_an_admins_own_list_needs_nobody_elses_yes(bench: Bench) -> None:
    bench.anna = bench.telegram.state.people[ADA]
    job = await bench.preview(numbers(3), chat_id=ADA)
    assert "yes" not in bench.card(job).text


async def test_each_admin_is_asked_once_who_how_many_and_how_much(bench: Bench) -> None:
    job, _ = await asked(bench)
    await bench.wait(600)
    for admin_id in (ADA, EVA):
        assert card(bench, admin_id).text == (
            "Anna asks for a check of 3 numbers.\n"
            f"In a private chat. Person: {bench.anna.id}.\n"
            "Less than $0.01. It takes less than a minute. Nothing is charged until you approve."
        )
        assert card(bench, admin_id).labels == ["Approve 3 numbers", "Not now"]
    assert "The admins have been asked by Anna" in bench.card(job).text
    assert bench.card(job).labels == ["Add numbers", "Cancel"]


async def test_in_a_group_an_admin_can_press_on_the_preview_and_the_question_names_the_group(bench: Bench) -> None:
    group = bench.telegram.add_group("Sales <1>", [bench.anna], supergroup=True)
    await bench.store.chats.note_title(group, "Sales <1>")
    job, _ = await asked(bench, chat_id=group)
    assert f"Group: Sales <1> {group}. Person: {bench.anna.id}." in card(bench, ADA).text
    assert bench.card(job).labels == ["Check 3 numbers", "Add numbers", "Cancel"]


async def test_after_a_yes_all_admins_see_whose_it_was_and_the_list_is_checked(bench: Bench) -> None:
    job, _ = await asked(bench)
    job = await bench.settled(await approve(bench, job))
    assert job.asked_by == bench.anna.id
    for admin_id in (ADA, EVA):
        assert "Approved by Ada, " in card(bench, admin_id).text
        assert "Anna asks for a check of 3 numbers." in card(bench, admin_id).text
        assert card(bench, admin_id).labels == []
    await bench.until(job, JobState.DONE)
    assert len(bench.checker.ledger) == 1
    assert await bench.store.approvals.unsettled(job.id) == ()


async def test_after_a_no_the_chat_hears_it_once_and_the_preview_waits_as_before(bench: Bench) -> None:
    job, approval = await asked(bench)
    assert await bench.store.approvals.decline(approval, ADMIN, bench.clock.now())
    job = await bench.settled(job)
    await bench.wait(600)
    told = [message for message in bench.telegram.bot_messages(bench.chat_id) if "not now" in message.text]
    assert [message.text for message in told] == [
        "Pasted numbers: Ada says not now to Anna. Nothing was charged; the list waits for its press as before."
    ]
    assert told[0].reply_to is not None
    assert told[0].reply_to.message_id == job.list_message_id
    assert bench.card(job).labels == ["Check 3 numbers", "Add numbers", "Cancel"]
    assert "Not now, said Ada, " in card(bench, EVA).text
    await ask(bench, job)
    await bench.settled(job)
    assert [message.labels for message in bench.telegram.bot_messages(ADA)] == [[], ["Approve 3 numbers", "Not now"]]
    assert (await bench.settled(await approve(bench, job))).state is not JobState.CONFIRMING


async def test_where_no_admin_can_be_reached_the_asker_reads_what_to_do_and_a_press_asks_again(bench: Bench) -> None:
    for admin_id in (ADA, EVA):
        bench.faults.arm("refuse", chat_id=admin_id, **BLOCKED)
    job, _ = await asked(bench)
    assert "I can reach no admin: none of them has opened a chat with me" in bench.card(job).text
    assert bench.card(job).labels == ["Check 3 numbers", "Add numbers", "Cancel"]
    await bench.wait(3600)
    assert bench.said(ADA) == []
    await ask(bench, job)
    await bench.settled(job)
    assert len(bench.said(ADA)) == len(bench.said(EVA)) == 1
    assert "The admins have been asked" in bench.card(job).text


async def test_an_admin_who_opens_a_chat_later_is_asked_then(bench: Bench) -> None:
    bench.faults.arm("refuse", chat_id=ADA, **BLOCKED)
    job, _ = await asked(bench)
    assert "The admins have been asked" in bench.card(job).text  # Eva was
    assert await bench.store.approvals.reachable(ADA, bench.clock.now())
    await bench.settled(job)
    assert len(bench.said(ADA)) == len(bench.said(EVA)) == 1


async def test_an_admin_who_is_held_back_is_asked_later_and_the_others_at_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PATIENCE, Importance.QUESTION, 0.5)
    bench.faults.arm("flood", chat_id=ADA, seconds=1)
    job, _ = await asked(bench)
    assert (bench.said(ADA), len(bench.said(EVA))) == ([], 1)
    assert "The admins have been asked" in bench.card(job).text
    await bench.wait(120)
    assert len(bench.said(ADA)) == len(bench.said(EVA)) == 1


async def test_where_nobody_knows_whether_a_question_arrived_it_is_asked_again(bench: Bench) -> None:
    job = await bench.preview(numbers(3))
    await ask(bench, job)
    bench.faults.arm("cut_after", method="sendMessage")
    await bench.settled(job)
    await bench.wait(PERHAPS_SENT_SECONDS)
    assert len(bench.said(ADA)) == 2
    await bench.settled(await approve(bench, job))
    assert "Approved by Ada" in bench.said(ADA)[1]


async def test_a_restart_between_the_press_and_the_question_loses_neither(bench: Bench) -> None:
    job = await bench.preview(numbers(3))
    await ask(bench, job)
    bench.worker = bench.new_worker()
    await bench.settled(job)
    approved = await approve(bench, job)
    bench.worker = bench.new_worker()
    await bench.settled(approved)
    assert all("Approved by Ada" in card(bench, admin_id).text for admin_id in (ADA, EVA))


async def test_a_question_is_asked_once_whatever_the_worker_dies_of(bench: Bench) -> None:
    job, _ = await asked(bench)
    await bench.store.jobs.release_leases(bench.clock.now())
    bench.worker = bench.new_worker()
    await bench.store.lists.leave_out(job.id, bench.clock.now())
    await bench.settled(job)
    assert len(bench.said(ADA)) == len(bench.said(EVA)) == 1


async def test_a_list_that_is_added_to_closes_the_question(bench: Bench) -> None:
    job, approval = await asked(bench)
    message_id = await bench.telegram.send_text(bench.anna, bench.chat_id, numbers(1, 9_990_000_000))
    more = ListMessage(bench.chat_id, message_id, bench.clock.now(), numbers(1, 9_990_000_000).encode())
    await bench.store.lists.join(job.id, more, bench.clock.now())
    assert await bench.store.approvals.approve(job.id, 1, ADMIN, bench.clock.now()) is None
    job = await bench.settled(job)
    assert (job.state, job.valid) == (JobState.CONFIRMING, 4)
    for admin_id in (ADA, EVA):
        assert card(bench, admin_id).text.startswith("Anna asks for a check of 3 numbers.")
        assert card(bench, admin_id).text.endswith("there is nothing to approve any more.")
        assert card(bench, admin_id).labels == []
    assert "The list has changed since the admins were asked" in bench.card(job).text
    assert "Check 4 numbers" in bench.card(job).labels
    assert not await bench.store.approvals.decline(approval, ADMIN, bench.clock.now())
    await ask(bench, job)
    await bench.settled(job)
    assert bench.telegram.bot_messages(ADA)[-1].labels == ["Approve 4 numbers", "Not now"]


@pytest.mark.parametrize("how", ["cancelled", "expired", "forgotten"])
async def test_a_list_that_ends_closes_the_question(bench: Bench, how: str) -> None:
    job, _ = await asked(bench)
    if how == "expired":
        await bench.wait(CONFIRM_SECONDS)
    elif how == "forgotten":
        await bench.store.forgetting.forget(job, bench.clock.now())
    else:
        await bench.store.moves.cancel(job, bench.clock.now())
    job = await bench.settled(job)
    ended = "Nobody answered in three days" if how == "expired" else "The list was cancelled"
    for admin_id in (ADA, EVA):
        assert ended in card(bench, admin_id).text
        assert card(bench, admin_id).labels == []
    assert (await bench.now(job)).due_at is None
    assert await bench.store.approvals.unsettled(job.id) == ()


async def test_a_list_that_goes_to_the_check_without_the_answer_closes_the_question(bench: Bench) -> None:
    job, _ = await asked(bench)  # and now the limit was raised
    await bench.settled(await bench.press(job))
    assert "The list is on its way without this." in card(bench, ADA).text
    assert card(bench, ADA).labels == []


async def test_what_an_admin_has_still_to_hear_keeps_no_paid_work_waiting(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PATIENCE, Importance.CARD, 0.5)
    job, _ = await asked(bench)
    bench.faults.arm("flood", chat_id=ADA, seconds=1, times=2)
    await approve(bench, job)
    await bench.turn()
    assert len(bench.checker.ledger) == 1
    assert card(bench, ADA).labels != []
    await bench.until(job, JobState.DONE)
    monkeypatch.undo()  # the pause that Telegram asked for passes by the real clock: now there is time for it
    await bench.wait(60)
    assert "Approved by Ada" in card(bench, ADA).text
    assert (await bench.now(job)).due_at is None


async def test_a_paid_step_comes_before_what_is_said_to_admins(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    charged: list[int] = []
    edit = Messenger.edit

    async def watched(self: Messenger, place: Place, *more: Any) -> None:
        if place.chat_id == ADA:
            charged.append(len(bench.checker.ledger))
        await edit(self, place, *more)

    monkeypatch.setattr(Messenger, "edit", watched)
    job, _ = await asked(bench)
    await approve(bench, job)
    await bench.turn()
    assert charged == [1]


async def test_a_no_that_cannot_be_said_now_is_said_later(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PATIENCE, Importance.QUESTION, 0.5)
    job, approval = await asked(bench)
    await bench.store.approvals.decline(approval, ADMIN, bench.clock.now())
    bench.faults.arm("flood", chat_id=bench.chat_id, seconds=1, method="sendMessage")
    await bench.settled(job)
    assert not any("not now" in text for text in bench.said())
    monkeypatch.undo()  # the pause that Telegram asked for passes by the real clock: now there is time for it
    await bench.wait(60)
    assert sum("not now" in text for text in bench.said()) == 1


async def test_a_chat_that_refuses_to_hear_the_no_keeps_nobody_waiting(bench: Bench) -> None:
    job, approval = await asked(bench)
    await bench.store.approvals.decline(approval, ADMIN, bench.clock.now())
    bench.faults.arm("refuse", chat_id=bench.chat_id, method="sendMessage", description="Bad Request: no such thing")
    await bench.settled(job)
    assert "Not now, said Ada" in card(bench, EVA).text
    assert bench.card(job).labels == ["Check 3 numbers", "Add numbers", "Cancel"]


async def test_a_no_to_a_list_that_was_cancelled_at_the_same_moment_is_not_told(bench: Bench) -> None:
    job, approval = await asked(bench)
    await bench.store.approvals.decline(approval, ADMIN, bench.clock.now())
    await bench.store.moves.cancel(job, bench.clock.now())
    await bench.settled(job)
    assert not any("not now" in text for text in bench.said())
    assert "Not now, said Ada" in card(bench, ADA).text


async def test_a_question_that_an_admin_deleted_is_not_missed(bench: Bench) -> None:
    job, _ = await asked(bench)
    bench.faults.arm("refuse", chat_id=ADA, description="Bad Request: message to edit not found")
    await bench.settled(await approve(bench, job))
    assert "Approved by Ada" in card(bench, EVA).text
    assert await bench.store.approvals.unsettled(job.id) == ()


async def test_an_admin_reads_the_language_they_have_chosen(bench: Bench) -> None:
    await bench.store.chats.set_language(ADA, "ru")
    job, _ = await asked(bench)
    assert card(bench, ADA).labels == ["Одобрить 3 номера", "Не сейчас"]
    assert card(bench, EVA).labels == ["Approve 3 numbers", "Not now"]
    await bench.settled(await approve(bench, job))
    assert "Одобрено: Ada" in card(bench, ADA).text


async def test_without_a_price_the_question_names_none(bench: Bench) -> None:
    bench.showing = replace(bench.showing, settings=replace(bench.settings, price_per_1000=None))
    bench.approving = replace(bench.approving, showing=bench.showing)
    bench.worker = bench.new_worker()
    await asked(bench)
    assert "It takes less than a minute. Nothing is charged until you approve." in card(bench, ADA).text
