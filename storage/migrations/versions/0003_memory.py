"""What the checks of a chat have found, and checks of the new numbers only."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COUNTS = ("known", "to_check", "newly", "gone", "memory_revision", "known_revision")
CHARGED = "state IN ('checking', 'delivering', 'done', 'failed', 'undeliverable')"
CHECKS = {
    "charged_has_task": f"NOT ({CHARGED}) OR task_id IS NOT NULL OR (to_check = 0 AND known = valid)",
    "known_is_of_the_list": "known BETWEEN 0 AND valid",
    "all_or_new_is_checked": "to_check IN (0, valid, valid - known)",
    "submit_has_numbers": "state NOT IN ('submitting', 'unsure', 'checking') OR to_check > 0",
    "nothing_to_check_is_known": "state <> 'queued' OR to_check > 0 OR known = valid",
    "remembered_what_is_there": "known_revision <= memory_revision",
}


def upgrade() -> None:
    """What the checks of a chat have found, and checks of the new numbers only.

    SQLite changes constraints only by building the table anew; foreign keys are off meanwhile (``storage.database``),
    else what belongs to the jobs would go with the old table.
    """
    for count in COUNTS:
        op.add_column("jobs", sa.Column(count, sa.Integer(), server_default="0", nullable=False))
    op.add_column("jobs", sa.Column("first_job_id", sa.BigInteger(), nullable=True))
    op.execute("UPDATE jobs SET to_check = valid WHERE state NOT IN ('reading', 'confirming')")
    op.drop_index("ix_jobs_queued", "jobs")
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_constraint(op.f("ck_jobs_charged_has_task"), type_="check")
        for name, condition in CHECKS.items():
            jobs.create_check_constraint(op.f(f"ck_jobs_{name}"), condition)
    op.create_index(
        "ix_jobs_queued",
        "jobs",
        ["chat_id", "asked_by", "to_check"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_jobs_first",
        "jobs",
        ["first_job_id"],
        unique=False,
        sqlite_where=sa.text("first_job_id IS NOT NULL"),
        postgresql_where=sa.text("first_job_id IS NOT NULL"),
    )
    op.add_column("approvals", sa.Column("only_new", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "job_known",
        sa.Column("job_id", ID, autoincrement=False, nullable=False),
        sa.Column("codes", sa.LargeBinary(), nullable=False),
        sa.Column("days", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_known_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_known")),
    )
    op.create_table(
        "known_numbers",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number_hash", sa.LargeBinary(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.Float(), nullable=False),
        sa.Column("job_id", ID, nullable=False),
        sa.CheckConstraint("verdict IN ('yes', 'no', 'undetermined')", name=op.f("ck_known_numbers_verdict")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_known_numbers_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", "number_hash", name=op.f("pk_known_numbers")),
    )
    op.create_index("ix_known_numbers_job", "known_numbers", ["job_id"], unique=False)
