"""The conversation as it happens, written into a terminal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.changes import Changes
from sandbox.chats import Person
from sandbox.keyboards import buttons_of
from sandbox.narration import Narration
from sandbox.terminal import PLAIN, Bubble, Run, Terminal, marked_lines

KILOBYTE = 1024
FILE_LINES = 5
"""How much of a list is shown."""


@dataclass
class Transcript:
    """Tells what a person would see in a chat: messages, edits, presses and the answers to them."""

    terminal: Terminal
    changes: Changes
    bot: Person
    words: Narration
    list_of: Callable[[int], bytes | None]
    """Gives what a file that a person sent holds, by the message's id."""
    cursor: int = 0
    _labels: dict[str, str] = field(default_factory=dict)
    _shown: dict[int, dict[str, Any]] = field(default_factory=dict)

    def catch_up(self) -> None:
        """Print what happened since the last time."""
        for event in self.changes.after(self.cursor):
            self.cursor = event["cursor"]
            match event["event"]:
                case "message":
                    self._message(event["message"])
                case "edited":
                    self._edit(event["message"])
                case "pressed":
                    label = self._labels.get(event["data"], event["data"])
                    self.terminal.narrate(self.words.presses.format(person=self.words.person, label=label))
                case "answered" if event["text"]:
                    self.terminal.narrate(self.words.toast.format(text=event["text"]))

    def _message(self, message: dict[str, Any]) -> None:
        self._remember(message)
        self.terminal.show(self._bubble(message), message["message_id"])

    def _edit(self, message: dict[str, Any]) -> None:
        before = self._shown.get(message["message_id"])
        self._remember(message)
        key = message["message_id"]
        if self.terminal.is_last(key) and not self.terminal.redraws and _labels(before) == _labels(message):
            was = _lines(before or {})
            changed = [line for line in _lines(message) if line not in was]
            self.terminal.show_change(_strung(changed), key)
        else:
            self.terminal.show(self._bubble(message, self.words.edited), key)

    def _remember(self, message: dict[str, Any]) -> None:
        self._shown[message["message_id"]] = message
        for button in buttons_of(message["reply_markup"]):
            if "callback_data" in button:
                self._labels[button["callback_data"]] = button["text"]

    def _bubble(self, message: dict[str, Any], note: str = "") -> Bubble:
        sender = message["from"]
        mine = sender["id"] != self.bot.id
        lines = self._file(message) + _lines(message)
        return Bubble(sender["first_name"], lines, _labels(message), note, right=mine)

    def _file(self, message: dict[str, Any]) -> list[list[Run]]:
        document = message.get("document")
        if document is None:
            return []
        name = (document["file_name"], frozenset({"bold"}))
        head: list[Run] = [("📄 ", PLAIN), name, (f" · {_size(document['file_size'])}", PLAIN)]
        data = self.list_of(message["message_id"]) if document["file_name"].endswith(".txt") else None
        if data is None:
            return [head]
        lines = data.decode().splitlines()
        shown: list[list[Run]] = [[(line, frozenset({"dim"}))] for line in lines[:FILE_LINES]]
        left = len(lines) - len(shown)
        if left > 0:
            shown.append([(self.words.more_lines.format(count=left), frozenset({"dim"}))])
        return [head, *shown]


def _lines(message: dict[str, Any]) -> list[list[Run]]:
    word = "text" if "text" in message else "caption"
    if word not in message:
        return []
    return marked_lines(message[word], message.get("entities" if word == "text" else "caption_entities", []))


def _labels(message: dict[str, Any] | None) -> list[list[str]]:
    rows = ((message or {}).get("reply_markup") or {}).get("inline_keyboard", [])
    return [[button["text"] for button in row] for row in rows]


def _strung(lines: list[list[Run]]) -> list[Run]:
    """Put lines on one line."""
    strung: list[Run] = []
    for line in lines:
        strung += [("  ", PLAIN), *line] if strung else line
    return strung


def _size(size: int) -> str:
    return f"{size} B" if size < KILOBYTE else f"{size / KILOBYTE:.0f} KB"
