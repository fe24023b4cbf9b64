"""Backups: a copy of the database while the bot runs, and putting one back while it does not.

SQLite's own backup is used, which copies a consistent state whatever is written meanwhile
(https://www.sqlite.org/backup.html). Nothing here waits for the bot, and nothing heavy is imported.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

QUEUED_AGAIN = """
    UPDATE jobs
    SET state = 'confirming', failure = 'restored', waiting = NULL, queued_at = NULL, told_at = NULL, tries = 0,
        lease = NULL, state_since = :now, due_at = :now, to_check = 0, memory_revision = memory_revision + 1
    WHERE state = 'queued'
"""
"""A restored list may have been handed over after the copy was made, so a person is asked again (edge h)."""


ASKED_AGAIN = """
    INSERT OR REPLACE INTO beginnings (job_id, asks)
    SELECT id, 'pressed' FROM jobs WHERE state IN ('reading', 'confirming')
"""
"""So may one that was about to begin by itself: it waits for its press."""


class BackupError(Exception):
    """The backup cannot be made or put back; the text says why."""


def back_up(database: Path, copy: Path) -> int:
    """Copy the database to a new file, also while the bot runs; give how many jobs are in it.

    Raises:
        BackupError: There is no database, the copy exists already, or the disk does not take it.
    """
    if not database.is_file():
        raise BackupError(f"there is no database at {database}")
    if copy.exists():
        raise BackupError(f"{copy} exists already; name a file that does not")
    part = copy.with_name(copy.name + ".part")
    with _explained():
        try:
            _copy(database, part)
            jobs = jobs_in(part)
            _remove_logs(part)
            part.rename(copy)
            _sync(copy)
        finally:
            _remove(part)
    return jobs


def restore(copy: Path, database: Path, now: float) -> int:
    """Put a copy in the place of the database; what was queued in it asks again. Give how many lists do.

    Only with the bot stopped. The database that was there is kept beside the new one, ending in ``.before-restore``.

    Raises:
        BackupError: The copy is no sound database of ours, or the disk does not take it.
    """
    if not copy.is_file():
        raise BackupError(f"there is no backup at {copy}")
    part = database.with_name(database.name + ".part")
    with _explained():
        try:
            _copy(copy, part)
            jobs_in(part)
            with closing(sqlite3.connect(part, isolation_level=None)) as connection:
                asked = connection.execute(QUEUED_AGAIN, {"now": now}).rowcount
                if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'beginnings'").fetchone():
                    connection.execute(ASKED_AGAIN)  # a copy from before they were known holds none
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.execute("PRAGMA journal_mode=DELETE")
            if database.exists():
                # With what its log holds: the file alone would be older than it was.
                _copy(database, database.with_name(database.name + ".before-restore"))
            _remove_logs(database)
            part.rename(database)
            _sync(database)
        finally:
            _remove(part)
    return asked


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # lists are personal data
    # mode=ro: to make a copy is no reason to create or to change anything.
    with closing(_read_only(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def jobs_in(database: Path) -> int:
    """Look whether a file is a sound database of ours; give how many jobs are in it. Nothing is changed.

    Raises:
        BackupError: It is not.
    """
    with _explained(), closing(_read_only(database)) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise BackupError("the file is damaged")
        if not connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()[0]:
            raise BackupError("the file is a database, but not of this bot")
        return int(connection.execute("SELECT count(*) FROM jobs").fetchone()[0])


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)
    _remove_logs(file)


def _remove_logs(database: Path) -> None:
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)


def _read_only(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)


def _sync(file: Path) -> None:
    for path, flags in ((file, os.O_RDWR), (file.parent, os.O_RDONLY)):
        handle = os.open(path, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise BackupError(f"SQLite says: {error}") from error
    except OSError as error:
        raise BackupError(error.strerror or type(error).__name__) from error
