"""/privacy says what is kept; /forget deletes a list before its time, or for admins a number everywhere."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from aiogram import Router
from aiogram.filters import CommandObject, Filter
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.cards import Action, Button, Card, Press, lines, short
from bot.erasing import Wanted
from bot.job import Job, JobState
from bot.numbers import read_numbers
from bot.preview import name_of, starter_of
from bot.settings import Settings
from bot.texts import Texts
from handlers.answers import answer, answer_press
from handlers.audience import Audience
from handlers.chat_settings import Rules
from handlers.erasing import Eraser, Erasure
from handlers.roles import Roles, is_anonymous_admin
from handlers.said import Word
from storage.chats import Chats
from storage.forgetting import FORGETTABLE, Forgetting
from storage.jobs import Jobs
from storage.updates import RAW_UPDATES_SECONDS

LISTS_SHOWN = 8
OF_THE_HISTORY = frozenset({Action.LISTS, Action.LIST, Action.SHOW, Action.ASK_FORGET, Action.FORGET_LISTED})
"""Buttons that carry no job's token."""
NOT_NOW = {JobState.READING: "press-forget-reading", JobState.UNSURE: "press-forget-unsure"}
"""Why a list cannot be forgotten now; all others are on their way to the check or at it."""


@dataclass(frozen=True, slots=True)
class Shredder:
    """What /forget does to lists."""

    jobs: Jobs
    forgetting: Forgetting
    eraser: Eraser
    wake: Callable[[], None]

    async def forget(self, job: Job) -> str:
        """Forget a list; give the answer that the person sees."""
        if await self.forgetting.forget(job, time.time()):
            self.wake()
            return "press-forgotten"
        now = await self.jobs.get(job.id) or job
        return NOT_NOW.get(now.state, "press-forget-busy")

    async def erase(self, wanted: Wanted) -> Erasure:
        """Take a number out of everything that is kept."""
        erasure = await self.eraser.erase(wanted, time.time())
        self.wake()
        return erasure

    async def meant(self, replied: Message) -> Job | None:
        """Find the list that a message is about: it is on it, shows it, or carries its buttons."""
        chat_id = replied.chat.id
        job = await self.jobs.of_message(chat_id, replied.message_id)
        job = job or await self.jobs.of_card(chat_id, replied.message_id)
        if job is not None or not isinstance(replied.reply_markup, InlineKeyboardMarkup):
            return job
        pressed = (Press.unpack(button.callback_data) for row in replied.reply_markup.inline_keyboard for button in row)
        tokens = {press.token for press in pressed if press is not None and press.action not in OF_THE_HISTORY}
        return await self.jobs.by_token(tokens.pop(), chat_id) if len(tokens) == 1 else None


class ForgetPress(Filter):
    """A press of a button that forgets a list."""

    async def __call__(self, query: CallbackQuery) -> bool:
        """Say whether it is one."""
        return (query.data or "").startswith(f"{Action.FORGET}:")


def build_router() -> Router:
    """Stand before the other presses and commands."""
    router = Router(name="privacy")
    router.message.register(show_privacy, Word("privacy"))
    router.message.register(forget, Word("forget"))
    router.callback_query.register(on_forget, ForgetPress())
    return router


async def show_privacy(message: Message, texts: Texts, settings: Settings, rules: Rules) -> None:
    """Say what is kept, where and how long."""
    chosen = await rules.chosen.of(message.chat.id)
    said = lines(
        texts.say("privacy-title"),
        texts.say("privacy-lists", count=chosen.days(settings.retention_days)),
        texts.say("privacy-memory"),
        texts.say("privacy-updates", hours=RAW_UPDATES_SECONDS // 3600),
        texts.say("privacy-counts"),
        texts.say("privacy-elsewhere"),
        texts.say("privacy-forget"),
    )
    await answer(message, Card(said))


async def forget(
    message: Message,
    command: CommandObject,
    shredder: Shredder,
    roles: Roles,
    audience: Audience,
    chats: Chats,
    texts: Texts,
) -> None:
    """Forget the list that is replied to, or the number that is named; else ask which list."""
    replied = message.reply_to_message
    if replied is not None and replied.forum_topic_created is not None:
        replied = None  # in a topic every message replies to the topic's first
    if command.args:
        region = await chats.region(message.chat.id)
        await answer(message, await _forget_number(message, command.args, region, shredder, audience, texts))
    elif replied is not None and (job := await shredder.meant(replied)) is not None:
        await answer(message, await _forget_list(message, job, shredder, roles, texts))
    else:
        await answer(message, await _which(message, shredder, texts))
    await shredder.forgetting.blank_command(message.chat.id, message.message_id)


async def _forget_number(
    message: Message, said: str, region: str | None, shredder: Shredder, audience: Audience, texts: Texts
) -> Card:
    if message.from_user is None or message.from_user.id not in audience.admin_ids:
        return Card(texts.say("forget-number-admins"))
    read = await asyncio.to_thread(read_numbers, said, region=region)
    if len(read.valid) != 1 or read.rejected:
        return Card(texts.say("forget-number-how"))
    erasure = await shredder.erase(Wanted.of(read.valid[0]))
    found = "forget-number-done" if erasure.lists else "forget-number-none"
    return Card(
        lines(
            texts.say(found, count=erasure.lists) if erasure.lists or not erasure.busy else None,
            texts.say("forget-number-busy", count=erasure.busy) if erasure.busy else None,
            texts.say("forget-unreachable"),
        )
    )


async def _forget_list(message: Message, job: Job, shredder: Shredder, roles: Roles, texts: Texts) -> Card:
    person = message.from_user
    if not is_anonymous_admin(message) and (person is None or not await roles.may_decide(person.id, job)):
        return Card(texts.say("forget-not-yours", name=starter_of(job)))
    said = await shredder.forget(job)
    if said == "press-forgotten":
        return Card(lines(texts.say("forget-done", name=name_of(job, texts)), texts.say("forget-unreachable")))
    return Card(texts.say(said))


async def _which(message: Message, shredder: Shredder, texts: Texts) -> Card:
    """Offer this chat's lists of which anything is kept."""
    kept = await shredder.forgetting.kept(message.chat.id, LISTS_SHOWN)
    free = [job for job in kept if job.state in FORGETTABLE]
    rows = [
        (
            Button(
                texts.plain("button-forget", date=texts.short_day(job.created_at), name=short(name_of(job, texts), 40)),
                Press(Action.FORGET, job.token).pack(),
            ),
        )
        for job in free
    ]
    busy = len(kept) - len(free)
    said = lines(
        texts.say("forget-which") if free else None,
        texts.say("forget-busy", count=busy) if busy else None,
    )
    return Card(said or texts.say("forget-none"), tuple(rows))


async def on_forget(query: CallbackQuery, shredder: Shredder, roles: Roles, texts: Texts) -> None:
    """Forget the list whose button was pressed."""
    press = Press.unpack(query.data)
    job = None
    if press is not None and query.message is not None:
        job = await shredder.jobs.by_token(press.token, query.message.chat.id)
    if job is None:
        await answer_press(query, texts.plain("press-stale"))
    else:
        await forget_pressed(query, job, shredder, roles, texts)


async def forget_pressed(query: CallbackQuery, job: Job, shredder: Shredder, roles: Roles, texts: Texts) -> None:
    """Forget a list whose button was pressed, where this person may, and answer."""
    roles.note_press(query, job)
    if not await roles.may_decide(query.from_user.id, job):
        await answer_press(query, texts.plain("forget-not-yours", name=starter_of(job)), alert=True)
    else:
        await answer_press(query, texts.plain(await shredder.forget(job)), alert=True)
