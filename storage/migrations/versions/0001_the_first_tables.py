"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The first tables."""
    op.create_table(
        "chats",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_chats")),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("until", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", sa.Float(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=True),
        sa.Column("lease", sa.Text(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("starter_id", sa.BigInteger(), nullable=False),
        sa.Column("starter_name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("list_message_id", sa.BigInteger(), nullable=True),
        sa.Column("card_message_id", sa.BigInteger(), nullable=True),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("left_out", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("choosing_country", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("list_revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("read_revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reading", sa.Text(), nullable=True),
        sa.Column("valid", sa.Integer(), server_default="0", nullable=False),
        sa.Column("repeated", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rejected", sa.Integer(), server_default="0", nullable=False),
        sa.Column("adding_until", sa.Float(), nullable=True),
        sa.Column("adding_by", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("waiting", sa.Text(), nullable=True),
        sa.Column("told_at", sa.Float(), nullable=True),
        sa.Column("queued_at", sa.Float(), nullable=True),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("submitted_at", sa.Float(), nullable=True),
        sa.Column("task_id", sa.Text(), nullable=True),
        sa.Column("task_status", sa.Text(), nullable=True),
        sa.Column("unknown_answers", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("moved_at", sa.Float(), nullable=True),
        sa.Column("amount", sa.Text(), nullable=True),
        sa.Column("yes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("no", sa.Integer(), server_default="0", nullable=False),
        sa.Column("undetermined", sa.Integer(), server_default="0", nullable=False),
        sa.Column("finished_at", sa.Float(), nullable=True),
        sa.Column("sending", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("result_file_id", sa.Text(), nullable=True),
        sa.Column("list_digest", sa.Text(), nullable=True),
        sa.Column("forgotten_at", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "NOT (state IN ('checking', 'delivering', 'done', 'failed', 'undeliverable')) OR task_id IS NOT NULL",
            name=op.f("ck_jobs_charged_has_task"),
        ),
        sa.CheckConstraint(
            "NOT sending OR state IN ('delivering', 'undeliverable')", name=op.f("ck_jobs_sending_is_delivering")
        ),
        sa.CheckConstraint(
            "due_at IS NOT NULL OR state = 'unsure' OR state IN ('cancelled', 'closed', 'done', 'expired', 'failed', 'refused', 'undeliverable')",
            name=op.f("ck_jobs_open_is_due"),
        ),
        sa.CheckConstraint(
            "failure IN ('connection-broke', 'empty', 'file-gone', 'no-numbers', 'not-text', 'refused-by-api', 'restored', 'stopped-midway', 'task-failed', 'task-of-another-list', 'task-stalled', 'task-unknown', 'too-big', 'too-small', 'tries-used-up', 'unreadable', 'waited-too-long')",
            name=op.f("ck_jobs_failure"),
        ),
        sa.CheckConstraint(
            "state IN ('cancelled', 'checking', 'closed', 'confirming', 'delivering', 'done', 'expired', 'failed', 'queued', 'reading', 'refused', 'submitting', 'undeliverable', 'unsure')",
            name=op.f("ck_jobs_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('delivering', 'done', 'undeliverable') OR finished_at IS NOT NULL",
            name=op.f("ck_jobs_delivered_has_result"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('queued', 'submitting') OR asked_by IS NOT NULL", name=op.f("ck_jobs_queued_was_asked")
        ),
        sa.CheckConstraint(
            "state NOT IN ('queued', 'submitting') OR valid > 0", name=op.f("ck_jobs_queued_has_numbers")
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitting', 'unsure') OR attempts > 0", name=op.f("ck_jobs_submit_has_attempt")
        ),
        sa.CheckConstraint(
            "state NOT IN ('unsure', 'refused', 'failed') OR failure IS NOT NULL", name=op.f("ck_jobs_failure_is_named")
        ),
        sa.CheckConstraint(
            "waiting IN ('address', 'busy', 'disk', 'key', 'money', 'paused', 'result', 'unreachable')",
            name=op.f("ck_jobs_waiting"),
        ),
        sa.CheckConstraint(
            "(adding_by IS NULL) = (adding_until IS NULL)", name=op.f("ck_jobs_adding_has_person_and_end")
        ),
        sa.CheckConstraint("lease IS NULL OR due_at IS NOT NULL", name=op.f("ck_jobs_lease_ends")),
        sa.CheckConstraint("read_revision <= list_revision", name=op.f("ck_jobs_read_what_is_there")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("token", name=op.f("uq_jobs_token")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_chat", ["chat_id", "id"], unique=False)
        batch_op.create_index(
            "ix_jobs_digest",
            ["chat_id", "list_digest"],
            unique=False,
            sqlite_where=sa.text("list_digest IS NOT NULL"),
            postgresql_where=sa.text("list_digest IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_jobs_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )

    op.create_table(
        "people",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("turned_away_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_people")),
    )
    op.create_table(
        "updates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("lane", sa.BigInteger(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("received_at", sa.Float(), nullable=False),
        sa.Column("finished_at", sa.Float(), nullable=True),
        sa.CheckConstraint("(state = 'waiting') = (finished_at IS NULL)", name=op.f("ck_updates_finished")),
        sa.CheckConstraint("state IN ('waiting', 'acted', 'refused', 'quarantined')", name=op.f("ck_updates_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_updates")),
        sa.UniqueConstraint("key", name=op.f("uq_updates_key")),
    )
    with op.batch_alter_table("updates", schema=None) as batch_op:
        batch_op.create_index(
            "ix_updates_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "attempts",
        sa.Column("attempt_id", sa.Text(), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("numbers", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.Float(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("task_id", sa.Text(), nullable=True),
        sa.Column("named_by", sa.BigInteger(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("balance_before", sa.Text(), nullable=True),
        sa.Column("balance_before_at", sa.Float(), nullable=True),
        sa.Column("balance_after", sa.Text(), nullable=True),
        sa.Column("balance_after_at", sa.Float(), nullable=True),
        sa.CheckConstraint("outcome <> 'accepted' OR task_id IS NOT NULL", name=op.f("ck_attempts_accepted_has_task")),
        sa.CheckConstraint("named_by IS NULL OR task_id IS NOT NULL", name=op.f("ck_attempts_named_is_task")),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'not-charged', 'refused', 'unknown')", name=op.f("ck_attempts_outcome")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_attempts_ended")),
        sa.CheckConstraint(
            "(balance_before IS NULL) = (balance_before_at IS NULL)", name=op.f("ck_attempts_balance_before_has_time")
        ),
        sa.CheckConstraint(
            "(balance_after IS NULL) = (balance_after_at IS NULL)", name=op.f("ck_attempts_balance_after_has_time")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_attempts_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index("ix_attempts_job", ["job_id"], unique=False)
        batch_op.create_index(
            "uq_attempts_under_way",
            ["job_id"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )

    op.create_table(
        "unsure_questions",
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_unsure_questions_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "attempt", "chat_id", name=op.f("pk_unsure_questions")),
    )
    op.create_table(
        "awaited_tasks",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=False),
        sa.Column("prompt_id", sa.BigInteger(), nullable=True),
        sa.Column("offered", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_awaited_tasks_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "job_id", name=op.f("pk_awaited_tasks")),
    )
    op.create_table(
        "job_messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.Float(), nullable=False),
        sa.Column("edited_at", sa.Float(), nullable=True),
        sa.Column("file_id", sa.Text(), nullable=True),
        sa.Column("file_size", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("file_id IS NOT NULL OR content IS NOT NULL", name=op.f("ck_job_messages_has_content")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_messages_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_messages")),
        sa.UniqueConstraint("chat_id", "message_id", name="uq_job_messages_message"),
    )
    with op.batch_alter_table("job_messages", schema=None) as batch_op:
        batch_op.create_index("ix_job_messages_job", ["job_id"], unique=False)

    op.create_table(
        "job_numbers",
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("rejected", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_numbers_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_numbers")),
    )
    op.create_table(
        "job_results",
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("verdicts", sa.LargeBinary(), nullable=True),
        sa.Column("workbook", sa.LargeBinary(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(verdicts IS NULL) <> (raw IS NULL)", name=op.f("ck_job_results_understood_or_raw")),
        sa.CheckConstraint("(verdicts IS NULL) = (workbook IS NULL)", name=op.f("ck_job_results_workbook_of_verdicts")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_results_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_results")),
    )
