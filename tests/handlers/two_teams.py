"""Two teams, each with a group, private chats and a list in every state, before one bot; and people of neither."""

import itertools
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import delete, insert, select, update

from bot.job import STAND_INS, Job, JobState
from storage.access_requests import Decision
from storage.approvals import Asker
from storage.groups import ResultsTo, WhoSpends
from storage.schema import jobs, metadata
from tests.fakes import ADMIN, ANNA, BORIS, EVE, OTHERS, OURSELVES, TEAM, Stage, private
from tests.storage.building import NOW, PATHS, Store, asks, in_state

Chat = dict[str, Any]
Person = dict[str, Any]


def _person(person_id: int, name: str) -> Person:
    return {"id": person_id, "is_bot": False, "first_name": name, "language_code": "en"}


OLGA, MAX, NINA = _person(14, "Olga"), _person(21, "Max"), _person(22, "Nina")
GONE, BANNED = _person(15, "Gone"), _person(16, "Banned")
DENIED, BLOCKED = _person(67, "Denied"), _person(68, "Blocked")
NAMELESS: Person = {"id": min(STAND_INS), "is_bot": True, "first_name": "Group"}
EVERYBODY = (ANNA, BORIS, OLGA, GONE, BANNED, MAX, NINA, ADMIN, EVE, DENIED, BLOCKED, NAMELESS)
RED, BLUE = TEAM | {"title": "Red team"}, OTHERS | {"title": "Blue team"}
CHATS: tuple[Chat, ...] = (RED, BLUE, *map(private, (ANNA, BORIS, MAX, ADMIN, EVE, GONE)))
STANDINGS = {
    **{(RED["id"], one["id"]): "member" for one in (ANNA, BORIS)},
    (RED["id"], OLGA["id"]): "administrator",
    (RED["id"], GONE["id"]): "left",
    (RED["id"], BANNED["id"]): "kicked",
    (BLUE["id"], MAX["id"]): "member",
    (BLUE["id"], NINA["id"]): "administrator",
}
"""Of all others Telegram says nothing."""
TEAMS: dict[str, frozenset[int]] = {
    "Red": frozenset({RED["id"], *(one["id"] for one in (ANNA, BORIS, OLGA, GONE, BANNED))}),
    "Blue": frozenset({BLUE["id"], MAX["id"], NINA["id"]}),
}
"""The chats and people of each team. Its word stands in all that is written in its chats."""
STARTERS = ((RED, ANNA), (BLUE, MAX), (private(ANNA), ANNA), (private(MAX), MAX), (RED, GONE), (RED, BANNED))
TAKE_LEAVE = (JobState.CONFIRMING, JobState.QUEUED, JobState.UNSURE, JobState.UNDELIVERABLE, JobState.DONE)
"""The states of the lists whose starters have left since."""
ABOVE = 1
"""Every list is large: an admin has to say yes."""

Dump = dict[str, list[tuple[Any, ...]]]


def team_of(chat_or_person: int) -> str | None:
    """Give the team that a chat or a person is of."""
    return next((name for name, ids in TEAMS.items() if chat_or_person in ids), None)


@dataclass
class World:
    """What there is to be pressed on."""

    stage: Stage
    jobs: dict[str, Job] = field(default_factory=dict)
    """By token."""
    approvals: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: itertools.count(10_000))

    async def dump(self) -> Dump:
        """Give every row of every table."""
        async with self.stage.database.read() as connection:
            return {
                table.name: sorted(map(tuple, await connection.execute(select(table))), key=repr)
                for table in metadata.sorted_tables
            }

    async def restore(self, dump: Dump) -> None:
        """Put every row back: the next thing that is tried begins anew."""
        async with self.stage.database.write() as connection:
            for table in reversed(metadata.sorted_tables):
                await connection.execute(delete(table))
            for table in metadata.sorted_tables:
                if rows := dump[table.name]:
                    named = [dict(zip(table.columns.keys(), row, strict=True)) for row in rows]
                    await connection.execute(insert(table), named)

    def query(self, person: Person, chat: Chat, data: str | None, shape: str = "message") -> dict[str, Any]:
        """Write a press as Telegram tells of it.

        Args:
            person: Who presses.
            chat: Where.
            data: What the button carries.
            shape: "message"; "too old" (Telegram gives it no more); "inline" or "nothing" in a message's place.
        """
        number = next(self.numbers)
        query = {"id": str(number), "from": person, "chat_instance": "c", "data": data}
        if shape == "message":
            card = self.stage.message("card", person=OURSELVES, chat=chat)
            return query | {"message": card | {"message_id": 1 + number % 200}}
        if shape == "too old":
            return query | {"message": {"chat": chat, "message_id": 1 + number % 200, "date": 0}}
        return query | ({"inline_message_id": f"inline-{number}"} if shape == "inline" else {})


async def two_teams(stage: Stage) -> World:
    """Build all this."""
    world, store = World(stage), Store(stage.database)
    stage.telegram.members.update(STANDINGS)
    for number, person in enumerate((EVE, DENIED, BLOCKED)):
        asked = await store.requests.ask(asks(person["id"], by=person["id"]), None, NOW + number)
        assert asked is not None
        world.requests.append(asked.token)
    for token, decision in zip(world.requests[1:], (Decision.DENIED, Decision.BLOCKED), strict=True):
        await store.requests.decide(token, decision, (ADMIN["id"], "Ada"), NOW)
    await store.accesses.let_in(BLUE["id"], "Blue", ADMIN["id"], NOW)
    await store.accesses.was_seen(BLUE["id"], MAX["id"], NOW)
    await store.groups.set_who_spends(RED["id"], WhoSpends.NAMED)
    await store.groups.set_results_to(RED["id"], ResultsTo.STARTER)
    await store.groups.allow(RED["id"], BORIS["id"], "Boris")
    for chat, person in STARTERS:
        for state in TAKE_LEAVE if person in (GONE, BANNED) else PATHS:
            await _list(world, store, chat, person, state)
    await _ask_admins(world, store)
    for person in EVERYBODY:
        # Whoever presses on a list that may be checked is known by name from then on, whether it is started or not.
        await store.chats.note_name(person["id"], person["first_name"])
    for chat in (RED, BLUE):
        await store.chats.note_title(chat["id"], chat["title"])
    return world


async def _list(world: World, store: Store, chat: Chat, person: Person, state: JobState) -> None:
    case = await in_state(store, state, chat_id=chat["id"])
    word = team_of(chat["id"])
    named = {"starter_id": person["id"], "starter_name": f"{word} {person['first_name']}", "name": f"{word}-list.txt"}
    async with world.stage.database.write() as connection:
        await connection.execute(update(jobs).where(jobs.c.id == case.job.id).values(named))
    world.jobs[case.job.token] = replace(case.job, **named)


async def _ask_admins(world: World, store: Store) -> None:
    """Let somebody of each chat want a large list to be checked, and let an admin be asked for a task."""
    for job in [one for one in world.jobs.values() if one.starter_id in {ANNA["id"], MAX["id"]}]:
        if job.state is JobState.CONFIRMING:
            asked = await store.approvals.ask(job, job.read_revision, Asker(job.starter_id, job.starter_name), NOW)
            assert asked is not None
            await store.approvals.note_card(asked[0], ADMIN["id"], 7)
            world.approvals.append(asked[0].token)
        if job.state is JobState.UNSURE:
            await store.unsure.await_task(ADMIN["id"], job, NOW)
            await store.unsure.note_offered(ADMIN["id"], job, "task-of-somebody")
