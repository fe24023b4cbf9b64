"""What chats and people have chosen."""

from tests.storage.building import ANNA, BORIS, CHAT, NOW, OTHER_CHAT, Store


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


async def test_a_stranger_is_answered_and_then_left_alone_for_a_while(store: Store) -> None:
    async def answered(now: float) -> bool:
        return await store.chats.is_to_be_answered(ANNA, now, silent_seconds=60)

    assert await answered(NOW)
    await store.chats.note_turned_away(ANNA, NOW)
    assert not await answered(NOW + 59)
    assert await answered(NOW + 60)
    assert await answered(NOW - 3600)  # the clock was set back
