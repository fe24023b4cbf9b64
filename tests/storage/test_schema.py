"""The tables: what they refuse, that migrations make just them, and that PostgreSQL would understand it all."""

import io
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.schema import CreateIndex, CreateTable

from bot.job import CHARGED, JobState
from storage import team_schema
from storage.database import MIGRATIONS, Database
from storage.schema import chats, metadata
from tests.storage.building import CALLS, CHAT, NOW, STAYING, Store, in_state
from tests.storage.rows import Row, assert_all_are_tried, insert

POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]

JOB = {
    "id": 1,
    "token": "t",
    "state": "reading",
    "state_since": NOW,
    "created_at": NOW,
    "due_at": NOW,
    "chat_id": CHAT,
    "starter_id": 1,
    "starter_name": "Anna",
    "language": "en",
    "list_message_id": 1,
}
ASKED = {**JOB, "state": "queued", "valid": 1, "to_check": 1, "asked_by": 1}
SUBMITTED = {**ASKED, "state": "submitting", "attempts": 1}
UNSURE = {**SUBMITTED, "state": "unsure", "failure": "stopped-midway"}
PAID = {**SUBMITTED, "state": "checking", "task_id": "task1"}
FINISHED = {**PAID, "state": "delivering", "finished_at": NOW}
ATTEMPT = {"attempt_id": "a", "job_id": 1, "asked_by": 1, "numbers": 1, "begun_at": NOW}
MESSAGE = {"job_id": 1, "chat_id": CHAT, "message_id": 1, "sent_at": NOW, "content": b"x"}
NUMBERS = {"job_id": 1, "numbers": b"", "details": b"", "rejected": b""}
KNOWN = {"job_id": 1, "codes": b"", "days": b""}
REMEMBERED = {"chat_id": CHAT, "number_hash": b"name", "verdict": "yes", "checked_at": NOW, "job_id": 1}
RESULT = {"job_id": 1, "verdicts": b"", "workbook": b"", "raw": None}
QUESTION = {"job_id": 1, "attempt": 1, "chat_id": CHAT, "asked_at": NOW}
AWAITED = {"person_id": 13, "job_id": 1, "attempt": 1, "asked_at": NOW}
UPDATE = {"key": "k", "lane": 1, "raw": "{}", "state": "waiting", "received_at": NOW}

IMPOSSIBLE: list[tuple[str, str, Row, Row]] = [
    ("ck_jobs_state", "jobs", JOB, {"state": "thinking"}),
    ("ck_jobs_failure", "jobs", JOB, {"failure": "bad-luck"}),
    ("ck_jobs_waiting", "jobs", JOB, {"waiting": "godot"}),
    *(
        ("ck_jobs_charged_has_task", "jobs", {**FINISHED, "state": state, "failure": "task-failed"}, {"task_id": None})
        for state in sorted(CHARGED)
    ),
    ("ck_jobs_submit_has_attempt", "jobs", SUBMITTED, {"attempts": 0}),
    ("ck_jobs_submit_has_attempt", "jobs", UNSURE, {"attempts": 0}),
    ("ck_jobs_queued_has_numbers", "jobs", {**ASKED, "known": 1, "to_check": 0}, {"valid": 0, "known": 0}),
    ("ck_jobs_all_or_new_is_checked", "jobs", {**ASKED, "valid": 3, "known": 1, "to_check": 2}, {"to_check": 1}),
    ("ck_jobs_all_or_new_is_checked", "jobs", ASKED, {"to_check": 2}),
    ("ck_jobs_known_is_of_the_list", "jobs", ASKED, {"known": 2}),
    ("ck_jobs_known_is_of_the_list", "jobs", ASKED, {"known": -1}),
    ("ck_jobs_nothing_to_check_is_known", "jobs", ASKED, {"to_check": 0}),
    *(("ck_jobs_submit_has_numbers", "jobs", row, {"to_check": 0}) for row in (SUBMITTED, UNSURE, PAID)),
    ("ck_jobs_remembered_what_is_there", "jobs", JOB, {"known_revision": 1}),
    ("ck_jobs_queued_was_asked", "jobs", ASKED, {"asked_by": None}),
    ("ck_jobs_queued_was_asked", "jobs", SUBMITTED, {"asked_by": None}),
    *(
        ("ck_jobs_delivered_has_result", "jobs", {**FINISHED, "state": state}, {"finished_at": None})
        for state in ("delivering", "done", "undeliverable")
    ),
    ("ck_jobs_failure_is_named", "jobs", UNSURE, {"failure": None}),
    ("ck_jobs_failure_is_named", "jobs", {**UNSURE, "state": "refused"}, {"failure": None}),
    ("ck_jobs_failure_is_named", "jobs", {**PAID, "state": "failed", "failure": "task-failed"}, {"failure": None}),
    ("ck_jobs_sending_is_delivering", "jobs", {**FINISHED, "state": "done"}, {"sending": 1}),
    ("ck_jobs_lease_ends", "jobs", {**FINISHED, "state": "done", "lease": "mine"}, {"due_at": None}),
    ("ck_jobs_adding_has_person_and_end", "jobs", JOB, {"adding_by": 1}),
    ("ck_jobs_adding_has_person_and_end", "jobs", JOB, {"adding_until": NOW}),
    *(
        ("ck_jobs_open_is_due", "jobs", row, {"due_at": None})
        for row in (JOB, {**JOB, "state": "confirming"}, ASKED, SUBMITTED, PAID, FINISHED)
    ),
    ("ck_jobs_read_what_is_there", "jobs", JOB, {"read_revision": 2}),
    ("jobs.token", "jobs", JOB, {"id": 2}),
    ("ck_attempts_outcome", "attempts", {**ATTEMPT, "outcome": "unknown", "ended_at": NOW}, {"outcome": "lost"}),
    ("ck_attempts_ended", "attempts", ATTEMPT, {"outcome": "unknown"}),
    ("ck_attempts_ended", "attempts", ATTEMPT, {"ended_at": NOW}),
    ("ck_attempts_accepted_has_task", "attempts", ATTEMPT, {"outcome": "accepted", "ended_at": NOW}),
    ("ck_attempts_named_is_task", "attempts", ATTEMPT, {"named_by": 1}),
    *(
        (f"ck_attempts_balance_{when}_has_time", "attempts", ATTEMPT, change)
        for when in ("before", "after")
        for change in ({f"balance_{when}": "20.08"}, {f"balance_{when}_at": NOW})
    ),
    ("attempts.job_id", "attempts", ATTEMPT, {"attempt_id": "b"}),
    ("FOREIGN KEY", "attempts", ATTEMPT, {"attempt_id": "b", "job_id": 9}),
    ("FOREIGN KEY", "unsure_questions", QUESTION, {"job_id": 9}),
    ("FOREIGN KEY", "awaited_tasks", AWAITED, {"job_id": 9}),
    ("job_messages.chat_id, job_messages.message_id", "job_messages", MESSAGE, {"content": b"y"}),
    ("ck_job_messages_has_content", "job_messages", MESSAGE, {"content": None}),
    ("FOREIGN KEY", "job_messages", MESSAGE, {"message_id": 2, "job_id": 9}),
    ("FOREIGN KEY", "job_numbers", NUMBERS, {"job_id": 9}),
    ("FOREIGN KEY", "job_results", RESULT, {"job_id": 9}),
    ("FOREIGN KEY", "job_known", KNOWN, {"job_id": 9}),
    ("FOREIGN KEY", "known_numbers", REMEMBERED, {"job_id": 9}),
    ("ck_known_numbers_verdict", "known_numbers", REMEMBERED, {"verdict": "perhaps"}),
    ("ck_job_results_workbook_of_verdicts", "job_results", RESULT, {"workbook": None}),
    ("ck_job_results_workbook_of_verdicts", "job_results", {**RESULT, "verdicts": None}, {"raw": b""}),
    ("ck_job_results_understood_or_raw", "job_results", RESULT, {"raw": b""}),
    ("ck_job_results_understood_or_raw", "job_results", RESULT, {"verdicts": None, "workbook": None}),
    ("ck_updates_state", "updates", {**UPDATE, "state": "acted", "finished_at": NOW}, {"state": "lost"}),
    ("ck_updates_finished", "updates", UPDATE, {"finished_at": NOW}),
    ("ck_updates_finished", "updates", UPDATE, {"state": "acted"}),
    ("updates.key", "updates", UPDATE, {"lane": 2}),
]
NEVER_TRUE_ALONE = {"ck_job_results_workbook_of_verdicts"}
UNIQUE = {
    "jobs.token",
    "updates.key",
    "attempts.job_id",
    "job_messages.chat_id, job_messages.message_id",
}


@pytest.mark.parametrize(("refusal", "table", "row", "change"), IMPOSSIBLE)
def test_a_row_that_cannot_be_true_is_refused(
    raw: sqlite3.Connection, refusal: str, table: str, row: Row, change: Row
) -> None:
    if table != "jobs":
        insert(raw, "jobs", JOB)
    if refusal in UNIQUE:
        insert(raw, table, row)
    elif refusal not in NEVER_TRUE_ALONE:
        insert(raw, table, row)  # without the change it can be true
        raw.execute(f"DELETE FROM {table}")  # noqa: S608  (our own)
    with pytest.raises(sqlite3.IntegrityError, match=re.escape(refusal)):
        insert(raw, table, {**row, **change})


def test_every_constraint_is_tried() -> None:
    tables = [table for table in metadata.tables.values() if table not in vars(team_schema).values()]
    assert_all_are_tried(tables, [(refusal, table) for refusal, table, *_ in IMPOSSIBLE], UNIQUE)


def test_what_belongs_to_a_job_goes_with_it(raw: sqlite3.Connection) -> None:
    rows = {"jobs": JOB, "attempts": ATTEMPT, "job_messages": MESSAGE, "job_numbers": NUMBERS, "job_results": RESULT}
    rows |= {"job_known": KNOWN, "known_numbers": REMEMBERED}
    for table, row in rows.items():
        insert(raw, table, row)
    raw.execute("DELETE FROM jobs")
    assert [raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in rows] == [0] * 7  # noqa: S608


async def test_migrations_lead_to_the_tables_that_the_program_knows(database: Database) -> None:
    async with database.read() as connection:
        context = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(sync, opts={"compare_type": True, "compare_server_default": True}),
                metadata,
            )
        )
    assert context == []


def test_a_fresh_schema_equals_a_migrated_one_in_every_word(path: Path, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    metadata.create_all(engine)
    engine.dispose()
    fresh, migrated = _words_of(tmp_path / "fresh.db"), _words_of(path)
    del migrated["alembic_version"]
    assert fresh == migrated


def _words_of(path: Path) -> dict[str, list[str]]:
    """For each table and index the lines of its definition, in any order."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    # A table that was built anew has its name in quotes.
    unquoted = ((name, sql.replace(f'"{name}"', name)) for name, sql in found)
    return {name: sorted(line.strip(" \t,") for line in re.split(r"\n|, (?=\w+ \w+)", sql)) for name, sql in unquoted}


def test_there_is_one_line_of_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert len(scripts.get_heads()) == len(scripts.get_bases()) == 1
    numbers = [script.revision for script in scripts.walk_revisions()]
    assert numbers == sorted(numbers, reverse=True)


def test_postgresql_would_get_the_same_tables_from_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    said = io.StringIO()
    context = MigrationContext.configure(
        dialect=POSTGRESQL, opts={"as_sql": True, "output_buffer": said, "target_metadata": metadata}
    )
    with Operations.context(context):
        for script in reversed(list(ScriptDirectory.from_config(config).walk_revisions())):
            script.module.upgrade()
    migrated = {" ".join(statement.split()) for statement in said.getvalue().split(";")}
    for table in metadata.tables.values():
        made = " ".join(str(CreateTable(table).compile(dialect=POSTGRESQL)).split())
        added = f"ALTER TABLE {table.name} ADD COLUMN "
        named = f"ALTER TABLE {table.name} ADD CONSTRAINT "
        later = [one.removeprefix(added) for one in migrated if one.startswith(added)]
        later += [f"CONSTRAINT {one.removeprefix(named)}" for one in migrated if one.startswith(named)]
        dropped = f"ALTER TABLE {table.name} DROP CONSTRAINT "
        gone = tuple(f"CONSTRAINT {one.removeprefix(dropped)} " for one in migrated if one.startswith(dropped))
        kept = ([one for one in _parts(statement) if not one.startswith(gone)] for statement in migrated)
        assert _parts(made) in [sorted([*parts, *later]) for parts in kept], table.name
        for index in table.indexes:
            assert " ".join(str(CreateIndex(index).compile(dialect=POSTGRESQL)).split()) in migrated


def _parts(statement: str) -> list[str]:
    """The columns and constraints of a CREATE TABLE, in any order."""
    return sorted(re.split(r", (?=\w+ [A-Z]|CONSTRAINT|UNIQUE|CHECK)", statement.removesuffix(" )").partition("( ")[2]))


class Twin(Database):
    """SQLite that is spoken to in PostgreSQL's words; it understands these."""

    def insert(self, table: Any) -> postgresql.Insert:
        return postgresql.insert(table)


async def test_postgresql_would_understand_every_statement(database: Database) -> None:
    store, statements = Store(Twin(database.engine)), set()

    def note(_connection: object, statement: Any, *_rest: object) -> None:
        statements.add(str(statement.compile(dialect=POSTGRESQL)))

    event.listen(database.engine.sync_engine, "before_execute", note)
    for state in JobState:
        case = await in_state(store, state)
        for call in STAYING.values():
            await call(store, case)
    for call in CALLS.values():
        await call(store, await in_state(store, JobState.UNDELIVERABLE))
    assert len(statements) > 60
    taking = [statement for statement in statements if "SKIP LOCKED" in statement]
    assert len(taking) == 2
    assert all(statement.startswith("UPDATE jobs SET") for statement in taking)
    assert sum("ON CONFLICT" in statement for statement in statements) >= 6


def test_an_insert_speaks_the_words_of_the_database_that_is_open() -> None:
    engine = cast("AsyncEngine", SimpleNamespace(dialect=POSTGRESQL))
    assert isinstance(Database(engine).insert(chats), postgresql.Insert)
