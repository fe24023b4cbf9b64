"""What groups have set."""

import pytest

from storage.groups import GroupSettings, ResultsTo, Spender, WhoSpends
from tests.storage.building import ANNA, BORIS, CHAT, Store

OTHERS = -100_600


async def test_a_group_that_has_set_nothing_lets_everybody_start_and_reads_its_results(store: Store) -> None:
    assert await store.groups.settings(CHAT) == GroupSettings(WhoSpends.EVERYONE, ResultsTo.GROUP, takes_files=False)


async def test_each_thing_is_set_alone_and_for_one_group(store: Store) -> None:
    await store.groups.set_takes_files(CHAT, takes=True)
    await store.groups.set_results_to(CHAT, ResultsTo.STARTER)
    await store.groups.set_who_spends(CHAT, WhoSpends.ADMINS)
    assert await store.groups.settings(CHAT) == GroupSettings(WhoSpends.ADMINS, ResultsTo.STARTER, takes_files=True)
    await store.groups.set_takes_files(CHAT, takes=False)
    await store.groups.set_results_to(CHAT, ResultsTo.GROUP)
    assert await store.groups.settings(CHAT) == GroupSettings(WhoSpends.ADMINS)
    assert await store.groups.settings(OTHERS) == GroupSettings()


@pytest.mark.parametrize("who", WhoSpends)
async def test_the_table_knows_every_word(store: Store, who: WhoSpends) -> None:
    await store.groups.set_who_spends(CHAT, who)
    assert (await store.groups.settings(CHAT)).who_spends is who


async def test_members_are_named_and_taken_off_the_list(store: Store) -> None:
    await store.groups.allow(CHAT, BORIS, "Boris")
    await store.groups.allow(CHAT, ANNA, "Anna")
    await store.groups.allow(CHAT, BORIS, "Bo")
    await store.groups.allow(OTHERS, 99, "Somebody else")
    assert await store.groups.spenders(CHAT) == (Spender(ANNA, "Anna"), Spender(BORIS, "Bo"))
    assert await store.groups.is_spender(CHAT, BORIS)
    assert await store.groups.disallow(CHAT, BORIS)
    assert not await store.groups.disallow(CHAT, BORIS)
    assert not await store.groups.is_spender(CHAT, BORIS)
    assert await store.groups.spenders(OTHERS) == (Spender(99, "Somebody else"),)
