"""Asking the admins who is let in, and telling everybody what they decided. Handlers store it, here it is said.

What cannot be said now stays noted, so that neither a restart nor a held back message leaves anybody without an answer.
However many ask, the admins are shown so many cards an hour and one sentence about the rest.
"""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.access_cards import decided, notice, question
from bot.cards import Card, lines
from bot.job import JobState
from bot.limits import Importance
from bot.list_parts import ending_of
from bot.messenger import (
    LaterError,
    MessageGoneError,
    Messenger,
    MovedChatError,
    PerhapsSentError,
    Place,
    RefusedError,
    UnreachableChatError,
)
from bot.settings import Settings
from bot.texts import Html, Texts, language_of
from storage.access import Accesses
from storage.access_cards import AccessCards
from storage.access_requests import AccessRequests, Decision, KeptList, Request
from storage.chats import Chats
from storage.facts import Fact, Facts
from storage.jobs import Jobs
from storage.lists import ListMessage, Lists, NewJob
from storage.supergroups import Supergroups

logger = logging.getLogger(__name__)

CARDS_AN_HOUR = 20
"""More requests are not brought before the admins; they find them in their list."""
HOUR = 3600.0
PERHAPS_SENT_SECONDS = 30.0
"""When to say it again where nobody knows whether it arrived: twice is better than never."""
LEAVE_LATER_SECONDS = 600.0
"""When to look again whether a group can be left in which something paid is on its way."""
ON_ITS_WAY = frozenset({JobState.QUEUED, JobState.SUBMITTING, JobState.CHECKING, JobState.DELIVERING})


@dataclass(frozen=True, slots=True)
class Admitting:
    """Speaks with the admins about who is let in, and with those who ask."""

    accesses: Accesses
    requests: AccessRequests
    cards: AccessCards
    jobs: Jobs
    lists: Lists
    chats: Chats
    facts: Facts
    supergroups: Supergroups
    messenger: Messenger
    texts: Mapping[str, Texts]
    settings: Settings
    username: str
    """The bot's own, without the @."""
    clock: Callable[[], float] = time.time

    async def tend(self) -> float | None:
        """Say everything that is to be said now; give the time at which there is something again."""
        held: list[float] = []
        for request in await self.cards.to_leave(self.clock()):
            if request.chat_id in self.settings.allowed_ids:
                await self.cards.leave_later(request, None)
            elif await self._is_at_work(request.chat_id):
                await self.cards.leave_later(request, self.clock() + LEAVE_LATER_SECONDS)
            else:
                logger.info("Nobody has answered for a day: chat=%s", request.chat_id)
                await self.cards.is_over(request, self.clock())
        for request in await self.cards.unfinished():
            held += await self._finish(request)
        if self.settings.admin_ids:
            held += await self._show_new()
        leave_at = await self.cards.next_leave()
        times = [self.clock() + seconds for seconds in held] + ([] if leave_at is None else [leave_at])
        return min(times, default=None)

    async def tidy(self) -> float:
        """Forget requests, who was seen in a group, and then people's languages, when lists are forgotten as well."""
        now = self.clock()
        before = now - self.settings.retention_days * 86_400
        gone = await self.requests.purge(before) + await self.accesses.purge(before)
        named = self.settings.admin_ids | self.settings.allowed_ids
        gone += await self.chats.forget_language_codes(before, named)
        logger.debug("Deleted what is kept no longer: %s rows of requests, members and languages", gone)
        return now + HOUR

    async def _show_new(self) -> list[float]:
        held: dict[int, float] = {}
        shown = await self.cards.shown_since(self.clock() - HOUR)
        for request in await self.cards.to_show():
            begun = await self.cards.cards(request.id)
            if not begun and shown >= CARDS_AN_HOUR:
                await self.cards.hold(self.clock())
                await self._say_many()
                break
            shown += not begun
            await self._show(request, self.settings.admin_ids - begun.keys(), held)
        return [*held.values()]

    async def _show(self, request: Request, admin_ids: frozenset[int], held: dict[int, float]) -> None:
        """Ask the admins who were not asked yet; note in how many seconds to go on with those who are held back."""
        members = await self.messenger.count_members(request.chat_id) if request.is_group else None
        files = len(await self.cards.kept(request.id))
        for admin_id in sorted(admin_ids - held.keys()):
            texts = await self._texts_of(admin_id)
            card = (
                notice(request, texts, members=members)
                if request.is_their_own
                else question(request, texts, members=members, files=files)
            )
            message_id: int | None = None
            try:
                message_id = await self.messenger.send(Place(admin_id), card, Importance.QUESTION)
            except (UnreachableChatError, RefusedError, MovedChatError):
                logger.warning("An admin cannot be asked who is let in: chat=%s", admin_id)
            except (LaterError, PerhapsSentError) as error:
                held[admin_id] = _again(error)
                continue
            # A notice is not edited later, so nobody has to know where it is.
            await self.cards.note_card(request.id, admin_id, None if request.is_their_own else message_id)
        if admin_ids.isdisjoint(held):
            await self.cards.note_shown(request.id, members, self.clock())

    async def _say_many(self) -> None:
        """Tell the admins that more ask than they are shown: once an hour, and what gets lost is no harm."""
        now = self.clock()
        if await self.facts.get(Fact.MANY_ASK, now) is not None:
            return
        await self.facts.keep(Fact.MANY_ASK, {"at": now}, until=now + HOUR)
        logger.warning("More ask to use the bot than the admins are shown")
        count = await self.requests.count_open()
        for admin_id in sorted(self.settings.admin_ids):
            card = Card((await self._texts_of(admin_id)).say("access-many", count=count))
            try:
                await self.messenger.send(Place(admin_id), card, Importance.QUESTION)
            except (UnreachableChatError, RefusedError, MovedChatError, LaterError, PerhapsSentError):
                logger.info("An admin is not told how many ask: chat=%s", admin_id)

    async def _finish(self, request: Request) -> list[float]:
        """Do and say all that follows from a decision."""
        kept = await self.cards.kept(request.id)
        for one in kept:
            await self._open(request, one)
        held: list[float] = []
        if request.told_at is None:
            held += await self._guarded(request, lambda: self._tell(request, len(kept)))
        for admin_id, message_id in sorted((await self.cards.cards(request.id)).items()):
            if message_id is not None:
                card = decided(request, await self._texts_of(admin_id))
                held += await self._edit(request, admin_id, message_id, card)
        return held

    async def _open(self, request: Request, kept: KeptList) -> None:
        """Let a file that waited become a job of whoever sent it."""
        new = NewJob(
            chat_id=request.chat_id,
            thread_id=kept.thread_id,
            starter_id=kept.person_id,
            starter_name=kept.person_name,
            language=kept.language,
            name=kept.name,
            region=await self.chats.region(request.chat_id) or self.settings.default_region,
        )
        message = ListMessage(
            kept.chat_id,
            kept.message_id,
            kept.sent_at,
            file_id=kept.file_id,
            file_size=kept.file_size,
            file_ending=ending_of(kept.name),
        )
        await self.lists.open(new, message, self.clock())
        await self.cards.drop_kept(kept)

    async def _tell(self, request: Request, files: int) -> None:
        """Let whoever asked hear the decision; where it is no, go out of the group."""
        texts, place = self.texts[request.language], Place(request.chat_id)
        if request.decision is Decision.APPROVED:
            said = (
                lines(texts.say("access-let-in-group"), texts.say("welcome", bot=self.username))
                if request.is_group
                else lines(texts.say("access-let-in"), texts.say("access-let-in-files", count=files) if files else None)
            )
            await self.messenger.send(place, Card(said), Importance.ANSWER)
        elif request.is_group:
            if await self._is_at_work(request.chat_id):
                raise LaterError(LEAVE_LATER_SECONDS)
            if request.decision is not Decision.BLOCKED:
                await self._say_goodbye(place, texts.say(f"access-{request.decision}-group"))
            await self.messenger.leave(request.chat_id)
        elif request.decision is Decision.DENIED:
            await self.messenger.send(place, Card(texts.say("access-denied")), Importance.ANSWER)

    async def _say_goodbye(self, place: Place, said: Html) -> None:
        """Where we may not speak we leave without a word."""
        try:
            await self.messenger.send(place, Card(said), Importance.ANSWER)
        except (UnreachableChatError, RefusedError):
            logger.info("A group is left without a word: chat=%s", place.chat_id)

    async def _guarded(self, request: Request, tell: Callable[[], Awaitable[None]]) -> list[float]:
        try:
            await tell()
        except (UnreachableChatError, RefusedError):
            logger.info("Who asked to use the bot cannot be told: chat=%s", request.chat_id)
        except MovedChatError as error:
            await self.supergroups.take_over(request.chat_id, error.chat_id, self.clock())
            return [0.0]
        except (LaterError, PerhapsSentError) as error:
            return [_again(error)]
        await self.cards.note_told(request.id, self.clock())
        return []

    async def _edit(self, request: Request, admin_id: int, message_id: int, card: Card) -> list[float]:
        try:
            await self.messenger.edit(Place(admin_id), message_id, card, Importance.ANSWER)
        except (MessageGoneError, UnreachableChatError, RefusedError, MovedChatError):
            logger.info("The card of a request is gone: chat=%s", admin_id)
        except (LaterError, PerhapsSentError) as error:
            return [_again(error)]
        await self.cards.drop_card(request.id, admin_id)
        return []

    async def _is_at_work(self, chat_id: int) -> bool:
        """Say whether something paid, or about to be, is on its way to this chat."""
        return any(job.state in ON_ITS_WAY for job in await self.jobs.unfinished(chat_id))

    async def _texts_of(self, admin_id: int) -> Texts:
        return self.texts[await self.chats.language(admin_id) or language_of(None)]


def _again(error: LaterError | PerhapsSentError) -> float:
    return error.seconds if isinstance(error, LaterError) else PERHAPS_SENT_SECONDS
