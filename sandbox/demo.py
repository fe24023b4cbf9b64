"""One whole conversation, played with the real bot in the sandbox and printed as it happens."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from sandbox.chats import Message
from sandbox.clients import PressAnswer
from sandbox.keyboards import buttons_of
from sandbox.narration import NARRATIONS, Narration
from sandbox.page import ADDRESS
from sandbox.reckoning import Reckoning, Shown, disagreements, mistakes, sheet
from sandbox.rehearsal import BotNotReadyError, Rehearsal, open_rehearsal
from sandbox.terminal import Terminal
from sandbox.transcript import Transcript

T = TypeVar("T")
SAMPLE = Path(__file__).parent / "sample_list.txt"
COUNTRY = "🇷🇺"
BAR = frozenset("▓░")
NUMBERS_PER_SECOND = 22.0
UNDETERMINED = 0.04
ANSWER_SECONDS = 30
CHECK_SECONDS = 60
READING_SECONDS = 1.5
MOST_ROWS = {"Result": 7, "Summary": 12}
STANDS_AT = (0.4, 0.8)
"""After these shares the check waits for its progress to be seen: a machine that is busy is not too late for it."""


class StoryStoppedError(Exception):
    """Something that belongs to the conversation did not come, or is not what it should be."""


async def play(folder: Path, language: str = "en", settings: Mapping[str, str] | None = None) -> int:
    """Play the conversation and save the workbook in ``folder``; give the exit code. ``settings`` are the bot's."""
    words = NARRATIONS[language]
    terminal = Terminal.on(sys.stdout, os.environ)
    terminal.narrate(words.title)
    terminal.narrate(words.starting)
    async with open_rehearsal(
        words.person,
        language,
        settings=settings,
        numbers_per_second=NUMBERS_PER_SECOND,
        share_undetermined=UNDETERMINED,
    ) as rehearsal:
        try:
            await rehearsal.start_bot()
            await Story(rehearsal, terminal, words).tell(folder)
        except (StoryStoppedError, BotNotReadyError) as error:
            terminal.say()
            terminal.say(str(error), "bad")
            terminal.say("The last lines of the bot's log:")
            for line in rehearsal.bot.last_lines():
                terminal.say(f"  {line}", "dim")
            return 1
    return 0


class Story:
    """The conversation, step by step."""

    def __init__(self, rehearsal: Rehearsal, terminal: Terminal, words: Narration) -> None:
        self.rehearsal, self.terminal, self.words = rehearsal, terminal, words
        self.telegram, self.chat_id = rehearsal.telegram, rehearsal.chat_id
        self.transcript = Transcript(terminal, self.telegram.state.changes, self.telegram.bot, words, self._text_of)

    async def tell(self, folder: Path) -> None:
        """Play it all.

        Raises:
            StoryStoppedError: a step did not come within its time, or the bot's words are not the ledger's.
        """
        await self._meet()
        preview = await self._send_list()
        await self._name_country(preview)
        button = await self._check(preview)
        result = await self._result(preview)
        only_yes = await self._only_yes(result)
        shown = Shown(button, result.text, result.data or b"", only_yes.data or b"")
        self._open(shown.workbook)
        self._compare(shown)
        path = await asyncio.to_thread(_save, folder, str((result.document or {})["file_name"]), shown.workbook)
        self.terminal.say()
        self.terminal.say(self.words.saved.format(path=path), "good")
        self.terminal.narrate(self.words.next.format(page=ADDRESS))

    async def _meet(self) -> None:
        await self.telegram.send_text(self.rehearsal.person, self.chat_id, "/start")
        await self._until(lambda: self.telegram.last(self.chat_id), "an answer to /start")
        await self._linger()

    async def _send_list(self) -> Message:
        data = await asyncio.to_thread(SAMPLE.read_bytes)
        sent = await self.telegram.send_document(self.rehearsal.person, self.chat_id, self.words.list_name, data)

        def asks() -> Message | None:
            answers = [one for one in self.telegram.bot_messages(self.chat_id) if _answers(one, sent)]
            return next((one for one in answers if _button(one, _names_country)), None)

        preview = await self._until(asks, "a preview that asks for the country")
        await self._linger()
        return preview

    async def _name_country(self, preview: Message) -> None:
        await self._press(preview, _names_country, "the country's button")
        await self._until(
            lambda: not _button(preview, _names_country) and _button(preview, _counts) is not None,
            "the preview read again in that country",
        )
        await self._linger()

    async def _check(self, preview: Message) -> str:
        self.rehearsal.checker.faults.arm("task_stalls", at=STANDS_AT[0])
        return await self._press(preview, _counts, "the button that checks")

    async def _result(self, preview: Message) -> Message:
        await self._until(lambda: _moves(preview) >= 1, "the first progress")
        self._let_go_on(STANDS_AT[1])
        await self._until(lambda: _moves(preview) > 1, "more progress")
        self._let_go_on(None)
        result = await self._until(lambda: self._document(".xlsx"), "the result", CHECK_SECONDS)
        await self._until(
            lambda: not BAR.intersection(preview.text) and str(self._truth.counts[0]) in preview.text,
            "the last line of the progress message",
        )
        await self._linger()
        return result

    def _let_go_on(self, stands_at: float | None) -> None:
        """Let the check go on, up to this share of its numbers or to its end."""
        checker = self.rehearsal.checker
        checker.faults.disarm("task_stalls")
        for task_id in checker.tasks:
            checker.release(task_id)
        if stands_at is not None:
            checker.faults.arm("task_stalls", at=stands_at)

    async def _only_yes(self, result: Message) -> Message:
        await self._press(result, _counts, "the button for only yes")
        return await self._until(lambda: self._document(".txt"), "the file with only yes")

    def _open(self, workbook: bytes) -> None:
        for name, most in MOST_ROWS.items():
            rows = sheet(workbook, name)[:most]
            self.terminal.narrate(self.words.workbook.format(sheet=name))
            widest = max((len(row) for row in rows), default=0)
            self.terminal.table([row + ("",) * (widest - len(row)) for row in rows], heads=name == "Result")

    def _compare(self, shown: Shown) -> None:
        checker, truth = self.rehearsal.checker, self._truth
        self.terminal.narrate(
            self.words.ledger.format(
                charges=truth.charges,
                count=len(truth.numbers),
                amount=f"{checker.spent.normalize():f}",
                currency=checker.options.currency,
            )
        )
        wrong = disagreements(shown, truth) + mistakes(self.telegram.refused, checker)
        if wrong:
            raise StoryStoppedError(f"What was shown does not agree with the sandbox: {'; '.join(wrong)}.")
        self.terminal.narrate(self.words.agrees, "good")

    @property
    def _truth(self) -> Reckoning:
        return Reckoning.of(self.rehearsal.checker)

    async def _press(self, message: Message, which: Callable[[dict[str, Any]], bool], what: str) -> str:
        """Press a button and see the answer; give what stood on the button."""
        button = _button(message, which)
        if button is None:
            raise StoryStoppedError(f"{what.capitalize()} is not there.")
        label = str(button["text"])
        answer: PressAnswer = await self.telegram.press(self.rehearsal.person, self.chat_id, message.message_id, label)
        if not answer.answered:
            raise StoryStoppedError(f"The press on “{label}” was not answered.")
        return label

    async def _until(self, look: Callable[[], T | None], what: str, seconds: float = ANSWER_SECONDS) -> T:
        """Print what happens until there is something to see.

        Raises:
            StoryStoppedError: it was not there within that time, or the bot has ended.
        """
        changes, now = self.telegram.state.changes, asyncio.get_running_loop().time
        deadline = now() + seconds
        while True:
            self.transcript.catch_up()
            if found := look():
                return found
            if self.rehearsal.bot.exit_code is not None:
                raise StoryStoppedError(f"The bot ended with exit code {self.rehearsal.bot.exit_code}.")
            if now() > deadline:
                raise StoryStoppedError(f"What should have come within {seconds:.0f} seconds did not: {what}.")
            with contextlib.suppress(TimeoutError):
                await changes.wait_for(lambda: changes.after(self.transcript.cursor), 0.5)

    async def _linger(self) -> None:
        """Take the time a person takes to read: who presses at once fills the chat's limits, and progress waits."""
        await asyncio.sleep(READING_SECONDS)
        self.transcript.catch_up()

    def _document(self, ending: str) -> Message | None:
        found = [one for one in self.telegram.bot_messages(self.chat_id) if one.document]
        return next((one for one in found if str((one.document or {})["file_name"]).endswith(ending)), None)

    def _text_of(self, message_id: int) -> bytes | None:
        return self.telegram.state.chats[self.chat_id].messages[message_id].data


def _answers(message: Message, message_id: int) -> bool:
    return message.reply_to is not None and message.reply_to.message_id == message_id


def _moves(message: Message) -> int:
    """Count the bars that the message has shown."""
    return len({text for text in message.texts() if BAR.intersection(text)})


def _button(message: Message, which: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
    """Find the first button that calls the bot back and is such a one."""
    return next((one for one in buttons_of(message.markup) if "callback_data" in one and which(one)), None)


def _names_country(button: dict[str, Any]) -> bool:
    return str(button["text"]).startswith(COUNTRY)


def _counts(button: dict[str, Any]) -> bool:
    return any(character.isdecimal() for character in button["text"])


def _save(folder: Path, name: str, workbook: bytes) -> Path:
    """Write the workbook; give its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / Path(name).name
    path.write_bytes(workbook)
    return path
