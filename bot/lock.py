"""One bot in one ``DATA_DIR``: the lock that everything else stands on."""

import fcntl
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

logger = logging.getLogger(__name__)

LOCK_SECONDS = 5
"""How long to wait for a predecessor that is just going. systemd and Docker start a bot when the last one has ended, so
whoever still holds the lock after this is a second bot by mistake, and that is said at once."""


class AlreadyRunningError(Exception):
    """Another bot works in this DATA_DIR."""


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the lock on ``DATA_DIR``. The system drops it when the process ends, however it ends.

    Raises:
        AlreadyRunningError: Somebody else holds it.
    """
    with (data_dir / "lock").open("w", encoding="ascii") as lock:
        _take(lock)
        yield


def _take(lock: IO[str]) -> None:
    def give_up(_number: int, _frame: object) -> None:
        raise AlreadyRunningError

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        logger.debug("Another bot works in this DATA_DIR; waiting up to %s s for it to stop", LOCK_SECONDS)
        before = signal.signal(signal.SIGALRM, give_up)
        signal.alarm(LOCK_SECONDS)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)
