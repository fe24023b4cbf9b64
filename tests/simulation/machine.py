"""The machine under the rules: a world is opened, one thing is done after another, and it comes to an end."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from hypothesis.strategies import SearchStrategy

from sandbox.chats import Person
from tests.simulation.ending import come_to_an_end
from tests.simulation.people import People, Place, Sheet, Writing
from tests.simulation.presses import CHECKS
from tests.simulation.stage import clear_away
from tests.simulation.watching import Watch
from tests.simulation.world import World, open_world

PLACES = st.sampled_from([0, 1, 2, 0, 1, 3, 4])
"""Anna's chat, the group, Boris's chat; seldom an admin's or a stranger's."""
SOON = st.sampled_from([0.0, 0.0, 0.001, 0.02, 0.3, 1.5, 4.0])
"""How long it takes until the next thing happens; 0: at the same moment."""
MEANWHILE = st.sampled_from(["nothing", "nothing", "check", "list", "check all", "nothing", "file", "answer"])
"""What people do in the same step. Every run has all of it, whichever rules hypothesis leaves out."""
COUNT = st.integers(1, 6)
WRITINGS = (Writing.PLAIN, Writing.PLAIN, Writing.MESSY, Writing.LOCAL)
MOST_LISTS = 9
"""So many lists are enough for one run."""
TOLD_LINES = 60
"""So much of what happened last is told with a failure."""
PLAYED: Counter[str] = Counter()
"""What happened in all the worlds that came to their end."""
KEPT: "list[Machine]" = []
"""Machines that have failed: the error's traceback holds parts of their worlds, which are not taken apart."""
make_rule: Any = rule


def step(*, people_first: bool = False, **given: SearchStrategy[Any]) -> Callable[[Callable[..., None]], Any]:
    """Make a rule. Besides what it is about, people go on with what they do, and it is drawn how soon the next comes.

    After each step the bot is revived where it has died, and everything is looked at.
    """

    def make(function: Callable[..., None]) -> Any:
        @wraps(function)
        def doing(self: "Machine", *, meanwhile: str, soon: float, **drawn: Any) -> None:
            if self.is_idle:
                return
            with self.telling():
                if people_first:
                    self.go_on(meanwhile)
                    self.world.loop.run_for(soon)
                    function(self, **drawn)
                else:
                    function(self, **drawn)
                    self.go_on(meanwhile)
                    self.world.loop.run_for(soon)
                self.world.revive()
                self.watch.look()

        return make_rule(meanwhile=MEANWHILE, soon=SOON, **given)(doing)

    return make


class Machine(RuleBasedStateMachine):
    """A world, its people, and who watches them."""

    def __init__(self) -> None:
        super().__init__()
        self.is_idle = True
        self.has_failed = False
        self.stage = ExitStack()

    @initialize(seed=st.integers(0, 99), lists=st.lists(st.tuples(PLACES, COUNT), min_size=1, max_size=3))
    def begin(self, seed: int, lists: list[tuple[int, int]]) -> None:
        """Open the world. With 0 nothing is ever done: hypothesis begins with the simplest run, which shows nothing."""
        if seed == 0:
            return
        self.is_idle = False
        self.world: World = self.stage.enter_context(open_world(seed))
        self.people = People(self.world)
        self.watch = Watch(self.world, self.people)
        with self.telling():
            self.world.start()
            for place, count in lists:
                self.hand_in(place, count)
            self.world.loop.run_for(2.0)

    def teardown(self) -> None:
        """Bring the world to its end; the verdict is found there."""
        try:
            if not self.is_idle and not self.has_failed:
                with self.telling():
                    come_to_an_end(self.world, self.people, self.watch)
                    PLAYED.update(self.watch.sums())
        finally:
            self.stage.close()
            if self.has_failed:
                KEPT.append(self)
            elif not self.is_idle:
                vars(self.world).clear()
                del self.world, self.people, self.watch
                clear_away()

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Let an error tell what happened before."""
        try:
            yield
        except BaseException as error:
            self.has_failed = True
            error.add_note("\n".join(["What happened last:", *self.world.told[-TOLD_LINES:]]))
            raise

    # what the rules are made of

    def tell(self, words: str) -> None:
        self.world.tell(words)

    def somebody(self, place: int) -> tuple[Place, Person]:
        found = self.people.places[place]
        return found, found.members[self.people.serials % len(found.members)]

    def sheet(self, which: int) -> Sheet | None:
        sheets = self.people.sheets
        return sheets[-1 - which % len(sheets)] if sheets else None

    def hand_in(self, place: int, count: int, writing: Writing = Writing.PLAIN, *, is_file: bool = False) -> None:
        if self.people.serials >= MOST_LISTS:
            return
        at, person = self.somebody(place)
        send = self.people.send_file if is_file else self.people.paste
        sheet = send(at, person, count, writing)
        what = "cannot send anything" if sheet is None else f"{'sends' if is_file else 'pastes'} list {sheet.serial}"
        self.tell(f"{person.first_name} {what} into {at.name}: {count} numbers, {writing}")

    def hand_in_more(self, sheet: Sheet, count: int) -> None:
        if self.people.serials < MOST_LISTS and sheet.chat_id == sheet.place.chat_id:
            self.tell(f"{sheet.person.first_name} sends list {sheet.serial} again with {count} more numbers")
            self.people.paste_more(sheet, count)

    def checked(self) -> Sheet | None:
        """Give a list that was checked."""
        paid = {number for charge in self.world.checker.ledger for number in charge.numbers}
        return next((sheet for sheet in self.people.sheets if sheet.numbers <= paid), None)

    def press(self, which: int, actions: tuple[str, ...], person: Person | None = None, most: int = 1) -> list[str]:
        """Let buttons be pressed by whoever started the job, or by this person; give the jobs they are about."""
        tokens = []
        buttons = [one for one in self.people.buttons() if one[3].partition(":")[0] in actions]
        for number in range(min(most, len(buttons))):
            place, message, label, data = buttons[(which + number) % len(buttons)]
            starter = self.watch.jobs.get(data.split(":")[1], {}).get("starter_id")
            mine = next((one for one in place.members if one.id == starter), place.members[0])
            presser = person or mine
            self.tell(f"{presser.first_name} presses {label!r} ({data}) in {place.name}")
            self.people.press(presser, message, label, data)
            tokens.append(data.split(":")[1])
        return [token for token in tokens if token in self.watch.jobs]

    def go_on(self, with_what: str) -> None:
        """Let people go on with what they usually do."""
        match with_what:
            case "check":
                self.press(0, CHECKS)
            case "check all":
                self.press(0, CHECKS, most=4)
            case "list" if (sheet := self.checked()) is not None and self.people.serials % 2:
                self.hand_in_more(sheet, 1 + self.people.serials % 3)
            case "list" | "file":
                number = self.people.serials
                self.hand_in(number % 3, 1 + number % 4, WRITINGS[number % 4], is_file=with_what == "file")
            case "answer":
                self.press(0, ("again", "close") if self.people.serials % 2 else ("close", "again"), most=2)
