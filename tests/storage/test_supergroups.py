"""A group gets a new id: all that is kept of it goes over at once, or nothing does."""

from typing import Any

import pytest
from sqlalchemy import Table, insert, select
from sqlalchemy.exc import IntegrityError

import storage.supergroups
from bot.job import JobState
from bot.parts import Format
from storage.access import AccessState
from storage.chat_settings import Chosen, Consent
from storage.groups import GroupSettings, ResultsTo, Spender, WhoSpends
from storage.schema import metadata
from storage.supergroups import Supergroups
from tests.storage.building import ANNA, BORIS, CHAT, NOW, OTHER_CHAT, PACKED, READING, Store, in_state, new_job
from tests.storage.building import text_message as text

NEW = -1_000_000_999
STAYS = {"job_messages", "kept_lists", "unsure_questions"}
"""Tables whose rows keep the old id: a supergroup numbers its messages anew, and buttons stay behind in the old one."""


async def rows(store: Store, table: Table) -> list[Any]:
    async with store.database.read() as connection:
        return list((await connection.execute(select(table))).mappings().all())


async def test_its_jobs_go_along_and_get_new_cards_that_reply_to_nothing(store: Store) -> None:
    preview = await in_state(store, JobState.CONFIRMING)
    other = await in_state(store, JobState.CONFIRMING, chat_id=OTHER_CHAT)
    await store.jobs.note_shown(preview.job, message_id=55, shown="digest")
    await store.jobs.take_due(NOW, lease="mine", until=NOW + 60, most=9)
    await store.jobs.settle(preview.job.id, lease="mine", due_at=NOW + 60)
    for _ in range(2):
        await store.supergroups.take_over(CHAT, NEW, NOW)
    moved = await store.job(preview.job.id)
    assert (moved.chat_id, moved.list_message_id, moved.card_message_id, moved.shown) == (NEW, None, None, None)
    assert await store.jobs.by_token(moved.token, NEW) == moved
    assert moved.due_at == preview.job.state_since  # its preview is shown anew at once
    assert (await store.job(other.job.id)).chat_id == OTHER_CHAT


async def test_what_could_not_be_delivered_is_tried_again(store: Store) -> None:
    waiting, done = await in_state(store, JobState.UNDELIVERABLE), await in_state(store, JobState.DONE)
    await store.supergroups.take_over(CHAT, NEW, NOW)
    assert (await store.job(waiting.job.id)).state is JobState.DELIVERING
    assert (await store.job(done.job.id)).state is JobState.DONE


async def test_a_supergroup_that_numbers_its_messages_anew_gets_jobs_of_its_own_for_them(store: Store) -> None:
    old = await in_state(store, JobState.CONFIRMING)
    number = old.message.message_id
    await store.lists.open(new_job(chat_id=NEW), text(number + 1, chat_id=NEW), NOW)
    await store.supergroups.take_over(CHAT, NEW, NOW)
    job = await store.lists.open(new_job(chat_id=NEW), text(number, chat_id=NEW), NOW)
    assert job.id != old.job.id
    assert await store.lists.messages(old.job.id) == (old.message,)
    read = await store.moves.read(await store.job(old.job.id), PACKED, READING, NOW)
    assert read is not None


async def test_its_settings_its_named_members_and_its_country_go_along(store: Store) -> None:
    await store.chats.set_region(CHAT, "RU")
    await store.groups.set_who_spends(CHAT, WhoSpends.NAMED)
    await store.groups.set_results_to(CHAT, ResultsTo.STARTER)
    await store.groups.set_takes_files(CHAT, takes=True)
    chosen = Chosen(Format.CSV, picture=True, retention_days=7, consent=Consent(100, ANNA, "Anna", NOW))
    await store.chat_settings.set_file_format(CHAT, Format.CSV)
    await store.chat_settings.set_picture(CHAT, always=True)
    await store.chat_settings.set_retention(CHAT, 7)
    await store.chat_settings.consent(CHAT, Consent(100, ANNA, "Anna", NOW))
    await store.groups.allow(CHAT, ANNA, "Anna")
    await store.groups.allow(OTHER_CHAT, BORIS, "Boris")
    for _ in range(2):
        await store.supergroups.take_over(CHAT, NEW, NOW)
    assert await store.groups.settings(NEW) == GroupSettings(WhoSpends.NAMED, ResultsTo.STARTER, takes_files=True)
    assert await store.groups.settings(CHAT) == GroupSettings()
    assert (await store.chat_settings.of(NEW), await store.chat_settings.of(CHAT)) == (chosen, Chosen())
    assert await store.groups.spenders(NEW) == (Spender(ANNA, "Anna"),)
    assert await store.groups.spenders(OTHER_CHAT) == (Spender(BORIS, "Boris"),)
    assert (await store.chats.region(CHAT), await store.chats.region(NEW)) == (None, "RU")


async def test_what_the_supergroup_has_chosen_itself_counts_and_what_it_has_not_it_takes_over(store: Store) -> None:
    await store.chats.set_region(CHAT, "RU")
    await store.chats.note_title(CHAT, "The old title")
    await store.chats.note_title(NEW, "The new title")  # its first update came before we knew whose id it is
    await store.groups.allow(CHAT, ANNA, "Anna")
    await store.groups.allow(NEW, ANNA, "Anna the second")
    await store.groups.allow(CHAT, BORIS, "Boris")
    await store.supergroups.take_over(CHAT, NEW, NOW)
    assert (await store.chats.region(NEW), await store.chats.title(NEW)) == ("RU", "The new title")
    assert [one.name for one in await store.groups.spenders(NEW)] == ["Anna the second", "Boris"]


async def test_a_group_that_was_let_in_stays_let_in(store: Store) -> None:
    await store.accesses.let_in(CHAT, "Team", ANNA, NOW)
    await store.accesses.was_seen(CHAT, BORIS, NOW)
    await store.supergroups.take_over(CHAT, NEW, NOW)
    assert (await store.accesses.known(None, NEW)).chat is AccessState.APPROVED
    assert (await store.accesses.known(None, CHAT)).chat is None
    assert await store.accesses.groups_of(BORIS, ()) == (NEW,)


async def test_so_does_one_that_the_settings_let_in_by_its_old_id(store: Store) -> None:
    supergroups = Supergroups(store.database, frozenset({CHAT}))
    for _ in range(2):
        await supergroups.take_over(CHAT, NEW, NOW)
    await supergroups.take_over(OTHER_CHAT, -5, NOW)
    assert (await store.accesses.known(None, NEW)).chat is AccessState.APPROVED
    assert (await store.accesses.known(None, -5)).chat is None


async def test_an_open_question_is_asked_anew_for_its_buttons_have_stayed_behind(store: Store) -> None:
    case = await in_state(store, JobState.UNSURE)
    await store.unsure.note_asked(case.job, CHAT, NOW)
    await store.jobs.note_told(case.job, NOW)
    await store.supergroups.take_over(CHAT, NEW, NOW)
    moved = await store.job(case.job.id)
    assert (moved.told_at, moved.due_at) == (None, case.job.state_since)
    assert not await store.unsure.was_asked(moved, NEW)


async def test_it_is_all_or_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    case = await in_state(store, JobState.CONFIRMING)
    await store.chats.set_region(CHAT, "RU")

    async def full(*_: object) -> None:
        raise IntegrityError("the last statement", None, Exception())

    monkeypatch.setattr(storage.supergroups, "move_requests", full)
    with pytest.raises(IntegrityError):
        await store.supergroups.take_over(CHAT, NEW, NOW)
    assert (await store.job(case.job.id)).chat_id == CHAT
    assert (await store.chats.region(CHAT), await store.chats.region(NEW)) == ("RU", None)


async def test_no_table_with_a_chat_is_forgotten(store: Store) -> None:
    """A row of each table that names a chat, made as loosely as its columns allow, is nowhere under the old id."""
    case = await in_state(store, JobState.UNSURE)
    words = {
        "job_id": case.job.id,
        "state": "approved",
        "who_spends": "named",
        "results_to": "starter",
        "verdict": "yes",
    }
    named = [one for one in metadata.sorted_tables if "chat_id" in one.c or one.name == "accesses"]
    assert len(named) >= 8
    for table in named:
        needed = (column for column in table.columns if not column.nullable)
        values = {column.name: words.get(column.name, column.type.python_type(1)) for column in needed}
        values |= {"chat_id": CHAT} if "chat_id" in table.c else {"id": CHAT}
        if table.name not in {"jobs", "job_messages"}:  # those it has
            async with store.database.write() as connection:
                await connection.execute(insert(table).values(values))
    await store.supergroups.take_over(CHAT, NEW, NOW)
    for table in named:
        key = "chat_id" if "chat_id" in table.c else "id"
        assert {row[key] for row in await rows(store, table)} == {CHAT if table.name in STAYS else NEW}, table.name
