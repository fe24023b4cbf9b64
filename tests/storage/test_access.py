"""Who is let in, as it is stored: what admins have said, and who was seen where."""

import pytest

from storage.access import GROUPS_ASKED, SEEN_SECONDS, AccessState, Entry, keep, move_access, state_of
from tests.storage.building import ANNA, BORIS, CHAT, EVE, NOW, SALES, Store

ADA = 13
HOUR = 3600.0


async def say(store: Store, access_id: int, state: AccessState, *, at: float = NOW, name: str = "Eve") -> Entry:
    entry = Entry(access_id, name, state, ADA, at)
    async with store.database.write() as connection:
        await keep(store.database, connection, entry)
    return entry


async def test_nothing_is_known_of_who_was_never_decided_about(store: Store) -> None:
    known = await store.accesses.known(EVE, SALES)
    assert (known.person, known.chat) == (None, None)
    assert await store.accesses.known(None, None) == await store.accesses.known(EVE, None)


async def test_what_was_said_of_the_person_and_of_the_chat_is_told_apart(store: Store) -> None:
    await say(store, EVE, AccessState.DENIED)
    await say(store, SALES, AccessState.APPROVED)
    known = await store.accesses.known(EVE, SALES)
    assert (known.person, known.chat) == (AccessState.DENIED, AccessState.APPROVED)
    private = await store.accesses.known(EVE, EVE)
    assert (private.person, private.chat) == (AccessState.DENIED, AccessState.DENIED)


@pytest.mark.parametrize("before", [None, *AccessState])
async def test_letting_in_replaces_whatever_was_said_before(store: Store, before: AccessState | None) -> None:
    if before is not None:
        await say(store, EVE, before)
    await store.accesses.let_in(EVE, "Eve Adams", ADA, NOW + 1)
    assert await store.accesses.entries(skip=0, most=5) == (
        Entry(EVE, "Eve Adams", AccessState.APPROVED, ADA, NOW + 1),
    )


@pytest.mark.parametrize("before", [None, AccessState.DENIED, AccessState.BLOCKED])
async def test_only_who_is_let_in_can_be_kept_out_by_a_press(store: Store, before: AccessState | None) -> None:
    if before is not None:
        await say(store, EVE, before)
    assert await store.accesses.revoke(EVE, ADA, NOW + 1) is None
    assert (await store.accesses.known(EVE, None)).person is before


async def test_two_admins_who_revoke_at_once_revoke_once(store: Store) -> None:
    await say(store, EVE, AccessState.APPROVED)
    first = await store.accesses.revoke(EVE, ADA, NOW + 1)
    assert first == Entry(EVE, "Eve", AccessState.DENIED, ADA, NOW + 1)
    assert await store.accesses.revoke(EVE, 14, NOW + 2) is None
    assert await store.accesses.kept_out(EVE) == first


async def test_who_is_let_in_is_not_kept_out(store: Store) -> None:
    assert await store.accesses.kept_out(EVE) is None
    await say(store, EVE, AccessState.APPROVED)
    assert await store.accesses.kept_out(EVE) is None


async def test_the_list_has_groups_first_then_people_then_those_kept_out_the_latest_first(store: Store) -> None:
    said = [
        (EVE, AccessState.BLOCKED, NOW + 9),
        (ANNA, AccessState.APPROVED, NOW + 1),
        (BORIS, AccessState.APPROVED, NOW + 2),
        (SALES, AccessState.DENIED, NOW + 8),
        (CHAT, AccessState.APPROVED, NOW),
    ]
    for access_id, state, at in said:
        await say(store, access_id, state, at=at)
    ids = [entry.id for entry in await store.accesses.entries(skip=0, most=9)]
    assert ids == [CHAT, BORIS, ANNA, SALES, EVE]
    assert [entry.id for entry in await store.accesses.entries(skip=1, most=2)] == [BORIS, ANNA]
    assert await store.accesses.counts() == (1, 2, 2)


async def test_with_nobody_there_is_nothing_to_count(store: Store) -> None:
    assert await store.accesses.counts() == (0, 0, 0)
    assert await store.accesses.entries(skip=0, most=9) == ()


async def test_a_person_is_looked_for_first_where_they_were_seen(store: Store) -> None:
    for number, chat_id in enumerate((CHAT, SALES, -7)):
        await say(store, chat_id, AccessState.APPROVED, at=NOW + number)
    await store.accesses.was_seen(SALES, EVE, NOW)
    await store.accesses.was_seen(-8, EVE, NOW + 1)
    assert await store.accesses.groups_of(EVE, [-9, 5]) == (SALES, -9, -7, CHAT)
    assert await store.accesses.groups_of(EVE, [-8]) == (-8, SALES, -7, CHAT)


@pytest.mark.parametrize("state", [AccessState.DENIED, AccessState.BLOCKED])
async def test_a_group_that_is_kept_out_makes_nobody_a_member(store: Store, state: AccessState) -> None:
    await say(store, SALES, state)
    await store.accesses.was_seen(SALES, EVE, NOW)
    assert await store.accesses.groups_of(EVE, []) == ()


async def test_a_person_is_looked_for_in_so_many_groups_at_the_most(store: Store) -> None:
    for number in range(GROUPS_ASKED + 5):
        await say(store, -1000 - number, AccessState.APPROVED, at=NOW + number)
        await store.accesses.was_seen(-1000 - number, EVE, NOW + number)
    asked = await store.accesses.groups_of(EVE, [-5])
    assert len(asked) == GROUPS_ASKED
    assert asked[0] == -1000 - GROUPS_ASKED - 4


async def test_it_is_kept_once_an_hour_that_somebody_was_seen(store: Store) -> None:
    seen = [await store.accesses.was_seen(SALES, EVE, NOW + after) for after in (0, 5, SEEN_SECONDS - 1, SEEN_SECONDS)]
    assert seen == [True, False, False, True]


async def test_who_has_left_was_never_seen(store: Store) -> None:
    await say(store, SALES, AccessState.APPROVED)
    await say(store, CHAT, AccessState.APPROVED, at=NOW + 1)
    await store.accesses.was_seen(SALES, EVE, NOW)
    await store.accesses.is_gone(SALES, EVE)
    await store.accesses.is_gone(SALES, BORIS)
    assert await store.accesses.groups_of(EVE, []) == (CHAT, SALES)


async def test_who_was_seen_long_ago_is_forgotten(store: Store) -> None:
    await store.accesses.was_seen(SALES, EVE, NOW)
    await store.accesses.was_seen(SALES, ANNA, NOW + 2)
    assert await store.accesses.purge(NOW + 1) == 1
    assert await store.accesses.was_seen(SALES, ANNA, NOW + 3) is False


async def test_files_are_taken_unasked_only_where_the_group_is_let_in(store: Store) -> None:
    for chat_id in (SALES, CHAT, -7, -8):
        await store.groups.set_takes_files(chat_id, takes=chat_id != -8)
    await say(store, SALES, AccessState.APPROVED)
    await say(store, CHAT, AccessState.DENIED)
    await say(store, -8, AccessState.APPROVED)
    assert await store.accesses.taking_files([]) == {SALES}
    assert await store.accesses.taking_files([-7, 5]) == {SALES, -7}


async def moved(store: Store, old: int, new: int) -> None:
    for _ in range(2):  # an update may be handled twice
        async with store.database.write() as connection:
            await move_access(connection, old, new)


async def test_what_was_said_of_a_group_is_said_of_its_new_id(store: Store) -> None:
    await say(store, SALES, AccessState.APPROVED)
    await store.accesses.was_seen(SALES, EVE, NOW)
    await store.accesses.was_seen(SALES, ANNA, NOW)
    await store.accesses.was_seen(-7, ANNA, NOW + 9)
    await moved(store, SALES, -7)
    assert [entry.id for entry in await store.accesses.entries(skip=0, most=5)] == [-7]
    assert await store.accesses.groups_of(EVE, []) == (-7,)
    assert await store.accesses.groups_of(ANNA, [SALES]) == (-7, SALES)


async def test_what_was_said_of_the_new_id_itself_counts(store: Store) -> None:
    await say(store, SALES, AccessState.APPROVED)
    await say(store, -7, AccessState.BLOCKED)
    await moved(store, SALES, -7)
    async with store.database.read() as connection:
        assert await state_of(connection, -7) is AccessState.BLOCKED
        assert await state_of(connection, SALES) is None
