import asyncio

import pytest

from sandbox.changes import Changes


async def test_who_waits_looks_again_after_each_change() -> None:
    changes = Changes()
    seen: list[int] = []

    def look() -> list[int] | None:
        return seen if len(seen) == 3 else None

    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(changes.wait_for(look, 5))
        for number in range(3):
            await asyncio.sleep(0)
            seen.append(number)
            changes.tell()
    assert waiting.result() == [0, 1, 2]


async def test_patience_ends() -> None:
    with pytest.raises(TimeoutError):
        await Changes().wait_for(lambda: None, 0.001)


def test_events_are_numbered_from_one() -> None:
    changes = Changes()
    changes.tell()
    changes.tell("message", text="x")
    changes.tell("edited")
    assert changes.after(1) == [{"cursor": 2, "event": "edited"}]
    assert changes.after(0)[0] == {"cursor": 1, "event": "message", "text": "x"}
