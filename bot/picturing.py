"""The picture after a result, for chats that always want it. It is an extra: the result never waits for it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.cards import Card
from bot.countries import countries_of
from bot.job import Job
from bot.messenger import Messenger, Place
from bot.picture import caption, draw, picture_of
from bot.showing import Showing
from storage.lists import Lists

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Picturing:
    """Sends the picture of what was delivered."""

    lists: Lists
    messenger: Messenger
    showing: Showing
    is_wanted: Callable[[int], Awaitable[bool]]
    """Says whether a chat wants a picture after each result."""

    async def follow(self, job: Job) -> None:
        """Send the picture after a result that is known to have arrived, into the chat of its list.

        Tried once, whatever comes of it: nothing is stored about it, so a crash leaves it out and never repeats it.
        """
        try:
            await self._send(job)
        except Exception as error:  # noqa: BLE001  (the job is done; there is a button for the picture)
            logger.warning("A picture is left out (%s): job=%s", type(error).__name__, job.id)

    async def _send(self, job: Job) -> None:
        if not job.yes + job.no + job.undetermined or not await self.is_wanted(job.chat_id):
            return
        packed, result = await self.lists.numbers(job.id), await self.lists.result(job.id)
        if packed is None or result is None or result.verdicts is None:
            return
        texts = self.showing.texts_of(job)
        countries = await asyncio.to_thread(countries_of, packed, result.verdicts)
        drawn = await asyncio.to_thread(draw, picture_of(job, countries, texts))
        place = Place(job.chat_id, job.thread_id, job.list_message_id)
        await self.messenger.send_photo(place, drawn, Card(caption(job, texts)))
