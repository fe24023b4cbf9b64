"""What is still to be said of requests, as it is stored: a restart forgets nothing, and nothing is said for ever."""

import pytest

from storage.access_requests import Decision, Request
from tests.storage.building import EVE, NOW, SALES, Store, asks, kept

ADA = 13


async def asked(store: Store, chat_id: int = EVE, *, leave_at: float | None = None, file: int = 0) -> Request:
    request = await store.requests.ask(asks(chat_id, leave_at=leave_at), kept(file, chat_id) if file else None, NOW)
    assert request is not None
    return request


async def decided(store: Store, decision: Decision, chat_id: int = EVE, *, file: int = 0) -> Request:
    request = await asked(store, chat_id, file=file)
    answered = await store.requests.decide(request.token, decision, (ADA, "Ada"), NOW)
    assert answered is not None
    return answered[0]


def ids(requests: tuple[Request, ...]) -> list[int]:
    return [request.id for request in requests]


async def test_a_request_is_to_be_shown_until_every_admin_was_asked(store: Store) -> None:
    request = await asked(store)
    await store.access_cards.note_card(request.id, ADA, 5)
    assert ids(await store.access_cards.to_show()) == [request.id]
    await store.access_cards.note_shown(request.id, 12, NOW + 1)
    assert await store.access_cards.to_show() == ()
    now = await store.requests.get(request.token)
    assert now is not None
    assert (now.members, now.carded_at) == (12, NOW + 1)


@pytest.mark.parametrize("decision", [Decision.APPROVED, Decision.DENIED])
async def test_what_was_decided_before_it_was_shown_is_not_shown_any_more(store: Store, decision: Decision) -> None:
    await decided(store, decision)
    assert await store.access_cards.to_show() == ()


async def test_what_is_held_back_is_not_shown_but_what_some_admins_have_seen_is_shown_to_all(store: Store) -> None:
    await asked(store)
    begun = await asked(store, SALES - 1)
    await store.access_cards.note_card(begun.id, ADA, 5)
    await store.access_cards.hold(NOW)
    later = await asked(store, SALES)
    assert ids(await store.access_cards.to_show()) == [begun.id, later.id]


async def test_what_was_shown_lately_is_counted(store: Store) -> None:
    for number, at in enumerate((NOW, NOW + 5, NOW + 9)):
        request = await asked(store, SALES - number)
        await store.access_cards.note_shown(request.id, None, at)
    await asked(store)
    assert [await store.access_cards.shown_since(since) for since in (NOW, NOW + 1, NOW + 10)] == [3, 2, 0]


async def test_the_first_card_of_an_admin_is_the_one_that_counts(store: Store) -> None:
    request = await asked(store)
    await store.access_cards.note_card(request.id, ADA, 5)
    await store.access_cards.note_card(request.id, ADA, 6)
    await store.access_cards.note_card(request.id, 14, None)
    assert await store.access_cards.cards(request.id) == {ADA: 5, 14: None}
    await store.access_cards.drop_card(request.id, ADA)
    assert await store.access_cards.cards(request.id) == {14: None}


async def test_an_admin_who_can_be_reached_again_hears_once_that_somebody_waits(store: Store) -> None:
    request = await asked(store)
    await store.access_cards.note_card(request.id, ADA, None)
    await store.access_cards.note_card(request.id, 14, None)
    assert [await store.access_cards.can_be_reached(ADA) for _ in range(2)] == [True, False]
    assert await store.access_cards.cards(request.id) == {14: None}


async def test_an_admin_who_can_be_reached_again_hears_nothing_of_what_is_over(store: Store) -> None:
    request = await asked(store)
    await store.access_cards.note_card(request.id, ADA, None)
    await store.requests.decide(request.token, Decision.DENIED, (14, "Olga"), NOW)
    assert await store.access_cards.can_be_reached(ADA) is False


async def test_a_decision_is_unfinished_until_all_have_heard_of_it_and_all_files_are_jobs(store: Store) -> None:
    request = await decided(store, Decision.APPROVED, file=1)
    await store.access_cards.note_card(request.id, ADA, 5)
    await store.access_cards.note_card(request.id, 14, None)
    await store.access_cards.note_told(request.id, NOW)
    assert ids(await store.access_cards.unfinished()) == [request.id]
    (file,) = await store.access_cards.kept(request.id)
    await store.access_cards.drop_kept(file)
    assert ids(await store.access_cards.unfinished()) == [request.id]
    await store.access_cards.drop_card(request.id, ADA)
    assert await store.access_cards.unfinished() == ()


async def test_an_open_question_is_not_unfinished(store: Store) -> None:
    await asked(store, file=1)
    assert await store.access_cards.unfinished() == ()


async def test_files_are_given_in_the_order_they_came(store: Store) -> None:
    request = await asked(store, file=3)
    for message_id in (7, 5):
        await store.requests.ask(asks(), kept(message_id), NOW)
    assert [one.message_id for one in await store.access_cards.kept(request.id)] == [3, 7, 5]
    assert await store.access_cards.kept(request.id + 1) == ()


async def test_groups_are_left_when_their_time_has_come(store: Store) -> None:
    assert await store.access_cards.next_leave() is None
    early, late = await asked(store, SALES, leave_at=NOW + 5), await asked(store, SALES - 1, leave_at=NOW + 9)
    await asked(store)
    assert await store.access_cards.next_leave() == NOW + 5
    assert ids(await store.access_cards.to_leave(NOW + 4)) == []
    assert ids(await store.access_cards.to_leave(NOW + 5)) == [early.id]
    await store.access_cards.leave_later(early, NOW + 20)
    await store.access_cards.leave_later(late, None)
    assert await store.access_cards.next_leave() == NOW + 20
    await store.access_cards.is_over(early, NOW + 20)
    assert await store.access_cards.next_leave() is None
    (over,) = await store.access_cards.unfinished()
    assert (over.id, over.decision, over.decided_by) == (early.id, Decision.LEFT, None)


async def test_an_answer_that_comes_before_the_end_of_the_day_is_not_undone_by_it(store: Store) -> None:
    request = await asked(store, SALES, leave_at=NOW + 5)
    await store.requests.decide(request.token, Decision.APPROVED, (ADA, "Ada"), NOW + 5)
    await store.access_cards.is_over(request, NOW + 5)
    now = await store.requests.get(request.token)
    assert now is not None
    assert now.decision is Decision.APPROVED
