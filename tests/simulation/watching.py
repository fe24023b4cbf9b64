"""What is looked at while a simulation runs: each promise that can be broken in a moment is asked for in that moment.

The servers are asked, not the bot: what was charged, what was confirmed, what was said. From the bot's database comes
only what the promise is about: whether an intent was stored before its charge, whether a confirmed update is there,
which moves its jobs made.
"""

import json
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from bot.job import MOVES, JobState
from bot.update_names import key_of
from sandbox.calls import Call
from sandbox.check_tasks import Task
from sandbox.ledger import Submit
from tests.simulation.charging import Charges
from tests.simulation.people import SERIAL, People
from tests.simulation.results import untruths
from tests.simulation.world import Broken, World

ALLOWED_REFUSALS = (
    "bot was blocked",
    "bot was kicked",
    "not a member",
    "upgraded to a supergroup",
    "CHAT_WRITE_FORBIDDEN",
    "Too Many Requests",
    "query is too old",
    "message is not modified",
    "terminated by other getUpdates",
    "no text in the message to edit",  # an old button is pressed under a file, or under what a person wrote
    "message can't be edited",
    "CHAT_ADMIN_REQUIRED",  # who is a member is asked also where only an admin is told
)
"""What Telegram may answer in a world in which people block the bot, groups move, and the bot is killed."""
SPOKEN = frozenset({"sendMessage", "editMessageText", "sendDocument", "answerCallbackQuery"})
WORDS = ("text", "caption", "document", "reply_markup")
SEEN = ("token", "id", "state", "chat_id", "starter_id", "told_at", "task_id", "card_message_id", "list_message_id")
"""What is remembered of a job."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A submit that reached the API, and the jobs it can have been for."""

    submit: Submit
    tokens: tuple[str, ...]
    era: int


@dataclass
class Watch:
    """Looks, remembers, and raises where a promise is broken."""

    world: World
    people: People
    submits: list[Sent] = field(default_factory=list)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The last that was seen of every job, by its token."""
    restored: dict[str, int] = field(default_factory=dict)
    born: dict[str, int] = field(default_factory=dict)
    """The era that each job was first seen in."""
    broken: list[str] = field(default_factory=list)
    """What a server saw; it is raised at the next look, since a server would answer it with 500."""
    seen_moves: int = 0
    seen_calls: int = 0
    seen_updates: int = 0

    def __post_init__(self) -> None:
        """Stand where charges, submits and confirmations are written down."""
        self.charges = Charges(self.world, self.people, self.born, self.broken)
        checker, updates = self.world.checker, self.world.telegram.updates
        charge, note, confirm = checker.charge, checker.note, updates.confirm

        def charging(numbers: tuple[str, ...], form: str = "answered") -> Task:
            task = charge(numbers, form)
            self.charges.note(checker.ledger[-1])
            return task

        def noting(record: Any) -> None:
            note(record)
            if isinstance(record, Submit):
                self._submitted(record)

        def confirming(offset: int) -> None:
            confirm(offset)
            self._confirmed()

        vars(checker).update(charge=charging, note=noting)
        vars(updates).update(confirm=confirming)

    # in the very moment

    def _submitted(self, submit: Submit) -> None:
        """Remember whose submit this may have been."""
        if submit.numbers:
            tokens = [one.token for one in self.charges.attempts(frozenset(submit.numbers))]
        else:
            tokens = [str(row[0]) for row in self.world.rows("SELECT token FROM jobs WHERE state = 'submitting'")]
        self.submits.append(Sent(submit, tuple(tokens), self.world.era))

    def _confirmed(self) -> None:
        """Look whether what Telegram will not give again is stored (invariant 3)."""
        confirmed = self.world.telegram.updates.confirmed
        new = [one for one in confirmed[self.seen_updates :] if self._is_for_us(one)]
        self.seen_updates = len(confirmed)
        if not new:
            return
        rows = self.world.rows("SELECT key, raw FROM updates ORDER BY id DESC LIMIT 250")
        stored = [_known(str(raw)) for _, raw in rows]
        known = {one for ids in stored for one in ids}
        blank = {key for (key, _), ids in zip(rows, stored, strict=True) if "{}" in ids}
        for one in new:
            if one["update_id"] not in known and content(one) not in known and key_of(one) not in blank:
                self.broken.append(f"an update was confirmed and is not stored: {one}")

    def _is_for_us(self, update: dict[str, Any]) -> bool:
        message = update.get("message") or update.get("edited_message") or {}
        if (message.get("chat") or {}).get("type") not in {"group", "supergroup"}:
            return True
        return "@number_check_bot" in str(message.get("text", message.get("caption", "")))

    # after each step

    def look(self) -> None:
        """Look at all that has happened since the last look."""
        if self.broken:
            raise Broken("; ".join(self.broken))
        self._look_at_moves()
        self._look_at_calls()
        self._look_around()

    def _look_at_moves(self) -> None:
        """Look whether each job went where it may go, and no ended update was touched (invariants 4 and 8)."""
        rows = self.world.rows("SELECT rowid, job_id, old, new FROM history WHERE rowid > ?", self.seen_moves)
        for number, job_id, old, new in rows:
            self.seen_moves = int(str(number))
            if int(str(job_id)) < 0:
                raise Broken(f"an update that had ended as {old} became {new}")
            if (JobState(str(old)), JobState(str(new))) not in MOVES:
                raise Broken(f"job {job_id} went from {old} to {new}")
        for row in self.world.rows(f"SELECT {', '.join(SEEN)} FROM jobs"):  # noqa: S608  (names of columns)
            job = dict(zip(SEEN, row, strict=True))
            before = self.jobs.get(str(row[0]), {})
            for kind in ("card", "list"):
                here = (job["chat_id"], job[f"{kind}_message_id"])
                job[kind] = before.get(kind, frozenset()) | {here}  # a group that moves forgets its messages
            self.jobs[str(row[0])] = job
            self.born.setdefault(str(row[0]), self.world.era)

    def begin_an_era(self) -> None:
        """Begin anew with the moves of a database that was put back; what was pressed may be handled, or once more."""
        stored = self.world.rows("SELECT raw FROM updates WHERE state = 'waiting'")
        waiting = [one.update for one in self.world.telegram.updates.waiting]
        waiting += [json.loads(raw) for (raw,) in stored]
        pressed = {one["callback_query"].get("data") for one in waiting if "callback_query" in one}
        here = [one for one in self.people.presses if one.data in pressed]
        self.people.presses += [replace(one, era=self.world.era) for one in here]
        self.seen_moves = int(str(self.world.rows("SELECT coalesce(max(rowid), 0) FROM history")[0][0]))
        for (token,) in self.world.rows("SELECT token FROM jobs"):
            self.restored[str(token)] = self.world.era

    def _look_at_calls(self) -> None:
        calls = self.world.telegram.calls
        for call in calls[self.seen_calls :]:
            if not call.ok and call.fault is None and not any(one in str(call.description) for one in ALLOWED_REFUSALS):
                raise Broken(f"Telegram refused {call.method}: {call.description}")
            if call.method in SPOKEN:
                self._look_at_words(call)
        self.seen_calls = len(calls)

    def _look_at_words(self, call: Call) -> None:
        """Look whether what is said in a chat is of that chat (invariant 10)."""
        chat_id = call.params.get("chat_id")
        if call.method == "answerCallbackQuery":
            query = self.world.telegram.state.queries.get(str(call.params.get("callback_query_id")))
            chat_id = query.message.chat.id if query else None
        place = self.people.place_of(int(str(chat_id))) if chat_id is not None else None
        said = json.dumps([call.params.get(name) for name in WORDS], ensure_ascii=False)
        if call.method == "sendDocument" and isinstance(call.result, dict):
            message = self.world.telegram.state.chats[int(str(chat_id))].messages[call.result["message_id"]]
            said += (message.data or b"").decode("utf-8", "replace")
            self.broken += untruths(message, self.world.checker)
        for found in SERIAL.finditer(said):
            serial = int(found[1] or found[2])
            owners = self.people.places_of(serial)
            if call.method == "sendDocument" or "<pre>" in said:  # the table of a result's countries is as its file
                owners |= self.people.takers_of(serial)
            if owners and (place is None or place.name not in owners):
                raise Broken(f"what belongs to {owners} was said in {place and place.name}: {said[:300]}")

    def sums(self) -> dict[str, int]:
        """Count what there was."""
        world = self.world
        return {
            "runs": 1,
            "things done": len(world.told),
            "lists": len(self.jobs),
            "presses": len(self.people.presses),
            "submits": len(self.submits),
            "charges": len(world.checker.ledger),
            "of new numbers only": self.charges.of_new_only,
            "for free": len(world.rows("SELECT 1 FROM jobs WHERE state = 'done' AND task_id IS NULL")),
            "files sent": sum(call.method == "sendDocument" and call.ok for call in world.telegram.calls),
            "faults": len(world.weather.struck),
            "starts": world.lives,
            "kills": len(world.kills),
        }

    def _look_around(self) -> None:
        checker, world = self.world.checker, self.world
        refused = [one for one in checker.refused if one.status not in {401, 404}]
        signs: dict[str, list[Any]] = {
            "the checking API refused a request": refused,
            "the API key was seen elsewhere": checker.leaks,
            "something went wrong in a way nobody thought of": world.errors.tracebacks,
            "nobody caught an error": [one for one in world.loop.errors if "exception" in one],
        }
        for sign, found in signs.items():
            if found:
                raise Broken(f"{sign}: {found[:3]}")


@lru_cache(1000)
def _known(raw: str) -> tuple[Any, str]:
    """Give the number of a stored update, and what it is without it."""
    update = json.loads(raw)
    return update.get("update_id"), content(update)


def content(update: dict[str, Any]) -> str:
    """Give an update without its number: the same one may come under two."""
    return json.dumps({key: value for key, value in update.items() if key != "update_id"}, sort_keys=True)
