"""What a chat has set, and lists that begin by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What a chat has set, and lists that begin by themselves."""
    op.create_table(
        "chat_settings",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("file_format", sa.Text(), nullable=True),
        sa.Column("picture", sa.Boolean(), nullable=True),
        sa.Column("retention_days", sa.Integer(), nullable=True),
        sa.Column("ask_above", sa.Integer(), nullable=True),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        sa.Column("set_by_name", sa.Text(), nullable=True),
        sa.Column("set_at", sa.Float(), nullable=True),
        sa.CheckConstraint("file_format IN ('txt', 'xlsx', 'csv')", name=op.f("ck_chat_settings_file_format")),
        sa.CheckConstraint("retention_days > 0", name=op.f("ck_chat_settings_retention_days")),
        sa.CheckConstraint("ask_above > 0", name=op.f("ck_chat_settings_ask_above")),
        sa.CheckConstraint("(ask_above IS NULL) = (set_at IS NULL)", name=op.f("ck_chat_settings_set_has_time")),
        sa.CheckConstraint("(set_by IS NULL) = (set_at IS NULL)", name=op.f("ck_chat_settings_set_by_somebody")),
        sa.CheckConstraint("(set_by_name IS NULL) = (set_at IS NULL)", name=op.f("ck_chat_settings_set_by_name")),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_chat_settings")),
    )
    op.create_table(
        "beginnings",
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("begins_at", sa.Float(), nullable=True),
        sa.Column("asks", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "asks IN ('edited', 'known', 'late', 'pressed', 'quota', 'right', 'stopped')",
            name=op.f("ck_beginnings_asks"),
        ),
        sa.CheckConstraint("(begins_at IS NULL) <> (asks IS NULL)", name=op.f("ck_beginnings_begins_or_asks")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_beginnings_job_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_beginnings")),
    )
