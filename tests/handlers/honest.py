"""Which presses on the two teams' lists may change something: the rules once more, written from what people are told.

Whatever is not honest by these rules must change nothing. Where they are in doubt, they say that a press is honest.
"""

import re
from dataclasses import dataclass

from bot.cards import Action, Press
from bot.job import Failure, Job, JobState
from bot.texts import LANGUAGES
from tests.fakes import ADMIN
from tests.handlers.two_teams import BLUE, RED, STANDINGS, Chat, Person, World

Said = tuple[Person, Chat, str | None, str]
"""Who presses, where, what the button carries, and in which shape Telegram tells of it."""
ADAS = ADMIN["id"]
WAITS = frozenset({JobState.READING, JobState.CONFIRMING})
NOT_PAID = frozenset({JobState.CONFIRMING, JobState.QUEUED})
ENDED = frozenset(JobState) - WAITS - {JobState.QUEUED, JobState.SUBMITTING, JobState.CHECKING, JobState.DELIVERING}
STATES = {
    **dict.fromkeys((Action.CHECK, Action.CHECK_NEW, Action.WAIT, Action.REGION, Action.LEAVE_OUT, Action.ADD), WAITS),
    **dict.fromkeys((Action.MORE_COUNTRIES, Action.FEWER_COUNTRIES, Action.OTHER_COLUMNS, Action.COLUMN), WAITS),
    Action.CANCEL: NOT_PAID,
    Action.CHECK_AGAIN: {JobState.DONE, JobState.UNDELIVERABLE},
    Action.SEND_AGAIN: {JobState.UNSURE},
    Action.CLOSE: {JobState.UNSURE},
    Action.OPEN_AGAIN: {JobState.EXPIRED, JobState.REFUSED, JobState.FAILED},
    Action.FORGET: (ENDED | NOT_PAID) - {JobState.UNSURE},
    Action.FILE: {JobState.UNDELIVERABLE},
}
"""In which states of a list something comes of it; what is not here only shows something."""
BY_ADMINS = frozenset({Action.SEND_AGAIN, Action.CLOSE, Action.TASK_ID, Action.USE_TASK})
"""What an admin of the bot may do in private about the list of any chat."""
OF_ADMINS = frozenset({Action.APPROVE, Action.NOT_NOW, Action.ADMIT, Action.REVOKE, Action.LET_IN})


def is_in(person: Person, chat: Chat) -> bool:
    """Say whether a person is in a chat now."""
    inside = STANDINGS.get((chat["id"], person["id"])) in {"member", "administrator"}
    return inside or bool(person["id"] in {chat["id"], ADAS})


def runs(person: Person, chat: Chat) -> bool:
    """Say whether a person is an admin of a group, or of the bot."""
    return person["id"] == ADAS or STANDINGS.get((chat["id"], person["id"])) == "administrator"


@dataclass(frozen=True, slots=True)
class Honest:
    """The rules."""

    world: World

    def may_change(self, said: Said) -> bool:
        """Say whether a press may change something."""
        person, chat, data, shape = said
        press = Press.unpack(data)
        if press is None or shape in {"inline", "nothing"}:
            return False
        if press.action is Action.LANGUAGE:
            return press.token in LANGUAGES  # whoever is heard at all may choose what they read
        if press.action is Action.COUNTRY:
            return is_in(person, chat)
        if press.action is Action.SETTING:
            return (runs(person, chat) and chat in (RED, BLUE)) or bool(person["id"] == chat["id"])
        if press.action in OF_ADMINS:
            return bool(person["id"] == chat["id"] == ADAS) and self._is_known(press)
        if press.action is Action.SAMPLE:
            return bool(person["id"] == chat["id"]) and data == Press(Action.SAMPLE, "").pack()
        if press.action is Action.FORGET_LISTED:
            press = Press(Action.FORGET, self._token_of(press.token))
        job = self.world.jobs.get(press.token)
        return job is not None and self._may_decide(person, chat, press, job) and does_something(press, job)

    def may_have(self, person: Person, data: str | None) -> bool:
        """Say whether a person may have the file in private that a button asks for."""
        press = Press.unpack(data)
        job = None if press is None else self.world.jobs.get(press.token)
        if job is None or not is_in(person, {"id": job.chat_id}):
            return False
        return bool(job.starter_id == person["id"]) or runs(person, {"id": job.chat_id})

    def _token_of(self, listed: str) -> str:
        """Give the token of the list that a button of the history names by its number."""
        job_id = listed.partition("-")[0]
        return next((job.token for job in self.world.jobs.values() if f"{job.id:x}" == job_id), "")

    def _is_known(self, press: Press) -> bool:
        if press.action in {Action.APPROVE, Action.NOT_NOW}:
            return press.token in self.world.approvals
        return press.token in self.world.requests or press.token.removeprefix("-").isdecimal()

    @staticmethod
    def _may_decide(person: Person, chat: Chat, press: Press, job: Job) -> bool:
        in_private = person["id"] == chat["id"]
        if press.action in {Action.TASK_ID, Action.USE_TASK}:
            return bool(in_private and person["id"] == ADAS)
        if in_private and person["id"] == ADAS and press.action in BY_ADMINS:
            return True
        in_its_chat = chat["id"] == job.chat_id and is_in(person, chat)
        if press.action is Action.FILE and in_private:
            in_its_chat = is_in(person, {"id": job.chat_id})
        if press.action is Action.CHECK_AGAIN:  # makes a list of their own, for whoever may start checks
            return bool(in_its_chat)
        return bool(in_its_chat) and (bool(job.starter_id == person["id"]) or runs(person, {"id": job.chat_id}))


def does_something(press: Press, job: Job) -> bool:
    """Say whether this button, with this word, is one that the list has now."""
    if press.action in {Action.TASK_ID, Action.USE_TASK}:
        return press.action is Action.USE_TASK or _number(press.word) == job.attempts
    if job.state not in STATES.get(press.action, ()):
        return False
    if press.action in {Action.CHECK, Action.CHECK_NEW}:
        return _number(press.word) == job.read_revision
    if press.action is Action.SEND_AGAIN:
        return _number(press.word) == job.attempts
    if press.action is Action.OPEN_AGAIN:
        return job.state is JobState.EXPIRED or job.failure is Failure.REFUSED_BY_API
    return True


def _number(word: str) -> int | None:
    return int(word) if re.fullmatch("[0-9]+", word) else None
