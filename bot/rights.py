"""Who is a member of a chat, and who is an admin of it: asked of Telegram, and believed for minutes.

``getChatMember`` is only promised to answer about others where the bot is an admin itself; ``getChatAdministrators``
answers everywhere (https://core.telegram.org/bots/api#getchatmember). Where Telegram does not answer, what it told us
of its own accord lately still counts: somebody who wrote in the group minutes ago is in it. Failing that, too, the
right is not given.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from aiogram import Bot
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import ChatMemberRestricted
from aiogram.types.chat_member_union import ChatMemberUnion

from bot.limits import PASSING, HeldBackError

logger = logging.getLogger(__name__)

Key = TypeVar("Key")
Value = TypeVar("Value")


class OutOfReachError(Exception):
    """Telegram could not be asked just now; it may say more in a moment."""


BELIEVED_SECONDS = 5 * 60.0
"""How long an answer is believed: somebody who was banned loses what they may within this time, mostly at once."""
FAILED_SECONDS = 5.0
"""How long Telegram is not asked again after it did not answer."""
MOST_ANSWERS = 10_000
"""More are not kept; some old ones are dropped, whether they are believed still or not."""
PRESENT = frozenset({ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.CREATOR})
RUNNING = frozenset({ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.CREATOR})


@dataclass(frozen=True, slots=True)
class Answer(Generic[Value]):
    """What Telegram said."""

    said: Value | None
    """None where it said nothing."""
    until: float
    """So long it is believed."""
    in_reach: bool = True
    """It could be asked."""


@dataclass(slots=True)
class Rights:
    """Asks Telegram what somebody is in a chat. One for each bot; nothing of it is stored."""

    bot: Bot
    clock: Callable[[], float] = time.monotonic
    _members: dict[tuple[int, int], Answer[ChatMemberUnion]] = field(default_factory=dict)
    """Answers by chat and person."""
    _admins: dict[int, Answer[frozenset[int]]] = field(default_factory=dict)
    """Answers by chat."""
    _seen: dict[tuple[int, int], float] = field(default_factory=dict)
    """For each chat and person until when it is believed that they are there because they spoke there."""
    _changes: int = 0
    """How often something was to be forgotten."""

    async def is_member(self, chat_id: int, person_id: int) -> bool:
        """Say whether this person is in the chat now; in a private chat only its person is."""
        if chat_id > 0:
            return chat_id == person_id
        member = (await self._member(chat_id, person_id)).said
        if member is not None:
            return _is_present(member)
        seen_until = self._seen.get((chat_id, person_id))
        if seen_until is not None and seen_until > self.clock():
            return True
        return person_id in ((await self._admins_of(chat_id)).said or ())

    def believes(self, chat_id: int, person_id: int) -> bool:
        """Say whether Telegram has to be asked nothing to know if this person is in the group."""
        known = self._members.get((chat_id, person_id))
        return known is not None and known.until > self.clock()

    async def is_surely_member(self, chat_id: int, person_id: int) -> bool:
        """Say the same for what cannot be taken back.

        Raises:
            OutOfReachError: Telegram could not be asked just now, and nothing else says yes.
        """
        if await self.is_member(chat_id, person_id):
            return True
        if chat_id < 0 and not (await self._member(chat_id, person_id)).in_reach:
            raise OutOfReachError
        return False

    async def is_admin(self, chat_id: int, person_id: int) -> bool:
        """Say whether this person, or the bot itself, is an admin or the owner of the group."""
        if chat_id > 0:
            return False
        if person_id == self.bot.id:  # getChatAdministrators leaves bots out
            member = (await self._member(chat_id, person_id)).said
            return member is not None and member.status in RUNNING
        return person_id in ((await self._admins_of(chat_id)).said or ())

    def saw(self, chat_id: int, person_id: int, *, ago: float = 0.0) -> None:
        """Take down that this person spoke in the group so many seconds ago, as Telegram has told us."""
        if chat_id > 0 or ago >= BELIEVED_SECONDS:
            return
        key = chat_id, person_id
        _keep(self._seen, key, self.clock() - max(ago, 0.0) + BELIEVED_SECONDS)
        known = self._members.get(key)
        if known is not None and known.said is not None and not _is_present(known.said):
            del self._members[key]  # they may be back: Telegram is asked again

    def forget(self, chat_id: int) -> None:
        """Believe nothing any more that is known of this group: somebody's standing in it has changed."""
        self._changes += 1
        self._admins.pop(chat_id, None)
        for member in [key for key in self._members if key[0] == chat_id]:
            del self._members[member]
        for seen in [key for key in self._seen if key[0] == chat_id]:
            del self._seen[seen]

    async def _member(self, chat_id: int, person_id: int) -> Answer[ChatMemberUnion]:
        return await self._believed(
            self._members, (chat_id, person_id), lambda: self.bot.get_chat_member(chat_id, person_id)
        )

    async def _admins_of(self, chat_id: int) -> Answer[frozenset[int]]:
        async def ask() -> frozenset[int]:
            admins = await self.bot.get_chat_administrators(chat_id)
            return frozenset(admin.user.id for admin in admins if admin.status in RUNNING)

        return await self._believed(self._admins, chat_id, ask)

    async def _believed(
        self, known: dict[Key, Answer[Value]], key: Key, ask: Callable[[], Awaitable[Value]]
    ) -> Answer[Value]:
        """Give the answer that is believed still, or ask for one."""
        before = known.get(key)
        if before is not None and before.until > self.clock():
            return before
        changes = self._changes
        try:
            answer = Answer(await ask(), self.clock() + BELIEVED_SECONDS)
        except (TelegramAPIError, ClientDecodeError, HeldBackError) as error:
            # Telegram's words may name a person, so they are not logged.
            logger.info("Telegram does not say who is what in a chat (%s)", type(error).__name__)
            answer = Answer(None, self.clock() + FAILED_SECONDS, in_reach=not isinstance(error, PASSING))
        if changes == self._changes:  # else it may be from before the change that was just heard of
            _keep(known, key, answer)
        return answer


def _is_present(member: ChatMemberUnion) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status in PRESENT


def _keep(known: dict[Key, Value], key: Key, value: Value) -> None:
    """Keep an answer, the newest last; drop the oldest where there are too many."""
    known.pop(key, None)
    while len(known) >= MOST_ANSWERS:
        del known[next(iter(known))]
    known[key] = value
