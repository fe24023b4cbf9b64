"""Commands: /check /country /cancel /language. /start and /help are in first_contact.py, /jobs in history.py."""

import time
from collections.abc import Callable

import phonenumbers
from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import ForceReply, Message

from bot.cards import Action, Button, Card, Press, lines, short
from bot.job import Job, JobState
from bot.masking import mask_piece
from bot.numbers import looks_like_list
from bot.preview import name_of
from bot.settings import Settings
from bot.settings_card import OFFERED_COUNTRIES
from bot.texts import LANGUAGES, Texts
from handlers.answers import answer
from handlers.audience import Audience
from handlers.intake import Desk, holds_list
from handlers.said import Word
from storage.chats import Chats
from storage.jobs import Jobs
from storage.lists import Lists

CANCELLABLE_SHOWN = 8
PAID = frozenset({JobState.CHECKING, JobState.DELIVERING})


def build_router() -> Router:
    """Each command has its handler."""
    router = Router(name="commands")
    router.message.register(check, Word("check"))
    router.message.register(country, Word("country"))
    router.message.register(cancel, Word("cancel"))
    router.message.register(language_menu, Word("language"))
    return router


async def check(
    message: Message, command: CommandObject, desk: Desk, audience: Audience, texts: Texts, language: str
) -> None:
    """Check the message replied to, the file under this caption, or the numbers after the command; else ask."""
    replied = message.reply_to_message
    if replied is not None and replied.forum_topic_created is not None:
        replied = None  # in a topic every message replies to the topic's first
    if holds_list(message) or (command.args and looks_like_list(command.args)):
        await desk.hand_in(message, message, language)
    elif replied is None:
        await answer(message, Card(texts.say("check-how")), markup=ForceReply(selective=True))
    elif holds_list(replied) and not await _is_our_own(replied, desk, audience):
        job = await desk.hand_in_again(replied, message, language)
        await _say_where(job, message, texts)
    else:
        await answer(message, Card(texts.say("check-nothing")))


async def _is_our_own(replied: Message, desk: Desk, audience: Audience) -> bool:
    """Say whether a message is one of ours and no list: our counts and files are not read, but for the sample."""
    if replied.from_user is None or replied.from_user.id != audience.bot_id:
        return False
    return await desk.jobs.of_message(replied.chat.id, replied.message_id) is None


async def _say_where(job: Job, message: Message, texts: Texts) -> None:
    """Point at what is known of a list that was handed in before; a new one speaks for itself."""
    if job.state is JobState.CONFIRMING:
        await answer(message, Card(texts.say("check-waits")), beside=job.card_message_id)
    elif job.state is not JobState.READING:
        await answer(message, Card(texts.say("check-sent")), beside=job.card_message_id)


async def cancel(message: Message, texts: Texts, jobs: Jobs) -> None:
    """Offer to cancel what is not paid; say the truth about what is."""
    latest = await jobs.unfinished(message.chat.id)
    stoppable = [job for job in latest if job.state in {JobState.CONFIRMING, JobState.QUEUED}][:CANCELLABLE_SHOWN]
    paid = sum(job.state in PAID for job in latest)
    submitting = sum(job.state is JobState.SUBMITTING for job in latest)
    unsure = sum(job.state is JobState.UNSURE for job in latest)
    said = lines(
        texts.say("cancel-title") if stoppable else None,
        texts.say("cancel-submitting", count=submitting) if submitting else None,
        texts.say("cancel-paid", count=paid) if paid else None,
        texts.say("cancel-unsure", count=unsure) if unsure else None,
    )
    rows = [
        (
            Button(
                texts.plain("button-cancel-one", name=short(name_of(job, texts), 40)),
                Press(Action.CANCEL, job.token).pack(),
            ),
        )
        for job in stoppable
    ]
    await answer(message, Card(said or texts.say("cancel-none"), tuple(rows)))


async def country(
    message: Message,
    command: CommandObject,
    texts: Texts,
    language: str,
    chats: Chats,
    lists: Lists,
    jobs: Jobs,
    settings: Settings,
    wake: Callable[[], None],
) -> None:
    """Show the chat's country, or set it and read the open lists again."""
    if command.args:
        region = find_region(command.args, texts)
        if region is None:
            await answer(message, Card(texts.say("country-unknown", text=mask_piece(short(command.args, 40)))))
            return
        await choose_region(message.chat.id, region, chats, lists, jobs)
        wake()
        await answer(message, Card(texts.say("country-set", country=texts.flagged(region))))
        return
    now = await chats.region(message.chat.id) or settings.default_region
    said = texts.say("country-now", country=texts.flagged(now)) if now else texts.say("country-none")
    await answer(message, Card(lines(said, texts.say("country-how")), _country_buttons(texts, language, settings)))


def _country_buttons(texts: Texts, language: str, settings: Settings) -> tuple[tuple[Button, ...], ...]:
    """Offer countries, and to be asked each time unless the settings name one for every chat."""
    offered = [
        Button(texts.flagged(region), Press(Action.COUNTRY, region).pack()) for region in OFFERED_COUNTRIES[language]
    ]
    ask = Button(texts.plain("button-ask-each-time"), Press(Action.COUNTRY, "").pack())
    rows = [tuple(offered[at : at + 2]) for at in range(0, len(offered), 2)]
    return tuple(rows) if settings.default_region else (*rows, (ask,))


def find_region(text: str, texts: Texts) -> str | None:
    """Find the country that is meant by a name, two letters, or a country code such as +254."""
    wanted = text.strip()
    if wanted.removeprefix("+").isdecimal() and len(wanted) <= 4:  # noqa: PLR2004  (codes have one to three digits)
        main: str = phonenumbers.region_code_for_country_code(int(wanted.removeprefix("+")))
        return None if main in {"ZZ", "001"} else main
    named = texts.region_named(wanted)
    return named if named in phonenumbers.SUPPORTED_REGIONS else None


async def choose_region(chat_id: int, region: str | None, chats: Chats, lists: Lists, jobs: Jobs) -> None:
    """Keep the chat's country, and read again the lists here that are not pressed yet."""
    await chats.set_region(chat_id, region)
    if region is None:
        return
    for job in await jobs.not_pressed(chat_id):
        if job.region != region:
            await lists.set_region(job.id, region, time.time())


async def language_menu(message: Message, texts: Texts) -> None:
    """Offer the languages."""
    names = {"en": "button-english", "ru": "button-russian"}
    buttons = tuple(Button(texts.plain(names[one]), Press(Action.LANGUAGE, one).pack()) for one in LANGUAGES)
    await answer(message, Card(texts.say("language-which"), (buttons,)))
