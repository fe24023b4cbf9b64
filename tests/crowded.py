"""The story of the crowd, told by a process of its own: 160 lists at once, and Telegram's limits kept by the sandbox.

The bot is the real one from its start to its stop, and so are the sockets and the files. The time is the process's own,
and the way to Telegram is as long and as uneven as a real one: what the bot lets go evenly arrives in heaps. To be
quick, results are read in threads and not in children, and SQLite does not wait for the disk.

    python -m tests.own_time tests.crowded FOLDER REPORT      what happened, as JSON
"""

import asyncio
import io
import json
import os
import re
import signal
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import web

import bot.workshop
import storage.database
from bot import reading
from bot.__main__ import _run
from bot.logs import configure
from bot.settings import Settings
from sandbox.chats import Message, Person
from sandbox.check_api import CheckServer
from sandbox.telegram_api import TelegramServer
from tests.running import API_KEY, TOKEN, Rehearsal

PRIVATE_CHATS = 150
IN_THE_GROUP = 10
NUMBERS = 12
"""In each list, so that all tasks are ready at once."""
WAY_SECONDS = (0.03, 0.3)
"""How long a call is on its way to Telegram, and its answer on the way back."""
LONGEST = 900.0


class FarTelegram(TelegramServer):
    """Telegram at the end of a long and uneven way."""

    random = Random(160)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(self.random.uniform(*WAY_SECONDS))
        response = await super()._answer(request)
        await asyncio.sleep(self.random.uniform(*WAY_SECONDS))
        return response


@dataclass
class Told:
    """One list, and what came of it."""

    name: str
    starter: str
    chat_id: int
    numbers: list[str]
    message_id: int = 0
    card_id: int = 0
    card: str = ""
    """What the preview said when it could be pressed."""
    ready_at: float = 0.0
    """When the bot was given the result by the API."""
    result_at: float = 0.0
    """When the first document with the result arrived; this and all times in seconds since the lists were sent."""
    results: list[dict[str, Any]] = field(default_factory=list)
    said: list[tuple[float, str, str]] = field(default_factory=list)
    """All that its message said: when, by which method, and the text."""


@dataclass
class Report:
    """What happened, for the test to judge."""

    lists: list[Told]
    charges: list[list[str]] = field(default_factory=list)
    refused: list[tuple[float, int, str]] = field(default_factory=list)
    """Each 429: when, in which chat, and what it was said to."""
    seconds: float = 0.0
    """Until everything had been said."""
    exit_code: int = -1


async def main(folder: str, report: str) -> None:
    """Play the story, and write down what happened."""
    be_quick()
    happened = json.dumps(asdict(await play(Path(folder))))
    await asyncio.to_thread(Path(report).write_text, happened, encoding="utf-8")


async def play(folder: Path) -> Report:
    """Open the servers and the bot, and let everybody come at once."""
    checker = CheckServer(API_KEY, numbers_per_second=6.0, pending_seconds=1.0)
    async with FarTelegram(TOKEN) as telegram, checker:
        lists, people = crowd(telegram)
        settings = {"ALLOWED_IDS": ",".join(str(person.id) for person in people), "LOG_LEVEL": "WARNING"}
        run = Rehearsal(telegram, checker, folder, people[0], settings)
        bot_settings = Settings.from_environment(run.environment)
        bot_settings.data_dir.mkdir()
        configure(bot_settings.log_level, bot_settings.log_format, bot_settings.secrets)
        async with asyncio.TaskGroup() as group:
            life = group.create_task(_run(bot_settings))
            await telegram.wait_for(lambda server: server.polling or None, LONGEST)
            began = telegram.clock.now()
            for told, person in zip(lists, people, strict=True):
                told.message_id = await send(telegram, person, told)
            await press_all(telegram, list(zip(lists, people, strict=True)))
            await telegram.wait_for(lambda _: all(is_over(telegram, told) for told in lists) or None, LONGEST)
            seconds = telegram.clock.now() - began
            os.kill(os.getpid(), signal.SIGTERM)
        for told in lists:
            look_back(run, told, began)
        report = Report(lists, [list(charge.numbers) for charge in checker.ledger], seconds=seconds)
        report.exit_code = life.result()
        report.refused = [
            (call.at - began, int(call.params["chat_id"]), call.method)
            for call in telegram.refused
            if call.error_code == 429
        ]
        run.expected_refusals.add("Too Many Requests")  # they are counted
        run.check()
        return report


def be_quick() -> None:
    """Leave out what costs this machine seconds and would show nothing of the limits."""

    async def read(arguments: Sequence[str], scratch: Path, limit: float, tell: object = None) -> str:
        asked = reading._parser().parse_args(arguments)
        return await asyncio.to_thread(reading._read_result, asked.path, asked.request)

    bot.workshop._run = read
    setattr(storage.database, "PRAGMAS", (*storage.database.PRAGMAS, "synchronous=OFF"))  # noqa: B010  (it is final)


def crowd(telegram: TelegramServer) -> tuple[list[Told], list[Person]]:
    """Let everybody come: some into one group, each of the others into a chat of their own."""
    people = [telegram.add_person(f"Person {at}", language_code="en") for at in range(PRIVATE_CHATS + IN_THE_GROUP)]
    for person in people:
        telegram.private_chat(person)
    group_id = telegram.add_group("Team", people[:IN_THE_GROUP], supergroup=True)
    places = [group_id] * IN_THE_GROUP + [person.id for person in people[IN_THE_GROUP:]]
    lists = [
        Told(
            name=f"list {at}.txt",
            starter=person.first_name,
            chat_id=place,
            numbers=[f"+7926{at:03}{n:04}" for n in range(NUMBERS)],
        )
        for at, (person, place) in enumerate(zip(people, places, strict=True))
    ]
    return lists, people


async def send(telegram: TelegramServer, person: Person, told: Told) -> int:
    """Send the list: a file with the command in the group; in private each second one is pasted."""
    text = "\n".join(told.numbers)
    if told.chat_id > 0 and int(told.name.split()[1].removesuffix(".txt")) % 2:
        return await telegram.send_text(person, told.chat_id, text)
    caption = "/check@number_check_bot" if told.chat_id < 0 else None
    return await telegram.send_document(person, told.chat_id, told.name, text.encode(), caption=caption)


async def press_all(telegram: TelegramServer, lists: list[tuple[Told, Person]]) -> None:
    """Wait until everybody has seen their preview, then let all of them press in the same moment."""
    for told, _ in lists:
        card = await telegram.wait_for(lambda _, told=told: preview(telegram, told), LONGEST)  # type: ignore[misc]
        told.card_id, told.card = card.message_id, card.text
    await asyncio.gather(
        *(
            telegram.press(person, told.chat_id, told.card_id, label(telegram, told), timeout=LONGEST)
            for told, person in lists
        )
    )


def answers(telegram: TelegramServer, told: Told) -> list[Message]:
    """Give what the bot wrote in reply to the list."""
    return [
        one
        for one in telegram.bot_messages(told.chat_id)
        if one.reply_to is not None and one.reply_to.message_id == told.message_id
    ]


def preview(telegram: TelegramServer, told: Told) -> Message | None:
    """Give the preview, once it can be pressed."""
    return next((one for one in answers(telegram, told) if any("Check" in label for label in one.labels)), None)


def label(telegram: TelegramServer, told: Told) -> str:
    """Give what stands on the button that spends money."""
    labels = telegram.state.chats[told.chat_id].messages[told.card_id].labels
    return next(one for one in labels if one.startswith("Check"))


def is_over(telegram: TelegramServer, told: Told) -> bool:
    """Say whether the result is there and the message has its last line."""
    card = telegram.state.chats[told.chat_id].messages[told.card_id]
    return any(one.document for one in answers(telegram, told)) and "below" in card.text


def look_back(run: Rehearsal, told: Told, began: float) -> None:
    """Take down what happened to a list."""
    telegram, checker = run.telegram, run.checker
    task_id = next((one.task_id for one in checker.ledger if list(one.numbers) == told.numbers), None)
    fetched = [one.at for one in checker.downloads if one.task_id == task_id]
    told.ready_at = min(fetched, default=began) - began
    for one in telegram.bot_messages(told.chat_id):
        if one.document is not None and numbers_in(one.data or b"") == set(told.numbers):
            told.results.append({"reply_to": one.reply_to.message_id if one.reply_to else None, "caption": one.text})
    for call in telegram.calls:
        if not call.ok or call.method not in {"sendDocument", "editMessageText", "sendMessage"}:
            continue
        if int(call.params["chat_id"]) != told.chat_id:
            continue
        replies = (call.params.get("reply_parameters") or {}).get("message_id") == told.message_id
        if call.method == "sendDocument" and replies and not told.result_at:
            told.result_at = call.at - began
        if replies or call.params.get("message_id") == told.card_id:
            text = str(call.params.get("text") or call.params.get("caption"))
            told.said.append((call.at - began, call.method, text))


def numbers_in(workbook: bytes) -> set[str]:
    """Give the numbers in all sheets of a workbook."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {
            number for name in archive.namelist() for number in re.findall(r"\+7926\d{7}", archive.read(name).decode())
        }
