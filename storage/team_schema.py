"""The tables of a team: who is let in, what a chat has set, and which lists wait for an admin's yes or for nobody's.

Beside ``schema.py``, which holds the tables of lists and jobs; they share its rules.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from bot.job import Asks
from storage.schema import ID, metadata, one_of

accesses = Table(
    "accesses",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", BigInteger, nullable=False),
    Column("decided_at", Float, nullable=False),
    CheckConstraint("state IN ('approved', 'denied', 'blocked')", name="state"),
)
"""Whom an admin has let in or kept out: people have positive ids, groups negative ones (Bot API, Chat.id)."""

access_requests = Table(
    "access_requests",
    metadata,
    Column("id", ID, primary_key=True),
    Column("token", Text, nullable=False, unique=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("chat_title", Text),
    Column("members", Integer),
    Column("person_id", BigInteger, nullable=False),
    Column("person_name", Text, nullable=False),
    Column("username", Text),
    Column("language", Text, nullable=False),
    Column("asked_at", Float, nullable=False),
    Column("answered_at", Float),
    Column("carded_at", Float),
    Column("held_at", Float),
    Column("leave_at", Float),
    Column("decision", Text),
    Column("decided_by", BigInteger),
    Column("decided_by_name", Text),
    Column("decided_at", Float),
    Column("told_at", Float),
    CheckConstraint("decision IN ('approved', 'denied', 'blocked', 'left')", name="decision"),
    CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided"),
    CheckConstraint("decision IS NULL OR decision = 'left' OR decided_by IS NOT NULL", name="decided_by_somebody"),
    CheckConstraint("told_at IS NULL OR decided_at IS NOT NULL", name="told_is_decided"),
    Index(
        "uq_access_requests_open",
        "chat_id",
        unique=True,
        sqlite_where=text("decision IS NULL"),
        postgresql_where=text("decision IS NULL"),
    ),
)
"""Questions to the admins, one at a time for each chat; a private chat has the id of its person.

``answered_at``: the asker was last answered. ``carded_at``: the admins were asked. ``held_at``: too many ask, so this
one stands in the list only. ``told_at``: whoever asked has heard the decision.
"""

access_cards = Table(
    "access_cards",
    metadata,
    Column(
        "request_id", ID, ForeignKey("access_requests.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("admin_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger),
)
"""Where each admin was asked, so that all of them see the answer of one; no message where they cannot be reached."""

kept_lists = Table(
    "kept_lists",
    metadata,
    Column("id", ID, primary_key=True),
    Column("request_id", ID, ForeignKey("access_requests.id", ondelete="CASCADE"), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("person_id", BigInteger, nullable=False),
    Column("person_name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("file_id", Text, nullable=False),
    Column("file_size", BigInteger),
    Column("sent_at", Float, nullable=False),
    UniqueConstraint("chat_id", "message_id", name="uq_kept_lists_message"),
    Index("ix_kept_lists_request", "request_id"),
)
"""Files that came before somebody was let in: not read, and opened when an admin says yes."""

group_settings = Table(
    "group_settings",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("who_spends", Text, nullable=False, server_default="everyone"),
    Column("results_to", Text, nullable=False, server_default="group"),
    Column("takes_files", Boolean, nullable=False, server_default=false()),
    CheckConstraint("who_spends IN ('everyone', 'named', 'admins')", name="who_spends"),
    CheckConstraint("results_to IN ('group', 'starter')", name="results_to"),
)

chat_settings = Table(
    "chat_settings",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("file_format", Text),
    Column("picture", Boolean),
    Column("retention_days", Integer),
    Column("ask_above", Integer),
    Column("set_by", BigInteger),
    Column("set_by_name", Text),
    Column("set_at", Float),
    CheckConstraint("file_format IN ('txt', 'xlsx', 'csv')", name="file_format"),
    CheckConstraint("retention_days > 0", name="retention_days"),
    CheckConstraint("ask_above > 0", name="ask_above"),
    CheckConstraint("(ask_above IS NULL) = (set_at IS NULL)", name="set_has_time"),
    CheckConstraint("(set_by IS NULL) = (set_at IS NULL)", name="set_by_somebody"),
    CheckConstraint("(set_by_name IS NULL) = (set_at IS NULL)", name="set_by_name"),
)
"""What a chat has chosen, groups and private chats alike; NULL is what holds where nobody has chosen.

Lists of up to ``ask_above`` numbers are checked without being asked about: ``set_by`` has said so, ``set_at``.
"""

beginnings = Table(
    "beginnings",
    metadata,
    Column("job_id", ID, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("begins_at", Float),
    Column("asks", Text),
    CheckConstraint(one_of("asks", Asks), name="asks"),
    CheckConstraint("(begins_at IS NULL) <> (asks IS NULL)", name="begins_or_asks"),
)
"""When the check of a list begins by itself, or why it waits for its press all the same."""

spenders = Table(
    "spenders",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
)
"""Members who may start checks where only admins and named members may."""

members = Table(
    "members",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("seen_at", Float, nullable=False),
    Index("ix_members_person", "person_id"),
)
"""Who has spoken to us in which group. That is no right by itself: Telegram is asked again where it matters."""

approvals = Table(
    "approvals",
    metadata,
    Column("id", ID, primary_key=True),
    Column("token", Text, nullable=False, unique=True),
    Column("job_id", ID, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("numbers", Integer, nullable=False),
    Column("asked_by", BigInteger, nullable=False),
    Column("asked_by_name", Text, nullable=False),
    Column("asked_at", Float, nullable=False),
    Column("decision", Text),
    Column("decided_by", BigInteger),
    Column("decided_by_name", Text),
    Column("decided_at", Float),
    Column("told_at", Float),
    Column("only_new", Boolean, nullable=False, server_default=false()),
    CheckConstraint("decision IN ('approved', 'declined', 'changed', 'over')", name="decision"),
    CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided"),
    CheckConstraint("decision NOT IN ('approved', 'declined') OR decided_by IS NOT NULL", name="decided_by_somebody"),
    Index("ix_approvals_job", "job_id"),
    Index(
        "uq_approvals_open",
        "job_id",
        unique=True,
        sqlite_where=text("decision IS NULL"),
        postgresql_where=text("decision IS NULL"),
    ),
)
"""Questions whether a large list may be checked, one at a time for each job: who asked for what, and who decided."""

approval_cards = Table(
    "approval_cards",
    metadata,
    Column("approval_id", ID, ForeignKey("approvals.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("admin_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger),
)
"""Where each admin was asked, until that message says how it was decided; none where they cannot be reached."""
