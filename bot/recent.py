"""An answer that holds for a while: thousands of jobs ask the same within seconds."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(slots=True)
class Recent(Generic[Value]):
    """Asks anew once what was heard is older than so many seconds."""

    ask: Callable[[], Awaitable[Value]]
    seconds: float
    clock: Callable[[], float]
    heard: tuple[float, Value] | None = field(default=None, init=False)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    """Of those who ask in the same moment one asks for all."""

    async def get(self) -> Value:
        """Give what was heard of late, or what is so now."""
        async with self.turn:
            now = self.clock()
            if self.heard is None or not 0 <= now - self.heard[0] < self.seconds:
                self.heard = now, await self.ask()
            return self.heard[1]
