"""/settings in a group: who may start checks, where results go, whether files are taken unasked; /allow names members.

Everybody in the group sees the card; only its admins and the bot's change it.
"""

from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.filters import Command, Filter
from aiogram.types import CallbackQuery, Message

from bot.cards import Action, Button, Card, Press, Style, lines, short
from bot.job import STAND_INS
from bot.masking import mask_name
from bot.texts import Texts
from handlers.admission import FileGroups
from handlers.answers import answer, answer_press, redraw
from handlers.audience import GROUPS, Audience
from handlers.roles import Roles, manages
from storage.groups import Groups, ResultsTo, WhoSpends

NAMED_SHOWN = 12
"""So many named members have a button by which they are taken off the list."""
LONGEST_ID = 16
"""Telegram's ids have at most 52 significant bits (Bot API, User.id)."""


@dataclass(frozen=True, slots=True)
class GroupRules:
    """What a group has set: shows it as one card, and changes it."""

    groups: Groups
    roles: Roles
    file_groups: FileGroups
    bot_id: int
    username: str

    async def card(self, chat_id: int, texts: Texts) -> Card:
        """Draw the card."""
        now, named = await self.groups.settings(chat_id), await self.groups.spenders(chat_id)
        sees_files = await self.roles.rights.is_admin(chat_id, self.bot_id)
        by_name = now.who_spends is WhoSpends.NAMED
        more = ["…"] if len(named) > NAMED_SHOWN else []
        names = ", ".join([*(mask_name(short(one.name, 40)) for one in named[:NAMED_SHOWN]), *more])
        said = lines(
            texts.say("settings-title"),
            texts.say(f"settings-spends-{now.who_spends}"),
            texts.say("settings-named", names=names) if by_name and named else None,
            texts.say("settings-nobody-named") if by_name and not named else None,
            texts.say("settings-how-to-name", bot=self.username) if by_name else None,
            texts.say(f"settings-results-{now.results_to}"),
            texts.say("settings-files-on" if now.takes_files else "settings-files-off") if sees_files else None,
            texts.say("settings-who-changes"),
        )
        rows = [
            *((_choice(texts, "who", who, chosen=who is now.who_spends),) for who in WhoSpends),
            *((_choice(texts, "to", to, chosen=to is now.results_to),) for to in ResultsTo),
        ]
        if sees_files:
            rows.append((_choice(texts, "files", "off" if now.takes_files else "on", chosen=False),))
        if by_name:
            rows += [
                (
                    Button(
                        texts.plain("button-unname", name=mask_name(short(one.name, 40))),
                        _data("unname", str(one.person_id)),
                    ),
                )
                for one in named[:NAMED_SHOWN]
            ]
        return Card(said, tuple(rows))

    async def change(self, chat_id: int, what: str, word: str) -> bool:
        """Change one thing; False where no button of ours says that."""
        if what == "who" and word in set(WhoSpends):
            await self.groups.set_who_spends(chat_id, WhoSpends(word))
        elif what == "to" and word in set(ResultsTo):
            await self.groups.set_results_to(chat_id, ResultsTo(word))
        elif what == "files" and word in {"on", "off"}:
            return await self._take_files(chat_id, takes=word == "on")
        elif what == "unname" and word.isascii() and word.isdecimal() and len(word) <= LONGEST_ID:
            return await self.groups.disallow(chat_id, int(word))
        else:
            return False
        return True

    async def _take_files(self, chat_id: int, *, takes: bool) -> bool:
        """Take files unasked, or no longer; False where we do not see them because we are no admin."""
        if takes and not await self.roles.rights.is_admin(chat_id, self.bot_id):
            return False
        await self.groups.set_takes_files(chat_id, takes=takes)
        await self.file_groups.refresh()
        return True


@dataclass(frozen=True, slots=True)
class SettingPress(Filter):
    """A press on the card."""

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Hand over what was pressed."""
        press = Press.unpack(query.data)
        return {"press": press} if press is not None and press.action is Action.SETTING else False


def build_router() -> Router:
    """Stand before the other presses and commands."""
    router = Router(name="group settings")
    router.message.register(show_settings, Command("settings", ignore_case=True))
    router.message.register(allow, Command("allow", ignore_case=True))
    router.callback_query.register(on_press, SettingPress())
    return router


async def show_settings(message: Message, group_rules: GroupRules, audience: Audience, texts: Texts) -> None:
    """Show what the group has set; in private, where what can be set is."""
    if message.chat.type not in GROUPS:
        await answer(message, Card(texts.say("settings-private", bot=audience.username)))
    else:
        await answer(message, await group_rules.card(message.chat.id, texts))


async def allow(message: Message, group_rules: GroupRules, audience: Audience, texts: Texts) -> None:
    """Name the member whose message is replied to."""
    if message.chat.type not in GROUPS:
        await answer(message, Card(texts.say("settings-private", bot=audience.username)))
        return
    if not await manages(message, group_rules.roles):
        await answer(message, Card(texts.say("group-admins-only")))
        return
    replied = message.reply_to_message
    person = replied.from_user if replied is not None and replied.forum_topic_created is None else None
    if replied is None or person is None or person.is_bot or person.id in STAND_INS or replied.sender_chat is not None:
        await answer(message, Card(texts.say("allow-how", bot=audience.username)))
        return
    await group_rules.groups.allow(message.chat.id, person.id, person.full_name)
    who = (await group_rules.groups.settings(message.chat.id)).who_spends
    said = texts.say("allow-done", name=mask_name(short(person.full_name)))
    unused = None if who is WhoSpends.NAMED else texts.say("allow-unused", bot=audience.username)
    await answer(message, Card(lines(said, unused)))


async def on_press(query: CallbackQuery, press: Press, group_rules: GroupRules, texts: Texts) -> None:
    """Change what was pressed, and let the card say what holds now."""
    shown = query.message
    if shown is None or shown.chat.type not in GROUPS:
        await answer_press(query, texts.plain("press-stale"))
    elif not await group_rules.roles.may_manage(query.from_user.id, shown.chat.id):
        await answer_press(query, texts.plain("press-group-admins-only"), alert=True)
    else:
        changed = await group_rules.change(shown.chat.id, press.token, press.word)
        await answer_press(query, texts.plain("press-set" if changed else "press-set-stale"))
        if isinstance(shown, Message):
            await redraw(shown, await group_rules.card(shown.chat.id, texts))


def _choice(texts: Texts, what: str, word: str, *, chosen: bool) -> Button:
    label = texts.plain(f"button-set-{what}-{word}")
    return Button(f"✓ {label}" if chosen else label, _data(what, word), Style.PRIMARY if chosen else None)


def _data(what: str, word: str) -> str:
    return Press(Action.SETTING, what, word).pack()
