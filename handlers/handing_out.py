"""Files on buttons and by link: into the chat, or, where the group has set so, in private to who may have them.

A link is ``t.me/us?start=result_<token>``: it opens a private chat with us where there was none.
"""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiogram import Bot, Router
from aiogram.enums import ChatAction, ChatType
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.cards import Action, Card, Press
from bot.job import Job, JobState
from bot.texts import Texts
from handlers.admission import Admission
from handlers.answers import answer, answer_press, send_card
from handlers.audience import Audience
from handlers.files import ResultFile, ResultFiles
from handlers.roles import Roles
from handlers.strangers import Door
from storage.chats import Chats
from storage.jobs import Jobs
from storage.tasks import Tasks

logger = logging.getLogger(__name__)

_LINK = re.compile(r"/start result_([A-Za-z0-9_-]{8,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HandingOut:
    """Finds out whose file is asked for and whether it may be had; sends it."""

    jobs: Jobs
    chats: Chats
    tasks: Tasks
    roles: Roles
    files: ResultFiles
    wake: Callable[[], None]

    async def pressed(self, press: Press, query: CallbackQuery) -> tuple[Job, bool] | None:
        """Give the list whose file is asked for, and whether that goes to persons only; None where there is none here.

        In private that may be a list of a group, whose files this person may have.
        """
        person_id, chat_id = query.from_user.id, query.message.chat.id if query.message else 0
        job = await self.jobs.by_token(press.token, chat_id)
        if job is not None:
            self.roles.note_press(query, job)
            return job, await self.roles.are_private(job)
        job = await self.jobs.in_any_chat(press.token) if chat_id == person_id else None
        return (job, True) if job is not None and await self.roles.may_have(person_id, job) else None

    async def make(self, job: Job, asked: Press, texts: Texts, person_id: int | None) -> ResultFile | None:
        """Make the file for the chat, or for a person; None where what it is made of is not kept any more."""
        group = None if person_id is None else await self.chats.title(job.chat_id)
        return await self.files.make(job, asked, texts, group=group)

    async def send(self, bot: Bot, job: Job, file: ResultFile, person_id: int | None, *, is_result: bool) -> None:
        """Send the file into the chat, or to a person, who then has the result that waited for somebody to take it.

        A result that is for the whole group goes on waiting for it, whichever admin has a copy.
        """
        await self.files.send(bot, job, file, person_id=person_id)
        if person_id is None or not is_result or not await self._is_for_a_person(job):
            return
        if await self.tasks.fetched(job, person_id, time.time()):
            self.wake()

    async def _is_for_a_person(self, job: Job) -> bool:
        return job.counted_at is not None or await self.roles.are_private(job)


@dataclass(frozen=True, slots=True)
class FilePress(Filter):
    """A press that asks for a file."""

    async def __call__(self, query: CallbackQuery, handing_out: HandingOut) -> bool | dict[str, Any]:
        """Hand over what was pressed."""
        press = Press.unpack(query.data)
        return {"press": press} if press is not None and press.action in handing_out.files.actions else False


@dataclass(frozen=True, slots=True)
class ResultLink(Filter):
    """Somebody has opened the link to a result. It is asked before who is a stranger: Telegram may not say."""

    async def __call__(self, message: Message, handing_out: HandingOut, door: Door) -> bool | dict[str, Any]:
        """Hand over the list, None where it is not for them; what strangers forge is the strangers' business."""
        link, person = _LINK.fullmatch(message.text or ""), message.from_user
        if link is None or person is None or message.chat.type != ChatType.PRIVATE:
            return False
        admission = await door.access.admission(person, message.chat)
        if admission not in {Admission.ALLOWED, Admission.STRANGER}:
            return False
        job = await handing_out.jobs.in_any_chat(link.group(1))
        if job is not None and (job.recipient_id == person.id or await handing_out.roles.may_have(person.id, job)):
            return {"job": job}
        return {"job": None} if admission is Admission.ALLOWED else False


def build_link_router() -> Router:
    """Stand before the strangers' router."""
    router = Router(name="result links")
    router.message.register(open_link, ResultLink())
    return router


def build_router() -> Router:
    """Stand before the other buttons."""
    router = Router(name="files")
    router.callback_query.register(on_press, FilePress())
    return router


async def on_press(
    query: CallbackQuery, press: Press, bot: Bot, handing_out: HandingOut, audience: Audience, texts: Texts
) -> None:
    """Send the file that was asked for, to where it may go."""
    found, person_id = await handing_out.pressed(press, query), query.from_user.id
    if found is None or query.message is None:
        await answer_press(query, texts.plain("press-stale"))
        return
    job, is_private = found
    to = person_id if is_private else None
    if is_private and not await handing_out.roles.may_have(person_id, job):
        await answer_press(query, await handing_out.roles.why_not(person_id, job, texts), alert=True)
        return
    if is_private and query.message.chat.id != person_id and not await _is_open(bot, person_id):
        link = f"https://t.me/{audience.username}?start=result_{job.token}"
        await answer_press(query, "", url=link)
        return
    said = texts.plain("press-file-private" if is_private else "press-file")
    if press.word:  # another format of what was sent, which may take longer to make than a press can wait
        await answer_press(query, said)
        file = await handing_out.make(job, press, texts, to)
        if file is None:
            await send_card(bot, job, Card(texts.say("press-result-gone")), person_id=to)
    else:
        file = await handing_out.make(job, press, texts, to)
        await answer_press(query, texts.plain("press-result-gone") if file is None else said, alert=file is None)
    if file is not None:
        await handing_out.send(bot, job, file, to, is_result=press.action is Action.FILE)


async def _is_open(bot: Bot, person_id: int) -> bool:
    """Say whether we may write to this person: they have started us, and not blocked us since."""
    try:
        await bot.send_chat_action(person_id, ChatAction.UPLOAD_DOCUMENT)
    except (TelegramForbiddenError, TelegramBadRequest) as error:
        logger.info("A person cannot be written to (%s)", type(error).__name__)
        return False
    return True


async def open_link(
    message: Message, job: Job | None, bot: Bot, handing_out: HandingOut, audience: Audience, texts: Texts
) -> None:
    """Give the result to who may have it, and deliver what else waited for this chat."""
    person_id, roles = message.chat.id, handing_out.roles
    if job is None:
        await answer(message, Card(texts.say("result-link-none")))
    elif not await roles.may_have(person_id, job):
        await answer(message, Card(texts.say("result-link-unseen", bot=audience.username)))
    elif job.finished_at is None:
        await answer(message, Card(texts.say("result-link-early")))
    elif job.state is JobState.UNDELIVERABLE and job.recipient_id == person_id and await roles.are_private(job):
        logger.info("A result is fetched: job=%s", job.id)  # the worker sends it, below
    elif (file := await handing_out.make(job, Press(Action.FILE, job.token), texts, person_id)) is None:
        await answer(message, Card(texts.say("press-result-gone")))
    else:
        await handing_out.send(bot, job, file, person_id, is_result=True)
    if await handing_out.tasks.reachable_again(person_id, time.time()):
        handing_out.wake()
