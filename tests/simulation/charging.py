"""What is charged in a simulated world: whether it was intended, asked for, and is what was shown."""

import zlib
from collections import defaultdict
from dataclasses import dataclass, field, replace

from bot.known import CLEAR, UNKNOWN
from sandbox.ledger import Charge
from tests.simulation.people import People, serial_of, tail
from tests.simulation.presses import CHECKS
from tests.simulation.world import World

LETTERS = {"y": "yes", "n": "no"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """A stored intent. ``known`` are the numbers of its list that are not sent, each with its letter."""

    attempt_id: str
    token: str
    outcome: str | None
    task_id: str | None
    chat_id: int
    listed: frozenset[str]
    known: dict[str, str]

    @property
    def sent(self) -> frozenset[str]:
        """The numbers that the API is asked about."""
        return self.listed - self.known.keys()


@dataclass(frozen=True, slots=True)
class Charged:
    """A charge, the job it was for, and the era it was made in."""

    charge: Charge
    token: str
    era: int


@dataclass
class Charges:
    """Looks at each charge in its moment."""

    world: World
    people: People
    born: dict[str, int]
    """The era that each job was first seen in."""
    broken: list[str]
    """Where to say what is wrong."""
    charged: dict[str, Charged] = field(default_factory=dict)
    """By the attempt that each was made by."""
    of_new_only: int = 0

    def note(self, charge: Charge) -> None:
        """Look whether this charge was intended, asked for, and for the list that was shown."""
        attempts = self.attempts(frozenset(charge.numbers))
        self._match_anew(attempts)
        free = [one for one in attempts if one.outcome in {None, "unknown"} and one.attempt_id not in self.charged]
        if not free:
            why = "for an intent that was charged before" if attempts else "without a stored intent"
            self.broken.append(f"a charge {why}: {charge}")
            return
        attempt, token = free[0], free[0].token
        self._look_at_numbers(attempt, charge)
        self.of_new_only += bool(attempt.known)
        self.charged[attempt.attempt_id] = Charged(charge, token, self.world.era)
        made = sum(one.token == token for one in self.charged.values())
        if made > (allowed := self.allowed(attempt)):
            self.broken.append(f"job {token} was charged {made} times, people asked for {allowed}")

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

    def allowed(self, attempt: Attempt) -> int:
        """Say how many charges people have asked for: one for the check, one for each time they sent it again."""
        token = attempt.token
        ((starter, chat_id),) = self.world.rows("SELECT starter_id, chat_id FROM jobs WHERE token = ?", token)
        asked = {
            (one.era, one.data if one.action == "again" else "check")
            for one in self.people.presses_of(token, *CHECKS, "again")
            if self.people.may_decide(one.person_id, starter, chat_id)
        }
        if self.people.let_begin(chat_id, len(attempt.listed)):
            asked.add((self.born.get(token, self.world.era), "check"))
        return len(asked)

    def attempts(self, numbers: frozenset[str]) -> list[Attempt]:
        """Give the attempts for exactly these numbers, latest first."""
        question = """
            SELECT attempt_id, token, outcome, attempts.task_id, chat_id, to_check = valid, job_numbers.numbers, codes
            FROM attempts JOIN jobs ON jobs.id = attempts.job_id JOIN job_numbers ON job_numbers.job_id = jobs.id
            LEFT JOIN job_known ON job_known.job_id = jobs.id
            ORDER BY begun_at DESC
        """
        return [one for row in self.world.rows(question) if (one := _attempt(*row)).sent == numbers]

    def _look_at_numbers(self, attempt: Attempt, charge: Charge) -> None:
        """Look whether what was charged is what the button named or need not be asked about, and all of one place."""
        wanted = ("new",) if attempt.known else CHECKS
        named = {one.count for one in self.people.presses_of(attempt.token, *wanted)}
        by_itself = not attempt.known and self.people.let_begin(attempt.chat_id, charge.count)
        if charge.count not in named and not by_itself:
            self.broken.append(f"{charge.count} numbers were charged, the buttons named {named}")
        by_serial: defaultdict[int, set[str]] = defaultdict(set)
        for number in attempt.listed:
            by_serial[serial_of(number)].add(tail(number))
        for serial, numbers in by_serial.items():
            if frozenset(numbers) not in self.people.versions_of(serial):
                self.broken.append(f"a charge for a part of what message {serial} said")
        places = [self.people.places_of(serial) for serial in by_serial]
        if not set.intersection(*places):
            self.broken.append(f"a charge for lists of different places: {places}")
        self._look_at_known(attempt)

    def _look_at_known(self, attempt: Attempt) -> None:
        """Look whether what was left out was found here before, by a check that was paid, and is true."""
        place = self.people.place_of(attempt.chat_id)
        jobs = self.world.rows("SELECT token, chat_id FROM jobs")
        here = {token for token, chat_id in jobs if place is not None and chat_id in place.chat_ids}
        paid = {number for one in self.charged.values() if one.token in here for number in one.charge.numbers}
        for number, letter in attempt.known.items():
            if LETTERS[letter] != self.world.checker.verdict_of(number):
                self.broken.append(f"{number} was taken for a {LETTERS[letter]}")
            if number not in paid and not self.world.era:
                self.broken.append(f"{number} was taken for known and was never checked here")


def _attempt(
    attempt_id: str,
    token: str,
    outcome: str | None,
    task_id: str | None,
    chat_id: int,
    is_whole: int,
    packed: bytes,
    codes: bytes | None,
) -> Attempt:
    listed = zlib.decompress(packed).decode().split()
    letters = UNKNOWN * len(listed) if codes is None or is_whole else zlib.decompress(codes).decode()
    known = {number: letter for number, letter in zip(listed, letters, strict=True) if letter in CLEAR}
    return Attempt(attempt_id, token, outcome, task_id, chat_id, frozenset(listed), known)
