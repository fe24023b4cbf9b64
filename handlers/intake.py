"""Files and pasted numbers become a stored job. Reading them, and saying anything about them, is the worker's."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import Contact, Message

from bot.cards import Card
from bot.job import CONTACTS, STAND_INS, TERMINAL, Asks, Job, JobState
from bot.list_parts import ending_of
from bot.numbers import looks_like_list
from bot.sample import SAMPLE_NAME
from bot.settings import Settings
from bot.texts import Texts
from bot.vcards import is_vcard, write_vcard
from handlers.answers import answer
from handlers.audience import OUR_COMMANDS
from handlers.said import Has
from storage.beginnings import Beginnings
from storage.chats import Chats
from storage.jobs import OPEN_LIST, Jobs
from storage.lists import ListMessage, Lists, NewJob

_COMMAND = re.compile(r"\A/(?P<name>[^\W\d_]\w*)(@(?P<addressee>\w+))?")
PASTE_SECONDS = 3
"""Clients cut a long paste into messages of 4,096 characters, and send each contact as a message of its own: what comes
within so long of the last is one list."""
NOT_SENT = frozenset({JobState.REFUSED, JobState.CANCELLED, JobState.EXPIRED})
"""The states in which a list has ended without a check: what is edited now becomes a new job."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where lists are handed in: finds the job that a message belongs to, or opens one."""

    jobs: Jobs
    lists: Lists
    chats: Chats
    settings: Settings
    wake: Callable[[], None]

    async def hand_in(self, message: Message, by: Message, language: str) -> Job:
        """Store a message that holds a list.

        Args:
            message: The message with the file or the numbers.
            by: The message that asked for it: the same one, or a command in reply to it.
            language: What the person reads.
        """
        now = time.time()
        held = list_message(message)
        job = await self._open_job(message, by, now)
        joined = await self.lists.join(job.id, held, now) if job is not None else None
        if joined is None:
            joined = await self.lists.open(await self._new_job(message, by, language), held, now)
        self.wake()
        return joined

    async def hand_in_sample(self, sent: Message, person: tuple[int, str], language: str) -> Job:
        """Take the sample, which the bot has sent itself, as the list of who asked for it."""
        chat_id = sent.chat.id
        region = await self.chats.region(chat_id) or self.settings.default_region
        new = NewJob(chat_id, None, *person, language, SAMPLE_NAME, region)
        job = await self.lists.open(new, list_message(sent), time.time())
        self.wake()
        return job

    async def hand_in_again(self, message: Message, by: Message, language: str) -> Job:
        """Store a message that somebody asks about by replying to it: where its job has ended, it becomes a new one.

        Give the job that it belongs to now; one that has not ended stays as it is.
        """
        known = await self.jobs.of_message(message.chat.id, message.message_id)
        if known is None:
            return await self.hand_in(message, by, language)
        if known.state in TERMINAL:
            known = await self._open_anew(known, message, by, language)
            self.wake()
        return known

    async def _open_anew(self, ended: Job, message: Message, by: Message, language: str) -> Job:
        """Make a new job of a list that has ended: of all its messages, or of this one where nothing of it is kept."""
        now = time.time()
        if ended.state is not JobState.REFUSED:
            opened = await self.lists.open_again(ended, now, language=language, person=_person(by))
            if opened is not None:
                return opened
        return await self.lists.open_changed(
            ended, await self._new_job(message, by, language), list_message(message), now
        )

    async def take_edit(self, message: Message, language: str) -> Job | None:
        """Store what an edited message says now; give the job where it is too late for that."""
        now = time.time()
        held = list_message(message)
        job = await self.jobs.of_message(message.chat.id, message.message_id)
        if job is not None and job.state in OPEN_LIST:
            if _person(message)[0] != job.starter_id:  # who asked for the check did not ask for this
                await Beginnings(self.lists.database).wait(job.id, Asks.EDITED, now)
            await self.lists.edit(held, float(message.edit_date or now), now)
        elif job is not None and job.state not in NOT_SENT:
            return job
        elif not holds_list(message):
            return None
        elif job is None:
            await self.lists.open(await self._new_job(message, message, language), held, now)
        else:
            await self._open_anew(job, message, message, language)
            await self.lists.edit(held, float(message.edit_date or now), now)
        self.wake()
        return None

    async def _open_job(self, message: Message, by: Message, now: float) -> Job | None:
        """Find the list that this message goes on with: one that waits for it, one replied to, or one being pasted."""
        person_id, thread_id = _person(by)[0], thread_of(by)
        job = await self.jobs.adding(by.chat.id, thread_id, person_id, now=now)
        if job is not None:
            return job
        replied = by.reply_to_message
        if message is by and replied is not None:
            job = await self.jobs.of_card(by.chat.id, replied.message_id)
            if job is not None and job.state in OPEN_LIST and job.starter_id == person_id:
                return job
        if message.document is not None or message is not by:
            return None
        since = message.date.timestamp() - PASTE_SECONDS
        return await self.jobs.pasted_just_before(by.chat.id, thread_id, person_id, since=since)

    async def _new_job(self, message: Message, by: Message, language: str) -> NewJob:
        person_id, person_name = _person(by)
        return NewJob(
            chat_id=by.chat.id,
            thread_id=thread_of(by),
            starter_id=person_id,
            starter_name=person_name,
            language=language,
            name=_name_of(message),
            region=await self.chats.region(by.chat.id) or self.settings.default_region,
        )


class HoldsList(Filter):
    """A message with a file, a contact, or a text that may hold numbers."""

    async def __call__(self, message: Message) -> bool:
        """Say whether that is so."""
        return holds_list(message)


def holds_list(message: Message) -> bool:
    """Say whether a message may be a list: what its file really holds is seen when it is read."""
    if message.document is not None:
        return message.animation is None  # Telegram calls an animation a document as well
    if message.contact is not None:
        return True
    text = list_text(message)
    return command_of(text) is None and looks_like_list(text)


def command_of(text: str) -> tuple[str, str] | None:
    """Give the command that a text begins with and the bot it names, in small letters; "" where it names none."""
    found = _COMMAND.match(text)
    return None if found is None else (found["name"].lower(), (found["addressee"] or "").lower())


def list_text(message: Message) -> str:
    """Give what a message says, without the command that hands it in, also a mistyped one; of a contact its vCard."""
    if message.contact is not None:
        return contact_card(message.contact)
    text = message.text or ""
    command = command_of(text)
    is_another = command is not None and command[0] in OUR_COMMANDS - {"check"}
    return text if is_another else _COMMAND.sub("", text, count=1)


def contact_card(contact: Contact) -> str:
    """Give a contact as a vCard: the one that came with it may have more phones, and may have none."""
    card = contact.vcard or ""
    if is_vcard(card) and "TEL" in card.upper():
        return card
    name = " ".join(filter(None, (contact.first_name, contact.last_name)))
    digits = contact.phone_number.removeprefix("+")
    # Telegram gives numbers of its accounts with their country code and without the plus.
    return write_vcard(name, f"+{digits}" if digits.isdecimal() and contact.user_id else contact.phone_number)


def list_message(message: Message) -> ListMessage:
    """Take from a message what is kept of it."""
    document = message.document
    return ListMessage(
        chat_id=message.chat.id,
        message_id=message.message_id,
        sent_at=message.date.timestamp(),
        content=None if document else list_text(message).encode("utf-8", "replace"),
        file_id=document.file_id if document else None,
        file_size=document.file_size if document else None,
        file_ending=ending_of(document.file_name) if document else "",
    )


def thread_of(message: Message) -> int | None:
    """Give the forum topic; the thread of an ordinary reply is none."""
    return message.message_thread_id if message.is_topic_message else None


def build_router() -> Router:
    """Stand last: what is no command and no press may be a list."""
    router = Router(name="intake")
    router.message.register(take_list, HoldsList())
    router.edited_message.register(take_edit, Has("text", "document"))
    router.message.register(say_no_digits, Has("text"))
    router.message.register(say_not_a_file, Has(*OTHER_CONTENT))
    return router


OTHER_CONTENT = (
    "animation",
    "audio",
    "dice",
    "location",
    "paid_media",
    "photo",
    "poll",
    "sticker",
    "story",
    "venue",
    "video",
    "video_note",
    "voice",
)
"""What people may send in the belief that it is a list; all else is a notice of Telegram's own."""


async def take_list(message: Message, desk: Desk, language: str) -> None:
    """A file or numbers."""
    await desk.hand_in(message, message, language)


async def take_edit(message: Message, desk: Desk, language: str, texts: Texts) -> None:
    """A list that was edited: read again before the press, too late after it."""
    late = await desk.take_edit(message, language)
    if late is not None:
        await answer(message, Card(texts.say("list-already-sent")))


async def say_no_digits(message: Message, texts: Texts) -> None:
    """A text without any number."""
    await answer(message, Card(texts.say("no-digits")))


async def say_not_a_file(message: Message, texts: Texts) -> None:
    """A picture, a voice message and the like."""
    await answer(message, Card(texts.say("not-a-file-type")))


def _name_of(message: Message) -> str | None:
    """Give what a message's list is called by; None where it has no name."""
    if message.document is not None:
        return message.document.file_name or "list.txt"
    return CONTACTS if message.contact is not None else None


def _person(message: Message) -> tuple[int, str]:
    """Give who writes; who writes as a group or a channel is called as that is."""
    if message.from_user is None:
        return 0, ""
    sender = message.sender_chat
    name = sender.title if sender is not None and message.from_user.id in STAND_INS else None
    return message.from_user.id, name or message.from_user.full_name
