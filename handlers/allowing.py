"""/allow in a group: its admins name a member who may start checks."""

from aiogram import Router
from aiogram.types import Message

from bot.cards import Card, lines, short
from bot.job import STAND_INS
from bot.masking import mask_name
from bot.texts import Texts
from handlers.answers import answer
from handlers.audience import GROUPS, Audience
from handlers.roles import Roles, manages
from handlers.said import Word
from storage.groups import Groups, WhoSpends


def build_router() -> Router:
    """Stand before the other commands."""
    router = Router(name="allowing")
    router.message.register(allow, Word("allow"))
    return router


async def allow(message: Message, groups: Groups, roles: Roles, audience: Audience, texts: Texts) -> None:
    """Name the member whose message is replied to."""
    if message.chat.type not in GROUPS:
        await answer(message, Card(texts.say("allow-in-groups", bot=audience.username)))
        return
    if not await manages(message, roles):
        await answer(message, Card(texts.say("group-admins-only")))
        return
    replied = message.reply_to_message
    person = replied.from_user if replied is not None and replied.forum_topic_created is None else None
    if replied is None or person is None or person.is_bot or person.id in STAND_INS or replied.sender_chat is not None:
        await answer(message, Card(texts.say("allow-how", bot=audience.username)))
        return
    await groups.allow(message.chat.id, person.id, person.full_name)
    who = (await groups.settings(message.chat.id)).who_spends
    said = texts.say("allow-done", name=mask_name(short(person.full_name)))
    unused = None if who is WhoSpends.NAMED else texts.say("allow-unused", bot=audience.username)
    await answer(message, Card(lines(said, unused)))
