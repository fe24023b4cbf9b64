"""Memory: what is large is given back, what stays is not looked through.

Large blocks go back to the system when they are not needed any more.

A list or a result goes through this process in one or two blocks of up to some tens of megabytes. glibc learns from the
first of them to cut the next ones out of the heap, where small things settle behind them: the process would stay as
large as it has ever been, and grow with every thread (man 3 mallopt, M_MMAP_THRESHOLD).
"""

import contextlib
import ctypes
import gc
from typing import Final

LARGE_BYTES: Final = 1 << 20
_M_MMAP_THRESHOLD: Final = -3


def give_back_large_blocks() -> None:
    """Let every block from ``LARGE_BYTES`` on be mapped and unmapped by itself; other C libraries than glibc stay."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)


def look_no_more_at_what_is_loaded() -> None:
    """Let the garbage collector leave alone what is there now: it stays as long as the process does.

    To look through all that the start has loaded, again and again, took an eighth of the work for each update.
    """
    gc.collect()
    gc.freeze()
