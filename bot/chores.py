"""Work that belongs to no job. The worker does it when it falls due or is woken for it, no chore twice at once."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from bot.messenger import LaterError, PerhapsSentError, TokenRevokedError
from storage.database import Database, DatabaseUnavailableError

logger = logging.getLogger(__name__)

Chore = Callable[[], Awaitable[float | None]]
"""Does what is to be done now; gives the time at which there will be something again, None where nobody knows."""

COPY_SECONDS = 1.0
"""So often the database's log is copied."""
AT_LEAST_SECONDS = 3600.0
"""A chore that expects nothing is done once an hour all the same."""
DATABASE_SECONDS = 1.0
AGAIN_SECONDS = 5.0
LONGEST_SECONDS = 3600.0


@dataclass(slots=True, eq=False)
class _Turn:
    chore: Chore
    due_at: float = 0.0
    wakes: bool = True
    task: asyncio.Task[None] | None = None
    woken: bool = False
    """There may be more to do than the run under way has seen."""
    failures: int = 0


class Chores:
    """All chores of one worker."""

    def __init__(
        self, chores: Iterable[Chore], timed: Iterable[Chore] = (), clock: Callable[[], float] = time.time
    ) -> None:
        """Take the chores that a wake begins, and those that are done by the clock only."""
        self._turns = [*(_Turn(chore) for chore in chores), *(_Turn(chore, wakes=False) for chore in timed)]
        self._clock = clock

    @property
    def running(self) -> list[asyncio.Task[None]]:
        """The chores under way."""
        return [turn.task for turn in self._turns if turn.task is not None]

    def wake(self) -> None:
        """Let every chore that is not done by the clock look whether there is something to do."""
        for turn in self._turns:
            if turn.wakes:
                turn.due_at = 0.0
                turn.woken = True

    def start_due(self, group: asyncio.TaskGroup, done: Callable[[], None]) -> None:
        """Begin what is due; ``done`` is called at the end of each."""
        for turn in self._turns:
            if turn.task is None and turn.due_at <= self._clock():
                turn.woken = False
                turn.task = group.create_task(self._do(turn, done))

    async def _do(self, turn: _Turn, done: Callable[[], None]) -> None:
        try:
            due_at = await self._guarded(turn)
            turn.due_at = 0.0 if turn.woken else due_at
        finally:
            turn.task = None
            done()

    async def _guarded(self, turn: _Turn) -> float:
        """Do a chore; every failure moves the clock, the further the longer it goes on."""
        try:
            due_at = await turn.chore()
        except LaterError as error:
            return self._clock() + error.seconds
        except DatabaseUnavailableError as error:
            logger.error("The database takes nothing now (%s)", error)
            return self._clock() + DATABASE_SECONDS
        except (PerhapsSentError, TokenRevokedError):
            return self._clock() + self._longer(turn)
        except Exception:
            logger.exception("A chore failed")
            return self._clock() + self._longer(turn)
        turn.failures = 0
        latest = self._clock() + AT_LEAST_SECONDS
        return latest if due_at is None else min(due_at, latest)

    def _longer(self, turn: _Turn) -> float:
        turn.failures += 1
        return min(AGAIN_SECONDS * 2.0 ** min(turn.failures - 1, 20), LONGEST_SECONDS)


async def copy_log(database: Database) -> float:
    """Copy the log of the database, and do so again soon."""
    await database.copy_log()
    return time.time() + COPY_SECONDS
