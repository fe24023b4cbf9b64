"""What becomes of jobs when their group becomes a supergroup, puts the bot out, mutes it, loses a topic, or is gone."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.company import ADMINS, AT_BOT, CHECK, admins, beside, group, jobs_say, team_of, under_way
from tests.running import Rehearsal, rehearsal
from tests.talking import PATIENCE, Talk, charges, verdicts, words
from tests.together import Ends, judge, names, play_on

pytestmark = pytest.mark.asyncio(loop_scope="module")
REFUSALS = {
    "upgraded to a supergroup",
    "bot was kicked",
    "the group chat was deleted",
    "not enough rights to send",
    "TOPIC_CLOSED",
    "message thread not found",
    "message to edit not found",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rehearsal]:
    """One bot for all stories here; each has a group of its own."""
    async with rehearsal(tmp_path_factory.mktemp("life"), settings=ADMINS) as run:
        run.expected_refusals |= REFUSALS
        await run.start()
        yield run
        assert await run.stop() == 0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ada_and_oleg(run: Rehearsal) -> tuple[Talk, Talk]:
    """Give both admins, in private."""
    return admins(run)


async def has_one_checked(person: Talk, name: str, number: str) -> str:
    """Let somebody start the check of one number, which stands still half way; give its task."""
    await person.send(name, number, caption=CHECK)
    return await under_way(person, await person.hears(f"{name} · {person.person.first_name}"), number)


async def test_a_group_that_becomes_a_supergroup_goes_on_with_its_jobs_its_settings_and_its_people(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    team = team_of(run, *ada_and_oleg, supergroup=False, title="Small")
    written = await team.boris.say("hello")
    settings = await team.dora.asks(f"/settings{AT_BOT}")
    await team.dora.sets(settings, words("button-open-who"), words("button-set-who-named"))
    await team.dora.asks(f"/allow{AT_BOT}", written)
    waiting = await team.asks_about("+79350000001", name="waiting.txt")
    task_id = await has_one_checked(team.boris, "moved.txt", "+79350000002")
    old = team.boris.chat_id
    new = run.telegram.migrate(old)
    for person in (team.boris, team.clara, team.dora):
        person.chat_id = new
    run.checker.release(task_id)
    result = await team.boris.result()
    again = await team.boris.hears("waiting.txt · Boris")

    assert set(verdicts(result)) == {"+79350000002"}
    assert "moved.txt · Boris" in result.text
    await team.clara_cannot(again, "Check")
    stale = await run.telegram.press(team.boris.person, old, waiting.message_id, "Check 1 number", timeout=PATIENCE)
    assert (stale.answered, charges(run, "+79350000001")) == (True, [])
    # Boris is named still, and Clara is not.
    card = await Talk(run, team.clara.person, new).asks(f"/settings{AT_BOT}")
    assert words("settings-named", names="Boris") in card.text
    await team.boris.press(again, "Check")
    assert set(verdicts(await team.boris.result())) == {"+79350000001"}
    assert len(charges(run, "+79350000001")) == len(charges(run, "+79350000002")) == 1
    assert run.rows("SELECT DISTINCT chat_id FROM jobs WHERE name IN ('waiting.txt', 'moved.txt')") == [(new,)]


async def a_bot_that_was_put_out_keeps_the_result_until_it_is_back(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    ada, oleg = ada_and_oleg
    here = group(run, owner=ada.person, title="Out")
    boris = beside(here)
    task_id = await has_one_checked(boris, "kept.txt", "+79351000001")
    run.telegram.set_member(here.chat_id, run.telegram.bot, "kicked", by=ada.person)
    run.checker.release(task_id)
    for admin in ada_and_oleg:
        await admin.hears(words("admin-undeliverable", count=1, chat=str(here.chat_id)))
    # An admin may look at it meanwhile; it is the group's all the same.
    await oleg.press(await oleg.hears(str(here.chat_id)), words("button-file-private"))
    assert set(verdicts(await oleg.result())) == {"+79351000001"}
    run.telegram.set_member(here.chat_id, run.telegram.bot, "member", by=oleg.person)
    result = await boris.result()

    assert set(verdicts(result)) == {"+79351000001"}
    assert words("summary-repeat") not in result.text
    assert len(charges(run, "+79351000001")) == 1
    await jobs_say(boris, words("state-done"))


async def a_bot_that_is_muted_or_may_send_no_files_says_so_where_it_can_and_sends_when_it_may(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    await asyncio.gather(*(_muted(run, ada_and_oleg, silent=silent) for silent in (True, False)))


async def _muted(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk], *, silent: bool) -> None:
    here = group(run, owner=ada_and_oleg[0].person, title="Quiet")
    boris = beside(here)
    number = f"+7935200000{int(silent)}"
    task_id = await has_one_checked(boris, "quiet.txt", number)
    telegram = run.telegram
    telegram.set_member(
        here.chat_id, telegram.bot, "restricted", can_send_messages=not silent, can_send_documents=False
    )
    run.checker.release(task_id)
    await ada_and_oleg[1].hears(words("admin-undeliverable", count=1, chat=str(here.chat_id)))
    if not silent:
        await boris.hears(words("final-undeliverable", name="quiet.txt · Boris"))
        listed = await jobs_say(boris, words("state-undeliverable"))
        await boris.press(listed, "1")
        await boris.sees(listed, words("job-undeliverable"))
        assert words("button-result") in listed.labels
    assert boris.results() == []
    run.telegram.set_member(here.chat_id, run.telegram.bot, "member")

    assert set(verdicts(await boris.result())) == {number}
    assert len(charges(run, number)) == 1


async def a_topic_that_is_closed_or_deleted_does_not_keep_the_result_back(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    await asyncio.gather(*(_without_topic(run, ada_and_oleg, deleted=deleted) for deleted in (False, True)))


async def _without_topic(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk], *, deleted: bool) -> None:
    here = group(run, owner=ada_and_oleg[0].person, title="Topics", forum=True)
    boris = beside(here)
    number = f"+7935300000{int(deleted)}"
    task_id = await has_one_checked(boris, "topic.txt", number)
    assert here.thread_id is not None
    if deleted:
        run.telegram.delete_topic(here.chat_id, here.thread_id)
    else:
        run.telegram.close_topic(here.chat_id, here.thread_id)
    run.checker.release(task_id)
    result = await boris.result()
    boris.thread_id = run.telegram.add_topic(here.person, here.chat_id, "Others")
    listed = await jobs_say(boris, words("state-done"))

    assert set(verdicts(result)) == {number}
    assert result.thread_id is None
    assert "topic.txt · Boris" in result.text
    assert listed.thread_id == boris.thread_id
    assert len(charges(run, number)) == 1


async def a_group_that_is_deleted_takes_no_result_with_it(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]) -> None:
    here = group(run, owner=ada_and_oleg[0].person, title="Gone", supergroup=False)
    boris = beside(here)
    task_id = await has_one_checked(boris, "gone.txt", "+79354000001")
    run.telegram.delete_group(here.chat_id)
    run.checker.release(task_id)
    for admin in ada_and_oleg:
        await admin.hears(words("admin-undeliverable", count=1, chat=str(here.chat_id)))

    ada = ada_and_oleg[0]
    told = await ada.hears(str(here.chat_id))
    assert (await ada.press(told, words("button-file-private"))).text == words("press-file-private")
    taken = await ada.result()

    assert set(verdicts(taken)) == {"+79354000001"}
    assert words("summary-group", title="Gone") in taken.text
    assert len(charges(run, "+79354000001")) == 1


async def the_list_of_a_member_who_is_banned_meanwhile_is_the_groups(
    run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]
) -> None:
    team = team_of(run, *ada_and_oleg)
    task_id = await has_one_checked(team.boris, "banned.txt", "+79355000001")
    waiting = await team.asks_about("+79355000002", name="open.txt")
    run.telegram.set_member(team.boris.chat_id, team.boris.person, "kicked", by=team.dora.person)
    assert (await team.boris.press(waiting, "Check")).text == words("press-not-here")
    run.checker.release(task_id)
    result = await team.clara.result()
    assert set(verdicts(result)) == {"+79355000001"}
    assert "banned.txt · Boris" in result.text
    await team.clara_cannot(waiting, "Check")
    await team.dora.press(waiting, "Check")
    assert set(verdicts(await team.clara.result())) == {"+79355000002"}
    assert len(charges(run, "+79355000001")) == len(charges(run, "+79355000002")) == 1


STORIES = (
    a_bot_that_was_put_out_keeps_the_result_until_it_is_back,
    a_bot_that_is_muted_or_may_send_no_files_says_so_where_it_can_and_sends_when_it_may,
    a_topic_that_is_closed_or_deleted_does_not_keep_the_result_back,
    a_group_that_is_deleted_takes_no_result_with_it,
    the_list_of_a_member_who_is_banned_meanwhile_is_the_groups,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ends(run: Rehearsal, ada_and_oleg: tuple[Talk, Talk]) -> Ends:
    """How each story ended; they are played side by side."""
    return await play_on(STORIES, run, ada_and_oleg)


@pytest.mark.parametrize("story", names(STORIES))
async def test_the_life_of_a_group(ends: Ends, story: str) -> None:
    judge(ends[story])
