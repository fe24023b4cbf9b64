"""The gauge of the hostile stories sees what a process takes, even for a moment, and what its children take."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process

from tests.footprint import MIB, watched

GROWS = """
input()
block = bytearray(150 << 20)
del block
print("grown", flush=True)
input()
"""
HAS_A_CHILD = """
import subprocess, sys
child = '''
import resource
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
block = bytearray(50 << 20)
print("grown", flush=True)
input()
'''
input()
subprocess.run([sys.executable, "-c", child, "bot.reading"])
"""


async def started(code: str) -> Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdin=PIPE, stdout=PIPE)


async def told(process: Process) -> None:
    """Let the process go on, and wait until it says that it has grown."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"\n")
    assert await process.stdout.readline() == b"grown\n"


async def test_what_was_taken_for_a_moment_is_seen() -> None:
    process = await started(GROWS)
    async with watched(process.pid) as seen:
        await told(process)
    process.kill()
    await process.wait()
    assert seen.growth > 140 * MIB
    assert seen.children == 0


async def test_children_that_read_are_counted_beside_it_with_their_limits() -> None:
    process = await started(HAS_A_CHILD)
    async with watched(process.pid) as seen:
        await told(process)
    await process.communicate(b"\n")
    assert seen.growth < 40 * MIB
    assert seen.children > 50 * MIB
    assert seen.limits == {1 << 30}
