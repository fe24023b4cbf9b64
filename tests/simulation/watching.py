"""What is looked at while a simulation runs: each promise that can be broken in a moment is asked for in that moment.

The servers are asked, not the bot: what was charged, what was confirmed, what was said. From the bot's database comes
only what the promise is about: whether an intent was stored before its charge, whether a confirmed update is there,
which moves its jobs made.
"""

import json
import zlib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from bot.job import MOVES, JobState
from bot.update_names import key_of
from sandbox.calls import Call
from sandbox.check_tasks import Task
from sandbox.ledger import Charge, Submit
from tests.simulation.people import SERIAL, People, serial_of, tail
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
    "CHAT_ADMIN_REQUIRED",  # who is a member is asked also where only an admin is told
)
"""What Telegram may answer in a world in which people block the bot, groups move, and the bot is killed."""
SPOKEN = frozenset({"sendMessage", "editMessageText", "sendDocument", "answerCallbackQuery"})
WORDS = ("text", "caption", "document", "reply_markup")
SEEN = ("token", "id", "state", "chat_id", "starter_id", "told_at", "task_id", "card_message_id", "list_message_id")
"""What is remembered of a job."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A stored intent."""

    attempt_id: str
    token: str
    outcome: str | None
    task_id: str | None


@dataclass(frozen=True, slots=True)
class Charged:
    """A charge, the job it was for, and the era it was made in."""

    charge: Charge
    token: str
    era: int


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
    charged: dict[str, Charged] = field(default_factory=dict)
    """By the attempt that each was made by."""
    submits: list[Sent] = field(default_factory=list)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The last that was seen of every job, by its token."""
    restored: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    """What a server saw; it is raised at the next look, since a server would answer it with 500."""
    seen_moves: int = 0
    seen_calls: int = 0
    seen_updates: int = 0

    def __post_init__(self) -> None:
        """Stand where charges, submits and confirmations are written down."""
        checker, updates = self.world.checker, self.world.telegram.updates
        charge, note, confirm = checker.charge, checker.note, updates.confirm

        def charging(numbers: tuple[str, ...], form: str = "answered") -> Task:
            task = charge(numbers, form)
            self._charged(checker.ledger[-1])
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

    def _charged(self, charge: Charge) -> None:
        """Look whether this charge was intended, asked for, and for the list that was shown."""
        attempts = self._attempts(frozenset(charge.numbers))
        self._match_anew(attempts)
        free = [one for one in attempts if one.outcome in {None, "unknown"} and one.attempt_id not in self.charged]
        if not free:
            why = "for an intent that was charged before" if attempts else "without a stored intent"
            self.broken.append(f"a charge {why}: {charge}")
            return
        self.charged[free[0].attempt_id] = Charged(charge, free[0].token, self.world.era)
        token = free[0].token
        made = sum(one.token == token for one in self.charged.values())
        if made > (allowed := self.allowed(token)):
            self.broken.append(f"job {token} was charged {made} times, people asked for {allowed}")
        self._look_at_numbers(token, charge)

    def _match_anew(self, attempts: list[Attempt]) -> None:
        """Put right which charge was for which of several lists with the same numbers: the answers have told by now."""
        by_task = {one.charge.task_id: attempt_id for attempt_id, one in self.charged.items()}
        for attempt in attempts:
            other = by_task.get(attempt.task_id or "")
            if other is None or other == attempt.attempt_id:
                continue
            mine, its = self.charged.pop(attempt.attempt_id, None), self.charged.pop(other)
            self.charged[attempt.attempt_id] = replace(its, token=attempt.token)
            if mine is not None:
                self.charged[other] = replace(mine, token=its.token)
            by_task = {one.charge.task_id: attempt_id for attempt_id, one in self.charged.items()}

    def allowed(self, token: str) -> int:
        """Say how many charges people have asked for: one for the check, one for each time they sent it again."""
        ((starter, chat_id),) = self.world.rows("SELECT starter_id, chat_id FROM jobs WHERE token = ?", token) or (
            (0, 0),
        )
        asked = {
            (one.era, one.data if one.action == "again" else "check")
            for one in self.people.presses_of(token, "check", "again")
            if self.people.may_decide(one.person_id, starter, chat_id)
        }
        return len(asked)

    def _attempts(self, numbers: frozenset[str]) -> list[Attempt]:
        """Give the attempts for exactly these numbers, latest first."""
        question = """
            SELECT attempt_id, token, outcome, attempts.task_id, job_numbers.numbers FROM attempts
            JOIN jobs ON jobs.id = attempts.job_id JOIN job_numbers ON job_numbers.job_id = jobs.id
            ORDER BY begun_at DESC
        """
        return [
            Attempt(*map(_text, row[:4]))  # type: ignore[arg-type]  # the first two are never NULL
            for row in self.world.rows(question)
            if frozenset(zlib.decompress(row[4]).decode().split()) == numbers
        ]

    def _look_at_numbers(self, token: str, charge: Charge) -> None:
        """Look whether what was charged is what the button named, and all of one place."""
        named = {one.count for one in self.people.presses_of(token, "check")}
        if charge.count not in named:
            self.broken.append(f"{charge.count} numbers were charged, the buttons named {named}")
        by_serial: defaultdict[int, set[str]] = defaultdict(set)
        for number in charge.numbers:
            by_serial[serial_of(number)].add(tail(number))
        for serial, numbers in by_serial.items():
            if frozenset(numbers) not in self.people.versions_of(serial):
                self.broken.append(f"a charge for a part of what message {serial} said")
        places = [self.people.places_of(serial) for serial in by_serial]
        if not set.intersection(*places):
            self.broken.append(f"a charge for lists of different places: {places}")

    def _submitted(self, submit: Submit) -> None:
        """Remember whose submit this may have been."""
        if submit.numbers:
            tokens = [one.token for one in self._attempts(frozenset(submit.numbers))]
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
        for found in SERIAL.finditer(said):
            serial = int(found[1] or found[2])
            owners = self.people.places_of(serial)
            if call.method == "sendDocument":
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


def _text(value: object) -> str | None:
    return None if value is None else str(value)
