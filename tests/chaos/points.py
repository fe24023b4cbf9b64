"""Every point of one fixed story: killed there once, and once more during the recovery.

The story: a person sends a file, presses Check on its preview, gets the result, asks for a part of it by a button, and
writes /jobs. A first run without a kill lists the points; see ``tests/chaos/crashing_bot.py`` for where they lie.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.chaos.crowd import Crowd, Handed
from tests.chaos.gathering import gather
from tests.chaos.hearing import button
from tests.chaos.story import What
from tests.chaos.terminal import say
from tests.chaos.verdict import judge
from tests.chaos.world import World, open_world
from tests.talking import words

AT_ONCE = 6
STORY_SECONDS = 90.0
QUIET_SECONDS = 0.7
SECOND_KILLS = 2
"""How many points of each recovery are tried, unless all are."""
NUMBERS = 5


@dataclass
class Played:
    """How a story went. ``passed`` holds the points that each of the bot's processes has passed."""

    kills: tuple[str, ...]
    """The points at which it was to be killed, one for each process."""
    passed: list[list[str]] = field(default_factory=list)
    struck: int = 0
    """How many of the kills happened: what depends on time may not come to pass twice."""
    offences: list[str] = field(default_factory=list)


@dataclass
class Play:
    """One world and one story in it."""

    world: World
    crowd: Crowd
    kills: tuple[str, ...]
    handed: Handed | None = None
    is_part_wanted: bool = False
    are_jobs_asked: bool = False
    died: int = 0

    async def run(self) -> bool:
        """Play to the end; say whether there was one."""
        person, chat_id = self.crowd.places[1]
        await self._begin_life()
        self.handed = await self.crowd.hand_in(person, chat_id, count=NUMBERS, file=True)
        self.handed.plan = What.CHECK
        self.handed.again = len(self.kills) % 2 == 1
        deadline = time.monotonic() + STORY_SECONDS
        said, since = -1, time.monotonic()
        while time.monotonic() < deadline:
            await asyncio.sleep(0.01)
            if not self.world.is_alive():
                self.world.kills.append(self.world.now())
                self.died += 1
                await self._begin_life()
            is_over = await self._go_on(self.handed)
            if said != (said := self._said()):
                since = time.monotonic()
            elif is_over and time.monotonic() - since > QUIET_SECONDS and await self._is_idle():
                return True
        return False

    async def _is_idle(self) -> bool:
        """Say whether the bot asks for updates and has seen to all it has: a new life has work before it is stopped."""
        waiting = "SELECT id FROM updates WHERE state = 'waiting'"
        return self.crowd.telegram.polling and not await asyncio.to_thread(self.world.rows, waiting)

    async def _begin_life(self) -> None:
        life = self.died
        more = {"CRASH_TRACE": str(self.trace(life)), "CRASH_AT": self.kills[life] if life < len(self.kills) else ""}
        await self.world.spawn(module="tests.chaos.crashing_bot", more=more)

    def trace(self, life: int) -> Path:
        """Give the file with the points that this life has passed."""
        return self.world.folder / f"points {life}"

    def _said(self) -> int:
        return sum(call.method != "getUpdates" for call in self.world.telegram.calls)

    async def _go_on(self, handed: Handed) -> bool:
        """Let the person do what comes after the result; say whether all is answered."""
        if not handed.is_over:
            return False
        found, telegram = handed.heard(self.world.telegram), self.world.telegram
        if found.results and not self.is_part_wanted:
            self.is_part_wanted = True
            data = button(found.results[0], "yes") or button(found.results[0], "undet") or "yes"
            await telegram.press(handed.person, handed.chat_id, found.results[0].message_id, data, timeout=0)
        if self.is_part_wanted and not self.parts():
            return False
        if not self.are_jobs_asked:
            self.are_jobs_asked = True
            await telegram.send_text(handed.person, handed.chat_id, "/jobs")
        return self.has_jobs()

    def parts(self) -> int:
        """Count the files that came for the button."""
        sent = (one for one in self.world.telegram.bot_messages(self._chat()) if one.document is not None)
        return sum("_checked_" not in str((one.document or {})["file_name"]) for one in sent)

    def has_jobs(self) -> bool:
        """Say whether /jobs was answered."""
        return self.world.telegram.last(self._chat(), JOBS) is not None

    def _chat(self) -> int:
        return 0 if self.handed is None else self.handed.chat_id


JOBS = words("jobs-title")


async def play(folder: Path, kills: tuple[str, ...]) -> Played:
    """Play the story with these kills and judge it."""
    played = Played(kills)
    async with open_world(folder, Random(1)) as world:
        crowd = Crowd(world.telegram, Random(1))
        one = Play(world, crowd, kills)
        async with asyncio.TaskGroup() as group:
            people = group.create_task(crowd.live())
            try:
                has_ended = await one.run()
            finally:
                people.cancel()
        stopped = await world.stop()
        played.struck = one.died
        for life in range(one.died + 1):
            played.passed.append(one.trace(life).read_text(encoding="utf-8").splitlines())
        played.offences = await asyncio.to_thread(_offences, one, has_ended=has_ended, stopped=stopped)
    return played


def _offences(one: Play, *, has_ended: bool, stopped: bool) -> list[str]:
    world = one.world
    verdict = judge(gather(world, one.crowd), world.kills)
    found = [f"{offence.fault.value}:\n{offence.story.told(world.kills)}" for offence in verdict.offences]
    signs = {
        "the story has no end": not has_ended,
        "it does not stop": not stopped,
        "it died by itself": one.died > len(one.kills),
        "a file that was asked for did not come": one.is_part_wanted and not one.parts(),
        "an update is lost": bool(world.lost_updates()),
        "an update was put aside or waits": bool(
            world.rows("SELECT id FROM updates WHERE state IN ('waiting', 'quarantined')")
        ),
        "more charges than intents": int(str(world.rows("SELECT count(*) FROM attempts")[0][0]))
        < len(world.checker.ledger),
        "the checking API refused a request": bool(world.checker.refused),
        "a traceback is in the log": "Traceback" in world.log,
    }
    found += [sign for sign, is_so in signs.items() if is_so]
    return [f"{found_one}\n{world.log[-1500:]}" if found_one in signs else found_one for found_one in found]


async def try_every_point(*, everything: bool) -> int:
    """Kill at every point, and at points of each recovery; print the sums; give the exit code."""
    began = time.monotonic()
    random = Random(int(os.environ.get("SEED", "1")))
    with tempfile.TemporaryDirectory(prefix="points-") as folder:
        home = Path(os.environ.get("KEEP") or folder)
        dry = await play(home / "dry", ())
        points = dry.passed[0]
        say(f"points {len(points)}, of {len(set(map(_kind, points)))} kinds")
        first = await _play_all(home / "once", [(point,) for point in points])
        _tell("killed once", first, began)
        struck = {_kind(one.kills[0]) for one in first if one.struck}
        missed = sorted({_kind(point) for point in points} - struck)
        say(f"kinds of points that were never struck: {', '.join(missed) or 'none'}")
        twice = [
            (*one.kills, second)
            for one in first
            if one.struck
            for second in _chosen(one.passed[-1], random, everything=everything)
        ]
        second = await _play_all(home / "twice", twice)
        _tell("killed again in the recovery", second, began)
    broken = [one for one in (dry, *first, *second) if one.offences]
    for one in broken[:10]:
        say(f"\nkilled {' and '.join(one.kills) or 'never'}:")
        say("\n".join(one.offences))
    say(f"\n{'Every promise was kept.' if not broken else f'{len(broken)} stories broke a promise.'}")
    return int(bool(broken))


def _kind(point: str) -> str:
    """What a point is, whichever time it is passed."""
    return point.partition("#")[0]


def _chosen(recovery: list[str], random: Random, *, everything: bool) -> Iterable[str]:
    return recovery if everything else random.sample(recovery, min(SECOND_KILLS, len(recovery)))


async def _play_all(folder: Path, several: list[tuple[str, ...]]) -> list[Played]:
    places = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, kills: tuple[str, ...]) -> Played:
        async with places:
            return await play(folder / str(number), kills)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(number, kills)) for number, kills in enumerate(several)]
    return [task.result() for task in tasks]


def _tell(what: str, several: list[Played], began: float) -> None:
    struck = sum(one.struck >= len(one.kills) for one in several)
    broken = sum(bool(one.offences) for one in several)
    seconds = time.monotonic() - began
    sums = f"{len(several)} stories, {struck} of them killed as planned, {broken} broke a promise"
    say(f"{what}: {sums}, after {seconds:.0f} s")
