"""The loop: one step for each due job, never twice, never spinning; and how it ends."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot import worker as loop
from bot.job import Job, JobState
from bot.messenger import LaterError, PerhapsSentError, TokenRevokedError
from bot.worker import Worker
from storage.database import DatabaseBrokenError, DatabaseUnavailableError
from storage.jobs import Jobs
from storage.times import Times
from tests.bot.bench import Bench, numbers

Step = Callable[[Job], Awaitable[float | None]]


def with_step(worker: Worker, step: Step) -> Worker:
    """Let every state have this step."""
    worker._steps = dict.fromkeys(JobState, step)
    return worker


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[Worker]:
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(worker.run())
        yield worker
        worker.stop()


async def due_in(bench: Bench, job: Job) -> float:
    due_at = (await bench.now(job)).due_at
    assert due_at is not None
    return round(due_at - bench.clock.now(), 3)


async def test_a_whole_job_runs_by_itself(bench: Bench) -> None:
    bench.clock.run(20)
    job = await bench.paste(numbers(3))
    async with running(bench.worker):
        await bench.telegram.wait_for(lambda server: server.last(bench.chat_id))
        await bench.press(job)
        bench.worker.wake()
        await bench.telegram.wait_for(lambda _: bench.documents() or None)
    assert (await bench.now(job)).state is JobState.DONE
    assert len(bench.checker.ledger) == 1


@pytest.mark.parametrize(
    ("error", "waits"),
    [
        (LaterError(7.0), [7, 7, 7]),
        (PerhapsSentError(), [2, 4, 8]),
        (TokenRevokedError(), [60, 60, 60]),
        (RuntimeError("a bug"), [60, 120, 240]),
    ],
    ids=["later", "perhaps sent", "revoked", "a bug"],
)
async def test_a_step_that_always_fails_moves_the_clock(bench: Bench, error: Exception, waits: list[float]) -> None:
    async def fail(_job: Job) -> float | None:
        raise error

    job = await bench.paste(numbers(3))
    with_step(bench.worker, fail)
    seen = []
    for _ in range(3):
        await bench.turn()
        seen.append(await due_in(bench, job))
        bench.clock.advance(seen[-1])
    assert seen == waits


async def test_a_step_that_goes_well_forgets_the_failures_before_it(bench: Bench) -> None:
    outcomes: list[Exception | None] = [RuntimeError(), None, RuntimeError()]

    async def sometimes(_job: Job) -> float | None:
        if (outcome := outcomes.pop(0)) is not None:
            raise outcome
        return bench.clock.now()

    job = await bench.paste(numbers(3))
    with_step(bench.worker, sometimes)
    for _ in range(2):
        await bench.turn()
        bench.clock.advance(60)
    await bench.turn()
    assert await due_in(bench, job) == 60


async def test_a_step_that_finds_nothing_to_do_does_not_spin(bench: Bench) -> None:
    async def nothing(_job: Job) -> float | None:
        return None

    job = await bench.paste(numbers(3))
    with_step(bench.worker, nothing)
    await bench.turn()
    assert await due_in(bench, job) == 60


async def test_a_job_that_a_handler_changed_during_its_step_is_due_at_once(bench: Bench) -> None:
    job = await bench.preview()

    async def slow(taken: Job) -> float | None:
        await bench.press(taken)
        return bench.clock.now() + 3600

    await bench.store.lists.leave_out(job.id, bench.clock.now())
    with_step(bench.worker, slow)
    await bench.turn()
    assert (await bench.now(job)).state is JobState.QUEUED
    assert await due_in(bench, job) == 0


async def test_two_workers_on_one_database_never_do_the_same_step_twice(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "LISTS_AT_ONCE", 24)
    done: list[int] = []

    async def note(job: Job) -> float | None:
        done.append(job.id)
        await asyncio.sleep(0)
        return bench.clock.now() + 3600

    jobs = [await bench.paste(numbers(1, 9_120_000_000 + at)) for at in range(40)]
    workers = [with_step(bench.new_worker(), note) for _ in range(2)]
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            for worker in workers:
                await worker._take(group)
    assert sorted(done) == sorted(job.id for job in jobs)


async def test_no_more_steps_than_its_places_run_at_once_and_reading_takes_none_of_the_others(bench: Bench) -> None:
    at_once: Counter[JobState] = Counter()
    most: Counter[JobState] = Counter()
    let_go = asyncio.Event()

    async def wait(job: Job) -> float | None:
        at_once[job.state] += 1
        most[job.state] = max(most[job.state], at_once[job.state])
        await let_go.wait()
        at_once[job.state] -= 1
        return bench.clock.now() + 3600

    shown = [await bench.preview(numbers(1, 9_120_000_000 + at)) for at in range(loop.AT_ONCE + 5)]
    for at in range(loop.LISTS_AT_ONCE + 5):
        await bench.paste(numbers(1, 9_130_000_000 + at))
    bench.clock.advance(1)
    for job in shown:
        await bench.press(job)
    with_step(bench.worker, wait)
    async with asyncio.TaskGroup() as group:
        await bench.worker._take(group)
        await bench.worker._take(group)
        await asyncio.sleep(0)
        let_go.set()
    assert most == {JobState.READING: loop.LISTS_AT_ONCE, JobState.QUEUED: loop.AT_ONCE}


async def test_a_moved_group_takes_its_jobs_and_its_country_along(bench: Bench) -> None:
    group = bench.telegram.add_group("Team", [bench.anna])
    job = await bench.preview(chat_id=group)
    await bench.store.chats.set_region(group, "RU")
    new = bench.telegram.migrate(group)
    await bench.store.lists.leave_out(job.id, bench.clock.now())
    await bench.store.jobs.note_shown(job, message_id=job.card_message_id, shown="something else")
    job = await bench.settled(job)
    assert job.chat_id == new
    assert await bench.store.chats.region(new) == "RU"
    (card,) = bench.telegram.bot_messages(new)
    assert card.reply_to is None  # there its number is somebody else's message


async def test_what_a_full_database_did_not_take_is_settled_as_soon_as_it_does(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def step(_job: Job) -> float | None:
        return bench.clock.now() + 5

    async def full(*_arguments: object, **_options: object) -> None:
        raise DatabaseUnavailableError("SQLITE_FULL")

    job = await bench.paste(numbers(3))
    with_step(bench.worker, step)
    with monkeypatch.context() as patch:
        patch.setattr(Jobs, "settle", full)
        await bench.turn()
        assert await due_in(bench, job) == loop.LEASE_SECONDS
    await bench.worker._settle_late()
    assert await due_in(bench, job) == 5


async def test_a_database_that_takes_nothing_for_a_while_does_not_end_the_loop(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_due, fail = Jobs.take_due, 2
    taken = asyncio.Event()

    async def sometimes(self: Jobs, *arguments: Any, **options: Any) -> Any:
        nonlocal fail
        fail -= 1
        if fail >= 0:
            raise DatabaseUnavailableError("SQLITE_BUSY")
        taken.set()
        return await take_due(self, *arguments, **options)

    monkeypatch.setattr(Jobs, "take_due", sometimes)
    monkeypatch.setattr(loop, "TICK_SECONDS", 0.01)
    async with running(bench.worker):
        await taken.wait()


async def test_the_loop_dies_of_what_nobody_foresaw(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("a bug in the loop")

    monkeypatch.setattr(Jobs, "take_due", broken)
    with pytest.raises(ExceptionGroup) as raised:
        await bench.worker.run()
    assert raised.group_contains(RuntimeError, match="a bug in the loop")


async def test_a_disk_that_takes_no_heartbeat_does_not_end_the_loop(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "touch", full)
    job = await bench.paste(numbers(3))
    async with running(bench.worker):
        await bench.telegram.wait_for(lambda server: server.last(bench.chat_id))
    assert (await bench.now(job)).state is JobState.CONFIRMING


async def test_the_heartbeat_is_written(bench: Bench) -> None:
    await bench.paste(numbers(3))
    async with running(bench.worker):
        await bench.telegram.wait_for(lambda server: server.last(bench.chat_id))
    assert (bench.folder / "heartbeat").exists()


@pytest.mark.parametrize(
    ("state", "ends"),
    [
        (JobState.QUEUED, [True]),
        (JobState.SUBMITTING, [True]),
        (JobState.DELIVERING, [True]),
        (JobState.READING, []),
        (JobState.CHECKING, []),
    ],
)
async def test_a_stop_gives_time_to_what_is_worth_it_and_cuts_off_the_rest(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, state: JobState, ends: list[bool]
) -> None:
    monkeypatch.setattr(loop, "FINISH_SECONDS", 5.0)
    monkeypatch.setattr(loop, "OTHERS_SECONDS", 0.01)
    began, end = asyncio.Event(), asyncio.Event()
    ended: list[bool] = []

    async def long(_job: Job) -> float | None:
        began.set()
        await end.wait()
        ended.append(True)
        return None

    job = await bench.paste(numbers(3))
    with_step(bench.worker, long)
    async with asyncio.TaskGroup() as group:
        bench.worker._running[job.id] = (
            Job(**{name: getattr(job, name) for name in Job.__slots__} | {"state": state}),
            group.create_task(bench.worker._do(job, "lease")),
        )
        await began.wait()
        if ends:
            asyncio.get_running_loop().call_later(0.05, end.set)
        await bench.worker._finish()
    assert ended == ends


async def test_a_stop_begins_nothing_new(bench: Bench) -> None:
    bench.worker.stop()
    job = await bench.paste(numbers(3))
    await bench.worker.run()
    assert (await bench.now(job)).state is JobState.READING


async def test_what_is_kept_no_longer_is_deleted_once_an_hour(bench: Bench) -> None:
    job = await bench.preview()
    await bench.store.moves.cancel(job, bench.clock.now())
    await bench.settled(job)
    bench.clock.advance(31 * 86_400)
    await bench.worker._tidy(bench.clock.now())
    assert await bench.store.lists.messages(job.id) == ()


def set_clock(bench: Bench, by: float) -> None:
    """Set the wall clock of the bench; its steady one goes on as before."""
    clock = bench.clock.now
    bench.worker = bench.new_worker()
    bench.worker._clock = bench.worker._jumps.wall = lambda: clock() + by


async def test_a_clock_that_is_set_back_holds_nothing_up(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    job = await bench.press(await bench.preview())
    await bench.turn()
    assert await due_in(bench, job) == 1
    set_clock(bench, -7_200)
    await bench.worker._mind_the_clock()
    assert await due_in(bench, job) == 1 - 7_200
    await bench.worker._mind_the_clock()
    assert await due_in(bench, job) == 1 - 7_200
    assert [one.message for one in caplog.records if "clock" in one.message] == [
        "The clock was set back by 7200 s: what waits goes back with it"
    ]


async def test_a_step_that_began_before_the_clock_was_set_back_holds_its_job_up_no_longer(bench: Bench) -> None:
    async def slow(_job: Job) -> float | None:
        due_at = bench.clock.now() + 30
        worker._clock = worker._jumps.wall = lambda: bench.clock.now() - 7_200
        return due_at

    job, worker = await bench.paste(numbers(3)), bench.worker
    with_step(worker, slow)
    await bench.turn()
    assert await due_in(bench, job) == 30 - 7_200


async def test_what_was_stored_by_a_later_clock_is_looked_at_after_the_start(bench: Bench) -> None:
    job = await bench.press(await bench.preview())
    await bench.store.jobs.take_due(bench.clock.now(), lease="x", until=0.0, most=1)
    await bench.store.jobs.settle(job.id, lease="x", due_at=bench.clock.now() + 86_400)
    await bench.worker._tidy(bench.clock.now())
    assert await due_in(bench, job) == 0


async def test_a_clock_that_leaps_a_week_ahead_gives_no_task_up_and_deletes_nothing_at_once(bench: Bench) -> None:
    ended = await bench.preview()
    await bench.store.moves.cancel(ended, bench.clock.now())
    await bench.settled(ended)
    bench.checker.change(numbers_per_second=1e-9)
    job = await bench.press(await bench.preview(numbers(3, 9_130_000_000)))
    await bench.turn()
    await bench.wait(60)
    await bench.worker._tidy(bench.clock.now())
    steady = bench.clock.now()
    bench.worker._jumps.steady = lambda: steady
    bench.worker._jumps.seen = bench.worker._jumps.ahead()
    bench.clock.advance(40 * 86_400)
    await bench.worker._mind_the_clock()
    await bench.worker._tidy(bench.clock.now())
    await bench.turn()
    assert (await bench.now(job)).state is JobState.CHECKING
    assert await bench.store.lists.messages(ended.id) != ()
    bench.clock.advance(loop.UNTIDY_SECONDS)
    await bench.worker._tidy(bench.clock.now())
    assert await bench.store.lists.messages(ended.id) == ()


async def test_a_database_that_takes_nothing_when_the_clock_is_set_back_is_put_right_later(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_arguments: object, **_options: object) -> None:
        raise DatabaseUnavailableError("SQLITE_FULL")

    job = await bench.press(await bench.preview())
    await bench.turn()
    set_clock(bench, -7_200)
    with monkeypatch.context() as patch:
        patch.setattr(Times, "set_back", full)
        with pytest.raises(DatabaseUnavailableError):
            await bench.worker._mind_the_clock()
    await bench.worker._mind_the_clock()
    assert await due_in(bench, job) == 1 - 7_200


async def test_a_damaged_database_ends_the_loop_without_a_word_about_the_step(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    async def damaged(_job: Job) -> float | None:
        raise DatabaseBrokenError("SQLITE_CORRUPT")

    await bench.paste(numbers(3))
    with_step(bench.worker, damaged)
    with pytest.raises(ExceptionGroup) as raised:
        async with asyncio.timeout(60):
            await bench.worker.run()
    assert raised.group_contains(DatabaseBrokenError)
    assert [one for one in caplog.records if one.levelname == "ERROR"] == []


async def test_a_list_that_nobody_has_decided_about_for_long_is_closed_told_and_then_deleted(bench: Bench) -> None:
    bench.faults.arm("submit_cut_after")
    job = await bench.settled(await bench.press(await bench.preview()))
    assert job.state is JobState.UNSURE
    bench.clock.advance(30 * 86_400 + 1)
    await bench.worker._tidy(bench.clock.now())
    job = await bench.settled(job)
    assert job.state is JobState.CLOSED
    assert "nobody has decided" in bench.said()[-1]
    assert "may have been charged" in bench.said()[-1]
    assert len(bench.checker.ledger) == 1
    assert await bench.store.lists.numbers(job.id) is not None
    bench.clock.advance(31 * 86_400)
    await bench.worker._tidy(bench.clock.now())
    assert await bench.store.lists.numbers(job.id) is None


async def test_a_list_that_a_person_closes_is_not_said_to_be_left_undecided(bench: Bench) -> None:
    bench.faults.arm("submit_cut_after")
    job = await bench.settled(await bench.press(await bench.preview()))
    said = len(bench.said())
    await bench.store.submits.close(job, bench.clock.now())
    await bench.settled(job)
    assert len(bench.said()) == said
