"""What chats have chosen."""

import pytest

from bot.parts import Format
from storage.chat_settings import Chosen, Consent
from tests.storage.building import ANNA, BORIS, CHAT, NOW, OTHER_CHAT, Store

CONSENT = Consent(500, ANNA, "Anna", NOW)


async def test_a_chat_that_has_chosen_nothing_is_always_asked(store: Store) -> None:
    chosen = await store.chat_settings.of(CHAT)
    assert chosen == Chosen(Format.TXT, picture=False, retention_days=None, consent=None)
    assert chosen.ask_above is None


async def test_each_thing_is_set_alone_and_for_one_chat(store: Store) -> None:
    await store.chat_settings.set_picture(CHAT, always=True)
    await store.chat_settings.set_retention(CHAT, 7)
    await store.chat_settings.consent(CHAT, CONSENT)
    await store.chat_settings.set_file_format(CHAT, Format.XLSX)
    chosen = await store.chat_settings.of(CHAT)
    assert chosen == Chosen(Format.XLSX, picture=True, retention_days=7, consent=CONSENT)
    assert chosen.ask_above == 500
    await store.chat_settings.set_picture(CHAT, always=False)
    await store.chat_settings.set_retention(CHAT, None)
    await store.chat_settings.ask_always(CHAT)
    assert await store.chat_settings.of(CHAT) == Chosen(Format.XLSX)
    assert await store.chat_settings.of(OTHER_CHAT) == Chosen()


@pytest.mark.parametrize("file_format", Format)
async def test_the_table_knows_every_format(store: Store, file_format: Format) -> None:
    await store.chat_settings.set_file_format(CHAT, file_format)
    assert (await store.chat_settings.of(CHAT)).file_format is file_format


async def test_a_word_that_is_said_twice_stays_whose_it_was_and_another_one_is_a_new_one(store: Store) -> None:
    await store.chat_settings.consent(CHAT, CONSENT)
    await store.chat_settings.consent(CHAT, Consent(500, BORIS, "Boris", NOW + 1))
    assert (await store.chat_settings.of(CHAT)).consent == CONSENT
    more = Consent(1000, BORIS, "Boris", NOW + 2)
    await store.chat_settings.consent(CHAT, more)
    assert (await store.chat_settings.of(CHAT)).consent == more


@pytest.mark.parametrize(("chosen", "most", "days"), [(None, 30, 30), (7, 30, 7), (30, 7, 7), (1, 1, 1)])
def test_nothing_is_kept_for_longer_than_the_bot_keeps_anything(chosen: int | None, most: int, days: int) -> None:
    assert Chosen(retention_days=chosen).days(most) == days
