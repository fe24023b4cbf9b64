"""/pause and /resume: an admin stops all submits, and lets them go on."""

import time
from collections.abc import Callable

from aiogram import Router
from aiogram.types import Message

from bot.cards import Card, lines
from bot.texts import Texts
from handlers.answers import answer
from handlers.audience import Audience
from handlers.said import Word
from storage.facts import Fact, Facts
from storage.jobs import Jobs


def build_router() -> Router:
    """Each command has its handler."""
    router = Router(name="pause")
    router.message.register(pause, Word("pause"))
    router.message.register(resume, Word("resume"))
    return router


async def pause(
    message: Message, texts: Texts, audience: Audience, facts: Facts, jobs: Jobs, wake: Callable[[], None]
) -> None:
    """Stop all submits until an admin lets them go on, and let the lists that wait say so."""
    if (person_id := admin_id(message, audience)) is None:
        await answer(message, Card(texts.say("admins-only")))
        return
    now = time.time()
    stopped = await facts.get(Fact.STOPPED, now)
    if stopped is None:
        await facts.keep(Fact.STOPPED, {"by": person_id, "at": now})
        await jobs.wake_waiting(now)
        wake()
    count = await jobs.queued()
    said = (
        texts.say("stopped", count=count)
        if stopped is None
        else texts.say(
            "stopped-already", date=texts.day_there(stopped["at"]), time=texts.clock_there(stopped["at"]), count=count
        )
    )
    await answer(message, Card(said))


async def resume(
    message: Message, texts: Texts, audience: Audience, facts: Facts, jobs: Jobs, wake: Callable[[], None]
) -> None:
    """Let the submits go on; where the API itself has stopped them, it is asked at once whether it takes lists."""
    if admin_id(message, audience) is None:
        await answer(message, Card(texts.say("admins-only")))
        return
    now = time.time()
    stopped = await facts.get(Fact.STOPPED, now)
    await facts.forget(Fact.STOPPED)
    held_up = await facts.get(Fact.PAUSE, now)
    if held_up is not None:
        await facts.keep(Fact.PAUSE, held_up | {"ask_at": now})
    await jobs.wake_waiting(now)
    wake()
    count = await jobs.queued()
    said = texts.say("resumed-already" if stopped is None else "resumed", count=count)
    await answer(message, Card(lines(said, texts.say(f"admin-paused-{held_up['waiting']}") if held_up else None)))


def admin_id(message: Message, audience: Audience) -> int | None:
    """Give who writes, if that is an admin of the bot."""
    person = message.from_user
    return person.id if person is not None and person.id in audience.admin_ids else None
