"""Short lists that begin by themselves: with a word that was said, as they were shown, once; else they ask."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.beginning import CANCEL_SECONDS, LATE_SECONDS, PASTE_SECONDS
from bot.job import CONTACTS, Asks, Beginning, Job, JobState
from bot.quotas import Quotas
from storage.beginnings import Beginnings
from storage.chat_settings import Consent
from storage.facts import Fact
from storage.lists import ListMessage, NewJob
from tests.bot.bench import Bench, numbers, open_bench

MOMENT = CANCEL_SECONDS + PASTE_SECONDS
BEGINS = "The check begins by itself in a moment."
MOST = 3


@pytest.fixture
async def word(bench: Bench) -> Bench:
    """Anna may spend, and has said that lists of up to three numbers are not asked about."""
    await consent(bench)
    return bench


async def consent(bench: Bench, most: int = MOST) -> None:
    bench.may_begin.add(bench.anna.id)
    said = Consent(most, bench.anna.id, "Anna", bench.clock.now())
    await bench.store.chat_settings.consent(bench.chat_id, said)


async def join(bench: Bench, job: Job, text: str) -> None:
    message_id = await bench.telegram.send_text(bench.anna, bench.chat_id, text)
    message = ListMessage(bench.chat_id, message_id, bench.clock.now(), text.encode())
    assert await bench.store.lists.join(job.id, message, bench.clock.now())


async def asks(bench: Bench, job: Job, *, why: str | None = None, paid: int = 0) -> None:
    """Let much time pass: the list waits for its press all the same, and nothing was paid."""
    await bench.wait(10 * MOMENT)
    now = await bench.now(job)
    assert now.state is JobState.CONFIRMING
    assert BEGINS not in bench.card(now).text
    assert any(label.startswith("Check") for label in bench.card(now).labels)
    assert why is None or why in bench.card(now).text
    assert len(bench.checker.ledger) == paid


async def test_a_list_of_so_many_numbers_begins_by_itself_after_its_preview_has_stood_there(word: Bench) -> None:
    job = await word.preview(numbers(MOST))
    card = word.card(job)
    assert BEGINS in card.text
    assert "until you press" not in card.text
    assert card.labels == ["Wait", "Cancel"]
    await word.wait(MOMENT - 1)
    assert (await word.now(job)).state is JobState.CONFIRMING
    job = await word.until(job, JobState.DONE)
    assert (job.asked_by, job.attempts) == (word.anna.id, 1)
    assert len(word.checker.ledger) == 1


async def test_a_file_has_no_more_to_come_and_begins_sooner(word: Bench) -> None:
    job = await word.settled(await word.send_file("base.txt", numbers(MOST).encode()))
    await word.wait(CANCEL_SECONDS)
    assert (await word.now(job)).state is not JobState.CONFIRMING


async def test_contacts_are_shared_one_by_one_and_have_more_to_come(word: Bench) -> None:
    contacts = NewJob(word.chat_id, None, word.anna.id, "Anna", "en", CONTACTS, None)
    sent = await word.telegram.send_text(word.anna, word.chat_id, numbers(1))
    message = ListMessage(word.chat_id, sent, word.clock.now(), numbers(1).encode())
    job = await word.settled(await word.store.lists.open(contacts, message, word.clock.now()))
    await word.wait(CANCEL_SECONDS)
    assert (await word.now(job)).state is JobState.CONFIRMING
    await word.wait(PASTE_SECONDS)
    assert (await word.now(job)).state is not JobState.CONFIRMING


async def test_one_number_more_asks(word: Bench) -> None:
    await asks(word, await word.preview(numbers(MOST + 1)))


async def test_where_nobody_has_said_so_every_list_asks(bench: Bench) -> None:
    bench.may_begin.add(bench.anna.id)
    await asks(bench, await bench.preview(numbers(1)))


async def test_a_table_with_another_column_of_numbers_asks(word: Bench) -> None:
    cells = b"Name;Mobile;Office phone\nAnna;+79130000001;+78120000001\nBoris;+79130000002;+78120000002\n"
    await asks(word, await word.settled(await word.send_file("people.csv", cells)))
    one = b"Name;Mobile\nAnna;+79130000003\n"
    job = await word.settled(await word.send_file("one.csv", one))
    assert BEGINS in word.card(job).text


async def test_whose_right_is_not_known_asks_and_hears_why(word: Bench) -> None:
    word.may_begin.clear()
    await asks(word, await word.preview(numbers(1)), why="I cannot see that Anna may start checks here, so I ask.")


async def test_a_right_that_is_lost_in_between_asks(word: Bench) -> None:
    job = await word.preview(numbers(1))
    word.may_begin.clear()
    await asks(word, job)


async def test_a_list_that_grows_waits_anew_and_beyond_the_limit_it_asks(word: Bench) -> None:
    job = await word.preview(numbers(1))
    await word.wait(MOMENT - 1)
    await join(word, job, numbers(1, first=9_130_000_000))
    job = await word.settled(job)
    await word.wait(MOMENT - 1)
    assert (await word.now(job)).state is JobState.CONFIRMING
    assert BEGINS in word.card(job).text
    await join(word, job, numbers(MOST, first=9_140_000_000))
    await asks(word, await word.settled(job))


async def test_a_word_that_is_taken_back_in_between_asks(word: Bench) -> None:
    job = await word.preview(numbers(1))
    await word.store.chat_settings.ask_always(word.chat_id)
    await asks(word, job)


async def test_a_word_is_none_about_lists_that_were_there_before(bench: Bench) -> None:
    job = await bench.preview(numbers(1))
    await bench.wait(60)
    await consent(bench)
    await bench.store.lists.set_region(job.id, "RU", bench.clock.now())
    await asks(bench, await bench.settled(job))


async def test_wait_lets_it_wait_also_when_it_is_read_again(word: Bench) -> None:
    job = await word.preview(numbers(1))
    assert await word.store.beginnings.wait(job.id, Asks.PRESSED, word.clock.now())
    await word.settled(job)
    await join(word, job, numbers(1, first=9_130_000_000))
    await asks(word, await word.settled(job))


async def test_an_open_question_is_answered_first(word: Bench) -> None:
    job = await word.preview("9123456789\n9123456780")
    await word.wait(10 * MOMENT)
    assert (await word.now(job)).state is JobState.CONFIRMING
    await word.store.lists.set_region(job.id, "RU", word.clock.now())
    job = await word.settled(job)
    assert BEGINS in word.card(job).text
    await word.until(job, JobState.DONE)


async def test_numbers_left_out_are_no_question_any_more(word: Bench) -> None:
    job = await word.preview(f"{numbers(1)}\n9123456780")
    await word.store.lists.leave_out(job.id, word.clock.now())
    await word.until(job, JobState.DONE)


async def test_the_same_list_again_asks(word: Bench) -> None:
    first = await word.until(await word.preview(numbers(2)), JobState.CHECKING)
    await asks_once_more(word, await word.preview(numbers(2)))
    await word.until(first, JobState.DONE)
    await asks_once_more(word, await word.preview(numbers(2)))


async def asks_once_more(bench: Bench, job: Job) -> None:
    assert await bench.store.beginnings.of(job.id) == Beginning(asks=Asks.KNOWN)
    assert BEGINS not in bench.card(job).text


async def test_of_two_lists_of_the_same_numbers_at_once_one_begins_and_one_asks(word: Bench) -> None:
    first, second = await word.paste(numbers(2)), await word.paste(numbers(2))
    await word.settled(first)
    await word.wait(600)
    states = {(await word.now(one)).state for one in (first, second)}
    assert states == {JobState.DONE, JobState.CONFIRMING}
    assert len(word.checker.ledger) == 1


async def test_a_list_below_the_least_that_the_api_takes_asks(word: Bench) -> None:
    await word.store.facts.keep(Fact.MINIMUM, 2)
    await asks(word, await word.preview(numbers(1)))


@pytest.mark.parametrize("fact", [Fact.STOPPED, Fact.PAUSE])
async def test_while_no_list_goes_out_it_asks_and_says_why(word: Bench, fact: Fact) -> None:
    now = word.clock.now()
    await word.store.facts.keep(fact, {"by": 77, "at": now, "waiting": "money", "since": now, "ask_at": now + 1e6})
    job = await word.preview(numbers(1))
    await asks(word, job, why="No checks go out right now, so I ask.")
    await word.store.facts.forget(fact)
    await asks(word, job)


async def test_a_large_list_needs_an_admins_yes_whatever_the_chat_has_said(tmp_path: Path) -> None:
    async with open_bench(tmp_path, {"APPROVE_ABOVE": "1"}) as bench:
        await consent(bench)
        await asks(bench, await bench.preview(numbers(2)))


async def test_where_a_quota_is_reached_it_asks_and_says_why(word: Bench) -> None:
    narrow = Beginnings(word.store.database, Quotas(chat_day=1))
    object.__setattr__(word.by_itself, "beginnings", narrow)
    job = await word.preview(numbers(2))
    assert BEGINS in word.card(job).text
    await asks(word, job, why="A limit is reached, so I ask.")


async def test_a_restart_in_between_neither_loses_nor_doubles(word: Bench) -> None:
    job = await word.preview(numbers(1))
    word.worker = word.new_worker()
    await word.store.jobs.release_leases(word.clock.now())
    job = await word.until(job, JobState.QUEUED)
    word.clock.advance(1)
    word.worker = word.new_worker()
    await word.until(job, JobState.DONE)
    assert len(word.checker.ledger) == 1


async def test_hours_later_the_moment_has_passed(word: Bench) -> None:
    job = await word.preview(numbers(1))
    word.clock.advance(MOMENT + LATE_SECONDS + 1)
    await asks(word, await word.settled(job))


async def test_nothing_begins_that_nobody_could_see(word: Bench) -> None:
    job = await word.paste(numbers(1))
    word.telegram.block(word.anna)
    await word.settled(job)
    await word.wait(10 * MOMENT)
    assert (await word.now(job)).state is JobState.CONFIRMING


async def test_a_preview_that_comes_late_stands_there_as_long_as_any(word: Bench) -> None:
    job = await word.preview(numbers(1))
    await word.store.jobs.note_shown(job, message_id=job.card_message_id, shown="something else")
    word.clock.advance(MOMENT)
    job = await word.settled(job)
    assert job.state is JobState.CONFIRMING
    await word.wait(CANCEL_SECONDS)
    assert (await word.now(job)).state is not JobState.CONFIRMING


async def test_cancelled_in_time_nothing_is_paid(word: Bench) -> None:
    job = await word.preview(numbers(1))
    assert await word.store.moves.cancel(job, word.clock.now())
    await word.wait(10 * MOMENT)
    assert (await word.now(job)).state is JobState.CANCELLED
    assert word.checker.ledger == []


async def test_one_that_adds_numbers_is_not_hurried(word: Bench) -> None:
    job = await word.preview(numbers(1))
    await word.store.lists.await_more(job.id, word.anna.id, word.clock.now() + 600, word.clock.now())
    await asks(word, job)


async def test_what_another_check_finds_in_that_moment_is_seen_first(word: Bench) -> None:
    """Telegram may take seconds to say who may spend; meanwhile a check with the same number comes to its end."""
    first = await word.submitted(f"{numbers(1)}\n+79990000001\n+79990000002\n+79990000003")
    job = await word.preview(numbers(2))
    word.clock.advance(MOMENT)

    async def asked_for_long(_: Job) -> bool:
        while (checked := await word.now(first)).state is JobState.CHECKING:
            word.clock.advance(1)
            await word.checking.step(checked)
        return True

    late = replace(word.by_itself, may_begin=asked_for_long).with_step(word.confirming.step)
    await late(await word.now(job))
    job = await word.settled(job)
    assert (job.state, job.known) == (JobState.CONFIRMING, 1)
    assert "1 of 2 got a yes or no here" in word.card(job).text
    assert BEGINS not in word.card(job).text
    await asks(word, job, paid=1)
