"""Languages: what Telegram tells of a person's language is kept for what is said outside an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Languages: what Telegram tells of a person's language is kept for what is said outside an answer."""
    op.add_column("people", sa.Column("language_code", sa.Text(), nullable=True))
