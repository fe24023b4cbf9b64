"""Chats and people: what they have chosen, which language their Telegram speaks, and who was turned away."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select, true, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.job import TERMINAL, JobState
from bot.texts import language_of
from storage.database import Database
from storage.schema import chats, jobs, people
from storage.team_schema import access_requests, accesses, kept_lists, members
from storage.together import together

AT_ONCE = 10_000
"""People whose language is forgotten at one go: a statement takes no more than 32,766 ids (SQLite)."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is known of the language that a person reads."""

    chosen: str | None = None
    """By themselves: /language or /settings."""
    code: str | None = None
    """Telegram's ``language_code`` of them, as it last told it."""

    @property
    def language(self) -> str | None:
        """Give what they chose, else what their Telegram speaks; None where neither is known."""
        return self.chosen or (None if self.code is None else language_of(self.code))


@dataclass(frozen=True, slots=True)
class Chats:
    """Questions about chats and people."""

    database: Database

    async def region(self, chat_id: int) -> str | None:
        """Give the country that this chat has chosen for numbers without a country code."""
        async with self.database.read() as connection:
            return await connection.scalar(select(chats.c.region).where(chats.c.chat_id == chat_id))

    async def set_region(self, chat_id: int, region: str | None) -> None:
        """Keep the chat's country; None forgets it."""
        statement = self.database.insert(chats).values(chat_id=chat_id, region=region)
        async with self.database.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["chat_id"], set_={"region": region}),
            )

    async def language(self, person_id: int) -> str | None:
        """Give the language to speak to this person in, where they are not answered; None where nothing tells it."""
        return (await self.spoken(person_id)).language

    async def spoken(self, person_id: int) -> Spoken:
        """Give what is known of the language that this person reads."""
        return await together(self.database, _spoken, person_id)

    async def set_language(self, person_id: int, language: str) -> None:
        """Keep the person's choice of language; what is under way in their private chat goes on in it."""
        statement = self.database.insert(people).values(person_id=person_id, language=language)
        async with self.database.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["person_id"], set_={"language": language}),
            )
            await _go_on_in(connection, [person_id], language)

    async def note_language_code(self, person_id: int, code: str) -> None:
        """Remember what Telegram tells of the person's language.

        Where they have chosen none, what is under way in their private chat goes on in it.
        """
        await together(self.database, _note_language_codes, (person_id, code))

    async def forget_language_codes(self, before: float, but: Collection[int]) -> int:
        """Forget the language of everybody's Telegram of whom nothing else is kept; give of how many.

        Kept is who is let in, kept out or asks to be let in, was seen in a group, or had a list after that time.

        Args:
            before: Lists that ended before it do not count.
            but: Whose is kept whatever else is: the people that the settings name.
        """
        others = people.c.language_code.is_not(None), people.c.person_id.not_in(but)
        forgettable = select(people.c.person_id).where(*others, people.c.person_id.not_in(_known(before)))
        # Every job there ever was is looked at, which takes long: no write has to wait for that.
        async with self.database.read() as connection:
            ids = (await connection.scalars(forgettable.limit(AT_ONCE))).all()
        if not ids:
            return 0
        async with self.database.write() as connection:
            forgotten = update(people).where(people.c.person_id.in_(ids)).values(language_code=None)
            return (await connection.execute(forgotten)).rowcount

    async def is_to_be_answered(self, person_id: int, now: float, *, silent_seconds: float) -> bool:
        """Say whether this stranger is to be answered; one who was answered a while ago is not."""
        async with self.database.read() as connection:
            last = await connection.scalar(select(people.c.turned_away_at).where(people.c.person_id == person_id))
        # Answered later than now: the clock was set back since.
        return last is None or not now - silent_seconds < last <= now

    async def note_turned_away(self, person_id: int, now: float) -> None:
        """Remember that this stranger was answered."""
        statement = self.database.insert(people).values(person_id=person_id, turned_away_at=now)
        async with self.database.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["person_id"], set_={"turned_away_at": now}),
            )

    async def note_name(self, person_id: int, name: str) -> None:
        """Remember what somebody who spends is called."""
        statement = self.database.insert(people).values(person_id=person_id, name=name)
        async with self.database.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["person_id"], set_={"name": name}),
            )

    async def note_title(self, chat_id: int, title: str) -> None:
        """Remember what a group that spends is called."""
        statement = self.database.insert(chats).values(chat_id=chat_id, title=title)
        async with self.database.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["chat_id"], set_={"title": title}),
            )

    async def title(self, chat_id: int) -> str | None:
        """Give what a group is called; None where that is not known."""
        async with self.database.read() as connection:
            return await connection.scalar(select(chats.c.title).where(chats.c.chat_id == chat_id))


def _known(before: float) -> Select[tuple[int]]:
    """Choose everybody of whom more is kept than what they have chosen for themselves."""
    recent = or_(jobs.c.state.not_in(TERMINAL), jobs.c.state_since >= before)
    found = union(
        select(accesses.c.id),
        select(access_requests.c.person_id),
        select(members.c.person_id),
        select(jobs.c.starter_id).where(recent),
        select(jobs.c.asked_by).where(recent, jobs.c.asked_by.is_not(None)),
    ).subquery()
    return select(found.c[0])


async def _note_language_codes(database: Database, told: Sequence[tuple[int, str]]) -> list[None]:
    """Remember what Telegram tells of the languages of these people; see ``Chats.note_language_code``."""
    codes = dict(told)
    statement = database.insert(people)
    kept = statement.on_conflict_do_update(
        index_elements=["person_id"], set_={"language_code": statement.excluded.language_code}
    ).returning(people.c.person_id, people.c.language)
    rows = [{"person_id": person_id, "language_code": code} for person_id, code in codes.items()]
    speakers: dict[str, list[int]] = {}
    async with database.write() as connection:
        for person_id, chosen in await connection.execute(kept, rows):
            if chosen is None:
                speakers.setdefault(language_of(codes[person_id]), []).append(person_id)
        for language, person_ids in speakers.items():
            await _go_on_in(connection, person_ids, language)
    return [None] * len(told)


async def _go_on_in(connection: AsyncConnection, person_ids: Sequence[int], language: str) -> None:
    """Let everything that is still to be said in these people's private chats, which have their ids, be in a language.

    Lists of a group keep the language of who sent them: others read there as well.
    """
    jobs_untold = or_(jobs.c.state.not_in(TERMINAL), jobs.c.state == JobState.UNDELIVERABLE, jobs.c.due_at.is_not(None))
    untold = {jobs: jobs_untold, access_requests: access_requests.c.told_at.is_(None), kept_lists: true()}
    for table, still in untold.items():
        theirs = table.c.chat_id.in_(person_ids)
        await connection.execute(update(table).where(theirs, still).values(language=language))


async def _spoken(database: Database, person_ids: Sequence[int]) -> list[Spoken]:
    """Give what is known of the languages of these people. It is asked of each update."""
    columns = people.c.person_id, people.c.language, people.c.language_code
    statement = select(*columns).where(people.c.person_id.in_(person_ids))
    async with database.read() as connection:
        known = {row.person_id: Spoken(row.language, row.language_code) for row in await connection.execute(statement)}
    return [known.get(person_id, Spoken()) for person_id in person_ids]
