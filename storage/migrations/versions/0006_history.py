"""History: lists are found by their names, and a check knows its pace."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MAY_BE_A_NUMBER = re.compile(r"\d[\d\s().+-]{5,}\d")
"""In the name of a group's list, where a number is not to be found by its digits."""


def upgrade() -> None:
    """History: lists are found by their names, and a check knows its pace."""
    op.add_column("jobs", sa.Column("name_folded", sa.Text(), nullable=True))
    op.add_column("jobs", sa.Column("pace", sa.Float(), nullable=True))
    if not op.get_context().as_sql:  # written down for somebody to run, there are no rows to be read
        _fold_names(op.get_bind())


def _fold_names(connection: sa.Connection) -> None:
    jobs = sa.table("jobs", sa.column("id"), sa.column("chat_id"), sa.column("name"), sa.column("name_folded"))
    named = sa.select(jobs.c.id, jobs.c.chat_id, jobs.c.name).where(jobs.c.name.is_not(None))
    for row in connection.execute(named).all():
        shown = MAY_BE_A_NUMBER.sub("*", row.name) if row.chat_id < 0 else row.name
        words = " ".join(unicodedata.normalize("NFKC", shown).casefold().replace(":", " ").split())
        connection.execute(sa.update(jobs).where(jobs.c.id == row.id).values(name_folded=words))
