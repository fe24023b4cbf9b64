"""The ways by which a list in a group reaches the bot, with privacy on, with privacy off, and as an admin."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.company import AT_BOT, CHECK, beside, group, knocks, replied_to, said
from tests.running import STRANGER_ID, Rehearsal, rehearsal
from tests.talking import Talk, charges, sheet, talk, verdicts, words
from tests.together import Ends, judge, names, play_on

pytestmark = pytest.mark.asyncio(loop_scope="module")
WELCOME = words("welcome", bot=AT_BOT[1:])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rehearsal]:
    """One bot for all stories here; each has people and a group of its own."""
    async with rehearsal(tmp_path_factory.mktemp("group")) as run:
        await run.start()
        yield run
        assert await run.stop() == 0


async def check_in_reply_to_a_file_checks_the_file(run: Rehearsal) -> None:
    await asyncio.gather(*(_check_in_reply(run, forum=forum) for forum in (False, True)))


async def _check_in_reply(run: Rehearsal, *, forum: bool) -> None:
    number = f"+7924000000{int(forum)}"
    boris = beside(group(run, forum=forum))
    sent = await boris.send("team.txt", number)
    await boris.hears(WELCOME)
    assert len(said(run, boris.chat_id)) == 1
    await boris.say(CHECK, reply_to=sent)
    card = await boris.hears("team.txt")
    result = await boris.checks(card)

    assert verdicts(result) == {number: run.checker.verdict_of(number)}
    assert len(charges(run, number)) == 1
    assert {one.thread_id for one in (card, result)} == ({boris.thread_id} if forum else {sent})
    assert [replied_to(one) for one in (card, result)] == [sent, sent]
    assert "team.txt · Boris" in result.text


async def a_file_under_the_command_is_checked(run: Rehearsal) -> None:
    await asyncio.gather(*(_under_the_command(run, forum=forum) for forum in (False, True)))


async def _under_the_command(run: Rehearsal, *, forum: bool) -> None:
    number = f"+7924100000{int(forum)}"
    boris = beside(group(run, forum=forum))
    sent = await boris.send("caption.txt", number, caption=f"{CHECK} for Monday")
    result = await boris.checks(await boris.hears("caption.txt"))

    assert [row[0] for row in sheet(result)[1:]] == [number]
    assert len(charges(run, number)) == 1
    assert result.thread_id == (boris.thread_id if forum else sent)


async def check_alone_asks_and_the_reply_is_the_list(run: Rehearsal) -> None:
    boris = beside(group(run, forum=True))
    await boris.say(CHECK)
    question = await boris.hears(words("check-how"))
    assert (question.markup or {}).get("force_reply") is True
    sent = await boris.say("+79242000001", reply_to=question.message_id)
    card = await boris.hears("1 number")

    assert (card.thread_id, replied_to(card)) == (boris.thread_id, sent)


async def a_reply_to_the_bot_is_a_list_and_a_mention_is_seen_where_all_is_seen(run: Rehearsal) -> None:
    hidden, shown = beside(group(run)), beside(group(run, privacy=False), "Clara")
    welcome = await hidden.hears(WELCOME)
    sent = await hidden.send("reply.txt", "+79242100001", reply_to=welcome.message_id)
    assert replied_to(await hidden.hears("reply.txt")) == sent

    for here in (hidden, shown):
        await here.say(f"{AT_BOT} +79242100002")
    await shown.hears("1 number")
    await hidden.say(f"/jobs{AT_BOT}")
    await hidden.hears(words("jobs-title"))
    assert "Pasted numbers" not in " ".join(said(run, hidden.chat_id))


async def the_talk_of_a_group_that_shows_it_everything_is_left_alone_and_not_kept(run: Rehearsal) -> None:
    boris = beside(group(run, privacy=False))
    await boris.hears(WELCOME)
    await boris.say("my number is +79243000001")
    listed = await boris.send("other.txt", "+79243000002")
    await boris.say("Clara, look", reply_to=listed)
    await boris.say("/check@another_bot", reply_to=listed)
    await boris.say(f"/help{AT_BOT}")
    await boris.hears(words("help", bot=AT_BOT[1:]).splitlines()[0])

    assert len(said(run, boris.chat_id)) == 2
    kept = " ".join(str(raw) for (raw,) in run.rows("SELECT raw FROM updates"))
    assert not any(one in kept for one in ("79243000001", "other.txt", "Clara, look", "another_bot"))
    assert "other.txt" not in [one.file_name for one in run.telegram.downloads]


async def an_admin_is_offered_to_take_files_unasked_and_then_takes_lists_only(run: Rehearsal) -> None:
    olga = group(run)
    boris = beside(olga)
    run.telegram.set_member(olga.chat_id, run.telegram.bot, "administrator", by=olga.person)
    offer = await olga.hears(words("promoted"))
    await boris.send("before.txt", "+79243100001")
    refused = await boris.press(offer, words("button-take-files"))
    assert (refused.text, refused.show_alert) == (words("press-group-admins-only"), True)
    await olga.press(offer, words("button-take-files"))
    await boris.send("report.pdf", "+79243100002")
    await boris.say("+79243100003")
    sent = await boris.send("after.txt", "+79243100004")
    card = await boris.hears("after.txt")

    assert replied_to(card) == sent
    assert words("button-set-files-off") in offer.labels
    kept = " ".join(str(raw) for (raw,) in run.rows("SELECT raw FROM updates"))
    assert not any(one in kept for one in ("before.txt", "report.pdf", "79243100003"))

    # No admin any more: files without a word are not seen, and the old way works.
    run.telegram.set_member(olga.chat_id, run.telegram.bot, "member", by=olga.person)
    unseen = await boris.send("later.txt", "+79243100005")
    await boris.say(CHECK, reply_to=unseen)
    assert replied_to(await boris.hears("later.txt")) == unseen


async def a_forwarded_file_and_one_from_a_channel_are_read_where_a_member_asks(run: Rehearsal) -> None:
    olga = group(run)
    boris, clara = beside(olga), beside(olga, "Clara")
    elsewhere = run.telegram.add_group("Other", [boris.person], bot=None)
    original = await run.telegram.send_document(boris.person, elsewhere, "forwarded.txt", b"+79243200001")
    forwarded = await run.telegram.forward(boris.person, elsewhere, original, boris.chat_id)
    await boris.say(CHECK, reply_to=forwarded)
    assert replied_to(await boris.hears("forwarded.txt · Boris")) == forwarded

    channel = run.telegram.add_group("News", [olga.person], channel=True, bot=None)
    run.telegram.discuss(channel, olga.chat_id)
    await run.telegram.send_document(olga.person, channel, "post.txt", b"+79243200002")
    post = run.telegram.messages(olga.chat_id)[-1].message_id
    await clara.say(CHECK, reply_to=post)
    card = await clara.hears("post.txt · Clara")
    assert replied_to(card) == post


async def what_a_channel_or_an_anonymous_admin_sends_is_read_and_somebody_with_a_name_pays(run: Rehearsal) -> None:
    olga = group(run)
    boris, vera = beside(olga), beside(olga, "Vera", "administrator", is_anonymous=True)
    channel = run.telegram.add_group("News", [olga.person], channel=True, bot=None)
    await olga.send("channel.txt", "+79243300001", caption=CHECK, as_channel=channel)
    await olga.hears("channel.txt · News")
    sent = await vera.send("nameless.txt", "+79243300002", caption=CHECK)
    card = await vera.hears("nameless.txt · Sales")
    assert charges(run, "+79243300002") == []
    # Where the bot is no admin, Telegram does not tell it who is in the group.
    unknown = await boris.press(card, "Check")
    assert (unknown.text, unknown.show_alert) == (words("press-not-here"), True)
    await boris.say(f"/jobs{AT_BOT}")
    await boris.hears(words("jobs-title"))
    result = await boris.checks(card)

    assert replied_to(result) == sent
    assert run.rows("SELECT starter_id, asked_by FROM jobs WHERE name = 'nameless.txt'") == [
        (1087968824, boris.person.id)
    ]
    assert len(charges(run, "+79243300002")) == 1
    assert charges(run, "+79243300001") == []


async def a_list_edited_before_the_press_is_read_again_and_after_it_is_too_late(run: Rehearsal) -> None:
    boris = beside(group(run))
    sent = await boris.say(f"{CHECK} +79243400001")
    card = await boris.hears("1 number")
    await run.telegram.edit_text(boris.person, boris.chat_id, sent, f"{CHECK} +79243400002 +79243400003")
    await boris.sees(card, "2 numbers")
    result = await boris.checks(card)
    await run.telegram.edit_text(boris.person, boris.chat_id, sent, f"{CHECK} +79243400004")
    late = await boris.hears(words("list-already-sent"))

    assert set(verdicts(result)) == {"+79243400002", "+79243400003"}
    assert replied_to(late) == sent
    assert len(charges(run, "+79243400002", "+79243400003")) == 1
    assert charges(run, "+79243400001") == charges(run, "+79243400004") == []


async def with_no_admin_to_ask_a_stranger_is_told_their_id_and_can_spend_nothing(run: Rehearsal) -> None:
    eve = Talk(run, run.telegram.add_person("Eve", id=STRANGER_ID, language_code="en"))
    await eve.say("/start")
    told = await eve.hears(words("stranger"))
    await eve.send("mine.txt", "+79246000001")
    assert await knocks(eve, told) == words("press-not-allowed")
    boris = talk(run)
    boris.chat_id = run.telegram.add_group("Not let in", [boris.person, eve.person], supergroup=True)
    sent = await boris.say("+79246000002")
    await boris.say(CHECK, reply_to=sent)
    card = await boris.hears("1 number")
    eve.chat_id = boris.chat_id
    answer = await eve.press(card, "Check")
    await boris.press(card, "Cancel")

    assert str(STRANGER_ID) in told.text
    assert answer.text == words("press-not-allowed")
    assert len(run.telegram.bot_messages(STRANGER_ID)) == 1
    assert not any(number.startswith("+79246") for charge in run.checker.ledger for number in charge.numbers)
    assert run.rows("SELECT id FROM updates WHERE raw LIKE '%mine.txt%'") == []
    assert len(run.rows("SELECT id FROM updates WHERE state = 'refused'")) >= 3


STORIES = (
    check_in_reply_to_a_file_checks_the_file,
    a_file_under_the_command_is_checked,
    check_alone_asks_and_the_reply_is_the_list,
    a_reply_to_the_bot_is_a_list_and_a_mention_is_seen_where_all_is_seen,
    the_talk_of_a_group_that_shows_it_everything_is_left_alone_and_not_kept,
    an_admin_is_offered_to_take_files_unasked_and_then_takes_lists_only,
    a_forwarded_file_and_one_from_a_channel_are_read_where_a_member_asks,
    what_a_channel_or_an_anonymous_admin_sends_is_read_and_somebody_with_a_name_pays,
    a_list_edited_before_the_press_is_read_again_and_after_it_is_too_late,
    with_no_admin_to_ask_a_stranger_is_told_their_id_and_can_spend_nothing,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ends(run: Rehearsal) -> Ends:
    """How each story ended; they are played side by side."""
    return await play_on(STORIES, run)


@pytest.mark.parametrize("story", names(STORIES))
async def test_a_way_in(ends: Ends, story: str) -> None:
    judge(ends[story])
