"""The tables of a team: what they refuse, and what goes with what it belongs to."""

import re
import sqlite3

import pytest
from sqlalchemy import Table

from storage import team_schema
from tests.storage.building import CHAT, NOW
from tests.storage.rows import Row, assert_all_are_tried, insert
from tests.storage.test_schema import JOB

ACCESS = {"id": 1, "name": "Eve", "state": "approved", "decided_by": 13, "decided_at": NOW}
REQUEST = {
    "id": 1,
    "token": "r",
    "chat_id": 66,
    "person_id": 66,
    "person_name": "Eve",
    "language": "en",
    "asked_at": NOW,
}
LET_IN = {**REQUEST, "decision": "approved", "decided_by": 13, "decided_at": NOW}
LEFT = {**REQUEST, "decision": "left", "decided_at": NOW}
CARD = {"request_id": 1, "admin_id": 13}
KEPT = {
    "request_id": 1,
    "chat_id": 66,
    "message_id": 1,
    "person_id": 66,
    "person_name": "Eve",
    "language": "en",
    "name": "base.txt",
    "file_id": "f",
    "sent_at": NOW,
}
SETTINGS = {"chat_id": CHAT}
CONSENT = {"chat_id": CHAT, "ask_above": 100, "set_by": 11, "set_by_name": "Anna", "set_at": NOW}
APPROVAL = {
    "id": 1,
    "token": "a",
    "job_id": 1,
    "revision": 1,
    "numbers": 1,
    "asked_by": 1,
    "asked_by_name": "Anna",
    "asked_at": NOW,
}
DECIDED = {**APPROVAL, "decision": "over", "decided_at": NOW}

IMPOSSIBLE: list[tuple[str, str, Row, Row]] = [
    ("ck_accesses_state", "accesses", ACCESS, {"state": "perhaps"}),
    ("ck_access_requests_decision", "access_requests", LET_IN, {"decision": "perhaps"}),
    ("ck_access_requests_decided", "access_requests", REQUEST, {"decided_at": NOW}),
    ("ck_access_requests_decided", "access_requests", LET_IN, {"decided_at": None}),
    *(
        ("ck_access_requests_decided_by_somebody", "access_requests", LEFT, {"decision": word})
        for word in ("approved", "denied", "blocked")
    ),
    ("ck_access_requests_told_is_decided", "access_requests", REQUEST, {"told_at": NOW}),
    ("access_requests.token", "access_requests", LET_IN, {"id": 2}),
    ("access_requests.chat_id", "access_requests", REQUEST, {"id": 2, "token": "s"}),
    ("FOREIGN KEY", "access_cards", CARD, {"request_id": 9}),
    ("FOREIGN KEY", "kept_lists", KEPT, {"request_id": 9}),
    ("kept_lists.chat_id, kept_lists.message_id", "kept_lists", KEPT, {"file_id": "g"}),
    ("ck_group_settings_who_spends", "group_settings", SETTINGS, {"who_spends": "nobody"}),
    ("ck_group_settings_results_to", "group_settings", SETTINGS, {"results_to": "nowhere"}),
    ("ck_chat_settings_file_format", "chat_settings", CONSENT, {"file_format": "pdf"}),
    ("ck_chat_settings_retention_days", "chat_settings", CONSENT, {"retention_days": 0}),
    ("ck_chat_settings_ask_above", "chat_settings", CONSENT, {"ask_above": 0}),
    *(
        (f"ck_chat_settings_{name}", "chat_settings", CONSENT, {column: None})
        for name, column in (
            ("set_has_time", "ask_above"),
            ("set_by_somebody", "set_by"),
            ("set_by_name", "set_by_name"),
        )
    ),
    ("ck_beginnings_asks", "beginnings", {"job_id": 1, "asks": "quota"}, {"asks": "perhaps"}),
    ("ck_beginnings_begins_or_asks", "beginnings", {"job_id": 1, "asks": "quota"}, {"begins_at": NOW}),
    ("ck_beginnings_begins_or_asks", "beginnings", {"job_id": 1, "begins_at": NOW}, {"begins_at": None}),
    ("FOREIGN KEY", "beginnings", {"job_id": 1, "begins_at": NOW}, {"job_id": 9}),
    ("approvals.token", "approvals", APPROVAL, {"id": 2, "decision": "over", "decided_at": NOW}),
    ("approvals.job_id", "approvals", APPROVAL, {"id": 2, "token": "b"}),
    ("ck_approvals_decision", "approvals", DECIDED, {"decision": "perhaps"}),
    ("ck_approvals_decided", "approvals", DECIDED, {"decided_at": None}),
    ("ck_approvals_decided", "approvals", DECIDED, {"decision": None}),
    ("ck_approvals_decided_by_somebody", "approvals", DECIDED, {"decision": "approved"}),
    ("ck_approvals_decided_by_somebody", "approvals", DECIDED, {"decision": "declined"}),
    ("FOREIGN KEY", "approvals", APPROVAL, {"id": 2, "job_id": 9}),
    ("FOREIGN KEY", "approval_cards", {"approval_id": 1, "admin_id": 13}, {"approval_id": 9}),
]
UNIQUE = {
    "access_requests.token",
    "access_requests.chat_id",
    "kept_lists.chat_id, kept_lists.message_id",
    "approvals.token",
    "approvals.job_id",
}
BELONGS_TO = {
    "access_cards": ("access_requests", REQUEST),
    "kept_lists": ("access_requests", REQUEST),
    "approval_cards": ("approvals", APPROVAL),
}


@pytest.mark.parametrize(("refusal", "table", "row", "change"), IMPOSSIBLE)
def test_a_row_that_cannot_be_true_is_refused(
    raw: sqlite3.Connection, refusal: str, table: str, row: Row, change: Row
) -> None:
    insert(raw, "jobs", JOB)
    if table in BELONGS_TO:
        insert(raw, *BELONGS_TO[table])
    insert(raw, table, row)  # without the change it can be true
    if refusal not in UNIQUE:
        raw.execute(f"DELETE FROM {table}")  # noqa: S608  (our own)
    with pytest.raises(sqlite3.IntegrityError, match=re.escape(refusal)):
        insert(raw, table, {**row, **change})


def test_every_constraint_is_tried() -> None:
    tables = [table for table in vars(team_schema).values() if isinstance(table, Table)]
    assert_all_are_tried(tables, [(refusal, table) for refusal, table, *_ in IMPOSSIBLE], UNIQUE)


def test_one_chat_is_asked_about_again_once_the_question_before_is_answered(raw: sqlite3.Connection) -> None:
    insert(raw, "access_requests", LET_IN)
    insert(raw, "access_requests", {**LEFT, "id": 2, "token": "s"})
    insert(raw, "access_requests", {**REQUEST, "id": 3, "token": "t"})
    assert raw.execute("SELECT count(*) FROM access_requests").fetchone() == (3,)


@pytest.mark.parametrize(
    ("owner", "rows"),
    [
        ("access_requests", {"access_requests": REQUEST, "access_cards": CARD, "kept_lists": KEPT}),
        ("approvals", {"approvals": APPROVAL, "approval_cards": {"approval_id": 1, "admin_id": 13}}),
        ("jobs", {"beginnings": {"job_id": 1, "asks": "quota"}}),
        ("jobs", {"approvals": APPROVAL, "approval_cards": {"approval_id": 1, "admin_id": 13}}),
    ],
)
def test_what_belongs_to_a_question_goes_with_it(raw: sqlite3.Connection, owner: str, rows: dict[str, Row]) -> None:
    insert(raw, "jobs", JOB)
    for table, row in rows.items():
        insert(raw, table, row)
    raw.execute(f"DELETE FROM {owner}")  # noqa: S608  (our own)
    counts = [raw.execute(f"SELECT count(*) FROM {table}").fetchone() for table in rows]  # noqa: S608  (our own)
    assert counts == [(0,)] * len(rows)
