"""What was spent in a month: which submits count, and that one chat sees nothing of another."""

from datetime import UTC, datetime

from bot.job import Waiting
from bot.spend import Charge
from storage.submits import Attempt
from tests.storage.building import ADA, ANNA, BORIS, CHAT, OTHER_CHAT, PACKED, READING, Store, new_job, text_message

NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()


async def submitted(store: Store, *, person_id: int = ANNA, chat_id: int = CHAT, now: float = NOON) -> Attempt:
    """A list of Anna's on which somebody has pressed, and which is being submitted."""
    message = text_message(next(store.message_ids), chat_id=chat_id, sent_at=now)
    job = await store.lists.open(new_job(chat_id=chat_id), message, now)
    read = await store.moves.read(job, PACKED, READING, now)
    assert read is not None
    queued = await store.moves.press(read, 1, person_id, now)
    assert queued is not None
    attempt = await store.submits.begin_submit(queued, now)
    assert attempt is not None
    return attempt


async def test_what_was_charged_or_may_have_been_is_told_with_what_the_api_says_it_costs(store: Store) -> None:
    sure, unsure, free, other = [await submitted(store) for _ in range(4)]
    await store.submits.accepted(sure, "task1", "0.74 USD", NOON, NOON)
    await store.submits.unsure(unsure, "it broke", NOON)
    await store.submits.submit_later(free, Waiting.BUSY, "no", NOON, due_at=NOON, count=False)
    await store.submits.refused_by_api(other, "no", NOON)
    assert await store.spent.in_month(NOVEMBER, chat_id=None) == (
        Charge(CHAT, None, ANNA, "Anna", 2, is_sure=True, amount="0.74 USD"),
        Charge(CHAT, None, ANNA, "Anna", 2, is_sure=False, amount=None),
    )


async def test_a_submit_under_way_is_told_as_one_that_may_be_charged(store: Store) -> None:
    await submitted(store)
    (charge,) = await store.spent.in_month(NOVEMBER, chat_id=None)
    assert not charge.is_sure


async def test_a_month_begins_and_ends_with_those_of_utc(store: Store) -> None:
    october, december = NOVEMBER - 0.01, datetime(2026, 12, 1, tzinfo=UTC).timestamp()
    for now in (october, NOVEMBER, december - 0.01, december):
        await submitted(store, now=now)
    assert len(await store.spent.in_month(NOVEMBER, chat_id=None)) == 2
    assert len(await store.spent.in_month(december, chat_id=None)) == 1


async def test_a_chat_sees_nothing_of_another(store: Store) -> None:
    await submitted(store, chat_id=CHAT)
    await submitted(store, chat_id=OTHER_CHAT, person_id=BORIS)
    assert [one.person_id for one in await store.spent.in_month(NOVEMBER, chat_id=CHAT)] == [ANNA]
    assert [one.person_id for one in await store.spent.in_month(NOVEMBER, chat_id=OTHER_CHAT)] == [BORIS]
    assert len(await store.spent.in_month(NOVEMBER, chat_id=None)) == 2
    assert await store.spent.in_month(NOVEMBER, chat_id=99) == ()


async def test_people_and_groups_have_the_names_that_they_had_at_their_last_press(store: Store) -> None:
    await submitted(store, person_id=ADA.person_id)
    (charge,) = await store.spent.in_month(NOVEMBER, chat_id=CHAT)
    assert (charge.name, charge.title) == (None, None)  # the list is Anna's, the press was not
    for name, title in (("Ada", "Team"), ("Ada L.", "The team")):
        await store.chats.note_name(ADA.person_id, name)
        await store.chats.note_title(CHAT, title)
        (charge,) = await store.spent.in_month(NOVEMBER, chat_id=CHAT)
        assert (charge.name, charge.title) == (name, title)
