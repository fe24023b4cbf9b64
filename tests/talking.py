"""One person's talk with the bot, as the story tests tell it: what is written, pressed, and waited for."""

import asyncio
import html
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from openpyxl import load_workbook

from bot.texts import load_texts
from sandbox.chats import Message, Person
from sandbox.clients import PressAnswer
from sandbox.ledger import Charge
from sandbox.telegram_api import TelegramServer
from tests.running import Rehearsal

PATIENCE = 90.0
"""Real seconds: a machine that is busy with something else makes a story slow, not wrong."""


@dataclass
class Talk:
    """A person in a chat with the bot (their private one unless another is named)."""

    run: Rehearsal
    person: Person
    chat_id: int = 0
    thread_id: int | None = None
    seen: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chat_id = self.chat_id or self.run.telegram.private_chat(self.person)

    async def say(self, text: str, reply_to: int | None = None) -> int:
        """Write a message."""
        return await self.run.telegram.send_text(
            self.person, self.chat_id, text, reply_to=reply_to, thread_id=self.thread_id
        )

    async def send(self, name: str, data: str | bytes, **options: Any) -> int:
        """Send a file."""
        content = data.encode() if isinstance(data, str) else data
        return await self.run.telegram.send_document(
            self.person, self.chat_id, name, content, thread_id=self.thread_id, **options
        )

    async def hears(self, words: str, timeout: float = PATIENCE) -> Message:  # noqa: ASYNC109 - a person's patience
        """Wait until a message of the bot says these words, and give the newest one that does."""
        try:
            return await self.run.telegram.wait_for(lambda server: server.last(self.chat_id, words), timeout)
        except TimeoutError as error:
            said = "\n---\n".join(one.text for one in self.run.telegram.bot_messages(self.chat_id))
            raise AssertionError(f"{words!r} was not said. {error}\nSaid:\n{said}\n{self.run.log[-3000:]}") from None

    async def asks(self, text: str, reply_to: int | None = None) -> Message:
        """Write in a group, and wait for the answer, which replies to that."""
        sent = await self.say(text, reply_to)

        def answer(server: TelegramServer) -> Message | None:
            said = server.bot_messages(self.chat_id)
            return next((one for one in said if one.reply_to is not None and one.reply_to.message_id == sent), None)

        return await self.run.telegram.wait_for(answer, PATIENCE)

    async def sees(self, message: Message, words: str) -> Message:
        """Wait until this one message says these words."""
        await self._until(message, lambda: words in message.text, words)
        return message

    async def press(self, message: Message, label: str) -> PressAnswer:
        """Press the button whose label begins with this, and wait for the answer."""
        await self._until(message, lambda: _label(message, label) is not None, label)
        return await self.run.telegram.press(
            self.person, self.chat_id, message.message_id, _label(message, label) or label, timeout=PATIENCE
        )

    async def sets(self, card: Message, topic: str, choice: str) -> PressAnswer:
        """Open the choices of one thing on the card of /settings, and press one of them."""
        await self.press(card, topic)
        return await self.press(card, choice)

    async def _until(self, message: Message, is_true: Callable[[], bool], words: str) -> None:
        try:
            await self.run.telegram.wait_for(lambda _: is_true() or None, PATIENCE)
        except TimeoutError as error:
            said = f"The message says:\n{message.text}\n{message.labels}\n{self.run.log[-3000:]}"
            raise AssertionError(f"{words!r} is not there. {error}\n{said}") from None

    async def checks(self, message: Message) -> Message:
        """Press "Check" on a preview and wait for the result."""
        await self.press(message, "Проверить" if self.person.language_code == "ru" else "Check")
        return await self.result()

    async def result(self) -> Message:
        """Wait for a file that was not seen before."""
        found = await self.run.telegram.wait_for(
            lambda server: next(
                (
                    one
                    for one in server.bot_messages(self.chat_id)
                    if one.document is not None and one.message_id not in self.seen
                ),
                None,
            ),
            PATIENCE * 2,
        )
        self.seen.add(found.message_id)
        return found

    async def delivered(self) -> None:
        """Wait until it is noted that every result here has arrived: a moment after the chat has it."""
        here = f"SELECT id FROM jobs WHERE chat_id = {self.chat_id} AND state = 'delivering'"  # noqa: S608  (a number)
        async with asyncio.timeout(PATIENCE):
            while self.run.rows(here):  # noqa: ASYNC110  (a row of another process)
                await asyncio.sleep(0.02)

    def results(self) -> list[Message]:
        """Give the files that the bot has sent here."""
        return [one for one in self.run.telegram.bot_messages(self.chat_id) if one.document is not None]


def _label(message: Message, beginning: str) -> str | None:
    return next((label for label in message.labels if label.startswith(beginning)), None)


def talk(run: Rehearsal, name: str = "Boris", language: str | None = "en") -> Talk:
    """Let somebody new from the team start a talk."""
    return Talk(run, run.telegram.add_person(name, language_code=language))


def words(sentence: str, language: str = "en", **values: object) -> str:
    """Give a sentence of the locales as people see it; that it is the right one to say is what a story is about."""
    said = load_texts()[language].say(sentence, **values)
    return html.unescape(re.sub(r"<[^>]+>", "", said))


def sheet(message: Message, title: str = "Result") -> list[tuple[object, ...]]:
    """Read a sheet of the workbook in a message, heads included."""
    return sheet_of(message.data or b"", title)


def sheet_of(data: bytes, title: str) -> list[tuple[object, ...]]:
    """Read a sheet of a workbook, heads included."""
    book = load_workbook(io.BytesIO(data))
    return [tuple(cell.value for cell in row) for row in book[title].iter_rows()]


def verdicts(message: Message) -> dict[object, object]:
    """Read what the workbook says of each number."""
    return {row[0]: row[1] for row in sheet(message)[1:]}


def charges(run: Rehearsal, *numbers: str) -> list[Charge]:
    """Give the charges for exactly this list."""
    return [charge for charge in run.checker.ledger if charge.numbers == numbers]
