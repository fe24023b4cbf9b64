"""May this person use the bot here? Deny by default; where Telegram does not say who is a member, nobody is."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from aiogram.types import Chat, User

from bot.job import STAND_INS
from bot.rights import Rights
from handlers.audience import GROUPS, Audience
from storage.access import Accesses, AccessState

LOOKUPS = 200
LOOKUP_SECONDS = 60.0
"""Telegram is asked so often in so long which groups strangers are in; beyond that they count as strangers."""
REFRESH_SECONDS = 60.0


class Admission(StrEnum):
    """May they use the bot here?"""

    ALLOWED = "allowed"
    STRANGER = "stranger"
    """Nobody has said so yet: an admin can be asked."""
    DENIED = "denied"
    """An admin has said no; they may know."""
    IGNORED = "ignored"
    """They are answered nothing."""
    UNWANTED = "unwanted"
    """An admin wants us out of this group."""


@dataclass(slots=True)
class Access:
    """Knows who may use the bot: from the settings, from what admins have said, and from Telegram."""

    audience: Audience
    accesses: Accesses
    rights: Rights
    clock: Callable[[], float] = time.time
    _lookups: deque[float] = field(default_factory=deque)
    """When strangers were looked up lately."""

    async def admission(self, person: User | None, chat: Chat | None) -> Admission:
        """Say whether this person may use the bot in this chat. What an admin has said of a person goes everywhere."""
        audience = self.audience
        person_id, chat_id = person.id if person else None, chat.id if chat else None
        if person_id in audience.admin_ids or person_id in audience.allowed_ids:
            return Admission.ALLOWED
        if person is not None and person.is_bot and person.id not in STAND_INS:
            return Admission.IGNORED
        known = await self.accesses.known(person_id, chat_id)
        if known.person is AccessState.BLOCKED:
            return Admission.IGNORED
        if known.person is AccessState.DENIED:
            return Admission.DENIED
        if chat is not None and chat.type in GROUPS:
            return self._in_group(chat.id, known.person, known.chat)
        if known.person is AccessState.APPROVED:
            return Admission.ALLOWED
        if person is None or chat_id != person.id:
            return Admission.STRANGER
        return Admission.ALLOWED if await self._is_member(person.id) else Admission.STRANGER

    def _in_group(self, chat_id: int, person: AccessState | None, group: AccessState | None) -> Admission:
        if chat_id in self.audience.allowed_ids or group is AccessState.APPROVED:
            return Admission.ALLOWED
        if group is AccessState.BLOCKED:
            return Admission.UNWANTED
        if group is AccessState.DENIED:
            return Admission.IGNORED
        return Admission.ALLOWED if person is AccessState.APPROVED else Admission.STRANGER

    async def is_let_in(self, chat_id: int) -> bool:
        """Say whether every member of this group may use the bot in it."""
        if chat_id in self.audience.allowed_ids:
            return True
        return (await self.accesses.known(None, chat_id)).chat is AccessState.APPROVED

    async def may_bring(self, person_id: int) -> bool:
        """Say whether a group that this person adds the bot to is let in by that.

        Somebody who may use the bot only as a member of another group may not: groups would let in each other.
        """
        if person_id in self.audience.admin_ids or person_id in self.audience.allowed_ids:
            return True
        return (await self.accesses.known(person_id, None)).person is AccessState.APPROVED

    async def was_seen(self, chat_id: int, person: User) -> None:
        """Keep that somebody writes to us in a group: where they do so in private, it is the first one asked."""
        if not person.is_bot and person.id not in STAND_INS:
            await self.accesses.was_seen(chat_id, person.id, self.clock())

    async def _is_member(self, person_id: int) -> bool:
        """Say whether a person is in one of the groups that are let in, as far as Telegram says so now."""
        for chat_id in await self.accesses.groups_of(person_id, self.audience.allowed_ids):
            if not self.rights.believes(chat_id, person_id) and not self._may_look_up():
                return False
            if await self.rights.is_member(chat_id, person_id):
                return True
        return False

    def _may_look_up(self) -> bool:
        """Count a question to Telegram. Thousands of strangers must not take what the lists of others need."""
        now = self.clock()
        while self._lookups and self._lookups[0] <= now - LOOKUP_SECONDS:
            self._lookups.popleft()
        if len(self._lookups) >= LOOKUPS:
            return False
        self._lookups.append(now)
        return True


@dataclass(slots=True)
class FileGroups:
    """The groups, of those let in, whose list files are meant for us though nobody says so.

    In memory, because it is asked of every message: ``refresh`` after a change.
    """

    accesses: Accesses
    allowed_ids: frozenset[int]
    ids: frozenset[int] = frozenset()
    clock: Callable[[], float] = time.time

    async def refresh(self) -> float:
        """Read from the database which groups they are; give when to look again, for other bots on it may change it."""
        self.ids = await self.accesses.taking_files(self.allowed_ids)
        return self.clock() + REFRESH_SECONDS
