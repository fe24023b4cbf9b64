"""Being asked to stop: at rest, with a submit under way, in the middle of a migration; and two bots on one database."""

import asyncio
import sys
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from tests.running import ROOT, Rehearsal, rehearsal
from tests.talking import PATIENCE, charges, talk, verdicts, words
from tests.together import judge, names, play

pytestmark = pytest.mark.asyncio(loop_scope="module")

NURSERY = """
import gc, os, signal, sys, time
import bot.__main__ as program
import bot.check_api, bot.checking, bot.confirming, bot.delivering, bot.submitting, bot.telegram, bot.texts
import bot.updates, bot.worker, handlers, storage.database, storage.submits, storage.tasks, alembic.command
import storage.updates, bot.profile

bot.texts.load_texts()
gc.freeze()

def born(folder):
    child = os.fork()
    if not child:
        os.environ |= {"DATA_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/bot.db"}
        os._exit(program.main())
    return child

def ended(child, signal_number):
    os.kill(child, signal_number)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def appears(child, path):
    while not os.path.exists(path):
        if os.waitpid(child, os.WNOHANG) != (0, 0):
            raise SystemExit(f"a bot ended before there was {path}")
        time.sleep(0.001)

base, number, *delays = sys.argv[1:]
sys.argv[1:] = []
for place, delay in enumerate(map(float, delays)):
    folder = f"{base}/{place}"
    child = born(folder)
    appears(child, f"{folder}/bot.db")
    time.sleep(delay)
    migrated = os.path.exists(f"{folder}/heartbeat")
    first = ended(child, int(number))
    child = born(folder)
    if migrated:
        os.unlink(f"{folder}/heartbeat")
    appears(child, f"{folder}/heartbeat")
    print(first, migrated, ended(child, signal.SIGTERM), flush=True)
"""
"""Many bots, each with a database of its own, stopped soon after that was made, then started once more. They are forked
from one process that has loaded everything: the seconds that takes are not what is looked at here.
"""


async def killed_at_any_moment_of_the_first_migration_it_starts_the_next_time(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as run:
        delays = [f"{0.004 * step:.3f}" for step in range(16)]
        ends = []
        for signal_number, share in (("9", delays), ("15", delays[::4])):
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-c", NURSERY, str(tmp_path / signal_number), signal_number, *share),
                cwd=ROOT,
                env=run.environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            try:
                out, log = await asyncio.wait_for(process.communicate(), 600)
            finally:
                if process.returncode is None:
                    process.kill()
            assert process.returncode == 0, log.decode()
            assert b"Traceback" not in log, log.decode()
            ends.append([line.split() for line in out.decode().splitlines()])

    killed, stopped = ends
    assert {(first, last) for first, _, last in killed} == {("-9", "0")}
    assert {(first, last) for first, _, last in stopped} == {("0", "0")}
    # Some were struck before the migration was over.
    assert sum(migrated == "False" for _, migrated, _ in killed) >= 5


async def stopped_with_a_submit_under_way_it_ends_in_time_and_asks_after_the_restart(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as run:
        await run.start()
        again, close = talk(run), talk(run)
        for person, number in ((again, "+79261000001"), (close, "+79261000002")):
            await person.say(number)
            card = await person.hears("1 number")
            run.checker.faults.arm("submit_hang")
            await person.press(card, "Check")
            await run.checker.wait_for(partial(_charged, run, number), timeout=PATIENCE)
        assert await run.stop() == 0
        assert run.rows("SELECT state FROM jobs") == [("submitting",), ("submitting",)]
        assert run.rows("SELECT count(*) FROM attempts") == [(2,)]

        await run.start()
        title = words("unsure-title", name="Pasted numbers")
        first, second = await again.hears(title), await close.hears(title)
        assert len(run.checker.ledger) == 2
        await close.press(second, words("button-close"))
        await again.press(first, words("button-send-again"))
        result = await again.result()
        assert await run.stop() == 0

        assert set(verdicts(result)) == {"+79261000001"}
        assert len(charges(run, "+79261000001")) == 2
        assert len(charges(run, "+79261000002")) == 1
        assert close.results() == []


async def a_second_bot_on_the_same_data_says_so_and_ends(tmp_path: Path) -> None:
    async with rehearsal(tmp_path, settings={"LOG_LEVEL": "INFO"}) as run:
        await run.start()
        before = run.log
        second = await run.spawn()
        assert await asyncio.wait_for(second.wait(), 120) == 1
        said = run.log.removeprefix(before).splitlines()
        boris = talk(run)
        await boris.say("+79262000001")
        await boris.checks(await boris.hears("1 number"))

        assert [line for line in said if "bot: Another bot works in" in line] == said
        assert len(said) == 1
        assert len(run.checker.ledger) == 1


async def a_submit_that_is_answered_in_time_is_taken_down_before_it_ends(tmp_path: Path) -> None:
    async with rehearsal(tmp_path) as run:
        await run.start()
        boris = talk(run)
        run.checker.faults.arm("submit_hang", seconds=2)
        await boris.say("+79263000001")
        await boris.press(await boris.hears("1 number"), "Check")
        await run.checker.wait_for(lambda checker: checker.ledger, timeout=PATIENCE)
        assert await run.stop() == 0
        assert run.rows("SELECT state FROM jobs") == [("checking",)]
        await run.start()
        await boris.result()

        assert len(run.checker.ledger) == 1


def _charged(run: Rehearsal, number: str, _: object) -> bool:
    return bool(charges(run, number))


STORIES = (
    killed_at_any_moment_of_the_first_migration_it_starts_the_next_time,
    stopped_with_a_submit_under_way_it_ends_in_time_and_asks_after_the_restart,
    a_second_bot_on_the_same_data_says_so_and_ends,
    a_submit_that_is_answered_in_time_is_taken_down_before_it_ends,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ends(tmp_path_factory: pytest.TempPathFactory) -> dict[str, BaseException | None]:
    """How each story ended; they are played side by side."""
    return await play(STORIES, tmp_path_factory)


@pytest.mark.parametrize("story", names(STORIES))
async def test_a_stop(ends: dict[str, BaseException | None], story: str) -> None:
    judge(ends[story])
