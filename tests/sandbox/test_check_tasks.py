import math
from decimal import Decimal

import pytest

from sandbox.check_options import CheckOptions
from sandbox.check_tasks import Task, TaskIds
from tests.sandbox.check_client import some_numbers


def a_task(created: float = 1_700_000_000.0, count: int = 1000, pace: float = 12.0) -> Task:
    options = CheckOptions(numbers_per_second=pace, pending_seconds=2)
    return Task("cs9viu7i61pkfs4oavvg", some_numbers(count), created, Decimal(1), options)


def test_ids_of_one_second_differ() -> None:
    ids = TaskIds()
    assert len({ids.next(1_700_000_000) for _ in range(1000)}) == 1000


@pytest.mark.parametrize("pace", [0.1, 3, 12, 7919, 10**6])
def test_a_task_is_ready_when_its_seconds_have_passed_and_not_long_before(pace: float) -> None:
    task = a_task(pace=pace)
    now = task.created
    left = task.seconds_left(now)
    assert task.progress(now + left - 0.01).status != "exported"
    assert task.progress(now + left).status == "exported"
    assert task.seconds_left(now + left) == pytest.approx(0, abs=1e-5)


def test_a_task_never_goes_back() -> None:
    task = a_task()
    totals = [task.progress(task.created + seconds / 7).total for seconds in range(700)]
    assert totals == sorted(totals)
    assert (totals[0], totals[-1]) == (0, 1000)


def test_the_last_change_of_a_task_does_not_move_while_nothing_changes() -> None:
    task = a_task()
    ready = task.created + 2 + 1000 / 12
    assert task.progress(task.created + 1).changed == task.created
    assert task.progress(ready + 3600).changed == pytest.approx(ready)


def test_time_that_a_task_stood_still_is_not_made_up_for() -> None:
    task = a_task(pace=10)
    start = task.created
    task.stall(start + 12)
    assert task.progress(start + 500).total == 100
    assert task.seconds_left(start + 500) == math.inf
    assert task.release(start + 500)
    assert task.progress(start + 501).total == 110
    task.stall(start + 501, at=0.5)
    assert task.progress(start + 600).total == 500
    assert task.release(start + 600)
    assert task.seconds_left(start + 600) == pytest.approx(50, abs=0.01)


def test_a_stall_ahead_that_was_not_reached_costs_no_time() -> None:
    task = a_task(pace=10)
    task.stall(task.created, at=0.9)
    assert task.release(task.created + 12)
    assert task.progress(task.created + 13).total == 110
