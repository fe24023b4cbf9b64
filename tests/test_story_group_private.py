"""Where a group has set so, it reads the counts, and the file goes in private to who started the check."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sandbox.chats import Message
from tests.company import ADMINS, AT_BOT, NOT_YOURS, Team, admins, jobs_say, replied_to, said, team_of, under_way
from tests.running import Rehearsal, rehearsal
from tests.talking import Talk, charges, verdicts, words
from tests.together import Ends, judge, names, play_on

pytestmark = pytest.mark.asyncio(loop_scope="module")
FILE = words("button-file-private")
FROM_GROUP = words("summary-group", title="Sales")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rehearsal]:
    """One bot for all stories here; each has a group of its own."""
    async with rehearsal(tmp_path_factory.mktemp("private"), settings=ADMINS) as run:
        run.expected_refusals.add("bot can't initiate conversation with a user")
        await run.start()
        yield run
        assert await run.stop() == 0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ada_and_oleg(run: Rehearsal) -> tuple[Talk, Talk]:
    """Give both admins, in private."""
    return admins(run)


async def private_team(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk], *, forum: bool = False) -> Team:
    """Give a group of its own whose admin has set that results go in private."""
    team = team_of(run, *ada_and_oleg, forum=forum)
    settings = await team.dora.asks(f"/settings{AT_BOT}")
    await team.dora.sets(settings, words("button-open-to"), words("button-set-to-starter"))
    await team.dora.sees(settings, words("settings-results-starter"))
    return team


def files_in(run: Rehearsal, chat_id: int) -> list[Message]:
    """Give the files that the bot has sent to a chat, which it may never have had."""
    chat = run.telegram.state.chats.get(chat_id)
    return [] if chat is None else [one for one in chat.messages.values() if one.from_bot and one.document]


async def the_file_goes_to_the_starter_and_the_group_reads_the_counts(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    team = await private_team(run, ada_and_oleg, forum=True)
    boris = Talk(run, team.boris.person)
    wrong = [f"+7934000{place}" for place in range(6)]
    card = await team.asks_about("+79340000001", *wrong, name="mine.txt")
    await team.clara_cannot(card, "Rejected")
    assert (await team.boris.press(card, "Rejected")).text == words("press-file-private")
    assert (await boris.result()).data
    await team.boris.press(card, "Check")
    result = await boris.result()
    counts = await team.boris.hears(words("counts-sent", who="Boris"))

    assert verdicts(result) == {"+79340000001": run.checker.verdict_of("+79340000001")}
    assert FROM_GROUP in result.text
    assert "mine.txt · Boris" in counts.text
    assert (counts.thread_id, replied_to(counts)) == (team.boris.thread_id, replied_to(card))
    assert files_in(run, team.boris.chat_id) == []
    assert not any("934000" in text for text in said(run, team.boris.chat_id))
    await team.clara_cannot(counts, FILE)

    # An admin of the group may have it too, in a private chat of their own: the press leads there.
    led = await team.dora.press(counts, FILE)
    assert led.url is not None
    assert run.telegram.state.chats.get(team.dora.person.id) is None
    await run.telegram.open_link(team.dora.person, led.url)
    taken = await Talk(run, team.dora.person).result()
    assert verdicts(taken) == verdicts(result)
    assert len(charges(run, "+79340000001")) == 1


async def a_starter_without_a_private_chat_is_led_to_one_and_nobody_else_gets_the_file(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    team = await private_team(run, ada_and_oleg)
    card = await team.asks_about("+79341000001", name="led.txt")
    await team.boris.press(card, "Check")
    counts = await team.boris.hears(words("counts-closed", who="Boris"))
    (button,) = [one for row in counts.keyboard for one in row if one["text"] == FILE]
    assert run.telegram.state.chats.get(team.boris.person.id) is None

    for other in (team.clara.person, run.telegram.add_person("Eve", language_code="en")):
        await run.telegram.open_link(other, button["url"])
        await Talk(run, other).hears("")
        assert files_in(run, other.id) == []
    assert said(run, team.clara.person.id) == [words("result-link-none")]
    await jobs_say(team.boris, words("state-not-fetched"))

    await run.telegram.open_link(team.boris.person, button["url"])
    boris = Talk(run, team.boris.person)
    result = await boris.result()
    assert set(verdicts(result)) == {"+79341000001"}
    assert FROM_GROUP in result.text
    await jobs_say(team.boris, words("state-done"))
    assert len(files_in(run, boris.chat_id)) == 1
    assert files_in(run, team.boris.chat_id) == []
    assert len(charges(run, "+79341000001")) == 1


async def a_starter_who_left_does_not_get_it_and_an_admin_does(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]) -> None:
    team = await private_team(run, ada_and_oleg)
    boris = Talk(run, team.boris.person)
    card = await team.asks_about("+79342000001", name="left.txt")
    task_id = await under_way(team.boris, card, "+79342000001")
    run.telegram.set_member(team.boris.chat_id, team.boris.person, "left")
    run.checker.release(task_id)
    counts = await team.clara.hears(words("counts-kept", who="Boris"))
    assert boris.results() == []

    token = run.rows("SELECT token FROM jobs WHERE name = 'left.txt'")[0][0]
    await run.telegram.open_link(team.boris.person, f"https://t.me/{AT_BOT[1:]}?start=result_{token}")
    await boris.hears(words("result-link-unseen", bot=AT_BOT[1:]))
    await team.clara_cannot(counts, FILE, NOT_YOURS)
    oleg = ada_and_oleg[1]
    assert (await team.oleg.press(counts, FILE)).text == words("press-file-private")
    assert set(verdicts(await oleg.result())) == {"+79342000001"}
    assert boris.results() == files_in(run, team.boris.chat_id) == []
    assert len(charges(run, "+79342000001")) == 1


STORIES = (
    the_file_goes_to_the_starter_and_the_group_reads_the_counts,
    a_starter_without_a_private_chat_is_led_to_one_and_nobody_else_gets_the_file,
    a_starter_who_left_does_not_get_it_and_an_admin_does,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ends(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]) -> Ends:
    """How each story ended; they are played side by side."""
    return await play_on(STORIES, run, ada_and_oleg)


@pytest.mark.parametrize("story", names(STORIES))
async def test_a_private_result(ends: Ends, story: str) -> None:
    judge(ends[story])
