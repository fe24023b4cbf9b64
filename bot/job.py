"""The job: one list on its way from reading to result. What it waits for, where it may go, and why it may end early.

The picture of the states is in ARCHITECTURE.md; its edges carry the letters of ``MOVES``.
"""

from dataclasses import dataclass
from enum import StrEnum


class JobState(StrEnum):
    """What is the job waiting for?"""

    READING = "reading"
    """For the worker to fetch and read the list."""
    CONFIRMING = "confirming"
    """For a person to say "check", to add numbers, or to name the country."""
    QUEUED = "queued"
    """For its turn to be submitted."""
    SUBMITTING = "submitting"
    """For the API to accept it. Written before the request goes out; whether money was spent is not known yet."""
    UNSURE = "unsure"
    """For a person, because nobody can know whether the submit was charged."""
    CHECKING = "checking"
    """For the API to finish the task. It is paid."""
    DELIVERING = "delivering"
    """For the chat to receive the result, which is stored, and then for the memory to hold what was found."""
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    CLOSED = "closed"
    UNDELIVERABLE = "undeliverable"


MOVES = {
    (JobState.READING, JobState.CONFIRMING): "a",
    (JobState.READING, JobState.REFUSED): "b",
    (JobState.CONFIRMING, JobState.QUEUED): "c",
    (JobState.CONFIRMING, JobState.CANCELLED): "d",
    (JobState.CONFIRMING, JobState.EXPIRED): "e",
    (JobState.QUEUED, JobState.SUBMITTING): "f",
    (JobState.QUEUED, JobState.CANCELLED): "g",
    (JobState.QUEUED, JobState.CONFIRMING): "h",
    (JobState.SUBMITTING, JobState.CHECKING): "i",
    (JobState.SUBMITTING, JobState.QUEUED): "j",
    (JobState.SUBMITTING, JobState.CONFIRMING): "k",
    (JobState.SUBMITTING, JobState.REFUSED): "l",
    (JobState.SUBMITTING, JobState.UNSURE): "m",
    (JobState.UNSURE, JobState.CHECKING): "n",
    (JobState.UNSURE, JobState.QUEUED): "o",
    (JobState.UNSURE, JobState.CLOSED): "p",
    (JobState.CHECKING, JobState.DELIVERING): "q",
    (JobState.CHECKING, JobState.FAILED): "r",
    (JobState.DELIVERING, JobState.DONE): "s",
    (JobState.DELIVERING, JobState.UNDELIVERABLE): "t",
    (JobState.UNDELIVERABLE, JobState.DELIVERING): "u",
    (JobState.QUEUED, JobState.DELIVERING): "v",
}
"""Every allowed move with its letter in the picture."""

TERMINAL = frozenset(
    {
        JobState.DONE,
        JobState.REFUSED,
        JobState.FAILED,
        JobState.CANCELLED,
        JobState.EXPIRED,
        JobState.CLOSED,
        JobState.UNDELIVERABLE,
    },
)
"""The states in which a job waits for nobody (an undeliverable one may still be delivered later)."""

CHARGED = frozenset({JobState.CHECKING, JobState.DELIVERING, JobState.DONE, JobState.FAILED, JobState.UNDELIVERABLE})
"""The states in which the API has accepted the job and its task id is known, or nothing was new (edge v)."""


class Failure(StrEnum):
    """Why did the job not go straight on? The sentence for each is in the locales."""

    NOT_TEXT = "not-text"
    EMPTY = "empty"
    TOO_BIG = "too-big"
    NO_NUMBERS = "no-numbers"
    FILE_GONE = "file-gone"
    UNREADABLE = "unreadable"
    """Reading took more memory or time than a list may."""
    TOO_SMALL = "too-small"
    """The API takes no list this small; nothing was charged."""
    WAITED_TOO_LONG = "waited-too-long"
    """Twelve hours in the queue: the moment has passed, a person is asked again. Or nobody has decided about an unsure
    list for as long as lists are kept."""
    RESTORED = "restored"
    """The database was put back from a backup: the list may have been handed over since the copy was made."""
    TRIES_USED_UP = "tries-used-up"
    """The API answered with internal errors again and again; nothing was charged."""
    REFUSED_BY_API = "refused-by-api"
    """The API said a clear no; nothing was charged."""
    CONNECTION_BROKE = "connection-broke"
    """The submit's outcome is unknown."""
    STOPPED_MIDWAY = "stopped-midway"
    """The bot itself was stopped while the submit was under way; its outcome is unknown."""
    TASK_FAILED = "task-failed"
    TASK_UNKNOWN = "task-unknown"
    TASK_STALLED = "task-stalled"
    TASK_OF_ANOTHER_LIST = "task-of-another-list"
    """Its result is no result of this list: the task was named by a person, who took the wrong one."""


class Waiting(StrEnum):
    """What holds a queued or a checking job up, in words for its progress message?"""

    MONEY = "money"
    KEY = "key"
    ADDRESS = "address"
    BUSY = "busy"
    DISK = "disk"
    """Our own disk could not take what comes of a submit."""
    UNREACHABLE = "unreachable"
    PAUSED = "paused"
    """An admin has stopped all submits."""
    RESULT = "result"
    """The task is finished and its result cannot be fetched or understood yet."""


class Asks(StrEnum):
    """Why does a list wait for its press where the chat lets lists of its size go on by themselves?"""

    PRESSED = "pressed"
    """Somebody said so."""
    EDITED = "edited"
    """Somebody else than its starter has changed it."""
    QUOTA = "quota"
    RIGHT = "right"
    """Its starter may not start checks there, or Telegram does not say so."""
    STOPPED = "stopped"
    """An admin has stopped all submits."""
    KNOWN = "known"
    """Its preview says something that a person has to see: checked before, too small, columns to choose."""
    LATE = "late"
    """The moment has passed."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a list stands with beginning by itself: one of both is set."""

    begins_at: float | None = None
    """When it begins, in seconds since 1970."""
    asks: Asks | None = None
    """Why it waits for its press."""


STAND_INS = frozenset({1087968824, 136817688, 777000})
"""Telegram's stand-ins for a group's anonymous admins and for what is written as a channel (Bot API, Message.from).

Their buttons are pressed by people under their own ids.
"""


CONTACTS = "/contacts"
"""What a list of shared contacts has for a name: each reader sees it in words. No file is called so."""


@dataclass(frozen=True, slots=True)
class Job:
    """One row of ``jobs``. Times are seconds since 1970 (UTC); counts are numbers unless said otherwise."""

    id: int
    token: str
    """Unguessable, in every button of the job."""
    state: JobState
    state_since: float
    created_at: float
    due_at: float | None
    """When the worker looks at it next; None when it waits for people or nobody."""

    chat_id: int
    thread_id: int | None
    starter_id: int
    starter_name: str
    language: str
    name: str | None
    """The file's name, or CONTACTS; None for pasted numbers."""
    list_message_id: int | None
    """The message that everything about the job replies to; None since its group became a supergroup, which numbers
    its messages anew."""
    card_message_id: int | None
    """The one message that is edited: preview, progress, final line."""
    shown: str | None
    """Digest of what that message says now."""

    region: str | None
    """The country in which national formats of this list are read."""
    left_out: bool
    """The person chose to leave numbers without a country code out."""
    choosing_country: bool
    """The person asked for more countries than the likely ones."""
    list_revision: int
    """Grows with every change of the list: a message added, edited, a country named."""
    read_revision: int
    """The revision that was read last; 0 before the first."""
    reading: str | None
    """What the preview shows, as JSON of ``numbers.Reading``."""
    valid: int
    repeated: int
    rejected: int
    adding_until: float | None
    """Until then, what ``adding_by`` sends joins this list; over when something has joined it."""
    adding_by: int | None

    failure: Failure | None
    detail: str | None
    """The API's own words about the failure."""
    tries: int
    """How often the present step has failed in a row."""
    waiting: Waiting | None
    told_at: float | None
    """When the chat heard how the job ended, or was asked the open question."""

    queued_at: float | None
    asked_by: int | None
    """Who pressed "check" or "send again"."""
    attempts: int
    """How many submits were begun."""
    submitted_at: float | None
    task_id: str | None
    task_status: str | None
    unknown_answers: int
    """How often in a row the API did not know the task."""
    done: int
    """Numbers the API has processed."""
    moved_at: float | None
    """When ``done`` or the task's status last changed."""
    amount: str | None
    """What the check costs by the API's own word, as ``0.74 USD``."""
    yes: int
    no: int
    undetermined: int
    finished_at: float | None
    """When the API's result was in our hands."""
    sending: bool
    """The result may be on its way, or in the chat already: written before the document is sent."""
    result_file_id: str | None
    """Telegram's name of the workbook that was delivered."""
    list_digest: str | None
    """Keyed hash of the numbers, whatever their order: the same numbers, the same digest."""
    forgotten_at: float | None
    """When a person had the list forgotten: its numbers, messages, name and result are gone, the counts stay."""
    delivered_to: int | None
    """The private chat that the result's file went to, where the group got the counts only."""
    counted_at: float | None
    """When the group got the counts, where the result's file goes to a person."""
    column_choice: str | None
    """The columns of the list's tables that a person has chosen, as ``part.sheet.column``, counted from 0."""
    choosing_column: bool
    """The person asked which other columns may hold the numbers."""
    pace: float | None
    """Numbers a second that the API processes of late; None until it is known."""
    known: int
    """How many of the valid numbers had a clear answer from this chat's earlier checks when the list was read."""
    to_check: int
    """How many the API is asked about, since the press: all, the new ones, or none where none is new; 0 before."""
    newly: int
    """How many of the known numbers have turned from no to yes, where all were checked again."""
    gone: int
    """How many have turned from yes to no."""
    memory_revision: int
    """Grows with every change of what is remembered in this chat, while the list is not pressed."""
    known_revision: int
    """The revision of that by which ``known`` was counted."""
    first_job_id: int | None
    """The first job of the same messages, where this one was opened again."""

    @property
    def is_file(self) -> bool:
        """Say whether the list came as a file, which has a name of its own."""
        return self.name not in {None, CONTACTS}

    @property
    def new(self) -> int:
        """Give how many of the valid numbers are not known yet."""
        return self.valid - self.known

    @property
    def recalled(self) -> int:
        """Give how many numbers of the result were not checked for it but known before; only after the press."""
        return self.valid - self.to_check

    @property
    def only_new(self) -> bool:
        """Say whether the API is not asked about all numbers; only after the press."""
        return self.to_check < self.valid

    @property
    def compares(self) -> bool:
        """Say whether numbers that were known were checked again: then the result says what has changed."""
        return self.known > 0 and self.to_check == self.valid

    @property
    def recipient_id(self) -> int | None:
        """Who gets the file where it goes to a person: the starter, or who pressed for one without a name."""
        return self.asked_by if self.starter_id in STAND_INS else self.starter_id


@dataclass(frozen=True, slots=True)
class Receipt:
    """The API has accepted a submit: what is written down outside the database before the database is told."""

    attempt_id: str
    job_token: str
    task_id: str
    at: float
    """Seconds since 1970, UTC."""
    named_by: int | None = None
    """The admin who named the task where the API's own answer was never seen."""
    numbers: int | None = None
    """How many numbers were sent: a restored database may be older than the press that chose them."""
