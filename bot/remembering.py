"""What the worker asks of a chat's memory and adds to it: by names of numbers that only this bot's key can make."""

import asyncio
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, islice

from bot.job import Job
from bot.known import DAY, DAY_SECONDS, UNKNOWN, Known, asked, day_of, found_now, same_answers
from bot.list_key import NAME_BYTES, ListKey
from bot.packing import PackedList, lines_of
from storage.lists import Lists
from storage.memory import Memory

ASKED_AT_ONCE = 2_000
"""So many numbers are asked for with one statement: it holds up everything else for some milliseconds."""
NAMED_AT_ONCE = 5_000
WRITTEN_AT_ONCE = 4_000
"""So many are written in one transaction: some twenty milliseconds, in which nobody else writes."""
KEPT_WITH_RESULT = 1_000
"""A result of so many numbers is remembered when it is stored. Whoever is told it and then sends a list with the same
numbers pays only for the new ones, also where the program was killed in between."""


@dataclass(frozen=True, slots=True)
class Remembering:
    """Takes snapshots of what a chat knows of a list, and keeps what a check has found."""

    memory: Memory
    lists: Lists
    list_key: ListKey
    days: int
    """What was found earlier counts no longer."""
    clock: Callable[[], float] = time.time

    @property
    def since(self) -> float:
        """Give from when on what was found counts."""
        return self.clock() - self.days * DAY_SECONDS

    async def snapshot(self, chat_id: int, packed: PackedList) -> Known | None:
        """Give what this chat knows of a list, number by number; None for nothing."""
        since = self.since
        if not await self.memory.holds_any(chat_id, since=since):
            return None
        codes, days = [], array(DAY)
        numbers = lines_of(packed.numbers)
        while names := await asyncio.to_thread(self._names, islice(numbers, ASKED_AT_ONCE)):
            found = await self.memory.recall(chat_id, names, since=since)
            told = [found.get(name) for name in names]
            codes.append("".join(UNKNOWN if one is None else one[0] for one in told))
            days.extend(0 if one is None else day_of(one[1]) for one in told)
        known = Known("".join(codes), days)
        return known if any(days) else None

    async def is_told_more(self, chat_id: int) -> bool:
        """Say whether this chat has, or may have, a result of which it does not remember everything yet."""
        return await self.memory.is_told_more(chat_id, above=KEPT_WITH_RESULT)

    async def renew(self, job: Job) -> None:
        """Compare a preview anew with what its chat knows by now."""
        packed, before = await self.lists.numbers(job.id), await self.memory.known(job.id)
        known = None if packed is None else await self.snapshot(job.chat_id, packed)
        await self.memory.keep_again(job, known, self.clock(), differs=not same_answers(before, known))

    def found(self, job: Job, packed: PackedList, known: Known | None, codes: str) -> Sequence[tuple[bytes, str]]:
        """Give what is remembered of a result when it is stored, by name and code: all of a small one, else nothing."""
        if not 0 < job.to_check <= KEPT_WITH_RESULT:
            return ()
        pairs = _found(packed, known, codes, only_new=job.only_new)
        return [(self.list_key.name(number), code) for number, code in pairs]

    async def note(self, job: Job) -> None:
        """Keep what this job's check has found, out of its stored result, and nothing that was known before.

        Of a small result that was done when it was stored.

        Args:
            job: A job in ``delivering``. Where the result could not be understood nothing was found.
        """
        if job.to_check <= KEPT_WITH_RESULT:
            return  # that is done
        packed, codes = await self.lists.numbers(job.id), await self.lists.verdicts(job.id)
        if packed is None or codes is None:
            return
        pairs = await asyncio.to_thread(_found, packed, await self.memory.known(job.id), codes, only_new=job.only_new)
        heaps = [bytearray() for _ in range(256)]
        while await asyncio.to_thread(self._heap, islice(pairs, NAMED_AT_ONCE), heaps):
            pass
        ordered, now = _ordered(heaps), asyncio.get_running_loop().time
        pause = 0.0
        while block := await asyncio.to_thread(list, islice(ordered, WRITTEN_AT_ONCE)):
            # Nobody waits for this, and who waits for the database looks only now and then whether it is free.
            await asyncio.sleep(pause)
            began = now()
            await self.memory.remember(job, block)
            pause = now() - began

    def _names(self, numbers: Iterator[bytes]) -> Sequence[bytes]:
        return [self.list_key.name(number) for number in numbers]

    def _heap(self, pairs: Iterator[tuple[bytes, str]], heaps: list[bytearray]) -> bool:
        """Name some numbers and put each with its code to those whose names begin alike; say whether there were any."""
        block = [self.list_key.name(number) + code.encode() for number, code in pairs]
        for named in block:
            heaps[named[0]] += named
        return bool(block)


def _ordered(heaps: list[bytearray]) -> Iterator[tuple[bytes, str]]:
    """Give all names in order: so they are written into the database page by page.

    In the order of a list of a million, which for names is none, each of them would have a page written of its own.
    """
    for heap in heaps:
        step = NAME_BYTES + 1
        for named in sorted(bytes(heap[at : at + step]) for at in range(0, len(heap), step)):
            yield named[:NAME_BYTES], chr(named[NAME_BYTES])


def _found(packed: PackedList, known: Known | None, codes: str, *, only_new: bool) -> Iterator[tuple[bytes, str]]:
    """Give the numbers that were sent, each with its code."""
    numbers = lines_of(packed.numbers)
    sent = numbers if known is None else compress(numbers, asked(known, only_new=only_new))
    return zip(sent, found_now(known, codes, only_new=only_new), strict=True)
