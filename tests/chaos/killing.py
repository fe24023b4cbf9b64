"""`kill -9` at random moments of a bot that works for a crowd in bad weather; at the end, the verdict."""

import asyncio
import os
import re
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from tests.chaos.crowd import Crowd
from tests.chaos.gathering import gather
from tests.chaos.terminal import murmur
from tests.chaos.verdict import judge
from tests.chaos.world import World, open_world

LONGEST_LIFE = 3.0
COLD_EVERY = 10
"""One start in so many is an ordinary ``python -m bot``; the others are forked."""
LISTS_PER_KILL = 2
QUIET_SECONDS = 240.0
"""How long the last bot may take to see to everything: failures have moved some clocks a minute or two ahead."""
SETTLED_SECONDS = 3.0
STORIES_SHOWN = 10
EXPECTED = (
    "Too Many Requests",
    "query is too old",
    "message is not modified",
    "terminated by other getUpdates",
    "CHAT_ADMIN_REQUIRED",  # who is a member is asked also where only an admin is told
)
"""Refusals that kills bring about: the limits a predecessor used up, its last poll, a press that waited too long."""


@dataclass
class Killing:
    """One world and its kills."""

    world: World
    crowd: Crowd
    random: Random

    async def run(self, kills: int) -> None:
        """Kill so often, then let the bot finish in good weather."""
        self.world.weather.is_bad = True
        self.crowd.is_sending = True
        began, seconds = time.monotonic(), float(os.environ.get("SECONDS", "inf"))
        for number in range(kills):
            if time.monotonic() - began > seconds:
                murmur(f"after {number} kills of {kills} the time is over")
                break
            await self._live_once(number)
            if number % 50 == 49:
                murmur(f"{number + 1} kills, {self.crowd.ended} of {len(self.crowd.lists)} lists ended")
        self.crowd.is_sending = self.world.weather.is_bad = False
        await self.world.spawn(cold=True)
        await self.world.until_up()
        await self._until_quiet()

    async def _live_once(self, number: int) -> None:
        await self.world.spawn(cold=number % COLD_EVERY == 0)
        if self.random.random() < 0.07:
            await asyncio.sleep(self.random.uniform(0.0, 0.8))  # killed while it starts
        elif await self.world.until_up():
            await self._moment(number)
        if self.world.is_alive() and self.random.random() < 0.05:
            await self.world.interrupt(self.random.uniform(0.0, 1.5))
        else:
            await self.world.kill()

    async def _moment(self, number: int) -> None:
        """Wait for the moment to kill."""
        if self.crowd.ended < LISTS_PER_KILL * (number - 5):
            # Behind: nothing but very short lives would never see a list end.
            await self._until(lambda: self.crowd.ended >= LISTS_PER_KILL * number, 4 * LONGEST_LIFE)
        telegram, checker = self.world.telegram, self.world.checker
        moment = self.random.choice(("any", "any", "any", "charge", "press", "document", "submit", "update"))
        match moment:
            case "charge":
                before = len(checker.ledger)
                await self._until(lambda: len(checker.ledger) > before, LONGEST_LIFE)
            case "submit":
                before = len(checker.submits)
                await self._until(lambda: len(checker.submits) > before, LONGEST_LIFE)
            case "press":
                before = self.crowd.presses
                await self._until(lambda: self.crowd.presses > before, LONGEST_LIFE)
            case "document":
                before = len(telegram.calls_of("sendDocument"))
                await self._until(lambda: len(telegram.calls_of("sendDocument")) > before, LONGEST_LIFE)
            case "update":
                before = len(telegram.updates.confirmed)
                await self._until(lambda: len(telegram.updates.confirmed) > before, LONGEST_LIFE)
            case _:
                await asyncio.sleep(self.random.uniform(0.0, LONGEST_LIFE))
                return
        await asyncio.sleep(self.random.choice((0.0, 0.0, 0.005, 0.02, 0.05, 0.2)))

    async def _until(self, is_so: Any, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not is_so():  # noqa: ASYNC110  (it is true of two servers, and no event tells of both)
                    await asyncio.sleep(0.002)

    async def _until_quiet(self) -> None:
        """Wait until nobody waits for anything, and nothing more is said for a while."""
        crowd = self.crowd
        began = time.monotonic()
        await self._until(lambda: not crowd.open and crowd.helped() >= crowd.helps, QUIET_SECONDS)
        while time.monotonic() - began < QUIET_SECONDS:
            said = len(self.world.telegram.calls)
            await asyncio.sleep(SETTLED_SECONDS)
            if said == len(self.world.telegram.calls):
                return


async def kill_again_and_again(folder: Path, seed: int, kills: int, first: int) -> dict[str, Any]:
    """Live through one world; give its sums and the offences in words.

    Args:
        folder: Where the bot works.
        seed: Of everything that is drawn.
        kills: How often it is killed.
        first: The first of the phone numbers.
    """
    random = Random(seed)
    async with open_world(folder, Random(random.random())) as world:
        crowd = Crowd(world.telegram, Random(random.random()), first)
        living = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            people = group.create_task(crowd.live())
            try:
                await Killing(world, crowd, random).run(kills)
            finally:
                people.cancel()
        stopped = await world.stop()
        return await living.run_in_executor(None, _reckon, world, crowd, stopped)


def _reckon(world: World, crowd: Crowd, stopped: bool) -> dict[str, Any]:  # noqa: FBT001 - one of the findings
    verdict = judge(gather(world, crowd), world.kills)
    refused = Counter(
        f"{call.method}: {call.description}"
        for call in world.telegram.refused
        if not any(words in str(call.description) for words in EXPECTED)
    )
    floods = sum("Too Many Requests" in str(call.description) for call in world.telegram.refused)
    intents = int(str(world.rows("SELECT count(*) FROM attempts")[0][0]))
    log = world.log
    findings = {
        "updates lost": len(world.lost_updates()),
        "updates waiting": len(world.rows("SELECT id FROM updates WHERE state = 'waiting'")),
        "updates put aside": len(world.rows("SELECT id FROM updates WHERE state = 'quarantined'")),
        "help not given": max(crowd.helps - crowd.helped(), 0),
        "charges without a stored intent": max(len(world.checker.ledger) - intents, 0),
        "charges of nobody's list": len(world.checker.ledger) - verdict.charges,
        "refused by Telegram": refused.total(),
        "refused by the checking API": len(world.checker.refused),
        "keys leaked": len(world.checker.leaks),
        "deaths by itself": len(world.deaths),
        "tracebacks": log.count("Traceback (most recent call last)"),
        "slow to stop": int(not stopped),
    }
    notes = [*refused, *world.deaths[:3], *re.findall(r"Traceback \(most recent.*?\n\S[^\n]*", log, re.DOTALL)[:3]]
    return {
        "kills": len(world.kills),
        "floods": floods,
        "helps": crowd.helps,
        "sums": dict(verdict.sums),
        "findings": findings,
        "notes": notes,
        "struck": dict(Counter(name for name, _ in world.weather.struck)),
        "stories": [f"{one.fault.value}:\n{one.story.told(world.kills)}" for one in verdict.offences],
    }
