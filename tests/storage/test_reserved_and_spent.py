"""Invariant 9 by random histories: reserved plus spent never exceeds a quota, whatever happens in which order.

The books are kept a second time here, in plain Python: what the API may have charged and what is in the queue. After
each step the two have to agree, no quota is exceeded in any day or month, and nothing is refused that would fit.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

import storage.database
from bot.job import Failure, Job, JobState, Waiting
from bot.quotas import Quota, Quotas, Scope, Span
from storage.approvals import Asker
from storage.database import open_database
from storage.jobs import job_of
from storage.quotas import QuotaReachedError
from storage.schema import jobs
from storage.submits import Attempt
from tests.bot.hostile import examples
from tests.storage.building import ADA, PACKED, READING, Store, new_job, text_message, write_nothing_down

HISTORIES, STEPS_AT_LEAST = 36, 30
NOT_SMALLER = (Phase.explicit, Phase.generate)
"""Looking for a shorter history that fails takes minutes: a seed gives the same one again (python -m tests.fuzz)."""
START = datetime(2026, 11, 30, 22, tzinfo=UTC).timestamp()
"""Two hours before a day and a month end."""
PEOPLE, CHATS = (11, 12), (-100, 700)
LIMITS = st.none() | st.integers(5, 25)
STEPS = st.tuples(st.integers(0, 999), st.integers(0, 9), st.integers(0, 1))
"""What is done, to be taken among what can be done; how many numbers, and by whom."""


@dataclass
class Charge:
    """What the API has been sent."""

    person: int
    chat: int
    numbers: int
    at: float
    counts: bool = True


@dataclass
class History:
    """One database in two hands, and the books beside it."""

    hands: tuple[Store, Store]
    quotas: Quotas
    now: float = START
    charges: dict[str, Charge] = field(default_factory=dict)
    queued: dict[int, Charge] = field(default_factory=dict)
    attempts: dict[int, Attempt] = field(default_factory=dict)
    """The last attempt of each job."""
    messages: Iterator[int] = field(default_factory=lambda: iter(range(1, 10**6)))

    def used(self, quota: Quota, charge: Charge, now: float) -> int:
        """What the books say is used of a quota that counts this charge."""
        return sum(
            one.numbers
            for one in (*self.charges.values(), *self.queued.values())
            if (one.counts and _whose(quota, one) == _whose(quota, charge))
            and (one.at == QUEUED or _period(quota.span, one.at) == _period(quota.span, now))
        )

    def fits(self, wanted: Charge) -> bool:
        return all(self.used(quota, wanted, self.now) + wanted.numbers <= quota.numbers for quota in self.quotas)

    def check(self) -> None:
        """Look whether any quota was exceeded, now or in any day or month there has been."""
        for quota in self.quotas:
            spent: Counter[tuple[int, str]] = Counter()
            for one in self.charges.values():
                spent[_whose(quota, one), _period(quota.span, one.at)] += one.numbers if one.counts else 0
            assert not spent or max(spent.values()) <= quota.numbers
            reserved: Counter[tuple[int, str]] = Counter()
            for one in self.queued.values():
                reserved[_whose(quota, one), _period(quota.span, self.now)] += one.numbers
            assert all(spent[key] + count <= quota.numbers for key, count in reserved.items())

    async def agree(self) -> None:
        """Look whether the database says what the books say."""
        for quota in self.quotas:
            for person in PEOPLE:
                for chat in CHATS:
                    one = Charge(person, chat, 0, self.now)
                    found = await self.hands[0].used.of(quota, chat_id=chat, person_id=person, now=self.now)
                    assert found.numbers == self.used(quota, one, self.now)

    async def step(self, what: int, count: int, who: int) -> None:
        store, person = self.hands[count % 2], PEOPLE[who]
        found = await self.jobs()
        possible: list[tuple[str, Job | None]] = []
        for one in found:
            possible += [(name, one) for name in POSSIBLE.get(one.state, ())]
        waiting = sum(job.state is JobState.CONFIRMING for job in found)
        more = ("list", "list", "together")[: 3 - min(waiting, 3)]
        possible += [(name, None) for name in (*more, "wait", "wait", "restart")]
        name, job = possible[what % len(possible)]
        if job is not None:
            await getattr(self, name.replace(" ", "_"))(store, job, person)
        elif name == "list":
            await self.open(store, 1 + count, CHATS[who])
        elif name == "wait":
            self.now += (30.0, 3600.0, 7200.0, 7200.0, 86_400.0)[count % 5]
        elif name == "restart":
            await store.submits.unsure_after_stop(self.now)
        else:
            await self.press_together(count, who)

    async def jobs(self) -> list[Job]:
        """Give every job as it is now, in the order in which they were opened."""
        async with self.hands[0].database.read() as connection:
            rows = (await connection.execute(select(jobs).order_by(jobs.c.id))).mappings().all()
        return [job for job in map(job_of, rows) if job is not None]

    async def open(self, store: Store, count: int, chat: int) -> Job:
        message = text_message(next(self.messages), chat_id=chat, sent_at=self.now)
        job = await store.lists.open(new_job(chat_id=chat), message, self.now)
        read = await store.moves.read(job, PACKED, replace(READING, valid=count), self.now)
        assert read is not None
        return read

    async def press(self, store: Store, job: Job, person: int) -> None:
        await self.spend(job, person, store.moves.press(job, job.read_revision, person, self.now))

    async def approve(self, store: Store, job: Job, person: int) -> None:
        wanted = Charge(person, job.chat_id, job.valid, QUEUED)
        try:
            asked = await store.approvals.ask(job, job.read_revision, Asker(person, "Anna"), self.now)
        except QuotaReachedError:
            assert not self.fits(wanted)
            return
        assert asked is not None
        await self.spend(job, asked[0].asked_by, store.approvals.approve(job.id, job.read_revision, ADA, self.now))

    async def again(self, store: Store, job: Job, person: int) -> None:
        await self.spend(job, person, store.submits.send_again(job, job.attempts, person, self.now))

    async def spend(self, job: Job, person: int, moving: Any) -> None:
        """What fits is queued, and what does not is refused: no more and no less."""
        wanted = Charge(person, job.chat_id, job.valid, QUEUED)
        if self.fits(wanted):
            assert await moving is not None
            self.queued[job.id] = wanted
            return
        with pytest.raises(QuotaReachedError) as caught:
            await moving
        assert caught.value.reached.wanted == job.valid > caught.value.reached.left
        assert caught.value.reached.frees_at > self.now

    async def press_together(self, first: int, second: int) -> None:
        """Two people press on two lists at the same moment, and the bot has two connections."""
        pressing = []
        for store, count, person in zip(self.hands, (1 + first, 10 - first), PEOPLE, strict=True):
            job = await self.open(store, count, CHATS[second])
            pressing.append((job, person, store.moves.press(job, 1, person, self.now)))
        outcomes = await asyncio.gather(*(press for *_, press in pressing), return_exceptions=True)
        for (job, person, _), outcome in zip(pressing, outcomes, strict=True):
            if isinstance(outcome, Job):
                self.queued[job.id] = Charge(person, job.chat_id, job.valid, QUEUED)
            else:
                assert isinstance(outcome, QuotaReachedError)
        self.check()
        for (job, person, _), outcome in zip(pressing, outcomes, strict=True):
            if not isinstance(outcome, Job):
                assert not self.fits(Charge(person, job.chat_id, job.valid, QUEUED))

    async def submit(self, store: Store, job: Job, _person: int) -> None:
        attempt = await store.submits.begin_submit(job, self.now)
        assert attempt is not None
        self.attempts[job.id] = attempt
        self.charges[attempt.attempt_id] = replace(self.queued.pop(job.id), at=self.now)

    def not_charged(self, job: Job) -> Attempt:
        attempt = self.attempts[job.id]
        self.charges[attempt.attempt_id].counts = False
        return attempt

    async def accept(self, store: Store, job: Job, _person: int) -> None:
        await store.submits.accepted(self.attempts[job.id], f"task-{job.id}-{job.attempts}", None, self.now, self.now)

    late = accept

    async def later(self, store: Store, job: Job, person: int) -> None:
        charge = self.charges[self.attempts[job.id].attempt_id]
        attempt = self.not_charged(job)
        await store.submits.submit_later(attempt, Waiting.MONEY, "no", self.now, due_at=self.now + 900, count=False)
        self.queued[job.id] = replace(charge, at=QUEUED, counts=True)

    async def refuse(self, store: Store, job: Job, _person: int) -> None:
        await store.submits.refused_by_api(self.not_charged(job), "no", self.now)

    async def small(self, store: Store, job: Job, _person: int) -> None:
        await store.submits.ask_after_submit(self.not_charged(job), Failure.TOO_SMALL, "no", self.now)

    async def lose(self, store: Store, job: Job, _person: int) -> None:
        await store.submits.unsure(self.attempts[job.id], "it broke", self.now)

    async def close(self, store: Store, job: Job, _person: int) -> None:
        await store.submits.close(job, self.now)

    async def task(self, store: Store, job: Job, person: int) -> None:
        await store.unsure.task_known(job, f"task-{job.id}-{job.attempts}", person, self.now, write_nothing_down)

    async def cancel(self, store: Store, job: Job, _person: int) -> None:
        assert await store.moves.cancel(job, self.now)
        self.queued.pop(job.id, None)

    async def forget(self, store: Store, job: Job, _person: int) -> None:
        assert await store.forgetting.forget(job, self.now)
        self.queued.pop(job.id, None)

    async def ask_again(self, store: Store, job: Job, _person: int) -> None:
        assert await store.moves.ask_after_waiting(job, self.now)
        del self.queued[job.id]


QUEUED = -1.0
"""The time of what is in the queue: it counts at any time."""
POSSIBLE = {
    JobState.CONFIRMING: ("press", "press", "press", "approve", "approve", "cancel", "forget"),
    JobState.QUEUED: ("submit", "submit", "submit", "ask again", "cancel"),
    JobState.SUBMITTING: ("accept", "later", "refuse", "small", "lose", "lose"),
    JobState.UNSURE: ("again", "again", "again", "late", "task", "close"),
}
"""What can happen to a job, the more usual more often."""


def _whose(quota: Quota, one: Charge) -> int:
    return {Scope.PERSON: one.person, Scope.CHAT: one.chat}.get(quota.scope, 0)


@cache
def _period(span: Span, at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d" if span is Span.DAY else "%Y-%m")


def test_reserved_plus_spent_never_exceeds_a_quota(
    migrated: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bot.db"
    # No power fails here, and waiting for the disk is most of what a transaction takes.
    monkeypatch.setattr(storage.database, "PRAGMAS", (*storage.database.PRAGMAS, "synchronous=OFF"))
    with asyncio.Runner() as runner:
        if migrated[0].exists():
            shutil.copy(migrated[0], path)
        opening = [open_database(f"sqlite:///{path}"), open_database(f"sqlite:///{path}")]
        databases = [runner.run(one.__aenter__()) for one in opening]
        pressed = 0
        try:

            async def play(quotas: Quotas, steps: list[tuple[int, int, int]]) -> None:
                nonlocal pressed
                async with databases[0].write() as connection:
                    await connection.execute(delete(jobs))
                history = History((Store(databases[0], quotas), Store(databases[1], quotas)), quotas)
                for step in steps:
                    await history.step(*step)
                    history.check()
                await history.agree()
                pressed += len(history.charges)

            @given(st.builds(Quotas, *[LIMITS] * 6), st.lists(STEPS, min_size=STEPS_AT_LEAST, max_size=60))
            @settings(max_examples=examples(HISTORIES), derandomize=True, phases=NOT_SMALLER)
            def whatever_happens(quotas: Quotas, steps: list[tuple[int, int, int]]) -> None:
                runner.run(play(quotas, steps))

            whatever_happens()
            assert pressed >= examples(HISTORIES)
        finally:
            for one in opening:
                runner.run(one.__aexit__(None, None, None))
