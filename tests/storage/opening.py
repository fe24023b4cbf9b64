"""Open a database in a process of its own, which may be ended in the middle of it.

``python opening.py URL MIGRATIONS [SIGNAL WORDS]``: the process sends itself the signal when it is about to run a
statement that begins with the words.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

import storage.database


async def main(url: str, migrations: str, number: str = "", words: str = "") -> None:
    storage.database.MIGRATIONS = Path(migrations)
    prepare = storage.database._prepare_sqlite

    def end_there(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if words and statement.strip().startswith(words):
            os.kill(os.getpid(), signal.Signals[number])

    def prepare_to_end(engine: AsyncEngine) -> None:
        prepare(engine)
        event.listen(engine.sync_engine, "before_cursor_execute", end_there)

    storage.database._prepare_sqlite = prepare_to_end
    async with storage.database.open_database(url):
        sys.stdout.write("open\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
