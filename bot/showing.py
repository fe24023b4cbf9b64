"""Keeping a job's one message true: preview, progress and final line are edits of one reply to the list."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.approvals import Standing, beside_preview
from bot.cards import Card
from bot.job import TERMINAL, Job, JobState
from bot.known import days_known
from bot.limits import Importance
from bot.messenger import (
    LaterError,
    MessageGoneError,
    Messenger,
    PerhapsSentError,
    Place,
    RefusedError,
    UnreachableChatError,
)
from bot.packing import Reading
from bot.preview import SameList, Terms, preview
from bot.progress import being_read, progress
from bot.recent import Recent
from bot.settings import Settings
from bot.texts import Texts
from storage.approvals import Approvals
from storage.beginnings import Beginnings
from storage.chat_settings import ChatSettings
from storage.facts import Fact, Facts
from storage.jobs import Jobs
from storage.same_lists import SameLists

logger = logging.getLogger(__name__)

USUAL_PACE = 12.0
"""Numbers a second until our own tasks have shown better: 20,000 took 29 minutes in the API's published example."""
TERMS_SECONDS = 10.0
"""The API's usual pace changes slowly."""
SAME_SECONDS = 30 * 86_400
"""A result this old says little about who has an account today, and is not offered in place of a check."""
MOST_UNDER_WAY = 8
"""So many progresses are on their way at the same time; more would only meet a limit."""
ASKS_OR_REFUSES = frozenset({JobState.CONFIRMING, JobState.REFUSED})
"""What nothing else says: where the message is gone, a new one has to. All else is also said by other messages."""


@dataclass(frozen=True, slots=True)
class Showing:
    """Draws and edits the message of a job."""

    jobs: Jobs
    facts: Facts
    messenger: Messenger
    texts: Mapping[str, Texts]
    settings: Settings
    clock: Callable[[], float] = time.time
    under_way: set[int] = field(default_factory=set)
    """Jobs whose progress is being drawn and shown."""
    usual: Recent[Terms] = field(init=False)
    """The terms as they were of late, for what is paid: thousands of tasks ask."""

    def __post_init__(self) -> None:
        """Build what keeps the terms; the object itself never changes."""
        object.__setattr__(self, "usual", Recent(self.terms, TERMS_SECONDS, self.clock))

    async def terms(self) -> Terms:
        """Give what a check costs and how long it takes, as far as it is known now."""
        known = await self.facts.several((Fact.PACE, Fact.MINIMUM), self.clock())
        return Terms(
            price_per_1000=self.settings.price_per_1000,
            currency=self.settings.currency,
            pace=known.get(Fact.PACE) or USUAL_PACE,
            minimum=known.get(Fact.MINIMUM),
        )

    def texts_of(self, job: Job) -> Texts:
        """Give the language that the job speaks."""
        return self.texts[job.language]

    async def same(self, job: Job) -> SameList:
        """Give what the chat knows of the same numbers from other jobs."""
        return await SameLists(self.jobs.database).of(job, since=self.clock() - SAME_SECONDS)

    async def standing(self, job: Job) -> Standing | None:
        """Give how a preview stands with the admins; None where their yes is not needed."""
        above, admin_ids = self.settings.approve_above, self.settings.admin_ids
        if above is None or job.valid <= above:
            return None
        approvals = Approvals(self.jobs.database)
        latest = await approvals.latest(job.id)
        asked = {} if latest is None or latest.decision is not None else await approvals.cards(latest)
        nobody = all(asked.get(admin_id, 0) is None for admin_id in admin_ids)
        return Standing(above, latest, nobody_reached=nobody, starter_decides=job.starter_id in admin_ids)

    async def show(self, job: Job) -> bool:
        """Let the job's message say what is true now; say whether it does.

        A progress that finds no room in the limits is dropped: a newer one will come.

        Raises:
            LaterError: What may not be dropped finds no room.
            PerhapsSentError: Nobody knows whether what may not be dropped has arrived.
        """
        importance = _importance(job)
        if importance is not Importance.PROGRESS:
            return await self._show(job)
        # Thousands of tasks move on in the time in which a few may be shown: what finds no room is not even drawn.
        if len(self.under_way) >= MOST_UNDER_WAY or not self.messenger.has_room(job.chat_id):
            return False
        self.under_way.add(job.id)
        try:
            return await self._show(job)
        finally:
            self.under_way.discard(job.id)

    async def _show(self, job: Job) -> bool:
        card = await self._card(job)
        return card is None or await self._say(job, card, _importance(job))

    async def show_reading(self, job: Job, percent: int) -> bool:
        """Let the job's message say how much of its list was read; say whether it does."""
        return await self._say(job, being_read(job, percent, self.texts_of(job)), Importance.PROGRESS)

    async def _say(self, job: Job, card: Card, importance: Importance) -> bool:
        if card.digest == job.shown:
            return True
        place = Place(job.chat_id, job.thread_id, job.list_message_id)
        try:
            message_id = await self._edit_or_send(job, place, card, importance)
        except UnreachableChatError:
            logger.info("A chat cannot be reached: job=%s chat=%s", job.id, job.chat_id)
            return False
        except RefusedError:
            logger.error("What a job's message should say is refused: job=%s chat=%s", job.id, job.chat_id)
            return False
        except (LaterError, PerhapsSentError):
            if importance is Importance.PROGRESS:
                return False
            raise
        await self.jobs.note_shown(job, message_id=message_id, shown=card.digest)
        return True

    async def tell(self, job: Job, card: Card) -> bool:
        """Send a new message about the job, one that rings, in reply to the list; False where the chat is gone."""
        place = Place(job.chat_id, job.thread_id, job.list_message_id)
        try:
            await self.messenger.send(place, card, Importance.QUESTION)
        except UnreachableChatError:
            logger.warning(
                "A chat that has to be told something cannot be reached: job=%s chat=%s", job.id, job.chat_id
            )
            return False
        return True

    async def _card(self, job: Job) -> Card | None:
        if job.state is JobState.READING:
            return None
        terms = await (self.terms() if job.submitted_at is None else self.usual.get())
        texts, now = self.texts_of(job), self.clock()
        if job.state is JobState.CONFIRMING:
            adding = job.adding_until is not None and job.adding_until > now
            reading = Reading.from_json(job.reading or "{}")
            same, beginning = await self.same(job), await Beginnings(self.jobs.database).of(job.id)
            chosen = await ChatSettings(self.jobs.database).of(job.chat_id)
            days = days_known(chosen.days(self.settings.retention_days))
            card = preview(job, reading, terms, texts, adding=adding, same=same, days=days, beginning=beginning)
            standing = await self.standing(job)
            return card if standing is None else beside_preview(card, job, standing, texts)
        before = await self.jobs.queued_before(job) if job.state is JobState.QUEUED else 0
        return progress(job, terms, texts, now, before=before)

    async def _edit_or_send(self, job: Job, place: Place, card: Card, importance: Importance) -> int | None:
        if job.card_message_id is not None:
            try:
                await self.messenger.edit(place, job.card_message_id, card, importance)
            except MessageGoneError:
                logger.info("A job's message is gone: job=%s chat=%s", job.id, job.chat_id)
            else:
                return job.card_message_id
        if job.shown is not None and job.state not in ASKS_OR_REFUSES:
            return None  # somebody deleted it; what has to be heard comes as a message of its own
        return await self.messenger.send(place, card, min(importance, Importance.CARD) if _asks(job) else importance)


def _asks(job: Job) -> bool:
    return job.state is JobState.CONFIRMING


def _importance(job: Job) -> Importance:
    if _asks(job):
        return Importance.CARD if job.card_message_id is None else Importance.PREVIEW
    # What holds a list up is said once and for long: dropped, the old preview would stand there with its buttons.
    held_up = job.state is JobState.QUEUED and job.waiting is not None
    return Importance.CARD if held_up or job.state in TERMINAL else Importance.PROGRESS
