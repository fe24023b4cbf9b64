"""What admins decide about who may use the bot: on the cards that ask them, and in /access."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.cards import Action, Button, Card, Press, Style, lines, short
from bot.texts import Html, Texts, language_of
from handlers.admission import FileGroups
from handlers.answers import answer, answer_press, redraw
from handlers.audience import Audience
from handlers.pause import admin_id
from handlers.said import Word
from handlers.strangers import Door
from storage.access import AccessState, Entry
from storage.access_cards import AccessCards
from storage.access_requests import Decision, Request

SHOWN = 8
"""So many people, groups and requests stand on one page."""
DECIDABLE = {one.value: one for one in Decision if one is not Decision.LEFT}
OURS = frozenset({Action.ADMIT, Action.REVOKE, Action.LET_IN, Action.ACCESS})
APART = "\u2068{}\u2069"
"""Keeps a name that is written from right to left from turning what stands beside it (Unicode, isolates)."""


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """What admins decide. Each verb gives the answer that they see."""

    door: Door
    cards: AccessCards
    file_groups: FileGroups

    async def answer(self, press: Press, admin: tuple[int, str], texts: Texts) -> str:
        """Decide about a request; the first answer counts, the others hear of it."""
        decision = DECIDABLE.get(press.word.partition("-")[0])
        if decision is None:
            return texts.plain("press-stale-access")
        answered = await self.door.requests.decide(press.token, decision, admin, time.time())
        if answered is None:
            return texts.plain("press-stale-access")
        request, is_ours = answered
        if not is_ours and request.decision is Decision.LEFT:
            return texts.plain("press-access-left")
        if not is_ours:
            by = short(request.decided_by_name or "", 40)
            return texts.plain(f"press-access-{request.decision}-already", admin=by)
        await self._changed()
        return texts.plain(f"press-access-{decision}", name=short(request.name, 40))

    async def revoke(self, press: Press, admin: tuple[int, str], texts: Texts) -> str:
        """Keep out who was let in."""
        access_id = _number(press.token)
        entry = None if access_id is None else await self.door.access.accesses.revoke(access_id, admin[0], time.time())
        if entry is None:
            return texts.plain("press-stale-access")
        await self._changed()
        return texts.plain("press-access-revoked", name=short(entry.name, 40))

    async def let_in(self, press: Press, admin: tuple[int, str], texts: Texts) -> str:
        """Let in who was kept out, and tell them."""
        access_id = _number(press.token)
        entry = None if access_id is None else await self.door.access.accesses.kept_out(access_id)
        if entry is None:
            return texts.plain("press-stale-access")
        language = await self.door.chats.language(entry.id) or language_of(None)
        if not await self.door.requests.let_in_again(entry, language, admin, time.time()):
            return texts.plain("press-stale-access")
        await self._changed()
        return texts.plain("press-access-approved", name=short(entry.name, 40))

    async def _changed(self) -> None:
        await self.file_groups.refresh()
        self.door.wake()

    async def page(self, at: int, texts: Texts) -> Card:
        """Draw one page of who asks, who is let in and who is kept out, of all chats."""
        requests, accesses = self.door.requests, self.door.access.accesses
        asking, (groups, people, out) = await requests.count_open(), await accesses.counts()
        last = max(asking + groups + people + out - 1, 0) // SHOWN
        at = min(max(at, 0), last)
        skip = at * SHOWN
        asks = await requests.open_ones(skip=skip, most=SHOWN)
        room = SHOWN - len(asks)
        known = await accesses.entries(skip=max(skip - asking, 0), most=room) if room else ()
        title = texts.say("access-title", asking=asking, groups=groups, people=people, out=out)
        drawn = [_ask_line(one, number, texts) for number, one in enumerate(asks, skip + 1)]
        drawn += [_line(one, number, texts) for number, one in enumerate(known, skip + len(asks) + 1)]
        rows = [row for number, one in enumerate(asks, skip + 1) for row in _ask_rows(one, number, at, texts)]
        buttons = [_button(one, number, at, texts) for number, one in enumerate(known, skip + len(asks) + 1)]
        rows += [tuple(buttons[first : first + 2]) for first in range(0, len(buttons), 2)]
        turns = [(at - 1, "button-page-before"), (at + 1, "button-page-after")]
        rows.append(
            tuple(
                Button(texts.plain(name), Press(Action.ACCESS, str(to)).pack()) for to, name in turns if 0 <= to <= last
            )
        )
        named = len(self.door.access.audience.allowed_ids)
        said = lines(title, *drawn, texts.say("access-by-settings", count=named) if named else None)
        return Card(said, tuple(row for row in rows if row))


@dataclass(frozen=True, slots=True)
class AccessPress(Filter):
    """A press of a button about who may use the bot."""

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Hand over what was pressed."""
        press = Press.unpack(query.data)
        return {"press": press} if press is not None and press.action in OURS else False


def build_router() -> Router:
    """Stand before the other commands and presses, behind what turns strangers away."""
    router = Router(name="access")
    router.message.register(show_access, Word("access"))
    router.message.register(catch_up, Word("start"))
    router.callback_query.register(on_press, AccessPress())
    return router


async def show_access(message: Message, texts: Texts, audience: Audience, doorkeeper: Doorkeeper) -> None:
    """List who may use the bot: for admins, where nobody else reads it."""
    if admin_id(message, audience) is None:
        await answer(message, Card(texts.say("admins-only")))
    elif message.chat.type != "private":
        await answer(message, Card(texts.say("access-private")))
    else:
        await answer(message, await doorkeeper.page(0, texts))


async def catch_up(message: Message, texts: Texts, audience: Audience, doorkeeper: Doorkeeper) -> None:
    """Tell an admin who could not be reached before that somebody waits for an answer."""
    person_id = admin_id(message, audience)
    if person_id is not None and message.chat.id == person_id and await doorkeeper.cards.can_be_reached(person_id):
        await answer(message, Card(texts.say("access-waits")))
    raise SkipHandler  # what else /start does is done elsewhere


async def on_press(
    query: CallbackQuery, press: Press, texts: Texts, audience: Audience, doorkeeper: Doorkeeper
) -> None:
    """Decide, and let the page that was pressed on say what is so now."""
    person, message = query.from_user, query.message
    if person.id not in audience.admin_ids or message is None or message.chat.id != person.id:
        await answer_press(query, texts.plain("press-admins-only"), alert=True)
        return
    if press.action is Action.ACCESS:
        await answer_press(query, "")
    else:
        verbs = {Action.ADMIT: doorkeeper.answer, Action.REVOKE: doorkeeper.revoke, Action.LET_IN: doorkeeper.let_in}
        said = await verbs[press.action](press, (person.id, person.full_name), texts)
        await answer_press(query, said, alert=True)
    page = _page_of(press)
    if isinstance(message, Message) and page is not None:
        await redraw(message, await doorkeeper.page(page, texts))
    elif isinstance(message, Message) and press.action is Action.REVOKE:
        await redraw(message, Card(Html(message.html_text)))


def _ask_line(request: Request, number: int, texts: Texts) -> Html:
    said = texts.say(
        "access-line-group" if request.is_group else "access-line-person", **_words(request.name, request.chat_id)
    )
    asks = texts.say("access-line-asks", date=texts.day_there(request.asked_at))
    by = None
    if request.is_group:
        by = texts.say("access-line-by", name=_apart(request.person_name), id=str(request.person_id))
    return Html(f"{number}. " + " · ".join(one for one in (said, asks, by) if one))


def _line(entry: Entry, number: int, texts: Texts) -> Html:
    said = texts.say("access-line-group" if entry.id < 0 else "access-line-person", **_words(entry.name, entry.id))
    state = texts.say(f"access-line-{entry.state}", date=texts.day_there(entry.decided_at))
    return Html(f"{number}. {said} · {state}")


def _words(name: str, access_id: int) -> Mapping[str, str]:
    return {"name": _apart(name), "id": str(access_id)}


def _apart(name: str) -> str:
    return APART.format(short(name, 40) or "—")


def _ask_rows(request: Request, number: int, page: int, texts: Texts) -> tuple[tuple[Button, ...], ...]:
    labels = {
        Decision.APPROVED: ("button-approve-access", Style.SUCCESS),
        Decision.DENIED: ("button-deny", None),
        Decision.BLOCKED: ("button-block", Style.DANGER),
    }
    buttons = tuple(
        Button(
            f"{number} · {texts.plain(name)}", Press(Action.ADMIT, request.token, f"{decision}-{page}").pack(), style
        )
        for decision, (name, style) in labels.items()
    )
    return buttons[:2], buttons[2:]


def _button(entry: Entry, number: int, page: int, texts: Texts) -> Button:
    action, name = (
        (Action.REVOKE, "button-revoke") if entry.state is AccessState.APPROVED else (Action.LET_IN, "button-let-in")
    )
    return Button(f"{number} · {texts.plain(name)}", Press(action, str(entry.id), str(page)).pack())


def _page_of(press: Press) -> int | None:
    """Give the page of the list that a button stands on; None for a card's button."""
    if press.action is Action.ACCESS:
        return _number(press.token)
    return _number(press.word.rpartition("-")[2])


def _number(text: str) -> int | None:
    """Read an id or a page; None for what nobody wrote on a button."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 17 else None  # noqa: PLR2004  (no id is longer)
