"""Jobs: ten thousand at the API, five hundred that end in the same moment, and how often a task is asked about."""

import asyncio
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from storage.database import open_database
from storage.jobs import Jobs
from tests.bench.crowd_of_jobs import EXPORTED_NUMBERS, Crowd, fill, living
from tests.bench.far_side import MOST
from tests.bench.measuring import by_turns
from tests.bench.row import Row
from tests.polls import COURSES, follow

HALF_AN_HOUR: Final = 1800.0
READY_SECONDS: Final = 25.0
"""So long after the database is filled the short lists are exported: the bot has started by then."""
LONGEST_SECONDS: Final = 60.0


def rows(quick: bool) -> Iterable[Row]:  # noqa: FBT001  (as all benchmarks are called)
    """Measure; where it is to be quick, with a hundred jobs."""
    yield from _followed()
    with tempfile.TemporaryDirectory() as folder:
        yield _together(Path(folder) / "together", 200 if quick else 2000)
        yield _finished(Path(folder), 1000 if quick else 100_000)
        yield from _in_flight(Path(folder) / "flight", 100 if quick else 10_000, 3.0 if quick else 60.0)
        yield _exported(Path(folder) / "exported", 20 if quick else 500, 100 if quick else 10_000, quick=quick)


def _followed() -> Iterator[Row]:
    followed = [follow(HALF_AN_HOUR, course) for course in COURSES.values()]
    most, every_five = max(one.polls for one in followed), HALF_AN_HOUR / 5
    yield Row(
        "polls of a 30-minute task, the most of its courses (reckoned)",
        f"{most}",
        f"every 5 s {every_five:.0f}",
        every_five / most,
        "at least 4x",
        most <= every_five / 4,
    )
    late = max(one.noticed_after for one in followed)
    yield Row("its end is noticed after, at the latest (reckoned)", f"{late:.1f} s", wanted="30 s", is_kept=late <= 30)


def _together(folder: Path, count: int) -> Row:
    crowd = fill(folder, count, spread=0.0)
    each = by_turns(
        3, {"together": lambda: _take_and_settle(crowd, 100), "one by one": lambda: _take_and_settle(crowd, 1)}
    )
    ours, theirs = each["together"] * 1000, each["one by one"] * 1000
    return Row("take and settle 100 jobs, each", f"{ours:.2f} ms", f"one by one {theirs:.2f} ms", theirs / ours)


def _finished(folder: Path, finished: int) -> Row:
    alone = fill(folder / "alone", 1000, spread=0.0)
    beside = fill(folder / "beside", 1000, spread=0.0, finished=finished)
    each = by_turns(5, {"beside": lambda: _take_and_settle(beside, 100), "alone": lambda: _take_and_settle(alone, 100)})
    ours, theirs = each["beside"] * 1000, each["alone"] * 1000
    what = f"the same beside {finished:,} that have ended"
    kept = ours <= theirs * 1.25
    return Row(what, f"{ours:.2f} ms", f"beside none {theirs:.2f} ms", theirs / ours, "the same", kept)


def _take_and_settle(crowd: Crowd, at_once: int) -> float:
    """Take a hundred jobs and settle them; give how long each took, in seconds."""

    async def measured() -> float:
        async with open_database(f"sqlite:///{crowd.path}") as database:
            jobs, now = Jobs(database), time.time() + 1
            began = time.perf_counter()
            for _ in range(100 // at_once):
                taken = await jobs.take_due(now, lease="one", until=now + 60, most=at_once)
                await jobs.next_due([job.id for job in taken])
                await asyncio.gather(*(jobs.settle(job.id, lease="one", due_at=1.0) for job in taken))
            return (time.perf_counter() - began) / 100

    return asyncio.run(measured())


def _in_flight(folder: Path, count: int, seconds: float) -> Iterator[Row]:
    with living(fill(folder, count)) as life:
        life.watch(min(12.0, seconds))  # until what fell due before the start is spread
        life.samples.clear()
        asked, processor, began = len(life.ask("/report")["polls"]), life.processor_seconds(), time.time()
        life.watch(seconds)
        share = (life.processor_seconds() - processor) / (time.time() - began)
        asked, late, peak = len(life.ask("/report")["polls"]) - asked, life.lateness(), life.peak_mib()
    what = f"{count:,} in flight"
    p50, p99 = late[len(late) // 2], late[len(late) * 99 // 100]
    yield Row(f"{what}: polls late, p50 / p99", f"{p50:.2f} / {p99:.2f} s", wanted="p99 5 s", is_kept=p99 < 5)
    per_poll = share * seconds / max(asked, 1) * 1000
    said = f"{share:.2f} core ({asked / seconds:.0f} polls a second, {per_poll:.2f} ms each)"
    yield Row(f"{what}: processor", said, wanted="under 0.5 core", is_kept=share < 0.5)
    yield Row(f"{what}: memory", f"{peak:.0f} MiB", wanted="under 300 MiB", is_kept=peak < 300)


def _exported(folder: Path, ready: int, count: int, *, quick: bool) -> Row:
    due_at = time.time() + (12.0 if quick else READY_SECONDS)
    with living(fill(folder, count, ready=ready, ready_due_at=due_at)) as life:
        life.ask("/export", {"tasks": dict.fromkeys(life.crowd.ready, EXPORTED_NUMBERS), "at": due_at - 1})
        time.sleep(max(due_at - time.time(), 0.0))
        processor, until = life.processor_seconds(), due_at + LONGEST_SECONDS
        while len(documents := life.ask("/report")["documents"]) < ready and time.time() < until:
            time.sleep(0.25)
        processor = life.processor_seconds() - processor
        report, ended = life.ask("/report"), {*life.crowd.ready}
    # From the first answer "exported": when it is asked for is another matter (see above).
    told = min((at for task, at in report["polls"] if task in ended and at >= due_at - 1), default=due_at)
    took, ideal, refused = max(documents, default=until) - told, ready / MOST, report["refused"]
    said = f"{took:.1f} s ({len(documents)} of {ready}, {refused} refused, {processor / ready * 1000:.0f} ms each)"
    kept = len(documents) == ready and took <= ideal * 1.1
    return Row(
        f"{ready} exported at once: delivered after", said, f"the limit {ideal:.1f} s", ideal / took, "10 %", kept
    )
