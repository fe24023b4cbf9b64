"""Playing one seed: a run of the rules that is the same each time."""

import time
import traceback
from collections import Counter
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.machine import PLAYED
from tests.simulation.rules import Simulation

STEPS = 200


@dataclass(frozen=True, slots=True)
class Played:
    """A run that was played. ``broken``: what went wrong; ``seconds`` of the processor's time."""

    number: int
    broken: str | None
    seconds: float
    sums: Counter[str]


def play(number: int, *, steps: int = STEPS, shrinks: bool = False) -> None:
    """Play the run of this number.

    Args:
        number: Of the runs there are, which.
        steps: How many steps it has at most.
        shrinks: Whether a failure is told in the fewest steps that show it; finding them takes many runs.

    Raises:
        AssertionError: A promise was broken. The notes of the error say what happened and how to do it again.
    """
    one = type("Simulation", (Simulation,), {})
    options = settings(
        max_examples=2,  # the first is the simplest there is, in which nothing happens
        stateful_step_count=steps,
        phases=[Phase.generate, *([Phase.shrink] if shrinks else [])],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(number)(one), settings=options)
    except Exception as error:
        error.add_note(f"To play it again: make simulate SEED={number} SEEDS=1")
        raise


def tried(number: int, steps: int, *, shrinks: bool) -> Played:
    """Play one, and say how it went."""
    began, broken = time.process_time(), None
    PLAYED.clear()
    try:
        play(number, steps=steps, shrinks=shrinks)
    except Exception:  # noqa: BLE001  (whatever it was, it is told)
        broken = traceback.format_exc()
    return Played(number, broken, time.process_time() - began, PLAYED.copy())
