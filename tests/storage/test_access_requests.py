"""Questions to the admins, as they are stored: one at a time for a chat, answered once, whoever is quicker."""

import asyncio

import pytest
from sqlalchemy import func, select

from storage.access import AccessState
from storage.access_requests import (
    AGAIN_SECONDS,
    DAY,
    MOST_A_DAY,
    MOST_KEPT,
    Decision,
    NewRequest,
    Request,
    move_requests,
)
from storage.team_schema import access_requests, kept_lists
from tests.storage.building import ANNA, EVE, NOW, SALES, Store, asks, kept

ADA, OLGA = (13, "Ada"), (14, "Olga")
ANSWERS = (Decision.APPROVED, Decision.DENIED, Decision.BLOCKED)
ANONYMOUS = 1087968824


async def asked(store: Store, chat_id: int = EVE, *, now: float = NOW, **more: object) -> Request:
    request = await store.requests.ask(asks(chat_id, **more), None, now)  # type: ignore[arg-type]
    assert request is not None
    return request


async def rows(store: Store) -> int:
    async with store.database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(access_requests))).scalar_one()


async def files(store: Store) -> list[tuple[int, int]]:
    async with store.database.read() as connection:
        found = await connection.execute(select(kept_lists.c.chat_id, kept_lists.c.message_id))
        return [(row.chat_id, row.message_id) for row in found]


async def state(store: Store, access_id: int) -> AccessState | None:
    return (await store.accesses.known(access_id, None)).person


async def test_who_asks_again_asks_the_same_question(store: Store) -> None:
    first = await asked(store)
    again = await asked(store, now=NOW + 60)
    assert again == first
    assert await rows(store) == 1
    assert (first.chat_id, first.person_name, first.username, first.asked_at) == (EVE, "Eve", "eve", NOW)
    assert first.name == "Eve"
    assert not first.is_group


async def test_many_messages_at_once_are_one_question(store: Store, second: Store) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one.requests.ask(asks(), None, NOW)) for one in (store, second) * 10]
    assert len({task.result() for task in tasks}) == 1
    assert await rows(store) == 1


async def test_a_group_has_a_question_of_its_own(store: Store) -> None:
    await asked(store)
    group = await asked(store, SALES)
    assert group.is_group
    assert group.name == "Sales"
    assert await store.requests.count_open() == 2
    assert [one.chat_id for one in await store.requests.open_ones(skip=0, most=9)] == [EVE, SALES]
    assert [one.chat_id for one in await store.requests.open_ones(skip=1, most=9)] == [SALES]
    assert await store.requests.get(group.token) == group
    assert await store.requests.get("nobody's") is None


@pytest.mark.parametrize("decision", ANSWERS)
async def test_nothing_is_asked_about_who_was_decided_about(store: Store, decision: Decision) -> None:
    request = await asked(store)
    await store.requests.decide(request.token, decision, ADA, NOW)
    assert await store.requests.ask(asks(), kept(5), NOW + 5) is None
    assert await files(store) == []


@pytest.mark.parametrize(("decision", "again"), [(Decision.DENIED, True), (Decision.BLOCKED, False)])
async def test_a_group_that_was_denied_is_asked_about_again_where_we_are_added_again(
    store: Store,
    decision: Decision,
    again: bool,  # noqa: FBT001  (a table)
) -> None:
    request = await asked(store, SALES, leave_at=NOW + DAY)
    await store.requests.decide(request.token, decision, ADA, NOW)
    assert await store.requests.ask(asks(SALES), None, NOW + 5) is None
    assert (await store.requests.ask(asks(SALES, leave_at=NOW + DAY), None, NOW + 5) is not None) is again


@pytest.mark.parametrize("decision", ANSWERS)
async def test_only_the_first_answer_counts(store: Store, second: Store, decision: Decision) -> None:
    request = await asked(store)
    other = Decision.BLOCKED if decision is Decision.APPROVED else Decision.APPROVED
    first = await store.requests.decide(request.token, decision, ADA, NOW + 1)
    late = await second.requests.decide(request.token, other, OLGA, NOW + 2)
    assert first is not None
    assert late is not None
    assert (first[1], late[1]) == (True, False)
    assert first[0] == late[0]
    assert (late[0].decision, late[0].decided_by, late[0].decided_by_name) == (decision, *ADA)
    assert await state(store, EVE) == decision.value


async def test_two_admins_at_once_give_one_answer(store: Store, second: Store) -> None:
    request = await asked(store)
    answers = await asyncio.gather(
        store.requests.decide(request.token, Decision.APPROVED, ADA, NOW),
        second.requests.decide(request.token, Decision.BLOCKED, OLGA, NOW),
    )
    (ours,) = [answer[0] for answer in answers if answer is not None and answer[1]]
    assert ours.decision is not None
    assert await state(store, EVE) == ours.decision.value


async def test_a_forged_press_finds_no_question(store: Store) -> None:
    await asked(store)
    assert await store.requests.decide("forged", Decision.APPROVED, ADA, NOW) is None
    assert await state(store, EVE) is None


async def test_a_group_is_let_in_under_its_own_id_not_that_of_who_asked(store: Store) -> None:
    request = await asked(store, SALES)
    await store.requests.decide(request.token, Decision.APPROVED, ADA, NOW)
    (entry,) = await store.accesses.entries(skip=0, most=5)
    assert (entry.id, entry.name, entry.decided_by) == (SALES, "Sales", 13)


async def test_a_file_is_kept_once_and_only_so_many(store: Store) -> None:
    for message_id in (1, 1, *range(2, MOST_KEPT + 10)):
        await store.requests.ask(asks(), kept(message_id), NOW)
    assert await files(store) == [(EVE, message_id) for message_id in range(1, MOST_KEPT + 1)]


async def test_a_file_that_was_replaced_by_an_edit_is_kept_as_it_is_now(store: Store) -> None:
    request = await store.requests.ask(asks(), kept(1), NOW)
    assert request is not None
    await store.requests.edit_kept(EVE, 1, "new", "new.txt", 7)
    await store.requests.edit_kept(EVE, 2, "other", "other.txt", 7)
    (one,) = await store.access_cards.kept(request.id)
    assert (one.file_id, one.name, one.file_size) == ("new", "new.txt", 7)


@pytest.mark.parametrize("decision", ANSWERS)
async def test_files_stay_only_where_the_answer_is_yes(store: Store, decision: Decision) -> None:
    request = await store.requests.ask(asks(), kept(1), NOW)
    assert request is not None
    await store.requests.decide(request.token, decision, ADA, NOW)
    assert await files(store) == ([(EVE, 1)] if decision is Decision.APPROVED else [])


async def shown_often(store: Store, times: int) -> None:
    """Let Eve add us to group after group, and the admins be shown each."""
    for number in range(times):
        request = await asked(store, SALES - number)
        await store.access_cards.note_shown(request.id, 3, NOW)


async def test_who_makes_the_admins_be_asked_too_often_stands_in_their_list_only(store: Store) -> None:
    await shown_often(store, MOST_A_DAY)
    assert (await asked(store, SALES - 90)).held_at == NOW
    assert (await asked(store, SALES - 91, by=ANNA)).held_at is None
    assert (await asked(store, SALES - 92, now=NOW + DAY)).held_at is None


async def test_a_group_that_puts_us_out_and_in_again_and_again_stands_in_the_list_only(store: Store) -> None:
    held = []
    for number in range(MOST_A_DAY + 1):
        request = await asked(store, SALES, by=ANNA + number, leave_at=NOW + DAY)
        held.append(request.held_at is not None)
        await store.access_cards.note_shown(request.id, 3, NOW)
        await store.requests.no_longer_there(SALES, NOW)
    assert held == [False] * MOST_A_DAY + [True]


async def test_anonymous_admins_of_different_groups_are_not_one_person(store: Store) -> None:
    for number in range(MOST_A_DAY + 1):
        request = await asked(store, SALES - number, by=ANONYMOUS)
        await store.access_cards.note_shown(request.id, 3, NOW)
        assert request.held_at is None


@pytest.mark.parametrize(("later", "held"), [(AGAIN_SECONDS - 1, True), (AGAIN_SECONDS, False)])
async def test_who_was_held_back_comes_before_the_admins_when_they_ask_again_an_hour_later(
    store: Store,
    later: float,
    held: bool,  # noqa: FBT001  (a table)
) -> None:
    request = await asked(store)
    await store.access_cards.hold(NOW)
    await asked(store, now=NOW + later)
    now = await store.requests.get(request.token)
    assert now is not None
    assert (now.held_at is not None) is held


async def test_it_is_remembered_when_the_asker_was_answered(store: Store) -> None:
    request = await asked(store)
    assert request.answered_at is None
    await store.requests.note_answered(request.id, NOW + 1)
    assert (await asked(store)).answered_at == NOW + 1


async def test_an_admin_who_adds_us_lets_the_group_in_and_answers_what_was_asked(store: Store) -> None:
    request = await asked(store, SALES, leave_at=NOW + DAY)
    await store.requests.admit(NewRequest(SALES, "Sales", *ADA, None, "en"), NOW + 1, tell=False)
    now = await store.requests.get(request.token)
    assert now is not None
    assert (now.decision, now.decided_by_name, now.told_at) == (Decision.APPROVED, "Ada", NOW + 1)
    assert await state(store, SALES) is AccessState.APPROVED
    assert await store.access_cards.next_leave() is None
    assert await rows(store) == 1


async def test_the_admins_hear_once_of_a_group_that_somebody_else_has_let_in(store: Store) -> None:
    for _ in range(2):
        await store.requests.admit(asks(SALES), NOW, tell=True)
    (notice,) = await store.access_cards.to_show()
    assert notice.is_their_own
    assert await store.access_cards.unfinished() == ()


async def test_who_is_let_in_again_is_to_be_told(store: Store) -> None:
    request = await asked(store)
    await store.requests.decide(request.token, Decision.DENIED, ADA, NOW)
    await store.access_cards.note_told(request.id, NOW)
    entry = await store.accesses.kept_out(EVE)
    assert entry is not None
    answers = [await store.requests.let_in_again(entry, "ru", OLGA, NOW + 1) for _ in range(2)]
    assert answers == [True, False]
    (to_tell,) = await store.access_cards.unfinished()
    assert (to_tell.chat_id, to_tell.language, to_tell.decision) == (EVE, "ru", Decision.APPROVED)
    assert await store.access_cards.to_show() == ()
    assert await state(store, EVE) is AccessState.APPROVED


async def test_a_group_let_in_again_from_the_list_answers_what_is_asked_about_it(store: Store) -> None:
    request = await asked(store, SALES, leave_at=NOW + DAY)
    await store.requests.decide(request.token, Decision.DENIED, ADA, NOW)
    again = await asked(store, SALES, leave_at=NOW + DAY)
    entry = await store.accesses.kept_out(SALES)
    assert entry is not None
    assert await store.requests.let_in_again(entry, "en", ADA, NOW + 1)
    now = await store.requests.get(again.token)
    assert now is not None
    assert now.decision is Decision.APPROVED
    assert await store.requests.count_open() == 0


async def test_nothing_is_open_about_a_group_that_we_are_out_of_and_nobody_there_is_told(store: Store) -> None:
    await store.requests.ask(asks(SALES, leave_at=NOW + DAY), kept(1, SALES), NOW)
    denied = await asked(store, SALES - 1)
    await store.requests.decide(denied.token, Decision.DENIED, ADA, NOW)
    for chat_id in (SALES, SALES - 1):
        await store.requests.no_longer_there(chat_id, NOW + 1)
    assert await store.requests.count_open() == 0
    assert await store.access_cards.unfinished() == ()
    assert await files(store) == []
    assert await state(store, SALES) is None


async def test_old_requests_are_forgotten_with_their_files_but_not_those_that_wait_for_something(store: Store) -> None:
    await store.requests.ask(asks(), kept(1), NOW)
    added = await asked(store, SALES, leave_at=NOW + DAY)
    untold = await asked(store, SALES - 1)
    await store.requests.decide(untold.token, Decision.DENIED, ADA, NOW)
    told = await asked(store, SALES - 2)
    await store.requests.decide(told.token, Decision.DENIED, ADA, NOW)
    await store.access_cards.note_told(told.id, NOW)
    assert await store.requests.purge(NOW) == 0
    assert await store.requests.purge(NOW + 1) == 2
    assert await files(store) == []
    assert await store.requests.get(added.token) is not None
    assert await store.requests.get(untold.token) is not None


async def moved(store: Store, old: int, new: int) -> None:
    for _ in range(2):  # an update may be handled twice
        async with store.database.write() as connection:
            await move_requests(connection, old, new, NOW + 9)


async def test_what_is_asked_about_a_group_is_asked_about_its_new_id(store: Store) -> None:
    request = await store.requests.ask(asks(SALES, leave_at=NOW + DAY), kept(5, SALES), NOW)
    assert request is not None
    await moved(store, SALES, -7)
    (now,) = await store.requests.open_ones(skip=0, most=9)
    assert (now.id, now.chat_id, now.leave_at) == (request.id, -7, NOW + DAY)
    assert await files(store) == [(SALES, -5)]


async def test_two_questions_about_one_group_become_one(store: Store) -> None:
    await asked(store, SALES, leave_at=NOW + DAY)
    new = await asked(store, -7, leave_at=NOW + DAY)
    await moved(store, SALES, -7)
    assert [one.id for one in await store.requests.open_ones(skip=0, most=9)] == [new.id]


async def test_a_group_that_was_let_in_is_not_asked_about_under_its_new_id(store: Store) -> None:
    await asked(store, -7, leave_at=NOW + DAY)
    await store.accesses.let_in(SALES, "Sales", 13, NOW)
    await store.supergroups.take_over(SALES, -7, NOW + 9)
    assert await store.requests.count_open() == 0
    assert await store.access_cards.next_leave() is None
    assert await store.access_cards.unfinished() == ()
    assert await state(store, -7) is AccessState.APPROVED
