"""Stories that have servers and a bot of their own wait side by side; each is still a test with its own name."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

Story = Callable[[Path], Awaitable[None]]


def names(stories: tuple[Story, ...]) -> list[str]:
    """Give the names under which the stories are reported."""
    return [story.__name__ for story in stories]


async def play(stories: tuple[Story, ...], folders: pytest.TempPathFactory) -> dict[str, BaseException | None]:
    """Play all stories at once, and give how each ended."""
    ends = await asyncio.gather(
        *(story(folders.mktemp(name)) for name, story in zip(names(stories), stories, strict=True)),
        return_exceptions=True,
    )
    return dict(zip(names(stories), ends, strict=True))


def judge(end: BaseException | None) -> None:
    """Let a story's test end as the story did."""
    if end is not None:
        raise end
