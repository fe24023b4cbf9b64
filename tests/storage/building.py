"""Jobs in every state, brought there by the methods that the program uses, and every call that storage answers."""

import itertools
import os
import zlib
from array import array
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import update

from bot.approvals import Decision
from bot.erasing import Wanted, erase
from bot.job import Asks, Failure, Job, JobState, Receipt, Waiting
from bot.known import Known
from bot.numbers import pack, read_numbers, summarise
from bot.parts import Format
from bot.quotas import Quota, Quotas, Scope, Span
from bot.searching import search_for
from storage.access import Accesses
from storage.access_cards import AccessCards
from storage.access_requests import AccessRequests, KeptList, NewRequest
from storage.access_requests import Decision as Answer
from storage.approvals import Approvals, Asker
from storage.beginnings import Beginnings
from storage.chat_settings import ChatSettings, Consent
from storage.chats import Chats
from storage.column_choices import ColumnChoices
from storage.database import Database
from storage.facts import Fact, Facts
from storage.forgetting import Forgetting
from storage.groups import Groups, ResultsTo, WhoSpends
from storage.history import History
from storage.jobs import Jobs
from storage.list_files import ListFiles
from storage.lists import ListMessage, Lists, NewJob, StoredResult
from storage.memory import Memory
from storage.moves import CONFIRM_SECONDS, Moves
from storage.quotas import UsedQuotas
from storage.retention import Retention
from storage.same_lists import SameLists
from storage.schema import jobs
from storage.spend import Spent
from storage.submits import Attempt, Submits
from storage.supergroups import Supergroups
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
NAME = b"name of a number"
KNOWN = Known("y-", array("H", [19_000, 0]))
FAR = Quotas(*[10**9] * 6)
"""Quotas that nothing here reaches: each press asks what is used of them."""
ADA = Asker(13, "Ada")


class Store:
    """All questions to one open database."""

    def __init__(self, database: Database, quotas: Quotas = FAR) -> None:
        self.database = database
        self.jobs = Jobs(database)
        self.lists = Lists(database)
        self.moves = Moves(database, quotas)
        self.submits = Submits(database, quotas)
        self.approvals = Approvals(database, quotas)
        self.used = UsedQuotas(database)
        self.spent = Spent(database)
        self.tasks = Tasks(database)
        self.inbox = Inbox(database)
        self.chats = Chats(database)
        self.facts = Facts(database)
        self.forgetting = Forgetting(database)
        self.history = History(database)
        self.same_lists = SameLists(database)
        self.retention = Retention(database)
        self.memory = Memory(database)
        self.unsure = Unsure(database)
        self.groups = Groups(database)
        self.chat_settings = ChatSettings(database)
        self.beginnings = Beginnings(database, quotas)
        self.supergroups = Supergroups(database)
        self.accesses = Accesses(database)
        self.requests = AccessRequests(database)
        self.access_cards = AccessCards(database)
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
    erased = erase(wanted, kept.packed, kept.codes, kept.parts, kept.evidence, repeated=job.repeated)
    if erased is None:
        return None
    workbook = None if erased.codes is None else b"made anew"
    return await store.forgetting.replace(kept, erased, reading=None, name=job.name, workbook=workbook, now=NOW)


EVE, SALES = 66, -100_600


def asks(chat_id: int = EVE, *, by: int = EVE, leave_at: float | None = None) -> NewRequest:
    """What is known of Eve, who asks for herself or for a group."""
    return NewRequest(chat_id, "Sales" if chat_id < 0 else None, by, "Eve", "eve", "en", leave_at)


def kept(message_id: int, chat_id: int = EVE, *, file_id: str = "f") -> KeptList:
    """A file that came with a question."""
    return KeptList(chat_id, message_id, None, EVE, "Eve", "en", "base.txt", file_id, 1000, NOW + message_id)


async def knock(store: Store, case: Case) -> None:
    """Ask everything that is asked about who may use the bot."""
    number = next(store.message_ids)
    chat_id, group_id = 1_000_000 + number, -1_000_000 - number
    asked = await store.requests.ask(asks(chat_id), kept(number, chat_id), NOW)
    assert asked is not None
    await store.requests.edit_kept(chat_id, number, "g", "new.txt", None)
    await store.requests.note_answered(asked.id, NOW)
    await store.access_cards.to_show()
    await store.access_cards.shown_since(NOW)
    await store.access_cards.note_card(asked.id, 13, None)
    await store.access_cards.can_be_reached(13)
    await store.access_cards.note_card(asked.id, 13, 5)
    await store.access_cards.note_shown(asked.id, None, NOW)
    await store.requests.open_ones(skip=0, most=8)
    await store.requests.count_open()
    await store.requests.decide(asked.token, Answer.APPROVED, (13, "Ada"), NOW)
    assert asked.id in [one.id for one in await store.access_cards.unfinished()]
    await store.access_cards.note_told(asked.id, NOW)
    await store.access_cards.cards(asked.id)
    await store.access_cards.drop_card(asked.id, 13)
    for one in await store.access_cards.kept(asked.id):
        await store.access_cards.drop_kept(one)
    await store.accesses.known(EVE, chat_id)
    assert await store.accesses.revoke(chat_id, 13, NOW)
    entry = await store.accesses.kept_out(chat_id)
    assert entry is not None
    await store.requests.let_in_again(entry, "en", (13, "Ada"), NOW)
    added = await store.requests.ask(asks(group_id, leave_at=NOW), None, NOW)
    assert added is not None
    await store.requests.get(added.token)
    await store.access_cards.to_leave(NOW)
    await store.access_cards.next_leave()
    await store.access_cards.leave_later(added, NOW + 1)
    await store.access_cards.is_over(added, NOW)
    await store.requests.no_longer_there(group_id, NOW)
    await store.requests.admit(asks(group_id), NOW, tell=True)
    await store.access_cards.hold(NOW)
    await store.accesses.entries(skip=0, most=8)
    await store.accesses.counts()
    await store.accesses.was_seen(group_id, EVE, NOW)
    await store.accesses.groups_of(EVE, [CHAT])
    await store.accesses.taking_files([CHAT])
    await store.accesses.is_gone(group_id, EVE)
    await store.accesses.let_in(group_id, "Sales", 13, NOW)
    await store.requests.purge(NOW + 1)
    await store.accesses.purge(NOW + 1)


async def ask(store: Store, case: Case) -> Any:
    """Ask the admins about a list; what is asked is no move."""
    return await store.approvals.ask(case.job, case.job.read_revision, Asker(ANNA, "Anna"), NOW)


async def approve(store: Store, case: Case) -> Any:
    """Ask the admins about a list, and let one of them say yes."""
    revision = case.job.read_revision
    await ask(store, case)
    return await store.approvals.approve(case.job.id, revision, ADA, NOW)


async def begin(store: Store, case: Case) -> Any:
    """Let a list begin by itself in a chat that lets short ones."""
    await store.chat_settings.consent(case.job.chat_id, Consent(100, ANNA, "Anna", case.job.created_at))
    await store.beginnings.plan(case.job, NOW)
    return await store.beginnings.begin(await store.job(case.job.id), NOW)


async def decline(store: Store, case: Case) -> Any:
    """Ask the admins about a list, remember who was asked, and let one of them say no."""
    asked = await ask(store, case)
    if asked is None:
        return None
    await store.approvals.note_card(asked[0], 13, None)
    await store.approvals.reachable(13, NOW)
    await store.approvals.note_card(asked[0], 13, 5)
    found = await store.approvals.of_token(asked[0].token)
    declined = found and await store.approvals.decline(found, ADA, NOW)
    (left,) = await store.approvals.unsettled(case.job.id)
    await store.approvals.note_told(left, NOW)
    await store.approvals.drop_card(left, 13)
    await store.approvals.end(left, Decision.OVER, NOW)
    await store.approvals.cards(left)
    return declined


async def used(store: Store, case: Case) -> None:
    """Ask what is used of each kind of quota."""
    for scope in Scope:
        for span in Span:
            await store.used.of(Quota(scope, span, 1), chat_id=case.job.chat_id, person_id=ANNA, now=NOW)


async def write_nothing_down(_receipt: Receipt) -> None:
    """Stand where the journal is."""


async def keep_known(store: Store, case: Case) -> Any:
    """Let a queued list hold nothing new, and keep what is known of it."""
    nothing_new = update(jobs).where(jobs.c.id == case.job.id, jobs.c.state == JobState.QUEUED)
    async with store.database.write() as connection:
        await connection.execute(nothing_new.values(known=jobs.c.valid, to_check=0))
    assert await store.submits.begin_submit(case.job, NOW) is None or case.job.state is not JobState.QUEUED
    return await store.tasks.keep_known(case.job, RESULT, VERDICTS, NOW)


Call = Callable[[Store, Case], Awaitable[Any]]
LATER = NOW + CONFIRM_SECONDS

CALLS: dict[str, Call] = {
    "read": lambda s, c: s.moves.read(c.job, PACKED, READING, NOW),
    "refuse_list": lambda s, c: s.moves.refuse_list(c.job, Failure.NO_NUMBERS, None, NOW),
    "press": lambda s, c: s.moves.press(c.job, c.job.read_revision, ANNA, NOW),
    "begin": begin,
    "approve": approve,
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
    "keep_known": keep_known,
    "keep_result": lambda s, c: s.tasks.keep_result(c.job, RESULT, VERDICTS, NOW),
    "delivered": lambda s, c: s.tasks.delivered(c.job, NOW),
    "undeliverable": lambda s, c: s.tasks.undeliverable(c.job, "blocked", NOW),
    "fetched": lambda s, c: s.tasks.fetched(c.job, ANNA, NOW),
    "reachable_again": lambda s, c: s.tasks.reachable_again(CHAT, NOW),
}
"""Every method that moves a job."""

STAYING: dict[str, Call] = {
    "get": lambda s, c: s.jobs.get(c.job.id),
    "by_token": lambda s, c: s.jobs.by_token(c.job.token, CHAT),
    "job_in_any_chat": lambda s, c: s.jobs.in_any_chat(c.job.token),
    "of_message": lambda s, c: s.jobs.of_message(CHAT, c.message.message_id),
    "of_card": lambda s, c: s.jobs.of_card(CHAT, 1),
    "pasted_just_before": lambda s, c: s.jobs.pasted_just_before(CHAT, None, ANNA, since=NOW),
    "adding": lambda s, c: s.jobs.adding(CHAT, None, ANNA, now=NOW),
    "page_of_history": lambda s, c: s.history.page(CHAT, search_for("3 nov", NOW), first=9, most=5),
    "one_of_history": lambda s, c: s.history.one(CHAT, c.job.id),
    "kept_of_history": lambda s, c: s.history.kept(c.job),
    "queued_before": lambda s, c: s.jobs.queued_before(c.job),
    "unfinished": lambda s, c: s.jobs.unfinished(CHAT),
    "not_pressed": lambda s, c: s.jobs.not_pressed(CHAT),
    "take_due_tasks": lambda s, c: s.jobs.take_due(NOW, lease="one", until=NOW + 60, most={(JobState.CHECKING,): 5}),
    "take_due": lambda s, c: s.jobs.take_due(NOW, lease="one", until=NOW + 60, most=500, busy=[c.job.id + 1]),
    "settle": lambda s, c: s.jobs.settle(c.job.id, lease="one", due_at=NOW),
    "spread_tasks": lambda s, c: s.jobs.spread_tasks(NOW, a_second=10),
    "release_leases": lambda s, c: s.jobs.release_leases(NOW),
    "next_due": lambda s, c: s.jobs.next_due([c.job.id]),
    "note_shown": lambda s, c: s.jobs.note_shown(c.job, message_id=77, shown="digest"),
    "note_told": lambda s, c: s.jobs.note_told(c.job, NOW),
    "note_waiting": lambda s, c: s.jobs.note_waiting(c.job.id, Waiting.MONEY),
    "wake_waiting": lambda s, c: s.jobs.wake_waiting(NOW),
    "wake_longest_queued": lambda s, c: s.jobs.wake_longest_queued(NOW),
    "was_told_of_waiting": lambda s, c: s.jobs.was_told_of_waiting(CHAT, Waiting.MONEY),
    "take_over": lambda s, c: s.supergroups.take_over(-1, -2, NOW),
    "open": lambda s, c: s.lists.open(new_job(), c.message, NOW),
    "open_changed": lambda s, c: s.lists.open_changed(c.job, new_job(), c.message, NOW),
    "join": lambda s, c: s.lists.join(c.job.id, text_message(c.message.message_id + 100_000), NOW),
    "edit": lambda s, c: s.lists.edit(text_message(c.message.message_id, b"+79123456780"), NOW + 1, NOW + 2),
    "messages": lambda s, c: s.lists.messages(c.job.id),
    "keep_file": lambda s, c: ListFiles(s.database).keep(c.message, Path(__file__)),
    "give_file": lambda s, c: ListFiles(s.database).give(c.message, Path(os.devnull)),
    "drop_message": lambda s, c: s.lists.drop_message(c.job, text_message(c.message.message_id + 100_000), NOW),
    "holds_any": lambda s, c: s.memory.holds_any(CHAT, since=NOW),
    "recall": lambda s, c: s.memory.recall(CHAT, [NAME], since=NOW),
    "find": lambda s, c: s.memory.find(CHAT, NAME, since=NOW),
    "remember": lambda s, c: s.memory.remember(c.job, [(NAME, "y")]),
    "known": lambda s, c: s.memory.known(c.job.id),
    "keep_again": lambda s, c: s.memory.keep_again(c.job, KNOWN, NOW, differs=True),
    "forget_number": lambda s, c: s.memory.forget_number(NAME, NOW),
    "numbers": lambda s, c: s.lists.numbers(c.job.id),
    "result": lambda s, c: s.lists.result(c.job.id),
    "set_region": lambda s, c: s.lists.set_region(c.job.id, "RU", NOW),
    "leave_out": lambda s, c: s.lists.leave_out(c.job.id, NOW),
    "choose_country": lambda s, c: s.lists.choose_country(c.job.id, more=True, now=NOW),
    "show_columns": lambda s, c: ColumnChoices(s.database).show(c.job, others=True, now=NOW),
    "choose_column": lambda s, c: ColumnChoices(s.database).choose(c.job, "0.0.2", NOW),
    "await_more": lambda s, c: s.lists.await_more(c.job.id, ANNA, NOW + 60, NOW),
    "open_again": lambda s, c: s.lists.open_again(c.job, NOW, language="en", person=(ANNA, "Anna")),
    "purge_lists": lambda s, c: s.retention.purge(NOW - 1, 0.0),
    "note_progress": lambda s, c: s.tasks.note_progress(
        c.job, status="processing", done=1, amount=None, pace=0.5, now=NOW
    ),
    "note_unknown_answer": lambda s, c: s.tasks.note_unknown_answer(c.job),
    "note_hitch": lambda s, c: s.tasks.note_hitch(c.job, None),
    "arrived": lambda s, c: s.tasks.arrived(c.job, "file-id"),
    "verdicts": lambda s, c: s.lists.verdicts(c.job.id),
    "begin_sending": lambda s, c: s.tasks.begin_sending(c.job),
    "not_sent": lambda s, c: s.tasks.not_sent(c.job),
    "handed_over": lambda s, c: s.tasks.handed_over(c.job, "file-id", ANNA),
    "counted": lambda s, c: s.tasks.counted(c.job, NOW),
    "store": lambda s, c: s.inbox.store([Incoming(f"message:{c.job.id}", CHAT, {"update_id": 1})], NOW),
    "waiting": lambda s, c: s.inbox.waiting(),
    "note_try": lambda s, c: s.inbox.note_try(1, "flood"),
    "finish": lambda s, c: s.inbox.finish(1, UpdateState.ACTED, NOW),
    "quarantine": lambda s, c: s.inbox.quarantine("broken:1", "{}", NOW, "no id"),
    "purge_updates": lambda s, c: s.inbox.purge(NOW),
    "region": lambda s, c: s.chats.region(CHAT),
    "set_chat_region": lambda s, c: s.chats.set_region(CHAT, "RU"),
    "group_settings": lambda s, c: s.groups.settings(CHAT),
    "chosen": lambda s, c: s.chat_settings.of(CHAT),
    "set_file_format": lambda s, c: s.chat_settings.set_file_format(CHAT, Format.CSV),
    "set_picture": lambda s, c: s.chat_settings.set_picture(CHAT, always=True),
    "set_retention": lambda s, c: s.chat_settings.set_retention(CHAT, 7),
    "consent": lambda s, c: s.chat_settings.consent(CHAT, Consent(100, ANNA, "Anna", NOW)),
    "ask_always": lambda s, c: s.chat_settings.ask_always(CHAT),
    "beginning": lambda s, c: s.beginnings.of(c.job.id),
    "plan_beginning": lambda s, c: s.beginnings.plan(c.job, NOW),
    "ask_before_beginning": lambda s, c: s.beginnings.ask(c.job, Asks.QUOTA),
    "wait": lambda s, c: s.beginnings.wait(c.job.id, Asks.PRESSED, NOW),
    "set_who_spends": lambda s, c: s.groups.set_who_spends(CHAT, WhoSpends.NAMED),
    "set_results_to": lambda s, c: s.groups.set_results_to(CHAT, ResultsTo.STARTER),
    "set_takes_files": lambda s, c: s.groups.set_takes_files(CHAT, takes=True),
    "spenders": lambda s, c: s.groups.spenders(CHAT),
    "is_spender": lambda s, c: s.groups.is_spender(CHAT, ANNA),
    "allow": lambda s, c: s.groups.allow(CHAT, ANNA, "Anna"),
    "disallow": lambda s, c: s.groups.disallow(CHAT, ANNA),
    "note_name": lambda s, c: s.chats.note_name(ANNA, "Anna"),
    "note_title": lambda s, c: s.chats.note_title(CHAT, "Team"),
    "title": lambda s, c: s.chats.title(CHAT),
    "knock": knock,
    "latest_approval": lambda s, c: s.approvals.latest(c.job.id),
    "decline": decline,
    "used": used,
    "spent_everywhere": lambda s, c: s.spent.in_month(0.0, chat_id=None),
    "spent_here": lambda s, c: s.spent.in_month(0.0, chat_id=CHAT),
    "language": lambda s, c: s.chats.language(ANNA),
    "spoken": lambda s, c: s.chats.spoken(ANNA),
    "note_language_code": lambda s, c: s.chats.note_language_code(ANNA, "ru"),
    "forget_language_codes": lambda s, c: s.chats.forget_language_codes(NOW, [ANNA]),
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
