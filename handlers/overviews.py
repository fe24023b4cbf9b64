"""What shows a result at a glance, on buttons: the table of its countries, and its picture.

Both hold counts only. So they go to where the button is, also in a group whose files go to persons.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from aiogram import Bot, Router
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.filters import Filter
from aiogram.types import CallbackQuery

from bot.cards import Action, Card, Press
from bot.countries import CountryCount, countries_of
from bot.country_table import country_table
from bot.job import Job
from bot.picture import caption, draw, picture_of
from bot.texts import Texts
from handlers.answers import answer_press, send_card, send_photo
from handlers.files import captioned
from handlers.handing_out import HandingOut
from storage.lists import Lists

logger = logging.getLogger(__name__)

ACTIONS = frozenset({Action.BY_COUNTRY, Action.PICTURE})


@dataclass(frozen=True, slots=True)
class Overviews:
    """Counts a result by country, for as long as it is kept."""

    lists: Lists

    async def countries(self, job: Job) -> tuple[CountryCount, ...]:
        """Give the verdicts by country, most numbers first; nothing where they are not kept any more."""
        packed, result = await self.lists.numbers(job.id), await self.lists.result(job.id)
        if packed is None or result is None or result.verdicts is None:
            return ()
        return await asyncio.to_thread(countries_of, packed, result.verdicts)


@dataclass(frozen=True, slots=True)
class OverviewPress(Filter):
    """A press that asks for the table or the picture."""

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Hand over what was pressed."""
        press = Press.unpack(query.data)
        return {"press": press} if press is not None and press.action in ACTIONS else False


def build_router() -> Router:
    """Stand before the other buttons."""
    router = Router(name="overviews")
    router.callback_query.register(on_press, OverviewPress())
    return router


async def on_press(
    query: CallbackQuery, press: Press, bot: Bot, handing_out: HandingOut, overviews: Overviews, texts: Texts
) -> None:
    """Send what was asked for to where it was pressed: in private also of a group's list whose files they may have."""
    found = await handing_out.pressed(press, query)
    if found is None or query.message is None:
        await answer_press(query, texts.plain("press-stale"))
        return
    job, to = found[0], query.from_user.id if query.message.chat.id != found[0].chat_id else None
    countries = await overviews.countries(job)
    await answer_press(query, texts.plain("press-result-gone") if not countries else "", alert=not countries)
    if not countries:
        return
    group = None if to is None else await handing_out.chats.title(job.chat_id)
    if press.action is Action.BY_COUNTRY:
        table = country_table(job, countries, texts)
        await send_card(bot, job, captioned(table.text, texts, group), person_id=to)
        return
    drawn = await asyncio.to_thread(draw, picture_of(job, countries, texts))
    try:
        await send_photo(bot, job, drawn, captioned(caption(job, texts), texts, group), person_id=to)
    except (TelegramBadRequest, TelegramForbiddenError) as error:
        logger.info("A picture is refused (%s): job=%s", type(error).__name__, job.id)
        await send_card(bot, job, Card(texts.say("picture-refused")), person_id=to)
