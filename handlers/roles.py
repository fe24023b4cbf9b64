"""Who may decide about a list, spend money on it, and have its files; what somebody is told who may not."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, Message, TelegramObject, Update

from bot.job import STAND_INS, Job
from bot.preview import starter_of
from bot.rights import Rights
from bot.texts import Texts
from storage.groups import Groups, ResultsTo, WhoSpends


@dataclass(frozen=True, slots=True)
class Roles:
    """Answers who may do what. Deny by default."""

    rights: Rights
    groups: Groups
    admin_ids: frozenset[int]
    """The bot's own admins."""

    async def may_decide(self, person_id: int, job: Job) -> bool:
        """Say whether this person may cancel, close, change or forget the list.

        Its starter, an admin of its group, or an admin of the bot; for a list of an anonymous admin or of a channel
        everybody in the group. Who is not in the group any more decides nothing.
        """
        if person_id in self.admin_ids:
            return True
        if job.chat_id > 0:
            return job.starter_id == person_id
        if not await self.rights.is_member(job.chat_id, person_id):
            return False
        return job.starter_id in {person_id, *STAND_INS} or await self.rights.is_admin(job.chat_id, person_id)

    async def may_spend(self, person_id: int, chat_id: int) -> bool:
        """Say whether this person may start checks here, by what the group has set."""
        if person_id in self.admin_ids:
            return True
        if person_id in STAND_INS or not await self.rights.is_member(chat_id, person_id):
            return False
        if chat_id > 0:
            return True
        who = (await self.groups.settings(chat_id)).who_spends
        if who is WhoSpends.EVERYONE or await self.rights.is_admin(chat_id, person_id):
            return True
        return who is WhoSpends.NAMED and await self.groups.is_spender(chat_id, person_id)

    async def is_here(self, person_id: int, chat_id: int) -> bool:
        """Say whether this person is in the chat now, or an admin of the bot."""
        return person_id in self.admin_ids or await self.rights.is_member(chat_id, person_id)

    async def may_manage(self, person_id: int, chat_id: int) -> bool:
        """Say whether this person may change what the group has set: an admin of it, or of the bot."""
        return person_id in self.admin_ids or await self.rights.is_admin(chat_id, person_id)

    async def may_have(self, person_id: int, job: Job) -> bool:
        """Say whether this person may have the list's files in private: who may decide, but for a nameless list.

        That one's files are for who pressed, and for admins. What came in a private chat is its person's alone.
        """
        if job.chat_id > 0:
            return person_id == job.chat_id
        if not await self.may_decide(person_id, job):
            return False
        nameless = job.starter_id in STAND_INS
        return not nameless or person_id == job.asked_by or await self.may_manage(person_id, job.chat_id)

    def note_press(self, query: CallbackQuery, job: Job) -> None:
        """Take down that who sent the list here presses here.

        They wrote here, and they see the message still; but what a public group says is read by all the world.
        """
        shown = query.message
        if shown is not None and shown.chat.username is None and query.from_user.id == job.starter_id:
            self.rights.saw(shown.chat.id, query.from_user.id)

    async def are_private(self, job: Job) -> bool:
        """Say whether the list's files go to persons only, by what its group has set."""
        return job.chat_id < 0 and (await self.groups.settings(job.chat_id)).results_to is ResultsTo.STARTER

    async def why_not(self, person_id: int, job: Job, texts: Texts) -> str:
        """Say to somebody who may not decide about the list who may, or what keeps them from it."""
        could = job.chat_id < 0 and job.starter_id in {person_id, *STAND_INS}
        if could and not await self.rights.is_member(job.chat_id, person_id):
            return texts.plain("press-not-here")
        return texts.plain("press-not-yours", name=starter_of(job))

    async def why_not_spend(self, person_id: int, chat_id: int, texts: Texts) -> str:
        """Say to somebody who may not start checks here who may."""
        if not await self.rights.is_member(chat_id, person_id):
            return texts.plain("press-not-here")
        who = (await self.groups.settings(chat_id)).who_spends
        return texts.plain("press-named-spend" if who is WhoSpends.NAMED else "press-admins-spend")


def is_anonymous_admin(message: Message) -> bool:
    """Say whether an admin of the group writes without a name: then the group itself is the sender."""
    return message.sender_chat is not None and message.sender_chat.id == message.chat.id


async def manages(message: Message, roles: Roles) -> bool:
    """Say whether an admin of the group, with or without a name, or of the bot writes this."""
    if is_anonymous_admin(message):
        return True
    return message.from_user is not None and await roles.may_manage(message.from_user.id, message.chat.id)


class Seen(BaseMiddleware):
    """Lets ``Rights`` know who speaks in a group: what Telegram tells of that counts where it answers nothing."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:  # noqa: ANN401  (whatever the handler gives)
        """Take down who wrote a message, and how long ago: it may have waited for us."""
        message = event.message if isinstance(event, Update) else None
        if message is not None and message.from_user is not None and _is_said(message):
            rights: Rights = data["rights"]
            rights.saw(message.chat.id, message.from_user.id, ago=time.time() - message.date.timestamp())
        return await handler(event, data)


def _is_said(message: Message) -> bool:
    """Say whether somebody says this under their own name; that they have left is told in their name, too."""
    return message.sender_chat is None and message.left_chat_member is None
