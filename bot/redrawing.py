"""Cards that are redrawn by presses: only the newest state of each is drawn, and only where there is room.

Whoever presses often has read in the answer to each press what holds now; the group's messages are for its lists. What
finds no room waits for it here, in memory: a card that a crash leaves behind is drawn anew by its next press.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.cards import Card
from bot.limits import Importance
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

logger = logging.getLogger(__name__)

PROMPT = 8
PROMPT_SECONDS = 60.0
"""So many redraws of a chat in so long come at once; after that they are as disposable as progress."""
AGAIN_SECONDS = 2.0
MOST_KNOWN = 1000
"""Of so many cards it is known what they say."""

Which = tuple[int, int]
"""Chat and message."""


@dataclass(slots=True)
class Redrawing:
    """Redraws cards. Its ``tend`` is a chore of the worker."""

    messenger: Messenger
    wake: Callable[[], None]
    clock: Callable[[], float] = time.time
    _newest: dict[Which, Card] = field(default_factory=dict)
    """What is to be drawn."""
    _says: dict[Which, str] = field(default_factory=dict)
    """Digests of what was drawn."""
    _prompt: dict[int, deque[float]] = field(default_factory=dict)
    """When each chat's cards were redrawn at once."""

    def draw(self, chat_id: int, message_id: int, card: Card) -> None:
        """Let a card say this as soon as there is room, in place of whatever it was to say before."""
        which = chat_id, message_id
        if self._says.get(which) == card.digest:
            self._newest.pop(which, None)
            return
        self._newest[which] = card
        self.wake()

    async def tend(self) -> float | None:
        """Draw what waits; give when to come again for what finds no room."""
        held = await asyncio.gather(*(self._draw(which) for which in list(self._newest)))
        waits = [seconds for seconds in held if seconds is not None]
        return self.clock() + min(waits) if waits else None

    async def _draw(self, which: Which) -> float | None:
        card, (chat_id, message_id) = self._newest[which], which
        try:
            await self.messenger.edit(Place(chat_id), message_id, card, self._importance(chat_id))
        except LaterError as error:
            return error.seconds
        except PerhapsSentError:
            return AGAIN_SECONDS
        except (MessageGoneError, UnreachableChatError, RefusedError, MovedChatError) as error:
            logger.info("A card is not redrawn (%s): chat=%s", type(error).__name__, chat_id)
            self._newest.pop(which, None)
            return None
        while len(self._says) >= MOST_KNOWN:
            del self._says[next(iter(self._says))]
        self._says[which] = card.digest
        if self._newest.get(which) == card:
            del self._newest[which]
            return None
        return 0.0 if which in self._newest else None

    def _importance(self, chat_id: int) -> Importance:
        """Say how much room this redraw may take, and take it down."""
        now = self.clock()
        for chat in [chat for chat, times in self._prompt.items() if not now - PROMPT_SECONDS < times[-1] <= now]:
            del self._prompt[chat]
        times = self._prompt.setdefault(chat_id, deque(maxlen=PROMPT))
        if len(times) == PROMPT and times[0] > now - PROMPT_SECONDS:
            return Importance.PROGRESS
        times.append(now)
        return Importance.CARD
