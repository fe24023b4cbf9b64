"""Whose short lists may begin by themselves: those of who may use the bot there, and spend, at that time."""

from dataclasses import dataclass

from aiogram.types import Chat, User

from bot.job import STAND_INS, Job
from handlers.admission import Access, Admission
from handlers.roles import Roles


@dataclass(frozen=True, slots=True)
class Starters:
    """Answers for the worker what a press would be asked."""

    access: Access
    roles: Roles

    async def may_begin(self, job: Job) -> bool:
        """Say whether who started the list may have it checked now; who has no name may not."""
        if job.starter_id in STAND_INS:
            return False
        person = User(id=job.starter_id, is_bot=False, first_name=job.starter_name or "-")
        chat = Chat(id=job.chat_id, type="private" if job.chat_id > 0 else "supergroup")
        if await self.access.admission(person, chat) is not Admission.ALLOWED:
            return False
        return await self.roles.may_spend(job.starter_id, job.chat_id)
