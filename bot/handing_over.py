"""A result whose file goes to a person: in private to who started the check, and the counts to the group.

Both have to arrive. The file goes first: what the group reads says where it went.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.job import Job
from bot.limits import Importance
from bot.messenger import (
    LaterError,
    Messenger,
    MovedChatError,
    Place,
    RefusedError,
    TokenRevokedError,
    TooLargeError,
    UnreachableChatError,
)
from bot.rights import FAILED_SECONDS, OutOfReachError, Rights
from bot.sending import Sending
from bot.showing import Showing
from bot.summary import Way, counts
from storage.chats import Chats
from storage.groups import Groups, ResultsTo
from storage.lists import StoredResult
from storage.tasks import Tasks

logger = logging.getLogger(__name__)

SURELY_NOT_SENT = (LaterError, MovedChatError, TokenRevokedError)
"""What keeps a call from having any effect now, and may not later."""


@dataclass(frozen=True, slots=True)
class HandingOver:
    """The delivery of what a group has private."""

    tasks: Tasks
    groups: Groups
    chats: Chats
    rights: Rights
    messenger: Messenger
    sending: Sending
    showing: Showing
    clock: Callable[[], float] = time.time

    async def goes_to_a_person(self, job: Job) -> bool:
        """Say whether the file of this job's result goes to a person, and only the counts to its chat."""
        if job.chat_id > 0 or job.recipient_id is None:
            return False
        return job.delivered_to is not None or (await self.groups.settings(job.chat_id)).results_to is ResultsTo.STARTER

    async def hand_over(self, job: Job, result: StoredResult) -> Job | None:
        """Send the file and then the counts, each once, or marked as a possible repeat where it may have arrived.

        Give the job as it is now: ``delivered_to`` and ``counted_at`` say what has arrived. None where it was moved.

        Raises:
            LaterError: Nothing can be sent, or nobody asked, now.
            PerhapsSentError: Nobody knows whether the last one has arrived.
            MovedChatError: The group has a new id.
            TokenRevokedError: Telegram does not accept our token any more.
        """
        way, handed = (Way.SENT, job) if job.delivered_to is not None else await self._give_file(job, result)
        if handed is None or handed.counted_at is not None:
            return handed
        return await self._tell_counts(handed, way)

    async def _give_file(self, job: Job, result: StoredResult) -> tuple[Way, Job | None]:
        """Send the file to its person, if they are in the group still; give where it went, and the job as it is now."""
        person_id = job.recipient_id
        assert person_id is not None  # noqa: S101  (goes_to_a_person has looked)
        try:
            if not await self.rights.is_surely_member(job.chat_id, person_id):
                logger.info("A result is kept, who it is for may have left: job=%s chat=%s", job.id, job.chat_id)
                return Way.KEPT, job
        except OutOfReachError as error:
            raise LaterError(FAILED_SECONDS) from error
        if await self.tasks.begin_sending(job) is None:
            return Way.KEPT, None
        title = await self.chats.title(job.chat_id)
        texts = self.showing.texts[await self.chats.language(person_id) or job.language]
        try:
            file_id = await self.sending.send(job, result, Place(person_id), texts, group=title)
        except SURELY_NOT_SENT:
            await self._take_back(job)
            raise
        except (UnreachableChatError, RefusedError, TooLargeError) as error:
            logger.info("A result cannot go to its person (%s): job=%s", type(error).__name__, job.id)
            await self._take_back(job)
            return Way.CLOSED if isinstance(error, UnreachableChatError) else Way.FAILED, job
        return Way.SENT, await self.tasks.handed_over(job, file_id, person_id)

    async def _tell_counts(self, job: Job, way: Way) -> Job | None:
        """Tell the group; where it cannot be told, the job stays as it is."""
        link = await self.messenger.link(f"result_{job.token}")
        texts, terms = self.showing.texts_of(job), await self.showing.terms()
        card = counts(job, terms, texts, way, link=link, repeat=job.sending)
        if await self.tasks.begin_sending(job) is None:
            return None
        try:
            await self.messenger.send(Place(job.chat_id, job.thread_id, job.list_message_id), card, Importance.RESULT)
        except SURELY_NOT_SENT:
            await self._take_back(job)
            raise
        except (UnreachableChatError, RefusedError) as error:
            logger.warning("A group cannot be told counts (%s): job=%s", type(error).__name__, job.id)
            return job
        return await self.tasks.counted(job, self.clock())

    async def _take_back(self, job: Job) -> None:
        """Note that this try surely did not arrive; what an earlier one may have sent stays noted."""
        if not job.sending:
            await self.tasks.not_sent(job)
