"""The steps at the end: send the result, remember what was found, and see that the chat has heard how the job ended.

A large result goes out first: to remember a million verdicts takes longer than to send them. That it has arrived is
stored at once, so whoever dies while remembering sends nothing again.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.asking import Asking
from bot.cards import Card
from bot.handing_over import SURELY_NOT_SENT, HandingOver
from bot.job import Failure, Job, JobState
from bot.messenger import (
    Place,
    RefusedError,
    TooLargeError,
    UnreachableChatError,
)
from bot.picturing import Picturing
from bot.preview import titled
from bot.progress import failed
from bot.remembering import Remembering
from bot.sending import Sending
from bot.showing import Showing
from storage.database import DatabaseUnavailableError
from storage.jobs import Jobs
from storage.lists import Lists, StoredResult
from storage.tasks import Tasks

logger = logging.getLogger(__name__)

SHOWN_BYTES = 1 << 20
"""A smaller file is in the chat before anybody could read that it comes."""
SHOWN_SECONDS = 2.0
"""A file that is not there after so long is waited for: then the message says that it comes."""
STORING_SECONDS = 5.0
"""When to note again that a result was delivered, where the database did not take it."""


@dataclass(frozen=True, slots=True)
class Delivering:
    """Steps of jobs whose result is stored, and of jobs that have ended or wait for a person's decision."""

    jobs: Jobs
    lists: Lists
    tasks: Tasks
    sending: Sending
    handing_over: HandingOver
    remembering: Remembering
    showing: Showing
    asking: Asking
    picturing: Picturing
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def deliver(self, job: Job) -> float | None:
        """Send the result as a new message, in reply to the list; or hand it over to its person and tell the group."""
        if _has_arrived(job):
            await self._end(job)
            return None
        result = await self.lists.result(job.id)
        if result is None:
            logger.error("A result is not stored any more: job=%s", job.id)
            await self._undeliverable(job, "the result is not stored any more")
            return None
        if len(result.workbook or result.raw or b"") >= SHOWN_BYTES or self.clock() - job.state_since >= SHOWN_SECONDS:
            await self.showing.show(job)
        if job.sending:  # an earlier try may have arrived: its chat shall not pay for the same numbers
            await self.remembering.note(job)
        if await self.handing_over.goes_to_a_person(job):
            await self._hand_over(job, result)
            return None
        marked = await self.tasks.begin_sending(job)
        if marked is None:
            return None
        try:
            place = Place(job.chat_id, job.thread_id, job.list_message_id)
            file_id = await self.sending.send(job, result, place, self.showing.texts_of(job))
        except SURELY_NOT_SENT:
            await self._take_back(job)
            raise
        except (UnreachableChatError, RefusedError, TooLargeError) as error:
            logger.warning(
                "A result cannot be delivered (%s): job=%s chat=%s", type(error).__name__, job.id, job.chat_id
            )
            await self._undeliverable(job, str(error) or type(error).__name__)
            return None
        del result  # a large one: what comes now takes a while
        arrived = await self._note_arrived(job, file_id)
        if arrived is not None:
            await self._end(arrived)
        return None

    async def _hand_over(self, job: Job, result: StoredResult) -> None:
        handed = await self.handing_over.hand_over(job, result)
        if handed is None:
            return
        if _has_arrived(handed):
            await self._end(handed)
        else:
            await self._undeliverable(handed, "its person, or its group, cannot be reached")

    async def _note_arrived(self, job: Job, file_id: str | None) -> Job | None:
        """Store that the result is in the chat, however long the database makes us wait: else it would come twice."""
        while True:
            try:
                return await self.tasks.arrived(job, file_id)
            except DatabaseUnavailableError as error:
                logger.error("That a result was delivered cannot be stored (%s): job=%s", error, job.id)
                await self.sleep(STORING_SECONDS)

    async def _end(self, job: Job) -> None:
        """Remember what was found, and be done with a job whose result has arrived. Begun anew it does the same."""
        await self.remembering.note(job)
        delivered = await self.tasks.delivered(job, self.clock())
        if delivered is not None:
            await self.picturing.follow(delivered)

    async def _undeliverable(self, job: Job, why: str) -> None:
        """Keep the result, and tell the admins. ``tell`` says so where the chat takes a text, and only no such file."""
        await self.remembering.note(job)
        moved = await self.tasks.undeliverable(job, why, self.clock())
        # Where the file or the counts have arrived, somebody has heard of it.
        if moved is not None and moved.delivered_to is None and moved.counted_at is None:
            await self.asking.tell_undeliverable(moved)

    async def _take_back(self, job: Job) -> None:
        """Note that the document surely did not arrive; what an earlier try may have sent stays noted."""
        if not job.sending:
            await self.tasks.not_sent(job)

    async def tell(self, job: Job) -> float | None:
        """Say how the job ended, or ask the open question, until the chat has heard it."""
        if job.told_at is not None:
            return None
        texts = self.showing.texts_of(job)
        await self.showing.show(job)
        if job.state is JobState.UNSURE:
            await self.asking.ask(job)
        elif job.state is JobState.FAILED and job.forgotten_at is None:
            named = await self.asking.unsure.was_named(job)
            await self.showing.tell(job, failed(job, texts, named=named))
        elif job.state is JobState.CLOSED and job.failure is Failure.WAITED_TOO_LONG and job.forgotten_at is None:
            await self.showing.tell(job, Card(texts.say("closed-unanswered", name=titled(job, texts))))
        await self.jobs.note_told(job, self.clock())
        return None


def _has_arrived(job: Job) -> bool:
    """Say whether all that is to be sent of a result has arrived: its file, or with a person also its counts."""
    if job.delivered_to is None:
        return job.result_file_id is not None
    return job.counted_at is not None
