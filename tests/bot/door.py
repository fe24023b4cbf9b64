"""The entrance of a bench, with handlers that note what they were given."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import CallbackQuery, Message

from bot.updates import Updates
from storage.updates import UpdateState
from tests.bot.bench import Bench


class Door:
    """The entrance of a bench, with handlers that note what they were given; its pauses pass at once."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.begun: list[str] = []
        self.seen: list[str] = []
        self.pauses: list[float] = []
        self.failures: dict[str, list[BaseException]] = {}
        self.waits: dict[str, asyncio.Event] = {}
        self.meant: Callable[[dict[str, Any]], bool] = lambda _: True
        self.noticed = asyncio.Event()
        dispatcher = Dispatcher(disable_fsm=True)
        dispatcher.message.register(self._on_message)
        dispatcher.callback_query.register(self._on_press)
        self.updates = Updates(
            bench.bot,
            dispatcher,
            bench.store.inbox,
            self._is_meant,
            clock=bench.clock.now,
            steady=bench.clock.now,
            sleep=self._sleep,
        )

    def _is_meant(self, raw: dict[str, Any]) -> bool:
        return self.meant(raw)

    async def _on_message(self, message: Message, bot: Bot) -> UpdateState | None:
        text = message.text or ""
        self.begun.append(text)
        self.noticed.set()
        if (wait := self.waits.get(text)) is not None:
            await wait.wait()
        if self.failures.get(text):
            raise self.failures[text].pop(0)
        self.seen.append(text)
        self.noticed.set()
        return UpdateState.REFUSED if text == "stranger" else None

    async def _on_press(self, query: CallbackQuery) -> None:
        self.seen.append(query.data or "")
        self.noticed.set()

    async def _sleep(self, seconds: float) -> None:
        if seconds:
            self.pauses.append(seconds)
            self.bench.clock.advance(seconds)
            self.noticed.set()
        await asyncio.sleep(0)

    async def until(self, is_so: Callable[[], object]) -> None:
        async with asyncio.timeout(60):
            while not is_so():
                self.noticed.clear()
                await self.noticed.wait()

    async def all_done(self) -> None:
        """Wait until every stored update has its end."""
        async with asyncio.timeout(60):
            while any(state == "waiting" for state, _ in await self.rows()):
                pass

    async def rows(self) -> list[tuple[str, str]]:
        async with self.bench.store.database.read() as connection:
            found = await connection.exec_driver_sql(
                "SELECT state, coalesce(cause, '') AS why FROM updates ORDER BY id"
            )
            return [(str(row.state), str(row.why)) for row in found]

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            group.create_task(self.updates.run())
            yield
            self.updates.stop()

    async def write(self, *texts: str, chat_id: int | None = None) -> None:
        for text in texts:
            await self.bench.telegram.send_text(self.bench.anna, chat_id or self.bench.chat_id, text)
