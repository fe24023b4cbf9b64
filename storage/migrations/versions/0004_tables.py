"""Tables: what kind of file a message holds, and which column of it a person has chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables: what kind of file a message holds, and which column of it a person has chosen."""
    op.add_column("jobs", sa.Column("column_choice", sa.Text(), nullable=True))
    op.add_column("jobs", sa.Column("choosing_column", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("job_messages", sa.Column("file_ending", sa.Text(), nullable=True))
