"""Kill the bot again and again and see whether it keeps its promises.

    KILLS=1000 SEED=7 python -m tests.chaos           at random moments, while lists come in and answers are faulty
    ALL=1 python -m tests.chaos points                around every effect and every commit, and again in the recovery
    python -m tests.chaos world SEED KILLS FIRST FOLDER      one world of the first; it answers with JSON

Exits with 1 where a promise was broken. WORLDS (2) worlds live at the same time; KEEP=folder keeps what they leave;
SECONDS ends the killing early.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.chaos.killing import STORIES_SHOWN, kill_again_and_again
from tests.chaos.points import try_every_point
from tests.chaos.terminal import murmur, say
from tests.nursery import ROOT

NUMBERS_EACH = 1_000_000
"""So many phone numbers a world may use; 10,000,000 have the prefix."""
MAY_HAPPEN = frozenset({"results", "repeats", "asked", "asked_without_kill", "sent_again"})


def main() -> int:
    """Choose what to do."""
    match sys.argv[1:]:
        case []:
            return asyncio.run(_random())
        case ["points"]:
            return asyncio.run(try_every_point(everything=bool(os.environ.get("ALL"))))
        case ["world", seed, kills, first, folder]:
            say(json.dumps(asyncio.run(kill_again_and_again(Path(folder), int(seed), int(kills), int(first)))))
            return 0
    murmur(__doc__ or "")
    return 2


async def _random() -> int:
    kills, worlds = int(os.environ.get("KILLS", "1000")), int(os.environ.get("WORLDS", "2"))
    seed = int(os.environ.get("SEED") or time.time_ns() % 10**6)
    say(f"SEED={seed} KILLS={kills} WORLDS={worlds}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        home = Path(os.environ.get("KEEP") or folder)
        shares = [kills // worlds + (place < kills % worlds) for place in range(worlds)]
        async with asyncio.TaskGroup() as group:
            living = [
                group.create_task(_world(home / f"world {place}", seed + place, share, place * NUMBERS_EACH))
                for place, share in enumerate(shares)
            ]
    return _report([one.result() for one in living], time.monotonic() - began)


async def _world(folder: Path, seed: int, kills: int, first: int) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.chaos", "world", str(seed), str(kills), str(first), str(folder)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        limit=2**26,
    )
    answer, _ = await process.communicate()
    if process.returncode:
        raise SystemExit(f"A world came to nothing; its log is in {folder}")
    found: dict[str, Any] = json.loads(answer)
    return found


def _report(worlds: list[dict[str, Any]], seconds: float) -> int:
    sums: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    struck: Counter[str] = Counter()
    for world in worlds:
        sums.update(world["sums"])
        findings.update(world["findings"])
        struck.update(world["struck"])
    kills = sum(world["kills"] for world in worlds)
    say(f"kills {kills}, lists {sums['lists']}, pressed {sums['pressed']}, in {seconds:.0f} s")
    charged = f"charges {sums['charges']}, of new numbers only {sums['partial']}"
    say(f"submits {sums['submits']}, {charged}, sent again by people {sums['sent_again']}")
    say(f"doubles {sums['double']}, lost {sums['lost']}, silent {sums['silent']}, wrong {sums['wrong']}")
    say(f"results {sums['results']}, repeats {sums['repeats']}, of them unmarked {sums['unmarked']}")
    share = 100 * sums["asked_without_kill"] / max(sums["submits"], 1)
    say(
        f"asked {sums['asked']}, without a kill {sums['asked_without_kill']} ({share:.1f} % of submits), "
        f"groundless {sums['groundless']}; unanswered {sums['unanswered']}, unheard {sums['unheard']}"
    )
    say(f"faulty answers {struck.total()}: {', '.join(f'{name} {n}' for name, n in struck.most_common())}")
    say(f"429 by the limits {sum(world['floods'] for world in worlds)}, help given {sum(w['helps'] for w in worlds)}")
    say(f"findings: {', '.join(f'{name} {n}' for name, n in findings.items() if n) or 'none'}")
    stories = [story for world in worlds for story in world["stories"]]
    for note in (note for world in worlds for note in world["notes"]):
        say(f"\n{note}")
    for story in stories[:STORIES_SHOWN]:
        say(f"\n{story}")
    broken = len(stories) + findings.total()
    say(f"\n{'Every promise was kept.' if not broken else f'{broken} promises were broken.'}")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
