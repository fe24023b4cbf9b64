from typing import Any

import pytest

from sandbox.changes import Changes
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.update_queue import UpdateQueue


@pytest.fixture
def queue() -> UpdateQueue:
    return UpdateQueue(Clock(speed=0), Changes(), Faults())


def numbers(updates: list[dict[str, Any]]) -> list[int]:
    return [update["message"] for update in updates]


def test_updates_wait_in_the_order_in_which_they_came(queue: UpdateQueue) -> None:
    ids = [queue.push({"message": number}) for number in range(5)]
    assert ids == list(range(ids[0], ids[0] + 5))
    assert numbers(queue.first(3)) == [0, 1, 2]


def test_what_is_confirmed_is_written_down_and_what_is_dropped_is_not(queue: UpdateQueue) -> None:
    ids = [queue.push({"message": number}) for number in range(5)]
    queue.confirm(ids[2])
    assert (numbers(queue.confirmed), numbers(queue.first(9))) == ([0, 1], [2, 3, 4])
    queue.confirm(-2)
    assert (numbers(queue.confirmed), numbers(queue.first(9))) == ([0, 1, 2], [3, 4])
    queue.drop()
    assert (numbers(queue.confirmed), numbers(queue.expired), queue.first(9)) == ([0, 1, 2], [3, 4], [])


def test_an_update_is_a_picture_of_its_moment(queue: UpdateQueue) -> None:
    message = {"text": "before"}
    queue.add("message", message)
    message["text"] = "after"
    assert queue.first(1)[0]["message"] == {"text": "before"}


def test_some_kinds_come_only_when_they_are_named(queue: UpdateQueue) -> None:
    for kind in ("message", "chat_member", "message_reaction"):
        queue.add(kind, {})
    assert [set(update) - {"update_id"} for update in queue.first(9)] == [{"message"}]
    queue.allowed = frozenset({"chat_member"})
    queue.add("message", {})
    queue.add("chat_member", {})
    assert len(queue.first(9)) == 2
