"""10,000 forged, stale and foreign presses: each is answered once, none changes a row, none shows a foreign word.

They go through the real dispatcher, the real storage and the real roles, before two teams (``two_teams.py``). All rows
of all tables are compared. Nothing is left out of that: a press writes nothing, not even that somebody was seen, and
the inbox, which keeps every update, stands before the dispatcher.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendDocument, SendMessage, SendPhoto, TelegramMethod
from hypothesis import Phase, Verbosity, given, settings
from hypothesis import strategies as st

from bot.cards import Action, Press
from tests.bot.hostile import SHARE, examples
from tests.fakes import ADMIN, Stage, private, stage
from tests.handlers.honest import STATES, Honest, Said, does_something
from tests.handlers.two_teams import (
    ABOVE,
    BLOCKED,
    BLUE,
    CHATS,
    DENIED,
    EVERYBODY,
    RED,
    TEAMS,
    World,
    team_of,
    two_teams,
)

AT_ONCE = 50
"""So many presses are made before the rows are compared."""
BATCHES = 50
NOT_SMALLER = (Phase.explicit, Phase.reuse, Phase.generate)
"""What fails names its press: looking for fewer presses that fail takes minutes and says no more."""
ACTIONS = st.sampled_from(sorted(Action))
WORDS = st.sampled_from(
    (
        *("", "0", "1", "2", "3", "-1", "01", "1" * 9, "1" * 12, "RU", "US", "xx", "ru", "٣", "true", "1 OR 1=1"),
        *("approved", "denied", "blocked", "approved-0", "left", "everyone", "admins", "starter", "on", "off", "files"),
        *("always", "100", "500", "7", "csv", "each-time", "ask"),
        "a" * 40,
    )
)
STRANGE = st.sampled_from(
    (
        *(
            "tokentokentoken1",
            "",
            "%",
            "' OR 1=1 --",
            "\0",
            "токен",
            "who",
            "to",
            "files",
            "unname",
            "ask",
            "keep",
            "format",
            "picture",
            "open",
            "2026-11",
        ),
        *("en", "RU", "0", "1", str(RED["id"]), str(BLUE["id"]), "66", "67", "68", "9" * 30),
    )
)
OF_CHATS = st.sampled_from(
    (
        *("set:ask:500", "set:ask:always", "set:format:csv", "set:picture:on", "set:keep:1", "set:country:RU"),
        *("set:open:ask", "set:open:", "set:lang:ru", "set:country:each-time", "set:ask:999999"),
        *("country:RU:", "country::", "set:who:everyone", "set:to:group", "set:files:off", "set:unname:12"),
        *("spend:2026-11:", "access:0:", "revoke:-100600:0", "letin:67:", "lang:xx:"),
    )
)
"""What the buttons carry that are about a chat or a person: as they are, under anybody's finger."""
FILES = (Action.FILE, Action.ONLY_YES, Action.ONLY_NO, Action.ONLY_UNDETERMINED, Action.REJECTED)
LISTED = (Action.LIST, Action.SHOW, Action.ASK_FORGET, Action.FORGET_LISTED)
"""What the buttons of the history are about, by the list's number."""
SHAPES = st.sampled_from(("message",) * 6 + ("too old", "inline", "nothing"))
PEOPLE = st.sampled_from(EVERYBODY)
PLACES = st.sampled_from(CHATS)
BYTES = st.binary(min_size=1, max_size=64).map(lambda data: data.decode("utf-8", "replace")[:64])
GARBAGE = st.none() | st.text(max_size=64) | BYTES | st.lists(ACTIONS | STRANGE | WORDS, max_size=5).map(":".join)


def written(tokens: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Write presses on these tokens as our buttons do."""
    return st.builds(lambda action, token, word: f"{action}:{token}:{word}"[:64], ACTIONS, tokens, WORDS)


class Crowd:
    """Many people press at the bot, and look whether anything has come of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.honest = Honest(world)
        self.pressed: Counter[str] = Counter()

    async def try_all(self, presses: Sequence[Said], before: dict[str, Any]) -> None:
        """Make the presses; where a row has changed, put all back and name the press that did it."""
        await self._make(presses)
        if await self.world.dump() == before:
            return
        await self.world.restore(before)
        for one in presses:
            await self._make([one])
            after = await self.world.dump()
            changed = [name for name, rows in after.items() if rows != before[name]]
            await self.world.restore(before)
            assert not changed, f"{_named(one)} has changed {changed}"
        raise AssertionError("together they change what none of them does alone")

    async def _make(self, presses: Sequence[Said]) -> None:
        for one in presses:
            await self._press(one)
            self.pressed[one[3]] += 1

    async def _press(self, said: Said) -> None:
        stage, person = self.world.stage, said[0]
        stage.telegram.calls.clear()
        stage.woken.clear()
        query = self.world.query(*said)
        await stage.feed("callback_query", query)
        calls = stage.telegram.calls
        answers = [one for one in calls if isinstance(one, AnswerCallbackQuery)]
        assert [one.callback_query_id for one in answers] == [query["id"]], f"{_named(said)} was answered {answers}"
        for call in calls:
            self._check_words(call, said)
        if person in (DENIED, BLOCKED):
            assert calls == answers, f"{_named(said)} has brought about more than an answer"
            assert bool(answers[0].text) == (person is DENIED)

    def _check_words(self, call: TelegramMethod[Any], said: Said) -> None:
        """Look whether what was answered or sent holds a word of a team that is none of theirs."""
        person, chat, *_ = said
        seen_by = [person["id"], chat["id"]] if isinstance(call, AnswerCallbackQuery) else [getattr(call, "chat_id", 0)]
        if ADMIN["id"] in seen_by:
            return
        if isinstance(call, SendDocument) and call.chat_id == person["id"]:
            assert chat["id"] in {person["id"], RED["id"]}, f"{_named(said)} sends a file in private"
            assert self.honest.may_have(person, said[2]), f"{_named(said)} has a file that is none of theirs"
        shown = " ".join(map(str, _strings(call)))
        mine = {team_of(int(one)) for one in seen_by}
        foreign = [word for word in TEAMS if word not in mine and word in shown]
        foreign += [
            job.token for job in self.world.jobs.values() if job.token in shown and team_of(job.chat_id) not in mine
        ]
        assert not foreign, f"{_named(said)} shows {foreign}: {shown}"


def _strings(call: TelegramMethod[Any]) -> list[object]:
    """Give everything of a call that somebody may read: text, caption, buttons, file name and bytes, url."""
    said: list[object] = [getattr(call, name, None) for name in ("text", "caption", "url", "reply_markup")]
    if isinstance(call, SendDocument) and not isinstance(call.document, str):
        said += [call.document.filename, getattr(call.document, "data", b"")]
    assert isinstance(call, AnswerCallbackQuery | EditMessageText | SendMessage | SendDocument | SendPhoto) or not any(
        said
    )
    return said


def _named(said: Said) -> str:
    person, chat, data, shape = said
    return f"{person['first_name']} in {chat['id']} pressing {data!r} ({shape})"


def kinds(world: World) -> dict[str, st.SearchStrategy[Said]]:
    """Give the presses that are made, by what is wrong with them."""
    jobs = sorted(world.jobs)
    cards = [*world.approvals, *world.requests]
    honest = Honest(world)
    words = ("", "0", "1", "2", "RU")
    every = [Press(action, token, word) for token in jobs for action in STATES for word in words]
    live = st.sampled_from([one for one in every if does_something(one, world.jobs[one.token])])
    files = [Press(action, token) for token in jobs for action in (*FILES, Action.BY_COUNTRY, Action.PICTURE)]
    listed = [f"{action}:{job.id:x}-0:{word}" for job in world.jobs.values() for action in LISTED for word in ("", "b")]
    true = written(st.sampled_from(jobs)) | live.map(Press.pack) | st.sampled_from(files).map(Press.pack)
    true |= st.sampled_from([*listed, "jobs:0:", "jobs:ff:b"])
    raw: dict[str, st.SearchStrategy[Said]] = {
        "what no button of ours carries": _pressed(GARBAGE | written(STRANGE)),
        "buttons of lists": _pressed(true),
        "buttons of lists in their own chats": st.builds(
            lambda person, data, shape: (person, _chat_of(world, data.split(":")[1]), data, shape), PEOPLE, true, SHAPES
        ),
        "cards and settings": _pressed(OF_CHATS | written(st.sampled_from(cards) | STRANGE)),
    }
    return {name: said.filter(lambda one: not honest.may_change(one)) for name, said in raw.items()}


def _pressed(data: st.SearchStrategy[str | None]) -> st.SearchStrategy[Said]:
    """Let anybody press it anywhere, and as often where they are alone with us."""
    anywhere = st.tuples(PEOPLE, PLACES, data, SHAPES)
    return anywhere | st.builds(lambda person, *said: (person, private(person), *said), PEOPLE, data, SHAPES)


def _chat_of(world: World, token: str) -> dict[str, Any]:
    job = world.jobs.get(token)
    return CHATS[0] if job is None else next(chat for chat in CHATS if chat["id"] == job.chat_id)


KINDS = (
    *("what no button of ours carries", "buttons of lists", "buttons of lists in their own chats"),
    "cards and settings",
)


@pytest.mark.parametrize("kind", KINDS)
def test_2500_presses_change_nothing(kind: str, tmp_path: Path, fresh_database: Path) -> None:
    shutil.copy(fresh_database, tmp_path / "bot.db")
    with asyncio.Runner() as runner:
        opening = stage(tmp_path, approve_above=ABOVE)
        team: Stage = runner.run(opening.__aenter__())
        try:
            crowd = Crowd(runner.run(two_teams(team)))
            before = runner.run(crowd.world.dump())

            @given(st.lists(kinds(crowd.world)[kind], min_size=AT_ONCE, max_size=AT_ONCE))
            @settings(max_examples=examples(BATCHES), phases=NOT_SMALLER, verbosity=Verbosity.quiet)
            def presses(made: list[Said]) -> None:
                runner.run(crowd.try_all(made, before))

            presses()
            assert SHARE < 1 or crowd.pressed.total() >= AT_ONCE * BATCHES
        finally:
            runner.run(opening.__aexit__(None, None, None))
