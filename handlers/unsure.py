"""What admins do about unsure lists: see all of them, and name the task that a submit has made.

What an admin is asked for is stored, so that the answer finds its list after a restart too.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, ForceReply, Message

from bot.cards import Action, Card, Press
from bot.job import Job, Receipt
from bot.preview import Terms
from bot.settings import Settings
from bot.task_ids import doubt_of, is_possible, is_usual, short_name
from bot.texts import Html, Texts
from bot.unsure import doubtful, unsure_for_admin, unsure_list
from handlers.answers import answer, answer_press
from handlers.audience import Audience
from handlers.pause import admin_id
from handlers.said import Word
from storage.unsure import Awaited, TaskTakenError, Unsure

OURS = frozenset({Action.TASK_ID, Action.USE_TASK, Action.DECIDE})

WriteDown = Callable[[Receipt], Awaitable[None]]
"""Writes the receipt of a task into the journal outside the database."""


@dataclass(frozen=True, slots=True)
class AdminPress(Filter):
    """A press of a button that only admins can use."""

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Hand over what was pressed."""
        press = Press.unpack(query.data)
        return {"press": press} if press is not None and press.action in OURS else False


@dataclass(frozen=True, slots=True)
class AnswersWithTask(Filter):
    """An admin's message in private that answers the question for a task's id."""

    async def __call__(self, message: Message, audience: Audience, unsure: Unsure) -> bool | dict[str, Any]:
        """Hand over what they were asked for. A bare id counts without a reply: not every client keeps it."""
        said = (message.text or "").strip()
        person_id = admin_id(message, audience)
        if person_id is None or message.chat.id != person_id or not said or said.startswith("/"):
            return False
        replied = message.reply_to_message
        awaited = None
        if replied is not None:
            awaited = await unsure.awaited_by_prompt(person_id, replied.message_id)
        elif is_usual(said):
            awaited = await unsure.awaited_last(person_id)
        return {"awaited": awaited} if awaited is not None else False


def build_router() -> Router:
    """Stand before the other buttons and before what takes lists."""
    router = Router(name="unsure")
    router.message.register(show_unsure, Word("unsure"))
    router.message.register(take_task, AnswersWithTask())
    router.edited_message.register(take_task, AnswersWithTask())
    router.callback_query.register(on_press, AdminPress())
    return router


async def show_unsure(message: Message, texts: Texts, audience: Audience, unsure: Unsure) -> None:
    """List the unsure lists of all chats: for admins, where nobody else reads it."""
    if admin_id(message, audience) is None:
        await answer(message, Card(texts.say("admins-only")))
    elif message.chat.type != "private":
        await answer(message, Card(texts.say("unsure-list-private")))
    else:
        await answer(message, unsure_list(await unsure.of_all_chats(), texts))


async def on_press(
    query: CallbackQuery,
    press: Press,
    texts: Texts,
    audience: Audience,
    settings: Settings,
    unsure: Unsure,
    write_down: WriteDown,
    wake: Callable[[], None],
) -> None:
    """Show one list, ask for the id of its task, or use the id that was warned about."""
    person_id, message = query.from_user.id, query.message
    job = await unsure.in_any_chat(press.token)
    if job is None or not isinstance(message, Message):
        await answer_press(query, texts.plain("press-stale"))
    elif person_id not in audience.admin_ids or message.chat.id != person_id:
        await answer_press(query, texts.plain("press-admins-only"), alert=True)
    elif press.action is Action.USE_TASK:
        awaited = await unsure.awaited_of_job(person_id, press.token)
        said = await _use_offered(awaited, press.word, person_id, unsure, write_down)
        wake()
        await answer_press(query, texts.plain(said), alert=True)
    elif press.action is Action.TASK_ID and press.word != str(job.attempts):
        await answer_press(query, texts.plain("press-stale"))
    else:
        await answer_press(query, "")
        if press.action is Action.TASK_ID:
            await _ask_for_task(message, person_id, job, texts, unsure)
        else:
            terms = Terms(price_per_1000=settings.price_per_1000, currency=settings.currency, pace=1.0, minimum=None)
            await answer(message, unsure_for_admin(job, terms, texts, await unsure.balances(job)))


async def _ask_for_task(message: Message, person_id: int, job: Job, texts: Texts, unsure: Unsure) -> None:
    at = job.submitted_at or job.state_since
    await unsure.await_task(person_id, job, time.time())
    count = texts.plain("number-of", count=job.to_check)
    how = texts.say("task-id-how", count=count, date=texts.day_there(at), time=texts.clock_there(at))
    await _ask(message, how, person_id, job, unsure)


async def _ask(message: Message, said: Html, person_id: int, job: Job, unsure: Unsure) -> None:
    asked = await answer(message, Card(said), markup=ForceReply())
    await unsure.note_prompt(person_id, job, asked.message_id)


async def take_task(
    message: Message,
    awaited: Awaited,
    texts: Texts,
    unsure: Unsure,
    write_down: WriteDown,
    wake: Callable[[], None],
) -> None:
    """Let the list go on with the task that was named, or say what speaks against it."""
    job, person_id, task_id = awaited.job, message.chat.id, (message.text or "").strip()
    if not awaited.is_open:
        await answer(message, Card(texts.say("task-id-late")))
    elif not is_possible(task_id):
        await _ask(message, texts.say("task-id-none"), person_id, job, unsure)
    elif doubt := doubt_of(task_id, job.submitted_at or job.state_since):
        await unsure.note_offered(person_id, job, task_id)
        warned = await answer(message, doubtful(job, task_id, doubt, texts))
        await unsure.note_prompt(person_id, job, warned.message_id)
    else:
        try:
            used = await unsure.task_known(job, task_id, person_id, time.time(), write_down)
        except TaskTakenError:
            await _ask(message, texts.say("task-id-taken"), person_id, job, unsure)
            return
        wake()
        await answer(message, Card(texts.say("task-id-used" if used else "task-id-late")))


async def _use_offered(
    awaited: Awaited | None, word: str, person_id: int, unsure: Unsure, write_down: WriteDown
) -> str:
    """Use the id that this person was warned about; give what to answer."""
    if awaited is None or awaited.offered is None or not awaited.is_open or short_name(awaited.offered) != word:
        return "press-stale"
    try:
        used = await unsure.task_known(awaited.job, awaited.offered, person_id, time.time(), write_down)
    except TaskTakenError:
        return "press-task-taken"
    return "press-task-used" if used else "press-stale"
