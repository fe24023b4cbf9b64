"""How a simulation ends: all goes well again, time passes, people answer whatever they are asked; then the verdict."""

from dataclasses import dataclass, field

from bot.job import TERMINAL, JobState
from sandbox.chats import Message
from tests.chaos.verdict import Fault, faults_of
from tests.running import API_KEY
from tests.simulation.keeping import left_of_lists
from tests.simulation.people import People, Place
from tests.simulation.stories import tell_stories
from tests.simulation.watching import Watch
from tests.simulation.world import ADMIN_ID, Broken, World

MOST_ROUNDS = 250
"""A result that cannot be had is asked for once a minute, for an hour; several of them make as many rounds."""
ROUND_SECONDS = 7.0
CALM_SECONDS = 65.0
"""The longest that anything in the bot sleeps before it looks again whether all is well."""
NOT_FOR_THE_RESTORED = frozenset({Fault.UNMARKED, Fault.GROUNDLESS})
"""What a database that was put back cannot know: which results were sent after its copy was made, and how a submit
ended that was under way in it."""
NOT_FOR_THE_UNREACHABLE = frozenset({Fault.LOST, Fault.SILENT, Fault.UNHEARD, Fault.UNANSWERED})
"""What a chat cannot be told while it cannot be written to; its results come later all the same."""
ASKED = {"confirming": ("new", "cancel", "check"), "unsure": ("again", "close")}
"""What a person may press in these states."""
KNOWN_CAUSES = (
    *("it cannot be decoded", "its kind is not known", "its answer is too large", "it is no update"),
    "handling failed again and again: ClientDecodeError",
)
"""Why an update may be put aside: the faults bring updates of shapes that nobody knows, and answers that are never
right."""


@dataclass
class Ending:
    """The last hours of a world."""

    world: World
    people: People
    watch: Watch
    pressed: set[tuple[str, int, int, int | None]] = field(default_factory=set)

    def calm_down(self) -> None:
        """Take everything back that was made worse."""
        world = self.world
        world.tell("(all goes well again)")
        world.weather.is_bad = False
        world.weather.armed.clear()
        world.loop.network.refusing.clear()
        world.loop.network.silent.clear()
        world.clock_error = 0.0
        world.checker._api_key = API_KEY
        world.checker.change(balance=None, minimum=0)
        world.checker.held.let_go()
        for task_id in world.checker.tasks:
            world.checker.release(task_id)
        for place in self.people.places:
            self._open(place)
        world.revive()
        world.loop.run_for(CALM_SECONDS)
        world.revive()
        self.people.say(self.people.places[3], self.people.admin, "/resume")
        for place in self.people.places[:4]:
            # A chat that speaks again is delivered to again.
            self.people.say(place, place.members[0], "/start@number_check_bot" if place.is_group else "/start")

    def _open(self, place: Place) -> None:
        telegram = self.world.telegram
        telegram.forbid_writing(place.chat_id, forbidden=False)
        if telegram.state.chats[place.chat_id].status_of(telegram.bot.id) == "kicked":
            telegram.set_member(place.chat_id, telegram.bot, "member", by=place.members[0])

    def live_on(self) -> None:
        """Let time pass from one due job to the next until nothing is due and nobody is asked for anything."""
        for _ in range(MOST_ROUNDS):
            self.world.loop.run_for(ROUND_SECONDS)
            self.world.revive()
            self.watch.look()
            due_in = self.world.due_in()
            if self._answer():
                continue
            if due_in is None and self.world.rows("SELECT 1 FROM updates WHERE state = 'waiting'") == []:
                return
            self.world.clock.advance(max((due_in or 0.0) - 1.0, 0.0))
        rows = self.world.rows("SELECT id, state, due_at, failure, waiting FROM jobs WHERE due_at IS NOT NULL")
        raise Broken(f"something is due for ever: {rows}")

    def _answer(self) -> bool:
        """Let people press what they are asked to press; say whether there was anything."""
        asked: dict[str, list[tuple[Place, Message, str, str]]] = {}
        for one in self.people.buttons():
            asked.setdefault(one[3].split(":")[1], []).append(one)
        decided = [self._decide(token, buttons) for token, buttons in asked.items()]
        return any(decided)

    def _decide(self, token: str, buttons: list[tuple[Place, Message, str, str]]) -> bool:
        """Press one of a job's buttons, if it waits for that: now the one, now another."""
        job = self.watch.jobs.get(token, {})
        actions = ASKED.get(str(job.get("state")), ())
        turn = len(self.pressed) % max(len(actions), 1)
        for action in (*actions[turn:], *actions[:turn]):
            for place, message, label, data in buttons:
                key = (data, message.chat.id, message.message_id, message.edit_date)
                may = {job.get("starter_id"), ADMIN_ID}
                person = next((one for one in place.members if one.id in may), None)
                if data.startswith(f"{action}:") and person is not None and key not in self.pressed:
                    self.pressed.add(key)
                    self.world.tell(f"({person.first_name} presses {label!r} ({data}) in {place.name})")
                    self.people.press(person, message, label, data)
                    return True
        return False

    def judge(self) -> None:
        """Say what was wrong with it all."""
        found = [*self._inbox(), *self._jobs()]
        for story in tell_stories(self.world, self.people, self.watch):
            exempt = NOT_FOR_THE_RESTORED if story.was_restored else frozenset()
            exempt |= NOT_FOR_THE_UNREACHABLE if story.was_unreachable else frozenset()
            faults = [fault for fault in faults_of(story, self.world.kills) if fault not in exempt]
            if faults and not story.is_gone:
                found.append(f"{[str(fault.value) for fault in faults]}: {story.told(self.world.kills)}")
            found += story.amiss
        if found:
            raise Broken("\n".join(found))

    def _inbox(self) -> list[str]:
        """Look how the updates ended (invariant 4)."""
        rows = self.world.rows("SELECT state, cause, raw FROM updates WHERE state IN ('waiting', 'quarantined')")
        too_large = any(name == "too_large" for name, _ in self.world.weather.struck)
        known = (*KNOWN_CAUSES, "None") if too_large else KNOWN_CAUSES
        return [f"an update is {row}" for row in rows if not str(row[1]).startswith(known)]

    def _jobs(self) -> list[str]:
        """Look whether every job has ended and was told of, and every result that is kept was delivered."""
        rows = self.world.rows(
            """SELECT id, token, state, due_at, told_at IS NULL, chat_id,
            EXISTS (SELECT 1 FROM job_results WHERE job_id = jobs.id) FROM jobs"""
        )
        found = []
        for job_id, token, state, due_at, is_untold, chat_id, has_result in rows:
            told = f"job {job_id} ({token}) is {state}"
            # A group that moved while the bot was out of it, or before a backup was put back, is not known any more.
            is_known = any(place.chat_id == chat_id for place in self.people.places)
            if JobState(str(state)) not in TERMINAL or due_at is not None:
                found.append(f"{told} and not over")
            elif state == JobState.UNDELIVERABLE:
                found += [f"{told}, and the chat can be reached"] if has_result and is_known else []
            elif is_untold:
                found.append(f"{told}, and nobody was told")
        return found


def come_to_an_end(world: World, people: People, watch: Watch) -> None:
    """Bring a world to its end, and judge it.

    Raises:
        Broken: A promise was not kept.
    """
    ending = Ending(world, people, watch)
    ending.calm_down()
    ending.live_on()
    watch.look()
    ending.judge()
    if found := list(left_of_lists(world, people)):
        raise Broken("\n".join(found))
