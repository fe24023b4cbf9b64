"""What people do at the sandbox of a picture, by its control routes, and what the bot says to it."""

import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

SECONDS = 40
Told = dict[str, Any]


@dataclass(frozen=True)
class Stage:
    """A sandbox by its address."""

    address: str

    def ask(self, path: str, **query: Any) -> Told:
        return _answered(urllib.request.Request(f"{self.address}{path}?{urlencode(query)}"))  # noqa: S310 - ours

    def do(self, path: str, **body: Any) -> Told:
        head = {"Content-Type": "application/json"}
        return _answered(urllib.request.Request(f"{self.address}{path}", json.dumps(body).encode(), head))  # noqa: S310 - ours

    def person(self, name: str) -> int:
        people = self.ask("sandbox/state")["people"]
        return next(int(one["id"]) for one in people if one["first_name"] == name)

    def chat(self, title: str) -> int:
        chats = self.ask("sandbox/state")["chats"]
        return next(int(one["id"]) for one in chats if one.get("title") == title)

    def writes(self, person: int, text: str, chat: int = 0) -> int:
        return int(self.do("sandbox/send_text", person_id=person, chat_id=chat or person, text=text)["message_id"])

    def sends(self, person: int, name: str, text: str, chat: int = 0, **more: Any) -> int:
        told = {"person_id": person, "chat_id": chat or person, "file_name": name, "text": text, **more}
        return int(self.do("sandbox/send_document", **told)["message_id"])

    def press(self, person: int, message: Told, label: str) -> Told:
        """Press the first button whose label begins so."""
        button = next((one for one in buttons(message) if one["text"].startswith(label)), None)
        assert button is not None, f"no {label!r} among {[one['text'] for one in buttons(message)]}"
        chat, number = message["chat"]["id"], message["message_id"]
        data = button["callback_data"]
        return self.do("sandbox/press", person_id=person, chat_id=chat, message_id=number, data=data)

    def hears(self, chat: int, which: Callable[[Told], bool], after: int = 0) -> Told:
        """Wait for a message of the bot that is so; give it."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            told = self.ask("sandbox/messages", chat_id=chat)
            for message in told["messages"]:
                sent_by_bot = message["message_id"] > after and message["from_bot"] and not message["deleted"]
                if sent_by_bot and which(message):
                    return dict(message)
            self.ask("sandbox/events", after=told["cursor"], timeout=2)
        raise AssertionError([words(one) for one in told["messages"][-3:]])

    def checks(self, **options: Any) -> None:
        self.do("checker/sandbox/options", **options)

    def fault(self, name: str, **options: Any) -> None:
        self.do("checker/sandbox/faults", name=name, options=options)

    def goes_on(self) -> None:
        for task in self.ask("checker/sandbox/tasks")["tasks"]:
            self.do(f"checker/sandbox/tasks/{task['task_id']}/release")


def buttons(message: Told) -> list[Told]:
    return [one for row in (message.get("reply_markup") or {}).get("inline_keyboard", []) for one in row]


def words(message: Told) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _answered(request: urllib.request.Request) -> Told:
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - the sandbox of this picture
        given: Told = json.load(answer)
    return given
