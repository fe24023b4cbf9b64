"""Who is let in: strangers and groups ask, admins approve, deny and block; members are let in by others; /access."""

from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.chats import Message
from tests.company import (
    ADMINS,
    AT_BOT,
    CHECK,
    admins,
    beside,
    data_of,
    group,
    is_out,
    knocks,
    leaves,
    replied_to,
    said,
)
from tests.running import Rehearsal, rehearsal
from tests.talking import PATIENCE, Talk, charges, talk, words
from tests.together import Ends, judge, names, play

pytestmark = pytest.mark.asyncio(loop_scope="module")
WELCOME = words("welcome", bot=AT_BOT[1:])
ASKS_PERSON, ASKS_GROUP = words("access-asks-person"), words("access-asks-group")
LISTED = words("access-title", asking=0, groups=0, people=0, out=0).splitlines()[0]
DAY = 86_400.0


def played(story: Callable[[Rehearsal, tuple[Talk, Talk]], Awaitable[None]]) -> Callable[[Path], Awaitable[None]]:
    """Let a story have a bot of its own with two admins: what they are told is held to so many messages a minute."""

    @wraps(story)
    async def on_its_own(folder: Path) -> None:
        async with rehearsal(folder, settings=ADMINS) as run:
            await run.start()
            await story(run, admins(run))
            assert await run.stop() == 0

    return on_its_own


async def asks(run: Rehearsal, name: str, admin: Talk) -> tuple[Talk, Message]:
    """Let a stranger write to the bot; give their talk and an admin's card about them."""
    eve = talk(run, name)
    await eve.say("hello")
    await eve.hears(words("access-asked"))
    return eve, await admin.hears(f"{ASKS_PERSON}\n{name}")


async def look_up(admin: Talk, name: str) -> tuple[Message, str]:
    """Let an admin ask who may use the bot; give the list and the line that a name stands in."""
    before = said(admin.run, admin.chat_id)
    await admin.say("/access")
    await admin.run.telegram.wait_for(lambda _: said(admin.run, admin.chat_id)[len(before) :] or None, PATIENCE)
    listed = await admin.hears(LISTED)
    return listed, next(one for one in listed.text.splitlines() if name in one)


@played
async def a_stranger_asks_once_and_what_they_sent_is_read_when_an_admin_says_yes(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    ada, oleg = ada_and_oleg
    eve = Talk(run, run.telegram.add_person("Eve", username="eve_of_sales", language_code="en"))
    first = await eve.send("first.txt", "+79310000001\n+79310000002")
    asked = await eve.hears(words("access-asked"))
    second = await eve.send("second.txt", "+79310000003")
    await eve.say("+79310000004")
    cards = [await admin.hears(f"{ASKS_PERSON}\nEve") for admin in ada_and_oleg]
    assert await knocks(eve, asked) == words("press-not-allowed")

    assert asked.text == f"{words('access-asked')}\n{words('access-asked-file')}"
    assert said(run, eve.chat_id) == [asked.text]
    assert all(f"@eve_of_sales · id {eve.person.id}" in card.text for card in cards)
    assert cards[0].labels == [words(name) for name in ("button-approve-access", "button-deny", "button-block")]
    assert run.telegram.downloads == []
    assert run.rows("SELECT id FROM updates WHERE raw LIKE '%.txt%' OR raw LIKE '%79310000004%'") == []

    forged = data_of(cards[1], words("button-approve-access"))
    pressed = await ada.press(cards[0], words("button-approve-access"))
    assert pressed.text == words("press-access-approved", name="Eve")
    for admin, card in zip(ada_and_oleg, cards, strict=True):
        await admin.sees(card, "Approved by Ada")
        assert card.labels == []
    late = await run.telegram.press(oleg.person, oleg.chat_id, cards[1].message_id, forged)
    assert late.text == words("press-access-approved-already", admin="Ada")

    told = await eve.hears(words("access-let-in"))
    previews = [await eve.hears(name) for name in ("first.txt", "second.txt")]
    assert words("access-let-in-files", count=2) in told.text
    assert [replied_to(one) for one in previews] == [first, second]
    await eve.checks(previews[0])
    assert len(charges(run, "+79310000001", "+79310000002")) == 1
    assert len(run.checker.ledger) == 1


@played
async def who_is_denied_hears_it_and_no_admin_is_asked_again_and_access_lets_them_in(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    ada, oleg = ada_and_oleg
    mallory, card = await asks(run, "Mallory", ada)
    other = await oleg.hears(f"{ASKS_PERSON}\nMallory")
    await oleg.press(other, words("button-deny"))
    await mallory.hears(words("access-denied"))
    await ada.sees(card, "Denied by Oleg")
    for text in ("why?", "+79310100001", "let me in"):
        await mallory.say(text)
    assert await knocks(mallory, await mallory.hears(words("access-denied"))) == words("press-not-allowed")

    listed, line = await look_up(ada, "Mallory")
    assert f"{mallory.person.id} · denied" in line
    assert len([one for one in said(run, ada.chat_id) if "Mallory" in one]) == 2
    assert set(said(run, mallory.chat_id)[1:]) == {words("access-denied")}
    assert len(said(run, mallory.chat_id)) <= 3

    let_in = await ada.press(listed, f"{line.partition('.')[0]} · {words('button-let-in')}")
    assert let_in.text == words("press-access-approved", name="Mallory")
    await mallory.hears(words("access-let-in"))
    await mallory.say("+79310100002")
    await mallory.hears("1 number")


@played
async def who_is_blocked_hears_nothing_now_and_later(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]) -> None:
    ada, oleg = ada_and_oleg
    spam, card = await asks(run, "Spam", ada)
    await ada.press(card, words("button-block"))
    await oleg.sees(await oleg.hears("Spam"), "Blocked by Ada")
    before = len(run.telegram.calls)
    for text in ("buy", "/start", "+79310200001"):
        await spam.say(text)

    assert await knocks(spam, await spam.hears(words("access-asked"))) == ""
    assert said(run, spam.chat_id) == [words("access-asked")]
    assert [call.method for call in run.telegram.calls[before:] if call.method.startswith(("send", "edit"))] == []
    assert len([one for one in said(run, ada.chat_id) if "Spam" in one]) == 1


@played
async def an_unknown_group_is_asked_about_and_approved_with_the_file_that_waited(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    ada, oleg = ada_and_oleg
    fred = group(run, title="Freds")
    gina = beside(fred, "Gina")
    asked = await fred.hears(words("access-asked-group"))
    assert words("access-asked-leave") in asked.text
    card = await oleg.hears(f"{ASKS_GROUP}\nFreds")
    assert "Olga" in card.text
    assert words("access-members", count=3, id=str(fred.chat_id)) in card.text
    assert "Without an answer I leave on" in card.text
    sent = await gina.send("waits.txt", "+79310300001", caption=CHECK)
    await knocks(gina, asked)
    assert said(run, fred.chat_id) == [asked.text]
    await oleg.press(card, words("button-approve-access"))
    welcome = await gina.hears(words("access-let-in-group"))
    preview = await gina.hears("waits.txt · Gina")

    assert WELCOME in welcome.text
    assert replied_to(preview) == sent
    await ada.sees(await ada.hears("Freds"), "Approved by Oleg")
    await gina.checks(preview)
    assert len(charges(run, "+79310300001")) == 1

    # She spoke there minutes ago, so she is no stranger in private, though no admin of the group has to tell the bot.
    alone = Talk(run, gina.person)
    await alone.say("+79310300002")
    await alone.hears("1 number")


@played
async def a_group_that_is_denied_is_left_with_a_word_and_one_that_is_blocked_without(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    ada, _ = ada_and_oleg
    denied, blocked = group(run, title="Denied"), group(run, title="Blocked")
    await ada.press(await ada.hears(f"{ASKS_GROUP}\nDenied"), words("button-deny"))
    await ada.press(await ada.hears(f"{ASKS_GROUP}\nBlocked"), words("button-block"))
    for here in (denied, blocked):
        await leaves(run, here)
    assert said(run, denied.chat_id)[-1] == words("access-denied-group")
    assert len(said(run, blocked.chat_id)) == 1

    run.telegram.set_member(blocked.chat_id, run.telegram.bot, "member", by=blocked.person)
    await leaves(run, blocked)
    assert len(said(run, blocked.chat_id)) == 1


@played
async def a_group_that_nobody_answers_about_is_left_after_a_day(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    ada, _ = ada_and_oleg
    run.expected_refusals.add("Too Many Requests")  # a bot that was just started knows not what was said before it
    here = group(run, title="Forgotten")
    card = await ada.hears(f"{ASKS_GROUP}\nForgotten")
    assert await run.stop() == 0
    run.let_pass("leave_at", "access_requests", DAY - 60)
    await run.start()
    await here.say(f"/help{AT_BOT}")
    await run.all_handled()
    assert not is_out(run, here)

    assert await run.stop() == 0
    run.let_pass("leave_at", "access_requests", 60)
    await run.start()
    await here.hears(words("access-left-group"))
    await leaves(run, here)
    await ada.sees(card, "I have not been in that group since")


@played
async def a_group_that_an_admin_adds_the_bot_to_is_welcomed_and_its_members_are_no_strangers(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    ada, _ = ada_and_oleg
    here = group(run, owner=ada.person, title="Home", bot="administrator")
    assert WELCOME in (await here.hears("Reply")).text
    boris = beside(here)
    in_private = Talk(run, boris.person)
    await in_private.say("+79310400001")
    await in_private.hears("1 number")

    run.telegram.set_member(here.chat_id, boris.person, "kicked", by=ada.person)
    await in_private.say("+79310400002")
    await in_private.hears(words("access-asked-numbers"))
    answer = await in_private.press(await in_private.hears("1 number"), "Check")
    assert answer.text == words("press-not-allowed")
    assert not any(number.startswith("+793104") for charge in run.checker.ledger for number in charge.numbers)


@played
async def who_was_let_in_brings_a_group_and_an_admin_takes_it_back(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    ada, oleg = ada_and_oleg
    nina, card = await asks(run, "Nina", oleg)
    await oleg.press(card, words("button-approve-access"))
    await nina.hears(words("access-let-in"))
    here = group(run, owner=nina.person, title="Ninas")
    await here.hears(WELCOME)
    notice = await ada.hears(f"{words('access-added')}\nNinas")
    await here.say(f"/access{AT_BOT}")
    await here.hears(words("admins-only"))
    revoked = await ada.press(notice, words("button-revoke"))
    assert revoked.text == words("press-access-revoked", name="Ninas")

    before = said(run, here.chat_id)
    petra = beside(here, "Petra")
    await petra.say(f"/help{AT_BOT}")
    assert await knocks(petra, await petra.hears(WELCOME)) == ""
    assert said(run, here.chat_id) == before
    _, line = await look_up(ada, "group \u2068Ninas")
    assert f"{here.chat_id} · denied" in line

    listed, line = await look_up(oleg, "\u2068Nina\u2069")
    await oleg.press(listed, f"{line.partition('.')[0]} · {words('button-revoke')}")
    await nina.say("+79310500001")
    await nina.hears(words("access-denied"))


@played
async def everybody_reads_the_language_of_their_telegram_also_in_what_is_no_answer(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    ada, oleg = ada_and_oleg
    oleg.person.language_code = "ru"
    for admin, language in ((ada, "en"), (oleg, "ru")):
        await admin.say("/jobs")
        await admin.hears(words("jobs-none", language))
    ivan = talk(run, "Ivan", "ru")
    await ivan.say("+79310600001")
    await ivan.hears(words("access-asked", "ru"))
    english = await ada.hears(f"{ASKS_PERSON}\nIvan")
    russian = await oleg.hears(f"{words('access-asks-person', 'ru')}\nIvan")
    assert russian.labels == [words(name, "ru") for name in ("button-approve-access", "button-deny", "button-block")]
    await oleg.press(russian, words("button-approve-access", "ru"))
    await ada.sees(english, "Approved by Oleg")
    await oleg.sees(russian, "Разрешено: Oleg")
    await ivan.hears(words("access-let-in", "ru"))

    oleg.person.language_code, ada.person.language_code = "en", "ru"
    await oleg.say("/jobs")
    await oleg.hears(words("jobs-none"))
    await ada.say("/language")
    await ada.press(await ada.hears(words("language-which", "ru")), "English")
    await asks(run, "Judy", ada)
    await oleg.hears(f"{ASKS_PERSON}\nJudy")


async def with_nobody_allowed_it_starts_and_tells_everybody_so(tmp_path: Path) -> None:
    async with rehearsal(tmp_path, settings={"ALLOWED_IDS": ""}) as run:
        await run.start()
        anna = Talk(run, run.anna)
        await anna.say("+79247000001")
        told = await anna.hears(words("stranger"))
        assert await run.stop() == 0

    assert str(run.anna.id) in told.text
    assert run.checker.submits == []
    assert "ADMIN_IDS and ALLOWED_IDS are empty" in run.log


STORIES = (
    a_stranger_asks_once_and_what_they_sent_is_read_when_an_admin_says_yes,
    who_is_denied_hears_it_and_no_admin_is_asked_again_and_access_lets_them_in,
    who_is_blocked_hears_nothing_now_and_later,
    an_unknown_group_is_asked_about_and_approved_with_the_file_that_waited,
    a_group_that_is_denied_is_left_with_a_word_and_one_that_is_blocked_without,
    a_group_that_nobody_answers_about_is_left_after_a_day,
    a_group_that_an_admin_adds_the_bot_to_is_welcomed_and_its_members_are_no_strangers,
    who_was_let_in_brings_a_group_and_an_admin_takes_it_back,
    everybody_reads_the_language_of_their_telegram_also_in_what_is_no_answer,
    with_nobody_allowed_it_starts_and_tells_everybody_so,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ends(tmp_path_factory: pytest.TempPathFactory) -> Ends:
    """How each story ended; they are played side by side."""
    return await play(STORIES, tmp_path_factory)


@pytest.mark.parametrize("story", names(STORIES))
async def test_who_is_let_in(ends: Ends, story: str) -> None:
    judge(ends[story])
