"""Chats and people: what they have chosen, and who was turned away."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from storage.database import Database
from storage.schema import chats, people


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
        """Give the language that this person has chosen; None where they have not."""
        return await self.database.together(_languages, person_id)

    async def set_language(self, person_id: int, language: str) -> None:
        """Keep the person's choice of language."""
        statement = self.database.insert(people).values(person_id=person_id, language=language)
        async with self.database.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["person_id"], set_={"language": language}),
            )

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


async def _languages(database: Database, person_ids: Sequence[int]) -> list[str | None]:
    """Give what these people have chosen. It is asked of each update."""
    statement = select(people.c.person_id, people.c.language).where(people.c.person_id.in_(person_ids))
    async with database.read() as connection:
        chosen = {row.person_id: row.language for row in await connection.execute(statement)}
    return [chosen.get(person_id) for person_id in person_ids]
