"""Lists that begin by themselves: only as they were shown, only with somebody's word, and once."""

from dataclasses import replace

import pytest

from bot.job import Asks, Beginning, Job, JobState
from bot.quotas import Quotas
from storage.chat_settings import Consent
from storage.quotas import QuotaReachedError
from tests.storage.building import ANNA, CHAT, NOW, PACKED, READING, RESULT, Store, in_state, text_message

WORD = Consent(2, ANNA, "Anna", NOW)
PLANNED = Beginning(begins_at=NOW + 5)


async def planned(store: Store, *, consent: Consent | None = WORD, digest: str = "digest", now: float = NOW) -> Job:
    """A list of two numbers that was promised to begin by itself."""
    if consent is not None:
        await store.chat_settings.consent(CHAT, consent)
    read = (await in_state(store, JobState.READING, now=now)).job
    job = await store.moves.read(read, PACKED, READING, now, digest=digest)
    assert job is not None
    assert await store.beginnings.plan(job, now + 5) == Beginning(begins_at=now + 5)
    return job


async def test_it_begins_as_if_its_starter_had_pressed_and_once(store: Store) -> None:
    job = await planned(store)
    assert await store.beginnings.begin(job, NOW + 4) is None
    begun = await store.beginnings.begin(job, NOW + 5)
    assert begun is not None
    assert (begun.state, begun.asked_by, begun.queued_at) == (JobState.QUEUED, job.starter_id, NOW + 5)
    assert await store.beginnings.begin(job, NOW + 6) is None
    assert await store.beginnings.of(job.id) is None


@pytest.mark.parametrize(
    "consent", [None, replace(WORD, numbers=1), replace(WORD, at=NOW + 1)], ids=["none", "fewer", "later"]
)
async def test_without_a_word_that_is_older_than_the_list_it_does_not(store: Store, consent: Consent | None) -> None:
    job = await planned(store, consent=consent)
    assert await store.beginnings.begin(job, NOW + 5) is None
    assert (await store.job(job.id)).state is JobState.CONFIRMING


async def test_a_word_that_was_taken_back_meanwhile_is_none(store: Store) -> None:
    job = await planned(store)
    await store.chat_settings.ask_always(CHAT)
    assert await store.beginnings.begin(job, NOW + 5) is None


async def test_a_list_that_has_changed_begins_anew(store: Store) -> None:
    job = await planned(store)
    joined = await store.lists.join(job.id, text_message(900, b"+79123456780"), NOW + 1)
    assert joined is not None
    assert await store.beginnings.begin(job, NOW + 5) is None
    assert await store.beginnings.ask(job, Asks.QUOTA) == PLANNED  # said of what it was: changes nothing
    again = await store.moves.read(joined, PACKED, READING, NOW + 6, digest="digest")
    assert again is not None
    assert await store.beginnings.of(job.id) is None
    assert await store.beginnings.begin(again, NOW + 60) is None


@pytest.mark.parametrize(("why", "kept"), [(Asks.PRESSED, True), (Asks.EDITED, True), (Asks.QUOTA, False)])
async def test_what_a_person_has_said_holds_when_the_list_is_read_again(store: Store, why: Asks, kept: bool) -> None:  # noqa: FBT001  (a row of the table)
    job = await planned(store)
    assert await store.beginnings.wait(job.id, why, NOW + 1)
    assert await store.beginnings.plan(job, NOW + 2) == Beginning(asks=why)
    assert await store.beginnings.begin(job, NOW + 5) is None
    await store.moves.read(await store.job(job.id), PACKED, READING, NOW + 6)
    assert await store.beginnings.of(job.id) == (Beginning(asks=why) if kept else None)


async def test_once_it_is_on_its_way_it_cannot_wait(store: Store) -> None:
    job = await planned(store)
    await store.beginnings.begin(job, NOW + 5)
    assert await store.beginnings.wait(job.id, Asks.PRESSED, NOW + 6) is None


async def test_of_two_lists_of_the_same_numbers_one_begins(store: Store) -> None:
    first, second, other = await planned(store), await planned(store), await planned(store, digest="other")
    assert await store.beginnings.begin(first, NOW + 5)
    assert await store.beginnings.begin(second, NOW + 5) is None
    assert await store.beginnings.begin(other, NOW + 5)


async def test_what_its_chat_has_just_learnt_is_looked_at_before_it_begins(store: Store) -> None:
    job = await planned(store)
    other = await in_state(store, JobState.CHECKING, now=NOW)
    await store.tasks.keep_result(other.job, RESULT, b"", NOW + 1)
    assert await store.beginnings.begin(job, NOW + 5) is None
    await store.tasks.delivered(other.job, NOW + 5)
    assert await store.beginnings.begin(job, NOW + 6) is None
    await store.memory.keep_again(await store.job(job.id), None, NOW + 6, differs=False)
    assert await store.beginnings.begin(job, NOW + 7)


async def test_where_a_quota_is_reached_it_stays_as_it_is(store: Store) -> None:
    narrow = Store(store.database, Quotas(chat_day=1))
    job = await planned(narrow)
    with pytest.raises(QuotaReachedError):
        await narrow.beginnings.begin(job, NOW + 5)
    assert await narrow.beginnings.of(job.id) == PLANNED
    assert (await store.job(job.id)).state is JobState.CONFIRMING


async def test_what_was_charged_once_never_begins_by_itself(store: Store) -> None:
    job = await planned(store)
    begun = await store.beginnings.begin(job, NOW + 5)
    assert begun is not None
    attempt = await store.submits.begin_submit(begun, NOW + 6)
    assert attempt is not None
    asked = await store.submits.ask_after_submit(attempt, "too-small", "min", NOW + 7)  # type: ignore[arg-type]
    assert asked is not None
    await store.beginnings.plan(asked, NOW + 7)
    assert await store.beginnings.begin(asked, NOW + 9) is None


async def test_set_back_the_clock_takes_it_along(store: Store) -> None:
    job = await planned(store)
    await store.times.set_back(NOW - 3600, 3600)
    assert await store.beginnings.of(job.id) == Beginning(begins_at=NOW - 3600 + 5)
