"""Taking one number out of every list and result that is kept, and making the workbooks anew without it."""

import asyncio
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.erasing import Erased, Wanted, erase, holds, table_result, without
from bot.known import checked_dates, dated, day_of
from bot.packing import Reading, pack
from bot.preview import Terms
from bot.results import Verdicts
from bot.settings import Settings
from bot.summary import sheet_words, totals_of
from bot.texts import Texts
from bot.workbook import write_workbook
from storage.forgetting import ERASABLE, Forgetting, KeptList
from storage.memory import Memory

TRIES = 3
"""A list may move while it is looked at."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """How many lists, of all chats, a number was on."""

    lists: int = 0
    busy: int = 0
    """Those that it is still on: they are being read or checked."""


@dataclass(frozen=True, slots=True)
class Eraser:
    """Looks through everything that is kept, one list at a time."""

    forgetting: Forgetting
    memory: Memory
    name: Callable[[bytes], bytes]
    """Gives the name under which a number is remembered."""
    texts: Mapping[str, Texts]
    settings: Settings

    async def erase(self, wanted: Wanted, now: float) -> Erasure:
        """Take a number out of all lists and results, and out of the updates that told of it."""
        erased = busy = 0
        for job_id in await self.forgetting.all_kept():
            gone = await self._erase_from(job_id, wanted, now)
            erased, busy = erased + (gone is True), busy + (gone is False)
        await self.memory.forget_number(self.name(wanted.e164.encode()), now)
        await self.forgetting.blank_others(lambda told: holds(told, wanted))
        return Erasure(erased, busy)

    async def _erase_from(self, job_id: int, wanted: Wanted, now: float) -> bool | None:
        """Take the number out of one list; None where it is not on it, False where it cannot be taken out now."""
        for _ in range(TRIES):
            kept = await self.forgetting.look(job_id)
            erased = None if kept is None else await asyncio.to_thread(_without, kept, wanted)
            if kept is None or erased is None:
                return None
            if kept.job.state not in ERASABLE:
                return False
            job = kept.job
            workbook = None if erased.codes is None else await asyncio.to_thread(self._workbook, kept, erased, wanted)
            reading = without(Reading.from_json(job.reading), wanted).to_json() if job.reading else None
            name = None if job.name is None or wanted.is_in(job.name) else job.name
            if await self.forgetting.replace(kept, erased, reading=reading, name=name, workbook=workbook, now=now):
                return True
        return False

    def _workbook(self, kept: KeptList, erased: Erased, wanted: Wanted) -> bytes:
        """Write the workbook anew; its totals stay those of the check."""
        job = kept.job
        if kept.workbook is not None and job.reading is not None and Reading.from_json(job.reading).has_rows:
            return table_result(kept.workbook, wanted)
        texts = self.texts[job.language]
        price = prices_of(self.settings)
        numbers = erased.numbers
        regions = {one.region for one in numbers.valid} | {one.region for one in numbers.rejected if one.region}
        stream = io.BytesIO()
        verdicts, summary = Verdicts(erased.codes or "", 0), totals_of(job, price, texts).summary
        day = day_of(job.finished_at or job.state_since)
        found = dated(erased.known, verdicts.codes, day, only_new=job.only_new)
        words = sheet_words(texts, sorted(regions))
        write_workbook(stream, pack(numbers), verdicts, summary, words, checked_on=checked_dates(found))
        return stream.getvalue()


def prices_of(settings: Settings) -> Terms:
    """Give what a check costs, where nobody asks how long it takes."""
    return Terms(settings.price_per_1000, settings.currency, pace=1.0, minimum=None)


def _without(kept: KeptList, wanted: Wanted) -> Erased | None:
    job = kept.job
    more = [one for one in (job.name, job.detail, *kept.evidence) if one is not None]
    return erase(wanted, kept.packed, kept.codes, kept.parts, more, repeated=job.repeated, known=kept.known)
