"""Stories wait side by side, with servers and a bot of their own or shared; each is still a test with its own name."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

Story = Callable[..., Awaitable[None]]
Ends = dict[str, BaseException | None]
"""How each story ended, by its name."""


def names(stories: Sequence[Story]) -> list[str]:
    """Give the names under which the stories are reported."""
    return [story.__name__ for story in stories]


async def play(stories: Sequence[Story], folders: pytest.TempPathFactory) -> Ends:
    """Play all stories at once, each in a folder of its own, and give how each ended."""
    return await _at_once(stories, [story(folders.mktemp(story.__name__)) for story in stories])


async def play_on(stories: Sequence[Story], *stage: object) -> Ends:
    """Play all stories at once on what they share, and give how each ended."""
    return await _at_once(stories, [story(*stage) for story in stories])


async def _at_once(stories: Sequence[Story], played: Sequence[Awaitable[None]]) -> Ends:
    ends = await asyncio.gather(*played, return_exceptions=True)
    return dict(zip(names(stories), ends, strict=True))


def judge(end: BaseException | None) -> None:
    """Let a story's test end as the story did."""
    if end is not None:
        raise end
