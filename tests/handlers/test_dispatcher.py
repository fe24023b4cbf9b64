import sqlite3
from typing import Any

import pytest
from sqlalchemy import event

from bot.lanes import WANTED
from handlers import build_dispatcher, build_routers
from storage.chats import Spoken
from storage.database import DatabaseUnavailableError
from tests.fakes import ANNA, BORIS, NOW, OURSELVES, Stage


def test_strangers_are_turned_away_before_anything_is_read() -> None:
    names = [router.name for router in build_routers()]
    assert names[:3] == ["membership", "result links", "strangers"]
    assert names[-1] == "intake"
    assert len(set(names)) == len(names)
    assert set(build_dispatcher().resolve_used_update_types()) == set(WANTED)


def test_two_dispatchers_share_nothing() -> None:
    one, other = build_dispatcher(desk=1), build_dispatcher(desk=2)

    assert (one["desk"], other["desk"]) == (1, 2)


async def test_the_language_is_the_one_chosen_else_the_one_of_their_telegram(team: Stage) -> None:
    await team.says("/jobs", person=BORIS)
    await team.presses("lang:en:", person=BORIS)
    await team.says("/jobs", person=BORIS)
    await team.says("/jobs", person={"id": ANNA["id"], "is_bot": False, "first_name": "Anna"})

    assert [("Nothing" in said) for said in team.said] == [False, True, True]


def nobodys_word(person: dict[str, Any]) -> dict[str, Any]:
    """Somebody of whose language Telegram says nothing this time."""
    return {name: value for name, value in person.items() if name != "language_code"}


async def test_what_telegram_tells_of_a_language_is_kept_and_an_update_that_does_not_tell_takes_nothing_back(
    team: Stage,
) -> None:
    await team.says("/jobs", person=BORIS)
    await team.says("/jobs", person=nobodys_word(BORIS))
    await team.says("/jobs", person=BORIS | {"language_code": ""})
    assert ["Nothing" in said for said in team.said] == [False, False, False]
    assert await team.chats.spoken(BORIS["id"]) == Spoken(None, "ru")
    await team.says("/jobs", person=BORIS | {"language_code": "en"})
    assert "Nothing" in team.said[-1]
    assert await team.chats.language(BORIS["id"]) == "en"


async def test_a_press_tells_the_language_too_of_who_has_written_before(team: Stage) -> None:
    await team.presses("lang:forged:", person=BORIS)
    assert await team.chats.spoken(BORIS["id"]) == Spoken()
    await team.says("/jobs", person=BORIS)
    await team.presses("lang:forged:", person=BORIS | {"language_code": "en"})
    assert await team.chats.spoken(BORIS["id"]) == Spoken(None, "en")


@pytest.mark.parametrize("kind", ["my_chat_member", "chat_member"])
async def test_of_who_only_lets_somebody_into_a_group_nothing_is_kept(team: Stage, kind: str) -> None:
    member = {"user": OURSELVES if kind == "my_chat_member" else ANNA, "status": "member"}
    joined = {"chat": {"id": -9, "type": "group", "title": "New"}, "from": BORIS, "date": NOW}
    await team.feed(kind, joined | {"old_chat_member": member | {"status": "left"}, "new_chat_member": member})
    assert await team.chats.spoken(BORIS["id"]) == Spoken()


async def test_a_language_that_is_known_costs_no_query_and_no_write(team: Stage) -> None:
    def noted(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "people" in statement:
            asked.append(statement.split(maxsplit=1)[0])

    asked: list[str] = []
    event.listen(team.database.engine.sync_engine, "before_cursor_execute", noted)
    for _ in range(3):
        await team.says("/jobs", person=BORIS)
    assert asked == ["SELECT", "INSERT", "SELECT", "SELECT"]


async def test_a_private_list_goes_on_in_the_language_that_the_persons_telegram_is_put_to(team: Stage) -> None:
    job = await team.preview(person=ANNA)
    assert job.language == "en"
    await team.says("/jobs", person=ANNA | {"language_code": "ru"})
    assert (await team.now(job)).language == "ru"
    await team.presses("lang:en:", person=ANNA)
    assert (await team.now(job)).language == "en"


@pytest.mark.parametrize("kind", ["channel_post", "inline_query"])
async def test_kinds_nobody_asked_for_change_nothing(team: Stage, kind: str) -> None:
    events = {
        "channel_post": team.message("/check", person=None, chat={"id": -1, "type": "channel", "title": "News"}),
        "inline_query": {"id": "1", "from": ANNA, "query": "+79123456789", "offset": ""},
    }
    await team.feed(kind, events[kind])

    assert team.telegram.calls == []


async def test_a_database_that_takes_nothing_now_is_raised_for_another_try(team: Stage) -> None:
    def lock(*_args: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    event.listen(team.database.engine.sync_engine, "before_cursor_execute", lock)
    with pytest.raises(DatabaseUnavailableError):
        await team.feed("message", team.message("/jobs"))
    assert team.said == []
