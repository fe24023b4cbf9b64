"""What chats and people have chosen, and which language their Telegram speaks."""

import asyncio

import pytest

from bot.job import JobState
from storage.access import AccessState, Entry, keep
from storage.access_requests import Decision
from storage.chats import Spoken
from tests.storage.building import ANNA, BORIS, CALLS, CHAT, EVE, NOW, OTHER_CHAT, Store, asks, in_state, kept

ADMIN = 13
UNTOLD = (JobState.CONFIRMING, JobState.QUEUED, JobState.UNSURE, JobState.CHECKING, JobState.UNDELIVERABLE)


async def test_a_chat_keeps_its_country_and_only_its_own(store: Store) -> None:
    assert await store.chats.region(CHAT) is None
    await store.chats.set_region(CHAT, "RU")
    await store.chats.set_region(CHAT, "KZ")
    assert (await store.chats.region(CHAT), await store.chats.region(OTHER_CHAT)) == ("KZ", None)
    await store.chats.set_region(CHAT, None)
    assert await store.chats.region(CHAT) is None


async def test_a_person_keeps_a_language_whether_turned_away_before_or_not(store: Store) -> None:
    await store.chats.note_turned_away(ANNA, NOW)
    await store.chats.set_language(ANNA, "ru")
    await store.chats.set_language(BORIS, "en")
    await store.chats.note_turned_away(BORIS, NOW)
    assert [await store.chats.language(one) for one in (ANNA, BORIS, 13)] == ["ru", "en", None]


async def test_who_has_chosen_none_is_spoken_to_in_the_language_of_their_telegram(store: Store) -> None:
    await store.chats.note_turned_away(ANNA, NOW)
    for person_id, code in ((ANNA, "en-GB"), (ANNA, "ru-RU"), (BORIS, "de")):
        await store.chats.note_language_code(person_id, code)
    assert [await store.chats.language(one) for one in (ANNA, BORIS, ADMIN)] == ["ru", "en", None]
    assert await store.chats.spoken(ANNA) == Spoken(None, "ru-RU")
    assert not await store.chats.is_to_be_answered(ANNA, NOW, silent_seconds=60)


@pytest.mark.parametrize("chosen_first", [True, False])
async def test_a_choice_wins_over_what_telegram_tells(store: Store, chosen_first: bool) -> None:  # noqa: FBT001  (a table)
    if chosen_first:
        await store.chats.set_language(ANNA, "en")
    await store.chats.note_language_code(ANNA, "ru")
    if not chosen_first:
        await store.chats.set_language(ANNA, "en")
    assert await store.chats.spoken(ANNA) == Spoken("en", "ru")
    assert await store.chats.language(ANNA) == "en"


@pytest.mark.parametrize("state", UNTOLD)
async def test_what_is_still_to_be_said_of_a_private_list_goes_on_in_the_persons_language(
    store: Store, state: JobState
) -> None:
    mine = await in_state(store, state, chat_id=ANNA)
    others = await in_state(store, state, chat_id=BORIS)
    in_a_group = await in_state(store, state)
    await store.chats.note_language_code(ANNA, "ru")
    assert [(await store.job(one.job.id)).language for one in (mine, others, in_a_group)] == ["ru", "en", "en"]
    await store.chats.set_language(ANNA, "en")
    await store.chats.note_language_code(ANNA, "ru-RU")
    assert (await store.job(mine.job.id)).language == "en"


async def test_what_was_said_of_a_private_list_stays_what_it_was(store: Store) -> None:
    case = await in_state(store, JobState.DONE, chat_id=ANNA)
    assert await store.jobs.take_due(NOW, lease="one", until=NOW + 60, most=1)
    await store.jobs.settle(case.job.id, lease="one", due_at=None)
    cancelled = await in_state(store, JobState.CANCELLED, chat_id=ANNA)
    await store.chats.note_language_code(ANNA, "ru")
    # The one that was cancelled is still due: its message does not say so yet.
    assert [(await store.job(one.job.id)).language for one in (case, cancelled)] == ["en", "ru"]


async def test_who_asks_to_be_let_in_hears_the_answer_in_their_language_by_then(store: Store) -> None:
    request = await store.requests.ask(asks(), kept(1), NOW)
    of_group = await store.requests.ask(asks(CHAT), kept(2, CHAT), NOW)
    assert request is not None
    assert of_group is not None
    await store.chats.note_language_code(EVE, "ru")
    now = [await store.requests.get(one.token) for one in (request, of_group)]
    assert [one and one.language for one in now] == ["ru", "en"]
    files = [await store.access_cards.kept(one.id) for one in (request, of_group)]
    assert [one.language for (one,) in files] == ["ru", "en"]


async def codes(store: Store, *people: int) -> list[str | None]:
    return [(await store.chats.spoken(one)).code for one in people]


async def test_the_language_of_whom_nothing_else_is_kept_is_forgotten_but_for_those_the_settings_name(
    store: Store,
) -> None:
    for person_id in (ANNA, ADMIN):
        await store.chats.note_language_code(person_id, "ru")
    await store.chats.set_language(ANNA, "en")
    assert await store.chats.forget_language_codes(NOW, frozenset({ADMIN, CHAT})) == 1
    assert await codes(store, ANNA, ADMIN) == [None, "ru"]
    assert await store.chats.language(ANNA) == "en"
    assert await store.chats.forget_language_codes(NOW, frozenset({ADMIN, CHAT})) == 0


@pytest.mark.parametrize("state", [AccessState.APPROVED, AccessState.DENIED])
async def test_the_language_of_whom_an_admin_has_decided_about_is_kept(store: Store, state: AccessState) -> None:
    await store.chats.note_language_code(EVE, "ru")
    async with store.database.write() as connection:
        await keep(store.database, connection, Entry(EVE, "Eve", state, ADMIN, NOW))
    await store.chats.forget_language_codes(NOW + 1, ())
    assert await codes(store, EVE) == ["ru"]


async def test_the_language_of_who_asks_is_kept_as_long_as_their_question(store: Store) -> None:
    await store.chats.note_language_code(EVE, "ru")
    asked = await store.requests.ask(asks(), None, NOW)
    await store.chats.forget_language_codes(NOW + 1, ())
    assert await codes(store, EVE) == ["ru"]
    assert asked is not None
    await store.requests.decide(asked.token, Decision.DENIED, (ADMIN, "Ada"), NOW)
    await store.access_cards.note_told(asked.id, NOW)
    await store.requests.purge(NOW + 1)
    async with store.database.write() as connection:
        await connection.exec_driver_sql("DELETE FROM accesses")
    await store.chats.forget_language_codes(NOW + 1, ())
    assert await codes(store, EVE) == [None]


async def test_the_language_of_who_was_seen_in_a_group_is_kept_until_that_is_forgotten(store: Store) -> None:
    await store.chats.note_language_code(EVE, "ru")
    await store.accesses.was_seen(CHAT, EVE, NOW)
    await store.chats.forget_language_codes(NOW + 1, ())
    assert await codes(store, EVE) == ["ru"]
    await store.accesses.purge(NOW + 1)
    await store.chats.forget_language_codes(NOW + 1, ())
    assert await codes(store, EVE) == [None]


async def test_the_language_of_who_sent_or_pressed_a_list_is_kept_as_long_as_the_list(store: Store) -> None:
    for person_id in (ANNA, BORIS):
        await store.chats.note_language_code(person_id, "ru")
    case = await in_state(store, JobState.CONFIRMING)
    queued = await store.moves.press(case.job, case.job.read_revision, BORIS, NOW)
    assert queued is not None
    await store.chats.forget_language_codes(NOW + 1, ())
    assert await codes(store, ANNA, BORIS) == ["ru", "ru"]
    case.job = queued
    await CALLS["cancel"](store, case)
    await store.chats.forget_language_codes(NOW, ())
    assert await codes(store, ANNA, BORIS) == ["ru", "ru"]
    await store.chats.forget_language_codes(NOW + 1, ())
    assert await codes(store, ANNA, BORIS) == [None, None]


async def test_a_stranger_is_answered_and_then_left_alone_for_a_while(store: Store) -> None:
    async def answered(now: float) -> bool:
        return await store.chats.is_to_be_answered(ANNA, now, silent_seconds=60)

    assert await answered(NOW)
    await store.chats.note_turned_away(ANNA, NOW)
    assert not await answered(NOW + 59)
    assert await answered(NOW + 60)
    assert await answered(NOW - 3600)  # the clock was set back


async def test_what_telegram_tells_of_many_at_once_is_each_ones_own(store: Store) -> None:
    await store.chats.set_language(BORIS, "en")
    told = {ANNA: "ru", BORIS: "ru", EVE: "de", ADMIN: "ru-RU"}
    await asyncio.gather(*(store.chats.note_language_code(*one) for one in told.items()))
    spoken = await asyncio.gather(*map(store.chats.spoken, told))
    assert {one: said.code for one, said in zip(told, spoken, strict=True)} == told
    assert [said.language for said in spoken] == ["ru", "en", "en", "ru"]
