"""The tables and their constraints. A row that cannot be true cannot be written.

Times are seconds since 1970 (UTC) as floats. Texts of people and bytes of files are compressed with zlib.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from bot.job import CHARGED, TERMINAL, Failure, JobState, Waiting

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    },
)

ID = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where the key is called INTEGER."""


def one_of(column: str, words: object) -> str:
    """Write ``column IN (...)`` for an enum or a set of its members, in a stable order."""
    listed = ", ".join(f"'{word}'" for word in sorted(str(word) for word in words))  # type: ignore[attr-defined]
    return f"{column} IN ({listed})"


updates = Table(
    "updates",
    metadata,
    Column("id", ID, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("lane", BigInteger, nullable=False),
    Column("raw", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("cause", Text),
    Column("received_at", Float, nullable=False),
    Column("finished_at", Float),
    CheckConstraint("state IN ('waiting', 'acted', 'refused', 'quarantined')", name="state"),
    CheckConstraint("(state = 'waiting') = (finished_at IS NULL)", name="finished"),
    Index(
        "ix_updates_waiting", "id", sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")
    ),
)

people = Table(
    "people",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", Text),
    Column("turned_away_at", Float),
    Column("opened_private", Boolean, nullable=False, server_default=false()),
    Column("name", Text),
    Column("language_code", Text),
)
"""``language`` is what they have chosen; ``language_code`` is what Telegram last told of them, chosen or not."""

chats = Table(
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("region", Text),
    Column("title", Text),
)

facts = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("until", Float),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", ID, primary_key=True),
    Column("token", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("state_since", Float, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("due_at", Float),
    Column("lease", Text),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("starter_id", BigInteger, nullable=False),
    Column("starter_name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("name", Text),
    Column("list_message_id", BigInteger),
    Column("card_message_id", BigInteger),
    Column("shown", Text),
    Column("region", Text),
    Column("left_out", Boolean, nullable=False, server_default=false()),
    Column("choosing_country", Boolean, nullable=False, server_default=false()),
    Column("list_revision", Integer, nullable=False, server_default="1"),
    Column("read_revision", Integer, nullable=False, server_default="0"),
    Column("reading", Text),
    Column("valid", Integer, nullable=False, server_default="0"),
    Column("repeated", Integer, nullable=False, server_default="0"),
    Column("rejected", Integer, nullable=False, server_default="0"),
    Column("adding_until", Float),
    Column("adding_by", BigInteger),
    Column("failure", Text),
    Column("detail", Text),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("waiting", Text),
    Column("told_at", Float),
    Column("queued_at", Float),
    Column("asked_by", BigInteger),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("submitted_at", Float),
    Column("task_id", Text),
    Column("task_status", Text),
    Column("unknown_answers", Integer, nullable=False, server_default="0"),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("moved_at", Float),
    Column("amount", Text),
    Column("yes", Integer, nullable=False, server_default="0"),
    Column("no", Integer, nullable=False, server_default="0"),
    Column("undetermined", Integer, nullable=False, server_default="0"),
    Column("finished_at", Float),
    Column("sending", Boolean, nullable=False, server_default=false()),
    Column("result_file_id", Text),
    Column("list_digest", Text),
    Column("forgotten_at", Float),
    Column("delivered_to", BigInteger),
    Column("counted_at", Float),
    Column("known", Integer, nullable=False, server_default="0"),
    Column("to_check", Integer, nullable=False, server_default="0"),
    Column("newly", Integer, nullable=False, server_default="0"),
    Column("gone", Integer, nullable=False, server_default="0"),
    Column("memory_revision", Integer, nullable=False, server_default="0"),
    Column("known_revision", Integer, nullable=False, server_default="0"),
    Column("first_job_id", BigInteger),
    Column("name_folded", Text),
    Column("pace", Float),
    Column("column_choice", Text),
    Column("choosing_column", Boolean, nullable=False, server_default=false()),
    CheckConstraint(one_of("state", JobState), name="state"),
    CheckConstraint(one_of("failure", Failure), name="failure"),
    CheckConstraint(one_of("waiting", Waiting), name="waiting"),
    CheckConstraint(
        f"NOT ({one_of('state', CHARGED)}) OR task_id IS NOT NULL OR (to_check = 0 AND known = valid)",
        name="charged_has_task",
    ),
    CheckConstraint("state NOT IN ('submitting', 'unsure') OR attempts > 0", name="submit_has_attempt"),
    CheckConstraint("state NOT IN ('queued', 'submitting') OR valid > 0", name="queued_has_numbers"),
    CheckConstraint("state NOT IN ('queued', 'submitting') OR asked_by IS NOT NULL", name="queued_was_asked"),
    CheckConstraint(
        "state NOT IN ('delivering', 'done', 'undeliverable') OR finished_at IS NOT NULL",
        name="delivered_has_result",
    ),
    CheckConstraint("state NOT IN ('unsure', 'refused', 'failed') OR failure IS NOT NULL", name="failure_is_named"),
    CheckConstraint("NOT sending OR state IN ('delivering', 'undeliverable')", name="sending_is_delivering"),
    CheckConstraint("lease IS NULL OR due_at IS NOT NULL", name="lease_ends"),
    CheckConstraint("(adding_by IS NULL) = (adding_until IS NULL)", name="adding_has_person_and_end"),
    CheckConstraint(
        f"due_at IS NOT NULL OR state = 'unsure' OR {one_of('state', TERMINAL)}",
        name="open_is_due",
    ),
    CheckConstraint("read_revision <= list_revision", name="read_what_is_there"),
    CheckConstraint("known BETWEEN 0 AND valid", name="known_is_of_the_list"),
    CheckConstraint("to_check IN (0, valid, valid - known)", name="all_or_new_is_checked"),
    CheckConstraint("state NOT IN ('submitting', 'unsure', 'checking') OR to_check > 0", name="submit_has_numbers"),
    CheckConstraint("state <> 'queued' OR to_check > 0 OR known = valid", name="nothing_to_check_is_known"),
    CheckConstraint("known_revision <= memory_revision", name="remembered_what_is_there"),
    Index(
        "ix_jobs_due",
        "due_at",
        "state",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index("ix_jobs_chat", "chat_id", "id"),
    Index(
        "ix_jobs_queued",
        "chat_id",
        "asked_by",
        "to_check",
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
    Index(
        "ix_jobs_delivering",
        "chat_id",
        sqlite_where=text("state = 'delivering'"),
        postgresql_where=text("state = 'delivering'"),
    ),
    Index(
        "ix_jobs_digest",
        "chat_id",
        "list_digest",
        sqlite_where=text("list_digest IS NOT NULL"),
        postgresql_where=text("list_digest IS NOT NULL"),
    ),
    Index(
        "ix_jobs_first",
        "first_job_id",
        sqlite_where=text("first_job_id IS NOT NULL"),
        postgresql_where=text("first_job_id IS NOT NULL"),
    ),
)

attempts = Table(
    "attempts",
    metadata,
    Column("attempt_id", Text, primary_key=True),
    Column("job_id", ID, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("asked_by", BigInteger, nullable=False),
    Column("numbers", Integer, nullable=False),
    Column("begun_at", Float, nullable=False),
    Column("ended_at", Float),
    Column("outcome", Text),
    Column("task_id", Text),
    Column("named_by", BigInteger),
    Column("evidence", Text),
    Column("balance_before", Text),
    Column("balance_before_at", Float),
    Column("balance_after", Text),
    Column("balance_after_at", Float),
    CheckConstraint("outcome IN ('accepted', 'not-charged', 'refused', 'unknown')", name="outcome"),
    CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
    CheckConstraint("outcome <> 'accepted' OR task_id IS NOT NULL", name="accepted_has_task"),
    CheckConstraint("named_by IS NULL OR task_id IS NOT NULL", name="named_is_task"),
    CheckConstraint("(balance_before IS NULL) = (balance_before_at IS NULL)", name="balance_before_has_time"),
    CheckConstraint("(balance_after IS NULL) = (balance_after_at IS NULL)", name="balance_after_has_time"),
    Index("ix_attempts_job", "job_id"),
    Index("ix_attempts_begun", "begun_at"),
    Index(
        "uq_attempts_under_way",
        "job_id",
        unique=True,
        sqlite_where=text("outcome IS NULL"),
        postgresql_where=text("outcome IS NULL"),
    ),
)

unsure_questions = Table(
    "unsure_questions",
    metadata,
    Column("job_id", ID, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("asked_at", Float, nullable=False),
)

awaited_tasks = Table(
    "awaited_tasks",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("job_id", ID, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("attempt", Integer, nullable=False),
    Column("asked_at", Float, nullable=False),
    Column("prompt_id", BigInteger),
    Column("offered", Text),
)

job_messages = Table(
    "job_messages",
    metadata,
    Column("id", ID, primary_key=True),
    Column("job_id", ID, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("sent_at", Float, nullable=False),
    Column("edited_at", Float),
    Column("file_id", Text),
    Column("file_size", BigInteger),
    Column("content", LargeBinary),
    Column("file_ending", Text),
    UniqueConstraint("chat_id", "message_id", name="uq_job_messages_message"),
    CheckConstraint("file_id IS NOT NULL OR content IS NOT NULL", name="has_content"),
    Index("ix_job_messages_job", "job_id"),
)

job_numbers = Table(
    "job_numbers",
    metadata,
    Column("job_id", ID, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("numbers", LargeBinary, nullable=False),
    Column("details", LargeBinary, nullable=False),
    Column("rejected", LargeBinary, nullable=False),
)

job_results = Table(
    "job_results",
    metadata,
    Column("job_id", ID, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("verdicts", LargeBinary),
    Column("workbook", LargeBinary),
    Column("raw", LargeBinary),
    CheckConstraint("(verdicts IS NULL) = (workbook IS NULL)", name="workbook_of_verdicts"),
    CheckConstraint("(verdicts IS NULL) <> (raw IS NULL)", name="understood_or_raw"),
)
