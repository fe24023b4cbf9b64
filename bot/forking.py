"""A process that has all in memory that reading a result takes, and forks a child for each file.

    python -m bot.forking SOCKET

SOCKET is the number of an open socket; the process ends when its other end closes. Each message that comes through it
is JSON, `{"arguments": [...], "folder": "/where/to/write"}`, and four streams come with it. The first three become
stdin, stdout and stderr of the child, which does what `python -m bot.reading ARGUMENTS` would, under the same limits;
this process has them as well. On the fourth the child says its process id and, where it ends by itself, its exit code,
each with a line feed.

No file is opened here, only in the children, and nothing that one of them does reaches another.
"""

import gc
import json
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Sequence
from typing import Final, NoReturn

import openpyxl  # noqa: F401  (what reading a result imports once it runs, as the next line)

from bot import known, number_list, packing, report, results, workbook  # noqa: F401
from bot.reading import BROKEN, limit_itself
from bot.reading import main as read

MOST_BYTES: Final = 64 << 10
"""Of a message."""
STREAMS: Final = 4


def serve(line: socket.socket) -> None:
    """Fork a child for each message until the other end closes."""
    limit_itself()  # and so its children, for each of which the limit of time begins anew
    gc.freeze()  # what is here already is not gone through in the children, which would copy it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # how children end they say themselves: none waits to be asked
    while True:
        message, streams, _, _ = socket.recv_fds(line, MOST_BYTES, STREAMS)
        if not message:
            return
        if os.fork() == 0:
            line.close()
            _be_child(json.loads(message), streams)
        for stream in streams:
            os.close(stream)


def _be_child(asked: dict[str, object], streams: Sequence[int]) -> NoReturn:
    end, code = streams[-1], BROKEN
    try:
        for number, stream in enumerate(streams[:-1]):
            os.dup2(stream, number)
            os.close(stream)
        os.write(end, b"%d\n" % os.getpid())
        tempfile.tempdir = str(asked["folder"])
        code = read([str(one) for one in asked["arguments"]])  # type: ignore[attr-defined]  # a list
    finally:
        os.write(end, b"%d\n" % code)
        os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
