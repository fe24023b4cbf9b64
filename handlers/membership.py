"""The bot was added, promoted, blocked, let in again; a group became a supergroup; somebody left a group."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from aiogram import Router
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import ChatMemberRestricted, ChatMemberUpdated, LinkPreviewOptions, Message
from aiogram.types.chat_member_union import ChatMemberUnion

from bot.cards import Action, Button, Card, Press, Style, lines
from bot.keyboard import keyboard
from bot.texts import Texts
from handlers.admission import Admission, FileGroups
from handlers.audience import GROUPS
from handlers.said import Has
from handlers.strangers import Door, new_request, stranger
from storage.access import AccessState
from storage.groups import Groups
from storage.supergroups import Supergroups
from storage.tasks import Tasks
from storage.updates import UpdateState

logger = logging.getLogger(__name__)

INSIDE = frozenset({ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.CREATOR})
LEAVE_SECONDS = 86_400.0
"""A group that no admin answers about is left after so long."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What becomes of a group that the bot is added to. Each verb gives what is said there."""

    door: Door
    groups: Groups
    file_groups: FileGroups

    async def added(self, event: ChatMemberUpdated, texts: Texts, language: str) -> Card | None:
        """Let the group in, ask the admins, or go out again: None where nothing is said before that."""
        access, chat, person = self.door.access, event.chat, event.from_user
        known = (await access.accesses.known(None, chat.id)).chat
        is_admin = person.id in access.audience.admin_ids
        if not await access.is_let_in(chat.id):
            if not is_admin and known is AccessState.BLOCKED:
                return None
            # What an admin has said of the group before only an admin takes back by adding the bot.
            if not is_admin and (known is AccessState.DENIED or not await access.may_bring(person.id)):
                return await self._ask(event, texts, language)
            new = new_request(chat, person, language)
            await self.door.requests.admit(new, time.time(), tell=not is_admin and self.door.has_admins)
            await self.file_groups.refresh()
            self.door.wake()
        welcome = Card(texts.say("welcome", bot=access.audience.username))
        offer = await self.promoted(event, texts) if is_running(event.new_chat_member) else None
        return welcome if offer is None else Card(lines(welcome.text, offer.text), offer.rows)

    async def _ask(self, event: ChatMemberUpdated, texts: Texts, language: str) -> Card | None:
        chat, person, now = event.chat, event.from_user, time.time()
        admission = await self.door.access.admission(person, None)
        if admission is Admission.IGNORED:
            return None
        if admission is Admission.DENIED:
            return Card(texts.say("access-denied-group"))
        if not self.door.has_admins:
            return stranger(chat, person, texts)
        new = new_request(chat, person, language, leave_at=now + LEAVE_SECONDS)
        request = await self.door.requests.ask(new, None, now)
        if request is None:  # an admin has decided in this very moment, and is heard of by that
            return Card(texts.say("access-asked-group"))
        self.door.wake()
        await self.door.requests.note_answered(request.id, now)
        return Card(lines(texts.say("access-asked-group"), texts.say("access-asked-leave")))

    async def promoted(self, event: ChatMemberUpdated, texts: Texts) -> Card | None:
        """Offer to take files unasked where the bot sees everything now; None where that is not for this group.

        The button is the one of the group's settings: what it does, and who may press it, is decided there.
        """
        chat = event.chat
        if not await self.door.access.is_let_in(chat.id) or (await self.groups.settings(chat.id)).takes_files:
            return None
        button = Button(texts.plain("button-take-files"), Press(Action.SETTING, "files", "on").pack(), Style.PRIMARY)
        return Card(texts.say("promoted"), ((button,),))


def build_router() -> Router:
    """Stand first: these are about the bot, not about a person's list."""
    router = Router(name="membership")
    router.my_chat_member.register(our_membership)
    router.chat_member.register(their_membership)
    router.message.register(became_supergroup, Has("migrate_to_chat_id", "migrate_from_chat_id"))
    return router


async def our_membership(
    event: ChatMemberUpdated,
    arrivals: Arrivals,
    texts: Texts,
    language: str,
    tasks: Tasks,
    wake: Callable[[], None],
) -> UpdateState | None:
    """Deliver what waited for a chat that lets us in again; see to a group that we were added to."""
    arrivals.door.access.rights.forget(event.chat.id)
    was_in, is_in = is_inside(event.old_chat_member), is_inside(event.new_chat_member)
    if not is_in:
        logger.info("We are out of a chat: chat=%s", event.chat.id)
        if event.chat.type in GROUPS:
            await arrivals.door.requests.no_longer_there(event.chat.id, time.time())
            wake()
        return None
    if may_write(event.new_chat_member) and await tasks.reachable_again(event.chat.id, time.time()):
        wake()
    if event.chat.type not in GROUPS:
        return None
    if not was_in:
        return await _arrive(event, arrivals, texts, language)
    if is_running(event.new_chat_member) and not is_running(event.old_chat_member):
        card = await arrivals.promoted(event, texts)
        if card is not None:
            await _say(event, card)
    return None


async def _arrive(event: ChatMemberUpdated, arrivals: Arrivals, texts: Texts, language: str) -> UpdateState | None:
    card = await arrivals.added(event, texts, language)
    if card is not None:
        await _say(event, card)
    if await arrivals.door.access.is_let_in(event.chat.id):
        return None
    if card is None or (await arrivals.door.access.admission(event.from_user, None)) is Admission.DENIED:
        await _leave(event)
    return UpdateState.REFUSED


async def _say(event: ChatMemberUpdated, card: Card) -> None:
    """Speak in the group; one that lets us in and does not let us write hears nothing."""
    try:
        await event.answer(
            card.text, reply_markup=keyboard(card), link_preview_options=LinkPreviewOptions(is_disabled=True)
        )
    except (TelegramForbiddenError, TelegramBadRequest) as error:
        logger.info("A group does not let us speak (%s): chat=%s", type(error).__name__, event.chat.id)


async def _leave(event: ChatMemberUpdated) -> None:
    logger.info("We leave a group that is kept out: chat=%s", event.chat.id)
    try:
        if event.bot is not None:
            await event.bot.leave_chat(event.chat.id)
    except (TelegramForbiddenError, TelegramBadRequest):
        logger.info("We were out of it already: chat=%s", event.chat.id)


async def their_membership(event: ChatMemberUpdated, arrivals: Arrivals) -> None:
    """Ask Telegram anew who is what there; forget that somebody who is out of a group was seen in it."""
    arrivals.door.access.rights.forget(event.chat.id)
    if not is_inside(event.new_chat_member):
        await arrivals.door.access.accesses.is_gone(event.chat.id, event.new_chat_member.user.id)


async def became_supergroup(message: Message, supergroups: Supergroups, arrivals: Arrivals) -> None:
    """Let everything of the group belong to its new id. Both ids tell of it, in whichever order."""
    old, new = message.migrate_from_chat_id or message.chat.id, message.migrate_to_chat_id or message.chat.id
    await supergroups.take_over(old, new, time.time())
    await arrivals.file_groups.refresh()


def is_inside(member: ChatMemberUnion) -> bool:
    """Say whether somebody is in the chat, be it without the right to write."""
    return member.status in INSIDE or (isinstance(member, ChatMemberRestricted) and member.is_member)


def may_write(member: ChatMemberUnion) -> bool:
    """Say whether they may write there, too."""
    return is_inside(member) and (not isinstance(member, ChatMemberRestricted) or member.can_send_messages)


def is_running(member: ChatMemberUnion) -> bool:
    """Say whether they are an admin of the group."""
    return member.status in {ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.CREATOR}
