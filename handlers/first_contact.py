"""/start and /help, and the sample list that anybody can try."""

import time
from collections.abc import Callable
from typing import Any

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.filters import Filter
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot.cards import Action, Card, Press
from bot.help import MENU, Facts, Topic, about, menu, start
from bot.sample import SAMPLE, SAMPLE_NAME
from bot.settings import Settings
from bot.texts import Texts
from handlers.answers import answer, answer_press, redraw
from handlers.approvals import Approver
from handlers.audience import Audience
from handlers.intake import Desk
from handlers.said import Word
from storage.tasks import Tasks


class FirstPress(Filter):
    """A press of a button of /start or /help."""

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Hand over what was pressed."""
        press = Press.unpack(query.data)
        return {"press": press} if press is not None and press.action in {Action.HELP, Action.SAMPLE} else False


def build_router() -> Router:
    """Stand before the other presses and commands."""
    router = Router(name="first contact")
    router.message.register(say_start, Word("start"))
    router.message.register(show_help, Word("help"))
    router.callback_query.register(on_press, FirstPress())
    return router


async def say_start(
    message: Message, texts: Texts, tasks: Tasks, approver: Approver, audience: Audience, wake: Callable[[], None]
) -> None:
    """Say what the bot does; a chat that speaks again can be delivered to again, and an admin asked again."""
    in_private = message.chat.type == ChatType.PRIVATE
    await answer(message, start(texts) if in_private else Card(texts.say("start-group", bot=audience.username)))
    now = time.time()
    undelivered = await tasks.reachable_again(message.chat.id, now)
    if await approver.approvals.reachable(message.chat.id, now) or undelivered:
        wake()


async def show_help(message: Message, texts: Texts, settings: Settings, audience: Audience) -> None:
    """Say how it is used, and offer the topics; to an admin in private also what only admins can do."""
    for_admin = message.chat.id in audience.admin_ids
    await answer(message, menu(_facts(settings, audience), texts, for_admin=for_admin))


async def on_press(
    query: CallbackQuery, press: Press, desk: Desk, texts: Texts, language: str, settings: Settings, audience: Audience
) -> None:
    """Open a topic in the same message, or send the sample."""
    message = query.message
    if not isinstance(message, Message):
        await answer_press(query, texts.plain("press-stale"))
    elif press == Press(Action.SAMPLE, ""):
        await try_sample(query, message, desk, texts, language)
    else:
        card = _help(press, _facts(settings, audience), texts, for_admin=message.chat.id in audience.admin_ids)
        await answer_press(query, "" if card else texts.plain("press-stale"))
        if card is not None:
            await redraw(message, card)


def _help(press: Press, facts: Facts, texts: Texts, *, for_admin: bool) -> Card | None:
    token = press.token
    if press.action is not Action.HELP or press.word:
        return None
    if token == MENU:
        return menu(facts, texts, for_admin=for_admin)
    if token not in set(Topic) or (token == Topic.ADMIN and not for_admin):
        return None
    return about(Topic(token), facts, texts)


def _facts(settings: Settings, audience: Audience) -> Facts:
    return Facts(audience.username, settings.retention_days, settings.price_per_1000, settings.currency)


async def try_sample(query: CallbackQuery, message: Message, desk: Desk, texts: Texts, language: str) -> None:
    """Send the sample and take it as this person's list; one that waits here already is pointed at.

    The file's message stands for the one that a person would have sent: its preview replies to it.
    """
    if message.chat.type != ChatType.PRIVATE:
        await answer_press(query, texts.plain("press-stale"))
        return
    await answer_press(query, "")
    open_here = await desk.jobs.not_pressed(message.chat.id)
    waits = next((job for job in open_here if job.name == SAMPLE_NAME), None)
    if waits is not None:
        await answer(message, Card(texts.say("check-waits")), beside=waits.card_message_id or waits.list_message_id)
        return
    sent = await message.answer_document(BufferedInputFile(SAMPLE, SAMPLE_NAME), caption=texts.say("sample"))
    await desk.hand_in_sample(sent, (query.from_user.id, query.from_user.full_name), language)
