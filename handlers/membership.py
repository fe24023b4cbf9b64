"""The bot was added, blocked, let in again; a group became a supergroup."""

import logging
import time
from collections.abc import Callable

from aiogram import F, Router
from aiogram.enums import ChatMemberStatus
from aiogram.types import ChatMemberUpdated, LinkPreviewOptions, Message

from bot.cards import Card
from bot.texts import Texts
from handlers.audience import Audience, stranger
from storage.chats import Chats
from storage.jobs import Jobs
from storage.tasks import Tasks
from storage.updates import UpdateState

logger = logging.getLogger(__name__)

INSIDE = frozenset({ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.CREATOR})


def build_router() -> Router:
    """Stand first: these are about the bot, not about a person's list."""
    router = Router(name="membership")
    router.my_chat_member.register(our_membership)
    router.message.register(became_supergroup, F.migrate_to_chat_id)
    return router


async def our_membership(
    event: ChatMemberUpdated,
    audience: Audience,
    texts: Texts,
    tasks: Tasks,
    wake: Callable[[], None],
) -> UpdateState | None:
    """Deliver what waited for a chat that lets us in again; greet a group that we were added to."""
    before, now = event.old_chat_member.status in INSIDE, event.new_chat_member.status in INSIDE
    if not now:
        logger.info("We cannot write any more: chat=%s", event.chat.id)
        return None
    if await tasks.reachable_again(event.chat.id, time.time()):
        wake()
    if before or event.chat.type not in {"group", "supergroup"}:
        return None
    allowed = audience.may_use(event.from_user.id, event.chat.id)
    card = (
        Card(texts.say("welcome", bot=audience.username)) if allowed else stranger(event.chat, event.from_user, texts)
    )
    await event.answer(card.text, link_preview_options=LinkPreviewOptions(is_disabled=True))
    return None if allowed else UpdateState.REFUSED


async def became_supergroup(message: Message, jobs: Jobs, chats: Chats) -> None:
    """Let everything of the group belong to its new id."""
    new = message.migrate_to_chat_id
    if new is not None:
        await jobs.move_chat(message.chat.id, new)
        await chats.move(message.chat.id, new)
