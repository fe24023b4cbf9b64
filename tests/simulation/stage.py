"""What stands in for the machine while a simulation runs: its clock, its threads, its chance, its child processes.

The bot itself is the real one, from ``bot.__main__._live`` down to SQLite and HTTP. What tests elsewhere look at and
what would take most of the time here is left out: migrating, reading certificates, drawing workbooks.
"""

import asyncio
import contextlib
import gc
import inspect
import io
import logging
import os
import secrets
import sqlite3
import ssl
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO
from unittest.mock import patch

import aiogram.client.session.base
import httpx
from aiogram.methods import Response

import bot
import bot.composing
import bot.workbook
import bot.worker
import bot.workshop
import handlers
import storage
import storage.database
from bot.packing import PackedList, lines_of
from bot.reading import NOT_UNDERSTOOD
from bot.reading import main as read
from bot.results import ResultNotUnderstood, Verdicts
from bot.texts import load_texts
from storage.database import open_database
from tests.signatures import signature
from tests.simulation.disk import open_disk
from tests.simulation.loop import SimulatedLoop

TICK_SECONDS = 5.0
"""How often the worker looks where nothing is due: a look costs a millisecond, and days pass here."""
HISTORY = """
    CREATE TABLE history (job_id INTEGER, old TEXT, new TEXT);
    CREATE TRIGGER job_moved AFTER UPDATE OF state ON jobs WHEN old.state <> new.state
    BEGIN INSERT INTO history VALUES (new.id, old.state, new.state); END;
    CREATE TRIGGER update_ended AFTER UPDATE OF state ON updates WHEN old.state <> 'waiting'
    BEGIN INSERT INTO history VALUES (-new.id, old.state, new.state); END;
"""
"""The database itself writes down every move of a job, and every update that ended twice (its number below zero)."""


class Responses:
    """``Response[...]`` of aiogram, each made once: pydantic forgets them, and making one takes six milliseconds."""

    def __getitem__(self, returned: Any) -> Any:
        return _response(returned)


@cache
def _response(returned: Any) -> Any:
    return Response[returned]


async def _read_here(arguments: Sequence[str], _scratch: Path, _limit: float, _tell: object = None) -> str:
    """Do what a child process does, in a thread's turn. Lists are too short here to say how far it is."""
    said, complained = io.StringIO(), io.StringIO()

    def job() -> int:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
            return read(arguments)

    code = await asyncio.to_thread(job)
    if code == NOT_UNDERSTOOD:
        raise ResultNotUnderstood(complained.getvalue().strip())
    if code:
        raise bot.workshop.ReadingFailed(complained.getvalue())
    return said.getvalue().rpartition("\n")[2]


def _write_plainly(stream: BinaryIO, packed: PackedList, verdicts: Verdicts, *_: Any, **_more: Any) -> None:
    """Write what a workbook says as text."""
    lines = (number + f" {verdicts.of(at)}\n".encode() for at, number in enumerate(lines_of(packed.numbers)))
    stream.write(b"the numbers and what became of them\n")
    stream.writelines(lines)


@cache
def _clocks() -> list[tuple[Any, str]]:
    """Find the functions of the bot whose clock is ``time.time`` unless another one is given."""
    found = []
    for package in (bot, handlers, storage):
        for module in iter_modules(package.__path__):
            if module.name in {"__main__", "migrations"}:
                continue
            for one in vars(import_module(f"{package.__name__}.{module.name}")).values():
                build = getattr(one, "__init__", None) if isinstance(one, type) else None
                found += [
                    (build, kind)
                    for kind in ("__defaults__", "__kwdefaults__")
                    if build is not None and _REAL_TIME in _values(getattr(build, kind, None))
                ]
    return found


_REAL_TIME = time.time


def _values(defaults: Any) -> list[Any]:
    return list(defaults.values()) if isinstance(defaults, dict) else list(defaults or ())


@contextmanager
def _clock(now: Callable[[], float]) -> Iterator[None]:
    """Let everybody ask this clock."""
    before = [(build, kind, getattr(build, kind)) for build, kind in _clocks()]

    def turned(value: Any) -> Any:
        return now if value is _REAL_TIME else value

    for build, kind, values in before:
        if isinstance(values, dict):
            setattr(build, kind, {name: turned(value) for name, value in values.items()})
        else:
            setattr(build, kind, tuple(map(turned, values)))
    try:
        with patch.object(time, "time", now):
            yield
    finally:
        for build, kind, values in before:
            setattr(build, kind, values)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@contextmanager
def on_stage(loop: SimulatedLoop, now: Callable[[], float], random: Random) -> Iterator[None]:
    """Let the whole process live in the simulation.

    Args:
        loop: Its time is what a monotonic clock shows.
        now: What the wall clock shows, in Unix seconds.
        random: Where everything that is drawn comes from.
    """
    tls, texts = _tls(), load_texts_once()
    replaced: list[tuple[Any, str, Any]] = [
        (time, "monotonic", loop.time),
        (os, "urandom", random.randbytes),
        (os, "getpid", lambda: 1),
        (sys, "unraisablehook", lambda _: None),  # what lives that were ended leave behind complains when it goes
        (storage.database, "_migrate", lambda _: None),
        (storage.database, "_prepare_sqlite", lambda _: None),
        (storage.database, "create_async_engine", open_disk),
        (inspect, "signature", signature),
        (httpx, "create_ssl_context", lambda **_: tls),
        (ssl, "create_default_context", lambda **_: tls),
        (bot.texts, "load_texts", lambda: texts),
        (bot.workshop, "_run", _read_here),
        (bot.workshop, "_is_small", lambda *_: False),  # no child is forked either
        (bot.composing, "SMALL_NUMBERS", -1),
        (bot.workbook, "write_workbook", _write_plainly),
        (bot.worker, "TICK_SECONDS", TICK_SECONDS),
        (secrets, "token_hex", lambda size: random.randbytes(size).hex()),
        (secrets, "token_urlsafe", lambda size: random.randbytes(size).hex()),
        (aiogram.client.session.base, "Response", Responses()),
    ]
    with contextlib.ExitStack() as stack:
        for place, name, value in replaced:
            stack.enter_context(patch.object(place, name, value))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore", ResourceWarning)
        stack.enter_context(_clock(now))
        stack.enter_context(_without_collecting())
        yield


load_texts_once = cache(load_texts)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Look for garbage once at the end: looking again and again takes a fifth of the time."""
    if gc.get_freeze_count() == 0:
        gc.collect()
        gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def clear_away() -> None:
    """Collect what is left of lives that were ended; what their coroutines complain of then is nobody's concern."""
    logging.disable(logging.CRITICAL)
    try:
        with patch.object(sys, "unraisablehook", lambda _: None), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            gc.collect()
    finally:
        logging.disable(logging.NOTSET)


@cache
def _home() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="simulation-", dir=memory_folder())


def memory_folder() -> str | None:
    """Give a folder in memory where the system has one: nothing here needs to outlive the process."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - the files get a folder of their own there


@cache
def fresh_database() -> Path:
    """Give a database that was migrated once and keeps its history, to be copied."""
    path = Path(_home().name) / "bot.db"

    async def migrate() -> None:
        async with open_database(f"sqlite:///{path}"):
            pass

    asyncio.run(migrate())
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript(HISTORY)
    return path
