"""Who is asked about an unsure list, what they read, and that each is asked once."""

from decimal import Decimal

import pytest

from bot.job import Failure, Job, JobState
from bot.limits import PATIENCE, Importance
from sandbox.chats import Message
from tests.bot.bench import Bench, numbers

ADA = 77
TITLE = "was the list accepted?"


async def unsure(bench: Bench, text: str = "", *, fault: str = "submit_cut_after", chat_id: int | None = None) -> Job:
    bench.faults.arm(fault)
    place = {} if chat_id is None else {"chat_id": chat_id}
    job = await bench.press(await bench.preview(text or numbers(3), **place))
    job = await bench.settled(job)
    assert job.state is JobState.UNSURE
    return job


def question(bench: Bench) -> str:
    return next(text for text in bench.said() if TITLE in text)


def labels(message: Message) -> list[str]:
    return [str(button["text"]) for row in message.keyboard or [] for button in row]


async def test_a_charge_is_seen_in_the_balance(bench: Bench) -> None:
    bench.checker.change(balance=Decimal("20.08"))
    await unsure(bench)
    assert len(bench.checker.ledger) == 1
    assert "Balance before and after: $20.08 and $20.07955." in question(bench)


async def test_where_nothing_was_charged_the_balance_is_the_same(bench: Bench) -> None:
    bench.checker.change(balance=Decimal("20.08"))
    await unsure(bench, fault="submit_cut_before")
    assert bench.checker.ledger == []
    assert "Balance before and after: $20.08 and $20.08." in question(bench)


async def test_without_a_balance_nothing_is_said_of_it(bench: Bench) -> None:
    bench.checker.change(balance_shape="off")
    await unsure(bench)
    assert "alance" not in question(bench)
    assert "may have been charged" in question(bench)


async def test_a_list_that_was_charged_meanwhile_makes_the_balance_say_nothing(bench: Bench) -> None:
    bench.checker.change(balance=Decimal("20.08"))
    await bench.submitted(numbers(3, 9_130_000_000))
    await unsure(bench)
    assert "alance" not in question(bench)


async def test_each_admin_is_asked_in_private_too_and_can_name_the_task(bench: Bench) -> None:
    job = await unsure(bench)
    told = bench.telegram.bot_messages(ADA)
    assert len(told) == 1
    assert "A list of 3 numbers: was it accepted?" in told[0].text
    assert str(job.chat_id) in told[0].text
    assert "may have been charged" in told[0].text
    assert labels(told[0]) == ["I have the task id", "Send again: may be charged twice", "Close"]
    asked = next(one for one in bench.telegram.bot_messages(bench.chat_id) if TITLE in one.text)
    assert labels(asked) == ["Send again: may be charged twice", "Close"]


async def test_an_admin_whose_own_list_it_is_is_asked_once(bench: Bench) -> None:
    bench.anna = bench.telegram.state.people[ADA]
    await unsure(bench, chat_id=ADA)
    asked = [one for one in bench.telegram.bot_messages(ADA) if "accepted?" in one.text]
    assert len(asked) == 1
    assert labels(asked[0])[0] == "I have the task id"


async def test_an_admin_that_is_held_back_is_asked_later_and_the_chat_not_twice(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PATIENCE, Importance.QUESTION, 0.5)
    bench.faults.arm("flood", chat_id=ADA, seconds=1)
    await unsure(bench)
    assert bench.said(ADA) == []
    await bench.wait(120)
    assert len(bench.said(ADA)) == 1
    assert sum(TITLE in text for text in bench.said()) == 1


async def test_an_admin_that_cannot_be_reached_keeps_nobody_waiting(bench: Bench) -> None:
    bench.faults.arm("refuse", chat_id=ADA, code=403, description="Forbidden: bot was blocked by the user")
    job = await unsure(bench)
    assert job.told_at is not None
    assert TITLE in question(bench)


async def test_the_second_attempt_is_asked_about_anew(bench: Bench) -> None:
    job = await unsure(bench)
    bench.faults.arm("submit_cut_after")
    assert await bench.store.submits.send_again(job, 1, ADA, bench.clock.now()) is not None
    await bench.settled(job)
    assert sum(TITLE in text for text in bench.said()) == 2
    assert len(bench.said(ADA)) == 2
    assert len(bench.checker.ledger) == 2


async def test_a_task_that_an_admin_names_brings_the_result(bench: Bench) -> None:
    job = await unsure(bench)
    task_id = bench.checker.ledger[0].task_id
    assert (
        await bench.store.unsure.task_known(job, task_id, ADA, bench.clock.now(), bench.receipts.write_down) is not None
    )
    job = await bench.until(job, JobState.DONE)
    assert len(bench.documents()) == 1
    assert len(bench.checker.ledger) == 1


async def test_a_task_that_the_api_does_not_know_is_not_said_to_be_charged_where_an_admin_named_it(
    bench: Bench,
) -> None:
    job = await unsure(bench)
    wrong = "cs9viu7i61pkfs4oavv0"
    await bench.store.unsure.task_known(job, wrong, ADA, bench.clock.now(), bench.receipts.write_down)
    await bench.until(job, JobState.FAILED)
    await bench.settled(job)
    told = bench.said()[-1]
    assert "does not know the task that an admin has named" in told
    assert "may have been charged" in told
    assert "was charged" not in told
    assert f"<code>{wrong}</code>" in told or wrong in told
    assert "/check" in told


async def test_a_result_of_another_list_is_shown_to_nobody(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.checking.LONGEST_BACKOFF_SECONDS", 900.0)  # else it is read anew sixty times
    job = await unsure(bench)
    another = bench.checker.charge(("+79990000001", "+79990000002"))
    await bench.store.unsure.task_known(job, another.task_id, ADA, bench.clock.now(), bench.receipts.write_down)
    await bench.wait(2 * 3600)
    assert (await bench.now(job)).failure is Failure.TASK_OF_ANOTHER_LIST
    told = bench.said()[-1]
    assert "is not one of this list" in told
    assert "may have been charged" in told
    assert not bench.telegram.calls_of("sendDocument")
    assert "9990000001" not in "".join(bench.said())


async def test_a_group_that_became_a_supergroup_is_asked_anew_where_its_people_can_press(bench: Bench) -> None:
    group = bench.telegram.add_group("Team", [bench.anna])
    job = await unsure(bench, chat_id=group)
    new = bench.telegram.migrate(group)
    await bench.store.supergroups.take_over(group, new, bench.clock.now())
    await bench.settled(job)
    (question,) = [one for one in bench.telegram.bot_messages(new) if TITLE in one.text]
    assert question.reply_to is None
    assert labels(question) == ["Send again: may be charged twice", "Close"]
    assert sum("was it accepted?" in text for text in bench.said(ADA)) == 1
