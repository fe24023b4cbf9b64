"""What is on the account at the checking API: asked now and then, remembered, never waited for long."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from bot.check_api import CheckApi
from bot.outcomes import ApiUnavailable, BadKey
from storage.facts import Fact, Facts

logger = logging.getLogger(__name__)

FRESH_SECONDS = 30.0
"""A balance that was heard so short a time ago is not asked for again."""
SILENT_SECONDS = 120.0
"""How long an API that did not answer is left alone."""
NEVER_TELLS_SECONDS = 6 * 3600.0
"""How long an API without a balance is left alone."""
PATIENCE_SECONDS = 2.0
"""How long a submit waits for the balance at the most: it goes out without it."""


@dataclass(frozen=True, slots=True)
class Balances:
    """Asks for the balance before and after a submit."""

    facts: Facts
    api: CheckApi
    clock: Callable[[], float] = time.time
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Of the submits that begin at once only one asks."""

    async def refresh(self) -> None:
        """See that the last known balance is fresh, so that an attempt which begins now can note it."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self.asking:
                now = self.clock()
                known = await self.facts.get(Fact.BALANCE, now)
                if known is not None and known["at"] <= now < known["ask_at"]:
                    return
                await self._ask()
        except TimeoutError:
            logger.info("The balance is not told in time")
            await self._keep(None, SILENT_SECONDS)

    async def now(self) -> Decimal | None:
        """Ask for the balance at once; None where it is not told in time."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._ask()
        except TimeoutError:
            logger.info("The balance is not told in time")
            return None

    async def _ask(self) -> Decimal | None:
        try:
            amount = await self.api.balance()
        except (ApiUnavailable, BadKey) as error:
            logger.info("The balance is not told now (%s)", type(error).__name__)
            await self._keep(None, SILENT_SECONDS)
            return None
        await self._keep(amount, NEVER_TELLS_SECONDS if amount is None else FRESH_SECONDS)
        return amount

    async def _keep(self, amount: Decimal | None, seconds: float) -> None:
        now = self.clock()
        said = {"amount": None if amount is None else str(amount), "at": now, "ask_at": now + seconds}
        await self.facts.keep(Fact.BALANCE, said)
