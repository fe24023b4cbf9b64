"""Worlds in simulated time, each of 200 steps that hypothesis chooses: whatever happens, every promise is kept.

A seed that fails is told with its steps; as a story in ``test_stories.py`` it stays, also when the rules are others.
``make simulate`` plays more of them: SEED= begins with a known one, SEEDS= says how many.
"""

import pytest

from tests.bot.hostile import examples
from tests.simulation.machine import PLAYED
from tests.simulation.playing import play

BATCHES = 8
SEEDS = examples(20)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_whatever_happens_every_promise_is_kept(batch: int) -> None:
    PLAYED.clear()
    for number in range(batch, SEEDS, BATCHES):
        play(number)
    assert PLAYED["charges"] > 0
    assert PLAYED["kills"] > 0
