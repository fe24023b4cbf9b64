"""The bot in a team's group, and people it does not work for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.running import STRANGER_ID, Rehearsal, rehearsal
from tests.talking import Talk, charges, sheet, talk, verdicts, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rehearsal]:
    """One bot for all stories here; each has people and a group of its own."""
    async with rehearsal(tmp_path_factory.mktemp("groups")) as run:
        await run.start()
        yield run
        assert await run.stop() == 0


def in_group(run: Rehearsal, *, forum: bool = False, privacy: bool = True) -> Talk:
    """Let somebody new stand in a new group, in a topic where it has topics."""
    boris = talk(run)
    boris.chat_id = run.telegram.add_group("Sales", [boris.person], supergroup=True, forum=forum, privacy=privacy)
    if forum:
        boris.thread_id = run.telegram.add_topic(boris.person, boris.chat_id, "Lists")
    return boris


@pytest.mark.parametrize("forum", [False, True], ids=["a plain group", "a topic"])
async def test_check_in_reply_to_a_file_checks_the_file(run: Rehearsal, *, forum: bool) -> None:
    number = f"+7924000000{int(forum)}"
    boris = in_group(run, forum=forum)
    sent = await boris.send("team.txt", number)
    assert run.telegram.bot_messages(boris.chat_id) == []
    await boris.say("/check@number_check_bot", reply_to=sent)
    card = await boris.hears("team.txt")
    result = await boris.checks(card)

    assert verdicts(result) == {number: run.checker.verdict_of(number)}
    assert len(charges(run, number)) == 1
    assert {one.thread_id for one in (card, result)} == ({boris.thread_id} if forum else {sent})
    assert [one.reply_to.message_id for one in (card, result) if one.reply_to] == [sent, sent]


@pytest.mark.parametrize("forum", [False, True], ids=["a plain group", "a topic"])
async def test_a_file_under_the_command_is_checked(run: Rehearsal, *, forum: bool) -> None:
    number = f"+7924100000{int(forum)}"
    boris = in_group(run, forum=forum)
    await boris.send("caption.txt", number, caption="/check@number_check_bot for Monday")
    result = await boris.checks(await boris.hears("caption.txt"))

    assert [row[0] for row in sheet(result)[1:]] == [number]
    assert len(charges(run, number)) == 1
    assert result.thread_id == boris.thread_id or not forum


async def test_check_alone_asks_and_the_reply_is_the_list(run: Rehearsal) -> None:
    boris = in_group(run)
    await boris.say("/check@number_check_bot")
    question = await boris.hears(words("check-how"))
    assert (question.markup or {}).get("force_reply") is True
    await boris.say("+79242000001", reply_to=question.message_id)
    await boris.checks(await boris.hears("1 number"))

    assert len(charges(run, "+79242000001")) == 1


async def test_the_talk_of_a_group_that_shows_it_everything_is_left_alone_and_not_kept(run: Rehearsal) -> None:
    boris = in_group(run, privacy=False)
    await boris.say("my number is +79243000001")
    await boris.send("other.txt", "+79243000002")
    await boris.say("/help@number_check_bot")
    await boris.hears(words("help", bot="number_check_bot").splitlines()[0])

    assert len(run.telegram.bot_messages(boris.chat_id)) == 1
    kept = " ".join(str(raw) for (raw,) in run.rows("SELECT raw FROM updates"))
    assert "79243000001" not in kept
    assert "other.txt" not in kept


async def test_only_the_starter_decides_in_a_group(run: Rehearsal) -> None:
    boris, clara = in_group(run), talk(run, "Clara")
    run.telegram.set_member(boris.chat_id, clara.person, "member")
    sent = await boris.say("+79244000001")
    await boris.say("/check@number_check_bot", reply_to=sent)
    card = await boris.hears("1 number")
    clara.chat_id = boris.chat_id
    answer = await clara.press(card, "Check")

    assert answer.text == words("press-not-yours", name="Boris")
    assert run.checker.submits == [] or not charges(run, "+79244000001")
    await boris.checks(card)
    assert len(charges(run, "+79244000001")) == 1


async def test_a_group_that_becomes_a_supergroup_gets_its_result(run: Rehearsal) -> None:
    run.expected_refusals.add("upgraded to a supergroup")
    boris = talk(run)
    boris.chat_id = run.telegram.add_group("Small", [boris.person])
    run.checker.faults.arm("task_stalls", at=0.5)
    await boris.send("moved.txt", "+79245000001", caption="/check@number_check_bot")
    card = await boris.hears("moved.txt")
    await boris.press(card, "Check")
    charge = (await run.checker.wait_for(lambda _: charges(run, "+79245000001")))[0]
    await run.checker.wait_for(lambda checker: checker.polls[charge.task_id], timeout=15)
    boris.chat_id = run.telegram.migrate(boris.chat_id)
    run.checker.release(charge.task_id)

    assert set(verdicts(await boris.result())) == {"+79245000001"}


async def test_a_stranger_is_told_their_id_and_can_spend_nothing(run: Rehearsal) -> None:
    eve = Talk(run, run.telegram.add_person("Eve", id=STRANGER_ID, language_code="en"))
    await eve.say("/start")
    said = await eve.hears(words("stranger"))
    await eve.send("mine.txt", "+79246000001")
    await eve.say("+79246000002")
    boris = in_group(run)
    run.telegram.set_member(boris.chat_id, eve.person, "member")
    sent = await boris.say("+79246000003")
    await boris.say("/check@number_check_bot", reply_to=sent)
    card = await boris.hears("1 number")
    eve.chat_id = boris.chat_id
    answer = await eve.press(card, "Check")
    await boris.press(card, "Cancel")

    assert str(STRANGER_ID) in said.text
    assert answer.text == words("press-not-allowed")
    assert len(run.telegram.bot_messages(STRANGER_ID)) == 1
    assert not any(number.startswith("+79246") for charge in run.checker.ledger for number in charge.numbers)
    assert run.rows("SELECT id FROM updates WHERE raw LIKE '%mine.txt%' OR raw LIKE '%79246000002%'") == []
    assert len(run.rows("SELECT id FROM updates WHERE state = 'refused'")) >= 4


async def test_with_nobody_allowed_it_starts_and_tells_everybody_so(tmp_path: Path) -> None:
    async with rehearsal(tmp_path, settings={"ALLOWED_IDS": ""}) as run:
        await run.start()
        anna = Talk(run, run.anna)
        await anna.say("+79247000001")
        said = await anna.hears(words("stranger"))
        assert await run.stop() == 0

    assert str(run.anna.id) in said.text
    assert run.checker.submits == []
    assert "ADMIN_IDS and ALLOWED_IDS are empty" in run.log
