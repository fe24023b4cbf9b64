"""How much memory a process of the bot takes while something lasts, and the children that read files for it."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")
MIB = 1 << 20
EVERY_SECONDS = 0.01
_RESET_PEAK = "5"
"""What proc(5) takes at clear_refs to forget VmHWM, the most that VmRSS has ever been."""


@dataclass
class Footprint:
    """Bytes of resident memory, as proc(5) counts them."""

    pid: int
    before: int
    most: int = 0
    """The most that the process itself took."""
    children: int = 0
    """The most that its reading children took together."""
    limits: set[int] = field(default_factory=set)
    """The limits of address space under which its children were seen; what has none is not in it."""
    forking: set[int] = field(default_factory=set)
    """Those of them that fork others."""
    strangers: set[int] = field(default_factory=set)
    """Processes that are nobody's children here, and need not be looked at again."""

    @property
    def growth(self) -> int:
        """How much larger the process has been than just before."""
        return self.most - self.before

    def look(self) -> None:
        """Take one sample."""
        self.most = max(self.most, _kilobytes(self.pid, "VmRSS"))
        children = list(self._reading_children())
        self.children = max(self.children, sum(_kilobytes(child, "VmHWM") for child in children))
        self.limits |= {limit for child in children if (limit := _address_space(child)) is not None}

    def _reading_children(self) -> Iterator[int]:
        for pid in {int(folder.name) for folder in PROC.iterdir() if folder.name.isdigit()} - self.strangers:
            parent = re.search(r"^PPid:\t(\d+)$", _read(pid, "status"), re.MULTILINE)
            if parent is None or int(parent[1]) not in {self.pid, *self.forking}:
                self.strangers.add(pid)
                continue
            # What was forked and is not another program yet seems as large as the bot, and shares all of that with it.
            program = _read(pid, "cmdline").split("\0")
            if "bot.forking" in program:
                self.forking.add(pid)
            if "bot.reading" in program or "bot.forking" in program:
                yield pid


@asynccontextmanager
async def watched(pid: int) -> AsyncIterator[Footprint]:
    """Sample while the block lasts, and at its end ask the kernel for what no sample has seen."""
    has_reset = _reset_peak(pid)
    seen = Footprint(pid, before=_kilobytes(pid, "VmRSS"))
    async with asyncio.TaskGroup() as group:
        sampling = group.create_task(_sample(seen))
        yield seen
        sampling.cancel()
    seen.look()
    if has_reset:
        seen.most = max(seen.most, _kilobytes(pid, "VmHWM"))


async def _sample(seen: Footprint) -> None:
    while True:
        seen.look()
        await asyncio.sleep(EVERY_SECONDS)  # nobody tells when a process has grown


def _reset_peak(pid: int) -> bool:
    try:
        (PROC / str(pid) / "clear_refs").write_text(_RESET_PEAK)
    except OSError:
        return False
    return True


def _kilobytes(pid: int, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB$", _read(pid, "status"), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _address_space(pid: int) -> int | None:
    found = re.search(r"^Max address space +(\d+) ", _read(pid, "limits"), re.MULTILINE)
    return int(found[1]) if found else None


def _read(pid: int, name: str) -> str:
    try:
        return (PROC / str(pid) / name).read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has ended meanwhile
        return ""
