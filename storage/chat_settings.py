"""What a chat has chosen, groups and private chats alike; who spends in a group is in groups.py."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.parts import Format
from storage.database import Database
from storage.team_schema import chat_settings


@dataclass(frozen=True, slots=True)
class Consent:
    """Somebody has said that lists of up to so many numbers are checked without being asked about."""

    numbers: int
    person_id: int
    name: str
    at: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a chat has chosen, or what holds where nobody has."""

    file_format: Format = Format.TXT
    picture: bool = False
    """A picture comes with every result."""
    retention_days: int | None = None
    """So long lists and results are kept at the most; None is as long as the bot keeps any."""
    consent: Consent | None = None
    """None: every list is asked about."""

    @property
    def ask_above(self) -> int | None:
        """Give how many numbers a list may have that is not asked about; None where all are."""
        return None if self.consent is None else self.consent.numbers

    def days(self, most: int) -> int:
        """Give how many days the chat's lists are kept, where the bot keeps none for longer than ``most``."""
        return most if self.retention_days is None else min(most, self.retention_days)


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """Questions about what chats have chosen."""

    database: Database

    async def of(self, chat_id: int) -> Chosen:
        """Give what this chat has chosen."""
        statement = select(chat_settings).where(chat_settings.c.chat_id == chat_id)
        async with self.database.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            return Chosen()
        consent = None if row.ask_above is None else Consent(row.ask_above, row.set_by, row.set_by_name, row.set_at)
        return Chosen(Format(row.file_format or Format.TXT), bool(row.picture), row.retention_days, consent)

    async def format_of(self, chat_id: int) -> Format:
        """Give what this chat's files are where nobody names a format."""
        return (await self.of(chat_id)).file_format

    async def wants_picture(self, chat_id: int) -> bool:
        """Say whether a picture comes with every result of this chat."""
        return (await self.of(chat_id)).picture

    async def set_file_format(self, chat_id: int, file_format: Format) -> None:
        """Keep what files are."""
        await self._set(chat_id, file_format=file_format)

    async def set_picture(self, chat_id: int, *, always: bool) -> None:
        """Keep whether a picture comes with every result."""
        await self._set(chat_id, picture=always)

    async def set_retention(self, chat_id: int, days: int | None) -> None:
        """Keep how long lists are kept; None forgets it."""
        await self._set(chat_id, retention_days=days)

    async def ask_always(self, chat_id: int) -> None:
        """Let every list be asked about."""
        await self._set(chat_id, ask_above=None, set_by=None, set_by_name=None, set_at=None)

    async def consent(self, chat_id: int, consent: Consent) -> None:
        """Keep that somebody lets short lists be checked without being asked about.

        The same again changes nothing: the word stays whose it was.
        """
        said = {
            "ask_above": consent.numbers,
            "set_by": consent.person_id,
            "set_by_name": consent.name,
            "set_at": consent.at,
        }
        await self._set(chat_id, chat_settings.c.ask_above.is_distinct_from(consent.numbers), **said)

    async def _set(self, chat_id: int, *conditions: Any, **values: Any) -> None:  # noqa: ANN401  (SQL)
        statement = self.database.insert(chat_settings).values(chat_id=chat_id, **values)
        where = {"where": conditions[0]} if conditions else {}
        async with self.database.write() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["chat_id"], set_=values, **where),
            )
