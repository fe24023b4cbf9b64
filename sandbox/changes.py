"""Waiting for something to become true, without asking over and over."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Changes:
    """Wakes whoever waits each time the state changed, and keeps the list of what happened.

    An event is a JSON object with ``cursor`` (1, 2, 3, ...), ``event`` (what happened) and what belongs to it.
    """

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self._changed = asyncio.Event()

    def tell(self, event: str | None = None, **what: Any) -> None:
        """Say that the state changed, and write down the event if it is one that people would see."""
        if event is not None:
            self.events.append({"cursor": len(self.events) + 1, "event": event, **what})
        self._changed.set()
        self._changed = asyncio.Event()

    def after(self, cursor: int) -> list[dict[str, Any]]:
        """The events since that one."""
        return self.events[cursor:]

    async def wait_for(self, look: Callable[[], T | None], timeout: float) -> T:  # noqa: ASYNC109 - a caller's patience
        """Look now and after each change until there is something to see.

        Raises:
            TimeoutError: nothing was there within ``timeout`` real seconds.
        """
        async with asyncio.timeout(timeout):
            while not (found := look()):
                await self._changed.wait()
        return found
