"""The ids of the checking API's tasks: mostly xids, 20 characters of base32hex that begin with the creation time.

See https://github.com/rs/xid. Other ids are taken as well, with a doubt.
"""

import base64
import hashlib
import re
from enum import StrEnum

FITS_SECONDS = 10 * 60
"""A task that began within so long of the attempt may be the attempt's; clocks differ, and uploads take their time."""
_XID = re.compile("[0-9a-v]{20}")
_POSSIBLE = re.compile("[!-~]{1,64}")


class Doubt(StrEnum):
    """Why may a task's id not be the one that is looked for?"""

    OTHER_TIME = "other-time"
    UNUSUAL = "unusual"


def is_possible(text: str) -> bool:
    """Say whether this can be a task's id at all: one word without a blank."""
    return _POSSIBLE.fullmatch(text) is not None


def is_usual(text: str) -> bool:
    """Say whether this has the shape that the API's ids have."""
    return begun_at(text) is not None


def begun_at(task_id: str) -> float | None:
    """Read when a task began, in seconds since 1970; None where the id is of another kind."""
    if _XID.fullmatch(task_id) is None:
        return None
    return float(int.from_bytes(base64.b32hexdecode(task_id.upper() + "====")[:4], "big"))


def doubt_of(task_id: str, submitted_at: float) -> Doubt | None:
    """Say why this id may not be the one of an attempt that began then; None where it fits."""
    began = begun_at(task_id)
    if began is None:
        return Doubt.UNUSUAL
    return None if abs(began - submitted_at) <= FITS_SECONDS else Doubt.OTHER_TIME


def short_name(task_id: str) -> str:
    """Give a few letters that stand for an id in a button."""
    return hashlib.blake2b(task_id.encode(), digest_size=6).hexdigest()
