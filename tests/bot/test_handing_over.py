"""A result whose file goes to a person: file and counts both arrive, each once or marked; nobody else gets a number."""

import zlib
from dataclasses import dataclass

import pytest
from sqlalchemy import update

from bot.job import STAND_INS, Job, JobState
from bot.rights import FAILED_SECONDS
from sandbox.chats import Message, Person
from storage.groups import ResultsTo
from storage.lists import ListMessage, NewJob, StoredResult
from storage.schema import jobs
from tests.bot.bench import Bench, numbers

ADA = 77
"""An admin of the bench."""
REPEAT = "Possible repeat"


@dataclass
class Team:
    """A group whose results go to who started them: Olga owns it, Boris sends a list there."""

    bench: Bench
    boris: Person
    chat_id: int

    async def ready(self, *, thread_id: int | None = None) -> Job:
        """A list of Boris's whose result is stored."""
        bench, now = self.bench, self.bench.clock.now()
        text = numbers(3)
        message_id = await bench.telegram.send_text(self.boris, self.chat_id, text, thread_id=thread_id)
        new = NewJob(self.chat_id, thread_id, self.boris.id, "Boris", "en", "base.txt", None)
        job = await bench.store.lists.open(new, ListMessage(self.chat_id, message_id, now, text.encode()), now)
        await bench.press(await bench.settled(job))
        await bench.turn()
        stored = await bench.store.tasks.keep_result(
            await bench.now(job), StoredResult("ynu", b"the workbook", None), zlib.compress(b"ynu"), now
        )
        assert stored is not None
        return stored

    @property
    def files(self) -> list[Message]:
        return self.bench.documents(self.boris.id) if self.boris.id in self.bench.telegram.state.chats else []


@pytest.fixture
async def team(bench: Bench) -> Team:
    olga, boris = bench.telegram.add_person("Olga"), bench.telegram.add_person("Boris")
    bench.telegram.private_chat(boris)
    chat_id = bench.telegram.add_group("Sales", [olga, boris], supergroup=True, bot="administrator")
    await bench.store.groups.set_results_to(chat_id, ResultsTo.STARTER)
    await bench.store.chats.note_title(chat_id, "Sales")
    return Team(bench, boris, chat_id)


def told(team: Team) -> list[Message]:
    """The group's messages about the result: all but the card."""
    cards = {message.message_id for message in team.bench.telegram.bot_messages(team.chat_id)[:1]}
    return [one for one in team.bench.telegram.bot_messages(team.chat_id) if one.message_id not in cards]


async def test_the_file_goes_to_the_starter_and_the_counts_to_the_group(team: Team) -> None:
    job = await team.bench.settled(await team.ready())
    (file,), (counts,) = team.files, told(team)
    assert job.state is JobState.DONE
    assert (job.delivered_to, job.result_file_id) == (team.boris.id, (file.document or {})["file_id"])
    assert job.counted_at is not None
    assert "From the group Sales" in file.text
    assert "base.txt · Boris" in file.text
    assert "1 of 3" in counts.text
    assert "The file is in a private chat: Boris." in counts.text
    assert counts.reply_to is not None
    assert counts.reply_to.message_id == job.list_message_id
    assert not counts.silent
    assert team.bench.documents(team.chat_id) == []


async def test_without_the_setting_the_group_gets_the_file(team: Team) -> None:
    await team.bench.store.groups.set_results_to(team.chat_id, ResultsTo.GROUP)
    job = await team.bench.settled(await team.ready())
    assert job.state is JobState.DONE
    assert (job.delivered_to, job.counted_at) == (None, None)
    assert len(team.bench.documents(team.chat_id)) == 1
    assert team.files == []


async def test_no_number_is_in_what_the_group_reads(team: Team) -> None:
    await team.bench.settled(await team.ready())
    said = " ".join(text for one in team.bench.telegram.bot_messages(team.chat_id) for text in one.texts())
    assert not [number for number in numbers(3).split() if number.removeprefix("+7") in said]


async def test_the_counts_stay_in_the_topic(bench: Bench, team: Team) -> None:
    forum = bench.telegram.add_group("Forum", [team.boris], forum=True, bot="administrator")
    await bench.store.groups.set_results_to(forum, ResultsTo.STARTER)
    team.chat_id, thread_id = forum, bench.telegram.add_topic(team.boris, forum, "Lists")
    await bench.settled(await team.ready(thread_id=thread_id))
    assert [one.thread_id for one in bench.telegram.bot_messages(forum)] == [thread_id] * 2
    assert team.files[0].thread_id is None


async def test_who_never_opened_a_private_chat_gets_a_way_to_it(team: Team) -> None:
    del team.bench.telegram.state.chats[team.boris.id]
    job = await team.bench.settled(await team.ready())
    (counts,) = told(team)
    assert (job.state, job.delivered_to) == (JobState.UNDELIVERABLE, None)
    assert counts.keyboard[0][0]["url"].endswith(f"?start=result_{job.token}")
    assert "1 of 3" in counts.text
    assert team.bench.said(ADA) == []
    assert "below" in team.bench.card(job).text


async def test_it_comes_by_itself_once_the_chat_is_open_and_the_group_hears_nothing_twice(team: Team) -> None:
    del team.bench.telegram.state.chats[team.boris.id]
    job = await team.bench.settled(await team.ready())
    team.bench.telegram.private_chat(team.boris)
    await team.bench.store.tasks.reachable_again(team.boris.id, team.bench.clock.now())
    job = await team.bench.settled(job)
    assert (job.state, job.delivered_to) == (JobState.DONE, team.boris.id)
    assert len(team.files) == 1
    assert REPEAT not in team.files[0].text
    assert len(told(team)) == 1


async def test_a_starter_who_blocks_the_bot_after_all_gets_a_way_back(team: Team) -> None:
    job = await team.ready()
    team.bench.telegram.block(team.boris)
    job = await team.bench.settled(job)
    assert job.state is JobState.UNDELIVERABLE
    assert "url" in told(team)[0].keyboard[0][0]
    team.bench.telegram.unblock(team.boris)
    await team.bench.store.tasks.reachable_again(team.boris.id, team.bench.clock.now())
    assert (await team.bench.settled(job)).state is JobState.DONE
    assert len(team.files) == 1


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_who_is_out_of_the_group_by_then_gets_nothing_and_the_group_is_told_who_can(
    team: Team, status: str
) -> None:
    job = await team.ready()
    team.bench.telegram.set_member(team.chat_id, team.boris, status)
    job = await team.bench.settled(job)
    (counts,) = told(team)
    assert (job.state, job.delivered_to) == (JobState.UNDELIVERABLE, None)
    assert team.files == []
    assert "or an admin" in counts.text
    assert counts.keyboard[0][0]["callback_data"] == f"file:{job.token}:"
    await team.bench.store.tasks.reachable_again(team.boris.id, team.bench.clock.now())
    assert (await team.bench.settled(job)).state is JobState.UNDELIVERABLE
    assert team.files == []
    assert len(told(team)) == 1


async def test_where_telegram_does_not_say_the_file_is_kept_unless_they_spoke_there_minutes_ago(team: Team) -> None:
    team.bench.telegram.set_member(team.chat_id, team.bench.telegram.state.bot, "member")
    kept = await team.bench.settled(await team.ready())
    assert (kept.state, team.files) == (JobState.UNDELIVERABLE, [])
    team.bench.rights.saw(team.chat_id, team.boris.id)
    job = await team.bench.settled(await team.ready())
    assert (job.state, len(team.files)) == (JobState.DONE, 1)


async def test_telegram_being_out_of_reach_is_no_reason_to_keep_it(team: Team) -> None:
    job = await team.ready()
    team.bench.faults.arm("server_error", method="getChatMember")
    await team.bench.turn()
    job = await team.bench.now(job)
    assert (job.state, job.sending) == (JobState.DELIVERING, False)
    assert job.due_at == pytest.approx(team.bench.clock.now() + FAILED_SECONDS)
    assert (await team.bench.until(job, JobState.DONE)).delivered_to == team.boris.id


async def test_a_crash_while_the_file_is_sent_marks_its_next_copy_and_not_the_counts(team: Team) -> None:
    job = await team.ready()
    team.bench.faults.arm("cut_after", method="sendDocument")
    await team.bench.turn()
    assert (await team.bench.now(job)).sending
    assert told(team) == []
    await team.bench.until(job, JobState.DONE)
    assert [REPEAT in one.text for one in team.files] == [False, True]
    assert [REPEAT in one.text for one in told(team)] == [False]


async def test_a_crash_between_file_and_counts_sends_the_counts_only(team: Team) -> None:
    job = await team.ready()
    marked = await team.bench.store.tasks.begin_sending(job)
    assert marked is not None
    await team.bench.store.tasks.handed_over(marked, "file-id", team.boris.id)
    job = await team.bench.settled(job)
    assert (job.state, job.result_file_id) == (JobState.DONE, "file-id")
    assert team.files == []
    assert [REPEAT in one.text for one in told(team)] == [False]


async def test_a_crash_while_the_counts_are_sent_marks_their_next_copy_and_sends_no_file(team: Team) -> None:
    job = await team.ready()
    team.bench.faults.arm("cut_after", method="sendMessage", chat_id=team.chat_id)
    await team.bench.turn()
    job = await team.bench.now(job)
    assert (job.state, job.sending, job.delivered_to) == (JobState.DELIVERING, True, team.boris.id)
    await team.bench.until(job, JobState.DONE)
    assert len(team.files) == 1
    assert [REPEAT in one.text for one in told(team)] == [False, True]


async def test_a_crash_after_the_counts_only_ends_the_job(team: Team) -> None:
    job = await team.ready()
    handed = await team.bench.store.tasks.handed_over(job, "file-id", team.boris.id)
    assert handed is not None
    await team.bench.store.tasks.counted(handed, team.bench.clock.now())
    assert (await team.bench.settled(job)).state is JobState.DONE
    assert (team.files, told(team)) == ([], [])


@pytest.mark.parametrize("method", ["sendDocument", "sendMessage"])
async def test_what_surely_did_not_arrive_comes_later_and_leaves_no_mark(team: Team, method: str) -> None:
    job = await team.ready()
    team.bench.faults.arm("server_error", method=method)
    await team.bench.turn()
    assert not (await team.bench.now(job)).sending
    await team.bench.until(job, JobState.DONE)
    assert [REPEAT in one.text for one in (*team.files, *told(team))] == [False, False]


async def test_a_group_that_is_gone_leaves_the_file_with_its_person_and_bothers_no_admin(team: Team) -> None:
    job = await team.ready()
    team.bench.telegram.forbid_writing(team.chat_id)
    job = await team.bench.settled(job)
    assert (job.state, job.delivered_to, job.counted_at) == (JobState.UNDELIVERABLE, team.boris.id, None)
    assert len(team.files) == 1
    assert team.bench.said(ADA) == []
    team.bench.telegram.forbid_writing(team.chat_id, forbidden=False)
    await team.bench.store.tasks.reachable_again(team.chat_id, team.bench.clock.now())
    job = await team.bench.settled(job)
    assert job.state is JobState.DONE
    assert (len(team.files), len(told(team))) == (1, 1)


async def test_where_neither_can_be_reached_an_admin_hears_of_it(team: Team) -> None:
    job = await team.ready()
    team.bench.telegram.forbid_writing(team.chat_id)
    team.bench.telegram.block(team.boris)
    assert (await team.bench.settled(job)).state is JobState.UNDELIVERABLE
    assert len(team.bench.said(ADA)) == 1
    card = team.bench.telegram.last(ADA)
    assert card is not None
    assert card.labels == ["File in private"]


async def test_a_file_that_telegram_takes_in_no_form_is_said_to_be_kept(team: Team) -> None:
    job = await team.ready()
    team.bench.faults.arm("too_large", times=2, method="sendDocument")
    job = await team.bench.settled(job)
    assert (job.state, job.sending) == (JobState.UNDELIVERABLE, False)
    assert "Telegram does not take it" in told(team)[0].text


async def test_a_group_that_becomes_a_supergroup_between_file_and_counts_gets_them_under_its_new_id(
    bench: Bench, team: Team
) -> None:
    team.chat_id = bench.telegram.add_group("Small", [team.boris], bot="administrator")
    await bench.store.groups.set_results_to(team.chat_id, ResultsTo.STARTER)
    handed = await bench.store.tasks.handed_over(await team.ready(), "file-id", team.boris.id)
    assert handed is not None
    new = bench.telegram.migrate(team.chat_id)
    job = await bench.settled(handed)
    assert (job.state, job.chat_id, team.files) == (JobState.DONE, new, [])
    counts = [one for one in bench.telegram.bot_messages(new) if "private chat" in one.text]
    assert [REPEAT in one.text for one in counts] == [False]
    assert counts[0].reply_to is None


async def test_a_list_of_an_anonymous_admin_goes_to_who_pressed(bench: Bench, team: Team) -> None:
    job = await team.ready()
    async with bench.store.database.write() as connection:
        stand_in = {"starter_id": min(STAND_INS), "starter_name": "Sales", "asked_by": team.boris.id}
        await connection.execute(update(jobs).where(jobs.c.id == job.id).values(stand_in))
    job = await bench.settled(job)
    assert (job.state, job.delivered_to) == (JobState.DONE, team.boris.id)
    assert "whoever started the check" in told(team)[0].text


@pytest.mark.parametrize(("code", "chosen", "says"), [("ru", None, "Из группы"), ("ru", "en", "From the group")])
async def test_the_file_speaks_the_language_of_its_person_and_the_counts_that_of_the_list(
    team: Team, code: str, chosen: str | None, says: str
) -> None:
    job = await team.ready()
    await team.bench.store.chats.note_language_code(team.boris.id, code)
    if chosen is not None:
        await team.bench.store.chats.set_language(team.boris.id, chosen)
    await team.bench.settled(job)
    (file,) = team.files
    assert says in file.text
    assert "on Telegram" in told(team)[0].text
