"""Who may press what in a group: the starter, an admin of the group, an admin of the bot; and what the group has set.

Boris sends the lists, Dora is an admin of the group, Oleg one of the bot, Clara neither: she is told whose job it is.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.company import ADMINS, AT_BOT, admins, charged, team_of
from tests.running import Rehearsal, rehearsal
from tests.talking import Talk, charges, words
from tests.together import Ends, judge, names, play_on

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rehearsal]:
    """One bot for all stories here; each has a group of its own."""
    async with rehearsal(tmp_path_factory.mktemp("roles"), settings=ADMINS) as run:
        await run.start()
        yield run
        assert await run.stop() == 0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ada_and_oleg(run: Rehearsal) -> tuple[Talk, Talk]:
    """Give both admins, in private."""
    return admins(run)


async def every_button_of_a_preview_is_for_those_whose_job_it_is(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    team = team_of(run, *ada_and_oleg)
    wrong = [f"+7932000{place}" for place in range(7)]
    card = await team.asks_about("+79320000001", "8 932 000-00-02", *wrong, name="buttons.txt")
    labels = [label for label in card.labels if not label.startswith("Rejected")]
    assert {words("button-cancel"), words("button-leave-out"), words("button-other")} < set(labels)
    assert sum(label.startswith("🇷🇺") for label in labels) == 1
    before = card.text, card.labels
    for label in labels:
        await team.clara_cannot(card, label)
    assert ((card.text, card.labels), charges(run, "+79320000001")) == (before, [])
    assert not any(one in card.text for one in wrong)  # masked: a group's messages are read over shoulders

    # What is in the group is for all of it: the files, where the group has set nothing else.
    assert (await team.clara.press(card, "Rejected")).text == words("press-file")
    rejected = await team.clara.result()
    assert (rejected.data or b"").count(b"\n") == len(wrong)
    await team.dora.press(card, words("button-leave-out"))
    await team.oleg.sees(card, words("preview-left-out", count=1))
    await team.oleg.press(card, "Check 1 number")
    result = await team.clara.result()
    assert "buttons.txt · Boris" in result.text
    assert len(charges(run, "+79320000001")) == 1


async def the_starter_and_both_kinds_of_admins_start_and_cancel(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    team = team_of(run, *ada_and_oleg)
    for place, person in enumerate(team.entitled):
        card = await team.asks_about(f"+7932100000{place}", name=f"start{place}.txt")
        await team.clara_cannot(card, "Check")
        assert (await person.press(card, "Check")).text == words("press-queued")
        await charged(run, f"+7932100000{place}")
        card = await team.asks_about(f"+7932200000{place}", name=f"cancel{place}.txt")
        await team.clara_cannot(card, words("button-cancel"))
        assert (await person.press(card, words("button-cancel"))).text == words("press-cancelled")

    card = await team.asks_about("+79322000009", name="menu.txt")
    menu = await team.clara.asks(f"/cancel{AT_BOT}")
    await team.clara_cannot(menu, words("button-cancel-one", name="menu.txt"))
    run.telegram.set_member(team.boris.chat_id, team.boris.person, "kicked")
    gone = await team.boris.press(card, "Check")
    assert (gone.text, gone.show_alert) == (words("press-not-here"), True)
    await team.dora.press(menu, words("button-cancel-one", name="menu.txt"))

    assert sum(len(charges(run, f"+7932100000{place}")) for place in range(3)) == 3
    assert not any(number.startswith("+793220") for charge in run.checker.ledger for number in charge.numbers)


async def test_an_unsure_list_is_sent_again_or_closed_by_those_only(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    team = team_of(run, *ada_and_oleg)
    again, close = words("button-send-again"), words("button-close")
    for name, person, label in (("again.txt", team.dora, again), ("close.txt", team.oleg, close)):
        number = f"+7932300000{int(label == close)}"
        run.checker.faults.arm("submit_cut_after")
        card = await team.asks_about(number, name=name)
        await team.boris.press(card, "Check")
        question = await team.boris.hears(words("unsure-title", name=f"{name} · Boris"))
        assert len(charges(run, number)) == 1
        for each in (again, close):
            await team.clara_cannot(question, each)
        assert len(charges(run, number)) == 1
        await person.press(question, label)
        if label == again:
            await team.clara.result()

    assert len(charges(run, "+79323000000")) == 2
    assert len(charges(run, "+79323000001")) == 1


async def a_list_is_forgotten_by_those_only(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]) -> None:
    team = team_of(run, *ada_and_oleg)
    for place, person in enumerate(team.entitled):
        name = f"forget{place}.txt"
        card = await team.asks_about(f"+7932400000{place}", name=name)
        await team.boris.press(card, words("button-cancel"))
        refused = await team.clara.asks(f"/forget{AT_BOT}", card.message_id)
        assert refused.text == words("forget-not-yours", name="Boris")
        menu = await team.clara.asks(f"/forget{AT_BOT}")
        label = next(one for one in menu.labels if name in one)
        await team.clara_cannot(menu, label, words("forget-not-yours", name="Boris"))
        assert (await person.press(menu, label)).text == words("press-forgotten")

    assert run.rows("SELECT count(*) FROM jobs WHERE name LIKE 'forget%.txt'") == [(0,)]


async def who_starts_checks_is_what_the_group_has_set(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]) -> None:
    team = team_of(run, *ada_and_oleg)
    settings = await team.clara.asks(f"/settings{AT_BOT}")
    admins_only, named = words("button-set-who-admins"), words("button-set-who-named")
    who = words("button-open-who")
    await team.clara_cannot(settings, who, words("press-group-admins-only"))
    assert words("settings-spends-everyone") in settings.text
    await team.dora.sets(settings, who, admins_only)
    await team.dora.sees(settings, words("settings-spends-admins"))

    card = await team.asks_about("+79325000001", name="set.txt")
    answer = await team.boris.press(card, "Check")
    assert (answer.text, answer.show_alert) == (words("press-admins-spend"), True)
    await team.oleg.sets(settings, who, named)
    assert (await team.boris.press(card, "Check")).text == words("press-named-spend")
    assert charges(run, "+79325000001") == []

    written = await team.boris.say("please")
    assert (await team.clara.asks(f"/allow{AT_BOT}", written)).text == words("group-admins-only")
    assert (await team.dora.asks(f"/allow{AT_BOT}", written)).text == words("allow-done", name="Boris")
    await team.boris.press(card, "Check")
    await charged(run, "+79325000001")

    second = await team.asks_about("+79325000002", name="taken.txt")
    settings = await team.dora.asks(f"/settings{AT_BOT}")
    assert words("settings-named", names="Boris") in settings.text
    await team.dora.sets(settings, who, words("button-unname", name="Boris"))
    assert (await team.boris.press(second, "Check")).text == words("press-named-spend")
    await team.dora.press(second, "Check")
    await charged(run, "+79325000002")
    assert len(charges(run, "+79325000001")) == len(charges(run, "+79325000002")) == 1


async def test_numbers_are_added_to_a_list_by_those_only(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]) -> None:
    team = team_of(run, *ada_and_oleg)
    run.checker.change(minimum=3)
    card = await team.asks_about("+79326000001", name="small.txt")
    await team.boris.press(card, "Check")
    await team.boris.sees(card, words("preview-too-small", minimum=3))
    await team.clara_cannot(card, words("button-add"))
    assert (await team.dora.press(card, words("button-add"))).text == words("press-adding")
    await team.clara.say("+79326000002", reply_to=card.message_id)
    await team.dora.say("+79326000003 +79326000004", reply_to=card.message_id)
    await team.boris.sees(card, "3 numbers")
    await team.boris.press(card, "Check 3 numbers")
    await charged(run, "+79326000001", "+79326000003", "+79326000004")
    run.checker.change(minimum=0)

    assert not any("+79326000002" in charge.numbers for charge in run.checker.ledger)


STORIES = (
    every_button_of_a_preview_is_for_those_whose_job_it_is,
    the_starter_and_both_kinds_of_admins_start_and_cancel,
    a_list_is_forgotten_by_those_only,
    who_starts_checks_is_what_the_group_has_set,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ends(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]) -> Ends:
    """How each story ended; they are played side by side."""
    return await play_on(STORIES, run, ada_and_oleg)


@pytest.mark.parametrize("story", names(STORIES))
async def test_a_role(ends: Ends, story: str) -> None:
    judge(ends[story])
