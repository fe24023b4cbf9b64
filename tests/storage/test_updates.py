"""The inbox: each update once, and each ends as exactly one thing."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage.updates import Incoming, UpdateState
from tests.storage.building import CHAT, NOW, OTHER_CHAT, Store

ENDS = [state for state in UpdateState if state is not UpdateState.WAITING]


def incoming(number: int, lane: int = CHAT, **raw: Any) -> Incoming:
    return Incoming(f"message:{lane}:{number}", lane, {"update_id": number, **raw})


def rows_in(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT id, state, tries, cause, finished_at FROM updates ORDER BY id").fetchall()


async def test_updates_are_stored_in_order_and_given_back_once(store: Store) -> None:
    batch = [incoming(1), incoming(2, OTHER_CHAT), incoming(3)]
    first = await store.inbox.store(batch, NOW)
    assert [(one.lane, one.raw["update_id"], one.tries) for one in first] == [
        (CHAT, 1, 0),
        (OTHER_CHAT, 2, 0),
        (CHAT, 3, 0),
    ]
    assert await store.inbox.store(batch, NOW + 1) == ()
    (new,) = await store.inbox.store([*batch, incoming(4), incoming(4)], NOW + 2)
    assert new.raw["update_id"] == 4


async def test_two_workers_that_store_the_same_update_hold_one(store: Store, second: Store) -> None:
    assert len(await store.inbox.store([incoming(1)], NOW)) == 1
    assert await second.inbox.store([incoming(1)], NOW) == ()


async def test_a_batch_is_stored_whole_or_not_at_all(store: Store) -> None:
    broken = Incoming("message:9", CHAT, {"update_id": {1, 2}})  # a set: JSON cannot say it
    with pytest.raises(TypeError):
        await store.inbox.store([incoming(1), broken], NOW)
    assert await store.inbox.waiting() == ()


async def test_half_a_surrogate_pair_or_a_zero_does_not_block_the_inbox(store: Store) -> None:
    odd = incoming(1, text="\ud83d \x00 \U0001f642")
    await store.inbox.store([odd], NOW)
    (waiting,) = await store.inbox.waiting()
    assert waiting.raw == odd.raw


async def test_what_was_not_finished_waits_for_the_next_start_in_order(store: Store, second: Store) -> None:
    one, two, three = await store.inbox.store([incoming(1), incoming(2), incoming(3)], NOW)
    await store.inbox.finish(two.id, UpdateState.ACTED, NOW)
    await store.inbox.note_try(three.id, "flood")
    assert [(left.id, left.tries) for left in await second.inbox.waiting()] == [(one.id, 0), (three.id, 1)]


@pytest.mark.parametrize("first", ENDS)
@pytest.mark.parametrize("then", [*ENDS, None])
async def test_an_update_that_is_finished_stays_so(
    store: Store, path: Path, first: UpdateState, then: UpdateState | None
) -> None:
    (one,) = await store.inbox.store([incoming(1)], NOW)
    await store.inbox.finish(one.id, first, NOW, "so it was")
    if then is None:
        await store.inbox.note_try(one.id, "again")
    else:
        await store.inbox.finish(one.id, then, NOW + 9, "otherwise")
    assert rows_in(path) == [(one.id, first, 0, "so it was", NOW)]


async def test_what_is_no_update_is_put_aside_once(store: Store, path: Path) -> None:
    for _ in range(2):
        await store.inbox.quarantine("broken:1", "[]", NOW, "it has no update_id")
    assert [row[1:] for row in rows_in(path)] == [("quarantined", 0, "it has no update_id", NOW)]
    assert await store.inbox.waiting() == ()


async def test_old_updates_are_deleted_but_for_those_that_wait(store: Store, path: Path) -> None:
    old, waiting = await store.inbox.store([incoming(1), incoming(2)], NOW)
    (young,) = await store.inbox.store([incoming(3)], NOW + 60)
    for one in (old, young):
        await store.inbox.finish(one.id, UpdateState.ACTED, NOW + 99)
    assert await store.inbox.purge(NOW + 60) == 1
    assert [row[0] for row in rows_in(path)] == [waiting.id, young.id]


async def test_of_an_update_that_was_refused_only_its_number_is_kept(store: Store, path: Path) -> None:
    refused, acted = await store.inbox.store([incoming(1, text="+79123456789"), incoming(2, text="mine")], NOW)
    await store.inbox.finish(refused.id, UpdateState.REFUSED, NOW)
    await store.inbox.finish(acted.id, UpdateState.ACTED, NOW)
    with closing(sqlite3.connect(path)) as connection:
        (first,), (second,) = connection.execute("SELECT raw FROM updates ORDER BY id").fetchall()
    assert json.loads(first) == {"update_id": 1}
    assert json.loads(second) == acted.raw
    assert await store.inbox.store([incoming(1, text="+79123456789")], NOW) == ()
