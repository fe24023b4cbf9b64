"""What is forgotten is gone from every row, from the file and from its log; the counts stay."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.erasing import Wanted, erase
from bot.job import TERMINAL, JobState
from bot.list_parts import Part
from storage.forgetting import ERASABLE, FORGETTABLE
from storage.lists import StoredResult
from storage.updates import Incoming, UpdateState
from tests.storage.building import ANNA, CALLS, CHAT, LIST, NOW, OTHER_CHAT, Store, erase_from, in_state, new_job
from tests.storage.building import text_message as text
from tests.storage.traces import traces

BLANK = '{"update_id": 1}'
FORMS = ("9123456789", "912 345-67-89", "77011234567", "8 912")
"""What TEXT of building.py holds, and another writing of its first number."""
ALSO = "Ivan 8 912 345-67-89"


async def raws(store: Store, chat_id: int = CHAT) -> dict[str, str]:
    async with store.database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT key, raw FROM updates WHERE lane = ?", (chat_id,))
        return {row.key: row.raw for row in rows}


async def tell(
    store: Store, message_id: int, said: str, *, chat_id: int = CHAT, done: bool = True, **more: object
) -> str:
    """Let the inbox hold a message, as Telegram told of it."""
    message = {"message_id": message_id, "chat": {"id": chat_id}, "text": said, **more}
    key = f"message:{chat_id}:{message_id}"
    stored = await store.inbox.store([Incoming(key, chat_id, {"update_id": 1, "message": message})], NOW)
    if done:
        await store.inbox.finish(stored[0].id, UpdateState.ACTED, NOW)
    return key


@pytest.mark.parametrize("state", JobState)
async def test_a_list_is_forgotten_unless_it_is_read_or_checked(store: Store, path: Path, state: JobState) -> None:
    case = await in_state(store, state)
    key = await tell(store, case.message.message_id, "+79123456789\n+77011234567\n8 912")
    before = await store.job(case.job.id)
    forgotten = await store.forgetting.forget(case.job, NOW + 5)
    after = await store.job(case.job.id)
    if state not in FORGETTABLE:
        assert forgotten is None
        assert after == before
        assert state not in TERMINAL
        return
    assert forgotten == after
    assert after.state is (state if state in TERMINAL else JobState.CANCELLED)
    assert (after.name, after.reading, after.detail, after.result_file_id, after.list_digest) == (None,) * 5
    assert (after.forgotten_at, after.due_at, after.told_at) == (NOW + 5, NOW + 5, None)
    counts = ("valid", "repeated", "rejected", "yes", "no", "undetermined", "amount", "task_id", "attempts")
    assert all(getattr(after, name) == getattr(before, name) for name in counts)
    assert await store.lists.messages(case.job.id) == ()
    assert await store.lists.numbers(case.job.id) is None
    assert await store.lists.result(case.job.id) is None
    assert await raws(store) == {key: BLANK}
    assert traces(path, *FORMS) == []
    assert await store.forgetting.forget(case.job, NOW + 9) is not None  # twice is as good as once


async def test_a_list_of_another_chat_is_not_forgotten(store: Store) -> None:
    case = await in_state(store, JobState.DONE)
    assert await store.forgetting.forget(replace(case.job, chat_id=OTHER_CHAT), NOW) is None
    assert await store.lists.result(case.job.id) is not None


async def test_a_list_that_was_forgotten_can_be_sent_again(store: Store) -> None:
    case = await in_state(store, JobState.DONE)
    await store.forgetting.forget(case.job, NOW)
    assert await store.lists.open_again(case.job, NOW, language="en", person=(ANNA, "Anna")) is None
    assert (await store.lists.open(new_job(), case.message, NOW)).id != case.job.id


async def test_an_undeliverable_list_that_was_forgotten_is_not_delivered(store: Store) -> None:
    forgotten, kept = [await in_state(store, JobState.UNDELIVERABLE) for _ in range(2)]
    await store.forgetting.forget(forgotten.job, NOW)
    assert [job.id for job in await store.tasks.reachable_again(CHAT, NOW)] == [kept.job.id]


async def test_every_update_that_holds_a_message_of_the_list_is_blanked_and_no_other(store: Store) -> None:
    case = await in_state(store, JobState.DONE)
    await store.jobs.note_shown(case.job, message_id=70, shown="x")
    mine = case.message.message_id
    holding = {
        await tell(store, mine, "list"),
        await tell(store, 71, "/check", reply_to_message={"message_id": mine, "text": "list"}),
        await tell(store, 72, "press", message={"text": "preview", "message_id": 70}),
    }
    others = {
        await tell(store, mine + 100, "another"),
        await tell(store, mine, "another chat's", chat_id=OTHER_CHAT),
        await tell(store, 73, "waits", done=False, reply_to_message={"message_id": mine}),
    }
    await store.forgetting.forget(case.job, NOW)
    told = {**await raws(store), **await raws(store, OTHER_CHAT)}
    assert {key for key, raw in told.items() if raw == BLANK} == holding
    assert {key for key, raw in told.items() if raw != BLANK} == others


async def test_what_could_not_be_decoded_is_blanked_as_well(store: Store) -> None:
    await store.inbox.quarantine("broken", "no JSON, +79123456789", NOW, "no JSON")
    await store.forgetting.blank_others(lambda told: "+79123456789" in str(told))
    assert await raws(store, 0) == {"broken": "{}"}


async def test_an_update_that_was_blanked_is_still_known(store: Store) -> None:
    key = await tell(store, 7, "+79123456789")
    await store.forgetting.blank_others(lambda told: "+79123456789" in json.dumps(told))
    assert await raws(store) == {key: BLANK}
    assert await store.inbox.store([Incoming(key, CHAT, {"update_id": 2})], NOW) == ()


async def test_the_command_itself_is_blanked_while_it_waits_for_its_end(store: Store) -> None:
    await tell(store, 8, "/forget +79123456789", done=False)
    await store.forgetting.blank_command(CHAT, 8)
    (waiting,) = await store.inbox.waiting()
    assert waiting.raw == {"update_id": 1}


async def test_only_lists_of_which_something_is_kept_are_named(store: Store) -> None:
    kept = [(await in_state(store, state)).job.id for state in (JobState.DONE, JobState.CHECKING, JobState.READING)]
    await in_state(store, JobState.REFUSED)  # nothing is kept of what was no list
    gone = await in_state(store, JobState.CANCELLED)
    await store.forgetting.forget(gone.job, NOW)
    elsewhere = await in_state(store, JobState.DONE, chat_id=OTHER_CHAT)
    assert [job.id for job in await store.forgetting.kept(CHAT, 9)] == kept[::-1]
    assert [job.id for job in await store.forgetting.kept(CHAT, 1)] == kept[-1:]
    assert await store.forgetting.all_kept() == (*kept, elsewhere.job.id)


@pytest.mark.parametrize("state", sorted(ERASABLE - {JobState.REFUSED}))
async def test_a_number_goes_from_a_list_and_all_else_stays(store: Store, path: Path, state: JobState) -> None:
    case = await in_state(store, state)
    before = await store.job(case.job.id)
    key = await tell(store, case.message.message_id, "+79123456789")
    assert await erase_from(store, before) is True
    await store.database.empty_log()
    after, left = await store.job(case.job.id), await store.forgetting.look(case.job.id)
    assert traces(path, *FORMS[:2]) == []
    assert left is not None
    assert left.parts == (Part(b"+77011234567\n8 912\n"),)
    counts = ("state", "valid", "rejected", "yes", "no", "starter_id", "task_id")
    assert all(getattr(after, name) == getattr(before, name) for name in counts)
    assert after.list_revision == before.list_revision + (state is JobState.CONFIRMING)
    assert await raws(store) == {key: BLANK}
    result = await store.lists.result(case.job.id)
    if state in {JobState.DONE, JobState.UNDELIVERABLE}:
        assert result is not None
        assert (result.verdicts, result.workbook) == ("n", b"made anew")
        assert after.result_file_id is None
    else:
        assert result is None
    assert await erase_from(store, after) is None


async def test_what_several_messages_said_is_said_by_the_first(store: Store) -> None:
    case = await in_state(store, JobState.READING)
    await store.lists.join(case.job.id, text(800, ALSO.encode(), sent_at=NOW + 1), NOW)
    case.job = await store.job(case.job.id)
    case.job = await CALLS["read"](store, case)
    assert await erase_from(store, case.job) is True
    assert [one.content for one in await store.lists.messages(case.job.id)] == [b"+77011234567\n8 912\n", b""]


async def test_a_file_of_the_api_that_nobody_can_look_into_goes_whole(store: Store) -> None:
    case = await in_state(store, JobState.CHECKING)
    kept = await store.tasks.keep_result(case.job, StoredResult(None, None, b"PK raw"), None, NOW)
    assert kept is not None
    done = await store.tasks.delivered(kept, NOW)
    assert done is not None
    assert await erase_from(store, done) is True
    assert await store.lists.result(done.id) is None


async def test_a_list_that_moved_meanwhile_is_left_for_another_look(store: Store) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    stale = await store.forgetting.look(case.job.id)
    assert stale is not None
    await store.moves.press(case.job, 1, ANNA, NOW)
    erased = erase(Wanted.of(LIST.valid[0]), stale.packed, None, stale.parts, (), repeated=0)
    assert erased is not None
    assert not await store.forgetting.replace(stale, erased, reading=None, name=None, workbook=None, now=NOW)
    assert await store.lists.numbers(case.job.id) == stale.packed


async def test_the_name_of_a_list_is_dropped_where_it_is_the_number(store: Store) -> None:
    named = await store.lists.open(new_job(name="79123456789.txt"), text(1), NOW)
    other = await store.lists.open(new_job(name="base.txt"), text(2), NOW)
    await store.forgetting.blank_others(lambda told: "79123456789" in str(told))
    assert [(await store.job(one.id)).name for one in (named, other)] == [None, "base.txt"]


async def test_after_the_days_are_over_nothing_of_a_list_is_in_the_file(store: Store, path: Path) -> None:
    case = await in_state(store, JobState.DONE)
    await tell(store, case.message.message_id, "+79123456789\n+77011234567\n8 912")
    await store.jobs.take_due(NOW, lease="x", until=NOW + 1, most=9)
    await store.jobs.settle(case.job.id, lease="x", due_at=None)
    assert traces(path, *FORMS) != []
    await store.retention.purge(NOW + 1, 0.0)
    await store.inbox.purge(NOW + 1)
    assert traces(path, *FORMS) == []
    assert (await store.job(case.job.id)).valid == 2
