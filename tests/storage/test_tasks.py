"""A paid job: its progress, its result, its delivery."""

import zlib

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot.job import STAND_INS, Job, JobState, Waiting
from storage.groups import ResultsTo
from storage.lists import StoredResult
from storage.schema import jobs
from tests.storage.building import ANNA, BORIS, CALLS, CHAT, NOW, OTHER_CHAT, RESULT, VERDICTS, Store, in_state


async def test_progress_is_noted_and_tells_when_it_last_moved(store: Store) -> None:
    case = await in_state(store, JobState.CHECKING)
    first = await store.tasks.note_progress(case.job, status="processing", done=1, amount=None, pace=None, now=NOW + 5)
    assert first is not None
    assert (first.done, first.task_status, first.moved_at, first.amount) == (1, "processing", NOW + 5, "0.74 USD")
    same = await store.tasks.note_progress(first, status="processing", done=1, amount="0.80 USD", pace=2.0, now=NOW + 9)
    assert same is not None
    assert (same.moved_at, same.amount, same.pace) == (NOW + 5, "0.80 USD", 2.0)


async def test_progress_forgets_hitches_and_unknown_answers(store: Store) -> None:
    case = await in_state(store, JobState.CHECKING)
    await store.tasks.note_hitch(case.job, Waiting.RESULT)
    job = await store.tasks.note_unknown_answer(case.job)
    assert job is not None
    assert (job.tries, job.unknown_answers, job.waiting) == (1, 1, Waiting.RESULT)
    job = await store.tasks.note_progress(job, status="processing", done=0, amount=None, pace=None, now=NOW)
    assert job is not None
    assert (job.tries, job.unknown_answers, job.waiting) == (0, 0, None)


async def test_a_hitch_of_a_step_that_is_over_counts_for_nothing(store: Store) -> None:
    case = await in_state(store, JobState.CHECKING)
    await store.tasks.keep_result(case.job, RESULT, VERDICTS, NOW)
    assert await store.tasks.note_hitch(case.job, None) is None
    assert (await store.job(case.job.id)).tries == 0


async def test_the_result_is_stored_with_its_counts_before_anything_is_delivered(store: Store) -> None:
    case = await in_state(store, JobState.DELIVERING)
    assert await store.lists.result(case.job.id) == RESULT
    assert (case.job.yes, case.job.no, case.job.undetermined, case.job.finished_at) == (1, 1, 0, NOW)


async def test_a_result_that_was_not_understood_is_stored_as_it_came(store: Store) -> None:
    case = await in_state(store, JobState.CHECKING)
    raw = StoredResult(verdicts=None, workbook=None, raw=b"PK?")
    job = await store.tasks.keep_result(case.job, raw, None, NOW)
    assert job is not None
    assert (job.yes, job.no, job.undetermined) == (0, 0, 0)
    assert await store.lists.result(job.id) == raw


async def test_a_result_that_cannot_be_stored_leaves_the_job_where_it_was(store: Store) -> None:
    case = await in_state(store, JobState.CHECKING)
    nothing = StoredResult(verdicts=None, workbook=None, raw=None)
    with pytest.raises(IntegrityError):
        await store.tasks.keep_result(case.job, nothing, None, NOW)
    assert await store.job(case.job.id) == case.job


async def test_a_million_verdicts_and_a_large_workbook_are_stored_whole(store: Store) -> None:
    case = await in_state(store, JobState.CHECKING)
    large = StoredResult(verdicts="ynu" * 333_333 + "y", workbook=bytes(range(256)) * 80_000, raw=None)
    packed = zlib.compress((large.verdicts or "").encode())
    job = await store.tasks.keep_result(case.job, large, packed, NOW)
    assert job is not None
    assert (job.yes, job.no, job.undetermined) == (333_334, 333_333, 333_333)
    assert await store.lists.result(job.id) == large


async def test_the_document_is_marked_as_on_its_way_before_it_is_sent(store: Store) -> None:
    case = await in_state(store, JobState.DELIVERING)
    marked = await store.tasks.begin_sending(case.job)
    assert marked is not None
    assert marked.sending
    surely_not = await store.tasks.not_sent(marked)
    assert surely_not is not None
    assert not surely_not.sending


async def test_delivery_keeps_the_name_of_the_file_and_takes_the_mark_away(store: Store) -> None:
    case = await in_state(store, JobState.DELIVERING)
    await store.tasks.begin_sending(case.job)
    arrived = await store.tasks.arrived(case.job, "file-id")
    assert arrived is not None
    assert (arrived.state, arrived.result_file_id, arrived.sending) == (JobState.DELIVERING, "file-id", False)
    done = await store.tasks.delivered(arrived, NOW)
    assert done is not None
    assert (done.state, done.result_file_id, done.sending) == (JobState.DONE, "file-id", False)


async def test_a_chat_that_is_heard_of_while_it_refuses_a_result_is_given_it_once_more(store: Store) -> None:
    case = await in_state(store, JobState.DELIVERING)
    (mine,) = await store.jobs.take_due(NOW, lease="mine", until=NOW + 60, most=5)
    assert await store.tasks.reachable_again(CHAT, NOW + 5) == ()
    assert await store.tasks.undeliverable(mine, "bot was blocked by the user", NOW + 6) is None
    await store.jobs.settle(case.job.id, lease="mine", due_at=None)
    (again,) = await store.jobs.take_due(NOW + 7, lease="next", until=NOW + 60, most=5)
    assert (again.id, again.state) == (case.job.id, JobState.DELIVERING)
    ended = await store.tasks.undeliverable(again, "bot was blocked by the user", NOW + 8)
    assert ended is not None
    assert ended.state is JobState.UNDELIVERABLE


async def test_what_telegram_gives_no_name_stays_on_its_way_until_the_delivery_ends(store: Store) -> None:
    case = await in_state(store, JobState.DELIVERING)
    await store.tasks.begin_sending(case.job)
    arrived = await store.tasks.arrived(case.job, None)
    assert arrived is not None
    assert (arrived.result_file_id, arrived.sending) == (None, True)
    done = await store.tasks.delivered(arrived, NOW)
    assert done is not None
    assert not done.sending


@pytest.mark.parametrize("end", ["delivered", "undeliverable"])
async def test_previews_are_compared_anew_when_a_delivery_has_ended_and_not_before(store: Store, end: str) -> None:
    waiting = await in_state(store, JobState.CONFIRMING, chat_id=CHAT)
    case = await in_state(store, JobState.DELIVERING, chat_id=CHAT)
    assert (await store.job(waiting.job.id)).memory_revision == 0
    await CALLS[end](store, case)
    assert (await store.job(waiting.job.id)).memory_revision == 1


async def test_a_result_that_was_known_before_teaches_its_chat_nothing(store: Store) -> None:
    waiting = await in_state(store, JobState.CONFIRMING, chat_id=CHAT)
    case = await in_state(store, JobState.DELIVERING, chat_id=CHAT)
    async with store.database.write() as connection:
        free = update(jobs).where(jobs.c.id == case.job.id).values(to_check=0, known=jobs.c.valid)
        await connection.execute(free)
    await store.tasks.delivered(case.job, NOW)
    assert (await store.job(waiting.job.id)).memory_revision == 0


async def test_only_the_verdicts_of_a_result_can_be_asked_for(store: Store) -> None:
    case = await in_state(store, JobState.DELIVERING)
    assert await store.lists.verdicts(case.job.id) == RESULT.verdicts
    assert await store.lists.verdicts(case.job.id + 1) is None


async def test_what_waited_for_a_chat_is_delivered_when_it_can_be_reached_and_nothing_else(store: Store) -> None:
    case = await in_state(store, JobState.UNDELIVERABLE)
    other = await in_state(store, JobState.UNDELIVERABLE, chat_id=OTHER_CHAT)
    done = await in_state(store, JobState.DONE)
    assert case.job.due_at == NOW  # its chat may take a text, and only no such file
    (job,) = await store.tasks.reachable_again(CHAT, NOW + 5)
    assert (job.id, job.state, job.due_at, job.tries) == (case.job.id, JobState.DELIVERING, NOW + 5, 0)
    assert await store.tasks.reachable_again(CHAT, NOW + 6) == ()
    assert (await store.job(other.job.id)).state is JobState.UNDELIVERABLE
    assert (await store.job(done.job.id)).state is JobState.DONE


async def _kept(store: Store, *, results_to: ResultsTo = ResultsTo.STARTER) -> Job:
    """A job whose group has the counts and whose file waits for its person."""
    await store.groups.set_results_to(CHAT, results_to)
    case = await in_state(store, JobState.DELIVERING, chat_id=CHAT)
    counted = await store.tasks.counted(case.job, NOW)
    assert counted is not None
    kept = await store.tasks.undeliverable(counted, "no private chat", NOW)
    assert kept is not None
    return kept


async def test_file_and_counts_are_noted_each_by_itself_and_end_what_may_be_on_its_way(store: Store) -> None:
    case = await in_state(store, JobState.DELIVERING, chat_id=CHAT)
    await store.tasks.begin_sending(case.job)
    handed = await store.tasks.handed_over(case.job, "file-id", ANNA)
    assert handed is not None
    assert (handed.delivered_to, handed.result_file_id, handed.sending, handed.counted_at) == (
        *(ANNA, "file-id", False, None),
    )
    await store.tasks.begin_sending(case.job)
    counted = await store.tasks.counted(case.job, NOW)
    assert counted is not None
    assert (counted.counted_at, counted.sending, counted.delivered_to) == (NOW, False, ANNA)


async def test_what_waits_for_its_person_is_tried_again_when_their_private_chat_is_open(store: Store) -> None:
    kept = await _kept(store)
    assert await store.tasks.reachable_again(BORIS, NOW) == ()
    (woken,) = await store.tasks.reachable_again(ANNA, NOW)
    assert (woken.id, woken.state, woken.counted_at) == (kept.id, JobState.DELIVERING, NOW)


async def test_what_waits_for_a_group_is_not_brought_by_a_person(store: Store) -> None:
    await _kept(store, results_to=ResultsTo.GROUP)
    assert await store.tasks.reachable_again(ANNA, NOW) == ()
    assert len(await store.tasks.reachable_again(CHAT, NOW)) == 1


async def test_a_list_of_an_anonymous_admin_waits_for_who_pressed(store: Store) -> None:
    kept = await _kept(store)
    async with store.database.write() as connection:
        await connection.execute(
            update(jobs).where(jobs.c.id == kept.id).values(starter_id=min(STAND_INS), asked_by=BORIS)
        )
    assert await store.tasks.reachable_again(ANNA, NOW) == ()
    assert await store.tasks.reachable_again(min(STAND_INS), NOW) == ()
    assert len(await store.tasks.reachable_again(BORIS, NOW)) == 1


async def test_a_file_that_somebody_has_taken_is_theirs(store: Store) -> None:
    kept = await _kept(store)
    taken = await store.tasks.fetched(kept, BORIS, NOW + 5)
    assert taken is not None
    assert (taken.state, taken.delivered_to, taken.due_at) == (JobState.DELIVERING, BORIS, NOW + 5)
    assert await store.tasks.fetched(kept, ANNA, NOW + 6) is None
