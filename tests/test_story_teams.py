"""Two teams and one bot: no sentence, button or file shows one's data in the other, whatever the other names.

Every command that the bot knows and every action that a button can have are taken from the code, and walked by a
member, an admin of the group, the bot's admin in that group, and a stranger, with the tokens, ids, numbers and
message numbers of the other team.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from bot.cards import Action
from handlers.audience import OUR_COMMANDS
from sandbox.chats import Person
from tests.running import Rehearsal, rehearsal
from tests.sides import Side, readable
from tests.talking import PATIENCE, Talk, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

COMMANDS = sorted(OUR_COMMANDS)
NAME = "number_check_bot"
FORMS = ("alone", "token", "number", "reply", "forget")
"""What stands behind a command: nothing, a token, a number; what it replies to; and /forget of every message."""


@dataclass
class Story:
    """Both teams, the bot's admin, and somebody of neither with a group of theirs."""

    run: Rehearsal
    red: Side
    blue: Side
    ada: Person
    eve: Person
    eves: int
    free: Iterator[int] = field(init=False)
    """Groups of Red in which nobody has spoken yet: Telegram takes 20 messages a minute in one."""

    def __post_init__(self) -> None:
        self.free = iter(self.red.groups[1:])

    @property
    def shown(self) -> str:
        """Everything that the bot has said or answered to anybody but Blue, and the bot's admin in private."""
        blue = self.blue.ids
        chats = [chat for chat in self.run.telegram.state.chats if chat not in {*blue, self.ada.id}]
        said = [line for one in self.red.said_in(chats) for line in readable(one)]
        queries = self.run.telegram.state.queries.values()
        answers = [json.dumps(one.answer, ensure_ascii=False) for one in queries if one.message.chat.id in chats]
        return "\n".join(said + answers)

    def check(self, before: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Look whether anything of Blue was shown to others, and whether anything of it is another."""
        # The walkers have written or pressed all that themselves, and are told that nothing of the kind is here.
        said_again = {self.blue.tokens[0], str(self.blue.members[0].id), str(abs(self.blue.groups[0]))}
        said_again |= {number[-9:] for number in self.blue.numbers("done")[:1]}
        assert set(self.blue.found_in(self.shown)) <= said_again
        after = self.blue.state()
        for name in sorted(before, key=lambda name: name != "said"):
            for old, new in zip(before[name], after[name], strict=True):
                changed = [f"{name}.{key}: {old[key]} -> {new[key]}" for key in old if old[key] != new[key]]
                assert not changed, "\n".join(changed)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Story]:
    """One bot, and lists of both teams in every state."""
    async with rehearsal(tmp_path_factory.mktemp("teams")) as run:
        ada, eve = (run.telegram.add_person(name, language_code="en") for name in ("Ada", "Eve"))
        red, blue = Side(run, "scarlet", "900111"), Side(run, "indigo", "921222")
        for person in (ada, eve):
            run.telegram.private_chat(person)
        for side, groups in ((red, 1 + 3 * len(FORMS)), (blue, 1)):
            team = [side.person(name) for name in ("admin", "starter", *FORMS)]
            for _ in range(groups):
                side.group(*team, ada)
        eves = run.telegram.add_group("Nobody", [eve], supergroup=True, bot="administrator")
        allowed = ",".join(map(str, [*red.groups, *blue.groups]))
        run.settings |= {"ADMIN_IDS": str(ada.id), "ALLOWED_IDS": allowed, "APPROVE_ABOVE": "4"}
        run.settings |= {"PRICE_PER_1000": "1500"}
        run.expected_refusals |= {"message is not modified", "Too Many Requests"}  # so many speak at once
        await run.start()
        for side in (red, blue):
            await side.work(side.members[1])
        stranger = Talk(run, blue.person("stranger"))
        await stranger.send("indigo-kept.txt", "+79212220001")
        await stranger.hears(words("access-asked"))
        await Talk(run, ada).hears("indigo stranger")
        await Talk(run, eve).say("/start")
        await Talk(run, eve, eves).say(f"/start@{NAME}")
        await Talk(run, eve, eves).hears(words("access-asked-group"))
        story = Story(run, red, blue, ada, eve, eves)
        await quiet(story, seconds=4)  # a group's edits are spread
        yield story
        assert await run.stop() == 0


def spoken(story: Story, command: str, form: str) -> str:
    """Write a command with something of the other team behind it."""
    token, at = story.blue.tokens[0], f"/{command}@{NAME}"
    if form == "token":
        return f"/start result_{token}" if command == "start" else f"{at} {token} {story.blue.members[0].id}"
    if form != "number":
        return at
    return " ".join([at, *story.blue.numbers("done")[: 2 if command == "check" else 1]])


async def walk(story: Story, person: Person, chat_id: int, form: str) -> None:
    """Say every command; in reply to messages that have the numbers of the other team's, where that is the form."""
    talk = Talk(story.run, person, chat_id)
    foreign = [one.message_id for one in story.run.telegram.messages(story.blue.groups[0])]
    # The bot's admin may stop the checks of all teams, and their lists say so.
    commands = [one for one in COMMANDS if person is not story.ada or one not in {"pause", "resume"}]
    if chat_id > 0 or form not in {"reply", "forget"}:
        for command in commands:
            await talk.say(spoken(story, command, form))
        return
    while await talk.say("talk") < max(foreign):
        pass
    said = [f"/{command}@{NAME}" for command in (commands if form == "reply" else ["forget"] * len(foreign))]
    for number, command in enumerate(said):
        await talk.say(command, reply_to=foreign[number % len(foreign)])


async def quiet(story: Story, seconds: float = 0.5) -> None:
    """Wait until every update is seen to, every new list is read, and what is said of Blue stays as it is."""
    waiting = "SELECT id FROM updates WHERE state = 'waiting' UNION ALL SELECT id FROM jobs WHERE state = 'reading'"

    async with asyncio.timeout(PATIENCE * 3):
        while story.run.telegram.updates.waiting or story.run.rows(waiting):  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0.1)
        before = None
        while before != (before := story.blue.state()):  # noqa: ASYNC110 - nor does what is to come
            await asyncio.sleep(seconds)


async def test_no_command_shows_or_changes_anything_of_another_team(story: Story) -> None:
    before, red, eve = story.blue.state(), story.red, story.eve
    confirmed = len(story.run.rows("SELECT id FROM updates"))
    async with asyncio.TaskGroup() as group:
        for form, person in zip(FORMS, red.members[2:], strict=True):
            group.create_task(walk(story, person, person.id, form))
            group.create_task(walk(story, person, next(story.free), form))
            group.create_task(walk(story, red.members[0], next(story.free), form))
            if form != "number":  # the bot's admin may have a number forgotten everywhere
                group.create_task(walk(story, story.ada, next(story.free), form))
            group.create_task(walk(story, eve, eve.id if form == "alone" else story.eves, form))
    await quiet(story)

    assert len(story.run.rows("SELECT id FROM updates")) - confirmed >= len(COMMANDS) * 4 * len(FORMS)
    story.check(before)
    assert len(story.run.rows("SELECT id FROM jobs WHERE state = 'confirming'")) > len(FORMS)


async def test_no_button_shows_or_changes_anything_of_another_team(story: Story) -> None:
    before, red, run = story.blue.state(), story.red, story.run
    charged = len(run.checker.ledger)
    carried = story.blue.buttons()
    carried += [f"{action}:{token}:1" for action in Action for token in story.blue.tokens]
    carried += [f"{action}:{story.blue.groups[0]}:" for action in Action]
    carried += [f"{Action.SPEND}:{time.strftime('%Y-%m', time.gmtime())}:", f"{Action.ACCESS}:0:"]
    carried.append(f"{Action.SETTING}:unname:{story.blue.members[1].id}")
    answered = 0

    async def press_all(person: Person, chat_id: int) -> None:
        nonlocal answered
        under = run.telegram.bot_messages(chat_id)[0]
        for data in carried:
            answer = await run.telegram.press(person, chat_id, under.message_id, data, timeout=PATIENCE)
            assert answer.answered, f"{person.first_name}: {data}"
            answered += 1

    admin, starter = red.members[:2]
    places = [(admin, red.groups[0]), (starter, red.groups[0]), (story.ada, red.groups[0]), (starter, starter.id)]
    async with asyncio.TaskGroup() as group:
        for person, chat_id in (*places, (story.eve, story.eve.id), (story.eve, story.eves)):
            group.create_task(press_all(person, chat_id))
    await quiet(story)

    assert answered == len(carried) * 6
    assert {one.partition(":")[0] for one in carried} == set(Action)
    story.check(before)
    assert len(run.checker.ledger) == charged


async def test_the_files_of_a_team_hold_what_is_theirs_and_no_more(story: Story) -> None:
    before, run, starter = story.blue.state(), story.run, story.red.members[1]
    (own,) = (row for row in story.red.rows()["jobs"] if row["name"] == "scarlet-own.txt")
    told = len(run.telegram.bot_messages(starter.id))
    for action in (Action.FILE, Action.ONLY_YES, Action.REJECTED):
        data = f"{action}:{own['token']}:"
        answer = await run.telegram.press(starter, starter.id, own["card_message_id"], data, timeout=PATIENCE)
        assert answer.text == words("press-file")
    await run.telegram.wait_for(lambda server: len(server.bot_messages(starter.id)) >= told + 3 or None, PATIENCE)

    story.check(before)
    assert set(story.red.numbers("own")) <= set(story.shown.split())
