"""What was learned and belongs to no job."""

from typing import Any

import pytest

from storage.facts import Fact
from tests.storage.building import NOW, Store


@pytest.mark.parametrize("value", [500, 12.5, "digest", {"waiting": "money", "since": NOW, "ask_at": NOW + 9}, [1]])
async def test_a_fact_is_kept_as_it_was_told(store: Store, second: Store, value: Any) -> None:
    await store.facts.keep(Fact.PAUSE, "something else")
    await store.facts.keep(Fact.PAUSE, value)
    assert await second.facts.get(Fact.PAUSE, NOW) == value


async def test_a_fact_is_forgotten_when_its_time_is_over(store: Store) -> None:
    await store.facts.keep(Fact.MINIMUM, 500, until=NOW + 10)
    assert await store.facts.get(Fact.MINIMUM, NOW + 10) == 500
    assert await store.facts.get(Fact.MINIMUM, NOW + 11) is None
    await store.facts.keep(Fact.MINIMUM, 600)
    assert await store.facts.get(Fact.MINIMUM, NOW + 11) == 600


async def test_a_fact_is_forgotten_when_told_so_and_the_others_stay(store: Store) -> None:
    await store.facts.keep(Fact.PACE, 12.5)
    await store.facts.keep(Fact.MINIMUM, 500)
    await store.facts.forget(Fact.PACE)
    await store.facts.forget(Fact.PROFILE)
    assert await store.facts.get(Fact.PACE, NOW) is None
    assert await store.facts.get(Fact.MINIMUM, NOW) == 500
