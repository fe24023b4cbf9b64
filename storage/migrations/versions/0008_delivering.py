"""Delivering: whether a chat has a result that is not remembered yet is found without looking at all of its jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Delivering: whether a chat has a result that is not remembered yet is found without looking at all of its jobs."""
    these = sa.text("state = 'delivering'")
    op.create_index("ix_jobs_delivering", "jobs", ["chat_id"], sqlite_where=these, postgresql_where=these)
