"""What the simulation has found, as stories that stay: the steps as hypothesis tells them, without those in vain."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from tests.simulation.people import Writing
from tests.simulation.rules import Simulation


@contextmanager
def story(*lists: tuple[int, int]) -> Iterator[Simulation]:
    """Give a world in which these lists were sent, by place and count; it comes to its end, and is judged."""
    state: Any = Simulation()
    try:
        state.begin(seed=1, lists=list(lists))
        yield state
    except BaseException:
        state.has_failed = True
        raise
    finally:
        state.teardown()


def steps(state: Simulation) -> Any:
    """Give the steps, in which nothing else happens meanwhile."""

    class Steps:
        def __getattr__(self, name: str) -> Any:
            return partial(getattr(state, name), meanwhile="nothing", soon=1.5)

    return Steps()


def test_a_no_money_that_was_said_by_mistake_stops_no_list_for_ever() -> None:
    with story((0, 3)) as state:
        then = steps(state)
        then.api_fails(trouble=("submit_answer", {"status": 402, "body": {"error": "insufficient_balance"}}), times=1)
        then.decide(which=0, action="check")
        then.much_time_passes(seconds=30 * 3600)


def test_a_result_that_a_group_could_not_be_given_reaches_it_after_it_has_moved() -> None:
    with story((1, 3)) as state:
        then = steps(state)
        then.decide(which=0, action="check")
        then.chat_changes(what="blocks", place=1)
        then.time_passes(seconds=20.0)
        then.list_comes(place=1, count=2, writing=Writing.PLAIN, is_file=False)
        then.chat_changes(what="moves", place=1)
        then.chat_changes(what="unblocks", place=1)


def test_a_file_is_asked_for_after_all_its_numbers_were_forgotten() -> None:
    with story((0, 1)) as state:
        then = steps(state)
        then.decide(which=0, action="check")
        then.time_passes(seconds=20.0)
        then.forget(which=0, is_number=True)
        then.press_something(which=0)
        then.press_something(which=1)
