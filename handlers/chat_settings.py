"""/settings: one card that says what the chat has set, and changes it.

In a private chat it is its person's. In a group everybody sees it; only the group's admins and the bot's change it.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.cards import Action, Card, Press
from bot.parts import Format
from bot.settings import Settings
from bot.settings_card import (
    ALWAYS,
    ASK_ABOVE,
    EACH_TIME,
    HAS_CHOICES,
    OFF,
    ON,
    OPEN,
    UNNAME,
    State,
    Topic,
    choices_card,
    main_card,
    said_plainly,
)
from bot.texts import LANGUAGES, Texts
from handlers.admission import FileGroups
from handlers.answers import answer, answer_press
from handlers.audience import GROUPS
from handlers.commands import choose_region, find_region
from handlers.roles import Roles
from handlers.said import Word
from storage.chat_settings import ChatSettings, Consent
from storage.chats import Chats
from storage.groups import Groups, ResultsTo, WhoSpends
from storage.jobs import Jobs
from storage.lists import Lists

LONGEST_NUMBER = 16
"""Telegram's ids have at most 52 significant bits (Bot API, User.id)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a button asks for, where, and who presses it."""

    chat_id: int
    person_id: int
    name: str
    word: str
    texts: Texts
    """What they read."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a chat has set: says it, and changes it."""

    groups: Groups
    chosen: ChatSettings
    chats: Chats
    jobs: Jobs
    lists: Lists
    roles: Roles
    file_groups: FileGroups
    settings: Settings
    bot_id: int
    username: str
    wake: Callable[[], None]
    draw: Callable[[int, int, Card], None]
    """Redraws a card when there is room, given its chat and message."""

    async def state(self, chat_id: int) -> State:
        """Give what holds in a chat."""
        in_group = chat_id < 0
        group, chosen = await self.groups.settings(chat_id), await self.chosen.of(chat_id)
        consent, most_days = chosen.consent, self.settings.retention_days
        return State(
            in_group=in_group,
            bot=self.username,
            region=await self.chats.region(chat_id) or self.settings.default_region,
            has_default_region=self.settings.default_region is not None,
            file_format=chosen.file_format,
            picture=chosen.picture,
            days=chosen.days(most_days),
            most_days=most_days,
            ask_above=chosen.ask_above,
            asked_name="" if consent is None else consent.name,
            asked_at=0.0 if consent is None else consent.at,
            who_spends=group.who_spends,
            results_to=group.results_to,
            named=tuple((one.person_id, one.name) for one in await self.groups.spenders(chat_id)),
            takes_files=group.takes_files,
            sees_files=in_group and await self.roles.rights.is_admin(chat_id, self.bot_id),
        )

    async def change(self, what: str, asked: Asked) -> bool:
        """Change one thing; False where no button of this chat's card says that."""
        if what == UNNAME:
            return await self._unname(asked)
        if what not in set(Topic) or Topic(what) not in (await self.state(asked.chat_id)).topics:
            return False
        return await self._verbs[Topic(what)](asked)

    @property
    def _verbs(self) -> Mapping[Topic, Callable[[Asked], Awaitable[bool]]]:
        return {
            Topic.LANGUAGE: self._set_language,
            Topic.COUNTRY: self._set_country,
            Topic.ASK: self._set_ask,
            Topic.FORMAT: self._set_format,
            Topic.PICTURE: self._set_picture,
            Topic.KEEP: self._set_keep,
            Topic.WHO: self._set_who,
            Topic.TO: self._set_to,
            Topic.FILES: self._set_files,
        }

    async def _set_language(self, asked: Asked) -> bool:
        if asked.word not in LANGUAGES:
            return False
        await self.chats.set_language(asked.person_id, asked.word)
        return True

    async def _set_country(self, asked: Asked) -> bool:
        region = None if asked.word == EACH_TIME else asked.word
        if region is None and self.settings.default_region is not None:
            return False
        if region is not None and find_region(region, asked.texts) != region:
            return False
        await choose_region(asked.chat_id, region, self.chats, self.lists, self.jobs)
        self.wake()
        return True

    async def _set_ask(self, asked: Asked) -> bool:
        if asked.word == ALWAYS:
            await self.chosen.ask_always(asked.chat_id)
            return True
        if asked.word not in {str(one) for one in ASK_ABOVE}:
            return False
        said = Consent(int(asked.word), asked.person_id, asked.name, time.time())
        await self.chosen.consent(asked.chat_id, said)
        return True

    async def _set_format(self, asked: Asked) -> bool:
        if asked.word not in set(Format):
            return False
        await self.chosen.set_file_format(asked.chat_id, Format(asked.word))
        return True

    async def _set_picture(self, asked: Asked) -> bool:
        if asked.word not in {ON, OFF}:
            return False
        await self.chosen.set_picture(asked.chat_id, always=asked.word == ON)
        return True

    async def _set_keep(self, asked: Asked) -> bool:
        days = _number(asked.word)
        if days is None or not 0 < days <= self.settings.retention_days:
            return False
        await self.chosen.set_retention(asked.chat_id, None if days == self.settings.retention_days else days)
        return True

    async def _set_who(self, asked: Asked) -> bool:
        if asked.word not in set(WhoSpends):
            return False
        await self.groups.set_who_spends(asked.chat_id, WhoSpends(asked.word))
        return True

    async def _set_to(self, asked: Asked) -> bool:
        if asked.word not in set(ResultsTo):
            return False
        await self.groups.set_results_to(asked.chat_id, ResultsTo(asked.word))
        return True

    async def _set_files(self, asked: Asked) -> bool:
        """Take files unasked, or no longer; only where we see them, being an admin (``State.topics``)."""
        if asked.word not in {ON, OFF}:
            return False
        await self.groups.set_takes_files(asked.chat_id, takes=asked.word == ON)
        await self.file_groups.refresh()
        return True

    async def _unname(self, asked: Asked) -> bool:
        person_id = _number(asked.word)
        return person_id is not None and await self.groups.disallow(asked.chat_id, person_id)


@dataclass(frozen=True, slots=True)
class SettingPress(Filter):
    """A press on the card."""

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Hand over what was pressed."""
        press = Press.unpack(query.data)
        return {"press": press} if press is not None and press.action is Action.SETTING else False


def build_router() -> Router:
    """Stand before the other presses and commands."""
    router = Router(name="chat settings")
    router.message.register(show_settings, Word("settings"))
    router.callback_query.register(on_press, SettingPress())
    return router


async def show_settings(message: Message, rules: Rules, texts: Texts) -> None:
    """Show what the chat has set."""
    await answer(message, main_card(await rules.state(message.chat.id), texts))


async def on_press(
    query: CallbackQuery, press: Press, rules: Rules, texts: Texts, texts_by_language: Mapping[str, Texts]
) -> None:
    """Set what the button says, or show its choices; the answer says what holds now, and the card soon does."""
    shown, person = query.message, query.from_user
    if shown is None:
        await answer_press(query, texts.plain("press-stale"))
        return
    chat_id, in_group = shown.chat.id, shown.chat.type in GROUPS
    if not (await rules.roles.may_manage(person.id, chat_id) if in_group else person.id == chat_id):
        await answer_press(query, texts.plain("press-group-admins-only" if in_group else "press-stale"), alert=in_group)
        return
    asked = Asked(chat_id, person.id, person.full_name, press.word, texts)
    changed = press.token != OPEN and await rules.change(press.token, asked)
    if changed and press.token == Topic.LANGUAGE:
        texts = texts_by_language[press.word]
    state = await rules.state(chat_id)
    await answer_press(query, _said(press, state, texts, changed=changed))
    rules.draw(chat_id, shown.message_id, _drawn(press, state, texts))


def _said(press: Press, state: State, texts: Texts, *, changed: bool) -> str:
    """Say what holds now; nothing where only choices are shown."""
    if press.token == OPEN:
        return ""
    if not changed:
        return texts.plain("press-set-stale")
    return texts.plain("press-set") if press.token == UNNAME else said_plainly(Topic(press.token), state, texts)


def _drawn(press: Press, state: State, texts: Texts) -> Card:
    """Draw the choices that were asked for, or everything."""
    if press.token == OPEN and press.word in HAS_CHOICES.intersection(state.topics):
        return choices_card(Topic(press.word), state, texts)
    return (
        choices_card(Topic.WHO, state, texts) if press.token == UNNAME and state.in_group else main_card(state, texts)
    )


def _number(word: str) -> int | None:
    """Read the number that a button carries; None for what none of ours does."""
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= LONGEST_NUMBER else None
