from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.history import Kept
from bot.job import Failure, JobState
from bot.searching import Search, search_for
from storage.schema import jobs
from tests.storage.building import CHAT, NOW, OTHER_CHAT, Store, in_state, new_job, text_message

DAY = 86_400.0
FIVE = 5


async def lists(
    store: Store, count: int, *, chat_id: int = CHAT, name: str | None = None, now: float = NOW
) -> list[int]:
    """Open so many lists, and give their ids, newest first."""
    opened = []
    for _ in range(count):
        message = text_message(next(store.message_ids), chat_id=chat_id)
        opened.append((await store.lists.open(new_job(chat_id=chat_id, name=name), message, now)).id)
    return opened[::-1]


async def ids(store: Store, search: Search, *, first: int = 0, chat_id: int = CHAT) -> list[int]:
    page = await store.history.page(chat_id, search, first=first, most=FIVE)
    return [job.id for job in page.jobs]


async def test_pages_are_turned_to_the_first_list_and_back(store: Store) -> None:
    mine = await lists(store, 6)
    await lists(store, 3, chat_id=OTHER_CHAT)
    mine = await lists(store, 6) + mine

    newest = await store.history.page(CHAT, Search(), first=0, most=FIVE)
    middle = await store.history.page(CHAT, Search(), first=newest.older or 0, most=FIVE)
    oldest = await store.history.page(CHAT, Search(), first=middle.older or 0, most=FIVE)

    assert [job.id for page in (newest, middle, oldest) for job in page.jobs] == mine
    assert (newest.newer, middle.newer, oldest.newer) == (None, mine[0], mine[5])
    assert (newest.older, middle.older, oldest.older) == (mine[5], mine[10], None)


async def test_a_page_that_was_turned_to_before_new_lists_came_leads_to_them(store: Store) -> None:
    old = await lists(store, 3)
    new = await lists(store, 2)

    page = await store.history.page(CHAT, Search(), first=old[0], most=FIVE)

    assert page.newer == 0
    assert await ids(store, Search()) == new + old


async def test_what_was_no_list_is_not_shown_and_no_other_chats_list_either(store: Store) -> None:
    await in_state(store, JobState.REFUSED)
    shown = await in_state(store, JobState.DONE)

    assert await ids(store, Search()) == [shown.job.id]
    assert await ids(store, Search(), chat_id=OTHER_CHAT) == []
    assert await store.history.one(OTHER_CHAT, shown.job.id) is None
    assert await store.history.one(CHAT, shown.job.id) == shown.job


@pytest.mark.parametrize("said", ["база", "БАЗА", "ноябрь 100%", "аза_ноя", "б"])
async def test_lists_are_found_by_a_part_of_their_name_in_any_case(store: Store, said: str) -> None:
    await lists(store, 1, name="Base november 1000.txt")
    wanted = await lists(store, 1, name="База_Ноябрь 100%.txt")
    await lists(store, 1)

    assert await ids(store, search_for(said, NOW)) == wanted


@pytest.mark.parametrize("said", ["%", "_", "a%e", "b_se", "\\", "/"])
async def test_marks_of_sql_mean_themselves(store: Store, said: str) -> None:
    await lists(store, 1, name="base.txt")

    assert await ids(store, search_for(said, NOW)) == []


async def test_a_day_finds_the_lists_of_that_day_and_those_named_after_it(store: Store) -> None:
    noon = datetime(2026, 11, 3, 12, tzinfo=UTC).timestamp()
    await lists(store, 1, now=noon - DAY)
    that_day = await lists(store, 2, now=noon)
    named = await lists(store, 1, name="for 3.11 only.txt", now=noon + 5 * DAY)

    assert await ids(store, search_for("3.11", noon + 20 * DAY)) == named + that_day
    assert len(await ids(store, search_for("ноябрь", noon + 20 * DAY))) == 4
    assert await ids(store, search_for("декабрь", noon + 20 * DAY)) == []


async def test_a_forgotten_name_is_not_found(store: Store) -> None:
    (one,) = await lists(store, 1, name="secret.txt")
    job = await store.job(one)
    read = await store.moves.refuse_list(job, Failure.EMPTY, None, NOW)
    assert read is not None
    await store.forgetting.forget(read, NOW)

    async with store.database.read() as connection:
        names = (await connection.execute(jobs.select())).mappings().all()
    assert [(row["name"], row["name_folded"]) for row in names] == [(None, None)]


async def test_what_is_kept_of_a_list_is_known(store: Store) -> None:
    case = await in_state(store, JobState.DONE)
    assert await store.history.kept(case.job) == Kept(messages=True, numbers=True, verdicts=True, raw=False)

    await store.jobs.settle(case.job.id, lease="", due_at=None)
    await store.jobs.note_told(case.job, NOW)
    await store.forgetting.forget(case.job, NOW)
    assert await store.history.kept(case.job) == Kept(messages=False, numbers=False, verdicts=False, raw=False)
    assert await store.history.kept(replace(case.job, id=0)) == Kept(
        messages=False, numbers=False, verdicts=False, raw=False
    )


async def test_lists_queued_before_are_counted_in_the_same_chat(store: Store) -> None:
    first = await in_state(store, JobState.QUEUED, now=NOW)
    second = await in_state(store, JobState.QUEUED, now=NOW)
    await in_state(store, JobState.CHECKING, now=NOW - 5)
    await in_state(store, JobState.QUEUED, now=NOW - 5, chat_id=OTHER_CHAT)

    assert await store.jobs.queued_before(first.job) == 0
    assert await store.jobs.queued_before(second.job) == 1
