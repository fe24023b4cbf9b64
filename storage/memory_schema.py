"""The tables of what a chat remembers. Beside ``schema.py``, whose rules they share."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Float, ForeignKey, Index, LargeBinary, Table, Text

from storage.schema import ID, metadata

job_known = Table(
    "job_known",
    metadata,
    Column("job_id", ID, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("codes", LargeBinary, nullable=False),
    Column("days", LargeBinary, nullable=False),
)
"""What was known of a list's numbers when it was read; no row where that is nothing."""

known_numbers = Table(
    "known_numbers",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number_hash", LargeBinary, primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("checked_at", Float, nullable=False),
    Column("job_id", ID, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    CheckConstraint("verdict IN ('yes', 'no', 'undetermined')", name="verdict"),
    Index("ix_known_numbers_job", "job_id"),
)
"""What the checks of a chat have found, by keyed hashes of the numbers (``bot.list_key``)."""
