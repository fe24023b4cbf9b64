"""A team sets up its group: played with the real bot, and drawn scene by scene for the page that explains it."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from sandbox.chats import Message, Person
from sandbox.drawing import drawn
from sandbox.keyboards import buttons_of
from sandbox.rehearsal import Rehearsal, open_rehearsal
from sandbox.terminal import Bubble, marked_lines

T = TypeVar("T")
SAMPLE = Path(__file__).parent / "sample_list.txt"
SECONDS = 40
APPROVE_ABOVE = "200"
NUMBERS_PER_SECOND = 5000.0


class SceneMissedError(Exception):
    """Something that belongs to the story did not come."""


async def draw_all(folder: Path) -> tuple[Path, ...]:
    """Play the story and write its pictures into ``folder``, where the old ones go first; give their paths.

    Raises:
        SceneMissedError: something did not come within its time.
        BotNotReadyError: the bot did not start.
    """
    settings = {"APPROVE_ABOVE": APPROVE_ABOVE}
    async with open_rehearsal("Ada", admin=True, settings=settings, numbers_per_second=NUMBERS_PER_SECOND) as rehearsal:
        await rehearsal.start_bot()
        await asyncio.to_thread(_make_room, folder)
        story = GroupStory(rehearsal, folder)
        await story.tell()
        return tuple(story.written)


def _make_room(folder: Path) -> None:
    """Take away the pictures of this story; those of the chat page, which are no drawings, stay."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.svg"):
        path.unlink()


@dataclass
class GroupStory:
    """Ada is an admin of the bot, Boris works in sales, Eve is somebody nobody has told the bot about."""

    rehearsal: Rehearsal
    folder: Path
    written: list[Path] = field(default_factory=list)

    async def tell(self) -> None:
        """Play all scenes."""
        telegram, ada = self.rehearsal.telegram, self.rehearsal.person
        boris, eve = telegram.add_person("Boris"), telegram.add_person("Eve")
        telegram.private_chat(boris)
        await telegram.send_text(ada, self.rehearsal.chat_id, "/start")
        await self._hears(self.rehearsal.chat_id, "")
        await self._is_asked(eve)
        group = telegram.add_group("Sales", [ada, boris], supergroup=True, announce=True)
        await self._hears(group, "/check@")
        await self._draw("added", "Sales", group)
        await self._set_up(group, boris)
        await self._check(group, boris)
        await self._look_back()

    async def _is_asked(self, eve: Person) -> None:
        """Somebody the bot does not know adds it to their group."""
        telegram, private = self.rehearsal.telegram, self.rehearsal.chat_id
        group = telegram.add_group("Partners", [eve], supergroup=True, announce=True)
        await self._hears(group, "admins")
        card = await self._hears(private, "Partners")
        await self._draw("asked", "Number check", private, card)
        await self._press(self.rehearsal.person, card, "Approve")
        await self._hears(group, "/check@")

    async def _set_up(self, group: int, boris: Person) -> None:
        """Who may start checks, and where the files go."""
        telegram, ada = self.rehearsal.telegram, self.rehearsal.person
        hello = await telegram.send_text(boris, group, "Hi all, the November base comes today.")
        named = await telegram.send_text(ada, group, f"/allow@{telegram.bot.username}", reply_to=hello)
        await self._hears(group, "Boris", after=named)
        asked = await telegram.send_text(ada, group, f"/settings@{telegram.bot.username}")
        card = await self._hears(group, "Settings", after=asked)
        chosen = (
            ("Who starts", "Admins and named", "members they have named"),
            ("Results", "In private", "the file in private"),
        )
        for topic, label, words in chosen:
            await self._press(ada, card, topic)
            await self._press(ada, card, label)
            await self._until(partial(_says, card, words), f"the choice {label}")
        await self._draw("settings", "Sales", group, since=hello)

    async def _check(self, group: int, boris: Person) -> None:
        """Boris's list is long, so Ada is asked; the counts come to the group and the file to him."""
        telegram, ada, private = self.rehearsal.telegram, self.rehearsal.person, self.rehearsal.chat_id
        data = await asyncio.to_thread(SAMPLE.read_bytes)
        sent = await telegram.send_document(boris, group, "base nov.txt", data)
        asks = await telegram.send_text(boris, group, f"/check@{telegram.bot.username}", reply_to=sent)
        preview = await self._hears(group, "numbers", after=asks)
        await self._draw("preview", "Sales", group, since=sent)
        await self._press(boris, preview, "Leave out")
        await self._until(lambda: "Leave out" not in preview.labels, "the preview without the others")
        await self._press(boris, preview, "Check")
        card = await self._hears(private, "Boris")
        await self._draw("approval", "Number check", private, card)
        await self._press(ada, card, "Approve")
        counts = await self._hears(group, "on Telegram", after=preview.message_id)
        await self._draw("counts", "Sales", group, counts)
        file = await self._hears(boris.id, "on Telegram")
        await self._draw("private", "Number check", boris.id, file)

    async def _look_back(self) -> None:
        """What the admins of the bot can see."""
        for name, words in (("access", "may use"), ("spend", "all chats")):
            asked = await self._say_in_private(f"/{name}")
            await self._hears(self.rehearsal.chat_id, words, after=asked)
            await self._draw(name, "Number check", self.rehearsal.chat_id, since=asked)

    async def _say_in_private(self, text: str) -> int:
        return await self.rehearsal.telegram.send_text(self.rehearsal.person, self.rehearsal.chat_id, text)

    async def _press(self, person: Person, message: Message, label: str) -> None:
        telegram = self.rehearsal.telegram
        await self._until(lambda: any(label in one for one in message.labels), f"the button {label}")
        full = next(button["text"] for button in buttons_of(message.markup) if label in button["text"])
        answer = await telegram.press(person, message.chat.id, message.message_id, full)
        if not answer.answered:
            raise SceneMissedError(f"The press on {full!r} was not answered.")

    async def _hears(self, chat_id: int, words: str, *, after: int = 0) -> Message:
        def look() -> Message | None:
            said = self.rehearsal.telegram.bot_messages(chat_id)
            return next((one for one in said if one.message_id > after and words in one.text), None)

        return await self._until(look, f"a message with {words!r}")

    async def _until(self, look: Callable[[], T | None], what: str) -> T:
        try:
            return await self.rehearsal.telegram.wait_for(lambda _: look(), timeout=SECONDS)
        except TimeoutError as error:
            raise SceneMissedError(f"What should have come within {SECONDS} seconds did not: {what}. {error}") from None

    async def _draw(self, name: str, title: str, chat_id: int, *chosen: Message, since: int = 0) -> None:
        messages = chosen or tuple(self._messages(chat_id, since))
        path = self.folder / f"{name}.svg"
        picture = drawn(title, [self._bubble(one) for one in messages])
        await asyncio.to_thread(path.write_text, picture, "utf-8")
        self.written.append(path)

    def _messages(self, chat_id: int, since: int) -> Iterator[Message]:
        for one in self.rehearsal.telegram.messages(chat_id):
            if one.message_id >= since and not one.deleted and not one.service:
                yield one

    def _bubble(self, message: Message) -> Bubble:
        lines = marked_lines(message.text, message.entities) if message.text else []
        if message.document is not None:
            lines.insert(0, [("📄 ", frozenset()), (str(message.document["file_name"]), frozenset({"bold"}))])
        if message.reply_to is not None:
            quoted = message.reply_to.text or str((message.reply_to.document or {}).get("file_name", ""))
            lines.insert(0, [(f"│ {quoted.splitlines()[0][:40] if quoted else ''}", frozenset({"dim"}))])
        speaker = message.sender.first_name if message.sender else ""
        rows = [[str(button["text"]) for button in row] for row in message.keyboard]
        return Bubble(speaker, lines, rows, right=not message.from_bot)


def _says(card: Message, words: str) -> bool:
    return words in card.text
