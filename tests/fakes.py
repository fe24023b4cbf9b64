"""Hand-written fakes: a Telegram that records what it is told, and the whole of the bot's handlers before it."""

import html
import inspect
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from unittest.mock import patch

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.base import BaseSession
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageText,
    GetChatAdministrators,
    GetChatMember,
    GetMe,
    LeaveChat,
    SendChatAction,
    SendDocument,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import (
    Chat,
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberMember,
    Document,
    InlineKeyboardMarkup,
    Message,
    Update,
    User,
)

from bot.cards import Card
from bot.job import Job, JobState
from bot.list_key import ListKey
from bot.numbers import pack, read_numbers, summarise
from bot.receipts import Receipts
from bot.rights import Rights
from bot.settings import Settings
from bot.texts import load_texts
from bot.workshop import write_part
from handlers import build_dispatcher
from handlers.approvals import quotas_of
from handlers.equipment import Outside, equipment, gate
from storage.access import Accesses
from storage.access_cards import AccessCards
from storage.access_requests import AccessRequests
from storage.approvals import Approvals
from storage.chat_settings import ChatSettings
from storage.chats import Chats
from storage.database import Database, open_database
from storage.facts import Facts
from storage.groups import Groups
from storage.jobs import Jobs
from storage.lists import Lists
from storage.moves import Moves
from storage.submits import Submits
from storage.tasks import Tasks
from storage.unsure import Unsure
from storage.updates import UpdateState
from tests.signatures import signature

METHOD = TypeVar("METHOD", bound=TelegramMethod[Any])
US = 424242
NAME = "check_bot"
ANNA: dict[str, Any] = {"id": 11, "is_bot": False, "first_name": "Anna", "language_code": "en"}
BORIS: dict[str, Any] = {"id": 12, "is_bot": False, "first_name": "Борис", "language_code": "ru"}
ADMIN: dict[str, Any] = {"id": 13, "is_bot": False, "first_name": "Ada", "language_code": "en"}
EVE: dict[str, Any] = {"id": 66, "is_bot": False, "first_name": "Eve", "language_code": "en"}
OURSELVES: dict[str, Any] = {"id": US, "is_bot": True, "first_name": "Check", "username": NAME}
TEAM: dict[str, Any] = {"id": -100500, "type": "supergroup", "title": "Team"}
OTHERS: dict[str, Any] = {"id": -100600, "type": "supergroup", "title": "Others"}
NOW = 1_790_000_000


class RecordingSession(BaseSession):
    """Telegram: records every call and answers it by its type, with an error where one was set for that type."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[TelegramMethod[Any]] = []
        self.errors: dict[type[TelegramMethod[Any]], list[tuple[Callable[..., Exception], dict[str, Any]]]] = {}
        self.last_message_id = 9000
        self.members: dict[tuple[int, int], str] = {}
        """What Telegram says of somebody in a group: "member", "administrator", "left", "kicked"; of others nothing."""

    def fail(self, method: type[TelegramMethod[Any]], error: Callable[..., Exception], **words: Any) -> None:
        """Let the next call of this type fail once."""
        self.errors.setdefault(method, []).append((error, words))

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109 (aiogram's signature)
        self.calls.append(method)
        if planned := self.errors.get(type(method)):
            error, words = planned.pop(0)
            raise error(method=method, **words)
        match method:
            case GetMe():
                return User.model_validate(OURSELVES)
            case AnswerCallbackQuery() | SendChatAction() | LeaveChat():
                return True
            case GetChatMember():
                status = self.members.get((int(method.chat_id), method.user_id))
                if status is None:
                    raise TelegramBadRequest(method=method, message="Bad Request: CHAT_ADMIN_REQUIRED")
                return chat_member(method.user_id, status)
            case GetChatAdministrators():
                here = [(who, status) for (chat, who), status in self.members.items() if chat == method.chat_id]
                return [chat_member(who, status) for who, status in here if status == "administrator"]
            case SendMessage() | EditMessageText() | SendDocument() | SendPhoto():
                return self._message(bot, method)
            case _:
                raise AssertionError(f"the bot called {type(method).__name__}, which nobody expected")

    def _message(self, bot: Bot, method: SendMessage | EditMessageText | SendDocument | SendPhoto) -> Message:
        self.last_message_id += 1
        assert isinstance(method.chat_id, int)
        return Message(
            message_id=self.last_message_id,
            date=datetime.fromtimestamp(NOW, UTC),
            chat=Chat(id=method.chat_id, type="private" if method.chat_id > 0 else "supergroup"),
            document=Document(file_id=f"file-{self.last_message_id}", file_unique_id="u")
            if isinstance(method, SendDocument)
            else None,
        ).as_(bot)

    async def close(self) -> None:
        """Nothing is open."""

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109 (aiogram's signature)
        chunk_size: int = 65536,
        raise_for_status: bool = True,  # noqa: FBT001, FBT002 (aiogram's signature)
    ) -> AsyncGenerator[bytes, None]:
        raise AssertionError("handlers fetch no files")
        yield b""


def chat_member(
    person_id: int, status: str
) -> ChatMemberAdministrator | ChatMemberMember | ChatMemberLeft | ChatMemberBanned:
    """Say what somebody is in a group, as Telegram does."""
    user = User(id=person_id, is_bot=False, first_name="Somebody")
    if status == "administrator":
        rights = (
            *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
            *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
            *("can_post_stories", "can_edit_stories", "can_delete_stories", "can_send_welcome_messages"),
        )
        return ChatMemberAdministrator.model_validate({"user": user} | dict.fromkeys(rights, False))
    if status == "kicked":
        return ChatMemberBanned(user=user, until_date=datetime.fromtimestamp(0, UTC))
    return ChatMemberMember(user=user) if status == "member" else ChatMemberLeft(user=user)


def private(person: dict[str, Any]) -> dict[str, Any]:
    """Give a person's private chat with the bot."""
    return {"id": person["id"], "type": "private", "first_name": person["first_name"]}


def settings(folder: Path, **changed: Any) -> Settings:
    """Give settings as the bot has them."""
    values: dict[str, Any] = {
        "bot_token": f"{US}:token",
        "checker_api_key": "key",
        "checker_api_url": "https://check.example/v1",
        "checker_task_type": "tg",
        "telegram_api_url": "https://api.telegram.org",
        "database_path": folder / "bot.db",
        "database_url": f"sqlite:///{folder / 'bot.db'}",
        "data_dir": folder,
        "admin_ids": frozenset({ADMIN["id"]}),
        "allowed_ids": frozenset({ANNA["id"], BORIS["id"], TEAM["id"]}),
        "default_region": None,
        "price_per_1000": Decimal("0.15"),
        "currency": "USD",
        **dict.fromkeys(("quota_person_day", "quota_person_month", "quota_chat_day", "quota_chat_month")),
        **dict.fromkeys(("quota_day", "quota_month", "approve_above")),
        "retention_days": 30,
        "log_level": "INFO",
        "log_format": "text",
    }
    return Settings(**(values | changed))


class Drawn(NamedTuple):
    """What a message of ours says after an edit."""

    message_id: int | None
    text: str
    reply_markup: InlineKeyboardMarkup | None


@dataclass
class Stage:
    """The real dispatcher and the real storage before a recording Telegram."""

    telegram: RecordingSession
    bot: Bot
    dispatcher: Dispatcher
    database: Database
    woken: list[bool] = field(default_factory=list)
    redrawn: list[tuple[int, int, Card]] = field(default_factory=list)
    """Cards of /settings that are to be redrawn: chat, message, card."""
    last_id: int = 100

    @property
    def jobs(self) -> Jobs:
        return Jobs(self.database)

    @property
    def lists(self) -> Lists:
        return Lists(self.database)

    @property
    def moves(self) -> Moves:
        return Moves(self.database)

    @property
    def submits(self) -> Submits:
        return Submits(self.database)

    @property
    def approvals(self) -> Approvals:
        return Approvals(self.database)

    @property
    def tasks(self) -> Tasks:
        return Tasks(self.database)

    @property
    def unsure(self) -> Unsure:
        return Unsure(self.database)

    @property
    def facts(self) -> Facts:
        return Facts(self.database)

    @property
    def chats(self) -> Chats:
        return Chats(self.database)

    @property
    def groups(self) -> Groups:
        return Groups(self.database)

    @property
    def chosen(self) -> ChatSettings:
        return ChatSettings(self.database)

    @property
    def accesses(self) -> Accesses:
        return Accesses(self.database)

    @property
    def requests(self) -> AccessRequests:
        return AccessRequests(self.database)

    @property
    def access_cards(self) -> AccessCards:
        return AccessCards(self.database)

    async def feed(self, kind: str, event: dict[str, Any]) -> Any:
        """Hand an update to the dispatcher as the inbox does; give what the handler said of it."""
        self.last_id += 1
        update = Update.model_validate({"update_id": self.last_id, kind: event}, context={"bot": self.bot})
        return await self.dispatcher.feed_update(self.bot, update)

    def message(
        self,
        text: str | None = None,
        *,
        person: dict[str, Any] | None = ANNA,
        chat: dict[str, Any] | None = None,
        date: int = NOW,
        **more: Any,
    ) -> dict[str, Any]:
        """Write a message as Telegram tells of it; ``person`` writes in private unless a chat is named."""
        self.last_id += 1
        said: dict[str, Any] = {"message_id": self.last_id, "date": date, "chat": chat or private(person or ANNA)}
        if person is not None:
            said["from"] = person
        if text is not None:
            said["text"] = text
            command = text.split(maxsplit=1)[0] if text.startswith("/") else ""
            if command:
                said["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        return said | more

    async def says(self, text: str | None = None, **more: Any) -> dict[str, Any]:
        """Let a person write, and give the message."""
        message = self.message(text, **more)
        await self.feed("message", message)
        return message

    async def sends(self, name: str = "base.txt", **more: Any) -> dict[str, Any]:
        """Let a person send a file, and give the message."""
        return await self.says(document=document(name), **more)

    async def presses(
        self,
        data: str | None,
        *,
        person: dict[str, Any] = ANNA,
        chat: dict[str, Any] | None = None,
        message_id: int = 5000,
        under: object = None,
    ) -> str | None:
        """Let a person press a button of ours, and give the answer they see; ``under`` are all buttons that it had."""
        self.last_id += 1
        card = self.message("card", person=OURSELVES, chat=chat or private(person)) | {"message_id": message_id}
        if isinstance(under, InlineKeyboardMarkup):
            card["reply_markup"] = under.model_dump(exclude_none=True)
        query = {"id": str(self.last_id), "from": person, "chat_instance": "c", "message": card, "data": data}
        before = len(self.of(AnswerCallbackQuery))
        await self.feed("callback_query", query)
        answers = self.of(AnswerCallbackQuery)[before:]
        assert answers, "a press was not answered"
        return answers[-1].text

    def of(self, method: type[METHOD]) -> list[METHOD]:
        """Give the calls of one kind, oldest first."""
        return [call for call in self.telegram.calls if isinstance(call, method)]

    @property
    def said(self) -> list[str]:
        """Every message the bot has sent, oldest first."""
        return [call.text for call in self.of(SendMessage)]

    @property
    def drawn(self) -> "Drawn":
        """What the bot has let a message say last."""
        edit = self.of(EditMessageText)[-1]
        return Drawn(edit.message_id, edit.text or "", edit.reply_markup)

    @property
    def files(self) -> list[SendDocument]:
        """Every file the bot has sent, oldest first."""
        return self.of(SendDocument)

    async def job_of(self, message: dict[str, Any]) -> Job:
        """Give the job that a message belongs to."""
        job = await self.jobs.of_message(message["chat"]["id"], message["message_id"])
        assert job is not None, "the message is on no list"
        return job

    async def has_job(self, message: dict[str, Any]) -> bool:
        """Say whether a message is on a list."""
        return await self.jobs.of_message(message["chat"]["id"], message["message_id"]) is not None

    async def texts_of(self, job: Job) -> list[str]:
        """Give what the messages of a list say."""
        return [(one.content or b"").decode() for one in await self.lists.messages(job.id)]

    async def read(self, job: Job, text: str = "+79123456789\n+79123456780\n", *, has_rows: bool = False) -> Job:
        """Read a list as the worker does, so that its preview can be pressed; it is shown as message 5000."""
        numbers = read_numbers(text, region=job.region)
        fresh = await self.jobs.get(job.id)
        assert fresh is not None
        reading = replace(summarise(numbers), has_rows=has_rows)
        moved = await self.moves.read(fresh, pack(numbers), reading, NOW)
        assert moved is not None
        await self.jobs.note_shown(job, message_id=5000, shown="card")
        return moved

    async def preview(self, text: str = "+79123456789\n+79123456780\n", **more: Any) -> Job:
        """Let a person paste a list and the worker read it."""
        return await self.read(await self.job_of(await self.says(text, **more)), text)

    async def now(self, job: Job) -> Job:
        """Give the job as it is now."""
        found = await self.jobs.get(job.id)
        assert found is not None
        return found

    async def state(self, job: Job) -> JobState:
        """Give the state that the job is in."""
        return (await self.now(job)).state


def document(name: str = "base.txt", file_id: str = "file-1", size: int = 1000) -> dict[str, Any]:
    """Describe a file as Telegram does."""
    return {"file_id": file_id, "file_unique_id": "u", "file_name": name, "file_size": size}


name_of_number = ListKey(b"key of the tests").name


@asynccontextmanager
async def stage(folder: Path, **changed: Any) -> AsyncIterator[Stage]:
    """Open the real database and build the real dispatcher."""
    chosen = settings(folder, **changed)
    telegram = RecordingSession()
    bot = Bot(chosen.bot_token, session=telegram, default=DefaultBotProperties(parse_mode=ParseMode.HTML))
    async with open_database(chosen.database_url) as database:
        woken: list[bool] = []
        redrawn: list[tuple[int, int, Card]] = []
        outside = Outside(
            wake=lambda: woken.append(True),
            draw=lambda chat_id, message_id, card: redrawn.append((chat_id, message_id, card)),
            write_down=Receipts(folder).write_down,
            tables=partial(write_part, folder),
            name=name_of_number,
        )
        who = gate(database, chosen, Rights(bot), US, NAME)
        with patch.object(inspect, "signature", signature):
            dispatcher = build_dispatcher(
                **equipment(database, chosen, quotas_of(chosen), load_texts(), who, outside),
            )
        yield Stage(telegram, bot, dispatcher, database, woken, redrawn)


def labels(markup: object) -> list[str]:
    """Give what the buttons say."""
    assert isinstance(markup, InlineKeyboardMarkup)
    return [button.text for row in markup.inline_keyboard for button in row]


REFUSED = UpdateState.REFUSED
QUARANTINED = UpdateState.QUARANTINED


def a_job(**changed: Any) -> Job:
    """Give a job as the database would, waiting for its press unless something else is said."""
    values: dict[str, Any] = dict.fromkeys(Job.__slots__)
    values |= {
        "id": 1,
        "token": "tokentokentoken1",
        "state": JobState.CONFIRMING,
        "state_since": float(NOW),
        "created_at": float(NOW),
        "chat_id": ANNA["id"],
        "starter_id": ANNA["id"],
        "starter_name": "Anna",
        "language": "en",
        "name": "base_nov.txt",
        "list_message_id": 1,
        "list_revision": 1,
        "read_revision": 1,
    }
    zeros = (
        "valid",
        "repeated",
        "rejected",
        "tries",
        "attempts",
        "unknown_answers",
        "done",
        "yes",
        "no",
        "undetermined",
        "known",
        "to_check",
        "newly",
        "gone",
        "memory_revision",
        "known_revision",
    )
    values |= dict.fromkeys(zeros, 0) | dict.fromkeys(("left_out", "choosing_country", "sending"), False)
    values |= changed
    if "to_check" not in changed and values["state"] not in {JobState.READING, JobState.CONFIRMING}:
        values["to_check"] = values["valid"]
    return Job(**values)


LONG_NAME = ("😀<b>&amp;\u202e" * 40)[:250]
"""A file's name that is as long and as hostile as they come."""
MOST = 10_000_000
"""More numbers than any list has had."""


def seen(html_text: str) -> str:
    """Give what a person sees of a message: no tags, no entities."""
    return html.unescape(re.sub(r"</?(b|i|code|blockquote|tg-time)( [^>]*)?>", "", html_text))


def units(html_text: str) -> int:
    """Count a message as Telegram does: UTF-16 units after its entities are parsed."""
    return len(seen(html_text).encode("utf-16-le")) // 2
