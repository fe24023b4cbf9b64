"""Presses that say in which column of a table the numbers are."""

import time
from dataclasses import dataclass

from bot.column_cards import other_columns
from bot.job import Job, JobState
from bot.list_parts import with_choice
from bot.packing import Reading
from storage.column_choices import ColumnChoices


@dataclass(frozen=True, slots=True)
class ColumnPresses:
    """What such a press does. Each verb gives the answer that the person sees."""

    choices: ColumnChoices

    async def others(self, job: Job, _word: str, _person_id: int) -> str | None:
        """Show the other columns that may hold the numbers."""
        return None if await self.choices.show(job, others=True, now=time.time()) else "press-stale"

    async def choose(self, job: Job, word: str, _person_id: int) -> str | None:
        """Read the list's numbers from the column that the button names; without one go back."""
        now = time.time()
        if not word:
            return None if await self.choices.show(job, others=False, now=now) else "press-stale"
        if job.state is not JobState.CONFIRMING or job.reading is None:
            return "press-stale"
        if word not in {one.word for one in other_columns(Reading.from_json(job.reading))}:
            return "press-stale"
        chosen = await self.choices.choose(job, with_choice(job.column_choice, word), now)
        return "press-column" if chosen else "press-stale"
