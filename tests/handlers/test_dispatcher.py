import sqlite3

import pytest
from sqlalchemy import event

from bot.lanes import WANTED
from handlers import build_dispatcher, build_routers
from storage.database import DatabaseUnavailableError
from tests.fakes import ANNA, BORIS, Stage


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
