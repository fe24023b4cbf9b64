"""Only new numbers are paid for: by the sandbox's ledger, whatever becomes of the submit."""

import asyncio
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import reading, workshop
from bot.confirming import LEARNING_SECONDS
from bot.job import Failure, Job, JobState
from bot.results import Verdicts
from bot.workshop import ResultReading, ResultRequest
from storage.database import DatabaseUnavailableError
from storage.facts import Fact
from storage.memory import Memory
from storage.tasks import Tasks
from tests.bot.bench import Bench, numbers
from tests.talking import sheet

KNOWN, NEW = numbers(80), numbers(20, first=9_130_000_000)
ALL = f"{KNOWN}\n{NEW}"
MONTH = 30 * 86_400


async def read_here(path: Path, request: ResultRequest, **_: object) -> ResultReading:
    """Read a result as the child process does, without one."""
    workshop._write_request(path.parent, request)
    reading.main(["result", str(path), "--request", str(path.with_name("request.json"))])
    codes = zlib.decompress(reading.beside(path, "verdicts").read_bytes()).decode()
    return ResultReading(Verdicts(codes), reading.beside(path, "xlsx"))


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start no processes for small results, but in two of the tests."""
    if "80_percent" not in request.node.name and "nothing_is_new" not in request.node.name:
        monkeypatch.setattr("bot.composing.read_result", read_here)


async def checked(bench: Bench, text: str, **place: int) -> Job:
    """Have a list checked to its end."""
    return await bench.until(await bench.press(await bench.preview(text, **place)), JobState.DONE)


async def pressed_new(bench: Bench, job: Job) -> Job:
    job = await bench.now(job)
    now, revision = bench.clock.now(), job.read_revision
    pressed = await bench.store.moves.press(job, revision, bench.anna.id, now, only_new=True)
    assert pressed is not None
    return pressed


def charged(bench: Bench) -> list[int]:
    return [len(charge.numbers) for charge in bench.checker.ledger]


async def test_of_a_list_with_80_percent_known_numbers_only_the_other_20_are_charged(bench: Bench) -> None:
    await checked(bench, KNOWN)
    before = bench.clock.now()
    await bench.wait(3 * 86_400)
    job = await bench.preview(ALL)
    card = bench.card(job)
    assert "80 of 100 got a yes or no here in the last 30 days; 20 are new." in card.text
    assert [label for label in card.labels if label.startswith("Check")] == ["Check 20 new", "Check all 100"]
    done = await bench.until(await pressed_new(bench, job), JobState.DONE)

    assert charged(bench) == [80, 20]
    assert list(bench.checker.ledger[1].numbers) == NEW.split()
    assert (done.yes + done.no, done.undetermined) == (100, 0)
    result = bench.documents()[-1]
    rows = sheet(result)[1:]
    assert [row[0] for row in rows] == ALL.split()
    assert [row[1] for row in rows] == [bench.checker.verdict_of(str(row[0])) for row in rows]
    days = [row[4].date() for row in rows if isinstance(row[4], datetime)]
    then, today = (datetime.fromtimestamp(at, UTC).date() for at in (before, bench.clock.now()))
    assert days == [then] * 80 + [today] * 20
    assert "20 checked now · 80 known from before" in result.text


async def test_all_can_be_checked_again_and_what_changed_is_said(bench: Bench) -> None:
    bench.checker.change(share_yes=1.0)
    await checked(bench, KNOWN)
    bench.checker.change(share_yes=0.0)
    job = await checked(bench, ALL)
    assert charged(bench) == [80, 100]
    assert (job.newly, job.gone) == (0, 80)
    assert "Since the last check: 0 newly on Telegram, 80 no longer." in bench.documents()[-1].text
    assert "No longer · 80" in bench.documents()[-1].labels


async def test_an_unsure_submit_that_is_sent_again_sends_the_same_numbers(bench: Bench) -> None:
    await checked(bench, KNOWN)
    job = await pressed_new(bench, await bench.preview(ALL))
    bench.faults.arm("submit_cut_after")
    job = await bench.until(job, JobState.UNSURE)
    again = await bench.store.submits.send_again(job, job.attempts, bench.anna.id, bench.clock.now())
    assert again is not None
    await bench.until(again, JobState.DONE)
    assert charged(bench) == [80, 20, 20]
    assert bench.checker.ledger[1].numbers == bench.checker.ledger[2].numbers


async def test_where_nothing_is_new_the_result_is_free_without_money_and_while_all_is_stopped(bench: Bench) -> None:
    await checked(bench, ALL)
    bench.checker.change(balance=0)
    await bench.store.facts.keep(Fact.STOPPED, {"by": 1, "at": bench.clock.now()})
    job = await bench.preview(KNOWN)
    assert "All 80 were checked here in the last 30 days. Their result is free." in bench.card(job).text
    assert bench.card(job).labels[:2] == ["Result · free", "Check all 80 again"]
    asked = len(bench.checker.submits)
    done = await bench.settled(await pressed_new(bench, job))

    assert (done.state, done.attempts, done.task_id) == (JobState.DONE, 0, None)
    assert charged(bench) == [100]
    assert len(bench.checker.submits) == asked
    result = bench.documents()[-1]
    assert [row[0] for row in sheet(result)[1:]] == KNOWN.split()
    assert "80 known from before · nothing charged" in result.text


async def test_the_very_same_list_offers_its_old_result_and_not_a_second_free_one(bench: Bench) -> None:
    await checked(bench, KNOWN)
    card = bench.card(await bench.preview(KNOWN))
    assert card.labels[0] == "Check all 80 again"
    assert card.labels[1].startswith("Result of ")
    assert "Result · free" not in card.labels


async def test_another_chat_knows_nothing(bench: Bench) -> None:
    await checked(bench, KNOWN)
    job = await bench.preview(ALL, chat_id=bench.telegram.add_group("Sales", [bench.anna]))
    assert (job.known, await bench.store.memory.known(job.id)) == (0, None)
    assert "Check 100 numbers" in bench.card(job).labels


async def test_what_was_found_too_long_ago_is_new(bench: Bench) -> None:
    await checked(bench, KNOWN)
    await bench.wait(MONTH + 86_400)
    assert (await bench.preview(ALL)).known == 0


async def test_undetermined_numbers_are_offered_again(bench: Bench) -> None:
    bench.checker.change(share_undetermined=1.0)
    await checked(bench, NEW)
    bench.checker.change(share_undetermined=0.0)
    await checked(bench, KNOWN)
    job = await bench.preview(ALL)
    await bench.until(await pressed_new(bench, job), JobState.DONE)
    assert charged(bench) == [20, 80, 20]


async def test_an_undetermined_answer_does_not_replace_a_clear_one(bench: Bench) -> None:
    await checked(bench, KNOWN)
    bench.checker.change(share_undetermined=1.0)
    await checked(bench, ALL)
    assert (await bench.preview(KNOWN + "\n+79990000001")).known == 80


async def test_a_preview_follows_what_its_chat_learns_and_an_older_press_counts_no_more(bench: Bench) -> None:
    first = await bench.preview(KNOWN)
    waiting = await bench.preview(ALL)
    assert waiting.known == 0
    await bench.until(await bench.press(first), JobState.DONE)
    shown = await bench.settled(waiting)

    assert (shown.known, shown.read_revision) == (80, waiting.read_revision + 1)
    assert "Check 20 new" in bench.card(shown).labels
    old = waiting.read_revision
    assert await bench.store.moves.press(shown, old, bench.anna.id, bench.clock.now()) is None
    assert await bench.store.moves.press(shown, old, bench.anna.id, bench.clock.now(), only_new=True) is None


async def test_a_preview_whose_numbers_are_not_concerned_keeps_its_revision(bench: Bench) -> None:
    first, waiting = await bench.preview(KNOWN), await bench.preview(NEW)
    await bench.until(await bench.press(first), JobState.DONE)
    assert (await bench.settled(waiting)).read_revision == waiting.read_revision


async def test_a_forgotten_list_is_known_no_longer(bench: Bench) -> None:
    done = await checked(bench, KNOWN)
    waiting = await bench.preview(ALL)
    assert waiting.known == 80
    await bench.store.forgetting.forget(done, bench.clock.now())
    shown = await bench.settled(waiting)
    assert (shown.known, shown.read_revision) == (0, waiting.read_revision + 1)
    assert "Check 100 numbers" in bench.card(shown).labels


async def test_forgetting_a_list_that_was_opened_again_forgets_all_its_jobs(bench: Bench) -> None:
    first = await checked(bench, KNOWN)
    person, now = (bench.anna.id, "Anna"), bench.clock.now()
    second = await bench.store.lists.open_again(first, now, language="en", person=person)
    assert second is not None
    assert await bench.store.lists.open_again(first, now, language="en", person=person) == second
    second = await bench.settled(second)
    assert second.known == 80
    await bench.store.forgetting.forget(second, bench.clock.now())
    for job in (first, second):
        assert await bench.store.lists.result(job.id) is None
        assert await bench.store.lists.numbers(job.id) is None
    assert not await bench.store.memory.holds_any(bench.chat_id, since=0.0)


async def test_a_list_with_a_job_under_way_is_forgotten_as_a_whole_or_not_at_all(bench: Bench) -> None:
    first = await checked(bench, KNOWN)
    second = await bench.store.lists.open_again(first, bench.clock.now(), language="en", person=(1, "Anna"))
    assert second is not None
    await bench.press(await bench.settled(second))
    await bench.turn()
    assert await bench.store.forgetting.forget(first, bench.clock.now()) is None
    assert await bench.store.lists.result(first.id) is not None


async def test_too_few_new_ones_are_not_offered(bench: Bench) -> None:
    await checked(bench, KNOWN)
    await bench.store.facts.keep(Fact.MINIMUM, 50)
    card = bench.card(await bench.preview(ALL))
    assert [label for label in card.labels if label.startswith("Check")] == ["Check all 100"]
    assert "The new ones alone (20) are too few" in card.text


async def test_new_ones_that_the_api_finds_too_few_cost_nothing_and_all_are_offered(bench: Bench) -> None:
    await checked(bench, KNOWN)
    bench.checker.change(minimum=50)
    job = await bench.until(await pressed_new(bench, await bench.preview(ALL)), JobState.CONFIRMING)
    job = await bench.settled(job)
    assert (job.failure, job.to_check, charged(bench)) == (Failure.TOO_SMALL, 0, [80])
    assert "Check all 100" in bench.card(job).labels


@pytest.mark.parametrize(
    ("at", "kept_at_once", "told", "held"),
    [
        ("begin_sending", 80, 0, True),
        ("delivered", 80, 1, True),
        ("remember", 79, 1, False),
        ("delivered", 79, 1, True),
    ],
)
async def test_what_is_found_is_remembered_with_its_result_or_where_it_is_much_before_the_job_is_done(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, at: str, kept_at_once: int, told: int, *, held: bool
) -> None:
    """Ended before or after it, it is remembered again; nothing is lost, sent twice or marked."""
    monkeypatch.setattr("bot.remembering.KEPT_WITH_RESULT", kept_at_once)
    job = await bench.press(await bench.preview(KNOWN))
    place = Memory if at == "remember" else Tasks
    whole = getattr(place, at)
    seen: list[tuple[int, bool]] = []

    async def end_first(*given: object) -> object:
        if not seen:
            seen.append((len(bench.documents()), await bench.store.memory.holds_any(bench.chat_id, since=0.0)))
            raise DatabaseUnavailableError("ended here")
        return await whole(*given)

    monkeypatch.setattr(place, at, end_first)
    done = await bench.until(job, JobState.DONE)
    assert seen == [(told, held)]
    (result,) = bench.documents()
    assert done.result_file_id == (result.document or {})["file_id"]
    assert "Possible repeat" not in result.text
    assert charged(bench) == [80]
    assert (await bench.preview(ALL)).known == 80


async def test_what_may_have_been_sent_is_remembered_before_it_is_sent_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.remembering.KEPT_WITH_RESULT", 79)
    job = await bench.press(await bench.preview(KNOWN))
    bench.faults.arm("cut_after", method="sendDocument", times=99)
    while not (await bench.now(job)).sending:
        await bench.turn()
        bench.clock.advance(0.5)
    assert not await bench.store.memory.holds_any(bench.chat_id, since=0.0)
    while len(bench.documents()) < 2:
        await bench.turn()
        bench.clock.advance(0.5)
    assert (await bench.now(job)).state is JobState.DELIVERING
    another = await bench.paste(ALL)
    await bench.wait(LEARNING_SECONDS + 1)
    assert (await bench.now(job)).state is JobState.DELIVERING
    assert (await bench.now(another)).known == 80


async def test_a_list_waits_for_a_moment_until_its_chat_remembers_what_it_was_just_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.remembering.KEPT_WITH_RESULT", 79)
    first = await bench.press(await bench.preview(KNOWN))
    whole = Memory.remember

    async def unavailable(*_: object) -> None:
        raise DatabaseUnavailableError("not now")

    monkeypatch.setattr(Memory, "remember", unavailable)
    while not bench.documents():
        await bench.turn()
        bench.clock.advance(0.5)
    elsewhere = await bench.preview(ALL, chat_id=bench.telegram.add_group("Team", [bench.anna]))
    assert elsewhere.state is JobState.CONFIRMING
    job = await bench.paste(ALL)
    began = bench.clock.now()
    for _ in range(4):
        await bench.turn()
        assert (await bench.now(job)).state is JobState.READING
        bench.clock.advance(1)
    patience = LEARNING_SECONDS - (bench.clock.now() - began)
    late = await bench.paste(f"{ALL}\n+79990000001")
    bench.clock.advance(patience + 1)
    await bench.turn()
    read = await bench.now(job)
    assert (read.state, read.known) == (JobState.CONFIRMING, 0)  # it waits for so long and no longer
    assert (await bench.now(late)).state is JobState.READING
    monkeypatch.setattr(Memory, "remember", whole)
    await bench.until(first, JobState.DONE)
    await bench.until(late, JobState.CONFIRMING)
    assert [(await bench.settled(one)).known for one in (job, late)] == [80, 80]


@pytest.mark.parametrize("at_once", [79, 80])
async def test_what_a_chat_cannot_be_given_is_remembered_too(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("bot.remembering.KEPT_WITH_RESULT", at_once)
    job = await bench.press(await bench.preview(KNOWN))
    waiting = await bench.preview(ALL)
    bench.faults.arm("too_large", times=2, method="sendDocument")
    await bench.until(job, JobState.UNDELIVERABLE)
    assert (await bench.settled(waiting)).known == 80


async def test_where_all_were_known_nothing_is_remembered_anew(bench: Bench) -> None:
    await checked(bench, ALL)
    before = bench.clock.now()
    await bench.wait(3 * 86_400)
    await bench.until(await pressed_new(bench, await bench.preview(KNOWN)), JobState.DONE)
    found = await bench.store.memory.find(
        bench.chat_id, bench.remembering.list_key.name(KNOWN.split()[0].encode()), since=0.0
    )
    assert found is not None
    assert found.checked_at <= before


@pytest.mark.parametrize("what", ["forgotten", "moved"])
async def test_what_becomes_of_a_list_while_it_is_remembered_becomes_of_all_that_was_found(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr("bot.remembering.WRITTEN_AT_ONCE", 30)
    monkeypatch.setattr("bot.remembering.KEPT_WITH_RESULT", 30)
    chat_id = bench.telegram.add_group("Sales", [bench.anna])
    job = await bench.press(await bench.preview(KNOWN, chat_id=chat_id))
    whole, blocks = Memory.remember, iter(range(9))

    async def meanwhile(memory: Memory, job: Job, found: object) -> None:
        if next(blocks) == 1:
            if what == "moved":
                await bench.store.supergroups.take_over(chat_id, -1009, bench.clock.now())
            else:
                ended = await bench.store.tasks.undeliverable(job, "gone", bench.clock.now())
                assert ended is not None
                assert await bench.store.forgetting.forget(ended, bench.clock.now())
        await whole(memory, job, found)  # type: ignore[arg-type]

    monkeypatch.setattr(Memory, "remember", meanwhile)
    await bench.until(job, JobState.DONE if what == "moved" else JobState.UNDELIVERABLE)
    assert next(blocks) == 3
    names = [bench.remembering.list_key.name(number.encode()) for number in KNOWN.split()]
    known = [len(await bench.store.memory.recall(one, names, since=0.0)) for one in (chat_id, -1009)]
    assert known == ([0, 80] if what == "moved" else [0, 0])


async def test_a_chat_that_keeps_less_is_told_of_no_longer_time(bench: Bench) -> None:
    await checked(bench, KNOWN)
    await bench.store.chat_settings.set_retention(bench.chat_id, 7)
    assert "80 of 100 got a yes or no here in the last 7 days" in bench.card(await bench.preview(ALL)).text


async def test_progress_counts_what_is_checked_and_not_the_whole_list(bench: Bench) -> None:
    await checked(bench, KNOWN)
    bench.checker.change(numbers_per_second=2.0)
    job = await pressed_new(bench, await bench.preview(ALL))
    await bench.until(job, JobState.DONE)
    said = " ".join(bench.card(job).texts())
    assert "\n20 numbers are being checked." in said
    assert "of 20 ·" in said
    assert "of 100 ·" not in said


async def test_a_list_of_many_blocks_is_remembered_and_recalled_whole(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.remembering.ASKED_AT_ONCE", 7)
    monkeypatch.setattr("bot.remembering.WRITTEN_AT_ONCE", 9)
    monkeypatch.setattr("bot.remembering.KEPT_WITH_RESULT", 9)
    await checked(bench, KNOWN)
    job = await bench.preview(f"{NEW}\n{KNOWN}")
    known = await bench.store.memory.known(job.id)
    assert known is not None
    assert known.codes[:20] == "-" * 20
    assert "-" not in known.codes[20:]


async def test_a_chat_that_moves_takes_its_memory_along(bench: Bench) -> None:
    await checked(bench, KNOWN)
    packed = (await bench.store.lists.numbers(1),)[0]
    assert packed is not None
    await bench.store.supergroups.take_over(bench.chat_id, -1009, bench.clock.now())
    known = await bench.remembering.snapshot(-1009, packed)
    assert known is not None
    assert known.count == 80
    assert await bench.remembering.snapshot(bench.chat_id, packed) is None


async def test_two_presses_at_once_are_one_check(bench: Bench) -> None:
    await checked(bench, KNOWN)
    job = await bench.preview(ALL)
    now, press = bench.clock.now(), bench.store.moves.press
    pressed = await asyncio.gather(
        *(press(job, job.read_revision, bench.anna.id, now, only_new=only_new) for only_new in (True, False, True))
    )
    assert sum(one is not None for one in pressed) == 1


async def test_what_was_shown_is_what_is_sent_also_where_the_memory_has_changed_since(bench: Bench) -> None:
    await checked(bench, KNOWN)
    job = await pressed_new(bench, await bench.preview(ALL))
    other = await bench.store.jobs.get(1)
    assert other is not None
    await bench.store.forgetting.forget(other, bench.clock.now())
    await bench.until(job, JobState.DONE)
    assert charged(bench) == [80, 20]
    assert len(sheet(bench.documents()[-1])) == 101
