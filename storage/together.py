"""One transaction for what many ask at the same time: a commit is a wait for the disk, whether it holds one or forty.

While one transaction is under way, those who come are gathered for the next, which one of them makes for all; who comes
alone waits for nobody. A transaction begins after the question was put, so what was committed before is seen.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Many = Callable[[Any, Sequence[Any]], Awaitable[Sequence[Any]]]


@dataclass(slots=True, eq=False)
class _Asked:
    """One who waits for an answer."""

    about: Any
    answer: Any = None
    error: Exception | None = None
    is_done: bool = False


@dataclass(slots=True)
class _Kind:
    """What is asked by many."""

    waiting: list[_Asked] = field(default_factory=list)
    under_way: asyncio.Event | None = None
    """Set at the end of the transaction that somebody makes now."""


@dataclass(frozen=True, slots=True)
class Together:
    """The questions that wait, by what answers many of the kind at once."""

    kinds: dict[Many, _Kind] = field(default_factory=dict)

    async def ask(self, many: Many, whom: object, about: object) -> Any:  # noqa: ANN401  (what ``many`` gives for it)
        """Have one answered with the others; what goes wrong goes wrong for all who were asked about together."""
        kind, asked = self.kinds.setdefault(many, _Kind()), _Asked(about)
        kind.waiting.append(asked)
        while not asked.is_done:
            if kind.under_way is not None:
                await kind.under_way.wait()
            else:
                await _answer(kind, many, whom)
        if asked.error is not None:
            raise asked.error
        return asked.answer


async def _answer(kind: _Kind, many: Many, whom: object) -> None:
    """Ask about all who wait, and tell each. Who is cancelled meanwhile leaves it to the others to ask again."""
    batch, kind.waiting = kind.waiting, []
    kind.under_way = asyncio.Event()
    try:
        answers = await many(whom, [one.about for one in batch])
        for one, answer in zip(batch, answers, strict=True):
            one.answer, one.is_done = answer, True
    except Exception as error:  # noqa: BLE001  (it belongs to those who ask)
        for one in batch:
            one.error, one.is_done = error, True
    finally:
        kind.waiting[:0] = [one for one in batch if not one.is_done]
        kind.under_way.set()
        kind.under_way = None
