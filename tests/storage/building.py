"""Jobs in every state, brought there by the methods that the program uses, and every call that storage answers."""

import itertools
import os
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.erasing import Wanted, erase
from bot.job import Failure, Job, JobState, Receipt, Waiting
from bot.numbers import pack, read_numbers, summarise
from storage.chats import Chats
from storage.database import Database
from storage.facts import Fact, Facts
from storage.forgetting import Forgetting
from storage.jobs import Jobs
from storage.list_files import ListFiles
from storage.lists import ListMessage, Lists, NewJob, StoredResult
from storage.moves import CONFIRM_SECONDS, Moves
from storage.same_lists import SameLists
from storage.submits import Attempt, Submits
from storage.tasks import Tasks
from storage.times import Times
from storage.unsure import Unsure
from storage.updates import Inbox, Incoming, UpdateState

NOW = 1_700_000_000.0
CHAT, OTHER_CHAT = -100_500, 700
ANNA, BORIS = 11, 12
TEXT = b"+79123456789\n+77011234567\n8 912"
LIST = read_numbers(TEXT)
PACKED = pack(LIST)
READING = summarise(LIST)
RESULT = StoredResult(verdicts="yn", workbook=b"the workbook", raw=None)
VERDICTS = zlib.compress(b"yn")


class Store:
    """All questions to one open database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.jobs = Jobs(database)
        self.lists = Lists(database)
        self.moves = Moves(database)
        self.submits = Submits(database)
        self.tasks = Tasks(database)
        self.inbox = Inbox(database)
        self.chats = Chats(database)
        self.facts = Facts(database)
        self.forgetting = Forgetting(database)
        self.same_lists = SameLists(database)
        self.unsure = Unsure(database)
        self.times = Times(database)
        self.message_ids = itertools.count(1)

    async def job(self, job_id: int) -> Job:
        """Give the job as it is now."""
        job = await self.jobs.get(job_id)
        assert job is not None
        return job


@dataclass
class Case:
    """A job, the message it came in, and its submit where there was one."""

    job: Job
    message: ListMessage
    attempt: Attempt = field(init=False)

    def __post_init__(self) -> None:
        self.attempt = Attempt("never-begun", self.job)


def text_message(message_id: int, content: bytes = TEXT, *, chat_id: int = CHAT, sent_at: float = NOW) -> ListMessage:
    return ListMessage(chat_id, message_id, sent_at, content)


def new_job(*, chat_id: int = CHAT, thread_id: int | None = None, name: str | None = None) -> NewJob:
    return NewJob(chat_id, thread_id, ANNA, "Anna", "en", name, None)


async def in_state(store: Store, state: JobState, *, now: float = NOW, chat_id: int = CHAT) -> Case:
    """Bring a new job into this state."""
    message = text_message(next(store.message_ids), chat_id=chat_id, sent_at=now)
    case = Case(await store.lists.open(new_job(chat_id=chat_id), message, now), message)
    for method in PATHS[state]:
        moved = await CALLS[method](store, case)
        if isinstance(moved, Attempt):
            case.attempt, moved = moved, moved.job
        assert moved is not None, f"{method} did not move a job that is {case.job.state}"
        case.job = moved
    assert case.job.state is state
    return case


_TO_CHECKING = ("read", "press", "begin_submit", "accepted")
PATHS: dict[JobState, tuple[str, ...]] = {
    JobState.READING: (),
    JobState.CONFIRMING: ("read",),
    JobState.QUEUED: ("read", "press"),
    JobState.SUBMITTING: ("read", "press", "begin_submit"),
    JobState.UNSURE: ("read", "press", "begin_submit", "unsure"),
    JobState.CHECKING: _TO_CHECKING,
    JobState.DELIVERING: (*_TO_CHECKING, "keep_result"),
    JobState.DONE: (*_TO_CHECKING, "keep_result", "delivered"),
    JobState.UNDELIVERABLE: (*_TO_CHECKING, "keep_result", "undeliverable"),
    JobState.REFUSED: ("refuse_list",),
    JobState.FAILED: (*_TO_CHECKING, "fail"),
    JobState.CANCELLED: ("read", "cancel"),
    JobState.EXPIRED: ("read", "expire"),
    JobState.CLOSED: ("read", "press", "begin_submit", "unsure", "close"),
}


async def erase_from(store: Store, job: Job, number: str = "+79123456789") -> bool | None:
    """Take a number out of a list, as it is; None where it is not on it."""
    kept = await store.forgetting.look(job.id)
    assert kept is not None
    wanted = Wanted.of(read_numbers(number).valid[0])
    erased = erase(wanted, kept.packed, kept.codes, kept.contents, kept.evidence, repeated=job.repeated)
    if erased is None:
        return None
    workbook = None if erased.codes is None else b"made anew"
    return await store.forgetting.replace(kept, erased, reading=None, name=job.name, workbook=workbook, now=NOW)


async def write_nothing_down(_receipt: Receipt) -> None:
    """Stand where the journal is."""


Call = Callable[[Store, Case], Awaitable[Any]]
LATER = NOW + CONFIRM_SECONDS

CALLS: dict[str, Call] = {
    "read": lambda s, c: s.moves.read(c.job, PACKED, READING, NOW),
    "refuse_list": lambda s, c: s.moves.refuse_list(c.job, Failure.NO_NUMBERS, None, NOW),
    "press": lambda s, c: s.moves.press(c.job, c.job.read_revision, ANNA, NOW),
    "cancel": lambda s, c: s.moves.cancel(c.job, NOW),
    "expire": lambda s, c: s.moves.expire(c.job, LATER),
    "ask_after_waiting": lambda s, c: s.moves.ask_after_waiting(c.job, NOW),
    "begin_submit": lambda s, c: s.submits.begin_submit(c.job, NOW),
    "accepted": lambda s, c: s.submits.accepted(c.attempt, "task1", "0.74 USD", NOW, NOW + 1),
    "submit_later": lambda s, c: s.submits.submit_later(
        c.attempt, Waiting.BUSY, "busy", NOW, due_at=NOW + 30, count=True
    ),
    "ask_after_submit": lambda s, c: s.submits.ask_after_submit(c.attempt, Failure.TOO_SMALL, "min 500", NOW),
    "refused_by_api": lambda s, c: s.submits.refused_by_api(c.attempt, "no", NOW),
    "unsure": lambda s, c: s.submits.unsure(c.attempt, "it broke", NOW),
    "unsure_after_stop": lambda s, c: s.submits.unsure_after_stop(NOW),
    "send_again": lambda s, c: s.submits.send_again(c.job, c.job.attempts, ANNA, NOW),
    "close": lambda s, c: s.submits.close(c.job, NOW),
    "close_unanswered": lambda s, c: s.submits.close_unanswered(NOW + 1, NOW),
    "task_known": lambda s, c: s.unsure.task_known(c.job, f"task-of-{c.job.id}", ANNA, NOW, write_nothing_down),
    "fail": lambda s, c: s.tasks.fail(c.job, Failure.TASK_FAILED, "out of stock", NOW),
    "keep_result": lambda s, c: s.tasks.keep_result(c.job, RESULT, VERDICTS, NOW),
    "delivered": lambda s, c: s.tasks.delivered(c.job, "file-id", NOW),
    "undeliverable": lambda s, c: s.tasks.undeliverable(c.job, "blocked", NOW),
    "reachable_again": lambda s, c: s.tasks.reachable_again(CHAT, NOW),
}
"""Every method that moves a job."""

STAYING: dict[str, Call] = {
    "get": lambda s, c: s.jobs.get(c.job.id),
    "by_token": lambda s, c: s.jobs.by_token(c.job.token, CHAT),
    "of_message": lambda s, c: s.jobs.of_message(CHAT, c.message.message_id),
    "of_card": lambda s, c: s.jobs.of_card(CHAT, 1),
    "pasted_just_before": lambda s, c: s.jobs.pasted_just_before(CHAT, None, ANNA, since=NOW),
    "adding": lambda s, c: s.jobs.adding(CHAT, None, ANNA, now=NOW),
    "latest": lambda s, c: s.jobs.latest(CHAT, 5),
    "unfinished": lambda s, c: s.jobs.unfinished(CHAT),
    "not_pressed": lambda s, c: s.jobs.not_pressed(CHAT),
    "take_due": lambda s, c: s.jobs.take_due(NOW, lease="one", until=NOW + 60, most=500, busy=[c.job.id + 1]),
    "settle": lambda s, c: s.jobs.settle(c.job.id, lease="one", due_at=NOW),
    "release_leases": lambda s, c: s.jobs.release_leases(NOW),
    "next_due": lambda s, c: s.jobs.next_due([c.job.id]),
    "note_shown": lambda s, c: s.jobs.note_shown(c.job.id, message_id=77, shown="digest"),
    "note_told": lambda s, c: s.jobs.note_told(c.job.id, c.job.state, NOW),
    "note_waiting": lambda s, c: s.jobs.note_waiting(c.job.id, Waiting.MONEY),
    "wake_waiting": lambda s, c: s.jobs.wake_waiting(NOW),
    "wake_longest_queued": lambda s, c: s.jobs.wake_longest_queued(NOW),
    "was_told_of_waiting": lambda s, c: s.jobs.was_told_of_waiting(CHAT, Waiting.MONEY),
    "move_chat": lambda s, c: s.jobs.move_chat(-1, -2),
    "open": lambda s, c: s.lists.open(new_job(), c.message, NOW),
    "open_changed": lambda s, c: s.lists.open_changed(c.job, new_job(), c.message, NOW),
    "join": lambda s, c: s.lists.join(c.job.id, text_message(c.message.message_id + 100_000), NOW),
    "edit": lambda s, c: s.lists.edit(text_message(c.message.message_id, b"+79123456780"), NOW + 1, NOW + 2),
    "messages": lambda s, c: s.lists.messages(c.job.id),
    "keep_file": lambda s, c: ListFiles(s.database).keep(c.message, Path(__file__)),
    "give_file": lambda s, c: ListFiles(s.database).give(c.message, Path(os.devnull)),
    "drop_message": lambda s, c: s.lists.drop_message(c.job, text_message(c.message.message_id + 100_000), NOW),
    "numbers": lambda s, c: s.lists.numbers(c.job.id),
    "result": lambda s, c: s.lists.result(c.job.id),
    "set_region": lambda s, c: s.lists.set_region(c.job.id, "RU", NOW),
    "leave_out": lambda s, c: s.lists.leave_out(c.job.id, NOW),
    "choose_country": lambda s, c: s.lists.choose_country(c.job.id, more=True, now=NOW),
    "await_more": lambda s, c: s.lists.await_more(c.job.id, ANNA, NOW + 60, NOW),
    "open_again": lambda s, c: s.lists.open_again(c.job, NOW, language="en", person=(ANNA, "Anna")),
    "purge_lists": lambda s, c: s.lists.purge(NOW - 1),
    "note_progress": lambda s, c: s.tasks.note_progress(c.job, status="processing", done=1, amount=None, now=NOW),
    "note_unknown_answer": lambda s, c: s.tasks.note_unknown_answer(c.job),
    "note_hitch": lambda s, c: s.tasks.note_hitch(c.job, None),
    "begin_sending": lambda s, c: s.tasks.begin_sending(c.job),
    "not_sent": lambda s, c: s.tasks.not_sent(c.job),
    "store": lambda s, c: s.inbox.store([Incoming(f"message:{c.job.id}", CHAT, {"update_id": 1})], NOW),
    "waiting": lambda s, c: s.inbox.waiting(),
    "note_try": lambda s, c: s.inbox.note_try(1, "flood"),
    "finish": lambda s, c: s.inbox.finish(1, UpdateState.ACTED, NOW),
    "quarantine": lambda s, c: s.inbox.quarantine("broken:1", "{}", NOW, "no id"),
    "purge_updates": lambda s, c: s.inbox.purge(NOW),
    "region": lambda s, c: s.chats.region(CHAT),
    "set_chat_region": lambda s, c: s.chats.set_region(CHAT, "RU"),
    "move_settings": lambda s, c: s.chats.move(-1, -2),
    "language": lambda s, c: s.chats.language(ANNA),
    "set_language": lambda s, c: s.chats.set_language(ANNA, "ru"),
    "is_to_be_answered": lambda s, c: s.chats.is_to_be_answered(ANNA, NOW, silent_seconds=60),
    "note_turned_away": lambda s, c: s.chats.note_turned_away(ANNA, NOW),
    "get_fact": lambda s, c: s.facts.get(Fact.PACE, NOW),
    "keep_fact": lambda s, c: s.facts.keep(Fact.PACE, 12.5),
    "same_lists": lambda s, c: s.same_lists.of(replace(c.job, list_digest="digest"), since=NOW),
    "kept": lambda s, c: s.forgetting.kept(CHAT, 5),
    "all_kept": lambda s, c: s.forgetting.all_kept(),
    "look": lambda s, c: s.forgetting.look(c.job.id),
    "replace": lambda s, c: erase_from(s, c.job),
    "forget_nothing": lambda s, c: s.forgetting.forget(replace(c.job, id=0), NOW),
    "blank_others": lambda s, c: s.forgetting.blank_others(lambda told: told == "never"),
    "blank_command": lambda s, c: s.forgetting.blank_command(CHAT, 1),
    "queued": lambda s, c: s.jobs.queued(),
    "of_all_chats": lambda s, c: s.unsure.of_all_chats(),
    "in_any_chat": lambda s, c: s.unsure.in_any_chat(c.job.token),
    "was_asked": lambda s, c: s.unsure.was_asked(c.job, CHAT),
    "was_named": lambda s, c: s.unsure.was_named(c.job),
    "set_back": lambda s, c: s.times.set_back(NOW, 60),
    "slept": lambda s, c: s.times.slept(NOW),
    "note_asked": lambda s, c: s.unsure.note_asked(c.job, CHAT, NOW),
    "lacks_balance_after": lambda s, c: s.unsure.lacks_balance_after(c.job),
    "keep_balance_after": lambda s, c: s.unsure.keep_balance_after(c.job, Decimal(20), NOW),
    "balances": lambda s, c: s.unsure.balances(c.job),
    "await_task": lambda s, c: s.unsure.await_task(ANNA, c.job, NOW),
    "note_prompt": lambda s, c: s.unsure.note_prompt(ANNA, c.job, 5),
    "note_offered": lambda s, c: s.unsure.note_offered(ANNA, c.job, "task1"),
    "awaited_by_prompt": lambda s, c: s.unsure.awaited_by_prompt(ANNA, 5),
    "awaited_of_job": lambda s, c: s.unsure.awaited_of_job(ANNA, c.job.token),
    "awaited_last": lambda s, c: s.unsure.awaited_last(ANNA),
    "forget_fact": lambda s, c: s.facts.forget(Fact.MINIMUM),
}
"""Every method that leaves the state of a job as it is."""
