"""Waiting: what is due, and what a chat is yet to remember, is found without looking at the jobs themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Waiting: what is due, and what a chat is yet to remember, is found without looking at the jobs themselves."""
    due = sa.text("due_at IS NOT NULL")
    op.drop_index("ix_jobs_due", "jobs")
    op.create_index("ix_jobs_due", "jobs", ["due_at", "state"], sqlite_where=due, postgresql_where=due)
    these = sa.text("state = 'delivering'")
    op.create_index("ix_jobs_delivering", "jobs", ["chat_id"], sqlite_where=these, postgresql_where=these)
