"""Many people who send lists, press Check, and answer what they are asked, whether or not the bot is there."""

import asyncio
from dataclasses import dataclass, field
from random import Random

from sandbox.chats import Message, Person
from sandbox.telegram_api import TelegramServer
from tests.chaos.hearing import Heard, asks_once_more, button, heard, is_help
from tests.chaos.story import Event, What
from tests.talking import verdicts

PEOPLE = 40
GROUPS = 4
TICK_SECONDS = 0.05
PRIVATE_SECONDS = 6.0
"""Between two lists of one person: what is pasted within three seconds is one list."""
OVERLAPPING = 0.4
"""So many of the lists hold what their chat was told of before."""
GROUP_SECONDS = 25.0
"""A group takes 20 messages a minute."""


@dataclass
class Handed:
    """A list that was handed in, and what its person did about it."""

    name: str
    chat_id: int
    person: Person
    numbers: tuple[str, ...]
    plan: What
    """What its person will press on the preview."""
    again: bool
    """Whether its person will send it again when asked."""
    messages: set[int]
    at: float
    known: frozenset[str] = frozenset()
    """Those of its numbers that its chat has been told of already: only the others are to be charged."""
    done: list[Event] = field(default_factory=list)
    pressed: set[tuple[int, str, int | None]] = field(default_factory=set)
    is_over: bool = False
    has_result: bool = False

    @property
    def fresh(self) -> frozenset[str]:
        """The numbers that are on no other list."""
        return frozenset(self.numbers) - self.known

    def heard(self, telegram: TelegramServer) -> Heard:
        """Give what the chat was told about it so far."""
        return heard(telegram.state.chats[self.chat_id].messages.values(), self.messages)


@dataclass
class Crowd:
    """The people of one world. ``first`` is the first of the phone numbers; some lists go on with an earlier one."""

    telegram: TelegramServer
    random: Random
    first: int = 0
    most_open: int = 12
    is_sending: bool = False
    lists: list[Handed] = field(default_factory=list)
    open: list[Handed] = field(default_factory=list)
    helps: int = 0
    """How often somebody asked for help."""
    presses: int = 0
    next_free: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        team = [
            self.telegram.add_person(f"Person {n}", language_code="ru" if n % 3 == 0 else "en") for n in range(PEOPLE)
        ]
        self.places = [(person, self.telegram.private_chat(person)) for person in team]
        for place in range(GROUPS):
            members = team[place * 3 : place * 3 + 3]
            chat_id = self.telegram.add_group(f"Team {place}", members, supergroup=place % 2 == 0)
            self.places += [(members[0], chat_id)]
        self.asker = self.telegram.add_person("Asker", language_code="en")
        self.telegram.private_chat(self.asker)

    @property
    def ended(self) -> int:
        """How many lists nobody waits for any more."""
        return len(self.lists) - len(self.open)

    async def live(self) -> None:
        """Do what people do, until cancelled."""
        while True:
            for one in list(self.open):
                await self._look(one)
            if self.is_sending:
                await self._ask_for_help()
                if len(self.open) < self.most_open:
                    await self._hand_in()
            await asyncio.sleep(TICK_SECONDS)

    # what they do

    async def _hand_in(self) -> None:
        now = self.telegram.clock.now()
        free = [place for place in self.places if self.next_free.get(place[1], 0.0) <= now]
        if not free:
            return
        goes_on = self.random.random() < OVERLAPPING
        told = {one.chat_id for one in self.lists if one.has_result}
        person, chat_id = self.random.choice([one for one in free if goes_on and one[1] in told] or free)
        self.next_free[chat_id] = now + (GROUP_SECONDS if chat_id < 0 else PRIVATE_SECONDS)
        known = self._told(chat_id) if goes_on else frozenset()
        await self.hand_in(person, chat_id, count=self.random.randint(3, 20), known=known)

    def _told(self, chat_id: int) -> frozenset[str]:
        """Give what a chat was told of the numbers of its last result."""
        results = [
            found[-1] for one in self.lists if one.chat_id == chat_id and (found := one.heard(self.telegram).results)
        ]
        told = verdicts(results[-1]) if results else {}
        return frozenset(str(number) for number, verdict in told.items() if verdict in {"yes", "no"})

    async def hand_in(
        self,
        person: Person,
        chat_id: int,
        *,
        count: int,
        file: bool | None = None,
        known: frozenset[str] = frozenset(),
    ) -> Handed:
        """Send a list: some numbers are its own, some known."""
        fresh = [f"+7925{self.first + n:07}" for n in range(count)]
        numbers = (*fresh, *sorted(known))
        self.first += count
        name = f"list {len(self.lists)}.txt"
        plan = self.random.choices([What.CHECK, What.CANCEL, What.SENT], weights=[94, 4, 2])[0]
        file = self.random.random() < 0.5 if file is None else file
        messages = await self._send(person, chat_id, name, "\n".join(numbers), file=file)
        handed = Handed(
            name=name if file else f"{name} (pasted)",
            chat_id=chat_id,
            person=person,
            numbers=numbers,
            plan=plan,
            again=self.random.random() < 0.5,
            messages=messages,
            at=self.telegram.clock.now(),
            known=known,
        )
        self.lists.append(handed)
        self.open.append(handed)
        return handed

    async def _send(self, person: Person, chat_id: int, name: str, text: str, *, file: bool) -> set[int]:
        telegram, command = self.telegram, "/check@number_check_bot"
        if file:
            caption = command if chat_id < 0 else None
            return {await telegram.send_document(person, chat_id, name, text.encode(), caption=caption)}
        if chat_id > 0:
            return {await telegram.send_text(person, chat_id, text)}
        pasted = await telegram.send_text(person, chat_id, text)
        return {pasted, await telegram.send_text(person, chat_id, command, reply_to=pasted)}

    async def _ask_for_help(self) -> None:
        now = self.telegram.clock.now()
        if self.helped() >= self.helps and self.next_free.get(self.asker.id, 0.0) <= now:
            self.helps += 1
            self.next_free[self.asker.id] = now + 3.0
            await self.telegram.send_text(self.asker, self.asker.id, "/help")

    def helped(self) -> int:
        """Say how often help was given."""
        return sum(is_help(one) for one in self.telegram.bot_messages(self.asker.id))

    # how they react

    async def _look(self, one: Handed) -> None:
        found = one.heard(self.telegram)
        for question in found.questions:
            await self._answer(one, question)
        one.has_result = bool(found.results)
        is_looked_at = bool(found.previews) and one.plan is What.SENT
        one.is_over = bool(found.results or found.told or is_looked_at)
        for preview in found.previews:
            data = button(preview, "new") or button(preview, "check")
            if not one.is_over and data is not None:
                await self._decide(one, preview, data)
        if one.is_over:
            self.open.remove(one)

    async def _decide(self, one: Handed, preview: Message, data: str) -> None:
        """Press once what the preview asks for; once more only where it says that it asks again."""
        if one.plan is What.CANCEL:
            data = button(preview, "cancel") or data
        again = preview.edit_date if asks_once_more(preview) else None
        if one.done and again is None:
            return
        await self._press(one, one.plan, preview, data, again)

    async def _answer(self, one: Handed, question: Message) -> None:
        again, close = button(question, "again"), button(question, "close")
        if again is None or close is None or any(event.words == again for event in one.done):
            return
        # A second "Send again" is as likely as the first, so that few lists go on for ever.
        kind, data = (What.AGAIN, again) if one.again else (What.CLOSE, close)
        one.again = self.random.random() < 0.5
        await self._press(one, kind, question, data, None, words=again)

    async def _press(
        self, one: Handed, kind: What, message: Message, data: str, version: int | None, *, words: str | None = None
    ) -> None:
        key = (message.message_id, data, version)
        if key in one.pressed:
            return
        one.pressed.add(key)
        one.done.append(Event(self.telegram.clock.now(), kind, data if words is None else words))
        self.presses += 1
        await self.telegram.press(one.person, one.chat_id, message.message_id, data, timeout=0)
