"""What is on a list: its messages, its numbers, and how long they are kept."""

import random
import zlib
from pathlib import Path

import pytest

from bot.job import TERMINAL, Failure, JobState
from bot.numbers import PackedList, Reading, submission
from storage.list_files import ListFiles
from storage.lists import ListMessage
from tests.storage.building import (
    ANNA,
    BORIS,
    CHAT,
    NOW,
    PACKED,
    READING,
    TEXT,
    Store,
    in_state,
    new_job,
    text_message,
)
from tests.storage.files import content, put

FILE = ListMessage(CHAT, 40, NOW, None, "file-id", 1234)


async def keep(store: Store, message: ListMessage, data: bytes, folder: Path) -> None:
    put(folder / "file", data)
    await ListFiles(store.database).keep(message, folder / "file")


async def kept(store: Store, message: ListMessage, folder: Path) -> bytes | None:
    return content(folder / "back") if await ListFiles(store.database).give(message, folder / "back") else None


async def test_a_message_makes_one_job_however_often_it_is_handed_in(store: Store, second: Store) -> None:
    job = await store.lists.open(new_job(), text_message(1), NOW)
    assert (job.state, job.due_at, job.list_message_id, job.list_revision) == (JobState.READING, NOW, 1, 1)
    assert await second.lists.open(new_job(), text_message(1), NOW + 9) == job
    assert await store.lists.messages(job.id) == (text_message(1),)


async def test_a_message_that_was_handed_in_is_known_when_its_job_has_ended(store: Store) -> None:
    case = await in_state(store, JobState.DONE)
    assert await store.lists.open(new_job(), case.message, NOW) == case.job
    assert await store.lists.join(case.job.id, case.message, NOW) == case.job


async def test_tokens_are_never_the_same(store: Store) -> None:
    tokens = {(await store.lists.open(new_job(), text_message(n), NOW)).token for n in range(20)}
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 16


async def test_a_message_joins_a_list_once_and_the_list_is_read_again(store: Store) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    await store.lists.await_more(case.job.id, ANNA, NOW + 60, NOW)
    joined = await store.lists.join(case.job.id, text_message(900), NOW + 2)
    assert joined is not None
    assert (joined.list_revision, joined.read_revision, joined.due_at) == (2, 1, NOW + 2)
    assert (joined.adding_by, joined.adding_until) == (ANNA, NOW + 2)
    assert await store.lists.join(case.job.id, text_message(900), NOW + 3) == joined
    assert len(await store.lists.messages(case.job.id)) == 2


async def test_messages_come_in_the_order_in_which_they_were_sent(store: Store) -> None:
    job = await store.lists.open(new_job(), text_message(5, sent_at=NOW + 1), NOW)
    for message_id, sent_at in ((9, NOW), (6, NOW + 1), (4, NOW + 2)):
        await store.lists.join(job.id, text_message(message_id, sent_at=sent_at), NOW)
    assert [message.message_id for message in await store.lists.messages(job.id)] == [9, 5, 6, 4]


@pytest.mark.parametrize("state", [state for state in JobState if state not in {"reading", "confirming"}])
async def test_nothing_joins_or_changes_a_list_that_was_pressed_or_has_ended(store: Store, state: JobState) -> None:
    case = await in_state(store, state)
    job_id, edited = case.job.id, text_message(case.message.message_id, b"+79120000000")
    assert await store.lists.join(job_id, text_message(900), NOW) is None
    assert await store.lists.edit(edited, NOW + 5, NOW) is None
    await store.lists.drop_message(case.job, case.message, NOW)
    for change in (
        store.lists.set_region(job_id, "RU", NOW),
        store.lists.leave_out(job_id, NOW),
        store.lists.choose_country(job_id, more=True, now=NOW),
        store.lists.await_more(job_id, ANNA, NOW + 60, NOW),
    ):
        assert await change is None
    assert await store.job(job_id) == case.job
    assert await store.jobs.of_message(CHAT, 900) is None
    assert await store.jobs.of_message(CHAT, case.message.message_id) == case.job


async def test_an_edit_replaces_what_the_message_says(store: Store) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    edited = text_message(case.message.message_id, b"+79120000000")
    job = await store.lists.edit(edited, NOW + 5, NOW + 6)
    assert job is not None
    assert (job.list_revision, job.due_at) == (2, NOW + 6)
    assert await store.lists.messages(case.job.id) == (edited,)


async def test_an_edit_that_is_handled_twice_changes_nothing_the_second_time(store: Store) -> None:
    case = await in_state(store, JobState.READING)
    edited = text_message(case.message.message_id, b"+79120000000")
    job = await store.lists.edit(edited, NOW + 5, NOW + 6)
    assert await store.lists.edit(edited, NOW + 5, NOW + 7) == job


async def test_an_older_edit_is_not_taken_and_one_of_the_same_second_is(store: Store) -> None:
    case = await in_state(store, JobState.READING)
    said = [text_message(case.message.message_id, text) for text in (b"+79120000001", b"+79120000002", b"+79120000003")]
    await store.lists.edit(said[0], NOW + 5, NOW)
    late = await store.lists.edit(said[1], NOW + 4, NOW)
    assert late is not None
    assert late.list_revision == 2
    assert await store.lists.messages(case.job.id) == (said[0],)
    same_second = await store.lists.edit(said[2], NOW + 5, NOW)
    assert same_second is not None
    assert same_second.list_revision == 3
    assert await store.lists.messages(case.job.id) == (said[2],)


async def test_an_edited_caption_does_not_make_a_file_be_fetched_again(store: Store, tmp_path: Path) -> None:
    job = await store.lists.open(new_job(name="base.txt"), FILE, NOW)
    await keep(store, FILE, TEXT, tmp_path)
    assert await store.lists.edit(FILE, NOW + 5, NOW) == job
    assert await kept(store, FILE, tmp_path) == TEXT


async def test_another_file_in_an_edited_message_is_fetched_and_the_old_one_not_kept_for_it(
    store: Store, tmp_path: Path
) -> None:
    job = await store.lists.open(new_job(name="base.txt"), FILE, NOW)
    other = ListMessage(CHAT, FILE.message_id, NOW, None, "other-id", 99)
    await store.lists.edit(other, NOW + 5, NOW)
    await keep(store, FILE, TEXT, tmp_path)  # the step had fetched the first one
    assert await store.lists.messages(job.id) == (other,)
    assert await kept(store, other, tmp_path) is None


async def test_a_message_edited_after_a_refusal_makes_one_new_job_however_often(store: Store) -> None:
    case = await in_state(store, JobState.REFUSED)
    edited = text_message(case.message.message_id, b"+79120000000")
    new = await store.lists.open_changed(case.job, new_job(), edited, NOW)
    assert new.id != case.job.id
    assert await store.lists.open_changed(case.job, new_job(), edited, NOW) == new
    assert await store.lists.messages(new.id) == (edited,)


async def test_a_message_of_a_list_that_goes_on_is_not_taken_away_from_it(store: Store) -> None:
    case = await in_state(store, JobState.QUEUED)
    assert await store.lists.open_changed(case.job, new_job(), case.message, NOW) == case.job


@pytest.mark.parametrize("state", sorted(TERMINAL - {JobState.REFUSED}))
async def test_an_ended_list_opens_again_with_its_messages_once(store: Store, state: JobState) -> None:
    case = await in_state(store, state)
    new = await store.lists.open_again(case.job, NOW + 9, language="ru", person=(BORIS, "Boris"))
    assert new is not None
    assert (new.state, new.due_at, new.starter_id, new.language) == (JobState.READING, NOW + 9, BORIS, "ru")
    assert (new.chat_id, new.list_message_id, new.attempts) == (CHAT, case.job.list_message_id, 0)
    assert new.token != case.job.token
    assert await store.lists.messages(new.id) == (case.message,)
    assert new.first_job_id == case.job.id
    assert await store.lists.open_again(case.job, NOW, language="ru", person=(BORIS, "Boris")) == new
    assert await store.job(case.job.id) == case.job


async def test_a_list_that_the_api_refused_opens_again(store: Store) -> None:
    case = await in_state(store, JobState.SUBMITTING)
    refused = await store.submits.refused_by_api(case.attempt, "no", NOW)
    assert refused is not None
    assert await store.lists.open_again(refused, NOW, language="en", person=(ANNA, "Anna")) is not None


@pytest.mark.parametrize("state", [state for state in JobState if state not in TERMINAL])
async def test_a_list_that_goes_on_does_not_open_again(store: Store, state: JobState) -> None:
    case = await in_state(store, state)
    assert await store.lists.open_again(case.job, NOW, language="en", person=(ANNA, "Anna")) is None
    assert await store.lists.messages(case.job.id) == (case.message,)


async def test_a_dropped_message_is_gone_and_the_rest_is_read_again(store: Store) -> None:
    case = await in_state(store, JobState.READING)
    await store.lists.join(case.job.id, FILE, NOW)
    await store.lists.drop_message(case.job, FILE, NOW + 4)
    assert await store.lists.messages(case.job.id) == (case.message,)
    job = await store.job(case.job.id)
    assert (job.list_revision, job.due_at) == (3, NOW + 4)


async def test_an_empty_file_is_kept_as_empty_and_not_taken_for_deleted(store: Store) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    await store.lists.join(case.job.id, text_message(900, b""), NOW)
    messages = await store.lists.messages(case.job.id)
    assert [message.content for message in messages] == [TEXT, b""]


async def test_a_million_numbers_are_kept_whole(store: Store) -> None:
    case = await in_state(store, JobState.READING)
    noise = random.Random(7)
    numbers = "".join(f"+7{noise.randrange(9_000_000_000, 9_999_999_999)}\n" for _ in range(1_000_000)).encode()
    packed = PackedList(zlib.compress(numbers, 1), b"", b"")
    assert len(packed.numbers) > 4_000_000
    await store.moves.read(case.job, packed, Reading(valid=1_000_000), NOW)
    stored = await store.lists.numbers(case.job.id)
    assert stored == packed
    assert submission(stored) == numbers


async def test_naming_a_country_ends_the_choice_and_reads_the_list_again(store: Store) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    await store.lists.leave_out(case.job.id, NOW)
    choosing = await store.lists.choose_country(case.job.id, more=True, now=NOW)
    assert choosing is not None
    assert (choosing.choosing_country, choosing.left_out) == (True, True)
    named = await store.lists.set_region(case.job.id, "KZ", NOW)
    assert named is not None
    assert (named.region, named.choosing_country, named.left_out, named.list_revision) == ("KZ", False, False, 2)


async def test_what_was_read_in_another_country_meanwhile_is_read_again(store: Store) -> None:
    case = await in_state(store, JobState.READING)
    named = await store.lists.set_region(case.job.id, "KZ", NOW + 1)
    assert named is not None
    assert await store.moves.read(case.job, PACKED, READING, NOW + 2) is None
    assert await store.moves.refuse_list(case.job, Failure.NO_NUMBERS, None, NOW + 2) is None
    read = await store.moves.read(named, PACKED, READING, NOW + 3)
    assert read is not None
    assert (read.state, read.region) == (JobState.CONFIRMING, "KZ")
