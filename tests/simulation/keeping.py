"""What is left of lists in the database, once all is over: what belongs together fits, what was forgotten is gone."""

import zlib
from collections.abc import Iterator

from bot.list_key import load_list_key
from tests.simulation.people import People
from tests.simulation.world import World

KEPT = ("job_messages", "job_numbers", "job_results", "job_known", "known_numbers")
LONG_SECONDS = 40 * 86_400.0
"""Longer than anything is kept."""


def left_of_lists(world: World, people: People) -> Iterator[str]:
    """Say what is wrong with what is kept, let all that was to be forgotten be forgotten, and then all grow old."""
    yield from _misfits(world)
    for number in sorted(people.erased):
        people.say(people.places[3], people.admin, f"/forget {number}")  # it may have been on a list under way
    world.loop.run_for(5.0)
    yield from _not_forgotten(world, people)
    yield from _misfits(world)
    world.kill()
    world.clock.advance(LONG_SECONDS)
    world.start()
    for table in KEPT:
        if world.rows(f"SELECT 1 FROM {table}"):  # noqa: S608  (our own names)
            yield f"{table} is not empty after all that time"


def _misfits(world: World) -> Iterator[str]:
    rows = world.rows(
        """
        SELECT jobs.id, valid, known, state, job_numbers.numbers, verdicts, codes
        FROM jobs JOIN job_numbers ON job_numbers.job_id = jobs.id
        LEFT JOIN job_results ON job_results.job_id = jobs.id LEFT JOIN job_known ON job_known.job_id = jobs.id
        """
    )
    for job_id, valid, known, state, packed, verdicts, codes in rows:
        count = len(zlib.decompress(packed).split())
        for what, letters in (("verdicts", verdicts), ("known", codes)):
            if letters is not None and len(zlib.decompress(letters)) != count:
                yield f"job {job_id} ({state}, {valid} valid, {known} known) has not one of its {what} for each number"


def _not_forgotten(world: World, people: People) -> Iterator[str]:
    key = load_list_key(world.folder)
    packed_lists = world.rows("SELECT job_id, numbers FROM job_numbers")
    lists = [(job_id, zlib.decompress(packed).split()) for job_id, packed in packed_lists]
    for number in people.erased:
        if world.rows("SELECT 1 FROM known_numbers WHERE number_hash = ?", key.name(number.encode())):
            yield f"{number} was forgotten and is known"
        held = [job_id for job_id, numbers in lists if number.encode() in numbers]
        if held:
            yield f"{number} was forgotten and is on the lists of {held}"
