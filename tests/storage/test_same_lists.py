"""A list of the same numbers is known again, in its own chat, for as long as its result is kept."""

import pytest

from bot.job import Job, JobState
from bot.preview import SameList
from storage.same_lists import CHECKED, UNDER_WAY, SameLists
from tests.storage.building import CALLS, CHAT, NOW, OTHER_CHAT, PACKED, PATHS, READING, Case, Store, new_job
from tests.storage.building import text_message as text

DIGEST = "d" * 64


async def named(store: Store, state: JobState, *, digest: str | None = DIGEST, chat_id: int = CHAT) -> Job:
    """Bring a list with this digest into a state."""
    message = text(next(store.message_ids), chat_id=chat_id)
    case = Case(await store.lists.open(new_job(chat_id=chat_id), message, NOW), message)
    read = await store.moves.read(case.job, PACKED, READING, NOW, digest=digest)
    assert read is not None
    case.job = read
    for method in PATHS[state][1:]:
        moved = await CALLS[method](store, case)
        if hasattr(moved, "attempt_id"):
            case.attempt, moved = moved, moved.job
        case.job = moved
    return case.job


async def of(store: Store, job: Job, since: float = NOW) -> SameList:
    return await SameLists(store.database).of(job, since=since)


@pytest.mark.parametrize("state", sorted(set(JobState) - {JobState.READING, JobState.REFUSED}))
async def test_what_is_known_of_the_same_numbers(store: Store, state: JobState) -> None:
    other = await named(store, state)
    job = await named(store, JobState.CONFIRMING)
    known = await of(store, job)
    assert known.checked == (other if state in CHECKED else None)
    assert known.under_way == (other if state in UNDER_WAY else None)


async def test_another_chats_list_is_never_seen(store: Store) -> None:
    for state in (JobState.DONE, JobState.CHECKING):
        await named(store, state, chat_id=OTHER_CHAT)
    assert await of(store, await named(store, JobState.CONFIRMING)) == SameList()


async def test_other_numbers_and_lists_without_numbers_are_not_the_same(store: Store) -> None:
    await named(store, JobState.DONE, digest="e" * 64)
    await named(store, JobState.DONE, digest=None)
    assert await of(store, await named(store, JobState.CONFIRMING)) == SameList()
    assert await of(store, await named(store, JobState.CONFIRMING, digest=None)) == SameList()


async def test_only_a_result_that_is_kept_and_not_too_old_is_offered(store: Store) -> None:
    old = await named(store, JobState.DONE)
    newer = await named(store, JobState.DONE)
    job = await named(store, JobState.CONFIRMING)
    assert (await of(store, job)).checked == newer
    assert await of(store, job, since=NOW + 1) == SameList()
    await store.forgetting.forget(newer, NOW)
    assert (await of(store, job)).checked == old
    await store.jobs.take_due(NOW, lease="x", until=NOW + 1, most=9)
    await store.jobs.settle(old.id, lease="x", due_at=None)
    await store.retention.purge(NOW + 9, 0.0)
    assert await of(store, job) == SameList()
    assert (await store.job(old.id)).list_digest is None


async def test_a_press_wakes_the_other_previews_of_the_same_numbers_here(store: Store) -> None:
    same = await named(store, JobState.CONFIRMING)
    elsewhere = await named(store, JobState.CONFIRMING, chat_id=OTHER_CHAT)
    job = await named(store, JobState.CONFIRMING)
    for one in (same, elsewhere):
        await store.jobs.take_due(NOW, lease="x", until=NOW + 1, most=1)
        await store.jobs.settle(one.id, lease="x", due_at=NOW + 900)
    await store.moves.press(job, 1, 1, NOW + 5)
    assert (await store.job(same.id)).due_at == NOW + 5
    assert (await store.job(elsewhere.id)).due_at == NOW + 900
