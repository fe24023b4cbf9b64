"""The people of a simulated world: what they have sent, where, and what they have pressed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sandbox.chats import Message, Person
from sandbox.people import NotPossibleError
from sandbox.telegram_api import TelegramServer
from tests.simulation.presses import Press, buttons_of
from tests.simulation.world import ADMIN_ID, World

SERIAL = re.compile(r"(?<!\d)\+?\d{0,3}925(\d{4})\d{3}(?!\d)|list[-_](\d{4})")
"""What tells whose a number or a name is, in any text of the bot's: the serial number of the message it was in."""


class Writing(StrEnum):
    """How are the numbers of a message written?"""

    PLAIN = "plain"
    MESSY = "messy"
    LOCAL = "without a country code"


@dataclass(eq=False)
class Place:
    """A chat; a group that becomes a supergroup stays the same place."""

    name: str
    chat_id: int
    members: tuple[Person, ...]
    before: list[int] = field(default_factory=list)
    """The chat's earlier ids."""

    @property
    def is_group(self) -> bool:
        """Say whether it is a group."""
        return self.chat_id < 0

    @property
    def chat_ids(self) -> tuple[int, ...]:
        """Every id it ever had."""
        return (*self.before, self.chat_id)

    def is_of(self, job: Mapping[str, Any]) -> bool:
        """Say whether a job is of this place."""
        return job["chat_id"] in self.chat_ids


@dataclass(eq=False)
class Sheet:
    """A message with numbers of its own. ``versions`` are all it ever said."""

    serial: int
    place: Place
    chat_id: int
    person: Person
    message_id: int
    writing: Writing
    versions: list[frozenset[str]]
    is_file: bool = False
    serials: frozenset[int] = frozenset()
    """Of the messages whose numbers are in it: its own, and those that it goes on with."""

    def __post_init__(self) -> None:
        self.serials = frozenset(map(serial_of, self.versions[-1])) | {self.serial}

    @property
    def numbers(self) -> frozenset[str]:
        """What it says now."""
        return self.versions[-1]


@dataclass
class People:
    """Everybody, and all they did."""

    world: World
    sheets: list[Sheet] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    erased: set[str] = field(default_factory=set)
    """Numbers that an admin had forgotten everywhere."""
    troubled: set[str] = field(default_factory=set)
    """Places that could not be written to for some time."""
    serials: int = 0

    def __post_init__(self) -> None:
        telegram = self.telegram
        self.anna = telegram.add_person("Anna", language_code="en")
        self.boris = telegram.add_person("Boris", language_code="ru")
        self.admin = telegram.add_person("Ada", id=ADMIN_ID)
        self.stranger = telegram.add_person("Eve", id=6_000_001)
        alone = {person.first_name: telegram.private_chat(person) for person in self.everybody}
        group = telegram.add_group("Team", [self.anna, self.boris])
        self.places = [
            Place("Anna's chat", alone["Anna"], (self.anna,)),
            Place("the group", group, (self.anna, self.boris)),
            Place("Boris's chat", alone["Boris"], (self.boris,)),
            Place("Ada's chat", alone["Ada"], (self.admin,)),
            Place("Eve's chat", alone["Eve"], (self.stranger,)),
        ]

    @property
    def telegram(self) -> TelegramServer:
        """Where they all are."""
        return self.world.telegram

    @property
    def everybody(self) -> tuple[Person, ...]:
        """All persons."""
        return self.anna, self.boris, self.admin, self.stranger

    def place_of(self, chat_id: int) -> Place | None:
        """Find the place that a chat is, or was."""
        return next((one for one in self.places if chat_id in one.chat_ids), None)

    def change_chat(self, place: Place, what: str) -> None:
        """Block, unblock, forbid, allow; or let a group become a supergroup."""
        telegram, person, bot = self.telegram, place.members[0], self.telegram.bot
        if what in {"blocks", "forbids"}:
            self.troubled.add(place.name)
        match what:
            case "blocks" | "unblocks":
                status = "kicked" if what == "blocks" else "member"
                if telegram.state.chats[place.chat_id].status_of(bot.id) != status:
                    telegram.set_member(place.chat_id, bot, status, by=person)
            case "forbids" | "allows":
                telegram.forbid_writing(place.chat_id, forbidden=what == "forbids")
            case "moves" if telegram.state.chats[place.chat_id].type == "group":
                place.before.append(place.chat_id)
                place.chat_id = telegram.migrate(place.chat_id)

    # lists

    def paste(self, place: Place, person: Person, count: int, writing: Writing = Writing.PLAIN) -> Sheet | None:
        """Send numbers as a text."""
        return self._say(place, person, self._numbers(count), writing)

    def _say(self, place: Place, person: Person, numbers: list[str], writing: Writing) -> Sheet | None:
        text = written(numbers, writing)
        message_id = self.say(place, person, text)
        if message_id is not None and place.is_group:
            self.say(place, person, "/check@number_check_bot", reply_to=message_id)
        return self._keep(place, person, message_id, writing, [numbers])

    def send_file(self, place: Place, person: Person, count: int, writing: Writing = Writing.PLAIN) -> Sheet | None:
        """Send numbers as a file."""
        numbers = self._numbers(count)
        data = written(numbers, writing).encode()
        return self._send(place, person, f"list-{self.serials:04}.txt", data, [numbers], writing)

    def _send(
        self,
        place: Place,
        person: Person,
        name: str,
        data: bytes,
        versions: list[list[str]],
        writing: Writing = Writing.PLAIN,
    ) -> Sheet | None:
        caption = "/check@number_check_bot" if place.is_group else None
        try:
            message_id = self.world.loop.finish(
                self.telegram.send_document(person, place.chat_id, name, data, caption=caption)
            )
        except NotPossibleError:
            return None
        return self._keep(place, person, message_id, writing, versions, is_file=True)

    def send_table(self, place: Place, person: Person, count: int) -> Sheet | None:
        """Send a table with two columns of numbers as a file."""
        numbers = self._numbers(count)
        others = [f"{number[:-3]}{n + 500}" for n, number in enumerate(numbers)]
        rows = [f"Person {n},{one},{other}" for n, (one, other) in enumerate(zip(numbers, others, strict=True))]
        data = "\n".join(["name,phone,second phone", *rows]).encode()
        return self._send(place, person, f"list-{self.serials:04}.csv", data, [others, numbers])

    def paste_more(self, sheet: Sheet, count: int) -> Sheet | None:
        """Send what a message says once more, with numbers that are new."""
        numbers = [*self._numbers(count), *sorted(sheet.numbers)]
        return self._say(sheet.place, sheet.person, numbers, Writing.PLAIN)

    def send_same(self, sheet: Sheet, place: Place, person: Person) -> None:
        """Send the numbers of another message once more."""
        message_id = self.say(place, person, written(sorted(sheet.numbers), Writing.PLAIN))
        if message_id is not None:
            if place.is_group:
                self.say(place, person, "/check@number_check_bot", reply_to=message_id)
            same = Sheet(sheet.serial, place, place.chat_id, person, message_id, Writing.PLAIN, [sheet.numbers])
            self.sheets.append(same)

    def edit(self, sheet: Sheet, more: int, fewer: int) -> bool:
        """Let one's message say other numbers; say whether it could be."""
        last = max(int(number[-3:]) for version in sheet.versions for number in version)
        kept = sorted(sheet.numbers)[fewer:]
        numbers = [*kept, *(f"+7925{sheet.serial:04}{last + 1 + n:03}" for n in range(more))]
        if sheet.is_file or not numbers or len(sheet.serials) > 1 or len(self._owners(sheet.serial)) > 1:
            return False
        text = written(numbers, sheet.writing)
        try:
            self.world.loop.finish(self.telegram.edit_text(sheet.person, sheet.chat_id, sheet.message_id, text))
        except NotPossibleError:
            return False
        sheet.versions.append(frozenset(numbers))
        return True

    def say(self, place: Place, person: Person, text: str, reply_to: int | None = None) -> int | None:
        """Write; None where that is not possible."""
        try:
            message_id: int = self.world.loop.finish(
                self.telegram.send_text(person, place.chat_id, text, reply_to=reply_to)
            )
        except NotPossibleError:
            return None
        return message_id

    def _numbers(self, count: int) -> list[str]:
        self.serials += 1
        return [f"+7925{self.serials:04}{n:03}" for n in range(count)]

    def _keep(
        self,
        place: Place,
        person: Person,
        message_id: int | None,
        writing: Writing,
        versions: Iterable[Iterable[str]],
        *,
        is_file: bool = False,
    ) -> Sheet | None:
        if message_id is None:
            return None
        said = [frozenset(numbers) for numbers in versions]
        sheet = Sheet(self.serials, place, place.chat_id, person, message_id, writing, said, is_file=is_file)
        self.sheets.append(sheet)
        return sheet

    def _owners(self, serial: int) -> list[Sheet]:
        return [sheet for sheet in self.sheets if serial in sheet.serials]

    def places_of(self, serial: int) -> set[str]:
        """Name the places in which a number or a name with this serial was sent."""
        return {sheet.place.name for sheet in self._owners(serial)}

    def takers_of(self, serial: int) -> set[str]:
        """Name the private chats in which a group's file may be given: of its sender, its admin and the bot's."""
        senders = {sheet.person.first_name for sheet in self._owners(serial) if sheet.place.is_group}
        return {f"{name}'s chat" for name in senders | {self.anna.first_name, self.admin.first_name} if senders}

    def may_decide(self, person_id: int, starter_id: object, chat_id: object) -> bool:
        """Say whether a person may press for money: the starter, an admin of the bot, and in the group its creator."""
        group = next(place for place in self.places if place.is_group)
        creator = {self.anna.id} if chat_id in group.chat_ids else set()
        return person_id in {starter_id, ADMIN_ID} | creator

    def let_begin(self, chat_id: int, numbers: int) -> bool:
        """Say whether anybody in a chat has let lists of so many numbers begin by themselves."""
        place = self.place_of(chat_id)
        here = [] if place is None else [one for one in self.presses if one.chat_id in place.chat_ids]
        return any(one.lets_begin >= numbers for one in here)

    def versions_of(self, serial: int) -> set[frozenset[str]]:
        """Give all that messages ever said of this serial, as last digits, with and without what was forgotten."""
        said = {version for sheet in self._owners(serial) for version in sheet.versions}
        mine = {frozenset(one for one in version if serial_of(one) == serial) for version in said}
        return {frozenset(map(tail, one)) for version in mine for one in (version, version - self.erased)}

    # buttons

    def buttons(self, action: str | None = None, place: Place | None = None) -> list[tuple[Place, Message, str, str]]:
        """Give the buttons that can be pressed now (place, message, label, data), newest first."""
        found = []
        for one in self.places if place is None else [place]:
            for message in reversed(self.telegram.bot_messages(one.chat_id)):
                for label, data in buttons_of(message):
                    if action is None or data.startswith(f"{action}:"):
                        found.append((one, message, label, data))
        return found

    def press(self, person: Person, message: Message, label: str, data: str) -> None:
        """Press a button and do not wait; anything may be pressed that ever stood there."""
        chat_id, era = message.chat.id, self.world.era
        self.presses.append(Press(self.world.now(), person.id, chat_id, data, label, era))
        self.world.loop.finish(self.telegram.forge(person, chat_id, message.message_id, data))

    def presses_of(self, token: str, *actions: str) -> list[Press]:
        """Give the presses about a job by people who are in its place."""
        return [one for one in self.presses if one.token == token and one.action in actions]


def tail(number: str) -> str:
    """Give the digits of a number that are the same in whichever country it is read."""
    return number[-10:]


def serial_of(number: str) -> int:
    """Say in which message a number stood."""
    return int(tail(number)[3:7])


def written(numbers: Iterable[str], writing: Writing) -> str:
    """Write numbers as people do."""
    match writing:
        case Writing.PLAIN:
            return "\n".join(numbers)
        case Writing.LOCAL:
            return "\n".join(number.removeprefix("+7") for number in numbers)
        case Writing.MESSY:
            messy = [f"+7 (925) {n[5:8]}-{n[8:10]}-{n[10:]}" for n in numbers]
            return "\n".join([*messy, messy[0], "call me tomorrow", "+7925"])
