"""10,000 messages of groups that show us everything and say nothing to us: no row of any table, no call to Telegram.

They come through the real entrance, a hundred at a time as Telegram gives them, and are confirmed there. All tables
are compared, the inbox too: what is not addressed to us is dropped before it is stored.
"""

import asyncio
import itertools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot
from aiogram.methods import SendMessage, TelegramMethod
from hypothesis import Phase, Verbosity, given, settings
from hypothesis import strategies as st

from bot.job import STAND_INS
from bot.updates import GetRawUpdates, Updates
from handlers.audience import OUR_COMMANDS
from storage.updates import Inbox
from tests.bot.hostile import LINES, examples
from tests.fakes import ADMIN, ANNA, BORIS, EVE, NAME, NOW, OTHERS, OURSELVES, TEAM, RecordingSession, Stage, stage
from tests.handlers.two_teams import World

AT_ONCE = 100
BATCHES = 100
Message = dict[str, Any]
UNKNOWN = {"id": -100700, "type": "supergroup", "title": "Strangers", "is_forum": True}
SMALL = {"id": -800, "type": "group", "title": "A small group"}
CHATS = st.sampled_from((TEAM, OTHERS, UNKNOWN, SMALL))
SENDERS = st.sampled_from(
    (
        *({"from": one} for one in (ANNA, BORIS, ADMIN, EVE)),
        {"from": {"id": 77, "is_bot": True, "first_name": "Other", "username": "other_bot"}},
        {"from": {"id": min(STAND_INS), "is_bot": True, "first_name": "Group"}, "sender_chat": TEAM},
        {"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}, "is_automatic_forward": True},
        {},
    )
)
NAMES = st.sampled_from((NAME, f"@{NAME}", f"t.me/{NAME}", "other_bot", "@other_bot", f"@{NAME}2", f"x@{NAME}.com"))
WORDS = st.text(max_size=20) | NAMES | LINES.map("\n".join) | st.sampled_from(sorted(OUR_COMMANDS))


def _command(word: str, more: str) -> Message:
    text = f"{word} {more}"
    return {
        "text": text,
        "entities": [{"type": "bot_command", "offset": 0, "length": len(word.encode("utf-16-le")) // 2}],
    }


OF_OTHERS = st.builds(
    lambda command, name: f"/{command}{name}",
    st.sampled_from(sorted(OUR_COMMANDS)),
    st.sampled_from(("@other_bot", f"@{NAME}2", f"@x{NAME}", "s")),
) | st.sampled_from(("/foo", "/checks", "/hilfe", "/"))
COMMANDS = st.builds(_command, OF_OTHERS, WORDS)
LATER = WORDS.map(
    lambda word: {
        "text": f"look: /check@{NAME} {word}",
        "entities": [{"type": "bot_command", "offset": 6, "length": len(NAME) + 7}],
    }
)
"""A command in the middle of a text is talk about it."""
TALK = WORDS.map(lambda word: {"text": word})
MENTIONS = st.builds(
    lambda name: {"text": f"{name} 1", "entities": [{"type": "mention", "offset": 0, "length": len(name)}]},
    st.sampled_from(("@other_bot", f"@{NAME}2", "@anna")),
)
FILES = st.sampled_from(("photo.pdf", "base.txt", "BASE.TXT", "base.txt.exe", "list.csv", "txt", ""))
KINDS: dict[str, Any] = {
    "photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}],
    "sticker": {
        "file_id": "s",
        "file_unique_id": "s",
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
    },
    "voice": {"file_id": "v", "file_unique_id": "v", "duration": 1},
    "contact": {"phone_number": "+79123456789", "first_name": "Eve"},
    "location": {"latitude": 1.0, "longitude": 1.0},
    "dice": {"emoji": "🎲", "value": 3},
    "new_chat_members": [OURSELVES],
    "left_chat_member": EVE,
    "new_chat_title": f"@{NAME}",
    "group_chat_created": True,
    "delete_chat_photo": True,
    "pinned_message": {"message_id": 1, "date": NOW, "chat": TEAM, "from": OURSELVES, "text": "Your list"},
    "forum_topic_created": {"name": NAME, "icon_color": 1},
    "forum_topic_closed": {},
    "video_chat_started": {},
    "message_auto_delete_timer_changed": {"message_auto_delete_time": 1},
}
THINGS = st.sampled_from(sorted(KINDS)).map(lambda kind: {kind: KINDS[kind]})
CAPTIONED = st.builds(
    lambda name, caption: {
        "document": {"file_id": "d", "file_unique_id": "d", "file_name": name, "file_size": 9},
        "caption": caption,
    },
    FILES,
    WORDS,
)
REPLIED = st.sampled_from(
    (
        {},
        {"reply_to_message": {"message_id": 1, "date": NOW, "chat": TEAM, "from": ANNA, "text": f"@{NAME}"}},
        {
            "message_thread_id": 5,
            "is_topic_message": True,
            "reply_to_message": {
                "message_id": 5,
                "date": NOW,
                "chat": UNKNOWN,
                "from": OURSELVES,
                "forum_topic_created": {"name": "Lists", "icon_color": 1},
            },
        },
        {"forward_origin": {"type": "user", "date": NOW, "sender_user": OURSELVES}},
        {"via_bot": OURSELVES},
    )
)
"""To others, to the beginning of a topic of ours, or what was forwarded from us."""
CONTENT = TALK | COMMANDS | LATER | MENTIONS | THINGS | CAPTIONED
HOW = st.sampled_from(("message", "message", "message", "edited_message"))
NOT_SMALLER = (Phase.explicit, Phase.reuse, Phase.generate)
"""What fails names what was kept: looking for fewer messages that fail takes minutes and says no more."""
counter = itertools.count(1)


def written(how: str, *parts: Message) -> Message:
    """Write an update as Telegram does."""
    chat, sender, content, replied = parts
    number = next(counter)
    said: Message = {"message_id": number, "date": NOW, "chat": chat, **sender, **content, **replied}
    name = (said.get("document") or {}).get("file_name", "")
    if chat is OTHERS and name.lower().endswith((".txt", ".csv")):  # there they are for us
        said["document"] = said["document"] | {"file_name": "base.pdf"}
    return {"update_id": number, how: said | ({"edit_date": NOW} if how == "edited_message" else {})}


UPDATES = st.builds(written, HOW, CHATS, SENDERS, CONTENT, REPLIED)


class Polled(RecordingSession):
    """Telegram: gives a batch of updates, and ends the bot when it confirms them."""

    def __init__(self, batch: list[Message]) -> None:
        super().__init__()
        self.batch = batch
        self.when_confirmed: Callable[[], None] = lambda: None
        self.ends_with: type[TelegramMethod[Any]] = GetRawUpdates
        """The call that ends the bot."""

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109 (aiogram's signature)
        if not isinstance(method, GetRawUpdates):
            if isinstance(method, self.ends_with):
                self.when_confirmed()
            return await super().make_request(bot, method, timeout)
        if method.offset is None:
            return self.batch
        assert method.offset == self.batch[-1]["update_id"] + 1
        if self.ends_with is GetRawUpdates:
            self.when_confirmed()
        await asyncio.sleep(0)
        return []


async def hear(
    team: Stage, batch: list[Message], ends_with: type[TelegramMethod[Any]] = GetRawUpdates
) -> list[TelegramMethod[Any]]:
    """Let updates come in until they are confirmed, or Telegram is told this; give all that it was told."""
    team.bot.session = telegram = Polled(batch)
    is_meant = team.dispatcher["audience"].is_meant_for_us
    updates = Updates(team.bot, team.dispatcher, Inbox(team.database), is_meant)
    telegram.when_confirmed, telegram.ends_with = updates.stop, ends_with
    await updates.run()
    return telegram.calls


async def prepare(team: Stage) -> None:
    """Let the second group have its files taken unasked, and the first not."""
    await team.accesses.let_in(OTHERS["id"], "Others", ADMIN["id"], NOW)
    await team.groups.set_takes_files(OTHERS["id"], takes=True)
    await team.dispatcher["arrivals"].file_groups.refresh()


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
def test_10000_unrelated_messages_leave_no_row_and_get_no_answer(tmp_path: Path, fresh_database: Path) -> None:
    shutil.copy(fresh_database, tmp_path / "bot.db")
    with asyncio.Runner() as runner:
        opening = stage(tmp_path)
        team = runner.run(opening.__aenter__())
        heard = 0
        try:
            runner.run(prepare(team))
            world = World(team)
            before = runner.run(world.dump())

            @given(st.lists(UPDATES, min_size=AT_ONCE, max_size=AT_ONCE))
            @settings(max_examples=examples(BATCHES), phases=NOT_SMALLER, verbosity=Verbosity.quiet)
            def a_hundred_messages(batch: list[Message]) -> None:
                nonlocal heard
                calls = runner.run(hear(team, batch))
                assert not calls, calls[:3]
                after = runner.run(world.dump())
                assert after == before, [row for name in after for row in after[name] if row not in before[name]][:3]
                heard += len(batch)

            a_hundred_messages()
            assert heard >= AT_ONCE * examples(BATCHES)
            ours = written("message", TEAM, {"from": ANNA}, _command(f"/help@{NAME}", ""), {})
            assert SendMessage in map(type, runner.run(hear(team, [ours], SendMessage)))
            assert len(runner.run(world.dump())["updates"]) == 1
        finally:
            runner.run(opening.__aexit__(None, None, None))
