"""Quotas: what counts, whose it is, when it frees, and that two presses at once do not get past one together."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.job import Failure, Job, JobState, Waiting
from bot.quotas import Quota, Quotas, Reached, Scope, Span, Used
from storage.approvals import Asker
from storage.database import Database, alone
from storage.quotas import QuotaReachedError
from storage.submits import Attempt
from tests.storage.building import (
    ADA,
    ANNA,
    BORIS,
    CHAT,
    OTHER_CHAT,
    PACKED,
    READING,
    Store,
    new_job,
    text_message,
    write_nothing_down,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC).timestamp()
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC).timestamp()
EACH = [
    (Quotas(person_day=10), ANNA, OTHER_CHAT),
    (Quotas(person_month=10), ANNA, OTHER_CHAT),
    (Quotas(chat_day=10), BORIS, CHAT),
    (Quotas(chat_month=10), BORIS, CHAT),
    (Quotas(day=10), BORIS, OTHER_CHAT),
    (Quotas(month=10), BORIS, OTHER_CHAT),
]
"""Each quota, and somebody else or some other chat that shares it with Anna in the chat."""


def kept(database: Database, **quotas: int) -> Store:
    """The storage with these quotas."""
    return Store(database, Quotas(**quotas))


async def listed(store: Store, count: int, *, chat_id: int = CHAT, now: float = NOON) -> Job:
    """A list of so many numbers that waits for its press."""
    message = text_message(next(IDS), chat_id=chat_id, sent_at=now)
    job = await store.lists.open(new_job(chat_id=chat_id), message, now)
    read = await store.moves.read(job, PACKED, replace(READING, valid=count), now)
    assert read is not None
    return read


IDS = iter(range(10_000, 1_000_000))


async def pressed(
    store: Store, count: int, *, person_id: int = ANNA, chat_id: int = CHAT, now: float = NOON
) -> Job | Reached:
    """Press on a new list; give the queued job, or what is in the way."""
    job = await listed(store, count, chat_id=chat_id, now=now)
    try:
        queued = await store.moves.press(job, 1, person_id, now)
    except QuotaReachedError as error:
        assert (await store.job(job.id)) == job
        return error.reached
    assert queued is not None
    return queued


async def submitted(store: Store, job: Job | Reached, now: float = NOON) -> Attempt:
    assert isinstance(job, Job)
    attempt = await store.submits.begin_submit(job, now)
    assert attempt is not None
    return attempt


async def room(store: Store, *, now: float = NOON, most: int = 10) -> int:
    """How many numbers Anna could have checked here at once; nothing is queued by asking."""
    for count in range(most, 0, -1):
        found = await pressed(store, count, now=now)
        if isinstance(found, Job):
            assert await store.moves.cancel(found, now)
            return count
    return 0


async def test_a_list_that_fits_exactly_is_queued_and_one_more_number_is_not(database: Database) -> None:
    store = kept(database, person_day=10)
    assert isinstance(await pressed(store, 10), Job)
    reached = await pressed(store, 1)
    assert reached == Reached(Quota(Scope.PERSON, Span.DAY, 10), Used(0, 10), 1, MIDNIGHT)
    assert reached.left == 0


@pytest.mark.parametrize(("quotas", "person_id", "chat_id"), EACH)
async def test_a_quota_counts_for_whom_it_is_about_and_for_nobody_else(
    database: Database, quotas: Quotas, person_id: int, chat_id: int
) -> None:
    store = Store(database, quotas)
    await submitted(store, await pressed(store, 4))
    assert isinstance(await pressed(store, 3), Job)
    assert isinstance(await pressed(store, 4, person_id=person_id, chat_id=chat_id), Reached)
    assert isinstance(await pressed(store, 3, person_id=person_id, chat_id=chat_id), Job)
    (quota,) = quotas
    if quota.scope is not Scope.ALL:
        assert isinstance(await pressed(store, 10, person_id=99, chat_id=-99), Job)


async def test_without_quotas_nothing_is_asked_and_any_list_fits(database: Database) -> None:
    store, statements = kept(database), []
    event.listen(
        database.engine.sync_engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: statements.append(statement),
    )
    assert isinstance(await pressed(store, 10**9), Job)
    assert not [statement for statement in statements if "sum(" in statement]


async def test_what_surely_was_not_charged_counts_no_more(database: Database) -> None:
    store = kept(database, person_day=10)
    refused = await submitted(store, await pressed(store, 2))
    later = await submitted(store, await pressed(store, 3))
    small = await submitted(store, await pressed(store, 5))
    assert await room(store) == 0
    await store.submits.refused_by_api(refused, "no", NOON)
    assert await room(store) == 2
    await store.submits.submit_later(later, Waiting.MONEY, "no money", NOON, due_at=NOON + 900, count=False)
    assert await room(store) == 2  # it waits in the queue for money: its place is kept
    await store.submits.ask_after_submit(small, Failure.TOO_SMALL, "min 500", NOON)
    assert await room(store) == 7
    assert await store.moves.cancel(await store.job(later.job.id), NOON)
    assert await room(store) == 10


async def test_what_may_have_been_charged_counts_as_spent(database: Database) -> None:
    store = kept(database, person_day=10)
    attempts = [await submitted(store, await pressed(store, count)) for count in (1, 2, 3)]
    await store.submits.accepted(attempts[0], "task1", None, NOON, NOON)
    await store.submits.unsure(attempts[1], "it broke", NOON)
    await store.submits.unsure_after_stop(NOON)  # the bot was killed while the third was on its way
    assert await room(store) == 4
    assert await store.submits.close(await store.job(attempts[1].job.id), NOON)
    assert await room(store) == 4
    await store.unsure.task_known(await store.job(attempts[2].job.id), "task3", ANNA, NOON, write_nothing_down)
    assert await room(store) == 4


async def test_a_second_submit_needs_its_place_beside_the_first(database: Database) -> None:
    store = kept(database, person_day=10)
    attempt = await submitted(store, await pressed(store, 6))
    unsure = await store.submits.unsure(attempt, "it broke", NOON)
    assert unsure is not None
    with pytest.raises(QuotaReachedError) as caught:
        await store.submits.send_again(unsure, 1, ANNA, NOON)
    assert (caught.value.reached.used, caught.value.reached.left) == (Used(6, 0), 4)
    assert await store.job(unsure.id) == unsure
    assert await store.submits.send_again(unsure, 1, BORIS, NOON)  # who presses spends
    assert isinstance(await pressed(store, 5, person_id=BORIS), Reached)


async def test_a_list_that_asks_again_after_twelve_hours_gives_its_place_back(database: Database) -> None:
    store = kept(database, day=10)
    queued = await pressed(store, 10)
    assert isinstance(queued, Job)
    again = await store.moves.ask_after_waiting(queued, NOON)
    assert again is not None
    assert isinstance(await pressed(store, 4, person_id=BORIS), Job)
    with pytest.raises(QuotaReachedError):
        await store.moves.press(again, 1, ANNA, NOON)


@pytest.mark.parametrize(("quota", "frees_at"), [("person_day", MIDNIGHT), ("person_month", DECEMBER)])
async def test_what_is_spent_frees_when_its_day_or_month_is_over_and_not_a_moment_before(
    database: Database, quota: str, frees_at: float
) -> None:
    store = kept(database, **{quota: 10})
    await submitted(store, await pressed(store, 10))
    for now in (NOON, frees_at - 0.01):
        reached = await pressed(store, 1, now=now)
        assert isinstance(reached, Reached)
        assert reached.frees_at == frees_at
    assert isinstance(await pressed(store, 10, now=frees_at), Job)


async def test_what_is_queued_has_its_place_in_the_day_in_which_it_goes_out(database: Database) -> None:
    store = kept(database, day=10)
    queued = await pressed(store, 7)
    assert isinstance(await pressed(store, 4, now=MIDNIGHT), Reached)
    await submitted(store, queued, MIDNIGHT + 5)
    assert isinstance(await pressed(store, 4, now=MIDNIGHT + 6), Reached)
    assert isinstance(await pressed(store, 3, now=MIDNIGHT + 6), Job)


async def test_a_clock_that_was_put_back_frees_nothing(database: Database) -> None:
    store = kept(database, day=10)
    await submitted(store, await pressed(store, 10, now=MIDNIGHT + 5), MIDNIGHT + 5)
    assert isinstance(await pressed(store, 1, now=NOON), Reached)


async def test_of_several_quotas_the_one_that_is_hardest_to_get_past_is_named(database: Database) -> None:
    store = kept(database, person_day=5, chat_day=10, month=8)
    await submitted(store, await pressed(store, 5))

    async def named(count: int) -> tuple[Scope, Span]:
        reached = await pressed(store, count)
        assert isinstance(reached, Reached)
        return reached.quota.scope, reached.quota.span

    assert await named(1) == (Scope.PERSON, Span.DAY)
    assert await named(4) == (Scope.ALL, Span.MONTH)
    assert await named(6) == (Scope.PERSON, Span.DAY)  # it never fits there
    assert await named(9) == (Scope.ALL, Span.MONTH)


async def test_a_quota_that_was_made_smaller_than_what_is_used_leaves_nothing(database: Database) -> None:
    await submitted(kept(database), await pressed(kept(database), 50))
    reached = await pressed(kept(database, person_month=20), 1)
    assert isinstance(reached, Reached)
    assert (reached.left, reached.used) == (0, Used(50, 0))


async def test_of_two_presses_at_once_on_two_connections_one_is_queued(
    database: Database, second: Store, path: Path
) -> None:
    store, other = kept(database, chat_day=10), Store(second.database, Quotas(chat_day=10))
    for _ in range(5):
        one, two = await listed(store, 6), await listed(store, 6)
        found = await asyncio.gather(
            store.moves.press(one, 1, ANNA, NOON),
            other.moves.press(two, 1, BORIS, NOON),
            return_exceptions=True,
        )
        assert sorted(type(outcome).__name__ for outcome in found) == ["Job", "QuotaReachedError"]
        (queued,) = [outcome for outcome in found if isinstance(outcome, Job)]
        await store.moves.cancel(queued, NOON)


async def test_a_press_and_an_admins_yes_at_once_do_not_share_a_place(database: Database, second: Store) -> None:
    store, other = kept(database, person_day=10), Store(second.database, Quotas(person_day=10))
    one, two = await listed(store, 6), await listed(store, 6)
    assert await store.approvals.ask(two, 1, Asker(ANNA, "Anna"), NOON)
    found = await asyncio.gather(
        store.moves.press(one, 1, ANNA, NOON),
        other.approvals.approve(two.id, 1, ADA, NOON),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in found) == ["Job", "QuotaReachedError"]


async def test_a_press_that_cannot_move_the_list_is_not_told_of_quotas(database: Database) -> None:
    store = kept(database, day=10)
    job = await listed(store, 50)
    assert await store.moves.press(job, 2, ANNA, NOON) is None
    assert await store.moves.press(job, 1, ANNA, NOON, most=49) is None
    await store.moves.cancel(job, NOON)
    assert await store.moves.press(job, 1, ANNA, NOON) is None
    assert await store.submits.send_again(job, 0, ANNA, NOON) is None


async def test_what_is_used_can_be_asked(database: Database) -> None:
    store = kept(database)
    await submitted(store, await pressed(store, 4))
    await pressed(store, 3)
    await pressed(store, 2, person_id=BORIS, chat_id=OTHER_CHAT)

    async def used(scope: Scope, now: float = NOON) -> Used:
        return await store.used.of(Quota(scope, Span.DAY, 1), chat_id=CHAT, person_id=ANNA, now=now)

    assert [await used(scope) for scope in Scope] == [Used(4, 3), Used(4, 3), Used(4, 5)]
    assert await used(Scope.ALL, MIDNIGHT) == Used(0, 5)
    assert (await used(Scope.ALL)).numbers == 9


async def test_what_is_used_is_found_without_looking_at_every_job_and_attempt(database: Database) -> None:
    store, statements = kept(database, person_day=10, chat_month=10, day=10), []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if "sum(" in statement:
            statements.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    await pressed(store, 3)
    assert len(statements) == 3
    for statement, parameters in tuple(statements):
        async with database.read() as connection:
            found = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plan = "\n".join(str(row) for row in found)
        assert "ix_attempts_begun" in plan
        assert "ix_jobs_queued" in plan


async def test_on_postgresql_a_lock_lets_one_transaction_at_a_time_look_at_the_quotas() -> None:
    asked: list[str] = []

    async def execute(statement: object) -> None:
        asked.append(str(statement))

    for name in ("postgresql", "sqlite"):
        connection = SimpleNamespace(dialect=SimpleNamespace(name=name), execute=execute)
        await alone(cast("AsyncConnection", connection), "quotas")
    assert len(asked) == 1
    assert "pg_advisory_xact_lock" in asked[0]


async def test_the_state_of_a_job_is_the_only_thing_that_is_reserved_by(database: Database) -> None:
    store = kept(database, day=10)
    job = await pressed(store, 10)
    assert isinstance(job, Job)
    await store.forgetting.forget(job, NOON)
    assert (await store.job(job.id)).state is JobState.CANCELLED
    assert isinstance(await pressed(store, 10), Job)
