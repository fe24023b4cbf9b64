"""A team: who is let in, what a group has set, and lists that need an admin's yes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A team: who is let in, what a group has set, and lists that need an admin's yes."""
    op.create_table(
        "access_requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_title", sa.Text(), nullable=True),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=False),
        sa.Column("answered_at", sa.Float(), nullable=True),
        sa.Column("carded_at", sa.Float(), nullable=True),
        sa.Column("held_at", sa.Float(), nullable=True),
        sa.Column("leave_at", sa.Float(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.Float(), nullable=True),
        sa.Column("told_at", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "decision IN ('approved', 'denied', 'blocked', 'left')", name=op.f("ck_access_requests_decision")
        ),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_access_requests_decided")),
        sa.CheckConstraint(
            "decision IS NULL OR decision = 'left' OR decided_by IS NOT NULL",
            name=op.f("ck_access_requests_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "told_at IS NULL OR decided_at IS NOT NULL", name=op.f("ck_access_requests_told_is_decided")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_requests")),
        sa.UniqueConstraint("token", name=op.f("uq_access_requests_token")),
    )
    op.create_index(
        "uq_access_requests_open",
        "access_requests",
        ["chat_id"],
        unique=True,
        sqlite_where=sa.text("decision IS NULL"),
        postgresql_where=sa.text("decision IS NULL"),
    )
    op.create_table(
        "accesses",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.Float(), nullable=False),
        sa.CheckConstraint("state IN ('approved', 'denied', 'blocked')", name=op.f("ck_accesses_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accesses")),
    )
    op.create_table(
        "group_settings",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("who_spends", sa.Text(), server_default="everyone", nullable=False),
        sa.Column("results_to", sa.Text(), server_default="group", nullable=False),
        sa.Column("takes_files", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("results_to IN ('group', 'starter')", name=op.f("ck_group_settings_results_to")),
        sa.CheckConstraint("who_spends IN ('everyone', 'named', 'admins')", name=op.f("ck_group_settings_who_spends")),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_group_settings")),
    )
    op.create_table(
        "members",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "person_id", name=op.f("pk_members")),
    )
    op.create_index("ix_members_person", "members", ["person_id"], unique=False)
    op.create_table(
        "spenders",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "person_id", name=op.f("pk_spenders")),
    )
    op.create_table(
        "access_cards",
        sa.Column(
            "request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("admin_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_requests.id"], name=op.f("fk_access_cards_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", "admin_id", name=op.f("pk_access_cards")),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.Float(), nullable=True),
        sa.Column("told_at", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "decision IN ('approved', 'declined', 'changed', 'over')", name=op.f("ck_approvals_decision")
        ),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_approvals_decided")),
        sa.CheckConstraint(
            "decision NOT IN ('approved', 'declined') OR decided_by IS NOT NULL",
            name=op.f("ck_approvals_decided_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_approvals_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("token", name=op.f("uq_approvals_token")),
    )
    op.create_index("ix_approvals_job", "approvals", ["job_id"], unique=False)
    op.create_index(
        "uq_approvals_open",
        "approvals",
        ["job_id"],
        unique=True,
        sqlite_where=sa.text("decision IS NULL"),
        postgresql_where=sa.text("decision IS NULL"),
    )
    op.create_table(
        "approval_cards",
        sa.Column(
            "approval_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("admin_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approvals.id"], name=op.f("fk_approval_cards_approval_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("approval_id", "admin_id", name=op.f("pk_approval_cards")),
    )
    op.create_table(
        "kept_lists",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_requests.id"], name=op.f("fk_kept_lists_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_lists")),
        sa.UniqueConstraint("chat_id", "message_id", name="uq_kept_lists_message"),
    )
    op.create_index("ix_kept_lists_request", "kept_lists", ["request_id"], unique=False)
    op.add_column("jobs", sa.Column("delivered_to", sa.BigInteger(), nullable=True))
    op.add_column("jobs", sa.Column("counted_at", sa.Float(), nullable=True))
    op.add_column("people", sa.Column("opened_private", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("people", sa.Column("name", sa.Text(), nullable=True))
    op.add_column("chats", sa.Column("title", sa.Text(), nullable=True))
    op.create_index("ix_attempts_begun", "attempts", ["begun_at"], unique=False)
    op.create_index(
        "ix_jobs_queued",
        "jobs",
        ["chat_id", "asked_by", "valid"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
