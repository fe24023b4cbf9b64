"""The worker with all its steps, real storage, a real bot and both sandbox servers, in one process and by one clock."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from aiogram import Bot

from bot.account import Bounds
from bot.approving import Approving
from bot.asking import Asking
from bot.balances import Balances
from bot.beginning import BeginningByItself
from bot.check_api import CheckApi, open_check_api
from bot.checking import Checking
from bot.chores import Chore
from bot.composing import Composing
from bot.confirming import Confirming
from bot.delivering import Delivering
from bot.fetching import CLOUD_LIMIT_MB, Files
from bot.handing_over import HandingOver
from bot.job import TERMINAL, Job, JobState
from bot.known import MOST_DAYS
from bot.limits import Limits
from bot.list_key import load_list_key
from bot.list_parts import ending_of
from bot.messenger import Messenger
from bot.pausing import Pausing
from bot.picturing import Picturing
from bot.receipts import Receipts
from bot.remembering import Remembering
from bot.rights import Rights
from bot.sending import Sending
from bot.settings import Settings
from bot.showing import Showing
from bot.submitting import Submitting
from bot.telegram import open_bot
from bot.texts import load_texts
from bot.windows import Window
from bot.worker import Worker
from sandbox.chats import Message, Person
from sandbox.check_api import CheckServer
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.telegram_api import TelegramServer
from storage.database import Database, open_database
from storage.lists import ListMessage, NewJob
from tests.bot.raw_server import certificates
from tests.storage.building import Store

TOKEN = "424242:AAE-sandbox-token-of-the-tests-0123456"
API_KEY = "key-of-the-tests-that-must-not-be-logged"
NO_LIMITS = Window(10_000, 1.0)
MOST_STEPS = 60


def numbers(count: int, first: int = 9_120_000_000) -> str:
    """So many valid numbers, one a line."""
    return "\n".join(f"+7{first + at}" for at in range(count))


@dataclass(repr=False)
class Bench:
    """Everything a step touches. Time stands still but for ``wait``."""

    telegram: TelegramServer
    checker: CheckServer
    bot: Bot
    api: CheckApi
    store: Store
    clock: Clock
    folder: Path
    anna: Person
    chat_id: int
    settings: Settings
    trouble: str | None = None
    pictures: bool = False
    """Whether chats want a picture after each result."""
    slept: list[float] = field(default_factory=list)
    may_begin: set[int] = field(default_factory=set)
    """Whose lists may begin by themselves."""

    def __post_init__(self) -> None:
        store, now, work_dir = self.store, self.clock.now, self.folder / "work"
        work_dir.mkdir()
        self.receipts = Receipts(self.folder)
        self.messenger = Messenger(self.bot)
        self.showing = Showing(store.jobs, store.facts, self.messenger, load_texts(), self.settings, now)
        files = Files(self.bot, CLOUD_LIMIT_MB)
        self.remembering = Remembering(store.memory, store.lists, load_list_key(self.folder), MOST_DAYS, now)
        self.composing = Composing(store.lists, self.remembering, store.tasks, self.showing, work_dir, now)
        self.confirming = Confirming(
            store.lists, store.moves, files, self.messenger, self.showing, work_dir, self.remembering, now
        )
        self.pausing = Pausing(store.jobs, store.facts, store.chats, self.api, self.messenger, self.showing, now)
        self.balances = Balances(store.facts, self.api, now)
        self.asking = Asking(store.unsure, store.chats, self.balances, self.messenger, self.showing, now)
        self.submitting = Submitting(
            store.lists,
            store.moves,
            store.submits,
            store.facts,
            self.api,
            self.pausing,
            self.balances,
            self.showing,
            self.composing,
            self.receipts,
            trouble=lambda: self.trouble,
            clock=now,
            sleep=self._sleep,
        )
        self.checking = Checking(store.jobs, store.tasks, store.facts, self.api, self.showing, self.composing, now)
        self.rights = Rights(self.bot, now)
        sending = Sending(store.lists, self.messenger, self.showing)
        self.handing_over = HandingOver(
            store.tasks, store.groups, store.chats, self.rights, self.messenger, sending, self.showing, now
        )
        self.delivering = Delivering(
            store.jobs,
            store.lists,
            store.tasks,
            sending,
            self.handing_over,
            self.remembering,
            self.showing,
            self.asking,
            Picturing(store.lists, self.messenger, self.showing, self._wants_pictures),
            now,
            self._sleep,
        )
        self.approving = Approving(store.approvals, store.chats, self.messenger, self.showing, now)
        self.by_itself = BeginningByItself(
            store.beginnings, store.chat_settings, self.showing, self._may_begin, self.clock.now
        )
        self.worker = self.new_worker()

    def new_worker(self, chores: Iterable[Chore] = ()) -> Worker:
        """Another worker on the same database."""
        steps = dict.fromkeys((*TERMINAL, JobState.UNSURE), self.delivering.tell) | {
            JobState.READING: self.confirming.step,
            JobState.CONFIRMING: self.by_itself.with_step(self.confirming.step),
            JobState.QUEUED: self.submitting.step,
            JobState.SUBMITTING: self.submitting.step,
            JobState.CHECKING: self.checking.step,
            JobState.DELIVERING: self.delivering.deliver,
        }
        return Worker(
            steps={state: self.approving.with_step(step) for state, step in steps.items()},
            jobs=self.store.jobs,
            retention=self.store.retention,
            submits=self.store.submits,
            inbox=self.store.inbox,
            supergroups=self.store.supergroups,
            times=self.store.times,
            heartbeat=self.folder / "heartbeat",
            retention_seconds=30 * 86_400,
            chores=chores,
            fetching=self.checking.fetching,
            clock=self.clock.now,
            steady=self.clock.now,
        )

    async def _may_begin(self, job: Job) -> bool:
        return job.starter_id in self.may_begin

    async def _wants_pictures(self, _chat_id: int) -> bool:
        return self.pictures

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(seconds)

    @property
    def faults(self) -> Faults:
        return self.telegram.faults

    async def paste(self, text: str, *, chat_id: int | None = None, thread_id: int | None = None) -> Job:
        """A list as the intake stores it."""
        chat_id = chat_id or self.chat_id
        message_id = await self.telegram.send_text(self.anna, chat_id, text, thread_id=thread_id)
        return await self.hand_in(message_id, text, chat_id=chat_id, thread_id=thread_id)

    async def hand_in(
        self, message_id: int, text: str, *, chat_id: int | None = None, thread_id: int | None = None
    ) -> Job:
        """A message that was sent, as the intake stores it; more than once where it did not get there."""
        chat_id = chat_id or self.chat_id
        message = ListMessage(chat_id, message_id, self.clock.now(), text.encode())
        return await self.store.lists.open(self._new(None, chat_id, thread_id), message, self.clock.now())

    async def send_file(self, name: str, data: bytes, *, size: int | None = None) -> Job:
        """A file as the intake stores it."""
        message_id = await self.telegram.send_document(self.anna, self.chat_id, name, data, size=size)
        sent = self.telegram.state.chats[self.chat_id].messages[message_id].document
        assert sent is not None
        file_id, file_size = sent["file_id"], sent["file_size"]
        message = ListMessage(
            self.chat_id, message_id, self.clock.now(), None, file_id, file_size, file_ending=ending_of(name)
        )
        return await self.store.lists.open(self._new(name, self.chat_id, None), message, self.clock.now())

    def _new(self, name: str | None, chat_id: int, thread_id: int | None) -> NewJob:
        return NewJob(chat_id, thread_id, self.anna.id, "Anna", "en", name, None)

    async def press(self, job: Job) -> Job:
        """Press "Check N numbers"."""
        job = await self.now(job)
        pressed = await self.store.moves.press(job, job.read_revision, self.anna.id, self.clock.now())
        assert pressed is not None
        return pressed

    async def now(self, job: Job) -> Job:
        """The job as it is now."""
        return await self.store.job(job.id)

    async def turn(self) -> None:
        """One step for each job that is due."""
        async with asyncio.TaskGroup() as group:
            await self.worker._take(group)

    async def settled(self, job: Job) -> Job:
        """Do steps until nothing is due any more at this moment."""
        for _ in range(MOST_STEPS):
            due_at = await self.store.jobs.next_due()
            if due_at is None or due_at > self.clock.now():
                return await self.now(job)
            await self.turn()
        raise AssertionError(f"something is due again and again: {(await self.now(job)).state}")

    async def wait(self, seconds: float) -> None:
        """Let time pass, with the steps that fall due in it."""
        end = self.clock.now() + seconds
        for _ in range(MOST_STEPS * 10):
            due_at = await self.store.jobs.next_due()
            if due_at is None or due_at > end:
                break
            self.clock.advance(max(due_at - self.clock.now(), 0.0))
            await self.turn()
        else:
            raise AssertionError("something is due again and again")
        self.clock.advance(max(end - self.clock.now(), 0.0))

    async def until(self, job: Job, *states: JobState) -> Job:
        """Do steps, and let time pass to the next, until the job is in one of these states."""
        for _ in range(MOST_STEPS):
            job = await self.now(job)
            if job.state in states:
                return job
            due_at = await self.store.jobs.next_due()
            assert due_at is not None, f"nothing is due, the job is {job.state}"
            self.clock.advance(max(due_at - self.clock.now(), 0.0))
            await self.turn()
        raise AssertionError(f"the job is still {job.state}")

    async def preview(self, text: str = "", **place: Any) -> Job:
        """A pasted list with its preview shown."""
        return await self.settled(await self.paste(text or numbers(3), **place))

    async def submitted(self, text: str = "") -> Job:
        """A list that was pressed and whose submit has been answered somehow."""
        job = await self.press(await self.preview(text))
        await self.turn()
        return await self.now(job)

    def said(self, chat_id: int | None = None) -> list[str]:
        """What the bot's messages say there now."""
        return [message.text for message in self.telegram.bot_messages(chat_id or self.chat_id)]

    def documents(self, chat_id: int | None = None) -> list[Message]:
        return [one for one in self.telegram.bot_messages(chat_id or self.chat_id) if one.document]

    def card(self, job: Job) -> Message:
        """The job's one message."""
        assert job.card_message_id is not None
        return self.telegram.state.chats[job.chat_id].messages[job.card_message_id]

    def calls(self, *methods: str) -> list[str]:
        """How the calls of these methods ended: ``ok`` or what was said."""
        return [call.description or "ok" for call in self.telegram.calls if call.method in methods]


def settings_of(folder: Path, telegram: str, checker: str, admins: Iterable[int] = (), **more: str) -> Settings:
    return Settings.from_environment(
        {
            "BOT_TOKEN": TOKEN,
            "CHECKER_API_KEY": API_KEY,
            "CHECKER_API_URL": checker,
            "TELEGRAM_API_URL": telegram,
            "DATABASE_URL": f"sqlite:///{folder / 'bot.db'}",
            "DATA_DIR": str(folder),
            "ADMIN_IDS": ",".join(map(str, admins)),
            **more,
        }
    )


@asynccontextmanager
async def open_bench(
    folder: Path, environ: Mapping[str, str] = MappingProxyType({}), **options: Any
) -> AsyncIterator[Bench]:
    """Open everything with more settings than the usual ones; ``options`` are the checking API's."""
    clock, faults = Clock(speed=0), Faults()
    logging.getLogger("sandbox").setLevel(logging.CRITICAL)
    telegram = TelegramServer(TOKEN, faults, flood_limits=False, clock=clock)
    checker = CheckServer(API_KEY, faults, clock=clock, **options)
    async with telegram, checker, open_database(f"sqlite:///{folder / 'bot.db'}") as database:
        anna = telegram.add_person("Anna")
        ada = telegram.add_person("Ada", id=77)
        telegram.private_chat(ada)
        settings = settings_of(folder, telegram.url, checker.url, [ada.id], **environ)
        limits = Limits(private=NO_LIMITS, group=NO_LIMITS, everything=NO_LIMITS)
        async with (
            open_bot(TOKEN, telegram.url, limits) as bot,
            open_check_api(
                base_url=checker.url,
                api_key=API_KEY,
                task_type="tg",
                bounds=Bounds(submit=2.0, question=2.0),
                tls=certificates(),
            ) as api,
        ):
            yield _bench(telegram, checker, bot, api, database, clock, folder, anna, settings)


def _bench(
    telegram: TelegramServer,
    checker: CheckServer,
    bot: Bot,
    api: CheckApi,
    database: Database,
    clock: Clock,
    folder: Path,
    anna: Person,
    settings: Settings,
) -> Bench:
    chat_id = telegram.private_chat(anna)
    return Bench(telegram, checker, bot, api, Store(database), clock, folder, anna, chat_id, settings)
