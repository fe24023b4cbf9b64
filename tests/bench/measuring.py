"""Measuring: sides by turns, and what a process of its own needs.

Figures of a machine that does other things as well are worth little, so the sides of a comparison run by turns within
one run, and the median of each is taken: what disturbs one disturbs the other.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

LOOK_SECONDS: Final = 0.01
ROOT: Final = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has run to its end."""

    seconds: float
    peak_mib: float
    """The most memory it had resident, of its own; its children are not in it."""
    said: str


def by_turns(rounds: int, sides: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """Measure each side in turn, so many rounds; give the median of what each says.

    Every second round goes through the sides backwards, so that none always comes first.
    """
    seen: dict[str, list[float]] = {name: [] for name in sides}
    for place in range(rounds):
        order = list(sides.items())
        for name, measure in order if place % 2 == 0 else reversed(order):
            seen[name].append(measure())
    return {name: median(values) for name, values in seen.items()}


def seconds_of(work: Callable[[], object]) -> float:
    """Say how long something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def run(module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Ended:
    """Run ``python -m module`` to its end.

    Raises:
        RuntimeError: it did not end well; the text is the end of what it said.
    """
    command = [sys.executable, "-m", module, *arguments]
    return run_command(command, {**os.environ, **(environment or {})})


def run_command(command: Sequence[str], environment: Mapping[str, str]) -> Ended:
    """Run a command to its end; see ``run``."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  (our own modules)
            command, cwd=ROOT, env=dict(environment), stdin=subprocess.DEVNULL, stdout=said, stderr=complained
        )
        peak = _watched(process)
        seconds = time.perf_counter() - began
        said.seek(0)
        complained.seek(0)
        if process.returncode != 0:
            end = complained.read().decode(errors="replace")[-3000:]
            raise RuntimeError(f"{' '.join(command[1:4])} ended with {process.returncode}:\n{end}")
        return Ended(seconds, peak, said.read().decode(errors="replace"))


def peak_mib(process_id: int | str) -> float:
    """Give the most memory that a running process has had resident, 0 where it has just ended; "self" is our own.

    Not ``ru_maxrss``: a child begins with that of its parent.
    """
    try:
        status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return sum(float(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


def _watched(process: subprocess.Popen[bytes]) -> float:
    """Wait for a process; give its peak, which nobody can ask any more once it has ended."""
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, peak_mib(process.pid))
        time.sleep(LOOK_SECONDS)
    return peak
