"""A team in the story of two teams: its people, groups and lists, and all that the bot has shown of it."""

import contextlib
import io
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from openpyxl import load_workbook

from sandbox.chats import Message, Person
from sandbox.keyboards import buttons_of
from tests.running import Rehearsal, endings
from tests.talking import Talk, words

LISTS = ("done", "waits", "large", "unsure", "own")
"""What the lists of a team are called after: how far they have come, and the one in private."""
CLOCKWORK = {"lease", "due_at"}
"""When the worker looks at a list again is nobody's doing."""


@dataclass
class Side:
    """One team. Its word stands in every name, title and file of it, and its digits in every number."""

    run: Rehearsal
    word: str
    digits: str
    members: list[Person] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)

    def person(self, name: str) -> Person:
        """Let somebody be of this team."""
        person = self.run.telegram.add_person(f"{self.word} {name}", language_code="en")
        self.run.telegram.private_chat(person)
        self.members.append(person)
        return person

    def group(self, *members: Person) -> int:
        """Make a group of the team, whose admin the first of them is, and so is the bot."""
        title = f"{self.word} group {len(self.groups)}"
        self.groups.append(self.run.telegram.add_group(title, members, supergroup=True, bot="administrator"))
        return self.groups[-1]

    @property
    def ids(self) -> set[int]:
        """Every chat and every person of the team."""
        return {*self.groups, *(one.id for one in self.members)}

    def numbers(self, kind: str) -> list[str]:
        """Give the numbers of one of the team's lists."""
        return [f"+7{self.digits}{LISTS.index(kind)}{n:03}" for n in range(5 if kind == "large" else 2)]

    async def work(self, starter: Person) -> None:
        """Have lists in every state that others could want to look at."""
        run, talk = self.run, Talk(self.run, starter, self.groups[0])
        for kind in LISTS:
            where = Talk(run, starter) if kind == "own" else talk
            if kind == "unsure":
                run.checker.faults.arm("submit_answer", status=502, body="<html>bad gateway</html>", charged=True)
            name = f"{self.word}-{kind}.txt"
            text = "\n".join([*self.numbers(kind), f"8 {self.word} 912"])
            sent = await where.send(name, text, caption="/check@number_check_bot")
            card = await where.hears(name)
            assert sent < card.message_id
            if kind == "waits":
                continue
            answer = await where.press(card, "Check")
            if kind in {"done", "own"}:
                await where.result()
            elif kind == "unsure":
                await where.hears(words("unsure-title", name=f"{name} · {starter.first_name}"))
            else:
                assert answer.text == words("press-admin-asked")
                await where.sees(card, "The admins have been asked")

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Give every row that is about the team."""
        with contextlib.closing(sqlite3.connect(self.run.folder / "bot.db", timeout=60)) as database:
            database.row_factory = sqlite3.Row
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            tables = {name: [dict(row) for row in database.execute(f'SELECT * FROM "{name}"')] for name in names}  # noqa: S608  (our own)
        jobs = {row["id"] for row in tables["jobs"] if row["chat_id"] in self.ids}

        def is_ours(row: dict[str, Any]) -> bool:
            named = {row.get(key) for key in ("chat_id", "person_id", "lane", "asked_by", "starter_id")}
            return bool(named & self.ids) or row.get("job_id") in jobs

        return {
            name: [{key: row[key] for key in row.keys() - CLOCKWORK} for row in rows if is_ours(row)]
            for name, rows in tables.items()
        }

    @property
    def tokens(self) -> list[str]:
        """Every token of the team's lists and questions."""
        return [str(row["token"]) for rows in self.rows().values() for row in rows if row.get("token")]

    def buttons(self) -> list[str]:
        """Give what the buttons carry that the bot has shown the team, or an admin about the team."""
        chats = [chat for chat in self.run.telegram.state.chats if chat not in self.groups[1:]]
        shown = (button for chat in chats for one in self.said_in([chat]) for button in buttons_of(one.markup))
        carried = {str(button.get("callback_data", "")) for button in shown}
        return sorted(data for data in carried if data.split(":")[1:2] and data.split(":")[1] in self.tokens)

    def said_in(self, chats: Iterable[int]) -> list[Message]:
        """Give what the bot has said in these chats, and taken away again."""
        return [
            one for chat in chats for one in self.run.telegram.messages(chat) if one.sender is self.run.telegram.bot
        ]

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Give everything there is of the team: rows, and all messages as they stand in its chats."""
        chats = [*self.groups, *(one.id for one in self.members)]
        return self.rows() | {"said": [one.as_record() for one in self.said_in(chats)]}

    def found_in(self, shown: str) -> list[str]:
        """Give what of the team stands in something that others have been shown."""
        marks = [self.word, *self.tokens, *(str(abs(one)) for one in self.ids)]
        numbers = {number[-9:] for kind in LISTS for number in self.numbers(kind)}
        return [mark for mark in marks if mark.lower() in shown.lower()] + sorted(numbers & endings(shown.splitlines()))


def readable(message: Message) -> Iterator[str]:
    """Give everything that can be read in a message: each of its texts, its buttons, its file's name and content."""
    yield from message.texts()
    yield json.dumps([one["markup"] for one in message.versions] + [message.markup], ensure_ascii=False)
    if message.document is not None:
        yield str(message.document["file_name"])
        yield from _content(message.data or b"")


def _content(data: bytes) -> Iterator[str]:
    if not data.startswith(b"PK"):
        yield data.decode("utf-8", "replace")
        return
    book = load_workbook(io.BytesIO(data))
    yield " ".join(book.sheetnames)
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            yield "\n".join(map(str, row))
